"""The observations, ready to be read: four Delta tables derived from the evidence, and how they are kept.

Nothing here is evidence. Each table says in its log up to which tree size it holds the record; whoever holds the
ledger's lock brings them up to date with :meth:`Observations.apply`.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.periods import CET, Period, microseconds
from goedebuur.store.observations import apply as applying
from goedebuur.store.observations import files as parquet
from goedebuur.store.observations import reading
from goedebuur.store.observations.apply import Batch
from goedebuur.store.observations.digest import content_hash
from goedebuur.store.observations.files import DataFile
from goedebuur.store.observations.schema import DAILY, NAMES, ORDER, PARTITIONS, SCHEMAS, VERSIONS
from goedebuur.store.observations.table import Table

if TYPE_CHECKING:
    import ibis.expr.types as ir

ALWAYS: Final = Period(datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_SPAN: Final = {"first": pl.Datetime("us", "UTC"), "last": pl.Datetime("us", "UTC")}
KEEP_HOURS: Final = 24
"""How long a file stays after it was replaced, for those who are still reading it."""
TIDY_AFTER: Final = 32
"""Files of one partition, or versions of one table, after which an addition tidies up."""


class Observations:
    """The derived tables under one folder.

    Parameters
    ----------
    root
        Folder of the tables; made when it is not there.
    threads
        How many files are written at the same time.
    """

    def __init__(self, root: Path, threads: int = 2) -> None:
        self.root = root
        self.threads = threads
        self._database: Any = None
        self._opening = threading.Lock()
        self._of_thread = threading.local()
        self.tables: dict[str, Table] = {}
        self._open()

    def _open(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.tables = {name: open_table(self.root, name) for name in NAMES}

    @property
    def size(self) -> int:
        """Return the tree size that all tables hold."""
        return min(table.watermark for table in self.tables.values())

    @property
    def stamp(self) -> tuple[int, ...]:
        """Return the versions of all tables: equal stamps, equal answers."""
        return tuple(table.version for table in self.tables.values())

    def refresh(self) -> bool:
        """Return whether any table had changed, after taking over what another process committed."""
        changed = [table.refresh() for table in self.tables.values()]  # all of them, also after the first that had
        return any(changed)

    def apply(self, batches: Sequence[Batch], size: int) -> None:
        """Bring all tables to tree size `size`; `batches` are all leaves with rows from :attr:`size` on."""
        applying.apply(self.tables, batches, size, self.threads)

    def clear(self) -> None:
        """Throw all tables away. They are made again by giving :meth:`apply` the whole record."""
        for name in NAMES:
            shutil.rmtree(self.root / name, ignore_errors=True)
        self._open()

    def take_over(self, other: Observations) -> None:
        """Hold the rows of other tables in place of these; the folder of the others is gone afterwards.

        Each table changes in one commit. The files that it held before stay for :data:`KEEP_HOURS`, for those who are
        still reading them.
        """
        for name, table in self.tables.items():
            fresh = other.tables[name]
            add = fresh.select()
            for file in add:
                target = table.root / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(fresh.root / file.path, target)
            table.commit(add, table.select(), fresh.watermark)
        shutil.rmtree(other.root)

    def current_rows(self, series: Sequence[str], period: Period) -> pl.DataFrame:
        """Return what holds now of some series, starts within the period, with all columns, sorted."""
        return self.read(series=series, start=period.start, end=period.end)

    def read(
        self,
        *,
        series: Sequence[str] | None = None,
        quantity: str | None = None,
        start: datetime,
        end: datetime,
        as_of: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Return rows with a start in [start, end), sorted by series, start and step.

        Parameters
        ----------
        series
            Identifiers; None for all.
        quantity
            Only this quantity; None for all (of the series).
        as_of
            Tree size whose answer is wanted; None for what holds now.
        columns
            Among :data:`goedebuur.store.observations.schema.VERSIONS`; None for all.
        """
        quantities = {quantity} if quantity is not None else None
        if series is not None:
            named = reading.quantities_of(series)
            quantities = named if quantities is None else quantities & named
        found = reading.plan(self.tables, quantities, start, end, series, as_of)
        return reading.rows(found, series, start, end, list(columns or VERSIONS))

    def table(self, quantity: str | None, start: datetime, end: datetime, as_of: int | None = None) -> ir.Table:
        """Return an Ibis table on DuckDB with the columns of `current`, starts in [start, end)."""
        found = reading.plan(self.tables, None if quantity is None else [quantity], start, end, None, as_of)
        return reading.expression(self.connection, found, start, end)

    def of_series(self, series: Sequence[str], start: datetime, end: datetime, as_of: int | None = None) -> ir.Table:
        """Return an Ibis table on DuckDB with the columns of `current`, of some series, starts in [start, end)."""
        found = reading.plan(self.tables, reading.quantities_of(series), start, end, series, as_of)
        table = reading.expression(self.connection, found, start, end)
        return table.filter(table.series.isin(sorted(series)))

    def changed_since(self, size: int, series: Sequence[str], start: datetime, end: datetime) -> bool:
        """Return whether any leaf from a tree size on may hold rows of some series with a start in [start, end)."""
        names, low, high = sorted(series), microseconds(start), microseconds(end)
        first, last = reading.month(start), reading.month(end - timedelta(microseconds=1))
        return any(
            file.last_leaf >= size
            and file.first < high
            and file.last >= low
            and any(file.first_series <= name <= file.last_series for name in names)
            for file in self.tables["history"].select(reading.quantities_of(series), first, last)
        )

    def files(
        self, name: str, quantity: str | None = None, start: datetime = ALWAYS.start, end: datetime = ALWAYS.end
    ) -> list[Path]:
        """Return the files of one table that may hold rows of a quantity in a period, for any engine to read."""
        table = self.tables[name]
        low, high = microseconds(start), microseconds(end)
        chosen = table.select(None if quantity is None else [quantity])
        return [table.root / file.path for file in chosen if file.first < high and file.last >= low]

    def days(self, series: Sequence[str] | None, start: datetime, end: datetime) -> pl.DataFrame:
        """Return the roll-up by CET day of what holds now, sorted; days that begin in [start, end)."""
        table = self.tables["daily"]
        quantities = None if series is None else reading.quantities_of(series)
        chosen = [
            file
            for file in table.select(quantities, f"{start.astimezone(UTC).year:04d}", f"{end.astimezone(UTC).year:04d}")
            if series is None or any(file.first_series <= name <= file.last_series for name in series)
        ]
        if not chosen:
            return pl.DataFrame(schema=DAILY)
        scan = reading.scan([table.root / file.path for file in chosen])
        begin = pl.col("cet_day").cast(pl.Datetime("us", "UTC")) - CET.utcoffset(None)
        wanted = (begin >= start) & (begin < end)
        if series is not None:
            wanted &= pl.col("series").is_in(list(series))
        parts = scan.filter(wanted).group_by("series", "cet_day", "step", "quantity")
        days = parts.agg(
            *(pl.col(name).sum() for name in ("n", "rows")),
            *(pl.col(name).min() for name in ("minimum", "first")),
            *(pl.col(name).max() for name in ("maximum", "last", "year")),
            total=pl.when(pl.col("n").sum() > 0).then(pl.col("total").sum()),
        )
        return days.select(list(DAILY)).sort(*ORDER["daily"]).collect()

    def summary(self, as_of: int | None = None) -> pl.DataFrame:
        """Return per series and step the number of rows and the first and last start, by series.

        From the roll-up by day; only months that had leaves from `as_of` on are counted row by row.
        """
        table = self.tables["daily"]
        paths = [table.root / file.path for file in table.select()]
        if not paths:
            return pl.DataFrame(schema={"series": pl.String, "step": pl.Int32, "count": pl.Int64} | dict(_SPAN))
        columns = ["series", "step", "rows", *_SPAN]
        days = reading.scan(paths)
        if as_of is not None and as_of < self.tables["current"].watermark:
            later = {file.partition for file in self.tables["history"].select() if file.last_leaf >= as_of}
            months = pl.LazyFrame(sorted(later), schema={"quantity": pl.String, "month": pl.String}, orient="row")
            days = days.with_columns(month=pl.col("first").dt.strftime("%Y-%m")).join(
                months, on=["quantity", "month"], how="anti"
            )
            found = reading.plan(self.tables, None, ALWAYS.start, ALWAYS.end, None, as_of)
            mixed = reading.Plan((), found.mixed, found.replaced, found.as_of)
            rows = reading.rows(mixed, None, ALWAYS.start, ALWAYS.end, ["series", "step", "start"])
            counted = rows.lazy().with_columns(rows=pl.lit(1, pl.Int32), first="start", last="start")
            days = pl.concat([days.select(columns), counted.select(columns)])
        return (
            days.group_by("series", "step")
            .agg(count=pl.col("rows").cast(pl.Int64).sum(), first=pl.col("first").min(), last=pl.col("last").max())
            .sort("series", "step")
            .collect()
        )

    def changes(self, a: int, b: int, series: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield, a month of a quantity at a time, the rows that have a version with a leaf in [a, b).

        Columns of the newest of those versions, and of the one that held at tree size `a` with the suffix `_before`
        (null where nothing held). Sorted by series, start and step.
        """
        table = self.tables["history"]
        wanted = None if series is None else reading.quantities_of(series)
        for key in sorted(table.files):
            files = [file for file in table.files[key] if file.first_leaf < b]
            if (wanted is not None and key[0] not in wanted) or all(file.last_leaf < a for file in files):
                continue
            rows = parquet.load(table.root, files, VERSIONS).filter(pl.col("leaf") < b)
            if series is not None:
                rows = rows.filter(pl.col("series").is_in(list(series)))
            ordered = rows.sort(*ORDER["history"])
            after = ordered.filter(pl.col("leaf") >= a).unique(applying.KEY, keep="last", maintain_order=True)
            before = applying.latest(ordered.filter(pl.col("leaf") < a))
            yield after.join(before, on=applying.KEY, how="left", suffix="_before", maintain_order="left")

    def history(self, series: str, start: datetime) -> pl.DataFrame:
        """Return all versions of the observations of one series at one start, with `by`: the leaf that replaced it."""
        end = datetime.fromtimestamp(start.timestamp() + 1, UTC)
        keys = [(name, reading.month(start)) for name in reading.quantities_of([series])]
        parts = []
        for name in ("history", "superseded"):
            table = self.tables[name]
            near = [f for key in keys for f in table.files.get(key, ()) if f.first_series <= series <= f.last_series]
            rows = (
                reading.rows(
                    reading.Plan(tuple(table.root / f.path for f in near), (), (), 0),
                    [series],
                    start,
                    end,
                    list(SCHEMAS[name]),
                )
                if near
                else pl.DataFrame(schema=SCHEMAS[name])
            )
            parts.append(rows)
        known, replaced = parts
        joined = known.join(replaced.select(*reading.VERSION_KEY, "by"), on=reading.VERSION_KEY, how="left")
        return joined.sort("step", "leaf")

    def replaced(self, series: str, start: datetime, end: datetime, as_of: int) -> pl.DataFrame:
        """Return the versions of one series, starts in [start, end), that a leaf below `as_of` replaced, with `by`.

        Columns of :data:`SUPERSEDED`, and of the old and the new version `micro`, `unit` and `flags`, the new ones with
        the suffix `_after`.
        """
        quantities = reading.quantities_of([series])
        marks = self._rows_of("superseded", series, quantities, start, end).filter(pl.col("by") < as_of)
        if marks.is_empty():
            return marks
        first, last = marks["start"].min(), marks["start"].max()
        assert isinstance(first, datetime)  # there is a row
        assert isinstance(last, datetime)
        known = self._rows_of("history", series, quantities, first, last + timedelta(seconds=1)).select(
            *reading.VERSION_KEY, "micro", "unit", "flags"
        )
        place = [name for name in reading.VERSION_KEY if name != "leaf"]
        before = marks.join(known, on=reading.VERSION_KEY)
        return before.join(known.rename({"leaf": "by"}), on=[*place, "by"], suffix="_after")

    def _rows_of(
        self, name: str, series: str, quantities: Iterable[str], start: datetime, end: datetime
    ) -> pl.DataFrame:
        paths = [path for quantity in quantities for path in self.files(name, quantity, start, end)]
        if not paths:
            return pl.DataFrame(schema=SCHEMAS[name])
        return reading.rows(reading.Plan(tuple(paths), (), (), 0), [series], start, end, list(SCHEMAS[name]))

    def content_hash(self, name: str) -> str:
        """Return one digest for the rows of a table, whatever files they lie in."""
        return content_hash(self.tables[name], name)

    def compact(self, keep_hours: int = KEEP_HOURS, most: int = 1) -> int:
        """Return how many files were merged away: partitions of many small files become one sorted file each.

        Files that no version of the last hours needs are deleted, and those that a crash left. The content stays the
        same.

        Parameters
        ----------
        keep_hours
            How long a file stays after it was replaced.
        most
            Partitions with more files than this become one file.
        """
        merged = 0
        for name, table in self.tables.items():
            merged += _merge(name, table, most)
            table.vacuum(keep_hours, strays=True)
        return merged

    def tidy(self, before: Sequence[int]) -> int:
        """Return how many files were merged away after an addition, and delete old ones now and then.

        Parameters
        ----------
        before
            :attr:`stamp` before the addition: every :data:`TIDY_AFTER` versions of a table its old files are deleted.
        """
        merged = 0
        for (name, table), version in zip(self.tables.items(), before, strict=True):
            merged += _merge(name, table, TIDY_AFTER)
            if table.version // TIDY_AFTER != max(version, 0) // TIDY_AFTER:
                table.vacuum(KEEP_HOURS)
        return merged

    def sizes(self) -> Mapping[str, tuple[int, int, int]]:
        """Return (files, rows, bytes) of each table."""
        return {
            name: (len(files), sum(f.rows for f in files), sum(f.size for f in files))
            for name, files in ((name, table.select()) for name, table in self.tables.items())
        }

    @property
    def connection(self) -> Any:
        """Return the Ibis connection of the calling thread to DuckDB in this process, made at first use.

        All threads share one database with its threads and its memory; each has its own connection, because a
        connection answers one question at a time. Its temporary tables are its own, too.
        """
        found = getattr(self._of_thread, "connection", None)
        if found is None:
            import ibis

            with self._opening:
                if self._database is None:
                    self._database = ibis.duckdb.connect()
                found = ibis.duckdb.from_connection(self._database.con.cursor())
            found.raw_sql("SET TimeZone = 'UTC'")
            found.raw_sql("SET enable_progress_bar = false")  # it would be drawn amid a command's answer
            found.raw_sql("SET parquet_metadata_cache = true")
            self._of_thread.connection = found
        return found

    def close(self) -> None:
        """Let go of the connections of all threads."""
        with self._opening:
            self._of_thread = threading.local()
            if self._database is not None:
                self._database.disconnect()
                self._database = None


def open_table(root: Path, name: str) -> Table:
    """Return one of the tables under a folder; nothing is made. Raises `projection-unreadable`."""
    return Table(root / name, _delta_schema(name), PARTITIONS[name])


def _merge(name: str, table: Table, most: int) -> int:
    """Return how many files went: partitions with more than `most` become one sorted file each, in one commit."""
    add: list[DataFile] = []
    remove: list[DataFile] = []
    for key, files in table.files.items():
        if len(files) > most:
            rows = parquet.load(table.root, files, SCHEMAS[name]).sort(*ORDER[name])
            add.append(parquet.write(table.root, PARTITIONS[name], key, rows, f"{table.watermark:012d}"))
            remove += files
    if add:
        table.commit(add, remove, table.watermark, data_change=False)
    return len(remove) - len(add)


def _delta_schema(name: str) -> Any:
    from deltalake import Schema

    frame = pl.DataFrame(schema=SCHEMAS[name])
    return Schema.from_arrow(frame.to_arrow(compat_level=pl.CompatLevel.oldest()).schema)
