"""How many series at once stand to a term, in numbers: what `standing.stand` tells of each, counted.

All stretches of all series lie on one line here, so that a list of thousands of series is counted in one go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goedebuur.core.expectations.expected import Term
from goedebuur.core.expectations.rows import Calendar, Rows, other_ranges
from goedebuur.core.expectations.standing import Shut

Whole = NDArray[np.int64]
NEVER: Final = -1


@dataclass(frozen=True, slots=True)
class Tally:
    """How one series stands to one term, in numbers.

    Parameters
    ----------
    past, on_time
        Periods that have their grace term behind them, and how many of them were on time and whole.
    late
        Periods in which rows came late, also where others are missing.
    incomplete, perhaps_closed
        Periods in which rows are missing: for certain, and where none can be seen but a closed delivery may hold them.
    gaps
        Start, end [s since 1970] and number of steps of each gap.
    last_late
        Number of the newest period that came late; -1 without.
    """

    past: int
    on_time: int
    late: int
    incomplete: int
    perhaps_closed: int
    gaps: tuple[tuple[int, int, int], ...]
    last_late: int

    @property
    def missing(self) -> int:
        """Return how many steps are missing."""
        return sum(steps for _, _, steps in self.gaps)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The rows of many series: of each stretch the number of its series, and what :class:`Rows` has.

    Parameters
    ----------
    rows
        Series → its rows, in the order of the numbers.
    series, starts, ends, received : ndarray, shape (stretches,)
        Number; times. [s since 1970]
    own : ndarray, shape (stretches,)
        Whether the expected supplier delivered it.
    """

    rows: Mapping[str, Rows]
    series: Whole
    starts: Whole
    ends: Whole
    received: Whole
    own: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Mapping[str, Rows]) -> Lines:
        """Return the rows of many series on one line."""
        every = list(rows.values())

        def joined(name: str) -> Whole:
            return np.array([value for one in every for value in getattr(one, name)], np.int64)

        counts = [len(one.starts) for one in every]
        numbers = np.repeat(np.arange(len(every), dtype=np.int64), counts)
        own = joined("own").astype(np.bool_)
        return cls(rows, numbers, joined("starts"), joined("ends"), joined("received"), own)


@dataclass(frozen=True, slots=True, eq=False)
class _Ranges:
    """Of some series the first and last of periods in a row."""

    series: Whole
    first: Whole
    last: Whole

    def beside(self, other: _Ranges) -> _Ranges:
        """Return these and others."""
        return _Ranges(
            np.concatenate([self.series, other.series]),
            np.concatenate([self.first, other.first]),
            np.concatenate([self.last, other.last]),
        )

    def lengths(self, series: int, most: int) -> list[int]:
        """Return how many periods are in any of the ranges, of each series.

        Parameters
        ----------
        most
            How many periods there are.
        """
        order = np.lexsort((self.first, self.series))
        apart = self.series[order] * (most + 1)
        first, last = self.first[order] + apart, self.last[order] + apart
        before = np.maximum.accumulate(np.concatenate([[NEVER], last]))[:-1]
        new = np.maximum(last - np.maximum(first, before + 1) + 1, 0)
        total = np.bincount(self.series[order], weights=new, minlength=series)
        return [int(n) for n in total.tolist()]


def tallies(term: Term, days: Calendar, lines: Lines, closed: Sequence[Shut] = ()) -> dict[str, Tally]:
    """Return series → how it stands to what was expected of it, in numbers.

    Parameters
    ----------
    days
        :func:`goedebuur.core.expectations.rows.calendar` of the term.
    closed
        Leaves of which nobody can see what they are about.
    """
    names, past = list(lines.rows), days.past
    if not past:
        return {name: Tally(0, 0, 0, 0, 0, (), NEVER) for name in names}
    step, n = term.expectation.step, len(names)
    starts, lates = np.array(days.starts, np.int64), np.array(days.lates, np.int64)
    late = _late(lines, days, step, starts, lates)
    owner, begin, finish, steps = _gaps(lines, days, step, n)
    lacking = _Ranges(owner, _index(starts, begin), np.minimum(_index(starts, begin + (steps - 1) * step), past - 1))
    gaps: list[list[tuple[int, int, int]]] = [[] for _ in names]
    for i, *gap in zip(owner.tolist(), begin.tolist(), finish.tolist(), steps.tolist(), strict=True):
        gaps[i].append((gap[0], gap[1], gap[2]))
    others = _others(lines, days, step)
    amiss = lacking.beside(late).beside(others).lengths(n, past)
    late_count, lacking_count = late.lengths(n, past), lacking.lengths(n, past)
    last_late = np.full(n, NEVER, np.int64)
    np.maximum.at(last_late, late.series, late.last)
    found = {}
    for i, name in enumerate(names):
        perhaps = _perhaps(gaps[i], lines.rows[name], days, step, closed)
        found[name] = Tally(
            past=past,
            on_time=past - amiss[i],
            late=late_count[i],
            incomplete=lacking_count[i] - perhaps,
            perhaps_closed=perhaps,
            gaps=tuple(gaps[i]),
            last_late=int(last_late[i]),
        )
    return found


def _index(starts: Whole, moments: Whole) -> Whole:
    return np.searchsorted(starts, moments, "right") - 1


def _late(lines: Lines, days: Calendar, step: int, starts: Whole, lates: Whole) -> _Ranges:
    """Return the periods in which rows of the expected supplier came after the grace term."""
    first = np.maximum(_index(starts, lines.starts), 0)
    last = np.minimum(_index(starts, lines.ends - step), np.searchsorted(lates, lines.received, "left") - 1)
    last = np.minimum(last, days.past - 1)
    there = lines.own & (lines.starts < days.ends[-1]) & (first <= last)
    return _Ranges(lines.series[there], first[there], last[there])


def _gaps(lines: Lines, days: Calendar, step: int, n: int) -> tuple[Whole, Whole, Whole, Whole]:
    """Return series, start, end and steps of what is not there in the periods that are past, by series and start."""
    low, high = days.starts[0], days.ends[days.past - 1]
    size = len(lines.starts)
    # between n stretches lie n + 1 holes: before the first of a series, and after each
    place = np.arange(size) + lines.series
    begin, finish = np.full(size + n, low, np.int64), np.full(size + n, high, np.int64)
    finish[place] = lines.starts
    begin[place + 1] = lines.ends
    owner = np.sort(np.concatenate([lines.series, np.arange(n, dtype=np.int64)]))
    begin, finish = np.clip(begin, low, high), np.clip(finish, low, high)
    steps = (finish - begin) // step
    there = steps > 0
    return owner[there], begin[there], finish[there], steps[there]


def _others(lines: Lines, days: Calendar, step: int) -> _Ranges:
    """Return the periods, one by one, in which rows came from others alone."""
    found: list[tuple[int, int]] = []
    for number in np.unique(lines.series[~lines.own]).tolist():
        rows = list(lines.rows.values())[number]
        for first, last in other_ranges(rows, days, step):
            found += [
                (number, i)
                for i in range(first, min(last, days.past - 1) + 1)
                if not any(rows.own[at] for at, _ in rows.begun(step, days.starts[i], days.ends[i]))
            ]
    numbers = np.array([number for number, _ in found], np.int64)
    periods = np.array([i for _, i in found], np.int64)
    return _Ranges(numbers, periods, periods)


def _perhaps(
    gaps: Sequence[tuple[int, int, int]], rows: Rows, days: Calendar, step: int, closed: Sequence[Shut]
) -> int:
    """Return in how many periods no row is, where a leaf that was closed after they began may hold them."""
    newest = max((one.closed_on for one in closed), default=0)
    shortest = min(end - start for start, end in zip(days.starts, days.ends, strict=True))
    found: set[int] = set()
    for start, end, steps in gaps:
        if start >= newest or end - start <= shortest - step:
            continue
        first, last = days.index(start), min(days.index(start + (steps - 1) * step), days.past - 1)
        for i in range(first, last + 1):
            none = first < i < last or not any(rows.begun(step, days.starts[i], days.ends[i]))
            if none and newest > max(start, days.starts[i]):
                found.add(i)
    return len(found)
