"""What became of a delivery, and the answer to one that is on record already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from goedebuur.core.base import canonical
from goedebuur.core.ledger import statements
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services.preparing import Prepared

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery.

    Parameters
    ----------
    submission_id
        Digest of the bytes with parser and version; empty where the file could not be read or recognised.
    name
        Name of the delivered file.
    status
        "stored" (new rows), "corrected" (rows replaced or withdrawn), "unchanged" (this very delivery was here
        before, or says nothing new), or "refused" (an error; nothing was stored).
    leaves
        Positions in the log, ascending.
    counts
        As in the leaf: `values_in == stored + unchanged + sum of skipped:*`.
    doubts
        Sentences for the one who delivered.
    error
        For "refused": code, message, place, value, hint.
    """

    submission_id: str
    name: str
    status: str
    leaves: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    error: Mapping[str, str] | None = None


def again(record: Record, identity: str, name: str, account: Mapping[str, int] | None = None) -> Outcome:
    """Return the outcome of a delivery that is on record: nothing changes, and all its values are unchanged.

    Parameters
    ----------
    account
        Its own counts; None for those of the leaf that completed it, where that is of this delivery alone.
    """
    leaf = record.catalogue.submission(identity)
    assert leaf is not None
    if account is not None:
        return Outcome(identity, name, "unchanged", (leaf,), dict(account))
    header = record.ledger.leaf(leaf)
    said = dict(header.counts) if isinstance(header, Leaf) else {}
    counts = {name: number for name, number in said.items() if name == "values_in" or name.startswith("skipped:")}
    counts["stored"] = 0
    counts["unchanged"] = said.get("stored", 0) + said.get("unchanged", 0)
    return Outcome(identity, name, "unchanged", (leaf,), counts)


def signed_before(record: Record, prepared: Prepared) -> Outcome | None:
    """Return the outcome of a signed delivery of which the statement, or only its nonce, is in the log already."""
    if prepared.signature is None:
        return None
    statement = str(prepared.signature["statement"]).encode()
    known = record.catalogue.with_nonce(prepared.submitter, statements.decode(statement).nonce)
    if known is None:
        return None
    if known != canonical.sha256(statement):
        return Outcome("", prepared.name, "refused", error=statements.replayed(prepared.submitter).as_dict())
    return Outcome(prepared.id, prepared.name, "unchanged", tuple(record.catalogue.signed(known)))


def plain(outcome: Outcome) -> dict[str, object]:
    body = asdict(outcome)
    return body | {"leaves": list(outcome.leaves), "doubts": list(outcome.doubts)}
