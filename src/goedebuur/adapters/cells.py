"""From cells of text to observations: the steps that every tabular format shares."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl

from goedebuur.core.base import errors, quantities, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.exact import parse_decimals
from goedebuur.core.measurements.records import KEY, OBSERVATIONS

MAX_DECIMALS: Final = 6
"""More decimals than this do not fit the canonical micro units. RIVM gives up to six (NH3 of 2020)."""

YEARS: Final = (1700, 2199)
"""First and last year of a measurement: De Bilt's temperatures begin in 1706."""

Place = Callable[[int], str]
"""From the index of a row to where its cell stands in the file, for an error."""

_BOOK: Final = rulebook.area(
    "cell",
    "Regels en cellen, in elk formaat met rijen",
    "Lines and cells, in every format with rows",
    rulebook.own(
        "waarden blijven precies zoals gemeld, zodat elke som overal dezelfde cijfers geeft",
        "values are kept exactly as reported, so that every sum has the same digits everywhere",
    ),
    "tests/rulebook/test_cells.py::test_refused",
)
NUMBER: Final = _BOOK.refuse(
    "number",
    errors.BAD_NUMBER,
    "Een waarde is een decimaal getal met een punt, van ten hoogste achttien cijfers.",
    "A value is a decimal number with a point, of at most eighteen digits.",
)
DECIMALS: Final = _BOOK.refuse(
    "decimals",
    errors.TOO_MANY_DECIMALS,
    "Een waarde heeft niet meer decimalen dan haar reeks opgeeft.",
    "A value has no more decimals than its series declares.",
)
MAGNITUDE: Final = _BOOK.refuse(
    "magnitude",
    errors.OUT_OF_RANGE,
    "Een waarde is niet groter dan een exacte som kan dragen.",
    "A value is no larger than an exact sum can carry.",
)
ONE_VALUE: Final = _BOOK.refuse(
    "one-value",
    errors.DUPLICATE_KEY,
    "Eén bestand geeft voor één reeks en tijd één waarde.",
    "One file gives one value for one series and time.",
    basis=rulebook.standard("IOOS, Manual for Real-Time Quality Control (QARTOD): timing and syntax tests"),
)
LINE_WIDTH: Final = _BOOK.refuse(
    "line-width",
    errors.MISSING_COLUMN,
    "Elke regel heeft evenveel velden als de kop.",
    "Each line has as many fields as the header.",
    basis=rulebook.described("RFC 4180, 2.4"),
)
LAST_LINE: Final = _BOOK.refuse(
    "last-line",
    errors.TRUNCATED_INPUT,
    "De laatste regel is heel en heeft een einde.",
    "The last line is whole and has an end.",
    basis=rulebook.own(
        "anders gaat een afgebroken bestand door voor een heel",
        "a file that was cut short would else be taken for a complete one",
    ),
)


def with_digits(frame: pl.DataFrame, place: Place, *, max_decimals: int = MAX_DECIMALS) -> pl.DataFrame:
    """Return the frame with `value` and `decimals` in place of its text column `cell`, which has no nulls.

    Raises
    ------
    GoedeBuurError
        `input-number` or `input-decimals`, at the first cell at fault. Where all findings are asked for, the rows at
        fault are left out.
    """
    value, decimals, bad = parse_decimals(frame["cell"])

    def no_number(row: int) -> GoedeBuurError:
        cell = str(frame["cell"][row])
        comma = "A decimal comma is not this format: the file was saved by another program. " if "," in cell else ""
        return NUMBER.error(
            "A value is not a decimal number.",
            place=place(row),
            value=cell,
            hint=f"{comma}Deliver the file as the supplier published it, or ask the supplier about this cell.",
        )

    def too_fine(row: int) -> GoedeBuurError:
        return DECIMALS.error(
            f"A value has more than {max_decimals} decimals.",
            place=place(row),
            value=str(frame["cell"][row]),
            hint="Values are kept exactly, and this series declares fewer decimals: ask the supplier what it means.",
        )

    finer = (decimals > max_decimals).fill_null(False)
    NUMBER.refuse_rows(bad, no_number)
    DECIMALS.refuse_rows(finer, too_fine)
    digits = frame.with_columns(value.alias("value"), decimals.alias("decimals")).drop("cell")
    return digits.filter(~(bad | finer)) if rulebook.going_on() else digits


def with_plausible_years(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with `start` null where its year is none in which anything was or will be measured."""
    plausible = pl.col("start").dt.year().is_between(*YEARS)
    return frame.with_columns(pl.when(plausible).then(pl.col("start")).alias("start"))


def require_magnitude(frame: pl.DataFrame, quantity: str, unit: str, place: Place) -> pl.DataFrame:
    """Return the frame, once every value was found to fit the exact sums in canonical units.

    Raises
    ------
    GoedeBuurError
        `input-magnitude`, `input-unit` or `input-quantity`.
    """
    numerator, denominator = quantities.ratio(quantity, unit)
    limit = quantities.MAX_ABS_MICRO * denominator // numerator
    scale = pl.lit(10, pl.Int64).pow(pl.lit(quantities.CANONICAL_DECIMALS) - pl.col("decimals").cast(pl.Int64))
    over = frame.select((pl.col("value").abs() > limit // scale).alias("over"))["over"]

    def too_large(row: int) -> GoedeBuurError:
        return MAGNITUDE.error(
            "A value is larger than any measurement of this kind.",
            place=place(row),
            value=f"{frame['value'][row]} with {frame['decimals'][row]} decimals, in {unit}",
            hint="A fill value such as 9999999 is not a measurement: ask the supplier for a file without it.",
        )

    MAGNITUDE.refuse_rows(over, too_large)
    return frame.filter(~over) if rulebook.going_on() else frame


def require_plain_magnitude(frame: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Return the frame, once the values of several series in it, by their `series` and `unit`, were found to fit.

    Raises
    ------
    GoedeBuurError
        As :func:`require_magnitude`.
    """
    kept = []
    with_row = frame.with_row_index("at").with_columns(pl.col("series").str.split(".").list.get(1).alias("quantity"))
    for (quantity, unit), part in with_row.group_by("quantity", "unit", maintain_order=True):
        within = require_magnitude(part, str(quantity), str(unit), lambda row, part=part: place(part["at"][row]))  # type: ignore[misc]
        kept.append(within)
    if not (rulebook.going_on() and kept):
        return frame
    return pl.concat(kept).sort("at").select(frame.columns)


def observations(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with exactly the columns of :data:`OBSERVATIONS`, sorted by key."""
    columns = [pl.col(name).cast(kind) for name, kind in OBSERVATIONS.items()]
    return frame.select(columns).sort(KEY)


def require_unique(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the frame, once no series was found to have two values at one time.

    Raises
    ------
    GoedeBuurError
        `input-duplicate`.
    """
    if frame.height == frame.select(pl.struct(KEY).n_unique()).item():
        return frame

    def two_values(row: int) -> GoedeBuurError:
        found = frame.row(row, named=True)
        both = frame.filter(pl.col(key) == found[key] for key in KEY)
        return ONE_VALUE.error(
            "One file gives two values for one series and time.",
            place=f"{name}, series {found['series']}, {found['start']}",
            value=" and ".join(str(Decimal(v).scaleb(-d)) for v, d in both.select("value", "decimals").iter_rows()),
            hint="Ask the supplier which of the two holds, and deliver a file with that one.",
        )

    ONE_VALUE.refuse_rows(~frame.select(pl.struct(KEY).is_first_distinct()).to_series(), two_values)
    return frame.unique(KEY, keep="first", maintain_order=True)


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
        raise LINE_WIDTH.error(
            f"A line has {int(widths[row])} fields where the header has {expected}.",
            place=f"{name}, line {first_line + row}",
            hint="The file was changed after publication: download it again.",
        )
    if tail or len(wrong):
        line = first_line + len(ends) - (0 if tail else 1)
        raise LAST_LINE.error(
            "The file ends in the middle of a line.",
            place=f"{name}, line {line}",
            value=tail[-60:].decode("latin-1"),
            hint="Download it again: the transfer was cut short.",
        )
    return len(ends)
