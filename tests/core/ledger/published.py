"""A small published log in memory, for tests: leaves, tree, files, and ways to alter them."""

from __future__ import annotations

from collections.abc import Callable

from goedebuur.core.ledger import tiles
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import ENTRIES, HEIGHT
from goedebuur.core.ledger.tree import Tree, leaf_hash

ORIGIN = "record.example/log"


class Published:
    """Leaves, the tree over them, and the files that a publication of it has."""

    def __init__(self, size: int, leaf: Callable[[int], bytes] = lambda index: b"leaf %d" % index) -> None:
        self.leaves = [leaf(index) for index in range(size)]
        self.tree = Tree()
        for one in self.leaves:
            self.tree.append(leaf_hash(one))
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        for tile in tiles.tiles_of(size):
            stop = tile.start + tile.width
            if tile.level == ENTRIES:
                self.files[tile.path] = tiles.encode_bundle(self.leaves[tile.start : stop])
            else:
                self.files[tile.path] = self.tree.row(HEIGHT * tile.level, tile.start, stop)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """Return what the log signs."""
        size = self.tree.size if size is None else size
        return Checkpoint(ORIGIN, size, self.tree.root(size))

    def read(self, path: str) -> bytes:
        """Return a file, and remember that it was asked for."""
        self.asked.append(path)
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def reader(self, size: int | None = None) -> TileTree:
        """Return a reader that has read nothing yet."""
        return TileTree(self.read, self.checkpoint(size))

    def alter_entry(self, index: int) -> None:
        """Put another leaf in a bundle, and its hash in the tile over it: both, as CVE-2026-56865 has it."""
        self.alter_bundle(index)
        path = tiles.tile_at(0, index // 256, self.tree.size).path
        row, at = bytearray(self.files[path]), index % 256 * 32
        row[at : at + 32] = leaf_hash(b"forged")
        self.files[path] = bytes(row)

    def alter_bundle(self, index: int) -> None:
        """Put another leaf in a bundle."""
        path = tiles.tile_at(ENTRIES, index // 256, self.tree.size).path
        leaves = tiles.parse_bundle(self.files[path])
        leaves[index % 256] = b"forged"
        self.files[path] = tiles.encode_bundle(leaves)
