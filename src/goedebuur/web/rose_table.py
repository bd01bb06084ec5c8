"""Roses as a table, and as the data that the drawing script reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from goedebuur.services.views import RoseView, SeriesView
from goedebuur.web import chart_table, words


@dataclass(frozen=True, slots=True)
class RoseRow:
    """One wind direction."""

    middle: float  # [°]
    words: str
    classes: tuple[float, ...]  # [%] per speed class
    share: float  # [%]
    mean: float | None  # [canonical unit]
    count: int


def rows(rose: RoseView) -> list[RoseRow]:
    """Return one row a wind direction, clockwise from north."""
    return [
        RoseRow(middle, words.direction(middle), frequency, sum(frequency), mean, count)
        for middle, frequency, mean, count in zip(rose.sectors, rose.frequency, rose.mean, rose.count, strict=True)
    ]


def data(rose: RoseView, series: SeriesView) -> dict[str, Any]:
    """Return what the drawing script reads."""
    return {
        "sectors": rose.sectors,
        "speed_classes": rose.speed_classes,
        "frequency": rose.frequency,
        "calm": rose.calm,
        "mean": rose.mean,
        "count": rose.count,
        "least": rose.least,
        "unit": series.unit,
        "decimals": chart_table.decimals(series),
    }
