"""Dispersion studies for everyone: the list, a study with its map and tables, files, data and the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from goedebuur.services import dispersion_outcome, dispersion_study, dispersion_version
from goedebuur.services.dispersion_report_words import few_hours
from goedebuur.services.dispersion_study import State, Study
from goedebuur.store.studies import Studies
from goedebuur.web import asking, csv_files, dispersion_rows, finding_names, headers
from goedebuur.web import dispersion_words as words
from goedebuur.web.page import Reading, asked
from goedebuur.web.templatetags.figures import decimal

P = ParamSpec("P")


def studies() -> Studies:
    """Return the studies of this installation."""
    return Studies(settings.GOEDEBUUR.home)


def shows(
    view: Callable[Concatenate[Reading, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Return a Django view around one that shows studies as they are now; it answers 304 when nothing changed."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asking.present(request)
        reading, there = asked(request), studies()
        tag = headers.etag(request, reading.size, there.stamp(*there.ids()))
        known = headers.unchanged(request, tag)
        return known if known is not None else headers.keep(view(reading, *args, **kwargs), tag)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", answered)


@shows
def all_studies(reading: Reading) -> HttpResponse:
    """Answer with all studies, the newest first."""
    there = studies()
    unreadable = dispersion_study.unreadable(there)
    return reading.page("dispersion_studies.html", studies=dispersion_rows.listed(there), unreadable=unreadable)


@shows
def study(reading: Reading, name: str) -> HttpResponse:
    """Answer with a study: how far it is, or what came of it."""
    there = studies()
    found, told = dispersion_study.find(there, name), dispersion_study.progress(there, name)
    base = dispersion_study.find(there, found.base) if found.base else None
    context: dict[str, Any] = {
        "study": found,
        "years": words.years(found.years),
        "progress": told,
        "state": words.said(told.state),
        "stage": words.said(told.stage),
        "failed": words.failed(told.code) if told.code else "",
        "running": told.state in (State.QUEUED, State.WORKING),
        "base": base,
        "scenarios": dispersion_study.scenarios(there, name),
    }
    if told.state is not State.DONE:
        return reading.page("dispersion_waiting.html", **context)
    outcome, statistic = (
        dispersion_outcome.read(there, name),
        asking.one_of(reading.request, "statistic", found.statistics),
    )
    drawn, beside = outcome.drawn[statistic], dispersion_outcome.beside(there, found, outcome)
    called = finding_names.authorities(reading.record)
    return reading.page(
        "dispersion_study.html",
        **context,
        outcome=outcome,
        statistic=statistic,
        statistic_words=words.statistic(statistic, len(found.years)),
        unit=words.unit(statistic),
        statistics=[(one, words.statistic(one, len(found.years))) for one in found.statistics],
        highest=words.figure(drawn.highest[0]),
        step=decimal(f"{found.area.step:g}"),
        earlier=not dispersion_version.is_current(outcome.receipt),
        few=few_hours(outcome),
        apart=dispersion_rows.apart(beside, outcome, statistic),
        drawn=drawn,
        bands=dispersion_rows.bands(outcome, statistic),
        facilities=dispersion_rows.facilities(outcome),
        stations=dispersion_rows.stations(found, outcome),
        too_much=dispersion_outcome.too_much(outcome),
        left_out=dispersion_rows.left_out(outcome.left_out),
        doubtful=dispersion_rows.left_out(outcome.doubtful),
        looked=found.wind.sea is not None,
        places_left_out=dispersion_rows.left_out(outcome.places_left_out),
        imported=dispersion_rows.imported(there, found, statistic, outcome, called),
        withdrawn=dispersion_rows.withdrawn(there, found, statistic, called),
        compared=dispersion_rows.compared(found, beside.rows),
        not_beside=words.said(beside.why) if beside.why else "",
        map_url=_map_url(name, statistic),
    )


def _map_url(name: str, statistic: str) -> str:
    asked = urlencode({"statistic": statistic, "language": get_language() or "nl"})
    return f"{reverse('api-dispersion-map', args=[name])}?{asked}"


@shows
def grid_csv(reading: Reading, name: str) -> HttpResponse:
    """Answer with the places of the square and their values as a file."""
    found = dispersion_study.find(studies(), name)
    rows = dispersion_rows.grid_table(found, dispersion_outcome.read(studies(), name))
    return csv_files.answer(rows, f"verspreiding_{name}.csv")


@shows
def report(reading: Reading, name: str) -> HttpResponse:
    """Answer with the report: a PDF that can be read aloud."""
    from goedebuur.services import dispersion_report

    response = HttpResponse(dispersion_report.of_study(studies(), name), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="verspreiding_{name}.pdf"'
    return response


@shows
def api_studies(reading: Reading) -> HttpResponse:
    """Answer with all studies and how far they are."""
    return reading.data({"studies": [_both(one, told) for one, told in dispersion_study.every(studies())]})


@shows
def api_study(reading: Reading, name: str) -> HttpResponse:
    """Answer with a study, how far it is, and what came of it."""
    there = studies()
    found, told = dispersion_study.find(there, name), dispersion_study.progress(there, name)
    outcome = dispersion_outcome.read(there, name) if told.state is State.DONE else None
    return reading.data(_both(found, told) | {"outcome": outcome})


@shows
def api_progress(reading: Reading, name: str) -> HttpResponse:
    """Answer with how far a study is, in the words of the page."""
    dispersion_study.find(studies(), name)
    told = dispersion_study.progress(studies(), name)
    with translation.override("en" if reading.request.GET.get("language") == "en" else "nl"):
        return reading.data({"state": told.state, "stage": words.said(told.stage), "percent": told.percent})


@shows
def api_contours(reading: Reading, name: str) -> HttpResponse:
    """Answer with the contours of a statistic as GeoJSON."""
    there = studies()
    found = dispersion_study.find(there, name)
    data = dispersion_outcome.contours(there, found, asking.one_of(reading.request, "statistic", found.statistics))
    labelled = msgspec.json.encode(dispersion_rows.labelled(found, dispersion_outcome.read(there, name), data))
    return HttpResponse(labelled, content_type="application/geo+json")


@shows
def api_map(reading: Reading, name: str) -> HttpResponse:
    """Answer with what the map of a study draws, in the words of the page."""
    found = dispersion_study.find(studies(), name)
    statistic = asking.one_of(reading.request, "statistic", found.statistics)
    with translation.override("en" if reading.request.GET.get("language") == "en" else "nl"):
        return reading.data(dispersion_rows.drawn(studies(), found, statistic))


def _both(study: Study, told: dispersion_study.Progress) -> dict[str, Any]:
    return {"study": study, "progress": told}
