"""Which weather station stands for a place: the nearest one that measures wind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Final

from goedebuur.services.views import StationView

EARTH_RADIUS: Final = 6371.0
"""Mean radius of the earth, IUGG 1980: https://doi.org/10.1007/s001900050278 [km]"""


@dataclass(frozen=True, slots=True)
class Nearest:
    """A station and how far away it is."""

    station: StationView
    distance: float  # [km]


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance over a sphere between two places in degrees. [km]

    Haversine formula: R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984) 159. Within 0.6 % of the
    ellipsoid.
    """
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))


def nearest(place: StationView, candidates: Iterable[StationView]) -> Nearest | None:
    """Return the candidate nearest to a place; None without candidates, or where a place is not known."""
    if not isfinite(place.latitude) or not isfinite(place.longitude):
        return None
    found = [
        Nearest(c, distance(place.latitude, place.longitude, c.latitude, c.longitude))
        for c in candidates
        if isfinite(c.latitude) and isfinite(c.longitude)
    ]
    return min(found, key=lambda n: (n.distance, n.station.id), default=None)
