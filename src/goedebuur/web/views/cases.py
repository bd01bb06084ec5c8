"""Cases for the people who work on them: what waits for me, all that I may see, one case, and a new one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.casework.cases import civil_day
from goedebuur.core.casework.roles import Role
from goedebuur.core.casework.states import Kind, Need
from goedebuur.core.casework.visibility import Part
from goedebuur.core.compliance.emissions import answers
from goedebuur.core.sites import history
from goedebuur.core.sites.records import Operator, Site
from goedebuur.rules import casework as rules
from goedebuur.rules import closing
from goedebuur.services import answer_sides, case_lists, casework, sites
from goedebuur.services.casework import CaseView
from goedebuur.store.casework import messages, parties, publishing
from goedebuur.web import answer_rows, case_forms, errors, finding_names, paging
from goedebuur.web.record import NO_RECORD, opened
from goedebuur.web.working import Work, works

WRITERS = (Role.PERMIT_WRITER, Role.SPECIALIST)


@works
def mine(work: Work) -> HttpResponse:
    """Answer with what waits for this person."""
    waiting = case_lists.mine(work.person, paging.number(work.request))
    return work.page(
        "mine.html",
        rows=[(one, casework.days_left(one.case, work.now)) for one in waiting.rows],
        paging=paging.links(work.request, waiting),
        tasks=parties.open_tasks(work.person.id),
        may_write=work.person.has(*WRITERS),
    )


@works
def all_cases(work: Work) -> HttpResponse:
    """Answer with the cases that this person may see, and with what can be asked."""
    get = work.request.GET
    kind = Kind(get["kind"]) if get.get("kind") in list(Kind) else None
    names = [one for one in rules.states().names if kind is None or one.kind is kind]
    state = get.get("state", "") if get.get("state") in {one.state for one in names} else ""
    found = case_lists.listing(
        work.person,
        kind=kind,
        states=[state] if state else None,
        text=get.get("q", "")[:200],
        page=paging.number(work.request),
    )
    return work.page(
        "cases.html",
        rows=[(one, casework.days_left(one.case, work.now)) for one in found.rows],
        paging=paging.links(work.request, found),
        kinds=list(Kind),
        kind=kind,
        states={one.state: one.name for one in names},
        state=state,
        q=get.get("q", ""),
        may_write=work.person.has(*WRITERS),
        names=_names(),
    )


@works
def case(work: Work, name: str) -> HttpResponse:
    """Answer with one case."""
    return show(work, casework.view(work.person, name, work.now))


def show(
    work: Work,
    view: CaseView,
    *,
    status: int = 200,
    filled: Any = None,
    event: str = "",
    problem: GoedeBuurError | None = None,
    changes: list[Any] | None = None,
) -> HttpResponse:
    """Return the page of a case; after a step that failed with what was filled in, and why.

    Parameters
    ----------
    event
        The step that failed.
    changes
        What others did since the page was made.
    """
    here = view.case
    audiences = [messages.OPERATOR, *([messages.INTERNAL] if view.internal else [])]
    mails = messages.of_case(here.uuid, audiences) if view.internal or Part.MESSAGES in view.parts else []
    actors = {one.actor for one in [*view.history, *(changes or [])]} | set(here.writers)
    actors |= {one.handled_by for one in mails}
    term = rules.terms()[here.term.row] if here.term is not None else None
    return work.page(
        "case.html",
        status=status,
        view=view,
        sides=bool(answers.named(here.shown_text or here.text) or answers.told(here.answer)),
        case=here,
        days_left=casework.days_left(here, work.now),
        term=term,
        passed=here.term is not None and work.now >= here.term.ending.until,
        steps=[(step, {need.value for need in step.needs}) for step in view.steps],
        needs=Need,
        grounds=[_ground(one) for one in closing.terms("grounds").values() if _fits(one, emissions=here.emissions)],
        units=case_forms.UNITS,
        usual=rules.terms()["finding.answer"],
        messages_of_case=mails,
        leaves=publishing.leaves(here.uuid) if view.internal else [],
        people=parties.names(actors) if view.internal else {},
        names=_names(),
        today=civil_day(work.now),
        filled=filled or {},
        event=event,
        problem=errors.said(problem) if problem is not None else "",
        changes=changes or [],
    )


@works
def new(work: Work) -> HttpResponse:
    """Answer with the form of a new case, or make it."""
    if not work.person.has(*WRITERS):
        raise casework.unknown()
    post = work.request.POST
    context: dict[str, Any] = {
        "kinds": list(Kind),
        "authorities": sorted(seat.authority for seat in work.person.seats if seat.role in WRITERS),
        "operators": _choices(Operator),
        "sites": _choices(Site),
        "names": _names(),
        "filled": case_forms.kept(post),
        "chosen_operators": post.getlist("operators"),
        "chosen_sites": post.getlist("sites"),
    }
    if not work.posted:
        return work.page("new_case.html", **context | _about(work.request.GET.get("verdict", "")[:500]))
    try:
        kind = Kind(post.get("kind", ""))
    except ValueError:
        kind = Kind.FINDING
    concerned = [one for one in post.getlist("operators") if one]
    try:
        made = casework.create(
            work.person,
            kind,
            post.get("authority", ""),
            case_forms.given(post),
            work.now,
            operators=concerned if kind is not Kind.REQUEST else (),
            applicants=concerned if kind is Kind.REQUEST else (),
            sites=[one for one in post.getlist("sites") if one],
            request=post.get("request", "other"),
        )
    except GoedeBuurError as error:
        if error.code == casework.UNKNOWN:
            raise
        return work.page("new_case.html", status=422, problem=errors.said(error), place=error.place, **context)
    return HttpResponseRedirect(reverse("case", args=[made.case.number]))


def _about(line: str) -> dict[str, Any]:
    """Return how the form of a finding about a published verdict opens; nothing for a line that names none."""
    found = answer_sides.subjects(opened(), line)[0] if line else ()
    if not found:
        return {}
    one, row = found[0], answer_rows.subject(found[0])
    text = _("The verdict on %(title)s: %(outcome)s. %(reason)s %(question)s") % {
        "title": row.title,
        "outcome": row.outcome[0],
        "reason": row.reason,
        "question": row.question,
    }
    site = sites.every(opened(), Site).get(one.view.site)
    return {
        "filled": {
            "kind": str(Kind.FINDING),
            "subject": row.title,
            "text": f"{text.strip()}\n\n{one.named.line()}",
            "emissions": "1",
        },
        "chosen_sites": [one.view.site],
        "chosen_operators": [last.value] if site and (last := history.latest(site.operators)) else [],
    }


def _names() -> finding_names.Names:
    """Return the names of sites, operators and authorities; none where there is no record yet."""
    try:
        return finding_names.names(opened())
    except GoedeBuurError as error:
        if error.code != NO_RECORD:
            raise
        return finding_names.Names()


def _choices(made: type[Operator] | type[Site]) -> list[str]:
    try:
        record = opened()
        return sorted(sites.every(record, Operator) if made is Operator else sites.every(record, Site))
    except GoedeBuurError as error:
        if error.code != NO_RECORD:
            raise
        return []


def _fits(row: closing.Term, *, emissions: bool) -> bool:
    return "closes" in row.uses and (not emissions or "emissions" in row.uses)


def _ground(row: closing.Term) -> tuple[closing.Term, bool]:
    """Return a ground, and whether a person must say that it holds."""
    return row, row.status is not Status.CONFIRMED
