"""Verdicts of a year, and one verdict taken apart."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.services import assessment, queries
from goedebuur.services.assessment import PublishedVerdicts
from goedebuur.web import explanation_rows, latest, map_data, verdict_rows
from goedebuur.web.page import Reading, reads
from goedebuur.web.verdict_rows import VerdictRow

MOST_ROWS = 150


@reads
def years(reading: Reading) -> HttpResponse:
    """Send the reader to the newest year with published verdicts, else say that there are none."""
    found = latest.published(reading.record, reading.as_of)
    if found is None:
        return reading.page(
            "verdicts.html", year=None, published=None, years=latest.years(reading.record, reading.as_of)
        )
    suffix = f"?as_of={reading.as_of}" if reading.as_of is not None else ""
    return redirect(reverse("verdicts", args=[found.year]) + suffix)


@reads
def year(reading: Reading, year: int) -> HttpResponse:
    """Answer with the published verdicts of a year, of one station or one quantity if asked."""
    get = reading.request.GET
    station, quantity, law_only = get.get("station", ""), get.get("quantity", ""), get.get("all", "") != "1"
    published = assessment.published(reading.record, year, reading.as_of)
    stations = {s.id: s for s in queries.stations(reading.record, reading.as_of)}
    listed = [
        v
        for v in (published.verdicts if published else ())
        if station in ("", v.station) and quantity in ("", v.quantity) and (not law_only or v.standing == "in_force")
    ]
    rows = verdict_rows.telling(listed, verdict_rows.state_of(published, reading.as_of))
    return reading.page(
        "verdicts.html",
        year=year,
        years=latest.years(reading.record, reading.as_of),
        published=published,
        rows=[(stations[r.verdict.station], r) for r in rows[:MOST_ROWS] if r.verdict.station in stations],
        more=len(rows) > MOST_ROWS,
        stations=sorted(stations.values(), key=lambda s: s.name.casefold()),
        station=station,
        quantity=quantity,
        quantities=map_data.measured(list(stations.values())),
        law_only=law_only,
        counts=verdict_rows.counts(rows),
    )


@reads
def explanation(reading: Reading, year: int, series_id: str, limit_id: str) -> HttpResponse:
    """Answer with one verdict taken apart: what was measured, what the rule says, how the verdict follows."""
    shown = queries.series(reading.record, series_id, reading.as_of)
    found = assessment.explain(reading.record, series_id, limit_id, year, reading.as_of)
    row = verdict_rows.row(found.verdict)
    published = assessment.published(reading.record, year, reading.as_of)
    then = _differs(found.verdict, published)
    return reading.page(
        "explanation.html",
        found=found,
        row=row,
        series=shown,
        station=queries.station(reading.record, shown.station, reading.as_of),
        told=explanation_rows.told(found),
        reason=explanation_rows.sentence(row.reason),
        question=explanation_rows.sentence(row.question),
        year=year,
        published=published,
        then=then,
        then_reason=explanation_rows.sentence(then.reason) if then is not None else "",
    )


def _differs(found: Verdict, published: PublishedVerdicts | None) -> VerdictRow | None:
    """Return the published verdict on the same rule where it says something else than this one; else None."""
    if published is None:
        return None
    same = (v for v in published.verdicts if (v.series, v.limit_id) == (found.series, found.limit_id))
    verdict = next(same, None)
    if verdict is None or _says(verdict) == _says(found):
        return None
    return verdict_rows.row(verdict, published.receipt.tree_size)


def _says(verdict: Verdict) -> tuple[object, ...]:
    return verdict.outcome, verdict.value_text, verdict.exceedances, verdict.capture_num
