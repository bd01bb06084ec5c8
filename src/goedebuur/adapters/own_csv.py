"""Small CSV files of this program's own: one header that is exactly so, in UTF-8, and moments with their offset.

Which rules they break when they are otherwise is for the format: it gives the checks of its rule book.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from goedebuur.adapters import cells, payloads
from goedebuur.core.base.rulebook import Check

FORM: Final = "Expected is for example 2026-03-01T00:00:00+01:00, or with Z for UTC."


def headed(head: bytes, columns: str) -> bool:
    """Return whether a file begins with these columns."""
    return head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].strip() == columns.encode()


def lines(
    data: bytes, name: str, columns: str, *, about: str, has_columns: Check, has_rows: Check, hint: str
) -> Iterator[tuple[int, str]]:
    """Return the lines after the header with their numbers, each with as many fields as there are columns.

    Parameters
    ----------
    about
        What the file is with, for the error: `reasons`.
    has_columns, has_rows
        Checks that a header of other columns, and a file without rows, do not pass.
    hint
        What to do with a file without rows.

    Raises
    ------
    GoedeBuurError
        Of these checks; `input-…` for what is no text in UTF-8, or has other numbers of fields.
    """
    text = payloads.text(payloads.decompress(data, name), name, "utf-8").removeprefix("\ufeff")
    first, _, body = text.partition("\n")
    if first.strip() != columns:
        raise has_columns.error(
            f"The columns are not those of a file with {about}.",
            place=f"{name}, line 1",
            value=first.strip(),
            hint=f"Expected is exactly: {columns}",
        )
    if cells.require_fields(body.encode(), ",", columns.count(",") + 1, 2, name) == 0:
        raise has_rows.error("The file ends after its header.", place=name, hint=hint)
    return enumerate(body.splitlines(), start=2)


def moment(text: str, check: Check, place: str) -> datetime:
    """Return a moment in whole seconds, aware, of a year in which something can be measured.

    Raises
    ------
    GoedeBuurError
        Of the check.
    """
    found = None
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
    if found is None or found.tzinfo is None or found.microsecond or not cells.YEARS[0] <= found.year <= cells.YEARS[1]:
        raise check.error("A time cannot be read.", place=place, value=text, hint=FORM)
    return found
