"""What a witness remembers of each log: the latest checkpoint that it cosigned. On the disk before anyone hears of it.

    DIGEST/checkpoint    the signed checkpoint with the cosignature under it; replaced by a later one
    DIGEST/lock          held by whoever reads, decides and replaces

DIGEST is the SHA-256 of the log's origin, since an origin may hold what no file name can. A checkpoint that was
answered may never be forgotten: a witness that goes back can be led to cosign a fork. So a damaged file is an error,
never a fresh start, and this folder is not to be put back from a copy. What each crash means is in
`docs/methods/log.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.notes import Checkpoint, Note
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

WITNESS_STATE: Final = declare("witness-state", "What a witness remembers of a log cannot be read.")

LAST: Final = "checkpoint"
LOCK: Final = "lock"


class WitnessMemory:
    """The memory of a witness about one log, under its lock. Made by :meth:`WitnessStore.alone`."""

    def __init__(self, folder: Path, origin: str, fs: FileSystem) -> None:
        self._folder = folder
        self._origin = origin
        self._fs = fs

    def last(self) -> Checkpoint | None:
        """Return the latest checkpoint that was cosigned; None before the first.

        Raises
        ------
        GoedeBuurError
            `witness-state`.
        """
        note = self.note()
        return None if note is None else notes.parse_checkpoint(note.text, extensions=True)

    def note(self) -> Note | None:
        """Return the same with the signatures under it; errors as in :meth:`last`."""
        path = self._folder / LAST
        try:
            note = notes.parse_note(path.read_bytes())
            if notes.parse_checkpoint(note.text, extensions=True).origin == self._origin:
                return note
            why = "it is of another log"
        except FileNotFoundError:
            return None
        except GoedeBuurError as error:
            why = f"{error.message} {error.value}"
        raise GoedeBuurError(
            WITNESS_STATE,
            "The checkpoint that was cosigned last cannot be read.",
            place=str(path),
            value=why,
            hint="Nothing of this log is cosigned any more. Begin again with a new key; never with an empty memory.",
        )

    def keep(self, note: bytes) -> None:
        """Remember a cosigned checkpoint; it is on the disk when this returns.

        Also one that is there already is written again: the process that wrote it may have died, or its sync failed,
        so that what can be read may not be on the disk.
        """
        files.publish(self._fs, self._folder, self._folder / LAST, note)


class WitnessStore:
    """The memory of a witness about all its logs.

    Parameters
    ----------
    folder
        Where it lies; made when something is first remembered.
    """

    def __init__(self, folder: Path, fs: FileSystem = REAL) -> None:
        self.folder = folder
        self._fs = fs

    @contextmanager
    def alone(self, origin: str) -> Iterator[WitnessMemory]:
        """Yield the memory about a log; no other thread or process has it until this ends."""
        folder = self._place(origin)
        files.make_dirs(self._fs, self.folder, folder)
        with locks.exclusive(folder / LOCK):
            files.sweep(self._fs, folder)
            yield WitnessMemory(folder, origin, self._fs)

    def read(self, origin: str) -> Note | None:
        """Return the latest checkpoint of a log that was cosigned, for whoever looks on; errors as in `last`."""
        return WitnessMemory(self._place(origin), origin, self._fs).note()

    def _place(self, origin: str) -> Path:
        return self.folder / hashlib.sha256(origin.encode()).hexdigest()
