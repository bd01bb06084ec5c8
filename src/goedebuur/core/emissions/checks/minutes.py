"""The raw values of one emission point side by side on one grid of time, as the checks look at them.

Values are floats here: a check compares patterns, and no verdict is drawn from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.runs import runs as bounds
from goedebuur.core.emissions.streams import Role, Stream

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Bits = NDArray[np.int32]
UNEVEN: Final = declare("stack-check-steps", "Streams of one emission point come in steps that do not go together.")
OUT_OF_SERVICE: Final = "out_of_service"
NORMAL: Final = "normal"
_NOT_HERE: Final = int(UNUSABLE | Flag.NOT_AT_WORK)
AT_WORK: Final = 0.05
"""Part of the usual load from which a plant without a stream of states counts as at work. Ours."""


@dataclass(frozen=True)
class Track:
    """One stream on the grid.

    Parameters
    ----------
    values
        [unit of the stream]; NaN where no row came.
    flags
        :class:`goedebuur.core.base.flags.Flag`; 0 where no row came.
    """

    stream: Stream
    values: Floats
    flags: Bits

    @cached_property
    def missing(self) -> Marks:
        """Return where no row came."""
        return np.isnan(self.values)

    @cached_property
    def calibrating(self) -> Marks:
        """Return where zero or span gas was let in."""
        found: Marks = (self.flags & int(Flag.CALIBRATING)) != 0
        return found

    @cached_property
    def usable(self) -> Marks:
        """Return where there is a value that the supplier has not said to be unfit."""
        found: Marks = ~self.missing & ((self.flags & _NOT_HERE) == 0)
        return found

    @cached_property
    def resolution(self) -> float:
        """Return the smallest difference between two values that occur; 0 where all are equal. [unit]"""
        some = np.unique(self.values[~self.missing][:200_000])
        return float(np.diff(some).min()) if len(some) > 1 else 0.0


@dataclass(frozen=True)
class Minutes:
    """Raw values of one emission point.

    Parameters
    ----------
    start
        Of the first step, aware.
    step
        [s]
    tracks
        By identifier of the stream.
    """

    start: datetime
    step: int
    tracks: Mapping[str, Track]

    @property
    def length(self) -> int:
        """Return the number of steps."""
        return len(next(iter(self.tracks.values())).values) if self.tracks else 0

    @property
    def hour(self) -> int:
        """Return how many steps there are in an hour."""
        return 3600 // self.step

    @property
    def day(self) -> int:
        """Return how many steps there are in a day."""
        return 24 * self.hour

    def moment(self, place: int) -> datetime:
        """Return the start of a step."""
        return self.start + timedelta(seconds=place * self.step)

    def of(self, *roles: Role) -> list[Track]:
        """Return the streams of some roles, in order of identifier."""
        return [self.tracks[name] for name in sorted(self.tracks) if self.tracks[name].stream.role in roles]

    def only(self, role: Role) -> Track | None:
        """Return the stream of a role; None where there is none, or more than one."""
        found = self.of(role)
        return found[0] if len(found) == 1 else None

    @cached_property
    def states(self) -> Mapping[str, Marks] | None:
        """Return where the plant is in each state that it has codes for; None where no one stream tells it."""
        track = self.only(Role.STATE)
        if track is None:
            return None
        found: dict[str, Marks] = {}
        for code in track.stream.codes:
            here = track.values == code.code
            found[code.state] = found[code.state] | here if code.state in found else here
        return found

    @cached_property
    def at_work(self) -> Marks:
        """Return where the plant is at work: by its states, else by its load, else everywhere."""
        if self.states is not None:
            return ~self.states.get(OUT_OF_SERVICE, np.zeros(self.length, dtype=np.bool_))
        load = self.only(Role.LOAD)
        if load is not None and load.usable.any():
            still: Marks = load.values < AT_WORK * np.median(load.values[load.usable])
            return ~still
        return np.ones(self.length, dtype=np.bool_)

    @cached_property
    def normal(self) -> Marks:
        """Return where the plant is in normal operation: by its states, else where it is at work."""
        return self.at_work if self.states is None else self.states.get(NORMAL, np.zeros(self.length, dtype=np.bool_))


def minutes(streams: Iterable[Stream], rows: pl.DataFrame, start: datetime | None = None) -> Minutes:
    """Return raw values on one grid, from the first of them on or from a start that is given.

    Parameters
    ----------
    streams
        Of one emission point, all with the same step.
    rows
        `series`, `start`, `micro` and `flags`: what holds. At most one row a series and start.
    start
        Of the grid; no row starts before it.

    Raises
    ------
    GoedeBuurError
        `stack-check-steps`.
    """
    wanted = {stream.series: stream for stream in streams}
    steps = {stream.step for stream in wanted.values()}
    if len(steps) > 1:
        raise GoedeBuurError(
            UNEVEN,
            "These streams do not come in the same steps.",
            value=", ".join(f"{stream.id}: {stream.step} s" for stream in wanted.values()),
            hint="Check the streams of each step by themselves.",
        )
    step = steps.pop() if steps else 60
    rows = rows.filter(pl.col("series").is_in(list(wanted)) & pl.col("micro").is_not_null())
    if rows.is_empty():
        return Minutes(datetime.fromtimestamp(0, UTC), step, {})
    first, last = rows.select(pl.col("start").min(), pl.col("start").max().alias("last")).row(0)
    first = first if start is None else start
    length = int((last - first).total_seconds()) // step + 1
    tracks = {}
    placed = rows.select(
        "series", "micro", "flags", place=(pl.col("start") - first).dt.total_seconds() // step
    ).partition_by("series", as_dict=True)
    for (series,), part in placed.items():
        stream = wanted[str(series)]
        values, flags = np.full(length, np.nan), np.zeros(length, np.int32)
        place = part["place"].to_numpy()
        values[place] = part["micro"].to_numpy() / MICRO
        flags[place] = part["flags"].to_numpy()
        tracks[stream.id] = Track(stream, values, flags)
    return Minutes(first, step, tracks)


def runs(where: Marks) -> list[tuple[int, int]]:
    """Return begin and end of each run of true values.

    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    begins, ends = bounds(where)
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def medians(values: Floats, size: int, least: float = 0.5) -> Floats:
    """Return the median of each block of `size` values; NaN where less than a part of it is there."""
    whole = len(values) // size
    if not whole:
        return np.full(0, np.nan)
    blocks = np.sort(values[: whole * size].reshape(whole, size), axis=1)  # NaN goes to the end
    there = size - np.isnan(blocks).sum(axis=1)
    middle = blocks[np.arange(whole), np.maximum(there - 1, 0) // 2]
    return np.where(there >= least * size, middle, np.nan)


def spread(values: Floats) -> float:
    """Return the spread of values by their median distance from the median, as a standard deviation.

    References
    ----------
    Rousseeuw and Croux, 1993, J. Am. Stat. Assoc. 88, 1273: 1.4826 times the median absolute deviation.
    """
    there = values[~np.isnan(values)]
    return float(1.4826 * np.median(np.abs(there - np.median(there)))) if len(there) else float("nan")
