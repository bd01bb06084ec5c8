"""One Delta table: its files, its watermark, and atomic changes of both together."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import microseconds
from goedebuur.store.observations.files import DataFile

WATERMARK: Final = "goedebuur-tree-size"
"""Application id of the Delta transaction that says up to which tree size a table holds the record."""

UNREADABLE: Final = declare("projection-unreadable", "A derived table cannot be opened; it can be rebuilt.")


@dataclass(frozen=True, slots=True)
class State:
    """One version of a table. Never changed, only replaced whole: threads that read never see half of two versions."""

    files: Mapping[tuple[str, ...], tuple[DataFile, ...]] = field(default_factory=dict)
    watermark: int = 0
    version: int = -1
    identity: tuple[int, int] = (0, 0)
    """Of the file in the log that this version comes from; another one there means another table in its place."""


class Table:
    """A Delta table, opened once, with the list of its files in memory.

    Who owns what: files are written by `files.py` and are nothing until :meth:`commit` names them. One process commits
    at a time (it holds the ledger's lock); any number read. In a process one thread refreshes at a time; any may read.
    """

    def __init__(self, root: Path, schema: Any, partition_by: Sequence[str]) -> None:
        self.root = root
        self.partition_by = tuple(partition_by)
        self._schema = schema
        self._delta: Any = None
        self._state = State()
        self.refresh()

    @property
    def state(self) -> State:
        """Return the version that is held now, which stays as it is."""
        return self._state

    @property
    def files(self) -> Mapping[tuple[str, ...], tuple[DataFile, ...]]:
        """Return the files of each partition."""
        return self._state.files

    @property
    def watermark(self) -> int:
        """Return the tree size up to which the table holds the record."""
        return self._state.watermark

    @property
    def version(self) -> int:
        """Return the version of the table in its own log; -1 before there is any."""
        return self._state.version

    def refresh(self) -> bool:
        """Return whether the table had changed, after taking over what was committed since."""
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError

        try:
            replaced = self._identity(self.version) != self._state.identity  # another table in its place
            if self._delta is None or replaced:
                if not (self.root / "_delta_log").is_dir():
                    return False
                self._delta = self._of_this_version(DeltaTable(self.root))
            elif not self._log_file(self.version + 1).exists():
                return False
            else:
                self._delta.update_incremental()
            self._take_over()
        except (DeltaError, OSError, ValueError) as error:
            raise GoedeBuurError(
                UNREADABLE,
                "A derived table cannot be opened.",
                place=str(self.root.name),
                value=str(error).splitlines()[0] if str(error) else type(error).__name__,
                hint="Run `goedebuur record rebuild`: derived tables are made again from the evidence.",
            ) from error
        return True

    def commit(
        self, add: Sequence[DataFile], remove: Sequence[DataFile], watermark: int, *, data_change: bool = True
    ) -> None:
        """Add and remove files and move the watermark, in one transaction that is durable on return."""
        from deltalake import CommitProperties, Transaction
        from deltalake.transaction import AddAction, RemoveAction

        now = int(time.time() * 1000)
        self._create()
        actions: list[Any] = [
            AddAction(file.path, file.size, self._values(file), now, data_change, file.stats()) for file in add
        ]
        actions += [RemoveAction(file.path, data_change, now, file.size, self._values(file)) for file in remove]
        self._delta.create_write_transaction(
            actions,
            "append",
            self._delta.schema(),
            partition_by=list(self.partition_by),
            commit_properties=CommitProperties(app_transactions=[Transaction(WATERMARK, watermark)]),
        )
        self._delta.update_incremental()
        version = self._delta.version()
        _sync(self._log_file(version))
        _sync(self.root / "_delta_log")
        files = {key: list(found) for key, found in self.files.items()}
        gone = {file.path for file in remove}
        for key in {file.partition for file in remove}:
            files[key] = [file for file in files[key] if file.path not in gone]
        for file in add:
            files.setdefault(file.partition, []).append(file)
        named = {key: tuple(found) for key, found in files.items() if found}
        self._state = State(named, watermark, version, self._identity(version))

    def select(self, quantities: Iterable[str] | None = None, first: str = "", last: str = "~") -> list[DataFile]:
        """Return the files of partitions with these quantities and a month (or year) from first to last, in order."""
        wanted = None if quantities is None else frozenset(quantities)
        files = self.files
        keys = sorted(k for k in files if (wanted is None or k[0] in wanted) and first <= k[1] <= last)
        return [file for key in keys for file in files[key]]

    def vacuum(self, hours: int, *, strays: bool = False) -> int:
        """Return how many files were deleted that no version of the last hours needs.

        Parameters
        ----------
        strays
            Also look for files that no version names, left by a crash before its commit: it lists all folders.
        """
        if self._delta is None:
            return 0
        gone = self._delta.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=strays)
        self._delta.create_checkpoint()
        self._delta.update_incremental()
        self._take_over()
        return len(gone)

    def _create(self) -> None:
        from deltalake import DeltaTable

        if self._delta is None:
            self._delta = DeltaTable.create(self.root, self._schema, partition_by=list(self.partition_by))
            self._take_over()

    def _of_this_version(self, found: Any) -> Any:
        held, wanted = ([field.name for field in schema.fields] for schema in (found.schema(), self._schema))
        if held != wanted:
            raise ValueError(f"made by another version, with the columns {', '.join(held)}")
        return found

    def _take_over(self) -> None:
        found: dict[tuple[str, ...], list[DataFile]] = {}
        actions = self._delta.get_add_actions(flatten=True)
        columns = {name: actions.column(name).to_pylist() for name in actions.schema.names if _needed(name)}
        time, zero = ("first", [0] * actions.num_rows) if "min.first" in columns else ("start", [])
        moments = {side: [microseconds(at) for at in columns.get(f"{side}.{time}", [])] for side in ("min", "max")}
        partitions = zip(*(columns[f"partition.{name}"] for name in self.partition_by), strict=True)
        for i, partition in enumerate(partitions):
            file = DataFile(
                columns["path"][i],
                partition,
                columns["size_bytes"][i],
                columns["num_records"][i],
                columns["min.series"][i],
                columns["max.series"][i],
                moments["min"][i],
                moments["max"][i],
                columns.get("min.leaf", zero)[i],
                columns.get("max.leaf", zero)[i],
            )
            found.setdefault(partition, []).append(file)
        files = {key: tuple(sorted(items, key=lambda f: f.path)) for key, items in found.items()}
        version = self._delta.version()
        watermark = self._delta.transaction_version(WATERMARK) or 0
        self._state = State(files, watermark, version, self._identity(version))

    def _identity(self, version: int) -> tuple[int, int]:
        try:
            found = self._log_file(version).stat()
        except FileNotFoundError:
            return (0, 0)
        return found.st_ino, found.st_mtime_ns

    def _values(self, file: DataFile) -> dict[str, str | None]:
        return dict(zip(self.partition_by, file.partition, strict=True))

    def _log_file(self, version: int) -> Path:
        return self.root / "_delta_log" / f"{version:020d}.json"


def _needed(name: str) -> bool:
    return name in ("path", "size_bytes", "num_records") or name.startswith(("partition.", "min.", "max."))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
