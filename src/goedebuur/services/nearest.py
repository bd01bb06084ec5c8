"""Which weather station stands for a place: the nearest one that measures wind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

from goedebuur.core.base.distances import distance
from goedebuur.services.views import StationView


class Located(Protocol):
    """What has a place. [°] NaN where it is not known."""

    @property
    def latitude(self) -> float:
        """Return the latitude."""

    @property
    def longitude(self) -> float:
        """Return the longitude."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """A station and how far away it is."""

    station: StationView
    distance: float  # [km]


def nearest(place: Located, candidates: Iterable[StationView]) -> Nearest | None:
    """Return the candidate nearest to a place; None without candidates, or where a place is not known."""
    if not isfinite(place.latitude) or not isfinite(place.longitude):
        return None
    found = [
        Nearest(c, distance(place.latitude, place.longitude, c.latitude, c.longitude))
        for c in candidates
        if isfinite(c.latitude) and isfinite(c.longitude)
    ]
    return min(found, key=lambda n: (n.distance, n.station.id), default=None)
