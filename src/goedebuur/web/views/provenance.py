"""How do we know this? All versions of one figure, with the files and leaves they came from."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from goedebuur.core.base.periods import CET
from goedebuur.services import proving, queries
from goedebuur.web.page import Reading, reads


@reads
def observation(reading: Reading, series_id: str, start: datetime) -> HttpResponse:
    """Answer with the history of one value."""
    found = queries.provenance(reading.record, series_id, start, reading.as_of)
    station = queries.station(reading.record, found.station, reading.as_of)
    # of longer steps there is no mean of hours
    means = {} if found.micro is None or found.step > proving.SHORTEST_STEP else _means(start)
    return reading.page("provenance.html", found=found, station=station, means=means)


def _means(start: datetime) -> dict[str, str | int]:
    """Return the day, month and year in which a value lies, as the addresses of the proofs of their means have them."""
    at = start.astimezone(CET)
    return {"day": f"{at:%Y-%m-%d}", "month": f"{at:%Y-%m}", "year": at.year}
