"""The ground around a station by the direction from which the wind comes over it: how rough, and how far lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from goedebuur.core.weather.sun import Floats

CIRCLE: Final = 360.0


@dataclass(frozen=True, slots=True)
class Sector:
    """The ground between two directions, clockwise; from one to the same it is all around.

    Parameters
    ----------
    first, last
        From and up to, not including. [°]
    roughness
        `z0`. [m]
    displacement
        How far above the ground the wind is as it would be above bare ground: two thirds of the height of what stands
        close together on it. [m]

    Raises
    ------
    ValueError
        For a number that no ground can have.
    """

    first: float
    last: float
    roughness: float
    displacement: float = 0.0
    LIMITS: ClassVar[dict[str, tuple[float, float]]] = {
        "first": (0.0, CIRCLE),
        "last": (0.0, CIRCLE),
        "roughness": (1e-5, 2.9),
        "displacement": (0.0, 50.0),
    }

    def __post_init__(self) -> None:
        for name, (least, most) in self.LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError(f"{name} {value} is not from {least:g} to {most:g}")

    @property
    def width(self) -> float:
        """Return how much of the circle it is. [°]"""
        return (self.last - self.first) % CIRCLE or CIRCLE


def require_circle(sectors: Sequence[Sector]) -> None:
    """Raise `ValueError` for sectors that are not all around, each from where another ends.

    Examples
    --------
    >>> require_circle([Sector(205, 25, 0.0002), Sector(25, 205, 0.5)])
    >>> require_circle([Sector(205, 25, 0.0002), Sector(30, 205, 0.5)])
    Traceback (most recent call last):
    ValueError: no sector begins at 25°
    """
    begins = {one.first % CIRCLE for one in sectors}
    if len(begins) != len(sectors):
        raise ValueError("two sectors begin at the same direction, or there is none")
    for one in sectors:
        if one.last % CIRCLE not in begins:
            raise ValueError(f"no sector begins at {one.last:g}°")
    if abs(sum(one.width for one in sectors) - CIRCLE) > 1e-9:
        raise ValueError(f"the sectors are {sum(one.width for one in sectors):g}° together, not 360")


def by_direction(sectors: Sequence[Sector], direction: Floats) -> tuple[Floats, Floats]:
    """Return roughness and displacement for wind from directions; NaN where there is none, but for a single sector.

    Parameters
    ----------
    direction
        Shape (n,). [°]

    Examples
    --------
    >>> rough, lifted = by_direction([Sector(205, 25, 0.5, 3.0), Sector(25, 205, 0.1)], np.array([10.0, 25, np.nan]))
    >>> rough.tolist(), lifted.tolist()
    ([0.5, 0.1, nan], [3.0, 0.0, nan])
    """
    rough, lifted = np.full(direction.shape, np.nan), np.full(direction.shape, np.nan)
    if len(sectors) == 1:
        rough[:], lifted[:] = sectors[0].roughness, sectors[0].displacement
        return rough, lifted
    for one in sectors:
        there = (direction - one.first) % CIRCLE < one.width
        rough[there], lifted[there] = one.roughness, one.displacement
    return rough, lifted
