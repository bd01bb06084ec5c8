"""The report of a measurement by a bureau: periodic, control, calibration, yearly test, or readings on gas.

One report is of one substance at one emission point. It is whole: a later report of the same identifier by the same
submitter takes its place, and the earlier stays readable. No names of persons in any field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Final

from goedebuur.core.base.plain import Decimal, Line, Pattern, Signed, fault
from goedebuur.core.emissions.en14181.calibration import Surrogate
from goedebuur.core.emissions.en14181.charts import Level, Reading
from goedebuur.core.emissions.en14181.pairs import Pair
from goedebuur.core.emissions.streams import Identifier, Number
from goedebuur.core.permits.limits import OperatingState, ReferenceConditions, Substance
from goedebuur.core.permits.units import unit

KIND: Final = "measurement_report"
"""Under which the catalogue keeps reports."""
NORMAL: Final = "normal"
STATES: Final = (NORMAL, *OperatingState)
YEARS: Final = (1970, 2199)
DIMENSIONS: Final = ("concentration", "toxic equivalents", "mass flow")

Moment = Annotated[
    str,
    Pattern(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})",
        "Write a moment with its offset from UTC, as 2026-03-01T09:30+01:00.",
    ),
]
Positive = Annotated[str, Pattern(r"([0-9]{1,12}(\.[0-9]{1,9})?)?", "Write digits, with a decimal point, as 4.25.")]
"""A decimal number that is not negative; empty where it is not known."""


class Purpose(StrEnum):
    """What was measured for."""

    PERIODIC = "periodic"
    """What a rule or permit asks of the company."""
    CONTROL = "control"
    """By the authority or in its name, to see whether the company's figures hold."""
    QAL2 = "qal2"
    AST = "ast"
    QAL3 = "qal3"
    """The operator's own readings on zero and span gas."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One partial measurement.

    Parameters
    ----------
    value
        At the reference conditions of the report. [unit of the report]
    u95
        Half the width of its 95 % confidence interval; empty where it was not given. [as the value]
    below_detection
        Whether nothing was found: the value is then the detection limit.
    load
        Of the plant over that time. [`load_unit` of the report]
    fuel
        What was burnt or processed, in the words of the permit.
    state
        `normal`, or an operating state; empty where it is not known.
    flow
        Volume flow at the reference conditions. [m³/h]
    """

    start: Moment
    end: Moment
    value: Signed
    u95: Positive = ""
    below_detection: bool = False
    load: Positive = ""
    fuel: str = ""
    state: str = ""
    flow: Positive = ""

    def __post_init__(self) -> None:
        _require_period(self.start, self.end)
        if self.state and self.state not in STATES:
            raise fault("state", "This is no operating state.", self.state, f"Choose from: {', '.join(STATES)}.")


@dataclass(frozen=True, slots=True)
class ParallelPair:
    """A raw signal of the instrument beside the reference method; empty is not valid.

    Parameters
    ----------
    raw
        Mean before any calibration function. [as the stream]
    reference
        In the state of the gas in which the instrument measures. [mg/m³]
    factor
        From that state to the reference conditions, by the plant's own peripherals.
    standard
        The reference method at the reference conditions, by the bureau's own; empty: `reference` times `factor`.
        [mg/m³]
    excluded
        Why the bureau left it out.
    """

    start: Moment
    end: Moment
    raw: Number
    reference: Number
    factor: Decimal = "1"
    standard: Number = ""
    excluded: str = ""

    def __post_init__(self) -> None:
        _require_period(self.start, self.end)
        if Fraction(self.factor) == 0:
            raise fault("factor", "A factor is above zero.", self.factor)

    def as_pair(self) -> Pair:
        """Return it as numbers."""
        return Pair(
            moment(self.start),
            moment(self.end),
            number(self.raw),
            number(self.reference),
            Fraction(self.factor),
            number(self.standard),
            self.excluded,
        )


@dataclass(frozen=True, slots=True)
class OnReference:
    """What the instrument showed on a reference material, and its concentration. [as the stream], [mg/m³]"""

    raw: Signed
    value: Decimal

    def as_surrogate(self) -> Surrogate:
        """Return it as numbers."""
        return Surrogate(Fraction(self.raw), Fraction(self.value))


@dataclass(frozen=True, slots=True)
class GasReading:
    """One reading on zero or span gas between two tests.

    Parameters
    ----------
    value, expected
        What the instrument showed, and what it should. [unit of the report]
    adjusted
        Whether the instrument was adjusted after it.
    """

    at: Moment
    level: Level
    value: Signed
    expected: Signed
    adjusted: bool = False

    def __post_init__(self) -> None:
        _require_moment("at", self.at)

    def as_reading(self) -> Reading:
        """Return it as numbers."""
        return Reading(moment(self.at), self.level, Fraction(self.value), Fraction(self.expected), self.adjusted)


@dataclass(frozen=True, slots=True)
class Report:
    """What a bureau measured of one substance at one emission point.

    Parameters
    ----------
    id
        Of the bureau's own; a correction has the same.
    site, emission_point, stream
        Identifiers in the record; the stream is that of the instrument under test, empty for a measurement beside none.
    bureau, accreditation
        Who measured, and the number of its accreditation; empty where it has none.
    standard
        Method, e.g. EN 14792.
    unit
        Of values and uncertainties: a concentration at reference conditions, toxic equivalents, or a mass flow. Of
        readings on gas it may be any.
    reference
        To which the gas was brought; None where it was not.
    load_unit
        Of `load` in the samples: `MW`, `t/h`, `%`.
    limit, share
        Of a QAL2 or AST: limit on the mean of a day [mg/m³], and the largest 95 % confidence interval as a percentage
        of it [%].
    limit_source
        Article or condition that says so.
    zero
        Raw signal at zero. [as the stream]
    function
        Of an AST: identifier of the calibration function that is tested.
    sigma_zero, sigma_span
        Standard deviation of the instrument at zero and span, of its certificate. [unit]
    found
        What the bureau itself came to: `passed`, `failed`, or empty.
    document
        SHA-256 of its report; empty where it is not in the record.
    simulated
        Whether it is invented.
    """

    id: Identifier
    site: Line
    emission_point: Identifier
    purpose: Purpose
    substance: Substance
    bureau: Line
    standard: Line
    unit: Line
    samples: tuple[Sample, ...] = ()
    pairs: tuple[ParallelPair, ...] = ()
    reference_materials: tuple[OnReference, ...] = ()
    readings: tuple[GasReading, ...] = ()
    stream: str = ""
    accreditation: str = ""
    reference: ReferenceConditions | None = None
    load_unit: str = ""
    limit: Positive = ""
    share: Positive = ""
    limit_source: str = ""
    zero: Number = ""
    function: str = ""
    sigma_zero: Positive = ""
    sigma_span: Positive = ""
    found: Annotated[str, Pattern(r"(passed|failed)?", "Write passed or failed, or leave it out.")] = ""
    document: Annotated[str, Pattern(r"([0-9a-f]{64})?", "Write the SHA-256 as 64 hexadecimal digits.")] = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.purpose in (Purpose.PERIODIC, Purpose.CONTROL):
            _require(self, "samples", "readings")
            object.__setattr__(self, "unit", unit(self.unit, *DIMENSIONS).name)
        elif self.purpose is Purpose.QAL3:
            _require(self, "readings", "samples", "pairs", "reference_materials")
        else:
            _require(self, "pairs", "readings")
            for name in ("stream", "limit", "share"):
                if not getattr(self, name):
                    raise fault(name, f"A {self.purpose} names its {name}.")
            if not 0 < Fraction(self.share) <= 100 or not Fraction(self.limit):
                raise fault("share", "A confidence interval is a part of a limit above zero.", self.share, "E.g. 20.")
        if self.purpose is Purpose.AST and not self.function:
            raise fault("function", "A yearly test names the calibration function that it tests.")
        _require_apart(self.samples)
        if any(one.load for one in self.samples) and not self.load_unit:
            raise fault("load_unit", "A load has a unit.", "", "E.g. MW.")

    @property
    def first(self) -> datetime:
        """Return when its first measurement began."""
        return min(start for start, _ in self._spans())

    @property
    def last(self) -> datetime:
        """Return when its last measurement ended."""
        return max(end for _, end in self._spans())

    @property
    def quantity(self) -> str:
        """Return by which name the scope of a submitter and the streams of a site know the substance."""
        return self.substance.id or self.substance.cas or self.substance.name

    def _spans(self) -> list[tuple[datetime, datetime]]:
        told = [(one.start, one.end) for one in self.samples]
        told += [(one.start, one.end) for one in self.pairs]
        told += [(one.at, one.at) for one in self.readings]
        return [(moment(start), moment(end)) for start, end in told]


@dataclass(frozen=True, slots=True)
class ParsedReports:
    """What an adapter made of one file with reports.

    `values_in == len(reports) + sum(skipped.values())` holds always.
    """

    reports: tuple[Report, ...]
    values_in: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values_in != len(self.reports) + sum(self.skipped.values()):
            raise ValueError("a report is neither kept nor counted as skipped")


def moment(text: str) -> datetime:
    """Return an aware moment."""
    return datetime.fromisoformat(text)


def number(text: str) -> Fraction | None:
    """Return a number; None for none."""
    return Fraction(text) if text else None


def record_id(report: str, submitter: str) -> str:
    """Return what tells one report from another: whose it is, and its own name."""
    return f"{submitter}:{report}"


def _require(report: Report, needed: str, *others: str) -> None:
    if not getattr(report, needed):
        raise fault(needed, f"A report of the purpose {report.purpose} has {needed}.")
    for name in others:
        if getattr(report, name):
            raise fault(name, f"A report of the purpose {report.purpose} has no {name}.")


def _require_moment(place: str, text: str) -> datetime:
    try:
        found = moment(text)
    except ValueError:
        raise fault(place, "This is not a moment.", text, "Write it as 2026-03-01T09:30+01:00.") from None
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise fault(place, "Nothing was measured in this year.", text)
    return found


def _require_period(start: str, end: str) -> None:
    if _require_moment("end", end) <= _require_moment("start", start):
        raise fault("end", "It ends before it begins.", f"{start} to {end}")


def _require_apart(samples: Sequence[Sample]) -> None:
    by_start = sorted(samples, key=lambda one: moment(one.start))
    for before, after in pairwise(by_start):
        if moment(after.start) < moment(before.end):
            raise fault("samples", "Two partial measurements are of the same time.", f"{before.start}, {after.start}")
