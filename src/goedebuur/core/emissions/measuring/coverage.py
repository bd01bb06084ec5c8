"""Which substances are permitted, reported, measured and found, by emission point, and when each was last measured.

References
----------
Bal 5.32 (factor of a failure, regimes of control)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.base.sourced import Status, Text, holds
from goedebuur.core.permits.conditions import Manner
from goedebuur.core.permits.records import months_later

GRAMS_AN_HOUR_PER_KILOGRAM_A_YEAR: Final = Fraction(1, 2)
"""By which an emission at failure over its threshold is multiplied for the factor. [(kg/yr) / (g/h)] Bal 5.32"""


@dataclass(frozen=True, slots=True)
class ControlRegime:
    """How an emission is controlled, by the factor of its failure.

    Parameters
    ----------
    lowest, under
        The factor from which it holds, and under which; None: no end.
    times, months
        How many times is measured in how many months; times without months: once. Both None: not at all.
    continuous
        Whether a continuous measurement does it too.
    """

    id: str
    lowest: Fraction
    under: Fraction | None
    times: int | None
    months: int | None
    continuous: bool
    article: str
    status: Status
    valid_from: date
    valid_to: date | None
    text: Text


def failure_factor(failing: Fraction, threshold: Fraction) -> Fraction:
    """Return the factor of a failure.

    Parameters
    ----------
    failing
        Emission while the abatement fails, above what the limit allows. [g/h]
    threshold
        Emission in a year from which the limit counts. [kg/yr]

    References
    ----------
    Bal 5.32
    """
    if failing < 0 or threshold <= 0:
        raise ValueError("an emission is not negative, and a threshold is above zero")
    return GRAMS_AN_HOUR_PER_KILOGRAM_A_YEAR * failing / threshold


def regime(factor: Fraction, regimes: Sequence[ControlRegime], on: date, *, ers: bool = False) -> ControlRegime | None:
    """Return the regime of a factor on a day; None where none is known.

    Parameters
    ----------
    ers
        Whether the substance is of class ERS: then the strictest regime holds whatever the factor.
    """
    held = [one for one in regimes if holds(one.valid_from, one.valid_to, on) and one.status.decides]
    if ers:
        return max(held, key=lambda one: one.lowest, default=None)
    return next((one for one in held if one.lowest <= factor and (one.under is None or factor < one.under)), None)


@dataclass(frozen=True, slots=True)
class Spot:
    """A substance at an emission point; without a point it is about the whole site."""

    emission_point: str
    substance: str


@dataclass(frozen=True, slots=True)
class Duty:
    """How often a substance must be measured.

    Parameters
    ----------
    times, months
        As in the condition; None for a continuous measurement, or where it is not known.
    source
        The condition or rule.
    """

    spot: Spot
    manner: Manner
    times: int | None
    months: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """That a substance was measured at a point, last on a day.

    Parameters
    ----------
    found
        Whether anything was found above the detection limit.
    """

    spot: Spot
    manner: Manner
    last: date
    found: bool
    source: str


@dataclass(frozen=True, slots=True)
class Reported:
    """That the site reported a release of a substance; [kg/yr] of the last year."""

    substance: str
    year: int
    amount: str


class Finding(StrEnum):
    """What the matrix shows of a substance at a point."""

    FOUND_NOT_PERMITTED = "found_not_permitted"
    """It was found, and no limit or condition of the record is about it there."""
    REPORTED_NOT_MEASURED = "reported_not_measured"
    REPORTED_NOT_PERMITTED = "reported_not_permitted"
    NEVER_MEASURED = "never_measured"
    """A duty asks for it, and the record has no measurement."""
    OVERDUE = "overdue"
    NO_DUTY = "no_duty"
    """A limit holds, and the record does not know how often it must be measured."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the matrix: a substance at a point, or of the site as a whole.

    Parameters
    ----------
    permitted
        Limits and conditions that are about it.
    duties
        How often it must be measured.
    reported
        None where it was not.
    measured
        By the last day.
    days
        Since it was last measured; None: never.
    due
        By which day it must be measured next, by the duty that comes first; None where none is periodic.
    """

    spot: Spot
    permitted: tuple[str, ...]
    duties: tuple[Duty, ...]
    reported: Reported | None
    measured: tuple[Measured, ...]
    days: int | None
    due: date | None
    findings: tuple[Finding, ...]
    questions: tuple[Text, ...]


def matrix(
    permitted: Mapping[Spot, Sequence[str]],
    duties: Iterable[Duty],
    reported: Iterable[Reported],
    measured: Iterable[Measured],
    on: date,
) -> tuple[Cell, ...]:
    """Return the matrix of a site on a day, by point and substance.

    Parameters
    ----------
    permitted
        Spot → what holds there. Without a point: for every point.
    duties, measured
        Likewise.
    reported
        By substance, of the site as a whole.
    """
    asked, told, seen = list(duties), {one.substance: one for one in reported}, list(measured)
    spots = set(permitted) | {one.spot for one in asked} | {one.spot for one in seen}
    points = {spot.emission_point for spot in spots}
    spots |= {Spot("", name) for name in told if not any(spot.substance == name for spot in spots)}
    if any(points):
        spots = {spot for spot in spots if spot.emission_point or not _elsewhere(spot, spots)}
    return tuple(_cell(spot, permitted, asked, told, seen, on) for spot in sorted(spots, key=_order))


def _order(spot: Spot) -> tuple[str, str]:
    return spot.emission_point, spot.substance


def _elsewhere(spot: Spot, spots: Iterable[Spot]) -> bool:
    """Return whether a substance of the whole site has a row at a point."""
    return any(other.substance == spot.substance and other.emission_point for other in spots)


def _about(spot: Spot, other: Spot) -> bool:
    return other.substance == spot.substance and other.emission_point in ("", spot.emission_point)


def _cell(
    spot: Spot,
    permitted: Mapping[Spot, Sequence[str]],
    duties: Sequence[Duty],
    reported: Mapping[str, Reported],
    measured: Sequence[Measured],
    on: date,
) -> Cell:
    allowed = tuple(name for other, names in permitted.items() if _about(spot, other) for name in names)
    asked = tuple(one for one in duties if _about(spot, one.spot))
    seen = tuple(
        sorted((one for one in measured if one.spot == spot and one.last <= on), key=lambda one: one.last, reverse=True)
    )
    told = reported.get(spot.substance)
    last = seen[0].last if seen else None
    due = min((day for one in asked if (day := _due(one, seen)) is not None), default=None)
    return Cell(
        spot=spot,
        permitted=allowed,
        duties=asked,
        reported=told,
        measured=seen,
        days=None if last is None else (on - last).days,
        due=due,
        findings=tuple(_findings(allowed, asked, told, seen, due, on)),
        questions=(_NO_FREQUENCY.format(substance=spot.substance),) if allowed and not asked else (),
    )


def _due(duty: Duty, seen: Sequence[Measured]) -> date | None:
    """Return by when a periodic duty asks for the next measurement: so many months after the last but times-1.

    Of fewer measurements than that: so many months after the first of them, when no stretch can have enough any more.
    """
    if duty.manner is not Manner.PERIODIC or duty.months is None or duty.times is None:
        return None
    days = [one.last for one in seen if one.manner is Manner.PERIODIC]
    return months_later(days[: duty.times][-1], duty.months) if days else None


def _findings(
    allowed: Sequence[str],
    asked: Sequence[Duty],
    told: Reported | None,
    seen: Sequence[Measured],
    due: date | None,
    on: date,
) -> Iterable[Finding]:
    if not allowed and any(one.found for one in seen):
        yield Finding.FOUND_NOT_PERMITTED
    if told is not None and not seen:
        yield Finding.REPORTED_NOT_MEASURED
    if told is not None and not allowed:
        yield Finding.REPORTED_NOT_PERMITTED
    if any(not _kept(one, seen) for one in asked):
        yield Finding.NEVER_MEASURED
    if due is not None and due < on:
        yield Finding.OVERDUE
    if allowed and not asked:
        yield Finding.NO_DUTY


def _kept(duty: Duty, seen: Sequence[Measured]) -> bool:
    """Return whether there is any measurement of the manner that a duty asks for; a continuous one does for all."""
    return duty.manner is Manner.CALCULATED or any(one.manner in (duty.manner, Manner.CONTINUOUS) for one in seen)


_NO_FREQUENCY: Final = Text(
    "Hoe vaak moet {substance} hier gemeten worden? Een voorschrift of het controleregime (Bal 5.32) zegt het; daarvoor"
    " is de uitstoot bij storing nodig.",
    "How often must {substance} be measured here? A condition or the regime of control (Bal 5.32) says it; the emission"
    " at failure is needed for that.",
)
