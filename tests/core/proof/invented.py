"""Invented series with gaps of every length, and the rows of one series as a proof has them."""

from __future__ import annotations

import random
from datetime import date

import polars as pl

from goedebuur.core.base.quantities import quantity
from goedebuur.core.ledger.blocks import Row

HOUR = 3_600_000_000
"""Of microseconds."""


def rows_of(frame: pl.DataFrame) -> dict[tuple[int, int], Row]:
    """The rows of one series as a proof has them."""
    unit = quantity(frame["quantity"][0]).unit
    micros = frame["start"].dt.epoch("us")
    columns = zip(micros, frame["step"], frame["micro"], frame["flags"], strict=True)
    return {(at, step): Row(at, step, micro, 6, unit, flags, None) for at, step, micro, flags in columns}


def invented(name: str, steps: tuple[int, ...], series: str, year: int) -> pl.DataFrame:
    """A series of three years and a bit with gaps of every length, doubtful and unusable values, and odd starts."""
    chance = random.Random(f"{name} {series} {year}")
    begin = (date(year - 2, 1, 1) - date(1970, 1, 1)).days * 24 * HOUR - 10 * HOUR
    end = (date(year + 1, 1, 1) - date(1970, 1, 1)).days * 24 * HOUR + 10 * HOUR
    scale = chance.choice([5, 40, 130, 400]) * 10**6
    if name == "co":
        scale *= chance.choice([10, 60])
    at, listed = begin, []
    share = chance.choice([0.2, 0.02, 0.001])
    while at < end:
        step = chance.choice(steps)
        if chance.random() < share / 20:
            at += chance.randrange(1, 600) * HOUR
        if chance.random() > share:
            value = int(round(scale * chance.lognormvariate(-0.5, 0.7), chance.choice([-6, -5, -5, 0])))
            flags = chance.choices([0, 2, 16, 128, 1 << 17], [60, 30, 1, 1, 2])[0]
            listed.append((at, step, -value if chance.random() < 0.01 else value, flags))
        at += step * 10**6
    starts, lengths, micros, flags = zip(*listed, strict=True)
    frame = pl.DataFrame(
        {"series": series, "quantity": name, "start": starts, "step": lengths, "micro": micros, "flags": flags},
        schema_overrides={"step": pl.Int32, "micro": pl.Int64, "flags": pl.Int32},
    )
    return frame.with_columns(pl.col("start").cast(pl.Datetime("us", "UTC")))
