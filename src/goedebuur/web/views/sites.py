"""Sites: all of them by choice, one with its history, and the questions that wait for a person."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from goedebuur.services import permits, publications, site_decisions, site_export, site_views, stack_views
from goedebuur.services.site_views import SiteView, Wanted
from goedebuur.web import site_questions, site_rows, words
from goedebuur.web.page import Reading, lead, reads


@reads
def all_sites(reading: Reading) -> HttpResponse:
    """Answer with the sites that are asked for, and with what can be asked."""
    every = site_views.every(reading.record, reading.as_of).values()
    wanted = _wanted(reading.request)
    return reading.page(
        "sites.html",
        entries=site_rows.entries(site_views.select(every, wanted)),
        wanted=wanted,
        total=len(every),
        questions=sum(one.open_questions > 0 for one in every),
        query=reading.request.GET.urlencode(),
        municipalities=_bodies(party for one in every for party in one.municipalities),
        operators=_bodies(party for one in every for party in one.operators),
        cities=sorted({one.city for one in every if one.city}, key=str.casefold),
        activities=[site_rows.choice_of_activity(one) for one in site_views.activity_groups(every)],
        substances=sorted(
            ((name, words.look_up("pollutant", name)) for name in _substances(every)), key=lambda one: one[1].casefold()
        ),
    )


@reads
def csv(reading: Reading) -> HttpResponse:
    """Answer with the sites that are asked for as CSV."""
    found = site_views.select(site_views.every(reading.record, reading.as_of).values(), _wanted(reading.request))
    response = HttpResponse(site_export.as_csv(found), content_type="text/csv; charset=utf-8")
    size = reading.as_of if reading.as_of is not None else reading.size
    response["Content-Disposition"] = f'attachment; filename="locaties_as-of-{size}.csv"'
    return response


@reads
def site(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with one site; the address of one that was merged leads to the site under which it goes on."""
    moved = reading.moved("site", site_id)
    if moved is not None:
        return moved
    found = site_views.find(reading.record, site_id, reading.as_of)
    named = site_questions.names(site_views.every(reading.record, reading.as_of).values())
    return reading.page(
        "site.html",
        site=found,
        findings=publications.about(reading.record, site=site_id, as_of=reading.as_of),
        substances=site_rows.substances(found),
        activity=site_rows.main_activity(found),
        names=site_rows.dated(found.names),
        addresses=site_rows.dated(found.addresses),
        operators=site_rows.parties(found.operators),
        authorities=site_rows.parties(found.authorities),
        agencies=site_rows.parties(found.agencies),
        municipalities=site_rows.parties(found.municipalities),
        activities=site_rows.done(found.activities),
        unchecked=site_rows.unchecked(found.activities),
        places=site_rows.places(found.places),
        parts=site_rows.parts(found),
        permit=not permits.sites_with_permits(reading.record, reading.as_of).keys().isdisjoint(found.members),
        signals=stack_views.counted(reading.record, found.members, reading.as_of),
        merged=[(decision.gone, site_questions.decided(decision)) for decision in found.merged],
        pairs=site_questions.pairs(found.pairs, named),
        moved=site_questions.moved(found.moved, named),
        changes=[
            (one, site_rows.reason(one.reason)) for one in site_views.changes(reading.record, found, reading.as_of)
        ],
    )


@reads
def questions(reading: Reading) -> HttpResponse:
    """Answer with what waits for a person: facilities that may be one site, and coordinates that moved."""
    named = site_questions.names(site_views.every(reading.record, reading.as_of).values())
    pairs = site_questions.pairs(site_decisions.pairs(reading.record, reading.as_of), named)
    moved = site_questions.moved(site_decisions.moved(reading.record, reading.as_of), named)
    return reading.page(
        "site_questions.html",
        pairs=[one for one in pairs if one.open],
        decided=[one for one in pairs if not one.open],
        moved=[one for one in moved if one.open],
        judged=[one for one in moved if not one.open],
    )


@require_safe
def moved_list(request: HttpRequest) -> HttpResponse:
    """Lead from the old address of the list to the new one."""
    return lead(request, reverse("sites"))


@require_safe
def moved_page(request: HttpRequest, facility_id: str) -> HttpResponse:
    """Lead from the old address of a facility to its site."""
    return lead(request, reverse("site", args=[facility_id]))


@reads
def api_sites(reading: Reading) -> HttpResponse:
    """Answer with one row for each site that is asked for."""
    found = site_views.select(site_views.every(reading.record, reading.as_of).values(), _wanted(reading.request))
    return reading.data({"sites": site_export.rows(found)})


@reads
def api_site(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with one site and all its history."""
    return reading.data(site_views.find(reading.record, site_id, reading.as_of))


@reads
def api_questions(reading: Reading) -> HttpResponse:
    """Answer with what waits for a person, and with what was decided."""
    return reading.data(
        {
            "pairs": [
                {"points": pair.likeness.points, "open": pair.open, "sites": pair.sites}
                | {"terms": pair.likeness.terms, "decision": pair.decision}
                for pair in site_decisions.pairs(reading.record, reading.as_of)
            ],
            "moved": [
                {"site": one.site, "open": one.open, "distance_m": round(1000 * one.move.distance)}
                | {"positions": one.move.positions, "judged": one.judged}
                for one in site_decisions.moved(reading.record, reading.as_of)
            ],
        }
    )


def _wanted(request: HttpRequest) -> Wanted:
    return Wanted(**{one.name: request.GET.get(one.name, "") for one in fields(Wanted)})


def _bodies(parties: Any) -> list[tuple[str, str]]:
    return sorted({(one.id, one.name) for one in parties}, key=lambda one: one[1].casefold())


def _substances(views: Any) -> set[str]:
    found: set[str] = set()
    for view in views:
        assert isinstance(view, SiteView)
        found.update(release.pollutant for release in view.releases)
    return found
