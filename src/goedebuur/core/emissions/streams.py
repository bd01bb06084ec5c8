"""Records of measuring at an emission point: streams of signals, and the function by which a signal is a value.

Each is whole: a later record of the same identifier takes the place of the earlier one. What is not known is empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from goedebuur.core.base.plain import Line, Pattern, Signed, fault
from goedebuur.core.emissions import rules
from goedebuur.core.permits.limits import Substance

Number = Annotated[str, Pattern(r"(-?[0-9]{1,12}(\.[0-9]{1,9})?)?", "Write digits, with a decimal point, as 4.25.")]
"""A decimal number; empty where it is not known."""
Identifier = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}", "Letters, digits, `_`, `.` and `-`.")]


class Role(StrEnum):
    """What a stream is for on the way from signal to verdict."""

    CONCENTRATION = "concentration"
    OXYGEN = "oxygen"
    MOISTURE = "moisture"
    TEMPERATURE = "temperature"
    PRESSURE = "pressure"
    FLOW = "flow"
    LOAD = "load"
    """Power, steam, throughput or fuel: by what the plant is said to be at work."""
    STATE = "state"
    """A code of the operating state a step; `Stream.codes` says what each stands for."""
    PROCESS = "process"
    """Anything else by which the process is followed: a furnace temperature, a pressure drop."""


class Basis(StrEnum):
    """In which state the gas is of which a stream tells."""

    ACTUAL = "actual"
    """As it is in the duct."""
    NORMAL = "normal"
    """At 273.15 K and 101.3 kPa."""


@dataclass(frozen=True, slots=True)
class Code:
    """What one code of a stream of states stands for.

    Parameters
    ----------
    state
        Name of an :class:`goedebuur.core.permits.limits.OperatingState`, `normal`, or `out_of_service`.
    """

    code: int
    state: Line


@dataclass(frozen=True, slots=True)
class Stream:
    """One signal at one emission point, by one instrument.

    Parameters
    ----------
    site, emission_point, installation
        Identifiers in the record of the site; the installation may be empty.
    series
        Identifier of the series of observations that holds its raw values.
    substance
        Of a concentration; None for another role.
    unit
        In which the raw values come: `mg/m³`, `ppm`, `mA`, `%`, `°C`, `hPa`, `m³/h`.
    step
        Between two raw values. [s]
    wet
        Whether water vapour is in the gas that is measured; None where it does not matter or is not known.
    basis
        State of that gas.
    oxygen_included
        Whether the supplier has brought it to the reference oxygen already; [% by volume], empty: it is as measured.
    range_low, range_high
        What the instrument is set for. [unit]
    detection_limit
        Smallest value that can be told from zero. [unit]
    standard, instrument, certificate
        Method (EN 14792), make and type, and the certificate of suitability (QAL1).
    codes
        Of a stream of states.
    valid_from, valid_to
        First and last day on which this instrument was in use.
    simulated
        Whether it is invented.
    """

    id: Identifier
    site: Line
    emission_point: Identifier
    role: Role
    series: Line
    unit: Line
    step: int
    installation: str = ""
    substance: Substance | None = None
    wet: bool | None = None
    basis: Basis = Basis.NORMAL
    oxygen_included: Number = ""
    range_low: Number = ""
    range_high: Number = ""
    detection_limit: Number = ""
    standard: str = ""
    instrument: str = ""
    certificate: str = ""
    codes: tuple[Code, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    simulated: bool = False

    def __post_init__(self) -> None:
        if (self.role is Role.CONCENTRATION) != (self.substance is not None):
            raise fault(
                "substance", "A concentration is of a substance, and nothing else is.", self.role, check=rules.SUBSTANCE
            )
        if (self.role is Role.STATE) != bool(self.codes):
            raise fault(
                "codes",
                "A stream of states says what its codes stand for, and no other does.",
                self.role,
                check=rules.CODES,
            )
        if self.step <= 0 or 3600 % self.step:
            raise fault("step", "A step goes into an hour without rest.", self.step, "E.g. 60.", check=rules.STEP)
        if self.range_low and self.range_high and Fraction(self.range_low) >= Fraction(self.range_high):
            raise fault(
                "range_high", "The upper end of the range is not above the lower.", self.range_high, check=rules.RANGE
            )
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise fault("valid_to", "It ends before it begins.", self.valid_to, check=rules.ENDS)

    def in_use(self, first: date, last: date) -> bool:
        """Return whether it was in use on one of some days."""
        return (self.valid_from or first) <= last and first <= (self.valid_to or last)

    def follows(self, other: Stream) -> bool:
        """Return whether it took the place of another: the same substance at the same point, from a later day on."""
        same = (self.role, self.emission_point, self.installation, self.substance and self.substance.id)
        its = (other.role, other.emission_point, other.installation, other.substance and other.substance.id)
        return same == its and other.valid_to is not None and other.valid_to < (self.valid_from or date.min)


def in_turn(streams: Iterable[Stream]) -> tuple[tuple[Stream, ...], ...]:
    """Return streams with those together that measured one thing after each other: an instrument that was replaced.

    They are of one substance at one emission point, and no two of them were in use on one day: who says no days of use
    is alone. Each group is in order of use; groups are in order of their first.
    """
    found: list[list[Stream]] = []
    for one in sorted(streams, key=lambda one: (one.valid_from or date.min, one.id)):
        before = [group for group in found if one.follows(group[-1])]
        if before:
            max(before, key=lambda group: (group[-1].valid_to or date.min, group[-1].id)).append(one)
        else:
            found.append([one])
    return tuple(tuple(group) for group in found)


@dataclass(frozen=True, slots=True)
class CalibrationFunction:
    """By which function a raw value is a concentration, as found in a test by an accredited laboratory (QAL2).

    `value = offset + slope · raw`, in the unit `unit` and the basis of the stream.

    Parameters
    ----------
    valid_low, valid_high
        Range of calibrated values for which it was shown to hold. [unit]
    performed_on
        Last day of the parallel measurements.
    valid_from, valid_to
        First and last day for which it is used; None: still in use.
    pairs
        Number of valid pairs behind it.
    bureau, accreditation, report
        Who did it, the number of its accreditation, and the SHA-256 of its report; empty where not known.

    References
    ----------
    EN 14181:2014, 6.4-6.6
    """

    id: Identifier
    stream: Identifier
    offset: Signed
    slope: Signed
    unit: Line
    valid_low: Number
    valid_high: Number
    performed_on: date
    valid_from: date
    valid_to: date | None = None
    pairs: int | None = None
    bureau: str = ""
    accreditation: str = ""
    report: str = ""

    def __post_init__(self) -> None:
        if Fraction(self.slope) == 0:
            raise fault("slope", "With a slope of zero every signal is the same value.", self.slope, check=rules.SLOPE)
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise fault("valid_to", "It ends before it begins.", self.valid_to, check=rules.ENDS)
