"""When a mean must stay under a value: the sum of what is above and below it, with what is not known at both ends.

The mean of n values is above a limit when the sum of (value - limit) is above zero: nothing is divided.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import polars as pl

from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.compliance.emissions.slots import AT_LEAST, Class

COUNTED: Final = pl.col("cls") == Class.COUNTED
MAY: Final = pl.col("cls") == Class.MAY


def count(name: Class) -> pl.Expr:
    """Return how many of a class there are."""
    return (pl.col("cls") == str(name)).sum().cast(pl.Int64).alias(f"n_{name}")


def sums() -> list[pl.Expr]:
    """Return what a group of short averages must be summed up to, for :class:`Sums`."""
    over, under = pl.col("over"), pl.col("under")
    zero = pl.lit(0, pl.Int64)
    return [
        *(count(name) for name in Class),
        over.filter(COUNTED).sum().alias("over"),
        under.filter(COUNTED).sum().alias("under"),
        pl.max_horizontal(over, zero).filter(MAY).sum().alias("may_over"),
        pl.min_horizontal(under, zero).filter(MAY).sum().alias("may_under"),
        pl.max_horizontal(over, zero).filter(COUNTED).sum().alias("each_over"),
        pl.min_horizontal(under, zero).filter(COUNTED).sum().alias("each_under"),
        pl.col("high").filter(COUNTED).sum().alias("total_high"),
        pl.col("low").filter(COUNTED).sum().alias("total_low"),
        pl.col("high").filter(MAY).max().fill_null(0).alias("may_high"),
        pl.col("low").filter(MAY).min().fill_null(0).alias("may_low"),
        pl.col("limit_low").min().fill_null(0).alias("limit_low"),
        pl.col("limit_high").max().fill_null(0).alias("limit_high"),
        (COUNTED & ((over > 0) | AT_LEAST)).sum().cast(pl.Int64).alias("above_may"),
        (COUNTED & (under > 0)).sum().cast(pl.Int64).alias("above"),
        (MAY & ((over > 0) | AT_LEAST)).sum().cast(pl.Int64).alias("may_above_may"),
        (MAY & (under > 0)).sum().cast(pl.Int64).alias("may_above"),
        ((COUNTED | MAY) & AT_LEAST).sum().cast(pl.Int64).alias("at_least"),
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    """A mean against its limit, by what is known.

    Parameters
    ----------
    n
        Values that count.
    over, under
        Sum of (value - limit) over these, by the strictest and by the mildest reading.
    may_over, may_under
        What the values that may count can add above, and take below.
    may_n
        How many of these there are.
    missing
        Values that are not known.
    limit_high
        Mildest limit: what one missing value of zero takes below.
    at_least
        How many of the values that count or may count are above what the instrument can measure: so high, or higher by
        any amount. They are in the sums as they were read.
    """

    n: int
    over: Fraction | int
    under: Fraction | int
    may_over: Fraction | int = 0
    may_under: Fraction | int = 0
    may_n: int = 0
    missing: int = 0
    limit_high: Fraction | int = 0
    at_least: int = 0


def side(sums: Sums) -> tuple[Outcome, str]:
    """Return whether the mean stays under its limit whatever is not known, and why.

    Examples
    --------
    >>> side(Sums(n=2, over=Fraction(0), under=Fraction(0)))
    (<Outcome.MEETS: 'MEETS'>, 'mean-not-above')
    >>> side(Sums(n=2, over=Fraction(5), under=Fraction(5), missing=1, limit_high=Fraction(10)))[0].value
    'UNDETERMINED'
    >>> side(Sums(n=2, over=Fraction(11), under=Fraction(11), missing=1, limit_high=Fraction(10)))[0].value
    'EXCEEDS'
    >>> side(Sums(n=2, over=Fraction(-5), under=Fraction(-5), at_least=1))
    (<Outcome.UNDETERMINED: 'UNDETERMINED'>, 'above-range')
    """
    if not sums.n and not sums.may_n and not sums.missing:
        return Outcome.NOT_JUDGED, "nothing-counts"
    known_above = sums.over + sums.may_over > 0
    may_exceed = known_above or sums.missing > 0 or sums.at_least > 0
    # with no value that counts for certain there may be no mean at all
    may_meet = not sums.n or sums.under + sums.may_under - sums.missing * sums.limit_high <= 0
    if may_exceed and may_meet:
        if sums.missing:
            return Outcome.UNDETERMINED, "missing"
        if not known_above:
            return Outcome.UNDETERMINED, "above-range"
        return Outcome.UNDETERMINED, "state-open" if sums.may_n else "uncertainty-open"
    if may_exceed:
        return Outcome.EXCEEDS, "mean-above" if not sums.missing else "mean-above-despite-gaps"
    return Outcome.MEETS, "mean-not-above"
