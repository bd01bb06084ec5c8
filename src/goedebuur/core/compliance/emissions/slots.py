"""Which short averages count for a limit, and what is left of each after the uncertainty: one row a short average.

The calendar of the year comes first, so that a short average that was never delivered has a row as well. What may or
may not count (a state that is not known, a state of which no row decides) is kept apart: a verdict must be the same
with and without it.

References
----------
Directive 2010/75/EU annex V parts 3-4, annex VI parts 6 and 8; Bal 4.44-4.52, 4.88-4.93, 5.35-5.37
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Final

import polars as pl

from goedebuur.core.base.periods import POLARS_ZONE, Clock, Period
from goedebuur.core.compliance.emissions.regimes import Effect, RegimeBook, effect_of
from goedebuur.core.compliance.emissions.requirements import MASS_FLOW, Held, Requirement, Shown
from goedebuur.core.emissions.tables import Lost
from goedebuur.core.permits.limits import OperatingState

MICRO: Final = 10**6
MONTH: Final = pl.col("day").dt.strftime("%Y-%m")
DISCARDING: Final = Lost.MAINTENANCE | Lost.MALFUNCTION | Lost.CALIBRATING
"""By what the law lets a value drop out: malfunction or maintenance of the measuring system (IED VI part 8)."""
BESIDE: Final = DISCARDING | Lost.TOO_FEW | Lost.BEYOND_FUNCTION | Lost.SUBSTITUTED | Lost.FLOW_OUTSIDE_RANGE
"""What may be said of a value beside that: with anything else it is not known why there is none."""
MASS_ABOVE_RANGE: Final = Lost.OUTSIDE_RANGE | Lost.FLOW_OUTSIDE_RANGE
"""With either a mass is so much, or more."""
ABOVE_RANGE: Final = pl.col("lost").fill_null(0).and_(int(Lost.OUTSIDE_RANGE)) != 0
"""Short averages with raw values above what the instrument can measure."""
AT_LEAST: Final = ABOVE_RANGE & pl.col("high").is_not_null()
"""Those that have a value: they are this high, or higher by any amount."""
HOUR: Final = 3600
"""From micrograms in so many seconds to 10⁻⁶ g/h. [s]"""
LARGEST: Final = 2**62
"""Largest sum of scaled values that is taken: integers of 64 bits hold it."""


class Class(StrEnum):
    """What a short average is for a limit."""

    COUNTED = "counted"
    MAY = "may"
    """It has a value, and it is not known whether it counts."""
    MISSING = "missing"
    """It counts or may count, and its value is not known."""
    DISCARDED = "discarded"
    """It drops out by malfunction or maintenance of the measuring system."""
    DISCARDED_MAY = "discarded_may"
    """The same, in a state that may not count."""
    EXEMPT = "exempt"
    OUT_OF_SERVICE = "out_of_service"
    OPEN = "open"
    """It is not known which limit binds."""
    NO_LIMIT = "no_limit"


@dataclass(frozen=True, slots=True)
class Scale:
    """By what values and limits are multiplied, so that both are whole numbers: 10⁻⁶ mg/Nm³ times `by`."""

    by: int

    def up(self, value: Fraction) -> int:
        """Return a value of mg/Nm³ in whole units of the scale."""
        scaled = value * MICRO * self.by
        if scaled.denominator != 1:
            raise ValueError(f"{value} does not fit the scale {self.by}")
        return int(scaled)

    def down(self, value: int, n: int = 1) -> Fraction:
        """Return a sum of n values as their mean. [mg/Nm³]"""
        return Fraction(value, n * MICRO * self.by)


def scale_of(values: Iterable[Fraction]) -> Scale:
    """Return the smallest scale in which values are whole.

    >>> scale_of([Fraction(1, 2), Fraction("0.0000001")]).by
    10
    """
    return Scale(lcm(*((value * MICRO).denominator for value in values)))


@dataclass(frozen=True, slots=True)
class Slots:
    """The short averages of a year for one limit on one clock, with the scale of their numbers.

    `frame` has: start, length, day, month, year (of the clock), stream (null where nothing came in), raw, calibrated,
    standard [10⁻⁶ mg/Nm³], state, lost, held (number of the limit in the requirement, null for none), cls, high, low
    (value after the least and the most that is taken off), limit_low, limit_high (all four in the scale), over, under
    (value less limit, by the strictest and by the mildest reading).
    """

    frame: pl.DataFrame
    scale: Scale

    def cut(self, clock: Clock) -> Slots:
        """Return the same on another clock, for a limit that holds all year."""
        day = pl.col("start").dt.convert_time_zone(POLARS_ZONE[clock]).dt.date()
        return Slots(self.frame.with_columns(day=day).with_columns(month=MONTH), self.scale)


def mass_above_range() -> pl.Expr:
    """Return whether the mass of a short average is so much, or more."""
    return pl.col("lost").fill_null(0).and_(int(MASS_ABOVE_RANGE)) != 0


def days_of(year: int) -> list[date]:
    """Return the days of a calendar year."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def slots(
    short: pl.DataFrame,
    requirement: Requirement,
    year: int,
    clock: Clock,
    book: RegimeBook,
    *,
    shown: Shown = None,
    beyond: pl.Series | None = None,
) -> Slots:
    """Return the short averages of a year for one limit.

    Parameters
    ----------
    short
        Rows of one reference and length, in the form of `core/emissions/tables.SHORT`; of one stream, or of several
        that measured after each other.
    shown
        Uncertainty that was shown of the instrument, or of each. [mg/Nm³] None: not known. Of a mass flow it says
        nothing.
    beyond
        Starts of short averages in a state that lasted longer than the rules allow: they may count.
    """
    own = {name: requirement.shown(shown, name) for name in short["stream"].unique()}
    scale = scale_of([one for value in (own.values() or [None]) for one in _numbers(requirement, value)])
    zone = POLARS_ZONE[clock]
    period = Period.year(year, clock)
    length = int(short["length"][0]) if short.height else 1800
    calendar = pl.DataFrame(
        {
            "start": pl.datetime_range(
                period.start, period.end, timedelta(seconds=length), closed="left", time_unit="us", eager=True
            )
        }
    )
    named = ["stream", "raw", "calibrated", "standard", "lost", "state", "valid"]
    if requirement.key.dimension == MASS_FLOW:
        above = pl.when(mass_above_range()).then(int(Lost.OUTSIDE_RANGE)).otherwise(0)
        short = short.with_columns(standard=pl.col("mass") * (HOUR // length), lost=pl.col("lost") | above)
    if short["start"].n_unique() != short.height:
        raise ValueError("two short averages of one stream begin at the same time")
    frame = calendar.join(short.select("start", *named), on="start", how="left", maintain_order="left")
    local = pl.col("start").dt.convert_time_zone(zone)
    frame = frame.with_columns(day=local.dt.date(), length=pl.lit(length, pl.Int32))
    frame = frame.join(_days(requirement, year), on="day", how="left", maintain_order="left")
    frame = frame.join(_limits(requirement, scale), on="held", how="left", maintain_order="left")
    taken = _taken(requirement, own, scale)
    frame = frame.join(taken, on=["held", "stream"], how="left", maintain_order="left")
    frame = frame.with_columns(state=pl.col("state").fill_null("unknown"), lost=pl.col("lost").fill_null(0))
    frame = frame.join(_effects(requirement, book), on=["held", "state"], how="left", maintain_order="left")
    if beyond is not None and beyond.len():
        exceeded = pl.col("start").is_in(beyond.implode()) & (pl.col("effect") == Effect.EXEMPT)
        frame = frame.with_columns(effect=pl.when(exceeded).then(pl.lit(str(Effect.MAY))).otherwise("effect"))
    frame = frame.with_columns(cls=_class())
    _refuse_too_large(frame, scale)
    value = pl.col("standard") * scale.by
    frame = frame.with_columns(
        high=pl.max_horizontal(value - pl.col("taken_low"), pl.lit(0, pl.Int64)),
        low=pl.when(pl.col("taken_high").is_null())
        .then(pl.lit(0, pl.Int64))
        .otherwise(pl.max_horizontal(value - pl.col("taken_high"), pl.lit(0, pl.Int64))),
    )
    has_value = pl.col("standard").is_not_null() & pl.col("cls").is_in([Class.COUNTED, Class.MAY])
    frame = frame.with_columns(
        high=pl.when(has_value).then("high"),
        low=pl.when(has_value).then("low"),
        month=MONTH,
        year=pl.lit(str(year)),
    ).with_columns(over=pl.col("high") - pl.col("limit_low"), under=pl.col("low") - pl.col("limit_high"))
    return Slots(frame.drop("valid", "open", "effect"), scale)


def _numbers(requirement: Requirement, shown: Fraction | None) -> list[Fraction]:
    found = [Fraction(0)]
    for one in requirement.held:
        least, most = one.taken(shown)
        found += [one.low, one.high, least, most if most is not None else Fraction(0)]
    return found


def _refuse_too_large(frame: pl.DataFrame, scale: Scale) -> None:
    found = frame.select(
        pl.max_horizontal(
            pl.col("standard").abs().max().fill_null(0),
            pl.col("limit_high").max().fill_null(0) // scale.by,
        )
    ).item()
    if found * scale.by * max(frame.height, 1) > LARGEST:
        raise ValueError("these values are too large to be added up exactly")


def _limits(requirement: Requirement, scale: Scale) -> pl.DataFrame:
    rows = [(number, scale.up(one.low), scale.up(one.high)) for number, one in enumerate(requirement.held)]
    names = ("limit_low", "limit_high")
    return pl.DataFrame(rows, {"held": pl.Int32(), **dict.fromkeys(names, pl.Int64())}, orient="row")


def _taken(requirement: Requirement, shown: Mapping[str, Fraction | None], scale: Scale) -> pl.DataFrame:
    """Return what is taken off the values of each stream, by limit."""
    rows = []
    for number, one in enumerate(requirement.held):
        for name, value in shown.items():
            least, most = one.taken(value)
            rows.append((number, name, scale.up(least), None if most is None else scale.up(most)))
    names = ("taken_low", "taken_high")
    kinds = {"held": pl.Int32(), "stream": pl.String(), **dict.fromkeys(names, pl.Int64())}
    return pl.DataFrame(rows, kinds, orient="row")


def _days(requirement: Requirement, year: int) -> pl.DataFrame:
    days = days_of(year)
    held: list[int | None] = [None] * len(days)
    open_ = [False] * len(days)
    for number, one in enumerate(requirement.held):
        for at in _inside(one.first, one.last, days):
            held[at] = number
    for gap in requirement.open:
        for at in _inside(gap.first, gap.last, days):
            open_[at] = True
    return pl.DataFrame(
        {"day": days, "held": held, "open": open_}, {"day": pl.Date(), "held": pl.Int32(), "open": pl.Boolean()}
    )


def _inside(first: date, last: date, days: list[date]) -> range:
    start, end = (first - days[0]).days, (last - days[0]).days
    return range(max(start, 0), min(end, len(days) - 1) + 1)


def _effects(requirement: Requirement, book: RegimeBook) -> pl.DataFrame:
    rows = []
    for number, one in enumerate(requirement.held):
        for name, effect in effects(one, requirement, book).items():
            rows.append((number, name, str(effect)))
    return pl.DataFrame(rows, {"held": pl.Int32(), "state": pl.String(), "effect": pl.String()}, orient="row")


def effects(held: Held, requirement: Requirement, book: RegimeBook) -> Mapping[str, Effect]:
    """Return state of the plant → what it does to a limit, for every state that a short average can have."""
    during = requirement.key.during
    found = {"unknown": Effect.MAY}
    if during:
        found |= {"normal": Effect.EXEMPT}
        found |= {str(s): Effect.COUNTS if s == during else Effect.EXEMPT for s in OperatingState}
        return found
    found["normal"] = Effect.COUNTS
    said = {one.state: one for one in held.exemptions}
    for state in OperatingState:
        row = book.state(held.regime, state, held.first) if held.regime else None
        effect = effect_of(row, requirement.key.substance)
        if state in said:
            # hours or a condition that the decision adds are for a person to check
            plain = said[state].hours is None and not said[state].condition
            effect = Effect.EXEMPT if plain else Effect.MAY
        elif held.own_words and effect is Effect.EXEMPT:
            # the decision does not say whether the exceptions of the law hold for its own limit
            effect = Effect.MAY
        found[str(state)] = effect
    return found


def _class() -> pl.Expr:
    """Return what each short average is, as an expression on held, open, state, effect, lost, valid and standard."""
    lost = pl.col("lost")
    discarded = (lost.and_(int(DISCARDING)) != 0) & (lost.and_(~int(BESIDE) & 0x7FFFFFFF) == 0)
    idle = (pl.col("state") == "out_of_service") | (lost.and_(int(Lost.NOT_AT_WORK)) != 0)
    effect = pl.col("effect").fill_null(str(Effect.MAY))
    usable = pl.col("valid").fill_null(value=False) & pl.col("standard").is_not_null()
    drops = discarded & ~pl.col("valid").fill_null(value=False)
    may = effect == Effect.MAY

    def said(name: Class) -> pl.Expr:
        return pl.lit(str(name))

    return (
        pl.when(pl.col("held").is_null() & pl.col("open").fill_null(value=False))
        .then(said(Class.OPEN))
        .when(pl.col("held").is_null())
        .then(said(Class.NO_LIMIT))
        .when(idle)
        .then(said(Class.OUT_OF_SERVICE))
        .when(effect == Effect.EXEMPT)
        .then(said(Class.EXEMPT))
        .when(usable & may)
        .then(said(Class.MAY))
        .when(usable)
        .then(said(Class.COUNTED))
        .when(drops & may)
        .then(said(Class.DISCARDED_MAY))
        .when(drops)
        .then(said(Class.DISCARDED))
        .otherwise(said(Class.MISSING))
    )
