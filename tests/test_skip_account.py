"""The account of skipped tests, seen from outside: a run of pytest over a small file with our own conftest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = """
import pytest

@pytest.mark.e2e
def test_in_a_browser(): ...

@pytest.mark.skip(reason="no IPv6 here")
def test_other(): ...

def test_plain(): ...
"""


def run(folder: Path, *options: str, path: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(SAMPLE)
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  e2e: x\n  postgres: x\n  spark: x\n  real: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", *options, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={"PATH": path})


def test_missing_browser_is_counted_by_name_before_the_closing_line(tmp_path: Path) -> None:
    done = run(tmp_path)
    lines = done.stdout.strip().splitlines()
    assert done.returncode == 0
    assert "1 for Chromium: needs Chromium (Debian: apt-get install chromium)" in lines
    assert "1 for no IPv6 here: see the test" in lines
    assert "1 passed, 2 skipped" in lines[-1]


def test_skip_fails_the_run_where_that_is_asked(tmp_path: Path) -> None:
    done = run(tmp_path, "--no-skips")
    assert done.returncode == 1
    assert "1 passed, 2 skipped" in done.stdout.strip().splitlines()[-1]


def test_marked_test_runs_where_its_tool_is_there(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "chromium").write_text("#!/bin/sh\n")
    (tools / "chromium").chmod(0o755)
    assert "2 passed, 1 skipped" in run(tmp_path, path=str(tools)).stdout
