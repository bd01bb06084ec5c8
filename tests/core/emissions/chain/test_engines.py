"""The same digits with one thread and two, and on Spark."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.core.emissions.chain.engine import Engine
from tests.core.emissions.chain.test_against_oracle import END, START, frame, functions, measured, moment, streams
from tests.core.emissions.chain.test_against_oracle import processing as settings_of

from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.chain import Buckets, Plan, plan
from goedebuur.core.emissions.chain.sql import short_averages_sql
from goedebuur.core.emissions.processing import Order
from goedebuur.core.emissions.tables import SHORT

PERIOD = Period(moment(START), moment(END))
SEEDS = (1, 3, 5, 8, 11, 14)


def case(seed: int) -> tuple[Plan, pl.DataFrame]:
    chance = random.Random(seed)
    of, settings, with_ = streams(chance), settings_of(chance), functions(chance)
    return plan(settings, of, with_), frame(measured(chance, of), of)


def test_two_threads_give_the_digits_of_one() -> None:
    one, two = Engine(1), Engine(2)
    orders = set()
    for seed in SEEDS:
        made, raw = case(seed)
        orders |= {shape.order for shape in made.shapes}
        assert one.short(made, raw, PERIOD).equals(two.short(made, raw, PERIOD))
    assert orders == set(Order)


TEXTS = """
from goedebuur.core.emissions.chain.plans import Shape
from goedebuur.core.emissions.chain.sql import short_averages_sql
from goedebuur.core.emissions.processing import Order
import hashlib, itertools
for order, mixed, flow in itertools.product(Order, (False, True), (False, True)):
    print(hashlib.sha256(short_averages_sql(Shape(order, mixed, flow)).encode()).hexdigest())
"""


def test_text_for_an_engine_is_the_same_in_every_process() -> None:
    said = []
    for seed in ("1", "2"):  # of the order in which Python keeps sets of text
        done = subprocess.run(
            [sys.executable, "-c", TEXTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(done.stdout.split())
    assert len(said[0]) == 8
    assert said[0] == said[1]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from goedebuur.store import spark

    made = spark.session("local[2]", options={"spark.sql.shuffle.partitions": "2"})
    made.sql(spark.EPOCH_US)
    yield made
    made.stop()


@pytest.mark.spark
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_spark_gives_the_digits_of_duckdb(session: Any, tmp_path: Path, seed: int) -> None:
    made, raw = case(seed)
    buckets = Buckets.of(PERIOD, made.lengths).frame
    frames = {"raw": raw, "spans": made.spans, "codes": made.codes, "buckets": buckets, "spread": made.spread}
    for name, rows in frames.items():
        path = tmp_path / f"{name}.parquet"
        rows.write_parquet(path)
        session.read.parquet(str(path)).createOrReplaceTempView(name)
    found = [pl.DataFrame(schema=SHORT)]
    for shape in made.shapes:
        rows = pl.from_arrow(session.sql(short_averages_sql(shape, "pyspark")).toArrow())
        assert isinstance(rows, pl.DataFrame)
        start = pl.col("start").dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        found.append(rows.with_columns(start).select(list(SHORT)).cast(SHORT))
    wanted = Engine().short(made, raw, PERIOD)
    assert pl.concat(found).sort("stream", "reference", "length", "start").equals(wanted)
