"""The rows of a series as stretches, and the periods in which they are expected: which of them are late, or not there.

Times are whole seconds since 1970, UTC. A step belongs to the period in which it starts; a gap has as many steps as fit
in it. Ranges of periods are their first and last number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from goedebuur.core.base.periods import Period
from goedebuur.core.expectations.expected import Term
from goedebuur.core.expectations.spans import periods

Range = tuple[int, int]


class Arrived(NamedTuple):
    """A stretch of rows as it first came in: from start to end, by which leaf, received when, from whom."""

    start: int
    end: int
    leaf: int
    received: int
    submitter: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A stretch of rows that the supplier took back, and the leaf by which."""

    start: int
    end: int
    leaf: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of a term up to a moment: starts, ends, and until when their deliveries are due and not yet late.

    The first and the last are cut to the time in which the expectation holds.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    dues: tuple[int, ...]
    lates: tuple[int, ...]
    now: int

    @property
    def past(self) -> int:
        """Return how many periods, from the first on, have their grace term behind them."""
        return bisect_left(self.lates, self.now)

    def period(self, i: int) -> Period:
        """Return one of the periods."""
        return Period(*(datetime.fromtimestamp(seconds, UTC) for seconds in (self.starts[i], self.ends[i])))

    def index(self, moment: int) -> int:
        """Return in which period a moment lies; -1 before the first."""
        return bisect_right(self.starts, moment) - 1


def calendar(term: Term, now: datetime) -> Calendar:
    """Return the periods of a term that have begun by a moment."""
    one = term.expectation
    until = now if term.end is None else min(now, term.end)
    rows = []
    for period in periods(one.every, one.clock, term.start, until):
        end = period.end if term.end is None else min(period.end, term.end)
        due = one.term.after(period.end, one.clock)
        rows.append((max(period.start, term.start), end, due, one.grace.after(due, one.clock)))
    seconds = [[int(moment.timestamp()) for moment in row] for row in rows]
    starts, ends, dues, lates = (tuple(row[i] for row in seconds) for i in range(4))
    return Calendar(starts, ends, dues, lates, int(now.timestamp()))


@dataclass(slots=True)
class Rows:
    """What is there of one series: stretches that do not overlap, ascending; `own` are the expected supplier's."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    own: list[bool] = field(default_factory=list)

    @classmethod
    def of(cls, arrived: Iterable[Arrived], gone: Sequence[Gone], submitter: str) -> Rows:
        """Return what is there, the expected supplier's own first: what others delivered too does not count as theirs.

        Parameters
        ----------
        arrived
            All stretches as they came in; of those of one submitter that overlap, the first leaf counts.
        """
        rows = cls()
        listed = list(arrived)
        own = sorted(one for one in listed if one.submitter == submitter)
        if any(before.end > after.start for before, after in pairwise(own)):
            for one in sorted(own, key=lambda one: (one.leaf, one.start)):
                rows.put(one, own=True)
        elif own:
            rows.starts, rows.ends, rows.leaves, rows.received, _ = map(list, zip(*own, strict=True))
            rows.own = [True] * len(own)
        others = [one for one in listed if one.submitter != submitter] if len(own) < len(listed) else []
        for one in sorted(others, key=lambda one: (one.leaf, one.start)):
            rows.put(one, own=False)
        for taken in gone:
            rows.take(taken.start, taken.end)
        return rows

    def gaps(self, days: Calendar, step: int) -> list[tuple[int, int, int]]:
        """Return start, end and steps of what is not there in the periods with their grace term behind them."""
        past = days.past
        holes = self.holes(days.starts[0], days.ends[past - 1]) if past else []
        return [(start, end, (end - start) // step) for start, end in holes if end - start >= step]

    def begun(self, step: int, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield number of the stretch and how many of its steps start in [start, end), where there are any."""
        at = max(bisect_right(self.starts, start) - 1, 0)
        while at < len(self.starts) and self.starts[at] < end:
            n = begun(self.starts[at], (self.ends[at] - self.starts[at]) // step, step, start, end)
            if n:
                yield at, n
            at += 1

    def put(self, one: Arrived, *, own: bool) -> None:
        """Add a stretch where nothing is yet."""
        for start, end in self.holes(one.start, one.end):
            at = bisect_left(self.starts, start)
            self.starts.insert(at, start)
            self.ends.insert(at, end)
            self.received.insert(at, one.received)
            self.leaves.insert(at, one.leaf)
            self.own.insert(at, own)

    def holes(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where nothing is between two moments."""
        found = []
        at = max(bisect_right(self.starts, start) - 1, 0)
        while at < len(self.starts) and self.starts[at] < end:
            if self.ends[at] > start:
                if self.starts[at] > start:
                    found.append((start, self.starts[at]))
                start = self.ends[at]
            at += 1
        if start < end:
            found.append((start, end))
        return found

    def take(self, start: int, end: int) -> None:
        """Take away what is there between two moments."""
        at = max(bisect_right(self.starts, start) - 1, 0)
        while at < len(self.starts) and self.starts[at] < end:
            if self.ends[at] <= start:
                at += 1
                continue
            kept = [(self.starts[at], min(start, self.ends[at])), (max(end, self.starts[at]), self.ends[at])]
            kept = [one for one in kept if one[0] < one[1]]
            n = len(kept)
            self.received[at : at + 1] = [self.received[at]] * n
            self.leaves[at : at + 1] = [self.leaves[at]] * n
            self.own[at : at + 1] = [self.own[at]] * n
            self.starts[at : at + 1] = [one[0] for one in kept]
            self.ends[at : at + 1] = [one[1] for one in kept]
            at += n


def gap_ranges(gaps: Sequence[tuple[int, int, int]], days: Calendar, step: int) -> list[Range]:
    """Return the periods in which steps of each gap start, ascending."""
    last = days.past - 1
    return [(days.index(start), min(days.index(start + (steps - 1) * step), last)) for start, _, steps in gaps]


def late_ranges(rows: Rows, days: Calendar, step: int) -> list[Range]:
    """Return the periods in which rows of the expected supplier came after the grace term, ascending."""
    found = []
    for start, end, received, own in zip(rows.starts, rows.ends, rows.received, rows.own, strict=True):
        if own and days.ends and start < days.ends[-1]:
            last = min(days.index(end - step), bisect_left(days.lates, received) - 1, days.past - 1)
            first = max(days.index(start), 0)
            if first <= last:
                found.append((first, last))
    return found


def other_ranges(rows: Rows, days: Calendar, step: int) -> list[Range]:
    """Return the periods in which rows came from others than the expected supplier, ascending."""
    if all(rows.own):
        return []
    found = []
    for start, end, own in zip(rows.starts, rows.ends, rows.own, strict=True):
        first, last = max(days.index(start), 0), days.index(end - step)
        if not own and first <= last and start < days.ends[-1]:
            found.append((first, last))
    return found


def begun(first: int, steps: int, step: int, start: int, end: int) -> int:
    """Return how many of some steps in a row start in [start, end)."""
    before = max(0, -(-(start - first) // step))
    until = max(0, -(-(end - first) // step))
    return min(until, steps) - min(before, steps)
