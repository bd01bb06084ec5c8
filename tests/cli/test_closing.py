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
TERMS = ["--opens", "2026-06-01", "--role", "inspector", "--ground", "Woo 5.1(6)"]


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


def test_dry_run_says_by_rule_what_is_wrong_and_closes_nothing(
    wiring: Wiring, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = file.with_name("other.csv")
    other.write_bytes(station_file({"NL90002": ["1.5"]}))
    assert run(["record", "close", str(other), *TERMS], wiring) == Exit.OK
    asked = ["record", "close", str(file), *TERMS, "--dry-run"]
    assert run(asked, wiring) == Exit.MARKED  # 45.6 after 987.6 is more than sulphur dioxide moves in an hour
    assert "would be closed" in capsys.readouterr().out
    file.write_bytes(file.read_bytes().replace(b"987.6", b"9x87.6"))
    assert run(asked, wiring) == Exit.REFUSED
    said = capsys.readouterr()
    assert "[cell-number]" in said.out
    assert "9x87" not in said.out + said.err
    assert "NL90001" not in said.out + said.err
    assert run(["record", "closed", "--json"], wiring) == Exit.OK
    assert [one["leaf"] for one in json.loads(capsys.readouterr().out)["closed"]] == [0]


def test_a_closed_file_is_opened_early_with_a_reason(
    wiring: Wiring, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["record", "close", str(file), *TERMS], wiring)
    early = ["--reason", "control-announced", "--role", "authority"]
    assert run(["record", "open", "0", *early], wiring) == Exit.OK
    capsys.readouterr()
    assert run(["series", "NL90001.so2.1h", "--json"], wiring) == Exit.OK
    assert "987" in capsys.readouterr().out


def test_ground_that_is_not_sure_asks_its_question_and_is_a_usage_error(
    wiring: Wiring, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unsure = [*TERMS[:-1], "unannounced-control"]
    assert run(["record", "close", str(file), *unsure], wiring) == Exit.USAGE
    said = capsys.readouterr().err
    assert "[closing-undecided]" in said
    assert "does it here? Who is responsible" in said
    assert "--decided" in said
    assert run(["record", "close", str(file), *unsure, "--decided"], wiring) == Exit.OK
    assert run(["record", "erase", "0", "--ground", "court-order", "--yes"], wiring) == Exit.USAGE
    assert run(["record", "erase", "0", "--ground", "court-order", "--yes", "--decided"], wiring) == Exit.OK


@pytest.mark.parametrize(
    ("terms", "ends"),
    [
        (["--opens", "2026-06-01", "--role", "J. Jansen", "--ground", "Woo 5.1(6)"], Exit.USAGE),
        (["--opens", "2020-06-01", "--role", "inspector", "--ground", "Woo 5.1(6)"], Exit.USAGE),
        (["--opens", "soon", "--role", "inspector", "--ground", "Woo 5.1(6)"], Exit.USAGE),
    ],
)
def test_terms_that_cannot_be_are_refused(wiring: Wiring, file: Path, terms: list[str], ends: Exit) -> None:
    assert run(["record", "close", str(file), *terms], wiring) == ends
    assert run(["record", "open", "7"], wiring) == Exit.NOT_FOUND
