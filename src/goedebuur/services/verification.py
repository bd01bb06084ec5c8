"""Is the evidence what it was? Every byte of payloads, batches, journal, log and checkpoint is read and checked.

Needs the files and the public key alone: no database, no projections, no private key. Nothing is changed. What is
checked of each part, and what a finding means, is in `docs/methods/record.md`.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import blocks, notes, segments
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tree import Tree, leaf_hash
from goedebuur.services import locating, verifying_closed
from goedebuur.store import keys, locks
from goedebuur.store.files import TEMPORARY
from goedebuur.store.journal import SUFFIX
from goedebuur.store.keys import Ed25519Verifier
from goedebuur.store.ledger import key_changes
from goedebuur.store.ledger.entries import Entries
from goedebuur.store.ledger.log import LEDGER_MISSING
from goedebuur.store.ledger.publication import FOLDER
from goedebuur.store.ledger.recovery import Intent

Progress = Callable[[str, int, int], None]
CHUNK: Final = 1 << 20
MOST_NAMED: Final = 20
"""Changed leaves that are named one by one."""
_HEX: Final = frozenset(string.hexdigits.lower())


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was kept.

    Parameters
    ----------
    part
        `payload`, `batch`, `leaf`, `log`, `checkpoint`, `key`, `journal` or `closed`; of what is published also `tile`
        and `readme`.
    place
        File within the record, or number of the leaf.
    what
        What is wrong, in one sentence.
    """

    part: str
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.part} {self.place}: {self.what}"


def verify(
    root: Path, progress: Progress | None = None, *, vkey: str | None = None, public: Path | None = None
) -> list[Problem]:
    """Return everything in the evidence that is not as it was kept; an empty list means that it is whole.

    Parameters
    ----------
    root
        Folder of the record.
    progress
        Called with what is read, and the bytes read so far and in all.
    vkey
        Public key of the log as its reader knows it from elsewhere. Without it the key beside the log is believed,
        and whoever could replace the whole folder, key and all, is not found out.
    public
        Folder of the published log, by default the one under the record. It is asked, and believed as far as its
        tiles give what the log signed, only to say which leaf it is that was changed.

    Raises
    ------
    GoedeBuurError
        `ledger-missing` where there is no record at all; `note-malformed` for a `vkey` that is none.
    """
    if not (root / "ledger").is_dir():
        raise GoedeBuurError(
            LEDGER_MISSING,
            "There is no log here.",
            place=str((root / "ledger").absolute()),
            hint="Give the folder of the installation with `--home` or GOEDEBUUR_HOME; the demo's is var/demo.",
        )
    if vkey is not None:
        notes.decode_vkey(vkey)
    return list(_Verification(root, progress, vkey, public or root / FOLDER).run())


class _Verification:
    def __init__(self, root: Path, progress: Progress | None, vkey: str | None, public: Path) -> None:
        self._root = root
        self._public = public
        self._progress = progress
        self._vkey = vkey
        self._note = b""
        self._vkeys: tuple[str, ...] = ()
        self._leaves: list[tuple[int, Leaf | ClosedLeaf]] = []
        self._done = 0
        self._total = 0

    def run(self) -> Iterator[Problem]:
        folders = [self._root / "payloads", self._root / "batches", self._root / "journal"]
        files = {folder: sorted(path for path in folder.rglob("*") if path.is_file()) for folder in folders}
        entries = self._root / "ledger" / "entries"
        self._total = sum(path.stat().st_size for found in files.values() for path in found)
        self._total += entries.stat().st_size if entries.exists() else 0
        yield from self._log(entries)
        whole: dict[str, dict[str, int]] = {}
        for part, folder in zip(("payload", "batch"), folders, strict=False):
            sizes: dict[str, int] = {}
            for path in files[folder]:
                yield from self._named_file(part, path, sizes)
            whole[part] = sizes
        for index, leaf in self._leaves:
            try:
                yield from self._leaf(index, leaf, whole)
            except (KeyError, TypeError, AttributeError):
                yield Problem("leaf", str(index), "its header does not have the fields that it has to have")
        for found in verifying_closed.verify(self._root, self._leaves, whole, self._changing):
            yield Problem(*found)
        for path in files[folders[2]]:
            yield from self._segment(path)

    # the log

    def _log(self, path: Path) -> Iterator[Problem]:
        verifiers = [] if self._vkey is None else [Ed25519Verifier(self._vkey)]
        try:
            verifiers = self._keys()
        except FileNotFoundError:
            yield Problem("key", "ledger/log.vkey", "the file is not there")
        except GoedeBuurError as error:
            yield Problem("key", "ledger/log.vkey", f"{error.message} {error.value}")
        checkpoint: Checkpoint | None = None
        try:
            checkpoint = self._checkpoint(verifiers) if verifiers else None
        except FileNotFoundError:
            yield Problem("checkpoint", "ledger/checkpoint", "the file is not there")
        except GoedeBuurError as error:
            yield Problem("checkpoint", "ledger/checkpoint", f"{error.message} {error.value}")
        if not path.exists():
            yield Problem("log", "ledger/entries", "the file is not there")
            return
        yield from self._entries(path, checkpoint)

    def _keys(self) -> list[Ed25519Verifier]:
        """Return the keys beside the log; only the one that the reader knows, where he does."""
        beside = (self._root / "ledger" / "log.vkey").read_bytes()
        verifiers = keys.verifiers(beside.decode(errors="replace"))
        self._vkeys = tuple(one.vkey for one in verifiers)
        if not beside.endswith(b"\n") or self._vkey not in (None, *self._vkeys):
            changed = key_changes.replaced(self._root, self._vkey) if self._vkey is not None else []
            if changed:
                raise GoedeBuurError(
                    notes.NOTE_UNSIGNED,
                    f"The key that was given was replaced on {changed[0].at} by",
                    value=changed[-1].new,
                )
            raise GoedeBuurError(notes.NOTE_UNSIGNED, "The key beside the log is another.", value=repr(beside))
        return [one for one in verifiers if self._vkey in (None, one.vkey)]

    def _checkpoint(self, verifiers: list[Ed25519Verifier]) -> Checkpoint:
        note = self._note = (self._root / "ledger" / "checkpoint").read_bytes()
        checkpoint = notes.parse_checkpoint(notes.open_by_any(note, verifiers)[0])
        if checkpoint.origin != verifiers[0].name:
            raise GoedeBuurError(notes.NOTE_UNSIGNED, "It is the checkpoint of another log.", value=checkpoint.origin)
        return checkpoint

    def _entries(self, path: Path, checkpoint: Checkpoint | None) -> Iterator[Problem]:
        entries, tree = Entries(path), Tree()
        for blob in entries.scan(1 << 62 if checkpoint is None else checkpoint.size):
            index = tree.size
            tree.append(leaf_hash(blob))
            try:
                self._leaves.append((index, leaf_format.decode(blob)))
            except GoedeBuurError as error:
                yield Problem("leaf", str(index), error.message)
            if index % 1024 == 0:
                self._say("log", 0)
        self._say("log", entries.size)
        if checkpoint is not None and tree.size < checkpoint.size:
            yield Problem("log", "ledger/entries", f"{tree.size} whole entries; the checkpoint signs {checkpoint.size}")
            yield from self._changed(tree, cut=True)
        elif checkpoint is not None and tree.root() != checkpoint.root:
            yield Problem("log", "ledger/entries", f"not the {checkpoint.size} entries that the checkpoint signs")
            yield from self._changed(tree, cut=False)
        yield from self._tail(entries)

    def _changed(self, tree: Tree, *, cut: bool) -> Iterator[Problem]:
        """Name the leaves that were changed, as far as the published log tells: the root alone does not."""
        found = locating.changed(tree, self._public, self._vkeys)
        for leaf in found.leaves[:MOST_NAMED]:
            yield Problem("leaf", str(leaf), "its bytes in ledger/entries are not those that the log signed")
        if len(found.leaves) > MOST_NAMED:
            rest = len(found.leaves) - MOST_NAMED
            yield Problem(
                "leaf", f"{found.leaves[MOST_NAMED]} and later", f"{rest} more are not those that were signed"
            )
        if not found.leaves and cut and found.known == tree.size > 0:
            yield Problem("leaf", str(tree.size), "its bytes in ledger/entries are not whole")
        elif not found.leaves:
            held = f"the {found.known} that are published are right" if found.known else "no published log is at hand"
            yield Problem("log", "ledger/entries", f"which leaf it is cannot be told: {held}")

    def _tail(self, entries: Entries) -> Iterator[Problem]:
        beyond = entries.file_size() - entries.size
        if beyond and not self._appending(entries):
            yield Problem(
                "log",
                "ledger/entries",
                f"{beyond} bytes after the last signed entry: what a process left that ended while it wrote, or was "
                "added since. The next start of the program says which.",
            )

    def _appending(self, entries: Entries) -> bool:
        """Return whether what follows is being appended by a live process, to be signed in a moment."""
        intent = Intent.read(self._root / "ledger" / "intent")
        return intent.offset == entries.size and self._locked()

    def _changing(self) -> bool:
        """Return whether a live process changes the record, or did so since it began to be read."""
        path = self._root / "ledger" / "checkpoint"
        return self._locked() or (path.exists() and path.read_bytes() != self._note)

    def _locked(self) -> bool:
        if not (self._root / "ledger" / "lock").exists():
            return False
        try:
            with locks.exclusive(self._root / "ledger" / "lock", wait=False):
                return False
        except GoedeBuurError:
            return True

    # files that are named by their digest

    def _named_file(self, part: str, path: Path, sizes: dict[str, int]) -> Iterator[Problem]:
        place = path.relative_to(self._root).as_posix()
        suffixes = ("",) if part == "payload" else (".parquet", ".jsonl")
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while data := file.read(CHUNK):
                digest.update(data)
                self._say(part, len(data))
        named = path.stem
        if path.suffix not in suffixes or len(named) != 64 or not set(named) <= _HEX or path.parent.name != named[:2]:
            yield Problem(part, place, "no such file was kept here")
        elif digest.hexdigest() != named:
            yield Problem(part, place, f"its bytes have SHA-256 {digest.hexdigest()}")
        else:
            sizes[named] = path.stat().st_size

    def _leaf(self, index: int, leaf: Leaf | ClosedLeaf, whole: dict[str, dict[str, int]]) -> Iterator[Problem]:
        if isinstance(leaf, ClosedLeaf):
            return
        if any(not 0 <= number < index for number in leaf.supersedes):
            yield Problem("leaf", str(index), "it supersedes a leaf that does not come before it")
        sound = True
        for part, named in (("payload", leaf.payload), ("batch", leaf.batch)):
            if named is None:
                continue
            size = whole[part].get(named["sha256"])
            if size is None:
                sound = False
                yield Problem("leaf", str(index), f"its {part} {named['sha256']} is not there undamaged")
            elif size != named["size"]:
                yield Problem("leaf", str(index), f"its {part} has {size} bytes, not {named['size']}")
        if sound and leaf.batch is not None:
            yield from self._batch(index, leaf)

    def _batch(self, index: int, leaf: Leaf) -> Iterator[Problem]:
        assert leaf.batch is not None
        sha = leaf.batch["sha256"]
        stem = self._root / "batches" / sha[:2] / sha
        lines = stem.with_suffix(".jsonl")
        if lines.exists():
            rows, header = lines.read_bytes().count(b"\n"), ""
        else:
            import pyarrow.parquet as pq

            file = pq.read_metadata(stem.with_suffix(".parquet"))
            rows, header = file.num_rows, (file.metadata or {}).get(segments.HEADER_KEY.encode(), b"").decode()
        if rows != leaf.batch["rows"]:
            yield Problem("leaf", str(index), f"its batch has {rows} rows, not {leaf.batch['rows']}")
        named = leaf.batch.get("blocks")
        if named is not None and named != self._blocks(stem):
            yield Problem("leaf", str(index), "the blocks of its batch do not give the root that it names")
        if leaf.kind == "sealed" and leaf.payload is not None:
            yield from self._sealed(index, leaf.payload["sha256"], header)

    def _blocks(self, stem: Path) -> str:
        import polars as pl

        lines, parquet = stem.with_suffix(".jsonl"), stem.with_suffix(".parquet")
        if lines.exists():
            return blocks.of_lines(line + b"\n" for line in lines.read_bytes().split(b"\n")[:-1]).root().hex()
        return blocks.of_rows(pl.read_parquet(parquet, use_pyarrow=False)).root().hex()

    def _sealed(self, index: int, sha: str, header: str) -> Iterator[Problem]:
        data = (self._root / "payloads" / sha[:2] / sha).read_bytes()
        entries, whole = segments.parse(data)
        if whole < len(data):
            yield Problem("leaf", str(index), f"its payload is no segment of the journal from byte {whole} on")
        elif header != segments.batch_header(entries)[segments.HEADER_KEY]:
            yield Problem("leaf", str(index), "the deliveries in its batch's header are not those of its payload")

    def _segment(self, path: Path) -> Iterator[Problem]:
        place = f"journal/{path.name}"
        if path.suffix == SUFFIX:
            data = path.read_bytes()
            entries, whole = segments.parse(data)
            numbers = [entry.sequence for entry in entries]
            if whole < len(data):
                number = f"delivery {int(path.stem) + len(entries)}" if path.stem.isdigit() else "a delivery"
                yield Problem("journal", place, f"the frame at byte {whole}, of {number}, is not whole")
            elif not path.stem.isdigit() or numbers != list(range(int(path.stem), int(path.stem) + len(numbers))):
                yield Problem("journal", place, "its numbers do not follow each other from its name on")
        elif path.name != "lock" and path.suffix != TEMPORARY and not path.name.startswith("cut-"):
            yield Problem("journal", place, "no such file was kept here")
        self._say("journal", path.stat().st_size)

    def _say(self, what: str, read: int) -> None:
        self._done += read
        if self._progress is not None:
            self._progress(what, self._done, self._total)
