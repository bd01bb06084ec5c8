"""Range surveillance: both sides of 5 % in more than five weeks, and of 40 % in one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import polars as pl
import pytest
from tests.core.emissions.en14181.measured import DAY, SHIPPED

from goedebuur.core.base.periods import Clock
from goedebuur.core.emissions.en14181.criteria import Outcome
from goedebuur.core.emissions.en14181.ranges import Week, by_week, watch

MONDAY = date(2026, 1, 5)


def weeks(*outside: int, of: int = 100) -> tuple[Week, ...]:
    return tuple(Week(MONDAY + timedelta(weeks=n), of, out) for n, out in enumerate(outside))


@pytest.mark.parametrize(
    ("outside", "outcome"),
    [
        ((6, 6, 6, 6, 6), Outcome.PASSED),
        ((6, 6, 6, 6, 6, 5), Outcome.PASSED),
        ((6, 6, 6, 6, 6, 6), Outcome.FAILED),
        ((6, 0, 6, 0, 6, 0, 6, 0, 6, 0, 6), Outcome.FAILED),
        ((40,), Outcome.PASSED),
        ((41,), Outcome.FAILED),
        ((), Outcome.PASSED),
    ],
)
def test_new_calibration_is_due_beyond_each_edge(outside: tuple[int, ...], outcome: Outcome) -> None:
    assert watch(weeks(*outside), SHIPPED, DAY).outcome is outcome


@pytest.mark.parametrize(
    ("below", "outcome"),
    # of 50 values outside in a week 9 above the range are under 40 %, 41 are over it
    [(41, Outcome.UNDETERMINED), (9, Outcome.FAILED)],
)
def test_values_below_the_range_alone_call_for_no_new_calibration(below: int, outcome: Outcome) -> None:
    found = watch((Week(MONDAY, 100, 50, below),), SHIPPED, DAY)
    assert found.outcome is outcome
    assert (found.due_from is None) is (outcome is Outcome.UNDETERMINED)
    assert bool(found.checks[1].questions) is (outcome is Outcome.UNDETERMINED)


def test_weeks_with_values_below_the_range_count_only_by_what_lies_above() -> None:
    clean = tuple(Week(MONDAY + timedelta(weeks=n), 100, 38, 38) for n in range(6))
    assert watch(clean, SHIPPED, DAY).outcome is Outcome.UNDETERMINED
    assert watch(clean, SHIPPED, DAY).due_from is None


def test_it_is_due_after_the_first_week_that_makes_it_so() -> None:
    found = watch(weeks(6, 6, 6, 6, 6, 6, 41), SHIPPED, DAY)
    assert found.due_from == MONDAY + timedelta(weeks=6)
    assert found.due_by == date(2026, 8, 16)
    assert watch(weeks(0, 50), SHIPPED, DAY).due_from == MONDAY + timedelta(weeks=2)
    assert watch(weeks(0), SHIPPED, DAY).due_from is None


def averages(values: list[int | None], start: datetime, valid: bool = True, state: str = "normal") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "start": [start + timedelta(minutes=30 * n) for n in range(len(values))],
            "standard": pl.Series(values, dtype=pl.Int64),
            "valid": [valid] * len(values),
            "state": [state] * len(values),
        }
    )


def test_both_ends_of_the_range_lie_within() -> None:
    found = by_week(
        averages([0, 50_000_000, 50_000_001, -1], datetime(2026, 1, 6, tzinfo=UTC)),
        Fraction(0),
        Fraction(50),
        Clock.CET,
    )
    assert found == (Week(MONDAY, 4, 2, 1),)


def test_week_begins_on_monday_on_the_clock_that_is_given() -> None:
    late = averages([1, 1], datetime(2026, 1, 4, 23, tzinfo=UTC))  # 00:00 on Monday in winter time
    assert by_week(late, Fraction(0), Fraction(50), Clock.CET)[0].monday == MONDAY
    assert by_week(late, Fraction(0), Fraction(50), Clock.UTC)[0].monday == MONDAY - timedelta(weeks=1)


@pytest.mark.parametrize("changed", [{"valid": False}, {"state": "out_of_service"}])
def test_averages_that_are_not_valid_or_of_a_plant_at_rest_do_not_count(changed: dict[str, object]) -> None:
    frame = averages([60_000_000], datetime(2026, 1, 6, tzinfo=UTC), **changed)  # type: ignore[arg-type]
    assert by_week(frame, Fraction(0), Fraction(50), Clock.CET) == ()
