"""Our choices say that they are choices; Student's t is the published one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.rules.test_en14181 import student

from goedebuur.core.base.sourced import Status
from goedebuur.rules import measuring

PUBLISHED = {
    **{2: "12.706", 3: "4.303", 4: "3.182", 5: "2.776", 6: "2.571", 7: "2.447", 8: "2.365", 9: "2.306"},
    **{10: "2.262", 11: "2.228", 12: "2.201", 13: "2.179", 14: "2.160", 15: "2.145", 16: "2.131"},
}
"""t(0.975) by number of values: 40 CFR part 60, appendix B, Performance Specification 2, table 1."""


@pytest.mark.parametrize("values", PUBLISHED)
def test_t_is_the_published_one(values: int) -> None:
    assert measuring.student()[values] == Fraction(PUBLISHED[values])


@pytest.mark.parametrize("values", sorted(measuring.student()))
def test_t_is_that_of_the_distribution(values: int) -> None:
    if values < 4:  # Simpson's rule is too coarse for the long tails of one or two degrees of freedom
        return
    low, high = (student(float(measuring.student()[values] + Fraction(s, 2_000)), values - 1) for s in (-1, 1))
    assert low <= 0.975 <= high


def test_choices_decide_and_say_that_they_are_choices() -> None:
    for row in measuring.choices().values():
        assert row.status is Status.JUDGEMENT
        assert row.question.nl
        assert "our choice" in row.reference
