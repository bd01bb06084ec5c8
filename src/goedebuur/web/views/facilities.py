"""Facilities of the release register (E-PRTR), and what each reported to have let go to air."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from goedebuur.services import queries
from goedebuur.web import facility_rows
from goedebuur.web.page import Reading, reads


@reads
def all_facilities(reading: Reading) -> HttpResponse:
    """Answer with the list of all facilities."""
    found = queries.facilities(reading.record, reading.as_of)
    return reading.page("facilities.html", entries=facility_rows.entries(found))


@reads
def facility(reading: Reading, facility_id: str) -> HttpResponse:
    """Answer with one facility: its releases to air by substance and year, each with where it comes from."""
    every = queries.facilities(reading.record, reading.as_of)
    found = next((one for one in every if one.id == facility_id), None)
    if found is None:
        raise Http404
    return reading.page("facility.html", facility=found, substances=facility_rows.substances(found))
