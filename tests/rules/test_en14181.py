"""The tables of EN 14181 are sound; their factors are those of statistics."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.rules import en14181, reading

T_PUBLISHED = {2: "2.920", 3: "2.353", 4: "2.132", 5: "2.015", 6: "1.943", 7: "1.895", 8: "1.860"}
"""Student's t, one-sided 95 %, by degrees of freedom: 40 CFR part 60, appendix C, table 1."""


def chi2(k: int, x: float) -> float:
    """Return the distribution function of χ² by its series: γ(k/2, x/2) / Γ(k/2)."""
    a, half = k / 2, x / 2
    term = total = 1 / a
    for n in range(1, 2000):
        term *= half / (a + n)
        total += term
    return total * math.exp(-half + a * math.log(half) - math.lgamma(a))


def student(t: float, v: int) -> float:
    """Return the distribution function of Student's t by Simpson's rule."""
    n = 4000
    f = [(1 + (t * i / n) ** 2 / v) ** (-(v + 1) / 2) for i in range(n + 1)]
    area = (f[0] + f[-1] + 4 * sum(f[1:-1:2]) + 2 * sum(f[2:-1:2])) * t / n / 3
    return 0.5 + math.exp(math.lgamma((v + 1) / 2) - math.lgamma(v / 2)) / math.sqrt(v * math.pi) * area


@pytest.mark.parametrize("pairs", sorted(en14181.criteria().factors))
def test_factors_are_those_of_the_distributions(pairs: int) -> None:
    one = en14181.criteria().factors[pairs]
    v = pairs - 1
    low, high = (chi2(v, v * float(one.k_v + Fraction(sign, 20_000)) ** 2) for sign in (-1, 1))
    assert low <= 0.5 <= high
    low, high = (student(float(one.t + Fraction(sign, 2_000)), v) for sign in (-1, 1))
    assert low <= 0.95 <= high


@pytest.mark.parametrize("freedom", T_PUBLISHED)
def test_t_is_the_published_one(freedom: int) -> None:
    assert en14181.criteria().factors[freedom + 1].t == Fraction(T_PUBLISHED[freedom])


def test_factors_go_from_three_pairs_on_without_a_gap() -> None:
    found = sorted(en14181.criteria().factors)
    assert found == list(range(3, found[-1] + 1))


def test_what_was_read_in_public_decides_and_the_rest_asks() -> None:
    rows = en14181.criteria()
    on = date(2026, 1, 1)
    decides = {name for name in rows.rows if (row := rows.on(name, on)) and row.status.decides}
    assert decides == {
        *("qal2.pairs", "qal2.days", "qal2.extension", "qal3.cusum.h_x", "qal3.cusum.k_x"),
        *("range.weekly_share", "range.weeks", "range.single_share"),
    }
    asked = [row for ones in rows.rows.values() for row in ones if not row.status.decides]
    assert all(row.question.nl and row.question.en for row in asked)


def test_edition_begins_on_its_day() -> None:
    assert en14181.criteria().on("qal2.pairs", date(2014, 12, 31)) is None


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("qal2.pairs,15", "qal2.pairs,many", "line 2, column value"),
        ("confirmed", "sure", "line 2, column status"),
        ("id,value", "id,number", "line 1"),
    ],
)
def test_bad_table_is_an_error_with_its_place(old: str, new: str, place: str) -> None:
    data = reading.shipped(en14181.CRITERIA).replace(old.encode(), new.encode(), 1)
    with pytest.raises(GoedeBuurError) as raised:
        en14181.parse(data, reading.shipped(en14181.FACTORS))
    assert place in raised.value.place
