"""Answering with a page or with data: conditional on the tree size, and with what every data page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, cast

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.services import queries, site_decisions
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
        return render(self.request, f"web/{template}", context | self.state)

    @property
    def state(self) -> dict[str, Any]:
        """Return what every page says of the state of the record that it shows."""
        found: dict[str, Any] = {"as_of": self.as_of, "overview": queries.overview(self.record, self.as_of)}
        if self.as_of:
            found["received_last"] = queries.delivery(self.record, self.as_of - 1).received
        return found

    @property
    def pinned(self) -> bool:
        """Return whether the answer can never change: a tree size was asked, not a moment that may still be to come."""
        return self.as_of is not None and self.request.GET.get("as_of", "").isdecimal()

    @property
    def today(self) -> date | None:
        """Return the civil day on which the reader asks; None for an earlier tree size: its own day counts then."""
        return asking.today() if self.as_of is None else None

    @property
    def day(self) -> date:
        """Return the day that is asked as `on`; without one today, or for an earlier state the day of its last leaf."""
        text = self.request.GET.get("on", "").strip()
        if text:
            return asking.moment("on", text).astimezone(AMSTERDAM).date()
        if not self.as_of:
            return asking.today()
        return queries.delivery(self.record, self.as_of - 1).received.astimezone(AMSTERDAM).date()

    @property
    def moment(self) -> datetime:
        """Return the beginning of the hour in which the reader asks: the moment at which what is late is judged."""
        return asking.hour()

    @property
    def top(self) -> int:
        """Return the largest tree size that can be read in the state that is asked."""
        return self.size if self.as_of is None else self.as_of

    def moved(self, page: str, site_id: str, *parts: str) -> HttpResponse | None:
        """Return where the page of a site that was merged goes on, with the same question; None for one that was not.

        Parameters
        ----------
        page
            Name of the address of the page; it takes the site, and then the parts.
        """
        kept = site_decisions.leads_to(self.record, self.as_of).get(site_id)
        return None if kept is None else lead(self.request, reverse(page, args=[kept, *parts]))

    def asked_size(self, name: str) -> int | None:
        """Return the tree size in a part of the address, given as a number or as a moment; never above `top`."""
        found = asking.tree_size(self.request, name, self.top, partial(queries.size_at, self.record))
        return None if found is None else min(found, self.top)

    @staticmethod
    def data(body: Any) -> HttpResponse:
        """Return the body as JSON; NaN becomes null."""
        return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def lead(request: HttpRequest, address: str) -> HttpResponse:
    """Return the way to another address, with the question that was asked."""
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def asked(request: HttpRequest) -> Reading:
    """Return a question to the record, in the state that the address names."""
    record = opened()
    present = Reading(request, record, record.projected, None)
    return replace(present, as_of=present.asked_size("as_of"))


View = Callable[Concatenate[Reading, P], HttpResponse]


def reads(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Return a Django view around one that reads the record: it opens it, and answers 304 when nothing changed."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        reading = asked(request)
        size, ahead = reading.size, reading.record.size
        tag = headers.etag(request, size, ahead, asking.today(), asking.hour())
        known = headers.unchanged(request, tag)
        if known is not None:
            return known
        response = view(reading, *args, **kwargs)
        return headers.keep(response, tag, pinned=reading.pinned and size == ahead)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", answered)
