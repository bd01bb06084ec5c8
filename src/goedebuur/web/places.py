"""Where: the stations of a place that a reader asks for, by name, municipality, part of the map or distance."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Final

from django.http import HttpRequest

from goedebuur.core.base.distances import distance
from goedebuur.services.settings import Bounds
from goedebuur.services.views import StationView
from goedebuur.web import asking

ON_MAP: Final = "map"
"""The part of the country with which the map starts, as a choice beside the municipalities."""
DISTANCES: Final = (5, 10, 25)
"""How far around a station can be asked. [km]"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked, what else can be asked, and the stations that it means."""

    station: str
    area: str
    around: int | None
    municipalities: tuple[str, ...]
    bounded: bool
    """Whether the map starts with a part of the country, which can be chosen."""
    stations: Collection[str]

    @property
    def distances(self) -> tuple[int, ...]:
        """Return the distances that can be chosen. [km]"""
        return DISTANCES


def wanted(request: HttpRequest, stations: Iterable[StationView], bounds: Bounds | None) -> Wanted:
    """Return the stations, of these, that the address asks for with `station`, `around` (km) and `area`."""
    known = list(stations)
    station, area = request.GET.get("station", ""), request.GET.get("area", "")
    around = asking.whole(request, "around", 0, 1000)
    middle = next((s for s in known if s.id == station), None)
    return Wanted(
        station=station,
        area=area,
        around=around,
        municipalities=tuple(sorted({s.municipality for s in known if s.municipality}, key=str.casefold)),
        bounded=bounds is not None,
        stations={s.id for s in known if _near(s, station, middle, around or 0) and _inside(s, area, bounds)},
    )


def _near(place: StationView, station: str, middle: StationView | None, around: int) -> bool:
    if station in ("", place.id):
        return True
    if middle is None or not around:
        return False
    far = distance(middle.latitude, middle.longitude, place.latitude, place.longitude)
    return isfinite(far) and far <= around


def _inside(place: StationView, area: str, bounds: Bounds | None) -> bool:
    if area == ON_MAP and bounds is not None:
        west, south, east, north = bounds
        return west <= place.longitude <= east and south <= place.latitude <= north
    return area in ("", place.municipality)
