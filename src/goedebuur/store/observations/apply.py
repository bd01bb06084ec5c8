"""Bring the derived tables from one tree size to the next. Doing it twice, or half and then again, gives the same.

What a crash means on the next start:

- before the commit of a table: files that no table names; `vacuum` deletes them. The table is as it was.
- between two tables: their watermarks differ. Each table skips the leaves it holds, so the same leaves are given again
  and only the tables that lag take them. `superseded` reads `history` up to the new tree size and no further;
  `current` keeps the greatest leaf of each key, so rows that it already holds change nothing; `daily` is
  computed from `current`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import polars as pl

from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.periods import CET
from goedebuur.store.observations import files as parquet
from goedebuur.store.observations.files import DataFile
from goedebuur.store.observations.schema import DAILY, ORDER, PARTITIONS, SUPERSEDED, VERSIONS, versions
from goedebuur.store.observations.table import Table

KEY: Final = ["series", "start", "step"]
Partition = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one leaf, as the evidence keeps them."""

    leaf: int
    rows: pl.DataFrame


@dataclass
class Work:
    """What one table adds and removes, and the rows of `current` that `daily` needs, by partition."""

    add: list[DataFile]
    remove: list[DataFile]
    rows: dict[Partition, pl.DataFrame]


def apply(tables: Mapping[str, Table], batches: Sequence[Batch], size: int, threads: int = 2) -> None:
    """Make all four tables hold the record up to tree size `size`.

    Parameters
    ----------
    batches
        Every leaf with rows from the least watermark of the tables up to `size`, ascending.
    """
    # the low watermark decides which leaves are converted at all; each table then takes those it lacks
    low = min(table.watermark for table in tables.values())
    frames = [versions(batch.rows, batch.leaf) for batch in batches if low <= batch.leaf < size]
    parts = _split(pl.concat(frames)) if frames else {}
    with ThreadPoolExecutor(threads) as pool:
        steps: tuple[tuple[str, Callable[..., Work]], ...] = (
            ("history", _history),
            ("superseded", _superseded),
            ("current", _current),
        )
        touched: dict[Partition, pl.DataFrame] = {}
        for name, step in steps:
            table = tables[name]
            if table.watermark >= size:
                continue
            lacking = {key: _from(rows, table.watermark) for key, rows in parts.items()}
            work = step(tables, {k: rows for k, rows in lacking.items() if rows.height}, size, pool)
            table.commit(work.add, work.remove, size)
            touched = work.rows
        if tables["daily"].watermark < size:
            lacking = {key: _from(rows, tables["daily"].watermark) for key, rows in parts.items()}
            keys = [key for key, rows in lacking.items() if rows.height]
            work = _daily(tables, keys, touched, size, pool)
            tables["daily"].commit(work.add, work.remove, size)


def _split(rows: pl.DataFrame) -> dict[Partition, pl.DataFrame]:
    """Return the rows of each partition, sorted as the tables keep them."""
    parts = rows.partition_by("quantity", "month", as_dict=True, maintain_order=True)
    return {(str(key[0]), str(key[1])): part.sort(*ORDER["history"]) for key, part in parts.items()}


def _from(rows: pl.DataFrame, watermark: int) -> pl.DataFrame:
    if rows["leaf"].min() >= watermark:  # type: ignore[operator]
        return rows
    return rows.filter(pl.col("leaf") >= watermark)


def _stem(size: int) -> str:
    return f"{size:012d}"


def _write(
    tables: Mapping[str, Table], name: str, parts: Mapping[Partition, pl.DataFrame], size: int, pool: ThreadPoolExecutor
) -> list[DataFile]:
    root = tables[name].root
    jobs = [pool.submit(parquet.write, root, PARTITIONS[name], key, rows, _stem(size)) for key, rows in parts.items()]
    return [job.result() for job in jobs]


def _history(
    tables: Mapping[str, Table], parts: Mapping[Partition, pl.DataFrame], size: int, pool: ThreadPoolExecutor
) -> Work:
    return Work(_write(tables, "history", parts, size, pool), [], {})


def _superseded(
    tables: Mapping[str, Table], parts: Mapping[Partition, pl.DataFrame], size: int, pool: ThreadPoolExecutor
) -> Work:
    replaced = {key: _replaced(tables["history"], key, rows, size) for key, rows in parts.items()}
    found = {key: rows for key, rows in replaced.items() if rows.height}
    return Work(_write(tables, "superseded", found, size, pool), [], {})


def _replaced(history: Table, key: Partition, rows: pl.DataFrame, size: int) -> pl.DataFrame:
    """Return which version of which row each new version replaces: the greatest leaf before it of the same key."""
    first, last = rows["start"].dt.epoch("us").min(), rows["start"].dt.epoch("us").max()
    near = [f for f in history.files.get(key, ()) if f.first <= last and f.last >= first]  # type: ignore[operator]
    if len(near) == 1 and near[0].first_leaf == near[0].last_leaf:
        return pl.DataFrame(schema=SUPERSEDED)
    columns = {name: VERSIONS[name] for name in ("series", "start", "step", "leaf")}
    known = parquet.load(history.root, near, columns).filter(pl.col("leaf") < size)
    chain = known.join(rows.select(KEY).unique(), on=KEY, how="semi").sort(*KEY, "leaf")
    pairs = chain.with_columns(by=pl.col("leaf").shift(-1).over(KEY)).filter(pl.col("by") >= rows["leaf"].min())
    named = pairs.with_columns(quantity=pl.lit(key[0]), month=pl.lit(key[1]))
    return named.select(list(SUPERSEDED)).sort(*ORDER["superseded"])


def _current(
    tables: Mapping[str, Table], parts: Mapping[Partition, pl.DataFrame], size: int, pool: ThreadPoolExecutor
) -> Work:
    history, current = tables["history"], tables["current"]
    work = Work([], [], {})
    rewrite: dict[Partition, pl.DataFrame] = {}
    for key, rows in parts.items():
        old = current.files.get(key, ())
        twins = history.files.get(key, ())
        if not old and len(twins) == 1 and twins[0].rows == rows.height and _plain(rows):
            work.rows[key] = rows
            work.add.append(parquet.share(history.root, twins[0], current.root, _stem(size)))
            continue
        work.remove += old
        held = latest(pl.concat([parquet.load(current.root, old, VERSIONS), rows]))
        work.rows[key] = held
        if held.height:
            rewrite[key] = held
    work.add += _write(tables, "current", rewrite, size, pool)
    return work


def _plain(rows: pl.DataFrame) -> bool:
    """Return whether every row is the one version of its key and none withdraws anything."""
    if ((rows["flags"] & int(Flag.TOMBSTONE)) != 0).any():
        return False
    return rows["leaf"].n_unique() == 1 or not rows.select(KEY).is_duplicated().any()


def latest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the version of each key with the greatest leaf, without those that withdraw it, sorted."""
    ordered = rows.sort(*ORDER["history"]).unique(KEY, keep="last", maintain_order=True)
    return ordered.filter(pl.col("flags") & int(Flag.TOMBSTONE) == 0)


def _daily(
    tables: Mapping[str, Table],
    keys: Sequence[Partition],
    touched: Mapping[Partition, pl.DataFrame],
    size: int,
    pool: ThreadPoolExecutor,
) -> Work:
    current, daily = tables["current"], tables["daily"]
    years: dict[Partition, list[Partition]] = {}
    for key in keys:
        years.setdefault((key[0], key[1][:4]), []).append(key)
    work = Work([], [], {})
    rewrite: dict[Partition, pl.DataFrame] = {}
    for year, months in years.items():
        old = daily.files.get(year, ())
        work.remove += old
        names = [month[1] for month in months]
        kept = parquet.load(daily.root, old, DAILY).filter(~pl.col("first").dt.strftime("%Y-%m").is_in(names))
        fresh = [_days(touched[m] if m in touched else _loaded(current, m)) for m in months]
        rows = pl.concat([kept, *fresh]).sort(*ORDER["daily"])
        if rows.height:
            rewrite[year] = rows
    work.add += _write(tables, "daily", rewrite, size, pool)
    return work


def _loaded(table: Table, key: Partition) -> pl.DataFrame:
    return parquet.load(table.root, table.files.get(key, ()), VERSIONS)


def _days(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the roll-up by CET day of a month of `current`.

    Months are of UTC: the first day of a month has one row from its first hour, and one from the others.
    """
    usable = pl.col("micro").filter(pl.col("flags") & int(UNUSABLE) == 0)
    day = (pl.col("start") + CET.utcoffset(None)).dt.date()
    days = rows.group_by("series", "step", "quantity", cet_day=day).agg(
        total=pl.when(usable.len() > 0).then(usable.sum()),
        n=usable.len().cast(pl.Int32),
        minimum=usable.min(),
        maximum=usable.max(),
        rows=pl.len().cast(pl.Int32),
        first=pl.col("start").min(),
        last=pl.col("start").max(),
    )
    return days.with_columns(year=pl.col("first").dt.strftime("%Y")).select(list(DAILY))
