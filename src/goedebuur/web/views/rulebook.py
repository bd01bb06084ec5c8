"""The rule book for deliveries: a page to search in, and the same as data. It answers without a record too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import BasisKind, Check, Severity
from goedebuur.services import queries
from goedebuur.services import rulebook as book
from goedebuur.web import asking
from goedebuur.web.page import Reading
from goedebuur.web.record import NO_RECORD, opened

LONGEST: Final = 100
"""Letters of a search that count."""


FEW: Final = 40
"""So many rules are all open; of more, those of the first kind of delivery."""


@dataclass(frozen=True, slots=True)
class Line:
    """One check in the words of the reader's language."""

    id: str
    said: str
    follows: str
    severity: str
    basis: str
    code: str
    rows: tuple[tuple[str, str], ...]
    module: str
    test: str


@require_safe
def rulebook(request: HttpRequest) -> HttpResponse:
    """Answer with the checks in which all words that were typed stand, of one severity if asked."""
    words = request.GET.get("q", "")[:LONGEST]
    asked = asking.among(request, "severity", [one.value for one in Severity])
    dutch = (get_language() or "nl").startswith("nl")
    areas: list[dict[str, Any]] = []
    shown = 0
    for area, checks in book.by_area():
        title = area.title.nl if dutch else area.title.en
        lines = [_line(check, dutch=dutch) for check in checks if asked is None or check.severity.value in asked]
        kept = [line for line in lines if _has(line, title, words)]
        if kept:
            areas.append({"id": area.id, "title": title, "lines": kept})
            shown += len(kept)
    for number, one in enumerate(areas):
        one["open"] = number == 0 or shown <= FEW
    counted = book.count()
    context = {
        "areas": areas,
        "shown": shown,
        "words": words,
        "severity": asked[0] if asked else "",
        "severities": [(one.value, _follows(one)) for one in Severity],
        "total": counted.total,
        "counts": [(_follows(one), counted.checks[one.value]) for one in Severity],
        "rows": counted.rows,
        "overview": _overview(),
    }
    return render(request, "web/rulebook.html", context)


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Answer with all checks as data."""
    counted = book.count()
    checks = [book.fields(check) for check in book.every()]
    return Reading.data({"checks": checks, "count": counted.checks, "rows": counted.rows})


def _line(check: Check, *, dutch: bool) -> Line:
    said, reference = (one.nl if dutch else one.en for one in (check.said, check.basis.reference))
    return Line(
        check.id,
        said,
        _follows(check.severity),
        check.severity.value,
        f"{_basis(check.basis.kind)}: {reference}",
        check.code,
        tuple((row.key, row.held_to) for row in check.rows),
        check.module.removeprefix("goedebuur."),
        check.test,
    )


def _has(line: Line, title: str, words: str) -> bool:
    text = " ".join((line.id, line.said, line.basis, line.code, title, *(key for key, _ in line.rows))).lower()
    return all(word in text for word in words.lower().split())


def _follows(severity: Severity) -> str:
    return {Severity.REFUSE: _("refused"), Severity.FLAG: _("marked"), Severity.NOTE: _("told")}[severity]


def _basis(kind: BasisKind) -> str:
    words = {
        BasisKind.LAW: _("law"),
        BasisKind.STANDARD: _("standard"),
        BasisKind.FORMAT: _("description of the format"),
        BasisKind.OWN: _("our own choice"),
    }
    return words[kind]


def _overview() -> object:
    try:
        return queries.overview(opened())
    except GoedeBuurError as error:
        if error.code != NO_RECORD:
            raise
        return None
