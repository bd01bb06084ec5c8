"""The log as static files in the C2SP form: what any web server or object store can carry, made from the log itself.

    checkpoint                      signed by the log, cosigned by witnesses; replaced
    log.vkey                        public key of the log
    README.md                       name and key in words; replaced
    tile/LEVEL/NUMBER[.p/WIDTH]     hashes
    tile/entries/NUMBER[.p/WIDTH]   leaves

`ledger/entries` and `ledger/checkpoint` stay the truth: all of this can be thrown away and made again. The order, each
on the disk before the next: key, README, tiles and bundles, checkpoint, removal of partial tiles that became full. So a
checkpoint is never there before its tiles, and a run that was interrupted is finished by the next.

References
----------
C2SP tlog-tiles
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import notes, tiles
from goedebuur.core.ledger.notes import Checkpoint, Note
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import ENTRIES, HEIGHT, Tile
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.keys import Ed25519Verifier
from goedebuur.store.ledger.log import Ledger

PUBLICATION_MISSING: Final = declare("publication-missing", "No log is published in this folder.")
PUBLICATION_OTHER: Final = declare(
    "publication-other", "What is published here is not of this log, or not of its past."
)

FOLDER: Final = "public"
CHECKPOINT: Final = "checkpoint"
KEY: Final = "log.vkey"
README: Final = "README.md"
UNFINISHED: Final = ".unfinished"
"""Folder for files that are being written, and for the lock; no part of what is published."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a run of publishing left.

    Parameters
    ----------
    size
        Leaves under the checkpoint that is published now.
    written
        Tiles and bundles that were written.
    removed
        Partial ones that were removed, because the full one is there.
    """

    size: int
    written: int
    removed: int


class Publication:
    """A published log in a folder.

    Parameters
    ----------
    folder
        Where the files lie; by default of an installation, `public/` under the record.
    """

    def __init__(self, folder: Path, fs: FileSystem = REAL) -> None:
        self.folder = folder
        self._fs = fs
        self._made: set[Path] = set()

    # reading

    def read(self, name: str) -> bytes:
        """Return the bytes of a published file, as a web server would.

        Raises
        ------
        FileNotFoundError
            Where there is none of this name, and for any name that a publication does not have.
        """
        if name not in (CHECKPOINT, KEY, README):
            try:
                tiles.parse_path(name)
            except GoedeBuurError:
                raise FileNotFoundError(name) from None
        return (self.folder / name).read_bytes()

    def require_folder(self) -> None:
        """Check that there is a folder at all. Raises `publication-missing`."""
        if not self.folder.is_dir():
            raise GoedeBuurError(
                PUBLICATION_MISSING,
                "There is no such folder.",
                place=str(self.folder.absolute()),
                hint="Give the folder of a published log, with `checkpoint` in it: `public` under a record.",
            )

    def names(self) -> Iterator[str]:
        """Yield the name of every file in the folder, published or not, but for unfinished ones."""
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder)
            if name.parts[0] != UNFINISHED and not path.is_dir():
                yield name.as_posix()

    def vkeys(self) -> list[str]:
        """Return the public keys beside the log, in the C2SP form; two while they change. `publication-missing`."""
        return self._given(KEY).decode(errors="replace").removesuffix("\n").split("\n")

    def note(self) -> bytes:
        """Return the checkpoint with the signatures under it, nothing verified. Raises `publication-missing`."""
        return self._given(CHECKPOINT)

    def checkpoint(self, vkey: str | None = None) -> Checkpoint:
        """Return the checkpoint once the signature of the log under it was verified.

        Parameters
        ----------
        vkey
            Public key of the log as its reader knows it; the one beside the log is believed without it.

        Raises
        ------
        GoedeBuurError
            `publication-missing`, `note-malformed`, `note-unsigned`; `publication-other` for another origin.
        """
        verifiers = [Ed25519Verifier(one) for one in ([vkey] if vkey is not None else self.vkeys())]
        checkpoint = notes.parse_checkpoint(notes.open_by_any(self.note(), verifiers)[0])
        if checkpoint.origin != verifiers[0].name:
            raise self._other(f"the checkpoint of {checkpoint.origin}, the key of {verifiers[0].name}")
        return checkpoint

    def tree(self, vkey: str | None = None) -> TileTree:
        """Return the tree under the checkpoint, which checks all that it reads; errors as in :meth:`checkpoint`."""
        return TileTree(self.read, self.checkpoint(vkey))

    # writing

    def publish(self, ledger: Ledger, note: bytes | None = None, *, whole: bool = False, readme: str = "") -> Published:
        """Return what is published, once all leaves under the note are, and the note itself, on the disk.

        Parameters
        ----------
        ledger
            The log.
        note
            A checkpoint of this log, cosigned, at any size that it has had; without it, its last one. One that is older
            than what is published changes nothing. Under the one that is published, lines are added.
        whole
            Look at every file, rather than at those since the last run: makes again what was lost.
        readme
            Text of the README; empty leaves the one that is there.

        Raises
        ------
        GoedeBuurError
            `publication-other` where another log is published here, or one that forked from this: nothing is changed
            then; `note-malformed`, `note-unsigned` for the note; `lock-busy`.
        """
        opened = notes.parse_note(ledger.signed_checkpoint() if note is None else note)
        checkpoint = self._of(ledger, opened)
        files.make_dirs(self._fs, self.folder, self.folder / UNFINISHED)
        with locks.exclusive(self.folder / UNFINISHED / "lock"):
            files.sweep(self._fs, self.folder / UNFINISHED)
            before = self._before(ledger, readme.encode())
            since = 0 if before is None else self._of(ledger, before).size
            if checkpoint.size < since:
                return Published(since, 0, 0)
            done = 0 if whole else since
            written = self._write_all(self._tiles(ledger, checkpoint.size, done))
            signed = opened if before is None or before.text != opened.text else _joined(before, opened)
            if before is None or signed.encode() != before.encode():
                self._write(CHECKPOINT, signed.encode())
            return Published(checkpoint.size, written, self._prune(checkpoint.size, done))

    def _before(self, ledger: Ledger, readme: bytes) -> Note | None:
        """Return the checkpoint that is published, None before the first; key and README are when this returns."""
        key = "".join(f"{vkey}\n" for vkey in ledger.vkeys).encode()
        try:
            there = self.read(KEY)
            if there != key and not set(self.vkeys()) & set(ledger.vkeys):
                raise self._other(f"the key is {' '.join(self.vkeys())}")
        except FileNotFoundError:
            there = b""
        if there != key:
            self._write(KEY, key)
        if readme and readme != self._there(README):
            self._write(README, readme)
        checkpoint = self._there(CHECKPOINT)
        return None if checkpoint is None else notes.parse_note(checkpoint)

    def _there(self, name: str) -> bytes | None:
        try:
            return self.read(name)
        except FileNotFoundError:
            return None

    def _of(self, ledger: Ledger, note: Note) -> Checkpoint:
        """Return the checkpoint in a note, once it is one of this log's past."""
        verifiers = [Ed25519Verifier(vkey) for vkey in ledger.vkeys]
        checkpoint = notes.parse_checkpoint(notes.open_by_any(note.encode(), verifiers)[0])
        if checkpoint.size > ledger.size:
            ledger.refresh()
        if checkpoint.origin != verifiers[0].name or checkpoint.size > ledger.size:
            raise self._other(f"{checkpoint.size} leaves of {checkpoint.origin}; the log has {ledger.size}")
        if checkpoint.root != ledger.root_hash(checkpoint.size):
            raise self._other(f"another root over {checkpoint.size} leaves: the log has forked")
        return checkpoint

    def _tiles(self, ledger: Ledger, size: int, since: int) -> Iterator[tuple[Path, bytes]]:
        for tile in tiles.tiles_of(size, since):
            stop = tile.start + tile.width
            if tile.level == ENTRIES:
                data = tiles.encode_bundle(ledger.entries(tile.start, stop))
            else:
                data = ledger.hashes(HEIGHT * tile.level, tile.start, stop)
            yield self.folder / tile.path, data

    def _write_all(self, found: Iterator[tuple[Path, bytes]]) -> int:
        def with_folder() -> Iterator[tuple[Path, bytes]]:
            for path, data in found:
                if path.parent not in self._made or not path.parent.is_dir():
                    files.make_dirs(self._fs, self.folder, path.parent)
                    self._made.add(path.parent)
                yield path, data

        return files.publish_all(self._fs, self.folder / UNFINISHED, with_folder())

    def _write(self, name: str, data: bytes) -> None:
        files.publish(self._fs, self.folder / UNFINISHED, self.folder / name, data)

    def _prune(self, size: int, since: int) -> int:
        """Remove the partial tiles of those that are full now, and return how many; a reader takes the full one."""
        removed = 0
        for level in (ENTRIES, *tiles.levels_of(size)):
            first = max(0, (tiles.hashes_at(level, since) >> HEIGHT) - 1)
            for number in range(first, tiles.hashes_at(level, size) >> HEIGHT):
                folder = self.folder / f"{Tile(level, number).path}.p"
                if not folder.is_dir():
                    continue
                for path in sorted(folder.iterdir()):
                    self._fs.remove(path)
                    removed += 1
                self._fs.remove_dir(folder)
                self._made.discard(folder)
        return removed

    def _given(self, name: str) -> bytes:
        try:
            return self.read(name)
        except FileNotFoundError:
            raise GoedeBuurError(
                PUBLICATION_MISSING,
                "No log is published here.",
                place=str((self.folder / name).absolute()),
                hint="Publish it first, or give another folder.",
            ) from None

    def _other(self, value: str) -> GoedeBuurError:
        return GoedeBuurError(
            PUBLICATION_OTHER,
            "What is published here is not of this log.",
            place=str(self.folder.absolute()),
            value=value,
            hint="Nothing was changed. Keep this folder, publish in an empty one, and find out which log is which.",
        )


def _joined(before: Note, after: Note) -> Note:
    """Return the note with the lines of both; of two lines of one key the later one."""
    lines = {(line.name, line.key): line for line in (*before.signatures, *after.signatures)}
    return Note(after.text, tuple(lines.values()))
