"""Verdicts of a year, and one verdict taken apart."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from goedebuur.core.compliance.verdicts import Standing, Verdict
from goedebuur.services import assessment, queries
from goedebuur.services.assessment import PublishedVerdicts
from goedebuur.web import asking, explanation_rows, latest, map_data, places, verdict_rows
from goedebuur.web.page import Reading, reads
from goedebuur.web.verdict_rows import VerdictRow

FEW_ROWS, MOST_ROWS = 50, 100_000


@reads
def years(reading: Reading) -> HttpResponse:
    """Send the reader to the newest year with published verdicts, else say that there are none."""
    found = latest.published(reading.record, reading.as_of)
    if found is None:
        return reading.page(
            "verdicts.html",
            year=None,
            published=None,
            published_years=[],
            years=latest.years(reading.record, reading.as_of),
        )
    suffix = f"?as_of={reading.as_of}" if reading.as_of is not None else ""
    return redirect(reverse("verdicts", args=[found.year]) + suffix)


@reads
def year(reading: Reading, year: int) -> HttpResponse:
    """Answer with the published verdicts of a year, of one station, place or quantity if asked."""
    request = reading.request
    quantity, law_only = request.GET.get("quantity", ""), request.GET.get("all", "") != "1"
    shown = asking.whole(request, "rows", 1, MOST_ROWS) or FEW_ROWS
    published = assessment.published(reading.record, year, reading.as_of)
    verdicts = published.verdicts if published else ()
    judged = {v.station for v in verdicts}
    stations = {s.id: s for s in queries.stations(reading.record, reading.as_of) if s.id in judged}
    wanted = places.wanted(request, stations.values(), settings.GOEDEBUUR.map_bounds)
    listed = [
        v
        for v in verdicts
        if v.station in wanted.stations
        and quantity in ("", v.quantity)
        and (not law_only or v.standing == Standing.IN_FORCE)
    ]
    rows = verdict_rows.telling(listed, verdict_rows.state_of(published, reading.as_of))
    return reading.page(
        "verdicts.html",
        year=year,
        years=latest.years(reading.record, reading.as_of),
        published_years=assessment.published_years(reading.record, reading.as_of),
        published=published,
        rows=[(stations[r.verdict.station], r) for r in rows[:shown]],
        total=len(rows),
        next_rows=_further(request.GET.copy(), shown, len(rows)),
        stations=sorted(stations.values(), key=lambda s: s.name.casefold()),
        wanted=wanted,
        quantity=quantity,
        quantities=[q for q in map_data.measured(list(stations.values())) if q in {v.quantity for v in verdicts}],
        law_only=law_only,
        counts=verdict_rows.counts(rows),
    )


def _further(asked: QueryDict, shown: int, total: int) -> str:
    """Return the query of the page with more rows; empty where all are shown."""
    if shown >= total:
        return ""
    asked["rows"] = str(min(shown + FEW_ROWS, MOST_ROWS))
    return asked.urlencode()


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
