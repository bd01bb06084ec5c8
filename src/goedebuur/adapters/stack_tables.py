"""The table set of emission points as a file: a zip of CSV files or a spreadsheet, with the same sheets.

What stands in a cell is taken as text, as it was typed. What a spreadsheet did to it (a formula, an error, cells
merged) is a fault of that cell; nothing is passed over. Numbers have a decimal point, days are `2026-12-31`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from goedebuur.adapters import permit_sheet
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import Check
from goedebuur.core.base.spreadsheets import as_meant, harmless
from goedebuur.core.emissions import rules, sheets
from goedebuur.core.emissions.sheets import NO, YES, Fault, Line

SUBSTANCES, SITE, EXPLANATION = "substances", "site", "explanation"
BESIDE: Final = (SUBSTANCES, SITE, EXPLANATION)
"""Sheets that say what the program knows already; on import nothing is taken from them."""
_MADE: Final = (1980, 1, 1, 0, 0, 0)

Rows = Sequence[Mapping[str, str]]
Table = tuple[Sequence[str], Rows]
"""Header and rows."""


def read(data: bytes, name: str) -> tuple[dict[str, list[Line]], list[Fault]]:
    """Return the rows of each sheet, and every fault of a sheet, header or cell.

    Raises
    ------
    GoedeBuurError
        `input-empty`, `input-too-large`, `input-archive`, `input-not-this-format`, `input-truncated`: nothing of the
        file can be read then.
    """
    permit_sheet.require(data, name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            found = _workbook(data, name)
        else:
            found = {one: _csv(one, archive.read(one)) for one in sorted(names) if not one.endswith("/")}
    faults: list[Fault] = []
    lines: dict[str, list[Line]] = {}
    for sheet, rows in found.items():
        title = sheet.rpartition("/")[2].removesuffix(".csv")
        if title in BESIDE and title != SUBSTANCES:
            continue
        try:
            lines[title] = _lines(title, rows, faults)
        except (csv.Error, UnicodeDecodeError) as error:
            hint = "Write CSV in UTF-8, with a comma or semicolon between cells."
            faults.append(_fault(rules.READABLE, title, 0, "", "This file cannot be read as CSV.", str(error), hint))
    return lines, faults


def as_zip(tables: Mapping[str, Table]) -> bytes:
    """Return a zip with a CSV for each sheet; the same tables give the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for title, (header, rows) in tables.items():
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([harmless(row.get(name, "")) for name in header] for row in rows)
            entry = zipfile.ZipInfo(f"{title}.csv", _MADE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.getvalue().encode(), zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def as_workbook(tables: Mapping[str, Table]) -> bytes:
    """Return a spreadsheet with the same sheets; every cell is text, so that no program changes it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    for number, (title, (header, rows)) in enumerate(tables.items()):
        sheet = book.create_sheet(title, number)
        sheet.append(list(header))
        for number, cell in enumerate(sheet[1], start=1):
            cell.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(number)].width = max(10, len(str(cell.value)) + 2)
        sheet.freeze_panes = "A2"
        for at, row in enumerate(rows, start=2):
            for number, name in enumerate(header, start=1):
                cell = sheet.cell(at, number)
                cell.number_format = "@"
                if row.get(name):
                    cell.value = row[name]
                    cell.data_type = "s"  # also what begins as a formula does
    book.remove(book.worksheets[-1])  # the empty one that it comes with
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


# -- a sheet --------------------------------------------------------------------------------------------------------

Cell = tuple[str, Check | None]
"""Text, and the rule by which it cannot be taken; None for a good one."""


def _lines(title: str, rows: Iterable[tuple[int, list[Cell]]], faults: list[Fault]) -> list[Line]:
    """Return the rows of a sheet by the names in its first row."""
    sheet = sheets.of_name(title)
    if sheet is None and title != SUBSTANCES:
        known = ", ".join((*(one.name for one in sheets.sheets()), *BESIDE))
        faults.append(
            _fault(rules.SHEET, title, 0, "", "The table set has no sheet of this name.", title, f"Known: {known}.")
        )
        return []
    found: list[Line] = []
    header: list[str] = []
    for number, cells in rows:
        if len(cells) > rules.MAX_COLUMNS:
            told = f"A sheet has at most {rules.MAX_COLUMNS} columns."
            faults.append(_fault(rules.COLUMNS, title, number, "", told, "", "Delete what stands beside the table."))
            break
        if not header:
            header = [text.strip() for text, _ in cells]
            while header and not header[-1]:
                header.pop()
            if sheet is not None:
                faults.extend(_of_header(sheet, number, header))
            continue
        if not any(text.strip() or why for text, why in cells):
            continue
        if len(found) == rules.MAX_ROWS:
            told = f"A sheet has at most {rules.MAX_ROWS} rows."
            faults.append(_fault(rules.ROWS, title, number, "", told, "", "Split the set."))
            break
        for at, (text, why) in enumerate(cells):
            if why or (at >= len(header) and text.strip()):
                column = header[at] if at < len(header) else f"column {at + 1}"
                hint = "Type the value itself." if why else "Give the column a name, or empty the cell."
                told = _WHY[why] if why else "This cell stands below no name."
                faults.append(_fault(why or rules.NAMED, title, number, column, told, text, hint))
        found.append(Line(number, {name: text for name, (text, _) in zip(header, cells, strict=False)}))
    return found


def _of_header(sheet: sheets.Sheet, number: int, header: Sequence[str]) -> Iterator[Fault]:
    known = ", ".join(sheet.header)
    for at, name in enumerate(header):
        if name not in sheet.header:
            yield _fault(
                rules.COLUMN, sheet.name, number, name, "This sheet has no such column.", name, f"Known: {known}."
            )
        elif name in header[:at]:
            yield _fault(
                rules.COLUMN_ONCE, sheet.name, number, name, "This column is there twice.", name, "Leave one out."
            )
    needed = [*sheet.header[: 2 if sheet.below else 0], *(one.name for one in sheet.columns if one.filled)]
    for name in needed:
        if name not in header:
            hint = f"Needed: {', '.join(needed)}."
            yield _fault(rules.COLUMN_THERE, sheet.name, number, name, "This column is not there.", "", hint)


def _csv(title: str, data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = data.decode("utf-8-sig")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
    for number, cells in enumerate(reader, start=1):
        yield number, [(as_meant(cell), None) for cell in cells]


def _workbook(data: bytes, name: str) -> dict[str, Iterable[tuple[int, list[Cell]]]]:
    book = permit_sheet.opened(data, name, results=False)
    return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    merged = {place for area in sheet.merged_cells.ranges for row in area.rows for place in row}
    size = {"max_row": min(sheet.max_row, rules.MAX_ROWS + 2), "max_col": min(sheet.max_column, rules.MAX_COLUMNS + 1)}
    for cells in sheet.iter_rows(**size):
        yield cells[0].row, [_typed(cell, (cell.row, cell.column) in merged) for cell in cells]


def _typed(cell: Any, merged: bool) -> Cell:
    """Return what a person typed in a cell of a spreadsheet."""
    value = cell.value
    if merged:
        return str(value or ""), rules.MERGED
    if cell.data_type == "f":
        return str(value), rules.FORMULA
    if cell.data_type == "e":
        return str(value), rules.ERROR
    if isinstance(value, bool):
        return (YES if value else NO)[0], None
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat(), None
    if isinstance(value, datetime | time):
        return str(value), rules.TIME
    if isinstance(value, date):
        return value.isoformat(), None
    if isinstance(value, int | float):
        plain = format(Decimal(repr(value)), "f")
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain), None
    return str(value or ""), None


_WHY: Final = {
    rules.MERGED: "This cell is merged with others.",
    rules.FORMULA: "This cell has a formula.",
    rules.ERROR: "This cell has an error of the spreadsheet.",
    rules.TIME: "This cell has a time.",
}


def _fault(check: Check, sheet: str, row: int, column: str, message: str, value: str, hint: str) -> Fault:
    return Fault(sheet, row, column, check.error(message, value=value, hint=hint))


def not_a_set(name: str) -> GoedeBuurError:
    """Return the error of a file in which no sheet has a row."""
    return rules.HAS_ROWS.error(
        "No sheet of this file has a row.",
        place=name,
        hint="`goedebuur stack template FILE.xlsx` writes an empty set; `stack export` one that is filled in.",
    )
