"""What a stream gives around each of its values, and how much it varies there, with the peaks themselves left out.

A median in a window around a value follows a change of level at once, and a ramp with it, while whatever lasts less
than half the window leaves it where it was: so a step is no peak, and a peak does not lift what it is measured from.
Every number here is an integer: a median is one of the values, the lower of the two in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from goedebuur.core.base.plain import fault
from goedebuur.core.emissions.runs import runs

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

NORMAL_SCALE: Final = (14_826, 10_000)
"""Standard deviation of a normal distribution over its median absolute deviation, 1/Φ⁻¹(3/4) = 1.4826, as a ratio.

References
----------
Rousseeuw and Croux (1993), Alternatives to the Median Absolute Deviation, J. Am. Stat. Assoc. 88, 1273-1283, eq. 1.1
"""
COARSE: Final = 24
"""Into how many parts a window is cut where the variation of the days around is looked at."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How peaks are looked for. None of these is a number of law; each is a choice, with its reason.

    Parameters
    ----------
    window
        Length of the window of the median. [s] What lasts half of it is no longer short but another level. Six hours:
        a shift is eight, a charge or a cleaning of a filter is minutes to two hours.
    around
        Over how long the variation of a quiet hour is held against that of its days. [s] Three days: longer than a
        week end is quiet, shorter than a season.
    least_share
        Part of the window that must be measured, peaks left out, in per cent; with less there is no baseline and no
        peak. A quarter, since in less than an hour and a half of minutes the variation cannot be told.
    enter
        How many standard deviations above the baseline a peak reaches. Six: above what noise gives,
        also noise in which each minute resembles the one before; `docs/methods/peaks.md` has what was measured.
    leave
        Down to how many standard deviations what adjoins belongs to it; below the threshold, so that a peak is not
        cut in pieces at its flanks.
    least_values
        How many values in a row must lie above `enter`. Two: one value alone is as likely a fault of the instrument.
    join
        Peaks that are so close are one. [s] Five minutes: the lag and response of extractive analysers is below that.
    floor
        Least height. [10⁻⁶ unit of the values] Nothing is known of the instrument or the limit here: the caller gives
        the detection limit, or a part of the limit below which nobody wants to know.
    """

    window: int = 6 * 3600
    around: int = 3 * 86_400
    least_share: int = 25
    enter: int = 6
    leave: int = 3
    least_values: int = 2
    join: int = 300
    floor: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.leave <= self.enter:
            raise fault("leave", "A peak is left at or below the height at which it is entered.", self.leave)
        if self.window <= 0 or self.around < self.window:
            raise fault("window", "The days around are longer than the window.", self.window)
        if not 0 < self.least_share <= 100:
            raise fault("least_share", "This is not a part of the window.", self.least_share, "1 to 100 %.")
        if self.least_values < 1 or self.join < 0 or self.floor < 0:
            raise fault("least_values", "A peak has at least one value, and nothing below zero.", self.least_values)

    @classmethod
    def of_averages(cls, length: int, *, floor: int = 0) -> Settings:
        """Return the settings for averages of so many seconds: a day of half-hours; one average is enough for a peak.

        A short-term average stands for many raw values, so that one alone is an event.
        """
        return cls(window=48 * length, around=7 * 48 * length, least_values=1, join=0, floor=floor)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a stream gives around each of its values.

    Parameters
    ----------
    level : ndarray of int64, shape (n,)
        Median of what is around. [10⁻⁶ unit of the values]
    spread : ndarray of int64, shape (n,)
        Standard deviation of what is around, from the median absolute deviation. [as level]
    known : ndarray of bool, shape (n,)
        Whether there is a value, and enough around it to say so.
    """

    level: Integers
    spread: Integers
    known: Booleans


def baseline(values: pl.Series, step: int, settings: Settings) -> Baseline:
    """Return the baseline of values in equal steps, null where there is none.

    Once for all values, and once more without what lay above the first: so a wide peak lifts nothing.

    Parameters
    ----------
    values : Series of Int64
        [10⁻⁶ unit]
    step
        [s]
    """
    there = values.is_not_null().to_numpy()
    size, least = _size(step, settings), _least(step, settings)
    level, local = _rolled(values, size, least)
    first = _put(level, local, step, settings, there)
    measured = values.fill_null(0).to_numpy()
    over = first.known & (measured - first.level > np.maximum(settings.enter * first.spread, settings.floor))
    if not over.any():
        return first
    near = first.known & (measured - first.level > settings.leave * first.spread)
    masked = grown(over, near)
    rest = pl.select(pl.when(pl.Series(masked)).then(None).otherwise(values).alias("v")).to_series()
    return _put(*_again(rest, masked, level, local, size, least), step, settings, there)


def _size(step: int, settings: Settings) -> int:
    return max(settings.window // step, 3) | 1


def _least(step: int, settings: Settings) -> int:
    return max(_size(step, settings) * settings.least_share // 100, 3)


def _rolled(values: pl.Series, size: int, least: int) -> tuple[pl.Series, pl.Series]:
    """Return the median around each value, and that of how far the values around lie from theirs; null without."""
    centred: dict[str, Any] = {"window_size": size, "min_samples": least, "center": True}
    median = pl.col("value").rolling_quantile(0.5, interpolation="lower", **centred).cast(pl.Int64)
    level = values.alias("value").to_frame().select("value", level=median)
    apart = level.select(value=(pl.col("value") - pl.col("level")).abs())
    return level["level"], apart.select(median)["value"]


def _again(
    rest: pl.Series, masked: Booleans, level: pl.Series, local: pl.Series, size: int, least: int
) -> tuple[pl.Series, pl.Series]:
    """Return both medians without what is masked, worked out again only as far as a masked value reaches.

    A median reaches half a window, and that of the deviations from it as far again.
    """
    firsts, ends = runs(_widened(masked, size))
    levels, locals_ = [], []
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        low, high = max(first - size, 0), min(end + size, len(masked))
        part = _rolled(rest[low:high], size, least)
        levels.append(part[0][first - low : end - low])
        locals_.append(part[1][first - low : end - low])
    where = np.concatenate([np.arange(a, b) for a, b in zip(firsts, ends, strict=True)])
    return level.clone().scatter(where, pl.concat(levels)), local.clone().scatter(where, pl.concat(locals_))


def _widened(mask: Booleans, by: int) -> Booleans:
    """Return what lies at most so far from something true."""
    starts, ends = runs(mask)
    marks = np.zeros(len(mask) + 1, np.int64)
    np.add.at(marks, np.maximum(starts - by, 0), 1)
    np.add.at(marks, np.minimum(ends + by, len(mask)), -1)
    found: Booleans = np.cumsum(marks[:-1]) > 0
    return found


def _put(level: pl.Series, local: pl.Series, step: int, settings: Settings, there: Booleans) -> Baseline:
    """Return the baseline at each place where there is a value, also at those left out."""
    spread = _scaled(_surrounded(local, _size(step, settings), step, settings))
    known = (level.is_not_null() & local.is_not_null()).to_numpy() & there
    return Baseline(level.fill_null(0).to_numpy(), spread.fill_null(0).to_numpy(), known)


def _surrounded(local: pl.Series, size: int, step: int, settings: Settings) -> pl.Series:
    """Return the deviation at each value, no less than what is usual in the days around it."""
    every = max(size // COARSE, 1)
    coarse = local.gather_every(every)
    wide = max(settings.around // (step * every), 3) | 1
    usual = coarse.rolling_quantile(0.5, interpolation="lower", window_size=wide, min_samples=1, center=True)
    back = usual.cast(pl.Int64).gather(np.arange(len(local)) // every)
    return pl.select(pl.when(local.is_not_null()).then(pl.max_horizontal(local, back)).alias("d")).to_series()


def _scaled(deviation: pl.Series) -> pl.Series:
    numerator, denominator = NORMAL_SCALE
    return (deviation * numerator + denominator // 2) // denominator


def grown(seeds: Booleans, allowed: Booleans) -> Booleans:
    """Return the runs of what is allowed in which there is a seed, whole.

    >>> grown(np.array([0, 0, 1, 0, 0], bool), np.array([1, 1, 1, 0, 1], bool)).astype(int).tolist()
    [1, 1, 1, 0, 0]
    """
    either = seeds | allowed
    starts, ends = runs(either)
    before = np.concatenate(([0], np.cumsum(seeds)))
    kept = before[ends] > before[starts]
    marks = np.zeros(len(seeds) + 1, np.int64)
    marks[starts[kept]] += 1
    marks[ends[kept]] -= 1
    found: Booleans = np.cumsum(marks[:-1]) > 0
    return found
