"""Received mail: files to keep, never shown by the browser, and the list of what names no case."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import case_mail_placing
from goedebuur.store.casework import parties
from goedebuur.store.casework.messages import AttachmentView
from goedebuur.web import case_forms, errors, paging
from goedebuur.web.working import Work, works

BYTES = "application/octet-stream"
"""What every file is said to be: what its sender called it would let the sender choose what a browser does with it."""
LONGEST_REASON = 500
WAITING, CLOSED = "waiting", "closed"
"""The two lists, as the address names the page of each."""


@works
def case_file(work: Work, name: str, sha256: str) -> HttpResponse:
    """Give a file of a case, to keep."""
    return _kept(*case_mail_placing.file(settings.GOEDEBUUR.home, work.person, name, sha256))


@works
def unplaced_file(work: Work, message: int, sha256: str) -> HttpResponse:
    """Give a file of mail without a case, to keep."""
    return _kept(*case_mail_placing.unplaced_file(settings.GOEDEBUUR.home, work.person, message, sha256))


@works
def unplaced(work: Work) -> HttpResponse:
    """Answer with the mail that names no case."""
    return _list(work)


@works
def place(work: Work, message: int) -> HttpResponse:
    """Assign mail to a case, or close it."""
    if not work.posted:
        return HttpResponseNotAllowed(["POST"])
    post = work.request.POST
    case_mail_placing.unplaced(work.person)  # whoever may not see the list learns nothing from what is filled in
    try:
        if post.get("do") == "close":
            reason = case_forms.text(post, "reason", LONGEST_REASON)
            case_mail_placing.close(work.person, message, reason, work.now)
            query = work.request.GET.urlencode()
            return HttpResponseRedirect(f"{reverse('case-mail')}?{query}" if query else reverse("case-mail"))
        number = case_mail_placing.place(work.person, message, case_forms.text(post, "case", 100), work.now)
    except GoedeBuurError as error:
        status = 409 if error.code == case_mail_placing.UNKNOWN else 422
        filled = case_forms.kept(post)
        return _list(work, status=status, problem=errors.said(error), filled=filled, at=message)
    return HttpResponseRedirect(reverse("case", args=[number]))


def _list(work: Work, *, status: int = 200, **context: Any) -> HttpResponse:
    asked = {name: paging.number(work.request, name) for name in (WAITING, CLOSED)}
    found = case_mail_placing.unplaced(work.person, **asked)
    people = parties.names({one.handled_by for one in found.closed.rows})
    return work.page(
        "mail.html",
        status=status,
        mail=found,
        people=people,
        query=work.request.GET.urlencode(),
        waiting=paging.links(work.request, found.waiting, WAITING, to=reverse("case-mail")),
        closed=paging.links(work.request, found.closed, CLOSED, to=f"{reverse('case-mail')}#closed"),
        **context,
    )


def _kept(file: AttachmentView, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=BYTES)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
