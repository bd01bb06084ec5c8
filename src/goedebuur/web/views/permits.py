"""The permit of a site: what holds on a day, as a page, as JSON, and the documents that belong to it."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.rules import DOCUMENT
from goedebuur.core.sites.records import Site
from goedebuur.services import permit_views, sites
from goedebuur.web import permit_rows
from goedebuur.web.page import Reading, reads


@reads
def permit(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the permit of a site on a day; the address of a site that was merged leads to where it goes on."""
    moved = reading.moved("permit", site_id)
    if moved is not None:
        return moved
    on = reading.day
    found = permit_views.view(reading.record, site_id, on, reading.as_of)
    limits = permit_views.limits(reading.record, site_id, on, reading.as_of)
    names = permit_views.names(reading.record, found, reading.as_of)
    site = sites.find(reading.record, Site, site_id, reading.as_of)
    return reading.page(
        "permit.html",
        site_id=site_id,
        site_name=site.names[-1].value if site.names else site_id,
        simulated=site.simulated,
        on=on,
        view=found,
        limits=limits,
        places=permit_rows.places(limits.spots, names),
        questions=permit_rows.open_questions(limits.spots),
        parts=permit_rows.parts(found, names),
        others=permit_rows.others(found),
        decisions=permit_rows.decisions(found, names),
        derogations=permit_rows.derogations(found),
        documents=permit_rows.documents(found),
        withheld=permit_rows.withheld(found),
    )


@reads
def as_json(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the consolidated permit in its documented form: the same bytes as long as no decision changed."""
    data = permit_views.export(reading.record, site_id, reading.day, reading.as_of)
    return HttpResponse(data, content_type="application/json")


@reads
def limits_json(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with which limits on emissions bind, with all levels beside each other."""
    found = permit_views.limits(reading.record, site_id, reading.day, reading.as_of)
    sites.find(reading.record, Site, site_id, reading.as_of)
    return reading.data(permit_views.limits_record(site_id, found))


@reads
def document(reading: Reading, site_id: str, digest: str) -> HttpResponse:
    """Answer with a document of a decision, to be saved."""
    try:
        named, data = permit_views.document(reading.record, site_id, digest, reading.as_of)
    except GoedeBuurError as error:
        if error.code != DOCUMENT:
            raise
        raise Http404 from None
    response = HttpResponse(data, content_type=named.media_type)
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", named.name)
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
