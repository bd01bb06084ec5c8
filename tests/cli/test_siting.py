"""The commands about sites, on a small register: what they answer, as text and JSON, and with which exit code."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.services.register_files import FARM, MOVES, NEW, OLD, register_file

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store.keys import Ed25519Signer

SIGNER = Ed25519Signer("example.org/log", bytes(range(32)))
BY = ["--role", "specialist", "--reason", "zelfde hek"]


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture
def wiring(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Wiring:
    found = Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    file = tmp_path / "register.tsv"
    file.write_bytes(register_file())
    assert run(["ingest", str(file), "--quiet"], found) == 0
    capsys.readouterr()
    return found


@pytest.fixture
def answer(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> object:
    def ask(*arguments: str) -> dict[str, object]:
        assert run(["sites", *arguments, "--json"], wiring) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]

    return ask


def test_facilities_are_taken_over_and_listed(answer) -> None:  # type: ignore[no-untyped-def]
    assert answer("import")["new"] == 4
    assert answer("import")["unchanged"] == 4
    assert [one["id"] for one in answer("list")["sites"]] == [MOVES, FARM, NEW, OLD]
    assert [one["id"] for one in answer("list", "--activity", "eprtr:7(a)")["sites"]] == [FARM]
    assert [one["id"] for one in answer("list", "--city", "Eendorp")["sites"]] == [NEW, OLD]
    assert answer("list", "--substance", "Mercury")["sites"] == []


def test_a_merge_is_listed_shown_and_taken_back(answer) -> None:  # type: ignore[no-untyped-def]
    assert [one["sites"] for one in answer("duplicates")["pairs"]] == [[OLD, NEW]]
    answer("merge", NEW, OLD, *BY)
    assert answer("duplicates")["pairs"] == []
    assert answer("duplicates", "--all")["pairs"][0]["decision"]["reason"] == "zelfde hek"
    assert answer("show", OLD)["id"] == NEW
    answer("split", NEW, OLD, *BY)
    assert answer("show", OLD)["id"] == OLD
    answer("apart", NEW, OLD, *BY)
    assert answer("duplicates")["pairs"] == []


def test_coordinates_are_listed_and_judged(answer) -> None:  # type: ignore[no-untyped-def]
    (moved,) = answer("moved")["moved"]
    assert moved["site"] == MOVES
    answer("judge", MOVES, "wrong", "--year", "2016", *BY)
    answer("judge", MOVES, "right", "--year", "2014", *BY)
    assert answer("moved")["moved"] == []
    assert len(answer("moved", "--all")["moved"]) == 1


def test_records_of_a_file_are_entered_changed_and_ended(answer, wiring: Wiring, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "sites.json"
    rows = [
        {"record_kind": "operator", "id": "baksteen", "kvk": "12345678", "names": [{"value": "Baksteen BV"}]},
        {"record_kind": "site", "id": "oven", "names": [{"value": "Oven"}], "operators": [{"value": "baksteen"}]},
    ]
    file.write_text(json.dumps(rows), "utf-8")
    assert answer("enter", str(file))["records"] == 2
    assert answer("enter", str(file))["leaf"] is None
    assert [one["name"] for one in answer("list", "--operator", "baksteen")["sites"]] == ["Oven"]
    rows[1]["names"] = [{"value": "Oven Noord"}]
    file.write_text(json.dumps(rows), "utf-8")
    assert run(["sites", "enter", str(file)], wiring) == Exit.USAGE
    answer("enter", str(file), "--reason", "nieuwe naam")
    answer("end", "site", "oven", "--on", "2025-12-31", "--reason", "gesloten")
    assert answer("show", "oven")["valid_to"] == "2025-12-31"


def test_the_example_of_the_manual_is_entered_and_what_is_exported_is_entered_again(
    answer, wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # type: ignore[no-untyped-def]
    manual = (Path(__file__).parents[2] / "docs/toezicht/locaties.md").read_text("utf-8")
    file = tmp_path / "locatie.json"
    file.write_text(manual.partition("```json")[2].partition("```")[0], "utf-8")
    assert answer("enter", str(file))["records"] == 5
    for site in ("voorbeeldwerk", FARM):
        assert run(["sites", "export", site], wiring) == 0
        file.write_text(capsys.readouterr().out, "utf-8")
        assert (answer("enter", str(file))["leaf"] is None) == (site == "voorbeeldwerk")
    assert run(["sites", "export", "niemand"], wiring) == Exit.NOT_FOUND


def test_every_fault_of_a_file_is_told_and_nothing_is_taken(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.json"
    file.write_text(
        '[{"record_kind": "operator", "id": "a", "kvk": "1", "names": [{"value": "A"}]}, {"id": "b"}]', "utf-8"
    )
    assert run(["sites", "enter", str(file)], wiring) == Exit.USAGE
    said = capsys.readouterr().err
    assert "eight digits" in said
    assert "[1].record_kind" in said
    file.write_bytes(b"\xff")
    assert run(["sites", "enter", str(file)], wiring) == Exit.USAGE


def test_text_names_what_is_not_known(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sites", "show", OLD], wiring) == 0
    said = capsys.readouterr().out
    assert "operator        not known" in said
    assert "52.10000, 5.10000" in said
    for command in ("list", "duplicates", "moved"):
        assert run(["sites", command], wiring) == 0
    said = capsys.readouterr().out
    assert "100\tNL.EEA/101.FACILITY\tNL.RIVM/000000102.FACILITY\t+35 (100)\t+30 (1)" in said
    assert "came_back" in said


def test_a_site_that_is_not_there_is_not_found(wiring: Wiring) -> None:
    assert run(["sites", "show", "niemand"], wiring) == Exit.NOT_FOUND
    assert run(["sites", "merge", NEW, "niemand", *BY], wiring) == Exit.NOT_FOUND
    assert run(["sites", "end", "site", "niemand", "--on", "2025-01-01", "--reason", "x"], wiring) == Exit.NOT_FOUND
