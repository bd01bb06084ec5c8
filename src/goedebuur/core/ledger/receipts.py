"""The receipt of a signed delivery: a file that shows offline that the log holds it, or promised to.

    {"format": "goedebuur receipt 1", "status", "log": vkey, "signature": as in a leaf,
     "leaves": [{"index", "leaf", "proof"}], "promise": note, "segment": base64}

`leaf` is the text of a leaf, `proof` the C2SP tlog-proof that it is in the log. A small delivery has a promise first;
once it is sealed its receipt has the leaf that sealed it, and the segment of the journal that is this leaf's payload.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import ed25519, leaves, notes, promises, proofs, segments, statements
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.statements import Statement, VerifyCertified

RECEIPT_MALFORMED: Final = declare("receipt-malformed", "A receipt is not in the form that receipts have.")
RECEIPT_WRONG: Final = declare("receipt-wrong", "A receipt does not show what it is given for.")

FORMAT: Final = "goedebuur receipt 1"
SUFFIX: Final = ".receipt.json"
MAX_BYTES: Final = 64 * 2**20
LOGGED, PROMISED, WAITING = "logged", "promised", "waiting"
_FIELDS: Final = {"format", "leaves", "log", "promise", "segment", "signature", "status"}


@dataclass(frozen=True, slots=True)
class Proof:
    """One leaf of the delivery: number, text, and the proof that it is in the log."""

    index: int
    leaf: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a delivery is answered with; nothing of it is verified yet.

    Parameters
    ----------
    log
        Public key of the log.
    signature
        The signed statement, in the form that a leaf keeps.
    leaves
        The leaves that hold the delivery; empty as long as it waits.
    promise
        Signed promise of a small delivery; empty for one that was logged at once.
    segment
        For a sealed small delivery: the payload of the leaf, in which the delivery is; empty otherwise.
    """

    log: str
    signature: Mapping[str, Any]
    leaves: tuple[Proof, ...] = ()
    promise: bytes = b""
    segment: bytes = b""

    @property
    def status(self) -> str:
        """Return "logged", "promised", or "waiting" (in the spool: it is kept, and nothing is promised)."""
        return LOGGED if self.leaves else PROMISED if self.promise else WAITING

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of the file."""
        return {
            "format": FORMAT,
            "leaves": [
                {"index": one.index, "leaf": one.leaf.decode(), "proof": one.proof.decode()} for one in self.leaves
            ],
            "log": self.log,
            "promise": self.promise.decode(),
            "segment": base64.b64encode(self.segment).decode(),
            "signature": dict(self.signature),
            "status": self.status,
        }

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a receipt that holds has shown.

    Parameters
    ----------
    statement
        What was delivered.
    status
        As :attr:`Receipt.status`.
    indexes
        Where it is in the log.
    size
        Number of leaves under the checkpoint of the proofs; 0 where there is none.
    seal_by
        Until when the log promised to take it up, ISO UTC; empty without a promise.
    """

    statement: Statement
    status: str
    indexes: tuple[int, ...]
    size: int
    seal_by: str


def parse(data: bytes) -> Receipt:
    """Return what is in a receipt file.

    Raises
    ------
    GoedeBuurError
        `receipt-malformed`.
    """
    try:
        body = json.loads(data) if len(data) <= MAX_BYTES else None
        if not isinstance(body, dict) or body.keys() != _FIELDS or body["format"] != FORMAT:
            raise ValueError("other fields than a receipt has")
        found = tuple(Proof(_index(one), one["leaf"].encode(), one["proof"].encode()) for one in body["leaves"])
        segment = base64.b64decode(body["segment"], validate=True)
        receipt = Receipt(body["log"], body["signature"], found, body["promise"].encode(), segment)
        if (
            receipt.status != body["status"]
            or not isinstance(receipt.log, str)
            or not isinstance(receipt.signature, dict)
        ):
            raise ValueError("it contradicts itself")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GoedeBuurError(
            RECEIPT_MALFORMED,
            "This is not a receipt of a delivery.",
            value=repr(data[:60]),
            hint="Take the file as it was received, whole.",
        ) from error
    return receipt


def _index(one: Mapping[str, Any]) -> int:
    index = one["index"]
    if type(index) is not int:
        raise ValueError("the number of a leaf is no number")
    return index


class _Log:
    """The public key of a log, with the mathematics handed in."""

    def __init__(self, vkey: str, verify: Callable[[bytes, bytes, bytes], bool]) -> None:
        self.vkey = vkey
        self.name, self._key = notes.decode_vkey(vkey)
        self._verify = verify

    def verify(self, signature: bytes, message: bytes) -> bool:
        return self._verify(self._key, signature, message)


def check(
    receipt: Receipt,
    *,
    vkey: str | None = None,
    verify: Callable[[bytes, bytes, bytes], bool] = ed25519.verify,
    verify_certified: VerifyCertified | None = None,
) -> Shown:
    """Return what a receipt shows.

    Parameters
    ----------
    vkey
        Public key of the log as the reader knows it from elsewhere; without it the receipt's own is believed.

    Raises
    ------
    GoedeBuurError
        `receipt-wrong`, and those of statements, notes and proofs.
    """
    if vkey is not None and vkey != receipt.log:
        raise _wrong("The receipt is of another log than the key is of.", receipt.log)
    log = _Log(receipt.log, verify)
    statement = statements.check(receipt.signature, verify=verify, verify_certified=verify_certified)
    size, sealed = 0, False
    for one in receipt.leaves:
        shown = proofs.verify(proofs.parse(one.proof), one.leaf, log, Policy(0), verify)
        if shown.index != one.index:
            raise _wrong("The proof is of another leaf than it is given for.", str(one.index))
        size = shown.checkpoint.size
        leaf = leaves.decode(one.leaf)
        if not isinstance(leaf, Leaf):
            raise _wrong("The leaf is closed: it does not show what is in it.", str(one.index))
        if leaf.kind == "sealed" or dict(leaf.signature or {}) != dict(receipt.signature):
            _require_sealed(leaf, receipt, statement)
            sealed = True
        else:
            statements.check_leaf(leaf, verify_certified=verify_certified)
    seal_by = _promised(receipt, log, statement, sealed) if receipt.promise else ""
    return Shown(statement, receipt.status, tuple(one.index for one in receipt.leaves), size, seal_by)


def _require_sealed(leaf: Leaf, receipt: Receipt, statement: Statement) -> None:
    """Check that a leaf's payload is the segment in the receipt, and that this delivery is in it."""
    if leaf.payload is None or leaf.payload["sha256"] != canonical.sha256(receipt.segment):
        raise _wrong("The leaf does not hold this delivery.", statement.sha256)
    entries, whole = segments.parse(receipt.segment)
    held = [one for one in entries if dict(one.signature or {}) == dict(receipt.signature)]
    if whole < len(receipt.segment) or not any(one.sha256 == statement.sha256 for one in held):
        raise _wrong("The sealed payload does not hold this delivery.", statement.sha256)


def _promised(receipt: Receipt, log: _Log, statement: Statement, sealed: bool) -> str:
    promise = promises.parse_promise(notes.open_note(receipt.promise, log))
    if (promise.sha256, promise.origin) != (statement.sha256, log.name):
        raise _wrong("The promise is about another delivery.", promise.sha256)
    if sealed:
        require_kept(promise, receipt)
    return promise.seal_by


def require_kept(promise: Promise, receipt: Receipt) -> None:
    """Check that the log kept a promise: the leaf that sealed the delivery is not later than what was promised.

    Raises
    ------
    GoedeBuurError
        `receipt-wrong`.
    """
    for one in receipt.leaves:
        leaf = leaves.decode(one.leaf)
        if isinstance(leaf, Leaf) and datetime.fromisoformat(leaf.received) > datetime.fromisoformat(promise.seal_by):
            raise _wrong("The log took the delivery up later than it promised.", f"{leaf.received} > {promise.seal_by}")


def _wrong(message: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        RECEIPT_WRONG,
        message,
        place="receipt",
        value=value,
        hint="Keep the file: it shows what the log handed out. Ask for the receipt again and compare.",
    )
