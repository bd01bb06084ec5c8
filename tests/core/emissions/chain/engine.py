"""Running the expressions of the chain on DuckDB, compiled once a shape for any number of small tables."""

from __future__ import annotations

import duckdb
import polars as pl

from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.chain import Buckets, Plan
from goedebuur.core.emissions.chain.sql import short_averages_sql
from goedebuur.core.emissions.tables import SHORT


class Engine:
    """DuckDB with a number of threads, and expressions that are compiled once."""

    def __init__(self, threads: int = 1) -> None:
        self.connection = duckdb.connect(config={"threads": threads})
        self.connection.execute("SET TimeZone = 'UTC'")

    def short(self, plan: Plan, raw: pl.DataFrame, period: Period) -> pl.DataFrame:
        """Return the short-term averages that begin in a period."""
        buckets = Buckets.of(period, plan.lengths).frame
        frames = {"raw": raw, "spans": plan.spans, "codes": plan.codes, "buckets": buckets, "spread": plan.spread}
        for name, frame in frames.items():
            self.connection.register(name, frame.to_arrow())
        found = [pl.DataFrame(schema=SHORT)]
        for shape in plan.shapes:
            found.append(self.connection.sql(short_averages_sql(shape)).pl().select(list(SHORT)).cast(SHORT))
        return pl.concat(found).sort("stream", "reference", "length", "start")
