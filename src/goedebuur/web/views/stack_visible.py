"""What was seen to leave a site and passes through no stack: counted as its conditions word it, and look by look."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import paging, visible_views
from goedebuur.services.visible_views import VisibleView
from goedebuur.web import asking, csv_files, stack_visible_rows
from goedebuur.web import paging as web_paging
from goedebuur.web.page import Reading, reads
from goedebuur.web.views.stack_years import YEARS, answer


def _asked(reading: Reading, site_id: str) -> VisibleView:
    year = asking.whole(reading.request, "year", *YEARS)
    return visible_views.view(reading.record, site_id, reading.day, year, reading.as_of)


@reads
def visible(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with what was seen in a year; without a year, in the newest in which anyone looked."""
    moved = reading.moved("stack-visible", site_id)
    if moved is not None:
        return moved
    found = _asked(reading, site_id)
    places = stack_visible_rows.places(found)
    place = asking.one_of(reading.request, "place", ["", *(code for code, _, _ in places)])
    chosen = (one for one in found.sightings if place in ("", one.place))
    page = paging.of(chosen, web_paging.number(reading.request))
    station, winds = visible_views.wind(reading.record, found.site, page.rows, reading.as_of)
    return answer(
        reading,
        "stack-visible",
        site_id,
        found,
        levels=stack_visible_rows.levels(found),
        rows=stack_visible_rows.looks(found, page.rows, winds),
        paging=web_paging.links(reading.request, page, to="#gezien"),
        places=places,
        place=place,
        looking=bool(reading.request.GET.keys() & {"place", "page"}),
        station=station,
        days=stack_visible_rows.days(found),
        estimates=stack_visible_rows.estimates(found),
        since=stack_visible_rows.since(found),
    )


@reads
def visible_csv(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with every look of a year as a file."""
    found = _asked(reading, site_id)
    return csv_files.answer(stack_visible_rows.table(found), f"zichtbaar_{found.site}_{found.year or ''}.csv")


@reads
def api_visible(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the looks of a year, what each period of each level comes to, and what was estimated."""
    found = _asked(reading, site_id)
    levels = [
        {
            "id": one.limit.id,
            "places": one.limit.places,
            "measure": one.limit.measure,
            "value": str(one.limit.value),
            "window": one.limit.window,
            "binds": one.limit.binds,
            "article": one.limit.article,
            "status": one.limit.status,
            "installations": one.limit.installations,
            "periods": one.periods,
        }
        for part in found.parts
        for one in part.standings
    ]
    estimates = [
        {"factor": factor.id, "status": factor.status, "question": factor.question, "amount": str(one.amount)}
        | {"mass": one.mass, "low": one.low, "high": one.high}
        for part in found.parts
        for factor, one in part.estimates
    ]
    return reading.data(
        {
            "site": found.site,
            "name": found.name,
            "simulated": found.simulated,
            "year": found.year,
            "years": found.years,
            "until": found.until,
            "levels": levels,
            "sightings": tuple(reversed(found.sightings)),
            "estimates": estimates,
            "days_since": [{"place": place, "days": days} for part in found.parts for place, days in part.days_since],
        }
    )
