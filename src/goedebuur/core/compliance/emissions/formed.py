"""What was measured beside a limit: of the averages that could be formed, how many are above it, and the highest.

Facts beside a verdict, and never one themselves. A verdict on a year needs the whole year; this says what there was,
also where half of it is missing. Averages are held to the limit as the verdict holds them, after what the law lets be
taken off; the highest is as it was measured, with nothing taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import polars as pl

from goedebuur.core.base.periods import iso
from goedebuur.core.compliance.emissions.means import COUNTED
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, PeriodOutcome
from goedebuur.core.compliance.emissions.parts import COLUMN
from goedebuur.core.compliance.emissions.regimes import SECONDS
from goedebuur.core.compliance.emissions.slots import AT_LEAST, MICRO, Slots
from goedebuur.core.permits.limits import Averaging

_SHORT: Final = "start"


@dataclass(frozen=True, slots=True)
class Formed:
    """The averages that could be formed for a limit in a year. [unit of the limit]

    Parameters
    ----------
    averaging
        Of what: the average that the limit is on.
    n, partial
        How many there are with anything that counts, and how many of them lack values that would count. A day that
        drops out by the rules is none.
    under, over, open
        At or under the limit by every reading, above it by every reading, and neither: together `n`. With values above
        the range of the instrument one that is under is neither: it is so much, or more.
    highest, start, limit
        The highest as it was measured, at the conditions of the limit; which it is (day, month or year of the clock of
        the rules, or the moment at which a short average begins); what held then, at its strictest.
    """

    averaging: Averaging
    n: int
    partial: int
    under: int
    over: int
    open: int
    highest: Fraction
    start: str
    limit: Fraction

    def as_record(self) -> dict[str, Any]:
        """Return it as plain fields: numbers as exact text."""
        told = {name: getattr(self, name) for name in ("n", "partial", "under", "over", "open", "start")}
        return {"averaging": str(self.averaging), **told, "highest": str(self.highest), "limit": str(self.limit)}


def of(verdict: EmissionVerdict, cuts: Sequence[Slots]) -> Formed | None:
    """Return what could be formed for a verdict; None where nothing counts.

    Parameters
    ----------
    cuts
        The short averages of the year that it was judged by (`judge.cuts`); days are those of the first clock.
    """
    name = COLUMN.get(verdict.averaging)
    if not cuts or (name is None and verdict.averaging not in SECONDS):
        return None
    first = cuts[0]
    counted = first.frame.filter(COUNTED & pl.col("standard").is_not_null())
    if name is None:
        return _of_shorts(verdict.averaging, Slots(counted, first.scale))
    periods = (verdict.year,) if verdict.averaging is Averaging.YEAR else verdict.periods
    formed = {one.start: one for one in periods if one.high is not None}
    counted = counted.with_columns(span=pl.col(name).cast(pl.String)).filter(pl.col("span").is_in(list(formed)))
    if not counted.height:
        return None
    start, highest, limit = _highest(Slots(counted, first.scale), "span")
    more = set(counted.filter(AT_LEAST)["span"])
    sides = [_side(one, at_least=one.start in more) for one in formed.values()]
    partial = sum(one.counts.missing > 0 for one in formed.values())
    told = (sides.count("under"), sides.count("over"), sides.count("open"))
    return Formed(verdict.averaging, len(formed), partial, *told, highest, start, limit)


def _side(one: PeriodOutcome, *, at_least: bool) -> str:
    assert one.low is not None
    assert one.high is not None
    assert one.limit_low is not None
    assert one.limit_high is not None
    if one.low > one.limit_high:
        return "over"
    return "under" if one.high <= one.limit_low and not at_least else "open"


def _of_shorts(averaging: Averaging, found: Slots) -> Formed | None:
    frame = found.frame
    if not frame.height:
        return None
    over = int((frame["under"] > 0).sum())
    under = frame.filter((pl.col("over") <= 0) & ~AT_LEAST).height
    start, highest, limit = _highest(found, _SHORT)
    return Formed(averaging, frame.height, 0, under, over, frame.height - under - over, highest, start, limit)


def _highest(found: Slots, by: str) -> tuple[str, Fraction, Fraction]:
    """Return which mean is the highest, how high it is, and what it is held to; the first of those as high."""
    rows = found.frame.group_by(by, maintain_order=True).agg(
        total=pl.col("standard").sum(), n=pl.len(), limit=pl.col("limit_low").min()
    )
    means = [Fraction(total, n * MICRO) for total, n in rows.select("total", "n").iter_rows()]
    at = max(range(len(means)), key=means.__getitem__)
    start = rows[by][at]
    return (
        start if isinstance(start, str) else iso(start),
        means[at],
        found.scale.down(rows["limit"][at]),
    )
