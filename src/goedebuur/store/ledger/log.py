"""The log as its sequencer and its readers see it.

Who owns what: `entries` and `checkpoint` belong to whoever holds the lock; everyone else reads the checkpoint first and
then the entries that it covers, which are on the disk by then. What each crash means is in `docs/methods/record.md`.

The order of an append, each step on the disk before the next:
    1. payloads and batches (`store/evidence.py`, before this is called)
    2. intent: which bytes will follow the entries
    3. entries
    4. checkpoint
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.notes import Checkpoint, Signer
from goedebuur.core.ledger.tiles import leaf_row
from goedebuur.core.ledger.tree import Tree, leaf_hash
from goedebuur.store import files, keys, locks
from goedebuur.store.evidence import Evidence
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.ledger import refusals
from goedebuur.store.ledger.entries import Entries, encode
from goedebuur.store.ledger.recovery import Intent, recover_evidence

LEDGER_MISSING: Final = declare("ledger-missing", "There is no log in this folder.")
LEDGER_WENT_BACK: Final = declare("ledger-went-back", "The log on disk has fewer leaves than were read from it before.")
"""Named here because every one of them stops the work: the log is never mended by guessing."""


class Ledger:
    """An append-only log of leaves. Make one with :meth:`open`.

    Attributes
    ----------
    repairs
        What this object put right on disk after a crash, as sentences for the operator. Empty when nothing was wrong.
    """

    def __init__(self, root: Path, signer: Signer | None, fs: FileSystem) -> None:
        self.root = root
        self.repairs: list[str] = []
        self._signer = signer
        self._fs = fs
        self._folder = root / "ledger"
        self._evidence = Evidence(root, fs)
        self._mutex = threading.RLock()
        self._depth = 0
        self._trusted = False
        self._vkeys: tuple[str, ...] = ("",)
        self._forget()

    @classmethod
    def open(cls, root: Path, signer: Signer | None = None, fs: FileSystem = REAL) -> Ledger:
        """Return the log under a folder, after recovery from a crash.

        Parameters
        ----------
        signer
            Key of the log: begins a log where there is none, and lets this object append. Without it nothing on disk
            is touched.

        Raises
        ------
        GoedeBuurError
            `ledger-missing` without key and log; `ledger-mismatch`, `note-unsigned`, `note-malformed`,
            `ledger-other-key`, `evidence-missing`, `evidence-damaged` where the record is damaged: nothing is changed
            then, and the log does not open.
        """
        ledger = cls(root, signer, fs)
        if signer is None:
            ledger.refresh()
            return ledger
        files.make_dirs(fs, root, ledger._folder)
        try:
            with ledger.lock(wait=False):
                pass
        except GoedeBuurError as error:
            if error.code != locks.LOCK_BUSY:
                raise
            ledger.refresh()
        return ledger

    # reading

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._checkpoint.size

    @property
    def vkey(self) -> str:
        """Return the public key of the log, in the C2SP form; while its keys change, the old one."""
        return self._vkeys[0]

    @property
    def vkeys(self) -> tuple[str, ...]:
        """Return all public keys that sign for the log now: two while they change."""
        return self._vkeys

    def checkpoint(self) -> Checkpoint:
        """Return what the log commits to now."""
        return self._checkpoint

    def signed_checkpoint(self) -> bytes:
        """Return the checkpoint as it was signed."""
        return self._note

    def signed(self) -> tuple[str, bytes]:
        """Return a public key of the log and the checkpoint that it signed."""
        with self._mutex:
            return self.vkey, self._note

    def root_hash(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves, 32 bytes; over all without it."""
        return self._tree.root(self.size if size is None else size)

    def leaf(self, index: int) -> Leaf | ClosedLeaf:
        """Return one leaf. Raises IndexError where there is none."""
        if not 0 <= index < self.size:
            raise IndexError(f"leaf {index} of a log of {self.size}")
        return self.leaves(index, index + 1)[0]

    def leaves(self, start: int = 0, stop: int | None = None) -> list[Leaf | ClosedLeaf]:
        """Return the leaves from `start` up to `stop`, checked against the tree.

        Raises
        ------
        GoedeBuurError
            `ledger-mismatch` where the file was changed under us; `leaf-unreadable`.
        """
        return [leaf_format.decode(blob) for blob in self.entries(start, stop)]

    def entries(self, start: int = 0, stop: int | None = None) -> list[bytes]:
        """Return the bytes of the leaves from `start` up to `stop`, checked against the tree; errors as in `leaves`."""
        stop = self.size if stop is None else min(stop, self.size)
        if start >= stop:
            return []
        try:
            blobs = self._entries.read(start, stop)
        except ValueError:
            blobs = []
        if leaf_row(blobs) != self._tree.row(0, start, stop):
            raise refusals.mismatch(f"entries {start} to {stop - 1} were changed since they were read")
        return blobs

    def hashes(self, level: int, start: int, stop: int) -> bytes:
        """Return the hashes of the full subtrees of 2**level leaves from number `start` up to `stop`, joined."""
        return self._tree.row(level, start, stop)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the hashes that lead from a leaf to the root at `size`."""
        return self._tree.inclusion_proof(index, self.size if size is None else size)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the hashes that show the log at `old` to be the start of the log at `new`."""
        return self._tree.consistency_proof(old, self.size if new is None else new)

    def refresh(self) -> int:
        """Return the size after reading what other processes appended."""
        with self._mutex:
            self._load()
        return self.size

    # appending

    @contextmanager
    def lock(self, *, wait: bool = True) -> Iterator[None]:
        """Be the one sequencer: nobody else appends until this ends. Enters again freely within one thread.

        On entering, what others appended is read, and what a dead sequencer left is put right.

        Raises
        ------
        GoedeBuurError
            `lock-busy` where another process has it and `wait` is false; those of :meth:`open`.
        """
        with self._mutex:
            if self._depth:
                yield
                return
            self._require_signer()
            with locks.exclusive(self._folder / "lock", wait=wait):
                self._depth += 1
                try:
                    self._settle()
                    yield
                finally:
                    self._depth -= 1

    def append(self, leaves: Sequence[Leaf | ClosedLeaf]) -> list[int]:
        """Return the indices of the leaves, once they and the checkpoint over them are on the disk.

        All of them are in the log afterwards or none. After an error it is not known which; the next use of the log
        finds out: deliver again, what is there already is recognised.

        Raises
        ------
        GoedeBuurError
            `evidence-missing` for a payload or batch that has not been put; `leaf-too-large`; those of :meth:`lock`.
        OSError
            Where the disk refuses.
        """
        blobs = [leaf_format.encode(leaf) for leaf in leaves]
        if not blobs:
            return []
        with self.lock():
            for leaf in leaves:
                self._evidence.require(leaf)
            first = self.size
            data = encode(blobs)
            self._trusted = False
            self._publish("intent", Intent.of(first, self._entries.size, data).encode())
            self._fs.append(self._entries.path, data)
            self._fs.fsync(self._entries.path)
            self._extend(blobs)
            self._sign()
            self._trusted = True
        return list(range(first, first + len(blobs)))

    def change_keys(self, vkeys: Sequence[str]) -> None:
        """Let these keys sign from now on; their private halves are at hand.

        Old and new sign the checkpoint before the list of keys changes, so that who has read either list finds one.

        Raises
        ------
        GoedeBuurError
            `ledger-other-key` where none of them signed before, or one is not at hand; those of :meth:`lock`.
        """
        with self.lock():
            wanted, before = tuple(vkeys), self._vkeys
            there = {one.vkey for one in keys.each(self._signer)} if self._signer else set()
            if not set(wanted) & set(before) or not set(wanted) <= there:
                raise refusals.other_key(" ".join(wanted), before)
            with self._promising():
                self._trusted = False
                self._vkeys = tuple(dict.fromkeys((*before, *wanted)))
                self._sign()
                self._publish("log.vkey", _lines(wanted))
                self._vkeys = wanted
                self._sign()
                self._trusted = True

    # within

    def _settle(self) -> None:
        """Bring memory and disk together: begin a log, recover after a crash, or read what others added."""
        if self._trusted and self._unchanged():
            self._require_same_key()  # a reader of this process may have taken over other keys since
            return
        if not self._trusted:
            self._swept()
            if self._begin():
                self._trusted = True
                return
            self._forget()
        self._load()
        self._require_same_key()
        self._recover_tail()
        self._trusted = True

    def _swept(self) -> None:
        for name in files.sweep(self._fs, self._folder) + self._evidence.sweep():
            self.repairs.append(f"Removed {name}: a file that was being written when the process ended.")

    def _begin(self) -> bool:
        if self._path("checkpoint").exists():
            return False
        if self._entries.path.exists() and self._entries.file_size():
            raise GoedeBuurError(
                refusals.LEDGER_MISMATCH,
                "There are entries, but no checkpoint over them.",
                place="ledger/checkpoint",
                hint="Put the checkpoint back from a copy of the record. Nothing was changed.",
            )
        assert self._signer is not None
        self._publish("log.vkey", _lines((self._signer.vkey,)))
        self._publish("entries", b"")
        self._forget()
        self._vkeys = (self._signer.vkey,)
        self._sign()
        return True

    def _recover_tail(self) -> None:
        """Roll a whole group after the checkpoint forward, cut anything else off; the disk agrees when this returns.

        A whole group may have been seen under a checkpoint that the crash took back: it must stay. Half a group was
        never under any checkpoint, because its entries were synced before that was signed.
        """
        tail = self._entries.tail()
        group = Intent.read(self._path("intent")).whole(self.size, self._entries.size, tail)
        if group:
            recover_evidence(self._evidence, group)
            # written again: a sync that failed once leaves pages that look clean and are not on the disk
            self._fs.overwrite(self._entries.path, self._entries.size, tail[: len(encode(group))])
        keep = self._entries.size + len(encode(group))
        if keep < self._entries.size + len(tail):
            self._fs.truncate(self._entries.path, keep)
            self.repairs.append(
                f"Cut {self._entries.size + len(tail) - keep} bytes after leaf {self.size - 1}: "
                "a delivery that was never acknowledged and is not complete."
            )
        self._fs.fsync(self._entries.path)
        if group:
            first = self.size
            self._extend(group)
            self._sign()
            self.repairs.append(
                f"Took in {len(group)} leaves from number {first} on: whole on disk, not yet signed when the process "
                "ended."
            )
        else:
            self._fs.fsync_dir(self._folder)

    def _load(self) -> None:
        """Read the checkpoint and the entries under it that are not in memory yet."""
        try:
            vkey = self._path("log.vkey").read_bytes().decode(errors="replace")
            note = self._path("checkpoint").read_bytes()
        except FileNotFoundError as error:
            raise GoedeBuurError(
                LEDGER_MISSING,
                "There is no log here.",
                place=str(Path(error.filename).absolute()),
                hint="Give the folder of the installation with `--home` or GOEDEBUUR_HOME (the demo's is var/demo), or "
                "begin a record with `goedebuur demo` or `goedebuur ingest`.",
            ) from None
        verifiers = keys.verifiers(vkey)
        checkpoint = notes.parse_checkpoint(notes.open_by_any(note, verifiers)[0])
        if checkpoint.origin != verifiers[0].name:
            raise refusals.mismatch(f"the checkpoint is of {checkpoint.origin}, the key of {verifiers[0].name}")
        if checkpoint.size < self.size:
            raise GoedeBuurError(
                LEDGER_WENT_BACK,
                "The log has fewer leaves than before.",
                place="ledger/checkpoint",
                value=f"{checkpoint.size} < {self.size}",
                hint="An older copy was put back. Find the newer one: what was acknowledged since is missing here.",
            )
        for blob in self._scan(checkpoint.size):
            self._tree.append(leaf_hash(blob))
        if self._tree.size < checkpoint.size:
            raise refusals.mismatch(f"{self._tree.size} whole entries where the checkpoint signs {checkpoint.size}")
        if self._tree.root(checkpoint.size) != checkpoint.root:
            raise refusals.mismatch(f"another root hash over {checkpoint.size} entries")
        self._vkeys, self._note, self._checkpoint = tuple(one.vkey for one in verifiers), note, checkpoint

    def _scan(self, count: int) -> Iterator[bytes]:
        if not self._entries.path.exists():
            raise refusals.mismatch("the file is not there")
        return self._entries.scan(count)

    def _unchanged(self) -> bool:
        return (
            self._path("checkpoint").read_bytes() == self._note
            and self._path("log.vkey").read_bytes() == _lines(self._vkeys)
            and self._entries.file_size() == self._entries.size
        )

    def _extend(self, blobs: Sequence[bytes]) -> None:
        for blob in blobs:
            self._entries.add(blob)
            self._tree.append(leaf_hash(blob))

    def _sign(self) -> None:
        checkpoint = Checkpoint(self._signing()[0].name, self._tree.size, self._tree.root())
        note = notes.sign(checkpoint.as_text(), *self._signing())
        self._publish("checkpoint", note)
        self._note, self._checkpoint = note, checkpoint

    def _publish(self, name: str, data: bytes) -> None:
        files.publish(self._fs, self._folder, self._path(name), data)

    def _forget(self) -> None:
        self._tree = Tree()
        self._entries = Entries(self._folder / "entries")
        self._checkpoint = Checkpoint("", 0, self._tree.root())
        self._note = b""
        self._vkeys = ("",)

    def _path(self, name: str) -> Path:
        return self._folder / name

    @contextmanager
    def _promising(self) -> Iterator[None]:
        """Keep the journal from signing a promise while the keys change."""
        journal = self.root / "journal"
        if not journal.is_dir():
            yield
            return
        with locks.exclusive(journal / "lock"):
            yield

    def _require_signer(self) -> None:
        if self._signer is None:
            raise refusals.read_only()

    def _signing(self) -> list[Signer]:
        """Return the keys at hand that sign for the log now."""
        return [one for one in keys.each(self._signer) if one.vkey in self._vkeys] if self._signer else []

    def _require_same_key(self) -> None:
        """Require every key that signs for the log to be at hand: none of them may be left out while they change."""
        assert self._signer is not None
        if len(self._signing()) != len(self._vkeys):
            raise refusals.other_key(" ".join(one.vkey for one in keys.each(self._signer)), self._vkeys)


def _lines(vkeys: Sequence[str]) -> bytes:
    return "".join(f"{vkey}\n" for vkey in vkeys).encode()
