"""Published verdicts of a year at the stacks of a site that came to be others: a publication beside the one before."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from django.http import HttpResponse

from goedebuur.core.base.spreadsheets import harmless
from goedebuur.services import stack_changes
from goedebuur.services.stack_changes import YearChange
from goedebuur.services.stack_verdicts import YearView
from goedebuur.web import asking, stack_change_rows
from goedebuur.web.page import Reading, reads
from goedebuur.web.views.stack_years import answer, asked

MOST_LINES: Final = 100
MOST_AVERAGES: Final = 100
LEAVES: Final = (0, 2**62)


def _asked(reading: Reading, site_id: str) -> tuple[YearView, YearChange]:
    view = asked(reading, site_id)
    leaf = asking.whole(reading.request, "leaf", *LEAVES)
    return view, stack_changes.of_year(reading.record, site_id, view.year, leaf, reading.as_of)


@reads
def changes(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with what a publication of the verdicts of a year changed; without one, the newest."""
    moved = reading.moved("stack-changes", site_id)
    if moved is not None:
        return moved
    view, found = _asked(reading, site_id)
    lines = stack_change_rows.lines(found, view)
    return answer(
        reading,
        "stack-changes",
        site_id,
        view,
        change=found,
        lines=lines[:MOST_LINES],
        lines_in_all=len(lines),
        turned=sum(one.turned for one in lines),
        averages=stack_change_rows.averages(found.averages.head(MOST_AVERAGES).iter_rows(named=True), view),
        averages_in_all=found.averages.height,
    )


@reads
def changes_csv(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with every average that is another than it was, as a file."""
    view, found = _asked(reading, site_id)
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    rows = stack_changes.table(found.averages)
    writer.writerow(stack_changes.COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = HttpResponse(sink.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"verschil_{view.site}_{found.year}_{found.after.leaf if found.after else 0}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@reads
def api_changes(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with what a publication of the verdicts of a year changed: verdicts, and averages as exact numbers."""
    view, found = _asked(reading, site_id)
    told: dict[str, Any] = {"site": view.site, "simulated": view.simulated, "year": found.year}
    return reading.data(
        {
            **told,
            "publications": found.publications,
            "before": found.before.leaf if found.before else None,
            "after": found.after.leaf if found.after else None,
            "verdicts": [
                {
                    "stream": one.line["stream"],
                    "requirement": one.line["requirement"],
                    "period": one.period,
                    "before": one.before,
                    "after": one.after,
                }
                for one in found.lines
            ],
            "columns": stack_changes.COLUMNS,
            "averages": stack_changes.table(found.averages),
        }
    )
