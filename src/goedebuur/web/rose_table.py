"""Roses as a table, and as the data that the drawing script reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from goedebuur.services.views import RoseView, SeriesView
from goedebuur.web import chart_table, words
from goedebuur.web.templatetags.figures import number


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


def class_words(edges: Sequence[float]) -> list[str]:
    """Return the speeds of each class in words, from the lower edges; an edge belongs to the class below it."""
    said = []
    for low, high in zip_longest(edges, edges[1:]):
        places = {"low": number(low), "high": number(high)}
        if high is None:
            said.append(_("over %(low)s m/s") % places)
        elif low == 0:
            said.append(_("up to %(high)s m/s") % places)
        else:
            said.append(_("over %(low)s up to %(high)s m/s") % places)
    return said


def data(rose: RoseView, series: SeriesView) -> dict[str, Any]:
    """Return what the drawing script reads."""
    return {
        "sectors": rose.sectors,
        "speed_classes": rose.speed_classes,
        "class_words": class_words(rose.speed_classes),
        "frequency": rose.frequency,
        "calm": rose.calm,
        "mean": rose.mean,
        "count": rose.count,
        "least": rose.least,
        "unit": series.unit,
        "decimals": chart_table.decimals(series),
    }
