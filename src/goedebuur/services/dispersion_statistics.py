"""Statistics of hours at places by name: means, highest, percentiles, hours and days over a level, running means.

A name has its parts in it: `high-19` is the nineteenth highest hour, `p99.5` a percentile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Clock, zone

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from goedebuur.core.weather.sun import Floats

UNKNOWN: Final = declare("query-unknown-statistic", "No statistic of hours has that name.")
STATISTICS: Final[dict[str, str]] = {
    "mean": "mean of the hours",
    "highest": "highest hour",
    "high-N": "N-th highest hour",
    "pP": "hour so high that no more than the rest of the P percent are higher",
    "hours-over-L": "hours above L",
    "day-highest": "highest mean of a day",
    "day-high-N": "N-th highest mean of a day",
    "days-over-L": "days with a mean above L",
    "running-8h": "highest running mean of eight hours",
    "running-8h-high-N": "N-th highest of the highest running means of the days",
}
"""Form of a name → what it is; N is a whole number from 1, P a percentage up to 100, L a concentration."""
_FORM: Final = re.compile(
    r"(?P<mean>mean)|p(?P<percent>\d{1,3}(?:\.\d+)?)|(?P<over>hours|days)-over-(?P<limit>\d+(?:\.\d+)?)"
    r"|(?P<eight>running-8h)|(?P<of>day-|running-8h-)?(?:highest|high-(?P<nth>[1-9]\d{0,5}))"
)
HOURS, DAYS, RUNNING = "hours", "days", "running"
TAKEN: Final = {None: HOURS, "day-": DAYS, "running-8h-": RUNNING}
LENGTH: Final = 8
LEAST: Final = {LENGTH: 6, 24: 18}
"""Hours of eight, and hours or running means of a day, without which there is no mean (2008/50/EC, Annex XI B)."""
WORKED_ON: Final = 2**28
"""Bytes of those of which all threads together make statistics at once."""
HOUR: Final = timedelta(hours=1)
UNITS: Final = "µg m-3"


@dataclass(frozen=True, slots=True)
class Statistic:
    """What a name of a statistic says.

    Parameters
    ----------
    of
        Of the hours, the means of days, or the highest running means of days.
    percent, nth, over
        One of them, or none for the mean. [%], from the highest, [µg m⁻³]
    """

    of: str
    percent: Fraction | None = None
    nth: int | None = None
    over: float | None = None

    @classmethod
    def named(cls, name: str) -> Statistic:
        """Return the statistic of that name.

        Raises
        ------
        GoedeBuurError
            `query-unknown-statistic`.

        Examples
        --------
        >>> Statistic.named("running-8h-high-26")
        Statistic(of='running', percent=None, nth=26, over=None)
        """
        found = _FORM.fullmatch(name)
        percent = Fraction(found["percent"]) if found and found["percent"] else None
        if found is None or (percent is not None and not 0 < percent <= 100):
            raise GoedeBuurError(
                UNKNOWN,
                "No statistic of hours has that name.",
                value=name,
                hint=f"Give one of {', '.join(STATISTICS)}, as high-19, p99.5 or days-over-50.",
            )
        if found["over"]:
            return cls(found["over"], over=float(found["limit"]))
        if found["mean"] or percent is not None:
            return cls(HOURS, percent=percent)
        return cls(RUNNING if found["eight"] else TAKEN[found["of"]], nth=int(found["nth"] or 1))

    @property
    def units(self) -> str:
        """Return the unit of what it gives."""
        return UNITS if self.over is None else self.of

    def rank(self, count: int) -> int | None:
        """Return which value it is of so many, the lowest 0; None for a mean or a count, or where there are too few."""
        if self.percent is not None:
            return ceil(self.percent * count / 100) - 1
        return count - self.nth if self.nth is not None and self.nth <= count else None

    def of_values(self, values: Floats, ordered: Floats) -> Floats:
        """Return it of values of shape (places, n), and of the same with those of a rank in their place."""
        import numpy as np

        count = values.shape[1]
        if count == 0:
            return np.full(len(values), np.nan)
        if self.over is not None:
            return np.asarray((values > self.over).sum(axis=1), np.float64)
        if self.percent is None and self.nth is None:
            return np.asarray(values.mean(axis=1))
        rank = self.rank(count)
        return np.full(len(values), np.nan) if rank is None else ordered[:, rank].copy()


@dataclass(frozen=True, slots=True)
class Times:
    """When hours are.

    Parameters
    ----------
    after
        How many hours after the first, shape (n,).
    days
        Of which day each hour from the first to the last is, shape (all hours,).
    """

    after: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]

    @classmethod
    def of(cls, starts: Sequence[datetime], clock: Clock) -> Times:
        """Return when hours in order are; days without a zone are cut as they stand, whatever the clock."""
        import numpy as np

        told = zone(clock)
        after = np.array([(one - starts[0]) // HOUR for one in starts], np.int64)
        if (np.diff(after) <= 0).any():
            raise ValueError("hours come in order, each once")
        every = (starts[0] + number * HOUR for number in range(int(after[-1]) + 1 if len(after) else 0))
        days = [(one.astimezone(told) if one.tzinfo is not None else one).toordinal() for one in every]
        return cls(after, np.array(days, np.int64))


def of_hours(
    values: Floats, starts: Sequence[datetime], names: Sequence[str], clock: Clock = Clock.CET
) -> dict[str, Floats]:
    """Return statistics of hours at places, by name; each of shape (places,).

    Where there is nothing to make one of (no hour or day counts, fewer than N hours) it is NaN.

    Parameters
    ----------
    values
        Shape (hours, places), the hours in order; an hour with a NaN does not count. [µg m⁻³]
    clock
        On which days are cut.

    Raises
    ------
    GoedeBuurError
        `query-unknown-statistic`.
    """
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    wanted = {name: Statistic.named(name) for name in names}
    told = Times.of(starts, clock)
    threads = os.cpu_count() or 1
    at_once = max(1, WORKED_ON // (8 * max(len(values), 1) * threads))
    parts = [slice(first, first + at_once) for first in range(0, values.shape[1], at_once)]
    counts = np.ones(len(values), np.bool_)
    for part in parts:
        counts &= ~np.isnan(values[:, part]).any(axis=1)
    times = Times(told.after[counts], told.days)

    def of_part(part: slice) -> dict[str, Floats]:
        return _of_places(np.ascontiguousarray(values[counts, part].T), times, wanted)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(of_part, parts))
    return {name: np.concatenate([np.empty(0), *(one[name] for one in found)]) for name in wanted}


def _of_places(hours: Floats, times: Times, wanted: Mapping[str, Statistic]) -> dict[str, Floats]:
    """Return statistics of the hours that count, of shape (places, hours)."""
    import numpy as np

    makes: dict[str, Callable[[], Floats]] = {
        HOURS: lambda: hours,
        DAYS: lambda: _days(hours, times),
        RUNNING: lambda: _running(hours, times),
    }
    found: dict[str, Floats] = {}
    for of, make in makes.items():
        mine = {name: one for name, one in wanted.items() if one.of == of}
        if mine:
            values = make()
            ranks = sorted({rank for one in mine.values() if (rank := one.rank(values.shape[1])) is not None})
            ordered = np.partition(values, ranks, axis=1) if ranks and values.shape[1] else values
            found |= {name: one.of_values(values, ordered) for name, one in mine.items()}
    return found


def _days(hours: Floats, times: Times) -> Floats:
    """Return the means of the days that have one, of shape (places, days)."""
    import numpy as np

    found = [hours[:, one].mean(axis=1) for one in _by_day(times.days[times.after])]
    return np.stack(found, axis=1) if found else np.empty((len(hours), 0))


def _running(hours: Floats, times: Times) -> Floats:
    """Return the highest running mean of eight hours of the days that have one, of shape (places, days).

    A running mean is of the day in which its last hour is, also where that hour does not count.
    """
    import numpy as np

    length = len(times.days)
    every, there = np.zeros((len(hours), length + LENGTH - 1)), np.zeros(length + LENGTH - 1)
    every[:, times.after + LENGTH - 1] = hours
    there[times.after + LENGTH - 1] = 1
    sums, count = np.zeros((len(hours), length)), np.zeros(length)
    for back in range(LENGTH):
        sums += every[:, back : back + length]
        count += there[back : back + length]
    enough = count >= LEAST[LENGTH]
    means = sums[:, enough] / count[enough]
    found = [means[:, one].max(axis=1) for one in _by_day(times.days[enough])]
    return np.stack(found, axis=1) if found else np.empty((len(hours), 0))


def _by_day(days: npt.NDArray[np.int64]) -> Iterator[slice]:
    """Yield which values are of each day that has enough of them, days being in order."""
    import numpy as np

    _, first, count = np.unique(days, return_index=True, return_counts=True)
    yield from (
        slice(int(start), int(start + size)) for start, size in zip(first, count, strict=True) if size >= LEAST[24]
    )
