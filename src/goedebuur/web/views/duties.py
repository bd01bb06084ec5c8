"""What has to be done at the stacks of someone's own sites, and by when: a page, and a file for an agenda.

Who is late is told to the company and its authority alone: nothing here is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from goedebuur.core.emissions.duties import TITLES
from goedebuur.core.sites.records import Site
from goedebuur.services import duty_lists, own_sites, sites
from goedebuur.services.duty_lists import Line, Standing
from goedebuur.services.own_sites import OwnSites
from goedebuur.web import finding_names
from goedebuur.web.duty_words import SYMBOLS
from goedebuur.web.working import Work, works

COUNTED = (Standing.LATE, Standing.ASKED, Standing.SOON, Standing.OPEN)


@works
def duties(work: Work) -> HttpResponse:
    """Answer with the duties of all own sites, or of one; to an authority of one that is chosen."""
    reading = work.reading()
    own = own_sites.of(reading.record, work.person, reading.day, reading.as_of)
    chosen = _chosen(work, own)
    found = duty_lists.of_sites(reading.record, chosen, reading.day, reading.as_of)
    names = finding_names.names(reading.record, reading.as_of)
    return work.page(
        "duties.html",
        reading=reading,
        on=found.on,
        own=own.every,
        site=work.request.GET.get("site", ""),
        shown=chosen,
        names=names,
        pending=_rows(found.pending),
        done=_rows(found.done),
        counts=[(one.value, SYMBOLS[one.value], found.count(one)) for one in COUNTED],
        soon=duty_lists.SOON.days // 7,
        unknown=found.unknown,
        lacking=[(site, point, months) for (site, point), months in found.lacking.items()],
    )


@works
def as_calendar(work: Work) -> HttpResponse:
    """Answer with what is not done, as an agenda file."""
    reading = work.reading()
    own = own_sites.of(reading.record, work.person, reading.day, reading.as_of)
    found = duty_lists.of_sites(reading.record, _chosen(work, own), reading.day, reading.as_of)
    lines = [(one.duty, one.about.nl) for one in found.pending]
    response = HttpResponse(duty_lists.ics(lines, found.on, work.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plichten.ics"'
    return response


def _chosen(work: Work, own: OwnSites) -> tuple[str, ...]:
    """Return the sites that are asked for: one that is named, or all of the own company."""
    asked = work.request.GET.get("site", "")
    if asked and asked not in own.every:
        raise sites.unknown(Site, asked)
    return (asked,) if asked else own.of_company


def _rows(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return duties as the template shows them; those that differ in what they are about alone share a row."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for one in lines:
        duty = one.duty
        days = (duty.since, duty.due, duty.due_latest, duty.done_on)
        same = (duty.site, duty.kind, *days, duty.article, duty.turn, one.standing)
        row: dict[str, Any] = {
            "duty": duty,
            "standing": one.standing.value,
            "symbol": SYMBOLS[one.standing.value],
            "about": [],
            "title": TITLES[duty.kind],
            "latest": duty.due_latest if duty.due_latest != duty.due else None,
            "asks": bool(duty.question.nl) and one.standing in (Standing.ASKED, Standing.DONE_ASKED),
        }
        found.setdefault(same, row)["about"].append(one.about)
    return list(found.values())
