"""From cells of text to observations: the steps that every tabular format shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from goedebuur.core.base import errors, quantities
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.exact import parse_decimals
from goedebuur.core.measurements.records import KEY, OBSERVATIONS

MAX_DECIMALS: Final = 6
"""More decimals than this do not fit the canonical micro units. RIVM gives up to six (NH3 of 2020)."""

YEARS: Final = (1700, 2199)
"""First and last year of a measurement: De Bilt's temperatures begin in 1706."""

Place = Callable[[int], str]
"""From the index of a row to where its cell stands in the file, for an error."""


def with_digits(frame: pl.DataFrame, place: Place, *, max_decimals: int = MAX_DECIMALS) -> pl.DataFrame:
    """Return the frame with `value` and `decimals` in place of its text column `cell`, which has no nulls.

    Raises
    ------
    GoedeBuurError
        `input-number` or `input-decimals`, at the first cell at fault.
    """
    value, decimals, bad = parse_decimals(frame["cell"])
    if bad.any():
        row = int(bad.arg_max() or 0)
        cell = str(frame["cell"][row])
        comma = "A decimal comma is not this format: the file was saved by another program. " if "," in cell else ""
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "A value is not a decimal number.",
            place=place(row),
            value=cell,
            hint=f"{comma}Deliver the file as the supplier published it, or ask the supplier about this cell.",
        )
    finer = decimals > max_decimals
    if finer.any():
        row = int(finer.arg_max() or 0)
        raise GoedeBuurError(
            errors.TOO_MANY_DECIMALS,
            f"A value has more than {max_decimals} decimals.",
            place=place(row),
            value=str(frame["cell"][row]),
            hint="Values are kept exactly, and this series declares fewer decimals: ask the supplier what it means.",
        )
    return frame.with_columns(value.alias("value"), decimals.alias("decimals")).drop("cell")


def with_plausible_years(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with `start` null where its year is none in which anything was or will be measured."""
    plausible = pl.col("start").dt.year().is_between(*YEARS)
    return frame.with_columns(pl.when(plausible).then(pl.col("start")).alias("start"))


def require_magnitude(frame: pl.DataFrame, quantity: str, unit: str, place: Place) -> None:
    """Check that every value fits the exact sums, in canonical units.

    Raises
    ------
    GoedeBuurError
        `input-magnitude`, `input-unit` or `input-quantity`.
    """
    numerator, denominator = quantities.ratio(quantity, unit)
    limit = quantities.MAX_ABS_MICRO * denominator // numerator
    scale = pl.lit(10, pl.Int64).pow(pl.lit(quantities.CANONICAL_DECIMALS) - pl.col("decimals").cast(pl.Int64))
    over = frame.select((pl.col("value").abs() > limit // scale).alias("over"))["over"]
    if over.any():
        row = int(over.arg_max() or 0)
        raise GoedeBuurError(
            errors.OUT_OF_RANGE,
            "A value is larger than any measurement of this kind.",
            place=place(row),
            value=f"{frame['value'][row]} with {frame['decimals'][row]} decimals, in {unit}",
            hint="A fill value such as 9999999 is not a measurement: ask the supplier for a file without it.",
        )


def require_plain_magnitude(frame: pl.DataFrame, place: Place) -> None:
    """Check the magnitude of values of several series in one frame with columns `series` and `unit`.

    Raises
    ------
    GoedeBuurError
        As :func:`require_magnitude`.
    """
    with_row = frame.with_row_index("at").with_columns(pl.col("series").str.split(".").list.get(1).alias("quantity"))
    for (quantity, unit), part in with_row.group_by("quantity", "unit", maintain_order=True):
        require_magnitude(part, str(quantity), str(unit), lambda row, part=part: place(part["at"][row]))  # type: ignore[misc]


def observations(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with exactly the columns of :data:`OBSERVATIONS`, sorted by key."""
    columns = [pl.col(name).cast(kind) for name, kind in OBSERVATIONS.items()]
    return frame.select(columns).sort(KEY)


def require_unique(frame: pl.DataFrame, name: str) -> None:
    """Check that no series has two values at one time.

    Raises
    ------
    GoedeBuurError
        `input-duplicate`.
    """
    if frame.height == frame.select(pl.struct(KEY).n_unique()).item():
        return
    first = frame.filter(frame.select(KEY).is_duplicated()).row(0, named=True)
    raise GoedeBuurError(
        errors.DUPLICATE_KEY,
        "One file gives two values for one series and time.",
        place=f"{name}, series {first['series']}, {first['start']}",
        value=str(first["value"]),
        hint="Ask the supplier which of the two holds, and deliver a file with that one.",
    )


def require_fields(plain: bytes, separator: str, expected: int, first_line: int, name: str) -> int:
    """Return the number of lines, after checking that each has the expected number of fields and an end.

    Parameters
    ----------
    plain
        The lines, in an encoding that keeps ASCII.
    expected
        Fields in a line, one more than its separators.
    first_line
        Number of the first of these lines in the file, for the error.

    Raises
    ------
    GoedeBuurError
        `input-truncated` for a last line cut short, `input-missing-column` for another line of another width.
    """
    octets = np.frombuffer(plain, np.uint8)
    ends = np.flatnonzero(octets == ord("\n"))
    before = np.searchsorted(np.flatnonzero(octets == ord(separator)), ends)
    widths = np.diff(before, prepend=0) + 1
    wrong = np.flatnonzero(widths != expected)
    tail = plain[int(ends[-1]) + 1 :] if len(ends) else plain
    if len(wrong) and (wrong[0] < len(widths) - 1 or tail):
        row = int(wrong[0])
        raise GoedeBuurError(
            errors.MISSING_COLUMN,
            f"A line has {int(widths[row])} fields where the header has {expected}.",
            place=f"{name}, line {first_line + row}",
            hint="The file was changed after publication: download it again.",
        )
    if tail or len(wrong):
        line = first_line + len(ends) - (0 if tail else 1)
        raise GoedeBuurError(
            errors.TRUNCATED_INPUT,
            "The file ends in the middle of a line.",
            place=f"{name}, line {line}",
            value=tail[-60:].decode("latin-1"),
            hint="Download it again: the transfer was cut short.",
        )
    return len(ends)
