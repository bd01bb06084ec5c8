"""What this site is, how it works, what it keeps of its readers, and how accessible it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goedebuur import __version__
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services import queries
from goedebuur.web import publication
from goedebuur.web.record import NO_RECORD, opened


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Answer with what this is; it answers without a record too."""
    outside = [one for one in QUANTITIES.values() if not one.stack]
    return _page(request, "about.html", version=__version__, quantities=outside, log=True)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Answer with the accessibility statement."""
    return _page(request, "accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Answer with what is kept of readers."""
    return _page(request, "privacy.html")


def _page(request: HttpRequest, template: str, *, log: bool = False, **context: object) -> HttpResponse:
    overview = None
    try:
        record = opened()
        overview = queries.overview(record)
        if log:
            context |= publication.for_page(publication.published(record.size))
    except GoedeBuurError as error:
        if error.code != NO_RECORD:
            raise
    return render(request, f"web/{template}", context | {"overview": overview})
