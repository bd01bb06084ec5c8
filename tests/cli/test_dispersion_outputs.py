"""Where an answer is to be written is looked at first: nobody waits an hour for a folder that is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.test_expectations import Clock, wiring

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring

__all__ = ["wiring"]
Told = pytest.CaptureFixture[str]
RESULT = ("contours", "--result", "broken", "--rd", "--levels", "1")
COMPARE = ("compare", "broken", "broken", "--rd")
REPORTED = ("reported", "so2", "--year", "2019", "--around", "52,5", "--levels", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("there", ["nowhere/out", "broken/out"])
@pytest.mark.parametrize(
    ("command", "option"),
    [
        (RESULT, "--geojson"),
        (RESULT, "--keep"),
        (COMPARE, "--geojson"),
        (COMPARE, "--csv"),
        (REPORTED, "--geojson"),
        (("study", "report", "none"), "file"),
    ],
)
def test_file_that_cannot_be_written_is_refused_before_anything_is_read(
    wiring: Wiring, tmp_path: Path, capsys: Told, command: tuple[str, ...], option: str, there: str
) -> None:
    """`broken` is a file of which every reading fails."""
    (tmp_path / "broken").write_bytes(b"\x00")
    given = [str(tmp_path / "broken") if one == "broken" else one for one in command]
    given += [option] if option.startswith("--") else []
    assert run(["dispersion", *given, str(tmp_path / there)], wiring) == Exit.USAGE
    said = capsys.readouterr().err
    assert "[command-output]" in said
    assert str((tmp_path / there).parent) in said
    assert option in said
    assert "Make that folder first" in said
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "command",
    [("keep", "OUT", "--receptors", "broken"), ("evaluate", "HERE", "--output", "OUT")],
    ids=lambda one: one[0],
)
def test_folder_below_a_file_is_refused_before_anything_is_read(
    wiring: Wiring, tmp_path: Path, capsys: Told, command: tuple[str, ...]
) -> None:
    (tmp_path / "broken").write_bytes(b"\x00")
    names = {"OUT": tmp_path / "broken" / "in" / "it", "HERE": tmp_path, "broken": tmp_path / "broken"}
    given = [str(names.get(one, one)) for one in command]
    assert run(["dispersion", *given], wiring) == Exit.USAGE
    assert "[command-output]" in capsys.readouterr().err


def test_folder_that_cannot_be_written_in_is_refused(
    wiring: Wiring, tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a file system that is read-only says it; who runs the tests may be allowed everything."""
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)
    (tmp_path / "broken").write_bytes(b"\x00")
    given = ["contours", "--result", str(tmp_path / "broken"), "--rd", "--levels", "1"]
    assert run(["dispersion", *given, "--geojson", str(tmp_path / "out")], wiring) == Exit.USAGE
    said = capsys.readouterr().err
    assert "[command-output]" in said
    assert f"Nothing can be written in {tmp_path}" in said
