"""Dispersion studies on disk: what was asked, how far it is, and what came of it; a folder each.

    dispersion/<id>/study.json       what was asked, never changed
    dispersion/<id>/progress.json    how far it is
    dispersion/<id>/cancel           there where somebody asked to stop
    dispersion/<id>/matrix/          what each source adds at each place for each gram per second
    dispersion/<id>/...json          what came of it
    dispersion/work.lock             held by whoever works on them
    dispersion/population-2024-01-01.csv     where people live, counted on that day; the operator puts it there

Nothing here is evidence: with the record and `study.json` all of it can be made again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

NAME: Final = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
"""What a study may be called, in addresses and on disk."""
ASKED: Final = "study.json"
PROGRESS: Final = "progress.json"
CANCEL: Final = "cancel"


class Studies:
    """The studies under a home. Any number of processes may read and add; one at a time works on them."""

    def __init__(self, home: Path, fs: FileSystem = REAL) -> None:
        self._home = home
        self._fs = fs
        self._root = home / "dispersion"

    def ids(self) -> list[str]:
        """Return what studies there are, by name."""
        if not self._root.is_dir():
            return []
        return sorted(one.parent.name for one in self._root.glob(f"*/{ASKED}") if re.fullmatch(NAME, one.parent.name))

    def holds(self, name: str) -> bool:
        """Return whether there is a study of that name."""
        return re.fullmatch(NAME, name) is not None and (self.folder(name) / ASKED).is_file()

    def folder(self, name: str) -> Path:
        """Return the folder of a study."""
        return self._root / name

    def people(self) -> tuple[Path, date] | None:
        """Return the newest table of where people live, and the day on which they were counted; None without one."""
        tables = self._root.glob("population-*.csv*")
        found = [(path, day) for path in tables if (day := _day_of(path.name)) is not None]
        return max(found, key=lambda one: one[1], default=None)

    def put_people(self, counted: date, data: bytes) -> None:
        """Put a table of where people live on the disk, counted on that day."""
        files.make_dirs(self._fs, self._home, self._root)
        files.publish(self._fs, self._root, self._root / f"population-{counted.isoformat()}.csv", data)

    def make(self, names: Iterator[str]) -> str:
        """Return the first of some names that no study has, with an empty folder of its own."""
        files.make_dirs(self._fs, self._home, self._root)
        for name in names:
            try:
                self.folder(name).mkdir(mode=self._root.stat().st_mode & 0o777)
            except FileExistsError:
                continue
            self._fs.fsync_dir(self._root)
            return name
        raise ValueError("no name is left")

    def put(self, name: str, file: str, data: bytes) -> None:
        """Put a file of a study on the disk, whole or not at all."""
        files.publish(self._fs, self.folder(name), self.folder(name) / file, data)

    def get(self, name: str, file: str) -> bytes | None:
        """Return a file of a study; None where there is none."""
        try:
            return (self.folder(name) / file).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, name: str, file: str) -> None:
        """Remove a file of a study, where there is one."""
        (self.folder(name) / file).unlink(missing_ok=True)

    def files(self, name: str, kind: str) -> list[str]:
        """Return the files of a study whose name begins so, in order."""
        return sorted(one.name for one in self.folder(name).glob(f"{kind}*.json"))

    def ask_to_stop(self, name: str) -> None:
        """Ask whoever works on a study to stop."""
        (self.folder(name) / CANCEL).touch()

    def stopping(self, name: str) -> bool:
        """Return whether somebody asked to stop."""
        return (self.folder(name) / CANCEL).exists()

    def stamp(self, *names: str) -> str:
        """Return what changes whenever a file of one of these studies does."""
        seen = []
        for path in (path for name in names for path in sorted(self.folder(name).glob("*.json"))):
            try:
                seen.append(f"{path.name} {path.stat().st_mtime_ns}")
            except FileNotFoundError:  # removed since it was listed
                continue
        return "\n".join(seen)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Be the only one who works on studies; `lock-busy` where another does."""
        files.make_dirs(self._fs, self._home, self._root)
        with locks.exclusive(self._root / "work.lock", wait=False):
            yield


def _day_of(name: str) -> date | None:
    told = re.fullmatch(r"population-([0-9]{4}-[0-9]{2}-[0-9]{2})\.csv(?:\.gz)?", name)
    try:
        return date.fromisoformat(told[1]) if told else None
    except ValueError:
        return None
