"""Places for which concentrations are asked, as somebody delivers them: addresses and stations, or areas on a map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from goedebuur.adapters import payloads
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.records import RD_EAST, RD_NORTH
from goedebuur.services import planes, tables_csv
from goedebuur.services.dispersion_sources import Receptor

if TYPE_CHECKING:
    from goedebuur.services.planes import Plane
    from goedebuur.services.tables_csv import Line

DEGREES: Final = (("latitude", "longitude"), ("lat", "lon"))
IN_RD: Final = ("rd_x", "rd_y")
ON_PLANE: Final = ("x", "y")
"""Pairs of columns that say where a place is: in degrees (WGS84), in RD New, or in metres on the plane of the run."""
NAMES: Final = ("id", "name", "naam", "postcode")
"""What names an area, in its properties."""


def read_places(data: bytes, name: str, plane: Plane) -> list[Receptor]:
    """Return places on a plane, from a table or from GeoJSON; of an area a point that lies inside it.

    Parameters
    ----------
    data, name
        CSV with a column `id` and one of the pairs of :data:`DEGREES`, :data:`IN_RD` and :data:`ON_PLANE`; or a feature
        collection of points and polygons in WGS84.

    Raises
    ------
    GoedeBuurError
        Those of `payloads` and `tables_csv`; `input-duplicate` for a name that comes twice; `input-not-this-format`
        for what is no feature collection, and a feature that is no point or polygon; `input-number` for a place that
        lies nowhere.
    """
    plain = payloads.decompress(data, name)
    geographic = plain.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    return _of_features(plain, name, plane) if geographic else _of_table(plain, name, plane)


def _of_table(data: bytes, name: str, plane: Plane) -> list[Receptor]:
    header = tables_csv.columns_of(data, name)
    pair = next((one for one in (*DEGREES, IN_RD, ON_PLANE) if set(one) <= set(header)), ON_PLANE)
    found: dict[str, Receptor] = {}
    for line in tables_csv.lines(data, name, ["id", *pair]):
        _put(found, line.cells["id"], line.place("id"), *_metres(line, pair, plane))
    return list(found.values())


def _metres(line: Line, pair: tuple[str, str], plane: Plane) -> tuple[float, float]:
    if pair in DEGREES:
        return plane.placed(line.number_in(pair[0], None, -90, 90), line.number_in(pair[1], None, -180, 180))
    if pair == IN_RD or plane == planes.RD:
        x, y = line.number_in(pair[0], None, *RD_EAST), line.number_in(pair[1], None, *RD_NORTH)
        return (x, y) if plane == planes.RD else plane.placed(*planes.RD.degrees(x, y))
    return line.number_in(pair[0]), line.number_in(pair[1])


def _of_features(data: bytes, name: str, plane: Plane) -> list[Receptor]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        told = None
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list):
        raise GoedeBuurError(
            errors.NOT_THIS_FORMAT, "That is no feature collection.",
            place=name, value=data[:60].decode("utf-8", "replace"),
            hint="Save the areas as GeoJSON (RFC 7946), in WGS84.",
        )  # fmt: skip
    if not features:
        raise GoedeBuurError(errors.EMPTY_INPUT, "There is no area.", place=name, hint="Give one or more.")
    found: dict[str, Receptor] = {}
    for number, feature in enumerate(features, start=1):
        place = f"{name}, feature {number}"
        inside = _inside(feature, place)
        _put(found, _name(feature, number), place, *plane.placed(inside[1], inside[0]))
    return list(found.values())


def _inside(feature: Any, place: str) -> tuple[float, float]:
    """Return longitude and latitude of a point in an area. [°]"""
    import shapely

    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    try:
        drawn = shapely.from_geojson(json.dumps(geometry, allow_nan=False))
        area = shapely.make_valid(drawn)
    except (shapely.errors.ShapelyError, ValueError, RecursionError):
        drawn = area = None
    if area is None or area.is_empty or drawn.geom_type not in ("Point", "Polygon", "MultiPolygon"):
        raise GoedeBuurError(
            errors.NOT_THIS_FORMAT, "The feature is no point or polygon.",
            place=place, value=str(geometry)[:60], hint="Give each area with its outline.",
        )  # fmt: skip
    west, south, east, north = area.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise GoedeBuurError(
            errors.BAD_NUMBER, "The feature lies nowhere on earth.",
            place=place, value=f"{west:g}, {south:g}", hint="GeoJSON is in degrees: longitude and then latitude.",
        )  # fmt: skip
    found = area.representative_point()
    return float(found.x), float(found.y)


def _name(feature: Mapping[str, Any], number: int) -> str:
    properties = feature.get("properties")
    told = properties if isinstance(properties, Mapping) else {}
    names = [feature.get("id"), *(told.get(one) for one in NAMES)]
    return next((_written(one) for one in names if isinstance(one, str | int | float) and str(one)), str(number))


def _written(name: str | float) -> str:
    return f"{name:g}" if isinstance(name, float) else str(name)


def _put(found: dict[str, Receptor], name: str, place: str, x: float, y: float) -> None:
    if name in found:
        raise GoedeBuurError(
            errors.DUPLICATE_KEY, "The name comes twice.", place=place, value=name, hint="Give each its own name."
        )
    found[name] = Receptor(name, x, y)
