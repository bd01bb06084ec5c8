"""The page on the table set of emission points, made from the records: `python tools/stack_tables.py` writes it.

`--check` only says whether it is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from goedebuur.core.emissions import sheets
from goedebuur.services import stack_tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "stack-tables.md"
HEAD = """# The table set of emission points

Emission points and what belongs to them go in and out as one set: a zip with a CSV for each sheet (UTF-8, a comma or
semicolon between cells), or a spreadsheet (`.xlsx`) with the same sheets. `goedebuur stack template` writes an empty
one, `goedebuur stack export` one that is filled in from the record or begun from a facility of the E-PRTR, and
`goedebuur stack import` enters one: all of it under one leaf, or nothing. A set that was exported and is imported again
changes nothing.

A row of a sheet is a record. What a record has several of stands in a sheet of its own, named after both, with the
identifier of the record in `id` and its place in `number`. Sheets and columns that are left out are empty; a record
that is entered takes the place of the earlier one with all that it leaves empty, so change an exported set. Decimals
have a point, days are `2026-12-31`, lists have `|` between. A text that begins as a formula has an apostrophe before it
in CSV. Every mistake is told with its sheet, row, column and value. Three sheets are to read: `explanation` is the
table below, `site` is the site, and `substances` has the names, CAS numbers and codes of the table of the program with
what the facilities of the site last reported; where it says other of a substance than the program does, the set is
refused.

This page is made from the records of the program by `python tools/stack_tables.py`.
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for sheet in sheets.sheets():
        parts.append(f"\n## {sheet.name}\n| column | form | meaning |\n|---|---|---|\n")
        parts.extend(
            f"| `{column}` | {_cell(form)} | {_cell(meaning)} |\n"
            for name, column, form, meaning in stack_tables.described()
            if name == sheet.name
        )
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write the page, or say whether it is out of date."""
    if "--check" in sys.argv:
        return int(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
