"""What has to be done at a stack, and by when: rows of `tables/emission_duties.csv`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.duties import DutyKind, DutyRule, Reading
from goedebuur.rules import reading
from goedebuur.rules.reading import Row

TABLE: Final = "emission_duties"
COLUMNS: Final = (
    *("id", "kind", "months", "days", "hours", "fixed", "readings", "who", "valid_from", "valid_to", "reference"),
    *("article", "status", "text_nl", "text_en", "question_nl", "question_en"),
)
WHO: Final = ("operator", "laboratory", "authority")


@lru_cache(maxsize=1)
def duties() -> Mapping[str, DutyRule]:
    """Return the rows that come with the program, by identifier."""
    return parse(reading.shipped(TABLE))


def in_force(name: str, on: date) -> DutyRule | None:
    """Return a row if it holds on a day."""
    found = duties().get(name)
    return found if found is not None and found.in_force(on) else None


def parse(data: bytes) -> Mapping[str, DutyRule]:
    """Return the rows in the bytes of the table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    return {row["id"]: _rule(row) for row in reading.rows(TABLE, data, COLUMNS)}


def _rule(row: Row) -> DutyRule:
    status, question = row.asked()
    if row["who"] not in WHO:
        raise row.bad("who", f"This is none of: {', '.join(WHO)}.")
    if row["fixed"] and not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|30|31)", row["fixed"]):
        raise row.bad("fixed", "This is not a day of the year as 03-31.")
    named = [name for name in row["readings"].split("|") if name]
    readings = row.read("readings", lambda _: tuple(map(Reading, named)), f"These are none of: {', '.join(Reading)}.")
    try:
        return DutyRule(
            id=row["id"],
            kind=row.choice("kind", DutyKind),
            months=row.count_or_none("months"),
            days=row.read("days", int, "This is not a number of days.") if row["days"] else None,
            hours=row.count_or_none("hours"),
            fixed=row["fixed"],
            readings=readings,
            who=row["who"],
            valid_from=row.day("valid_from"),
            valid_to=row.day_or_none("valid_to"),
            reference=row.filled("reference"),
            article=row.filled("article"),
            status=status,
            text=row.text("text"),
            question=question,
        )
    except GoedeBuurError as error:
        if error.place in COLUMNS:
            raise row.bad(error.place, error.message) from None
        raise
