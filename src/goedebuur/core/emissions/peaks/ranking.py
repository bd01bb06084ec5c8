"""Which peaks to look at first: by extra mass, by height, or by height against the limit."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

import polars as pl


class Order(StrEnum):
    """By what peaks are ranked; what is not known of a peak puts it last, never first."""

    MASS = "mass"
    HEIGHT = "height"
    LIMIT = "limit"
    """Top over the value of the limit. Not a breach: a limit holds for an average."""
    LENGTH = "length"


def ranked(peaks: pl.DataFrame, order: Order, limits: Mapping[str, Fraction] | None = None) -> pl.DataFrame:
    """Return the peaks in order, the largest first, with a column `of_limit`.

    Parameters
    ----------
    peaks : DataFrame
        With :data:`goedebuur.core.emissions.peaks.PEAKS`.
    limits
        Stream → value of the limit that its peaks are held beside. [10⁻⁶ unit of the values] Only those known.

    Returns
    -------
    DataFrame
        `of_limit`: top over limit, in thousandths, rounded down; null where no limit is known.
    """
    known = limits or {}
    over = [
        None if stream not in known or known[stream] <= 0 else int(top * 1000 / known[stream])
        for stream, top in peaks.select("stream", "top").iter_rows()
    ]
    found = peaks.with_columns(pl.Series("of_limit", over, pl.Int64))
    by = {
        Order.MASS: pl.col("extra_mass"),
        Order.HEIGHT: pl.col("height"),
        Order.LIMIT: pl.col("of_limit"),
        Order.LENGTH: pl.col("end") - pl.col("start"),
    }[order]
    # equal ones in a fixed order, so that two readers see one list
    return found.sort(by, "start", "stream", descending=[True, False, False], nulls_last=True)
