"""Days that dropped out of a year, and those of which nobody can say whether they did."""

from __future__ import annotations

from datetime import date

import pytest

from goedebuur.core.compliance.emissions import budgets
from goedebuur.core.compliance.emissions.outcomes import Counts, EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.core.permits.limits import Averaging
from goedebuur.rules import regimes

OPEN = ("limit-open", Counts(open=48))
EMPTY = ("nothing-valid", Counts(discarded=48))
FEW = ("nothing-valid", Counts(discarded=5, out_of_service=43))


def verdict(code: str, counts: Counts, days: int) -> EmissionVerdict:
    def day(number: int) -> PeriodOutcome:
        outcome = Outcome.NOT_JUDGED if code == "nothing-valid" else Outcome.UNDETERMINED
        return PeriodOutcome(Averaging.DAY, f"2026-03-{number:02d}", outcome, code, counts)

    year = PeriodOutcome(Averaging.YEAR, "2026", Outcome.UNDETERMINED, "part-open")
    periods = tuple(day(number) for number in range(1, days + 1))
    return EmissionVerdict("s", "nox-day", "nox", Averaging.DAY, "100", False, "", (), (), year, periods)


@pytest.mark.parametrize(
    ("code", "counts", "days", "outcome"),
    # 10 days may drop out in a year, each by more than 5 half hours (Bal 4.91)
    [
        (*OPEN, 10, Outcome.MEETS),
        (*OPEN, 11, Outcome.UNDETERMINED),
        (*EMPTY, 11, Outcome.UNDETERMINED),
        (*FEW, 11, Outcome.MEETS),
    ],
)
def test_days_that_nobody_can_judge_may_have_dropped_out(
    code: str, counts: Counts, days: int, outcome: Outcome
) -> None:
    regime = regimes.book().named("bal.4.4", date(2026, 3, 3))
    assert regime is not None
    found = budgets.invalid_days(verdict(code, counts, days), regime)
    assert found is not None
    assert found.outcome is outcome
    assert (found.days, found.days_may) == (0, 0 if (code, counts) == FEW else days)
