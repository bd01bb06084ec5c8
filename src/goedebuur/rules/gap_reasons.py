"""For which reasons values are missing: rows of `tables/gap_reasons.csv`, the only words that a statement may use.

A row is never removed and never changes its meaning, because leaves name it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import declare
from goedebuur.core.base.sourced import Status, Text
from goedebuur.rules import reading

UNKNOWN_REASON: Final = declare("input-gap-reason", "A reason for a gap is not in the table of reasons.")
COLUMNS: Final = ("id", "status", "text_nl", "text_en")


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Text]:
    """Return the words of each code in the table that comes with the program."""
    return parse(reading.shipped("gap_reasons"))


def parse(data: bytes) -> Mapping[str, Text]:
    """Return the words of each code in the bytes of a table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    found = {}
    for row in reading.rows("gap_reasons", data, COLUMNS):
        row.choice("status", Status)
        row.filled("text_nl")
        found[row["id"]] = row.text("text")
    return found


def words(code: str) -> Text:
    """Return the words for a code; the code itself where the table has no such row (any more)."""
    return terms().get(code, Text(code, code))


_KNOWN: Final = rulebook.area(
    "gap-reason",
    "Redenen voor gaten: de tabel",
    "Reasons for gaps: the table",
    rulebook.own(
        "een blad noemt een reden voor altijd, dus alleen redenen uit een tabel",
        "a leaf names a reason for ever, so only reasons of a table can stand in it",
    ),
    "tests/rulebook/test_deliveries.py::test_refused",
).refuse(
    "known",
    UNKNOWN_REASON,
    "Een reden staat in de tabel van redenen.",
    "A reason is in the table of reasons.",
    rows=[rulebook.Row(code, said.nl, "", "own") for code, said in terms().items()],
)


def require(codes: Iterable[str], place: str) -> None:
    """Check that all codes are in the table.

    Raises
    ------
    GoedeBuurError
        `input-gap-reason`. What was given is not repeated: it may be a name.
    """
    for code in codes:
        if code not in terms():
            _KNOWN.refuse(
                "A reason is not one of the table.",
                place=place,
                hint=f"Give one of: {', '.join(terms())}. No words of your own: the log keeps them for ever.",
            )
