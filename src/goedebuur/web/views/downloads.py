"""Downloads: the values of a series with units, flags and leaves, as CSV and as Parquet."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.services import queries
from goedebuur.web import asking, comparison_table, latest
from goedebuur.web.page import Reading, reads

TYPES: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@reads
def form(reading: Reading) -> HttpResponse:
    """Answer with what can be downloaded and what the columns mean."""
    stations = queries.stations(reading.record, reading.as_of)
    return reading.page("downloads.html", choices=comparison_table.choices(stations))


@reads
def csv(reading: Reading, series_id: str) -> HttpResponse:
    """Answer with one series as CSV."""
    return _file(reading, series_id, "csv")


@reads
def parquet(reading: Reading, series_id: str) -> HttpResponse:
    """Answer with one series as Parquet."""
    return _file(reading, series_id, "parquet")


def _file(reading: Reading, series_id: str, form: str) -> HttpResponse:
    shown = queries.series(reading.record, series_id, reading.as_of)
    period = asking.period(reading.request, latest.whole_period(shown))
    data = queries.export(reading.record, [series_id], period.start, period.end, form, reading.as_of)
    days = "_".join(moment.astimezone(AMSTERDAM).strftime("%Y%m%d") for moment in (period.start, period.end))
    size = reading.as_of if reading.as_of is not None else reading.size
    response = HttpResponse(data, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{series_id}_{days}_as-of-{size}.{form}"'
    return response
