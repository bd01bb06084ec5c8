"""What a year of averages at the stacks of a site comes to: gather limits and averages, decide, record the result.

Limits come from the permit record by day, averages from the chain as tables of the form `core/emissions/tables.SHORT`:
who calls says how they are read (:class:`Averages`). Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.base.receipts import Receipt
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import alternatives, budgets, claims, coming, headroom, judge, operating
from goedebuur.core.compliance.emissions.budgets import DaysVerdict
from goedebuur.core.compliance.emissions.claims import Claim
from goedebuur.core.compliance.emissions.formed import Formed
from goedebuur.core.compliance.emissions.formed import of as averages_formed
from goedebuur.core.compliance.emissions.judge import Shorts
from goedebuur.core.compliance.emissions.operating import HoursVerdict
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.regimes import SECONDS, HoursOf, RegimeBook, StateRow
from goedebuur.core.compliance.emissions.requirements import TOXIC, Requirement
from goedebuur.core.emissions.streams import Stream, in_turn
from goedebuur.core.permits.limits import Averaging
from goedebuur.services import emission_loads, emission_places, periodic_verdicts, rule_record, streams
from goedebuur.services.assessment import receipt_of
from goedebuur.services.emission_files import Averages
from goedebuur.services.emission_loads import LoadVerdict
from goedebuur.services.emission_places import Place
from goedebuur.services.periodic_verdicts import ReportVerdict

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

NO_REQUIREMENT: Final = declare("emission-unknown", "There is no verdict of that stream and requirement.")


Told = TypeVar("Told", DaysVerdict, HoursVerdict)
OF_SAMPLES: Final = (Averaging.SPOT, Averaging.SAMPLING_PERIOD)
"""What is for a laboratory: no average of a stream stands for it."""


@dataclass(frozen=True, slots=True)
class SiteYear:
    """All verdicts of a year at the stacks of a site, and what they were made of."""

    site: str
    year: int
    verdicts: tuple[EmissionVerdict, ...]
    alternatives: Mapping[tuple[str, str, bool], PeriodOutcome]
    """(stream, set of alternatives, floor) → what it comes to."""
    hours: tuple[tuple[str, HoursVerdict], ...]
    """(stream, verdict)."""
    days: tuple[DaysVerdict, ...]
    loads: tuple[LoadVerdict, ...]
    unmeasured: tuple[str, ...]
    """Requirements of substances that no stream at their place measures."""
    receipt: Receipt
    inputs: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    rooms: Mapping[tuple[str, str], headroom.Room] = field(default_factory=dict)
    """(stream, requirement) → the least room that its limit leaves; none where nothing counts."""
    formed: Mapping[tuple[str, str], Formed] = field(default_factory=dict)
    """(stream, requirement) → what was measured beside its limit; none where nothing counts."""
    to_come: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(stream, requirement) → how many of what is missing in its year had not happened yet; none where none."""
    shown: Mapping[str, Fraction] = field(default_factory=dict)
    """Stream → the uncertainty that was shown of its instrument. [mg/Nm³]"""
    periodic: tuple[ReportVerdict, ...] = ()
    """What the reports of bureaus of the year come to."""


def assess(
    record: Record,
    site: str,
    year: int,
    averages: Averages,
    *,
    as_of: int | None = None,
    shown: Mapping[str, Fraction] | None = None,
    claimed: Sequence[Claim] = (),
    points: frozenset[str] | None = None,
    at: datetime | None = None,
) -> SiteYear:
    """Return the verdicts of a year at the stacks of a site.

    Parameters
    ----------
    averages
        Where the short averages come from; they must be of the same tree size.
    as_of
        Tree size whose limits, streams and rules are used; without, what holds now.
    shown
        Stream → the uncertainty that was shown of its instrument. [mg/Nm³]
    claimed
        States of the plant to judge by instead of those that it reported.
    points
        Emission points whose streams are judged, and nothing beside them; None: all of the site.
    at
        When this is judged: what had not happened yet is counted apart; None counts nothing apart.

    Raises
    ------
    GoedeBuurError
        `site-unknown`; `stack-unknown` for the uncertainty of a stream that is not there; `rules-table` where recorded
        tables cannot be read.
    """
    for name in shown or {}:
        streams.find(record, Stream, name, as_of)
    regimes_at = rule_record.regime_book_at(record, as_of)
    book = regimes_at.book
    found = _Found(year, book, at)
    for place in emission_places.places(record, site, year, as_of):
        for group, wanted in _told_of(place, year):
            stream = group.lead
            if points is not None and stream.emission_point not in points:
                continue
            shorts = _shorts(record, group, year, averages, book, wanted, shown or {}, claimed, as_of)
            found.judge(group, wanted, shorts)
        found.unmeasured += [
            f"{place.spot.emission_point or place.spot.installation or site}/{one.name}"
            for one in place.requirements
            if not one.floor and not any(_tells(stream, one) for stream in place.streams)
        ]
    reports = periodic_verdicts.of_year(record, site, year, as_of) if points is None else ()
    reported = {f"{one.report.report.emission_point}/{one.requirement}" for one in reports}
    size = record.observations.size if as_of is None else as_of
    inputs = tuple(sorted(set(averages.inputs())))
    return SiteYear(
        site,
        year,
        tuple(found.verdicts),
        found.alternatives,
        tuple(found.hours),
        tuple(found.days),
        emission_loads.of_site(record, site, year, averages, as_of) if points is None else (),
        tuple(sorted(set(found.unmeasured) - reported)) if points is None else (),
        receipt_of(record, size, inputs, regimes_at),
        inputs,
        tuple(claimed),
        found.rooms,
        found.formed,
        found.to_come,
        {one: (shown or {})[one] for one in sorted(found.streams) if one in (shown or {})},
        reports,
    )


@dataclass
class _Found:
    """What was found so far."""

    year: int
    book: RegimeBook
    at: datetime | None
    verdicts: list[EmissionVerdict] = field(default_factory=list)
    alternatives: dict[tuple[str, str, bool], PeriodOutcome] = field(default_factory=dict)
    hours: list[tuple[str, HoursVerdict]] = field(default_factory=list)
    days: list[DaysVerdict] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)
    rooms: dict[tuple[str, str], headroom.Room] = field(default_factory=dict)
    formed: dict[tuple[str, str], Formed] = field(default_factory=dict)
    to_come: dict[tuple[str, str], int] = field(default_factory=dict)
    streams: set[str] = field(default_factory=set)

    def judge(self, group: InTurn, wanted: Sequence[Requirement], shorts: judge.Shorts) -> None:
        """Add what the streams of a group come to against all that they must meet."""
        stream = group.lead
        own = [self._one(stream, one, shorts) for one in wanted]
        self.verdicts += own
        self.streams |= {one.id for one in group.streams}
        for (name, floor), outcome in alternatives.judge(own).items():
            self.alternatives[stream.id, name, floor] = outcome
        for requirement, verdict in zip(wanted, own, strict=True):
            regime = (
                self.book.named(requirement.held[0].regime, requirement.held[0].first) if requirement.held else None
            )
            if verdict.averaging is Averaging.DAY and regime is not None and not requirement.floor:
                told = budgets.invalid_days(verdict, regime)
                self.days += [_settled(told, shorts.doubt)] if told is not None else []
        for row in _rows(wanted, self.book):
            frame = _any_frame(shorts)
            if frame is not None:
                only = row.hours_of is HoursOf.EXCEEDING
                above = _exceeding(wanted, shorts, self.year, self.book, _step(frame)) if only else ()
                found = operating.verdicts(frame, row, self.year, above)
                self.hours += [(stream.id, _settled(one, shorts.doubt)) for one in found]

    def _one(self, stream: Stream, wanted: Requirement, shorts: Shorts) -> EmissionVerdict:
        """Return one verdict, and keep the room that is left and what was measured beside it."""
        cuts = judge.cuts(wanted, shorts, self.year, self.book)
        verdict = judge.judge(wanted, shorts, self.year, self.book, cuts)
        room = headroom.least(verdict, wanted, cuts)
        if room is not None:
            self.rooms[stream.id, verdict.requirement] = room
        measured = averages_formed(verdict, cuts)
        if measured is not None:
            self.formed[stream.id, verdict.requirement] = measured
        ahead = coming.of_year(verdict, cuts, self.at) if self.at is not None else 0
        if ahead:
            self.to_come[stream.id, verdict.requirement] = ahead
        return verdict


def _settled(one: Told, doubt: Text) -> Told:
    """Return what days or hours come to; open where the averages were made with settings that are not settled."""
    firm = one.outcome in (Outcome.MEETS, Outcome.EXCEEDS)
    return replace(one, outcome=Outcome.UNDETERMINED, code="settings-open") if doubt and firm else one


def _rows(wanted: Iterable[Requirement], book: RegimeBook) -> tuple[StateRow, ...]:
    """Return the rows of states with bounds on their hours, of the regimes that bind the operator."""
    named = {(held.regime, held.first) for one in wanted if not one.floor for held in one.held if held.regime}
    rows = {row.id: row for name, day in named for row in book.of_regime(name, day)}
    return tuple(row for row in rows.values() if row.run_hours is not None or row.period_hours is not None)


def _any_frame(shorts: judge.Shorts) -> pl.DataFrame | None:
    return next(iter(shorts.frames.values()), None)


def _step(frame: pl.DataFrame) -> timedelta:
    return timedelta(seconds=int(frame["length"][0]) if frame.height else 1800)


def _exceeding(
    wanted: Sequence[Requirement], shorts: judge.Shorts, year: int, book: RegimeBook, step: timedelta
) -> list[datetime]:
    """Return the starts of the steps in short averages that are above a limit on their own average, state aside.

    For certain alone. The hours are counted in the shortest averages of a stream, of which several make one that a
    limit is on.
    """
    from goedebuur.core.compliance.emissions.slots import slots

    found: set[datetime] = set()
    for one in wanted:
        if one.floor or one.key.averaging not in SECONDS or not one.held:
            continue
        frame = judge.frame_of(one, shorts, book)
        if frame is not None:
            normal = frame.with_columns(state=_normal())
            told = slots(normal, one, year, Clock.CET, book, shown=shorts.shown).frame
            above = told.filter(told["under"] > 0).select("start", "length")
            found |= {
                start + n * step
                for start, length in above.iter_rows()
                for n in range(timedelta(seconds=length) // step)
            }
    return sorted(found)


def _normal() -> Any:
    import polars as pl

    return pl.lit("normal")


@dataclass(frozen=True, slots=True)
class InTurn:
    """The streams that measured one substance at one point after each other, in a year and the year before.

    A limit is on the point and not on an instrument: where one took the place of another, their averages are judged
    together, under the name of the first that was in use in the year.
    """

    lead: Stream
    streams: tuple[Stream, ...]


def _told_of(place: Place, year: int) -> Iterator[tuple[InTurn, list[Requirement]]]:
    """Yield the streams of a place with the requirements that each tells of; what tells of none is left out."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    for group in in_turn(place.streams):
        of_year = [one for one in group if one.in_use(first, last)]
        lead = of_year[0] if of_year else group[-1]
        wanted = [one for one in place.requirements if _tells(lead, one)]
        if wanted:
            there = tuple(one for one in group if one is lead or one.in_use(date(year - 1, 1, 1), last))
            yield InTurn(lead, there), wanted


def _tells(stream: Stream, requirement: Requirement) -> bool:
    """Return whether the short averages of a stream are what a requirement is about."""
    key = requirement.key
    return key.substance == _substance(stream) and key.dimension != TOXIC and key.averaging not in OF_SAMPLES


def _substance(stream: Stream) -> str:
    return stream.substance.id if stream.substance is not None else ""


def _shorts(
    record: Record,
    group: InTurn,
    year: int,
    averages: Averages,
    book: RegimeBook,
    wanted: Sequence[Requirement],
    shown: Mapping[str, Fraction],
    claimed: Sequence[Claim],
    as_of: int | None,
) -> judge.Shorts:
    import polars as pl

    stream = group.lead
    short = pl.concat([averages.short(one, year) for one in group.streams])
    mine = [one for one in claimed if one.point == stream.emission_point]
    short = claims.applied(short, mine) if mine else short
    keys = short.select("length", "reference").unique().sort("length", "reference").rows()
    frames = {
        (length, reference): short.filter((pl.col("length") == length) & (pl.col("reference") == reference)).sort(
            "start"
        )
        for length, reference in keys
    }
    rows = _rows(wanted, book)
    doubt = streams.doubt(record, stream.site, stream.emission_point, year, as_of)
    beyond = {length: operating.beyond(frame, rows) for (length, _), frame in frames.items()} if rows else None
    own = {one.id: shown.get(one.id) for one in group.streams}
    told = own if len(set(own.values())) > 1 else own[stream.id]
    return judge.Shorts(stream.id, frames, told, beyond, doubt)


def one(
    record: Record,
    site: str,
    year: int,
    stream: str,
    requirement: str,
    averages: Averages,
    *,
    as_of: int | None = None,
    shown: Mapping[str, Fraction] | None = None,
    claimed: Sequence[Claim] = (),
) -> tuple[EmissionVerdict, Requirement, judge.Shorts, RegimeBook]:
    """Return one verdict with all that it was made of, for an explanation.

    Raises
    ------
    GoedeBuurError
        `emission-unknown`, `site-unknown`.
    """
    book = rule_record.regime_book_at(record, as_of).book
    for place in emission_places.places(record, site, year, as_of):
        for group, wanted in _told_of(place, year):
            asked = next((each for each in wanted if each.name == requirement), None)
            if asked is not None and any(told.id == stream for told in group.streams):
                shorts = _shorts(record, group, year, averages, book, wanted, shown or {}, claimed, as_of)
                return judge.judge(asked, shorts, year, book), asked, shorts, book
    raise GoedeBuurError(
        NO_REQUIREMENT,
        "There is no verdict of that stream and requirement.",
        value=f"{stream} {requirement}",
        hint="`goedebuur stack verdicts SITE YEAR` lists them.",
    )


def gathered(
    record: Record,
    site: str,
    year: int,
    averages: Averages,
    *,
    as_of: int | None = None,
    shown: Mapping[str, Fraction] | None = None,
) -> Iterator[tuple[Requirement, judge.Shorts]]:
    """Yield every requirement that a stream of a site tells of, with the averages that it is held to; nothing judged.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    book = rule_record.regime_book_at(record, as_of).book
    for place in emission_places.places(record, site, year, as_of):
        for group, wanted in _told_of(place, year):
            shorts = _shorts(record, group, year, averages, book, wanted, shown or {}, (), as_of)
            for requirement in wanted:
                yield requirement, shorts


def span(year: int) -> Period:
    """Return the time of which averages are needed for a year: twelve months before it as well."""
    return Period(Period.year(year - 1, Clock.CET).start, Period.year(year, Clock.CET).end)
