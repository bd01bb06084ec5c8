"""Hours in states that are not normal, against the hours that are allowed, and the duties that come with them.

The hours of a state are those that the operator's own state signal reports. Where the state is not known the hours
may be of it: what is certain and what may be stand apart.

References
----------
Directive 2010/75/EU articles 37 and 46(6), annex V part 4, annex VI part 3 (2); Bal 4.45, 4.47, 4.90-4.93
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Final

import polars as pl

from goedebuur.core.base.periods import Clock, Period, zone
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.compliance.emissions.regimes import HoursOf, StateRow, Window

HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Run:
    """A state without interruption, from its first to its last short average.

    Parameters
    ----------
    hours
        For certain. [h]
    hours_may
        With what comes before and after it of which the state is not known, and the runs beyond that. [h]
    notify_by
        Before when the authority is told; None without such a duty.
    """

    state: str
    start: datetime
    end: datetime
    hours: Fraction
    hours_may: Fraction
    notify_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class HoursVerdict:
    """What the hours of a state come to against one bound.

    Parameters
    ----------
    bound
        `run` or `period`.
    until
        Last moment of the run, or of the twelve months or the year, in which there were most.
    hours, hours_may, allowed
        [h]
    """

    row: str
    state: str
    bound: str
    article: str
    outcome: Outcome
    code: str
    until: datetime | None
    hours: Fraction
    hours_may: Fraction
    allowed: int


def runs(short: pl.DataFrame, row: StateRow) -> tuple[Run, ...]:
    """Return the runs of a state in short averages that are sorted by start; a gap in them is a state not known."""
    found: list[Run] = []
    state = str(row.state)
    told = _rows(short)
    at = 0
    while at < len(told):
        if told[at][2] != state:
            at += 1
            continue
        first = at
        while at + 1 < len(told) and told[at + 1][2] == state and _joins(told[at], told[at + 1]):
            at += 1
        start, end = told[first][0], told[at][0] + timedelta(seconds=told[at][1])
        hours = sum(one[1] for one in told[first : at + 1])
        may = hours + _beside(told, first, -1, state) + _beside(told, at, 1, state)
        by = end if row.notify_hours is None else start + timedelta(hours=row.notify_hours)
        notify = by if row.notify_hours is not None else None
        found.append(Run(state, start, end, Fraction(hours, HOUR), Fraction(may, HOUR), notify))
        at += 1
    return tuple(found)


_Row = tuple[datetime, int, str]


def _rows(short: pl.DataFrame) -> list[_Row]:
    return short.select("start", "length", "state").rows()


def _joins(one: _Row, after: _Row) -> bool:
    return one[0] + timedelta(seconds=one[1]) == after[0]


def _beside(told: Sequence[_Row], at: int, way: int, state: str) -> int:
    """Return how long a run may go on to one side: what is not known, and the state itself beyond that. [s]"""
    seconds = 0
    while 0 <= at + way < len(told):
        a, b = (told[at], told[at + way]) if way > 0 else (told[at + way], told[at])
        seconds += (b[0] - a[0]) // timedelta(seconds=1) - a[1]
        if told[at + way][2] not in ("unknown", state):
            break
        seconds += told[at + way][1]
        at += way
    return seconds


def verdicts(
    short: pl.DataFrame, row: StateRow, year: int, exceeding: Iterable[datetime] = ()
) -> tuple[HoursVerdict, ...]:
    """Return what the hours of a state in a year come to against each bound of its row; none where it has no bound.

    Parameters
    ----------
    short
        Short averages of a stream at the point, sorted; of twelve months before the year as well, as far as there are.
    exceeding
        Starts of short averages in which a limit is exceeded for certain, where the row counts only these.
    """
    if not row.status.decides:
        return ()
    found: list[HoursVerdict] = []
    period = Period.year(year, Clock.LOCAL)
    above = set(exceeding)
    only = row.hours_of is HoursOf.EXCEEDING
    if row.run_hours is not None:
        inside = [one for one in runs(short, row) if period.start < one.end and one.start < period.end]
        certain = max(inside, key=lambda one: _hours(one, short, above, only=only), default=None)
        hours = _hours(certain, short, above, only=only) if certain is not None else Fraction(0)
        may = max((one.hours_may for one in inside), default=Fraction(0))
        may = max(may, _longest(short, str(row.state), period))
        until = certain.end if certain is not None else None
        found.append(_verdict(row, "run", hours, may, row.run_hours, until))
    if row.period_hours is not None:
        hours, may, until = _added(short, row, year, above)
        found.append(_verdict(row, "period", hours, may, row.period_hours, until))
    return tuple(found)


def _longest(short: pl.DataFrame, state: str, period: Period) -> Fraction:
    """Return the longest time in a period of which nothing says that it was not of a state. [h]"""
    longest, now, at = timedelta(0), timedelta(0), period.start
    for start, length, name in _rows(short):
        end = start + timedelta(seconds=length)
        if end <= period.start or start >= period.end:
            continue
        now += max(start - at, timedelta(0))
        longest, at = max(longest, now), end
        now = now + (end - start) if name in (state, "unknown") else timedelta(0)
        longest = max(longest, now)
    longest = max(longest, now + max(period.end - at, timedelta(0)))
    return Fraction(longest // timedelta(seconds=1), HOUR)


def _hours(run: Run, short: pl.DataFrame, above: set[datetime], *, only: bool) -> Fraction:
    """Return the hours of a run that count: of a state with exceedance the longest stretch in which each exceeds."""
    if not only:
        return run.hours
    inside = short.filter((pl.col("start") >= run.start) & (pl.col("start") < run.end))
    longest = now = 0
    for start, length in inside.select("start", "length").iter_rows():
        now = now + length if start in above else 0
        longest = max(longest, now)
    return Fraction(longest, HOUR)


def _verdict(
    row: StateRow, bound: str, hours: Fraction, may: Fraction, allowed: int, until: datetime | None
) -> HoursVerdict:
    if hours > allowed:
        outcome, code = Outcome.EXCEEDS, "hours-above"
    elif may > allowed:
        outcome, code = Outcome.UNDETERMINED, "state-open"
    else:
        outcome, code = Outcome.MEETS, "hours-not-above"
    return HoursVerdict(row.id, str(row.state), bound, row.article, outcome, code, until, hours, may, allowed)


def _added(
    short: pl.DataFrame, row: StateRow, year: int, above: set[datetime]
) -> tuple[Fraction, Fraction, datetime | None]:
    """Return the most hours of a state in the year, or in any twelve months that end in it, and until when."""
    period = Period.year(year, Clock.LOCAL)
    only = row.hours_of is HoursOf.EXCEEDING
    before = period.start.replace(year=period.start.year - 1)
    start = period.start if row.window is Window.CALENDAR_YEAR else before
    inside = short.filter((pl.col("start") >= start) & (pl.col("start") < period.end))
    state = [(at, length, at in above if only else True) for at, length, name in _rows(inside) if name == row.state]
    if row.window is Window.CALENDAR_YEAR:
        known = sum(inside.filter(pl.col("state") != "unknown")["length"])
        whole = (period.end - start) // timedelta(seconds=1)
        seconds = sum(length for _, length, counts in state if counts)
        may = sum(length for _, length, _ in state) + whole - known
        return Fraction(seconds, HOUR), Fraction(may, HOUR), state[-1][0] if state else None
    most, until = _any_twelve_months(state, period.start)
    may = max(most, _may_twelve_months(inside, str(row.state), period))
    return Fraction(most, HOUR), Fraction(may, HOUR), until


def _any_twelve_months(state: Sequence[tuple[datetime, int, bool]], since: datetime) -> tuple[int, datetime | None]:
    most, until, total, first = 0, None, 0, 0
    for at, length, counts in state:
        total += length if counts else 0
        while state[first][0] <= year_before(at):
            total -= state[first][1] if state[first][2] else 0
            first += 1
        if total > most and at >= since:
            most, until = total, at + timedelta(seconds=length)
    return most, until


def _may_twelve_months(short: pl.DataFrame, state: str, period: Period) -> int:
    """Return the most time, in twelve months that end in a year, of which nothing says that it was not of a state. [s]

    Of the twelve months that end with such time: those that do not add nothing to what was of the state before.
    """
    begins: list[datetime] = []
    ends: list[datetime] = []
    for at, length, _ in _rows(short.filter(~pl.col("state").is_in([state, "unknown"])).sort("start")):
        end = at + timedelta(seconds=length)
        if ends and at <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            begins.append(at)
            ends.append(end)
    lengths = [(end - begin) // timedelta(seconds=1) for begin, end in zip(begins, ends, strict=True)]
    sums = list(accumulate(lengths, initial=0))

    def known(moment: datetime) -> int:
        place = bisect_right(begins, moment) - 1
        if place < 0:
            return 0
        return sums[place] + min((moment - begins[place]) // timedelta(seconds=1), lengths[place])

    def ends_open(moment: datetime) -> bool:
        place = bisect_left(begins, moment) - 1
        return place < 0 or ends[place] < moment

    edges = [*begins, *ends]
    moments = {period.end, *edges, *(_year_after(one) for one in edges)}
    return max(
        (
            (one - year_before(one)) // timedelta(seconds=1) - known(one) + known(year_before(one))
            for one in moments
            if period.start < one <= period.end and ends_open(one)
        ),
        default=0,
    )


def _year_after(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, month=3, day=1)


def year_before(moment: datetime) -> datetime:
    """Return the same moment a year before; 28 February for 29 February.

    >>> from datetime import UTC
    >>> year_before(datetime(2028, 2, 29, tzinfo=UTC)).date().isoformat()
    '2027-02-28'
    """
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)


def beyond(short: pl.DataFrame, rows: Sequence[StateRow]) -> pl.Series:
    """Return the starts of short averages in a state that had already lasted as long as it may, or may have.

    Whether a limit counts again after that the text does not say, so that these may count.

    Parameters
    ----------
    short
        As in :func:`verdicts`. Hours before its first row are not known, and are not taken to have been used: the
        verdict on the hours says that they are not known.
    """
    found: list[datetime] = []
    for row in rows:
        if row.run_hours is not None:
            for run in runs(short, row):
                spare = timedelta(hours=row.run_hours) - timedelta(hours=float(run.hours_may - run.hours))
                found += _from(short, run, run.start + max(spare, timedelta(0)))
        if row.period_hours is not None:
            found += _past_budget(short, row)
    return pl.Series("start", sorted(set(found)), pl.Datetime("us", "UTC"))


def _from(short: pl.DataFrame, run: Run, moment: datetime) -> list[datetime]:
    inside = short.filter((pl.col("start") >= run.start) & (pl.col("start") < run.end))
    return [
        at for at, length in inside.select("start", "length").iter_rows() if at + timedelta(seconds=length) > moment
    ]


def _past_budget(short: pl.DataFrame, row: StateRow) -> list[datetime]:
    """Return the starts in a state at which the hours added up so far may already be all that are allowed."""
    allowed = (row.period_hours or 0) * HOUR
    told = _rows(short)
    state = [(at, length) for at, length, name in told if name == row.state]
    unknown = [(at, length) for at, length, name in told if name == "unknown"]
    rolling = row.window is Window.TWELVE_MONTHS
    found = []
    for number, (at, _) in enumerate(state):
        year = at.astimezone(zone(Clock.LOCAL)).year
        since = year_before(at) if rolling else Period.year(year, Clock.LOCAL).start - timedelta(seconds=1)
        used = sum(size for one, size in state[: number + 1] if one > since)
        may = sum(size for one, size in unknown if since < one < at)
        if used + may > allowed:
            found.append(at)
    return found
