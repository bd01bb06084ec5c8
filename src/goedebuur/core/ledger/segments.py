"""A segment of the journal: small deliveries one after the other, each in a frame that shows whether it is whole.

A closed segment becomes the payload of the leaf that seals it, so this form is part of the evidence: it stays readable.

    frame   "GBJ1" ‖ length of body (4 bytes, big-endian) ‖ SHA-256 of body (32 bytes) ‖ body
    body    length of header (4 bytes) ‖ header, canonical JSON ‖ bytes as received

The header of a signed delivery has `signature` too, in the form of `core/ledger/statements.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from goedebuur.core.base import canonical

MAGIC: Final = b"GBJ1"
_HEAD: Final = len(MAGIC) + 4 + 32
_NAMED: Final = ("sequence", "submitter", "adapter", "name", "received", "seal_by")
HEADER_KEY: Final = "deliveries"
"""Key in the header of a sealed batch under which its deliveries are listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One small delivery as the journal holds it.

    Parameters
    ----------
    sequence
        Its number: counts up by one over all segments.
    submitter, adapter, name
        Who delivered, parser with version (`mqtt/1`), name that the supplier gave.
    received, seal_by
        When it was received and the latest moment of sealing, ISO UTC.
    data
        The bytes as received.
    signature
        The submitter's own, or None.
    """

    sequence: int
    submitter: str
    adapter: str
    name: str
    received: str
    seal_by: str
    data: bytes
    signature: Mapping[str, Any] | None = None

    @property
    def sha256(self) -> str:
        """Return the digest of the bytes as received."""
        return canonical.sha256(self.data)

    @property
    def id(self) -> str:
        """Return the identity under which the same delivery is recognised."""
        return f"{self.sha256}:{self.adapter}"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields without the bytes, with their digest and size."""
        signed = {} if self.signature is None else {"signature": dict(self.signature)}
        return {
            "adapter": self.adapter,
            "name": self.name,
            "received": self.received,
            "seal_by": self.seal_by,
            "sequence": self.sequence,
            "sha256": self.sha256,
            "size": len(self.data),
            "submitter": self.submitter,
            **signed,
        }


def encode(entry: Entry) -> bytes:
    """Return the frame of one delivery."""
    header = canonical.encode(entry.as_dict())
    body = len(header).to_bytes(4, "big") + header + entry.data
    return MAGIC + len(body).to_bytes(4, "big") + hashlib.sha256(body).digest() + body


def parse(data: bytes) -> tuple[list[Entry], int]:
    """Return the deliveries in the whole frames at the start, and how many bytes those are."""
    entries: list[Entry] = []
    offset = 0
    while (found := _frame(data, offset)) is not None:
        entry, offset = found
        entries.append(entry)
    return entries, offset


def frames_after(data: bytes, offset: int) -> bool:
    """Return whether a whole frame starts anywhere after the offset: then what is there was damaged, not torn."""
    at = data.find(MAGIC, offset + 1)
    while at >= 0:
        if _frame(data, at) is not None:
            return True
        at = data.find(MAGIC, at + 1)
    return False


def batch_header(entries: Sequence[Entry]) -> dict[str, str]:
    """Return what the header of the sealed batch says: the identity (digest and parser) of each delivery, in order."""
    return {HEADER_KEY: " ".join(entry.id for entry in entries)}


def _frame(data: bytes, offset: int) -> tuple[Entry, int] | None:
    head = data[offset : offset + _HEAD]
    if len(head) < _HEAD or not head.startswith(MAGIC):
        return None
    end = offset + _HEAD + int.from_bytes(head[4:8], "big")
    body = data[offset + _HEAD : end]
    if end > len(data) or hashlib.sha256(body).digest() != head[8:]:
        return None
    split = 4 + int.from_bytes(body[:4], "big")
    try:
        header = canonical.decode(body[4:split])
        entry = Entry(**{name: header[name] for name in _NAMED}, data=body[split:], signature=header.get("signature"))
    except (ValueError, KeyError):
        return None
    return (entry, end) if entry.as_dict() == header else None
