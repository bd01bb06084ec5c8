"""A year of minutes of 1,000 stack signals: raw values to half-hours, days, months, years and verdicts, on two cores.

The rows are invented and lie in the record's own layout of what holds now: a hundred stacks with six concentrations,
oxygen, moisture, temperature and pressure, a file for each quantity and month; 526 million rows. `--fraction 0.01`
takes one stack in a hundred, and so on; the time per row is the same, which the figures show. The same job in plain
pandas and in DuckDB's SQL, as one would write it by hand in floats, is run on the same files for the ratio: on at most
`--compared` stacks, since pandas takes long. `--keep` leaves the files under var/bench for a second run.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from benchmarks.figures import report

from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.base.sourced import Status
from goedebuur.core.compliance.emissions import judge
from goedebuur.core.compliance.emissions.requirements import Held, Requirement
from goedebuur.core.emissions import chain
from goedebuur.core.emissions.chain import Plan
from goedebuur.core.emissions.processing import (
    Above,
    Order,
    Peripherals,
    Processing,
    RangeOf,
    Reference,
    ShareOf,
    Taken,
)
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Role, Stream
from goedebuur.core.permits.limits import Averaging, EmissionLimit, Statistic, Substance
from goedebuur.core.permits.precedence import Key, Origin
from goedebuur.rules import regimes
from goedebuur.services import stack_averages
from goedebuur.store.observations import Observations
from goedebuur.store.observations import files as parquet
from goedebuur.store.observations.schema import PARTITIONS, VERSIONS

STACKS: Final = 100
MEASURED: Final = {"nox": 100, "so2": 20, "co": 10, "dust": 2, "hcl": 5, "nh3": 3}
"""Substance → its usual raw value. [mg/m³]"""
BESIDE: Final = {"temperature": 140, "pressure": 1010, "o2": 9, "moisture": 15}
UNITS: Final = {"temperature": "°C", "pressure": "hPa", "o2": "%", "moisture": "%"}
ROLES: Final = {
    "temperature": Role.TEMPERATURE,
    "pressure": Role.PRESSURE,
    "o2": Role.OXYGEN,
    "moisture": Role.MOISTURE,
}
YEAR: Final = 2025
PERIOD: Final = Period.year(YEAR, Clock.UTC)
AT_ONCE: Final = 5_000_000
"""Raw rows of one computation."""
FOLDER: Final = Path(__file__).resolve().parent.parent / "var" / "bench" / "stack"
GIB: Final = 2**30


def series(stack: int, quantity: str) -> str:
    return f"BENCH{stack:03d}.stack_{quantity}.1min"


def streams(stack: int) -> list[Stream]:
    """Return the ten signals of a stack."""
    place = ("bench", f"stack-{stack:03d}")
    found = [
        Stream(
            *(f"{name}-{stack:03d}", *place, Role.CONCENTRATION, series(stack, name), "mg/m³", 60),
            substance=Substance(name, id=name),
            wet=True,
            basis=Basis.ACTUAL,
            range_high="1000",
        )
        for name in MEASURED
    ]
    return found + [
        Stream(f"{name}-{stack:03d}", *place, ROLES[name], series(stack, name), UNITS[name], 60, wet=False)
        for name in BESIDE
    ]


def plan(stack: int, order: Order) -> Plan:
    """Return what is done with the signals of a stack."""
    of = streams(stack)
    first = date(YEAR - 1, 1, 1)
    functions = [
        CalibrationFunction(f"f-{one.id}", one.id, "0.5", "1.02", "mg/m³", "0", "400", first, first)
        for one in of
        if one.role is Role.CONCENTRATION
    ]
    taken = {str(ROLES[name]): Taken(f"{name}-{stack:03d}") for name in BESIDE}
    settings = Processing(
        *(f"p-{stack:03d}", "bench", f"stack-{stack:03d}", first, Clock.CET, order, (1800,), "2/3"),
        share_of=ShareOf.PERIOD,
        oxygen_guard="20",
        above_range=Above.COUNTS,
        range_of=RangeOf.STANDARD,
        references=(Reference("11", dry=True),),
        peripherals=(Peripherals(**taken),),  # type: ignore[arg-type]
        basis="the benchmark",
        status=Status.CONFIRMED,
    )
    return chain.plan([settings], of, functions)


def write(root: Path, stacks: int) -> Observations:
    """Return a store that holds the year of so many stacks, a file for each quantity and month."""
    observations = Observations(root)
    table = observations.tables["current"]
    if len(table.select()) == 12 * (len(MEASURED) + len(BESIDE)):
        return observations
    added = []
    for month in stack_averages.months_of(PERIOD):
        minutes = pl.datetime_range(month.start, month.end, "1m", closed="left", time_unit="us", eager=True)
        name = f"{month.start:%Y-%m}"
        for quantity, usual in {**MEASURED, **BESIDE}.items():
            frame = rows(quantity, usual, minutes, name, stacks)
            key = (f"stack_{quantity}", name)
            added.append(parquet.write(table.root, PARTITIONS["current"], key, frame, "bench"))
    table.commit(added, [], 1)
    return observations


def rows(quantity: str, usual: int, minutes: pl.Series, month: str, stacks: int) -> pl.DataFrame:
    """Return a month of one quantity at all stacks: a slow wave, noise, and a gap of one hour in a hundred."""
    rng = np.random.default_rng([usual, int(month[5:])])
    decimals = 1 if usual >= 10 else 2
    parts = []
    for stack in range(stacks):
        wave = 1 + 0.2 * np.sin(np.arange(len(minutes)) / 700 + stack) + 0.05 * rng.standard_normal(len(minutes))
        digits = np.rint(usual * wave * 10**decimals).astype(np.int64)
        there = rng.random(len(minutes) // 60 + 1).repeat(60)[: len(minutes)] > 0.01
        parts.append(
            pl.DataFrame({"start": minutes, "value": digits})
            .filter(pl.Series(there))
            .with_columns(series=pl.lit(series(stack, quantity)))
        )
    made = pl.concat(parts).with_columns(
        step=pl.lit(60),
        micro=pl.col("value") * 10 ** (6 - decimals),
        flags=pl.lit(0),
        leaf=pl.lit(0),
        decimals=pl.lit(decimals),
        unit=pl.lit(UNITS.get(quantity, "mg/m³")),
        remark=pl.lit(None),
        quantity=pl.lit(f"stack_{quantity}"),
        month=pl.lit(month),
    )
    return made.select([pl.col(name).cast(kind) for name, kind in VERSIONS.items()])


def chunks(stacks: Sequence[int]) -> Iterator[tuple[list[int], list[Period]]]:
    """Yield stacks and stretches of time such that one computation has about :data:`AT_ONCE` raw rows."""
    of_month = len(MEASURED | BESIDE) * 31 * 1440
    together = max(1, min(len(stacks), AT_ONCE // of_month))
    months = stack_averages.months_of(PERIOD)
    several = max(1, AT_ONCE // (of_month * together))
    periods = [Period(part[0].start, part[-1].end) for part in (months[k : k + several] for k in range(0, 12, several))]
    for first in range(0, len(stacks), together):
        yield list(stacks[first : first + together]), periods


def run(root: Path, stacks: Sequence[int], order: Order) -> dict[str, Any]:
    """Return how many of each there were, how long each stage took [s], and the largest memory [bytes]."""
    told: dict[str, Any] = {"half hours": 0, "days": 0, "years": 0, "verdicts": 0, "averaging": 0.0, "judging": 0.0}
    asked = requirements()
    observations = Observations(root)
    for of, periods in chunks(stacks):
        began = time.perf_counter()
        made = chain.together([plan(stack, order) for stack in of])
        short = pl.concat(stack_averages.computed(observations, made, period) for period in periods)
        mine = short.filter(pl.col("reference") != "")
        longer = {per: of_frame(observations, mine, per) for per in ("day", "month", "year")}
        told["averaging"] += time.perf_counter() - began
        told["half hours"] += mine.height
        told["days"] += longer["day"].height
        told["years"] += longer["year"].height
        began = time.perf_counter()
        told["verdicts"] += sum(judged(frame, asked) for frame in mine.partition_by("stream"))
        told["judging"] += time.perf_counter() - began
    observations.close()
    return told | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def of_frame(observations: Observations, short: pl.DataFrame, per: str) -> pl.DataFrame:
    """Return days, months or years of short averages."""
    import ibis

    table = ibis.memtable(short.to_arrow(compat_level=pl.CompatLevel.oldest()))
    made = {
        "day": lambda: chain.days(table, Clock.CET),
        "month": lambda: chain.months(table, Clock.CET, [YEAR, YEAR + 1]),
        "year": lambda: chain.years(table, Clock.CET, [YEAR, YEAR + 1]),
    }[per]()
    found: pl.DataFrame = observations.connection.to_polars(made)
    return found


def requirements() -> list[Requirement]:
    """Return a limit on days, and one on 97 % of the half-hours of a year, as annex VI of 2010/75/EU has them."""
    made = []
    for averaging, value, statistic in (
        (Averaging.DAY, "200", Statistic()),
        (Averaging.HALF_HOUR, "200", Statistic(share="97", over=Averaging.YEAR)),
    ):
        limit = EmissionLimit(Substance("nox", id="nox"), value, "mg/Nm³", averaging, statistic)
        held = Held(
            *(date(YEAR, 1, 1), date(YEAR, 12, 31), "benchmark", "", Origin.GENERAL_RULE, "ied.vi"),
            *(limit.binding_value, limit.binding_value, "o2=11 dry", Fraction(40), Fraction(40)),
        )
        made.append(Requirement(Key.of(limit), (held,)))
    return made


def judged(frame: pl.DataFrame, asked: list[Requirement]) -> int:
    """Return how many verdicts were made of the half-hours of one stream."""
    shorts = judge.Shorts(str(frame["stream"][0]), {(1800, "o2=11 dry"): frame.sort("start")})
    return len([judge.judge(one, shorts, YEAR, regimes.book()) for one in asked])


def in_sql(observations: Observations, stacks: int) -> float:
    """Return the mean of all days in floats, by DuckDB's SQL, as one would write it by hand."""
    con = observations.connection.con

    def read(quantity: str) -> str:
        files = [str(path) for path in observations.files("current", f"stack_{quantity}")]
        names = ", ".join(f"'{series(stack, quantity)}'" for stack in range(stacks))
        return (
            f"(SELECT split_part(series, '.', 1) AS stack, series, start, micro / 1e6 AS v FROM read_parquet({files})"
            f" WHERE series IN ({names}) AND (flags & 145) = 0)"
        )

    beside = "".join(
        f" JOIN {read(name)} AS {name} ON c.stack = {name}.stack AND c.start = {name}.start" for name in BESIDE
    )
    parts = " UNION ALL ".join(
        f"SELECT c.series, time_bucket(INTERVAL 30 MINUTE, c.start) AS half, (0.5 + 1.02 * c.v)"
        " * (temperature.v + 273.15) / 273.15 * 1013 / pressure.v / (1 - moisture.v / 100)"
        f" * (21 - 11) / (21 - o2.v) AS v FROM {read(name)} AS c{beside} WHERE o2.v < 20"
        for name in MEASURED
    )
    halves = f"SELECT series, half, avg(v) AS v FROM ({parts}) GROUP BY ALL HAVING count(*) * 3 >= 30 * 2"
    days = (
        f"SELECT series, (half + INTERVAL 1 HOUR)::DATE AS day, avg(v) AS v, count(*) AS n FROM ({halves}) GROUP BY ALL"
    )
    return float(con.execute(f"SELECT avg(v) FROM ({days})").fetchone()[0])


def in_pandas(observations: Observations, stacks: int) -> float:
    """Return the mean of all days in floats, by pandas, a stack at a time."""
    import pandas as pd

    found = []
    for stack in range(stacks):

        def read(quantity: str, stack: int = stack) -> Any:
            name = series(stack, quantity)
            parts = [
                pd.read_parquet(
                    path, columns=["start", "micro", "flags"], filters=[("series", "==", name)], partitioning=None
                )
                for path in observations.files("current", f"stack_{quantity}")
            ]
            frame = pd.concat(parts)
            frame = frame[(frame["flags"] & 145) == 0]
            return (frame.set_index("start")["micro"] / 1e6).sort_index()

        beside = {name: read(name) for name in BESIDE}
        for name in MEASURED:
            frame = pd.DataFrame({"v": read(name), **beside}).dropna()
            frame = frame[frame["o2"] < 20]
            value = (0.5 + 1.02 * frame["v"]) * (frame["temperature"] + 273.15) / 273.15 * 1013 / frame["pressure"]
            value = value / (1 - frame["moisture"] / 100) * 10 / (21 - frame["o2"])
            halves = value.resample("30min").agg(["mean", "count"])
            halves = halves[halves["count"] * 3 >= 60]["mean"]
            found.append(halves.groupby((halves.index + pd.Timedelta(hours=1)).floor("D")).mean())
    return float(pd.concat(found).mean())


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when the three ways gave the same mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fraction", type=float, default=0.01, help="Of the thousand signals. Default: 0.01.")
    parser.add_argument("--order", choices=[str(one) for one in Order], default=str(Order.AVERAGE))
    parser.add_argument("--compared", type=int, default=1, help="Stacks for pandas and SQL; 0: do not compare.")
    parser.add_argument("--processes", type=int, default=2, help="That share the stacks. Default: 2, one a core.")
    parser.add_argument("--keep", action="store_true", help="Leave the files for a second run.")
    asked = parser.parse_args(arguments)
    stacks = max(1, round(STACKS * asked.fraction))
    folder = FOLDER / str(stacks)
    began = time.perf_counter()
    observations = write(folder, stacks)
    _, count, size = observations.sizes()["current"]
    report(
        "stack: writing what holds now", time.perf_counter() - began, "s", note=f"{count:,} rows, {size / GIB:.2f} GiB"
    )
    try:
        measured(folder, stacks, count, Order(asked.order), asked.processes)
        same = compared(observations, min(stacks, asked.compared), Order(asked.order)) if asked.compared else True
    finally:
        observations.close()
        if not asked.keep:
            shutil.rmtree(folder)
    return 0 if same else 1


def measured(root: Path, stacks: int, count: int, order: Order, processes: int) -> None:
    """Report the whole road for all stacks, a part of them in each process."""
    began, before = time.perf_counter(), os.times()
    parts = [range(first, stacks, processes) for first in range(min(processes, stacks))]
    with ProcessPoolExecutor(len(parts), get_context("spawn")) as pool:
        several = list(pool.map(partial(run, root), parts, repeat(order)))
    told = {name: sum(one[name] for one in several) for name in several[0]}
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    counted = ", ".join(f"{told[name]:,} {name}" for name in ("half hours", "days", "years", "verdicts"))
    report("stack: raw values to yearly verdicts", wall, "s", target="< 600 for 526 million rows", note=counted)
    report("stack: of which averaging", told["averaging"] / len(parts), "s", note=f"{len(parts)} processes")
    report("stack: of which judging", told["judging"] / len(parts), "s")
    report("stack: processor time", cpu, "s", note=f"load of the machine {os.getloadavg()[0]:.1f}")
    report("stack: raw values a second", count / wall, "1/s")
    report("stack: raw values a second of processor time", count / cpu, "1/s")
    report("stack: largest memory", told["memory"] / GIB, "GiB", target="< 8", note="all processes together")


def compared(observations: Observations, stacks: int, order: Order) -> bool:
    """Report how long the same averages take by hand, and return whether they are the same."""
    took: dict[str, float] = {}
    means: dict[str, float] = {}
    for name, work in (("pandas", in_pandas), ("DuckDB's SQL", in_sql)):
        began = time.process_time()
        means[name] = work(observations, stacks)
        took[name] = time.process_time() - began
    began = time.process_time()
    days = []
    for of, periods in chunks(range(stacks)):
        made = chain.together([plan(stack, order) for stack in of])
        short = pl.concat(stack_averages.computed(observations, made, period) for period in periods)
        days.append(of_frame(observations, short.filter(pl.col("reference") != ""), "day"))
    ours = time.process_time() - began
    all_days = pl.concat(days).filter(pl.col("n") > 0)
    mean = float((all_days["total"] / all_days["n"] / 1e6).mean())  # type: ignore[arg-type]
    for name, seconds in took.items():
        report(f"stack: {name}, raw values to days of {stacks} stacks", seconds, "s", note="processor time, floats")
        report(f"stack: ours over {name}", ours / seconds, "times")
    # averages before the correction give another mean than after it; only in one order is it the same computation
    near = 1e-6 if order is Order.EACH_VALUE else 0.02
    return all(abs(mean - other) <= near * other for other in means.values())


if __name__ == "__main__":
    sys.exit(main())
