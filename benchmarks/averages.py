"""Exact averages against the plain float SQL that one would write by hand, on the same files: hours, days, years."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import polars as pl
from benchmarks.figures import best_of, report

from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements import averaging as av

SHARE = (3, 4)
START = datetime(2018, 12, 31, 23, tzinfo=UTC)
TIMES = 3
USABLE = f"micro IS NOT NULL AND (flags & {int(UNUSABLE)}) = 0"
HOUR = "date_trunc('hour', start)"
DAY = "(start + INTERVAL 1 HOUR)::DATE"


def write_year(folder: Path, series: int, step: int) -> list[str]:
    """Return monthly Parquet files of a year of so many series, sorted as the store keeps them."""
    folder.mkdir()
    rng = np.random.default_rng(series)
    names = pl.Series("series", [f"BM{k:04}.pm10.{step}s" for k in range(series)])
    paths = []
    for month in range(1, 13):
        first = START if month == 1 else datetime(2019, month, 1, tzinfo=UTC) - timedelta(hours=1)
        end = datetime(2019 + month // 12, month % 12 + 1, 1, tzinfo=UTC) - timedelta(hours=1)
        moments = pl.datetime_range(first, end, timedelta(seconds=step), closed="left", time_unit="us", eager=True)
        frame = names.to_frame().join(moments.alias("start").to_frame(), how="cross")
        frame = frame.with_columns(
            quantity=pl.lit("pm10"),
            step=pl.lit(step, pl.Int32),
            micro=pl.Series(rng.integers(-50, 900, frame.height) * 100_000),
            flags=pl.lit(2, pl.Int32),
        )
        paths.append(str(folder / f"2019-{month:02}.parquet"))
        frame.write_parquet(paths[-1], compression="zstd", row_group_size=65536)
    return paths


def compare(name: str, exact: Callable[[Any], Any], sql: str, paths: list[str], key: str) -> None:
    """Report both durations and their ratio, after checking that both give the same means."""
    connection = ibis.duckdb.connect()
    expression = exact(connection.read_parquet(paths))
    compiled = str(ibis.to_sql(expression, dialect="duckdb"))
    plain = sql.format(files=", ".join(f"'{path}'" for path in paths))
    ours, found = best_of(TIMES, lambda: connection.raw_sql(compiled).to_arrow_table())
    theirs, wanted = best_of(TIMES, lambda: connection.raw_sql(plain).to_arrow_table())
    _same_means(found, wanted, key)
    rows = connection.read_parquet(paths).count().execute()
    report(f"{name}, exact", ours, "s", note=f"{rows:,} rows in, {found.num_rows:,} out")
    report(f"{name}, float SQL", theirs, "s")
    report(f"{name}, exact over float", ours / theirs, "times")


def _same_means(found: Any, wanted: Any, key: str) -> None:
    ours, theirs = pl.DataFrame(found), pl.DataFrame(wanted)
    means = ours.select("series", key, mean=pl.col("total").cast(pl.Float64) / pl.col("n") / 1e6).sort("series", key)
    others = theirs.sort("series", "label")["mean"]
    if means.height != others.len() or float((means["mean"] - others).abs().max()) > 1e-6:  # type: ignore[arg-type]
        raise SystemExit(f"the means by {key} differ")


def main() -> int:
    """Return 0 when every comparison gave the same means."""
    select = f"SELECT series, quantity, {{label}} AS label, avg(micro / 1e6) AS mean, count(*) AS n FROM read_parquet([{{files}}]) WHERE {USABLE} GROUP BY ALL"  # noqa: E501

    def by(label: str) -> str:
        return select.replace("{label}", label)

    def hours(t: Any) -> Any:
        return av.hours(t, SHARE)

    def days(t: Any) -> Any:
        return av.days(hours(t), Clock.CET, SHARE)

    def local_days(t: Any) -> Any:
        return av.days(hours(t), Clock.LOCAL, SHARE)

    def years(t: Any) -> Any:
        return av.years(hours(t), Clock.CET, (9, 10), [2019])

    with tempfile.TemporaryDirectory() as name:
        hundred = write_year(Path(name) / "hundred", 100, 600)
        compare("hourly means, 100 series, a year of ten minutes", hours, by(HOUR), hundred, "hour")
        hourly = write_year(Path(name) / "hourly", 100, 3600)
        compare("hourly means, 100 series, a year of hours", hours, by(HOUR), hourly, "hour")
        country = write_year(Path(name) / "country", 1000, 3600)
        compare("daily means, 1000 series, a year of hours", days, by(DAY), country, "day")
        local = "timezone('Europe/Amsterdam', start)::DATE"
        compare("daily means on Dutch time, the same", local_days, by(local), country, "day")
        compare("yearly means, the same", years, by(f"year({DAY})"), country, "year")
    return 0


if __name__ == "__main__":
    sys.exit(main())
