"""Cases for the people who work on them: what each may see and do, one step at a time, with what follows from it.

A case that someone may not see and one that does not exist give the same answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.sourced import Text
from goedebuur.core.casework import history, visibility
from goedebuur.core.casework.cases import Case, Given, Law, begin_term, civil_day, take
from goedebuur.core.casework.history import Event
from goedebuur.core.casework.roles import OF_AUTHORITY, Person, Role
from goedebuur.core.casework.states import Kind, Need, Step, missing
from goedebuur.core.casework.visibility import Part, Relation
from goedebuur.core.compliance.emissions import answers
from goedebuur.rules import casework as rules
from goedebuur.rules import closing
from goedebuur.services import case_mail, publishing_findings
from goedebuur.store.casework import cases as store
from goedebuur.store.casework import parties
from goedebuur.store.casework.parties import PartyView, TaskView

UNKNOWN: Final = declare("case-unknown", "There is no case of that name that this person may see.")
ONE_OPERATOR: Final = declare("case-one-operator", "A finding is about one operator.")
THEIR_ANSWER: Final = declare("case-their-answer", "The operator answered itself; nobody answers in its place.")
EMISSIONS: Final = declare("case-emissions", "On this ground, information on emissions cannot be withheld.")
ANSWERED_BY, COMPANY, AUTHORITY = "answered_by", "company", "authority"
"""In the history of an answer: whether the operator gave it itself, or someone of the authority wrote it down."""
REQUEST_TERM: Final = {"woo": "request.woo", "other": "request.other"}
"""Kind of request → the row of its term."""
NewUuid = Callable[[], uuid.UUID]


@dataclass(frozen=True, slots=True)
class ClosedTerm:
    """When a term was closed, and by what happened."""

    on: date
    by: Text


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one reader may see it: what may not be seen is empty.

    Parameters
    ----------
    parts
        What may be seen.
    steps
        What the reader can do now.
    barred
        What the reader's roles could do if the operator had not answered itself.
    closed
        What closed the term of the case; None where it runs, or there is none.
    history
        All events, for those who may see them.
    """

    case: Case
    parts: frozenset[Part]
    relations: frozenset[Relation]
    steps: tuple[Step, ...]
    barred: tuple[Step, ...] = ()
    closed: ClosedTerm | None = None
    history: tuple[Event, ...] = ()
    parties: tuple[PartyView, ...] = ()
    tasks: tuple[TaskView, ...] = ()

    @property
    def revision(self) -> int:
        """Return what tells one state of the case from another: how long its history is."""
        return self.case.events

    @property
    def internal(self) -> bool:
        """Return whether the reader works for the authority."""
        return Part.INTERNAL in self.parts


def law() -> Law:
    """Return the rows by which terms run."""
    return Law(rules.holidays(), rules.terms())


def view(person: Person, name: str, now: datetime) -> CaseView:
    """Return a case as a person may see it.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, for one that is not there and for one that the person may not see alike.
    """
    case = store.find(name)
    parts, held = sight(person, case)
    if case is None or Part.EXISTENCE not in parts:
        raise unknown()
    inside = Part.INTERNAL in parts
    steps, barred = possible(person, case)
    return CaseView(
        hide(case, parts),
        parts,
        held,
        steps,
        barred,
        _closed(case),
        tuple(store.events(case.uuid)) if inside else (),
        tuple(parties.of_case(case.uuid)) if inside else (),
        tuple(parties.tasks(case.uuid)) if inside else (),
    )


def create(
    person: Person,
    kind: Kind,
    authority: str,
    given: Given,
    now: datetime,
    *,
    operators: Sequence[str] = (),
    applicants: Sequence[str] = (),
    sites: Sequence[str] = (),
    request: str = "other",
    simulated: bool = False,
    new_uuid: NewUuid = uuid.uuid4,
) -> CaseView:
    """Return a new case, in its first state.

    Raises
    ------
    GoedeBuurError
        `case-unknown` for an authority for which the person has no role to write; `case-incomplete` for a finding that
        names no operator, a request that names no applicant, or a case without a subject; `case-one-operator`.
    """
    if not person.has(Role.PERMIT_WRITER, Role.SPECIALIST, authority=authority):
        raise unknown()
    if not given.subject.strip():
        raise missing("subject", "Give the subject in one line.")
    if kind is Kind.FINDING and not operators:
        raise missing("operators", "A finding names the operator that it is about.")
    if kind is Kind.FINDING and len(set(operators)) > 1:
        raise GoedeBuurError(
            ONE_OPERATOR,
            "A finding is about one operator: each answers for itself and reads no other's answer.",
            place="operators",
            value=", ".join(operators),
            hint="Make a finding for each operator.",
        )
    if kind is Kind.REQUEST and not applicants:
        raise missing("applicants", "A request names who asked for it.")
    case = Case(
        uuid=str(new_uuid()),
        number="",
        kind=kind,
        state=rules.states().first(kind),
        authority=authority,
        subject=" ".join(given.subject.split()),
        text=given.text,
        created=now,
        publication=str(new_uuid()),
        emissions=given.emissions,
        simulated=simulated,
        operators=tuple(dict.fromkeys(operators)),
        applicants=tuple(dict.fromkeys(applicants)),
        sites=tuple(dict.fromkeys(sites)),
        term=_first_term(kind, request, now),
        writers=frozenset({person.id}),
    )
    body = {
        "subject": case.subject,
        "text": case.text,
        "emissions": case.emissions,
        "operators": list(case.operators),
        "applicants": list(case.applicants),
        "sites": list(case.sites),
    }
    return view(person, store.create(case, person.id, now, body).uuid, now)


def act(person: Person, name: str, event: str, given: Given, revision: int, now: datetime) -> CaseView:
    """Return the case after a person took one step; all that follows from it is saved with it, or nothing is.

    Parameters
    ----------
    revision
        Of the case as the person saw it.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-changed`, `case-not-allowed`, `case-four-eyes`, `case-their-answer`; `emission-claim`
        and those that begin so for claims in an answer, or a reply to them, that cannot be; and those of the step.
    """
    with store.atomic():
        case = store.find(name, lock=True)
        if case is None or Part.EXISTENCE not in sight(person, case)[0]:
            raise unknown()
        if case.events != revision:
            raise store.changed(case.number)
        roles = visibility.may_act(person, case.authority, case.operators, case.applicants)
        step = rules.states().require(case.kind, case.state, event, roles, writer=person.id in case.writers)
        if Need.GROUND in step.needs:
            _require_ground(given, emissions=case.emissions)
        if Need.ANSWER in step.needs:
            answers.require(given.answer)
        if Need.REPLY in step.needs:
            answers.require_reply(case.answer, given.reply)
        # whoever works for the authority writes for it, also with a seat for the company
        for_them = Need.ANSWER in step.needs and bool(roles & OF_AUTHORITY)
        if for_them:
            _require_no_answer_of_theirs(case)
        taken = take(case, step, given, now, law())
        if Need.ANSWER in step.needs:
            taken = replace(taken, body={**taken.body, ANSWERED_BY: AUTHORITY if for_them else COMPANY})
        # whoever writes the answer down for the operator wrote of what is decided on, as who wrote the text did
        if step.writes or for_them:
            taken = replace(taken, case=replace(taken.case, writers=case.writers | {person.id}))
        saved = store.save(case, taken, event, person.id, now)
        publishing_findings.follow(saved, event, now)
        case_mail.follow(saved, step, now)
    return view(person, saved.uuid, now)


def _require_no_answer_of_theirs(case: Case) -> None:
    """Check that the operator did not answer itself."""
    if _answered_itself(case):
        raise GoedeBuurError(
            THEIR_ANSWER,
            "The operator answered itself, and nobody answers in its place.",
            place="answer",
            hint="Ask the operator to replace its answer, or have the text revised and send it again.",
        )


def _answered_itself(case: Case) -> bool:
    """Return whether the answer is the operator's own; where nobody kept who answered it is taken for its own."""
    if not case.answer:
        return False
    told = [event for event in store.events(case.uuid) if event.name == "answer"]
    return bool(told[-1].body.get(ANSWERED_BY, COMPANY) == COMPANY)


def changes_since(person: Person, name: str, revision: int, now: datetime) -> list[Event]:
    """Return what happened in a case since a person saw it; nothing for who may not see its history."""
    seen = view(person, name, now)
    return [event for event in seen.history if event.number > revision]


def ended_on(case: Case) -> date | None:
    """Return the day of the last event of a case."""
    events = store.events(case.uuid, case.events - 1)
    return civil_day(events[-1].at) if events else None


def days_left(case: Case, now: datetime) -> int | None:
    """Return how many days the term of a case has still; negative once it has passed, None where none runs."""
    return None if case.term is None or not runs(case) else (case.term.ending.day - civil_day(now)).days


def runs(case: Case) -> bool:
    """Return whether a term of a case runs, or stands still for now: whether it is not closed."""
    return case.term is not None and case.state in rules.terms()[case.term.row].states


def _closed(case: Case) -> ClosedTerm | None:
    if case.term is None or runs(case):
        return None
    event = history.left(store.events(case.uuid), rules.terms()[case.term.row].states)
    step = rules.states().step(case.kind, event.before, event.name) if event is not None else None
    if event is None or step is None:
        return None  # the history was altered, of which `verify` tells
    return ClosedTerm(civil_day(event.at), step.sentence or step.label)


def add_party(person: Person, name: str, relation: str, *, party: str = "", email: str = "") -> None:
    """Add someone who is concerned with a case. Names stand there alone and can be taken away.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-incomplete`.
    """
    case = inside(person, name)
    if not party.strip() and not email.strip():
        raise missing("party", "Give a name or an e-mail address.")
    parties.add(case.uuid, relation, name=party.strip(), email=email.strip())


def remove_party(person: Person, name: str, party: int) -> None:
    """Take the name of someone away from a case.

    Raises
    ------
    GoedeBuurError
        `case-unknown`.
    """
    parties.remove(inside(person, name).uuid, party)


def add_task(person: Person, name: str, title: str, assignee: str, due: date | None, now: datetime) -> None:
    """Give a colleague something to do in a case.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-incomplete`; `people-unknown` for someone who has no role for the authority.
    """
    case = inside(person, name)
    if not title.strip():
        raise missing("title", "Say what is to be done.")
    parties.add_task(case.uuid, title.strip(), assignee, case.authority, due, now)


def finish_task(person: Person, name: str, task: int, now: datetime) -> None:
    """Note that something was done.

    Raises
    ------
    GoedeBuurError
        `case-unknown`.
    """
    parties.finish_task(inside(person, name).uuid, task, now)


def unknown() -> GoedeBuurError:
    """Return the error of a case that is not there, or not for this reader. It says nothing of what was asked."""
    return GoedeBuurError(UNKNOWN, "There is no such case.", hint="The list of cases shows those that you may see.")


def inside(person: Person, name: str) -> Case:
    """Return a case for someone who has a role for its authority.

    Raises
    ------
    GoedeBuurError
        `case-unknown`.
    """
    case = store.find(name)
    if case is None or not person.roles_for(case.authority) & OF_AUTHORITY:
        raise unknown()
    return case


def hide(case: Case, parts: frozenset[Part]) -> Case:
    """Return a case without what may not be seen of it; who is not of the authority sees the text as it was shown."""
    if Part.INTERNAL in parts:
        return case
    shown = replace(case, subject=case.shown_subject, text=case.shown_text, writers=frozenset(), head="")
    if case.kind is Kind.REQUEST and Part.TEXT in parts:
        shown = replace(shown, subject=case.subject, text=case.text)
    if Part.TEXT not in parts:
        shown = replace(shown, subject="", text="", shown_subject="", shown_text="")
    if Part.ANSWER not in parts:
        shown = replace(shown, answer="", answered_on=None, reply="", replied_on=None)
    if Part.DECISION not in parts:
        nothing: Mapping[str, Any] = {"reasons": "", "decided_on": None, "ground": "", "withheld_until": None}
        shown = replace(shown, publish_on=None, **nothing)
    return shown


def sight(person: Person, case: Case | None) -> tuple[frozenset[Part], frozenset[Relation]]:
    """Return what a person may see of a case, and as what. The public reads no cases: its part is in the record."""
    if case is None:
        return frozenset(), frozenset()
    held = visibility.relations(person, case.authority, case.operators, case.applicants) - {Relation.PUBLIC}
    return visibility.seen(rules.sights(), case.kind, case.state, held), held


def possible(person: Person, case: Case) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return the steps that a person can take, and those that only the operator's own answer keeps from them."""
    roles = visibility.may_act(person, case.authority, case.operators, case.applicants)
    steps = rules.states().possible(case.kind, case.state, roles, writer=person.id in case.writers)
    if not answers.told(case.answer):
        steps = tuple(step for step in steps if Need.REPLY not in step.needs)
    answering = tuple(step for step in steps if Need.ANSWER in step.needs)
    if not answering or not roles & OF_AUTHORITY or not _answered_itself(case):
        return steps, ()
    return tuple(step for step in steps if step not in answering), answering


def _first_term(kind: Kind, request: str, now: datetime) -> Any:
    if kind is not Kind.REQUEST:
        return None
    if request not in REQUEST_TERM:
        raise missing("request", f"A request is: {', '.join(REQUEST_TERM)}.")
    row = rules.terms()[REQUEST_TERM[request]]
    return begin_term(law(), row, row.length, now)


def _require_ground(given: Given, *, emissions: bool) -> None:
    """Refuse a ground that is not in the law, or does not hold for emissions where the case has such information."""
    row = closing.ground(given.ground, "closes", decided=given.ground_holds)
    if emissions and "emissions" not in row.uses:
        raise GoedeBuurError(
            EMISSIONS,
            "On this ground, information on emissions cannot be withheld.",
            place="ground",
            value=row.id,
            hint="Woo art. 5.1(7): the grounds of its first two paragraphs do not hold for emissions.",
        )
