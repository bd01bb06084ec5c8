"""What a leaf says of expectations, reasons and arrival, read from the leaf alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.expectations import expected, reasons
from goedebuur.core.expectations.expected import EXPECTS, Expectation
from goedebuur.core.ledger import closing
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf

RECEIVED: Final = "received"
"""In the inputs of a sealed leaf: when the first and the last delivery in it were received."""


def expectation(leaf: Leaf | ClosedLeaf) -> Expectation | None:
    """Return what a leaf expects; None where it expects nothing, or not in a form that this version knows."""
    said = leaf.inputs if isinstance(leaf, Leaf) and leaf.kind == "catalogue" else None
    found = said.get(EXPECTS) if said else None
    if not isinstance(found, Mapping):
        return None
    try:
        return expected.read(found)
    except GoedeBuurError:
        return None


def records(leaf: Leaf | ClosedLeaf) -> Sequence[dict[str, Any]]:
    """Return what a leaf says of expectations and reasons, as records of the catalogue."""
    if not isinstance(leaf, Leaf) or leaf.kind != "catalogue":
        return []
    found: list[dict[str, Any]] = []
    one = expectation(leaf)
    if one is not None:
        found.append({"kind": expected.KIND, "id": one.id, "valid_from": one.valid_from, "body": one.body()})
    for said in reasons.stated(leaf.inputs):
        name = reasons.record_id(said, leaf.submitter)
        found.append({"kind": reasons.KIND, "id": name, "valid_from": said["start"], "body": said})
    return found


def received(leaf: Leaf) -> datetime:
    """Return when what a leaf holds was received.

    Of an opened leaf that is when the closed one was, and of a sealed one the first moment that it names: what came
    later in it is never called earlier by the record itself, which knows each delivery apart.
    """
    said: Mapping[str, Any] = leaf.inputs or {}
    moment = leaf.received
    about = closing.concerns(leaf)
    if about is not None and about[0] == closing.OPENS:
        moment = str((said.get("header") or {}).get("received", moment))
    elif leaf.kind == "sealed" and isinstance(said.get(RECEIVED), list) and said[RECEIVED]:
        moment = str(said[RECEIVED][0])
    return datetime.fromisoformat(moment)
