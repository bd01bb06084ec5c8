"""The list of refused deliveries: a line each, added and never changed, without anything of what was delivered.

    refusals/2026-11-23.jsonl    one canonical JSON a line

Anyone on the internet can be refused, so a day has an end: after :data:`MOST_A_DAY` bytes one last line says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

MOST_A_DAY: Final = 4 * 2**20
FULL: Final = {"code": "no-more-today"}


class Refusals:
    """The refusals under a record's folder. Any number of processes may add."""

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self._root = root
        self._fs = fs
        self._folder = root / "refusals"

    def add(self, at: datetime, fields: Mapping[str, str]) -> None:
        """Keep one refusal; return when it is on the disk."""
        path = self._folder / f"{at:%Y-%m-%d}.jsonl"
        files.make_dirs(self._fs, self._root, self._folder)
        with locks.exclusive(self._folder / "lock"):
            if not path.exists():
                self._fs.create(path, b"")
                self._fs.fsync_dir(self._folder)
            data = path.read_bytes()
            if len(data) > MOST_A_DAY:
                return
            line = canonical.encode(dict(fields)) + b"\n"
            last = len(data) + len(line) > MOST_A_DAY
            torn = b"\n" if data and not data.endswith(b"\n") else b""
            self._fs.append(path, torn + line + (canonical.encode(FULL) + b"\n" if last else b""))
            self._fs.fsync(path)

    def counts(self, until: datetime | None = None) -> dict[str, int]:
        """Return how many deliveries were refused with each code, most first; up to a moment, or all."""
        lines = (one for one in self.lines() if one != FULL)
        if until is not None:
            lines = (one for one in lines if datetime.fromisoformat(one["at"]) <= until)
        return dict(Counter(str(one["code"]) for one in lines).most_common())

    def lines(self) -> list[dict[str, Any]]:
        """Return all refusals, oldest first; a line that a crash cut is left out."""
        found = []
        for path in sorted(self._folder.glob("*.jsonl")):
            for line in path.read_bytes().split(b"\n"):
                try:
                    found.append(canonical.decode(line))
                except ValueError:
                    continue
        return found
