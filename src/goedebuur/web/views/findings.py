"""Findings that are public: all of them, one with the answer beside it, a feed, and the same as data.

Nothing here asks the SQL database: what is not under a leaf cannot be shown.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from goedebuur.core.casework import publications as form
from goedebuur.core.casework.publications import KIND
from goedebuur.services import answer_sides, publications
from goedebuur.services.publications import Finding, Published
from goedebuur.web import answer_rows, finding_names
from goedebuur.web.page import Reading, reads

IN_FEED = 100
"""Changes that the feed holds, the newest."""


@reads
def findings(reading: Reading) -> HttpResponse:
    """Answer with all findings, or those about one site or operator."""
    every = publications.every(reading.record, reading.as_of)
    chosen = _chosen(reading.request, every)
    sites, operators = finding_names.mentioned(every)
    return reading.page(
        "findings.html",
        findings=chosen,
        total=len(every),
        sites=sites,
        operators=operators,
        site=reading.request.GET.get("site", ""),
        operator=reading.request.GET.get("operator", ""),
        names=finding_names.names(reading.record, reading.as_of),
    )


@reads
def finding(reading: Reading, finding_id: UUID) -> HttpResponse:
    """Answer with one finding and everything that was said of it."""
    found = publications.find(reading.record, str(finding_id), reading.as_of)
    newer = _newer(reading, found)
    names = finding_names.names(reading.record, reading.as_of)
    told = found.now.finding
    sides = answer_rows.context(answer_sides.of_publication(reading.record, told, reading.as_of))
    return reading.page("finding.html", finding=found, told=told, newer=newer, names=names, **sides)


@reads
def feed(reading: Reading) -> HttpResponse:
    """Answer with every publication, correction and withdrawal as an Atom feed, the newest first."""
    chosen = _chosen(reading.request, publications.every(reading.record, reading.as_of))
    changes = publications.changes(chosen)[:IN_FEED]
    gone = {one.now.finding.id for one in chosen if not one.now.finding.readable}
    root = reading.request.build_absolute_uri("/")[:-1]
    context = {
        "changes": [(change, change.finding.id in gone) for change in changes],
        "root": root,
        "here": reading.request.build_absolute_uri(),
        "updated": changes[0].received if changes else None,
    }
    text = render_to_string("web/findings.atom", context, reading.request)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@reads
def api_findings(reading: Reading) -> HttpResponse:
    """Answer with all findings as data."""
    chosen = _chosen(reading.request, publications.every(reading.record, reading.as_of))
    return reading.data({"findings": [_data(one.now) | {"versions": len(one.versions)} for one in chosen]})


@reads
def api_finding(reading: Reading, finding_id: UUID) -> HttpResponse:
    """Answer with one finding as data, with the versions that came before as they may still be read."""
    found = publications.find(reading.record, str(finding_id), reading.as_of)
    earlier = [
        {"leaf": one.leaf, "received": one.received, "version": one.finding.version.value, "number": one.finding.number}
        for one in found.versions
    ]
    return reading.data(_data(found.now) | {"history_of_versions": earlier})


@reads
def api_sides(reading: Reading, finding_id: UUID) -> HttpResponse:
    """Answer with the claims in the answer to a finding, what was said of them, and the verdicts worked out again."""
    found = publications.find(reading.record, str(finding_id), reading.as_of)
    sides = answer_sides.of_publication(reading.record, found.now.finding, reading.as_of)
    return reading.data({"finding": found.now.finding.id, "leaf": found.now.leaf} | answer_sides.as_record(sides))


def _data(one: Published) -> dict[str, Any]:
    return form.body(one.finding) | {
        "kind": KIND,
        "leaf": one.leaf,
        "received": one.received,
        "address": reverse("finding", args=[one.finding.id]),
    }


def _chosen(request: HttpRequest, every: tuple[Finding, ...]) -> list[Finding]:
    site, operator = request.GET.get("site", ""), request.GET.get("operator", "")
    return [
        one
        for one in every
        if (not site or site in one.now.finding.sites) and (not operator or operator in one.now.finding.operators)
    ]


def _newer(reading: Reading, found: Finding) -> Published | None:
    """Return what became of a finding after the tree size that is read; None where nothing did."""
    if reading.as_of is None:
        return None
    present = publications.find(reading.record, found.now.finding.id)
    return present.now if present.now.leaf != found.now.leaf else None
