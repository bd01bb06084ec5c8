"""Columns of the four derived tables, and the rows of a batch as they enter them."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from goedebuur.core.measurements.conversion import to_canonical

VERSIONS: Final[dict[str, Any]] = {
    "series": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "step": pl.Int32(),  # [s]
    "micro": pl.Int64(),  # [10⁻⁶ canonical unit], null in a tombstone
    "flags": pl.Int32(),
    "leaf": pl.Int64(),
    "value": pl.Int64(),
    "decimals": pl.Int8(),
    "unit": pl.String(),
    "remark": pl.String(),
    "quantity": pl.String(),
    "month": pl.String(),  # "2019-01", of the start in UTC
}
"""Columns of `history` (every version of every row) and of `current` (what holds now)."""

SUPERSEDED: Final[dict[str, Any]] = {
    "series": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "step": pl.Int32(),
    "leaf": pl.Int64(),  # of the version that was replaced
    "by": pl.Int64(),  # leaf that replaced it
    "quantity": pl.String(),
    "month": pl.String(),
}

DAILY: Final[dict[str, Any]] = {
    "series": pl.String(),
    "cet_day": pl.Date(),  # UTC+1 all year, the clock on which laws cut days
    "step": pl.Int32(),
    "total": pl.Int64(),  # sum of micro over the usable values; null without any
    "n": pl.Int32(),  # number of usable values
    "minimum": pl.Int64(),  # [micro]
    "maximum": pl.Int64(),
    "rows": pl.Int32(),  # number of values, usable or not
    "first": pl.Datetime("us", "UTC"),  # first and last start of the day
    "last": pl.Datetime("us", "UTC"),
    "quantity": pl.String(),
    "year": pl.String(),  # of the starts in UTC
}

SCHEMAS: Final = {"history": VERSIONS, "superseded": SUPERSEDED, "current": VERSIONS, "daily": DAILY}
PARTITIONS: Final = {
    "history": ("quantity", "month"),
    "superseded": ("quantity", "month"),
    "current": ("quantity", "month"),
    "daily": ("quantity", "year"),
}
ORDER: Final = {
    "history": ("series", "start", "step", "leaf"),
    "superseded": ("series", "start", "step", "leaf"),
    "current": ("series", "start", "step"),
    "daily": ("series", "cet_day", "step", "first"),
}
NAMES: Final = ("history", "superseded", "current", "daily")
"""In the order in which they are brought up to date: each is made of the evidence and those before it."""


def versions(rows: pl.DataFrame, leaf: int) -> pl.DataFrame:
    """Return the rows of one leaf's batch in the columns of :data:`VERSIONS`, in the order they came."""
    months = pl.col("start").dt.truncate("1mo")
    frame = to_canonical(rows).with_columns(leaf=pl.lit(leaf, pl.Int64), month=months)
    names = frame.select(pl.col("month").unique()).with_columns(_name=pl.col("month").dt.strftime("%Y-%m"))
    frame = frame.join(names, on="month", how="left", maintain_order="left").drop("month").rename({"_name": "month"})
    return frame.select([pl.col(name).cast(kind) for name, kind in VERSIONS.items()])
