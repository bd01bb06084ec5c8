"""Company and control at the same hours, by hand: E_n, tests of EN 14181, relative accuracy, the mass of the year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from goedebuur.core.emissions.measuring import comparison
from goedebuur.core.emissions.measuring.comparison import Because, Both, Comparison, Verdict
from goedebuur.rules import en14181, measuring

DAY = date(2026, 3, 3)


def both(
    control: Sequence[object], company: Sequence[object], u_control: object = 6, u_company: object = 8
) -> list[Both]:
    first = datetime(2026, 3, 3, 8, tzinfo=UTC)
    return [
        Both(
            first + timedelta(hours=n),
            first + timedelta(hours=n, minutes=30),
            Fraction(str(y)),
            Fraction(str(x)),
            None if u_control is None else Fraction(str(u_control)),
            None if u_company is None else Fraction(str(u_company)),
        )
        for n, (y, x) in enumerate(zip(control, company, strict=True))
    ]


def compare(pairs: list[Both], largest: object = None) -> Comparison:
    return comparison.compare(
        pairs,
        en14181.criteria(),
        measuring.choices(),
        measuring.student(),
        DAY,
        largest=None if largest is None else Fraction(str(largest)),
    )


@pytest.mark.parametrize(
    ("company", "e_n", "verdict"),
    # √(6² + 8²) = 10: a difference of 10 is explained, one of 10.01 is not
    [(70, "1", Verdict.EQUIVALENT), ("70.01", "1.001", Verdict.DIFFERS), ("49.99", "-1.001", Verdict.DIFFERS)],
)
def test_difference_beyond_both_uncertainties_differs(company: object, e_n: str, verdict: Verdict) -> None:
    found = compare(both([60, 60, 60], [company] * 3))
    assert (found.e_n, found.verdict) == (Fraction(e_n), verdict)


@pytest.mark.parametrize(
    ("company", "verdict"),
    # √(6² + 8²) = 10. One of three pairs beyond it is 1 - 0.95³ = 0.14 by chance; two of three 0.00725; of fifteen two
    # are 0.17 and three 0.036
    [
        ([75, 60, 50], Verdict.EQUIVALENT),
        ([110, 60, 10], Verdict.CANNOT_TELL),
        ([75, 45, *[60] * 13], Verdict.EQUIVALENT),
        ([75, 45, 75, *[60] * 12], Verdict.CANNOT_TELL),
    ],
)
def test_means_that_agree_say_nothing_where_the_pairs_do_not(company: list[int], verdict: Verdict) -> None:
    found = compare(both([60] * len(company), company))
    assert found.verdict is verdict
    assert found.because == ((Because.SCATTERED,) if verdict is Verdict.CANNOT_TELL else ())


def test_each_pair_has_its_own_number() -> None:
    found = compare(both([60, 60, 60], [65, 60, 50]))
    assert found.each == (Fraction("0.5"), 0, -1)


def test_uncertainty_of_a_mean_is_no_smaller_than_of_its_values() -> None:
    found = compare(both([60] * 10, [65] * 10))
    assert (found.u_control, found.u_company) == (6, 8)


@pytest.mark.parametrize(
    ("pairs", "because"),
    [
        (both([60, 60], [90, 90]), (Because.TOO_FEW,)),
        ([], (Because.TOO_FEW, Because.NO_CONTROL_UNCERTAINTY, Because.NO_COMPANY_UNCERTAINTY)),
        (both([60] * 3, [90] * 3, u_control=None), (Because.NO_CONTROL_UNCERTAINTY,)),
        (both([60] * 3, [90] * 3, u_company=None), (Because.NO_COMPANY_UNCERTAINTY,)),
        # √(6² + 8²) = 10 is half of 20, and more than half of 19.9
        (both(["19.9"] * 3, [20] * 3), (Because.TOO_UNCERTAIN,)),
    ],
)
def test_what_cannot_be_told_says_why(pairs: list[Both], because: tuple[Because, ...]) -> None:
    found = compare(pairs)
    assert (found.verdict, found.because) == (Verdict.CANNOT_TELL, because)


def test_uncertainty_of_half_the_value_is_small_enough() -> None:
    assert compare(both([20] * 3, [20] * 3)).verdict is Verdict.EQUIVALENT


def test_large_uncertainty_does_not_hide_a_larger_difference() -> None:
    assert compare(both([5] * 3, [16] * 3)).verdict is Verdict.DIFFERS


def test_relative_accuracy_is_that_of_performance_specification_2() -> None:
    # differences 1, 2, 3: mean 2, s_D = 1, t(0.975; 2) = 4.303: (2 + 4.303/√3) / 50
    found = compare(both([50, 50, 50], [51, 52, 53]))
    assert found.relative_accuracy is not None
    assert float(found.relative_accuracy) == pytest.approx((2 + 4.303 / 3**0.5) / 50, abs=1e-9)


def test_tests_of_en_14181_stand_beside_it_and_decide_nothing() -> None:
    # differences 3, 1, 2, 4, 0 as in the example of the AST: s_D = √2.5, bias 2
    found = compare(both([10] * 5, [13, 11, 12, 14, 10]), largest="0.96")
    assert [(one.id, one.met, one.decides) for one in found.checks] == [
        ("ast.variability", False, False),
        ("ast.bias", False, False),
    ]
    assert found.spread is not None
    assert (found.spread.bias, found.spread.square) == (2, Fraction(5, 2))
    assert compare(both([10] * 5, [11] * 5)).checks == ()


def test_reported_mass_is_seen_beside_what_the_control_makes_of_it() -> None:
    # 100 t reported; control 60, company 50, joint uncertainty 10: 120 t, from 100 to 140
    found = comparison.effect(compare(both([60] * 3, [50] * 3)), Fraction(100_000))
    assert found is not None
    assert (found.by_control, found.low, found.high, found.within) == (120_000, 100_000, 140_000, True)
    other = comparison.effect(compare(both([61] * 3, [50] * 3)), Fraction(100_000))
    assert other is not None
    assert (other.low, other.within) == (102_000, False)


def test_mass_is_never_negative_and_not_told_without_uncertainty() -> None:
    low = comparison.effect(compare(both([5] * 3, [50] * 3)), Fraction(1000))
    assert low is not None
    assert low.low == 0
    assert comparison.effect(compare(both([5] * 3, [50] * 3, u_control=None)), Fraction(1000)) is None
    assert comparison.effect(compare(both([5] * 3, [0] * 3)), Fraction(1000)) is None


def test_history_counts_by_name_and_says_how_likely_one_side_is() -> None:
    above, below = compare(both([50] * 3, [55] * 3)), compare(both([50] * 3, [45] * 3))
    found = comparison.history([("b", above), ("a", above), ("a", above), ("a", above), ("b", below)])
    assert [one.name for one in found] == ["a", "b"]
    assert (found[0].higher, found[0].lower, found[0].relative) == (3, 0, Fraction(1, 10))
    assert found[0].by_chance == Fraction(1, 4)  # three of three on one side: 2 · (1/2)³
    assert (found[1].relative, found[1].by_chance) == (0, None)
    assert found[0].verdicts[Verdict.EQUIVALENT] == 3
