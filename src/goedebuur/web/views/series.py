"""One series: chart with limit lines, the table of the same figures, its verdicts; its roses on a page beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import polars as pl
from django.http import Http404, HttpResponse
from django.urls import reverse

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import CET, Period, iso
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services import assessment, proving, punctuality, queries
from goedebuur.services.limit_lines import limit_lines, ruled
from goedebuur.services.nearest import nearest
from goedebuur.services.views import SeriesView, StationView
from goedebuur.web import asking, chart_table, late_rows, latest, rose_table, verdict_rows, words
from goedebuur.web.page import Reading, reads

MOST_MARKS: Final = 2_000
"""More corrections than this are not told apart in a picture."""


def _found(reading: Reading, station_id: str, quantity: str) -> tuple[StationView, SeriesView]:
    station = queries.station(reading.record, station_id, reading.as_of)
    step = asking.whole(reading.request, "step", 1, 86_400)
    found = latest.chosen(station, quantity, step)
    if found is None:
        raise Http404
    return station, found


@reads
def series(reading: Reading, station_id: str, quantity: str) -> HttpResponse:
    """Answer with one series."""
    station, shown = _found(reading, station_id, quantity)
    period = asking.period(reading.request, latest.usual_period(shown))
    chart = queries.chart(
        reading.record, [shown.id], period.start, period.end, asking.points(reading.request), reading.as_of
    )
    rows = chart_table.table(chart, shown)
    last_day = (period.end - timedelta(microseconds=1)).astimezone(AMSTERDAM).date()
    lines = limit_lines(reading.record, quantity, last_day, reading.as_of)
    published = assessment.published(reading.record, last_day.year, reading.as_of)
    if published is None:
        published = latest.published(reading.record, reading.as_of)
    corrected, corrections = queries.corrections(reading.record, shown.id, period.start, period.end, reading.as_of)
    return reading.page(
        "series.html",
        station=station,
        series=shown,
        others=[s for s in station.series if s.quantity == quantity and s.id != shown.id],
        period=period,
        presets=_presets(shown),
        chart_url=_chart_url(shown.id, reading.as_of),
        names={shown.id: f"{QUANTITIES[quantity].symbol}, {station.name}"},
        lines=lines,
        limits=[{"label": words.line(line), "value": line.value, "kind": line.kind} for line in lines],
        decimals=chart_table.decimals(shown),
        table_rows=chart_table.html(rows, shown, reading.as_of),
        history=chart_table.history(shown, reading.as_of),
        single=chart["step"] <= shown.step,
        newest=_newest(reading, shown, rows),
        corrected=corrected,
        corrections=corrections,
        corrected_at=_moments(reading, shown, period) if corrections else [],
        chart_step=chart["step"],
        whole_days=chart_table.whole_days(chart),
        published=published,
        in_air=quantity not in latest.WEATHER,
        unruled="" if ruled(quantity) else quantity,
        verdicts=verdict_rows.rows(published, reading.as_of, series=shown.id),
        proof_years=_proof_years(shown) if reading.as_of is None else [],
        expected=late_rows.of_series(
            punctuality.of_series(reading.record, shown.id, reading.moment, reading.as_of), period
        ),
        query=_query(period, reading.as_of),
    )


def _proof_years(shown: SeriesView) -> list[int]:
    """Return the years of CET whose mean can have a proof, newest first."""
    if shown.first is None or shown.last is None or shown.step < proving.SHORTEST_STEP:
        return []
    return list(range(shown.last.astimezone(CET).year, shown.first.astimezone(CET).year - 1, -1))


@reads
def wind(reading: Reading, station_id: str, quantity: str) -> HttpResponse:
    """Answer with wind rose and concentration rose of one series."""
    station, shown = _found(reading, station_id, quantity)
    period = asking.period(reading.request, latest.usual_period(shown, days=365))
    weather = queries.weather_stations(reading.record, reading.as_of)
    asked = reading.request.GET.get("weather", "")
    near = nearest(station, [w for w in weather if asked in ("", w.id)])
    if asked and near is None:
        raise Http404
    rose = None
    if near is not None:
        rose = queries.roses(reading.record, shown.id, near.station.id, period.start, period.end, reading.as_of)
    return reading.page(
        "wind.html",
        station=station,
        series=shown,
        period=period,
        presets=_presets(shown),
        near=near,
        weather=weather,
        rose=rose,
        rose_data=rose_table.data(rose, shown) if rose else None,
        rows=rose_table.rows(rose) if rose else [],
        decimals=chart_table.decimals(shown),
        query=_query(period, reading.as_of),
    )


def _moments(reading: Reading, shown: SeriesView, period: Period) -> list[int]:
    """Return where the chart marks a correction: the first value of each part of the period. [s since 1970]"""
    found = queries.corrected(reading.record, shown.id, period.start, period.end, reading.as_of)
    width = max(1.0, (period.end - period.start).total_seconds() / MOST_MARKS)
    first: dict[int, int] = {}
    for moment in (start.timestamp() for start in found):
        first.setdefault(int(moment // width), int(moment))
    return list(first.values())


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest value that a page shows, and the delivery that it comes from."""

    start: datetime
    leaf: int
    name: str
    sha256: str


def _newest(reading: Reading, shown: SeriesView, rows: Sequence[chart_table.Row]) -> Newest | None:
    last = next((i for i in range(len(rows) - 1, -1, -1) if not rows[i].missing), None)
    if last is None:
        return None
    width = rows[1].start - rows[0].start if len(rows) > 1 else timedelta(seconds=shown.step)
    found = (
        queries.read_series(reading.record, [shown.id], rows[last].start, rows[last].start + width, reading.as_of)
        .filter(pl.col("micro").is_not_null(), pl.col("flags") & int(UNUSABLE) == 0)
        .sort("start")
    )
    if not found.height:
        return None
    row = found.row(-1, named=True)
    delivery = queries.delivery(reading.record, row["leaf"])
    return Newest(row["start"], row["leaf"], delivery.payload_name, delivery.payload_sha256)


def _presets(shown: SeriesView) -> list[dict[str, Any]]:
    whole = latest.whole_period(shown)
    found = []
    for days in (2, 14, 91, 365):
        if whole.end - timedelta(days=days) > whole.start:
            found.append({"days": days, "words": words.preset(days), "query": _query(latest.usual_period(shown, days))})
    return [*found, {"days": None, "words": words.preset(None), "query": _query(whole)}]


def _query(period: Period, as_of: int | None = None) -> str:
    asked = {"start": iso(period.start), "end": iso(period.end)}
    return urlencode(asked | ({"as_of": str(as_of)} if as_of is not None else {}))


def _chart_url(series_id: str, as_of: int | None) -> str:
    asked = {"series": series_id} | ({"as_of": str(as_of)} if as_of is not None else {})
    return f"{reverse('api-chart')}?{urlencode(asked)}"
