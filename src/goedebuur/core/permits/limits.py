"""The one limit model of the product: a number that binds, what it is held against, and from when to when.

A limit on an emission says of one substance which averages must stay under which value, under which conditions of the
gas, and in which states of the plant it does not count. Limits of law (`rules/tables/emission_limits.csv`), conditions
of a permit and tailored conditions are all of this form; the level says which. What every limit shares, those of the
air outside too (`core/compliance/rows.py`), is :class:`Bound`.

References
----------
Directive 2010/75/EU Annex V parts 3-4, Annex VI part 8; Bal 4.44, 4.90, 5.37
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from goedebuur.core.base.plain import Decimal, Line, Pattern, fault
from goedebuur.core.base.sourced import Status, Text, holds
from goedebuur.core.permits import rules
from goedebuur.core.permits.units import unit

LIMIT_DIMENSIONS: Final = (
    *("concentration", "concentration as it is", "toxic equivalents", "energy", "product", "mass flow"),
    "part of the input",
)
Cas = Annotated[
    str, Pattern(r"([1-9][0-9]{1,6}-[0-9]{2}-[0-9])?", "Write the CAS number as 7446-09-5, or leave it out.")
]
SubstanceId = Annotated[str, Pattern(r"([a-z0-9][a-z0-9_]*)?", "Write the name in the table of substances, as nox.")]


class Level(StrEnum):
    """Who set a limit: the European Union, the national legislator, or the authority for one site."""

    EU = "eu"
    NATIONAL = "national"
    SITE = "site"


class Averaging(StrEnum):
    """Over which time one average is taken before it is held against a value."""

    SPOT = "spot"
    """One sample at one moment."""
    TEN_MINUTES = "ten_minutes"
    HALF_HOUR = "half_hour"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SAMPLING_PERIOD = "sampling_period"
    """The mean of the partial measurements of one periodic measurement."""
    NOT_STATED = "not_stated"
    """The text does not say; a person must find out before anything can be judged."""


class Tailoring(StrEnum):
    """What a condition does with the general rule. None where the decision does not say."""

    TIGHTENS = "tightens"
    RELAXES = "relaxes"
    BESIDE = "beside"
    """It leaves the general rule as it is; both must be met."""


class OperatingState(StrEnum):
    """A state of the plant in which a limit may not count."""

    START_UP = "start_up"
    SHUT_DOWN = "shut_down"
    MALFUNCTION = "malfunction"
    ABATEMENT_FAILURE = "abatement_failure"
    FUEL_INTERRUPTION = "fuel_interruption"
    MAINTENANCE = "maintenance"
    ABNORMAL_OPERATION = "abnormal_operation"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What every limit shares: from when to when it binds, where it is written, and how sure we are of that.

    Parameters
    ----------
    valid_from, valid_to
        First and last day on which it binds (or, for an objective, on which it is to be attained); None: still open.
    reference, article
        What was read, and the article in it.
    question
        What a person must answer before there is a verdict; empty for a confirmed row without open condition.
    """

    id: str
    valid_from: date
    valid_to: date | None
    reference: str
    article: str
    status: Status
    question: Text

    def in_force(self, on: date) -> bool:
        """Return whether the limit binds on a day."""
        return holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class Substance:
    """What a limit is about, as it is named where it is written.

    Parameters
    ----------
    name
        As written: `stikstofoxiden (als NO2)`.
    cas
        CAS number; empty for what is not one substance, and where it is not named.
    id
        Name in the table of substances, by which limits of several levels are held together; empty where a person has
        not said yet which row it is.
    """

    name: Line
    cas: Cas = ""
    id: SubstanceId = ""

    def __post_init__(self) -> None:
        digits = self.cas.replace("-", "")
        if digits:
            weighed = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1))
            if weighed % 10 != int(digits[-1]):
                raise fault(
                    "cas", "The last digit of this CAS number does not fit the others.", self.cas, check=rules.CAS_DIGIT
                )


@dataclass(frozen=True, slots=True)
class ReferenceConditions:
    """The gas to which a concentration is brought before it is held against a limit; empty is not stated.

    Parameters
    ----------
    oxygen
        Content of oxygen. [% by volume]
    dry
        Whether without water vapour; None where it is not stated.
    temperature, pressure
        Of the normal cubic metre. [K], [kPa]
    """

    oxygen: Annotated[str, Pattern(r"([0-9]{1,2}(\.[0-9]{1,3})?)?", "Write a percentage, as 11.")] = ""
    dry: bool | None = None
    temperature: Annotated[str, Pattern(r"([0-9]{2,4}(\.[0-9]{1,3})?)?", "Write kelvin, as 273.15.")] = ""
    pressure: Annotated[str, Pattern(r"([0-9]{1,4}(\.[0-9]{1,3})?)?", "Write kilopascal, as 101.3.")] = ""

    def __post_init__(self) -> None:
        if self.oxygen and not 0 <= Fraction(self.oxygen) < 21:
            raise fault(
                "oxygen",
                "A gas brought to this content of oxygen does not exist.",
                self.oxygen,
                "0 to 21 %.",
                check=rules.OXYGEN,
            )


@dataclass(frozen=True, slots=True)
class Statistic:
    """Which of the averages must stay under which part of the value.

    Parameters
    ----------
    share
        Part of the averages that must. [%]
    factor
        Part of the value under which they must stay. [%] `110` for the daily means of Directive 2010/75/EU Annex V.
    over
        In which period the part is counted; None where each average counts by itself.
    """

    share: Decimal = "100"
    factor: Decimal = "100"
    over: Averaging | None = None

    def __post_init__(self) -> None:
        if not 0 < Fraction(self.share) <= 100:
            raise fault(
                "share",
                "This is not a part of the averages.",
                self.share,
                "More than 0, at most 100 %.",
                check=rules.SHARE,
            )
        if Fraction(self.factor) <= 0:
            raise fault("factor", "This is not a part of the value.", self.factor, "More than 0 %.", check=rules.FACTOR)
        if (Fraction(self.share) < 100) != (self.over is not None):
            raise fault(
                "over",
                "A part of the averages goes with the period in which it is counted, and all of them with none.",
                self.over or "",
                "Give `over` with a share under 100, e.g. year.",
                check=rules.SHARE_OVER,
            )


EACH: Final = Statistic()


@dataclass(frozen=True, slots=True)
class Exemption:
    """A state of the plant in which a limit does not count.

    Parameters
    ----------
    hours
        How many hours a year at most; None where it is not stated.
    condition
        What else is needed, in words.
    """

    state: OperatingState
    article: str = ""
    hours: int | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit."""

    value: Decimal
    unit: Line

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", unit(self.unit).name)


@dataclass(frozen=True, slots=True)
class EmissionLimit:
    """What an average of one substance in a waste gas must not exceed.

    Parameters
    ----------
    value
        As written, e.g. `37.5`. [unit]
    averaging, statistic
        Over which time one average is taken, and which of them must stay under which part of the value.
    reference
        Gas to which the concentration is brought; None where it is not stated.
    exemptions
        States of the plant in which the limit does not count.
    level
        Who set it.
    tailored
        What a tailored condition does with the general rule; None for what is none.
    above
        Emission of one point in a year from which the limit counts; None where it counts always.
    alternative
        Name of a set of limits of which it is enough to meet one; empty where this one must be met.
    during
        State of the plant in which alone it counts; None for the normal state.
    """

    substance: Substance
    value: Decimal
    unit: Line
    averaging: Averaging
    statistic: Statistic = EACH
    reference: ReferenceConditions | None = None
    exemptions: tuple[Exemption, ...] = ()
    level: Level = Level.SITE
    tailored: Tailoring | None = None
    above: Amount | None = None
    alternative: str = ""
    during: OperatingState | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", unit(self.unit, *LIMIT_DIMENSIONS).name)
        if self.tailored is not None and self.level is not Level.SITE:
            raise fault(
                "tailored", "Only a condition for one site can be tailored.", self.tailored, check=rules.TAILORED
            )
        if self.above is not None and not unit(self.above.unit).dimension.startswith("mass"):
            raise fault(
                "above.unit",
                "The emission from which a limit counts is a mass in a year.",
                self.above.unit,
                check=rules.ABOVE,
            )

    @property
    def exact(self) -> Fraction:
        """Return the value in the first unit of its dimension."""
        return Fraction(self.value) * unit(self.unit).ratio

    @property
    def binding_value(self) -> Fraction:
        """Return the value that the averages must not exceed, with the factor of the statistic; see :attr:`exact`."""
        return self.exact * Fraction(self.statistic.factor) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionRule(Bound):
    """A limit on an emission in a general rule: a row of `rules/tables/emission_limits.csv`.

    Parameters
    ----------
    set
        Rules that belong together, e.g. `bal.4.73`.
    activity, case
        To what it applies: the activity, and the fuel, plant or date that the row is for; the case may be empty.
    limit
        What it says. Of several contents of oxygen (`oxygen`) none is in it: which holds depends on the fuel.
    oxygen
        Contents of oxygen of which one holds; empty where the row names one or none. [% by volume]
    ceiling
        Up to which value a tailored condition may relax it; empty where it names none. [unit of the limit]
    ceiling_case
        When it may; empty for always.
    """

    set: str
    activity: Text
    case: Text
    limit: EmissionLimit
    oxygen: tuple[str, ...]
    ceiling: str
    ceiling_case: Text
