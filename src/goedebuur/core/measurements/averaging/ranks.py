"""The k-th highest value, percentiles by a named rank rule, and how often a limit was exceeded."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import ibis

from goedebuur.core.base.exact import quotient, rounded, whole
from goedebuur.core.measurements.averaging.means import Share, checked


class RankRule(StrEnum):
    """How a percentile is read from sorted values x₁ ≤ … ≤ x_N, for a share p."""

    NEAREST = "nearest"
    """x_k with k = ⌈p·N⌉: Hyndman & Fan (1996) definition 1, the inverse of the empirical distribution."""
    EOI = "eoi"
    """x_k with k = p·N rounded to the nearest whole number, halves up: Council Decision 97/101/EC annex I."""
    LINEAR = "linear"
    """Between neighbours at (N-1)·p: Hyndman & Fan (1996) definition 7, the default of R, numpy and openair."""


def percentiles(x: Any, p: Share, rule: RankRule, by: Sequence[str]) -> Any:
    """Return a percentile of each group `[*by, total, n, count]`: the percentile is total / n.

    Parameters
    ----------
    x
        Hours, days, running means or day maxima with the columns `by`; rows that are not valid do not count. Values
        are taken to 10⁻⁶ (`micro`).
    p
        Share as numerator and denominator: (99, 100), (904, 1000).
    rule
        Which rank, or which two, the percentile is read from.
    by
        Columns that make a group, e.g. series, quantity, year.

    References
    ----------
    Hyndman & Fan (1996), Sample quantiles in statistical packages, The American Statistician 50:361-365
    """
    num, den = checked(p)
    ranked = _ranked(x, by, descending=False)
    count = ranked["count"]
    if rule is RankRule.LINEAR:
        position = (count - 1) * num
        low, rest = quotient(position, den), position % den
        weight = (ranked.place == low).ifelse(den - rest, (ranked.place == low + 1).ifelse(rest, 0)).cast("int64")
        divisor = ibis.literal(den, type="int64")
    else:
        upward = den - 1 if rule is RankRule.NEAREST else 0
        rank = (
            quotient(count * num + upward, den)
            if rule is RankRule.NEAREST
            else quotient(count * (2 * num) + den, 2 * den)
        )
        rank = ibis.least(ibis.greatest(rank, 1), count)
        weight = (ranked.place == rank - 1).ifelse(1, 0).cast("int64")
        divisor = ibis.literal(1, type="int64")
    weighed = ranked.mutate(part=ranked.micro * weight)
    return (
        weighed.group_by(*by)
        .agg(total=whole(weighed.part.sum()), count=weighed["count"].max())
        .mutate(n=divisor)
        .select(*by, "total", "n", "count")
    )


def highest(x: Any, k: int, by: Sequence[str]) -> Any:
    """Return the k-th highest value of each group `[*by, total, n, count]`; groups with fewer values have none.

    The 36th highest daily mean says whether a limit that may be exceeded on 35 days was met.

    Parameters
    ----------
    x, by
        As for :func:`percentiles`.
    k
        1 for the highest.
    """
    if k < 1:
        raise ValueError("the highest value is number 1")
    ranked = _ranked(x, by, descending=True)
    found = ranked.filter(ranked.place == k - 1)
    return found.select(*by, total=found.micro, n=ibis.literal(1, type="int64"), count=found["count"])


def above(x: Any, limit: int, by: Sequence[str], step: int | None = None) -> Any:
    """Return how many values of each group exceed a limit: `[*by, exceedances, count]`.

    Parameters
    ----------
    x, by
        As for :func:`percentiles`. Groups without a valid value have no row.
    limit
        What must be exceeded; a value equal to it does not. [10⁻⁶ canonical units]
    step
        Size of the last digit to which a mean is rounded before it is compared, halves away from zero; None where
        the rule compares without rounding. [10⁻⁶ canonical units]
    """
    valid = x.filter(x.valid)
    over = valid.total > valid.n * limit if step is None else rounded(valid.total, valid.n, step) * step > limit
    counted = valid.mutate(over=over.cast("int64"))
    return counted.group_by(*by).agg(exceedances=whole(counted.over.sum()), count=counted.count().cast("int64"))


def _ranked(x: Any, by: Sequence[str], *, descending: bool) -> Any:
    valid = x.filter(x.valid)
    order = ibis.desc(valid.micro) if descending else ibis.asc(valid.micro)
    return valid.select(
        *by,
        "micro",
        place=ibis.row_number().over(ibis.window(group_by=list(by), order_by=order)).cast("int64"),
        count=valid.count().over(ibis.window(group_by=list(by))).cast("int64"),
    )
