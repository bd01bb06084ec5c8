"""Write whole catalogue records under one leaf: submitters, operators, sites, permits, publications.

What is public is read from these alone, so that a page *as of* a tree size is what it was then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from goedebuur.core.base.periods import iso
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.measurements.records import TOLD_IN_PARTS, CatalogueRecord
from goedebuur.services import projection
from goedebuur.services.rule_record import SUBMITTER as OURSELVES

if TYPE_CHECKING:
    from goedebuur.services.record import Record

Fact = tuple[str, str, Mapping[str, Any]]
"""Kind, identifier, and all fields."""
File = tuple[str, bytes]
"""Name and bytes."""


def put(
    record: Record,
    facts: Sequence[Fact],
    now: datetime,
    *,
    reason: str = "",
    submitter: str = OURSELVES,
    files: Sequence[File] = (),
    inputs: Mapping[str, Any] | None = None,
) -> int | None:
    """Return the leaf that holds these facts, durable and projected; None where the record says all of them already.

    All stand under one leaf, so that nobody reads some without the others. The caller holds `record.lock()`, and has
    checked the facts: a leaf is for good.

    Parameters
    ----------
    facts
        Each takes the place of what was held under its kind and identifier.
    reason
        Why what was held is replaced, or why this was decided. No names of persons.
    submitter
        Who says so; the record itself where nobody else does.
    files
        Public files that the facts name by their digest. Each gets a leaf, before the facts and in one step with
        them.
    inputs
        What the leaf itself says of them, for who follows the log without the record: a receipt.

    Raises
    ------
    ValueError
        For a kind that is told in parts, or one thing said twice: that is a mistake in the program.
    """
    keys = [(kind, name) for kind, name, _ in facts]
    if len(set(keys)) != len(keys) or any(kind in TOLD_IN_PARTS for kind, _ in keys):
        raise ValueError("facts of one leaf are whole, and each of something else")
    before = {
        (kind, name): found
        for kind in sorted({kind for kind, _ in keys})
        for name, found in record.catalogue.newest(kind, [name for one, name in keys if one == kind]).items()
    }
    told = [
        CatalogueRecord(kind, name, max(iso(now), before.get((kind, name), (-1, ""))[1]), body)
        for kind, name, body in facts
    ]
    news = record.catalogue.news(told)
    if not news:
        return None
    replaced = {before[one.kind, one.id][0] for one in news if (one.kind, one.id) in before}
    leaf = Leaf(
        kind="catalogue",
        submitter=submitter,
        adapter="",
        received=iso(now),
        batch=record.evidence.put_records(map(asdict, news)).as_dict(),
        supersedes=tuple(sorted(replaced)),
        reason=reason,
        counts={"records": len(news)},
        inputs=inputs,
    )
    attached = [_attached(record, name, data, now, submitter) for name, data in files]
    *_, position = record.ledger.append([*attached, leaf])
    projection.catch_up(record)
    return position


def _attached(record: Record, name: str, data: bytes, now: datetime, submitter: str) -> Leaf:
    sha256 = record.evidence.put_payload(data)
    payload = {"name": name, "sha256": sha256, "size": len(data)}
    return Leaf(kind="catalogue", submitter=submitter, adapter="", received=iso(now), payload=payload)
