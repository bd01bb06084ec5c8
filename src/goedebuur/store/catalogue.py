"""What gives numbers their meaning, and who delivered what: a small SQLite projection of the log.

Stations, sampling points, series, submitters and releases as they were recorded, each with its leaf; the leaves
themselves, so that they can be searched; the identities of all deliveries; per series the periods that were delivered,
and when each stretch of rows first came in (`store/arrivals.py`). All of it follows from the evidence: the file can be
thrown away and is made again.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base.periods import Period, iso
from goedebuur.core.expectations.rows import Arrived, Gone, Rows
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.measurements.records import TOLD_IN_PARTS, CatalogueRecord
from goedebuur.store import arrivals
from goedebuur.store.arrivals import Stretch

SCHEMA_VERSION: Final = 5
_SCHEMA: Final = (
    arrivals.SCHEMA
    + """
CREATE TABLE mark (size INTEGER NOT NULL);
INSERT INTO mark VALUES (0);
CREATE TABLE record (
    kind TEXT NOT NULL, id TEXT NOT NULL, valid_from TEXT NOT NULL, leaf INTEGER NOT NULL, submitter TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (kind, id, valid_from, leaf)
) WITHOUT ROWID;
CREATE TABLE leaf (
    leaf INTEGER PRIMARY KEY, kind TEXT NOT NULL, submitter TEXT NOT NULL, received TEXT NOT NULL,
    rows INTEGER NOT NULL
);
CREATE INDEX leaf_kind ON leaf (kind, leaf);
CREATE TABLE submission (id TEXT PRIMARY KEY, leaf INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE delivered (
    series TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, PRIMARY KEY (series, start)
) WITHOUT ROWID;
CREATE TABLE validated (
    series TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, PRIMARY KEY (series, start)
) WITHOUT ROWID;
CREATE TABLE signed (
    submitter TEXT NOT NULL, nonce TEXT NOT NULL, digest TEXT NOT NULL, leaf INTEGER NOT NULL,
    PRIMARY KEY (digest, leaf)
) WITHOUT ROWID;
CREATE INDEX signed_nonce ON signed (submitter, nonce);
CREATE TABLE correcting (
    kind TEXT NOT NULL, quantity TEXT NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY (kind, quantity)
) WITHOUT ROWID;
"""
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf with what its batch says, ready to be entered.

    Parameters
    ----------
    records
        Of a catalogue leaf: its batch; and what the leaf itself says of a closed one.
    submissions
        Identities of the deliveries that this leaf completes.
    validated
        Series and periods for which a validated delivery in this leaf is complete.
    signed
        Submitter, nonce and digest of each signed statement that the leaf holds.
    stretches
        The rows of its batch, by series and start.
    """

    index: int
    leaf: Leaf | ClosedLeaf
    records: Sequence[Mapping[str, Any]] = ()
    submissions: Sequence[str] = ()
    validated: Sequence[tuple[str, Period]] = ()
    signed: Sequence[tuple[str, str, str]] = ()
    stretches: Sequence[Stretch] = ()


class Catalogue:
    """The catalogue in one file, opened once a process; any thread may ask.

    Parameters
    ----------
    path
        File of the database; made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mutex = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=20, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            db.execute("BEGIN IMMEDIATE")
            if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                _empty(db)
            db.execute("COMMIT")
        return db

    @property
    def size(self) -> int:
        """Return the tree size that the catalogue holds."""
        return int(self._one("SELECT size FROM mark")[0])

    def apply(self, entries: Iterable[Entry], size: int) -> None:
        """Enter leaves and move the watermark to `size`, in one transaction; those already in change nothing."""
        with self._mutex, self._transaction():
            held = self.size
            for entry in entries:
                if held <= entry.index < size:
                    self._enter(entry)
            self._db.execute("UPDATE mark SET size = max(size, ?)", (size,))

    def replace(self, entries: Iterable[Entry], size: int) -> None:
        """Hold these leaves and nothing else, in one transaction: other processes see all of the old or of the new."""
        with self._mutex, self._transaction():
            _empty(self._db)
            for entry in entries:
                self._enter(entry)
            self._db.execute("UPDATE mark SET size = ?", (size,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def submission(self, identity: str) -> int | None:
        """Return the last leaf that completed the delivery with this identity, None where there is none."""
        found = self._one("SELECT leaf FROM submission WHERE id = ?", identity)
        return int(found[0]) if found else None

    def signed(self, digest: str) -> list[int]:
        """Return the leaves that hold the signed statement with this digest, ascending."""
        return [int(row[0]) for row in self._all("SELECT leaf FROM signed WHERE digest = ? ORDER BY leaf", digest)]

    def with_nonce(self, submitter: str, nonce: str) -> str | None:
        """Return the digest of the statement in which a submitter used a nonce, None where it never did."""
        found = self._one("SELECT digest FROM signed WHERE submitter = ? AND nonce = ?", submitter, nonce)
        return str(found[0]) if found else None

    def leaves(self, limit: int, before: int | None = None, kind: str | None = None) -> list[int]:
        """Return positions of leaves below `before`, newest first, of one kind or all."""
        bound = 2**62 if before is None else before
        if kind is None:
            rows = self._all("SELECT leaf FROM leaf WHERE leaf < ? ORDER BY leaf DESC LIMIT ?", bound, limit)
        else:
            sql = "SELECT leaf FROM leaf WHERE leaf < ? AND kind = ? ORDER BY leaf DESC LIMIT ?"
            rows = self._all(sql, bound, kind, limit)
        return [int(row[0]) for row in rows]

    def size_at(self, moment: str) -> int | None:
        """Return the first leaf that was received after a moment (ISO UTC, to the second); None where none was."""
        rows = self._all("SELECT min(leaf) FROM leaf WHERE substr(received, 1, 19) > ?", moment[:19])
        return None if rows[0][0] is None else int(rows[0][0])

    def corrected(self, after: int, kind: str, quantities: Iterable[str] | None) -> bool:
        """Return whether a leaf after this one replaced, withdrew or added something in a period delivered before.

        Parameters
        ----------
        kind
            "catalogue" for releases, "rows" for observations.
        quantities
            Only of these; None for all.
        """
        sql = "SELECT 1 FROM correcting WHERE leaf > ? AND kind = ?"
        arguments: list[Any] = [after, kind]
        if quantities is not None:
            sql += " AND quantity IN (SELECT value FROM json_each(?))"
            arguments.append(json.dumps(sorted(quantities)))
        return self._one(sql + " LIMIT 1", *arguments) is not None

    def delivered(self, series: str) -> list[Period]:
        """Return the periods over which a series was delivered, apart from each other, ascending."""
        return self._periods("delivered", series)

    def validated(self, series: str) -> list[Period]:
        """Return the periods over which validated deliveries of a series were complete, as :meth:`delivered`."""
        return self._periods("validated", series)

    def arrived(self, series: Sequence[str] | None = None, as_of: int | None = None) -> dict[str, list[Arrived]]:
        """Return series → when its rows first came in, as of a tree size; of all series for None."""
        return arrivals.arrived(self._all, series, as_of)

    def rows(self, submitter: str, as_of: int | None = None) -> dict[str, Rows]:
        """Return series → its rows at a tree size, those of one submitter as the expected ones; of all series."""
        return arrivals.rows(self._all, submitter, as_of)

    def gone(self, series: Sequence[str] | None = None, as_of: int | None = None) -> dict[str, list[Gone]]:
        """Return series → which rows were taken back and are not there again, as :meth:`arrived`."""
        return arrivals.gone(self._all, series, as_of)

    def known_series(self, as_of: int | None = None) -> list[str]:
        """Return every series of which rows came in, or that was described, sorted."""
        bound = 2**62 if as_of is None else as_of
        sql = "SELECT series FROM arrived WHERE leaf < ? UNION SELECT id FROM record WHERE kind = 'series' AND leaf < ?"
        return [str(row[0]) for row in self._all(sql + " ORDER BY 1", bound, bound)]

    def received(self, leaves: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Return leaf → submitter and moment of receipt, of those that there are."""
        sql = "SELECT leaf, submitter, received FROM leaf WHERE leaf IN (SELECT value FROM json_each(?))"
        return {leaf: (who, at) for leaf, who, at in self._all(sql, json.dumps(sorted(leaves)))}

    def state(
        self, kind: str, as_of: int | None = None, at: str | None = None, ids: Sequence[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Return id → fields of one kind of record, by id.

        Of a kind in `TOLD_IN_PARTS` a later record adds to what an earlier one said: a field that it leaves empty keeps
        its value. Of any other kind it takes the earlier one's place.

        Parameters
        ----------
        as_of
            Tree size whose answer is wanted.
        at
            Moment (ISO UTC) at which the fields held; None for the latest.
        ids
            Only these.
        """
        sql = "SELECT id, body FROM record WHERE kind = ? AND leaf < ? AND valid_from <= ?"
        arguments: list[Any] = [kind, 2**62 if as_of is None else as_of, "9999" if at is None else at]
        if ids is not None:
            sql += " AND id IN (SELECT value FROM json_each(?))"
            arguments.append(json.dumps(list(ids)))
        found: dict[str, dict[str, Any]] = {}
        for identity, body in self._all(sql + " ORDER BY id, valid_from, leaf", *arguments):
            _lay_over(found, kind, identity, json.loads(body))
        return found

    def submitters(self, kind: str, as_of: int | None = None) -> dict[str, set[str]]:
        """Return id → who recorded it, for one kind of record."""
        found: dict[str, set[str]] = {}
        bound = 2**62 if as_of is None else as_of
        sql = "SELECT DISTINCT id, submitter FROM record WHERE kind = ? AND leaf < ?"
        for identity, submitter in self._all(sql, kind, bound):
            found.setdefault(identity, set()).add(submitter)
        return found

    def records(self, kind: str, as_of: int | None = None) -> list[tuple[int, str, str, dict[str, Any]]]:
        """Return every record of one kind as (leaf, id, valid_from, fields), by id, validity and leaf."""
        bound = 2**62 if as_of is None else as_of
        sql = "SELECT leaf, id, valid_from, body FROM record WHERE kind = ? AND leaf < ? ORDER BY id, valid_from, leaf"
        return [(leaf, name, valid, json.loads(body)) for leaf, name, valid, body in self._all(sql, kind, bound)]

    def entered(self, start: int, stop: int) -> list[tuple[str, str, dict[str, Any]]]:
        """Return every record of the leaves from `start` up to `stop` as (kind, id, fields), by leaf."""
        sql = "SELECT kind, id, body FROM record WHERE leaf >= ? AND leaf < ? ORDER BY leaf, kind, id, valid_from"
        return [(kind, name, json.loads(body)) for kind, name, body in self._all(sql, start, stop)]

    def newest(self, kind: str, ids: Sequence[str], as_of: int | None = None) -> dict[str, tuple[int, str]]:
        """Return id → the last leaf with a record of it, and the last moment from which one is valid."""
        sql = (
            "SELECT id, max(leaf), max(valid_from) FROM record "
            "WHERE kind = ? AND leaf < ? AND id IN (SELECT value FROM json_each(?)) GROUP BY id"
        )
        rows = self._all(sql, kind, 2**62 if as_of is None else as_of, json.dumps(list(ids)))
        return {name: (int(leaf), valid_from) for name, leaf, valid_from in rows}

    def ids(self, kind: str, field: str, value: str, as_of: int | None = None) -> list[str]:
        """Return the identifiers of records of a kind that ever had this text in a field, sorted."""
        sql = (
            "SELECT DISTINCT id FROM record "
            "WHERE kind = ? AND leaf < ? AND json_extract(body, '$.' || ?) = ? ORDER BY id"
        )
        return [name for (name,) in self._all(sql, kind, 2**62 if as_of is None else as_of, field, value)]

    def history(self, kind: str, ids: Sequence[str], as_of: int | None = None) -> dict[str, list[int]]:
        """Return id → all leaves with a record of it, ascending."""
        sql = (
            "SELECT DISTINCT id, leaf FROM record "
            "WHERE kind = ? AND leaf < ? AND id IN (SELECT value FROM json_each(?)) ORDER BY leaf"
        )
        found: dict[str, list[int]] = {}
        for name, leaf in self._all(sql, kind, 2**62 if as_of is None else as_of, json.dumps(list(ids))):
            found.setdefault(name, []).append(int(leaf))
        return found

    def last_of(self, kinds: Sequence[str], as_of: int) -> int:
        """Return the last leaf with a record of these kinds below a tree size; -1 where there is none."""
        sql = "SELECT max(leaf) FROM record WHERE kind IN (SELECT value FROM json_each(?)) AND leaf < ?"
        found = self._one(sql, json.dumps(list(kinds)), as_of)[0]
        return -1 if found is None else int(found)

    def leaves_of(self, kind: str, ids: Sequence[str], as_of: int | None = None) -> list[int]:
        """Return the leaves with a record of any of these, ascending."""
        sql = (
            "SELECT DISTINCT leaf FROM record WHERE kind = ? AND leaf < ? "
            "AND id IN (SELECT value FROM json_each(?)) ORDER BY leaf"
        )
        rows = self._all(sql, kind, 2**62 if as_of is None else as_of, json.dumps(list(ids)))
        return [int(row[0]) for row in rows]

    def news(self, records: Sequence[CatalogueRecord], before: Sequence[CatalogueRecord] = ()) -> list[CatalogueRecord]:
        """Return those records that say something that does not hold yet at the moment from which they are valid.

        Parameters
        ----------
        before
            Records that are to be entered first, in order. Their moment is none before one that is held of the same.
        """
        given = list(dict.fromkeys((r.kind, r.id, r.valid_from) for r in records))
        by_key = {(r.kind, r.id, r.valid_from): r for r in records}
        known: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        for kind, valid_from in sorted({(kind, valid_from) for kind, _, valid_from in given}):
            ids = [name for k, name, v in given if (k, v) == (kind, valid_from)]
            held = known[kind, valid_from] = self.state(kind, at=valid_from, ids=ids)
            for one in before:
                if one.kind == kind and one.valid_from <= valid_from:
                    _lay_over(held, one.kind, one.id, json.loads(_text(one.body)))
        fresh = []
        for key in given:
            record = by_key[key]
            told = known[record.kind, record.valid_from].get(record.id)
            if told is None or _differs(record, told):
                fresh.append(record)
        return fresh

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _enter(self, entry: Entry) -> None:
        leaf = entry.leaf
        if isinstance(leaf, ClosedLeaf):
            self._db.execute("INSERT INTO leaf VALUES (?, 'closed', '', ?, 0)", (entry.index, leaf.closed_on))
            self._tell(entry, "")
            return
        rows = int(leaf.batch["rows"]) if leaf.batch is not None else 0
        self._db.execute(
            "INSERT INTO leaf VALUES (?, ?, ?, ?, ?)", (entry.index, leaf.kind, leaf.submitter, leaf.received, rows)
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO submission VALUES (?, ?)", [(name, entry.index) for name in entry.submissions]
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO signed VALUES (?, ?, ?, ?)", [(*one, entry.index) for one in entry.signed]
        )
        self._tell(entry, leaf.submitter)
        again = bool(leaf.supersedes)
        if leaf.period is not None:
            period = Period(_moment(leaf.period[0]), _moment(leaf.period[1]))
            for series in leaf.series:
                known = [] if again else [*self.delivered(series), *self.validated(series)]
                again = again or any(period.overlaps(other) for other in known)
                self._deliver("delivered", series, period)
        for series, period in entry.validated:
            self._deliver("validated", series, period)
        arrivals.enter(self._db, entry.index, leaf.submitter, entry.stretches)
        if again:
            kind = "catalogue" if leaf.kind == "catalogue" else "rows"
            self._db.executemany(
                "INSERT OR REPLACE INTO correcting VALUES (?, ?, ?)",
                [(kind, quantity, entry.index) for quantity in leaf.quantities() or {""}],
            )

    def _tell(self, entry: Entry, submitter: str) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
            [(r["kind"], r["id"], r["valid_from"], entry.index, submitter, _text(r["body"])) for r in entry.records],
        )

    def _periods(self, table: str, series: str) -> list[Period]:
        # the names of tables come from our own schema
        rows = self._all(f'SELECT start, "end" FROM {table} WHERE series = ? ORDER BY start', series)  # noqa: S608
        return [Period(_moment(start), _moment(end)) for start, end in rows]

    def _deliver(self, table: str, series: str, period: Period) -> None:
        """Merge a period into those of the series: what touches or overlaps becomes one."""
        start, end = iso(period.start), iso(period.end)
        touching = self._all(
            f'SELECT start, "end" FROM {table} WHERE series = ? AND start <= ? AND "end" >= ?',  # noqa: S608
            series,
            end,
            start,
        )
        for other_start, other_end in touching:
            start, end = min(start, other_start), max(end, other_end)
            self._db.execute(f"DELETE FROM {table} WHERE series = ? AND start = ?", (series, other_start))  # noqa: S608
        self._db.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", (series, start, end))  # noqa: S608

    def _one(self, sql: str, *arguments: Any) -> Any:
        with self._mutex:
            return self._db.execute(sql, arguments).fetchone()

    def _all(self, sql: str, *arguments: Any) -> list[Any]:
        with self._mutex:
            return self._db.execute(sql, arguments).fetchall()


def _lay_over(found: dict[str, dict[str, Any]], kind: str, identity: str, said: dict[str, Any]) -> None:
    """Enter what a later record says into what holds: the whole of it, or of one told in parts what it says."""
    known = found.setdefault(identity, {}) if kind in TOLD_IN_PARTS else {}
    found[identity] = known
    known.update({name: value for name, value in said.items() if _says(value) or name not in known})


def _differs(record: CatalogueRecord, held: Mapping[str, Any]) -> bool:
    """Return whether a record says other than what is held: anything of one told in parts, everything of a whole."""
    said = json.loads(_text(record.body))
    if record.kind not in TOLD_IN_PARTS:
        return bool(said != held)
    return any(_says(value) and held.get(name) != value for name, value in said.items())


def content(path: Path, copy: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of a catalogue, sorted, and what makes its tables; the file is not changed.

    Parameters
    ----------
    copy
        File that is made on the way, so that what is read is of one moment.

    Raises
    ------
    sqlite3.DatabaseError
        Where the file is not there or is damaged.
    """
    with closing(sqlite3.connect(copy)) as db:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as source:
            source.backup(db)
        # SQLite 3.40 says this of any table WITHOUT ROWID of which the key is not first; the rows are read anyway
        said = [one for (one,) in db.execute("PRAGMA integrity_check") if not one.startswith("NULL value in ")]
        if said not in ([], ["ok"]):
            raise sqlite3.DatabaseError(said[0])
        made = db.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        found = {"its form": [*made, ("version", "", db.execute("PRAGMA user_version").fetchone()[0])]}
        for kind, name, _ in made:
            if kind == "table":
                quoted = name.replace('"', '""')
                found[name] = db.execute(f'SELECT * FROM "{quoted}"').fetchall()  # noqa: S608 - quoted
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def _says(value: Any) -> bool:
    return value is not None and value != ""


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _empty(db: sqlite3.Connection) -> None:
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        db.execute(f'DROP TABLE "{name}"')  # names come from our own schema
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
