"""One leaf per batch: the canonical JSON that is hashed into the log. Settled for good in format version 1.

A leaf is either open (a header) or closed (a salted commitment to a header, with its opening date and who may open
it). Later versions must read every golden file in `tests/core/ledger/golden/`. Leaves are at most 65,535 bytes, the
limit of an entry in the C2SP tlog-tiles bundle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from goedebuur.core.base import canonical, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare

FORMAT_VERSION: Final = 1
MAX_LEAF_BYTES: Final = 65_535
KINDS: Final = ("observations", "correction", "sealed", "catalogue", "rules", "result")

LEAF_UNREADABLE: Final = declare("leaf-unreadable", "A leaf of the log is not in a form that this version knows.")
LEAF_TOO_LARGE: Final = declare("leaf-too-large", "A leaf would be larger than the log's format allows.")
BOOK: Final = rulebook.area(
    "log",
    "Passen in het logboek",
    "Fitting in the log",
    rulebook.standard("C2SP tlog-tiles: an entry of a bundle has at most 65,535 bytes"),
    "tests/rulebook/test_deliveries.py::test_refused",
)
IN_A_LEAF: Final = BOOK.refuse(
    "leaf",
    LEAF_TOO_LARGE,
    f"Wat een blad van het logboek over een levering zegt past in {MAX_LEAF_BYTES} bytes.",
    f"What a leaf of the log says of a delivery fits in {MAX_LEAF_BYTES} bytes.",
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The header of one batch.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    submitter
        Who delivered: an identifier from the catalogue.
    adapter
        Parser and its version, `rivm_lml/1`; empty where nothing was parsed.
    payload
        `{"sha256", "size", "name"}` of the bytes as received, or None (a result, a sealed journal).
    batch
        `{"sha256", "size", "rows"}` of the parsed rows (Parquet) or records (JSON lines).
    series
        Series in the batch, sorted.
    period
        First start and last end of the rows, ISO UTC; None without rows.
    received
        When the bytes were received, ISO UTC.
    supersedes
        Leaves of which rows are replaced here, ascending.
    reason
        Why they are replaced, in the supplier's or our words; empty in a first delivery.
    counts
        `values_in`, `stored`, `unchanged`, and a number per reason of skipping as `skipped:REASON`;
        in a correction also `changed`, `filled`, `withdrawn`, `status_only`.
    inputs
        For a result: `{"tree_size", "code", "rules_sha256", ...}`, its receipt.
    signature
        The submitter's own, or None.
    """

    kind: str
    submitter: str
    adapter: str
    received: str
    payload: Mapping[str, Any] | None = None
    batch: Mapping[str, Any] | None = None
    series: tuple[str, ...] = ()
    period: tuple[str, str] | None = None
    supersedes: tuple[int, ...] = ()
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, Any] | None = None
    signature: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise GoedeBuurError(LEAF_UNREADABLE, "This kind of leaf is not known.", value=str(self.kind))

    def quantities(self) -> set[str]:
        """Return the quantities of the series that the leaf names."""
        return {series.split(".")[1] for series in self.series if series.count(".") > 1}


@dataclass(frozen=True, slots=True)
class ClosedLeaf:
    """A salted commitment in place of a header: that something is there, since when, on which ground, until when.

    Parameters
    ----------
    commitment
        SHA-256 of salt and header, see :func:`commit`.
    closed_on
        When it was logged, ISO UTC.
    opens
        Date on which it must be opened, ISO; empty where that is not known yet.
    role
        The role, never a person, that is responsible for opening it.
    ground
        The legal ground, e.g. `Woo 5.1(2)(d)`.
    """

    commitment: str
    closed_on: str
    opens: str
    role: str
    ground: str


def commit(leaf: Leaf, salt: bytes) -> str:
    """Return the commitment to an open leaf: SHA-256(0x02 ‖ salt ‖ canonical leaf), with a salt of 32 bytes."""
    if len(salt) != 32:
        raise ValueError("a salt has 32 bytes")
    return hashlib.sha256(b"\x02" + salt + encode(leaf)).hexdigest()


def opens(closed: ClosedLeaf, leaf: Leaf, salt: bytes) -> bool:
    """Return whether the salt and the header are what the closed leaf commits to."""
    return commit(leaf, salt) == closed.commitment


def encode(leaf: Leaf | ClosedLeaf) -> bytes:
    """Return the bytes of a leaf.

    Raises
    ------
    GoedeBuurError
        `leaf-too-large`.
    """
    if isinstance(leaf, ClosedLeaf):
        body: dict[str, Any] = {
            "closed_on": leaf.closed_on,
            "commitment": leaf.commitment,
            "format_version": FORMAT_VERSION,
            "ground": leaf.ground,
            "kind": "closed",
            "opens": leaf.opens,
            "role": leaf.role,
        }
    else:
        body = {
            "adapter": leaf.adapter,
            "batch": dict(leaf.batch) if leaf.batch is not None else None,
            "counts": dict(leaf.counts),
            "format_version": FORMAT_VERSION,
            "inputs": dict(leaf.inputs) if leaf.inputs is not None else None,
            "kind": leaf.kind,
            "payload": dict(leaf.payload) if leaf.payload is not None else None,
            "period": list(leaf.period) if leaf.period is not None else None,
            "reason": leaf.reason,
            "received": leaf.received,
            "series": list(leaf.series),
            "signature": dict(leaf.signature) if leaf.signature is not None else None,
            "submitter": leaf.submitter,
            "supersedes": list(leaf.supersedes),
        }
    data = canonical.encode(body)
    if len(data) > MAX_LEAF_BYTES:
        raise IN_A_LEAF.error(
            f"The leaf has {len(data)} bytes; the log holds at most {MAX_LEAF_BYTES}.",
            hint="Deliver fewer series in one file.",
        )
    return data


def decode(data: bytes) -> Leaf | ClosedLeaf:
    """Return the leaf in the bytes.

    Raises
    ------
    GoedeBuurError
        `leaf-unreadable` for bytes that are not canonical, or of a later format version.
    """
    try:
        body = canonical.decode(data)
    except (ValueError, TypeError) as error:
        raise GoedeBuurError(LEAF_UNREADABLE, "The leaf is not canonical JSON.", value=repr(data[:60])) from error
    version = body.pop("format_version", None)
    if version != FORMAT_VERSION:
        raise GoedeBuurError(
            LEAF_UNREADABLE,
            "The leaf has a format version that this program does not know.",
            value=str(version),
            hint="Read this record with a later version of the program.",
        )
    closed = body.get("kind") == "closed"
    names = {one.name for one in fields(ClosedLeaf if closed else Leaf)}
    try:
        if body.keys() != (names | {"kind"}):
            raise KeyError(sorted(body.keys() ^ (names | {"kind"})))
        if closed:
            body.pop("kind")
            return ClosedLeaf(**body)
        body["series"] = tuple(body["series"])
        body["supersedes"] = tuple(body["supersedes"])
        body["period"] = tuple(body["period"]) if body["period"] is not None else None
        return Leaf(**body)
    except (TypeError, KeyError) as error:
        raise GoedeBuurError(
            LEAF_UNREADABLE, "The leaf lacks a field or has one too many.", value=str(error)
        ) from error
