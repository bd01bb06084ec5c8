"""One series in two years, month by month: exact means and how much of each month was measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import POLARS_ZONE, Clock, Period, zone
from goedebuur.services import queries
from goedebuur.services.record import Record

CLOCK: Final = Clock.CET
"""The Dutch networks report in CET all year, so that months of two years have hours of the same length."""


@dataclass(frozen=True, slots=True)
class Span:
    """A mean over a month or year: total / n in 10⁻⁶ canonical units, n steps with a usable value of `expected`."""

    total: int
    n: int
    expected: int

    @property
    def micro(self) -> int | None:
        """Return the mean, halves away from zero; None where nothing was measured. [10⁻⁶ canonical units]"""
        if not self.n:
            return None
        size = (2 * abs(self.total) + self.n) // (2 * self.n)
        return -size if self.total < 0 else size

    @property
    def share(self) -> int:
        """Return how much was measured, rounded down: 100 means everything. [%]"""
        return 100 * self.n // self.expected


@dataclass(frozen=True, slots=True)
class YearComparison:
    """Twelve months and the whole year, of two years."""

    series: str
    left: int
    right: int
    months: tuple[tuple[Span, Span], ...]
    whole: tuple[Span, Span]


def compare_years(record: Record, series_id: str, left: int, right: int, as_of: int | None = None) -> YearComparison:
    """Return one series in two years; `query-unknown-series` where there is no such series."""
    step = queries.series(record, series_id, as_of).step
    sides = [_months(record, series_id, year, step, as_of) for year in (left, right)]
    months = tuple(zip(*sides, strict=True))
    return YearComparison(series_id, left, right, months, (_sum(sides[0]), _sum(sides[1])))


def _months(record: Record, series_id: str, year: int, step: int, as_of: int | None) -> list[Span]:
    period = Period.year(year, CLOCK)
    rows = queries.read_series(record, [series_id], period.start, period.end, as_of)
    usable = rows.filter(((pl.col("flags") & int(UNUSABLE)) == 0) & pl.col("micro").is_not_null())
    grouped = usable.group_by(
        pl.col("start").dt.convert_time_zone(POLARS_ZONE[CLOCK]).dt.month().cast(pl.Int32).alias("month")
    ).agg(pl.col("micro").sum().alias("total"), pl.len().alias("n"))
    found = {month: (total, n) for month, total, n in grouped.iter_rows()}
    return [Span(*found.get(month, (0, 0)), _expected(year, month, step)) for month in range(1, 13)]


def _expected(year: int, month: int, step: int) -> int:
    first = datetime(year, month, 1, tzinfo=zone(CLOCK))
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone(CLOCK))
    return int((after - first).total_seconds()) // step


def _sum(spans: list[Span]) -> Span:
    return Span(sum(s.total for s in spans), sum(s.n for s in spans), sum(s.expected for s in spans))
