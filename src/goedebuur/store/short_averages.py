"""Short-term averages that were computed before, a month of an emission point a file: a projection, never evidence.

A file is named by the tree size that it was made of and by what was done with the raw values, so that it is never
taken for another. Any of it can be thrown away.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from goedebuur.core.emissions.tables import SHORT

_PLAN: Final = 16
"""Letters of the digest of what was done, in a name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The short-term averages of an emission point in a month, and the tree size that they were made of."""

    size: int
    frame: pl.DataFrame


class ShortAverages:
    """The files under one folder; made when the first is written."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, point: str, month: str, plan: str, most: int) -> Kept | None:
        """Return what was computed last of a point and month by this plan, of at most a tree size; None without.

        Parameters
        ----------
        point
            Any name of the emission point that is its own.
        month
            `2026-01`, in UTC.
        plan
            Digest of what is done with the raw values.
        most
            Tree size; a file of a later one is not of this state.
        """
        found = []
        for path in self._folder(point).glob(f"{month}.*.{plan[:_PLAN]}.parquet"):
            size = int(path.name.split(".")[1])
            if size <= most:
                found.append((size, path))
        for size, path in sorted(found, reverse=True):
            try:
                frame = pl.read_parquet(path, glob=False)
            except (OSError, pl.exceptions.PolarsError):
                continue  # another process replaced it, or a crash left half of it: computed again
            if dict(frame.schema) == SHORT:
                return Kept(size, frame)
        return None

    def write(self, point: str, month: str, plan: str, size: int, frame: pl.DataFrame) -> None:
        """Keep what was computed in place of all that was kept of this point and month."""
        folder = self._folder(point)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{month}.{size:012d}.{plan[:_PLAN]}.parquet"
        fresh = folder / f"{uuid.uuid4().hex}.new"
        with fresh.open("wb") as file:
            frame.write_parquet(file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)
        for path in folder.glob(f"{month}.*.parquet"):
            if path != target:
                path.unlink(missing_ok=True)

    def _folder(self, point: str) -> Path:
        return self.root / hashlib.sha256(point.encode()).hexdigest()[:24]
