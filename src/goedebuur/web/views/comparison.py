"""Two series beside each other, or one series in two years."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period, iso
from goedebuur.services import queries
from goedebuur.services.views import SeriesView, StationView
from goedebuur.services.year_comparison import compare_years
from goedebuur.web import asking, chart_table, comparison_table, latest, map_data
from goedebuur.web.page import Reading, reads


@reads
def compare(reading: Reading) -> HttpResponse:
    """Answer with the form, and the comparison that it asks for."""
    stations = [s for s in queries.stations(reading.record, reading.as_of) if s.series]
    get = reading.request.GET
    left, right = get.get("left", ""), get.get("right", "")
    years = (asking.whole(reading.request, "year", 1900, 2099), asking.whole(reading.request, "other_year", 1900, 2099))
    choices = comparison_table.choices(stations)
    usual = comparison_table.usual(stations, choices, left)
    context = {
        "choices": choices,
        "years": latest.years(reading.record, reading.as_of),
        "left": left or usual.series,
        "right": right,
        "year": years[0] or usual.year,
        "other_year": years[1] or usual.other_year,
    }
    if left and years[0] and years[1]:
        return _years(reading, stations, left, years[0], years[1], context)
    if left and right:
        return _stations(reading, stations, left, right, context)
    return reading.page("compare.html", **context)


def _years(
    reading: Reading, stations: list[StationView], left: str, year: int, other: int, context: dict[str, object]
) -> HttpResponse:
    found = compare_years(reading.record, left, year, other, reading.as_of)
    station, series = _named(stations, left)
    return reading.page(
        "compare.html",
        **context,
        in_years=found,
        months=comparison_table.months(found),
        whole_years=list(zip((found.left, found.right), found.whole, strict=True)),
        unmeasured=comparison_table.unmeasured(found),
        own_years=latest.years_of(series),
        left_station=station,
        left_series=series,
        decimals=chart_table.decimals(series),
    )


def _stations(
    reading: Reading, stations: list[StationView], left: str, right: str, context: dict[str, object]
) -> HttpResponse:
    left_station, left_series = _named(stations, left)
    right_station, right_series = _named(stations, right)
    period = asking.period(reading.request, _shared(left_series, right_series))
    found = queries.compare(reading.record, left, right, period.start, period.end, reading.as_of)
    asked = {"series": f"{left},{right}"} | ({"as_of": str(reading.as_of)} if reading.as_of is not None else {})
    chart = queries.chart(
        reading.record, [left, right], period.start, period.end, asking.points(reading.request), reading.as_of
    )
    return reading.page(
        "compare.html",
        **context,
        found=found,
        period=period,
        left_station=left_station,
        left_series=left_series,
        right_station=right_station,
        right_series=right_series,
        left_mean=comparison_table.mean(found.left_total, found.pairs),
        right_mean=comparison_table.mean(found.right_total, found.pairs),
        same_unit=left_series.unit == right_series.unit,
        decimals=max(chart_table.decimals(left_series), chart_table.decimals(right_series)),
        hours=comparison_table.hours(found),
        chart_url=f"{reverse('api-chart')}?{urlencode(asked)}",
        chart_rows=comparison_table.points(chart, left_series, right_series),
        whole_days=chart_table.whole_days(chart),
        names={
            left: map_data.title(left_station, left_series),
            right: map_data.title(right_station, right_series),
        },
        period_start=iso(period.start),
        period_end=iso(period.end),
    )


def _named(stations: list[StationView], series_id: str) -> tuple[StationView, SeriesView]:
    for station in stations:
        for series in station.series:
            if series.id == series_id:
                return station, series
    raise GoedeBuurError("query-unknown-series", "There is no such series.", value=series_id)


def _shared(left: SeriesView, right: SeriesView) -> Period:
    """Return the last month that both series have, or the last month of the left one where they share nothing."""
    a, b = latest.whole_period(left), latest.whole_period(right)
    end = min(a.end, b.end)
    start = max(a.start, b.start, end - timedelta(days=31))
    return Period(start, end) if start < end else latest.usual_period(left, days=31)
