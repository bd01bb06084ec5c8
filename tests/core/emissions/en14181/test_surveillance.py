"""AST: variability and bias against their bounds, by hand.

The points: x = 1 … 5, function y = x, so that the differences are y - x = 3, 1, 2, 4, 0. Their mean is 2, Σ(D-2)² = 10,
s_D² = 10/4 = 2.5. For five pairs k_v = 0.9161 and t = 2.132.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.core.emissions.en14181.measured import CONFIRMED, DAY, SHIPPED, pairs, requirement

from goedebuur.core.emissions.en14181.calibration import Function
from goedebuur.core.emissions.en14181.criteria import Outcome
from goedebuur.core.emissions.en14181.surveillance import Surveillance, survey

SAME = Function(Fraction(0), Fraction(1))
X = [1, 2, 3, 4, 5]
Y = [4, 3, 5, 8, 5]


def ast(limit: str, y: list[int] = Y, share: str = "1/1") -> Surveillance:
    return survey(pairs(X[: len(y)], y), SAME, requirement(limit, share), CONFIRMED, DAY)


def met(found: Surveillance, name: str) -> bool | None:
    return next(one.met for one in found.checks if one.id == name)


def test_bias_and_spread_are_those_of_the_differences() -> None:
    found = ast("10").variability
    assert found is not None
    assert (found.bias, found.square, found.k_v) == (2, Fraction(5, 2), Fraction("0.9161"))


@pytest.mark.parametrize(
    ("limit", "good"),
    # 1.5 · σ0 · 0.9161 ≥ √2.5 = 1.581139 where σ0 ≥ 1.150624, so that P·E ≥ 2.255223
    [("2.255", False), ("2.256", True)],
)
def test_spread_may_be_half_as_much_again_as_at_calibration(limit: str, good: bool) -> None:
    assert met(ast(limit), "ast.variability") is good


@pytest.mark.parametrize(
    ("limit", "good"),
    # 2 ≤ 2.132 · √(2.5/5) + σ0 = 1.507552 + σ0 where σ0 ≥ 0.492448, so that P·E ≥ 0.965199
    [("0.965", False), ("0.966", True)],
)
def test_mean_difference_may_be_chance_and_the_permissible_uncertainty(limit: str, good: bool) -> None:
    assert met(ast(limit), "ast.bias") is good


def test_difference_under_the_permissible_uncertainty_needs_no_chance() -> None:
    assert met(ast("100", [2, 3, 4, 5, 6]), "ast.bias") is True  # all differ by 1: s_D = 0


@pytest.mark.parametrize(("number", "outcome"), [(4, Outcome.FAILED), (5, Outcome.PASSED)])
def test_five_pairs_are_needed(number: int, outcome: Outcome) -> None:
    assert ast("100", Y[:number]).outcome is outcome


def test_rows_from_memory_leave_it_open() -> None:
    found = survey(pairs(X, Y), SAME, requirement("0.9", "1/1"), SHIPPED, DAY)
    assert (found.outcome, found.as_known) == (Outcome.UNDETERMINED, Outcome.FAILED)
    assert len(found.questions) == 5  # pairs, spread, bias, σ0, k_v and t


def test_one_pair_has_no_spread() -> None:
    found = survey(pairs([1], [2]), SAME, requirement(), CONFIRMED, DAY)
    assert (found.variability, found.outcome) == (None, Outcome.FAILED)
