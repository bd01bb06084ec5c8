"""Proposals from the sentences of a permit: what a person may take over, change or throw away.

Nothing here is accepted by itself. A proposal names its sentences, so that they can be read beside it, and says what of
it is doubtful. A sentence that looks like a condition and gives no proposal is in the list of what was not read: a
reader who trusts the proposals must be able to see what they leave out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from goedebuur.core.permits import dutch, limit_sentences, phrases
from goedebuur.core.permits.names import Names
from goedebuur.core.permits.pages import Reading, Sentence
from goedebuur.core.permits.proposals import Doubt, Extraction, Found, Proposal, Unread, Why, propose


def extract(reading: Reading, names: Names) -> Extraction:
    """Return what may be conditions in the sentences of a document."""
    proposals: list[Proposal] = []
    unread: list[Unread] = []
    other = 0
    for sentence in reading.sentences:
        found = limit_sentences.limits(sentence, names)
        if not found.proposals and found.why is None:
            found = duties(sentence, names)
        proposals.extend(found.proposals)
        if found.why is not None:
            unread.append(Unread(sentence, found.why))
        other += not found.proposals and found.why is None
    return Extraction(
        proposals=tuple(_as_one_noise(proposals)),
        unread=tuple(unread),
        other=other,
        sentences=len(reading.sentences),
        running=reading.running,
        pages=reading.pages,
        pages_unread=reading.unread,
        shapes=reading.shapes,
    )


def _as_one_noise(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals, those on the level by day, evening and night at one place as one."""
    waiting: Proposal | None = None
    for proposal in proposals:
        if waiting is not None and _joins(waiting, proposal):
            text = f"{waiting.fields['text']} {proposal.sentences[0].text}"
            fields = {**proposal.fields, **waiting.fields, "text": text}
            sentences = waiting.sentences + proposal.sentences
            waiting = Proposal("noise", fields, sentences, tuple(dict.fromkeys(waiting.doubts + proposal.doubts)))
            continue
        if waiting is not None:
            yield waiting
        waiting = proposal
    if waiting is not None:
        yield waiting


def _joins(one: Proposal, other: Proposal) -> bool:
    if one.kind != "noise" or other.kind != "noise" or one.fields.get("number") != other.fields.get("number"):
        return False
    levels = [{name for name in each.fields if name.startswith("level_")} for each in (one, other)]
    same = all(one.fields.get(name) == other.fields.get(name) for name in ("indicator", "points"))
    return same and not levels[0] & levels[1]


# -- duties ---------------------------------------------------------------------------------------------------------


def duties(sentence: Sentence, names: Names) -> Found:
    """Return the duty in a sentence without a limit: to measure, to study, to do by a day, to use a technique."""
    text = f"{sentence.lead} {sentence.text}".strip()
    if not sentence.row and not phrases.DUTY.search(text):
        bounded = sentence.number and phrases.LIMITING.search(text) and re.search(r"\d", sentence.text)
        return Found(why=Why.NUMBER) if bounded else Found()
    if sentence.row:
        return Found()
    if phrases.MEASURE.search(text) and (phrases.FREQUENCY.search(text) or phrases.CONTINUOUS.search(text)):
        return Found((_measuring(sentence, text, names),))
    by = _by_when(text)
    if by is not None:
        due, doubts, note = by
        study = bool(phrases.STUDY.search(text))
        fields = {"subject" if study else "action": sentence.text, "due": due}
        return Found((propose("study_duty" if study else "deadline", sentence, fields, doubts, note),))
    technique = phrases.TECHNIQUE.search(text)
    if technique and not phrases.PAST.search(text):
        return Found((propose("technique", sentence, {"technique": technique.group().lower()}, ()),))
    return Found(why=Why.WORDS) if sentence.number else Found()


def _measuring(sentence: Sentence, text: str, names: Names) -> Proposal:
    doubts: list[Doubt] = []
    subjects = list(dict.fromkeys(mention.named.nl for mention in names.find(text)))
    if not subjects:
        doubts.append(Doubt.SUBSTANCE)
    fields = {"subjects": "; ".join(subjects), "standards": "; ".join(phrases.STANDARD.findall(text))}
    often = phrases.FREQUENCY.search(text)
    if phrases.CONTINUOUS.search(text):
        fields["manner"] = "continuous"
    else:
        fields["manner"] = "periodic"
        times = how_often(often) if often else None
        if times is None:
            doubts.append(Doubt.FREQUENCY)
        else:
            fields |= {"times": str(times[0]), "months": str(times[1])}
    return propose("measuring_duty", sentence, fields, doubts)


def how_often(found: re.Match[str]) -> tuple[int, int] | None:
    """Return how many times in how many months a match of `FREQUENCY` says; None for weeks and days."""
    if found.group("ly"):
        return phrases.LY.get(" ".join(found.group("ly").lower().split()))
    if found.group("eper"):
        times, per, every = 1, found.group("eper"), dutch.count(found.group("en"))
    elif found.group("word"):
        times = phrases.WORD_TIMES[found.group("word").lower()]
        per, every = found.group("wper"), dutch.count(found.group("wn") or "1")
    else:
        times = dutch.count(found.group("times")) or 0
        per, every = found.group("per"), dutch.count(found.group("n") or "1")
    months = phrases.MONTHS_OF.get(" ".join(per.lower().split()))
    return (times, months * every) if months and every and times else None


_GRANTED: Final = re.compile(
    r"^\s*(?:is|zijn|was|waren|reeds|al)?\s*(?:verleend|vergund|geplaatst|aangevraagd|in\s+gebruik|ingediend)"
)


def _by_when(text: str) -> tuple[str, tuple[Doubt, ...], str] | None:
    """Return the last day on which a duty is met, with its doubts and the words of a term; None without any."""
    for found in phrases.BY_DAY.finditer(text):
        word = found.group("word").lower()
        day = dutch.day(found.group("day"))
        if day is None or _GRANTED.match(text[found.end() :]):
            continue
        if word in ("vóór", "voor", "uiterlijk voor", "uiterlijk vóór"):
            return (day - timedelta(days=1)).isoformat(), (Doubt.BEFORE,), found.group()
        if word.startswith("uiterlijk"):
            return day.isoformat(), (), ""
    term = phrases.WITHIN.search(text)
    return ("", (Doubt.TERM,), term.group()) if term else None
