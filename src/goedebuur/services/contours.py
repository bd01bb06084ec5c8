"""Where a concentration is above a level: areas from values at places, as valid polygons, and as GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import triangles
from goedebuur.services.dispersion_grids import Grid

if TYPE_CHECKING:
    from matplotlib.tri import Triangulation
    from shapely import Geometry, MultiPolygon

    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_sources import Receptor
    from goedebuur.services.planes import Plane

NO_LEVELS: Final = declare("query-levels", "There are no such levels to draw contours at.")
MODEL: Final = "a steady plume of the class of AERMOD, not the NNM that Dutch law designates"
"""What is told with results that leave the program."""
DECIMALS: Final = 6
"""Of degrees: a tenth of a metre, as RFC 7946 (11.2) advises."""
STRAIGHT: Final = 1000.0
"""Longest side: what is straight in metres bends less than a tenth of a metre in degrees over it. [m]"""


@dataclass(frozen=True, slots=True)
class Contour:
    """Where the value is above a level.

    Parameters
    ----------
    level
        In the unit of the values.
    upto
        Level above which the value is not; None where that is open.
    geometry
        Valid, of shapely; outer rings anticlockwise. [m]
    area
        [km²]
    cut
        Whether it goes on past the edge of what was reckoned.
    hidden
        Whether it borders on places inside that have no value.
    """

    level: float
    upto: float | None
    geometry: MultiPolygon
    area: float
    cut: bool
    hidden: bool


def of_grid(grid: Grid, values: Floats, levels: Sequence[float], *, between: bool = False) -> tuple[Contour, ...]:
    """Return where the value is above each level, between places straight along the sides of their cells.

    What has no value belongs to no contour. A saddle goes by the mean of its four corners.

    Parameters
    ----------
    values
        Of the places of the grid, shape (places,); NaN where there is none.
    levels
        Ascending.
    between
        Whether each contour ends at the next level, so that none overlap.

    Raises
    ------
    GoedeBuurError
        `query-levels` for levels that do not ascend, or none.
    """
    import numpy as np

    table = values.reshape(grid.shape)
    found = _generator(grid, values)
    known = np.isfinite(table)
    edge = np.zeros(grid.shape, np.bool_)
    edge[[0, -1], :] = edge[:, [0, -1]] = True
    sides = np.pad(known, 1, constant_values=True)
    rows, columns = grid.shape
    # a cell with a corner that has no value is drawn in part at most
    beside = ~np.all([sides[r : r + rows, c : c + columns] for r in range(3) for c in range(3)], axis=0)

    def above(level: float) -> tuple[MultiPolygon, bool, bool]:
        high = known & (np.where(known, table, -np.inf) > level)
        return _joined(_polygons(*found.filled(level, np.inf))), bool((high & edge).any()), bool((high & beside).any())

    return _contours(levels, above, between)


def of_places(
    places: Sequence[Receptor], values: Floats, levels: Sequence[float], *, between: bool = False
) -> tuple[Contour, ...]:
    """Return the same from places without rows, by triangles between them (:mod:`triangles`).

    Raises
    ------
    GoedeBuurError
        `query-levels`; `input-empty` for places that have no area between them.
    """
    import shapely

    net = triangles.of(places, values)
    outside, inside = _borders(net)

    def above(level: float) -> tuple[MultiPolygon, bool, bool]:
        high = values > level
        drawn = shapely.coverage_union_all(triangles.above(net, values, level))
        return _joined([drawn]), bool(high[outside].any()), bool(high[inside].any())

    return _contours(levels, above, between)


def of(
    places: Grid | Sequence[Receptor], values: Floats, levels: Sequence[float], *, between: bool = False
) -> tuple[Contour, ...]:
    """Return the contours of places with rows or without: :func:`of_grid` or :func:`of_places`."""
    if isinstance(places, Grid):
        return of_grid(places, values, levels, between=between)
    return of_places(places, values, levels, between=between)


def geojson(contours: Iterable[Contour], plane: Plane, about: Mapping[str, object]) -> dict[str, Any]:
    """Return contours as a feature collection of RFC 7946: WGS84, outer rings anticlockwise, six decimals.

    Parameters
    ----------
    about
        What is told with each: `unit`, `statistic`.
    """
    return {"type": "FeatureCollection", "features": [_feature(one, plane, about) for one in contours]}


def lines(contours: Iterable[Contour], grid: Grid, values: Floats, plane: Plane) -> dict[str, Any]:
    """Return the lines along which the value is a level, as a feature collection: not the edge of what is known.

    Parameters
    ----------
    contours
        Above each level, open above.
    values
        Of the places of the grid, shape (places,), of which these are contours; NaN where there is none.
    """
    import numpy as np
    import shapely

    known = _joined(_polygons(*_generator(grid, values).filled(-np.inf, np.inf)))
    edge = known.boundary.buffer((grid.x[1] - grid.x[0]) / 1000)
    features = []
    for one in contours:
        drawn = shapely.get_parts(shapely.line_merge(shapely.difference(one.geometry.boundary, edge)))
        parts = [_degrees(part, plane).coords for part in drawn if part.geom_type == "LineString" and not part.is_empty]
        if parts:
            told = [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in part] for part in parts]
            features.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "MultiLineString", "coordinates": told},
                    "properties": {"level": one.level},
                }
            )
    return {"type": "FeatureCollection", "features": features}


def require_levels(levels: Sequence[float]) -> None:
    """Refuse levels that do not ascend, or none: `query-levels`."""
    if not levels or not all(isfinite(one) for one in levels) or list(levels) != sorted(set(levels)):
        raise GoedeBuurError(
            NO_LEVELS, "Levels are numbers that ascend.",
            place="levels", value=", ".join(f"{one:g}" for one in levels), hint="Give one or more: 0.5,1,2.",
        )  # fmt: skip


def _feature(one: Contour, plane: Plane, about: Mapping[str, object]) -> dict[str, Any]:
    import shapely

    drawn = _degrees(one.geometry, plane)
    rounded = shapely.orient_polygons(_joined([shapely.set_precision(drawn, 10.0**-DECIMALS, mode="pointwise")]))
    corners = [[_ring(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in rounded.geoms]
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": corners} if corners else None,
        "properties": {
            "level": one.level,
            "upto": one.upto,
            **about,
            "area_km2": round(one.area, 6),
            "cut_off_by_edge": one.cut,
            "borders_on_unknown": one.hidden,
        },
    }  # fmt: skip


def _degrees(geometry: Any, plane: Plane) -> Any:
    """Return a geometry in longitude and latitude, with points on the way where a straight line would bend."""
    import numpy as np
    import shapely

    def placed(points: Floats) -> Floats:
        latitude, longitude = plane.degrees(points[:, 0], points[:, 1])
        return np.stack([longitude, latitude], axis=-1)

    return shapely.transform(shapely.segmentize(geometry, STRAIGHT), placed)


def _ring(ring: Any) -> list[list[float]]:
    return [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]


def _contours(levels: Sequence[float], above: Any, between: bool) -> tuple[Contour, ...]:
    import shapely

    require_levels(levels)
    drawn = [above(level) for level in levels]
    found = []
    for number, (level, (geometry, cut, hidden)) in enumerate(zip(levels, drawn, strict=True)):
        upto = None
        if between and number + 1 < len(levels):
            upto = levels[number + 1]
            geometry = _joined([shapely.difference(geometry, drawn[number + 1][0])])
        found.append(Contour(level, upto, geometry, float(geometry.area) / 1e6, cut, hidden))
    return tuple(found)


def _generator(grid: Grid, values: Floats) -> Any:
    """Return what draws contours; of a cell with one corner without a value the other half is drawn."""
    import numpy as np
    from contourpy import FillType, contour_generator

    return contour_generator(
        np.array(grid.x),
        np.array(grid.y),
        np.ma.masked_invalid(values.reshape(grid.shape)),
        name="serial",
        corner_mask=True,
        fill_type=FillType.OuterOffset,
    )


def _polygons(points: Sequence[Any], offsets: Sequence[Any]) -> list[Geometry]:
    """Return contourpy's areas, of which the first ring is the outer one and others are holes."""
    import shapely

    return [
        shapely.Polygon(ring[cuts[0] : cuts[1]], [ring[a:b] for a, b in pairwise(cuts[1:])])
        for ring, cuts in zip(points, offsets, strict=True)
    ]


def _joined(areas: Any) -> MultiPolygon:
    """Return areas as one that is valid, of polygons alone: what has no width is none."""
    import shapely

    whole = shapely.union_all(shapely.make_valid(areas))
    parts = [one for one in shapely.get_parts(whole) if one.geom_type in ("Polygon", "MultiPolygon") and one.area > 0]
    return shapely.orient_polygons(shapely.MultiPolygon(list(shapely.get_parts(parts))))


def _borders(net: Triangulation) -> tuple[Any, Any]:
    """Return the places on the edge of all, and those that border on triangles without a value elsewhere."""
    import numpy as np

    corners, masked = net.triangles, net.mask
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    once, counts = np.unique(sides, axis=0, return_counts=True)
    unknown = corners[masked] if masked is not None else corners[:0]
    return np.unique(once[counts == 1]), np.unique(unknown)
