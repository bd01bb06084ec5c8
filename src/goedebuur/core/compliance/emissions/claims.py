"""What an operator says of the state of its plant in a time, and the averages as they would be if that were so.

A claim stands as a line in the operator's answer to a finding, so that hearing, four eyes and publication of a case
hold for it as for the answer itself:

    OTNOC K1 2026-03-03T04:00Z 2026-03-03T08:30Z abatement_failure Filter torn, report 4711 sha256:…

The authority's decision says in the same way which it accepts: `ACCEPTED` or `REFUSED` in the place of `OTNOC`. Nothing
is ever written over the state that the plant itself reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.permits.limits import OperatingState

BAD_CLAIM: Final = declare("emission-claim", "A line that claims or decides a state of the plant cannot be read.")
_EVIDENCE: Final = re.compile(r"\bsha256:([0-9a-f]{64})\b")


class Word(StrEnum):
    """What a line does."""

    OTNOC = "OTNOC"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Claim:
    """A state of the plant behind one emission point, from a moment until another.

    Parameters
    ----------
    why
        Cause, in the words of who wrote it.
    evidence
        SHA-256 of what proves it.
    """

    word: Word
    point: str
    start: datetime
    end: datetime
    state: OperatingState
    why: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, datetime, datetime, OperatingState]:
        """Return what is claimed, by which a decision is held to it."""
        return self.point, self.start, self.end, self.state


def read(text: str) -> tuple[Claim, ...]:
    """Return the claims and decisions on claims in a text, in order.

    Raises
    ------
    GoedeBuurError
        `emission-claim`, with the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(None, 5)
        if words and words[0] in list(Word):
            found.append(_claim(words, line, number))
    return tuple(found)


def _claim(words: Sequence[str], line: str, number: int) -> Claim:
    if len(words) < 5:
        raise _bad(line, number, "Write: OTNOC POINT FROM UNTIL STATE CAUSE.")
    start, end = (_moment(word, line, number) for word in words[2:4])
    if end <= start:
        raise _bad(line, number, "It ends before it begins.")
    if words[4] not in list(OperatingState):
        raise _bad(line, number, f"Choose a state from: {', '.join(OperatingState)}.")
    why = words[5].strip() if len(words) > 5 else ""
    return Claim(Word(words[0]), words[1], start, end, OperatingState(words[4]), why, tuple(_EVIDENCE.findall(why)))


def _moment(word: str, line: str, number: int) -> datetime:
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        raise _bad(line, number, "Write a moment as 2026-03-03T04:00Z.") from None
    if found.tzinfo is None:
        raise _bad(line, number, "Write a moment with its clock, as 2026-03-03T04:00Z or 2026-03-03T05:00+01:00.")
    return found.astimezone(UTC)


def _bad(line: str, number: int, hint: str) -> GoedeBuurError:
    return GoedeBuurError(BAD_CLAIM, "This line cannot be read.", place=f"line {number}", value=line, hint=hint)


def claimed(answer: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return what is claimed, each once."""
    return tuple({one.about: one for one in answer if one.word is Word.OTNOC}.values())


def accepted(answer: Iterable[Claim], reply: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return which of the claims the authority accepted; what it says nothing of it did not accept."""
    said = {one.about: one.word for one in reply if one.word is not Word.OTNOC}
    return tuple(one for one in claimed(answer) if said.get(one.about) is Word.ACCEPTED)


def applied(short: pl.DataFrame, claims: Iterable[Claim]) -> pl.DataFrame:
    """Return short averages of one point as if the claims were so: those that lie wholly in a claim have its state."""
    frame = short
    end = pl.col("start") + pl.duration(seconds=pl.col("length"))
    for one in claims:
        inside = (pl.col("start") >= one.start) & (end <= one.end)
        frame = frame.with_columns(state=pl.when(inside).then(pl.lit(str(one.state))).otherwise("state"))
    return frame
