"""The spool: how other processes hand deliveries to the one sequencer, and read its answer.

A request names a payload that is in the evidence already, so handing over is one small file. The sequencer takes the
requests in order of their numbers. It answers before it removes the request: one that died in between finds both, and
only removes; one that died before the answer delivers again, and the log recognises what is there.

    spool/requests/000000000007.json     spool/answers/000000000007.json
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.store import files, locks
from goedebuur.store.evidence import Evidence
from goedebuur.store.files import REAL, FileSystem

SPOOL_DAMAGED: Final = declare("spool-damaged", "A request or answer in the spool is not what was put there.")


@dataclass(frozen=True, slots=True)
class Request:
    """A delivery that waits for the sequencer.

    Parameters
    ----------
    ticket
        Number under which the answer will be found.
    payload
        SHA-256 of the bytes, which are in the evidence.
    fields
        What came with them, as canonical JSON can hold it: name, submitter, adapter, reason, received.
    """

    ticket: int
    payload: str
    fields: Mapping[str, Any]


class Spool:
    """The spool under a record's folder. Any number of processes may put; the holder of the log's lock takes."""

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self._fs = fs
        self._root = root
        self._evidence = Evidence(root, fs)
        self._folder = root / "spool"
        self._requests = self._folder / "requests"
        self._answers = self._folder / "answers"
        self._made = False

    def put(self, data: bytes, fields: Mapping[str, Any]) -> int:
        """Return the ticket, once bytes and request are on the disk."""
        payload = self._evidence.put_payload(data)
        self._make()
        with locks.exclusive(self._folder / "lock"):
            self._sweep()
            ticket = max([*_numbers(self._requests), *_numbers(self._answers), -1]) + 1
            self._publish(self._requests, ticket, {"fields": dict(fields), "payload": payload})
        return ticket

    def waiting(self) -> list[Request]:
        """Return the requests without an answer, in order; requests that have one are removed."""
        if not self._requests.is_dir():
            return []
        self._make()
        found: list[Request] = []
        with locks.exclusive(self._folder / "lock"):
            self._sweep()
            answered = set(_numbers(self._answers))
            if answered:
                # who answered may have died before the sync of the answer's name: the request goes only after it
                self._fs.fsync_dir(self._answers)
            for ticket in _numbers(self._requests):
                if ticket in answered:
                    self._remove(self._requests, ticket)
                    continue
                body = self._read(self._requests, ticket)
                found.append(Request(ticket, body["payload"], body["fields"]))
        return found

    def kept(self) -> list[Request]:
        """Return the requests that lie in the spool, answered or not, in order; nothing is changed."""
        found = []
        for ticket in _numbers(self._requests) if self._requests.is_dir() else ():
            try:
                body = self._read(self._requests, ticket)
            except FileNotFoundError:  # answered in this moment
                continue
            found.append(Request(ticket, body["payload"], body["fields"]))
        return found

    def answer(self, ticket: int, answer: Mapping[str, Any]) -> None:
        """Keep the answer, then remove the request; return when both are on the disk."""
        self._make()
        with locks.exclusive(self._folder / "lock"):
            self._publish(self._answers, ticket, dict(answer))
            self._remove(self._requests, ticket)

    def result(self, ticket: int) -> dict[str, Any] | None:
        """Return the answer, or None as long as there is none."""
        return self._read(self._answers, ticket) if _path(self._answers, ticket).exists() else None

    def _make(self) -> None:
        if not self._made:
            files.make_dirs(self._fs, self._root, self._requests)
            files.make_dirs(self._fs, self._root, self._answers)
            self._made = True

    def _sweep(self) -> None:
        files.sweep(self._fs, self._folder)

    def _publish(self, folder: Path, ticket: int, body: Mapping[str, Any]) -> None:
        files.publish(self._fs, self._folder, _path(folder, ticket), canonical.encode(body))

    def _remove(self, folder: Path, ticket: int) -> None:
        if _path(folder, ticket).exists():
            self._fs.remove(_path(folder, ticket))
            self._fs.fsync_dir(folder)

    def _read(self, folder: Path, ticket: int) -> dict[str, Any]:
        path = _path(folder, ticket)
        try:
            return canonical.decode(path.read_bytes())
        except ValueError:
            raise GoedeBuurError(
                SPOOL_DAMAGED,
                "This file of the spool was changed.",
                place=f"spool/{folder.name}/{path.name}",
                hint="Remove it and deliver again.",
            ) from None


def _numbers(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.iterdir() if path.suffix == ".json")


def _path(folder: Path, ticket: int) -> Path:
    return folder / f"{ticket:012d}.json"
