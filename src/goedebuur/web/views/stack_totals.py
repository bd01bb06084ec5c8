"""What a site let go of each substance in a year, as published: a page, a file and data."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import total_results
from goedebuur.services.total_results import TotalsView
from goedebuur.web import asking, csv_files, stack_total_rows
from goedebuur.web.page import Reading, reads
from goedebuur.web.views.stack_years import YEARS, answer


def _asked(reading: Reading, site_id: str) -> TotalsView:
    year = asking.whole(reading.request, "year", *YEARS)
    return total_results.view(reading.record, site_id, year, reading.as_of)


@reads
def totals(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the totals of a year; without a year, of the newest that is published."""
    moved = reading.moved("stack-totals", site_id)
    if moved is not None:
        return moved
    found = _asked(reading, site_id)
    rows = stack_total_rows.rows(found)
    opened = next((one.anchor for one in rows if one.parts), "")
    return answer(reading, "stack-totals", site_id, found, rows=rows, opened=opened)


@reads
def totals_csv(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the totals of a year as a file."""
    found = _asked(reading, site_id)
    return csv_files.answer(stack_total_rows.table(found), f"jaarvracht_{found.site}_{found.year or ''}.csv")


@reads
def api_totals(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the totals of a year as they were published: milligrams of the table, micrograms of the points."""
    found = _asked(reading, site_id)
    told = {"site": found.site, "name": found.name, "simulated": found.simulated, "year": found.year}
    lines = [line for one in found.published for line in one.lines]
    results = [{"leaf": one.leaf, "published": one.published, "receipt": one.receipt} for one in found.published]
    return reading.data(
        {
            **told,
            "years": found.years,
            "results": results,
            "rows": [line["row"] for line in lines if line["type"] == "row"],
            "points": [line["point"] for line in lines if line["type"] == "point"],
        }
    )
