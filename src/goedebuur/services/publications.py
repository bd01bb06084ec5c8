"""What is public of findings: read from the record alone, as of any tree size. Knows no cases and no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework import publications
from goedebuur.core.casework.publications import KIND, Publication, Version
from goedebuur.core.ledger.leaves import Leaf

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN: Final = declare("query-unknown-finding", "There is no published finding of this name.")


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a finding, with the leaf that it stands under."""

    finding: Publication
    leaf: int
    received: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it is at a tree size, and all versions up to then, the first one first."""

    now: Published
    versions: tuple[Published, ...]

    @property
    def first(self) -> Published:
        """Return when it first became public."""
        return self.versions[0]


def every(record: Record, as_of: int | None = None) -> tuple[Finding, ...]:
    """Return all findings that are public or said to be withheld at a tree size, the latest change first."""

    def read() -> tuple[Finding, ...]:
        versions: dict[str, list[Published]] = {}
        for leaf, name, _, body in record.catalogue.records(KIND, as_of):
            known = record.ledger.leaf(leaf)
            received = known.received if isinstance(known, Leaf) else known.closed_on
            one = Published(publications.read(body), leaf, datetime.fromisoformat(received))
            versions.setdefault(name, []).append(one)
        found = [Finding(_last(told), tuple(sorted(told, key=_order))) for told in versions.values()]
        return tuple(sorted(found, key=lambda one: (-one.now.leaf, one.now.finding.id)))

    return record.remembered(("publications", as_of), read)


def find(record: Record, name: str, as_of: int | None = None) -> Finding:
    """Return one finding.

    Raises
    ------
    GoedeBuurError
        `query-unknown-finding`, for one that is not public and one that does not exist alike.
    """
    found = next((one for one in every(record, as_of) if one.now.finding.id == name), None)
    if found is None:
        raise GoedeBuurError(UNKNOWN, "There is no published finding of this name.")
    return found


def about(record: Record, *, site: str = "", operator: str = "", as_of: int | None = None) -> tuple[Finding, ...]:
    """Return the findings about a site or an operator."""
    return tuple(
        one
        for one in every(record, as_of)
        if (site and site in one.now.finding.sites) or (operator and operator in one.now.finding.operators)
    )


def changes(findings: Iterable[Finding]) -> list[Published]:
    """Return every version, the newest first: what a feed tells."""
    return sorted((version for one in findings for version in one.versions), key=lambda one: -one.leaf)


def was_withdrawn(finding: Finding) -> bool:
    """Return whether a finding is withdrawn in the present of its tree size."""
    return finding.now.finding.version is Version.WITHDRAWN


def _order(one: Published) -> int:
    return one.leaf


def _last(told: list[Published]) -> Published:
    return max(told, key=_order)
