"""A worker has made what its first answers need before it takes one, and starts whatever that meets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record, station_file

from goedebuur.app import warming
from goedebuur.services import delivery


def started(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Return what a new worker says after it was made ready."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("GOEDEBUUR_", "DATABASE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", f"import goedebuur.app.wsgi, sys\n{code}"],
        env=inherited | {"GOEDEBUUR_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_worker_has_the_record_and_the_engine_open(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["1"] * 24}), "a.csv", now=NOW)
    record.close()
    code = "from goedebuur.web.record import _opened\nprint(len(_opened), 'duckdb' in sys.modules)"
    done = started(tmp_path, code)
    assert (done.stdout.split(), done.stderr) == (["1", "True"], "")


def test_worker_without_a_record_starts(tmp_path: Path) -> None:
    done = started(tmp_path, "print('started')")
    assert (done.stdout.strip(), done.stderr) == ("started", "")


def test_worker_starts_when_making_ready_fails_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise OSError("no disk")

    monkeypatch.setattr(warming, "_warm", broken)
    warming.warm()
    assert "without its first answers" in caplog.text
