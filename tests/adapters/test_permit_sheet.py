"""The spreadsheet of a decision: the template, what a filled-in one says, and what a spreadsheet does to cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from goedebuur.adapters import permit_sheet, permit_template
from goedebuur.adapters.permit_sheet import DECISION_SHEET, Read
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.entry import reading
from goedebuur.rules.substance_names import names

LIMITS = "Emissiegrenswaarde"


@pytest.fixture(scope="module")
def empty() -> bytes:
    return permit_template.template(names())


def filled(empty: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(empty))
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def column(sheet: Any, label: str) -> int:
    return next(cell.column for cell in sheet[1] if str(cell.value).rstrip(" *") == label)


def put(sheet: Any, row: int, **cells: Any) -> None:
    labels = {"nr": "Nummer", "text": "Tekst zoals verleend", "stof": "Stof", "getal": "Getal", "eenheid": "Eenheid"}
    labels |= {"tijd": "Gemiddeld over", "vanaf": "Geldt vanaf"}
    for name, value in cells.items():
        sheet.cell(row, column(sheet, labels[name]), value)


def one_limit(book: Any, **more: Any) -> None:
    whole = {"nr": "3.1.1", "text": "x", "stof": "NOx", "getal": 0.05, "eenheid": "mg/Nm³", "tijd": "dag", **more}
    put(book[LIMITS], 3, **whole)


def read(empty: bytes, change: Callable[[Any], None]) -> Read:
    return permit_sheet.read(filled(empty, change), "x.xlsx")


def troubles(found: Read) -> list[tuple[str, str]]:
    (row,) = found.rows
    return [(one.field, one.message.nl) for one in row.troubles]


def test_template_has_a_sheet_for_each_kind_with_an_example_that_is_right(empty: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(empty))
    assert book.sheetnames[:2] == ["Uitleg", DECISION_SHEET]
    for kind in ConditionKind:
        sheet = book[permit_sheet.sheet_of(kind)]
        assert sheet.cell(2, 1).value == "voorbeeld"
        sheet.cell(2, 1).value = None
    written = io.BytesIO()
    book.save(written)
    rows = permit_sheet.read(written.getvalue(), "x.xlsx").rows
    assert len(rows) == len(ConditionKind)
    for row in rows:
        assert (row.sheet, row.troubles, reading.condition(row.fields, names()).troubles) == (row.sheet, (), ())


def test_template_offers_the_words_that_can_be_chosen(empty: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(empty))[LIMITS]
    offered = {str(rule.sqref).rstrip("0123456789")[0] for rule in sheet.data_validations.dataValidation}
    assert len(offered) >= 3
    strict = [rule for rule in sheet.data_validations.dataValidation if rule.showErrorMessage]
    free = [rule for rule in sheet.data_validations.dataValidation if not rule.showErrorMessage]
    assert strict
    assert len(free) == 1  # a substance may be one that the list lacks


def test_template_that_nobody_filled_in_is_said_to_be_empty(empty: bytes) -> None:
    with pytest.raises(GoedeBuurError) as error:
        permit_sheet.read(empty, "x.xlsx")
    assert error.value.code == "input-sheet"


def test_row_is_read_as_typed_with_its_places(empty: bytes) -> None:
    found = read(empty, one_limit)
    (row,) = found.rows
    assert dict(row.fields) == {
        **{"kind": "emission_limit", "number": "3.1.1", "text": "x", "substance": "NOx", "value": "0,05"},
        **{"unit": "mg/Nm³", "averaging": "dag"},
    }
    assert (row.sheet, row.number, row.places["value"]) == (LIMITS, 3, "E3")
    assert reading.condition(row.fields, names()).troubles == ()
    assert [one.nl for one in found.remarks] == ["9 × voorbeeldregel overgeslagen. [sheet-examples]"]


def test_decision_is_read_from_its_two_columns(empty: bytes) -> None:
    def change(book: Any) -> None:
        book[DECISION_SHEET].cell(2, 2, "vb-1")
        book[DECISION_SHEET].cell(9, 2, date(2026, 3, 14))

    decision = read(empty, change).decision
    assert (decision.fields, decision.places["id"]) == ({"id": "vb-1", "decided_on": "2026-03-14"}, "B2")


@pytest.mark.parametrize(
    ("value", "kept"),
    [(date(2027, 1, 1), "2027-01-01"), (46388, "2027-01-01"), ("1-1-2027", "1-1-2027"), (7, "7"), (46388.5, "46388,5")],
)
def test_day_is_read_from_a_date_a_day_number_or_text(empty: bytes, value: object, kept: str) -> None:
    # 46388 days after 30 December 1899 is 1 January 2027
    found = read(empty, lambda book: one_limit(book, vanaf=value))
    assert found.rows[0].fields["valid_from"] == kept
    assert any("dagnummer" in one.nl for one in found.remarks) == (value == 46388)


def test_number_of_a_condition_that_became_a_number_or_date_is_a_mistake(empty: bytes) -> None:
    found = read(empty, lambda book: one_limit(book, nr=3.1))
    assert [field for field, _ in troubles(found)] == ["number"]
    assert "3.10" in troubles(found)[0][1]
    assert [field for field, _ in troubles(read(empty, lambda book: one_limit(book, nr=date(2003, 1, 2))))] == [
        "number"
    ]
    assert read(empty, lambda book: one_limit(book, nr=3)).rows[0].fields["number"] == "3"


def test_merged_cell_is_a_mistake_of_each_row_that_it_covers(empty: bytes) -> None:
    def change(book: Any) -> None:
        one_limit(book)
        put(book[LIMITS], 4, nr="3.1.2", text="y", getal=5, eenheid="mg/Nm³", tijd="dag")
        book[LIMITS].merge_cells(start_row=3, end_row=4, start_column=4, end_column=4)

    found = read(empty, change)
    assert [[one.field for one in row.troubles] for row in found.rows] == [["substance"], ["substance"]]


def test_hidden_row_is_not_read_and_hidden_column_is_and_both_are_named(empty: bytes) -> None:
    def change(book: Any) -> None:
        one_limit(book)
        put(book[LIMITS], 4, nr="3.1.2")
        book[LIMITS].row_dimensions[4].hidden = True
        book[LIMITS].column_dimensions["D"].hidden = True

    found = read(empty, change)
    assert [row.number for row in found.rows] == [3]
    assert found.rows[0].fields["substance"] == "NOx"
    said = " ".join(one.nl for one in found.remarks)
    assert f"verborgen en niet ingelezen: {LIMITS} 4" in said
    assert f"verborgen en wel ingelezen: {LIMITS} D3" in said


def test_hidden_sheet_is_not_read_and_named(empty: bytes) -> None:
    def change(book: Any) -> None:
        book[DECISION_SHEET].cell(2, 2, "vb-1")
        one_limit(book)
        book[LIMITS].sheet_state = "hidden"

    found = read(empty, change)
    assert found.rows == ()
    assert any(f"{LIMITS} 3" in one.nl for one in found.remarks)


def test_formula_without_result_and_error_of_the_spreadsheet_are_mistakes(empty: bytes) -> None:
    assert troubles(read(empty, lambda book: one_limit(book, getal="=1+4")))[0][0] == "value"
    assert "formule" in troubles(read(empty, lambda book: one_limit(book, getal="=1+4")))[0][1]
    assert troubles(read(empty, lambda book: one_limit(book, getal="#N/A")))[0][0] == "value"


def with_result(data: bytes) -> bytes:
    """A spreadsheet with the formula 1+4, of which a program kept the result."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            new.writestr(
                part,
                body.replace(b"<f>1+4</f><v />", b"<f>1+4</f><v>5</v>").replace(
                    b"<f>1+4</f><v/>", b"<f>1+4</f><v>5</v>"
                ),
            )
    return packed.getvalue()


def test_result_of_a_formula_is_read_and_told(empty: bytes) -> None:
    found = permit_sheet.read(with_result(filled(empty, lambda book: one_limit(book, getal="=1+4"))), "x.xlsx")
    assert (found.rows[0].fields["value"], found.rows[0].troubles) == ("5", ())
    assert any("formule" in one.nl for one in found.remarks)


def test_column_and_sheet_that_are_not_of_the_form_are_named_and_not_dropped(empty: bytes) -> None:
    def change(book: Any) -> None:
        one_limit(book)
        last = book[LIMITS].max_column + 1
        book[LIMITS].cell(1, last, "Opmerking")
        book[LIMITS].cell(3, last, "kijk uit")
        book.create_sheet("Mijn blad")

    found = read(empty, change)
    assert "Opmerking" in troubles(found)[0][1]
    assert any("Mijn blad" in one.nl for one in found.remarks)


# -- files that cannot be read, or were made to harm ------------------------------------------------------------------


def refused(data: bytes) -> str:
    with pytest.raises(GoedeBuurError) as error:
        permit_sheet.read(data, "x.xlsx")
    assert error.value.place.startswith("x.xlsx")
    assert error.value.hint
    return error.value.code


def packed(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return written.getvalue()


def test_other_files_are_refused_with_what_to_do(empty: bytes) -> None:
    assert refused(b"") == "input-empty"
    assert refused(b"%PDF-1.7") == "input-not-this-format"
    assert refused(b"\xd0\xcf\x11\xe0 locked or old") == "input-not-this-format"
    assert refused(b"nummer;tekst\n3.1;x\n") == "input-not-this-format"
    assert refused(packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")) in (
        *("input-not-this-format", "input-truncated"),
    )
    assert refused(empty[:2000]) == "input-archive"
    assert refused(packed(a=b"b")) == "input-truncated"


def test_bomb_is_refused_before_it_is_unpacked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(packed(bomb=b"\x00" * (permit_sheet.MAX_UNPACKED + 1))) == "input-too-large"
    monkeypatch.setattr(permit_sheet, "MAX_PARTS", 2)
    assert refused(packed(a=b"", b=b"", c=b"")) == "input-too-large"
    monkeypatch.setattr(permit_sheet, "MAX_BYTES", 10)
    assert refused(packed(a=b"b")) == "input-too-large"


def test_part_that_declares_entities_is_refused() -> None:
    body = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert refused(packed(**{"xl/workbook.xml": body})) == "input-too-large"


def test_sheet_of_too_many_rows_is_refused(empty: bytes) -> None:
    data = filled(empty, lambda book: put(book[LIMITS], permit_sheet.MAX_ROWS + 5, nr="1"))
    assert refused(data) == "input-too-large"
