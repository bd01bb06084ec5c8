"""An operator answers a finding about verdicts with claims, and the authority replies to each: for people with a role.

What is written becomes lines of the answer and of the reply, kept by the steps of the case. Files are kept with the
case from the moment that they are sent, and only people of its authority fetch them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.cases import Given, civil_day
from goedebuur.core.casework.roles import Person
from goedebuur.core.casework.states import NOT_ALLOWED, missing
from goedebuur.core.casework.visibility import Part
from goedebuur.core.compliance.emissions import answers
from goedebuur.core.compliance.emissions.answers import Bounds, Replied, Written
from goedebuur.core.compliance.emissions.claims import Claim, Word
from goedebuur.services import answer_sides, casework
from goedebuur.services.answer_sides import Claimable, Sides, Subject
from goedebuur.services.casework import CaseView
from goedebuur.store.casework import attachments, messages
from goedebuur.store.casework import cases as store

if TYPE_CHECKING:
    from goedebuur.services.record import Record

ANSWER, REPLY = "answer", "reply"
"""Events of the steps."""
ANSWERING: Final = (Word.ACCEPTED, Word.REFUSED, Word.MORE)
"""What can be said of a claim."""
MOST_CLAIMS: Final = 40
MOST_FILES: Final = 200
"""Files that a case takes without a mail."""
EVIDENCE: Final = declare("emission-claim-evidence", "A claim names a file that the case does not have.")
TOO_MANY: Final = declare("emission-claim-many", "An answer has more claims, or a case more files, than it takes.")


@dataclass(frozen=True, slots=True)
class Question:
    """What an operator answers: the case, and the verdicts that the finding names, with what can be claimed in each."""

    view: CaseView
    subjects: tuple[Subject, ...]
    claimable: tuple[Claimable, ...]

    def bounds(self) -> dict[str, Bounds]:
        """Return emission point → what can be claimed there by the verdicts that are about it."""
        found: dict[str, Bounds] = {}
        for subject, one in zip(self.subjects, self.claimable, strict=True):
            point, new = subject.stream.emission_point, one.bounds
            held = found.get(point, new)
            found[point] = Bounds(
                min(held.first, new.first),
                max(held.last, new.last),
                min(held.step, new.step),
                held.states | new.states,
            )
        return found


def question(record: Record, person: Person, name: str, now: datetime) -> Question:
    """Return what is to be answered, for someone who can answer now.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-not-allowed`.
    """
    view = _able(person, name, ANSWER, now)
    found, _ = answer_sides.subjects(record, view.case.shown_text)
    return Question(view, found, tuple(answer_sides.claimable(record, one) for one in found))


def keep(home: Path, person: Person, name: str, file_name: str, data: bytes, now: datetime) -> str:
    """Return the SHA-256 of a file that is kept with the case, for someone who can answer now.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-not-allowed`, `emission-claim-many`.
    """
    case = _able(person, name, ANSWER, now).case
    if messages.attached(case.uuid) >= MOST_FILES:
        raise _many("file", MOST_FILES)
    kept = attachments.put(home, file_name[:200] or "bestand", "application/octet-stream", data)
    messages.attach(case.uuid, kept, now)
    return kept.sha256


def file_name(asked: Question, sha256: str) -> str:
    """Return what a file of the case was called; empty where it has none of that digest."""
    found = messages.attachment(asked.view.case.uuid, sha256)
    return found.name if found is not None else ""


def read(asked: Question, rows: Sequence[Written]) -> tuple[tuple[Claim, ...], tuple[GoedeBuurError, ...]]:
    """Return the claims of a form, and everything that is wrong with it."""
    found, faults = answers.read(rows, asked.bounds())
    if len(rows) > MOST_CLAIMS:
        faults = (*faults, _many("claims", MOST_CLAIMS))
    lacking = [
        GoedeBuurError(
            EVIDENCE,
            "The case has no such file.",
            place=f"claim {number} evidence",
            value=one,
            hint="Add the file again.",
        )
        for number, row in enumerate(rows, 1)
        for one in row.evidence
        if messages.attachment(asked.view.case.uuid, one) is None
    ]
    return found, (*faults, *lacking)


def foreseen(record: Record, asked: Question, claims: Sequence[Claim]) -> Sides:
    """Return what the verdicts would come to if every claim were accepted."""
    return answer_sides.sides(record, asked.view.case.shown_text, written("", claims), "")


def written(words: str, claims: Sequence[Claim]) -> str:
    """Return an answer: its words, and a line for each claim."""
    lines = "\n".join(one.line() for one in claims)
    return "\n\n".join(part for part in (words.strip(), lines) if part)


def answer(
    person: Person, asked: Question, words: str, claims: Sequence[Claim], revision: int, now: datetime
) -> CaseView:
    """Return the case with the answer.

    Raises
    ------
    GoedeBuurError
        `case-incomplete` without words; those of `casework.act`.
    """
    if not answers.prose(words):
        raise missing("answer", "Give the answer in the words of the operator.")
    given = Given(answer=written(answers.prose(words), claims))
    return casework.act(person, asked.view.case.uuid, ANSWER, given, revision, now)


@dataclass(frozen=True, slots=True)
class Decision:
    """What an authority fills in of one claim; `word` is empty where it says nothing of it."""

    word: str
    article: str
    reason: str


def claims_of(person: Person, name: str, now: datetime) -> tuple[CaseView, tuple[Replied, ...]]:
    """Return the case and its claims, for someone who can reply to them now.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-not-allowed`.
    """
    view = _able(person, name, REPLY, now)
    return view, answers.replied(view.case.answer, view.case.reply)


def replied(claims: Sequence[Replied], decisions: Mapping[int, Decision]) -> str:
    """Return the lines of a reply: of each claim by number what an authority says of it.

    Raises
    ------
    GoedeBuurError
        `emission-claim-reply` where a reason or an article lacks, or nothing is said at all.
    """
    lines = [
        answers.decided(one.claim, Word(said.word), said.article, said.reason).line()
        for one in claims
        if (said := decisions.get(one.number)) is not None and said.word in ANSWERING
    ]
    if not lines:
        raise missing("reply", "Reply to at least one claim.")
    told = "\n".join(lines)
    answers.require_reply("\n".join(one.claim.line() for one in claims), told)
    return told


def reply(person: Person, view: CaseView, lines: str, revision: int, now: datetime) -> CaseView:
    """Return the case with a reply.

    Raises
    ------
    GoedeBuurError
        Those of `casework.act`.
    """
    return casework.act(person, view.case.uuid, REPLY, Given(reply=lines), revision, now)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer or a reply as it was given; a later one stands beside it, and none is changed."""

    on: date
    event: str
    text: str


def exchange(view: CaseView) -> tuple[Said, ...]:
    """Return every answer of a case and every reply to one, in order, for who may read the answer."""
    if Part.ANSWER not in view.parts:
        return ()
    told = (event for event in store.events(view.case.uuid) if event.name in (ANSWER, REPLY))
    return tuple(Said(civil_day(event.at), event.name, str(event.body.get(event.name, ""))) for event in told)


def sides(record: Record, person: Person, name: str, now: datetime, as_of: int | None = None) -> tuple[CaseView, Sides]:
    """Return a case, and its finding, answer, reply and verdicts as a person may see them.

    Raises
    ------
    GoedeBuurError
        `case-unknown`.
    """
    view = casework.view(person, name, now)
    case = view.case
    text = case.shown_text or case.text
    return view, answer_sides.sides(record, text, case.answer, f"{case.reply}\n{case.reasons}", as_of)


def _able(person: Person, name: str, event: str, now: datetime) -> CaseView:
    view = casework.view(person, name, now)
    if event not in [step.event for step in view.steps]:
        raise GoedeBuurError(
            NOT_ALLOWED,
            "This cannot be done in this state of the case, or not by this person.",
            place=f"{view.case.kind} in state {view.case.state}",
            value=event,
            hint="Open the case again: it shows what can be done now.",
        )
    return view


def _many(place: str, most: int) -> GoedeBuurError:
    return GoedeBuurError(
        TOO_MANY, "These are more than there can be.", place=place, value=str(most), hint="Take fewer."
    )
