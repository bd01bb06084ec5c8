"""How well a model agrees: each figure by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from goedebuur.core.dispersion.evaluation import by_group, quantiles, residuals, robust_highest, scores

MEASURED, MODELLED = np.array([1.0, 2.0, 4.0, 9.0]), np.array([2.0, 1.0, 4.0, 1.0])
"""Means 4 and 2."""


def test_figures_are_those_by_hand() -> None:
    found = scores(MEASURED, MODELLED)
    assert found.bias == pytest.approx(2 * 2 / 6)
    # (1 + 1 + 0 + 64) ÷ 4 ÷ (4 · 2)
    assert found.error == pytest.approx(16.5 / 8)
    assert found.within_two == 0.75
    # Σ(o−4)(p−2) = 0 + 2 + 0 − 5 = −3; Σ(o−4)² = 9 + 4 + 0 + 25 = 38; Σ(p−2)² = 0 + 1 + 4 + 1 = 6
    assert found.correlation == pytest.approx(-3 / math.sqrt(38 * 6))
    # ln o − ln p: −ln 2, ln 2, 0, ln 9
    assert found.geometric_bias == pytest.approx(9**0.25)
    assert found.geometric_variance == pytest.approx(math.exp((2 * math.log(2) ** 2 + math.log(9) ** 2) / 4))


def test_perfect_model_has_the_figures_of_one() -> None:
    found = scores(MEASURED, MEASURED)
    assert (found.bias, found.error, found.within_two) == (0, 0, 1)
    assert (found.correlation, found.geometric_bias, found.geometric_variance) == pytest.approx((1, 1, 1))
    assert found.highest_measured == found.highest_modelled


def test_pair_without_one_of_both_is_left_out_and_counted() -> None:
    found = scores(np.array([1.0, math.nan, 3.0]), np.array([1.0, 2.0, math.inf]))
    assert (found.pairs, found.left_out) == (1, 2)


def test_half_and_twice_are_within_two_and_nothing_agrees_with_nothing() -> None:
    assert scores(np.array([2.0, 2.0, 2.0, 0.0]), np.array([1.0, 4.0, 4.1, 0.0])).within_two == 0.75


def test_zero_counts_in_the_means_and_not_in_the_logarithms() -> None:
    found = scores(np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    assert found.bias == 0
    assert found.logarithmic == 1
    assert found.geometric_bias == pytest.approx(2)


@pytest.mark.parametrize(("o", "p"), [([], []), ([math.nan], [1.0]), ([0.0, 0.0], [0.0, 0.0])])
def test_figure_without_meaning_is_none(o: list[float], p: list[float]) -> None:
    found = scores(np.array(o), np.array(p))
    assert math.isnan(found.error)
    assert math.isnan(found.geometric_bias)
    assert math.isnan(found.correlation)


def test_robust_highest_of_the_26_highest() -> None:
    # 1 to 100: the 26th highest is 75, the mean of the 25 above it 88; 75 + 13 · ln(77 ÷ 2) = 122.4586
    assert robust_highest(np.arange(1.0, 101.0)) == pytest.approx(122.4586, abs=1e-4)
    assert math.isnan(robust_highest(np.array([1.0, 2.0])))


def test_quantiles_are_each_sorted_by_itself() -> None:
    o, p = quantiles(np.array([3.0, 1.0, math.nan]), np.array([5.0, 6.0, 7.0]))
    assert (o.tolist(), p.tolist()) == ([1.0, 3.0], [5.0, 6.0])


@pytest.mark.parametrize(("o", "p"), [([1.0], [1.0, 2.0]), ([-1.0], [1.0]), ([1.0], [-0.1])])
def test_what_is_no_pair_of_concentrations_is_refused(o: list[float], p: list[float]) -> None:
    with pytest.raises(ValueError, match=r"measured|below zero"):
        scores(np.array(o), np.array(p))


def test_each_group_has_the_figures_of_its_own_pairs() -> None:
    found = by_group(MEASURED, MODELLED, ["near", "far", "near", "far"])
    assert list(found) == ["near", "far"]
    # near: 1 beside 2 and 4 beside 4; far: 2 beside 1 and 9 beside 1
    assert found["near"].bias == pytest.approx(2 * (2.5 - 3) / 5.5)
    assert found["far"].within_two == 0.5
    assert found["far"].bias == pytest.approx(2 * (5.5 - 1) / 6.5)


def test_residual_is_the_model_over_the_measurement_of_pairs_above_zero() -> None:
    found = residuals(np.array([1.0, 2.0, 0.0, math.nan]), np.array([3.0, 1.0, 1.0, 1.0]), ["a", "a", "a", "b"])
    assert found["a"].tolist() == [0.5, 3]
    assert found["b"].tolist() == []


def test_pair_without_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="4 pairs and 1 groups"):
        residuals(MEASURED, MODELLED, ["near"])
