"""What the rules ask of the data behind a mean: how much must be measured, and how uncertain it may be at most.

These are demands, not properties of an instrument. Where the tables name none, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from goedebuur.core.base.exact import as_text
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.compliance.rows import Capture, Limit, LimitKind, QualityObjective, RuleBook, Share, Statistic
from goedebuur.core.measurements import uncertainty


@dataclass(frozen=True, slots=True)
class Required:
    """The part of the hours that must have been measured for a mean, and which row of the rules says so."""

    share: Share
    capture: Capture


def required(book: RuleBook, quantity: str, year: int, *, of_day: bool) -> Required | None:
    """Return the part of a day or of a year that a mean needs; None where no rule in force tells for the quantity.

    Parameters
    ----------
    of_day
        Of a day; else of a year. The law names no part for a month: that of the year stands in for it.

    Notes
    -----
    The row of a limit on this mean of the quantity goes first, then one of another limit on it; a day without either
    takes what the same list of limits asks of days. Of readings that are open the strictest is taken.
    """
    on = date(year, 12, 31)
    limits = [row for row in book.limits if row.kind is LimitKind.LIMIT_VALUE and row.in_force(on)]
    own = [row for row in limits if row.measure.quantity == quantity]
    if not own:
        return None
    statistic = Statistic.DAYS_ABOVE if of_day else Statistic.YEAR_MEAN
    same = [row for row in own if row.measure.statistic is statistic]
    rest = [row for row in limits if row.set in {one.set for one in own}] if of_day else []
    return next((found for row in same or [*own, *rest] if (found := _of(row, of_day)) is not None), None)


def _of(row: Limit, of_day: bool) -> Required | None:
    capture = row.measure.capture
    if capture is None or not capture.status.decides:
        return None
    shares: Sequence[Share] = capture.day if of_day else capture.year
    return Required(max(shares, key=lambda share: Fraction(*share)), capture) if shares else None


def admitted(objective: QualityObjective, total: int, n: int, to_unit: Fraction, decimals: int) -> str:
    """Return the half-width at 95 % that an objective admits at most around the year's mean total / n, rounded up.

    Parameters
    ----------
    total, n
        Sum [10⁻⁶ canonical units] and number of hours or samples.
    to_unit
        From 10⁻⁶ canonical units to the unit of the answer.

    Returns
    -------
    str
        Empty where the objective belongs to no limit of a year, or its row is not confirmed.
    """
    if objective.at is None or not objective.status.decides or not n:
        return ""
    mean, limit = Fraction(total, n) * to_unit, objective.at.measure.micro * to_unit
    expanded = uncertainty.at_most(objective.expanded, mean, limit, n).expanded
    return rounded_up(expanded, decimals)


def rounded_up(value: float, decimals: int) -> str:
    """Return a half-width with so many decimals, never smaller than it is.

    >>> rounded_up(6.25, 1), rounded_up(6.0, 1), rounded_up(0.0, 1)
    ('6.3', '6.0', '0.0')
    """
    return as_text(ceil(round(value * 10**decimals, 6)), decimals)


TO_CANONICAL = Fraction(1, MICRO)
