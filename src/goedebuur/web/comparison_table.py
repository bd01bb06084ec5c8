"""Tables of a comparison: what can be chosen, months of two years, hours of the day, points of the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS

from goedebuur.services.views import Comparison, SeriesView, StationView
from goedebuur.services.year_comparison import Span, YearComparison
from goedebuur.web import chart_table, latest, map_data
from goedebuur.web.templatetags.figures import number


@dataclass(frozen=True, slots=True)
class Choice:
    """One series that can be chosen."""

    id: str
    title: str
    group: str


def choices(stations: Sequence[StationView]) -> list[Choice]:
    """Return every series in air, grouped by quantity, then by station."""
    found = [
        Choice(series.id, map_data.title(station, series), series.quantity)
        for station in stations
        for series in station.series
        if series.quantity not in latest.WEATHER and series.count
    ]
    order = {q: i for i, q in enumerate(map_data.measured(stations))}
    return sorted(found, key=lambda c: (order[c.group], c.title.casefold(), c.id))


@dataclass(frozen=True, slots=True)
class Usual:
    """What the form has before anything is chosen. None and empty where the record is empty."""

    series: str
    year: int | None
    other_year: int | None


def usual(stations: Sequence[StationView], offered: Sequence[Choice], left: str) -> Usual:
    """Return a series that was measured in two years, with its last two; else the first one, with its only year.

    Parameters
    ----------
    offered
        The series that can be chosen, in order.
    left
        The series that the reader chose already; empty: none.
    """
    held = {series.id: latest.years_of(series) for station in stations for series in station.series}
    wanted = [choice.id for choice in offered if left in ("", choice.id)]
    if not wanted:
        return Usual("", None, None)
    series = next((name for name in wanted if len(held[name]) > 1), wanted[0])
    years = held[series]
    return Usual(series, years[min(1, len(years) - 1)], years[0])


def unmeasured(found: YearComparison) -> list[int]:
    """Return the years, of the two, in which nothing was measured."""
    sides = zip((found.left, found.right), found.whole, strict=True)
    return list(dict.fromkeys(year for year, whole in sides if not whole.n))


def months(found: YearComparison) -> list[tuple[str, Span, Span]]:
    """Return (name of the month, span left, span right)."""
    return [(str(MONTHS[i]), left, right) for i, (left, right) in enumerate(found.months, start=1)]


def hours(found: Comparison) -> list[tuple[str, float | None, float | None]]:
    """Return (hour of the day in UTC, mean left, mean right)."""
    held: Mapping[str, Sequence[Any]] = found.hours
    return [
        (f"{int(hour):02d}:00", left, right)
        for hour, left, right in zip(held["hour"], held["left"], held["right"], strict=True)
    ]


def mean(total: int, n: int) -> int | None:
    """Return an exact mean, halves away from zero; None without values. [10⁻⁶ canonical units]"""
    return Span(total, n, n).micro


def points(chart: Mapping[str, Any], left: SeriesView, right: SeriesView) -> list[tuple[str, str, str]]:
    """Return (time, left, right) of each point of the chart."""
    lefts, rights = chart["series"][left.id]["mean"], chart["series"][right.id]["mean"]
    a, b = chart_table.decimals(left), chart_table.decimals(right)
    return [
        (label, number(y, a), number(z, b))
        for label, y, z in zip(chart_table.labels(chart), lefts, rights, strict=True)
    ]
