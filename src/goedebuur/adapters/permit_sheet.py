"""A decision in a spreadsheet: the template that is filled in, and a filled-in one read to fields.

The template has one sheet for the decision and one for each kind of condition. What stands in a cell is read as a
person typed it; what a spreadsheet did to it (a date made of a number, digits lost, cells merged, a row hidden) is a
mistake of that cell or is told, never passed over.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from goedebuur.adapters import sheet_rules as rules
from goedebuur.adapters import xlsx_bounds
from goedebuur.adapters.payloads import BROKEN
from goedebuur.core.base.rulebook import Check
from goedebuur.core.base.sourced import Text
from goedebuur.core.permits import dutch
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry.shapes import Field, Shape
from goedebuur.core.permits.entry.troubles import Trouble
from goedebuur.core.permits.entry.words import word

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_BYTES: Final = rules.MAX_BYTES
MAX_UNPACKED: Final = rules.MAX_UNPACKED
MAX_PARTS: Final = rules.MAX_PARTS
MAX_ROWS: Final = rules.MAX_ROWS
MAX_COLUMNS: Final = 100

DECISION_SHEET: Final = "Besluit"
HELP_SHEET: Final = "Uitleg"
LISTS_SHEET: Final = "Lijsten"
MARK: Final = "Regel"
"""First column: `voorbeeld` in it keeps a row out."""
EXAMPLE: Final = "voorbeeld"
_SERIALS: Final = range(20_000, 80_000)
"""Days since 1899-12-30 that are of this age: 1954 to 2119."""


def sheet_of(kind: ConditionKind) -> str:
    """Return the name of the sheet for a kind of condition."""
    return word(kind).nl.capitalize()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of conditions, or the decision.

    Parameters
    ----------
    number
        In the sheet, counted from 1; 0 for the decision, whose fields have a row each.
    fields
        As typed, by name of field.
    places
        Where each field stands: `C7`.
    troubles
        What the spreadsheet did to a cell.
    """

    sheet: str
    number: int
    fields: Mapping[str, str]
    places: Mapping[str, str]
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A filled-in template, with what of it was not read or is to be looked at."""

    decision: Row
    rows: tuple[Row, ...]
    remarks: tuple[Text, ...]


# -- reading --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Remarks:
    """What is told beside the rows, counted."""

    examples: int = 0
    hidden: list[str] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    serials: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    def told(self) -> Iterator[Text]:
        """Yield the sentences."""
        for check, found, nl, en in (
            (rules.HIDDEN_ROWS, self.hidden, "verborgen en niet ingelezen", "hidden and not read"),
            (rules.HIDDEN_COLUMNS, self.hidden_columns, "verborgen en wel ingelezen", "hidden and read all the same"),
            (rules.RESULTS, self.formulas, "een formule: de uitkomst is ingelezen", "a formula: its result was read"),
            (rules.SERIALS, self.serials, "een dagnummer: als datum ingelezen", "a day number: read as a date"),
            (rules.OTHER_SHEETS, self.sheets, "niet van dit formulier: niet ingelezen", "not of this form: not read"),
        ):
            if found:
                places = ", ".join(found)
                yield _noted(check, Text(f"{len(found)} × {nl}: {places}.", f"{len(found)} × {en}: {places}."))
        if self.examples:
            number = self.examples
            said = Text(f"{number} × voorbeeldregel overgeslagen.", f"{number} × example row left out.")
            yield _noted(rules.EXAMPLES, said)


def _noted(check: Check, text: Text) -> Text:
    return Text(check.note(text.nl), check.note(text.en))


def read(data: bytes, name: str) -> Read:
    """Return what is typed in a filled-in template.

    Raises
    ------
    GoedeBuurError
        `input-empty`, `input-too-large`, `input-not-this-format`, `input-archive`, `input-sheet`.
    """
    require(data, name)
    book = opened(data, name, results=False)
    reader = _Reader(data, name)
    known = {sheet_of(kind): kind for kind in ConditionKind}
    decision = Row(DECISION_SHEET, 0, {}, {})
    rows: list[Row] = []
    for sheet in book.worksheets:
        if sheet.title == DECISION_SHEET:
            decision = reader.decision(sheet)
        elif sheet.title in known:
            rows.extend(reader.conditions(sheet, known[sheet.title]))
        elif sheet.title not in (HELP_SHEET, LISTS_SHEET):
            reader.remarks.sheets.append(sheet.title)
    if not decision.fields and not rows:
        raise rules.TEMPLATE.error(
            "This is not the template, or it is empty.",
            place=name,
            value=", ".join(book.sheetnames),
            hint="Make the template with `goedebuur permits template FILE.xlsx`, and fill that in.",
        )
    return Read(decision, tuple(rows), tuple(reader.remarks.told()))


class _Reader:
    """Reads the sheets of one file, and remembers what is to be told of it."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        self.remarks = _Remarks()
        self._results: Any = None

    def decision(self, sheet: Any) -> Row:
        """Return the decision: a field a row, its name in the first column and what is typed in the second."""
        by_label = {one.label.nl.lower(): one for one in entry_fields.DECISION}
        found: dict[str, str] = {}
        places: dict[str, str] = {}
        troubles: list[Trouble] = []
        for label, cell in sheet.iter_rows(min_row=2, max_row=200, max_col=2):
            asked = by_label.get(_label(label))
            if asked is None:
                if _filled([cell]):
                    self.remarks.sheets.append(f"{sheet.title} {cell.coordinate}")
                continue
            places[asked.name] = cell.coordinate
            if sheet.row_dimensions[cell.row].hidden and _filled([cell]):
                self.remarks.hidden.append(f"{sheet.title} {cell.row}")
                continue
            written = self._written(sheet, cell, asked, troubles)
            if written:
                found[asked.name] = written
        return Row(sheet.title, 0, found, places, tuple(troubles))

    def conditions(self, sheet: Any, kind: ConditionKind) -> Iterator[Row]:
        """Yield the rows of one kind of condition."""
        if sheet.max_row > MAX_ROWS + 1:
            raise rules.ROWS.error(
                f"A sheet may have {MAX_ROWS} rows.",
                place=f"{self.name}, {sheet.title}",
                value=str(sheet.max_row),
                hint="Delete the empty rows below the last condition, or split the decision.",
            )
        columns = _columns(sheet, kind)
        merged = {place for area in sheet.merged_cells.ranges for row in area.rows for place in row}
        for cells in sheet.iter_rows(min_row=2, max_col=MAX_COLUMNS):
            number = cells[0].row
            if not _filled(cells) and not any((number, cell.column) in merged for cell in cells):
                continue
            if sheet.row_dimensions[number].hidden or sheet.sheet_state != "visible":
                self.remarks.hidden.append(f"{sheet.title} {number}")
            elif str(cells[0].value or "").strip().lower() == EXAMPLE:
                self.remarks.examples += 1
            else:
                yield self._row(sheet, kind, cells, columns, merged)

    def _row(
        self, sheet: Any, kind: ConditionKind, cells: Sequence[Any], columns: Mapping[int, Field | str], merged: Any
    ) -> Row:
        found = {"kind": kind.value}
        places: dict[str, str] = {}
        troubles: list[Trouble] = []
        for cell in cells[1:]:
            asked = columns.get(cell.column, "")
            if isinstance(asked, str):
                if cell.value is not None:
                    places[cell.coordinate] = cell.coordinate
                    troubles.append(_trouble(cell.coordinate, str(cell.value), "column", asked))
                continue
            places[asked.name] = cell.coordinate
            if (cell.row, cell.column) in merged:
                troubles.append(_trouble(asked.name, str(cell.value or ""), "merged"))
                continue
            if sheet.column_dimensions[cell.coordinate.rstrip("0123456789")].hidden and cell.value is not None:
                self.remarks.hidden_columns.append(f"{sheet.title} {cell.coordinate}")
            written = self._written(sheet, cell, asked, troubles)
            if written:
                found[asked.name] = written
        return Row(sheet.title, cells[0].row, found, places, tuple(troubles))

    def _written(self, sheet: Any, cell: Any, asked: Field, troubles: list[Trouble]) -> str:
        """Return what a person typed in a cell; what the spreadsheet made of it for good is a trouble."""
        value: object = cell.value
        if cell.data_type == "f":
            value = self._result(sheet.title, cell.coordinate)
            if value is None:
                troubles.append(_trouble(asked.name, str(cell.value), "formula"))
                return ""
            self.remarks.formulas.append(f"{sheet.title} {cell.coordinate}")
        if cell.data_type == "e" or (isinstance(value, str) and re.fullmatch(r"#[A-Z/0]+[!?]?", value)):
            troubles.append(_trouble(asked.name, str(value), "error"))
            return ""
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(value, datetime | date | time):
            return _of_date(value, asked, troubles)
        if isinstance(value, int | float):
            return self._of_number(value, sheet, cell, asked, troubles)
        return str(value or "").strip()

    def _result(self, sheet: str, place: str) -> object:
        """Return the result that the spreadsheet kept with a formula; None for none."""
        if self._results is None:
            self._results = opened(self.data, self.name, results=True)
        return self._results[sheet][place].value

    def _of_number(self, value: int | float, sheet: Any, cell: Any, asked: Field, troubles: list[Trouble]) -> str:
        plain = format(Decimal(repr(value)), "f")
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        if asked.shape is Shape.DAY and "." not in plain and int(plain) in _SERIALS:
            self.remarks.serials.append(f"{sheet.title} {cell.coordinate}")
            day: datetime = sheet.parent.epoch + timedelta(days=int(plain))
            return day.date().isoformat()
        if asked.shape is Shape.LINE and "." in plain:
            troubles.append(_trouble(asked.name, dutch.written(plain), "digits"))
            return ""
        return dutch.written(plain)


def _columns(sheet: Any, kind: ConditionKind) -> dict[int, Field | str]:
    """Return which field each column is; the name itself of one that this sheet does not have."""
    by_label = {one.label.nl.lower(): one for one in entry_fields.of_condition(kind) if one.name != "kind"}
    return {cell.column: by_label.get(_label(cell), str(cell.value or "").strip()) for cell in sheet[1]}


def _label(cell: Any) -> str:
    return str(cell.value or "").strip().rstrip("* ").lower()


def _filled(cells: Sequence[Any]) -> bool:
    return any(cell.value is not None and str(cell.value).strip() for cell in cells)


def _of_date(value: datetime | date | time, asked: Field, troubles: list[Trouble]) -> str:
    """Return a day; a date where none is asked was made by the spreadsheet, and what was typed is lost."""
    if isinstance(value, datetime) and value.time() == time() and asked.shape is Shape.DAY:
        return value.date().isoformat()
    if type(value) is date and asked.shape is Shape.DAY:
        return value.isoformat()
    troubles.append(_trouble(asked.name, str(value), "time" if asked.shape is Shape.DAY else "date"))
    return ""


_SAID: Final[Mapping[str, tuple[Check, Text, Text]]] = {
    "column": (
        rules.COLUMN,
        Text("Deze kolom is niet van dit formulier: {label}.", "This column is not one of this form: {label}."),
        Text("Zet de waarde in een kolom van het formulier, of haal haar weg.", "Move the value, or take it away."),
    ),
    "merged": (
        rules.MERGED,
        Text("Deze cel is samengevoegd met andere.", "This cell is merged with others."),
        Text("Splits de cellen en vul elke rij in.", "Split the cells, and fill in each row."),
    ),
    "formula": (
        rules.FORMULA,
        Text("Deze cel heeft een formule zonder uitkomst.", "This cell has a formula without a result."),
        Text(
            "Open en bewaar het bestand in een rekenblad, of typ de waarde.",
            "Save the file in a spreadsheet, or type it.",
        ),
    ),
    "error": (
        rules.ERROR,
        Text("Deze cel heeft een fout van het rekenblad.", "This cell has an error of the spreadsheet."),
        Text("Typ de waarde.", "Type the value."),
    ),
    "date": (
        rules.DATE,
        Text("Het rekenblad maakte hiervan een datum.", "The spreadsheet made a date of this."),
        Text("Zet de cel op tekst en typ de waarde opnieuw.", "Set the cell to text, and type the value again."),
    ),
    "time": (
        rules.TIME,
        Text("Deze datum heeft een tijd.", "This day has a time."),
        Text("Typ alleen dag-maand-jaar.", "Type day-month-year alone."),
    ),
    "digits": (
        rules.DIGITS,
        Text(
            "Het rekenblad maakte hiervan een getal: 3.10 en 3.1 zijn dan hetzelfde.",
            "The spreadsheet made a number of this: 3.10 and 3.1 are the same then.",
        ),
        Text("Zet de cel op tekst en typ de waarde opnieuw.", "Set the cell to text, and type the value again."),
    ),
}


def _trouble(name: str, value: str, key: str, label: str = "") -> Trouble:
    check, message, hint = _SAID[key]
    return Trouble(name, value, message.format(label=label), hint, check.id)


# -- the file itself ------------------------------------------------------------------------------------------------


def opened(data: bytes, name: str, *, results: bool) -> Workbook:
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=results, keep_links=False, rich_text=False)
    except Exception as error:
        raise rules.WHOLE.error(
            "This spreadsheet is damaged.",
            place=name,
            value=str(error),
            hint="Open it in a spreadsheet program, and save it once more as .xlsx.",
        ) from error


def require(data: bytes, name: str) -> None:
    """Refuse what is no spreadsheet, and what would unpack to more than one."""
    if not data:
        raise rules.NOT_EMPTY.error("The file is empty.", place=name, hint="Choose the file once more.")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 2**20:.0f} MiB"
        hint = "Delete sheets and pictures that are not of the template."
        raise rules.SIZE.error("This spreadsheet is too large.", place=name, value=size, hint=hint)
    kind = _other_kind(data)
    if kind:
        raise rules.IS_XLSX.error(
            f"This is {kind}, and not a spreadsheet in .xlsx.",
            place=name,
            value=data[:20].decode("latin-1"),
            hint="Open it in LibreOffice or Excel, and save it as .xlsx, without a password.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            xlsx_bounds.require(archive, name, MAX_PARTS)
    except BROKEN as error:
        hint = "Save it once more as .xlsx, without a password."
        raise rules.ARCHIVE.error(
            "This spreadsheet is damaged or locked.", place=name, value=str(error), hint=hint
        ) from error


def _other_kind(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "a spreadsheet in .ods" if b"opendocument.spreadsheet" in data[:200] else ""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old or locked spreadsheet"
    return "a PDF" if data.startswith(b"%PDF") else "something else"


def label_of(row: Row, name: str) -> str:
    """Return what a field is called in the sheet of a row; empty for a cell outside the form."""
    fields = entry_fields.DECISION if row.sheet == DECISION_SHEET else entry_fields.every_condition_field()
    return next((one.label.nl for one in fields if one.name == name), "")
