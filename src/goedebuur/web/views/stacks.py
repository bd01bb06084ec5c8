"""The stacks of a site: which signals are measured there, by which instruments, and how they become averages."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import stack_views
from goedebuur.web import stack_pages, stack_rows
from goedebuur.web.page import Reading, reads


@reads
def stacks(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the stacks of a site on a day; the address of a site that was merged leads to where it goes on."""
    moved = reading.moved("stacks", site_id)
    if moved is not None:
        return moved
    found = stack_views.view(reading.record, site_id, reading.day, reading.as_of)
    points = stack_rows.points(found.points)
    return reading.page(
        "stacks.html",
        site_id=site_id,
        site_name=found.name,
        simulated=found.simulated,
        on=found.on,
        points=points,
        opened=next((one.id for one in points if one.signals), ""),
        elsewhere=[(one.stream.emission_point, stack_rows.signal(one)) for one in found.elsewhere],
        measured=found.measured,
        pages=stack_pages.links("stacks"),
    )


@reads
def api_stacks(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the emission points of a site on a day, with signals, functions, abatement and settings."""
    return reading.data(stack_views.view(reading.record, site_id, reading.day, reading.as_of))
