"""Read a rule table as text, strictly: whatever is wrong is an error with table, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib import resources

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.table_row import BAD_TABLE, Row

__all__ = ["BAD_TABLE", "Row", "rows", "shipped"]


def shipped(name: str) -> bytes:
    """Return the bytes of a table that comes with the program."""
    return (resources.files("goedebuur.rules") / "tables" / f"{name}.csv").read_bytes()


def rows(name: str, data: bytes, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a table, each with an identifier of its own in the column `id`.

    Raises
    ------
    GoedeBuurError
        `rules-table` for a table that is not UTF-8 CSV, has other columns, a row of another length, white space around
        a cell, or one identifier twice.
    """
    place = f"rules/tables/{name}.csv"
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise GoedeBuurError(BAD_TABLE, f"The table cannot be read: {error}.", place=place) from None
    if not lines or tuple(lines[0]) != tuple(columns):
        raise GoedeBuurError(
            BAD_TABLE, "The table has other columns.", place=f"{place}, line 1", hint=f"Expected: {','.join(columns)}"
        )
    found: list[Row] = []
    seen: set[str] = set()
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(columns):
            raise GoedeBuurError(
                BAD_TABLE, f"The row has {len(cells)} cells, not {len(columns)}.", place=f"{place}, line {number}"
            )
        row = Row(name, number, dict(zip(columns, cells, strict=True)))
        for column, cell in row.cells.items():
            if cell != cell.strip():
                raise row.bad(column, "There is white space around this cell.")
        if row.filled("id") in seen:
            raise row.bad("id", "This identifier is there twice.")
        seen.add(row["id"])
        found.append(row)
    return found
