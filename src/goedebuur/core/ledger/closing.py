"""What follows a closed leaf: it is opened, its date is moved, or what it stands for is erased. Read from leaves alone.

Each is an open leaf of format version 1 that names the closed one in its `inputs`:

- opened: `{"opens": leaf, "salt": hex, "header": {…}}`, in an ordinary delivery. `header` holds those fields of the
  closed header that differ from the leaf's own: laid over it they give the header that was committed to;
- postponed: `{"postpones": leaf, "opens": date, "reason": …, "role": …}`;
- erased: `{"erases": leaf, "ground": …}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger.leaves import LEAF_UNREADABLE, ClosedLeaf, Leaf

OPENS: Final = "opens"
POSTPONES: Final = "postpones"
ERASES: Final = "erases"
OVERLAID: Final = frozenset(
    {"kind", "received", "batch", "series", "period", "supersedes", "counts", "reason", "inputs"}
)
"""Fields of the closed header that its opened leaf may have otherwise: never who delivered which bytes."""
KIND: Final = "closed"
"""Under which the catalogue keeps what became of closed leaves."""


def opened(leaf: Leaf, header: Leaf, index: int, salt: bytes, early: Mapping[str, str] | None = None) -> Leaf:
    """Return a leaf with what opens a closed one, so that the commitment can be checked from it alone.

    Parameters
    ----------
    leaf
        What is logged now: same submitter, adapter and payload as the closed header, without inputs.
    header
        The closed header.
    index
        Number of the closed leaf.
    early
        Reason and role, where this is before the date.

    Raises
    ------
    ValueError
        Where the two are not of the same delivery.
    """
    ours, theirs = _body(replace(leaf, inputs=None)), _body(header)
    differing = {name: value for name, value in theirs.items() if ours[name] != value}
    if not differing.keys() <= OVERLAID or leaf.inputs is not None:
        raise ValueError("a closed leaf is opened by the delivery that it stands for")
    said: dict[str, Any] = {"header": differing, OPENS: index, "salt": salt.hex()}
    return replace(leaf, inputs=said | ({"early": dict(early)} if early else {}))


def closed_header(leaf: Leaf) -> tuple[int, Leaf, bytes]:
    """Return from an opened leaf which closed leaf it opens, the header that was closed, and its salt.

    Raises
    ------
    GoedeBuurError
        `leaf-unreadable` where it opens none, or not in this form.
    """
    said = leaf.inputs or {}
    try:
        index, salt, differing = said[OPENS], bytes.fromhex(said["salt"]), said["header"]
        if type(index) is not int or len(salt) != 32 or not differing.keys() <= OVERLAID:
            raise ValueError("a field has a form that it never has")
        body = _body(replace(leaf, inputs=None)) | dict(differing) | {"format_version": leaf_format.FORMAT_VERSION}
        header = leaf_format.decode(canonical.encode(body))
        if not isinstance(header, Leaf):
            raise ValueError("a closed leaf stands for an open one")
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise GoedeBuurError(LEAF_UNREADABLE, "The leaf opens no closed leaf in the form it has to.") from error
    return index, header, salt


def proves(leaf: Leaf, closed: ClosedLeaf) -> bool:
    """Return whether an opened leaf holds what the closed one committed to."""
    try:
        _, header, salt = closed_header(leaf)
    except GoedeBuurError:
        return False
    return leaf_format.opens(closed, header, salt)


def postponement(index: int, until: str, reason: str, role: str, by: str, received: str) -> Leaf:
    """Return the leaf that moves the date of a closed leaf; the first date stays in the log."""
    said = {POSTPONES: index, OPENS: until, "reason": reason, "role": role}
    return Leaf("catalogue", by, "", received, reason=reason, inputs=said)


def erasure(index: int, ground: str, by: str, received: str) -> Leaf:
    """Return the leaf that says that what a closed leaf stands for is erased."""
    return Leaf("catalogue", by, "", received, reason=ground, inputs={ERASES: index, "ground": ground})


def concerns(leaf: Leaf | ClosedLeaf) -> tuple[str, int] | None:
    """Return what a leaf does to which closed leaf: `opens`, `postpones` or `erases`; None where it does nothing."""
    said = leaf.inputs if isinstance(leaf, Leaf) else None
    for act in (POSTPONES, ERASES, OPENS):
        if said and type(said.get(act)) is int and (act != OPENS or "salt" in said):
            return act, said[act]
    return None


def facts(index: int, leaf: Leaf | ClosedLeaf) -> Sequence[dict[str, Any]]:
    """Return what a leaf says about a closed leaf, as records of the catalogue of the kind :data:`KIND`."""
    if isinstance(leaf, ClosedLeaf):
        names = ("closed_on", "commitment", "ground", "opens", "role")
        return [_record(index, leaf.closed_on, {name: getattr(leaf, name) for name in names})]
    found = concerns(leaf)
    if found is None:
        return []
    act, about = found
    said: Mapping[str, Any] = leaf.inputs or {}
    if act == POSTPONES:
        body = {"opens": said.get(OPENS), "postponed_by": index, "postponed_on": leaf.received}
        body |= {f"postponed_{name}": said.get(name) for name in ("reason", "role")}
    elif act == ERASES:
        body = {"erased_by": index, "erased_ground": said.get("ground"), "erased_on": leaf.received}
    else:
        early = said.get("early") or {}
        body = {"opened_by": index, "opened_on": leaf.received}
        body |= {f"early_{name}": early[name] for name in ("reason", "role") if name in early}
    return [_record(about, leaf.received, body)]


def _record(index: int, valid_from: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": KIND, "id": str(index), "valid_from": valid_from, "body": body}


def _body(leaf: Leaf) -> dict[str, Any]:
    body = canonical.decode(leaf_format.encode(leaf))
    del body["format_version"]
    return body
