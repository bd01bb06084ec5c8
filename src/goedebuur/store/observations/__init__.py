"""Observations as Delta tables, derived from the evidence and read by DuckDB, Polars and Spark."""

from goedebuur.store.observations.apply import Batch
from goedebuur.store.observations.observations import ALWAYS, Observations

__all__ = ["ALWAYS", "Batch", "Observations"]
