"""Take facilities of the release register over as sites: proposed, until a person has looked at them.

What the register says is evidence already; a site adds an identity that stays, to which permits, operators and
decisions refer. Of operators and KvK numbers the register says nothing, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites import reported
from goedebuur.core.sites.records import Place, Site
from goedebuur.core.sites.reported import Facility
from goedebuur.services import coordinates, site_reports, sites

if TYPE_CHECKING:
    from goedebuur.services.record import Record

IMPORTED: Final = f"taken over from {reported.REGISTER}"
"""Reason of the leaf of an import."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `facilities` = new + changed + unchanged + left + those of `unread`."""

    leaf: int | None
    facilities: int
    new: int
    changed: int
    unchanged: int
    left: int
    """Facilities of sites that a person looked at: nothing of these is changed."""
    unread: Mapping[str, str]
    """Facility → why it cannot be a site."""


def import_sites(record: Record, now: datetime) -> Imported:
    """Return what became of the facilities in the record: sites under one leaf, each marked as not looked at yet.

    A site that nobody looked at follows the register, and keeps what was judged of its coordinates; one that somebody
    looked at stays as it is.
    """
    with record.lock():
        found = site_reports.facilities(record)
        unread: dict[str, str] = {}
        claimed = {part.value: one for one in sites.every(record, Site).values() for part in one.facilities}
        coming: list[Site] = []
        counts = {"new": 0, "changed": 0, "unchanged": 0, "left": 0}
        for facility in found.values():
            held = claimed.get(facility.id)
            if held is not None and (held.checked or held.id != facility.id):
                counts["left"] += 1
                continue
            try:
                one = propose(facility)
            except GoedeBuurError as error:
                unread[facility.id] = error.as_text()
                continue
            if held is not None:
                one = replace(one, places=tuple(_judged(place, held.places) for place in one.places))
            counts["new" if held is None else "unchanged" if one == held else "changed"] += 1
            coming.append(one)
        leaf = sites.put(record, coming, now, reason=IMPORTED) if coming else None
        return Imported(leaf, len(found), unread=unread, **counts)


def proposed(record: Record, as_of: int | None = None) -> Mapping[str, Site]:
    """Return the sites that would come of facilities that no site in the record claims yet, by identifier."""
    return record.of_catalogue("proposed sites", as_of, lambda size: _proposed(record, size))


def propose(facility: Facility) -> Site:
    """Return the site that a facility says it is, its places in RD New too; errors as `reported.as_site`."""
    one = reported.as_site(facility)
    return replace(one, places=tuple(map(coordinates.complete, one.places)))


def _proposed(record: Record, as_of: int) -> dict[str, Site]:
    claimed = {part.value for one in sites.every(record, Site, as_of).values() for part in one.facilities}
    found = {}
    for facility in site_reports.facilities(record, as_of).values():
        if facility.id not in claimed:
            try:
                found[facility.id] = propose(facility)
            except GoedeBuurError:
                continue  # `sites import` says which and why
    return found


def _judged(place: Place, held: tuple[Place, ...]) -> Place:
    same = next((p for p in held if (p.latitude, p.longitude) == (place.latitude, place.longitude) and p.judged), None)
    return place if same is None else replace(place, judged=same.judged, reason=same.reason, role=same.role)
