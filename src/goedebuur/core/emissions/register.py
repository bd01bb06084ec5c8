"""The yearly table as registers of releases ask for it, beside what was reported: threshold, method, accidental part.

Parts of several methods stand beside each other; the row has the method of the largest. Nothing is said to be above or
below a threshold where the range lies on both sides of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.base.sourced import Status, holds
from goedebuur.core.permits.limits import SubstanceId

MG: Final = 10**6
"""Milligrams in a kilogram."""


class Method(StrEnum):
    """How a release was determined.

    References
    ----------
    Regulation (EC) 166/2006 art. 5(1), annex III
    """

    MEASURED = "M"
    CALCULATED = "C"
    ESTIMATED = "E"


class Standing(StrEnum):
    """Where the range of a release lies against something."""

    ABOVE = "above"
    BELOW = "below"
    """At most the threshold."""
    UNDETERMINED = "undetermined"


class Against(StrEnum):
    """What the own figure says of the reported one."""

    WITHIN = "within"
    """The reported figure lies in the range."""
    LESS_REPORTED = "less_reported"
    MORE_REPORTED = "more_reported"
    NOT_REPORTED = "not_reported"
    """Above the threshold for certain, and the register has nothing."""
    NOTHING = "nothing"
    """Nothing is reported, and nothing has to be as far as is known."""
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From which release to air in a year a pollutant is reported: a row of `rules/tables/release_thresholds.csv`.

    Parameters
    ----------
    register
        Names under which the register has it.
    whole
        Substances of the table of names that are this pollutant.
    parts
        Substances that are a part of it: their mass is a lower bound.
    kilograms
        [kg/year]
    """

    id: str
    register: tuple[str, ...]
    whole: tuple[SubstanceId, ...]
    parts: tuple[SubstanceId, ...]
    kilograms: Fraction
    valid_from: date
    valid_to: date | None
    reference: str
    article: str
    status: Status

    def in_force(self, year: int) -> bool:
        """Return whether it holds for the report over a year."""
        return holds(self.valid_from, self.valid_to, date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what a site let go of a substance in a year.

    Parameters
    ----------
    about
        Emission point, or what kind of event.
    mass, low, high
        [mg]; None where it is not known.
    basis
        By which method, in words.
    """

    substance: SubstanceId
    about: str
    method: Method
    mass: int | None
    low: int
    high: int | None
    accidental: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One pollutant of a site in a year.

    Parameters
    ----------
    id
        Of the threshold; the substance itself where the register knows no such pollutant.
    name
        In the register; empty where it has none.
    method
        Of the largest part; None without any mass.
    mass, low, high, accidental
        [mg]
    complete
        Whether all parts are this pollutant, and of each the mass is known; else mass and low are lower bounds.
    threshold
        [kg/year]; None where none is known to hold.
    reported
        What the register has. [kg]; None where it has nothing.
    """

    id: str
    name: str
    parts: tuple[Part, ...]
    method: Method | None
    mass: int
    low: int
    high: int | None
    accidental: int
    complete: bool
    threshold: Fraction | None
    standing: Standing
    reported: Fraction | None
    against: Against


def table(
    parts: Iterable[Part], thresholds: Sequence[Threshold], year: int, reported: Iterable[tuple[str, Fraction]]
) -> tuple[Row, ...]:
    """Return the table of a site over a year, by name.

    Parameters
    ----------
    thresholds
        All rows of the table of thresholds; those that hold for the year and are confirmed decide.
    reported
        Name in the register and release to air. [kg]
    """
    held = {one.id: one for one in thresholds}
    said: dict[str, Fraction] = {}
    names: dict[str, str] = {}
    for name, mass in reported:
        key = next((one.id for one in thresholds if name in one.register), name)
        said[key] = said.get(key, Fraction(0)) + mass
        names[key] = name
    groups: dict[str, list[Part]] = {key: [] for key in said}
    for part in parts:
        groups.setdefault(_pollutant(part.substance, thresholds), []).append(part)
    rows = [
        _row(key, names.get(key, ""), tuple(found), held.get(key), year, said.get(key)) for key, found in groups.items()
    ]
    return tuple(sorted(rows, key=lambda one: (one.name.casefold() or one.id, one.id)))


def _pollutant(substance: str, thresholds: Sequence[Threshold]) -> str:
    whole = next((one.id for one in thresholds if substance in one.whole), None)
    return whole or next((one.id for one in thresholds if substance in one.parts), substance)


def _once(parts: Sequence[Part], held: Threshold | None) -> tuple[Part, ...]:
    """Return the parts without those that another of the same point holds already: NO beside NOx, PM2.5 beside PM10."""
    if held is None:
        return tuple(parts)
    kept: list[Part] = []
    for part in parts:
        first = next((w for w in held.whole if any(p.about == part.about and p.substance == w for p in parts)), None)
        if first in (None, part.substance):
            kept.append(part)
    return tuple(kept)


def _row(
    key: str, name: str, parts: tuple[Part, ...], held: Threshold | None, year: int, reported: Fraction | None
) -> Row:
    parts = _once(parts, held)
    known = [part for part in parts if part.mass is not None]
    mass, low = sum(part.mass or 0 for part in known), sum(part.low for part in parts)
    partly = held is not None and any(part.substance in held.parts for part in parts)
    complete = bool(parts) and len(known) == len(parts) and not partly
    high = sum(part.high or 0 for part in parts) if complete and all(p.high is not None for p in parts) else None
    decides = held is not None and held.in_force(year) and held.status is Status.CONFIRMED
    threshold = held.kilograms if held is not None and decides else None
    standing = _standing(low, high, threshold)
    return Row(
        id=key,
        name=name or (held.register[0] if held is not None else ""),
        parts=parts,
        method=_method(known),
        mass=mass,
        low=low,
        high=high,
        accidental=sum(part.accidental for part in parts),
        complete=complete,
        threshold=threshold,
        standing=standing,
        reported=reported,
        against=_against(low, high, reported, standing, bool(parts)),
    )


def _method(known: Sequence[Part]) -> Method | None:
    """Return the method by which most was determined."""
    by = {method: sum(part.mass or 0 for part in known if part.method is method) for method in Method}
    if not known:
        return None
    return max(Method, key=lambda method: (by[method], any(part.method is method for part in known)))


def _standing(low: int, high: int | None, threshold: Fraction | None) -> Standing:
    if threshold is None:
        return Standing.UNDETERMINED
    if low > threshold * MG:
        return Standing.ABOVE
    if high is not None and high <= threshold * MG:
        return Standing.BELOW
    return Standing.UNDETERMINED


def _against(low: int, high: int | None, reported: Fraction | None, standing: Standing, own: bool) -> Against:
    if not own:
        return Against.UNDETERMINED
    if reported is None:
        if standing is Standing.ABOVE:
            return Against.NOT_REPORTED
        return Against.NOTHING if standing is Standing.BELOW else Against.UNDETERMINED
    # the register has three digits that say something: half a unit of the third is no difference
    slack = _last_digit(reported) / 2
    if (reported + slack) * MG < low:
        return Against.LESS_REPORTED
    if high is None:
        return Against.UNDETERMINED
    return Against.MORE_REPORTED if (reported - slack) * MG > high else Against.WITHIN


def _last_digit(mass: Fraction) -> Fraction:
    """Return what one unit of the third digit is. [kg]

    >>> _last_digit(Fraction(123456)), _last_digit(Fraction(1)), _last_digit(Fraction(0))
    (Fraction(1000, 1), Fraction(1, 100), Fraction(0, 1))
    """
    if mass <= 0:
        return Fraction(0)
    power = 0
    while mass >= Fraction(10) ** (power + 1):
        power += 1
    while mass < Fraction(10) ** power:
        power -= 1
    return Fraction(10) ** (power - 2)
