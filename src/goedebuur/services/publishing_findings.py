"""From a decision to what is public: the version is made with the decision, and written under a leaf after it.

The order is: decision and version in one SQL transaction; the leaf, durable; the note of the leaf in SQL. A crash
before the leaf leaves a version that waits; one after it leaves a version that the record has already, which is found
there by its identifier and not written again. :func:`settle` does what is left, at each start and after each decision.
A version that cannot be written as it is waits for a person, and holds up no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur import __version__
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework import publications
from goedebuur.core.casework.cases import Case, Taken, civil_day
from goedebuur.core.casework.publications import Answer, Happening, Publication, Reply, Version
from goedebuur.core.casework.states import NOT_ALLOWED, Kind, Step
from goedebuur.rules import casework as rules
from goedebuur.services import recording, subscribing
from goedebuur.store.casework import cases as store
from goedebuur.store.casework import publishing

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.casework.publishing import Pending

_log = logging.getLogger(__name__)
DECIDED: Final[Mapping[str, Version]] = {
    "publish": Version.PUBLISHED,
    "withhold": Version.WITHHELD,
    "correct": Version.CORRECTED,
    "withdraw": Version.WITHDRAWN,
}
"""Event of a decision → what it makes of the finding."""
RECORDED: Final = "recorded"
OF_ONE_VERSION: Final = (publications.MALFORMED, NOT_ALLOWED)
"""Errors that say something of one version and nothing of the next."""


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A version that is due and could not be written: of which case, and why. Nothing of what it says."""

    case: str
    number: int
    code: str
    place: str


def follow(case: Case, event: str, now: datetime) -> None:
    """Keep what a step decided for the public, in its transaction; other steps are none of this."""
    if case.kind is not Kind.FINDING:
        return
    if event in DECIDED:
        day = case.publish_on if event == "publish" and case.publish_on is not None else civil_day(now)
        publishing.plan(case.uuid, case.versions, publications.body(version_of(case, DECIDED[event])), day, now)
    elif event == "postpone" and case.publish_on is not None:
        publishing.postpone(case.uuid, case.publish_on)
    elif event == "recall":
        publishing.recall(case.uuid, now)


def version_of(case: Case, version: Version) -> Publication:
    """Return what a decision makes public of a case."""
    assert case.decided_on is not None
    if version is Version.WITHHELD:
        return Publication(
            id=case.publication,
            number=case.versions,
            version=version,
            authority=case.authority,
            decided_on=case.decided_on,
            ground=case.ground,
            withheld_until=case.withheld_until,
            simulated=case.simulated,
        )
    told: dict[str, Any] = {}
    if version is not Version.WITHDRAWN:
        answered = Answer(case.answer, case.answered_on) if case.answer and case.answered_on else None
        replied = Reply(case.reply, case.replied_on) if answered and case.reply and case.replied_on else None
        told = {"subject": case.shown_subject, "text": case.shown_text, "answer": answered, "reply": replied}
    return Publication(
        id=case.publication,
        number=case.versions,
        version=version,
        authority=case.authority,
        decided_on=case.decided_on,
        reasons=case.reasons,
        operators=case.operators,
        sites=case.sites,
        language=case.language,
        emissions=case.emissions,
        asked_on=case.asked_on,
        answer_until=case.term.ending.day if case.term is not None else None,
        history=_history(case),
        simulated=case.simulated,
        **told,
    )


def log(one: HeldUp) -> None:
    """Tell the log of the service of a version that is held up."""
    _log.error("version %d of case %s is not published: %s %s", one.number, one.case, one.code, one.place)


def settle(record: Record, now: datetime, tell: Callable[[HeldUp], None] = log) -> list[int]:
    """Return the leaves of the versions that were due and that the record has now; a second time nothing happens.

    Parameters
    ----------
    tell
        Is told of each version that cannot be written as it is; the others are written all the same.
    """
    found = []
    for pending in publishing.pending(civil_day(now)):
        try:
            found.append(_settle(record, pending, now))
        except GoedeBuurError as error:
            if error.code not in OF_ONE_VERSION:
                raise
            tell(HeldUp(pending.case, pending.number, error.code, error.place))
    return found


def _settle(record: Record, pending: Pending, now: datetime) -> int:
    """Return the leaf of a version, written and noted. What cannot be noted is not written either."""
    case = store.find(pending.case)
    assert case is not None
    _following(case)
    leaf = _leaf(record, pending, now)
    with store.atomic():
        _note(pending, leaf, now)
    return leaf


def _leaf(record: Record, pending: Pending, now: datetime) -> int:
    """Return the leaf of a version: the one that it has already, else a new one."""
    read = publications.read(pending.body)
    body = dict(pending.body)
    with record.lock():
        held = record.catalogue.newest(publications.KIND, [read.id]).get(read.id)
        if held is not None and publications.read(_held(record, read.id)).number >= read.number:
            return held[0]
        inputs = {
            "code": f"goedebuur {__version__}",
            "operators": list(read.operators),
            "publication": read.id,
            "sites": list(read.sites),
            "tree_size": record.size,
            "version": read.version.value,
        }
        facts = [(publications.KIND, read.id, body)]
        leaf = recording.put(record, facts, now, reason=read.reasons, submitter=read.authority, inputs=inputs)
    assert leaf is not None
    return leaf


def _held(record: Record, name: str) -> Mapping[str, Any]:
    return record.catalogue.state(publications.KIND, ids=[name])[name]


def _note(pending: Pending, leaf: int, now: datetime) -> None:
    """Note the leaf, take the step that follows, and queue what the same readers are told."""
    case = store.find(pending.case, lock=True)
    assert case is not None
    moved = Taken(replace(case, state=_following(case).next), {"leaf": leaf, "version": pending.number})
    publishing.recorded(pending.case, pending.number, leaf, now)
    store.save(case, moved, RECORDED, 0, now)
    subscribing.tell(publications.read(pending.body), now)


def _following(case: Case) -> Step:
    return rules.states().follow(case.kind, case.state, RECORDED)


def _history(case: Case) -> tuple[Happening, ...]:
    """Return the public history: of each step that the public may know, the day and its sentence."""
    table = rules.states()
    told = []
    for event in store.events(case.uuid):
        step = table.step(case.kind, event.before, event.name)
        if step is not None and step.sentence:
            told.append(Happening(civil_day(event.at), event.name, step.sentence.nl, step.sentence.en))
    return tuple(told)
