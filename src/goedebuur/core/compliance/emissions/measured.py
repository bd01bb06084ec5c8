"""What was measured for a limit over short averages, days, months and the year: the highest and the mean of each.

It is what counts for the limit, at its reference conditions, with nothing taken off for the uncertainty. Beside the
limit it shows how much room there is between what is allowed and what is let go. Nothing here is a verdict: what a
limit takes off, and what is missing, is left out. Spans shorter than the limit's own average are not held beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

import polars as pl

from goedebuur.core.compliance.emissions import judge
from goedebuur.core.compliance.emissions.means import COUNTED
from goedebuur.core.compliance.emissions.regimes import RegimeBook
from goedebuur.core.compliance.emissions.requirements import Requirement
from goedebuur.core.compliance.emissions.slots import MICRO, Scale, slots
from goedebuur.core.permits.limits import Averaging


class Span(StrEnum):
    """Over what is averaged."""

    SHORT = "short"
    """Half hours, hours or ten minutes, as the limit is judged by."""
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


COLUMN: Final[Mapping[Span, str]] = {
    Span.SHORT: "start",
    Span.DAY: "day",
    Span.MONTH: "month",
    Span.YEAR: "year",
}
"""Span → column of the slots that tells one from another."""
FROM: Final[Mapping[Averaging, Span]] = {
    Averaging.DAY: Span.DAY,
    Averaging.MONTH: Span.MONTH,
    Averaging.YEAR: Span.YEAR,
}
"""Average of a limit → the shortest span that is held beside it; of any other each short average is."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Averages of one kind of span beside a limit. [unit of the limit]

    Parameters
    ----------
    n
        How many there are with anything that counts.
    highest, start
        The highest of them, and which it is.
    limit
        What held in that one, by the strictest reading.
    mean
        Of all of them, each as heavy.
    """

    span: Span
    n: int
    highest: Fraction
    start: str
    limit: Fraction
    mean: Fraction

    @property
    def room(self) -> Fraction | None:
        """Return which part of the limit the highest leaves, below zero where it is passed; None for a limit of zero.

        Examples
        --------
        >>> one = Measured(Span.DAY, 1, Fraction(75), "2026-03-04", Fraction(100), Fraction(75))
        >>> one.room
        Fraction(1, 4)
        """
        return 1 - self.highest / self.limit if self.limit else None


def of_year(requirement: Requirement, shorts: judge.Shorts, year: int, book: RegimeBook) -> tuple[Measured, ...]:
    """Return what was measured in a year for a requirement, by span; nothing where nothing counts.

    Days are cut by the first of the clocks that the rules may mean.
    """
    frame = judge.frame_of(requirement, shorts, book)
    if frame is None or not requirement.held:
        return ()
    clock = judge.clocks_of(requirement, book)[0]
    beyond = (shorts.beyond or {}).get(int(frame["length"][0]))
    told = slots(frame, requirement, year, clock, book, shown=shorts.shown, beyond=beyond)
    counted = told.frame.filter(COUNTED)
    every = tuple(Span)
    asked = every[every.index(FROM.get(requirement.key.averaging, Span.SHORT)) :]
    return tuple(_of(counted, span, told.scale) for span in asked) if counted.height else ()


def _of(counted: pl.DataFrame, span: Span, scale: Scale) -> Measured:
    rows = counted.group_by(COLUMN[span], maintain_order=True).agg(
        total=pl.col("standard").sum(), n=pl.len(), limit=pl.col("limit_low").min()
    )
    means = [Fraction(total, n * MICRO) for total, n in rows.select("total", "n").iter_rows()]
    at = max(range(len(means)), key=means.__getitem__)
    start = rows[COLUMN[span]][at]
    return Measured(
        span,
        len(means),
        means[at],
        start.isoformat() if span in (Span.SHORT, Span.DAY) else str(start),
        scale.down(rows["limit"][at]),
        sum(means, Fraction(0)) / len(means),
    )
