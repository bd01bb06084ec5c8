"""Rows of one series as hours, days and running means, in whole numbers: `measurements.averaging`, one row at a time.

The engine's expressions work on all stations at once and need a database; a checker at home has one series and Python
alone. Each function here names its twin there, and tests hold the two together. Clocks are UTC and CET: a rule on the
civil clock is refused, since a machine may know no time zones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import lcm
from typing import Final

from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.quantities import MICRO, ratio
from goedebuur.core.compliance.rows import Share
from goedebuur.core.ledger.blocks import Row

HOUR: Final = 3600
DAY: Final = 86400
OFFSETS: Final = {Clock.UTC: 0, Clock.CET: 1}
"""Hours that a clock is ahead of UTC, all year."""
DAY_HOURS: Final = 24
_EPOCH: Final = date(1970, 1, 1)

Key = tuple[int, int]
"""Start [µs since 1970 UTC] and step [s] of a row."""


@dataclass(frozen=True, slots=True)
class Value:
    """A usable row: its start [s since 1970 UTC, rounded down], step [s] and value [10⁻⁶ canonical units]."""

    start: int
    step: int
    micro: int
    whole: bool
    """Whether the start is a multiple of the step: what is not has no place in an hour."""

    @property
    def hour(self) -> int:
        """Return the hour (since 1970 UTC) in which it starts."""
        return self.start // HOUR


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of an hour, day, window or month: total / n [10⁻⁶ canonical units], labelled `at`.

    Parameters
    ----------
    at
        The hour or day since 1970, or `year·12 + month - 1`.
    n
        Number of values in the sum; of a day's highest running mean the number that all means are multiplied by.
    expected, measured
        How many values a complete one has, and how many there are.
    """

    at: int
    total: int
    n: int
    expected: int
    measured: int

    @property
    def micro(self) -> int:
        """Return the mean rounded to 10⁻⁶, halves away from zero."""
        magnitude = (2 * abs(self.total) + self.n) // (2 * self.n)
        return -magnitude if self.total < 0 else magnitude

    def enough(self, share: Share) -> bool:
        """Return whether this part of the values is there."""
        return self.measured * share[1] >= self.expected * share[0]


def values(rows: Mapping[Key, Row], quantity: str, start: int, end: int) -> list[Value]:
    """Return the usable rows that start in [start, end) [µs since 1970 UTC], by start and step.

    Raises
    ------
    GoedeBuurError
        `input-quantity`, `input-unit`.
    ValueError
        For a value that is no whole number of millionths.
    """
    found = []
    for (at, step), row in sorted(rows.items()):
        if not start <= at < end or row.value is None or row.flags & UNUSABLE:
            continue
        num, den = ratio(quantity, row.unit)
        micro, rest = divmod(row.value * num * MICRO, den * 10**row.decimals)
        if rest:
            raise ValueError("finer than millionths")
        found.append(Value(at // MICRO, step, micro, step > 0 and at % (step * MICRO) == 0))
    return found


def hours(found: Iterable[Value], share: Share) -> list[Mean]:
    """Return the valid hourly means: see `averaging.hours`. One hourly value is its own mean."""
    means, shorter = [], dict[int, list[Value]]()
    for one in found:
        if one.step == HOUR and one.whole:
            means.append(Mean(one.hour, one.micro, 1, 1, 1))
        elif 0 < one.step < HOUR and one.whole:
            shorter.setdefault(one.hour, []).append(one)
    for at, group in shorter.items():
        expected = HOUR // max(one.step for one in group)
        means.append(Mean(at, sum(one.micro for one in group), len(group), expected, len(group)))
    return sorted((mean for mean in means if mean.enough(share)), key=lambda mean: mean.at)


def days(hourly: Iterable[Mean], clock: Clock) -> list[Mean]:
    """Return all days with a valid hour: see `averaging.days`."""
    return [
        Mean(at, total, n, DAY_HOURS, n)
        for at, (total, n) in _sums((day_of(hour.at, clock), hour.micro) for hour in hourly)
    ]


def daily_values(found: Iterable[Value], clock: Clock) -> list[Mean]:
    """Return samples of 24 hours as the day in which their middle lies: see `averaging.daily_values`."""
    sampled = ((day_of(one.hour + DAY_HOURS // 2, clock), one.micro) for one in found if one.step == DAY)
    return [Mean(at, total, n, 1, n) for at, (total, n) in _sums(sampled)]


def maxima(hourly: Iterable[Mean], clock: Clock, eight: Share, share: Share, width: int) -> list[Mean]:
    """Return the days with enough running means and the highest of these: `averaging.running`, then `day_maxima`."""
    common = lcm(*range(1, width + 1))
    highest: dict[int, tuple[int, int]] = {}
    for at, total, n in _trailing(((hour.at, hour.micro, 1) for hour in hourly), width):
        if n * eight[1] < width * eight[0]:
            continue
        scaled, day = total * (common // min(n, width)), day_of(at, clock)
        most, windows = highest.get(day, (scaled, 0))
        highest[day] = max(most, scaled), windows + 1
    found = (Mean(day, total, common, DAY_HOURS, windows) for day, (total, windows) in sorted(highest.items()))
    return [mean for mean in found if mean.enough(share)]


def seasons(daily: Iterable[Mean], year: int, width: int) -> list[Mean]:
    """Return the means of days over `width` consecutive months within a year: see `averaging.peak_season`."""
    monthly = _sums((month_of(day.at), day.micro) for day in daily if month_of(day.at) // 12 == year)
    source = ((at, total, n) for at, (total, n) in monthly)
    return [
        Mean(at, total, n, day_number(at + 1) - day_number(at + 1 - width), n)
        for at, total, n in _trailing(source, width)
        if at // 12 == year and at % 12 >= width - 1
    ]


def ranked(micros: Iterable[int], share: Share) -> int:
    """Return the value with rank ⌈p·N⌉: Hyndman & Fan (1996), definition 1; see `averaging.percentiles`."""
    ordered = sorted(micros)
    rank = -(-share[0] * len(ordered) // share[1])
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def day_of(hour: int, clock: Clock) -> int:
    """Return the day since 1970 in which an hour lies on a clock."""
    return (hour + OFFSETS[clock]) // DAY_HOURS


def first_hour(day: int, clock: Clock) -> int:
    """Return the hour (since 1970 UTC) with which a day since 1970 begins on a clock."""
    return day * DAY_HOURS - OFFSETS[clock]


def day_number(month: int) -> int:
    """Return the days from 1970 to the first of a month (`year·12 + month - 1`)."""
    return (date(month // 12, month % 12 + 1, 1) - _EPOCH).days


def month_of(day: int) -> int:
    """Return the month (`year·12 + month - 1`) of a day since 1970."""
    found = date.fromordinal(_EPOCH.toordinal() + day)
    return found.year * 12 + found.month - 1


def _sums(labelled: Iterable[tuple[int, int]]) -> list[tuple[int, tuple[int, int]]]:
    """Return sum and number by label, ascending."""
    found: dict[int, tuple[int, int]] = {}
    for at, micro in labelled:
        total, n = found.get(at, (0, 0))
        found[at] = total + micro, n + 1
    return sorted(found.items())


def _trailing(labelled: Iterable[tuple[int, int, int]], width: int) -> Iterator[tuple[int, int, int]]:
    """Yield (label, total, number) over the `width` labels up to each, wherever one of them is there."""
    found: dict[int, tuple[int, int]] = {}
    for at, micro, number in labelled:
        for label in range(at, at + width):
            total, n = found.get(label, (0, 0))
            found[label] = total + micro, n + number
    for label in sorted(found):
        yield (label, *found[label])
