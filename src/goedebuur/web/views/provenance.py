"""How do we know this? All versions of one figure, with the files and leaves they came from."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from goedebuur.services import queries
from goedebuur.web.page import Reading, reads


@reads
def observation(reading: Reading, series_id: str, start: datetime) -> HttpResponse:
    """Answer with the history of one value."""
    found = queries.provenance(reading.record, series_id, start, reading.as_of)
    station = queries.station(reading.record, found.station, reading.as_of)
    return reading.page("provenance.html", found=found, station=station)
