"""Digits in, digits out: exact on every engine, whatever the sign."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import duckdb
import ibis
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goedebuur.core.base import exact

PAIRS = ibis.table({"a": "int64", "b": "int64"}, name="pairs")


def _on_duckdb(expression: ibis.Expr, pairs: list[tuple[int, int]]) -> list[int | None]:
    frame = pl.DataFrame(pairs, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    connection = duckdb.connect()
    connection.register("pairs", frame.to_arrow())
    sql = str(ibis.to_sql(PAIRS.select(x=expression), dialect="duckdb"))
    return connection.sql(sql).pl()["x"].to_list()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_any_plain_decimal_keeps_its_digits(number: Decimal) -> None:
    value, decimals, bad = exact.parse_decimals(pl.Series([f"{number:f}"]))
    assert not bad[0]
    assert Decimal(value[0]).scaleb(-decimals[0]) == number
    assert decimals[0] == 6


@pytest.mark.parametrize("text", ["", " 1", "1,5", "1e3", "+1", ".5", "5.", "--1", "1-", "NaN", "0x1", "٣", "1" * 19])
def test_text_that_is_not_a_plain_decimal_is_bad(text: str) -> None:
    value, decimals, bad = exact.parse_decimals(pl.Series([text, "1.0"]))
    assert bad.to_list() == [True, False]
    assert value.to_list() == [None, 10]
    assert decimals.to_list() == [None, 1]


def test_a_missing_cell_is_missing_and_not_bad() -> None:
    value, decimals, bad = exact.parse_decimals(pl.Series([None, "-0.50"], dtype=pl.String))
    assert (value.to_list(), decimals.to_list(), bad.to_list()) == ([None, -50], [None, 2], [False, False])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(-(10**17), 10**17), st.integers(1000, 10**13)), min_size=1))
def test_a_quotient_is_the_floor_of_the_fraction(pairs: list[tuple[int, int]]) -> None:
    assert _on_duckdb(exact.quotient(PAIRS.a, PAIRS.b), pairs) == [a // b for a, b in pairs]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(-(2**53) + 1, 2**53 - 1), min_size=1), st.sampled_from([1, 3, 24, 3600, 3_600_000_000]))
def test_a_floored_quotient_is_the_floor_below_2_to_the_53(values: list[int], b: int) -> None:
    values = [v for a in values for v in (a, a // b * b, a // b * b - 1) if abs(v) < 2**53]
    pairs = [(v, b) for v in values]
    assert _on_duckdb(exact.floored(PAIRS.a, b), pairs) == [v // b for v in values]


def test_a_quotient_that_floats_round_up_is_still_the_floor() -> None:
    # 99999999999999.999 has no float of its own: it becomes 10¹⁴, and a floor of that is one too high
    pairs = [
        (10**17 - 1, 1000),
        (-(10**17) - 1, 1000),
        (3 * 10**15 - 1, 3),
        (-(3 * 10**15) + 1, 3),
        (-7, 2),
        (7, 2),
        (-8, 2),
        (0, 5),
    ]
    assert _on_duckdb(exact.quotient(PAIRS.a, PAIRS.b), pairs) == [a // b for a, b in pairs]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(-(9 * 10**16), 9 * 10**16), st.integers(1, 9000)), min_size=1),
    st.integers(0, 6),
)
def test_a_mean_rounds_like_decimal_half_up(pairs: list[tuple[int, int]], decimals: int) -> None:
    pairs = [(a, b) for a, b in pairs if abs(a) <= 10**13 * b] or [(5, 2)]
    step = 10 ** (6 - decimals)
    wanted = [int((abs(Fraction(a, b * step)) + Fraction(1, 2)).__floor__()) * (-1 if a < 0 else 1) for a, b in pairs]
    assert _on_duckdb(exact.rounded(PAIRS.a, PAIRS.b, step), pairs) == wanted
    assert [exact.round_half_away(a, b, decimals) for a, b in pairs] == wanted


@pytest.mark.parametrize(
    ("micro", "decimals", "text"),
    [(50_500_000, 0, "51"), (50_499_999, 0, "50"), (-50_500_000, 0, "-51"), (-499_999, 0, "0"), (1_250_000, 1, "1.3")],
)
def test_halves_go_away_from_zero(micro: int, decimals: int, text: str) -> None:
    assert exact.as_text(exact.round_half_away(micro, 1, decimals), decimals) == text
    by_decimal = Decimal(micro).scaleb(-6).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert Decimal(text) == by_decimal


def test_a_mean_of_nothing_is_null() -> None:
    assert _on_duckdb(exact.rounded(PAIRS.a, PAIRS.b, 1), [(0, 0), (4, 2)]) == [None, 2]


def test_a_digest_does_not_depend_on_the_order_of_rows_or_columns() -> None:
    table = pl.DataFrame({"b": [2, 1, None], "a": ["x", "y", "z"], "c": [True, False, None]})
    shuffled = table.select("c", "a", "b").reverse().with_columns(pl.col("b").cast(pl.Int32))
    assert exact.table_sha256(table) == exact.table_sha256(shuffled)


def test_a_digest_changes_with_any_cell() -> None:
    table = pl.DataFrame({"a": ["x", ""], "b": [1, None]})
    others = [
        pl.DataFrame({"a": ["x", ""], "b": [1, 0]}),
        pl.DataFrame({"a": ["x", None], "b": [1, None]}),
        pl.DataFrame({"a": ["x", "\\N"], "b": [1, None]}),
        pl.DataFrame({"a": ["x", ""], "c": [1, None]}),
    ]
    digests = {exact.table_sha256(other) for other in [table, *others]}
    assert len(digests) == 5


def test_a_digest_of_floats_is_refused() -> None:
    with pytest.raises(TypeError, match="mean"):
        exact.table_sha256(pl.DataFrame({"mean": [1.5]}))
