"""The permits of the demonstration: four invented sites, worked out in full, attached to no real facility."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.permits import form
from goedebuur.core.permits.records import Permit
from goedebuur.core.sites.records import SiteRecord
from goedebuur.services.demo.permits import chemical_plant, incinerator, places, refinery, steel_works

if TYPE_CHECKING:
    from goedebuur.services.record import Record

WORKED_OUT: Final = (steel_works, refinery, incinerator, chemical_plant)
PARTS: Final[tuple[str, ...]] = ("conditions", "general_rules")
"""Fields of a decision whose rows name installations and emission points."""


def site_records() -> list[SiteRecord]:
    """Return operators, authorities, sites, installations and emission points, each once."""
    every = {(type(one), one.id): one for module in WORKED_OUT for one in places.records(module.EXAMPLE)}
    return list(every.values())


def decisions() -> list[Permit]:
    """Return the decisions of all sites, in the order in which they were taken."""
    found = [
        form.read(_complete(module.SITE, decision)).require()
        for module in WORKED_OUT
        for decision in module.decisions()
    ]
    return sorted(found, key=lambda one: (one.decided_on, one.id))


def load(record: Record, now: datetime, submitter: str) -> None:
    """Enter the sites and publish their decisions; what is there already changes nothing.

    Parameters
    ----------
    now
        When they are said to come in.
    submitter
        Who is said to deliver them.
    """
    from goedebuur.services import permits, sites

    sites.put(record, site_records(), now, reason=places.SOURCE, submitter=submitter)
    for permit in decisions():
        permits.publish(record, permit, now, submitter=submitter)


def _complete(site: str, decision: dict[str, Any]) -> dict[str, Any]:
    """Return a decision with what all examples share, and identifiers in place of the names of parts of the site."""
    shared = {"format": form.FORMAT, "site": site, "authority": places.PROVINCE.names[0].value, "example": True}
    rows: dict[str, Any] = {key: [_with_ids(site, row) for row in decision[key]] for key in PARTS if key in decision}
    return {**shared, **decision, **rows}


def _with_ids(site: str, row: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {
        key: [places.part_id(site, name) for name in row[key]]
        for key in ("installations", "emission_points")
        if key in row
    }
    return {**row, **named}
