"""What a rule is: rows of the rule tables, typed and valid from birth.

A :class:`Limit` is a number of the law, with the dates between which it binds; a :class:`Guideline` is advice, with
the day on which it was published and no force. They share the :class:`Measure`: what is computed and held against a
value. The rows themselves are in `rules/tables`; nothing here knows a legal number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.permits.limits import Bound

Share = tuple[int, int]
"""Numerator and denominator of a part of the data."""


class LimitKind(StrEnum):
    """What a number in the law is. Only a limit value must be met; the words differ by kind."""

    LIMIT_VALUE = "limit_value"
    TARGET_VALUE = "target_value"
    LONG_TERM_OBJECTIVE = "long_term_objective"
    CRITICAL_LEVEL = "critical_level"
    ALERT_THRESHOLD = "alert_threshold"
    INFORMATION_THRESHOLD = "information_threshold"
    EXPOSURE_OBJECTIVE = "exposure_objective"


class GuidelineLevel(StrEnum):
    """Which of the levels of a guideline: the guideline itself, or a step on the way to it."""

    GUIDELINE = "guideline"
    INTERIM_TARGET_1 = "interim_target_1"
    INTERIM_TARGET_2 = "interim_target_2"
    INTERIM_TARGET_3 = "interim_target_3"
    INTERIM_TARGET_4 = "interim_target_4"


class Statistic(StrEnum):
    """What is computed from a year of measurements before it is held against a value."""

    YEAR_MEAN = "year_mean"
    WINTER_MEAN = "winter_mean"
    HOURS_ABOVE = "hours_above"
    DAYS_ABOVE = "days_above"
    DAY_MAX_8H_ABOVE = "day_max_8h_above"
    DAY_MAX_8H_ABOVE_YEARS = "day_max_8h_above_years"
    CONSECUTIVE_HOURS_ABOVE = "consecutive_hours_above"
    DAY_PERCENTILE = "day_percentile"
    DAY_MAX_8H_PERCENTILE = "day_max_8h_percentile"
    PEAK_SEASON = "peak_season"
    TEN_MINUTE_ABOVE = "ten_minute_above"
    FIFTEEN_MINUTE_ABOVE = "fifteen_minute_above"
    EXPOSURE_INDEX = "exposure_index"
    """A figure for an area, recorded in the table and not computed for a sampling point."""


class CaptureBase(StrEnum):
    """Of what the required part of the year is counted."""

    HOURS = "hours"
    DAYS = "days"
    DAY_MAXIMA = "day_maxima"
    SUMMER_MONTHS = "summer_months"
    SAME = "same"
    """Of the same values that the statistic is made of."""


class Effect(StrEnum):
    """What a rule of assessment does to a verdict."""

    READINGS = "readings"
    """Leaves more than one reading open: all of them must give the same outcome, or a person must choose."""
    RESERVATION = "reservation"
    """Is said with an exceedance, and changes no outcome."""
    NOTE = "note"
    """Is said in the explanation of every verdict."""


@dataclass(frozen=True, slots=True)
class Capture:
    """How much must have been measured before a statistic may be called known.

    Parameters
    ----------
    hour, eight_hour, day_max_8h
        Part of an hour, of eight hours, of the running means of a day. None where no statistic needs it.
    day
        Part of the hours of a day; more than one where it is open which holds.
    year
        Part of the year; likewise.
    year_of
        Of what `year` is a part.
    month_days, month_hours
        For summer months: days with a valid maximum, and part of the hours between 8 and 20 CET, that make a month
        count. None elsewhere.
    maintenance
        Part that may be lost to calibration and maintenance on top; a person must say how much was.
    """

    id: str
    hour: Share
    eight_hour: Share | None
    day: tuple[Share, ...]
    day_max_8h: Share | None
    year: tuple[Share, ...]
    year_of: CaptureBase
    month_days: int | None
    month_hours: Share | None
    maintenance: Share | None
    reference: str
    article: str
    status: Status
    question: Text


@dataclass(frozen=True, slots=True)
class Measure:
    """What is computed, and the value it is held against.

    Parameters
    ----------
    value
        As written in the table, e.g. `37.5`. [unit]
    micro
        The same, exactly. [10⁻⁶ canonical units]
    step
        Size of the last digit of the value: to this a mean is rounded where rounding applies. [10⁻⁶ canonical units]
    """

    quantity: str
    statistic: Statistic
    value: str
    unit: str
    micro: int
    step: int
    clock: Clock
    capture: Capture | None

    @property
    def decimals(self) -> int:
        """Return the number of decimals with which the value is written."""
        return len(self.value.partition(".")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Bound):
    """A number of the law for the air outside.

    Parameters
    ----------
    allowed
        How often the value may be exceeded in a year; None for a mean.
    consecutive
        How many hours in a row make one exceedance; None where each counts.
    years
        Over how many years the number of exceedances is averaged.
    reservation
        What is said with every verdict on this row.
    """

    set: str
    kind: LimitKind
    measure: Measure
    allowed: int | None
    consecutive: int | None
    years: int
    reservation: Text


@dataclass(frozen=True, slots=True)
class Guideline:
    """A number of advice, which binds nobody.

    Parameters
    ----------
    percentile
        Which percentile of the year must not be above the value; None for a mean or a maximum.
    published
        Day from which there was this advice.
    """

    id: str
    set: str
    level: GuidelineLevel
    measure: Measure
    percentile: Fraction | None
    published: date
    reference: str
    article: str
    status: Status
    question: Text


Rule = Limit | Guideline


@dataclass(frozen=True, slots=True)
class AssessmentRule:
    """A rule on how to assess: rounding, ranks, deductions, clock. See :class:`Effect`."""

    id: str
    effect: Effect
    sets: tuple[str, ...]
    quantity: str
    readings: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    reference: str
    article: str
    status: Status
    text: Text

    def applies(self, rule: Rule) -> bool:
        """Return whether this concerns a rule."""
        return rule.set in self.sets and self.quantity in ("", rule.measure.quantity)


@dataclass(frozen=True, slots=True)
class QualityObjective:
    """How uncertain a fixed measurement may be at most under the directive: a demand, not a measured uncertainty.

    Parameters
    ----------
    expanded
        Expanded uncertainty at 95 %, as a part of the value, near the limit value.
    at
        The limit value of a year's mean; None where there is none, and so nothing is said of a mean.
    """

    id: str
    quantity: str
    expanded: Share
    at: Limit | None
    reference: str
    article: str
    status: Status


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rule tables together, and the digest that names them in a receipt."""

    limits: tuple[Limit, ...]
    guidelines: tuple[Guideline, ...]
    captures: tuple[Capture, ...]
    assessment: tuple[AssessmentRule, ...]
    sha256: str
    objectives: tuple[QualityObjective, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the limits, then the guidelines."""
        found: list[Rule] = [*self.limits]
        found += self.guidelines
        return tuple(found)

    def objective(self, quantity: str) -> QualityObjective | None:
        """Return how uncertain a year's mean of a quantity may be at most; None where the tables do not tell."""
        return next((row for row in self.objectives if row.quantity == quantity and row.at is not None), None)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the limit or guideline with this identifier, None without."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def concerning(self, rule: Rule, effect: Effect) -> tuple[AssessmentRule, ...]:
        """Return the rules of assessment with this effect that concern a rule."""
        return tuple(found for found in self.assessment if found.effect is effect and found.applies(rule))

    def readings(self, rule: Rule, subject: str, otherwise: str) -> tuple[str, ...]:
        """Return the readings of a subject that are open for a rule; the one given where the tables name none."""
        for found in self.concerning(rule, Effect.READINGS):
            if found.id == subject:
                return found.readings
        return (otherwise,)
