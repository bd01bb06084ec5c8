"""The spreadsheet of a decision from the command line: made, looked at, entered, and published."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from tests.cli.test_people import wiring

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.store.casework.models import Draft

__all__ = ["wiring"]
pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def filled(path: Path, *due: str) -> None:
    book = openpyxl.load_workbook(path)
    decision = {"Kenmerk in het register": "vb-1", "Soort besluit": "vergunning", "Locatie": "centrale", "Titel": "t"}
    decision |= {"Bevoegd gezag": "GS", "Zaaknummer": "1", "Wetsartikel": "Ow", "Datum van het besluit": "1-3-2026"}
    decision |= {"Geldt vanaf": "1-5-2026"}
    for label, cell in book["Besluit"].iter_rows(min_row=2, max_col=2):
        cell.value = decision.get(str(label.value).rstrip(" *"))
    row = {"Tekst zoals verleend *": "x", "Wat gedaan moet zijn *": "y"}
    sheet = book["Termijn"]
    for number, day in enumerate(due, start=3):
        told = row | {"Nummer *": f"1.{number}", "Uiterlijk op *": day}
        for cell in sheet[1]:
            if cell.value in told:
                sheet.cell(number, cell.column, told[cell.value])
    book.save(path)


@pytest.mark.parametrize("row", [4, 5])
def test_one_mistake_in_the_middle_or_in_the_last_row_makes_no_draft(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: int
) -> None:
    path = tmp_path / "v.xlsx"
    run(["permits", "template", str(path)], wiring)
    filled(path, *("31-02-2027" if number == row else "28-02-2027" for number in (3, 4, 5)))
    run(["people", "add", "ada@example.org", "--password", PASSWORD], wiring)
    run(["people", "give", "ada@example.org", "permit_writer", "--authority", "gs"], wiring)
    capsys.readouterr()
    assert run(["permits", "import", str(path), "--by", "ada@example.org"], wiring) == Exit.REFUSED
    said = capsys.readouterr().err
    assert f"where: v.xlsx, sheet Termijn, row {row}, column Uiterlijk op, cell E{row}" in said
    assert "value: '31-02-2027'" in said
    assert "rule: permit-entry-day" in said
    assert Draft.objects.count() == 0


def test_spreadsheet_is_made_looked_at_and_entered(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.xlsx"
    assert run(["permits", "template", str(path)], wiring) == 0
    assert run(["permits", "template", str(path)], wiring) == Exit.USAGE
    filled(path, "31-02-2027")
    capsys.readouterr()
    assert run(["permits", "import", str(path), "--dry-run", "--json"], wiring) == Exit.REFUSED
    told = json.loads(capsys.readouterr().out)
    assert [(m["sheet"], m["row"], m["cell"], m["value"]) for m in told["mistakes"]] == [
        ("Termijn", 3, "E3", "31-02-2027")
    ]
    assert (told["draft"], Draft.objects.count()) == (None, 0)
    filled(path, "28-02-2027")
    assert run(["permits", "import", str(path)], wiring) == Exit.USAGE
    run(["people", "add", "ada@example.org", "--password", PASSWORD], wiring)
    assert run(["permits", "import", str(path), "--by", "ada@example.org"], wiring) == Exit.REFUSED
    run(["people", "give", "ada@example.org", "permit_writer", "--authority", "gs"], wiring)
    capsys.readouterr()
    assert run(["permits", "import", str(path), "--by", "ada@example.org", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["draft"] == Draft.objects.get().pk


def test_draft_that_is_not_checked_is_not_published_from_the_command_line_either(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.xlsx"
    run(["permits", "template", str(path)], wiring)
    filled(path, "28-02-2027")
    run(["people", "add", "ada@example.org", "--password", PASSWORD], wiring)
    run(["people", "give", "ada@example.org", "permit_writer", "--authority", "gs"], wiring)
    run(["permits", "import", str(path), "--by", "ada@example.org"], wiring)
    number = str(Draft.objects.get().pk)
    capsys.readouterr()
    assert run(["permits", "publish-draft", number, "--by", "ada@example.org"], wiring) == Exit.REFUSED
    assert "draft-unfinished" in capsys.readouterr().err
    assert run(["permits", "publish-draft", "99", "--by", "ada@example.org"], wiring) == Exit.NOT_FOUND
