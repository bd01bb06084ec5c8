"""One row of a rule table as text: whatever a cell cannot be is an error with table, line and column.

Standard library alone: a checker at home reads the rows of a proof with it. Where tables come from is up to `rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeVar

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.sourced import Status, Text

BAD_TABLE: Final = declare("rules-table", "A rule table has a cell, column or row that cannot be.")
Share = tuple[int, int]
"""Numerator and denominator of a part of the data."""
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Row:
    """One row, and where it stands, so that an error can say so."""

    def __init__(self, table: str, line: int, cells: dict[str, str]) -> None:
        self.table, self.line, self.cells = table, line, cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def bad(self, column: str, message: str, hint: str = "") -> GoedeBuurError:
        """Return the error of a cell of this row."""
        place = f"rules/tables/{self.table}.csv, line {self.line}, column {column}"
        return GoedeBuurError(BAD_TABLE, message, place=place, value=self[column], hint=hint)

    def read(self, column: str, read: Callable[[str], T], message: str) -> T:
        """Return a cell as something else reads it."""
        try:
            return read(self[column])
        except (ValueError, KeyError, ZeroDivisionError):
            raise self.bad(column, message) from None

    def filled(self, column: str) -> str:
        """Return a cell that must not be empty."""
        if not self[column]:
            raise self.bad(column, "This cell must not be empty.")
        return self[column]

    def choice(self, column: str, kind: type[E]) -> E:
        """Return a cell that is one of some words."""
        return self.read(column, kind, f"This is none of: {', '.join(kind)}.")

    def day(self, column: str) -> date:
        """Return a cell that is a day."""
        return self.read(column, date.fromisoformat, "This is not a date as 2019-12-31.")

    def day_or_none(self, column: str) -> date | None:
        """Return a cell that is a day, None where it is empty."""
        return self.day(column) if self[column] else None

    def count_or_none(self, column: str) -> int | None:
        """Return a cell that is a whole number, None where it is empty."""
        if not self[column]:
            return None
        if not self[column].isdecimal():
            raise self.bad(column, "This is not a whole number.")
        return int(self[column])

    def share(self, column: str) -> Share:
        """Return a cell that is a part of a whole."""
        return self.read(column, share_of, "This is not a part as 75/100.")

    def share_or_none(self, column: str) -> Share | None:
        """Return a cell that is a part of a whole, None where it is empty."""
        return self.share(column) if self[column] else None

    def shares(self, column: str) -> tuple[Share, ...]:
        """Return a cell with parts of a whole, ascending."""
        found = self.read(
            column, lambda text: tuple(map(share_of, text.split("|"))), "These are not parts as 75/100|9/10."
        )
        return tuple(sorted(found, key=lambda share: Fraction(*share)))

    def text(self, stem: str) -> Text:
        """Return a sentence in both languages, from the columns `STEM_nl` and `STEM_en`."""
        nl, en = self[f"{stem}_nl"], self[f"{stem}_en"]
        if bool(nl) != bool(en):
            raise self.bad(f"{stem}_en", "A sentence is there in one language only.")
        return Text(nl, en)

    def asked(self) -> tuple[Status, Text]:
        """Return status and question; a row that is not confirmed has a question."""
        status, question = self.choice("status", Status), self.text("question")
        if status is not Status.CONFIRMED and not question:
            raise self.bad("question_nl", "A row that is not confirmed needs the question that a person must answer.")
        return status, question


def share_of(text: str) -> Share:
    """Return a part as numerator and denominator."""
    num, den = map(int, text.split("/"))
    if not 0 < num <= den:
        raise ValueError(text)
    return num, den
