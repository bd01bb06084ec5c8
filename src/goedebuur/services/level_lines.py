"""Lines along which a value is a level, for a map: they end where what is known does, and are not closed there.

Quicker than areas (:mod:`contours`): no area is put together for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from goedebuur.services import triangles
from goedebuur.services.contours import DECIMALS, STRAIGHT, require_levels
from goedebuur.services.dispersion_grids import Grid

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.tri import Triangulation
    from numpy.typing import NDArray
    from shapely import MultiLineString

    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_sources import Receptor
    from goedebuur.services.planes import Plane


@dataclass(frozen=True, slots=True)
class LevelLine:
    """Where the value is a level.

    Parameters
    ----------
    level
        In the unit of the values.
    geometry
        Of shapely; empty where the value is above the level everywhere or nowhere. [m]
    cut
        Whether what is above the level goes on past the edge of the places.
    hidden
        Whether it borders on places inside that have no value.
    """

    level: float
    geometry: MultiLineString
    cut: bool
    hidden: bool


def of(places: Grid | Sequence[Receptor], values: Floats, levels: Sequence[float]) -> tuple[LevelLine, ...]:
    """Return the line of each level, between places straight along the sides of their cells or triangles.

    Parameters
    ----------
    values
        Of the places, shape (places,); NaN where there is none.
    levels
        Ascending.

    Raises
    ------
    GoedeBuurError
        `query-levels` for levels that do not ascend, or none; `input-empty` for places that have no area between them.
    """
    require_levels(levels)
    return _of_grid(places, values, levels) if isinstance(places, Grid) else _of_places(places, values, levels)


def geojson(lines: Iterable[LevelLine], plane: Plane) -> dict[str, Any]:
    """Return lines as a feature collection of RFC 7946, one a level; without a geometry where there is no line."""
    return {"type": "FeatureCollection", "features": [_feature(one, plane) for one in lines]}


def _of_grid(grid: Grid, values: Floats, levels: Sequence[float]) -> tuple[LevelLine, ...]:
    import numpy as np
    import shapely
    from contourpy import LineType, contour_generator

    table = values.reshape(grid.shape)
    known = np.isfinite(table)
    edge = np.zeros(grid.shape, np.bool_)
    edge[[0, -1], :] = edge[:, [0, -1]] = True
    sides = np.pad(known, 1, constant_values=True)
    rows, columns = grid.shape
    beside = ~np.all([sides[r : r + rows, c : c + columns] for r in range(3) for c in range(3)], axis=0)
    drawing = contour_generator(
        np.array(grid.x),
        np.array(grid.y),
        np.ma.masked_invalid(table),
        name="serial",
        corner_mask=True,
        line_type=LineType.Separate,
    )
    found = []
    for level in levels:
        high = known & (np.where(known, table, -np.inf) > level)
        drawn = _many([shapely.linestrings(part) for part in drawing.lines(level)])
        found.append(LevelLine(level, drawn, bool((high & edge).any()), bool((high & beside).any())))
    return tuple(found)


def _of_places(places: Sequence[Receptor], values: Floats, levels: Sequence[float]) -> tuple[LevelLine, ...]:
    import numpy as np
    import shapely

    net = triangles.of(places, values)
    outside, inside = _borders(net)
    found = []
    for level in levels:
        high = np.where(np.isfinite(values), values, -np.inf) > level
        pieces = _many(shapely.linestrings(_crossings(net, values, level)))
        drawn = _many(shapely.get_parts(shapely.line_merge(pieces)))
        found.append(LevelLine(level, drawn, bool(high[outside].any()), bool(high[inside].any())))
    return tuple(found)


def _many(lines: Sequence[Any] | NDArray[np.object_]) -> MultiLineString:
    """Return lines as one geometry, which may be none of them."""
    import shapely

    return shapely.MultiLineString(list(lines))


def _crossings(net: Triangulation, values: Floats, level: float) -> Floats:
    """Return where a level crosses triangles, shape (crossed, 2 ends, x and y). [m]"""
    import numpy as np

    corners = net.get_masked_triangles()
    order = np.argsort(values[corners], axis=1, kind="stable")[:, ::-1]
    corners = np.take_along_axis(corners, order, axis=1)
    points = np.stack([net.x, net.y], axis=-1)
    count = (values[corners] > level).sum(axis=1)

    def at(rows: NDArray[np.intp], first: int, second: int) -> Floats:
        """Return where the level is between a corner above it and one that is not: the same for both triangles."""
        up, down = corners[rows, first], corners[rows, second]
        part = (values[up] - level) / (values[up] - values[down])
        found: Floats = points[up] + part[:, None] * (points[down] - points[up])
        return found

    one, two = np.flatnonzero(count == 1), np.flatnonzero(count == 2)
    ends = np.concatenate(
        [np.stack([at(one, 0, 1), at(one, 0, 2)], axis=1), np.stack([at(two, 0, 2), at(two, 1, 2)], axis=1)]
    )
    crossed: Floats = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    return crossed


def _borders(net: Triangulation) -> tuple[Any, Any]:
    """Return the places on the edge of all triangles, and the corners of those without a value."""
    import numpy as np

    corners, masked = net.triangles, net.mask
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    once, counts = np.unique(sides, axis=0, return_counts=True)
    unknown = corners[masked] if masked is not None else corners[:0]
    return np.unique(once[counts == 1]), np.unique(unknown)


def _feature(one: LevelLine, plane: Plane) -> dict[str, Any]:
    import numpy as np
    import shapely

    def placed(points: Floats) -> Floats:
        latitude, longitude = plane.degrees(points[:, 0], points[:, 1])
        return np.stack([longitude, latitude], axis=-1)

    drawn = shapely.get_parts(shapely.segmentize(one.geometry, STRAIGHT))
    points, whose = shapely.get_coordinates(drawn, return_index=True)
    cuts = np.flatnonzero(np.diff(whose)) + 1
    parts = [part.tolist() for part in np.split(np.round(placed(points), DECIMALS), cuts) if len(part)]
    return {
        "type": "Feature",
        "geometry": {"type": "MultiLineString", "coordinates": parts} if parts else None,
        "properties": {"level": one.level, "cut_off_by_edge": one.cut, "borders_on_unknown": one.hidden},
    }
