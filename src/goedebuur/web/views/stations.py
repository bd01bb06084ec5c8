"""All stations, and one station with its series."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import punctuality, queries
from goedebuur.services.nearest import nearest
from goedebuur.web import latest, map_data, verdict_rows
from goedebuur.web.page import Reading, reads


@reads
def all_stations(reading: Reading) -> HttpResponse:
    """Answer with the list of all stations."""
    stations = queries.stations(reading.record, reading.as_of)
    published = latest.published(reading.record, reading.as_of)
    return reading.page("stations.html", entries=map_data.entries(stations, published), published=published)


@reads
def station(reading: Reading, station_id: str) -> HttpResponse:
    """Answer with one station: what it measures, how it stands, how we know."""
    found = queries.station(reading.record, station_id, reading.as_of)
    published = latest.published(reading.record, reading.as_of)
    weather = nearest(found, queries.weather_stations(reading.record, reading.as_of))
    return reading.page(
        "station.html",
        station=found,
        air=[s for s in found.series if s.quantity not in latest.WEATHER],
        weather_series=[s for s in found.series if s.quantity in latest.WEATHER],
        published=published,
        verdicts=verdict_rows.rows(published, reading.as_of, station=found.id),
        entry=next(iter(map_data.entries([found], published)), None),
        weather=weather,
        late=[(row, row.series.rsplit(".", 2)[1]) for row in _late(reading, found.id)],
    )


def _late(reading: Reading, station_id: str) -> tuple[punctuality.Row, ...]:
    return punctuality.chosen(punctuality.overview(reading.record, reading.moment, reading.as_of), station=station_id)
