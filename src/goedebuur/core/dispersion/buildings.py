"""Buildings beside stacks, as the wind meets them from each of 36 directions: from their outlines, or as told.

References
----------
EPA-454/R-93-038, User's Guide to the Building Profile Input Program; EPA-450/4-80-023R, Good Engineering Practice stack
height.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Final, Self

import numpy as np

from goedebuur.core.weather.sun import Floats

DIRECTIONS: Final = 36
"""To which the wind blows: 10, 20, and so on up to 360 degrees."""
HIGHER: Final = 1.5
"""Height of good engineering practice above a building, over the smaller of its height and width."""
UPWIND, BEHIND, ASIDE = 2.0, 5.0, 0.5
"""How far a stack may stand from a building and still be in its influence, over the smaller of its height and width."""
MOST: Final = 400
"""Corners of an outline."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A building with a flat roof.

    Parameters
    ----------
    corners
        East and north. [m]
    height
        Above the foot of the stack. [m]

    Raises
    ------
    ValueError
        For fewer than three or too many corners, or one that is no number, or a height that no building has.
    """

    corners: tuple[tuple[float, float], ...]
    height: float
    HIGHEST: ClassVar[float] = 1000.0

    def __post_init__(self) -> None:
        if not 3 <= len(self.corners) <= MOST:
            raise ValueError(f"outline of {len(self.corners)} corners, not 3 to {MOST}")
        if not all(math.isfinite(one) for corner in self.corners for one in corner):
            raise ValueError("a corner of the outline is no number")
        if not 0 < self.height <= self.HIGHEST:
            raise ValueError(f"height {self.height} is not from 0 to {self.HIGHEST:g}")


@dataclass(frozen=True, slots=True)
class Building:
    """What the wind meets of the buildings beside a stack, each for :data:`DIRECTIONS` to which it blows. [m]

    Parameters
    ----------
    height, width, length
        Of the building, its width across the wind and its length along it; nothing where none has influence.
        AERMOD's BUILDHGT, BUILDWID and BUILDLEN.
    upwind, beside
        Where the middle of the side that faces the wind is from the stack: down the wind, and to the left of it.
        XBADJ and YBADJ.

    Raises
    ------
    ValueError
        For as many values as there are no directions, one that is no number, or one below zero of a size.
    """

    height: tuple[float, ...]
    width: tuple[float, ...]
    length: tuple[float, ...]
    upwind: tuple[float, ...]
    beside: tuple[float, ...]
    FARTHEST: ClassVar[float] = 10_000.0

    def __post_init__(self) -> None:
        for field in fields(self):
            values = getattr(self, field.name)
            if len(values) != DIRECTIONS:
                raise ValueError(f"{field.name}: {len(values)} values, not {DIRECTIONS}")
            least = -self.FARTHEST if field.name in ("upwind", "beside") else 0.0
            for value in values:
                if not least <= value <= self.FARTHEST:
                    raise ValueError(f"{field.name} {value} is not from {least:g} to {self.FARTHEST:g}")

    @classmethod
    def of(cls, outlines: Sequence[Outline], east: float, north: float) -> Self:
        """Return what the wind meets of buildings beside a stack.

        Of those in whose influence the stack stands the one counts for which good engineering practice asks the highest
        stack, of two the narrower. Buildings that stand close together are not taken as one, and a building of
        several roofs is as many buildings: BPIP fills in between these where they are near.

        Parameters
        ----------
        east, north
            Of the stack, on the grid of the outlines. [m]
        """
        return cls(
            *zip(*(_dominant(outlines, east, north, 10.0 * (one + 1)) for one in range(DIRECTIONS)), strict=True)
        )

    def table(self) -> Floats:
        """Return the same as an array, of shape (36, 5)."""
        return np.array([getattr(self, field.name) for field in fields(self)], np.float64).T.copy()


_Met = tuple[float, float, float, float, float]


def _dominant(outlines: Sequence[Outline], east: float, north: float, heading: float) -> _Met:
    """Return height, width, length, and where it is, of the building that counts in wind to a heading; or nothing."""
    met = [one for one in (_met(outline, east, north, heading) for outline in outlines) if _reaches(one)]
    return max(met, key=lambda one: (one[0] + HIGHER * min(one[:2]), -one[1]), default=(0.0, 0.0, 0.0, 0.0, 0.0))


def _met(outline: Outline, east: float, north: float, heading: float) -> _Met:
    sine, cosine = math.sin(math.radians(heading)), math.cos(math.radians(heading))
    along = [(x - east) * sine + (y - north) * cosine for x, y in outline.corners]
    beside = [(y - north) * sine - (x - east) * cosine for x, y in outline.corners]
    left, right = max(beside), min(beside)
    return outline.height, left - right, max(along) - min(along), min(along), 0.5 * (left + right)


def _reaches(met: _Met) -> bool:
    """Return whether a stack stands in the influence of a building."""
    height, width, length, upwind, beside = met
    size = min(height, width)
    ahead = upwind <= UPWIND * size and -(upwind + length) <= BEHIND * size
    return ahead and abs(beside) <= 0.5 * width + ASIDE * size
