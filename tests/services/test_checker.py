"""The checker for a machine with only Python: it runs without site packages, and refuses what the program refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, A, hour, open_record, station_file

from goedebuur.services import checker, delivery, proving


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The checker and a proof, alone in a folder."""
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["1.5", "4"]}), "2019_SO2.csv", now=NOW)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / checker.NAME).write_bytes(checker.archive())
    (stick / "a.bewijs.json").write_bytes(proving.prove_value(record, A, hour(1)))
    return stick / checker.NAME, stick / "a.bewijs.json"


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # -I -S: neither site packages, nor this folder, nor the environment
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=program.parent, check=False)


def test_proof_is_checked_with_python_alone(files: tuple[Path, Path]) -> None:
    done = run(files[0], files[1].name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Uit die rijen volgt precies dit cijfer: 4 µg/m³" in done.stdout
    assert "Dat het meetinstrument het goed had." in done.stdout
    assert run(files[0], files[1].name, "--language", "en").stdout.startswith("Correct: NL90001.so2.1h")


def test_changed_proof_is_refused_with_python_alone(files: tuple[Path, Path]) -> None:
    files[1].write_bytes(files[1].read_bytes().replace(b'"figure": "4"', b'"figure": "5"'))
    done = run(files[0], files[1].name)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("Klopt niet: ")


def test_file_that_is_not_there_is_told(files: tuple[Path, Path]) -> None:
    assert run(files[0], "nothing.json").returncode == 2


def test_archive_is_the_same_each_time_and_holds_nothing_of_the_web_or_the_store() -> None:
    assert checker.archive.__wrapped__() == checker.archive()
    assert {name.split(".")[1] for name in checker.modules() if "." in name} == {"cli", "core"}


def test_module_that_needs_more_than_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "ENTRY", "goedebuur.core.measurements.checks")
    with pytest.raises(RuntimeError, match="imports polars"):
        checker.modules()
