"""The same digits on every engine: DuckDB with one and two threads, and Spark with two worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import polars as pl
import pytest

from goedebuur.core.base.exact import table_sha256
from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements import averaging as av

pytestmark = pytest.mark.spark

SHARE, YEAR_SHARE = (3, 4), (9, 10)
YEARS = [2019, 2020]
STATIONS = 6


def _observations() -> pl.DataFrame:
    """Return two years of six stations: noise around zero and above, gaps, short steps, flags, large sums."""
    rng = np.random.default_rng(20190101)
    start = datetime(2018, 12, 1, tzinfo=UTC)
    parts = []
    for station in range(STATIONS):
        step = 600 if station == 0 else 3600
        n = (90 if step == 600 else 792) * 86400 // step
        micro = np.rint(rng.gamma(2.0, 8.0, n) * 10) * 100_000 - 5_000_000
        micro = micro.astype(np.int64) * (10**5 if station == 1 else 1)
        kept = np.sort(rng.choice(n, int(n * 0.93), replace=False))
        parts.append(
            pl.DataFrame({"slot": kept, "micro": micro[kept], "flags": rng.choice([0, 0, 0, 2, 16], kept.size)}).select(
                series=pl.lit(f"SIM{station}.o3.{step}s"),
                quantity=pl.lit("o3"),
                start=pl.lit(start).dt.cast_time_unit("us") + pl.duration(seconds=pl.col("slot") * step),
                step=pl.lit(step, pl.Int32),
                micro="micro",
                flags=pl.col("flags").cast(pl.Int32),
            )
        )
    return pl.concat(parts)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return Parquet files by month, as the observation store keeps them."""
    folder = tmp_path_factory.mktemp("observations")
    frame = _observations().with_columns(month=pl.col("start").dt.strftime("%Y-%m"))
    paths = []
    for (month,), part in frame.group_by("month", maintain_order=True):
        paths.append(folder / f"{month}.parquet")
        part.sort("series", "start").write_parquet(paths[-1], compression="zstd", row_group_size=4096)
    return paths


@pytest.fixture(scope="module")
def spark_table(files: list[Path]) -> Iterator[Any]:
    """Return the files as a table on Spark: a master and two worker processes on loopback."""
    from goedebuur.store import spark

    with spark.local_cluster(workers=2) as master:
        options = {"spark.executor.memory": "700m", "spark.sql.shuffle.partitions": "4"}
        session = spark.session(master, options=options)
        try:
            yield spark.table(session, files)
        finally:
            session.stop()


def _duckdb_table(files: list[Path], threads: int) -> Any:
    return ibis.duckdb.connect(threads=threads).read_parquet([str(path) for path in files])


def _averages(t: Any) -> dict[str, Any]:
    """Return every kind of average that a verdict stands on."""
    h = av.hours(t, SHARE)
    d = av.days(h, Clock.LOCAL, SHARE)
    r = av.running(h, 8, SHARE)
    top = av.day_maxima(r, Clock.CET, SHARE, 8)
    by = ["series", "year"]
    in_years = av.in_years(d, Clock.LOCAL, YEARS)
    return {
        "hours": h,
        "days": d,
        "running": r,
        "day maxima": top,
        "months": av.months(h, Clock.LOCAL, YEAR_SHARE, YEARS),
        "years": av.years(h, Clock.CET, YEAR_SHARE, YEARS),
        "years of days": av.years(d, Clock.LOCAL, YEAR_SHARE, YEARS),
        "rolling years": av.rolling_years(h, Clock.CET, YEAR_SHARE, [2020]),
        "peak season": av.peak_season(top, Clock.CET, SHARE, YEARS),
        "percentile": av.percentiles(in_years, (99, 100), av.RankRule.EOI, by),
        "percentile between": av.percentiles(in_years, (904, 1000), av.RankRule.LINEAR, by),
        "36th highest": av.highest(in_years, 36, by),
        "exceedances": av.above(in_years, 20_000_000, by, 10**6),
        "exceedances unrounded": av.above(in_years, 11_000_000, by),
    }


NAMES = list(_averages(ibis.table({"series": "string", "quantity": "string", "start": "timestamp('UTC')",
                                   "step": "int32", "micro": "int64", "flags": "int32"}, name="t")))  # fmt: skip


@pytest.fixture(scope="module")
def digests(files: list[Path]) -> dict[str, str]:
    """Return the digest of each average on DuckDB with one thread."""
    found = {name: x.to_polars() for name, x in _averages(_duckdb_table(files, 1)).items()}
    assert all(table.height > 0 for table in found.values())
    return {name: table_sha256(table) for name, table in found.items()}


@pytest.mark.parametrize("name", NAMES)
def test_two_threads_give_the_digits_of_one(files: list[Path], digests: dict[str, str], name: str) -> None:
    assert table_sha256(_averages(_duckdb_table(files, 2))[name].to_polars()) == digests[name]


@pytest.mark.parametrize("name", NAMES)
def test_spark_with_two_workers_gives_the_digits_of_duckdb(
    spark_table: Any, digests: dict[str, str], name: str
) -> None:
    found = pl.from_arrow(_averages(spark_table)[name].to_pyarrow())
    assert isinstance(found, pl.DataFrame)
    assert table_sha256(found) == digests[name]


def test_two_worker_processes_took_part(spark_table: Any) -> None:
    session = spark_table.get_backend()._session
    executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1  # the driver is in the list
    assert executors == 2


def test_a_mean_of_floats_would_not_have_given_the_same_digits(files: list[Path]) -> None:
    """What this rests on: float sums depend on their order, and threads change the order."""
    values = np.array([1e13, 0.1, -1e13] * 1000)
    assert float(np.cumsum(values)[-1]) != float(np.cumsum(np.sort(values))[-1])
    names = ", ".join(f"'{path}'" for path in files)
    integers = f"SELECT sum(micro) FROM read_parquet([{names}])"
    sums = {duckdb.connect(config={"threads": n}).sql(integers).fetchone() for n in (1, 2)}
    assert len(sums) == 1
