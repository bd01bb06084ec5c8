"""Roses: how often the wind comes from where, and what the air holds when it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from goedebuur.core.base.quantities import MICRO

SECTORS: Final = (4, 12, 36)
"""Numbers of sectors that hold equally many of the tens of degrees in which directions are reported.

Sixteen sectors would give some two and others three of them, a bias that Applequist (2012), Wind rose bias correction,
J. Appl. Meteor. Climatol. 51:1305-1309, has to correct afterwards.
"""
SPEED_EDGES: Final = (2.0, 4.0, 6.0)
"""Upper edges of the speed classes, the last one open [m s⁻¹]; an edge belongs to the class below it, as in openair."""


def wind_rose(frame: pl.DataFrame, sectors: int = 12, edges: Sequence[float] = SPEED_EDGES) -> pl.DataFrame:
    """Return how many hours the wind blew from each sector in each class of speed.

    Parameters
    ----------
    frame : DataFrame
        Columns `direction` [°, null where unknown or variable] and `speed` [m s⁻¹]; a row an hour. A row counts where
        both are known; or where speed is zero, which is calm whatever the direction.
    sectors
        One of :data:`SECTORS`; the last is centred on north (360).
    edges
        Upper edges of the classes. [m s⁻¹]

    Returns
    -------
    DataFrame
        `sector`: centre [°], 0 for calm; `speed_class`: 0 for calm, then 1 to len(edges) + 1; `n`: hours; `total`:
        hours in the whole rose, so that n / total is the share. Every combination has a row.
    """
    classes = len(edges) + 1
    speed_class = pl.lit(1, pl.Int64) + pl.sum_horizontal([(pl.col("speed") > e).cast(pl.Int64) for e in edges])
    counted = _with_sector(frame, sectors).with_columns(
        speed_class=pl.when(pl.col("sector") == 0).then(0).otherwise(speed_class)
    )
    found = counted.group_by("sector", "speed_class").agg(n=pl.len().cast(pl.Int64))
    centres = _centres(sectors)
    every = pl.DataFrame(
        [(0, 0), *((c, k) for c in centres for k in range(1, classes + 1))],
        schema={"sector": pl.Int64, "speed_class": pl.Int64},
        orient="row",
    )
    return (
        every.join(found, on=["sector", "speed_class"], how="left")
        .with_columns(pl.col("n").fill_null(0))
        .with_columns(total=pl.col("n").sum())
        .sort("sector", "speed_class")
    )


def concentration_rose(frame: pl.DataFrame, sectors: int = 12) -> pl.DataFrame:
    """Return the mean concentration for each sector that the wind came from.

    Parameters
    ----------
    frame : DataFrame
        Columns `direction` [°], `speed` [m s⁻¹] and `micro` [10⁻⁶ canonical units]; a row an hour. A row counts where
        all three are known.
    sectors
        One of :data:`SECTORS`.

    Returns
    -------
    DataFrame
        `sector`: centre [°], 0 for calm; `total` [10⁻⁶ canonical units] and `n`: the mean is total / n, exactly;
        `mean` [canonical units], null where n is 0; `low`, `high`: 5th and 95th percentile [canonical units], null
        below twenty hours. A sector with few hours says little: show n beside it.
    """
    known = _with_sector(frame.filter(pl.col("micro").is_not_null()), sectors)
    enough = pl.len() >= 20
    found = known.group_by("sector").agg(
        total=pl.col("micro").sum(),
        n=pl.len().cast(pl.Int64),
        low=pl.when(enough).then(pl.col("micro").quantile(0.05, "linear") / MICRO),
        high=pl.when(enough).then(pl.col("micro").quantile(0.95, "linear") / MICRO),
    )
    every = pl.DataFrame({"sector": [0, *_centres(sectors)]}, schema={"sector": pl.Int64})
    return (
        every.join(found, on="sector", how="left")
        .with_columns(pl.col("total", "n").fill_null(0))
        .with_columns(mean=pl.when(pl.col("n") > 0).then(pl.col("total") / pl.col("n") / MICRO))
        .select("sector", "total", "n", "mean", "low", "high")
        .sort("sector")
    )


def _with_sector(frame: pl.DataFrame, sectors: int) -> pl.DataFrame:
    """Return the rows that count, with the centre of their sector [°], 0 for calm."""
    if sectors not in SECTORS:
        raise ValueError(f"a rose has {SECTORS} sectors, not {sectors}")
    width = 360 // sectors
    turned = (pl.col("direction") - width / 2) % 360
    centre = (turned / width).ceil().cast(pl.Int64) * width
    centre = pl.when(centre == 0).then(360).otherwise(centre)
    sector = pl.when(pl.col("speed") == 0).then(0).when(pl.col("speed") > 0).then(centre)
    return frame.with_columns(sector=sector.cast(pl.Int64)).filter(pl.col("sector").is_not_null())


def _centres(sectors: int) -> list[int]:
    width = 360 // sectors
    return [width * k for k in range(1, sectors + 1)]
