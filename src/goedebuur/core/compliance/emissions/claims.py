"""What an operator says of the state of its plant in a time, and the averages as they would be if that were so.

A claim stands as a line in the operator's answer to a finding, so that hearing, four eyes and publication of a case
hold for it as for the answer itself:

    OTNOC K1 2026-03-03T04:00Z 2026-03-03T08:30Z abatement_failure Filter torn, report 4711 sha256:…

The authority's reply, or its decision, says in the same way which it accepts: `ACCEPTED`, `REFUSED` or `MORE` (it asks
more first) in the place of `OTNOC`, and an article between brackets before its reason. Nothing is ever written over the
state that the plant itself reported.
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
_ARTICLE: Final = re.compile(r"\[([^\]]{1,120})\]\s*")


class Word(StrEnum):
    """What a line does."""

    OTNOC = "OTNOC"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    MORE = "MORE"
    """The authority asks more before it says which."""


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

    @property
    def article(self) -> str:
        """Return the article that a decision names; empty without."""
        found = _ARTICLE.match(self.why)
        return found[1].strip() if found is not None else ""

    @property
    def words(self) -> str:
        """Return cause or reason without the article and the digests."""
        told = _EVIDENCE.sub("", self.why)
        return " ".join(_ARTICLE.sub("", told, count=1).split() if self.article else told.split())

    def line(self) -> str:
        """Return the line that says so.

        >>> begin, end = datetime(2026, 3, 3, 4, tzinfo=UTC), datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
        >>> Claim(Word.OTNOC, "K1", begin, end, OperatingState.START_UP, "cold start").line()
        'OTNOC K1 2026-03-03T04:00Z 2026-03-03T08:30Z start_up cold start'
        """
        moments = (f"{one.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for one in (self.start, self.end))
        return " ".join((self.word, self.point, *moments, self.state, *self.why.split()))


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
