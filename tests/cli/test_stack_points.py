"""The commands about stacks: what they list, write and enter, and how they end."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.services.register_files import FARM, register_file
from tests.services.stacks import ALL

from goedebuur.adapters.stack_csv import StackCsv
from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services import streams
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store.keys import Ed25519Signer

SIGNER = Ed25519Signer("example.org/log", bytes(range(32)))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    found = Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: NOW,
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    record = open_record(found.settings(), read_only=False)
    streams.put(record, ALL, NOW)
    record.close()
    return found


def ask(wiring: Wiring, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["stack", *arguments, "--json"], wiring) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_points_and_streams_are_listed(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["id"] for one in ask(wiring, capsys, "points", "--site", "werk")["points"]] == ["K1", "K2"]
    found = ask(wiring, capsys, "streams", "--point", "K1", "--on", "2026-01-01")
    assert [one["id"] for one in found["streams"]] == ["K1-nox", "K1-o2", "K1-toestand"]
    assert [one["id"] for one in found["calibration_functions"]] == ["K1-nox-2025"]
    assert run(["stack", "streams"], wiring) == 0
    assert "-1.2 + 1.04·x" in capsys.readouterr().out


def test_lines_for_a_file_of_signals_name_every_stream(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stack", "signals", "werk"], wiring) == 0
    lines = capsys.readouterr().out
    found = StackCsv().parse((lines + "K1-nox;2026-01-01 00:00;1,5;0\n").encode(), "x.csv")
    assert found.observations["series"].to_list() == ["K1.stack_nox.1min"]


@pytest.mark.parametrize("name", ["set.xlsx", "set.zip"])
def test_exported_set_is_imported_without_a_change(
    wiring: Wiring, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    file = str(tmp_path / name)
    assert ask(wiring, capsys, "export", "werk", file)["rows"]["streams"] == 3
    told = ask(wiring, capsys, "import", file, "--dry-run")
    assert (told["mistakes"], told["counts"]["streams"]) == ([], {"new": 0, "changed": 0, "unchanged": 3})
    assert ask(wiring, capsys, "import", file)["leaf"] is None


def test_mistakes_are_all_told_and_nothing_is_entered(
    wiring: Wiring, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "set.xlsx"
    ask(wiring, capsys, "export", "werk", str(file))
    book = openpyxl.load_workbook(file)
    book["streams"]["D2"].value, book["streams"]["G3"].value = "geur", "7"
    book.save(file)
    told = ask(wiring, capsys, "import", str(file), "--dry-run")["mistakes"]
    assert [(one["place"], one["value"]) for one in told] == [
        ("sheet streams, row 2, column role", "geur"),
        ("sheet streams, row 3, column step", "7"),
    ]
    assert run(["stack", "import", str(file)], wiring) == Exit.REFUSED
    errors = capsys.readouterr().err
    assert "sheet streams, row 2, column role" in errors
    assert "sheet streams, row 3, column step" in errors
    assert "stack-table" in errors


def test_template_has_every_sheet_and_another_ending_is_refused(
    wiring: Wiring, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = ask(wiring, capsys, "template", str(tmp_path / "leeg.xlsx"))["rows"]
    assert rows["streams"] == 0
    assert rows["substances"] > 80
    assert run(["stack", "template", str(tmp_path / "leeg.ods")], wiring) == Exit.USAGE


def test_facility_of_the_register_is_a_start(
    wiring: Wiring, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    register = tmp_path / "register.tsv"
    register.write_bytes(register_file())
    assert run(["ingest", str(register), "--quiet"], wiring) == 0
    capsys.readouterr()
    rows = ask(wiring, capsys, "export", FARM, str(tmp_path / "boerderij.xlsx"))["rows"]
    assert (rows["site"], rows["emission_points"]) == (1, 0)
    assert run(["stack", "export", "nergens", str(tmp_path / "x.zip")], wiring) == Exit.NOT_FOUND
