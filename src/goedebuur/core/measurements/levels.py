"""Levels of detail: a series of any length as at most so many buckets for a chart, with its gaps kept.

For drawing only. The figures beside a chart come from `averaging`; here a mean is a float because a pixel is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.quantities import MICRO

WIDTHS: Final = (
    60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
    86400, 172800, 345600, 604800, 1209600, 2592000, 7776000,
)  # fmt: skip
"""Bucket widths that people can read off an axis. [s]"""


def bucket_width(start: datetime, end: datetime, points: int, step: int) -> int:
    """Return the narrowest bucket that gives at most so many points, and is never narrower than the step. [s]

    >>> from datetime import UTC
    >>> bucket_width(datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), 1000, 3600)
    43200
    """
    if points < 1:
        raise ValueError("a chart has at least one point")
    span = int((end - start).total_seconds())
    for width in WIDTHS:
        if width >= step and width * points >= span:
            return width
    return -(-span // points)


def levels(frame: pl.DataFrame, start: datetime, end: datetime, width: int) -> pl.DataFrame:
    """Return per series and bucket the lowest, mean and highest value, with empty buckets where nothing was measured.

    Parameters
    ----------
    frame : DataFrame
        Columns series, start (UTC), step [s], micro [10⁻⁶ canonical units], flags. Unusable values are gaps.
    start, end
        Aware; half-open. Buckets are cut at whole multiples of the width since 1970 (weeks and longer too).
    width
        From :func:`bucket_width`. [s]

    Returns
    -------
    DataFrame
        series; x: start of the bucket [s since 1970]; mean, min, max [canonical units], null in a gap; n: values in
        the bucket. Sorted by series and x, the same x for every series.
    """
    first, last = int(start.timestamp()) // width, -(-int(end.timestamp()) // width)
    usable = frame.filter(
        pl.col("micro").is_not_null(),
        pl.col("flags") & int(UNUSABLE) == 0,
        pl.col("start").is_between(start, end, closed="left"),
    )
    found = usable.group_by("series", x=pl.col("start").dt.epoch("s") // width).agg(
        mean=pl.col("micro").sum() / pl.len() / MICRO,
        min=pl.col("micro").min() / MICRO,
        max=pl.col("micro").max() / MICRO,
        n=pl.len().cast(pl.Int64),
    )
    every = frame.select(pl.col("series").unique(maintain_order=True)).join(
        pl.DataFrame({"x": pl.int_range(first, last, eager=True, dtype=pl.Int64)}), how="cross"
    )
    return (
        every.join(found, on=["series", "x"], how="left")
        .with_columns(pl.col("n").fill_null(0), pl.col("x") * width)
        .sort("series", "x")
    )


def gaps(frame: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
    """Return the stretches in which a series has no usable value: series, from, to [s since 1970], half-open.

    Parameters
    ----------
    frame : DataFrame
        As for :func:`levels`.
    start, end
        Aware; the stretch that is looked at. What lies before the first and after the last value counts as a gap.
    """
    low, high = int(start.timestamp()), int(end.timestamp())
    moment = pl.col("start").dt.epoch("s")
    usable = frame.filter(
        pl.col("micro").is_not_null(),
        pl.col("flags") & int(UNUSABLE) == 0,
        pl.col("start").is_between(start, end, closed="left"),
    ).select("series", begin=moment, finish=moment + pl.col("step"))
    names = frame.select(pl.col("series").unique())
    edges = pl.concat(
        [
            usable.with_columns(pl.col("begin", "finish").cast(pl.Int64)),
            names.with_columns(begin=pl.lit(low, pl.Int64), finish=pl.lit(low, pl.Int64)),
            names.with_columns(begin=pl.lit(high, pl.Int64), finish=pl.lit(high, pl.Int64)),
        ]
    ).sort("series", "begin", "finish")
    measured = pl.col("finish").cum_max().over("series")
    return (
        edges.with_columns(measured.alias("until"))
        .with_columns(pl.col("until").shift().over("series").alias("from"))
        .filter(pl.col("begin") > pl.col("from"))
        .select("series", "from", to="begin")
    )
