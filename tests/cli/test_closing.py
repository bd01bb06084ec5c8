"""Closing, listing, postponing, opening and erasing from the command line, with exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_on_a_record import served, wiring
from tests.services.deliveries import station_file

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring

__all__ = ["served", "wiring"]
TERMS = ["--opens", "2026-06-01", "--role", "inspector", "--ground", "Woo 5.2"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2019_SO2_Jansen.csv"
    path.write_bytes(station_file({"NL90001": ["987.6", "45.6"]}))
    return path


def test_a_file_is_closed_listed_postponed_and_erased(
    wiring: Wiring, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", "close", str(file), *TERMS], wiring) == Exit.OK
    assert "leaf 0" in capsys.readouterr().out
    moved = ["--opens", "2027-06-01", "--role", "inspector", "--reason", "inquiry-goes-on"]
    assert run(["record", "postpone", "0", *moved], wiring) == Exit.OK
    assert run(["record", "open", "0"], wiring) == Exit.USAGE
    assert run(["record", "erase", "0", "--ground", "AVG 17", "--yes"], wiring) == Exit.OK
    capsys.readouterr()
    assert run(["record", "closed", "--json"], wiring) == Exit.OK
    answer = capsys.readouterr()
    (one,) = json.loads(answer.out)["closed"]
    assert (one["state"], one["first_until"], one["until"], one["by"]) == ("erased", "2026-06-01", "2027-06-01", 2)
    assert "Jansen" not in answer.out + answer.err
    assert run(["record", "open", "0"], wiring) == Exit.REFUSED


def test_a_closed_file_is_opened_early_with_a_reason(
    wiring: Wiring, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["record", "close", str(file), *TERMS], wiring)
    early = ["--reason", "control-announced", "--role", "authority"]
    assert run(["record", "open", "0", *early], wiring) == Exit.OK
    capsys.readouterr()
    assert run(["series", "NL90001.so2.1h", "--json"], wiring) == Exit.OK
    assert "987" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("terms", "ends"),
    [
        (["--opens", "2026-06-01", "--role", "J. Jansen", "--ground", "Woo 5.2"], Exit.USAGE),
        (["--opens", "2020-06-01", "--role", "inspector", "--ground", "Woo 5.2"], Exit.USAGE),
        (["--opens", "soon", "--role", "inspector", "--ground", "Woo 5.2"], Exit.USAGE),
    ],
)
def test_terms_that_cannot_be_are_refused(wiring: Wiring, file: Path, terms: list[str], ends: Exit) -> None:
    assert run(["record", "close", str(file), *terms], wiring) == ends
    assert run(["record", "open", "7"], wiring) == Exit.NOT_FOUND
