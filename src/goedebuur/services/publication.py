"""Is the published log, every byte of it, what the log signed? From the folder of static files alone.

Needs no record, no database and no private key. What is checked of the record itself is `services/verification.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, tiles
from goedebuur.core.ledger.audit import Progress, audit
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import ENTRIES, Tile
from goedebuur.services.verification import Problem
from goedebuur.store import keys
from goedebuur.store.ledger.publication import CHECKPOINT, KEY, README, Publication


def check(
    folder: Path, progress: Progress | None = None, *, vkey: str | None = None, policy: Policy | None = None
) -> list[Problem]:
    """Return every file of a publication that is not what the log signed, with the leaf; empty where all is right.

    Parameters
    ----------
    folder
        The published log.
    progress
        Called with the leaves read so far, and their number in all.
    vkey
        Public key of the log as its reader knows it from elsewhere. Without it the key in the folder is believed.
    policy
        Whose cosignatures have to be under the checkpoint, and how many. Without it the lines of witnesses are passed
        over, as those of witnesses that are not in it are.

    Raises
    ------
    GoedeBuurError
        `publication-missing` where no log is published here; `note-malformed` for a `vkey` that is none.
    """
    publication = Publication(folder)
    publication.note()
    return list(_problems(publication, progress, vkey, policy or Policy(0, ())))


def _problems(
    publication: Publication, progress: Progress | None, vkey: str | None, policy: Policy
) -> Iterator[Problem]:
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
    yield from _readme(publication, vkey)
    yield from _cosigned(publication, policy)
    wrong = set()
    for fault in audit(publication.read, checkpoint, progress):
        wrong.add(fault.path)
        yield Problem("tile", fault.path, f"{_named(fault.leaves)}: {fault.what}")
    for name in publication.names():
        if name not in (CHECKPOINT, KEY, README) and name not in wrong:
            yield from _further(publication, checkpoint, name)


def _readme(publication: Publication, vkey: str | None) -> Iterator[Problem]:
    """Check that the README, where there is one, names the key of this log; nothing signs the rest of it."""
    try:
        said = publication.read(README).decode(errors="replace")
        named = publication.vkeys() if vkey is None else [vkey]
    except (FileNotFoundError, GoedeBuurError):
        return
    if any(f"`{one}`" not in said for one in named):
        yield Problem("readme", README, "it does not name the public key of this log")


def _cosigned(publication: Publication, policy: Policy) -> Iterator[Problem]:
    """Check the lines of the witnesses in the policy, and that there are enough of them."""
    try:
        standing = cosignatures.check(publication.note(), policy, keys.verify)
    except GoedeBuurError as error:
        yield Problem("checkpoint", CHECKPOINT, f"{error.message} {error.value}")
        return
    if not standing.enough:
        said = f"cosigned by {len(standing.cosigned)} of the witnesses; the policy asks for {policy.needed}"
        yield Problem("checkpoint", CHECKPOINT, said)


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
