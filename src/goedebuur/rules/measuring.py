"""What comparing and representing rest on: our choices and Student's t; and the regimes of control of the Bal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.en14181.criteria import Criterion
from goedebuur.core.emissions.measuring.coverage import ControlRegime
from goedebuur.rules import en14181, reading
from goedebuur.rules.reading import Row

CHOICES: Final = "measuring_choices"
STUDENT: Final = "student_t"
REGIMES: Final = "control_regimes"
_STUDENT: Final = ("id", "t_975", "reference", "article", "status")
_REGIMES: Final = (
    *("id", "from", "to", "times", "months", "continuous", "valid_from", "valid_to", "reference", "article", "status"),
    *("text_nl", "text_en"),
)


@lru_cache(maxsize=1)
def choices() -> Mapping[str, Criterion]:
    """Return our choices by identifier: each decides, and says that it is one."""
    rows = reading.rows(CHOICES, reading.shipped(CHOICES), en14181.COLUMNS)
    return {row["id"]: en14181.criterion(row) for row in rows}


@lru_cache(maxsize=1)
def student() -> Mapping[int, Fraction]:
    """Return Student's t, two-sided 95 %, by number of values."""
    found = {}
    for row in reading.rows(STUDENT, reading.shipped(STUDENT), _STUDENT):
        row.choice("status", Status)
        found[row.read("id", int, "This is not a number of values.")] = row.read(
            "t_975", Fraction, "This is not a number as 2.306."
        )
    return found


@lru_cache(maxsize=1)
def regimes() -> tuple[ControlRegime, ...]:
    """Return the regimes of control, ascending by the factor from which they hold."""
    return parse_regimes(reading.shipped(REGIMES))


def parse_regimes(data: bytes) -> tuple[ControlRegime, ...]:
    """Return the regimes in the bytes of a table.

    Raises
    ------
    GoedeBuurError
        `rules-table`; also where one does not begin where the one before it ends.
    """
    found: list[ControlRegime] = []
    for row in reading.rows(REGIMES, data, _REGIMES):
        one = _regime(row)
        if one.lowest != (found[-1].under if found else 0):
            raise row.bad("from", "A regime begins where the one before it ends.")
        found.append(one)
    return tuple(found)


def _regime(row: Row) -> ControlRegime:
    said = "This is not a number as 30."
    return ControlRegime(
        id=row["id"],
        lowest=row.read("from", Fraction, said),
        under=row.read("to", Fraction, said) if row["to"] else None,
        times=row.count_or_none("times"),
        months=row.count_or_none("months"),
        continuous=row["continuous"] == "yes",
        article=row.filled("article"),
        status=row.choice("status", Status),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        text=row.text("text"),
    )
