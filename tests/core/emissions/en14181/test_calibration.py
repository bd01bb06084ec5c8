"""QAL2: function, range and variability, worked out by hand beside each test.

The points of most tests: x = 1 … 15 and y = 2 + 3x + e with e = 1, -2, 1 five times over. In every three Σe = 0 and
Σe·x = k - 2(k+1) + (k+2) = 0, so that the line of least squares is y = 2 + 3x and the differences are e.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from tests.core.emissions.en14181.measured import CONFIRMED, DAY, SHIPPED, pairs, requirement

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181.calibration import Calibration, Method, Surrogate, calibrate
from goedebuur.core.emissions.en14181.criteria import Outcome, Requirement
from goedebuur.core.emissions.en14181.pairs import Pair, Unfit

ERRORS = (1, -2, 1) * 5
X = list(range(1, 16))
Y = [2 + 3 * x + e for x, e in zip(X, ERRORS, strict=True)]

NORRIS = """
0.1 0.2, 338.8 337.4, 118.1 118.2, 888.0 884.6, 9.2 10.1, 228.1 226.5, 668.5 666.3, 998.5 996.3, 449.1 448.6,
778.9 777.0, 559.2 558.2, 0.3 0.4, 0.1 0.6, 778.1 775.5, 668.8 666.9, 339.3 338.0, 448.9 447.5, 10.8 11.6,
557.7 556.0, 228.3 228.1, 998.0 995.8, 888.8 887.6, 119.6 120.2, 0.3 0.3, 0.6 0.3, 557.6 556.8, 339.3 339.1,
888.0 887.2, 998.5 999.0, 778.9 779.0, 10.2 11.1, 117.6 118.3, 228.9 229.2, 668.4 669.1, 449.2 448.9, 0.2 0.5
"""
"""y and x of the reference data set Norris (calibration of ozone monitors) of NIST, Statistical Reference Datasets."""


def qal2(found: list[Pair], need: Requirement | None = None, **given: object) -> Calibration:
    return calibrate(found, need or requirement(), CONFIRMED, DAY, Clock.CET, **given)  # type: ignore[arg-type]


def test_line_of_least_squares_is_found_where_values_lie_apart() -> None:
    found = qal2(pairs(X, Y))
    assert found.method is Method.REGRESSION
    assert found.function is not None
    assert (found.function.offset, found.function.slope) == (2, 3)
    assert (found.lowest, found.highest) == (6, 48)


def test_variability_is_that_of_the_differences() -> None:
    # Σe² = 5·6 = 30, s_D² = 30/14; σ0 = 50·0.2/1.96 = 10/1.96
    found = qal2(pairs(X, Y)).variability
    assert found is not None
    assert found.bias == 0
    assert found.square == Fraction(30, 14)
    assert found.s_d == Fraction("1.463850109")
    assert found.sigma_0 == Fraction(1000, 196)
    assert found.k_v == Fraction("0.9761")


def test_norris_data_give_the_certified_function_of_nist() -> None:
    points = [line.split() for line in NORRIS.split(",")]
    found = qal2(pairs([x for _, x in points], [y for y, _ in points], 12))
    assert found.function is not None
    assert float(found.function.offset) == pytest.approx(-0.262323073774029, abs=1e-9)
    assert float(found.function.slope) == pytest.approx(1.00211681802045, abs=1e-9)


@pytest.mark.parametrize(
    ("limit", "outcome"),
    # s_D = 1.46385 is met by P·E ≥ 1.46385 · 1.96 / 0.9761 = 2.93938, with P = 20 %: E ≥ 14.6969
    [("14.69", Outcome.FAILED), ("14.70", Outcome.PASSED)],
)
def test_variability_is_tested_against_the_permissible_uncertainty(limit: str, outcome: Outcome) -> None:
    found = qal2(pairs(X, Y), requirement(limit))
    assert (found.outcome, found.as_known) == (outcome, outcome)


def test_valid_range_goes_a_tenth_above_the_highest_calibrated_value() -> None:
    found = qal2(pairs(X, Y))
    assert found.valid_high == Fraction("51.7")  # 1.1 · (2 + 3·15)
    assert found.valid_high_low_emission == 10  # 20 % of 50


@pytest.mark.parametrize(
    ("top", "method"),
    # P·E = 10: from 20 to 30 is as much, to 29.9 is less; 15 % of 50 is 7.5, which 20 is not under
    [("30", Method.REGRESSION), ("29.9", Method.THROUGH_ZERO)],
)
def test_method_follows_from_how_far_values_lie_apart(top: str, method: Method) -> None:
    values = ["20", *["25"] * 13, top]
    assert qal2(pairs(X, values), zero=Fraction(0)).method is method


@pytest.mark.parametrize(("low", "method"), [("7.5", Method.THROUGH_ZERO), ("7.4", Method.WITH_SURROGATES)])
def test_low_values_take_reference_materials_along(low: str, method: Method) -> None:
    surrogates = [Surrogate(Fraction(4), Fraction(0)), Surrogate(Fraction(20), Fraction(40))]
    found = qal2(pairs(X, [low, *["9"] * 14]), zero=Fraction(4), surrogates=surrogates)
    assert found.method is method


def test_line_through_zero_is_the_mean_over_the_distance_from_zero() -> None:
    # x̄ = 14, Z = 4, ȳ = 20: b = 20/10 = 2, a = -8
    found = qal2(pairs([13, 14, 15] * 5, [19, 20, 21] * 5), zero=Fraction(4))
    assert found.method is Method.THROUGH_ZERO
    assert found.function is not None
    assert (found.function.offset, found.function.slope) == (-8, 2)


def test_reference_materials_are_among_the_points_of_the_line_and_not_of_the_variability() -> None:
    # fifteen times (5, 2) and surrogates (4, 0), (6, 2): x̄ = 5, ȳ = 32/17, b = (ȳ + 2 - ȳ)/2 = 1, a = 32/17 - 5
    surrogates = [Surrogate(Fraction(4), Fraction(0)), Surrogate(Fraction(6), Fraction(2))]
    found = qal2(pairs([5] * 15, [2] * 15), surrogates=surrogates)
    assert found.function is not None
    assert (found.function.offset, found.function.slope) == (Fraction("-3.117647059"), 1)
    assert found.variability is not None
    assert len(found.variability.points) == 15
    assert found.variability.s_d == 0


@pytest.mark.parametrize("zero", [None, Fraction(4)])
def test_low_values_without_reference_materials_are_a_question(zero: Fraction | None) -> None:
    found = qal2(pairs(X, [1] * 15), zero=zero)
    assert found.outcome is Outcome.UNDETERMINED
    assert "zero gas" in found.questions[0].en


def test_no_zero_and_values_close_together_is_a_question() -> None:
    found = qal2(pairs(X, [20] * 15))
    assert (found.function, found.outcome) == (None, Outcome.UNDETERMINED)
    assert found.questions[0].en == "What does the instrument show on zero gas?"


def test_same_signal_all_along_gives_no_function() -> None:
    found = qal2(pairs([5] * 15, Y))
    assert (found.function, found.outcome, found.as_known) == (None, Outcome.UNDETERMINED, Outcome.UNDETERMINED)


def test_function_that_falls_is_asked_about() -> None:
    found = qal2(pairs([-x for x in X], Y))
    assert found.function is not None
    assert found.function.slope == -3
    assert found.outcome is Outcome.UNDETERMINED
    assert "falls" in found.questions[0].en


@pytest.mark.parametrize(("number", "outcome"), [(14, Outcome.FAILED), (15, Outcome.PASSED)])
def test_fifteen_pairs_are_needed(number: int, outcome: Outcome) -> None:
    assert qal2(pairs(X[:number], Y[:number])).outcome is outcome


@pytest.mark.parametrize(("a_day", "outcome"), [(8, Outcome.FAILED), (7, Outcome.PASSED)])
def test_three_days_are_needed(a_day: int, outcome: Outcome) -> None:
    assert qal2(pairs(X, Y, a_day)).outcome is outcome


def test_days_are_counted_on_the_clock_that_is_given() -> None:
    start = datetime(2026, 3, 4, 23, 15, tzinfo=UTC)  # 00:15 on the 5th in winter time
    late = [replace(one, start=start, end=start + timedelta(minutes=30)) for one in pairs([1], [5])]
    assert calibrate(late, requirement(), CONFIRMED, DAY, Clock.CET).days == 1
    both = [*late, *pairs([2], [8])]
    assert calibrate(both, requirement(), CONFIRMED, DAY, Clock.CET).days == 2
    assert calibrate(both, requirement(), CONFIRMED, DAY, Clock.UTC).days == 1


@pytest.mark.parametrize(("days", "outcome"), [(28, Outcome.PASSED), (29, Outcome.FAILED)])
def test_four_weeks_are_the_most(days: int, outcome: Outcome) -> None:
    found = pairs(X, Y)
    end = found[0].start + timedelta(days=days)
    found[-1] = replace(found[-1], start=end - timedelta(minutes=30), end=end)
    assert qal2(found).outcome is outcome


@pytest.mark.parametrize(
    ("changed", "unfit"),
    [
        ({"excluded": "sample lost"}, Unfit.EXCLUDED),
        ({"raw": None}, Unfit.NO_SIGNAL),
        ({"reference": None}, Unfit.NO_REFERENCE),
        ({"end": datetime(2026, 3, 4, 12, 29, tzinfo=UTC)}, Unfit.TOO_SHORT),
        ({"start": datetime(2026, 3, 4, 11, 29, tzinfo=UTC)}, Unfit.OVERLAPS),
    ],
)
def test_pair_that_does_not_count_says_why_and_stays_in_the_list(changed: dict[str, object], unfit: Unfit) -> None:
    found = pairs([*X, 16], [*Y, 50])
    found[1] = replace(found[1], **changed)  # type: ignore[arg-type]
    told = qal2(found)
    assert [one.unfit for one in told.told if one.unfit] == [unfit]
    assert len(told.told) == 16
    assert told.variability is not None
    assert len(told.variability.points) == 15


def test_pairs_may_follow_each_other_at_once() -> None:
    found = pairs(X, Y)
    found[1] = replace(found[1], start=found[0].end, end=found[0].end + timedelta(minutes=30))
    assert [one.unfit for one in qal2(found).told if one.unfit] == []


def test_differences_are_at_reference_conditions() -> None:
    # the gas is brought to standard by a factor 2: differences, and so s_D, are twice those in the duct
    found = qal2(pairs(X, Y, factor=Fraction(2))).variability
    assert found is not None
    assert found.square == 4 * Fraction(30, 14)
    assert qal2(pairs(X, Y, factor=Fraction(2))).valid_high == 2 * Fraction("51.7")


def test_own_peripherals_of_the_bureau_count_in_the_difference() -> None:
    # the reference method says 12 at standard; the function gives 5, which the plant's factor 2 makes 10
    found = pairs(X, Y, factor=Fraction(2))
    found[0] = replace(found[0], standard=Fraction(12))
    told = qal2(found).variability
    assert told is not None
    assert told.points[0].difference == 2


def test_row_that_is_not_confirmed_leaves_the_test_open_and_shows_its_numbers() -> None:
    found = calibrate(pairs(X, Y), requirement(), SHIPPED, DAY, Clock.CET)
    assert (found.outcome, found.as_known) == (Outcome.UNDETERMINED, Outcome.PASSED)
    assert found.function is not None
    assert any("σ0" in question.en for question in found.questions)


def test_too_few_pairs_fail_whatever_else_is_open() -> None:
    assert calibrate(pairs(X[:14], Y[:14]), requirement(), SHIPPED, DAY, Clock.CET).outcome is Outcome.FAILED


def test_limit_that_is_not_confirmed_decides_nothing() -> None:
    doubted = replace(requirement("14.6"), question=Text("Welke?", "Which?"))
    found = calibrate(pairs(X, Y), doubted, CONFIRMED, DAY, Clock.CET)
    assert (found.outcome, found.as_known) == (Outcome.UNDETERMINED, Outcome.FAILED)


def test_day_before_the_edition_is_a_question() -> None:
    found = calibrate(pairs(X, Y), requirement(), CONFIRMED, date(2010, 1, 1), Clock.CET)
    assert found.outcome is Outcome.UNDETERMINED
    assert "edition" in found.questions[0].en
