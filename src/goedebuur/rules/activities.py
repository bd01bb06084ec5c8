"""Activities that a register or directive lists: rows of `tables/annex_i_activities.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from goedebuur.core.base.sourced import Status, Text, holds
from goedebuur.core.sites.records import ACTIVITY_LISTS
from goedebuur.rules import reading
from goedebuur.rules.reading import Row

TABLE: Final = "annex_i_activities"
COLUMNS: Final = (
    "id",
    "list",
    "code",
    "valid_from",
    "valid_to",
    "reference",
    "article",
    "status",
    "text_nl",
    "text_en",
)


@dataclass(frozen=True, slots=True)
class ListedActivity:
    """One row.

    Parameters
    ----------
    list
        One of :data:`~goedebuur.core.sites.records.ACTIVITY_LISTS`.
    code
        As in the list, without the point after the chapter: `2(b)`, `5.2(a)`.
    valid_from, valid_to
        First and last day on which the list has it; None: still open.
    text
        In our words, with the capacity from which it counts.
    """

    list: str
    code: str
    valid_from: date
    valid_to: date | None
    reference: str
    article: str
    status: Status
    text: Text


def activity(name: str, code: str, on: date) -> ListedActivity | None:
    """Return the row of a list with this code on a day; None where the list has none."""
    found = activities().get(f"{name}:{code}")
    return found if found is not None and holds(found.valid_from, found.valid_to, on) else None


@lru_cache(maxsize=1)
def activities() -> Mapping[str, ListedActivity]:
    """Return all rows that come with the program, by `list:code`, in the order of the lists."""
    return parse(reading.shipped(TABLE))


def parse(data: bytes) -> Mapping[str, ListedActivity]:
    """Return the rows in the bytes of the table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    return {row["id"]: _activity(row) for row in reading.rows(TABLE, data, COLUMNS)}


def _activity(row: Row) -> ListedActivity:
    if row["list"] not in ACTIVITY_LISTS or row["id"] != f"{row['list']}:{row['code']}":
        raise row.bad("id", f"An identifier is {' or '.join(ACTIVITY_LISTS)}, a colon and the code.")
    for column in ("reference", "article", "text_nl", "text_en"):
        row.filled(column)
    return ListedActivity(
        list=row["list"],
        code=row.filled("code"),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        reference=row["reference"],
        article=row["article"],
        status=row.choice("status", Status),
        text=row.text("text"),
    )
