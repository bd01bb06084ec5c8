"""A store with 100 million rows: how long it takes to build, and to read one month of one series from it.

The rows are invented (hourly, 100 stations, eleven quantities, ten years and a half) and
go into the projections by the same path as delivered ones. Reading is compared with plain DuckDB on the same files.
`--rows` makes it smaller, `--keep` leaves the store where it is, under var/bench, for a second run.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from benchmarks.figures import report

from goedebuur.core.measurements.records import OBSERVATIONS, series_id
from goedebuur.store.evidence import parquet_bytes
from goedebuur.store.observations import Batch, Observations

QUANTITIES: Final = ("bc", "co", "h2s", "nh3", "no", "no2", "o3", "ox", "pm10", "pm25", "so2")
STATIONS: Final = 100
START: Final = datetime(2011, 1, 1, tzinfo=UTC)
HOURS: Final = 4_380
"""Half a year: what one leaf of a quantity holds."""
FOLDER: Final = Path(__file__).resolve().parent.parent / "var" / "bench" / "store"
SERIES: Final = "BENCH042.pm10.1h"


def half_year(quantity: str, number: int) -> pl.DataFrame:
    """Return half a year of one quantity at all stations, sorted as evidence is."""
    seed = QUANTITIES.index(quantity) * 1_000 + number
    names = pl.Series("series", [series_id(f"BENCH{i:03d}", quantity, 3600) for i in range(STATIONS)])
    first = START + timedelta(hours=number * HOURS)
    hours = pl.datetime_range(first, first + timedelta(hours=HOURS - 1), "1h", time_unit="us", eager=True)
    frame = pl.DataFrame({"series": names}).join(pl.DataFrame({"start": hours}), how="cross")
    digits = np.random.default_rng(seed).integers(0, 900, frame.height)
    unit = "ppb" if quantity == "ox" else "µg/m³"
    return frame.with_columns(
        step=pl.lit(3600, pl.Int32),
        value=pl.Series(digits, dtype=pl.Int64),
        decimals=pl.lit(1, pl.Int8),
        unit=pl.lit(unit),
        flags=pl.lit(2, pl.Int32),
        remark=pl.lit(None, pl.String),
    ).select([pl.col(name).cast(kind) for name, kind in OBSERVATIONS.items()])


def chunks(rows: int) -> Iterator[tuple[list[Batch], int]]:
    """Yield half a year of all quantities at a time, with the tree size after it, until there are so many rows."""
    number = leaf = 0
    while rows > 0:
        batches = []
        for quantity in QUANTITIES:
            batches.append(Batch(leaf, half_year(quantity, number)))
            leaf += 1
            rows -= STATIONS * HOURS
        number += 1
        yield batches, leaf


def best(question: Callable[[], Any], times: int = 15) -> tuple[float, float]:
    """Return the median and the worst time of an answer. [ms]"""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1_000)
    return statistics.median(took), max(took)


def build(observations: Observations, rows: int) -> None:
    """Fill the store as far as it is not full yet, and report how fast that went."""
    spent, done = 0.0, 0
    for batches, size in chunks(rows):
        if size <= observations.size:
            continue
        began = time.perf_counter()
        observations.apply(batches, size)
        spent += time.perf_counter() - began
        done += sum(batch.rows.height for batch in batches)
        print(f"   {size} leaves, {done:,} rows in {spent:.0f} s", file=sys.stderr, flush=True)
    if done:
        report("project rows", done / spent, "rows/s")


def plain_duckdb(observations: Observations, start: datetime, end: datetime) -> Callable[[], Any]:
    """Return the same question asked of DuckDB with nothing but the names of the files of that month."""
    import duckdb

    connection = duckdb.connect()
    files = [str(path) for path in observations.files("current", "pm10", start, end)]
    sql = "SELECT epoch_us(start), micro FROM read_parquet(?) WHERE series = ? AND start >= ? AND start < ? ORDER BY 1"
    return lambda: connection.execute(sql, [files, SERIES, start, end]).fetchall()


def main() -> int:
    """Return 0 when one month of one series is read within its time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--keep", action="store_true")
    wanted = parser.parse_args()
    batch = half_year("pm10", 0)
    report("bytes per row of evidence, invented values", len(parquet_bytes(batch, {})) / batch.height, "bytes/row")
    observations = Observations(FOLDER)
    build(observations, wanted.rows)
    files, rows, size = observations.sizes()["current"]
    report("rows in the store", rows, "rows", note=f"{files} files, {size / rows:.2f} bytes a row")
    began = time.perf_counter()
    observations = Observations(FOLDER)
    report("open the store", (time.perf_counter() - began) * 1_000, "ms")
    start, end = datetime(2014, 3, 1, tzinfo=UTC), datetime(2014, 4, 1, tzinfo=UTC)
    columns = ["start", "micro"]
    assert observations.read(series=[SERIES], start=start, end=end).height == 744 or wanted.rows < 40_000_000
    month, worst = best(lambda: observations.read(series=[SERIES], start=start, end=end, columns=columns))
    report("one series of a month", month, "ms", target="< 40", note=f"worst of 15: {worst:.1f}")
    plain, _ = best(plain_duckdb(observations, start, end))
    report("the same, plain DuckDB on that month's files", plain, "ms", note=f"ratio {month / plain:.2f}")
    year = datetime(2015, 3, 1, tzinfo=UTC)
    report(
        "one series of a year",
        best(lambda: observations.read(series=[SERIES], start=start, end=year, columns=columns))[0],
        "ms",
    )
    report(
        "ten years by day, one series",
        best(lambda: observations.days([SERIES], START, datetime(2022, 1, 1, tzinfo=UTC)))[0],
        "ms",
        target="< 100",
    )
    report("summary of all series", best(observations.summary, 3)[0], "ms")
    observations.close()
    if not wanted.keep:
        shutil.rmtree(FOLDER)
    return 0 if month < 40 else 1


if __name__ == "__main__":
    sys.exit(main())
