"""What stands out at each site, worked out ahead and kept in one small SQLite file: a projection, never evidence.

Of each site there is the tree size at which something about it changed last, and the one of which what is kept here was
made: where the second is the smaller, it is to be made again. The file can be thrown away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE mark (size INTEGER NOT NULL);
INSERT INTO mark VALUES (0);
CREATE TABLE site (
    id TEXT PRIMARY KEY, touched INTEGER NOT NULL, made_of INTEGER, made_at TEXT NOT NULL DEFAULT '',
    brief BLOB NOT NULL DEFAULT x'', detail BLOB NOT NULL DEFAULT x''
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One site.

    Parameters
    ----------
    touched
        Tree size at which something about it changed last.
    made_of, made_at
        Tree size and moment (ISO UTC) of what is kept; None and empty where nothing was worked out yet.
    brief
        What a list shows of it.
    """

    id: str
    touched: int
    made_of: int | None
    made_at: str
    brief: bytes

    @property
    def old(self) -> bool:
        """Return whether something changed since it was worked out."""
        return self.made_of is None or self.made_of < self.touched


class AttentionTable:
    """The file; made when it is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> bytes:
        """Return what tells one content of the file from every other: SQLite counts its changes; empty without a file.

        References
        ----------
        SQLite database file format, 1.3.5 (file change counter)
        """
        try:
            with self.path.open("rb") as file:
                return file.read(100)[24:28]
        except FileNotFoundError:
            return b""

    def mark(self) -> int:
        """Return the tree size up to which it is known what changed; 0 without a file, or for one of another form."""
        with self._reading() as db:
            return 0 if db is None else int(db.execute("SELECT size FROM mark").fetchone()[0])

    def sites(self) -> list[Kept]:
        """Return all sites, by identifier."""
        sql = "SELECT id, touched, made_of, made_at, brief FROM site ORDER BY id"
        with self._reading() as db:
            return [] if db is None else [Kept(*row) for row in db.execute(sql)]

    def detail(self, site: str) -> bytes:
        """Return what is kept of one site in full; empty without."""
        with self._reading() as db:
            found = None if db is None else db.execute("SELECT detail FROM site WHERE id = ?", (site,)).fetchone()
        return b"" if found is None else bytes(found[0])

    def touch(self, sites: Iterable[str], changed: Iterable[str], size: int) -> None:
        """Hold these sites and no others, and note which of them changed up to a tree size; a new one did."""
        with self._writing() as db:
            known = {name for (name,) in db.execute("SELECT id FROM site")}
            there = set(sites)
            db.executemany("DELETE FROM site WHERE id = ?", [(one,) for one in known - there])
            db.executemany("INSERT INTO site (id, touched) VALUES (?, ?)", [(one, size) for one in there - known])
            db.executemany(
                "UPDATE site SET touched = ? WHERE id = ?", [(size, one) for one in set(changed) & known & there]
            )
            db.execute("UPDATE mark SET size = ?", (size,))

    def put(self, site: str, size: int, at: str, brief: bytes, detail: bytes) -> None:
        """Keep what was worked out of a site at a tree size."""
        with self._writing() as db:
            db.execute(
                "UPDATE site SET made_of = ?, made_at = ?, brief = ?, detail = ? WHERE id = ?",
                (size, at, brief, detail, site),
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """Give the file for reading; None where there is none, or one of another form."""
        if not self.path.is_file():
            yield None
            return
        with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as db:
            yield db if _version(db) == VERSION else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=20, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            if _version(db) != VERSION:
                for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    db.execute(f'DROP TABLE "{name}"')  # names come from our own schema
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {VERSION}")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
