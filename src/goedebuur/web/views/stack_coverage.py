"""Which substances of a site are permitted, reported, measured and found, and when each was last measured."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import coverage_views
from goedebuur.services.coverage_views import CoverageView
from goedebuur.web import asking, csv_files, stack_coverage_rows, stack_pages
from goedebuur.web.page import Reading, reads
from goedebuur.web.stack_coverage_rows import ALL, STANDS_OUT


def _asked(reading: Reading, site_id: str) -> CoverageView:
    return coverage_views.view(reading.record, site_id, reading.day, reading.as_of)


@reads
def coverage(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the matrix of substances on a day, by emission point; of all, or of those that raise a question."""
    moved = reading.moved("stack-coverage", site_id)
    if moved is not None:
        return moved
    found = _asked(reading, site_id)
    shown = asking.one_of(reading.request, "show", [ALL, STANDS_OUT])
    return reading.page(
        "stack_coverage.html",
        site_id=site_id,
        found=found,
        points=stack_coverage_rows.points(found, shown),
        counts=stack_coverage_rows.counts(found.cells),
        shown=shown,
        pages=stack_pages.links("stack-coverage"),
    )


@reads
def coverage_csv(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the matrix of substances on a day as a file."""
    found = _asked(reading, site_id)
    return csv_files.answer(stack_coverage_rows.table(found), f"stoffen_{found.site}_{found.on}.csv")


@reads
def api_coverage(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the matrix of substances on a day, with what holds, what was measured, and what stands out."""
    return reading.data(_asked(reading, site_id))
