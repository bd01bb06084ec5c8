"""A year at the stacks of a site, as it was published: month by month, and how much room there is under each limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse

from goedebuur.services import stack_headroom, stack_verdicts
from goedebuur.services.stack_verdicts import YearView
from goedebuur.web import asking, stack_pages, stack_room_rows, stack_timeline_rows, stack_verdict_rows
from goedebuur.web.page import Reading, reads
from goedebuur.web.stack_verdict_rows import PointLines

YEARS: Final = (1970, 2199)
FEW_LIMITS: Final = 6
"""So many are shown under each other; of more, those of one substance."""


def asked(reading: Reading, site_id: str) -> YearView:
    """Return what is published of the year that is asked; without one of the newest."""
    year = asking.whole(reading.request, "year", *YEARS)
    return stack_verdicts.view(reading.record, site_id, year, reading.as_of)


def answer(reading: Reading, name: str, site_id: str, found: object, **context: Any) -> HttpResponse:
    """Return a page on a year: with the other pages of these stacks, and the other years."""
    template = f"{name.replace('-', '_')}.html"
    pages = stack_pages.links(name, asking.whole(reading.request, "year", *YEARS))
    return reading.page(template, site_id=site_id, found=found, pages=pages, page_name=name, **context)


def chosen(reading: Reading, points: Sequence[PointLines]) -> PointLines | None:
    """Return the emission point that is asked for; without one the first; None where there are none."""
    name = asking.one_of(reading.request, "point", [one.id for one in points])
    return next((one for one in points if one.id == name), None)


@reads
def timeline(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the outcome of each month for each limit at an emission point."""
    moved = reading.moved("stack-timeline", site_id)
    if moved is not None:
        return moved
    found = asked(reading, site_id)
    points = stack_verdict_rows.by_point(found)
    point = chosen(reading, points)
    key = [stack_verdict_rows.outcome(name) for name in ("MEETS", "EXCEEDS", "UNDETERMINED")]
    lines = stack_timeline_rows.lines(point) if point is not None else []
    return answer(
        reading,
        "stack-timeline",
        site_id,
        found,
        points=points,
        point=point,
        lines=[one for one in lines if one.months],
        whole=[one for one in lines if not one.months],
        key=key,
    )


@reads
def headroom(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with what was measured beside each limit at an emission point; where there are many, of one substance."""
    moved = reading.moved("stack-headroom", site_id)
    if moved is not None:
        return moved
    found = asked(reading, site_id)
    points = stack_verdict_rows.by_point(found)
    point = chosen(reading, points)
    measured = [stack_headroom.of_year(reading.record, one) for one in found.published]
    rooms = stack_room_rows.rooms(point, measured) if point is not None else []
    substances = stack_room_rows.substances(rooms)
    substance = asking.one_of(reading.request, "substance", [one.id for one in substances])
    if len(rooms) > FEW_LIMITS:
        rooms = [one for one in rooms if one.substance == substance]
    else:
        substances = []
    return answer(
        reading,
        "stack-headroom",
        site_id,
        found,
        points=points,
        point=point,
        rooms=rooms,
        substances=substances,
        substance=substance,
    )


@reads
def api_headroom(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with what was measured beside each limit, as exact numbers."""
    found = asked(reading, site_id)
    told = [
        {"stream": stream, "requirement": requirement, "leaf": one.leaf, "spans": [_span(each) for each in measured]}
        for one in found.published
        for (stream, requirement), measured in stack_headroom.of_year(reading.record, one).items()
    ]
    return reading.data({"site": found.site, "simulated": found.simulated, "year": found.year, "limits": told})


def _span(one: Any) -> dict[str, Any]:
    numbers = {name: str(getattr(one, name)) for name in ("highest", "limit", "mean")}
    return {"span": one.span, "n": one.n, "start": one.start, **numbers}
