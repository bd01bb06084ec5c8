"""Exact decimals: text to integers, sums to rounded digits, and one digest for a table of results.

No figure passes through a float on its way to a published digit. Two things make the digits the same on every engine
and with any number of threads: sums are integers, so that their order does not matter; and a quotient is taken by
:func:`quotient`, whose float division is exact by construction rather than by luck.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from goedebuur.core.base.quantities import CANONICAL_DECIMALS

if TYPE_CHECKING:
    import polars as pl


def parse_decimals(strings: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return the digits as integers, the number of decimals, and which cells are not a plain decimal number.

    A plain decimal number is `-?digits` or `-?digits.digits`; nothing else: no plus sign, exponent, comma, white
    space or digits of another script. A null gives nulls and is not bad; an empty string is bad.

    Parameters
    ----------
    strings
        Cells as text.

    Returns
    -------
    tuple of Series of Int64, Int8 and Boolean, same height
        `16.150` gives 16150 and 3. Value and decimals are null where the cell is bad or null; more than eighteen
        digits do not fit and are bad too.

    Examples
    --------
    >>> import polars as pl
    >>> value, decimals, bad = parse_decimals(pl.Series(["16.150", "-0.5", "1e3", None]))
    >>> value.to_list(), decimals.to_list(), bad.to_list()
    ([16150, -5, None, None], [3, 1, None, None], [False, False, True, False])
    """
    import polars as pl

    cell = pl.col("cell")
    plain = cell.str.contains(r"^-?[0-9]{1,18}(?:\.[0-9]{1,18})?$")
    point = cell.str.find(".", literal=True)
    scale = pl.when(point.is_null()).then(0).otherwise(cell.str.len_bytes() - point - 1)
    frame = strings.rename("cell").cast(pl.String).to_frame()
    parsed = frame.select(
        cell,
        plain=plain,
        value=cell.str.replace(".", "", literal=True).cast(pl.Int64, strict=False),
        decimals=scale.cast(pl.Int8, strict=False),  # of a cell that is bad anyway it may be any number
    ).select(
        pl.when(pl.col("plain") & pl.col("value").is_not_null()).then(pl.col("value", "decimals")).name.keep(),
        bad=cell.is_not_null() & ~(pl.col("plain") & pl.col("value").is_not_null()),
    )
    return parsed["value"], parsed["decimals"], parsed["bad"]


def quotient(a: Any, b: Any) -> Any:
    """Return floor(a / b) as an Ibis integer expression that no engine can get wrong.

    Engines disagree on integer division: some divide floats and round down, some cut towards zero. Here the remainder
    is taken off first. What is left divides without a rest, so its float quotient is within |q|·2⁻⁵² of the integer
    q, and rounding finds it whatever the engine does with halves.

    Parameters
    ----------
    a
        Integer expression of any sign, |a / b| < 2⁵⁰.
    b
        Positive integer, or expression of positive integers. [same unit as a]
    """
    remainder = ((a % b) + b) % b
    return ((a - remainder) / b).round().cast("int64")


def floored(a: Any, b: int) -> Any:
    """Return floor(a / b) as an Ibis integer expression, for |a| < 2⁵³: three times as fast as :func:`quotient`.

    Both numbers are then exact as floats. A quotient just below an integer k is at most k - 1/b, and 1/b is more than
    half the spacing of floats at k as long as k·b < 2⁵³, so that it never rounds up to k.

    Parameters
    ----------
    a
        Integer expression of any sign: seconds, microseconds until 2255, hours, days.
    b
        Positive integer.
    """
    return (a / b).floor().cast("int64")


def whole(total: Any) -> Any:
    """Return an Ibis sum of integers as 64 bits; too large a sum is an error of the engine, never a wrong number.

    DuckDB sums into 128 bits, in which division is thirty times slower. Ibis leaves out a cast to the type that it
    believes a sum to have, hence the way round by a decimal.
    """
    return total.cast("decimal(18, 0)").cast("int64")


def rounded(total: Any, n: Any, step: int) -> Any:
    """Return total / n as a whole number of steps, halves away from zero, as an Ibis expression.

    Parameters
    ----------
    total
        Integer sum. [10⁻⁶ canonical units]
    n
        Number of values in the sum; the result is null where it is null or zero.
    step
        Size of the last digit that is kept; `10**(6 - decimals)`. [10⁻⁶ canonical units]

    Notes
    -----
    |total| ≤ 9·10¹⁶ and n·step ≤ 10¹³ keep every intermediate within 64 bits: nine thousand of the largest values.
    """
    count = n.nullif(0) if hasattr(n, "nullif") else n
    size = count * step
    magnitude = quotient(total.abs() * 2 + size, size * 2)
    return (total < 0).ifelse(-magnitude, magnitude).cast("int64")


def round_half_away(total: int, n: int, decimals: int) -> int:
    """Return total / n (a sum of 10⁻⁶ units, and its count) as an integer with so many decimals, halves away from zero.

    >>> round_half_away(50_500_000, 1, 0), round_half_away(-50_500_000, 1, 0), round_half_away(20_000_000, 3, 2)
    (51, -51, 667)
    """
    if n <= 0:
        raise ValueError("a mean has at least one value")
    scaled = Fraction(abs(total) * 10**decimals, n * 10**CANONICAL_DECIMALS)
    magnitude = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -magnitude if total < 0 else magnitude


def as_text(value: int | None, decimals: int) -> str:
    """Return an integer with its number of decimals as people write it, with a decimal point; empty for none.

    >>> as_text(667, 2), as_text(-5, 1), as_text(41, 0), as_text(None, 0)
    ('6.67', '-0.5', '41', '')
    """
    if value is None:
        return ""
    sign = "-" if value < 0 else ""
    digits = str(abs(value)).rjust(decimals + 1, "0")
    return f"{sign}{digits}" if decimals == 0 else f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def texts(value: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """Return :func:`as_text` for columns; null for none."""
    import polars as pl

    places = decimals.cast(pl.Int64)
    text = value.abs().cast(pl.String).str.zfill(places + 1)
    whole = text.str.len_chars().cast(pl.Int64) - places
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    pointed = pl.concat_str(sign, text.str.slice(0, whole), pl.lit("."), text.str.slice(whole))
    return pl.when(places == 0).then(value.cast(pl.String)).otherwise(pointed)


def table_sha256(table: pl.DataFrame) -> str:
    """Return one digest for the content of a table, whatever the order of its rows.

    Columns are taken in order of name, rows are sorted by all columns. Integers of any width, booleans and text are
    digested by their text; a float has no single text, so a table with one is refused.

    Raises
    ------
    TypeError
        If a column is not of integers, booleans or text.
    """
    import polars as pl

    columns = sorted(table.columns)
    for name in columns:
        kind = table.schema[name]
        if not (kind.is_integer() or kind in (pl.Boolean, pl.String)):
            raise TypeError(f"column {name} is {kind}: a digest is taken of integers, booleans and text")
    ordered = table.select(columns).sort(columns, nulls_last=True)
    text = ordered.write_csv(null_value="\\N", quote_style="non_numeric", line_terminator="\n")
    return hashlib.sha256(text.encode()).hexdigest()
