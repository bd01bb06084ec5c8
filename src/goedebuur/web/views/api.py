"""The JSON API: the same questions as the pages ask, with the same `as_of`."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import assessment, queries, site_views
from goedebuur.web import asking, headers, latest, map_data, publication, site_rows, words
from goedebuur.web.page import Reading, reads
from goedebuur.web.record import opened

A_PAGE = 200
CHANGES = 10_000
MOST_ROWS = 1_000_000


@reads
def index(reading: Reading) -> HttpResponse:
    """Answer with the addresses of the API."""
    first = ("record", "checkpoint", "map", "wind", "facilities", "sites", "stations", "chart", "observations")
    names = (*first, "compare", "deliveries", "difference", "late", "expectations", "submitters", "refusals")
    return reading.data({name: reverse(f"api-{name}") for name in (*names, "rulebook")})


@require_safe
def record_state(request: HttpRequest) -> HttpResponse:
    """Answer with the state of the record, and of the present also with what is published and who witnessed it."""
    record = opened()
    as_of = Reading(request, record, record.projected, None).asked_size("as_of")
    body: dict[str, Any] = msgspec.to_builtins(queries.overview(record, as_of))
    if as_of is None:
        body["publication"] = publication.as_data(publication.published(record.size))
    response = Reading.data(body)
    # witnesses come and go while the log stays as it is
    tag = headers.etag(request, record.projected, record.size, sha256(response.content).hexdigest())
    return headers.unchanged(request, tag) or headers.keep(
        response, tag, pinned=as_of is not None and record.projected == record.size
    )


@reads
def checkpoint(reading: Reading) -> HttpResponse:
    """Answer with the signed checkpoint, a C2SP signed note; earlier ones are not kept."""
    asking.present(reading.request)
    return HttpResponse(queries.checkpoint(reading.record), content_type="text/plain; charset=utf-8")


@reads
def map_stations(reading: Reading) -> HttpResponse:
    """Answer with what the map draws, in the language that is asked."""
    get = reading.request.GET
    with translation.override("en" if get.get("language") == "en" else "nl"):
        stations = queries.stations(reading.record, reading.as_of)
        published = latest.published(reading.record, reading.as_of)
        found = map_data.entries(stations, published, get.get("quantity", ""))
        return reading.data({"stations": [_on_map(entry) for entry in found]})


@reads
def map_facilities(reading: Reading) -> HttpResponse:
    """Answer with the sites that the map draws, in the language that is asked."""
    with translation.override("en" if reading.request.GET.get("language") == "en" else "nl"):
        found = site_rows.entries(site_views.every(reading.record, reading.as_of).values())
        return reading.data({"facilities": [site_rows.on_map(entry) for entry in found]})


def _on_map(entry: map_data.Entry) -> dict[str, Any]:
    station, standing = entry.station, entry.standing
    return {
        "id": station.id,
        "name": station.name,
        "latitude": station.latitude,
        "longitude": station.longitude,
        "area": station.area,
        "kind": station.kind,
        "url": entry.url,
        "verdict": standing.limit,
        "guideline": standing.guideline,
        "symbol": entry.symbol,
        "words": entry.words,
        "key": words.symbol(entry.symbol),
        "summary": entry.summary,
        "simulated": station.simulated,
    }


@reads
def wind(reading: Reading) -> HttpResponse:
    """Answer with the last known wind at or before a moment, of the newest data if none is given."""
    text = reading.request.GET.get("moment", "")
    moment = asking.moment("moment", text) if text else latest.moment(reading.record, reading.as_of)
    return reading.data({"wind": queries.wind_now(reading.record, moment, reading.as_of)})


@reads
def facilities(reading: Reading) -> HttpResponse:
    """Answer with the facilities of the release register and what they reported."""
    return reading.data({"facilities": queries.facilities(reading.record, reading.as_of)})


@reads
def stations(reading: Reading) -> HttpResponse:
    """Answer with all stations and their series."""
    return reading.data({"stations": queries.stations(reading.record, reading.as_of)})


@reads
def station(reading: Reading, station_id: str) -> HttpResponse:
    """Answer with one station."""
    return reading.data(queries.station(reading.record, station_id, reading.as_of))


@reads
def series(reading: Reading, series_id: str) -> HttpResponse:
    """Answer with one series."""
    return reading.data(queries.series(reading.record, series_id, reading.as_of))


@reads
def chart(reading: Reading) -> HttpResponse:
    """Answer with the points of a chart: lowest, mean and highest of each stretch of time, gaps kept."""
    wanted = asking.series_ids(reading.request)
    usual = latest.usual_period(queries.series(reading.record, wanted[0], reading.as_of))
    period = asking.period(reading.request, usual)
    points = asking.points(reading.request)
    return reading.data(queries.chart(reading.record, wanted, period.start, period.end, points, reading.as_of))


@reads
def observations(reading: Reading) -> HttpResponse:
    """Answer with values as they are held, in columns: exact integers of 10⁻⁶ canonical units."""
    wanted = asking.series_ids(reading.request)
    first = queries.series(reading.record, wanted[0], reading.as_of)
    period = asking.period(reading.request, latest.usual_period(first))
    if len(wanted) * (period.end - period.start).total_seconds() / first.step > MOST_ROWS:
        raise GoedeBuurError(
            asking.BAD_PARAMETER,
            "This is more than one answer holds.",
            place="start, end",
            hint="Ask for a shorter period or fewer series, or download Parquet.",
        )
    rows = queries.read_series(reading.record, wanted, period.start, period.end, reading.as_of)
    return reading.data(
        {"units": {s: queries.series(reading.record, s, reading.as_of).unit for s in wanted}, "micro_per_unit": 10**6}
        | rows.to_dict(as_series=False)
    )


@reads
def provenance(reading: Reading, series_id: str, start: datetime) -> HttpResponse:
    """Answer with all versions of one value."""
    return reading.data(queries.provenance(reading.record, series_id, start, reading.as_of))


@reads
def compare(reading: Reading) -> HttpResponse:
    """Answer with two series compared on the steps that both have."""
    wanted = asking.series_ids(reading.request)
    if len(wanted) != 2:
        raise GoedeBuurError(
            asking.BAD_PARAMETER, "A comparison takes two series.", place="series", value=",".join(wanted)
        )
    usual = latest.usual_period(queries.series(reading.record, wanted[0], reading.as_of))
    period = asking.period(reading.request, usual)
    return reading.data(queries.compare(reading.record, wanted[0], wanted[1], period.start, period.end, reading.as_of))


@reads
def deliveries(reading: Reading) -> HttpResponse:
    """Answer with leaves, newest first."""
    before = asking.whole(reading.request, "before", 0, reading.size)
    top = min(n for n in (before, reading.as_of, reading.size) if n is not None)
    limit = asking.whole(reading.request, "limit", 1, 1000) or A_PAGE
    found = queries.deliveries(reading.record, limit, top, as_of=reading.as_of, today=reading.today)
    return reading.data({"deliveries": found})


@reads
def delivery(reading: Reading, leaf: int) -> HttpResponse:
    """Answer with one leaf."""
    return reading.data(queries.delivery(reading.record, leaf, as_of=reading.as_of, today=reading.today))


@reads
def difference(reading: Reading) -> HttpResponse:
    """Answer with what reads differently at tree size `to` than at `from`, in parts, and how much that is in all."""
    first = reading.asked_size("from")
    last = reading.asked_size("to")
    a, b = sorted((first or 0, last if last is not None else reading.top))
    found = queries.counted_difference(
        reading.record,
        a,
        b,
        kinds=asking.among(reading.request, "kind", queries.CHANGE_KINDS),
        offset=asking.whole(reading.request, "offset", 0, 10**12) or 0,
        limit=asking.whole(reading.request, "limit", 1, 100_000) or CHANGES,
    )
    return reading.data(
        {
            "from": a,
            "to": b,
            "counts": found.counts,
            "total": found.total,
            "offset": found.offset,
            "truncated": found.following is not None,
            "next": found.following,
            "changes": found.changes,
        }
    )


@reads
def verdicts(reading: Reading, year: int) -> HttpResponse:
    """Answer with the published verdicts of a year."""
    found = assessment.published(reading.record, year, reading.as_of)
    body: dict[str, Any] = {"year": year, "published": None, "verdicts": []}
    if found is not None:
        body |= {
            "published": found.published,
            "leaf": found.leaf,
            "newer_data": found.newer,
            "receipt": found.receipt,
            "verdicts": [v.as_record() for v in found.verdicts],
        }
    return reading.data(body)


@reads
def explanation(reading: Reading, year: int, series_id: str, limit_id: str) -> HttpResponse:
    """Answer with one verdict taken apart."""
    return reading.data(assessment.explain(reading.record, series_id, limit_id, year, reading.as_of))
