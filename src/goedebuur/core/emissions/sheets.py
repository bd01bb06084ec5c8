"""Records of emission points as sheets of text, and back: every record and every field, so that nothing is lost.

One sheet a kind of record, one row a record. A field that holds several records has a sheet of its own, named
`processing.references`, with the identifier of the record it belongs to and a number: `2`, or `2.1` below a row that
has a number itself. A field that holds one record has a column for each part: `substance.cas`. A list stands in one
cell, with `|` between. The sheets follow from the types of the records, and so does their description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin

from goedebuur.core.base import plain
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions import rules
from goedebuur.core.emissions.abatement import Abatement
from goedebuur.core.emissions.form import StackRecord
from goedebuur.core.emissions.processing import Processing
from goedebuur.core.emissions.streams import CalibrationFunction, Stream
from goedebuur.core.sites.records import EmissionPoint, Installation

TableRecord = Installation | EmissionPoint | StackRecord
ROOTS: Final[Mapping[str, type[TableRecord]]] = {
    "installations": Installation,
    "emission_points": EmissionPoint,
    "abatement": Abatement,
    "streams": Stream,
    "calibration_functions": CalibrationFunction,
    "processing": Processing,
}
"""Sheet → what a row of it is; what others refer to comes first."""
ID, NUMBER = "id", "number"
BETWEEN: Final = "|"
YES, NO = ("yes", "ja", "true"), ("no", "nee", "false")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    path
        Fields from the record of the row to the value: `substance.cas` is (`substance`, `cas`).
    kind
        Type of the value, without `None`.
    several
        Whether a cell holds a list.
    required
        Whether the record has no default for it.
    """

    path: tuple[str, ...]
    kind: Any
    several: bool
    required: bool

    @property
    def name(self) -> str:
        """Return what the column is called."""
        return ".".join(self.path)

    @property
    def filled(self) -> bool:
        """Return whether a cell of it must say something."""
        if not self.required or plain_kind(self.kind) is not str:
            return self.required
        notes = getattr(self.kind, "__metadata__", ())
        return self.path == (ID,) or any(re.fullmatch(one.regex, "") is None for one in notes) or not notes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `made` is what a row holds, `below` the sheet to whose rows it belongs, empty for a record."""

    name: str
    root: str
    made: type[Any]
    below: str
    field: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of all columns, in order."""
        before = (ID, NUMBER) if self.below else ()
        return (*before, *(one.name for one in self.columns))


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was read: its number in the sheet, and the text of its cells by column."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell, or with a row (`column` is empty then)."""

    sheet: str
    row: int
    column: str
    error: GoedeBuurError


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was read, and the sheet and row where it stands."""

    record: TableRecord
    sheet: str
    row: int


@lru_cache(maxsize=1)
def sheets() -> tuple[Sheet, ...]:
    """Return all sheets; those below a record after it."""
    return tuple(one for name, made in ROOTS.items() for one in _sheets(name, name, made, "", ""))


def of_name(name: str) -> Sheet | None:
    """Return the sheet that is called so; None where none is."""
    return next((one for one in sheets() if one.name == name), None)


def write(records: Sequence[TableRecord]) -> dict[str, list[dict[str, str]]]:
    """Return sheet → rows of text, of every sheet."""
    found: dict[str, list[dict[str, str]]] = {one.name: [] for one in sheets()}
    for sheet in sheets():
        if not sheet.below:
            for record in records:
                if type(record) is sheet.made:
                    found[sheet.name].append(_cells(sheet, record))
                    _write_below(sheet, record, record.id, "", found)
    return found


def read(lines: Mapping[str, Sequence[Line]]) -> tuple[list[Found], list[Fault]]:
    """Return the records in the sheets, and every fault; where there is one, nothing is to be taken in.

    Parameters
    ----------
    lines
        Sheet → its rows; only names of :func:`sheets`, and only their columns.
    """
    faults: list[Fault] = []
    records: list[Found] = []
    bodies = _Bodies(lines, faults)
    for sheet in sheets():
        if sheet.below:
            continue
        for line, body, places in bodies.of_root(sheet):
            errors: list[GoedeBuurError] = []
            record = plain.read(sheet.made, body, errors)
            faults.extend(_placed(sheet, line, places, error) for error in errors)
            if record is not None:
                records.append(Found(cast(TableRecord, record), sheet.name, line.row))
    bodies.require_all_taken()
    return records, sorted(faults, key=lambda one: (one.sheet, one.row, one.column))


# -- the sheets -----------------------------------------------------------------------------------------------------


def _sheets(name: str, root: str, made: type[Any], below: str, field: str) -> Iterator[Sheet]:
    columns: list[Column] = []
    deeper: list[tuple[str, type[Any]]] = []
    _flatten(made, (), True, columns, deeper)
    yield Sheet(name, root, made, below, field, tuple(columns))
    for own, kind in deeper:
        yield from _sheets(f"{name}.{own}", root, kind, name, own)


def _flatten(
    made: type[Any], path: tuple[str, ...], needed: bool, columns: list[Column], deeper: list[tuple[str, type[Any]]]
) -> None:
    types = plain.parts(made)
    for one in fields(made):
        kind, optional = _bare(types[one.name])
        required = needed and not optional and one.default is MISSING and one.default_factory is MISSING
        if get_origin(kind) is tuple:
            inner = get_args(kind)[0]
            if is_dataclass(inner):
                if path:
                    raise TypeError(f"{'.'.join(path)}.{one.name}: a list below a part has no sheet")
                deeper.append((one.name, cast("type[Any]", inner)))
            else:
                columns.append(Column((*path, one.name), inner, True, required))
        elif is_dataclass(kind):
            _flatten(cast("type[Any]", kind), (*path, one.name), required, columns, deeper)
        else:
            columns.append(Column((*path, one.name), kind, False, required))


def _bare(kind: Any) -> tuple[Any, bool]:
    """Return a type without `None`, and whether it had that."""
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (one for one in get_args(kind) if one is not NoneType)
        return inner, True
    return kind, False


def part(made: type[Any], name: str) -> type[Any]:
    """Return what one field of a record holds, without `None`."""
    return cast("type[Any]", _bare(plain.parts(made)[name])[0])


def plain_kind(kind: Any) -> type[Any]:
    """Return the type of a value, without what is noted on it."""
    return cast("type[Any]", get_args(kind)[0] if get_origin(kind) is Annotated else kind)


# -- writing --------------------------------------------------------------------------------------------------------


def _cells(sheet: Sheet, record: object) -> dict[str, str]:
    return {one.name: _text(_value(record, one.path)) for one in sheet.columns}


def _value(record: object, path: Sequence[str]) -> object:
    for name in path:
        record = None if record is None else getattr(record, name)
    return record


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES[0] if value else NO[0]
    if isinstance(value, tuple):
        return BETWEEN.join(map(_text, value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value if isinstance(value, StrEnum) else value)


def _write_below(sheet: Sheet, record: object, owner: str, number: str, found: dict[str, list[dict[str, str]]]) -> None:
    for below in (one for one in sheets() if one.below == sheet.name):
        for place, part in enumerate(getattr(record, below.field), start=1):
            own = f"{number}.{place}" if number else str(place)
            found[below.name].append({ID: owner, NUMBER: own, **_cells(below, part)})
            _write_below(below, part, owner, own, found)


# -- reading --------------------------------------------------------------------------------------------------------

Places = dict[str, tuple[str, int, str]]
"""Place of a field in a record, as errors name it → sheet, row, column."""


class _Bodies:
    """The rows of all sheets, put together to records; each row is taken once."""

    def __init__(self, lines: Mapping[str, Sequence[Line]], faults: list[Fault]) -> None:
        self.lines, self.faults = lines, faults
        self.below: dict[str, dict[tuple[str, str], list[Line]]] = {}
        self.taken: set[tuple[str, int]] = set()
        for sheet in sheets():
            if sheet.below:
                self.below[sheet.name] = self._grouped(sheet)

    def of_root(self, sheet: Sheet) -> Iterator[tuple[Line, dict[str, Any], Places]]:
        """Yield the rows of a sheet of records with their fields, and where each stands."""
        seen: dict[str, int] = {}
        for line in self.lines.get(sheet.name, ()):
            name = line.cells.get(ID, "")
            if name in seen:
                told = plain.fault(
                    "", f"This is in row {seen[name]} too.", name, "Each record has one row.", check=rules.RECORD_ONCE
                )
                self.faults.append(Fault(sheet.name, line.row, ID, told))
                self._skip(sheet, name)
                continue
            seen[name] = line.row
            places: Places = {}
            yield line, self._body(sheet, line, name, "", "", places), places

    def require_all_taken(self) -> None:
        """Add a fault for each row that belongs to no record, or to no row of the sheet above it."""
        for sheet in sheets():
            for line in self.lines.get(sheet.name, ()) if sheet.below else ():
                if (sheet.name, line.row) not in self.taken:
                    owner, number = line.cells.get(ID, ""), line.cells.get(NUMBER, "")
                    below = sheet.below if "." not in sheet.below else f"{sheet.below}, by the number before its point"
                    told = plain.fault(
                        "",
                        "There is no such row above it.",
                        f"{owner} {number}",
                        f"Look in {below}.",
                        check=rules.OWNER,
                    )
                    self.faults.append(Fault(sheet.name, line.row, ID, told))

    def _grouped(self, sheet: Sheet) -> dict[tuple[str, str], list[Line]]:
        found: dict[tuple[str, str], list[Line]] = {}
        seen: dict[tuple[str, str], int] = {}
        depth = sheet.below.count(".") + 1
        for line in self.lines.get(sheet.name, ()):
            owner, number = line.cells.get(ID, ""), line.cells.get(NUMBER, "")
            if len(number.split(".")) != depth or not all(one.isascii() and one.isdigit() for one in number.split(".")):
                hint = "Write 1, 2, 3 …" if depth == 1 else "Write the number of the row above it, a point, and 1, 2 …"
                self.faults.append(
                    Fault(
                        sheet.name, line.row, NUMBER, plain.fault("", "No number.", number, hint, check=rules.NUMBERED)
                    )
                )
                self.taken.add((sheet.name, line.row))
                continue
            other = seen.setdefault((owner, number), line.row)
            if other != line.row:
                told = plain.fault("", f"This number is in row {other} too.", number, check=rules.NUMBER_ONCE)
                self.faults.append(Fault(sheet.name, line.row, NUMBER, told))
                self.taken.add((sheet.name, line.row))
                continue
            found.setdefault((owner, number.rpartition(".")[0]), []).append(line)
        for rows in found.values():
            rows.sort(key=lambda line: int(line.cells[NUMBER].rpartition(".")[2]))
        return found

    def _body(self, sheet: Sheet, line: Line, owner: str, number: str, at: str, places: Places) -> dict[str, Any]:
        """Return the fields of one row, with those of the rows below it."""
        body: dict[str, Any] = {}
        for column in sheet.columns:
            text = line.cells.get(column.name, "")
            if column.kind is not str:
                text = text.strip()
            places[_joined(at, column.name)] = (sheet.name, line.row, column.name)
            if text:
                _put(body, column.path, _read(column, text))
            elif column.required and (column.several or plain_kind(column.kind) is str):
                _put(body, column.path, [] if column.several else "")  # the record says whether that can be
        for below in (one for one in sheets() if one.below == sheet.name):
            rows = self.below[below.name].get((owner, number), [])
            for place, part in enumerate(rows):
                self.taken.add((below.name, part.row))
                where = f"{_joined(at, below.field)}[{place}]"
                places[where] = (below.name, part.row, "")
                own = self._body(below, part, owner, part.cells[NUMBER], where, places)
                body.setdefault(below.field, []).append(own)
            if not rows and _needs(sheet.made, below.field):
                body[below.field] = []
        return body

    def _skip(self, sheet: Sheet, owner: str) -> None:
        for below in (one for one in sheets() if one.root == sheet.name and one.below):
            for (name, _), rows in self.below[below.name].items():
                if name == owner:
                    self.taken.update((below.name, line.row) for line in rows)


def _needs(made: type[Any], field: str) -> bool:
    one = next(one for one in fields(made) if one.name == field)
    return one.default is MISSING and one.default_factory is MISSING


def _put(body: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        body = body.setdefault(name, {})
    body[path[-1]] = value


def _read(column: Column, text: str) -> Any:
    if column.several:
        return [_scalar(column.kind, one.strip()) for one in text.split(BETWEEN)]
    return _scalar(column.kind, text)


def _scalar(kind: Any, text: str) -> Any:
    """Return the value that a cell says; its text where that is none, for the reader of records to find fault with."""
    kind = plain_kind(kind)
    if kind is bool:
        low = text.lower()
        return True if low in YES else False if low in NO else text
    if kind is int and text.isascii() and text.removeprefix("-").isdigit():
        return int(text)
    return text


def _joined(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _placed(sheet: Sheet, line: Line, places: Places, error: GoedeBuurError) -> Fault:
    """Return the fault of an error at the cell that it is about: the longest place that has one."""
    at = error.place.rpartition(", ")[2]
    while at and at not in places:
        item = at.rpartition("[")[0] if at.endswith("]") else ""
        at = item if item in places else at.rpartition(".")[0]
    where = places.get(at, (sheet.name, line.row, ""))
    return Fault(*where, error.at(""))
