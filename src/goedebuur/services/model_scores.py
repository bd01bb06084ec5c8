"""A table of measured and modelled values, and how well they agree."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError

if TYPE_CHECKING:
    from goedebuur.core.dispersion.evaluation import Scores


def of_table(data: bytes, name: str, measured: str, modelled: str, missing: str = "") -> Scores:
    """Return how well two columns of a table agree.

    Parameters
    ----------
    data
        CSV in UTF-8 with the names of its columns in the first line; numbers with a point.
    name
        Of the file, for errors.
    measured, modelled
        Names of the columns.
    missing
        What stands for no value, beside an empty cell.

    Raises
    ------
    GoedeBuurError
        `input-encoding`, `input-empty`, `input-missing-column`, `input-truncated` for a line with too few cells;
        `input-number` for a cell that is no number, or one below zero.
    """
    import numpy as np

    from goedebuur.core.dispersion import evaluation

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoedeBuurError(
            errors.BAD_ENCODING,
            "The table is not in UTF-8.",
            place=f"{name}, byte {error.start}",
            hint="Save it as CSV in UTF-8.",
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = next(reader, [])
    places = [_place(columns, one, name) for one in (measured, modelled)]
    rows = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(columns):
            raise GoedeBuurError(
                errors.TRUNCATED_INPUT,
                "The line has another number of cells than the first.",
                place=f"{name}, line {reader.line_num}",
                value=f"{len(cells)} of {len(columns)}",
                hint="Deliver the whole table.",
            )
        rows.append(
            [_number(cells[at], missing, f"{name}, line {reader.line_num}, column {columns[at]}") for at in places]
        )
    if not rows:
        raise GoedeBuurError(errors.EMPTY_INPUT, "There is no line with values.", place=name)
    pairs = np.array(rows, np.float64)
    return evaluation.scores(pairs[:, 0], pairs[:, 1])


def _place(columns: list[str], wanted: str, name: str) -> int:
    if wanted not in columns:
        raise GoedeBuurError(
            errors.MISSING_COLUMN,
            "The table has no such column.",
            place=f"{name}, line 1",
            value=wanted,
            hint=f"It has {', '.join(columns) or 'none'}.",
        )
    return columns.index(wanted)


def _number(cell: str, missing: str, place: str) -> float:
    if cell.strip() in ("", missing):
        return math.nan
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "That is no concentration.",
            place=place,
            value=cell,
            hint="It is a number, not below zero; say with `--missing` what stands for no value.",
        )
    return number
