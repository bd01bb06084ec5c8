"""What the register of releases in the record reports of facilities: years, names, places and activities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.sites import likeness, moves, reported
from goedebuur.core.sites.likeness import Likeness
from goedebuur.core.sites.moves import Move
from goedebuur.core.sites.reported import Facility, Report
from goedebuur.services.inventory import SIMULATION

if TYPE_CHECKING:
    from goedebuur.services.record import Record

RELEASES: Final = ("release",)
"""What these answers rest on: a decision on a site leaves them as they are."""


def facilities(record: Record, as_of: int | None = None) -> Mapping[str, Facility]:
    """Return the facilities with their reports by year, by identifier."""
    return record.of_catalogue("reported facilities", as_of, lambda size: _facilities(record, size), RELEASES)


def alike(record: Record, as_of: int | None = None) -> list[Likeness]:
    """Return the pairs of facilities that may be one site, the likeliest first, whatever was decided of them."""
    return record.of_catalogue(
        "alike", as_of, lambda size: likeness.alike(list(facilities(record, size).values())), RELEASES
    )


def moved(record: Record, as_of: int | None = None) -> list[Move]:
    """Return the facilities whose coordinates moved or are doubted, the furthest first, whatever was judged of them."""
    return record.of_catalogue(
        "moved", as_of, lambda size: moves.moved(list(facilities(record, size).values())), RELEASES
    )


def _facilities(record: Record, as_of: int) -> dict[str, Facility]:
    newest = {name: body for _, name, _, body in record.catalogue.records("release", as_of)}
    submitters = record.catalogue.submitters("release", as_of)
    simulated = {name.rsplit(":", 3)[0] for name, who in submitters.items() if SIMULATION in who}
    found = reported.facilities(map(_report, newest.values()), simulated)
    return {one.id: one for one in found}


def _report(body: Mapping[str, Any]) -> Report:
    return Report(
        facility=str(body["facility"]),
        year=int(body["year"]),
        name=body["name"] or "",
        city=body["city"] or "",
        activity=body["activity"] or "",
        latitude=body["latitude"] or "",
        longitude=body["longitude"] or "",
    )
