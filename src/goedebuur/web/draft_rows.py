"""What pages say of drafts: rows of lists, what a program understood of an entry, and lines of the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.casework.roles import Person
from goedebuur.core.permits import wording
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.drafts import DECISION, Action, Draft
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry.law import Law
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.reading import Checked
from goedebuur.core.permits.entry.words import chosen
from goedebuur.core.permits.timeline import number_key
from goedebuur.services.drafting import View
from goedebuur.store.casework.drafts import Change, Listed
from goedebuur.web import entry_form

ACTIONS: Final = {
    Action.MADE: gettext_noop("began the draft"),
    Action.ADDED: gettext_noop("added:"),
    Action.CHANGED: gettext_noop("changed this:"),
    Action.REMOVED: gettext_noop("took out"),
    Action.CHECKED: gettext_noop("checked:"),
    Action.RETURNED: gettext_noop("handed back"),
    Action.ATTACHED: gettext_noop("attached a document"),
    Action.DETACHED: gettext_noop("took a document away"),
    Action.SET_ASIDE: gettext_noop("set a proposal aside"),
    Action.PUBLISHED: gettext_noop("made it public"),
    Action.DISCARDED: gettext_noop("threw the draft away"),
}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list."""

    id: int
    title: str
    site: str
    authority: str
    conditions: int
    unchecked: int
    changed: datetime
    leaf: int | None


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition in the list of a draft."""

    key: str
    number: str
    kind: str
    words: str
    troubles: int
    checked_by: str
    authors: str
    remark: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A line of the history."""

    at: datetime
    name: str
    words: str
    what: str


def draft_rows(found: Sequence[Listed]) -> list[DraftRow]:
    """Return the rows of a list of drafts."""
    return [
        DraftRow(
            id=one.draft.id,
            title=one.draft.decision.fields.get("title") or one.draft.decision.fields.get("id") or _("without a title"),
            site=one.draft.decision.fields.get("site", ""),
            authority=one.draft.authority,
            conditions=len(one.draft.conditions),
            unchecked=len(one.draft.unchecked),
            changed=one.changed,
            leaf=one.leaf,
        )
        for one in found
    ]


def condition_rows(view: View, person: Person) -> list[ConditionRow]:
    """Return the conditions of a draft in the order of their numbers."""
    troubles = dict(zip((part.key for part in view.draft.conditions), view.whole.by_condition, strict=True))
    rows = [
        ConditionRow(
            key=part.key,
            number=part.fields.get("number", ""),
            kind=entry_form.spoken("kind", part.fields.get("kind", "")),
            words=in_short(part.fields),
            troubles=len(troubles[part.key]),
            checked_by=view.people.get(part.checked_by, "") if part.checked_by else "",
            authors=", ".join(view.people.get(number, "") for number in part.authors),
            remark=part.remark,
            mine=person.id in part.authors,
        )
        for part in view.draft.conditions
    ]
    return sorted(rows, key=lambda row: number_key(row.number))


def in_short(fields: Mapping[str, str]) -> str:
    """Return the heart of a condition in one line: the substance with its number, or the first words of the text."""
    heart = [fields.get(name, "") for name in ("substance", "indicator", "technique", "subjects", "subject", "action")]
    number = f"{fields.get('value', '')} {fields.get('unit', '')}".strip()
    over = entry_form.spoken("averaging", fields.get("averaging", "")) or entry_form.spoken(
        "period", fields.get("period", "")
    )
    levels = [fields[name] for name in ("level_day", "level_evening", "level_night") if name in fields]
    said = [*heart, number, over, " / ".join(levels), fields.get("due", "")]
    return ", ".join(one for one in said if one) or fields.get("text", "")[:80]


def understood(
    fields: Mapping[str, str], places: Places | None = None, law: Law | None = None
) -> list[tuple[str, str]]:
    """Return what is typed as names and values for people, in the order of the form; the text itself is not in it."""
    kind = chosen(ConditionKind, fields.get("kind", ""))
    asked = entry_fields.of_condition(kind) if kind else entry_fields.DECISION
    return [
        (entry_form.said(one.label), entry_form.spoken_in(one, fields[one.name], places, law))
        for one in asked
        if fields.get(one.name) and one.name not in ("text", "number")
    ]


def sentence_of(checked: Checked) -> str:
    """Return what the computable form of a condition says, as the public page says it; empty where there is none."""
    form = checked.condition.form if checked.condition else None
    return entry_form.said(wording.sentences(form)) if form is not None else ""


def actions(changes: Sequence[Change], draft: Draft) -> list[ActionRow]:
    """Return the history of a draft as sentences."""
    numbers = {part.key: part.fields.get("number", "") for part in draft.conditions}
    rows = []
    for one in changes:
        typed = (one.fields or {}).get("number", "")
        what = _("the decision") if one.key == DECISION else typed or numbers.get(one.key, "")
        rows.append(ActionRow(one.at, one.name, _(ACTIONS[one.action]), what))
    return rows
