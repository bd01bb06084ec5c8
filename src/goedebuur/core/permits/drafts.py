"""A decision that is being entered: its parts, who changed and who checked each, and what two people may do at once.

A draft has a revision that each change raises. Whoever saves says which revision was seen: a part (the decision itself,
or one condition) that someone else changed since is not overwritten, parts that nobody touched are. A part is checked
by another person than those who changed it, and a change takes that check away. Which conditions and documents there
are is part of the decision: whoever takes a condition out, or adds or takes away a document, changed the decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare

CONFLICT: Final = declare("draft-conflict", "Someone else changed the same part of a draft in the meantime.")
NOT_OPEN: Final = declare("draft-closed", "A draft that was published or thrown away does not change any more.")
NO_PART: Final = declare("draft-part", "A draft has no part of that name.")
OWN_WORK: Final = declare("draft-own-work", "What a person entered is checked by another person.")
UNFINISHED: Final = declare(
    "draft-unfinished", "A draft cannot be published: something is missing, wrong or unchecked."
)

DECISION: Final = "decision"
"""Name of the part that is the decision itself."""


class State(StrEnum):
    """How a draft stands."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Action(StrEnum):
    """What was done to a draft, as its history names it."""

    MADE = "made"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    CHECKED = "checked"
    RETURNED = "returned"
    ATTACHED = "attached"
    DETACHED = "detached"
    SET_ASIDE = "set_aside"
    PUBLISHED = "published"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Part:
    """The decision itself or one condition, as typed.

    Parameters
    ----------
    key
        :data:`DECISION`, or `c1`, `c2`, …, never given to another.
    fields
        What is typed, by name of field.
    revision
        Of the draft when this part was last changed.
    authors
        Numbers of the people who ever changed it.
    checked_by
        Number of the person who checked it as it stands; None for nobody.
    source
        Where it was read: `document`, `page`, `proposal`.
    remark
        What a second person found wrong with it as it stands; empty for nothing.
    """

    key: str
    fields: Mapping[str, str]
    revision: int
    authors: tuple[int, ...]
    checked_by: int | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    remark: str = ""

    def __post_init__(self) -> None:
        if self.checked_by is not None and self.checked_by in self.authors:
            raise own_work(self.key)


@dataclass(frozen=True, slots=True)
class Document:
    """A file attached to a draft, by its digest."""

    sha256: str
    name: str
    size: int
    media_type: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is being entered.

    Parameters
    ----------
    authority
        For which it is entered: those with a role for it see it.
    revision
        Raised by each change.
    settled
        Proposals of the documents that a person decided on: name → key of the condition, or `aside`.
    next_key
        Number of the next condition.
    """

    id: int
    authority: str
    state: State
    revision: int
    decision: Part
    conditions: tuple[Part, ...] = ()
    documents: tuple[Document, ...] = ()
    settled: Mapping[str, str] = field(default_factory=dict)
    next_key: int = 1

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the decision and the conditions."""
        return (self.decision, *self.conditions)

    @property
    def unchecked(self) -> tuple[Part, ...]:
        """Return the parts that nobody checked as they stand."""
        return tuple(part for part in self.parts if part.checked_by is None)

    def part(self, key: str) -> Part:
        """Return one part.

        Raises
        ------
        GoedeBuurError
            `draft-part`.
        """
        found = next((part for part in self.parts if part.key == key), None)
        if found is None:
            raise GoedeBuurError(
                NO_PART,
                "This draft has no such condition; it may have been taken out.",
                place=f"draft {self.id}",
                value=key,
                hint="Go back to the list of conditions.",
            )
        return found


@dataclass(frozen=True, slots=True)
class Done:
    """A draft after a change, and the change for its history: which part, and what is typed in it now."""

    draft: Draft
    action: Action
    key: str = ""
    fields: Mapping[str, str] | None = None


def changed(draft: Draft, key: str, fields: Mapping[str, str], person: int, seen: int) -> Done:
    """Return the draft with other words in one part. Its check, if it had one, is taken away.

    Parameters
    ----------
    seen
        Revision of the draft that the person saw.

    Raises
    ------
    GoedeBuurError
        `draft-closed`, `draft-part`, `draft-conflict` where someone else changed this part since `seen`.
    """
    _require_open(draft)
    part = draft.part(key)
    _require_seen(draft, part, seen)
    kept = _filled(fields)
    if kept == dict(part.fields):
        return Done(draft, Action.CHANGED, key, kept)
    revision = draft.revision + 1
    authors = tuple(dict.fromkeys((*part.authors, person)))
    return Done(
        _with(
            draft, replace(part, fields=kept, revision=revision, authors=authors, checked_by=None, remark=""), revision
        ),
        Action.CHANGED,
        key,
        kept,
    )


def added(draft: Draft, fields: Mapping[str, str], person: int, source: Mapping[str, Any] | None = None) -> Done:
    """Return the draft with one more condition; a proposal that it came from is settled.

    Raises
    ------
    GoedeBuurError
        `draft-closed`, `draft-conflict` where someone else decided on the same proposal.
    """
    _require_open(draft)
    key, revision, kept = f"c{draft.next_key}", draft.revision + 1, _filled(fields)
    part = Part(key, kept, revision, (person,), source=dict(source or {}))
    settled = dict(draft.settled)
    name = str(part.source.get("proposal", ""))
    if name:
        _require_unsettled(draft, name)
        settled[name] = key
    whole = replace(
        draft,
        revision=revision,
        conditions=(*draft.conditions, part),
        next_key=draft.next_key + 1,
        settled=settled,
    )
    return Done(whole, Action.ADDED, key, kept)


def removed(draft: Draft, key: str, person: int, seen: int) -> Done:
    """Return the draft without one condition; that it lacks is for another person to check, with the decision.

    Raises
    ------
    GoedeBuurError
        As :func:`changed`.
    """
    _require_open(draft)
    part = draft.part(key)
    if key == DECISION:
        raise GoedeBuurError(
            NO_PART, "The decision itself cannot be taken out.", value=key, hint="Throw away the draft."
        )
    _require_seen(draft, part, seen)
    kept = tuple(one for one in draft.conditions if one.key != key)
    settled = {name: to for name, to in draft.settled.items() if to != key}
    whole = replace(_decided_anew(draft, person), conditions=kept, settled=settled)
    return Done(whole, Action.REMOVED, key, part.fields)


def set_aside(draft: Draft, name: str) -> Done:
    """Return the draft with one proposal set aside.

    Raises
    ------
    GoedeBuurError
        `draft-closed`, `draft-conflict`.
    """
    _require_open(draft)
    _require_unsettled(draft, name)
    settled = {**draft.settled, name: "aside"}
    return Done(replace(draft, revision=draft.revision + 1, settled=settled), Action.SET_ASIDE, name)


def checked(draft: Draft, key: str, person: int, seen: int) -> Done:
    """Return the draft with one part checked as it stands.

    Raises
    ------
    GoedeBuurError
        `draft-closed`, `draft-part`, `draft-conflict` where it was changed since `seen`, `draft-own-work`.
    """
    _require_open(draft)
    part = draft.part(key)
    _require_seen(draft, part, seen)
    revision = draft.revision + 1
    return Done(_with(draft, replace(part, checked_by=person, remark=""), revision), Action.CHECKED, key)


def returned(draft: Draft, key: str, remark: str, seen: int) -> Done:
    """Return the draft with what is wrong with one part; a check that it had is taken away.

    Raises
    ------
    GoedeBuurError
        As :func:`changed`.
    """
    _require_open(draft)
    part = draft.part(key)
    _require_seen(draft, part, seen)
    whole = _with(draft, replace(part, checked_by=None, remark=remark.strip()), draft.revision + 1)
    return Done(whole, Action.RETURNED, key)


def attached(draft: Draft, document: Document, person: int) -> Done:
    """Return the draft with a document, which another person is to check; the same bytes twice are one document.

    Raises
    ------
    GoedeBuurError
        `draft-closed`.
    """
    _require_open(draft)
    others = tuple(one for one in draft.documents if one.sha256 != document.sha256)
    whole = replace(_decided_anew(draft, person), documents=(*others, document))
    return Done(whole, Action.ATTACHED, document.sha256)


def detached(draft: Draft, sha256: str, person: int) -> Done:
    """Return the draft without a document.

    Raises
    ------
    GoedeBuurError
        `draft-closed`, `draft-part`.
    """
    _require_open(draft)
    others = tuple(one for one in draft.documents if one.sha256 != sha256)
    if len(others) == len(draft.documents):
        raise GoedeBuurError(NO_PART, "This draft has no such document.", value=sha256, hint="Go back to the draft.")
    return Done(replace(_decided_anew(draft, person), documents=others), Action.DETACHED, sha256)


def closed(draft: Draft, state: State) -> Done:
    """Return the draft, published or thrown away.

    Raises
    ------
    GoedeBuurError
        `draft-closed`.
    """
    _require_open(draft)
    action = Action.PUBLISHED if state is State.PUBLISHED else Action.DISCARDED
    return Done(replace(draft, state=state, revision=draft.revision + 1), action)


def own_work(key: str) -> GoedeBuurError:
    """Return the error of a person who checks own work."""
    return GoedeBuurError(
        OWN_WORK,
        "You changed this yourself: another person checks it.",
        place=key,
        hint="Ask a colleague with a role for this authority.",
    )


def _with(draft: Draft, part: Part, revision: int) -> Draft:
    if part.key == DECISION:
        return replace(draft, decision=part, revision=revision)
    kept = tuple(part if one.key == part.key else one for one in draft.conditions)
    return replace(draft, conditions=kept, revision=revision)


def _decided_anew(draft: Draft, person: int) -> Draft:
    """Return the draft with a decision that this person changed by what belongs to it."""
    revision = draft.revision + 1
    authors = tuple(dict.fromkeys((*draft.decision.authors, person)))
    decision = replace(draft.decision, revision=revision, authors=authors, checked_by=None)
    return replace(draft, revision=revision, decision=decision)


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in fields.items() if value.strip()}


def _require_open(draft: Draft) -> None:
    if draft.state is not State.OPEN:
        raise GoedeBuurError(
            NOT_OPEN,
            "This draft does not change any more.",
            place=f"draft {draft.id}",
            value=draft.state.value,
            hint="A published decision is put right by publishing it again: make a new draft of it.",
        )


def _require_seen(draft: Draft, part: Part, seen: int) -> None:
    if part.revision > seen:
        raise GoedeBuurError(
            CONFLICT,
            "Someone else changed this in the meantime; what you typed is not saved.",
            place=f"draft {draft.id}, {part.key}",
            value=f"seen {seen}, now {part.revision}",
            hint="Look at what the other changed, and save again.",
        )


def _require_unsettled(draft: Draft, name: str) -> None:
    if name in draft.settled:
        raise GoedeBuurError(
            CONFLICT,
            "Someone else decided on this proposal already.",
            place=f"draft {draft.id}, {name}",
            value=draft.settled[name],
            hint="Look at the list of conditions.",
        )


# -- to and from plain JSON -------------------------------------------------------------------------------------------


def body(draft: Draft) -> dict[str, Any]:
    """Return what a draft holds as a plain object."""
    return {
        "decision": _part_body(draft.decision),
        "conditions": [_part_body(part) for part in draft.conditions],
        "documents": [
            {name: getattr(one, name) for name in ("sha256", "name", "size", "media_type", "title")}
            for one in draft.documents
        ],
        "settled": dict(draft.settled),
        "next_key": draft.next_key,
    }


def of_body(plain: Mapping[str, Any], draft: int, authority: str, state: State, revision: int) -> Draft:
    """Return the draft in a plain object."""
    return Draft(
        id=draft,
        authority=authority,
        state=state,
        revision=revision,
        decision=_part(plain["decision"]),
        conditions=tuple(_part(one) for one in plain["conditions"]),
        documents=tuple(Document(**one) for one in plain["documents"]),
        settled=dict(plain["settled"]),
        next_key=plain["next_key"],
    )


def _part_body(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "fields": dict(part.fields),
        "revision": part.revision,
        "authors": list(part.authors),
        "checked_by": part.checked_by,
        "source": dict(part.source),
        "remark": part.remark,
    }


def _part(plain: Mapping[str, Any]) -> Part:
    return Part(
        key=plain["key"],
        fields=plain["fields"],
        revision=plain["revision"],
        authors=tuple(plain["authors"]),
        checked_by=plain["checked_by"],
        source=plain["source"],
        remark=plain["remark"],
    )


def next_to(parts: Sequence[Part], key: str) -> str:
    """Return the key of the part after this one that nobody checked yet, round to the first; empty for none."""
    keys = [part.key for part in parts]
    at = keys.index(key) + 1 if key in keys else 0
    order = [*parts[at:], *parts[:at]]
    return next((part.key for part in order if part.checked_by is None and part.key != key), "")
