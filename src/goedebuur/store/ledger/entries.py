"""The entries file: two bytes of length (big-endian) and the bytes of a leaf, one after the other.

Cut at each 256th entry it is the entry bundles of C2SP tlog-tiles, byte for byte.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from goedebuur.core.ledger.tiles import LENGTH_BYTES, encode_bundle, whole_entries


def encode(leaves: Iterable[bytes]) -> bytes:
    """Return the entries of these leaves, in order."""
    return encode_bundle(leaves)


def split(data: bytes) -> list[bytes]:
    """Return the leaves in whole entries.

    Raises
    ------
    ValueError
        If the bytes end within an entry.
    """
    leaves, rest = whole_entries(data)
    if rest:
        raise ValueError(f"the bytes end within entry {len(leaves)}")
    return leaves


class Entries:
    """Where each entry of a file lies; reading goes to the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offsets = array("Q", [0])

    @property
    def count(self) -> int:
        """Return the number of entries known."""
        return len(self.offsets) - 1

    @property
    def size(self) -> int:
        """Return the length of the entries known. [byte]"""
        return self.offsets[-1]

    def scan(self, count: int) -> Iterator[bytes]:
        """Yield further leaves from the file until `count` entries are known; fewer where the file ends sooner."""
        with open(self.path, "rb") as file:
            file.seek(self.size)
            while self.count < count:
                leaf = _next(file)
                if leaf is None:
                    return
                self.add(leaf)
                yield leaf

    def add(self, leaf: bytes) -> None:
        """Know one entry more."""
        self.offsets.append(self.size + LENGTH_BYTES + len(leaf))

    def read(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves from `start` up to `stop`, from the file."""
        with open(self.path, "rb") as file:
            file.seek(self.offsets[start])
            return split(file.read(self.offsets[stop] - self.offsets[start]))

    def tail(self) -> bytes:
        """Return what the file has after the entries known."""
        with open(self.path, "rb") as file:
            file.seek(self.size)
            return file.read()

    def file_size(self) -> int:
        """Return the length of the file. [byte]"""
        return os.stat(self.path).st_size


def _next(file: BinaryIO) -> bytes | None:
    head = file.read(LENGTH_BYTES)
    length = int.from_bytes(head, "big")
    leaf = file.read(length)
    return leaf if len(head) == LENGTH_BYTES and len(leaf) == length else None
