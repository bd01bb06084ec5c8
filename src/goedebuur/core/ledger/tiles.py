"""The tree and the entries cut into files of fixed content, as C2SP tlog-tiles has them: names and bytes.

A tile holds up to 256 hashes of one level; a hash of level n + 1 is the hash over a full tile of level n. A bundle
holds the leaves under a tile of level 0. Full ones never change; the last of each level is partial, and is
named by how many hashes it holds. Reading and believing them is `core/ledger/tile_tree.py`.

References
----------
C2SP tlog-tiles, "Merkle Tree", "Partial Tiles" and "Log entries"
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger.tree import HASH_BYTES

TILE_MALFORMED: Final = declare("tile-malformed", "A tile or bundle of the log is not in the form that it has.")

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
ENTRIES: Final = -1
"""Stands in the place of the level for entry bundles."""
MAX_LEVEL: Final = 63
LENGTH_BYTES: Final = 2

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Which tile: its level, its number within the level, and how many hashes it holds.

    Parameters
    ----------
    level
        From 0 (hashes of leaves) up, or :data:`ENTRIES` for the bundle of leaves.
    number
        Counts from 0, from the left.
    width
        1 to 256; 256 is a full tile.
    """

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the name of the file, as `tile/0/x001/234.p/5`."""
        parts = [f"{self.number % 1000:03d}"]
        rest = self.number // 1000
        while rest:
            parts.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"

    @property
    def full(self) -> Tile:
        """Return the full tile in this place."""
        return Tile(self.level, self.number)

    @property
    def start(self) -> int:
        """Return the number of its first hash within the level; of a bundle, its first leaf."""
        return self.number << HEIGHT

    @property
    def leaves(self) -> range:
        """Return the leaves that a tile of this width stands over."""
        shift = HEIGHT * max(self.level, 0)
        return range(self.start << shift, (self.start + self.width) << shift)


def parse_path(path: str) -> Tile:
    """Return the tile of which this is the name.

    Raises
    ------
    GoedeBuurError
        `tile-malformed` for any other spelling than :attr:`Tile.path`.
    """
    found = _PATH.fullmatch(path)
    if found is not None:
        level = ENTRIES if found["level"] == "entries" else int(found["level"])
        number = int(found["number"].replace("/", "").replace("x", ""))
        tile = Tile(level, number, int(found["width"] or WIDTH))
        if level <= MAX_LEVEL and tile.width <= WIDTH and tile.path == path:
            return tile
    raise GoedeBuurError(TILE_MALFORMED, "This is not the name of a tile or bundle.", value=path)


def hashes_at(level: int, size: int) -> int:
    """Return how many hashes a level has in a tree of `size` leaves."""
    return size >> (HEIGHT * max(level, 0))


def levels_of(size: int) -> range:
    """Return the levels that have tiles in a tree of `size` leaves."""
    return range(-(-size.bit_length() // HEIGHT))


def tile_at(level: int, number: int, size: int) -> Tile:
    """Return the tile in this place in a tree of `size` leaves, full or partial. IndexError where there is none."""
    width = min(WIDTH, hashes_at(level, size) - (number << HEIGHT))
    if number < 0 or width < 1:
        raise IndexError(f"there is no tile {number} of level {level} in a tree of {size}")
    return Tile(level, number, width)


def edge(size: int) -> list[Tile]:
    """Return the partial tiles of hashes in a tree of `size` leaves, from level 0 up. The root follows from them."""
    counts = ((level, hashes_at(level, size)) for level in levels_of(size))
    return [Tile(level, count >> HEIGHT, count % WIDTH) for level, count in counts if count % WIDTH]


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles and bundles that a tree of `size` leaves has and one of `since` leaves has not."""
    for level in (ENTRIES, *levels_of(size)):
        count = hashes_at(level, size)
        for number in range(hashes_at(level, since) >> HEIGHT, count >> HEIGHT):
            yield Tile(level, number)
        if count % WIDTH and count != hashes_at(level, since):
            yield Tile(level, count >> HEIGHT, count % WIDTH)


def leaf_row(leaves: Iterable[bytes]) -> bytes:
    """Return the hashes of these leaves, joined: the tile of level 0 over them."""
    sha256 = hashlib.sha256
    return b"".join([sha256(b"\x00" + leaf).digest() for leaf in leaves])


def fold(row: bytes) -> bytes:
    """Return the hash over a row of hashes whose number is a power of two; of a full tile, its hash one level up."""
    return pyramid(row)[-1]


def pyramid(row: bytes) -> list[bytes]:
    """Return the hashes of a tile, of the pairs in it, of the pairs of those, up to the last full pair."""
    sha256, rows = hashlib.sha256, [row]
    while len(row) >= 2 * HASH_BYTES:
        row = b"".join([sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, len(row) - HASH_BYTES, 64)])
        rows.append(row)
    return rows


def encode_bundle(leaves: Iterable[bytes]) -> bytes:
    """Return the entries of these leaves: two bytes of length (big-endian) and the leaf, one after the other."""
    return b"".join([len(leaf).to_bytes(LENGTH_BYTES, "big") + leaf for leaf in leaves])


def parse_bundle(data: bytes, width: int | None = None, place: str = "") -> list[bytes]:
    """Return the leaves in a bundle.

    Parameters
    ----------
    width
        How many there must be; any number without it.
    place
        Name of the file, for the error.

    Raises
    ------
    GoedeBuurError
        `tile-malformed` where the bytes end within an entry, or hold another number of them.
    """
    leaves, rest = whole_entries(data)
    if rest or (width is not None and len(leaves) != width):
        wanted = "" if width is None else f", not {width} and nothing else"
        raise GoedeBuurError(
            TILE_MALFORMED,
            "The bytes are not a bundle of entries.",
            place=place,
            value=f"{len(leaves)} whole entries and {rest} bytes{wanted}",
        )
    return leaves


def whole_entries(data: bytes) -> tuple[list[bytes], int]:
    """Return the leaves in the whole entries at the start of the bytes, and how many bytes follow them."""
    leaves: list[bytes] = []
    offset, size = 0, len(data)
    while offset + LENGTH_BYTES <= size:
        start = offset + LENGTH_BYTES
        end = start + (data[offset] << 8 | data[offset + 1])
        if end > size:
            break
        leaves.append(data[start:end])
        offset = end
    return leaves, size - offset
