"""Levels for visible emissions, and factors for what they let go: rows of `tables/visible_*.csv`."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.visible.counting import Measure, VisibleLimit
from goedebuur.core.emissions.visible.mass import Factor, Per
from goedebuur.core.emissions.visible.sightings import Place
from goedebuur.rules import reading, substance_names
from goedebuur.rules.reading import Row

LIMITS: Final = (
    *("id", "places", "measure", "value", "inclusive", "window", "least", "valid_from", "valid_to", "reference"),
    *("article", "status", "question_nl", "question_en"),
)
FACTORS: Final = (
    *("id", "place", "substance", "per", "value", "low", "high", "reference", "status", "about_nl", "about_en"),
    *("question_nl", "question_en"),
)


@lru_cache(maxsize=1)
def limits() -> tuple[VisibleLimit, ...]:
    """Return the levels of the BAT conclusions that come with the program; none of them binds by itself."""
    return parse_limits(reading.shipped("visible_limits"))


@lru_cache(maxsize=1)
def factors() -> tuple[Factor, ...]:
    """Return the factors that come with the program."""
    return parse_factors(reading.shipped("visible_factors"))


def parse_limits(data: bytes) -> tuple[VisibleLimit, ...]:
    """Return the levels in the bytes of a table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    return tuple(_limit(row) for row in reading.rows("visible_limits", data, LIMITS))


def parse_factors(data: bytes) -> tuple[Factor, ...]:
    """Return the factors in the bytes of a table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    return tuple(_factor(row) for row in reading.rows("visible_factors", data, FACTORS))


def _limit(row: Row) -> VisibleLimit:
    status, question = row.asked()
    if row["inclusive"] not in ("yes", "no"):
        raise row.bad("inclusive", "This is yes or no.")
    if row["window"] != "month" and not (row["window"].endswith("d") and row["window"][:-1].isdecimal()):
        raise row.bad("window", "A period is month, or days as 30d.")
    row.filled("reference")
    return VisibleLimit(
        id=row["id"],
        places=row.read(
            "places", lambda text: tuple(map(Place, text.split("|"))), f"These are none of: {', '.join(Place)}."
        ),
        measure=row.choice("measure", Measure),
        value=row.read("value", Fraction, "This is not a number."),
        inclusive=row["inclusive"] == "yes",
        window=row["window"],
        least=row.count_or_none("least") or 1,
        binds=False,
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        article=row.filled("article"),
        status=status,
        question=question,
    )


def _factor(row: Row) -> Factor:
    status, question = row.asked()
    if row["substance"] and substance_names.names().of_id(row["substance"]) is None:
        raise row.bad("substance", "The table of substances has no such row.")
    value, low, high = (row.read(name, Fraction, "This is not a number.") for name in ("value", "low", "high"))
    try:
        return Factor(
            id=row["id"],
            place=row.choice("place", Place),
            substance=row["substance"],
            about=row.text("about"),
            per=row.choice("per", Per),
            value=value,
            low=low,
            high=high,
            reference=row.filled("reference"),
            status=Status(status),
            question=question,
        )
    except GoedeBuurError as error:
        raise (row.bad("value", error.message) if error.place == "value" else error) from None
