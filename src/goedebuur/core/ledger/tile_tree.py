"""The tree read from tiles that nobody vouches for: each of them is checked up to the signed root before it is used.

The partial tiles at the right edge together give the root, so they are believed when they do. A full tile is believed
when the hash over it is the one that the tile above holds in its place. An entry is believed when its hash is
the one in its tile. No hash is taken from a tile that was not checked so: readers that took some on trust let
through an entry altered together with the tile over it (CVE-2026-56865 in Go's `sumdb/tlog`).

References
----------
C2SP tlog-tiles; rfc-6962, section 2.1
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import tiles
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Tile
from goedebuur.core.ledger.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    subtree_hash,
)

TILE_MISSING: Final = declare("tile-missing", "A tile or bundle of the log is not there.")
TILE_OTHER: Final = declare("tile-other", "A tile or bundle is not the one that the log signed.")

Read = Callable[[str], bytes]
"""Gives the bytes of a file of the publication by its name; raises FileNotFoundError where there is none."""
KEPT: Final = 512
"""Checked tiles that stay in memory, with the levels within them: 8 MiB."""


class TileTree:
    """The tree that a checkpoint signs, read from tiles.

    Parameters
    ----------
    read
        Where the tiles come from: a folder, a server; not trusted.
    checkpoint
        What the log signed, after its signature was verified: all else is checked against its root.

    Raises
    ------
    GoedeBuurError
        From every method: `tile-missing`; `tile-malformed`; `tile-other` where a tile or an entry is not what
        the checkpoint signs. IndexError for what is not in the tree.
    """

    def __init__(self, read: Read, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._read = read
        self._edge: dict[int, list[bytes]] | None = None
        self._kept: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self.checkpoint.size

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves; over all without it."""
        size = self.size if size is None else size
        self._require(0 <= size <= self.size, f"the root at {size}")
        self.check_edge()
        return subtree_hash(self._node, 0, size) if size else EMPTY_ROOT

    def leaf_hash(self, index: int) -> bytes:
        """Return the hash of one leaf."""
        self._require(0 <= index < self.size, f"leaf {index}")
        return self._hash(0, index)

    def leaf_hashes(self, start: int, stop: int) -> list[bytes]:
        """Return the hashes of the leaves from `start` up to `stop`."""
        self._require(0 <= start <= stop <= self.size, f"leaves {start} to {stop}")
        return [self._hash(0, index) for index in range(start, stop)]

    def entry(self, index: int) -> bytes:
        """Return the bytes of one leaf."""
        self._require(0 <= index < self.size, f"leaf {index}")
        return self.entries(index, index + 1)[0]

    def entries(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves from `start` up to `stop`, each checked against its hash in the tree."""
        self._require(0 <= start <= stop <= self.size, f"leaves {start} to {stop}")
        found: list[bytes] = []
        for number in range(start >> HEIGHT, (stop + WIDTH - 1) >> HEIGHT if stop > start else 0):
            first = number << HEIGHT
            found += self._bundle(number)[max(0, start - first) : stop - first]
        return found

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the hashes that lead from a leaf to the root at `size`."""
        size = self.size if size is None else size
        self._require(0 <= index < size <= self.size, f"a path of leaf {index} at size {size}")
        self.check_edge()
        return inclusion_path(self._node, index, size)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the hashes that show the tree at `old` to be the start of the tree at `new`."""
        new = self.size if new is None else new
        self._require(0 <= old <= new <= self.size, f"a proof from {old} to {new}")
        self.check_edge()
        return consistency_path(self._node, old, new)

    def tile(self, level: int, number: int) -> bytes:
        """Return the hashes of one tile, joined, checked up to the root."""
        return self._rows(level, number)[0]

    def _rows(self, level: int, number: int) -> list[bytes]:
        """Return the hashes of a tile and those of the levels above within it, checked up to the root."""
        tile = tiles.tile_at(level, number, self.size)
        if tile.width < WIDTH:
            return self.check_edge()[level]
        kept = self._kept.get((level, number))
        if kept is None:
            kept = self._checked(tile)
            self._kept[level, number] = kept
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return kept

    def check_edge(self) -> dict[int, list[bytes]]:
        """Return the partial tiles by level, with the levels within them, once they give the root that is signed."""
        if self._edge is None:
            partial = {tile.level: tiles.pyramid(self.read(tile)) for tile in tiles.edge(self.size)}
            if _root_of(partial) != self.checkpoint.root:
                names = ", ".join(tile.path for tile in tiles.edge(self.size))
                raise GoedeBuurError(
                    TILE_OTHER,
                    "The tiles do not give the root hash that the checkpoint signs.",
                    place=names or "checkpoint",
                    hint="Fetch them again; if they stay so, what is published is not what the log signed.",
                )
            self._edge = partial
        return self._edge

    def read(self, tile: Tile) -> bytes:
        """Return the bytes of a tile of hashes as they are read, of the right length; nothing of them is checked.

        A partial tile may have gone when the full one came: then its hashes are the first of that one.
        """
        path, data = self._fetch(tile)
        if len(data) == WIDTH * HASH_BYTES and path != tile.path:
            data = data[: tile.width * HASH_BYTES]
        if len(data) != tile.width * HASH_BYTES:
            raise GoedeBuurError(
                tiles.TILE_MALFORMED,
                "A tile does not have the length that it has to have.",
                place=path,
                value=f"{len(data)} bytes for {tile.width} hashes",
            )
        return data

    def read_bundle(self, number: int) -> tuple[Tile, bytes]:
        """Return the bundle in this place and its bytes as they are read, nothing of them checked."""
        tile = tiles.tile_at(ENTRIES, number, self.size)
        path, data = self._fetch(tile)
        return (tile if path == tile.path else tile.full), data

    def _fetch(self, tile: Tile) -> tuple[str, bytes]:
        for path in dict.fromkeys((tile.path, tile.full.path)):
            try:
                return path, self._read(path)
            except FileNotFoundError:
                continue
        raise GoedeBuurError(
            TILE_MISSING,
            "A part of the log is not there.",
            place=tile.path,
            hint="Publish the log again, or fetch it from another place.",
        )

    def _checked(self, tile: Tile) -> list[bytes]:
        above = self._hash(tile.level + 1, tile.number)
        rows = tiles.pyramid(self.read(tile))
        if rows[-1] != above:
            raise GoedeBuurError(
                TILE_OTHER,
                "A tile is not the one that the log signed.",
                place=tile.path,
                value=f"over leaves {tile.leaves.start} to {tile.leaves.stop - 1}",
                hint="Fetch it again; if it stays so, what is published is not what the log signed.",
            )
        return rows

    def _bundle(self, number: int) -> list[bytes]:
        row = self.tile(0, number)
        named, data = self.read_bundle(number)
        width = len(row) // HASH_BYTES
        leaves = tiles.parse_bundle(data, named.width, named.path)[:width]
        for at, leaf in enumerate(leaves):
            if leaf_hash(leaf) != row[at * HASH_BYTES : (at + 1) * HASH_BYTES]:
                raise GoedeBuurError(
                    TILE_OTHER,
                    "An entry is not the one that the log signed.",
                    place=named.path,
                    value=f"leaf {named.start + at}",
                    hint="Fetch it again; if it stays so, what is published is not what the log signed.",
                )
        return leaves

    def _hash(self, level: int, index: int) -> bytes:
        at = index % WIDTH * HASH_BYTES
        return self.tile(level, index >> HEIGHT)[at : at + HASH_BYTES]

    def _node(self, level: int, index: int) -> bytes:
        stored, above = divmod(level, HEIGHT)
        first = index << above
        at = (first % WIDTH >> above) * HASH_BYTES
        return self._rows(stored, first >> HEIGHT)[above][at : at + HASH_BYTES]

    def _require(self, holds: bool, asked: str) -> None:
        if not holds:
            raise IndexError(f"there is no such thing: {asked} in a tree of {self.size}")


def edge_root(partial: dict[int, bytes]) -> bytes:
    """Return the root that the partial tiles of a tree give, by level, whatever they hold."""
    return _root_of({level: tiles.pyramid(row) for level, row in partial.items()})


def _root_of(partial: dict[int, list[bytes]]) -> bytes:
    root = b""
    for level in sorted(partial):
        for row in partial[level]:
            if len(row) // HASH_BYTES % 2:
                left = row[-HASH_BYTES:]
                root = node_hash(left, root) if root else left
    return root or EMPTY_ROOT
