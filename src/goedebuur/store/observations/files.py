"""Parquet files of the derived tables: one partition of one table at a time, with what is needed to skip it.

Written by pyarrow and committed by the Delta table that owns them (`table.py`): that is three times faster than letting
delta-rs write. The files hold their partition columns as well, so that any engine reads a plain list of them.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

ROW_GROUP: Final = 65_536
_DICTIONARY: Final = frozenset({"series", "unit", "remark", "quantity", "month", "year"})
_DELTA: Final = frozenset({"start", "leaf", "by", "value", "cet_day", "first", "last"})


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a table, as its log knows it.

    Parameters
    ----------
    path
        Relative to the table's folder.
    partition
        Values of the partition columns, in their order.
    first_series, last_series
        Least and greatest series in the file.
    first, last
        Least and greatest start. [µs since 1970, UTC]
    first_leaf, last_leaf
        Least and greatest of the column `leaf`; zero where the table has none.
    """

    path: str
    partition: tuple[str, ...]
    size: int
    rows: int
    first_series: str
    last_series: str
    first: int
    last: int
    first_leaf: int
    last_leaf: int

    def stats(self) -> str:
        """Return the statistics as Delta's JSON."""
        time, leafs = ("first", False) if self.partition[1].isdigit() else ("start", True)
        low: dict[str, str | int] = {"series": self.first_series, time: _moment(self.first)}
        high: dict[str, str | int] = {"series": self.last_series, time: _moment(self.last)}
        if leafs:
            low["leaf"], high["leaf"] = self.first_leaf, self.last_leaf
        return json.dumps({"numRecords": self.rows, "minValues": low, "maxValues": high, "nullCount": {}})


def _moment(microseconds: int) -> str:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def write(root: Path, columns: Sequence[str], partition: tuple[str, ...], frame: pl.DataFrame, stem: str) -> DataFile:
    """Return the file after writing the rows of one partition, durable but not yet part of any table."""
    import pyarrow.parquet as pq

    folder = "/".join(f"{column}={value}" for column, value in zip(columns, partition, strict=True))
    path = f"{folder}/{stem}-{uuid.uuid4().hex}.parquet"
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    names = frame.columns
    with target.open("wb") as file:
        pq.write_table(
            frame.to_arrow(compat_level=pl.CompatLevel.oldest()),
            file,
            row_group_size=ROW_GROUP,
            compression="zstd",
            use_dictionary=[name for name in names if name in _DICTIONARY],
            column_encoding={name: "DELTA_BINARY_PACKED" for name in names if name in _DELTA} or None,
            store_schema=False,
            write_statistics=True,
            version="2.6",
        )
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    return describe(path, partition, size, frame)


def describe(path: str, partition: tuple[str, ...], size: int, frame: pl.DataFrame) -> DataFile:
    """Return the description of a file that holds these rows."""
    time = pl.col("start") if "start" in frame.columns else pl.col("first")
    leaf = pl.col("leaf") if "leaf" in frame.columns else pl.lit(0, pl.Int64)
    low_series, high_series, first, last, low_leaf, high_leaf = frame.select(
        pl.col("series").min().alias("a"),
        pl.col("series").max().alias("b"),
        time.min().dt.epoch("us").alias("c"),
        time.max().dt.epoch("us").alias("d"),
        leaf.min().alias("e"),
        leaf.max().alias("f"),
    ).row(0)
    return DataFile(path, partition, size, frame.height, low_series, high_series, first, last, low_leaf, high_leaf)


def share(source_root: Path, file: DataFile, root: Path, stem: str) -> DataFile:
    """Return the same file as part of another table: one copy on disk where the file system can link."""
    folder = file.path.rsplit("/", 1)[0]
    path = f"{folder}/{stem}-{uuid.uuid4().hex}.parquet"
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source_root / file.path, target)
    except OSError:
        shutil.copyfile(source_root / file.path, target)
    return DataFile(
        path,
        file.partition,
        file.size,
        file.rows,
        file.first_series,
        file.last_series,
        file.first,
        file.last,
        file.first_leaf,
        file.last_leaf,
    )


def load(root: Path, files: Sequence[DataFile], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return all rows of some files of one table, in no particular order."""
    if not files:
        return pl.DataFrame(schema=dict(schema))
    paths = [root / file.path for file in files]
    frame = pl.scan_parquet(paths, hive_partitioning=False, glob=False).select(list(schema)).collect()
    return frame.cast({name: kind for name, kind in schema.items() if frame.schema[name] != kind})
