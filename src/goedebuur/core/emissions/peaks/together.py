"""The same event seen by other streams: of the same emission point, and of the others of the site."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import polars as pl

LAG: Final = 900
"""How far two streams may show one event apart. [s] A choice: sampling lines and filters of one point lag by minutes,
and a disturbance of one plant reaches the stack of the next in about a quarter of an hour."""

SEEN: Final[dict[str, Any]] = {
    "stream": pl.String(),  # of the peak
    "start": pl.Datetime("us", "UTC"),
    "other": pl.String(),  # stream with a peak at the same time
    "other_start": pl.Datetime("us", "UTC"),
    "lag": pl.Int32(),  # top of the other minus top of this [s]
    "relation": pl.String(),  # Relation
}
"""Pairs of peaks that go together, sorted by stream, start and other."""


class Relation(StrEnum):
    """Where the other stream is."""

    POINT = "point"
    """At the same emission point."""
    SITE = "site"
    """At another emission point of the site."""


def together(peaks: pl.DataFrame, points: dict[str, str], lag: int = LAG) -> pl.DataFrame:
    """Return which peaks of different streams overlap, each widened by the lag on both sides.

    Parameters
    ----------
    peaks : DataFrame
        With :data:`goedebuur.core.emissions.peaks.PEAKS`, of streams of one site.
    points
        Stream → its emission point.
    lag
        [s]

    Returns
    -------
    DataFrame
        With :data:`SEEN`; each pair from both sides.
    """
    plain = peaks.select("stream", "start", "end", "top_at")
    right = plain.rename({name: f"other_{name}" for name in plain.columns})
    left = plain.with_columns(
        earliest=pl.col("start") - pl.duration(seconds=lag), latest=pl.col("end") + pl.duration(seconds=lag)
    )
    pairs = left.join_where(
        right,
        pl.col("earliest") < pl.col("other_end"),
        pl.col("other_start") < pl.col("latest"),
        pl.col("stream") != pl.col("other_stream"),
    )
    here = pl.col("stream").replace_strict(points, return_dtype=pl.String)
    there = pl.col("other_stream").replace_strict(points, return_dtype=pl.String)
    found = pairs.select(
        "stream",
        "start",
        other="other_stream",
        other_start="other_start",
        lag=(pl.col("other_top_at") - pl.col("top_at")).dt.total_seconds(),
        relation=pl.when(here == there).then(pl.lit(Relation.POINT.value)).otherwise(pl.lit(Relation.SITE.value)),
    )
    return found.select(pl.col(name).cast(kind) for name, kind in SEEN.items()).sort("stream", "start", "other")


def events(peaks: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Return the peaks with a column `event`: one number for all that go together, by the first of them.

    What goes with one peak goes with all that go with it. Numbers count from 1 in order of the first start.
    """
    ordered = peaks.sort("start", "stream").with_row_index("at")
    key = {(row[0], row[1]): row[2] for row in ordered.select("stream", "start", "at").iter_rows()}
    root = list(range(ordered.height))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for stream, start, other, other_start in seen.select("stream", "start", "other", "other_start").iter_rows():
        a, b = sorted((find(key[stream, start]), find(key[other, other_start])))
        root[b] = a
    roots = [find(one) for one in range(ordered.height)]
    numbers = {one: number for number, one in enumerate(sorted(set(roots)), start=1)}
    event = pl.Series("event", [numbers[one] for one in roots], pl.Int64)
    return ordered.with_columns(event).drop("at").sort("stream", "start")
