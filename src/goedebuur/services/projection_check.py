"""Are the projections what a rebuild from the evidence gives? Each table is set against one made anew elsewhere.

Nothing is changed. What differs is named by table and series, with the first row in which it does. Whether the evidence
is what it was is a question of its own: `services/verification.py` answers it first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import projection
from goedebuur.services.verification import Problem
from goedebuur.store import catalogue, locks
from goedebuur.store.catalogue import Catalogue
from goedebuur.store.evidence import Evidence
from goedebuur.store.ledger import Ledger
from goedebuur.store.observations import Observations
from goedebuur.store.observations import files as parquet
from goedebuur.store.observations.files import DataFile
from goedebuur.store.observations.observations import open_table
from goedebuur.store.observations.schema import NAMES, ORDER, SCHEMAS
from goedebuur.store.observations.table import State, Table

Progress = Callable[[str, int, int], None]
PART: Final = "projection"
CATALOGUE: Final = "catalogue.sqlite3"
MOST_SERIES: Final = 20
"""Series of one table, or rows of the catalogue, that are named one by one."""
_NUMBER: Final = "__at"


def verify(root: Path, progress: Progress | None = None, *, scratch: Path | None = None) -> list[Problem]:
    """Return where the projections of a record are not what a rebuild gives; empty where they are.

    Parameters
    ----------
    root
        Folder of the record.
    progress
        Called with what is done, the leaves so far and in all.
    scratch
        Where the rebuild goes until this returns; the folder for temporary files without it.

    Raises
    ------
    GoedeBuurError
        `ledger-missing`, and `evidence-…`, `ledger-…`, `leaf-…` where the evidence itself cannot be read.
    """
    ledger = Ledger.open(root)
    found: list[Problem] = []
    with TemporaryDirectory(dir=scratch, prefix="rebuild-") as place:
        kept = _Kept(root / "projections", Path(place))
        with _still(root):
            ledger.refresh()
            kept.take(found)
        found += kept.sizes(ledger.size)
        found += _observations(ledger, Evidence(root), kept, Path(place) / "observations", progress)
        found += _catalogue(ledger, Evidence(root), kept, Path(place) / "fresh.sqlite3")
    return found


def _still(root: Path) -> Any:
    """Return what keeps others from adding to the record while it is held, where this reader may do that."""
    path = root / "ledger" / "lock"
    try:
        path.open("r+b").close()
    except OSError:
        return nullcontext()
    return locks.exclusive(path)


class _Kept:
    """The projections as they are at one moment: files that are replaced later stay long enough to be read."""

    def __init__(self, place: Path, scratch: Path) -> None:
        self._place = place
        self.tables: dict[str, tuple[Table, State]] = {}
        self.rows: dict[str, list[tuple[Any, ...]]] | None = None
        self.size: int | None = None
        self._scratch = scratch

    def take(self, found: list[Problem]) -> None:
        """Read which files there are, and copy the catalogue; what cannot be opened is a finding."""
        for name in NAMES:
            try:
                table = open_table(self._place / "observations", name)
                self.tables[name] = table, table.state
            except GoedeBuurError as error:
                found.append(Problem(PART, name, f"{error.message} {error.value}"))
        try:
            self.rows = catalogue.content(self._place / CATALOGUE, self._scratch / "kept.sqlite3")
            self.size = int(self.rows["mark"][0][0])
        except (sqlite3.DatabaseError, OSError, LookupError, ValueError) as error:
            self.rows = None
            found.append(Problem(PART, CATALOGUE, f"it cannot be read: {error}"))

    def sizes(self, size: int) -> Iterator[Problem]:
        """Yield what does not hold all of the log."""
        held = {name: state.watermark for name, (_, state) in self.tables.items()}
        if self.size is not None:
            held[CATALOGUE] = self.size
        for name, there in held.items():
            if there != size:
                yield Problem(PART, name, f"it holds {there} of {size} leaves: the next command that writes mends that")


def _observations(
    ledger: Ledger, evidence: Evidence, kept: _Kept, place: Path, progress: Progress | None
) -> Iterator[Problem]:
    """Compare the tables that hold as much as most do; those that lag behind were named already."""
    if not kept.tables:
        return
    size = min(max(state.watermark for _, state in kept.tables.values()), ledger.size)
    fresh = Observations(place)
    projection.build(ledger, evidence, fresh, size, progress)
    for name, (table, state) in kept.tables.items():
        if state.watermark == size:
            yield from _table(name, table.root, state, fresh.tables[name])


def _table(name: str, root: Path, state: State, fresh: Table) -> Iterator[Problem]:
    named = 0
    for key in sorted({*state.files, *fresh.files}):
        frames: list[pl.DataFrame] = []
        for file in state.files.get(key, ()):
            try:
                rows = parquet.load(root, [file], SCHEMAS[name])
            except Exception as error:
                yield Problem(PART, f"{name}/{file.path}", f"it cannot be read: {str(error).splitlines()[0][:200]}")
                continue
            frames.append(rows)
            yield from _described(name, file, rows)
        there = pl.concat([pl.DataFrame(schema=SCHEMAS[name]), *frames])
        rebuilt = parquet.load(fresh.root, fresh.files.get(key, ()), SCHEMAS[name])
        for series, what in _series(there, rebuilt, ORDER[name]):
            named += 1
            if named <= MOST_SERIES:
                yield Problem(PART, name, f"series {series}, {'/'.join(key)}: {what}")
    if named > MOST_SERIES:
        yield Problem(PART, name, f"{named - MOST_SERIES} more series and months differ")


def _described(name: str, file: DataFile, rows: pl.DataFrame) -> Iterator[Problem]:
    """Check what the table's own log says of a file: by that it is read or passed over."""
    if not rows.height:
        yield Problem(PART, f"{name}/{file.path}", "it holds no rows")
        return
    held = parquet.describe(file.path, file.partition, file.size, rows)
    if held != file:
        fields = (one for one in held.__dataclass_fields__ if getattr(held, one) != getattr(file, one))
        yield Problem(PART, f"{name}/{file.path}", f"the log of the table says another {', '.join(fields)} of it")


def _series(there: pl.DataFrame, rebuilt: pl.DataFrame, order: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each series of which the rows differ, with the first that does."""
    if there.sort(order, maintain_order=True).equals(rebuilt.sort(order, maintain_order=True)):
        return
    names = sorted({*there["series"].drop_nulls(), *rebuilt["series"]})
    for series in names:
        one, other = (frame.filter(pl.col("series") == series) for frame in (there, rebuilt))
        columns = [*order, *(name for name in one.columns if name not in order)]
        one, other = one.sort(columns), other.sort(columns)
        if not one.equals(other):
            yield series, _first(one, other, order)
    nameless = there.filter(pl.col("series").is_null()).height
    if nameless:
        yield "without a name", f"{nameless} rows"


def _first(one: pl.DataFrame, other: pl.DataFrame, order: tuple[str, ...]) -> str:
    """Return in words where two tables of one series begin to differ."""
    height = min(one.height, other.height)
    apart = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_")) for name in one.columns)
    beside = other.head(height).rename({name: f"{name}_" for name in other.columns})
    both = pl.concat([one.head(height), beside], how="horizontal").with_row_index(_NUMBER)
    at: int = next(iter(both.filter(apart)[_NUMBER]), height)
    here, wanted = (frame.row(at, named=True) if at < frame.height else None for frame in (one, other))
    keys = [tuple((row[name] is not None, row[name]) for name in order) if row else None for row in (here, wanted)]
    if here is None or (keys[1] is not None and keys[0] is not None and keys[1] < keys[0]):
        return f"the row at {_key(wanted, order)} is not there"
    if wanted is None or keys[0] != keys[1]:
        return f"the row at {_key(here, order)} is not in the evidence"
    told = (f"{name} is {here[name]}, a rebuild gives {wanted[name]}" for name in here if here[name] != wanted[name])
    return f"the row at {_key(here, order)}: {'; '.join(told)}"


def _key(row: dict[str, Any] | None, order: tuple[str, ...]) -> str:
    assert row is not None
    return ", ".join(f"{name} {row[name]}" for name in order if name != "series")


def _catalogue(ledger: Ledger, evidence: Evidence, kept: _Kept, path: Path) -> Iterator[Problem]:
    if kept.rows is None or kept.size is None:
        return
    fresh = Catalogue(path)
    size = min(kept.size, ledger.size)
    found = enumerate(ledger.leaves(0, size))
    fresh.apply((projection.entry(evidence, i, leaf) for i, leaf in found), size)
    fresh.close()
    rebuilt = catalogue.content(path, path.with_name("again.sqlite3"))
    for name in sorted({*kept.rows, *rebuilt}):
        one, other = kept.rows.get(name, []), rebuilt.get(name, [])
        if one == other:
            continue
        strange = [f"{_told(row)} is not in the evidence" for row in one if row not in set(other)]
        lacking = [f"{_told(row)} is not there" for row in other if row not in set(one)]
        said = [*strange, *lacking] or ["a row is there twice"]
        for what in said[:MOST_SERIES]:
            yield Problem(PART, f"{CATALOGUE}, {name}", what)
        if len(said) > MOST_SERIES:
            yield Problem(PART, f"{CATALOGUE}, {name}", f"{len(said) - MOST_SERIES} more rows differ")


def _told(row: tuple[Any, ...]) -> str:
    return "row " + ", ".join(str(one)[:80] for one in row)
