"""Lengths of time as agreements name them, and the periods over which deliveries come, on the clock that they mean.

A month or a day is counted on the clock: a day of the clock change has 23 or 25 hours. An hour is an hour.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, Period, zone
from goedebuur.core.base.rulebook import Check
from goedebuur.core.expectations import rules

_SPAN: Final = re.compile(r"P(?=.)(?:(\d{1,3})M)?(?:(\d{1,3})D)?(?:T(?=.)(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?")
_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Every(StrEnum):
    """How often a delivery comes: over which stretch of the clock each of them is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """Months, days, hours and minutes, in this order added to a moment. Text: `P2M`, `P14D`, `PT36H`, `PT90M`.

    References
    ----------
    ISO 8601-1:2019, 5.5.2 (durations; years, weeks, seconds and fractions are not used)
    """

    months: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0

    @classmethod
    def read(cls, text: str, place: str = "") -> Span:
        """Return the span in a text; `expectation-malformed` for any other text."""
        found = _SPAN.fullmatch(text)
        if found is None:
            raise malformed(rules.TERM, "A term is not in the form of ISO 8601.", place, text)
        return cls(*(int(part or 0) for part in found.groups()))

    def __str__(self) -> str:
        """Return the text."""
        day = "".join(f"{n}{letter}" for n, letter in ((self.months, "M"), (self.days, "D")) if n)
        hour = "".join(f"{n}{letter}" for n, letter in ((self.hours, "H"), (self.minutes, "M")) if n)
        return f"P{day}{'T' if hour else ''}{hour}" if day or hour else "PT0H"

    def after(self, moment: datetime, clock: Clock) -> datetime:
        """Return the moment so much later, in UTC.

        A month later is the same day of the month, or its last where there is none such.
        """
        there = moment.astimezone(zone(clock)).replace(tzinfo=None)
        years, month = divmod(there.month - 1 + self.months, 12)
        year, month = there.year + years, month + 1
        day = min(there.day, calendar.monthrange(year, month)[1])
        there = there.replace(year=year, month=month, day=day) + timedelta(days=self.days)
        if not (self.months or self.days):
            return moment.astimezone(UTC) + timedelta(hours=self.hours, minutes=self.minutes)
        return there.replace(tzinfo=zone(clock)).astimezone(UTC) + timedelta(hours=self.hours, minutes=self.minutes)


def midnight(day: str, clock: Clock) -> datetime:
    """Return the first moment of a day (ISO) on a clock, in UTC."""
    return datetime.combine(datetime.fromisoformat(day).date(), time(), zone(clock)).astimezone(UTC)


def periods(every: Every, clock: Clock, first: datetime, until: datetime) -> Iterator[Period]:
    """Yield the periods from the one that holds `first` on, while they start before `until`.

    >>> year = periods(Every.YEAR, Clock.CET, datetime(2020, 5, 1, tzinfo=UTC), datetime(2021, 6, 1, tzinfo=UTC))
    >>> [one.start.isoformat() for one in year]
    ['2019-12-31T23:00:00+00:00', '2020-12-31T23:00:00+00:00']
    """
    start = _start(every, clock, first)
    while start < until:
        end = _next(every, clock, start)
        yield Period(start, end)
        start = end


def shortest(every: Every, clock: Clock) -> int:
    """Return how long the shortest period is: a day over the clock change, February. [s]"""
    if every is Every.HOUR:
        return 3600
    days = {"day": 1, "week": 7, "month": 28, "quarter": 90, "half_year": 181, "year": 365}[every]
    return days * 86_400 - (3600 if clock is Clock.LOCAL else 0)


def _start(every: Every, clock: Clock, moment: datetime) -> datetime:
    if every is Every.HOUR:
        return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    there = moment.astimezone(zone(clock)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if every is Every.WEEK:
        there -= timedelta(days=there.weekday())
    elif every in _MONTHS:
        months = _MONTHS[every]
        there = there.replace(day=1, month=(there.month - 1) // months * months + 1)
    return there.astimezone(UTC)


def _next(every: Every, clock: Clock, start: datetime) -> datetime:
    if every is Every.HOUR:
        return start + timedelta(hours=1)
    days = {Every.DAY: 1, Every.WEEK: 7}.get(every, 0)
    return Span(months=_MONTHS.get(every, 0), days=days).after(start, clock)


def malformed(check: Check, message: str, place: str, value: str = "") -> GoedeBuurError:
    """Return the error of an expectation that is not in the form that it has, by the rule that it breaks."""
    return check.error(
        message,
        place=place,
        value=value,
        hint="docs/beheer/verwachtingen.md has the fields and their forms; a day is 2026-01-31, and a term, say, P14D, "
        "P2M or PT36H.",
    )
