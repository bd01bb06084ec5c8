"""The expressions of the chain as text for an engine, made once for a shape and used for any number of tables."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, Final

import ibis
import polars as pl

from goedebuur.core.emissions.chain.plans import BUCKETS, CODES, SPANS, SPREAD, Shape
from goedebuur.core.emissions.chain.short import short_averages

RAW: Final[dict[str, Any]] = {
    "series": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "step": pl.Int32(),
    "micro": pl.Int64(),
    "flags": pl.Int32(),
}
"""Columns of the observations that are read."""
TABLES: Final = {"raw": RAW, "spans": SPANS, "codes": CODES, "buckets": BUCKETS, "spread": SPREAD}
"""Tables that the text names, and their columns."""
_TYPES: Final = {
    "String": "string",
    "Int32": "int32",
    "Int64": "int64",
    "Float64": "float64",
    "Boolean": "boolean",
    "Datetime": "timestamp('UTC', 6)",
}
_settling: Final = threading.Lock()


def unbound(name: str) -> Any:
    """Return one of :data:`TABLES` as an Ibis table of which only the columns are known."""
    columns = {column: _TYPES[str(kind.base_type())] for column, kind in TABLES[name].items()}
    return ibis.table(columns, name=name)


@lru_cache(maxsize=16)
def short_averages_sql(shape: Shape, dialect: str = "duckdb") -> str:
    """Return :func:`goedebuur.core.emissions.chain.short_averages` over :data:`TABLES` as text.

    Parameters
    ----------
    dialect
        `duckdb` or `pyspark`.
    """
    getattr(ibis, dialect)  # with the options of its own that a dialect asks for
    raw, spans, codes, buckets, spread = (unbound(name) for name in TABLES)
    expression = short_averages(raw, spans, codes, buckets, spread, shape)
    with _settling:  # Ibis has one option for all; merged into one, steps would be written out many times over
        before = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = False
        try:
            return str(ibis.to_sql(expression, dialect=dialect))
        finally:
            ibis.options.sql.fuse_selects = before
