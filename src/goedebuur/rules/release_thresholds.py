"""From which release to air in a year a pollutant is reported: rows of `tables/release_thresholds.csv`."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.register import Threshold
from goedebuur.rules import reading, substance_names
from goedebuur.rules.reading import Row

TABLE: Final = "release_thresholds"
COLUMNS: Final = (
    "id",
    "register",
    "whole",
    "parts",
    "kilograms",
    "valid_from",
    "valid_to",
    "reference",
    "article",
    "status",
)


@lru_cache(maxsize=1)
def thresholds() -> tuple[Threshold, ...]:
    """Return the rows that come with the program."""
    return parse(reading.shipped(TABLE))


def parse(data: bytes) -> tuple[Threshold, ...]:
    """Return the rows in the bytes of the table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column; also for a substance that is not in the table of names, or in two rows.
    """
    seen: set[str] = set()
    found = []
    for row in reading.rows(TABLE, data, COLUMNS):
        one = _threshold(row)
        for column, names in (("whole", one.whole), ("parts", one.parts)):
            for name in names:
                if substance_names.names().of_id(name) is None:
                    raise row.bad(column, f"The table of substances has no row {name}.")
        for name in one.whole:
            if name in seen:
                raise row.bad("whole", f"{name} is another pollutant already.")
            seen.add(name)
        found.append(one)
    return tuple(found)


def _threshold(row: Row) -> Threshold:
    def listed(column: str) -> tuple[str, ...]:
        return tuple(name for name in row[column].split("|") if name)

    kilograms = row.read("kilograms", Fraction, "This is not a number of kilograms.")
    if kilograms <= 0:
        raise row.bad("kilograms", "A threshold is above zero.")
    row.filled("register")
    return Threshold(
        id=row["id"],
        register=listed("register"),
        whole=listed("whole"),
        parts=listed("parts"),
        kilograms=kilograms,
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=row.choice("status", Status),
    )
