"""What the map and the pages show of the facilities of the release register, in the words of the page's language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import ngettext

from goedebuur.services.settings import Bounds
from goedebuur.services.views import FacilityView, ReleaseView
from goedebuur.web import words


@dataclass(frozen=True, slots=True)
class Entry:
    """One facility on the map and in lists."""

    facility: FacilityView
    url: str
    summary: str


@dataclass(frozen=True, slots=True)
class Substance:
    """What one facility reported of one substance, newest year first."""

    name: str
    releases: tuple[ReleaseView, ...]

    @property
    def newest(self) -> ReleaseView:
        """Return the release of the newest year."""
        return self.releases[0]


def entries(facilities: Sequence[FacilityView], bounds: Bounds | None = None) -> list[Entry]:
    """Return the facilities by name; with bounds (west, south, east, north) [°] only those whose place lies there."""
    found = [
        Entry(facility, reverse("facility", args=[facility.id]), summary(facility))
        for facility in facilities
        if bounds is None or _inside(facility, bounds)
    ]
    return sorted(found, key=lambda entry: (entry.facility.name.casefold(), entry.facility.id))


def summary(facility: FacilityView) -> str:
    """Return one sentence on what a facility reported last."""
    year = max(release.year for release in facility.releases)
    number = sum(release.year == year for release in facility.releases)
    return ngettext(
        "%(place)s. Reported over %(year)d: %(n)d substance to air.",
        "%(place)s. Reported over %(year)d: %(n)d substances to air.",
        number,
    ) % {"place": facility.place or "–", "year": year, "n": number}


def substances(facility: FacilityView) -> list[Substance]:
    """Return the releases by substance, in the order of their names; in each the newest year first."""
    ordered = sorted(facility.releases, key=lambda release: (release.pollutant, -release.year))
    groups = [
        Substance(words.look_up("pollutant", name), tuple(releases))
        for name, releases in groupby(ordered, key=lambda release: release.pollutant)
    ]
    return sorted(groups, key=lambda group: group.name.casefold())


def on_map(entry: Entry) -> dict[str, object]:
    """Return what the map draws of a facility."""
    return {
        "id": entry.facility.id,
        "name": entry.facility.name,
        "latitude": entry.facility.latitude,
        "longitude": entry.facility.longitude,
        "url": entry.url,
        "summary": entry.summary,
        "simulated": entry.facility.simulated,
    }


def _inside(facility: FacilityView, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    known = not math.isnan(facility.longitude + facility.latitude)
    return known and west <= facility.longitude <= east and south <= facility.latitude <= north
