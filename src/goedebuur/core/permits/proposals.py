"""What is proposed from a sentence of a permit, how sure that is, and why another sentence gives nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from goedebuur.core.permits import dutch, phrases
from goedebuur.core.permits.pages import Page, Sentence


class Doubt(StrEnum):
    """What of a proposal a person must look at."""

    SCAN = "scan"
    """The letters were guessed from an image: every digit may be wrong."""
    UNIT = "unit"
    """The unit was guessed from what OCR made of it."""
    POINT = "point"
    """The point in the number may part thousands or decimals."""
    SUBSTANCE = "substance"
    """No substance that the table of names knows."""
    EACH_OR_SUM = "each_or_sum"
    """Several substances and one number: each of them, or all together?"""
    AVERAGING = "averaging"
    """It is not said over which time an average is taken."""
    GAS_AS_IT_IS = "gas_as_it_is"
    """A concentration in a cubic metre, not in a normal cubic metre."""
    STATISTIC = "statistic"
    """A part of the averages is named; see which."""
    BEFORE = "before"
    """The text says before a day: the day before that was filled in."""
    TERM = "term"
    """The text gives a term and no day: count it from the event that it names."""
    PERCENTILE = "percentile"
    """It is not said for which part of the hours the odour holds."""
    PLACES = "places"
    """It is not said at which places it holds, or these have no coordinates."""
    FREQUENCY = "frequency"
    """How often is said in a way that was not read."""


class Confidence(StrEnum):
    """How much of a proposal was found in so many words."""

    CLEAR = "clear"
    LOOK = "look"
    UNSURE = "unsure"


class Why(StrEnum):
    """Why a sentence that looks like a condition gives no proposal."""

    WHEN = "when"
    """Its number says when something holds, and is no limit."""
    PAST = "past"
    """It says what was measured, asked for or repealed."""
    NO_LIMIT = "no_limit"
    """It has a number with a unit, and no word of a limit."""
    NUMBER = "number"
    """It has the words of a limit and a number, of which the unit was not read."""
    WORDS = "words"
    """It obliges to something in words alone."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One condition as it may be meant.

    Parameters
    ----------
    kind
        One of the kinds of conditions.
    fields
        Fields of an entry by name, as text; what was not found is not in it.
    sentences
        From which it was read, in order; at least one.
    note
        Words of the text that a doubt is about, such as a term.
    """

    kind: str
    fields: Mapping[str, str]
    sentences: tuple[Sentence, ...]
    doubts: tuple[Doubt, ...] = ()
    note: str = ""

    @property
    def confidence(self) -> Confidence:
        """Return how much was found in so many words."""
        if {Doubt.SCAN, Doubt.UNIT, Doubt.SUBSTANCE} & set(self.doubts):
            return Confidence.UNSURE
        return Confidence.LOOK if self.doubts else Confidence.CLEAR


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence that looks like a condition, and why it gave no proposal."""

    sentence: Sentence
    why: Why


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in a document; every sentence is counted in one of three places.

    Parameters
    ----------
    other
        How many sentences look like no condition.
    shapes
        Height of each page as part of its width.
    """

    proposals: tuple[Proposal, ...]
    unread: tuple[Unread, ...]
    other: int
    sentences: int
    running: int
    pages: int
    pages_unread: tuple[Page, ...]
    shapes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What one sentence gave: proposals, or the reason why there are none; neither for one that is no condition."""

    proposals: tuple[Proposal, ...] = ()
    why: Why | None = None


def propose(
    kind: str, sentence: Sentence, fields: Mapping[str, str], doubts: Sequence[Doubt], note: str = ""
) -> Proposal:
    """Return a proposal with what every kind shares: number, text, validity, emission points, doubts of OCR."""
    shared = {"kind": kind, "number": sentence.number, "text": _whole(sentence), **_validity(sentence.text)}
    points = sorted({found.group() for found in phrases.EMISSION_POINT.finditer(f"{sentence.lead} {sentence.text}")})
    shared["emission_points"] = "; ".join(points)
    every = [Doubt.SCAN, *doubts] if sentence.how.guessed else list(doubts)
    kept = {name: value for name, value in {**shared, **fields}.items() if value}
    return Proposal(kind, kept, (sentence,), tuple(dict.fromkeys(every)), note)


def _whole(sentence: Sentence) -> str:
    """Return the text as granted, with the lead that it needs to be read."""
    return f"{sentence.lead} {sentence.text}".strip() if sentence.lead else sentence.text


def _validity(text: str) -> dict[str, str]:
    """Return from when and until when a text says that it holds."""
    found: dict[str, str] = {}
    for match in phrases.BY_DAY.finditer(text):
        word, day = match.group("word").lower(), dutch.day(match.group("day"))
        if day is None:
            continue
        if word in ("met ingang van", "vanaf", "per"):
            found.setdefault("valid_from", day.isoformat())
        elif word in ("tot", "tot en met"):
            last = day if word == "tot en met" else day - timedelta(days=1)
            found.setdefault("valid_to", last.isoformat())
    return found
