"""Measurements by bureaus at the stacks of a site, beside the company's own: as published, and as a file."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import control_results
from goedebuur.services.control_results import ControlView
from goedebuur.web import asking, csv_files, stack_control_rows
from goedebuur.web.page import Reading, reads
from goedebuur.web.views.stack_years import YEARS, answer


def _asked(reading: Reading, site_id: str) -> ControlView:
    year = asking.whole(reading.request, "year", *YEARS)
    return control_results.view(reading.record, site_id, year, reading.as_of)


@reads
def controls(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the control and periodic measurements of a year; without a year, of the newest with any."""
    moved = reading.moved("stack-controls", site_id)
    if moved is not None:
        return moved
    found = _asked(reading, site_id)
    rows = stack_control_rows.rows(found)
    return answer(
        reading,
        "stack-controls",
        site_id,
        found,
        rows=rows,
        opened=stack_control_rows.opened(rows),
        by_bureau=stack_control_rows.history(found, found.by_bureau),
        by_instrument=stack_control_rows.history(found, found.by_instrument),
    )


@reads
def controls_csv(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with every partial measurement of a year beside the company, as a file."""
    found = _asked(reading, site_id)
    return csv_files.answer(stack_control_rows.table(found), f"controle_{found.site}_{found.year or ''}.csv")


@reads
def api_controls(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the measurements of a year and what was published of each, numbers as exact text."""
    found = _asked(reading, site_id)
    told = {"site": found.site, "name": found.name, "simulated": found.simulated, "year": found.year}
    lines = {line["report"]: line for one in found.published for line in one.lines if line["type"] == "control"}
    reports = [
        {
            "id": one.held.id,
            "leaf": one.held.leaf,
            "signed": one.held.signed,
            "report": one.held.report,
            "published": one.published or None,
            "outdated": one.outdated,
            "comparison": lines.get(one.held.id),
        }
        for one in found.reports
    ]
    results = [{"leaf": one.leaf, "published": one.published, "receipt": one.receipt} for one in found.published]
    return reading.data({**told, "years": found.years, "results": results, "reports": reports})
