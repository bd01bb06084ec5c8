"""Proof files, and the page that checks them in the browser of whoever has one."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from goedebuur.core.base.periods import Clock, Period, iso
from goedebuur.core.proof.files import SUFFIX
from goedebuur.services import proving
from goedebuur.services.checker import NAME as PROGRAM
from goedebuur.services.checker import archive
from goedebuur.web import asking, headers
from goedebuur.web.checker import assembling
from goedebuur.web.page import Reading, reads

CSP: Final = "Content-Security-Policy"


@reads
def value(reading: Reading, series_id: str, start: datetime) -> HttpResponse:
    """Answer with the proof of one value."""
    asking.present(reading.request)
    return _file(proving.prove_value(reading.record, series_id, start), f"{series_id}.{iso(start).replace(':', '')}")


@reads
def mean(reading: Reading, series_id: str, year: int) -> HttpResponse:
    """Answer with the proof of the mean of a year of CET."""
    asking.present(reading.request)
    return _file(proving.prove_mean(reading.record, series_id, Period.year(year, Clock.CET)), f"{series_id}.{year}")


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}{SUFFIX}"'
    return response


@require_safe
def checker(request: HttpRequest) -> HttpResponse:
    """Answer with the page that checks a proof file."""
    return _page(request)


@require_safe
def checker_download(request: HttpRequest) -> HttpResponse:
    """Answer with the same page, to be kept."""
    response = _page(request)
    response["Content-Disposition"] = f'attachment; filename="{assembling.NAME}"'
    return response


@require_safe
def program(request: HttpRequest) -> HttpResponse:
    """Answer with the program that checks a proof file with Python alone."""
    data = archive()
    tag = f'W/"{sha256(data).hexdigest()[:20]}"'
    response = headers.unchanged(request, tag)
    if response is None:
        response = headers.keep(HttpResponse(data, content_type="application/octet-stream"), tag)
    response["Content-Disposition"] = f'attachment; filename="{PROGRAM}"'
    return response


def _page(request: HttpRequest) -> HttpResponse:
    tag = f'W/"{sha256(assembling.page()).hexdigest()[:20]}"'
    response = headers.unchanged(request, tag)
    if response is None:
        response = headers.keep(HttpResponse(assembling.page()), tag)
    response[CSP] = assembling.policy()
    return response
