"""Years of hours, twenty stacks and 10,000 places: a matrix kept in 32 bits and its statistics, in bounded memory.

The weather is invented, as in `benchmarks.dispersion`. Without an argument it is one year, a tenth of what is to be
had on one machine; `--years 10` is the whole, and takes some 60 GB of disk. It must stay under 8 GiB of memory. What is
let out changes each hour; results are of all stacks and of both halves of them. With `--unkept` there is no matrix: an
even emission and the statistics of all stacks together, by blocks of places.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.dispersion import SPAN, weather
from benchmarks.figures import report

from goedebuur.adapters import aermet
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.services import dispersion_maps, dispersion_matrix, dispersion_results, planes
from goedebuur.services.dispersion_sources import Receptor, Source
from goedebuur.services.dispersion_weather import Weather

STATISTICS = ("mean", "highest", "high-19", "p98", "p99.9", "hours-over-1", "day-high-36", "running-8h")
MOST = 8.0
"""Memory that it may take. [GiB]"""


def sources(count: int) -> list[Source]:
    """Return stacks of all sizes, a hundred metres apart."""
    return [
        Source(
            f"s{n}", 100.0 * n, 0.0, 1.0, Stack(30 + 6 * n, 0.8 + 0.15 * n, 320 + 12 * n, 6 + 0.5 * n)
        )
        for n in range(count)
    ]  # fmt: skip


def places(count: int) -> list[Receptor]:
    """Return places evenly over a square, none nearer to a stack than a few metres."""
    draw = np.random.default_rng(8).uniform(-SPAN, SPAN, (count, 2))
    return [Receptor(f"p{number}", float(x), float(y)) for number, (x, y) in enumerate(draw)]


def hours(count: int) -> Weather:
    """Return weather of hours in a row, as a run takes it."""
    ground = weather(count)
    start = pl.select(pl.datetime(2015, 1, 1, time_zone="UTC") + pl.duration(hours=pl.int_range(count))).to_series()
    columns = {name: np.broadcast_to(getattr(ground, name), count) for name in type(ground).__dataclass_fields__}
    none = pl.DataFrame(schema={"start": pl.Datetime("us", "UTC"), **dict.fromkeys(aermet.PROFILE, pl.Float64())})
    return Weather(pl.DataFrame({"start": start, **columns}), none, False, {}, {})


class Cost:
    """What a stretch of work costs, from when it is made."""

    def __init__(self) -> None:
        self.began, self.used = time.perf_counter(), time.process_time()

    def told(self, what: str) -> None:
        """Report it."""
        report(f"{what}, by the clock", time.perf_counter() - self.began, "s")
        report(f"{what}, of processors", time.process_time() - self.used, "s")


def memory() -> float:
    """Return the most memory that this process ever had. [GiB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(arguments: list[str] | None = None) -> int:
    """Measure, and say whether memory stays within what was set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=1.0)
    parser.add_argument("--stacks", type=int, default=20)
    parser.add_argument("--places", type=int, default=10_000)
    parser.add_argument("--double", action="store_true", help="keep 64 bits")
    parser.add_argument("--folder", type=Path, default=None, help="where the matrix goes for the while")
    parser.add_argument("--unkept", action="store_true", help="statistics of all together, without a matrix")
    asked = parser.parse_args(arguments)
    air, stacks = hours(int(8_760 * asked.years)), sources(asked.stacks)
    what = f"{asked.years:g} years, {asked.stacks} stacks, {asked.places:,} places"
    if asked.unkept:
        cost = Cost()
        told = dispersion_maps.of_sources(air, stacks, [], places(asked.places), planes.around(52.0, 4.6), STATISTICS)
        cost.told(f"{len(STATISTICS)} statistics of {what}")
        report("most memory of all", memory(), "GiB", target=f"< {MOST:g}", note=f"{told.hours:,} hours")
        return 0 if memory() < MOST else 1
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        cost = Cost()
        matrix = dispersion_matrix.make(
            Path(folder) / "m", air, stacks, [], places(asked.places), single=not asked.double
        )
        cost.told(f"matrix of {what}")
        kept = sum(one.stat().st_size for one in Path(folder).rglob("*") if one.is_file())
        report("what is kept of it", kept / 2**30, "GiB", note=f"of {8 * np.prod(matrix.blocks.shape) / 2**30:.1f}")
        report("most memory so far", memory(), "GiB", target=f"< {MOST:g}")
        draw = np.random.default_rng(9)
        grams = {one.id: draw.uniform(0.5, 2.0, air.hours.height) for one in stacks}
        names = list(grams)
        groups = {"all": names, "first": names[: len(names) // 2], "second": names[len(names) // 2 :]}
        cost = Cost()
        found = dispersion_results.of_matrix(matrix, grams, STATISTICS, groups)
        cost.told(f"{len(STATISTICS)} statistics of all stacks and two groups")
        highest = float(found.groups["all"]["mean"].max())
        report("most memory of all", memory(), "GiB", target=f"< {MOST:g}", note=f"highest mean {highest:.3g} µg/m³")
        report("threads", os.cpu_count() or 1, "")
    return 0 if memory() < MOST else 1


if __name__ == "__main__":
    sys.exit(main())
