"""One digest for the content of a derived table, whatever files it lies in."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from goedebuur.store.observations import files as parquet
from goedebuur.store.observations.schema import ORDER, SCHEMAS
from goedebuur.store.observations.table import Table


def content_hash(table: Table, name: str) -> str:
    """Return the SHA-256 over all rows, sorted, column by column and partition by partition, in hexadecimal.

    Two tables with the same rows give the same digest, also where their files, row groups or encodings differ.
    """
    digest = hashlib.sha256()
    for key in sorted(table.files):
        rows = parquet.load(table.root, table.files[key], SCHEMAS[name]).sort(*ORDER[name])
        digest.update("/".join(key).encode() + rows.height.to_bytes(8, "big"))
        for column in rows.iter_columns():
            digest.update(column.name.encode() + b"\x00")
            digest.update(_bytes(column))
    return digest.hexdigest()


def _bytes(column: pl.Series) -> bytes:
    """Return one column as bytes in which no two different columns are alike."""
    if column.dtype == pl.String:
        runs: Any = column.rle().struct.unnest()
        lengths = runs["value"].str.len_bytes().cast(pl.Int64).fill_null(-1)
        text = "".join(runs["value"].fill_null("").to_list()).encode()
        return bytes(lengths.to_numpy().tobytes() + runs["len"].cast(pl.Int64).to_numpy().tobytes() + text)
    numbers = column.to_physical().cast(pl.Int64)
    return numbers.fill_null(0).to_numpy().tobytes() + numbers.is_null().to_numpy().tobytes()
