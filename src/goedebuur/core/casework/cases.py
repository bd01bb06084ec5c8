"""A case as it stands, and what one step makes of it. Pure: who may take the step was decided before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.calendar import Calendar
from goedebuur.core.casework.states import Kind, Need, Step, missing
from goedebuur.core.casework.terms import Ending, Length, Pause, PauseUntil, TermRow, ends

NOT_PASSED: Final = declare("case-term-runs", "The term has not passed yet.")
BAD_DAY: Final = declare("case-day", "A day that was given lies in the past, or is none.")
DECISIONS: Final = frozenset({"publish", "withhold", "correct", "withdraw", "decide"})
"""Events of which the reasons are those of the decision."""
ANSWER_TERM: Final = "finding.answer"
"""Row of the term within which an operator can answer."""


@dataclass(frozen=True, slots=True)
class RunningTerm:
    """A term of a case: its row, when it began, how long it is, where it stood still, and when that makes it end."""

    row: str
    started: datetime
    lengths: tuple[Length, ...]
    ending: Ending
    pauses: tuple[Pause, ...] = ()
    asked: date | None = None
    """Since when it stands still; None while it runs."""
    reason: str = ""
    """Why it is shorter than usual."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it stands.

    Parameters
    ----------
    uuid, number
        What it is called by programs and by people.
    authority
        Whose it is.
    operators, applicants
        Identifiers of the operators that it names, and that asked for it.
    subject, text
        As it is being written.
    shown_subject, shown_text
        As the operator was given it, and as it became public.
    answer, reply
        What the operator said, and what the authority says of the claims in it.
    publication
        UUID under which it is public, if ever; it tells nothing of the case.
    versions
        How many versions of it were decided on for the public.
    events, head
        How long its history is, and the digest of the last event.
    writers
        Numbers of the accounts that ever wrote a word of the text.
    """

    uuid: str
    number: str
    kind: Kind
    state: str
    authority: str
    subject: str
    text: str
    created: datetime
    publication: str
    language: str = "nl"
    emissions: bool = False
    simulated: bool = False
    operators: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    shown_subject: str = ""
    shown_text: str = ""
    asked_on: date | None = None
    answer: str = ""
    answered_on: date | None = None
    reply: str = ""
    replied_on: date | None = None
    reasons: str = ""
    decided_on: date | None = None
    ground: str = ""
    withheld_until: date | None = None
    publish_on: date | None = None
    term: RunningTerm | None = None
    versions: int = 0
    events: int = 0
    head: str = ""
    writers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """What is given along with a step; what the step does not need is not looked at."""

    subject: str = ""
    text: str = ""
    emissions: bool = False
    reason: str = ""
    length: Length | None = None
    extension: Length | None = None
    answer: str = ""
    reply: str = ""
    ground: str = ""
    ground_holds: bool = False
    """Whether who decides read the law and says that the ground holds here."""
    withheld_until: date | None = None
    publish_on: date | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """The rows by which terms run."""

    calendar: Calendar
    terms: Mapping[str, TermRow]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step makes of a case, and what its history says of it."""

    case: Case
    body: Mapping[str, Any] = field(default_factory=dict)


def civil_day(now: datetime) -> date:
    """Return the day on the Dutch clock."""
    return now.astimezone(AMSTERDAM).date()


def begin_term(law: Law, row: TermRow, length: Length, now: datetime, reason: str = "") -> RunningTerm:
    """Return a term that begins by something that happens now."""
    return RunningTerm(row.id, now, (length,), ends(now, (length,), law.calendar, extended=row.extended), reason=reason)


def take(case: Case, step: Step, given: Given, now: datetime, law: Law) -> Taken:
    """Return the case after a step, with what its history says.

    Raises
    ------
    GoedeBuurError
        `case-incomplete`, `case-term`, `case-term-runs`, `case-day`.
    """
    after, body = replace(case, state=step.next), dict[str, Any]()
    for need in Need:
        if need in step.needs:
            after, said = _NEEDS[need](after, step, given, now, law)
            body.update(said)
    after, said = _EVENTS.get(step.event, _nothing)(after, now, law)
    return Taken(after, {**body, **said})


_Part = tuple[Case, Mapping[str, Any]]
"""A case, and what its history says of how it came to be so."""


def _nothing(case: Case, now: datetime, law: Law) -> _Part:
    return case, {}


def _text(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    _require(given.subject, "subject", "Give the subject in one line.")
    _require(given.text, "text", "Write the text.")
    subject = " ".join(given.subject.split())
    said = {"subject": subject, "text": given.text, "emissions": given.emissions}
    return replace(case, subject=subject, text=given.text, emissions=given.emissions), said


def _reason(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    _require(given.reason, "reason", "Give the reason.")
    said = given.reason.strip()
    return (replace(case, reasons=said) if step.event in DECISIONS else case), {"reason": said}


def _term(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    row = law.terms[ANSWER_TERM]
    length = given.length or row.length
    row.require(length, given.reason)
    # the operator reads why its term is short; of another term nothing that was filled in goes to it
    term = begin_term(law, row, length, now, given.reason.strip() if row.shorter(length) else "")
    # a text that is given to the operator again is answered again
    after = replace(
        case,
        term=term,
        shown_subject=case.subject,
        shown_text=case.text,
        asked_on=civil_day(now),
        answer="",
        answered_on=None,
        reply="",
        replied_on=None,
    )
    return after, {"length": str(length), "until": term.ending.day.isoformat(), "reason": term.reason}


def _extension(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    term = _running(case)
    row = law.terms[term.row]
    if given.extension is None:
        raise missing("extension", "Say by how much it is prolonged.")
    if len(term.lengths) > 1 or row.extension is None:
        raise missing("extension", "This term cannot be prolonged, or not once more.")
    since = civil_day(term.started)
    if given.extension.after(since) > row.extension.after(since):
        raise missing("extension", f"It can be prolonged by {row.extension} at most.")
    longer = _ended(law, row, replace(term, lengths=(*term.lengths, given.extension)))
    return replace(case, term=longer), {"extension": str(given.extension), "until": longer.ending.day.isoformat()}


def _answer(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    _require(given.answer, "answer", "Give the answer in the words of the operator.")
    day = civil_day(now)
    # what was said of another answer is not said of this one
    after = replace(case, answer=given.answer, answered_on=day, reply="", replied_on=None)
    return after, {"answer": given.answer, "on": day.isoformat()}


def _reply(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    _require(given.reply, "reply", "Reply to at least one claim.")
    day = civil_day(now)
    return replace(case, reply=given.reply, replied_on=day), {"reply": given.reply, "on": day.isoformat()}


def _ground(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    _require(given.ground, "ground", "Give the ground of the law.")
    until = _coming(given.withheld_until, "withheld_until", now)
    after = replace(case, ground=given.ground, withheld_until=until)
    return after, {"ground": given.ground, "withheld_until": until.isoformat()}


def _publish_on(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    day = _coming(given.publish_on or civil_day(now), "publish_on", now)
    return replace(case, publish_on=day), {"publish_on": day.isoformat()}


def _passed(case: Case, step: Step, given: Given, now: datetime, law: Law) -> _Part:
    term = _running(case)
    if now < term.ending.until:
        raise GoedeBuurError(
            NOT_PASSED,
            "The term has not passed yet.",
            value=term.ending.day.isoformat(),
            hint="The operator has until the end of that day.",
        )
    return case, {"day": term.ending.day.isoformat()}


_NEEDS: Final = {
    Need.TEXT: _text,
    Need.REASON: _reason,
    Need.TERM: _term,
    Need.EXTENSION: _extension,
    Need.ANSWER: _answer,
    Need.REPLY: _reply,
    Need.GROUND: _ground,
    Need.PUBLISH_ON: _publish_on,
    Need.PASSED: _passed,
}


def _decide(case: Case, now: datetime, law: Law) -> _Part:
    return replace(case, decided_on=civil_day(now), versions=case.versions + 1), {"version": case.versions + 1}


def _publish(case: Case, now: datetime, law: Law) -> _Part:
    return _decide(replace(case, ground="", withheld_until=None), now, law)


def _correct(case: Case, now: datetime, law: Law) -> _Part:
    return _decide(replace(case, shown_subject=case.subject, shown_text=case.text), now, law)


def _reject(case: Case, now: datetime, law: Law) -> _Part:
    return replace(case, subject=case.shown_subject, text=case.shown_text), {}


def _recall(case: Case, now: datetime, law: Law) -> _Part:
    return replace(case, publish_on=None, decided_on=None, versions=case.versions - 1), {}


def _ask(case: Case, now: datetime, law: Law) -> _Part:
    term = case.term
    if term is None or law.terms[term.row].pause is PauseUntil.NEVER:
        return case, {}
    return replace(case, term=replace(term, asked=civil_day(now))), {"since": civil_day(now).isoformat()}


def _resume(case: Case, now: datetime, law: Law) -> _Part:
    term = case.term
    if term is None or term.asked is None:
        return case, {}
    row = law.terms[term.row]
    pause = Pause.between(term.asked, civil_day(now), row.pause)
    longer = _ended(law, row, replace(term, asked=None, pauses=(*term.pauses, pause)))
    return replace(case, term=longer), {"days": pause.days, "until": longer.ending.day.isoformat()}


_EVENTS: Final = {
    "publish": _publish,
    "withhold": _decide,
    "correct": _correct,
    "withdraw": _decide,
    "reject": _reject,
    "recall": _recall,
    "ask": _ask,
    "resume": _resume,
}


def _ended(law: Law, row: TermRow, term: RunningTerm) -> RunningTerm:
    ending = ends(term.started, term.lengths, law.calendar, extended=row.extended, pauses=term.pauses)
    return replace(term, ending=ending)


def _running(case: Case) -> RunningTerm:
    if case.term is None:
        raise missing("term", "No term runs in this case.")
    return case.term


def _require(text: str, place: str, hint: str) -> None:
    if not text.strip():
        raise missing(place, hint)


def _coming(day: date | None, place: str, now: datetime) -> date:
    if day is None:
        raise missing(place, "Give a day.")
    if day < civil_day(now):
        raise GoedeBuurError(
            BAD_DAY, "This day lies in the past.", place=place, value=day.isoformat(), hint="Give today or a later day."
        )
    return day
