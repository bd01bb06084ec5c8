"""On which grounds, by which roles and for which reasons a leaf is closed, opened early, postponed or erased.

Rows of `tables/closing_*.csv`. None of them is free text: what a leaf says can then never be somebody's name. A row is
never removed and never changes its meaning, because leaves name it for ever.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.sourced import Status, Text
from goedebuur.rules import reading
from goedebuur.rules.reading import BAD_TABLE

UNDECIDED: Final = declare("closing-undecided", "Whether this ground holds is for a person to say.")
UNKNOWN_TERM: Final = declare("closing-unknown", "A role, ground or reason is not in the tables for closed leaves.")
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "grounds": ("id", "closes", "erases", "emissions", "reference", "article", "status", "text_nl", "text_en"),
    "roles": ("id", "reference", "article", "status", "text_nl", "text_en"),
    "reasons": ("id", "opens_early", "postpones", "corrects", "status", "text_nl", "text_en"),
}
"""Name of each table and its columns, in order."""


@dataclass(frozen=True, slots=True)
class Term:
    """One row.

    Parameters
    ----------
    id
        What leaves say.
    uses
        What it may be used for: `closes`, `erases`, `emissions` (also for what is emitted, Woo 5.1(7)); `opens_early`,
        `postpones`, `corrects`. A role has none and is always fit.
    text
        In words.
    reference, article
        Where the law was read, with what it leaves open as a question; and the article. Empty for a reason.
    status
        How sure we are of the article.
    """

    id: str
    uses: frozenset[str]
    text: Text
    reference: str
    article: str
    status: Status


def ground(name: str, use: str, *, decided: bool) -> Term:
    """Return the ground of this identifier that may be used so, once it is sure, or a person said that it holds here.

    Parameters
    ----------
    decided
        Whether a person who may say so read the law and says that it holds for this delivery.

    Raises
    ------
    GoedeBuurError
        `closing-unknown`; `closing-undecided` where we did not read the law, or it leaves this open.
    """
    found = term("grounds", name, use)
    if found.status is not Status.CONFIRMED and not decided:
        asked = found.reference if found.reference.endswith("?") else f"{found.reference}."
        raise GoedeBuurError(
            UNDECIDED,
            "Whether this ground holds is for a person to say.",
            place="ground",
            value=f"{found.id} ({found.article}): {found.status}",
            hint=f"{asked} Who is responsible reads the law, and then repeats this with --decided.",
        )
    return found


def term(table: str, name: str, use: str = "") -> Term:
    """Return the row of a table that has this identifier and may be used so.

    Raises
    ------
    GoedeBuurError
        `closing-unknown`. What was given is not repeated: it may be a name.
    """
    found = terms(table).get(name)
    if found is None or (use and use not in found.uses):
        fit = [one.id for one in terms(table).values() if not use or use in one.uses]
        raise GoedeBuurError(
            UNKNOWN_TERM,
            f"This is none of the {table} that can stand here.",
            place=table.removesuffix("s"),
            hint=f"Give one of: {', '.join(fit)}. No names and no words of your own: the log keeps them for ever.",
        )
    return found


@lru_cache(maxsize=3)
def terms(table: str) -> Mapping[str, Term]:
    """Return the rows of a table that comes with the program, by identifier."""
    return parse(table, reading.shipped(f"closing_{table}"))


def parse(table: str, data: bytes) -> Mapping[str, Term]:
    """Return the rows in the bytes of a table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with table, row and column.
    """
    reader = csv.DictReader(io.StringIO(data.decode()), strict=True)
    if tuple(reader.fieldnames or ()) != TABLES[table]:
        raise _bad(table, 1, "columns", ",".join(reader.fieldnames or ()))
    found: dict[str, Term] = {}
    for number, row in enumerate(reader, start=2):
        for name in TABLES[table]:
            if not row[name] or None in row:
                raise _bad(table, number, name, "")
        yes_no = [name for name in TABLES[table] if name not in _WORDS]
        for name in yes_no:
            if row[name] not in ("yes", "no"):
                raise _bad(table, number, name, row[name])
        if row["id"] in found:
            raise _bad(table, number, "id", row["id"])
        if row["status"] not in list(Status):
            raise _bad(table, number, "status", row["status"])
        uses = frozenset(name for name in yes_no if row[name] == "yes")
        text = Text(row["text_nl"], row["text_en"])
        found[row["id"]] = Term(
            row["id"], uses, text, row.get("reference", ""), row.get("article", ""), Status(row["status"])
        )
    return found


_WORDS: Final = frozenset({"id", "reference", "article", "status", "text_nl", "text_en"})


def _bad(table: str, row: int, column: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        BAD_TABLE, "This cell cannot be.", place=f"closing_{table}, row {row}, column {column}", value=value
    )
