"""Places in rows and columns, finer near the middle, or in rings, for which concentrations are reckoned.

A place within which of a source nothing can be said stays in a grid, without a value; where places have no rows it is
left out. Either way it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, isfinite, radians, sin
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services.dispersion_sources import FAR, Field, Receptor, Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from goedebuur.core.weather.sun import Floats

NO_GRID: Final = declare("query-grid", "Places cannot be laid out so.")
MOST: Final = 250_000
"""Places in one grid: ours, what a machine of 16 GB and a day can do."""
NEAR: Final = "too near to a source"
BEYOND: Final = "more than 50 km from a source"
INSIDE: Final = "in a pit"


@dataclass(frozen=True, slots=True)
class Grid:
    """Places where columns and rows cross.

    Parameters
    ----------
    x, y
        Where the columns and the rows are, ascending, two or more. [m]
    """

    id: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    def __post_init__(self) -> None:
        for axis in (self.x, self.y):
            if len(axis) < 2 or any(not isfinite(one) for one in axis) or list(axis) != sorted(set(axis)):
                raise ValueError("the columns or rows of a grid do not ascend")

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many rows and columns there are: values of the places, reshaped so, are a map with south first."""
        return len(self.y), len(self.x)

    @property
    def places(self) -> list[Receptor]:
        """Return the places, row by row from the south-west."""
        rows, columns = enumerate(self.y), tuple(enumerate(self.x))
        return [Receptor(f"{self.id}-{row}-{column}", x, y) for row, y in rows for column, x in columns]


@dataclass(frozen=True, slots=True)
class Kept:
    """Places of which something can be said, and how many of which nothing can.

    Parameters
    ----------
    all, there
        All places, and which of them were kept, shape (all,).
    left_out
        Why → how many.
    """

    all: tuple[Receptor, ...]
    there: NDArray[np.bool_]
    left_out: Mapping[str, int]

    @property
    def places(self) -> list[Receptor]:
        """Return the places that were kept."""
        return [one for one, there in zip(self.all, self.there, strict=True) if there]

    def whole(self, values: Floats) -> Floats:
        """Return values of the kept places as values of all: NaN at the others."""
        import numpy as np

        found = np.full(len(self.all), np.nan)
        found[self.there] = values
        return found


def cartesian(middle: tuple[float, float], half: float, step: float, name: str = "grid") -> Grid:
    """Return a square grid with a place in its middle.

    Parameters
    ----------
    middle
        x and y. [m]
    half
        From the middle to each side, rounded down to whole steps. [m]
    step
        Between rows and between columns. [m]

    Raises
    ------
    GoedeBuurError
        `query-grid` where a step is not above 0 or is more than the half, the half is above 50 km, or there are more
        than :data:`MOST` places.
    """
    if not 0 < step <= half <= FAR or not all(isfinite(one) for one in middle):
        raise GoedeBuurError(
            NO_GRID, "A grid cannot be laid out so.",
            place="grid", value=f"half {half:g} m, step {step:g} m",
            hint="The step is above 0 and at most the half, and the half at most 50 km.",
        )  # fmt: skip
    count = floor(half / step + 1e-9)
    _require_few((2 * count + 1) ** 2)
    away = [step * number for number in range(-count, count + 1)]
    return Grid(name, tuple(middle[0] + one for one in away), tuple(middle[1] + one for one in away))


def nested(grids: Sequence[Grid]) -> list[Receptor]:
    """Return the places of grids, each finer than the one before it and inside it.

    Places of a grid in or on the sides of one that comes later are left out: the finer grid has its own there.

    Raises
    ------
    GoedeBuurError
        `query-grid` where a later grid is not inside the one before, or has the same name as another.
    """
    for outer, inner in pairwise(grids):
        inside = all(a[0] <= b[0] and b[-1] <= a[-1] for a, b in ((outer.x, inner.x), (outer.y, inner.y)))
        if not inside or len({one.id for one in grids}) < len(grids):
            raise GoedeBuurError(
                NO_GRID, "A finer grid lies inside the one around it, and has its own name.",
                place="grid", value=inner.id, hint="Take a smaller half, or the same middle.",
            )  # fmt: skip
    found = [
        place
        for number, grid in enumerate(grids)
        for place in grid.places
        if not any(_covers(finer, place) for finer in grids[number + 1 :])
    ]
    _require_few(len(found))
    return found


def polar(middle: tuple[float, float], rings: Sequence[float], spokes: int) -> list[Receptor]:
    """Return places in rings around a middle, from the north clockwise.

    Parameters
    ----------
    rings
        Distances from the middle, ascending. [m]
    spokes
        How many directions, evenly apart; three or more.

    Raises
    ------
    GoedeBuurError
        `query-grid`.
    """
    if not rings or list(rings) != sorted(set(rings)) or not 0 < rings[0] <= rings[-1] <= FAR or spokes < 3:
        raise GoedeBuurError(
            NO_GRID, "Rings cannot be laid out so.",
            place="rings", value=f"{', '.join(f'{one:g}' for one in rings)} m; {spokes} directions",
            hint="Distances ascend, above 0 and at most 50 km, and there are three directions or more.",
        )  # fmt: skip
    _require_few(len(rings) * spokes)
    turns = [360 * number / spokes for number in range(spokes)]
    return [
        Receptor(f"{ring:g}-{turn:g}", middle[0] + ring * sin(radians(turn)), middle[1] + ring * cos(radians(turn)))
        for ring in rings
        for turn in turns
    ]


def kept(places: Sequence[Receptor], stacks: Sequence[Source], fields: Sequence[Field] = ()) -> Kept:
    """Return which places lie far enough from each stack and volume, in no pit, and near enough to all sources."""
    import numpy as np

    from goedebuur.core.dispersion.pits import Pit
    from goedebuur.core.dispersion.plume import nearest

    x, y = np.array([one.x for one in places]), np.array([one.y for one in places])
    near, beyond, inside = (np.zeros(len(places), np.bool_) for _ in range(3))
    for one in stacks:
        away = np.hypot(x - one.x, y - one.y)
        near |= away < nearest(one.stack)
        beyond |= away > FAR
    for field in fields:
        if isinstance(field.area, Pit):
            inside |= field.area.holds(x, y)
        for corner in field.area.outline:
            beyond |= np.hypot(x - corner[0], y - corner[1]) > FAR
    beyond &= ~near
    inside &= ~(near | beyond)
    counts = {NEAR: int(near.sum()), BEYOND: int(beyond.sum()), INSIDE: int(inside.sum())}
    return Kept(tuple(places), ~(near | beyond | inside), {why: count for why, count in counts.items() if count})


def at(grid: Grid, values: Floats, x: Floats, y: Floats) -> Floats:
    """Return values at places in a grid, straight along both sides of its cells.

    Parameters
    ----------
    values
        Of the places of the grid, shape (places,); NaN where there is none.
    x, y : shape (n,)
        [m]

    Returns
    -------
    shape (n,)
        NaN outside the grid, and in a cell with a corner that has no value.
    """
    import numpy as np

    table = values.reshape(grid.shape)
    across, up = np.array(grid.x), np.array(grid.y)
    column = np.clip(np.searchsorted(across, x, side="right") - 1, 0, len(across) - 2)
    row = np.clip(np.searchsorted(up, y, side="right") - 1, 0, len(up) - 2)
    east = (x - across[column]) / (across[column + 1] - across[column])
    north = (y - up[row]) / (up[row + 1] - up[row])
    south = table[row, column] * (1 - east) + table[row, column + 1] * east
    farther = table[row + 1, column] * (1 - east) + table[row + 1, column + 1] * east
    inside = (x >= across[0]) & (x <= across[-1]) & (y >= up[0]) & (y <= up[-1])
    return np.where(inside, south * (1 - north) + farther * north, np.nan)


def _covers(grid: Grid, place: Receptor) -> bool:
    return grid.x[0] <= place.x <= grid.x[-1] and grid.y[0] <= place.y <= grid.y[-1]


def _require_few(count: int) -> None:
    if count > MOST:
        raise GoedeBuurError(
            NO_GRID, f"That are more than {MOST} places.",
            place="grid", value=str(count), hint="Take a greater step, or finer grids near the sources alone.",
        )  # fmt: skip
