"""Reports of measurements by bureaus, as the record has them: whose they are, whether signed, and as of when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import plain
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.emissions.measuring.reports import KIND, Purpose, Report
from goedebuur.core.ledger import segments
from goedebuur.core.ledger.leaves import Leaf

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN: Final = declare("measurement-unknown", "There is no report of a measurement of that name in the record.")


@dataclass(frozen=True, slots=True)
class Held:
    """One report.

    Parameters
    ----------
    id
        Submitter and the bureau's own name of the report.
    leaves
        Leaves in which it stands, ascending; the last holds what is here.
    received
        When that leaf was.
    signed
        Whether the submitter signed it.
    """

    id: str
    report: Report
    submitter: str
    leaves: tuple[int, ...]
    received: datetime
    signed: bool

    @property
    def leaf(self) -> int:
        """Return the leaf that holds it."""
        return self.leaves[-1]


def every(record: Record, as_of: int | None = None) -> tuple[Held, ...]:
    """Return all reports, by their first measurement."""
    return record.of_catalogue(("measurement reports",), as_of, lambda size: _every(record, size), (KIND,))


def of_site(
    record: Record,
    site: str,
    as_of: int | None = None,
    *,
    emission_point: str | None = None,
    quantity: str | None = None,
    purposes: tuple[Purpose, ...] = tuple(Purpose),
) -> tuple[Held, ...]:
    """Return the reports of a site, by their first measurement; of one point, substance or purpose where asked."""
    return tuple(
        one
        for one in every(record, as_of)
        if one.report.site == site
        and emission_point in (None, one.report.emission_point)
        and quantity in (None, one.report.quantity)
        and one.report.purpose in purposes
    )


def find(record: Record, name: str, as_of: int | None = None) -> Held:
    """Return one report.

    Parameters
    ----------
    name
        Submitter and report, as `bureau:CM-2026-014`.

    Raises
    ------
    GoedeBuurError
        `measurement-unknown`.
    """
    for one in every(record, as_of):
        if one.id == name:
            return one
    raise GoedeBuurError(
        UNKNOWN,
        "There is no report of a measurement of that name in the record.",
        value=name,
        hint="`goedebuur stack tests` and `goedebuur stack control` list the reports of a site.",
    )


def _every(record: Record, size: int) -> tuple[Held, ...]:
    told: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for leaf, name, _, body in record.catalogue.records(KIND, size):
        told.setdefault(name, []).append((leaf, body))
    received = record.catalogue.received({leaf for rows in told.values() for leaf, _ in rows})
    found = []
    for name, rows in told.items():
        leaf, said = rows[-1]
        submitter, at = received[leaf]
        report = plain.require(Report, said)
        leaves = tuple(leaf for leaf, _ in rows)
        found.append(Held(name, report, submitter, leaves, datetime.fromisoformat(at), _signed(record, leaf)))
    return tuple(sorted(found, key=lambda one: (one.report.first, one.id)))


def _signed(record: Record, at: int) -> bool:
    """Return whether what a leaf holds was signed: the leaf itself, or every small delivery of its submitter in it."""
    leaf = record.ledger.leaf(at)
    if not isinstance(leaf, Leaf):
        return False
    if leaf.signature is not None or leaf.adapter or leaf.payload is None:
        return leaf.signature is not None
    try:
        entries, _ = segments.parse(record.evidence.payload(leaf.payload["sha256"]))
    except GoedeBuurError:
        return False
    theirs = [one for one in entries if one.submitter == leaf.submitter]
    return bool(theirs) and all(one.signature is not None for one in theirs)
