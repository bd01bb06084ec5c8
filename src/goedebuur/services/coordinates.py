"""From WGS84 to RD New and back, to the metre or better: what sites need, not what a surveyor needs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.distances import distance
from goedebuur.core.sites import rules
from goedebuur.core.sites.records import RD_EAST, RD_NORTH, Place

if TYPE_CHECKING:
    from pyproj import Transformer

WGS84: Final = "EPSG:4326"
RD_NEW: Final = "EPSG:28992"
AGREE_WITHIN: Final = 0.01
"""Both forms of one place lie no further apart than this. [km] Ours: more than rounding and the missing grid make."""


def complete(place: Place) -> Place:
    """Return a place in both forms: the one that is not given is worked out, where RD holds.

    Raises
    ------
    GoedeBuurError
        `site-place-disagrees` for a place of which the two forms lie apart.
    """
    if not place.x:
        x, y = to_rd(float(place.latitude), float(place.longitude))
        return replace(place, x=x, y=y)
    latitude, longitude = to_wgs84(float(place.x), float(place.y))
    if not place.latitude:
        return replace(place, latitude=latitude, longitude=longitude)
    far = distance(float(place.latitude), float(place.longitude), float(latitude), float(longitude))
    if far > AGREE_WITHIN:
        raise rules.PLACE_AGREES.error(
            f"RD New and WGS84 of this place lie {1000 * far:.0f} m apart.",
            place="place",
            value=f"{place.x}, {place.y} and {place.latitude}, {place.longitude}",
            hint="Leave out the one that is not sure: it is worked out of the other.",
        )
    return place


def to_rd(latitude: float, longitude: float) -> tuple[str, str]:
    """Return x and y in RD New, in whole metres; two empty texts where RD does not hold or the place is not known.

    Without the correction grid of RDNAPTRANS: within 0.25 m, less than the last digit of what registers give.
    """
    if not (isfinite(latitude) and isfinite(longitude)):
        return "", ""
    x, y = transformer(WGS84, RD_NEW).transform(longitude, latitude)
    if not (RD_EAST[0] <= x <= RD_EAST[1] and RD_NORTH[0] <= y <= RD_NORTH[1]):
        return "", ""
    return f"{x:.0f}", f"{y:.0f}"


def to_wgs84(x: float, y: float) -> tuple[str, str]:
    """Return latitude and longitude of a place in RD New, with six decimals: a tenth of a metre. [°]"""
    longitude, latitude = transformer(RD_NEW, WGS84).transform(x, y)
    return f"{latitude:.6f}", f"{longitude:.6f}"


@lru_cache(maxsize=16)
def transformer(source: str, target: str) -> Transformer:
    """Return what turns x and y, or longitude and latitude, of one system into those of another."""
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)
