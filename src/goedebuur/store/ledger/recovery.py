"""What is needed to tell a whole group of entries from half of one after a crash."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goedebuur.core.base import canonical
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.store.evidence import Evidence
from goedebuur.store.ledger.entries import split


@dataclass(frozen=True, slots=True)
class Intent:
    """Which bytes one append adds to the entries.

    Parameters
    ----------
    first
        Index of the first leaf.
    offset
        Length of the entries before. [byte]
    length
        Length of what is added. [byte]
    sha256
        Digest of what is added.
    """

    first: int
    offset: int
    length: int
    sha256: str

    @classmethod
    def of(cls, first: int, offset: int, data: bytes) -> Intent:
        """Return the intent to add these bytes."""
        return cls(first, offset, len(data), canonical.sha256(data))

    @classmethod
    def read(cls, path: Path) -> Intent:
        """Return the intent in a file, or one that fits nothing where there is none that can be read."""
        try:
            body = canonical.decode(path.read_bytes())
            return cls(body["first"], body["offset"], body["length"], body["sha256"])
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return cls(-1, -1, -1, "")

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        return canonical.encode(
            {"first": self.first, "length": self.length, "offset": self.offset, "sha256": self.sha256}
        )

    def whole(self, first: int, offset: int, tail: bytes) -> list[bytes]:
        """Return the leaves at the start of the tail if they are this group, whole; an empty list otherwise."""
        if (self.first, self.offset) != (first, offset) or len(tail) < self.length:
            return []
        data = tail[: self.length]
        return split(data) if canonical.sha256(data) == self.sha256 else []


def recover_evidence(evidence: Evidence, group: list[bytes]) -> None:
    """Check that all that a group of leaves names is there and undamaged.

    Raises
    ------
    GoedeBuurError
        `evidence-missing` or `evidence-damaged`: no crash does this, as evidence is on the disk before its entry.
    """
    for blob in group:
        leaf = leaf_format.decode(blob)
        evidence.require(leaf)
        if isinstance(leaf, leaf_format.Leaf):
            if leaf.payload is not None:
                evidence.payload(leaf.payload["sha256"])
            if leaf.batch is not None:
                evidence.batch(leaf.batch["sha256"])
