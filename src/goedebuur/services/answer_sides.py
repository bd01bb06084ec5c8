"""A finding about verdicts beside what was answered: as reported, as the operator claims, as the authority accepts.

The verdicts are worked out again from the averages that were published with them, and the rules, limits and streams of
the tree size of their receipt: always the same, for whoever asks. Where verdicts of the year were published again,
what is claimed is worked out on these too. Of each it is named which periods, averages and hours are others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.compliance.emissions import answers, differing, judge
from goedebuur.core.compliance.emissions.answers import Bounds, Named, Replied
from goedebuur.core.compliance.emissions.claims import Claim, Word
from goedebuur.core.compliance.emissions.differing import Differing
from goedebuur.core.compliance.emissions.operating import HoursVerdict
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.regimes import RegimeBook, StateRow
from goedebuur.core.compliance.emissions.requirements import Requirement
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.permits.limits import OperatingState
from goedebuur.services import emission_claims, emission_results, emission_verdicts, stack_verdicts, streams
from goedebuur.services.stack_verdicts import PublishedAverages, PublishedYear, YearView

if TYPE_CHECKING:
    from goedebuur.core.casework.publications import Publication
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class Subject:
    """A published verdict that a finding is about, as it was published.

    Parameters
    ----------
    line
        Of the published result.
    """

    named: Named
    view: YearView
    published: PublishedYear
    line: Mapping[str, Any]
    stream: Stream


@dataclass(frozen=True, slots=True)
class Claimable:
    """What can be claimed in a verdict: within which bounds, and what the rules say of each state."""

    bounds: Bounds
    rows: tuple[StateRow, ...]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period, as reported, as claimed and as accepted."""

    start: str
    reported: PeriodOutcome
    claimed: PeriodOutcome
    accepted: PeriodOutcome


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours of a state against one bound, as reported, as claimed and as accepted."""

    stream: str
    reported: HoursVerdict
    claimed: HoursVerdict
    accepted: HoursVerdict


@dataclass(frozen=True, slots=True)
class Compared:
    """One verdict three times, and everything that is not the same.

    Parameters
    ----------
    periods
        The year, and the parts of it of which an outcome or a number differs.
    averages_claimed, averages_accepted
        Short averages that are taken otherwise than reported.
    also
        (stream, requirement, outcome as reported, as claimed, as accepted) of other verdicts at the emission point that
        change.
    """

    subject: Subject
    reported: EmissionVerdict
    claimed: EmissionVerdict
    accepted: EmissionVerdict
    periods: tuple[PeriodRow, ...]
    averages_claimed: tuple[Differing, ...]
    averages_accepted: tuple[Differing, ...]
    hours: tuple[HoursRow, ...]
    also: tuple[tuple[str, str, Outcome, Outcome, Outcome], ...]

    @property
    def leaf(self) -> int:
        """Return the leaf of the published verdicts that it was worked out from."""
        return self.subject.published.leaf

    def as_record(self) -> dict[str, Any]:
        """Return it for programs: exact numbers as text."""
        named = self.subject.named
        three = {"reported": self.reported, "claimed": self.claimed, "accepted": self.accepted}
        return {
            "verdict": named.line(),
            "leaf": self.leaf,
            "receipt": self.subject.published.receipt.as_record(),
            "question": {name: one.question.en for name, one in three.items()},
            "periods": [{name: getattr(row, name).as_record() for name in three} for row in self.periods],
            "averages": {"claimed": self.averages_claimed, "accepted": self.averages_accepted},
            "hours": [{name: _hours_record(getattr(row, name)) for name in three} for row in self.hours],
            "also": [
                {"stream": stream, "requirement": requirement, **dict(zip(three, map(str, outcomes), strict=True))}
                for stream, requirement, *outcomes in self.also
            ],
        }


def _hours_record(one: HoursVerdict) -> dict[str, Any]:
    told = {"state": one.state, "bound": one.bound, "article": one.article, "outcome": str(one.outcome)}
    return told | {"hours": str(one.hours), "hours_may": str(one.hours_may), "allowed": one.allowed}


def as_record(found: Sides) -> dict[str, Any]:
    """Return the sides of a finding for programs."""
    return {
        "verdicts": [one.named.line() for one in found.subjects],
        "unknown": [one.line() for one in found.unknown],
        "claims": [
            {
                "number": one.number,
                "claim": one.claim.line(),
                "evidence": one.claim.evidence,
                "reply": one.word,
                "article": one.reply.article if one.reply is not None else "",
                "reason": one.reply.words if one.reply is not None else "",
            }
            for one in found.claims
        ],
        "compared": [one.as_record() for one in found.compared],
        "since": [one.as_record() for one in found.since],
    }


@dataclass(frozen=True, slots=True)
class Sides:
    """A finding, what was answered and replied, and what each verdict comes to.

    Parameters
    ----------
    subjects
        The verdicts that the finding names.
    unknown
        Those that it names and that the record does not have in this state.
    claims
        With what the authority says of each.
    compared
        None of them without claims.
    since
        The same on verdicts that were published since.
    """

    subjects: tuple[Subject, ...]
    unknown: tuple[Named, ...]
    claims: tuple[Replied, ...]
    compared: tuple[Compared, ...]
    since: tuple[Compared, ...]


def sides(record: Record, text: str, answer: str, reply: str, as_of: int | None = None) -> Sides:
    """Return the sides of a finding.

    Parameters
    ----------
    text, answer, reply
        Of the finding, of the operator, and of the authority: what the reader may see of each.
    as_of
        Tree size of the state that is read; without, the present one.
    """
    claims = answers.replied(answer, reply)
    found, unknown = subjects(record, text, as_of)
    if not claims:
        return Sides(found, unknown, claims, (), ())
    compared = tuple(_compared(record, one, claims) for one in found)
    since = tuple(_compared(record, one, claims) for one in _since(record, found, as_of))
    return Sides(found, unknown, claims, compared, since)


def of_publication(record: Record, published: Publication, as_of: int | None = None) -> Sides:
    """Return the sides of a finding as it became public."""
    answer = published.answer.text if published.answer is not None else ""
    said = published.reply.text if published.reply is not None else ""
    return sides(record, published.text, answer, f"{said}\n{published.reasons}", as_of)


def subjects(record: Record, text: str, as_of: int | None = None) -> tuple[tuple[Subject, ...], tuple[Named, ...]]:
    """Return the published verdicts that a text names, and the names of those that the record does not have."""
    found, unknown = [], []
    for one in answers.named(text):
        subject = _subject(record, one, one.leaf, as_of)
        if subject is None:
            unknown.append(one)
        else:
            found.append(subject)
    return tuple(found), tuple(unknown)


def _subject(record: Record, named: Named, leaf: int, as_of: int | None) -> Subject | None:
    if leaf >= (record.observations.size if as_of is None else as_of):
        return None
    try:
        view = stack_verdicts.view(record, named.site, named.year, leaf + 1)
        published = next(one for one in view.published if one.leaf == leaf and one.averages)
        asked = (named.stream, named.requirement)
        line = next(one for one in published.verdicts if (one["stream"], one["requirement"]) == asked)
        stream = streams.find(record, Stream, named.stream, published.receipt.tree_size)
    except (GoedeBuurError, StopIteration):
        return None
    return Subject(named, view, published, line, stream)


def _since(record: Record, found: Iterable[Subject], as_of: int | None) -> Iterator[Subject]:
    """Yield the verdicts that were published since, of those that are named."""
    newest = emission_results.newest(record, as_of)
    for one in found:
        leaf = newest.get(one.published.site, {}).get(one.named.year, one.named.leaf)
        again = _subject(record, one.named, leaf, as_of) if leaf > one.named.leaf else None
        if again is not None:
            yield again


def claimable(record: Record, subject: Subject) -> Claimable:
    """Return what can be claimed in a verdict: the states of its rules, or every state where no row names one."""
    key = ("claimable", subject.named, subject.published.leaf)
    return record.remembered(key, lambda: _claimable(record, subject))


def _claimable(record: Record, subject: Subject) -> Claimable:
    _verdict, requirement, shorts, book = _one(record, subject, ())
    regimes = dict.fromkeys((held.regime, held.first) for held in requirement.held if held.regime)
    rows = {row.state: row for name, day in regimes for row in book.of_regime(name, day)}
    states = set(rows) | {one.state for held in requirement.held for one in held.exemptions}
    frame = judge.frame_of(requirement, shorts, book)
    step = timedelta(seconds=int(frame["length"][0]) if frame is not None and frame.height else 1800)
    year = Period.year(subject.named.year, Clock.CET)
    bounds = Bounds(year.start, year.end, step, frozenset(states or OperatingState))
    return Claimable(bounds, tuple(rows.values()))


def _one(
    record: Record, subject: Subject, claims: tuple[Claim, ...]
) -> tuple[EmissionVerdict, Requirement, judge.Shorts, RegimeBook]:
    published = subject.published
    return emission_verdicts.one(
        record,
        published.site,
        published.year,
        subject.named.stream,
        subject.named.requirement,
        PublishedAverages(record, published.averages),
        as_of=published.receipt.tree_size,
        shown=_shown(published),
        claimed=claims,
    )


def _shown(published: PublishedYear) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in published.shown.items()}


def _compared(record: Record, subject: Subject, claims: tuple[Replied, ...]) -> Compared:
    every = tuple(one.claim for one in claims)
    held = tuple(one.claim for one in claims if one.word == Word.ACCEPTED)
    key = ("answer sides", subject.named, subject.published.leaf, every, held)
    return record.remembered(key, lambda: _compare(record, subject, every, held))


def _compare(record: Record, subject: Subject, every: tuple[Claim, ...], held: tuple[Claim, ...]) -> Compared:
    published = subject.published
    three = emission_claims.of_claims(
        record,
        published.site,
        published.year,
        PublishedAverages(record, published.averages),
        every,
        held,
        as_of=published.receipt.tree_size,
        shown=_shown(published),
        points=frozenset((subject.stream.emission_point, *(one.point for one in every))),
    )
    verdict, requirement, before, book = _one(record, subject, ())
    # of instruments that measured after each other the verdict has the name of the first
    asked = (verdict.stream, verdict.requirement)
    years = (three.as_reported, three.as_claimed, three.as_accepted)
    reported, as_claimed, accepted = (
        next(v for v in one.verdicts if (v.stream, v.requirement) == asked) for one in years
    )

    def taken(ones: tuple[Claim, ...]) -> tuple[Differing, ...]:
        after = _one(record, subject, ones)[2] if ones else before
        return differing.differing(requirement, before, after, published.year, book)

    hours = zip(*(one.hours for one in years), strict=True)
    claimed = taken(every)
    return Compared(
        subject,
        reported,
        as_claimed,
        accepted,
        _periods(reported, as_claimed, accepted),
        claimed,
        claimed if held == every else taken(held),
        tuple(HoursRow(stream, a, b, c) for (stream, a), (_, b), (_, c) in hours if stream == verdict.stream),
        tuple(one for one in three.changed() if one[:2] != asked and len(set(one[2:])) > 1),
    )


def _periods(reported: EmissionVerdict, claimed: EmissionVerdict, accepted: EmissionVerdict) -> tuple[PeriodRow, ...]:
    later = [{one.start: one for one in verdict.periods} for verdict in (claimed, accepted)]
    rows = [PeriodRow(reported.year.start, reported.year, claimed.year, accepted.year)]
    for one in reported.periods:
        row = PeriodRow(one.start, one, *(found.get(one.start, one) for found in later))
        if row.claimed != one or row.accepted != one:
            rows.append(row)
    return tuple(rows)
