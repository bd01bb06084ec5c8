"""Limits of which it is enough to meet one.

References
----------
Directive 2010/75/EU annex VI part 8, 1.1 (b) and (d)
"""

from __future__ import annotations

from collections.abc import Sequence

from goedebuur.core.compliance.emissions.days import rolled
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.core.permits.limits import Averaging


def judge(found: Sequence[EmissionVerdict]) -> dict[tuple[str, bool], PeriodOutcome]:
    """Return (set of alternatives, floor) → what it comes to when it is enough to meet one of its limits.

    Where a part of the averages is counted over a day, the choice is made for each day; otherwise for the year.
    """
    groups: dict[tuple[str, bool], list[EmissionVerdict]] = {}
    for one in found:
        if one.alternative:
            groups.setdefault((one.alternative, one.floor), []).append(one)
    return {name: _enough(ones) for name, ones in groups.items()}


def _enough(ones: Sequence[EmissionVerdict]) -> PeriodOutcome:
    by_day = any(one.share != "100" and one.periods and one.periods[0].period is Averaging.DAY for one in ones)
    if not by_day or not all(one.periods for one in ones):
        return _one_of([one.year for one in ones])
    days = [_one_of(list(same)) for same in zip(*(one.periods for one in ones), strict=True)]
    return rolled(days, Averaging.YEAR, ones[0].year.start, "none-met", "one-suffices")


def _one_of(found: Sequence[PeriodOutcome]) -> PeriodOutcome:
    judged = [one for one in found if one.outcome is not Outcome.NOT_JUDGED]
    first = found[0]
    if not judged:
        return PeriodOutcome(first.period, first.start, Outcome.NOT_JUDGED, "nothing-counts")
    if any(one.outcome is Outcome.MEETS for one in judged):
        return PeriodOutcome(first.period, first.start, Outcome.MEETS, "one-suffices")
    if len(judged) == len(found) and all(one.outcome is Outcome.EXCEEDS for one in judged):
        return PeriodOutcome(first.period, first.start, Outcome.EXCEEDS, "none-met")
    return PeriodOutcome(first.period, first.start, Outcome.UNDETERMINED, "part-open")
