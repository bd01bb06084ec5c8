"""Take a step in a case, and keep who is concerned and what is to be done. All by POST, none of it twice."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.states import FOUR_EYES, NOT_ALLOWED
from goedebuur.services import casework, publishing_findings
from goedebuur.store.casework.cases import CHANGED
from goedebuur.web import case_forms
from goedebuur.web.record import writing
from goedebuur.web.views import cases
from goedebuur.web.working import Work, works

_log = logging.getLogger(__name__)
RELATIONS = ("adviser", "other", "named", "applicant")


@works
def step(work: Work, name: str, event: str) -> HttpResponse:
    """Take a step; where it cannot be, show why, with what was filled in still there."""
    if not work.posted:
        return HttpResponseNotAllowed(["POST"])
    post = work.request.POST
    casework.view(work.person, name, work.now)  # whoever may not see the case learns nothing from what is filled in
    revision = int(post["revision"]) if post.get("revision", "").isdecimal() and len(post["revision"]) < 10 else 0
    try:
        after = casework.act(work.person, name, event, case_forms.given(post), revision, work.now)
    except GoedeBuurError as error:
        if error.code == casework.UNKNOWN:
            raise
        now = casework.view(work.person, name, work.now)
        changes = casework.changes_since(work.person, name, revision, work.now) if error.code == CHANGED else []
        status = 409 if error.code in (CHANGED, NOT_ALLOWED, FOUR_EYES) else 422
        filled = case_forms.kept(post)
        return cases.show(work, now, status=status, filled=filled, event=event, problem=error, changes=changes)
    settle(work)
    return HttpResponseRedirect(reverse("case", args=[after.case.number]))


def settle(work: Work) -> None:
    """Write what was decided and is due under its leaf, where the key of the log is here.

    What goes wrong is told in the messages of the service, and done at the next start or by `goedebuur cases run`: the
    decision itself is saved.
    """
    try:
        record = writing()
        if record is not None:
            publishing_findings.settle(record, work.now)
    except GoedeBuurError as error:
        _log.warning("a decided version waits for its leaf: %s", error.code)


@works
def add_party(work: Work, name: str) -> HttpResponse:
    """Add someone who is concerned."""
    post = work.request.POST
    relation = post.get("relation", "") if post.get("relation") in RELATIONS else "other"

    def add() -> None:
        party = case_forms.text(post, "party", 200)
        casework.add_party(work.person, name, relation, party=party, email=case_forms.text(post, "email", 250))

    return _done(work, name, add)


@works
def remove_party(work: Work, name: str, party: int) -> HttpResponse:
    """Take the name of someone away."""
    return _done(work, name, lambda: casework.remove_party(work.person, name, party))


@works
def add_task(work: Work, name: str) -> HttpResponse:
    """Give a colleague something to do."""
    post = work.request.POST

    def add() -> None:
        title, assignee = case_forms.text(post, "title", 200), case_forms.text(post, "assignee", 250)
        casework.add_task(work.person, name, title, assignee, case_forms.day(post, "due"), work.now)

    return _done(work, name, add)


@works
def finish_task(work: Work, name: str, task: int) -> HttpResponse:
    """Note that something was done."""
    return _done(work, name, lambda: casework.finish_task(work.person, name, task, work.now))


def _done(work: Work, name: str, do: Callable[[], None]) -> HttpResponse:
    if not work.posted:
        return HttpResponseNotAllowed(["POST"])
    try:
        do()
    except GoedeBuurError as error:
        if error.code == casework.UNKNOWN:
            raise
        view = casework.view(work.person, name, work.now)
        return cases.show(work, view, status=422, filled=case_forms.kept(work.request.POST), problem=error)
    return HttpResponseRedirect(reverse("case", args=[name]))
