"""Wind: directions as reported, and averages of vectors.

A direction is where the wind comes from, in degrees clockwise from north. It is averaged as a vector: the mean of 350°
and 10° is north, not south.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def knmi_direction(direction: pl.Expr) -> pl.Expr:
    """Return a KNMI direction [°], null where it says calm (0) or variable (990).

    References
    ----------
    KNMI, header of the hourly files: DD, 360 = north, 0 = calm, 990 = variable.
    """
    return pl.when((direction > 0) & (direction <= 360)).then(direction)


def vector_mean(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return the mean wind of each group.

    Parameters
    ----------
    frame : DataFrame
        Columns `direction` [°], `speed` [m s⁻¹] and those of `by`. Null is missing.
    by
        Columns that make a group.

    Returns
    -------
    DataFrame
        Columns of `by`; `speed`: mean of the speeds that are known [m s⁻¹]; `direction`: of the mean vector, where
        both are known [°, 0 to 360], null without any or where the vectors cancel; `resultant`: length of that vector
        [m s⁻¹]; `n`: hours with both.

    References
    ----------
    WMO-No. 8, Guide to Instruments and Methods of Observation, volume I, chapter 5 (surface wind).
    EPA-454/R-99-005, Meteorological Monitoring Guidance for Regulatory Modeling, 6.2.2 (vector computations).
    """
    angle = pl.col("direction").radians()
    vector = frame.with_columns(east=pl.col("speed") * angle.sin(), north=pl.col("speed") * angle.cos())
    mean = vector.group_by(*by, maintain_order=True).agg(
        pl.col("speed").mean(), pl.col("east", "north").mean(), n=pl.col("east").count().cast(pl.Int64)
    )
    length = (pl.col("east") ** 2 + pl.col("north") ** 2).sqrt()
    degrees = pl.arctan2("east", "north").degrees() % 360
    return mean.select(*by, "speed", direction=pl.when(length > 1e-9).then(degrees), resultant=length, n="n")
