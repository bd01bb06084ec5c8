"""How a series stands to what was expected of it: on time, late, awaited, missing; and the gaps in its rows.

A delivery is judged by its rows. Of a period all rows there are came by the end of the grace term: it was on time. Rows
that came later are late, and rows that are not there after it are missing. Missing is unknown, and where a closed
delivery may hold them that is said: a closed leaf shows nothing of its series.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from goedebuur.core.base.periods import Period
from goedebuur.core.expectations.expected import Term
from goedebuur.core.expectations.rows import (
    Arrived,
    Calendar,
    Gone,
    Rows,
    begun,
    gap_ranges,
    late_ranges,
    other_ranges,
)


class State(StrEnum):
    """How one period of one series stands."""

    NOT_DUE = "not_due"
    """Its term is not over."""
    AWAITED = "awaited"
    """Its term is over, the grace term is not."""
    ON_TIME = "on_time"
    LATE = "late"
    PARTLY = "partly"
    """Some rows are missing."""
    BY_OTHERS = "by_others"
    """All rows are there, and none came from the expected supplier, or his said nothing new."""
    MISSING = "missing"
    """No row is there."""
    PERHAPS_CLOSED = "perhaps_closed"
    """No row is there that can be seen; a closed delivery may hold them."""


@dataclass(frozen=True, slots=True)
class Shut:
    """A closed leaf of which the content is not public, and since when. It may be about anything."""

    leaf: int
    closed_on: int


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    """One period of one series.

    Parameters
    ----------
    due, late_from
        When its delivery is due, and after which moment it is late.
    expected
        Steps that there should be: `on_time + late + others + missing`.
    others
        Steps that are there, and came from someone else than expected.
    last
        When the last of the late rows came; None where none was late.
    late_by
        How long after `late_from` that was. [s]
    leaves
        By which leaves rows came late.
    corrected
        Leaves by which values in it were changed or withdrawn.
    closed
        Closed leaves that may hold what is missing.
    entered_later
        Whether the expectation was put in the record only after the delivery was due.
    """

    period: Period
    due: datetime
    late_from: datetime
    state: State
    expected: int
    on_time: int
    late: int
    others: int
    missing: int
    last: datetime | None
    late_by: int
    leaves: tuple[int, ...]
    corrected: tuple[int, ...]
    closed: tuple[int, ...]
    entered_later: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that are not there, though their time with grace is over.

    Parameters
    ----------
    steps
        How many whole steps fit in it.
    withdrawn
        Leaves by which the supplier took back what was there.
    closed
        Closed leaves that may hold what is missing; where there are any, it is not certain that nothing was delivered.
    """

    period: Period
    steps: int
    withdrawn: tuple[int, ...]
    closed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one series stands to one term.

    Parameters
    ----------
    days
        The periods.
    told
        Those that are not simply on time: late, incomplete, corrected, or still open.
    past, on_time
        How many periods have their grace term behind them, and how many of those were on time.
    """

    series: str
    term: Term
    days: Calendar
    told: tuple[PeriodStanding, ...]
    gaps: tuple[Gap, ...]
    past: int
    on_time: int

    @property
    def states(self) -> dict[State, int]:
        """Return how many periods stand how, without those on time."""
        found: dict[State, int] = {}
        for one in self.told:
            found[one.state] = found.get(one.state, 0) + 1
        return found

    @property
    def missing(self) -> int:
        """Return how many steps are missing."""
        return sum(gap.steps for gap in self.gaps)


def stand(
    term: Term,
    series: str,
    days: Calendar,
    arrived: Iterable[Arrived],
    *,
    gone: Sequence[Gone] = (),
    closed: Sequence[Shut] = (),
    corrected: Sequence[tuple[int, int]] = (),
) -> Standing:
    """Return how a series stands to what was expected of it.

    Parameters
    ----------
    days
        :func:`calendar` of the term: the same for all its series.
    arrived
        All stretches of rows as they first came in, of any submitter.
    gone
        What was taken back and is not there again.
    closed
        Leaves of which nobody can see what they are about.
    corrected
        Start of each value that was changed or withdrawn, and the leaf by which.
    """
    step = term.expectation.step
    rows = Rows.of(arrived, gone, term.expectation.submitter)
    past = days.past
    gaps = rows.gaps(days, step)
    told = set(range(past, len(days.starts)))
    for first, last in (*gap_ranges(gaps, days, step), *late_ranges(rows, days, step), *other_ranges(rows, days, step)):
        told.update(range(first, last + 1))
    by_period = _by_period(corrected, days)
    told.update(by_period)
    found = [_period(i, term, days, rows, gaps, closed, tuple(sorted(by_period.get(i, ())))) for i in sorted(told)]
    shown = tuple(one for one in found if one.state is not State.ON_TIME or one.corrected)
    behind = [one for one in shown if one.state not in (State.NOT_DUE, State.AWAITED)]
    unpunctual = sum(one.state is not State.ON_TIME for one in behind)
    gap_rows = tuple(gap(start, end, steps, gone, closed) for start, end, steps in gaps)
    return Standing(series, term, days, shown, gap_rows, past, past - unpunctual)


def _by_period(corrected: Sequence[tuple[int, int]], days: Calendar) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for start, leaf in corrected:
        at = days.index(start)
        if at >= 0 and start < days.ends[at]:
            found.setdefault(at, set()).add(leaf)
    return found


def _period(
    i: int,
    term: Term,
    days: Calendar,
    rows: Rows,
    gaps: Sequence[tuple[int, int, int]],
    closed: Sequence[Shut],
    corrected: tuple[int, ...],
) -> PeriodStanding:
    step, start, end, limit = term.expectation.step, days.starts[i], days.ends[i], days.lates[i]
    on_time = late = others = last = 0
    leaves: set[int] = set()
    for at, n in rows.begun(step, start, end):
        if not rows.own[at]:
            others += n
        elif rows.received[at] <= limit:
            on_time += n
        else:
            late += n
            last = max(last, rows.received[at])
            leaves.add(rows.leaves[at])
    if i < days.past:
        lacking, since = _lacking(gaps, step, start, end)
    else:
        holes = [(a, b, (b - a) // step) for a, b in rows.holes(start, end)]
        lacking, since = sum(n for _, _, n in holes), start
    shut = tuple(one.leaf for one in closed if lacking and one.closed_on > since)
    return PeriodStanding(
        period=days.period(i),
        due=_moment(days.dues[i]),
        late_from=_moment(limit),
        state=_state(i, days, lacking, on_time, late, others, shut),
        expected=on_time + late + others + lacking,
        on_time=on_time,
        late=late,
        others=others,
        missing=lacking,
        last=_moment(last) if late else None,
        late_by=last - limit if late else 0,
        leaves=tuple(sorted(leaves)),
        corrected=corrected,
        closed=shut,
        entered_later=term.entered.timestamp() > days.dues[i],
    )


def _state(i: int, days: Calendar, lacking: int, on_time: int, late: int, others: int, shut: tuple[int, ...]) -> State:
    there = on_time + late + others
    if i >= days.past and (lacking or days.now < days.ends[i] or others == there):
        return State.NOT_DUE if days.now <= days.dues[i] else State.AWAITED
    if lacking and not there:
        return State.PERHAPS_CLOSED if shut else State.MISSING
    if lacking:
        return State.PARTLY
    if others and others == there:
        return State.BY_OTHERS
    return State.LATE if late else State.ON_TIME


def _lacking(gaps: Sequence[tuple[int, int, int]], step: int, start: int, end: int) -> tuple[int, int]:
    """Return how many missing steps start in [start, end), and since when they are missing."""
    lacking, since = 0, end
    at = max(bisect_right(gaps, (start, 2**62, 0)) - 1, 0)
    while at < len(gaps) and gaps[at][0] < end:
        n = begun(gaps[at][0], gaps[at][2], step, start, end)
        if n:
            lacking += n
            since = min(since, max(gaps[at][0], start))
        at += 1
    return lacking, since


def gap(start: int, end: int, steps: int, gone: Sequence[Gone], closed: Sequence[Shut]) -> Gap:
    """Return a gap with who may know of it: leaves that took values back, and closed ones."""
    taken = {one.leaf for one in gone if one.start < end and start < one.end}
    shut = tuple(one.leaf for one in closed if one.closed_on > start)
    return Gap(Period(_moment(start), _moment(end)), steps, tuple(sorted(taken)), shut)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
