"""Exact decimal numbers: reported digits as an integer and a scale, never through a float."""

from __future__ import annotations

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
    >>> value, decimals, bad = parse_decimals(pl.Series(["16.150", "-0.5", "1e3", None]))
    >>> value.to_list(), decimals.to_list(), bad.to_list()
    ([16150, -5, None, None], [3, 1, None, None], [False, False, True, False])
    """
    cell = pl.col("cell")
    frame = strings.rename("cell").cast(pl.String).to_frame()
    plain = cell.str.contains(r"^-?[0-9]{1,18}(?:\.[0-9]{1,18})?$")
    digits = cell.str.replace(".", "", literal=True).cast(pl.Int64, strict=False)
    point = cell.str.find(".", literal=True)
    scale = pl.when(point.is_null()).then(0).otherwise(cell.str.len_bytes() - point - 1)
    parsed = frame.select(
        good=plain & digits.is_not_null(),
        bad=cell.is_not_null() & ~(plain & digits.is_not_null()),
        value=digits,
        decimals=scale.cast(pl.Int8),
    ).with_columns(pl.when("good").then(pl.col("value", "decimals")).name.keep())
    return parsed["value"], parsed["decimals"], parsed["bad"]
