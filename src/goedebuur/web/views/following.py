"""Follow findings or alerts by mail: ask, confirm from the mail box, stop. No answer says who follows already."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from goedebuur.core.emissions.streams import Stream
from goedebuur.services import publications, streams, subscribing
from goedebuur.web import finding_names
from goedebuur.web.record import opened, present


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Answer with the form, or take a request in."""
    record = opened()
    sites, _ = finding_names.mentioned(publications.every(record))
    alerted = {one.site for one in streams.every(record, Stream).values()}
    sites = sorted({*sites, *alerted})
    topic = request.GET.get("topic", "")
    context = {"sites": sites, "names": finding_names.names(record), "email": "", "wrong": False, "topic": topic}
    if request.method != "POST":
        return _page(request, context)
    email, site = request.POST.get("email", "").strip(), request.POST.get("site", "")
    try:
        validate_email(email)
    except ValidationError:
        return _page(request, context | {"email": email, "wrong": True}, status=422)
    wanted = request.POST.get("topic", "")
    topic = wanted if wanted in subscribing.TOPICS else subscribing.TOPICS[0]
    subscribing.ask(email, site if site in sites else "", datetime.now(UTC), topic=topic)
    return _page(request, context | {"asked": True})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the question; confirm or stop only when a button is pressed, since programs open links in mail."""
    context: dict[str, object] = {"token": token, "overview": present()}
    if request.method == "POST":
        stop = request.POST.get("do") == "stop"
        done = subscribing.stop(token) if stop else subscribing.confirm(token, datetime.now(UTC))
        context |= {"done": done, "stopped": stop, "pressed": True}
    return _private(render(request, "web/follow_confirm.html", context))


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return _private(render(request, "web/follow.html", context | {"overview": present()}, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
