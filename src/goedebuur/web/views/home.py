"""The first page: map, list beside it, wind of the moment."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.services import queries, site_views
from goedebuur.web import latest, map_data, site_rows
from goedebuur.web.page import Reading, reads


@reads
def home(reading: Reading) -> HttpResponse:
    """Answer with the map of the area and the list of stations."""
    quantity = reading.request.GET.get("quantity", "")
    stations = queries.stations(reading.record, reading.as_of)
    published = latest.published(reading.record, reading.as_of)
    entries = map_data.entries(stations, published, quantity)
    moment = latest.moment(reading.record, reading.as_of)
    wind = queries.wind_now(reading.record, moment, reading.as_of)
    return reading.page(
        "home.html",
        entries=entries,
        quantities=map_data.measured(stations),
        quantity=quantity,
        published=published,
        symbols=map_data.legend(entries),
        facilities=site_rows.entries(
            site_views.every(reading.record, reading.as_of).values(), settings.GOEDEBUUR.map_bounds
        ),
        facilities_url=map_data.address(reverse("api-map-facilities"), as_of=reading.as_of),
        map_url=map_data.address(reverse("api-map"), quantity, reading.as_of),
        wind=wind,
        wind_year=max((w.start.astimezone(AMSTERDAM).year for w in wind), default=None),
    )
