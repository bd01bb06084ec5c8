"""The computable form of a condition, one record a kind: what a program needs to say whether it is met.

Each form is the least that can be judged by; what more the text says stays in the text as granted. A kind of condition
that a program can't judge (a technique, a study) has a form too: what must be there, and by when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from goedebuur.core.base.plain import Decimal, Line, Pattern, Signed, Words, fault
from goedebuur.core.permits import rules
from goedebuur.core.permits.limits import EACH, Averaging, EmissionLimit, Exemption, Statistic, Substance
from goedebuur.core.permits.units import unit

ClockTime = Annotated[str, Pattern(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", "Write a time as 07:00.")]
Percent = Annotated[str, Pattern(r"([0-9]{1,2}(\.[0-9]{1,3})?)?", "Write a percentage under 100, as 98.")]


class ConditionKind(StrEnum):
    """What a condition is about."""

    EMISSION_LIMIT = "emission_limit"
    LOAD_CAP = "load_cap"
    TECHNIQUE = "technique"
    MEASURING_DUTY = "measuring_duty"
    STUDY_DUTY = "study_duty"
    DEADLINE = "deadline"
    ODOUR = "odour"
    NOISE = "noise"
    WATER_DISCHARGE = "water_discharge"


class Comparison(StrEnum):
    """On which side of a number a value must be."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Manner(StrEnum):
    """How something is measured."""

    CONTINUOUS = "continuous"
    PERIODIC = "periodic"
    CALCULATED = "calculated"


class NoiseIndicator(StrEnum):
    """Which level of noise: the long-term rated level, the peak level, or those over a year."""

    LAR_LT = "lar_lt"
    LA_MAX = "la_max"
    L_DEN = "l_den"
    L_NIGHT = "l_night"


class Sampling(StrEnum):
    """How a sample of discharged water is taken."""

    GRAB = "grab"
    TIME_PROPORTIONAL = "time_proportional"
    FLOW_PROPORTIONAL = "flow_proportional"


@dataclass(frozen=True, slots=True)
class Point:
    """A place at which a level is judged. RD New, and height above the ground. [m]"""

    name: Line
    x: Decimal
    y: Decimal
    height: Annotated[str, Pattern(r"([0-9]{1,3}(\.[0-9]{1,2})?)?", "Write metres, as 1.5.")] = ""

    def __post_init__(self) -> None:
        if not (-7_000 <= Fraction(self.x) <= 300_000 and 289_000 <= Fraction(self.y) <= 629_000):
            raise fault(
                "x",
                "This place is not in the Netherlands.",
                f"{self.x}, {self.y}",
                "RD New in metres.",
                check=rules.PLACE,
            )


@dataclass(frozen=True, slots=True)
class Requirement:
    """A number that says whether a technique is in use as it should be: `temperature at least 850 °C`."""

    parameter: Line
    comparison: Comparison
    value: Signed
    unit: Line
    averaging: Averaging | None = None


@dataclass(frozen=True, slots=True)
class LoadCap:
    """What may be emitted of a substance in a period at most, by all points of the condition together.

    Parameters
    ----------
    unit
        Of mass: `kg`, `t`.
    period
        Over which it is added up, e.g. a calendar year.
    """

    substance: Substance
    value: Decimal
    unit: Line
    period: Averaging
    exemptions: tuple[Exemption, ...] = ()

    def __post_init__(self) -> None:
        found = unit(self.unit, "mass", "mass of toxic equivalents", "odour flow")
        object.__setattr__(self, "unit", found.name)
        if self.period in (Averaging.SPOT, Averaging.SAMPLING_PERIOD):
            raise fault(
                "period",
                "A load is added up over a period of the calendar.",
                self.period,
                "E.g. year.",
                check=rules.LOAD_PERIOD,
            )


@dataclass(frozen=True, slots=True)
class Technique:
    """A technique that must be in use, and the numbers by which that is seen."""

    technique: Line
    requirements: tuple[Requirement, ...] = ()
    when: str = ""
    """In which states of the plant; empty for always."""


@dataclass(frozen=True, slots=True)
class MeasuringDuty:
    """What must be measured, how, how often, and when it is reported.

    Parameters
    ----------
    subjects
        Substances or quantities.
    times, months
        How many times in how many months; None for a continuous measurement.
    report_within
        Days after the measurement; None where it is not stated.
    """

    subjects: tuple[Substance, ...]
    manner: Manner
    times: int | None = None
    months: int | None = None
    standards: tuple[Line, ...] = ()
    report_within: int | None = None

    def __post_init__(self) -> None:
        if not self.subjects:
            raise fault("subjects", "A duty to measure names what is measured.", check=rules.DUTY_OF_WHAT)
        if (self.manner is Manner.PERIODIC) != (self.times is not None and self.months is not None):
            raise fault(
                "times",
                "How often (`times` in `months`) goes with a periodic measurement, and with no other.",
                check=rules.HOW_OFTEN,
            )
        for name in ("times", "months", "report_within"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                raise fault(
                    name, "This is not a number of times, months or days.", getattr(self, name), check=rules.NUMBER_OF
                )


@dataclass(frozen=True, slots=True)
class StudyDuty:
    """What must be studied, and by when the report is there; `again` months after that once more."""

    subject: Words
    due: date
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """What must have been done by a day."""

    action: Words
    due: date


@dataclass(frozen=True, slots=True)
class Odour:
    """What odour there may be at places (`ouE/m³`, with the percentile of the hours), or leave the site (`ouE/h`)."""

    value: Decimal
    unit: Line
    percentile: Percent = ""
    points: tuple[Point, ...] = ()
    objects: str = ""
    """At which kind of buildings or areas, in words; empty where the points say it."""

    def __post_init__(self) -> None:
        found = unit(self.unit, "odour concentration", "odour flow")
        object.__setattr__(self, "unit", found.name)
        if (found.dimension == "odour concentration") != bool(self.percentile):
            raise fault(
                "percentile",
                "A percentile of the hours goes with a concentration (ouE/m³), and with no flow.",
                check=rules.PERCENTILE,
            )
        if self.percentile and not (self.points or self.objects):
            raise fault(
                "points",
                "An odour concentration holds at places: give `points`, or `objects` in words.",
                check=rules.ODOUR_PLACES,
            )


@dataclass(frozen=True, slots=True)
class NoiseLevel:
    """The level that holds from one time of day to another."""

    start: ClockTime
    end: ClockTime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Noise:
    """Which level of noise there may be at points, by part of the day. [dB(A)]"""

    indicator: NoiseIndicator
    levels: tuple[NoiseLevel, ...]
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        for name in ("levels", "points"):
            if not getattr(self, name):
                raise fault(
                    name,
                    "A condition on noise names levels by part of the day, and the points where.",
                    check=rules.NOISE_LEVELS,
                )
        starts = [one.start for one in self.levels]
        if len(set(starts)) != len(starts):
            raise fault(
                "levels", "Two levels begin at the same time of day.", ", ".join(starts), check=rules.NOISE_ONCE
            )


@dataclass(frozen=True, slots=True)
class WaterDischarge:
    """What may be in water that is discharged, or how much of it there may be."""

    substance: Substance
    value: Decimal
    unit: Line
    averaging: Averaging
    sampling: Sampling | None = None
    statistic: Statistic = EACH
    receiving: str = ""
    """Water or sewer on which is discharged."""
    comparison: Comparison = Comparison.AT_MOST

    def __post_init__(self) -> None:
        dimensions = ("concentration in water", "flow of water", "mass", "acidity", "temperature", "heat")
        object.__setattr__(self, "unit", unit(self.unit, *dimensions).name)


Form = EmissionLimit | LoadCap | Technique | MeasuringDuty | StudyDuty | Deadline | Odour | Noise | WaterDischarge

FORMS: Final[dict[ConditionKind, type[Form]]] = {
    ConditionKind.EMISSION_LIMIT: EmissionLimit,
    ConditionKind.LOAD_CAP: LoadCap,
    ConditionKind.TECHNIQUE: Technique,
    ConditionKind.MEASURING_DUTY: MeasuringDuty,
    ConditionKind.STUDY_DUTY: StudyDuty,
    ConditionKind.DEADLINE: Deadline,
    ConditionKind.ODOUR: Odour,
    ConditionKind.NOISE: Noise,
    ConditionKind.WATER_DISCHARGE: WaterDischarge,
}
"""Which form a condition of each kind has."""
