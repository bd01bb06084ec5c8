"""Cutting hours into days, months and years on the clock that a rule names, as Ibis expressions.

An hour is counted from 1970-01-01T00:00Z and a day from 1970-01-01 on its own clock. Daylight saving enters as
literals taken from the time zone database: no engine's own zone handling decides which day an hour belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import ibis
import ibis.expr.datatypes as dt

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.exact import floored
from goedebuur.core.base.periods import Clock, zone

HOUR: Final = 3600
SECOND_MICROS: Final = 10**6
HOUR_MICROS: Final = HOUR * SECOND_MICROS
EPOCH_DAY: Final = date(1970, 1, 1)
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2069
"""Local days are known from the first hour of FIRST_YEAR to the last of LAST_YEAR; hours outside have none (null)."""


@ibis.udf.scalar.builtin(signature=((dt.timestamp,), dt.int64))
def epoch_us(moment):  # type: ignore[no-untyped-def]
    """Return the microseconds since 1970-01-01T00:00Z of a moment: the one function that an engine must offer.

    DuckDB has it; the store gives it to Spark. Ibis's own way goes by the session's clock, and takes fifty times as
    long on DuckDB.
    """


def cut(x: Any, edges: Sequence[int], labels: Sequence[int | None]) -> Any:
    """Return the label of the stretch in which an integer lies, as a binary tree of comparisons.

    Parameters
    ----------
    x
        Integer expression.
    edges
        Ascending; an edge belongs to the stretch that it opens.
    labels
        One more than edges. None gives null.
    """
    if len(labels) != len(edges) + 1:
        raise ValueError("a cut has one label more than it has edges")
    if not edges:
        return ibis.literal(labels[0], type="int64")
    middle = len(edges) // 2
    left = cut(x, edges[:middle], labels[: middle + 1])
    right = cut(x, edges[middle + 1 :], labels[middle + 1 :])
    return (x < edges[middle]).ifelse(left, right)


def hour_of(moment: Any) -> Any:
    """Return the hour (since 1970 UTC) in which a moment lies."""
    return floored(epoch_us(moment), HOUR_MICROS)


def first_hour(day: date, clock: Clock) -> int:
    """Return the hour (since 1970 UTC) with which a day begins on a clock."""
    moment = datetime(day.year, day.month, day.day, tzinfo=zone(clock))
    return int(moment.timestamp()) // HOUR


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - EPOCH_DAY).days


@lru_cache(maxsize=1)
def transitions() -> tuple[tuple[int, int], ...]:
    """Return (hour, UTC offset from then on [h]) for each change of the Dutch clock, FIRST_YEAR to LAST_YEAR."""

    def offset(hour: int) -> int:
        moment = datetime.fromtimestamp(hour * HOUR, UTC).astimezone(AMSTERDAM)
        return int((moment.utcoffset() or timedelta()) // timedelta(hours=1))

    found = []
    months = [date(year, month, 1) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]
    hours = [first_hour(day, Clock.UTC) for day in [*months, date(LAST_YEAR + 1, 1, 1)]]
    for low, high in pairwise(hours):
        if offset(low) == offset(high):
            continue
        before = low
        while high - before > 1:
            middle = (before + high) // 2
            before, high = (middle, high) if offset(middle) == offset(low) else (before, middle)
        found.append((high, offset(high)))
    return tuple(found)


def day_of(hour: Any, clock: Clock) -> Any:
    """Return the day in which an hour lies on a clock, as int64 days since 1970-01-01; null outside the known years."""
    if clock is not Clock.LOCAL:
        return floored(hour + (1 if clock is Clock.CET else 0), 24)
    begin, end = first_hour(date(FIRST_YEAR, 1, 1), clock), first_hour(date(LAST_YEAR + 1, 1, 1), clock)
    edges = [begin, *(at for at, _ in transitions()), end]
    offsets = [None, 1, *(offset for _, offset in transitions()), None]
    return floored(hour + cut(hour, edges, offsets), 24)


def hours_of(day: Any, clock: Clock) -> Any:
    """Return the number of hours in a day on a clock: 24, on the local clock 23 in spring and 25 in autumn."""
    if clock is not Clock.LOCAL:
        return ibis.literal(24, type="int64")
    days = {offset: [(at + offset) // 24 for at, to in transitions() if to == offset] for offset in (1, 2)}
    return day.isin(days[2]).ifelse(23, day.isin(days[1]).ifelse(25, 24)).cast("int64")


def month_edges(years: Sequence[int], clock: Clock, unit: str) -> tuple[list[int], list[int | None]]:
    """Return edges and labels (`year·12 + month - 1`) of the months of these years, counted in hours or days."""
    firsts = {year * 12 + month: date(year, month + 1, 1) for year in years for month in range(12)}
    return _edges(firsts, lambda label: date((label + 1) // 12, (label + 1) % 12 + 1, 1), clock, unit)


def year_edges(years: Sequence[int], clock: Clock, unit: str) -> tuple[list[int], list[int | None]]:
    """Return edges and labels (the year) of these years, counted in hours or days."""
    return _edges({year: date(year, 1, 1) for year in years}, lambda year: date(year + 1, 1, 1), clock, unit)


def place(day: date, clock: Clock, unit: str) -> int:
    """Return where a day begins: its first hour, or its number."""
    return first_hour(day, clock) if unit == "hour" else day_number(day)


def _edges(firsts: dict[int, date], after: Any, clock: Clock, unit: str) -> tuple[list[int], list[int | None]]:
    edges: list[int] = []
    labels: list[int | None] = [None]
    for label in sorted(firsts):
        begin = place(firsts[label], clock, unit)
        if edges and edges[-1] == begin:
            labels[-1] = label
        else:
            edges.append(begin)
            labels.append(label)
        edges.append(place(after(label), clock, unit))
        labels.append(None)
    return edges, labels
