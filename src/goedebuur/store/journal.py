"""The journal of small deliveries: on the disk before they are answered, sealed into one batch within the hour.

One file for each minute and site would be fifty million a year. So a small delivery is a frame in a segment; a closed
segment is sealed as one payload with one batch and one leaf (`services/delivery.py`), and only then removed:

    close()  →  put_payload(segment.data)  →  put_rows(…, segment.header())  →  ledger.append  →  clear_sealed(…)

Each arrow may be where the process dies. A closed segment never changes, so doing it again gives the same payload, and
one that is in the log already is only removed: nothing is doubled, nothing is lost.

    journal/000000000042.frames   segment of which the first delivery has number 42; the highest one is open
    journal/cut-…                 bytes cut from the end of a segment after a crash, kept for the operator
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base import canonical, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import leaves, notes, segments
from goedebuur.core.ledger.notes import Signer
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.segments import Entry
from goedebuur.store import files, keys, locks
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.ledger import refusals

JOURNAL_DAMAGED: Final = declare("journal-damaged", "The journal of small deliveries does not hold what was kept.")
JOURNAL_TOO_LARGE: Final = declare("journal-too-large", "A delivery is too large for the journal.")

MAX_SMALL_BYTES: Final = 1 << 20
SMALL: Final = leaves.BOOK.refuse(
    "small",
    JOURNAL_TOO_LARGE,
    f"Een kleine levering (`--small`) heeft ten hoogste {MAX_SMALL_BYTES} bytes.",
    f"A small delivery (`--small`) has at most {MAX_SMALL_BYTES} bytes.",
    basis=rulebook.own(
        "het antwoord komt uit een journaal dat elke keer op schijf wordt vastgelegd",
        "it is answered from a journal that is synced to the disk each time",
    ),
)
SUFFIX: Final = ".frames"
SEALED_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SmallDelivery:
    """What is delivered: who, read by which parser (`mqtt/1`), the supplier's name for it, when, and the bytes.

    `signature` is the submitter's own, as a leaf keeps it, or None.
    """

    submitter: str
    adapter: str
    name: str
    received: datetime
    data: bytes
    signature: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed segment: the payload to seal, and the deliveries in it."""

    name: str
    data: bytes
    entries: tuple[Entry, ...]

    @property
    def sha256(self) -> str:
        """Return the digest of the segment, by which its leaf is recognised."""
        return canonical.sha256(self.data)

    def payload(self) -> dict[str, Any]:
        """Return the fields for :attr:`goedebuur.core.ledger.leaves.Leaf.payload`."""
        return {"name": self.name, "sha256": self.sha256, "size": len(self.data)}

    def header(self) -> dict[str, str]:
        """Return the metadata for the batch: the identity of each delivery, in order."""
        return segments.batch_header(self.entries)


class Journal:
    """The journal under a record's folder. Any number of processes may accept at the same time.

    Parameters
    ----------
    signer
        Key of the log: signs the promises.
    sealed_within
        How long after receipt a delivery is in the log at the latest.

    Attributes
    ----------
    repairs
        What this object put right on disk after a crash, as sentences.
    """

    def __init__(
        self, root: Path, signer: Signer, fs: FileSystem = REAL, sealed_within: timedelta = SEALED_WITHIN
    ) -> None:
        self.repairs: list[str] = []
        self._signer = signer
        self._vkeys = root / "ledger" / "log.vkey"
        self._fs = fs
        self._sealed_within = sealed_within
        self._folder = root / "journal"
        self._mutex = threading.Lock()
        self._trusted = False
        self._open = self._folder / "none"
        self._size = 0
        self._waiting: dict[tuple[str, str], Entry] = {}
        self._next = 0

    @classmethod
    def open(
        cls, root: Path, signer: Signer, fs: FileSystem = REAL, sealed_within: timedelta = SEALED_WITHIN
    ) -> Journal:
        """Return the journal after recovery from a crash.

        Raises
        ------
        GoedeBuurError
            `journal-damaged` where a frame before the last is not what was kept: nothing is changed then.
        """
        journal = cls(root, signer, fs, sealed_within)
        files.make_dirs(fs, root, journal._folder)
        with journal._settled():
            pass
        return journal

    def accept(self, delivery: SmallDelivery) -> Promise:
        """Return the signed promise, once the delivery is on the disk.

        The same bytes again for the same parser, before they are sealed, are answered with the first promise; what is
        signed is the same only with the same statement.

        Raises
        ------
        GoedeBuurError
            `journal-too-large`; `journal-damaged`; `ledger-other-key` where the key of the log was changed since this
            was opened: nothing is kept then.
        OSError
            Where the disk refuses: nothing is promised then. Deliver again.
        """
        if len(delivery.data) > MAX_SMALL_BYTES:
            raise SMALL.error(
                f"The journal takes deliveries of at most {MAX_SMALL_BYTES} bytes.",
                place=delivery.name,
                value=str(len(delivery.data)),
                hint="Deliver it as a file.",
            )
        with self._settled():
            seal_by = iso(delivery.received + self._sealed_within)
            entry = Entry(
                self._next,
                delivery.submitter,
                delivery.adapter,
                delivery.name,
                iso(delivery.received),
                seal_by,
                delivery.data,
                delivery.signature,
            )
            known = self._waiting.get(_identity(entry))
            signer = self._signing()
            if known is None:
                self._write(entry)
            return self._promise(known or entry, signer)

    def promise(self, entry: Entry) -> tuple[str, Promise]:
        """Return the promise of a delivery, signed by the key that signs now, with that public key.

        Raises
        ------
        GoedeBuurError
            `ledger-other-key` where the key of the log was changed since this was opened.
        """
        with self._settled():
            signer = self._signing()
            return signer.vkey, self._promise(entry, signer)

    def pending(self) -> list[Entry]:
        """Return the deliveries that are not cleared yet, in order of their numbers."""
        with self._settled():
            return sorted(self._waiting.values(), key=lambda entry: entry.sequence)

    def close(self) -> list[Segment]:
        """Return the closed segments, oldest first, after closing the open one if anything is in it."""
        with self._settled():
            if self._size:
                self._begin(self._next)
            closed = [path for path in self._paths() if path != self._open]
            return [self._segment(path) for path in closed]

    def clear_sealed(self, is_sealed: Callable[[str], bool]) -> int:
        """Return how many closed segments were removed: those of which a leaf in the log names the digest.

        Parameters
        ----------
        is_sealed
            Whether a leaf of kind `sealed` has a payload with this SHA-256.
        """
        removed = 0
        with self._settled():
            for path in self._paths():
                if path == self._open:
                    continue
                segment = self._segment(path)
                if is_sealed(segment.sha256):
                    self._fs.remove(path)
                    self._fs.fsync_dir(self._folder)
                    for entry in segment.entries:
                        self._waiting.pop(_identity(entry), None)
                    removed += 1
        return removed

    # within: all of it under the lock

    @contextmanager
    def _settled(self) -> Iterator[None]:
        with self._mutex, locks.exclusive(self._folder / "lock"):
            if not self._trusted or self._changed():
                self._trusted = False
                self._read()
                self._trusted = True
            yield

    def _changed(self) -> bool:
        paths = self._paths()
        return not paths or paths[-1] != self._open or paths[-1].stat().st_size != self._size

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._folder.iterdir() if path.suffix == SUFFIX)

    def _read(self) -> None:
        for name in files.sweep(self._fs, self._folder):
            self.repairs.append(f"Removed journal/{name}: a file that was being written when the process ended.")
        self._waiting, self._next, self._size = {}, 0, 0
        paths = self._paths()
        if not paths:
            self._begin(0)
            return
        for path in paths[:-1]:
            self._take(self._segment(path).entries, path)
        self._open = paths[-1]
        data = self._open.read_bytes()
        entries, whole = segments.parse(data)
        if whole < len(data):
            self._cut(data, whole)
        self._take(tuple(entries), self._open)
        if entries:
            last = segments.encode(entries[-1])
            # written again: a sync that failed once leaves pages that look clean and are not on the disk
            self._fs.overwrite(self._open, whole - len(last), last)
        self._fs.fsync(self._open)
        self._fs.fsync_dir(self._folder)
        self._size = whole

    def _take(self, entries: tuple[Entry, ...], path: Path) -> None:
        first = int(path.stem)
        numbers = [entry.sequence for entry in entries]
        if first < self._next or numbers != list(range(first, first + len(entries))):
            raise _damaged(path, "its numbers do not follow each other")
        for entry in entries:
            self._waiting.setdefault(_identity(entry), entry)
        self._next = first + len(entries)

    def _cut(self, data: bytes, whole: int) -> None:
        if segments.frames_after(data, whole):
            raise _damaged(self._open, f"the frame at byte {whole} was changed")
        aside = self._folder / f"cut-{self._open.stem}-{whole}"
        files.publish(self._fs, self._folder, aside, data[whole:])
        self._fs.truncate(self._open, whole)
        self._fs.fsync(self._open)
        self.repairs.append(
            f"Cut {len(data) - whole} bytes from the end of journal/{self._open.name}, kept in {aside.name}: "
            "a delivery that was being written when the process ended."
        )

    def _segment(self, path: Path) -> Segment:
        data = path.read_bytes()
        entries, whole = segments.parse(data)
        if whole < len(data) or not entries:
            raise _damaged(path, f"the frame at byte {whole} was changed")
        return Segment(path.name, data, tuple(entries))

    def _begin(self, first: int) -> None:
        path = self._folder / f"{first:012d}{SUFFIX}"
        self._trusted = False
        files.publish(self._fs, self._folder, path, b"")
        self._open, self._size, self._next = path, 0, first
        self._trusted = True

    def _write(self, entry: Entry) -> None:
        frame = segments.encode(entry)
        self._trusted = False
        self._fs.append(self._open, frame)
        self._fs.fsync(self._open)
        self._size += len(frame)
        self._next += 1
        self._waiting[_identity(entry)] = entry
        self._trusted = True

    def _signing(self) -> Signer:
        """Return the first of the keys that sign for the log now. The keys of the log change under the lock alone."""
        try:
            vkeys = self._vkeys.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
        except FileNotFoundError:
            return self._signer  # the log begins with this key
        at_hand = {one.vkey: one for one in keys.each(self._signer)}
        if not vkeys or vkeys[0] not in at_hand:
            raise refusals.other_key(" ".join(at_hand), vkeys)
        return at_hand[vkeys[0]]

    def _promise(self, entry: Entry, signer: Signer) -> Promise:
        plain = Promise(signer.name, entry.sequence, entry.sha256, entry.received, entry.seal_by)
        note = notes.sign(plain.as_text(), signer)
        return Promise(plain.origin, plain.sequence, plain.sha256, plain.received, plain.seal_by, note)


def _identity(entry: Entry) -> tuple[str, str]:
    """Return what makes a delivery the same one: its bytes and parser, and what is signed of it."""
    return entry.id, str(entry.signature["statement"]) if entry.signature is not None else ""


def _damaged(path: Path, what: str) -> GoedeBuurError:
    return GoedeBuurError(
        JOURNAL_DAMAGED,
        "The journal does not hold what was kept.",
        place=f"journal/{path.name}",
        value=what,
        hint="Stop, keep the file as it is, and put it back from a copy. Nothing was changed.",
    )
