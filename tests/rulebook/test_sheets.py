"""A spreadsheet that breaks one rule is refused or told of for that rule: as a file, and by sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from tests.adapters import test_permit_sheet as sheets
from tests.adapters.test_permit_sheet import LIMITS, filled, one_limit, packed, put

from goedebuur.adapters import permit_sheet, permit_template, sheet_rules
from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.rules.substance_names import names
from goedebuur.services import draft_documents

EMPTY = permit_template.template(names())
NAME = "besluit.xlsx"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
FILES: dict[str, bytes] = {
    "sheet-not-empty": b"",
    "sheet-size": b"PK\x03\x04" + bytes(permit_sheet.MAX_BYTES),
    "sheet-xlsx": b"nummer;tekst\n3.1;x\n",
    "sheet-archive": EMPTY[:2000],
    "sheet-unpacked": packed(**{"xl/workbook.xml": ENTITIES}),
    "sheet-few-merged": filled(EMPTY, lambda book: book[LIMITS].merge_cells("A3:Z900")),
    "sheet-whole": packed(a=b"b"),
    "sheet-template": EMPTY,
    "sheet-rows": filled(EMPTY, lambda book: put(book[LIMITS], permit_sheet.MAX_ROWS + 5, nr="1")),
}


def beside(book: Any) -> None:
    one_limit(book)
    last = book[LIMITS].max_column + 1
    book[LIMITS].cell(1, last, "Opmerking")
    book[LIMITS].cell(3, last, "kijk uit")


def merged(book: Any) -> None:
    one_limit(book)
    place = sheets.column(book[LIMITS], "Getal")
    book[LIMITS].merge_cells(start_row=3, end_row=4, start_column=place, end_column=place)


def cell(**more: Any) -> Callable[[Any], None]:
    return lambda book: one_limit(book, **more)


CELLS: dict[str, tuple[Callable[[Any], None], str, str]] = {
    "sheet-column": (beside, "", "kijk uit"),
    "sheet-merged": (merged, "Getal", "0.05"),
    "sheet-formula": (cell(getal="=1+4"), "Getal", "=1+4"),
    "sheet-error": (cell(getal="#N/A"), "Getal", "#N/A"),
    "sheet-date": (cell(nr=date(2026, 1, 3)), "Nummer", "2026-01-03 00:00:00"),
    "sheet-time": (cell(vanaf=datetime.fromisoformat("2027-01-01T08:00")), "Geldt vanaf", "2027"),
    "sheet-digits": (cell(nr=3.1), "Nummer", "3,1"),
}


@pytest.mark.parametrize("check", [*FILES, *CELLS])
def test_refused(check: str) -> None:
    if check in FILES:
        with pytest.raises(GoedeBuurError) as raised:
            permit_sheet.read(FILES[check], NAME)
        error = raised.value
        assert error.place.startswith(NAME)
        assert error.hint
    else:
        change, column, value = CELLS[check]
        found = draft_documents.read_sheet(filled(EMPTY, change), NAME, names(), None)
        (mistake, *_) = [one for one in found.errors if one.trouble.check == check]
        error = mistake.error(NAME)
        assert error.place.startswith(f"{NAME}, sheet {LIMITS}, row 3")
        assert f"column {column}" in error.place or not column
        assert mistake.cell in error.place
        assert value in error.value
    assert (error.check, error.code) == (check, CHECKS[check].code)


def hidden_row(book: Any) -> None:
    one_limit(book)
    put(book[LIMITS], 4, nr="3.1.2")
    book[LIMITS].row_dimensions[4].hidden = True


def hidden_column(book: Any) -> None:
    one_limit(book)
    place = sheets.column(book[LIMITS], "Getal")
    book[LIMITS].column_dimensions[get_column_letter(place)].hidden = True


NOTED: dict[str, Callable[[Any], None]] = {
    "sheet-hidden-rows": hidden_row,
    "sheet-hidden-columns": hidden_column,
    "sheet-results": cell(getal="=1+4"),
    "sheet-serials": cell(vanaf=46388),
    "sheet-other-sheets": lambda book: (one_limit(book), book.create_sheet("Mijn blad")),
    "sheet-examples": one_limit,
}


@pytest.mark.parametrize("check", list(NOTED))
def test_noted(check: str) -> None:
    data = filled(EMPTY, NOTED[check])
    if check == "sheet-results":
        data = sheets.with_result(data)
    remarks = permit_sheet.read(data, NAME).remarks
    assert check in [rulebook.noted(one.nl)[1] for one in remarks]
    assert check in [rulebook.noted(one.en)[1] for one in remarks]


def test_bounds_in_the_book_are_those_of_the_reader() -> None:
    assert (permit_sheet.MAX_BYTES, permit_sheet.MAX_ROWS) == (sheet_rules.MAX_BYTES, sheet_rules.MAX_ROWS)
