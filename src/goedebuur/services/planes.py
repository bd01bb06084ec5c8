"""Planes on which places are metres east and north of each other: around a middle, or RD New; and back to degrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from goedebuur.services import coordinates

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats

Number = TypeVar("Number", "float", "Floats")


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane of metres east and north, by what PROJ calls it.

    Parameters
    ----------
    system
        Such as `EPSG:28992`.
    """

    system: str

    def placed(self, latitude: Number, longitude: Number) -> tuple[Number, Number]:
        """Return x and y of a place, or of arrays of them. [° to m]"""
        x, y = coordinates.transformer(coordinates.WGS84, self.system).transform(longitude, latitude)
        return x, y

    def degrees(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return latitude and longitude of a place, or of arrays of them. [m to °]"""
        longitude, latitude = coordinates.transformer(self.system, coordinates.WGS84).transform(x, y)
        return latitude, longitude


RD: Final = Plane(coordinates.RD_NEW)
"""RD New: its north is at most 1.6° off that of the wind, in the far east and west; a kilometre at most 0.1 m off."""


def around(latitude: float, longitude: float) -> Plane:
    """Return the plane with this place at 0, 0: distances from it are those over the ground, its north is the wind's.

    At 50 km from the middle other distances, and areas, are within 10⁻⁵.

    >>> x, y = around(52.0, 5.0).placed(52.0, 5.0)
    >>> abs(x) < 1e-6 and abs(y) < 1e-6
    True
    """
    return Plane(f"+proj=aeqd +lat_0={latitude!r} +lon_0={longitude!r} +datum=WGS84 +units=m")
