"""The concentration of what areas let out: fields, heaps, basins, roads, of any outline, hour by hour.

Each strip of an area across the wind is a plume; it is summed over the strips up the wind of a receptor. An area does
not rise, and its plume does not sway.

References
----------
EPA-454/R-03-004 and EPA's user's guide of AERMOD on area sources: the integral across the wind by the error function,
along the wind by numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion.air import DIRECTION, Hours, at, hour, hours
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.exponential import exponential
from goedebuur.core.dispersion.spread import ROOT
from goedebuur.core.dispersion.stacks import UP, Mouth, release, require_within
from goedebuur.core.dispersion.table import (
    ACROSS,
    CARRIED,
    FARTHEST,
    MICRO,
    NEAREST,
    NODES,
    between,
    by_logarithm,
    fill,
    node_of,
    turned,
)
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

REACH: Final = 8.0
"""σy from the middle of a strip, further than which it is nothing."""
MOST: Final = 400
"""Corners of an outline."""
POINTS: Final = (-math.sqrt(0.6), 0.0, math.sqrt(0.6))
WEIGHTS: Final = (5 / 18, 8 / 18, 5 / 18)
"""Of Gauss and Legendre, over a length of one."""


@dataclass(frozen=True, slots=True)
class Area:
    """What comes out of a piece of ground evenly, and does not rise.

    Parameters
    ----------
    outline
        Corners in order, east and north. [m]
    height
        Of the release. [m]
    deep
        σz that it begins with. [m]

    Raises
    ------
    ValueError
        For fewer than three or too many corners, an outline that encloses nothing or crosses itself, or a number that
        none can have.

    Examples
    --------
    >>> Area(((0, 0), (30, 0), (30, 40)), 1.0, 2.0).size
    600.0
    """

    outline: tuple[tuple[float, float], ...]
    height: float
    deep: float
    LIMITS: ClassVar[dict[str, tuple[float, float]]] = {"height": (0.0, 1000.0), "deep": (0.0, 500.0)}

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)
        if not 3 <= len(self.outline) <= MOST:
            raise ValueError(f"outline of {len(self.outline)} corners, not 3 to {MOST}")
        if not self.size > 0 or not math.isfinite(self.size):
            raise ValueError("outline encloses nothing")
        if _crosses(np.array(self.outline, np.float64)):
            raise ValueError("outline crosses itself")

    @property
    def size(self) -> float:
        """Return how large it is. [m²]"""
        ring = (*self.outline, self.outline[0])
        return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise(ring))) / 2


def circle(east: float, north: float, radius: float, corners: int = 40) -> tuple[tuple[float, float], ...]:
    """Return the outline of a circle: a polygon that is as large. [m]"""
    turn = 2 * math.pi / corners
    out = radius * math.sqrt(turn / math.sin(turn))
    angles = (turn * number for number in range(corners))
    return tuple((east + out * math.cos(one), north + out * math.sin(one)) for one in angles)


def told(one: Area) -> tuple[Mouth, Floats]:
    """Return an area as the compiled functions take it: what lets out, and the corners."""
    return Mouth(float(one.height), 0.0, 0.0, 0.0, 0.0, float(one.deep), UP), np.array(one.outline, np.float64)


def places(one: Area, east: Floats, north: Floats) -> Floats:
    """Return receptors as the compiled functions take them, of shape (m, 2).

    Raises
    ------
    ValueError
        For a receptor that is farther from a corner than the table goes.
    """
    corners = np.array(one.outline, np.float64)
    away = np.hypot(east[:, None] - corners[:, 0], north[:, None] - corners[:, 1])
    if away.size and away.max() >= FARTHEST:
        raise ValueError(f"a receptor is {away.max() / 1000:.0f} km from an area")
    return np.ascontiguousarray(np.stack([east, north], axis=1), np.float64)


def add(
    total: Floats,
    areas: Sequence[Area],
    emission: Floats,
    air: Profiles | Hours,
    east: Floats,
    north: Floats,
    receptor: float = 0.0,
) -> None:
    """Add to the concentration at receptors what areas bring there, hour by hour.

    Parameters
    ----------
    total
        [µg m⁻³], shape (n, m)
    emission
        Of whole areas, shape (n, s). [g s⁻¹]
    east, north
        Of the receptors, on the grid of the outlines, shape (m,). [m]
    receptor
        Their height. [m]

    Raises
    ------
    ValueError
        For a receptor that is farther from a corner than the table goes.
    """
    of = air if isinstance(air, Hours) else hours(air)
    for number, one in enumerate(areas):
        mouth, corners = told(one)
        a_square = np.ascontiguousarray(emission[:, number] / one.size, np.float64)
        _add(total, mouth, corners, a_square, of, places(one, east, north), float(receptor))


@compiled
def _add(
    total: Floats, stack: Mouth, corners: Floats, a_square: Floats, of: Hours, places: Floats, receptor: float
) -> None:
    last = len(NODES) - 1
    table, bends = np.zeros((6, last + 1)), np.zeros((6, last))
    known, wanted = np.zeros(last + 1, np.bool_), np.zeros(last, np.bool_)
    count = len(corners)
    along, beside, cuts = np.empty(count), np.empty(count), np.empty(count)
    for number in range(len(total)):
        if a_square[number] == 0:
            continue
        air = hour(of, number)
        gas = release(stack, air)
        angle = np.radians(at(air, DIRECTION, stack.height))
        sine, cosine = np.sin(angle), np.cos(angle)
        known[:] = False
        for place in range(len(places)):
            low, high, left, right = lie(along, beside, corners, places[place], sine, cosine)
            if high <= NEAREST:
                continue
            first, end = node_of(max(low, NEAREST)), min(node_of(high) + 1, last)
            wanted[:] = False
            wanted[first:end] = True
            fill(table, bends, known, wanted, stack, gas, air, receptor)
            # of a plume that is nowhere so wide as the area is off the line of the wind, nothing comes
            widest = table[ACROSS, end]
            if left > REACH * widest or right < -REACH * widest:
                continue
            found = summed(table, bends, along, beside, cuts)
            total[number, place] += MICRO * a_square[number] * found


@compiled
def lie(
    along: Floats, beside: Floats, corners: Floats, place: Floats, sine: float, cosine: float
) -> tuple[float, float, float, float]:
    """Tell how far up the wind of a receptor corners lie, and how far beside; return the least and most of both. [m]"""
    low, high = math.inf, -math.inf
    left, right = math.inf, -math.inf
    for corner in range(len(corners)):
        east, north = place[0] - corners[corner, 0], place[1] - corners[corner, 1]
        along[corner], beside[corner] = turned(east, north, sine, cosine)
        low, high = min(low, along[corner]), max(high, along[corner])
        left, right = min(left, beside[corner]), max(right, beside[corner])
    return low, high, left, right


@compiled
def summed(table: Floats, bends: Floats, along: Floats, beside: Floats, cuts: Floats) -> float:
    """Return the sum over the strips of an area, of which the corners lie so. [s m⁻¹]"""
    cuts[:] = np.sort(along)
    found = 0.0
    for step in range(len(cuts) - 1):
        found += _strip(table, bends, along, beside, max(cuts[step], NEAREST), max(cuts[step + 1], NEAREST))
    return found


@compiled
def _strip(table: Floats, bends: Floats, along: Floats, beside: Floats, low: float, high: float) -> float:
    """Return the sum over a piece of the wind's way in which no corner lies. [s m⁻¹]"""
    found = 0.0
    start = low
    while start < high:
        # up to the next distance of the table: there the slope of what is between them changes
        stop = min(high, NODES[node_of(start) + 1])
        for one in range(3):
            distance = start + (stop - start) * 0.5 * (1 + POINTS[one])
            found += (stop - start) * WEIGHTS[one] * _across(table, bends, along, beside, distance)
        start = stop
    return found


@compiled
def _across(table: Floats, bends: Floats, along: Floats, beside: Floats, distance: float) -> float:
    """Return what the part of an area that lies so far up the wind brings to a receptor, for each metre. [s m⁻²]"""
    node, part = between(distance)
    bent = by_logarithm(node, part)
    wide = table[ACROSS, node] + part * (table[ACROSS, node + 1] - table[ACROSS, node])
    more = table[CARRIED, node + 1] - table[CARRIED, node]
    middle = table[CARRIED, node] + bent * (more + bends[CARRIED, node] * (1 - bent))
    inside, count = 0.0, len(along)
    for corner in range(count):
        other = (corner + 1) % count
        one, two = along[corner], along[other]
        if (one <= distance) != (two <= distance):
            # an edge is crossed upward or downward: its side of the strip counts for or against
            side = beside[corner] + (distance - one) / (two - one) * (beside[other] - beside[corner])
            sign = 1.0 if two > one else -1.0
            inside += sign * 0.5 * math.erf(side / (math.sqrt(2.0) * wide))
    return float(abs(inside) * ROOT * wide * exponential(middle))


def _crosses(corners: Floats) -> bool:
    """Return whether two edges that do not touch each other cross."""
    count = len(corners)
    start, end = corners, np.roll(corners, -1, axis=0)

    def turns(a: Floats, b: Floats, c: Floats) -> Floats:
        ab, ac = b - a, c - a
        return np.asarray(ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0], np.float64)

    one, other = np.triu_indices(count, 2)
    apart: npt.NDArray[np.bool_] = ~((one == 0) & (other == count - 1))
    one, other = one[apart], other[apart]
    a, b, c, d = start[one], end[one], start[other], end[other]
    crossed = (turns(a, b, c) * turns(a, b, d) < 0) & (turns(c, d, a) * turns(c, d, b) < 0)
    return bool(crossed.any())
