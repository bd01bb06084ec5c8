"""Surveillance of the valid range: in which weeks too many values lay outside it, so that a new QAL2 is due.

A new QAL2 is due where more than 5 % of the values of a week lie outside in more than 5 weeks between two tests, or
more than 40 % in one week. Values are short-term averages at reference conditions, of the time in which it works.

References
----------
EN 14181:2014, 6.5
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

import polars as pl

from goedebuur.core.base.periods import POLARS_ZONE, Clock
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.en14181.criteria import (
    Check,
    Criteria,
    Outcome,
    Relation,
    as_known,
    check,
    outcome,
)
from goedebuur.core.permits.records import months_later


@dataclass(frozen=True, slots=True)
class Week:
    """One week from Monday on: how many values there were, and how many outside the range."""

    monday: date
    values: int
    outside: int

    @property
    def share(self) -> Fraction:
        """Return the part outside."""
        return Fraction(self.outside, self.values)


@dataclass(frozen=True, slots=True)
class RangeSurveillance:
    """What the weeks between two tests say.

    Parameters
    ----------
    weeks
        All with a value, ascending.
    over
        Those in which more lay outside than the weekly share.
    due_from
        Monday after the week in which a new QAL2 became due; None where none is.
    due_by
        By when; None where none is due, or no row says so.
    """

    weeks: tuple[Week, ...]
    over: tuple[Week, ...]
    due_from: date | None
    due_by: date | None
    checks: tuple[Check, ...]

    @property
    def outcome(self) -> Outcome:
        """Return FAILED where a new QAL2 is due."""
        return outcome(self.checks)

    @property
    def as_known(self) -> Outcome:
        """Return the outcome as if every row were confirmed as it stands."""
        return as_known(self.checks)


def by_week(averages: pl.DataFrame, low: Fraction, high: Fraction, clock: Clock) -> tuple[Week, ...]:
    """Return the weeks of the valid averages of one stream, on a clock.

    Parameters
    ----------
    averages : DataFrame
        Columns `start`, `standard` [10⁻⁶ mg/m³], `valid` and `state` of `core/emissions/tables.SHORT`.
    low, high
        The valid range at reference conditions, both ends within. [mg/m³]
    """
    lowest, highest = ceil(low * MICRO), floor(high * MICRO)
    counted = averages.filter(
        pl.col("valid") & pl.col("standard").is_not_null() & (pl.col("state") != "out_of_service")
    )
    day = pl.col("start").dt.convert_time_zone(POLARS_ZONE[clock]).dt.date()
    weeks = (
        counted.group_by(monday=day.dt.truncate("1w"))
        .agg(values=pl.len(), outside=(~pl.col("standard").is_between(lowest, highest)).sum())
        .sort("monday")
    )
    return tuple(Week(*row) for row in weeks.iter_rows())


def parted(weeks: tuple[Week, ...], since: date) -> tuple[Week, ...]:
    """Return the whole weeks from the one that begins on or after a day."""
    return tuple(week for week in weeks if week.monday >= since)


def watch(weeks: tuple[Week, ...], criteria: Criteria, on: date) -> RangeSurveillance:
    """Return whether the weeks since the last test call for a new QAL2.

    Parameters
    ----------
    weeks
        Since the last QAL2 or AST.
    on
        Day as of which is asked.
    """
    share, most, single = (criteria.on(f"range.{name}", on) for name in ("weekly_share", "weeks", "single_share"))
    if share is None or most is None or single is None:
        missing = check(None, "range.weeks", None, Relation.AT_MOST, None, "wk", None)
        return RangeSurveillance(weeks, (), None, None, (missing,))
    over = tuple(week for week in weeks if week.share > share.value)
    worst = max((week.share for week in weeks), default=Fraction(0))
    many, far = len(over) > most.value, worst > single.value
    checks = (
        check(most, most.id, Fraction(len(over)), Relation.AT_MOST, most.value, "wk", not many),
        check(single, single.id, worst, Relation.AT_MOST, single.value, "1", not far),
    )
    moments = [over[int(most.value)].monday] if many else []
    moments += [week.monday for week in weeks if week.share > single.value][:1]
    due_from = min(moments) + timedelta(days=7) if moments else None
    term = criteria.on("range.months", on)
    due_by = None if due_from is None or term is None else months_later(due_from, int(term.value))
    return RangeSurveillance(weeks, over, due_from, due_by, checks)
