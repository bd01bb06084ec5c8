"""Measurements by a laboratory against a limit: partial measurements, each or their mean, less the uncertainty.

References
----------
Bal 4.84, 4.88, 5.35, 5.36
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import wording
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.compliance.emissions.regimes import Judged, SamplingRule
from goedebuur.core.compliance.emissions.requirements import Held
from goedebuur.core.permits.precedence import NOTHING


@dataclass(frozen=True, slots=True)
class Sample:
    """One partial measurement.

    Parameters
    ----------
    value
        At the reference conditions of the limit. [unit of the limit: mg/Nm³ or ng TEQ/Nm³]
    expanded
        Half the width of its 95 % confidence interval; None: not given. [as the value]
    """

    start: datetime
    end: datetime
    value: Fraction
    expanded: Fraction | None = None

    @property
    def minutes(self) -> Fraction:
        """Return how long it lasted. [min]"""
        return Fraction((self.end - self.start).total_seconds()) / 60


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is left of one value, and how it stands to the limit by the strictest and the mildest reading."""

    low: Fraction
    high: Fraction
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PeriodicVerdict:
    """What a periodic measurement comes to against a limit."""

    outcome: Outcome
    code: str
    each: tuple[Judgement, ...]
    mean: Judgement | None
    question: Text = NOTHING


def judge(samples: Sequence[Sample], held: Held, rule: SamplingRule | None) -> PeriodicVerdict:
    """Return what partial measurements come to against the limit of their day.

    Fewer samples than the rule asks, or of another length, are no measurement in the sense of the rule: whatever they
    say, nothing is concluded.
    """
    each = tuple(_judgement(one.value, one.expanded, held) for one in samples)
    if rule is None or not rule.status.decides or not samples:
        question = rule.question if rule is not None else wording.NO_REGIME
        return PeriodicVerdict(Outcome.UNDETERMINED, "uncertainty-open", each, None, question)
    mean = _mean(samples, held)
    if len(samples) < min(rule.samples):
        return PeriodicVerdict(Outcome.UNDETERMINED, "samples-too-few", each, mean)
    if any(not rule.least_minutes <= one.minutes <= rule.most_minutes for one in samples):
        return PeriodicVerdict(Outcome.UNDETERMINED, "samples-length", each, mean, rule.question)
    if len(samples) < max(rule.samples):
        return PeriodicVerdict(Outcome.UNDETERMINED, "readings-differ", each, mean, rule.question)
    readings = {Judged.EACH: _all_of(each), Judged.MEAN: mean.outcome}
    found = {readings[one] for one in rule.judged}
    if len(found) > 1:
        return PeriodicVerdict(Outcome.UNDETERMINED, "readings-differ", each, mean, rule.question)
    outcome = found.pop()
    codes = {Outcome.MEETS: "averages-not-above", Outcome.EXCEEDS: "average-above"}
    question = held.question or wording.SHOWN if outcome is Outcome.UNDETERMINED else Text()
    return PeriodicVerdict(outcome, codes.get(outcome, "uncertainty-open"), each, mean, question)


def _judgement(value: Fraction, expanded: Fraction | None, held: Held) -> Judgement:
    least, most = held.taken(expanded)
    high = max(value - least, Fraction(0))
    low = Fraction(0) if most is None else max(value - most, Fraction(0))
    if low > held.high:
        outcome = Outcome.EXCEEDS
    elif high <= held.low:
        outcome = Outcome.MEETS
    else:
        outcome = Outcome.UNDETERMINED
    return Judgement(low, high, outcome)


def _mean(samples: Sequence[Sample], held: Held) -> Judgement:
    """Return the mean of what is left of each: the uncertainty comes off before a mean is taken."""
    each = [_judgement(one.value, one.expanded, held) for one in samples]
    n = len(each)
    low, high = sum((one.low for one in each), Fraction(0)) / n, sum((one.high for one in each), Fraction(0)) / n
    outcome = Outcome.EXCEEDS if low > held.high else Outcome.MEETS if high <= held.low else Outcome.UNDETERMINED
    return Judgement(low, high, outcome)


def _all_of(each: Sequence[Judgement]) -> Outcome:
    outcomes = {one.outcome for one in each}
    for outcome in (Outcome.EXCEEDS, Outcome.UNDETERMINED):
        if outcome in outcomes:
            return outcome
    return Outcome.MEETS
