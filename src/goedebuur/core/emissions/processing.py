"""How raw values of one emission point become averages: what EN 17255 and the law leave to be settled, dated.

Nothing here has a default that the law or a standard decides: who records the settings says where each comes from and
how sure that is. Settings that are not confirmed are computed with, but decide no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.plain import Line, Pattern, fault
from goedebuur.core.base.sourced import Status, holds
from goedebuur.core.emissions import rules
from goedebuur.core.emissions.streams import Identifier, Number
from goedebuur.core.permits.limits import ReferenceConditions

NORMAL_KELVIN: Final = "273.15"
NORMAL_KILOPASCAL: Final = "101.3"
"""The normal cubic metre. Directive 2010/75/EU Annex V part 1 point 1 and Annex VI part 6 point 2.7; Bal 5.27."""
OXYGEN_OF_AIR: Final = 21
"""Content of oxygen of air in the correction: 21, not 20.9. Directive 2010/75/EU Annex VI part 7. [% by volume]"""
LENGTHS: Final = (600, 1800, 3600)
"""Lengths that a short-term average can have: ten minutes (CO, Annex VI part 8 point 1.1 d), half an hour, an hour."""
Part = Annotated[str, Pattern(r"[0-9]{1,3}(/[1-9][0-9]{0,2})?", "Write a fraction, as 2/3.")]
Percent = Annotated[str, Pattern(r"([0-9]{1,2}(\.[0-9]{1,3})?)?", "Write a percentage, as 11.")]


class Order(StrEnum):
    """What is brought to reference conditions: each raw value, or their short-term average."""

    EACH_VALUE = "each_value"
    AVERAGE = "average"


class ShareOf(StrEnum):
    """Of which part of a period a share must have been measured."""

    PERIOD = "period"
    AT_WORK = "at_work"
    """Of the part in which the plant was not out of service."""


class Above(StrEnum):
    """What a raw value at the end of the range of its instrument, or above it, means."""

    COUNTS = "counts"
    """It counts as read; how much more it was is not known."""
    LOST = "lost"


class RangeOf(StrEnum):
    """Of which value the valid range of a calibration function tells."""

    CALIBRATED = "calibrated"
    """Of what the function gives."""
    STANDARD = "standard"
    """Of that value at the reference conditions."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The gas to which values are brought: one set of reference conditions.

    Parameters
    ----------
    oxygen
        Reference content of oxygen; empty: as measured. [% by volume]
    dry
        Whether without water vapour.
    temperature, pressure
        Of the normal cubic metre. [K], [kPa]
    only_above
        Whether values are corrected for oxygen only where more was measured than the reference: hazardous waste in a
        plant with abatement.

    References
    ----------
    Directive 2010/75/EU Annex VI part 7
    """

    oxygen: Percent
    dry: bool
    temperature: Annotated[str, Pattern(r"[0-9]{2,4}(\.[0-9]{1,3})?", "Write kelvin, as 273.15.")] = NORMAL_KELVIN
    pressure: Annotated[str, Pattern(r"[0-9]{1,4}(\.[0-9]{1,3})?", "Write kilopascal, as 101.3.")] = NORMAL_KILOPASCAL
    only_above: bool = False

    def __post_init__(self) -> None:
        if self.oxygen and not 0 <= Fraction(self.oxygen) < OXYGEN_OF_AIR:
            raise fault(
                "oxygen",
                "A gas brought to this content of oxygen does not exist.",
                self.oxygen,
                "0 to 21 %.",
                check=rules.OXYGEN,
            )
        if self.only_above and not self.oxygen:
            raise fault(
                "only_above",
                "Without a reference content of oxygen there is nothing to be above.",
                "true",
                check=rules.ONLY_ABOVE,
            )
        for name in ("temperature", "pressure"):
            if Fraction(getattr(self, name)) <= 0:
                raise fault(name, "This is not above zero.", getattr(self, name), check=rules.ABOVE_ZERO)

    @classmethod
    def of(cls, conditions: ReferenceConditions, *, only_above: bool = False) -> Reference | None:
        """Return the conditions that a limit states; None where it leaves out what must be known to compute."""
        if conditions.dry is None or not conditions.temperature or not conditions.pressure:
            return None
        return cls(
            conditions.oxygen,
            conditions.dry,
            conditions.temperature,
            conditions.pressure,
            only_above and bool(conditions.oxygen),
        )

    @property
    def key(self) -> str:
        """Return the name by which tables know it; equal conditions have equal names.

        >>> Reference("11", True).key, Reference("11.0", True, "273", only_above=True).key, Reference("", False).key
        ('o2=11 dry', 'o2=11 dry 273K only-above', 'o2=as-measured wet')
        """
        words = [f"o2={_short(self.oxygen) or 'as-measured'}", "dry" if self.dry else "wet"]
        if Fraction(self.temperature) != Fraction(NORMAL_KELVIN):
            words.append(f"{_short(self.temperature)}K")
        if Fraction(self.pressure) != Fraction(NORMAL_KILOPASCAL):
            words.append(f"{_short(self.pressure)}kPa")
        return " ".join([*words, *(["only-above"] if self.only_above else [])])


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a property of the gas is taken from.

    Parameters
    ----------
    stream
        That measures it; empty: it is not measured, and is `otherwise` all the time.
    otherwise
        Stated value for where the stream has none: such values count, and are marked. Empty: what needs the property
        is lost there. [°C], [hPa], [% by volume]
    """

    stream: Annotated[str, Pattern(r"([A-Za-z0-9][A-Za-z0-9_.\-]{0,79})?", "Name a stream, or leave it out.")] = ""
    otherwise: Number = ""

    def __post_init__(self) -> None:
        if not self.stream and not self.otherwise:
            raise fault(
                "stream",
                "Neither a stream nor a stated value is named.",
                "",
                "Name one, or leave this out.",
                check=rules.TAKEN,
            )


@dataclass(frozen=True, slots=True)
class Peripherals:
    """What is measured beside some concentrations, and of what their correction makes use.

    Parameters
    ----------
    streams
        Concentrations that use it; empty: all of the emission point that no other row names.
    temperature, pressure, moisture, oxygen
        Of the gas at the instrument; None where none is known, so that what needs it is lost.
    flow
        Stream of the volume flow; empty: no mass is computed.
    state
        Stream of the operating state; empty: the state is unknown.
    """

    streams: tuple[Identifier, ...] = ()
    temperature: Taken | None = None
    pressure: Taken | None = None
    moisture: Taken | None = None
    oxygen: Taken | None = None
    flow: str = ""
    state: str = ""

    def taken(self) -> dict[str, Taken]:
        """Return what is taken, by the role of its stream."""
        four = ("temperature", "pressure", "moisture", "oxygen")
        found = {name: getattr(self, name) for name in four if getattr(self, name) is not None}
        return {**found, **{name: Taken(getattr(self, name)) for name in ("flow", "state") if getattr(self, name)}}


@dataclass(frozen=True, slots=True)
class OfStream:
    """What is settled for one stream alone.

    Parameters
    ----------
    delivered
        Whether its raw values come with the calibration function in them. A concentration that does not, counts only
        on days on which a function holds.
    least
        Raw value below which the instrument tells of a fault and measures nothing, e.g. 3.6 mA; empty: none. [unit of
        the stream]
    lengths
        Short-term averages that it has instead of those of the emission point. [s]
    references
        Reference conditions instead of those of the emission point.

    References
    ----------
    NAMUR NE 43 (3.6 mA)
    """

    stream: Identifier
    delivered: bool = False
    least: Number = ""
    lengths: tuple[int, ...] = ()
    references: tuple[Reference, ...] = ()

    def __post_init__(self) -> None:
        _check_lengths(self.lengths)


@dataclass(frozen=True, slots=True)
class Processing:
    """The settings of one emission point from one day on.

    Parameters
    ----------
    id
        Of these settings; later ones of the same emission point have another.
    clock
        On which the days begin on which settings, instruments and calibration functions change.
    order
        What is brought to reference conditions.
    lengths
        Of the short-term averages. [s]
    share, share_of
        Part of a period that must have been measured for its average to be valid, and of what it is a part. EN 17255-1
        is believed to ask 2/3.
    oxygen_guard
        Measured content of oxygen from which a correction says nothing: the value is lost. [% by volume]
    above_range
        What a raw value above the range of the instrument means.
    range_of
        Of which value the valid range of a calibration function tells.
    references
        Reference conditions to which every concentration is brought.
    peripherals
        What is used beside which concentrations.
    streams
        What is settled for one stream alone.
    basis
        Where this was settled: permit condition, measuring plan, standard with its paragraph.
    status
        How sure it is. What is not confirmed decides no verdict.
    question
        What a person must answer first; empty for what is confirmed.
    """

    id: Identifier
    site: Line
    emission_point: Identifier
    valid_from: date
    clock: Clock
    order: Order
    lengths: tuple[int, ...]
    share: Part
    share_of: ShareOf
    oxygen_guard: Percent
    above_range: Above
    range_of: RangeOf
    references: tuple[Reference, ...]
    peripherals: tuple[Peripherals, ...]
    basis: Line
    status: Status
    valid_to: date | None = None
    streams: tuple[OfStream, ...] = field(default=())
    question: str = ""

    def __post_init__(self) -> None:
        _check_lengths(self.lengths)
        if not self.lengths:
            raise fault(
                "lengths", "There is no short-term average without a length.", "", "E.g. [1800].", check=rules.LENGTHS
            )
        if not 0 < Fraction(self.share) <= 1:
            raise fault(
                "share",
                "This is not a part of a period.",
                self.share,
                "More than 0, at most 1, as 2/3.",
                check=rules.SHARE,
            )
        if not self.oxygen_guard or not 0 < Fraction(self.oxygen_guard) < OXYGEN_OF_AIR:
            raise fault(
                "oxygen_guard",
                "A correction can be made up to 21 % only.",
                self.oxygen_guard,
                "E.g. 20.",
                check=rules.GUARD,
            )
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise fault("valid_to", "It ends before it begins.", self.valid_to, check=rules.ENDS)
        if not self.status.decides and not self.question:
            raise fault(
                "question",
                "What is not confirmed asks a question.",
                "",
                "Say what must be found out.",
                check=rules.QUESTION,
            )
        _check_once("streams", [one.stream for one in self.streams])
        _check_once("peripherals", [name for row in self.peripherals for name in (row.streams or ("",))])

    def in_force(self, on: date) -> bool:
        """Return whether these settings hold on a day."""
        return holds(self.valid_from, self.valid_to, on)

    def of_stream(self, stream: str) -> OfStream:
        """Return what is settled for one stream, with the lengths and reference conditions that it has."""
        own = next((one for one in self.streams if one.stream == stream), OfStream(stream))
        return OfStream(
            stream, own.delivered, own.least, own.lengths or self.lengths, own.references or self.references
        )

    def beside(self, stream: str) -> Peripherals:
        """Return what is used beside a concentration; nothing where no row is for it."""
        rows = [row for row in self.peripherals if stream in row.streams]
        rows += [row for row in self.peripherals if not row.streams]
        return rows[0] if rows else Peripherals()


def _check_lengths(lengths: tuple[int, ...]) -> None:
    for one in lengths:
        if one not in LENGTHS:
            raise fault(
                "lengths", "No short-term average has this length.", one, "600, 1800 or 3600 s.", check=rules.LENGTH
            )
    _check_once("lengths", [str(one) for one in lengths])


def _check_once(name: str, given: list[str]) -> None:
    twice = sorted({one for one in given if given.count(one) > 1})
    if twice:
        raise fault(name, "This is said twice.", twice[0], check=rules.ONCE)


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
