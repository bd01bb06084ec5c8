"""Proof files, and the page that checks them in the browser of whoever has one."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from goedebuur.core.base.periods import Clock, Period, iso
from goedebuur.core.proof.files import SUFFIX
from goedebuur.services import proving, proving_verdicts
from goedebuur.services.checker import NAME as PROGRAM
from goedebuur.services.checker import archive
from goedebuur.web import asking, headers
from goedebuur.web.checker import assembling
from goedebuur.web.page import Reading, reads

WITNESS_WORDS: Final = (
    "De getuigen die deze website zelf noemt: haar eigen woord. Vraag de sleutels liever aan de getuigen zelf.",
    "The witnesses that this website names itself: its own word. Rather ask the witnesses themselves for the keys.",
)
CSP: Final = "Content-Security-Policy"


@reads
def value(reading: Reading, series_id: str, start: datetime) -> HttpResponse:
    """Answer with the proof of one value."""
    asking.present(reading.request)
    data = proving.prove_value(reading.record, series_id, start, _published())
    return _file(data, f"{series_id}.{iso(start).replace(':', '')}")


@reads
def mean(reading: Reading, series_id: str, year: int) -> HttpResponse:
    """Answer with the proof of the mean of a year of CET."""
    asking.present(reading.request)
    data = proving.prove_mean(reading.record, series_id, Period.year(year, Clock.CET), _published())
    return _file(data, f"{series_id}.{year}")


@reads
def average(reading: Reading, series_id: str, per: str, label: str) -> HttpResponse:
    """Answer with the proof of a mean of the hours of a day, month, year or rolling year on CET."""
    asking.present(reading.request)
    data = proving.prove_average(reading.record, series_id, per, label, _published())
    return _file(data, f"{series_id}.{per}.{label}")


@reads
def percentile(reading: Reading, series_id: str, year: int, rank: int) -> HttpResponse:
    """Answer with the proof of a percentile of the hours of a year on CET."""
    asking.present(reading.request)
    data = proving.prove_percentile(reading.record, series_id, year, (rank, 100), _published())
    return _file(data, f"{series_id}.{year}.p{rank}")


@reads
def verdict(reading: Reading, series_id: str, year: int, limit_id: str) -> HttpResponse:
    """Answer with the proof of a verdict, as it stands now or stood at a tree size."""
    data = proving_verdicts.prove_verdict(reading.record, series_id, limit_id, year, reading.as_of, _published())
    return _file(data, f"{series_id}.{year}.{limit_id}")


def _published() -> bytes:
    return proving.published_note(settings.GOEDEBUUR.public_path)


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
    data = archive("en" if get_language() == "en" else "nl")
    tag = f'W/"{sha256(data).hexdigest()[:20]}"'
    response = headers.unchanged(request, tag)
    if response is None:
        response = headers.keep(HttpResponse(data, content_type="application/octet-stream"), tag)
    response["Content-Disposition"] = f'attachment; filename="{PROGRAM}"'
    return response


@require_safe
def witnesses(request: HttpRequest) -> HttpResponse:
    """Answer with the witnesses that this installation names, as the list that the checkers read."""
    named = settings.GOEDEBUUR.witnesses
    text = "".join(f"{line}\n" for line in (*(f"# {line}" for line in WITNESS_WORDS), *map(" ".join, named)))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="goedebuur-getuigen.txt"'
    return response


def _page(request: HttpRequest) -> HttpResponse:
    tag = f'W/"{sha256(assembling.page()).hexdigest()[:20]}"'
    response = headers.unchanged(request, tag)
    if response is None:
        response = headers.keep(HttpResponse(assembling.page()), tag)
    response[CSP] = assembling.policy()
    return response
