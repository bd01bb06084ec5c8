"""Which verdicts a finding is about, and what an operator and an authority say of the state of the plant in them.

A finding names a verdict in a line of its text, as claims stand in lines of the answer (`claims`), so that hearing,
four eyes and publication of a case hold for it too:

    VERDICT werk 2026 K1-nox nox-day 4711

The last word is the leaf of the published verdicts. Everything that is wrong in a form is told at once, each with its
place, the value, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import CET
from goedebuur.core.compliance.emissions import claims
from goedebuur.core.compliance.emissions.claims import BAD_CLAIM, Claim, Word
from goedebuur.core.permits.limits import OperatingState

POINT: Final = declare("emission-claim-point", "A claim is about an emission point that the finding is not about.")
MOMENT: Final = declare("emission-claim-moment", "A moment in a claim cannot be read.")
ORDER: Final = declare("emission-claim-order", "The time of a claim ends before it begins.")
OUTSIDE: Final = declare("emission-claim-outside", "The time of a claim is not of the year of the verdict.")
SHORT: Final = declare("emission-claim-short", "The time of a claim has no whole short average in it.")
OVERLAP: Final = declare("emission-claim-overlap", "Two claims are about the same time at the same emission point.")
STATE: Final = declare("emission-claim-state", "A claim names a state of the plant that the rules do not know.")
CAUSE: Final = declare("emission-claim-cause", "A claim says no cause.")
REPLY: Final = declare("emission-claim-reply", "A reply to a claim is about no claim, or lacks its reason or article.")
VERDICT: Final = "VERDICT"
_MACHINE: Final = (VERDICT, *Word)
"""First words of the lines that are for programs as well."""


@dataclass(frozen=True, slots=True)
class Named:
    """A published verdict that a finding is about.

    Parameters
    ----------
    leaf
        Of the published verdicts.
    """

    site: str
    year: int
    stream: str
    requirement: str
    leaf: int

    def line(self) -> str:
        """Return the line that names it.

        >>> Named("werk", 2026, "K1-nox", "nox-day", 4711).line()
        'VERDICT werk 2026 K1-nox nox-day 4711'
        """
        return f"{VERDICT} {self.site} {self.year} {self.stream} {self.requirement} {self.leaf}"


def named(text: str) -> tuple[Named, ...]:
    """Return the verdicts that a text names, in order, each once; a line in another form names none."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == 6 and words[0] == VERDICT and _whole(words[2]) and _whole(words[5]):
            found.append(Named(words[1], int(words[2]), words[3], words[4], int(words[5])))
    return tuple(dict.fromkeys(found))


def _whole(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 12


def prose(text: str) -> str:
    """Return a text without the lines that name verdicts, claim or decide: what is left is for people alone."""
    kept = (line for line in text.splitlines() if line.split(None, 1)[:1] not in [[one] for one in _MACHINE])
    return "\n".join(kept).strip()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What can be claimed of one emission point.

    Parameters
    ----------
    first, last
        Of the time that the verdicts are about.
    step
        Length of the short averages: a claim has at least one whole one in it.
    states
        Of which the rules say what they do.
    """

    first: datetime
    last: datetime
    step: timedelta
    states: frozenset[OperatingState]


@dataclass(frozen=True, slots=True)
class Written:
    """A claim as it was filled in; moments on the CET clock, as `2026-03-03T05:00`."""

    point: str
    state: str
    start: str
    end: str
    cause: str
    evidence: tuple[str, ...] = ()


def read(rows: Sequence[Written], bounds: Mapping[str, Bounds]) -> tuple[tuple[Claim, ...], tuple[GoedeBuurError, ...]]:
    """Return the claims of a form, and everything that is wrong with it; places are `claim 1 start` and the like."""
    found: list[Claim] = []
    faults: list[GoedeBuurError] = []
    for number, row in enumerate(rows, 1):
        claim = _claim(row, bounds.get(row.point), f"claim {number}", faults)
        found += [claim] if claim is not None else []
    return tuple(found), (*faults, *overlaps(found))


def _claim(row: Written, bounds: Bounds | None, place: str, faults: list[GoedeBuurError]) -> Claim | None:
    before = len(faults)
    if bounds is None:
        faults.append(_fault(POINT, place, "point", row.point, "Choose an emission point of the finding."))
    start, end = (_moment(value, place, name, faults) for name, value in (("start", row.start), ("end", row.end)))
    if bounds is not None and start is not None and end is not None:
        faults += _period(start, end, bounds, place, row)
    if bounds is not None and row.state not in bounds.states:
        hint = f"Choose from: {', '.join(sorted(bounds.states))}."
        faults.append(_fault(STATE, place, "state", row.state, hint))
    cause = " ".join(row.cause.split())
    if not cause:
        faults.append(_fault(CAUSE, place, "cause", row.cause, "Say what happened."))
    if len(faults) > before or start is None or end is None:
        return None
    why = " ".join((cause, *(f"sha256:{one}" for one in row.evidence)))
    return Claim(Word.OTNOC, row.point, start, end, OperatingState(row.state), why, row.evidence)


def _moment(value: str, place: str, name: str, faults: list[GoedeBuurError]) -> datetime | None:
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        faults.append(_fault(MOMENT, place, name, value, "Write a day and a time as 2026-03-03T05:00."))
        return None
    return (found if found.tzinfo is not None else found.replace(tzinfo=CET)).astimezone(UTC)


def _period(start: datetime, end: datetime, bounds: Bounds, place: str, row: Written) -> list[GoedeBuurError]:
    if end <= start:
        return [_fault(ORDER, place, "end", row.end, f"It begins at {row.start}: let it end after that.")]
    if start < bounds.first or end > bounds.last:
        name, value = ("start", row.start) if start < bounds.first else ("end", row.end)
        told = " to ".join(f"{one.astimezone(CET):%Y-%m-%dT%H:%M}" for one in (bounds.first, bounds.last))
        return [_fault(OUTSIDE, place, name, value, f"The verdict is about {told}.")]
    first = bounds.first + -((bounds.first - start) // bounds.step) * bounds.step
    if first + bounds.step > end:
        minutes = bounds.step // timedelta(minutes=1)
        return [_fault(SHORT, place, "end", row.end, f"Let it cover at least one whole average of {minutes} minutes.")]
    return []


def overlaps(found: Iterable[Claim]) -> tuple[GoedeBuurError, ...]:
    """Return each pair of claims on the same time at the same point, as what is wrong with the later one."""
    wrong = []
    for (first, one), (second, other) in combinations(enumerate(found, 1), 2):
        if one.point == other.point and one.start < other.end and other.start < one.end:
            hint = f"Claim {first} is about this time already: let one end where the other begins."
            value = f"{max(one.start, other.start).astimezone(CET):%Y-%m-%dT%H:%M}"
            wrong.append(_fault(OVERLAP, f"claim {second}", "start", value, hint))
    return tuple(wrong)


def require(answer: str) -> tuple[Claim, ...]:
    """Return the claims in an answer, that each can be read, have a cause, and stand apart.

    Raises
    ------
    GoedeBuurError
        `emission-claim`, `emission-claim-cause`, `emission-claim-overlap`.
    """
    found = claims.claimed(claims.read(answer))
    for number, one in enumerate(found, 1):
        if not one.words:
            raise _fault(CAUSE, f"claim {number}", "cause", one.line(), "Say what happened.")
    for wrong in overlaps(found):
        raise wrong
    return found


def require_reply(answer: str, reply: str) -> tuple[Claim, ...]:
    """Return what a reply says of the claims of an answer: of each at most once, with a reason and an article.

    Raises
    ------
    GoedeBuurError
        `emission-claim`, `emission-claim-reply`.
    """
    asked = {one.about: number for number, one in enumerate(claims.claimed(claims.read(answer)), 1)}
    said = claims.read(reply)
    seen = set()
    for one in said:
        if one.word is Word.OTNOC or one.about not in asked:
            raise GoedeBuurError(
                REPLY, "This is about no claim of the answer.", value=one.line(), hint="Repeat the line of the claim."
            )
        place = f"claim {asked[one.about]}"
        if one.about in seen:
            raise _fault(REPLY, place, "word", one.line(), "Say one thing of each claim.")
        if not one.words:
            raise _fault(REPLY, place, "reason", one.line(), "Give the reason.")
        if not one.article and one.word is not Word.MORE:
            raise _fault(REPLY, place, "article", one.line(), "Name the article, as [Bal 4.90].")
        seen.add(one.about)
    if not said:
        raise GoedeBuurError(BAD_CLAIM, "No claim is replied to.", place="reply", hint="Reply to at least one claim.")
    return said


@dataclass(frozen=True, slots=True)
class Replied:
    """One claim of an answer, with what the authority says of it; None where it says nothing."""

    number: int
    claim: Claim
    reply: Claim | None

    @property
    def word(self) -> str:
        """Return what became of it; empty where nothing was said."""
        return "" if self.reply is None else str(self.reply.word)


def replied(answer: str, reply: str) -> tuple[Replied, ...]:
    """Return each claim of an answer with the last that a reply says of it."""
    said = {one.about: one for one in told_in(reply) if one.word is not Word.OTNOC}
    return tuple(Replied(number, one, said.get(one.about)) for number, one in enumerate(told(answer), 1))


def told(answer: str) -> tuple[Claim, ...]:
    """Return the claims in an answer; a line that cannot be read claims nothing."""
    return claims.claimed(told_in(answer))


def told_in(text: str) -> list[Claim]:
    """Return the claims and decisions of a text; a line that cannot be read is none.

    An answer that was kept before claims were checked may have such lines.
    """
    found: list[Claim] = []
    for line in text.splitlines():
        try:
            found += claims.read(line)
        except GoedeBuurError:
            continue
    return found


def decided(claim: Claim, word: Word, article: str, reason: str) -> Claim:
    """Return what an authority says of a claim."""
    told = " ".join(reason.split())
    place = " ".join(article.replace("[", "(").replace("]", ")").split())
    return replace(claim, word=word, why=f"[{place}] {told}" if place else told, evidence=())


def _fault(code: str, place: str, field: str, value: str, hint: str) -> GoedeBuurError:
    return GoedeBuurError(code, "A claim cannot be as it is.", place=f"{place} {field}", value=value, hint=hint)
