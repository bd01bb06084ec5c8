"""Published verdicts at the stacks of a site, and one of them taken apart down to its half hours."""

from __future__ import annotations

import csv
import io
from typing import Final

from django.http import HttpResponse

from goedebuur.core.base.spreadsheets import harmless
from goedebuur.core.compliance.emissions import explanation
from goedebuur.core.compliance.emissions.answers import Named
from goedebuur.services import stack_verdicts
from goedebuur.services.stack_verdicts import Apart
from goedebuur.web import asking, stack_fact_rows, stack_verdict_folds, stack_verdict_rows, stack_words
from goedebuur.web.page import Reading, reads
from goedebuur.web.stack_verdict_folds import SERIOUS
from goedebuur.web.templatetags.figures import upfirst
from goedebuur.web.views.stack_years import answer, asked

MOST_ROWS: Final = 200


@reads
def verdicts(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the published verdicts of a year at the stacks of a site; without a year, of the newest."""
    moved = reading.moved("stack-verdicts", site_id)
    if moved is not None:
        return moved
    found = asked(reading, site_id)
    side = asking.one_of(reading.request, "outcome", ["", *SERIOUS])
    return answer(
        reading,
        "stack-verdicts",
        site_id,
        found,
        folds=stack_verdict_folds.folds(stack_verdict_rows.points(found), side),
        side=side,
        counts=stack_verdict_rows.counts(found),
        others=[row for one in found.published for row in stack_verdict_rows.others(one, found)],
        unmeasured=[row for one in found.published for row in stack_verdict_rows.unmeasured(one, found)],
    )


def _apart(reading: Reading, site_id: str, stream: str, requirement: str, *, above_alone: bool = False) -> Apart:
    view = asked(reading, site_id)
    period = reading.request.GET.get("period", "").strip()
    return stack_verdicts.apart(reading.record, view, stream, requirement, period, above_alone=above_alone)


@reads
def verdict(reading: Reading, site_id: str, stream: str, requirement: str) -> HttpResponse:
    """Answer with one published verdict taken apart, of a day, a month or the year."""
    moved = reading.moved("stack-verdict", site_id, stream, requirement)
    if moved is not None:
        return moved
    found = _apart(reading, site_id, stream, requirement, above_alone=True)
    whole_day = len(found.period) == len("2026-03-03")
    rows = found.found.rows if whole_day else explanation.above(found.found)
    return reading.page(
        "stack_verdict.html",
        site_id=site_id,
        site_name=found.view.name,
        simulated=found.view.simulated,
        year=found.published.year,
        stream=stream,
        requirement=requirement,
        found=found,
        what=upfirst(stack_verdict_rows.substance(found.line["substance"], found.stream)),
        average=stack_verdict_rows.average(found.line),
        when=stack_words.when_of(found.period) or found.period,
        outcome=stack_verdict_rows.outcome(found.outcome),
        lines=[stack_verdict_rows.sentence(one) for one in found.found.lines],
        measured=stack_fact_rows.measured(found.line),
        layer=stack_fact_rows.layer(found.line),
        whole_day=whole_day,
        rows=stack_verdict_rows.apart_rows(rows[:MOST_ROWS]),
        total=len(rows),
        days=stack_verdict_rows.days(found),
        days_in_all=stack_verdict_rows.days_in_all(found),
        days_to_come=stack_verdict_rows.days_to_come(found),
        named=Named(found.view.site, found.published.year, stream, requirement, found.published.leaf).line(),
    )


@reads
def verdict_csv(reading: Reading, site_id: str, stream: str, requirement: str) -> HttpResponse:
    """Answer with every short average of a verdict, or of a day or month of it, as a file."""
    found = _apart(reading, site_id, stream, requirement)
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    for requirement_of, stream_of, *cells in explanation.table([found.found]):
        writer.writerow([harmless(requirement_of), harmless(stream_of), *cells])
    response = HttpResponse(sink.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"oordeel_{stream}_{requirement}_{found.period}.csv".replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@reads
def api_verdicts(reading: Reading, site_id: str) -> HttpResponse:
    """Answer with the published verdicts of a year at the stacks of a site, as they were published."""
    found = asked(reading, site_id)
    told = {"site": found.site, "name": found.name, "simulated": found.simulated, "year": found.year}
    return reading.data({**told, "years": found.years, "published": found.published})


@reads
def api_verdict(reading: Reading, site_id: str, stream: str, requirement: str) -> HttpResponse:
    """Answer with one published verdict taken apart: its lines, and the averages of a day, a month or the year."""
    found = _apart(reading, site_id, stream, requirement)
    return reading.data(
        {
            "site": found.view.site,
            "simulated": found.view.simulated,
            "leaf": found.published.leaf,
            "receipt": found.published.receipt,
            "verdict": found.line,
            "period": found.period,
            "judged": found.judged,
            "outcome": found.outcome,
            "unit": found.found.unit,
            "clock": found.found.clock,
            "lines": found.found.lines,
            "columns": explanation.COLUMNS,
            "rows": [one.cells() for one in found.found.rows],
        }
    )
