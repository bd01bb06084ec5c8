"""Classes of load, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import polars as pl
import pytest

from goedebuur.core.emissions.load_bins import ByLoad, by_load

START = datetime(2026, 1, 1, tzinfo=UTC)


def frame(values: list[int], first: int = 0) -> pl.DataFrame:
    starts = [START + timedelta(hours=first + hour) for hour in range(len(values))]
    return pl.DataFrame(
        {"start": starts, "micro": values}, schema={"start": pl.Datetime("us", "UTC"), "micro": pl.Int64}
    )


def test_two_classes_of_six_hours_by_hand() -> None:
    # Loads 10 … 60; values 9, 7, 5 at the low three and 3, 2, 1 at the high three.
    found = by_load(frame([1, 2, 3, 5, 7, 9]), frame([60, 50, 40, 30, 20, 10]), 2)
    low, high = found.classes
    assert (low.low, low.high, low.steps, low.mean, low.median) == (10, 30, 3, Fraction(7), 7)
    assert (high.low, high.high, high.steps, high.mean, high.median) == (40, 60, 3, Fraction(2), 2)
    # 9·10 + 7·20 + 5·30 = 380; 3·40 + 2·50 + 1·60 = 280; 380 of 660.
    assert (low.share, high.share) == (Fraction(380, 660), Fraction(280, 660))
    assert found.median == 3


def test_equal_loads_stay_in_one_class() -> None:
    found = by_load(frame([1, 2, 3, 4, 5]), frame([10, 10, 10, 10, 20]), 5)
    assert [(one.low, one.high, one.steps) for one in found.classes] == [(10, 10, 4), (20, 20, 1)]


def test_a_value_without_a_load_is_counted_and_not_used() -> None:
    found = by_load(frame([1, 2, 3, 4]), frame([5, 6], first=1), 1)
    assert (found.steps, found.without, found.classes[0].mean) == (2, 2, Fraction(5, 2))


def test_a_class_is_high_from_twice_the_median_of_all_and_twenty_values_on() -> None:
    # Forty values of 4 and twenty of 8: the median of all is 4, and 8 is twice that.
    values, loads = [8] * 20 + [4] * 40, [1] * 20 + [2] * 40
    assert [one.is_high for one in by_load(frame(values), frame(loads), 2).classes] == [True, False]
    assert not by_load(frame(values), frame(loads), 2).classes[1].is_high
    assert not by_load(frame(values[1:]), frame(loads[1:]), 2).classes[0].is_high


def test_nothing_gives_no_class() -> None:
    assert by_load(frame([]), frame([])) == ByLoad((), 0, 0, 0)
    with pytest.raises(ValueError, match="0 classes"):
        by_load(frame([1]), frame([1]), 0)
