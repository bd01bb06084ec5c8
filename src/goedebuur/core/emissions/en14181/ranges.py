"""Surveillance of the valid range: in which weeks too many values lay outside it, so that a new QAL2 is due.

A new QAL2 is due where more than 5 % of the values of a week lie outside in more than 5 weeks between two tests, or
more than 40 % in one week. Values are short-term averages at reference conditions, of the time in which it works.

A clean gas is measured around zero, half of the time below it. Whether a value below the lower end counts as outside
was not read, so what is due must be so with them and without.

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
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181.criteria import (
    Check,
    Criteria,
    Criterion,
    Outcome,
    Relation,
    as_known,
    check,
    outcome,
)
from goedebuur.core.permits.records import months_later

BELOW = Text(
    "Tellen waarden onder de ondergrens van het geldige bereik mee als erbuiten? Bij schoon gas schommelt het om nul.",
    "Do values under the lower end of the valid range count as outside? In clean gas they vary around zero.",
)


@dataclass(frozen=True, slots=True)
class Week:
    """One week from Monday on: how many values there were, how many outside the range, and of these below it."""

    monday: date
    values: int
    outside: int
    below: int = 0

    @property
    def share(self) -> Fraction:
        """Return the part outside."""
        return Fraction(self.outside, self.values)

    @property
    def above(self) -> Fraction:
        """Return the part above the range."""
        return Fraction(self.outside - self.below, self.values)


@dataclass(frozen=True, slots=True)
class RangeSurveillance:
    """What the weeks between two tests say.

    Parameters
    ----------
    weeks
        All with a value, ascending.
    over
        Those in which more lay outside than the weekly share, below the range or above it.
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
        .agg(
            values=pl.len(),
            outside=(~pl.col("standard").is_between(lowest, highest)).sum(),
            below=(pl.col("standard") < lowest).sum(),
        )
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
    above = tuple(week for week in weeks if week.above > share.value)
    worst = max((week.share for week in weeks), default=Fraction(0))
    highest = max((week.above for week in weeks), default=Fraction(0))
    checks = (
        _check(most, Fraction(len(over)), Fraction(len(above)), "wk"),
        _check(single, worst, highest, "1"),
    )
    moments = [above[int(most.value)].monday] if len(above) > most.value else []
    moments += [week.monday for week in weeks if week.above > single.value][:1]
    due_from = min(moments) + timedelta(days=7) if moments else None
    term = criteria.on("range.months", on)
    due_by = None if due_from is None or term is None else months_later(due_from, int(term.value))
    return RangeSurveillance(weeks, over, due_from, due_by, checks)


def _check(row: Criterion, told: Fraction, above: Fraction, unit: str) -> Check:
    """Return the check of all that lay outside; open where it would be met without what lay below the range."""
    met = told <= row.value
    open_ = not met and above <= row.value
    return check(row, row.id, told, Relation.AT_MOST, row.value, unit, None if open_ else met, [BELOW] if open_ else [])
