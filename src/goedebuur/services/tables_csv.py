"""A table that somebody delivers as CSV: its columns by name, its cells with their place."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError

if TYPE_CHECKING:
    from _csv import Reader

GROUPED: Final = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
"""A number as it is typed, that may have groups of thousands: one of these does not begin with 0."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: the cells that were asked for, and where it is."""

    cells: Mapping[str, str]
    name: str
    number: int

    def place(self, column: str) -> str:
        """Return where a cell is, for errors."""
        return f"{self.name}, line {self.number}, column {column}"

    def number_in(
        self, column: str, missing: str | None = None, least: float = -math.inf, most: float = math.inf
    ) -> float:
        """Return the number in a cell; NaN for none where there may be none.

        Parameters
        ----------
        missing
            What stands for no value, beside an empty cell; None where there must be one.

        Raises
        ------
        GoedeBuurError
            `input-number` for what is no number, or not from `least` to `most`.
        """
        cell = self.cells[column].strip()
        if missing is not None and cell in ("", missing):
            return math.nan
        try:
            found = float(cell)
        except ValueError:
            found = math.nan
        if math.isnan(found) or not least <= found <= most or math.isinf(found):
            limits = "" if math.isinf(least) else f", not below {least:g}"
            limits += "" if math.isinf(most) else f", not above {most:g}"
            said = "; say what stands for no value" if missing is not None else ""
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "That number cannot be right.",
                place=self.place(column),
                value=cell,
                hint=f"It is a number with a point{limits}{said}.",
            )
        return found


def lines(data: bytes, name: str, columns: Sequence[str]) -> Iterator[Line]:
    """Yield the lines of a table in UTF-8 that has these columns, and may have more.

    Raises
    ------
    GoedeBuurError
        `input-encoding`, `input-missing-column`; `input-not-this-format` for what is no CSV;
        `input-truncated` for a line with another number of cells than the first; `input-empty` for a table without
        lines.
    """
    reader = _reader(data, name)
    header = _next(reader, name) or []
    for column in columns:
        if column not in header:
            raise GoedeBuurError(
                errors.MISSING_COLUMN,
                "The table has no such column.",
                place=f"{name}, line 1",
                value=column,
                hint=f"The columns are {', '.join(columns)}, with commas between them; "
                f"it has {', '.join(header)[:80] or 'none'}.",
            )
    empty = True
    while (cells := _next(reader, name)) is not None:
        if not cells:
            continue
        if len(cells) != len(header):
            raise GoedeBuurError(
                errors.TRUNCATED_INPUT,
                "The line has another number of cells than the first.",
                place=f"{name}, line {reader.line_num}",
                value=f"{len(cells)} of {len(header)}",
                hint="Deliver the whole table.",
            )
        empty = False
        yield Line(dict(zip(header, cells, strict=True)), name, reader.line_num)
    if empty:
        raise GoedeBuurError(
            errors.EMPTY_INPUT, "There is no line with values.", place=name, hint="Give a line for each."
        )


def columns_of(data: bytes, name: str) -> list[str]:
    """Return the names of the columns of a table in UTF-8; those errors of :func:`lines` that it can have."""
    return _next(_reader(data, name), name) or []


def _reader(data: bytes, name: str) -> Reader:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoedeBuurError(
            errors.BAD_ENCODING,
            "The table is not in UTF-8.",
            place=f"{name}, byte {error.start}",
            hint="Save it as CSV in UTF-8.",
        ) from None
    return csv.reader(io.StringIO(text, newline=""))


def _next(reader: Reader, name: str) -> list[str] | None:
    """Return the cells of the next line; None after the last."""
    try:
        return next(reader, None)
    except csv.Error as error:
        raise GoedeBuurError(
            errors.NOT_THIS_FORMAT,
            "That is no table.",
            place=name,
            value=str(error),
            hint="Save it as CSV in UTF-8. Is a quotation mark left open?",
        ) from None
