"""Values at places without rows: triangles between them, in which a value goes straight from corner to corner.

Across a gap between places there is no triangle: nothing is said where no place is near. What a gap is follows from
the places themselves, so that a finer grid in a coarser, rings and rows of houses come out whole: see
docs/methods/contours.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.dispersion_sources import Receptor

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.tri import Triangulation
    from numpy.typing import NDArray

    from goedebuur.core.weather.sun import Floats

LONG: Final = 5.0
"""Times the spacing of the places around it, above which a side may cross a gap."""
ALONE: Final = 10.0
"""Times the spacing of the nearest places, that the spacing of a place is at most."""
ON_THE_WAY: Final = (0.25, 0.5, 0.75)
"""Parts of a side at which it is asked how far the nearest place is."""


def of(places: Sequence[Receptor], values: Floats) -> Triangulation:
    """Return Delaunay's triangles between places; those with a corner that has no value are masked.

    Triangles across a gap are none of them (:func:`_gaps`).

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
        found = Triangulation(x, y, found.triangles[~_gaps(x - x.mean(), y - y.mean(), found.triangles)])
    except (ValueError, RuntimeError):
        raise GoedeBuurError(
            errors.EMPTY_INPUT, "Between these places there is no area.",
            place="places", value=f"{len(places)} places", hint="Give three or more, not on one line.",
        ) from None  # fmt: skip
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


def _gaps(x: Floats, y: Floats, corners: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Return which triangles cross a gap, shape (triangles,).

    A side crosses one where it is longer than :data:`LONG` times the largest spacing (:func:`_spacing`) of the places
    in the triangles on both its sides, and at a quarter, half or three quarters of the way it is farther than half that
    length from every place: a side that runs along a row of houses is near them. A triangle with such a side does too.
    """
    import numpy as np
    import shapely

    ends = np.sort(corners[:, [[0, 1], [1, 2], [2, 0]]].astype(np.int64), axis=2).reshape(-1, 2)
    numbers, which = np.unique(ends[:, 0] * len(x) + ends[:, 1], return_inverse=True)
    first, second = np.divmod(numbers, len(x))
    points = np.stack([x, y], axis=-1)
    length = np.hypot(*(points[second] - points[first]).T)
    around = np.zeros(len(numbers))
    np.maximum.at(around, which, np.repeat(_spacing(first, second, length, len(x))[corners].max(axis=1), 3))
    most = LONG * around
    long = np.flatnonzero(length > most)
    gap = np.zeros(len(numbers), np.bool_)
    if len(long):
        tree = shapely.STRtree(shapely.points(points))
        for part in ON_THE_WAY:
            at = shapely.points(points[first[long]] + part * (points[second[long]] - points[first[long]]))
            _, away = tree.query_nearest(at, return_distance=True, all_matches=False)
            gap[long] |= away > most[long] / 2
    crosses: NDArray[np.bool_] = gap[which.reshape(-1, 3)].any(axis=1)
    return crosses


def _spacing(first: NDArray[np.int64], second: NDArray[np.int64], length: Floats, count: int) -> Floats:
    """Return how far apart places are around each, shape (count,). [m]

    The third shortest side at a place: of rings that is the next one along a spoke or along the ring, however
    stretched. A place at the corner of a group has only two within it, and one by itself has none: it is at most what
    the middle one is of itself and its two nearest, or up to :data:`ALONE` times that where its second side is so long.

    Parameters
    ----------
    first, second, length
        Ends of each side, and how long it is [m].
    """
    import numpy as np

    one, other, long = (np.concatenate(told) for told in ((first, second), (second, first), (length, length)))
    order = np.lexsort([long, one])
    one, other, long = one[order], other[order], long[order]
    begin = np.searchsorted(one, np.arange(count))
    last = np.searchsorted(one, np.arange(count), side="right") - 1
    # a place that comes twice has no side of its own
    begin, last = np.minimum(begin, len(one) - 1), np.maximum(last, 0)
    next_one = np.minimum(begin + 1, last)
    third = long[np.minimum(begin + 2, last)]
    middle = np.median([third, third[other[begin]], third[other[next_one]]], axis=0)
    found: Floats = np.minimum(third, np.maximum(middle, np.minimum(long[next_one], ALONE * middle)))
    return found
