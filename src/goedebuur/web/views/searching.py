"""One search box: what is public from the record, and the cases that the reader may see when signed in."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from goedebuur.services import case_lists, people, searching
from goedebuur.services.casework import CaseView
from goedebuur.services.paging import Page
from goedebuur.web import asking, paging
from goedebuur.web.page import Reading
from goedebuur.web.record import opened

LONGEST = 200
"""Characters of a question. [character]"""
PAGES = {"finding": "finding", "site": "site", "permit": "permit", "station": "station"}
"""Kind of result → name of its page."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer with everything that holds the words. Kept by no cache, since it may hold cases."""
    record = opened()
    present = Reading(request, record, record.projected, None)
    as_of = present.asked_size("as_of")
    reading = Reading(request, record, record.projected, as_of)
    text = request.GET.get("q", "")
    if len(text) > LONGEST:
        raise asking.BadParameterError("q", text, asking.TOO_LONG, most=LONGEST)
    chosen = asking.among(request, "kind", searching.KINDS)
    kind = chosen[0] if chosen else None
    page = paging.number(request) if kind else 1
    groups = [
        (
            name,
            [(hit, _address(hit.entry)) for hit in part.rows],
            paging.links(request, part, kind=name),
        )
        for name, part in searching.public(record, text, as_of, kind=kind, page=page).items()
    ]
    cases = None if kind else _cases(request, text)
    more = paging.links(request, cases, to=reverse("cases"), q=text) if cases is not None else None
    response = reading.page("search.html", q=text, kind=kind, groups=groups, cases=cases, cases_paging=more)
    response["Cache-Control"] = "no-store, private"
    return response


def _cases(request: HttpRequest, text: str) -> Page[CaseView] | None:
    """Return the first cases that a reader who is signed in may see and that hold the words."""
    if not text.strip() or not request.user.is_authenticated or request.user.pk is None:
        return None
    return case_lists.listing(people.person(request.user.pk, datetime.now(UTC)), text=text)


def _address(entry: searching.Entry) -> str:
    """Return the address of the page of a result; empty for something that has none in this version."""
    try:
        return reverse(PAGES[entry.kind], args=[entry.id])
    except NoReverseMatch:
        return ""
