"""Judge the averages of a year against one requirement: days, months, parts of the averages, and the year.

Everything that no text settles is taken both ways: the clock on which days are cut, of what a month is made, the
value and the cap that a text leaves open, a state that may not count, a value that is missing. What comes out the same
every way is a verdict; the rest is `UNDETERMINED`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

import polars as pl

from goedebuur.core.base.periods import POLARS_ZONE, Clock, Period
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import months, parts, wording
from goedebuur.core.compliance.emissions.days import day, dropped, grouped, of_valid_days, of_year, rolled
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome, agreed
from goedebuur.core.compliance.emissions.regimes import SECONDS, MonthOf, PartOf, Regime, RegimeBook
from goedebuur.core.compliance.emissions.requirements import MASS_FLOW, Requirement, Shown
from goedebuur.core.compliance.emissions.slots import Scale, Slots, mass_above_range, slots
from goedebuur.core.emissions.tables import MICROGRAM_IN_KG
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.precedence import NOTHING

ALL_CLOCKS: Final = (Clock.CET, Clock.LOCAL)
ALL_MONTHS: Final = tuple(MonthOf)


@dataclass(frozen=True, slots=True)
class Shorts:
    """The short averages of one stream, or of several that measured after each other, by length and reference.

    Parameters
    ----------
    frames
        (length in seconds, key of the reference conditions) → rows in the form of `tables.SHORT`, sorted.
    stream
        The first of them.
    shown
        Uncertainty that was shown of the instrument, or of each. [mg/Nm³]
    beyond
        Length → starts of short averages in a state that lasted longer than allowed.
    doubt
        What must be answered before these averages decide anything; empty where the settings that they were made with
        are confirmed.
    """

    stream: str
    frames: Mapping[tuple[int, str], pl.DataFrame]
    shown: Shown = None
    beyond: Mapping[int, pl.Series] | None = None
    doubt: Text = NOTHING

    @property
    def unshown(self) -> bool:
        """Return whether nothing was shown of an instrument."""
        return None in self.shown.values() if isinstance(self.shown, Mapping) else self.shown is None

    def of(self, length: int, reference: str) -> pl.DataFrame | None:
        """Return the averages of a length at reference conditions; None without.

        Where the plant is corrected only above its reference oxygen, its averages stand under that name.
        """
        found = self.frames.get((length, reference))
        return found if found is not None else self.frames.get((length, f"{reference} only-above"))


@dataclass(frozen=True, slots=True)
class _Reads:
    """The ways to read the rules: on which clocks, of what a month or a part is made, and when a day drops out."""

    clocks: tuple[Clock, ...]
    month_of: tuple[MonthOf, ...]
    part_of: tuple[PartOf, ...]
    most: int | None


_Told = tuple[PeriodOutcome, list[PeriodOutcome]]
"""What is said of the year, and of its parts."""


def judge(
    requirement: Requirement, shorts: Shorts, year: int, book: RegimeBook, cut: Sequence[Slots] | None = None
) -> EmissionVerdict:
    """Return what a year of averages comes to against a requirement.

    Parameters
    ----------
    cut
        What :func:`cuts` gives for the same; None to make it here.
    """
    step, reads, invalid = _reads(requirement, book)
    frame = None if step is None else _frame(shorts, requirement, step)
    periods: list[PeriodOutcome] = []
    if not requirement.held:
        whole = PeriodOutcome(Averaging.YEAR, str(year), Outcome.UNDETERMINED, "limit-open")
    elif requirement.key.averaging is Averaging.NOT_STATED:
        whole = PeriodOutcome(Averaging.YEAR, str(year), Outcome.UNDETERMINED, "averaging-open")
    elif step is None:
        whole = PeriodOutcome(Averaging.YEAR, str(year), Outcome.UNDETERMINED, "regime-open")
    elif frame is None:
        whole = PeriodOutcome(Averaging.YEAR, str(year), Outcome.UNDETERMINED, "no-averages")
    else:
        found = cuts(requirement, shorts, year, book) if cut is None else cut
        ways = [_Cut(requirement, year, one.frame, one.scale) for one in found]
        told = [one for way in ways for one in _read(way, reads)]
        whole = agreed([one[0] for one in told])
        periods = [agreed(list(same)) for same in zip(*(one[1] for one in told), strict=True)]
        whole, periods = _from_a_load(requirement, frame, year, whole, periods)
        if shorts.doubt:
            whole, periods = _undecided(whole), [_undecided(one) for one in periods]
    return EmissionVerdict(
        stream=shorts.stream,
        requirement=requirement.name,
        substance=requirement.key.substance,
        averaging=requirement.key.averaging,
        share=str(requirement.key.share),
        floor=requirement.floor,
        alternative=requirement.alternative,
        sources=tuple(dict.fromkeys(one.source for one in requirement.held)),
        articles=tuple(dict.fromkeys(one.article for one in requirement.held)),
        year=whole,
        periods=tuple(periods),
        question=_question(whole, periods, requirement, shorts, invalid),
        over=str(requirement.key.over or ""),
        during=str(requirement.key.during or ""),
        unit=requirement.unit,
        layers=requirement.layers,
    )


def frame_of(requirement: Requirement, shorts: Shorts, book: RegimeBook) -> pl.DataFrame | None:
    """Return the short averages by which a requirement is judged; None where they are not there."""
    step = _reads(requirement, book)[0]
    return None if step is None else _frame(shorts, requirement, step)


def clocks_of(requirement: Requirement, book: RegimeBook) -> tuple[Clock, ...]:
    """Return the clocks on which the days of a requirement are cut."""
    return _reads(requirement, book)[1].clocks


def _reads(requirement: Requirement, book: RegimeBook) -> tuple[Averaging | None, _Reads, Regime | None]:
    """Return of which short average everything is made, the ways to read the rules, and the regime; None: not one."""
    names = {one.regime for one in requirement.held}
    first = requirement.held[0].first if requirement.held else None
    regime = book.named(names.pop(), first) if len(names) == 1 and first is not None else None
    averaging = requirement.key.averaging
    step = averaging if averaging in SECONDS else regime.step if regime is not None else None
    clocks = regime.clocks if regime is not None else ALL_CLOCKS
    months = regime.month_of if regime is not None else ALL_MONTHS
    if averaging not in (Averaging.MONTH, Averaging.YEAR):
        months = months[:1]
    part_of = regime.part_of if regime is not None else (PartOf.SHORT,)
    most = regime.discarded_most if regime is not None else None
    return step, _Reads(clocks, months, part_of, most), regime


def _frame(shorts: Shorts, requirement: Requirement, step: Averaging) -> pl.DataFrame | None:
    """Return the averages that a requirement is about; None where they are not there, or of several gases."""
    if requirement.key.dimension == MASS_FLOW:  # a mass is the same in every gas
        return next((one for (length, _), one in shorts.frames.items() if length == SECONDS[step]), None)
    references = requirement.references
    return shorts.of(SECONDS[step], next(iter(references))) if len(references) == 1 else None


def _from_a_load(
    requirement: Requirement, frame: pl.DataFrame, year: int, whole: PeriodOutcome, periods: list[PeriodOutcome]
) -> tuple[PeriodOutcome, list[PeriodOutcome]]:
    """Return the outcomes of a limit that counts from a load in a year: open where the load is not known.

    Where the limit was met it does not matter whether it counts.

    References
    ----------
    Bal 5.30: limits above a lower bound on the emission of a point in a year
    """
    bounds = {one.above for one in requirement.held if one.above is not None}
    if not bounds:
        return whole, periods
    inside = frame.filter(pl.col("start").dt.convert_time_zone(POLARS_ZONE[Clock.CET]).dt.year() == year)
    load = Fraction(int(inside["mass"].sum()), MICROGRAM_IN_KG)
    idle = (pl.col("state") == "out_of_service") & pl.col("mass").is_null()
    covered = inside.filter(pl.col("mass").is_not_null() | idle)["length"].sum()
    complete = covered >= Period.year(year, Clock.CET).steps(timedelta(seconds=1))
    if len(bounds) == 1 and all(one.above is not None for one in requirement.held):
        bound = bounds.pop()
        if load > bound:
            return whole, periods
        if complete and load < bound and inside.filter(mass_above_range()).is_empty():
            return _below(whole), [_below(one) for one in periods]
    return _unless_met(whole), [_unless_met(one) for one in periods]


def _undecided(one: PeriodOutcome) -> PeriodOutcome:
    firm = one.outcome in (Outcome.MEETS, Outcome.EXCEEDS)
    return replace(one, outcome=Outcome.UNDETERMINED, code="settings-open") if firm else one


def _below(one: PeriodOutcome) -> PeriodOutcome:
    return replace(one, outcome=Outcome.NOT_JUDGED, code="below-load")


def _unless_met(one: PeriodOutcome) -> PeriodOutcome:
    if one.outcome is Outcome.EXCEEDS:
        return replace(one, outcome=Outcome.UNDETERMINED, code="load-open")
    return one


@dataclass(frozen=True, slots=True)
class _Cut:
    """A year of short averages for a requirement, cut by one clock."""

    requirement: Requirement
    year: int
    frame: pl.DataFrame
    scale: Scale


def cuts(requirement: Requirement, shorts: Shorts, year: int, book: RegimeBook) -> tuple[Slots, ...]:
    """Return the short averages of a year for a requirement, on each clock on which days may be cut; () without any."""
    frame = frame_of(requirement, shorts, book)
    if frame is None or not requirement.held:
        return ()
    beyond = (shorts.beyond or {}).get(int(frame["length"][0]))
    found: list[Slots] = []
    for clock in clocks_of(requirement, book):
        if found and requirement.uniform(year):
            found.append(found[0].cut(clock))  # nothing but the days depends on the clock
        else:
            found.append(slots(frame, requirement, year, clock, book, shown=shorts.shown, beyond=beyond))
    return tuple(found)


def _read(cut: _Cut, reads: _Reads) -> list[_Told]:
    """Return what each reading of the rules gives on one clock."""
    key, year = cut.requirement.key, cut.year
    if key.averaging in SECONDS:
        return [_part(cut, part_of, reads.most) for part_of in _shares(cut.requirement, reads)]
    days = grouped(cut.frame, ["day"])
    if key.averaging is Averaging.DAY:
        outcomes = [day(row, reads.most, cut.scale) for row in days]
        return [(of_year(Fraction(key.share), outcomes, year), outcomes)]
    column = parts.COLUMN[key.averaging]
    found: list[_Told] = []
    for month_of in reads.month_of:
        told = months.judge(cut.frame, cut.scale, days, column, month_of, reads.most)
        if key.averaging is Averaging.YEAR:
            found.append((told[0], []))
        else:
            found.append((rolled(told, Averaging.YEAR, str(year), "month-above", "months-not-above"), told))
    return found


def _shares(requirement: Requirement, reads: _Reads) -> tuple[PartOf, ...]:
    """Return of what a part is counted; a day that drops out says something of the parts of a year alone."""
    share, part = parts.share_of(requirement)
    return reads.part_of if share < 100 and part is Averaging.YEAR else (PartOf.SHORT,)


def _part(cut: _Cut, part_of: PartOf, most: int | None) -> _Told:
    frame = cut.frame
    if part_of is PartOf.SHORT_OF_VALID_DAYS:
        frame = of_valid_days(frame, *dropped(grouped(frame, ["day"]), most))
    return parts.judge(cut.requirement, frame, cut.year)


_ASKS: Final[dict[str, Callable[[Requirement, Shorts, Regime | None], Text]]] = {
    "limit-open": lambda requirement, _shorts, _regime: requirement.open[0].question if requirement.open else Text(),
    "averaging-open": lambda _requirement, _shorts, _regime: wording.AVERAGING,
    "limit-changed": lambda _requirement, _shorts, _regime: wording.CHANGED,
    "meets-or-drops": lambda _requirement, _shorts, regime: regime.question if regime is not None else Text(),
    "exceeds-or-drops": lambda _requirement, _shorts, regime: regime.question if regime is not None else Text(),
    "load-open": lambda _requirement, _shorts, _regime: wording.LOAD,
    "state-open": lambda _requirement, _shorts, _regime: wording.STATE,
    "readings-differ": lambda _requirement, _shorts, regime: regime.question if regime is not None else Text(),
    "regime-open": lambda requirement, _shorts, _regime: next((o.question for o in requirement.open), wording.REGIME),
    "no-averages": lambda requirement, _shorts, _regime: next((o.question for o in requirement.open), Text()),
}


def _question(
    whole: PeriodOutcome,
    periods: Sequence[PeriodOutcome],
    requirement: Requirement,
    shorts: Shorts,
    regime: Regime | None,
) -> Text:
    """Return what a person must answer before there is a verdict; nothing where data alone are missing."""
    if whole.outcome is not Outcome.UNDETERMINED:
        return Text()
    code = whole.code
    if code == "part-open":
        codes = [one.code for one in periods if one.outcome is Outcome.UNDETERMINED]
        code = max(set(codes), key=codes.count, default=code)
    if shorts.doubt:
        return shorts.doubt
    if code == "uncertainty-open":
        asked = next((one.question for one in requirement.held if one.question), Text())
        return asked or (wording.SHOWN if shorts.unshown else Text())
    asks = _ASKS.get(code)
    return asks(requirement, shorts, regime) if asks is not None else Text()
