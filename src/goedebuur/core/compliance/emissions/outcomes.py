"""What is said of an average, a day, a month or a year against a limit, with the numbers by which it is redone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.precedence import NOTHING


class Outcome(StrEnum):
    """What is said."""

    MEETS = "MEETS"
    EXCEEDS = "EXCEEDS"
    UNDETERMINED = "UNDETERMINED"
    NOT_JUDGED = "NOT_JUDGED"
    """Nothing is to be said: the day dropped out by the rules, the plant stood still, or no limit held."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many short averages, or days, were what in a period."""

    counted: int = 0
    may: int = 0
    missing: int = 0
    discarded: int = 0
    exempt: int = 0
    out_of_service: int = 0
    open: int = 0
    no_limit: int = 0

    @property
    def total(self) -> int:
        """Return how many there are in the period."""
        return sum(getattr(self, name) for name in Counts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class PeriodOutcome:
    """What is said of one period.

    Parameters
    ----------
    period, start
        `day` and `2026-03-01`; `month` and `2026-03`; `year` and `2026`.
    code
        Why; `wording.REASONS` has the sentence.
    low, high
        Mean after the most and after the least that is taken off, over what counts; None without. [mg/Nm³]
    limit_low, limit_high
        What it is held to. [mg/Nm³]
    over, over_may, allowed
        Averages above the limit for certain, those that may be, and how many may; None for means.
    n
        Averages, or days, of which the part is counted.
    """

    period: Averaging
    start: str
    outcome: Outcome
    code: str
    counts: Counts = field(default_factory=Counts)
    low: Fraction | None = None
    high: Fraction | None = None
    limit_low: Fraction | None = None
    limit_high: Fraction | None = None
    over: int | None = None
    over_may: int | None = None
    allowed: Fraction | None = None
    n: int = 0

    @property
    def room(self) -> Fraction | None:
        """Return which part of the limit is left at least; None without a mean. [1]"""
        if self.high is None or not self.limit_low:
            return None
        return 1 - self.high / self.limit_low

    def as_record(self) -> dict[str, Any]:
        """Return the outcome as plain fields: numbers as exact text."""
        told: dict[str, Any] = {"period": str(self.period), "start": self.start, "outcome": str(self.outcome)}
        told |= {"code": self.code, "n": self.n}
        told |= {name: value for name in Counts.__dataclass_fields__ if (value := getattr(self.counts, name))}
        for name in ("low", "high", "limit_low", "limit_high", "allowed"):
            value = getattr(self, name)
            if value is not None:
                told[name] = str(value)
        for name in ("over", "over_may"):
            if getattr(self, name) is not None:
                told[name] = getattr(self, name)
        return told


@dataclass(frozen=True, slots=True)
class EmissionVerdict:
    """What a year of one stream comes to against one requirement.

    Parameters
    ----------
    requirement
        Its name; `core/compliance/emissions/requirements.Requirement.name`.
    sources, articles
        Rows and conditions that bind in the year, and their articles, in order of day.
    year
        Of the whole year.
    periods
        Of its parts: days, months, or the periods in which a part of the averages is counted.
    question
        What a person must answer; empty where nothing is open.
    over
        In which period a share is counted; empty where each average counts by itself.
    during
        State of the plant in which it counts; empty for the normal one.
    unit
        Of its numbers.
    layers
        Who set the limits that bind (`core/permits/precedence.Origin`); where that is open, of all that may.
    """

    stream: str
    requirement: str
    substance: str
    averaging: Averaging
    share: str
    floor: bool
    alternative: str
    sources: tuple[str, ...]
    articles: tuple[str, ...]
    year: PeriodOutcome
    periods: tuple[PeriodOutcome, ...]
    question: Text = NOTHING
    over: str = ""
    during: str = ""
    unit: str = ""
    layers: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Return what is said of the year."""
        return self.year.outcome


def agreed(found: list[PeriodOutcome]) -> PeriodOutcome:
    """Return what all readings of one period say together: where they differ, nothing."""
    first = found[0]
    if all(one.outcome is first.outcome for one in found):
        return first
    unsure = next((one for one in found if one.outcome is Outcome.UNDETERMINED), first)
    code = unsure.code if unsure.outcome is Outcome.UNDETERMINED else "readings-differ"
    return PeriodOutcome(
        unsure.period,
        unsure.start,
        Outcome.UNDETERMINED,
        code,
        counts=unsure.counts,
        low=unsure.low,
        high=unsure.high,
        limit_low=unsure.limit_low,
        limit_high=unsure.limit_high,
        over=unsure.over,
        over_may=unsure.over_may,
        allowed=unsure.allowed,
        n=unsure.n,
    )
