"""What every row that is taken from law has: how sure we are of it, from when to when it holds, and its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """How sure we are of a row. Only CONFIRMED, and JUDGEMENT where all readings agree, give an automatic verdict."""

    CONFIRMED = "confirmed"
    MEMORY_HIGH = "memory-high"
    MEMORY_MEDIUM = "memory-medium"
    MEMORY_LOW = "memory-low"
    JUDGEMENT = "judgement"

    @property
    def decides(self) -> bool:
        """Return whether a row of this status can decide without a person."""
        return self in (Status.CONFIRMED, Status.JUDGEMENT)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages of the pages."""

    nl: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.nl)

    def format(self, **values: object) -> Text:
        """Return the sentence with its places filled in."""
        return Text(self.nl.format(**values), self.en.format(**values))


def holds(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Return whether a day lies between the first and the last day of validity, both counted; None is still open.

    >>> holds(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))
    True
    >>> holds(date(2026, 1, 1), None, date(2025, 12, 31))
    False
    """
    return valid_from <= on and (valid_to is None or on <= valid_to)
