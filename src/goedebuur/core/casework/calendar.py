"""Days on which no term ends: Saturday, Sunday, and what the Algemene termijnenwet calls a recognised holiday.

The rows are in `rules/tables/holidays.csv`. References: Algemene termijnenwet (BWBR0002448) art. 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from goedebuur.core.base.sourced import Status, Text, holds

SATURDAY, SUNDAY = 5, 6


class HolidayRule(StrEnum):
    """How the day of a holiday follows from the year."""

    FIXED = "fixed"
    """The same day each year; `at` is `12-25`."""
    FIXED_NOT_SUNDAY = "fixed_not_sunday"
    """The same day, but the day before where that is a Sunday; `at` is `04-27`."""
    EASTER = "easter"
    """A number of days after Easter Sunday; `at` is `+1`, `-2`."""
    DAY = "day"
    """One day alone, equated by royal decree; `at` is `2027-05-07`."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One row: a day that is a holiday, or is put on a par with one.

    Parameters
    ----------
    at
        When, in the form of its :class:`HolidayRule`.
    valid_from, valid_to
        First and last day for which the row holds; None for still.
    """

    id: str
    rule: HolidayRule
    at: str
    valid_from: date
    valid_to: date | None
    name: Text
    reference: str
    article: str
    status: Status

    def __post_init__(self) -> None:
        self._day(2024)

    def day(self, year: int) -> date | None:
        """Return the day of this holiday in a year; None where it has none then."""
        found = self._day(year)
        return found if found.year == year and holds(self.valid_from, self.valid_to, found) else None

    def _day(self, year: int) -> date:
        if self.rule is HolidayRule.DAY:
            return date.fromisoformat(self.at)
        if self.rule is HolidayRule.EASTER:
            return easter(year) + timedelta(days=int(self.at))
        found = date.fromisoformat(f"{year:04}-{self.at}")
        early = self.rule is HolidayRule.FIXED_NOT_SUNDAY and found.weekday() == SUNDAY
        return found - timedelta(days=1) if early else found


@dataclass(frozen=True, slots=True)
class Calendar:
    """All rows, asked by day.

    Parameters
    ----------
    decreed_from, decreed_to
        Years of which the royal decrees that equate days are among the rows; a term that ends in another year may
        in truth end later.
    """

    rows: tuple[Holiday, ...]
    decreed_from: int
    decreed_to: int

    @classmethod
    def of(cls, rows: Iterable[Holiday]) -> Calendar:
        """Return the calendar of these rows; its decrees span the years of the rows that are one day."""
        kept = tuple(rows)
        years = [date.fromisoformat(row.at).year for row in kept if row.rule is HolidayRule.DAY]
        return cls(kept, min(years, default=0), max(years, default=-1))

    def holiday(self, day: date) -> Holiday | None:
        """Return the holiday on a day; None where it is none."""
        return next((row for row in self.rows if row.day(day.year) == day), None)

    def free(self, day: date) -> bool:
        """Return whether a day is a Saturday, a Sunday or a holiday."""
        return day.weekday() in (SATURDAY, SUNDAY) or self.holiday(day) is not None

    def complete(self, year: int) -> bool:
        """Return whether the decrees that equate days are known for a year."""
        return self.decreed_from <= year <= self.decreed_to

    def next_working(self, day: date) -> date:
        """Return this day, or the first one after it that is no Saturday, Sunday or holiday."""
        while self.free(day):
            day += timedelta(days=1)
        return day

    def working(self, first: date, last: date) -> int:
        """Return how many days from the first up to and with the last are no Saturday, Sunday or holiday."""
        return sum(not self.free(first + timedelta(days=n)) for n in range((last - first).days + 1))


def easter(year: int) -> date:
    """Return Easter Sunday of a year in the Gregorian calendar.

    References
    ----------
    Meeus, Astronomical Algorithms (1991), chapter 8: the algorithm published in Butcher's Ecclesiastical Calendar.

    >>> easter(2026).isoformat()
    '2026-04-05'
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
