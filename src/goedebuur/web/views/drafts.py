"""Pages to enter a decision: the list of drafts, a draft, the decision itself, one condition, and publishing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.drafts import DECISION, Draft, Part, State
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry import reading
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.words import CHOICES, chosen
from goedebuur.core.sites.records import Site
from goedebuur.rules.substance_names import names
from goedebuur.services import drafting, entry_law, sites
from goedebuur.services.record import Record
from goedebuur.web import entry_form
from goedebuur.web.draft_rows import actions, condition_rows, draft_rows, sentence_of, understood
from goedebuur.web.record import opened
from goedebuur.web.working import Work, works


@works
def all_drafts(work: Work) -> HttpResponse:
    """Show the drafts that this person may see."""
    found = drafting.listed(work.person)
    return work.page(
        "drafts.html",
        open=draft_rows([one for one in found if one.draft.state is State.OPEN]),
        published=draft_rows([one for one in found if one.draft.state is State.PUBLISHED]),
        may_enter=bool(drafting.authorities(work.person)),
    )


@works
def new(work: Work) -> HttpResponse:
    """Begin a decision: ask what it is, and make the draft."""
    authorities = drafting.authorities(work.person)
    asked = work.request.POST if work.posted else work.request.GET
    fields = entry_form.typed(entry_fields.DECISION, work.request.POST)
    authority = asked.get("for", authorities[0] if len(authorities) == 1 else "")
    if work.posted:
        made = drafting.make(work.person, authority, fields, work.now)
        return redirect("draft", made.id)
    if not authorities:
        raise drafting.forbidden("enter a decision", "")
    shown = entry_form.shown(entry_fields.DECISION, fields, (), names())
    return work.page("decision.html", fields=shown, authorities=authorities, authority=authority, **offered())


def known_sites() -> list[tuple[str, str]]:
    """Return the sites of the record, by code and name; none where there is no record yet."""
    record = known_record()
    found = sites.every(record, Site) if record else {}
    return sorted(((one.id, one.names[-1].value) for one in found.values()), key=lambda pair: pair[1].lower())


def offered() -> dict[str, Any]:
    """Return what a decision may name: sites, operators, general rules and grounds."""
    law = entry_law.law(known_record())
    return {
        "sites": known_sites(),
        "operators": sorted((law.operators or {}).items(), key=lambda pair: pair[1].lower()),
        "rules": [(one.id, entry_form.said(one.what), one.article) for one in entry_law.sets()],
        "grounds": [(one.id, entry_form.said(one.text), one.emissions) for one in law.grounds.values()],
    }


def known_record() -> Record | None:
    """Return the record; None where nothing was ever delivered."""
    try:
        return opened()
    except GoedeBuurError:
        return None


def _places(held: Draft) -> Places | None:
    return _places_of(held.decision.fields)


def _places_of(fields: Mapping[str, str]) -> Places | None:
    return drafting.places(known_record(), fields.get("site", ""))


@works
def draft(work: Work, draft_id: int) -> HttpResponse:
    """Show a draft: the decision, its conditions, its documents, and what is still to be done."""
    if work.posted and work.request.POST.get("do") == "discard":
        drafting.discard(work.person, draft_id, work.now)
        messages.info(work.request, _("The draft was thrown away."))
        return redirect("drafts")
    if work.posted and work.request.POST.get("do") == "again":
        return redirect("draft", drafting.again(work.person, draft_id, work.now).id)
    view = drafting.view(work.person, draft_id, names(), known_record())
    return work.page(
        "draft.html",
        view=view,
        draft=view.draft,
        decision=understood(view.draft.decision.fields, view.places, view.law),
        decision_troubles=view.whole.of_decision,
        decision_lines=[
            f"{entry_form.label(one.field)}: {entry_form.said(one.message)} {entry_form.said(one.hint)}"
            for one in view.whole.of_decision
        ],
        decision_checked_by=view.people.get(view.draft.decision.checked_by or 0, ""),
        rows=condition_rows(view, work.person),
        kinds=[(kind.value, entry_form.said(text)) for kind, text in CHOICES[ConditionKind].items()],
        history=actions(drafting.history(work.person, draft_id), view.draft),
        mine=work.person.id in view.draft.decision.authors,
    )


@works
def decision(work: Work, draft_id: int) -> HttpResponse:
    """Change the decision itself."""
    held = drafting.require_entering(work.person, draft_id)
    fields = entry_form.typed(entry_fields.DECISION, work.request.POST) if work.posted else held.decision.fields
    if work.posted and work.request.POST.get("do") != "look":
        try:
            drafting.change(work.person, draft_id, DECISION, fields, _seen(work), work.now)
        except GoedeBuurError as error:
            return _conflict(work, held, held.decision, fields, error)
        return redirect("draft", draft_id)
    law = entry_law.law(known_record())
    troubles = reading.decision(fields, names(), _places_of(fields), law)[1] if work.posted else ()
    shown = entry_form.shown(entry_fields.DECISION, fields, troubles, names())
    return work.page("decision.html", fields=shown, draft=held, looked=work.posted, fine=not troubles, **offered())


@works
def new_condition(work: Work, draft_id: int) -> HttpResponse:
    """Add one condition, beginning with what the one before it had."""
    held = drafting.require_entering(work.person, draft_id)
    start: dict[str, str] = {}
    if after := work.request.GET.get("after"):
        start = entry_form.following(held.part(after).fields)
    start["kind"] = work.request.GET.get("kind", start.get("kind", ConditionKind.EMISSION_LIMIT.value))
    return _condition_form(work, held, None, start)


@works
def condition(work: Work, draft_id: int, key: str) -> HttpResponse:
    """Change one condition."""
    held = drafting.require_entering(work.person, draft_id)
    part = held.part(key)
    return _condition_form(work, held, part, dict(part.fields))


def _condition_form(work: Work, held: Draft, part: Part | None, start: Mapping[str, str]) -> HttpResponse:
    """Show the form of a condition, or do what was asked with what was typed in it."""
    every = entry_fields.every_condition_field()
    fields = entry_form.typed(every, work.request.POST) if work.posted else dict(start)
    do = work.request.POST.get("do", "")
    if do in ("save", "next"):
        try:
            done = (
                drafting.change(work.person, held.id, part.key, fields, _seen(work), work.now)
                if part
                else drafting.add(work.person, held.id, fields, work.now)
            )
        except GoedeBuurError as error:
            return _conflict(work, held, part, fields, error)
        if reading.condition(fields, names(), drafting.given(held), _places(held)).troubles:
            messages.warning(work.request, _("Saved. Something in it is not right yet: see below."))
            return redirect("draft-condition", held.id, done.key)
        messages.success(work.request, _("Condition %(number)s is saved.") % {"number": fields.get("number", "")})
        if do == "next":
            return redirect(f"{reverse('draft-condition-new', args=[held.id])}?after={done.key}")
        return redirect("draft", held.id)
    if do == "remove" and part:
        drafting.remove(work.person, held.id, part.key, _seen(work), work.now)
        messages.info(work.request, _("The condition was taken out."))
        return redirect("draft", held.id)
    return condition_page(work, held, part, fields, check=work.posted or part is not None)


def condition_page(
    work: Work, held: Draft, part: Part | None, fields: Mapping[str, str], *, check: bool, **more: Any
) -> HttpResponse:
    """Return the page with the form of a condition; where `check`, with all that is wrong."""
    kind = chosen(ConditionKind, fields.get("kind", ""))
    places = _places(held)
    read = reading.condition(fields, names(), drafting.given(held), places)
    asked = entry_fields.of_condition(kind)
    stray = [name for name in fields if name not in {one.name for one in asked}]
    shown = entry_form.shown(
        [one for one in asked if one.name != "kind"]
        + [one for one in entry_fields.every_condition_field() if one.name in stray],
        fields,
        read.troubles if check else (),
        names(),
        kind.value if kind else "",
        places,
    )
    return work.page(
        "condition.html",
        draft=held,
        part=part,
        kind=kind.value if kind else "",
        kinds=[(one.value, entry_form.said(text)) for one, text in CHOICES[ConditionKind].items()],
        fields=shown,
        checked=check,
        troubles=read.troubles if check else (),
        understood=understood(fields, places) if check and not read.troubles else (),
        sentence=sentence_of(read) if check else "",
        **more,
    )


def _seen(work: Work) -> int:
    seen = work.request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() else 0


def _conflict(
    work: Work, held: Draft, part: Part | None, fields: Mapping[str, str], error: GoedeBuurError
) -> HttpResponse:
    """Show what the other made of the same part, beside what this person typed; another error is no conflict."""
    if not drafting.is_conflict(error) or part is None:
        raise error
    now = drafting.require_draft(work.person, held.id)
    other = now.part(part.key)
    before = drafting.theirs(now, part.key, _seen(work))
    asked = entry_fields.DECISION if part.key == DECISION else entry_fields.every_condition_field()
    places = _places(now)
    rows = [
        {
            "name": one.name,
            "label": entry_form.said(one.label),
            "before": entry_form.spoken_in(one, before.get(one.name, ""), places),
            "theirs": entry_form.spoken_in(one, other.fields.get(one.name, ""), places),
            "mine": entry_form.spoken_in(one, fields.get(one.name, ""), places),
            "value": fields.get(one.name, ""),
            "differs": other.fields.get(one.name, "") != fields.get(one.name, ""),
            "mine_changed": fields.get(one.name, "") != before.get(one.name, ""),
        }
        for one in asked
        if {before.get(one.name), other.fields.get(one.name), fields.get(one.name)} != {None}
    ]
    people = drafting.names_of(other.authors[-1:])
    return work.page(
        "conflict.html", status=409, draft=now, part=other, rows=rows, other=people, is_decision=part.key == DECISION
    )


@works
def resolve(work: Work, draft_id: int, key: str) -> HttpResponse:
    """Save what a person chose of two versions, field by field."""
    held = drafting.require_entering(work.person, draft_id)
    other = held.part(key)
    asked = entry_fields.DECISION if key == DECISION else entry_fields.every_condition_field()
    mine = entry_form.typed(asked, work.request.POST)
    fields = {
        name: value
        for name in dict.fromkeys((*other.fields, *mine))
        if (value := (mine if work.request.POST.get(f"take-{name}") == "mine" else other.fields).get(name, ""))
    }
    try:
        drafting.change(work.person, draft_id, key, fields, _seen(work), work.now)
    except GoedeBuurError as error:
        return _conflict(work, held, other, mine, error)
    messages.success(work.request, _("What you chose is saved."))
    return redirect("draft", draft_id)
