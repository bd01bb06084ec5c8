"""The Merkle tree over the leaves: hashes, proofs and their verification, as RFC 6962 and RFC 9162 have them.

References
----------
rfc-6962, section 2.1 (hashing, paths, proofs); rfc-9162, sections 2.1.3.2 and 2.1.4.2 (verification)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
Node = Callable[[int, int], bytes]
"""Gives the hash of the full subtree of 2**level leaves with a number: `node(level, number)`."""


def leaf_hash(data: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ data), 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right), 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing Merkle tree that keeps the hash of every full subtree: 64 bytes a leaf, proofs in O(log² n)."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return len(self._levels[0]) // HASH_BYTES

    def append(self, hashed: bytes) -> None:
        """Add the hash of one leaf."""
        level = 0
        while True:
            if level == len(self._levels):
                self._levels.append(bytearray())
            row = self._levels[level]
            row += hashed
            if len(row) // HASH_BYTES % 2:
                return
            hashed = node_hash(bytes(row[-2 * HASH_BYTES : -HASH_BYTES]), hashed)
            level += 1

    def leaf(self, index: int) -> bytes:
        """Return the hash of one leaf."""
        _require(0 <= index < self.size, f"leaf {index} of a tree of {self.size}")
        return self._node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves (all, without it): MTH of RFC 6962."""
        size = self.size if size is None else size
        _require(0 <= size <= self.size, f"the root at {size} of a tree of {self.size}")
        return subtree_hash(self._node, 0, size) if size else EMPTY_ROOT

    def row(self, level: int, start: int, stop: int) -> bytes:
        """Return the hashes of the full subtrees of 2**level leaves from number `start` up to `stop`, joined."""
        _require(0 <= start <= stop <= self.size >> level, f"hashes {start} to {stop} of level {level}")
        return bytes(self._levels[level][start * HASH_BYTES : stop * HASH_BYTES]) if start < stop else b""

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the audit path of a leaf in the tree of `size` leaves, from the leaf up: PATH of RFC 6962."""
        size = self.size if size is None else size
        _require(0 <= index < size <= self.size, f"a path of leaf {index} at size {size} in a tree of {self.size}")
        return inclusion_path(self._node, index, size)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the tree of `old` leaves is the start of that of `new`: PROOF of RFC 6962."""
        new = self.size if new is None else new
        _require(0 <= old <= new <= self.size, f"a proof from {old} to {new} in a tree of {self.size}")
        return consistency_path(self._node, old, new)

    def _node(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES])


def subtree_hash(node: Node, start: int, end: int) -> bytes:
    """Return MTH(D[start:end]) of RFC 6962, where `start` is a multiple of the power of two not below the width."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(width)
    return node_hash(subtree_hash(node, start, middle), subtree_hash(node, middle, end))


def inclusion_path(node: Node, index: int, size: int) -> list[bytes]:
    """Return PATH(index, D[0:size]) of RFC 6962, for an index below the size."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree_hash(node, middle, end))
            end = middle
        else:
            path.append(subtree_hash(node, start, middle))
            start = middle
    return path[::-1]


def consistency_path(node: Node, old: int, new: int) -> list[bytes]:
    """Return PROOF(old, D[0:new]) of RFC 6962, for `old` not above `new`; empty where nothing needs to be shown."""
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(subtree_hash(node, middle, end))
            end = middle
        else:
            proof.append(subtree_hash(node, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(subtree_hash(node, start, end))
    return proof[::-1]


def verify_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof shows that the leaf hash is at this index of the tree with this root.

    References
    ----------
    rfc-9162, 2.1.3.2
    """
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, hashed
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows that the tree of `old` leaves is the start of the tree of `new` leaves.

    References
    ----------
    rfc-9162, 2.1.4.2
    """
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(width: int) -> int:
    """Return the largest power of two smaller than the width."""
    return 1 << ((width - 1).bit_length() - 1)


def _require(holds: bool, asked: str) -> None:
    if not holds:
        raise IndexError(f"there is no such thing: {asked}")
