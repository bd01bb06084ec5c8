"""What pages show of visible emissions at a site in a year: counted as conditions word it, and look by look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from goedebuur.core.base.periods import zone
from goedebuur.core.emissions.visible.sightings import Sighting
from goedebuur.services import inventory, nearest, queries, site_views, visible_emissions
from goedebuur.services.nearest import Nearest
from goedebuur.services.views import WindView
from goedebuur.services.visible_emissions import CLOCK, SiteVisible

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class VisibleView:
    """What was seen at a site in a year.

    Parameters
    ----------
    years
        In which somebody looked.
    until
        Last day that is counted: of the year, or of the state that is asked.
    parts
        Of each site that is one with it and at which somebody ever looked.
    sightings
        Of all of these, the last first.
    installations
        Installation → its name.
    """

    site: str
    name: str
    simulated: bool
    year: int | None
    years: tuple[int, ...]
    until: date | None
    parts: tuple[SiteVisible, ...]
    sightings: tuple[Sighting, ...]
    installations: Mapping[str, str]


def view(record: Record, site: str, on: date, year: int | None = None, as_of: int | None = None) -> VisibleView:
    """Return what was seen at a site in a year; without a year in the newest in which somebody looked.

    Parameters
    ----------
    on
        Day on which it is asked: nothing after it is counted.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = site_views.find(record, site, as_of)
    seen = {member: visible_emissions.of_site(record, member, as_of) for member in found.members}
    years = tuple(sorted({year_of(one) for ones in seen.values() for one in ones}, reverse=True))
    asked = year if year is not None else years[0] if years else None
    parts: tuple[SiteVisible, ...] = ()
    until = None
    if asked is not None:
        until = min(date(asked, 12, 31), max(on, date(asked, 1, 1)))
        now = datetime.combine(on, time.max, zone(CLOCK))
        question = ("visible standing", found.id, asked, on)
        counted = [member for member, ones in seen.items() if ones]
        first, last = date(asked, 1, 1), until
        parts = record.of_catalogue(
            question,
            as_of,
            lambda size: tuple(
                visible_emissions.standing(record, member, first, last, now, size) for member in counted
            ),
        )
    looks = sorted((one for part in parts for one in part.sightings), key=lambda one: (one.start, one.id), reverse=True)
    return VisibleView(
        found.id,
        found.name,
        found.simulated,
        asked,
        years,
        until,
        parts,
        tuple(looks),
        {one.id: one.names[-1].value if one.names else one.id for one in found.installations},
    )


def wind(
    record: Record, site: str, seen: Sequence[Sighting], as_of: int | None = None
) -> tuple[Nearest | None, tuple[WindView | None, ...]]:
    """Return the weather station nearest to a site, and its wind in the hour of each look; None where not known."""
    found = site_views.find(record, site, as_of)
    station = nearest.nearest(found, inventory.weather_stations(record, as_of))
    if station is None:
        return None, (None,) * len(seen)
    moments = [one.began for one in seen]
    return station, tuple(queries.wind_of_hours(record, station.station, moments, as_of))


def year_of(one: Sighting) -> int:
    """Return the year in which somebody looked, on the clock on which days are cut."""
    return one.began.astimezone(zone(CLOCK)).year
