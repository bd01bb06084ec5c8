"""QAL3: the sums of a published CUSUM table, and which readings call for action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from tests.core.emissions.en14181.measured import CONFIRMED, DAY, SHIPPED

from goedebuur.core.emissions.en14181 import charts
from goedebuur.core.emissions.en14181.charts import Constants, Level, Reading

NIST = """324.925 324.675 324.725 324.350 325.350 325.225 324.125 324.525 325.225 324.600
324.625 325.150 328.325 327.250 327.825 328.500 326.675 327.775 326.875 328.350"""
"""The example of the NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3: target 325, k = 0.3175, h = 4.1959."""
NIST_UP = "0 0 0 0 0.03 0 0 0 0 0 0 0 3.01 4.94 7.45 10.63 11.99 14.44 16.00 19.04"
"""S_hi of its table, with two decimals."""
SIGMA = Fraction(2)


def readings(
    values: Sequence[object], expected: object = 0, adjusted: int = -1, level: Level = Level.ZERO
) -> list[Reading]:
    first = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        Reading(first + timedelta(weeks=n), level, Fraction(str(v)), Fraction(str(expected)), n == adjusted)
        for n, v in enumerate(values)
    ]


def test_sums_are_those_of_the_example_of_nist() -> None:
    used = Constants(Fraction("4.1959"), Fraction("0.3175"), Fraction(1000), Fraction(0))
    found = charts.cusum(readings(NIST.split(), 325), used)
    assert [float(one.up) for one in found] == pytest.approx(list(map(float, NIST_UP.split())), abs=0.0051)
    assert [n for n, one in enumerate(found, 1) if one.drifts] == [14, 15, 16, 17, 18, 19, 20]


def test_size_of_a_drift_is_told_with_its_sign() -> None:
    # every deviation is -3: each adds 3 - 1 = 2 to the sum downwards, 2, 4, 6; above 5 at the third: 1 + 6/3 = 3
    used = Constants(Fraction(5), Fraction(1), Fraction(1000), Fraction(0))
    for sign in (1, -1):
        found = charts.cusum(readings([3 * sign] * 3), used)
        assert [one.drift for one in found] == [None, None, 3 * sign]
        assert [one.up if sign > 0 else one.down for one in found] == [2, 4, 6]


def test_precision_is_summed_from_half_the_squared_step() -> None:
    # steps 4, -4, 4: half the square is 8, less k_s = 3: 5, 10, 15; above 12 at the fourth reading
    used = Constants(Fraction(1000), Fraction(1), Fraction(12), Fraction(3))
    found = charts.cusum(readings([0, 4, 0, 4]), used)
    assert [one.spread for one in found] == [0, 5, 10, 15]
    assert [one.imprecise for one in found] == [False, False, False, True]


def test_sums_begin_anew_after_an_adjustment() -> None:
    used = Constants(Fraction(5), Fraction(1), Fraction(1000), Fraction(0))
    found = charts.cusum(readings([3, 3, 3, 3], adjusted=1), used)
    assert [one.up for one in found] == [2, 4, 2, 4]
    assert not any(one.drifts for one in found)


def test_constants_go_with_the_standard_deviation_and_its_square() -> None:
    found = charts.constants(SIGMA, CONFIRMED, DAY)
    assert found == Constants(Fraction("5.7"), Fraction("1.002"), Fraction("27.6"), Fraction("7.4"))


@pytest.mark.parametrize(
    ("value", "warns", "acts"), [("4", False, False), ("-4.1", True, False), ("6", True, False), ("6.1", True, True)]
)
def test_one_value_beyond_three_standard_deviations_calls_for_action(value: str, warns: bool, acts: bool) -> None:
    (found,) = charts.shewhart(readings([value]), 2 * SIGMA, 3 * SIGMA)
    assert (found.warns, found.acts) == (warns, acts)


def test_drift_decides_and_what_is_from_memory_does_not() -> None:
    _, _, found, _ = charts.chart_checks(readings([4, 4, 4]), SIGMA, SHIPPED, DAY)
    told = {one.id: (one.met, one.decides) for one in found}
    # 4 - 1.002 = 2.998 a reading: 8.994 is above 5.7
    assert told["qal3.cusum.h_x"] == (False, True)
    assert told["qal3.cusum.h_s"] == (True, False)
    assert told["qal3.shewhart.action"] == (True, False)


def test_every_reading_counts_and_not_the_newest_alone() -> None:
    # 4 - 1.002 = 2.998 a reading: 5.996 above 5.7 on 12 January; adjusted after it, then 0 - 1.002 < 0
    told = readings([4, 4, 0, 0], adjusted=1)
    _, _, found, calls = charts.chart_checks(told, SIGMA, SHIPPED, DAY)
    drift = next(one for one in found if one.id == "qal3.cusum.h_x")
    assert (drift.met, drift.value, drift.bound) == (False, Fraction("5.996"), Fraction("5.7"))
    assert [(one.reading.at.date().isoformat(), one.id, one.value, one.reading.adjusted) for one in calls] == [
        ("2026-01-12", "qal3.cusum.h_x", Fraction("5.996"), True)
    ]


def test_each_reading_beyond_a_limit_is_told_of_with_its_day() -> None:
    # action beyond 6, warning beyond 4; the last two in range
    _, _, found, calls = charts.chart_checks(readings(["6.1", "-4.1", "0", "0"]), SIGMA, SHIPPED, DAY)
    action = next(one for one in found if one.id == "qal3.shewhart.action")
    assert (action.met, action.value) == (False, Fraction("6.1"))
    shewhart = [(one.reading.at.date().isoformat(), one.id) for one in calls if "shewhart" in one.id]
    assert shewhart == [("2026-01-05", "qal3.shewhart.action"), ("2026-01-12", "qal3.shewhart.warning")]


def test_zero_and_span_have_charts_of_their_own() -> None:
    mixed = readings([1]) + readings([1], level=Level.SPAN)
    with pytest.raises(ValueError, match="zero or of span"):
        charts.chart_checks(mixed, SIGMA, SHIPPED, DAY)
