"""Is what is published, all of it, what the log signed? Every entry and every tile is read and hashed.

From the root down: a tile is right when the hash over it is the one that the tile above holds. An entry is right
when its hash is the one in its tile. A tile that is wrong is made again from what lies under it, where that gives
the hash above, so that one wrong file does not hide what else is wrong: the report names each file, and each leaf.

References
----------
C2SP tlog-tiles; rfc-6962, section 2.1
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import tiles
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tile_tree import Read, TileTree, edge_root
from goedebuur.core.ledger.tiles import HEIGHT, WIDTH, Tile, fold, leaf_row
from goedebuur.core.ledger.tree import HASH_BYTES

Progress = Callable[[int, int], None]
"""Called with the leaves read so far, and their number in all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A file of a publication that is not what the log signed.

    Parameters
    ----------
    path
        Name of the file; `checkpoint` where no file in particular can be named.
    leaves
        The leaves that the fault is about: one for a changed entry, those under it for a tile.
    what
        What is wrong, in one sentence.
    """

    path: str
    leaves: range
    what: str


def audit(read: Read, checkpoint: Checkpoint, progress: Progress | None = None) -> Iterator[Fault]:
    """Yield everything that is not what the checkpoint signs; nothing means that every byte is right.

    Parameters
    ----------
    read
        Where the files come from; not trusted.
    checkpoint
        What the log signed, after its signature was verified.
    progress
        Called as leaves are read.
    """
    return _Audit(read, checkpoint, progress).run()


class _Audit:
    def __init__(self, read: Read, checkpoint: Checkpoint, progress: Progress | None) -> None:
        self._tree = TileTree(read, checkpoint)
        self._size = checkpoint.size
        self._root = checkpoint.root
        self._progress = progress
        self._above: dict[int, bytes | None] = {}

    def run(self) -> Iterator[Fault]:
        edge: dict[int, bytes] = {}
        yield from self._edge(edge)
        if self._size and not edge:
            return
        for level in reversed(tiles.levels_of(self._size)):
            rows: dict[int, bytes | None] = {}
            for number in range(-(-tiles.hashes_at(level, self._size) // WIDTH)):
                tile = tiles.tile_at(level, number, self._size)
                found: list[bytes | None] = [edge[level]] if tile.width < WIDTH else []
                if not found:
                    yield from self._full(tile, found)
                rows[number] = found[0]
                if level == 0:
                    yield from self._bundle(tile, rows.pop(number))
            self._above = rows

    # tiles

    def _edge(self, edge: dict[int, bytes]) -> Iterator[Fault]:
        """Fill in the partial tiles that give the root, as they are or made again from what lies under them."""
        wanted = tiles.edge(self._size)
        files = {tile.level: self._file(tile) for tile in wanted}
        made: dict[int, bytes | None] = {}
        if None in files.values() or self._gives(files) is None:
            made = {tile.level: self._made(tile) for tile in wanted}
        options = [tuple(dict.fromkeys((files[tile.level], made.get(tile.level)))) for tile in wanted]
        for rows in itertools.product(*options):
            chosen = self._gives(dict(zip((tile.level for tile in wanted), rows, strict=True)))
            if chosen is not None:
                edge.update(chosen)
                for tile in wanted:
                    if chosen[tile.level] != files[tile.level]:
                        yield self._wrong(tile)
                return
        for path in [tile.path for tile in wanted] or ["checkpoint"]:
            yield Fault(
                path,
                range(self._size),
                "the partial tiles do not give the root that the checkpoint signs, nor do the files under them",
            )

    def _full(self, tile: Tile, found: list[bytes | None]) -> Iterator[Fault]:
        """Add the row of a full tile to `found`: the file's, or made again; None where neither is what was signed."""
        row_above = self._above[tile.number >> HEIGHT]
        if row_above is None:
            found.append(None)
            return
        at = tile.number % WIDTH * HASH_BYTES
        above = row_above[at : at + HASH_BYTES]
        row = self._file(tile)
        if row is not None and fold(row) == above:
            found.append(row)
            return
        yield self._wrong(tile)
        made = self._made(tile)
        found.append(made if made is not None and fold(made) == above else None)
        if found[0] is None and tile.level:
            yield Fault(tile.path, tile.leaves, "what lies under it cannot be checked: it is changed as well")

    def _wrong(self, tile: Tile) -> Fault:
        try:
            self._tree.read(tile)
        except GoedeBuurError as error:
            return Fault(tile.path, tile.leaves, f"{error.message} {error.value}".strip())
        return Fault(tile.path, tile.leaves, "not the hashes that the log signed")

    def _file(self, tile: Tile) -> bytes | None:
        try:
            return self._tree.read(tile)
        except GoedeBuurError:
            return None

    def _made(self, tile: Tile) -> bytes | None:
        """Return a tile made again from the files under it as they are, nothing of them checked."""
        if tile.level == 0:
            leaves, _, _ = self._read_bundle(tile)
            return leaf_row(leaves) if len(leaves) == tile.width else None
        rows = [self._file(Tile(tile.level - 1, tile.start + at)) for at in range(tile.width)]
        return None if None in rows else b"".join(fold(row) for row in rows if row is not None)

    def _gives(self, rows: dict[int, bytes | None]) -> dict[int, bytes] | None:
        whole = {level: row for level, row in rows.items() if row is not None}
        if len(whole) == len(rows) and edge_root(whole) == self._root:
            return whole
        return None

    # entries

    def _bundle(self, tile: Tile, row: bytes | None) -> Iterator[Fault]:
        leaves, path, problem = self._read_bundle(tile)
        if row is None:
            yield Fault(path, tile.leaves, "neither the bundle nor the tile over it is what the log signed")
        elif problem or leaf_row(leaves) != row:
            yield from self._leaves(tile, row, leaves, path, problem)
        if self._progress is not None:
            self._progress(tile.leaves.stop, self._size)

    def _leaves(self, tile: Tile, row: bytes, leaves: list[bytes], path: str, problem: str) -> Iterator[Fault]:
        """Yield the entries that are not what was signed; the first of them where the bytes are out of step."""
        hashed = leaf_row(leaves)
        for at in range(tile.width):
            here = slice(at * HASH_BYTES, (at + 1) * HASH_BYTES)
            if hashed[here] != row[here]:
                one = tile.start + at
                yield Fault(path, range(one, one + 1), problem or "the entry is not the one that the log signed")
                if problem:
                    return
        if problem and hashed == row:
            yield Fault(path, tile.leaves, problem)

    def _read_bundle(self, tile: Tile) -> tuple[list[bytes], str, str]:
        """Return the leaves of a bundle that are whole, the name of the file, and what is wrong with its form."""
        try:
            named, data = self._tree.read_bundle(tile.number)
        except GoedeBuurError as error:
            return [], Tile(tiles.ENTRIES, tile.number, tile.width).path, error.message
        leaves, rest = tiles.whole_entries(data)
        problem = ""
        if rest or len(leaves) != named.width:
            problem = f"{len(leaves)} whole entries and {rest} bytes, where there have to be {named.width} entries"
        return leaves[: tile.width], named.path, problem
