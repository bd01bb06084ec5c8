"""Answering with a page or with data: conditional on the tree size, and with what every data page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goedebuur.services import queries
from goedebuur.services.record import Record
from goedebuur.web import asking, headers
from goedebuur.web.record import opened

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's question: the request, the record, and the tree size at which the record is to be read."""

    request: HttpRequest
    record: Record
    size: int
    """Tree size that can be read now: what all projections hold. During a bulk delivery the log is ahead of it."""
    as_of: int | None
    """Tree size that the reader asks for; None for the present."""

    def page(self, template: str, **context: Any) -> HttpResponse:
        """Return the page, with the state of the record in its foot and the label of simulated data."""
        context |= {"as_of": self.as_of, "overview": queries.overview(self.record, self.as_of)}
        if self.as_of:
            context["received_last"] = queries.delivery(self.record, self.as_of - 1).received
        return render(self.request, f"web/{template}", context)

    @property
    def pinned(self) -> bool:
        """Return whether the answer can never change: a tree size was asked, not a moment that may still be to come."""
        return self.as_of is not None and self.request.GET.get("as_of", "").isdecimal()

    @property
    def today(self) -> date | None:
        """Return the civil day on which the reader asks; None for an earlier tree size: its own day counts then."""
        return asking.today() if self.as_of is None else None

    def asked_size(self, name: str) -> int | None:
        """Return the tree size in a part of the address, given as a number or as a moment."""
        return asking.tree_size(self.request, name, self.size, partial(queries.size_at, self.record))

    @staticmethod
    def data(body: Any) -> HttpResponse:
        """Return the body as JSON; NaN becomes null."""
        return HttpResponse(msgspec.json.encode(body), content_type="application/json")


View = Callable[Concatenate[Reading, P], HttpResponse]


def reads(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Return a Django view around one that reads the record: it opens it, and answers 304 when nothing changed."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        record = opened()
        size = record.projected
        present = Reading(request, record, size, None)
        reading = replace(present, as_of=present.asked_size("as_of"))
        ahead = record.size
        tag = headers.etag(request, size, ahead, asking.today())
        known = headers.unchanged(request, tag)
        if known is not None:
            return known
        response = view(reading, *args, **kwargs)
        return headers.keep(response, tag, pinned=reading.pinned and size == ahead)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", answered)
