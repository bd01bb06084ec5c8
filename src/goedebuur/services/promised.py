"""Hold a log to its promises: that a small delivery is in a leaf before the time that was promised.

The log names in each sealed leaf the number of its first small delivery and how many there are, so anyone with the
promise can see whether that number is covered, and when. That the bytes are the same is what the receipt shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import events, leaves, notes, promises, receipts
from goedebuur.core.ledger.events import Event
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.notes import Verifier
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import WIDTH

NOTHING_PROMISED: Final = declare("command-nothing-promised", "A receipt was given as a promise and holds none.")
KEPT: Final = "promise-kept"
LATE: Final = "promise-late"
BROKEN: Final = "promise-broken"
GRACE: Final = timedelta(minutes=15)
"""How long after the promised time the leaf may take to be published: promised is the log, not its publication."""
MARGIN: Final = timedelta(days=1)
"""How far back before the promise is looked: leaves of other deliveries may have been received earlier."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What is said of a group of small deliveries: their numbers, which leaf, and when it was made."""

    numbers: range
    leaf: int
    received: str


def read_promise(data: bytes, verifiers: Sequence[Verifier]) -> Promise:
    """Return the promise in a file: the signed note, with what a command wrote before it, or the receipt that holds it.

    Raises
    ------
    GoedeBuurError
        `note-malformed`, `note-unsigned`, `receipt-malformed`, `command-nothing-promised`.
    """
    note = _in_receipt(data) if data.lstrip().startswith(b"{") else data
    note = note[max(note.find(promises.HEADING.encode() + b"\n"), 0) :].rstrip(b"\n") + b"\n"
    text, _ = notes.open_by_any(note, verifiers)
    return promises.parse_promise(text)


def _in_receipt(data: bytes) -> bytes:
    receipt = receipts.parse(data)
    if not receipt.promise:
        raise GoedeBuurError(
            NOTHING_PROMISED,
            "There is no promise in this receipt.",
            value=receipt.status,
            hint="What is `logged` is in the log already, as `goedebuur receipt verify` shows. Of what is `waiting` "
            "nothing is promised yet: ask again with `goedebuur receipt fetch`.",
        )
    return receipt.promise


def look(tree: TileTree, given: Sequence[Promise], now: datetime) -> list[Event]:
    """Return an event for each promise of which the time has passed: kept, kept too late, or broken."""
    due = [one for one in given if now > datetime.fromisoformat(one.seal_by) + GRACE]
    if not due:
        return []
    first = min(datetime.fromisoformat(one.received) for one in due) - MARGIN
    sealed = list(_sealed(tree, first))
    return [_event(tree.checkpoint.origin, one, sealed) for one in due]


def _event(origin: str, promise: Promise, sealed: Sequence[_Sealed]) -> Event:
    held = next((one for one in sealed if promise.sequence in one.numbers), None)
    facts = {"sequence": promise.sequence, "sha256": promise.sha256, "seal_by": promise.seal_by}
    said = f"small delivery {promise.sequence} in the log by {promise.seal_by}"
    if held is None:
        kind, text = BROKEN, f"The log promised to have {said}, and has no leaf over it."
    elif datetime.fromisoformat(held.received) > datetime.fromisoformat(promise.seal_by):
        kind, text = LATE, f"The log promised to have {said}; leaf {held.leaf} is of {held.received}."
    else:
        kind, text = KEPT, f"The log has {said}, as promised: leaf {held.leaf}."
    if held is not None:
        facts |= {"leaf": held.leaf, "received": held.received}
    own = events.identity(origin, kind, promise.sequence, promise.sha256)
    return Event(own, kind, origin, text, kind != KEPT, facts)


def _sealed(tree: TileTree, since: datetime) -> Iterator[_Sealed]:
    """Yield the groups of small deliveries of the leaves since a moment, from the newest bundle back."""
    groups: dict[str, list[tuple[int, Leaf]]] = {}
    for number in range((tree.size - 1) // WIDTH, -1, -1):
        start = number * WIDTH
        moments = []
        for index, blob in enumerate(tree.entries(start, min(start + WIDTH, tree.size)), start):
            try:
                leaf = leaves.decode(blob)
            except GoedeBuurError:
                continue
            moments.append(datetime.fromisoformat(leaf.received if isinstance(leaf, Leaf) else leaf.closed_on))
            if isinstance(leaf, Leaf) and leaf.kind == "sealed" and leaf.payload is not None:
                groups.setdefault(str(leaf.payload["name"]), []).append((index, leaf))
        if moments and max(moments) < since:
            break
    for name, found in groups.items():
        first = name.partition(".")[0]
        if first.isdigit():
            count = sum(leaf.counts.get("deliveries", 0) for _, leaf in found)
            last = max(found, key=lambda one: one[1].received)
            yield _Sealed(range(int(first), int(first) + count), last[0], last[1].received)
