"""Enter a decision: drafts, who may do what with them, four eyes, and publishing.

A permit writer enters, another person with a role for the same authority checks part by part, and a permit writer or a
reviewer publishes. People from elsewhere see no draft and learn not that it is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.roles import Person, Role
from goedebuur.core.permits import drafts as core
from goedebuur.core.permits.drafts import CONFLICT, Document, Done, Draft, Part, State
from goedebuur.core.permits.entry import reading
from goedebuur.core.permits.entry.law import Law
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.reading import Checked, Whole
from goedebuur.core.permits.limits import EmissionLimit
from goedebuur.core.permits.names import Names
from goedebuur.core.permits.records import Permit
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.services import entry_law, permits, sites
from goedebuur.store.casework import drafts as store
from goedebuur.store.casework.documents import Documents
from goedebuur.store.casework.drafts import Change, Listed

if TYPE_CHECKING:
    from goedebuur.services.record import Record

FORBIDDEN: Final = declare("draft-forbidden", "This person's role does not allow this with a draft.")
OTHER_AUTHORITY: Final = declare("draft-other-authority", "The decision was published by others.")
ENTER: Final = (Role.PERMIT_WRITER,)
CHECK: Final = (Role.PERMIT_WRITER, Role.SPECIALIST, Role.REVIEWER)
PUBLISH: Final = (Role.PERMIT_WRITER, Role.REVIEWER)
SEE: Final = (Role.PERMIT_WRITER, Role.SPECIALIST, Role.REVIEWER, Role.OFFICER)


@dataclass(frozen=True, slots=True)
class View:
    """A draft as a person sees it.

    Parameters
    ----------
    whole
        The decision that it would be, or all that is wrong.
    checked
        Each condition as it was read, by key.
    people
        Names of those who entered or checked, by number.
    places
        Installations and emission points of the site; None where the record does not have the site.
    law
        The rules, grounds and operators that the decision may name.
    unruled
        Whether it has a limit on an emission while no decision says which general rules hold at the site, nor that none
        does: then the record says of no limit that it binds.
    may_enter, may_check, may_publish
        What this person's role allows.
    """

    listed: Listed
    whole: Whole
    checked: Mapping[str, Checked]
    people: Mapping[int, str]
    places: Places | None
    law: Law
    unruled: bool
    may_enter: bool
    may_check: bool
    may_publish: bool

    @property
    def draft(self) -> Draft:
        """Return the draft."""
        return self.listed.draft

    @property
    def total(self) -> int:
        """Return how many parts the draft has."""
        return len(self.draft.parts)

    @property
    def done(self) -> int:
        """Return how many of them were checked."""
        return self.total - len(self.draft.unchecked)

    @property
    def ready(self) -> bool:
        """Return whether nothing is wrong, and all is checked."""
        return self.whole.permit is not None and not self.draft.unchecked


def listed(person: Person) -> list[Listed]:
    """Return the drafts that a person may see, the last changed first."""
    seen = frozenset(seat.authority for seat in person.seats if seat.role in SEE)
    return store.of_authorities(seen)


def authorities(person: Person) -> tuple[str, ...]:
    """Return the authorities for which a person may enter, by name."""
    return tuple(sorted({seat.authority for seat in person.seats if seat.role in ENTER}))


def places(record: Record | None, site: str) -> Places | None:
    """Return the installations and emission points of a site; None where the record does not have the site."""
    if record is None or site not in sites.every(record, Site):
        return None
    return Places(
        {one.id: one.names[-1].value for one in sites.every(record, Installation).values() if one.site == site},
        {one.id: one.names[-1].value for one in sites.every(record, EmissionPoint).values() if one.site == site},
    )


def view(person: Person, draft: int, names: Names, record: Record | None) -> View:
    """Return a draft with all that is wrong with it.

    Parameters
    ----------
    record
        In which the site and its parts are looked up; None where there is none yet.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`, also for a draft that this person may not see.
    """
    found = _seen(person, draft)
    held = found.draft
    there = places(record, held.decision.fields.get("site", ""))
    law = entry_law.law(record)
    whole = _whole(held, names, there, law)
    follows = given(held)
    checked = {part.key: reading.condition(part.fields, names, follows, there) for part in held.conditions}
    limited = any(one.condition and isinstance(one.condition.form, EmissionLimit) for one in checked.values())
    people = frozenset(number for part in held.parts for number in (*part.authors, part.checked_by) if number)
    return View(
        found,
        whole,
        checked,
        store.names(people),
        there,
        law,
        unruled=limited and not entry_law.rules_told(record, held.decision.fields),
        may_enter=person.has(*ENTER, authority=held.authority),
        may_check=person.has(*CHECK, authority=held.authority),
        may_publish=person.has(*PUBLISH, authority=held.authority),
    )


def history(person: Person, draft: int) -> list[Change]:
    """Return what was done to a draft, newest first; `draft-unknown` as :func:`view`."""
    _seen(person, draft)
    return store.history(draft)


def make(
    person: Person,
    authority: str,
    fields: Mapping[str, str],
    now: datetime,
    conditions: Sequence[Mapping[str, str]] = (),
) -> Draft:
    """Return a new draft for an authority, with conditions where they are there already.

    Raises
    ------
    GoedeBuurError
        `draft-forbidden`.
    """
    if authority not in authorities(person):
        raise forbidden("enter a decision for this authority", authority)
    return store.make(authority, fields, list(conditions), person.id, now)


def again(person: Person, draft: int, now: datetime) -> Draft:
    """Return a new draft with all that is typed in another, to put a published decision right; nothing is checked.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`, `draft-forbidden`.
    """
    held = _require(person, draft, ENTER, "enter a decision")
    if held.state is not State.PUBLISHED:
        # a copy of what nobody checked would give its author the check of own work
        raise forbidden("copy a decision that was not published", held.authority)
    conditions = [part.fields for part in held.conditions]
    made = store.make(held.authority, held.decision.fields, conditions, person.id, now)
    for document in held.documents:
        store.change(made.id, person.id, now, partial(core.attached, document=document, person=person.id))
    return require_draft(person, made.id)


def change(person: Person, draft: int, key: str, fields: Mapping[str, str], seen: int, now: datetime) -> Done:
    """Return the draft with other words in the decision or in one condition; errors as :func:`core.changed`."""
    _require(person, draft, ENTER, "change a draft")
    return store.change(draft, person.id, now, lambda held: core.changed(held, key, fields, person.id, seen))


def add(
    person: Person, draft: int, fields: Mapping[str, str], now: datetime, source: Mapping[str, Any] | None = None
) -> Done:
    """Return the draft with one more condition; errors as :func:`core.added`."""
    _require(person, draft, ENTER, "change a draft")
    return store.change(draft, person.id, now, lambda held: core.added(held, fields, person.id, source))


def remove(person: Person, draft: int, key: str, seen: int, now: datetime) -> Done:
    """Return the draft without one condition; errors as :func:`core.removed`."""
    _require(person, draft, ENTER, "change a draft")
    return store.change(draft, person.id, now, lambda held: core.removed(held, key, person.id, seen))


def set_aside(person: Person, draft: int, name: str, now: datetime) -> Done:
    """Return the draft with one proposal set aside; errors as :func:`core.set_aside`."""
    _require(person, draft, ENTER, "change a draft")
    return store.change(draft, person.id, now, lambda held: core.set_aside(held, name))


def check(person: Person, draft: int, key: str, seen: int, now: datetime, names: Names, record: Record | None) -> Done:
    """Return the draft with one part checked.

    Raises
    ------
    GoedeBuurError
        `draft-unfinished` where something is wrong with the part, and as :func:`core.checked`.
    """
    _require(person, draft, CHECK, "check a draft")

    def act(held: Draft) -> Done:
        part = held.part(key)
        if _wrong(held, part, names, places(record, held.decision.fields.get("site", "")), entry_law.law(record)):
            raise GoedeBuurError(
                core.UNFINISHED,
                "This part has mistakes in it.",
                place=key,
                hint="They are put right before it is checked.",
            )
        return core.checked(held, key, person.id, seen)

    return store.change(draft, person.id, now, act)


def hand_back(person: Person, draft: int, key: str, remark: str, seen: int, now: datetime) -> Done:
    """Return the draft with what a person found wrong with one part; errors as :func:`core.returned`."""
    _require(person, draft, CHECK, "check a draft")
    return store.change(draft, person.id, now, lambda held: core.returned(held, key, remark, seen))


def discard(person: Person, draft: int, now: datetime) -> Done:
    """Return the draft, thrown away: nobody sees it in a list any more, and its history stays."""
    _require(person, draft, ENTER, "throw away a draft")
    return store.change(draft, person.id, now, lambda held: core.closed(held, State.DISCARDED))


def publish(
    record: Record,
    person: Person,
    draft: int,
    files: Documents,
    now: datetime,
    names: Names,
    *,
    reason: str = "",
) -> int:
    """Return the leaf under which a draft was published: all parts checked, nothing wrong, and for good.

    The record is written first, the draft closed with its leaf after it, both while nobody else can change the draft.
    Where the program ends in between, publishing again finds what the record has and closes the draft.

    Parameters
    ----------
    reason
        Why a decision that was published before is put right. It is public: no names of persons.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`, `draft-forbidden`, `draft-closed`, `draft-unfinished`, `draft-other-authority`, and as
        :func:`permits.publish`.
    """
    _require(person, draft, PUBLISH, "publish a decision")
    leaf = -1

    def act(held: Draft) -> Done:
        nonlocal leaf
        done = core.closed(held, State.PUBLISHED)
        there = places(record, held.decision.fields.get("site", ""))
        permit = _finished(held, names, there, entry_law.law(record))
        _require_ours(record, held, permit)
        documents = [files.get(one.sha256) for one in held.documents]
        leaf = permits.publish(record, permit, now, documents=documents, reason=reason).leaf
        return done

    with store.atomic():
        store.change(draft, person.id, now, act)
        store.published(draft, leaf)
    return leaf


def _require_ours(record: Record, held: Draft, permit: Permit) -> None:
    """Check that who puts a published decision right is who published it; the same once more changes nothing."""
    if permits.holds(record, permit) is False and not store.published_one(held.authority, permit.id):
        raise GoedeBuurError(
            OTHER_AUTHORITY,
            "A decision of that name was published by others, and is not put right from here.",
            place="id",
            value=permit.id,
            hint="Give this decision another identifier, or ask whoever published it to put it right.",
        )


def _finished(held: Draft, names: Names, there: Places | None, law: Law) -> Permit:
    """Return the decision of a draft; `draft-unfinished` where anything is wrong or unchecked."""
    whole = _whole(held, names, there, law)
    wrong = len(whole.of_decision) + sum(map(len, whole.by_condition))
    if whole.permit is None or held.unchecked:
        raise GoedeBuurError(
            core.UNFINISHED,
            "This draft cannot be published yet.",
            place=f"draft {held.id}",
            value=f"{wrong} mistakes, {len(held.unchecked)} parts unchecked",
            hint="Put right what is marked, and let a colleague check what is not checked.",
        )
    return whole.permit


def theirs(draft: Draft, key: str, seen: int) -> Mapping[str, str]:
    """Return what was typed in a part when a person opened it, to show beside what another made of it."""
    return store.as_seen(draft.id, key, seen)


def require_draft(person: Person, draft: int) -> Draft:
    """Return a draft that a person may see; `draft-unknown` otherwise."""
    return _seen(person, draft).draft


def require_entering(person: Person, draft: int) -> Draft:
    """Return a draft that a person may change; `draft-unknown` or `draft-forbidden` otherwise."""
    return _require(person, draft, ENTER, "change a draft")


def names_of(people: Sequence[int]) -> list[str]:
    """Return by which names colleagues know these people."""
    return sorted(store.names(frozenset(people)).values())


def is_conflict(error: GoedeBuurError) -> bool:
    """Return whether an error says that someone else changed the same."""
    return error.code == CONFLICT


def _whole(held: Draft, names: Names, there: Places | None, law: Law) -> Whole:
    """Return the decision that a draft would be, or all that is wrong with it."""
    conditions = [part.fields for part in held.conditions]
    return reading.permit(held.decision.fields, conditions, names, [_body(one) for one in held.documents], there, law)


def _wrong(held: Draft, part: Part, names: Names, there: Places | None, law: Law) -> bool:
    if part.key == core.DECISION:
        return bool(reading.decision(part.fields, names, there, law)[1])
    return bool(reading.condition(part.fields, names, given(held), there).troubles)


def given(held: Draft) -> dict[str, str]:
    """Return what follows for a condition from the decision, as far as it was entered."""
    plain, _ = reading.decision(held.decision.fields, NO_NAMES)
    pairs = (("permit", "id"), ("site", "site"), ("valid_from", "valid_from"))
    return {**reading.GIVEN, **{to: plain[name] for to, name in pairs if name in plain}}


NO_NAMES: Final = Names(())
"""Of a decision no field names a substance."""


def _body(document: Document) -> dict[str, Any]:
    whole = {name: getattr(document, name) for name in ("sha256", "name", "size", "media_type", "title")}
    return {name: value for name, value in whole.items() if value}


def _seen(person: Person, draft: int) -> Listed:
    found = store.get(draft)
    if not person.has(*SEE, authority=found.draft.authority):
        raise store.unknown(draft)
    return found


def _require(person: Person, draft: int, roles: Sequence[Role], what: str) -> Draft:
    held = _seen(person, draft).draft
    if not person.has(*roles, authority=held.authority):
        raise forbidden(what, held.authority)
    return held


def forbidden(what: str, authority: str) -> GoedeBuurError:
    """Return the error of a person whose role does not allow something."""
    return GoedeBuurError(
        FORBIDDEN,
        f"Your role does not allow you to {what}.",
        value=authority,
        hint="Ask an administrator for a role, or a colleague who has one.",
    )
