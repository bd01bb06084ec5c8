"""Criteria and factors of EN 14181: rows of `tables/en14181_criteria.csv` and `tables/en14181_factors.csv`."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from goedebuur.core.emissions.en14181.criteria import Criteria, Criterion, Factor
from goedebuur.rules import reading
from goedebuur.rules.reading import Row

CRITERIA: Final = "en14181_criteria"
FACTORS: Final = "en14181_factors"
COLUMNS: Final = (
    *("id", "value", "unit", "valid_from", "valid_to", "reference", "article", "status"),
    *("text_nl", "text_en", "question_nl", "question_en"),
)
FACTOR_COLUMNS: Final = ("id", "k_v", "t", "reference", "article", "status", "question_nl", "question_en")


@lru_cache(maxsize=1)
def criteria() -> Criteria:
    """Return the criteria and factors that come with the program."""
    return parse(reading.shipped(CRITERIA), reading.shipped(FACTORS))


def parse(rows: bytes, factors: bytes) -> Criteria:
    """Return the criteria and factors in the bytes of the two tables.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    named: dict[str, list[Criterion]] = {}
    for row in reading.rows(CRITERIA, rows, COLUMNS):
        one = criterion(row)
        named.setdefault(one.id, []).append(one)
    told = map(_factor, reading.rows(FACTORS, factors, FACTOR_COLUMNS))
    return Criteria({name: tuple(ones) for name, ones in named.items()}, {one.pairs: one for one in told})


def criterion(row: Row) -> Criterion:
    """Return one row of a table with these columns."""
    status, question = row.asked()
    row.filled("text_nl")
    return Criterion(
        id=row["id"].partition("@")[0],
        value=row.read("value", Fraction, "This is not a number as 2.85 or 5/100."),
        unit=row["unit"],
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=status,
        text=row.text("text"),
        question=question,
    )


def _factor(row: Row) -> Factor:
    status, question = row.asked()
    pairs = row.count_or_none("id")
    assert pairs is not None
    return Factor(
        pairs=pairs,
        k_v=row.read("k_v", Fraction, "This is not a number as 0.9761."),
        t=row.read("t", Fraction, "This is not a number as 1.761."),
        status=status,
        question=question,
    )
