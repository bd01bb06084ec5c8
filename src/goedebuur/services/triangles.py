"""Values at places without rows: triangles between them, in which a value goes straight from corner to corner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.dispersion_sources import Receptor

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.tri import Triangulation
    from numpy.typing import NDArray

    from goedebuur.core.weather.sun import Floats


def of(places: Sequence[Receptor], values: Floats) -> Triangulation:
    """Return Delaunay's triangles between places; those with a corner that has no value are masked.

    Raises
    ------
    GoedeBuurError
        `input-empty` for places on one line, or fewer than three.
    """
    import numpy as np
    from matplotlib.tri import Triangulation

    x, y = np.array([one.x for one in places]), np.array([one.y for one in places])
    try:
        # from its own middle: with the millions of a national grid less is left for what is between two places
        found = Triangulation(x - x.mean(), y - y.mean())
    except (ValueError, RuntimeError):
        raise GoedeBuurError(
            errors.EMPTY_INPUT, "Between these places there is no area.",
            place="places", value=f"{len(places)} places", hint="Give three or more, not on one line.",
        ) from None  # fmt: skip
    found = Triangulation(x, y, found.triangles)
    found.set_mask(~np.isfinite(values)[found.triangles].all(axis=1))
    return found


def above(net: Triangulation, values: Floats, level: float) -> NDArray[np.object_]:
    """Return the parts of triangles in which the value is above a level, as polygons of shapely that do not overlap."""
    import numpy as np
    import shapely

    corners = net.get_masked_triangles()
    order = np.argsort(values[corners], axis=1, kind="stable")[:, ::-1]
    corners = np.take_along_axis(corners, order, axis=1)
    high = values[corners] > level
    count = high.sum(axis=1)
    points = np.stack([net.x, net.y], axis=-1)

    def crossing(rows: NDArray[np.intp], first: int, second: int) -> Floats:
        """Return where the level is, between a corner above it and one that is not: the same for both triangles."""
        up, down = corners[rows, first], corners[rows, second]
        part = (values[up] - level) / (values[up] - values[down])
        found: Floats = points[up] + part[:, None] * (points[down] - points[up])
        return found

    one, two, three = (np.flatnonzero(count == number) for number in (1, 2, 3))
    rings: list[Any] = [
        points[corners[three]],
        np.stack([points[corners[one, 0]], crossing(one, 0, 1), crossing(one, 0, 2)], axis=1),
        np.stack([points[corners[two, 0]], points[corners[two, 1]], crossing(two, 1, 2), crossing(two, 0, 2)], axis=1),
    ]
    return np.concatenate([shapely.polygons(ring) for ring in rings if len(ring)] or [np.empty(0, object)])


def at(net: Triangulation, values: Floats, x: Floats, y: Floats) -> Floats:
    """Return values at other places, shape (n,); NaN outside the triangles and where a corner has no value."""
    import numpy as np
    from matplotlib.tri import LinearTriInterpolator

    filled = np.where(np.isfinite(values), values, 0.0)
    found: Floats = np.ma.filled(LinearTriInterpolator(net, filled)(x, y), np.nan)
    return found
