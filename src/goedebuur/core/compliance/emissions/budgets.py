"""How many days of a year dropped out, against how many may before the authority requires measures.

References
----------
Directive 2010/75/EU annex V part 3 (11), annex VI part 8; Bal 4.52, 4.91
"""

from __future__ import annotations

from dataclasses import dataclass

from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.regimes import Regime

MAY_DROP = frozenset({"meets-or-drops", "exceeds-or-drops", "missing", "readings-differ", "state-open"})
"""Codes of days of which it is not known whether they dropped out."""


@dataclass(frozen=True, slots=True)
class DaysVerdict:
    """What the days that dropped out of a year come to.

    Parameters
    ----------
    days, days_may
        That dropped out, and those that may have as well.
    """

    stream: str
    requirement: str
    article: str
    outcome: Outcome
    code: str
    days: int
    days_may: int
    allowed: int


def invalid_days(verdict: EmissionVerdict, regime: Regime) -> DaysVerdict | None:
    """Return what the days that dropped out come to; None where no text says how many may."""
    if regime.invalid_days_most is None:
        return None
    days = sum(one.code == "day-invalid" for one in verdict.periods)
    unsure = [one for one in verdict.periods if _may_drop(one, regime.discarded_most or 0)]
    may, most = days + len(unsure), regime.invalid_days_most
    if days > most:
        outcome, code = Outcome.EXCEEDS, "days-invalid-above"
    elif may > most:
        outcome, code = Outcome.UNDETERMINED, "limit-open" if any(one.counts.open for one in unsure) else "missing"
    else:
        outcome, code = Outcome.MEETS, "days-invalid-not-above"
    return DaysVerdict(verdict.stream, verdict.requirement, regime.article, outcome, code, days, may, most)


def _may_drop(one: PeriodOutcome, most: int) -> bool:
    """Return whether a day may have dropped out; also one of which it is open which limit binds, or of which no value
    is left."""
    lost = one.counts.missing + one.counts.discarded
    if one.code in MAY_DROP:
        return lost > 0
    return one.code != "day-invalid" and lost + one.counts.open > most
