"""What authorities, operators and sites of findings are called, as of the tree size that is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from goedebuur.core.sites import history
from goedebuur.core.sites.records import Authority, Operator, Site
from goedebuur.services import sites
from goedebuur.services.publications import Finding
from goedebuur.services.record import Record

Named = TypeVar("Named", Site, Operator, Authority)


@dataclass(frozen=True, slots=True)
class Names:
    """Identifier → last name, apart for each kind: a site and its operator may have the same identifier."""

    sites: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    authorities: Mapping[str, str] = field(default_factory=dict)


def names(record: Record, as_of: int | None = None) -> Names:
    """Return what they are called; what the record does not know is called by its identifier."""
    return Names(_known(record, Site, as_of), _known(record, Operator, as_of), _known(record, Authority, as_of))


def authorities(record: Record) -> Mapping[str, str]:
    """Return what authorities are called now, by identifier."""
    return _known(record, Authority, None)


def _known(record: Record, made: type[Named], as_of: int | None) -> dict[str, str]:
    latest = ((name, history.latest(one.names)) for name, one in sites.every(record, made, as_of).items())
    return {name: last.value for name, last in latest if last is not None}


def mentioned(findings: Iterable[Finding]) -> tuple[list[str], list[str]]:
    """Return the sites and operators that findings are about, each once, by identifier."""
    told = [one.now.finding for one in findings]
    return sorted({site for one in told for site in one.sites}), sorted({op for one in told for op in one.operators})
