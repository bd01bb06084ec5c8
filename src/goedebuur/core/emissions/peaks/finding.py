"""From the values of streams to peaks: start, length, height, extra mass and the operating state of each."""

from __future__ import annotations

from enum import IntFlag
from typing import Any, Final

import numpy as np
import polars as pl

from goedebuur.core.base.plain import fault
from goedebuur.core.emissions.peaks.baseline import Booleans, Integers, Settings, baseline, grown
from goedebuur.core.emissions.runs import runs

SIGNAL: Final[dict[str, Any]] = {
    "stream": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "length": pl.Int32(),  # [s]
    "value": pl.Int64(),  # [10⁻⁶ unit]; null where nothing valid was measured
    "mass": pl.Int64(),  # let go in the step [µg]; null where flow is not known
    "state": pl.String(),  # operating state; null where nothing tells of it
}
"""What peaks are found in: raw minutes or short-term averages, one row a stream and step."""

PEAKS: Final[dict[str, Any]] = {
    "stream": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "end": pl.Datetime("us", "UTC"),
    "top_at": pl.Datetime("us", "UTC"),  # start of the highest step
    "top": pl.Int64(),  # highest value [10⁻⁶ unit]
    "level": pl.Int64(),  # baseline at the highest step [10⁻⁶ unit]
    "height": pl.Int64(),  # top - level
    "spread": pl.Int64(),  # standard deviation around, at the highest step [10⁻⁶ unit]
    "n": pl.Int32(),  # values in it
    "missing": pl.Int32(),  # steps in it without a value
    "extra_mass": pl.Int64(),  # above the baseline [µg]; null where flow is not known for any step of it
    "mass_n": pl.Int32(),  # of n: steps for which the mass is known; fewer than n: the extra mass is a lower bound
    "state": pl.String(),  # in which most of it fell; null where nothing tells of it
    "cut": pl.Int32(),  # bits of Cut
}
"""Peaks, sorted by stream and start."""
MICROSECONDS: Final = 1_000_000


class Cut(IntFlag):
    """Where a peak may have been longer than is known."""

    NONE = 0
    BEFORE = 1 << 0
    """Nothing was measured just before it."""
    AFTER = 1 << 1
    """Nothing was measured just after it: at the end of the data it may go on still, or turn out to be a new level."""


def of_short(short: pl.DataFrame) -> pl.DataFrame:
    """Return short-term averages (:data:`goedebuur.core.emissions.tables.SHORT`) as :data:`SIGNAL`, valid ones alone.

    The frame holds one kind of reference conditions.

    Raises
    ------
    GoedeBuurError
        `field-value` where a stream is there under two.
    """
    per = short.group_by("stream").agg(pl.col("reference").n_unique())
    twice = per.filter(pl.col("reference") > 1)
    if twice.height:
        raise fault("reference", "A stream is there under two reference conditions.", twice["stream"][0], "Choose one.")
    value = pl.when("valid").then("standard")
    mass = pl.when("valid").then("mass")
    return short.select("stream", "start", "length", value=value, mass=mass, state=pl.col("state")).cast(SIGNAL)  # type: ignore[arg-type]


def find(signal: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Return the peaks of every stream.

    Parameters
    ----------
    signal : DataFrame
        With :data:`SIGNAL`; the rows of a stream are of one length, in any order.

    Returns
    -------
    DataFrame
        With :data:`PEAKS`.

    Raises
    ------
    GoedeBuurError
        `field-value` where a stream has steps of two lengths, two values for one step, or steps that do not fit.
    """
    found = [_of_stream(name, part, settings) for (name,), part in signal.sort("start").group_by("stream")]
    if not found:
        return pl.DataFrame(schema=PEAKS)
    return pl.concat(found).sort("stream", "start")


def _of_stream(name: object, rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    step, grid = gridded(str(name), rows)
    around = baseline(grid["value"], step, settings)
    values = grid["value"].fill_null(0).to_numpy()
    above = np.where(around.known, values - around.level, 0)
    high = around.known & (above > np.maximum(settings.enter * around.spread, settings.floor)) & (above > 0)
    seeds = _long_enough(high, settings.least_values)
    if not seeds.any():
        return pl.DataFrame(schema=PEAKS)
    near = around.known & (above > settings.leave * around.spread) & (above > 0)
    starts, ends = _joined(*runs(grown(seeds, near)), settings.join // step)
    where = {"above": above, "level": around.level, "spread": around.spread, "known": around.known}
    return _described(str(name), step, grid.with_columns(**{k: pl.Series(v) for k, v in where.items()}), starts, ends)


def gridded(name: str, rows: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    """Return the step of a stream, and its rows with one for each step from first to last; null without a value."""
    lengths = rows["length"].unique()
    if len(lengths) != 1:
        raise fault("length", "A stream has steps of several lengths.", name, "Look at each length by itself.")
    step = int(lengths[0])
    at = (rows["start"].dt.epoch("us") - rows["start"].dt.epoch("us")[0]).to_numpy()
    whole, rest = np.divmod(at, step * MICROSECONDS)
    if rest.any() or (np.diff(whole) == 0).any():
        raise fault("start", "Steps of a stream overlap, or do not follow each other.", name)
    if len(whole) == whole[-1] + 1:
        return step, rows
    first = rows["start"][0]
    every = pl.DataFrame({"start": pl.Series([first]).dt.offset_by("0s")}).select(
        start=pl.datetime_range(first, rows["start"][-1], interval=f"{step}s", time_zone="UTC", eager=False)
    )
    return step, every.cast({"start": pl.Datetime("us", "UTC")}).join(
        rows, on="start", how="left", maintain_order="left"
    )


def _long_enough(high: Booleans, least: int) -> Booleans:
    starts, ends = runs(high)
    found = np.zeros(len(high) + 1, np.int64)
    kept = ends - starts >= least
    found[starts[kept]] += 1
    found[ends[kept]] -= 1
    enough: Booleans = np.cumsum(found[:-1]) > 0
    return enough


def _joined(starts: Integers, ends: Integers, steps: int) -> tuple[Integers, Integers]:
    """Return the runs with those made one that lie at most so many steps apart."""
    apart = starts[1:] - ends[:-1] > steps
    return starts[np.concatenate(([True], apart))], ends[np.concatenate((apart, [True]))]


def _described(name: str, step: int, grid: pl.DataFrame, starts: Integers, ends: Integers) -> pl.DataFrame:
    which = np.repeat(np.arange(len(starts)), ends - starts)
    rows = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
    measured = pl.col("value").is_not_null()
    share = (
        pl.when(measured & pl.col("mass").is_not_null() & (pl.col("value") > 0) & (pl.col("above") > 0))
        # exact while mass · above stays under 2¹²⁷; halves away from zero, and both are above zero here
        .then(
            (pl.col("mass").cast(pl.Int128) * pl.col("above").cast(pl.Int128) * 2 + pl.col("value"))
            // (pl.col("value").cast(pl.Int128) * 2)
        )
        .when(measured & pl.col("mass").is_not_null())
        .then(pl.lit(0, pl.Int128))
    )
    inside = grid[rows].with_columns(peak=pl.Series(which), extra=share.cast(pl.Int64))
    top = pl.col("above").fill_null(0).arg_max()
    told = (
        inside.group_by("peak", maintain_order=True)
        .agg(
            start=pl.col("start").first(),
            end=pl.col("start").last() + pl.duration(seconds=step),
            top_at=pl.col("start").get(top),
            top=pl.col("value").get(top),
            level=pl.col("level").get(top),
            height=pl.col("above").get(top),
            spread=pl.col("spread").get(top),
            n=pl.col("value").count(),
            missing=pl.col("value").is_null().sum(),
            extra_mass=pl.when(pl.col("extra").count() > 0).then(pl.col("extra").sum()),
            mass_n=pl.col("extra").count(),
            state=pl.col("state").drop_nulls().mode(maintain_order=True).first(),
        )
        .with_columns(stream=pl.lit(name), cut=pl.Series(_cuts(grid, starts, ends)))
    )
    return told.select(pl.col(column).cast(kind) for column, kind in PEAKS.items())


def _cuts(grid: pl.DataFrame, starts: Integers, ends: Integers) -> Integers:
    there = np.concatenate(([False], grid["value"].is_not_null().to_numpy(), [False]))
    before = np.where(there[starts], 0, int(Cut.BEFORE))
    after = np.where(there[ends + 1], 0, int(Cut.AFTER))
    return np.asarray(before | after, np.int64)
