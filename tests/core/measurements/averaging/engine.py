"""Running the expressions on DuckDB, compiled once for any number of small tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import duckdb
import ibis
import polars as pl
from tests.core.measurements.averaging.oracle import Means, Row

SCHEMA = {
    "series": pl.String,
    "quantity": pl.String,
    "start": pl.Datetime("us", "UTC"),
    "step": pl.Int32,
    "micro": pl.Int64,
    "flags": pl.Int32,
}
TABLE: Any = ibis.table(
    {
        "series": "string",
        "quantity": "string",
        "start": "timestamp('UTC', 6)",
        "step": "int32",
        "micro": "int64",
        "flags": "int32",
    },
    name="observations",
)


def frame_of(rows: Iterable[Row]) -> pl.DataFrame:
    """Return rows as observations of ozone."""
    listed = list(rows)
    return pl.DataFrame(
        {
            "series": [r[0] for r in listed],
            "quantity": ["o3"] * len(listed),
            "start": [r[1] * 1_000_000 for r in listed],
            "step": [r[2] for r in listed],
            "micro": [r[3] for r in listed],
            "flags": [r[4] for r in listed],
        },
        schema={**SCHEMA, "start": pl.Int64},
    ).with_columns(pl.col("start").cast(SCHEMA["start"]))


class Engine:
    """DuckDB with a number of threads and a session clock, and expressions that are compiled once."""

    def __init__(self, threads: int = 1, zone: str = "UTC") -> None:
        self.connection = duckdb.connect(config={"threads": threads})
        self.connection.execute(f"SET TimeZone = '{zone}'")
        self.compiled: dict[str, str] = {}

    def run(self, name: str, expression: Callable[[], Any], frame: pl.DataFrame) -> pl.DataFrame:
        """Return the result of an expression over :data:`TABLE`, which the frame stands in for."""
        if name not in self.compiled:
            self.compiled[name] = str(ibis.to_sql(expression(), dialect="duckdb"))
        self.connection.register("observations", frame.to_arrow())
        # DuckDB sums into 128 bits; Ibis brings results back to 64, and so does this
        return self.connection.sql(self.compiled[name]).pl().cast({pl.Decimal: pl.Int64, pl.Int32: pl.Int64})


def means(table: pl.DataFrame, label: str) -> Means:
    """Return a table of means in the shape of the oracle."""
    columns = table.select("series", label, "total", "n", "expected", "valid", "micro")
    return {(s, at): (total, n, expected, valid, micro) for s, at, total, n, expected, valid, micro in columns.rows()}
