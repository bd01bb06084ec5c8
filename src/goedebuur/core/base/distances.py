"""How far two places are from each other."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_RADIUS: Final = 6371.0
"""Mean radius of the earth, IUGG 1980: https://doi.org/10.1007/s001900050278 [km]"""


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance over a sphere between two places in degrees; NaN where one is not known. [km]

    Haversine formula: R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984) 159. Within 0.6 % of the
    ellipsoid.
    """
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))
