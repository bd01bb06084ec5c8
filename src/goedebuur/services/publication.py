"""Is the published log, every byte of it, what the log signed? From the folder of static files alone.

Needs no record, no database and no private key. What is checked of the record itself is `services/verification.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import tiles
from goedebuur.core.ledger.audit import Progress, audit
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import ENTRIES, Tile
from goedebuur.services.verification import Problem
from goedebuur.store.ledger.publication import CHECKPOINT, KEY, Publication


def check(folder: Path, progress: Progress | None = None, *, vkey: str | None = None) -> list[Problem]:
    """Return every file of a publication that is not what the log signed, with the leaf; empty where all is right.

    Parameters
    ----------
    folder
        The published log.
    progress
        Called with the leaves read so far, and their number in all.
    vkey
        Public key of the log as its reader knows it from elsewhere. Without it the key in the folder is believed.

    Raises
    ------
    GoedeBuurError
        `publication-missing` where no log is published here; `note-malformed` for a `vkey` that is none.
    """
    publication = Publication(folder)
    publication.note()
    return list(_problems(publication, progress, vkey))


def _problems(publication: Publication, progress: Progress | None, vkey: str | None) -> Iterator[Problem]:
    try:
        beside = publication.read(KEY)
        if not beside.endswith(b"\n") or (vkey is not None and vkey not in publication.vkeys()):
            yield Problem("key", KEY, "it is not the public key of this log")
        checkpoint = publication.checkpoint(vkey)
    except FileNotFoundError:
        yield Problem("key", KEY, "the file is not there")
        if vkey is None:
            return
        checkpoint = publication.checkpoint(vkey)
    except GoedeBuurError as error:
        yield Problem("checkpoint", CHECKPOINT, f"{error.message} {error.value}")
        return
    wrong = set()
    for fault in audit(publication.read, checkpoint, progress):
        wrong.add(fault.path)
        yield Problem("tile", fault.path, f"{_named(fault.leaves)}: {fault.what}")
    for name in publication.names():
        if name not in (CHECKPOINT, KEY) and name not in wrong:
            yield from _further(publication, checkpoint, name)


def _further(publication: Publication, checkpoint: Checkpoint, name: str) -> Iterator[Problem]:
    """Check a file that the checkpoint does not need: a partial tile of an earlier one, or none of ours."""
    try:
        tile = tiles.parse_path(name)
        now = tiles.tile_at(tile.level, tile.number, checkpoint.size)
    except (GoedeBuurError, IndexError):
        yield Problem("tile", name, "no such file belongs to this log")
        return
    if tile == now:
        return
    if tile.width > now.width:
        yield Problem("tile", name, "it goes beyond the checkpoint")
    elif not _starts(publication, checkpoint, tile):
        yield Problem("tile", name, f"{_named(tile.leaves)}: not the start of the tile that is there now")


def _starts(publication: Publication, checkpoint: Checkpoint, tile: Tile) -> bool:
    """Return whether an earlier partial tile is the start of what the log signs now."""
    tree = TileTree(publication.read, checkpoint)
    data = publication.read(tile.path)
    try:
        if tile.level == ENTRIES:
            return data == tiles.encode_bundle(tree.entries(tile.start, tile.start + tile.width))
        return data == tree.tile(tile.level, tile.number)[: tile.width * 32]
    except GoedeBuurError:
        return True  # what it is held against is wrong, and said to be so


def _named(leaves: range) -> str:
    return f"leaf {leaves.start}" if len(leaves) == 1 else f"leaves {leaves.start} to {leaves.stop - 1}"
