"""Read the derived tables: what holds now, and what held at an earlier tree size.

The present reads `current` alone. *As of N* looks at the log of files first: a partition without any leaf from N on is
read from `current` too; only the others are put together from `history` and `superseded`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import microseconds
from goedebuur.core.measurements.conversion import quantity_of
from goedebuur.store.observations.apply import KEY
from goedebuur.store.observations.files import DataFile
from goedebuur.store.observations.schema import VERSIONS
from goedebuur.store.observations.table import Table

if TYPE_CHECKING:
    import ibis.expr.types as ir

VERSION_KEY: Final = [*KEY, "leaf"]
_SQL_TYPES: Final = {
    "Datetime": "TIMESTAMP WITH TIME ZONE",
    "Int8": "TINYINT",
    "Int32": "INTEGER",
    "Int64": "BIGINT",
    "String": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Which files hold the answer. `mixed` and `replaced` are empty where `plain` tells all."""

    plain: tuple[Path, ...]
    mixed: tuple[Path, ...]  # of history: rows below `as_of`, minus
    replaced: tuple[Path, ...]  # those in superseded with `by` below `as_of`
    as_of: int


def month(moment: datetime) -> str:
    """Return the partition of a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def quantities_of(series: Iterable[str]) -> set[str]:
    """Return the quantities of some series identifiers."""
    found = pl.Series("series", list(series), dtype=pl.String).to_frame().select(quantity_of(pl.col("series")))
    return {name for name in found.to_series() if name is not None}


def plan(
    tables: Mapping[str, Table],
    quantities: Iterable[str] | None,
    start: datetime,
    end: datetime,
    series: Sequence[str] | None = None,
    as_of: int | None = None,
) -> Plan:
    """Return the files that hold rows of these quantities (and series) with a start in [start, end)."""
    wanted = None if quantities is None else list(quantities)
    first, last = month(start), month(end - timedelta(microseconds=1))
    low, high = microseconds(start), microseconds(end)
    names = None if series is None else sorted(series)

    def near(file: DataFile) -> bool:
        if file.first >= high or file.last < low:
            return False
        return names is None or any(file.first_series <= name <= file.last_series for name in names)

    def paths(name: str, among: Iterable[DataFile]) -> tuple[Path, ...]:
        return tuple(tables[name].root / file.path for file in among if near(file))

    current = tables["current"].select(wanted, first, last)
    if as_of is None or as_of >= tables["current"].watermark:
        return Plan(paths("current", current), (), (), as_of or 0)
    history = tables["history"].select(wanted, first, last)
    later = {file.partition for file in history if file.last_leaf >= as_of}
    before = [file for file in history if file.partition in later and file.first_leaf < as_of]
    replaced = [file for file in tables["superseded"].select(wanted, first, last) if file.partition in later]
    plain = [file for file in current if file.partition not in later]
    return Plan(paths("current", plain), paths("history", before), paths("superseded", replaced), as_of)


def rows(found: Plan, series: Sequence[str] | None, start: datetime, end: datetime, columns: list[str]) -> pl.DataFrame:
    """Return the rows of a plan with these columns, sorted by series, start and step."""
    period = pl.col("start").is_between(pl.lit(start), pl.lit(end), closed="left")
    wanted = period if series is None else period & pl.col("series").is_in(list(series))
    order = list(dict.fromkeys([*KEY, *columns]))
    parts = []
    if found.plain:
        parts.append(scan(found.plain).filter(wanted).select(order))
    if found.mixed:
        needed = list(dict.fromkeys([*order, "leaf", "flags"]))
        held = scan(found.mixed).filter(wanted & (pl.col("leaf") < found.as_of)).select(needed)
        if found.replaced:
            gone = scan(found.replaced).filter(wanted & (pl.col("by") < found.as_of)).select(VERSION_KEY)
            held = held.join(gone, on=VERSION_KEY, how="anti")
        parts.append(held.filter(pl.col("flags") & int(Flag.TOMBSTONE) == 0).select(order))
    if not parts:
        return pl.DataFrame(schema={name: VERSIONS[name] for name in columns})
    return pl.concat(parts).sort(*KEY).select(columns).collect()


def expression(connection: Any, found: Plan, start: datetime, end: datetime) -> ir.Table:
    """Return an Ibis table over a plan's files on a DuckDB connection, with the columns of `current`."""
    import ibis

    low, high = ibis.literal(start, type="timestamp('UTC')"), ibis.literal(end, type="timestamp('UTC')")
    parts = []
    if found.plain:
        parts.append(_read(connection, found.plain))
    if found.mixed:
        held = _read(connection, found.mixed)
        held = held.filter(held.leaf < found.as_of)
        if found.replaced:
            gone = _read(connection, found.replaced)
            held = held.anti_join(gone.filter(gone.by < found.as_of), VERSION_KEY)
        parts.append(held.filter((held.flags & int(Flag.TOMBSTONE)) == 0))
    if not parts:
        return empty(connection)
    both = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return both.filter((both.start >= low) & (both.start < high))


def empty(connection: Any) -> ir.Table:
    """Return an Ibis table without rows, with the columns of `current`."""
    columns = ", ".join(f'CAST(NULL AS {_SQL_TYPES[str(kind.base_type())]}) AS "{n}"' for n, kind in VERSIONS.items())
    return connection.sql(f"SELECT {columns} WHERE false")


def scan(paths: Sequence[Path]) -> pl.LazyFrame:
    """Return the rows of some files, read when they are asked for."""
    return pl.scan_parquet(list(paths), hive_partitioning=False, glob=False)


def _read(connection: Any, paths: Sequence[Path]) -> ir.Table:
    return connection.read_parquet([str(path) for path in paths], hive_partitioning=False)
