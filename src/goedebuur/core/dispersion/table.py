"""The table of distances: a plume worked out at some, where a receptor needs them, and how it bends between them.

Its distances are equally far apart in each doubling, so that the bits of a number say between which two it lies.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion import convective, stable
from goedebuur.core.dispersion.air import Hour
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import ROOT, Spread
from goedebuur.core.dispersion.stacks import Mouth, Release
from goedebuur.core.weather.sun import Floats

MICRO: Final = 1e6
"""From g m⁻³ to µg m⁻³."""
NEAREST: Final = 1.0
"""Under which nothing is said. [m]"""
NOTHING: Final = 1e-100
"""What counts as none, so that it has a logarithm."""
SOME: Final = 1e-20
"""From which a plume that is nothing at the next distance of the table is not lost between them. [m⁻² s]"""
NOT_YET: Final = 1e-40
"""Under which a plume has not yet come down to the receptor. [s m⁻²]"""
_LOG_NOTHING: Final = float(np.log(NOTHING))
_LOG_SOME: Final = float(np.log(SOME))
BITS: Final = 3
A_DOUBLING: Final = 2**BITS
"""Distances at which a plume is worked out, for each doubling, equally far apart in it."""
DOUBLINGS: Final = 17
FARTHEST: Final = NEAREST * 2.0**DOUBLINGS
"""Where the table ends. [m]"""
NODES: Final[Floats] = np.array(
    [2.0**doubling * (1 + step / A_DOUBLING) for doubling in range(DOUBLINGS) for step in range(A_DOUBLING)]
    + [FARTHEST]
)
"""The distances of the table. [m]"""
_LOGS: Final[Floats] = np.log(NODES)
BENT: Final[Floats] = np.array(
    [4 * (np.log1p(0.5 / n) / np.log1p(1 / n) - 0.5) for n in range(A_DOUBLING, 2 * A_DOUBLING)]
)
"""How much a logarithm between two distances is beyond a straight line, in each step of a doubling."""
SHIFT: Final = 52 - BITS
REST: Final = (1 << SHIFT) - 1
FIRST: Final = 1023 << BITS
"""Of the bits of a double: those under the step, and the step of the first distance."""
CARRIED, ACROSS, ABOVE, ACROSS_ABOVE, SWAYED, STEADY = range(6)
"""Columns of the table: logarithms of the middle of both parts of a plume and of what sways, both σy, 1 − random."""


def nodes(distance: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return which distance of the table is below, from the bits of the numbers, and how far it is to the next. [1]"""
    bits = np.ascontiguousarray(distance).view(np.int64)
    return (bits >> SHIFT) - FIRST, (bits & REST) / (REST + 1)


@compiled
def between(distance: float) -> tuple[int, float]:
    """Return the same of one distance of at least :data:`NEAREST`."""
    bits = np.float64(distance).view(np.int64)
    return int((bits >> SHIFT) - FIRST), float((bits & REST) / (REST + 1))


@compiled
def by_logarithm(node: int, part: float) -> float:
    """Return how far it is to the next distance by the logarithm. [1]"""
    return float(part + BENT[node & (A_DOUBLING - 1)] * part * (1 - part))


@compiled
def turned(east: float, north: float, sine: float, cosine: float) -> tuple[float, float]:
    """Return how far a place is down the wind, and beside the line that it draws. [m]"""
    return -(east * sine + north * cosine), east * cosine - north * sine


@compiled
def node_of(distance: float) -> int:
    """Return which distance of the table is below one of at least :data:`NEAREST`."""
    return between(distance)[0]


@compiled
def spread_at(stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float) -> Spread:
    """Return how a plume is spread at a distance, in the layer that it goes into."""
    if gas.inside:
        return convective.spread(stack, gas, air, distance, receptor)
    return stable.spread(stack, gas, air, distance, receptor)


@compiled
def logarithm(value: float) -> float:
    """Return the logarithm; of what counts as none that of the least, of no number none."""
    return _LOG_NOTHING if value <= NOTHING else float(np.log(value))


@compiled
def write(table: Floats, node: int, one: Spread) -> None:
    """Write how a plume is spread at a distance of the table."""
    table[CARRIED, node] = logarithm(one.vertical / (ROOT * one.across))
    table[ACROSS, node] = one.across
    table[ABOVE, node] = logarithm(one.vertical_above / (ROOT * one.across_above))
    table[ACROSS_ABOVE, node] = one.across_above
    both = one.vertical + one.vertical_above
    table[SWAYED, node] = logarithm(one.random * both / (2 * np.pi * NODES[node]))
    table[STEADY, node] = 1 - one.random


@compiled
def tell(
    table: Floats,
    known: npt.NDArray[np.bool_],
    node: int,
    stack: Mouth,
    gas: Release,
    air: Hour,
    receptor: float,
) -> None:
    """Work out the plume at a distance of the table; and where it is not yet at the receptor, of all that are nearer.

    A plume above a receptor has nearer to its stack a lower middle, but is narrower still.
    """
    distance = NODES[node]
    one = spread_at(stack, gas, air, distance, receptor)
    both = one.vertical + one.vertical_above
    write(table, node, one)
    known[node] = True
    if both < NOT_YET and receptor < gas.base:
        for near in range(node):
            known[near] = True
            for column in (CARRIED, ABOVE, SWAYED):
                table[column, near] = _LOG_NOTHING
            for column in (ACROSS, ACROSS_ABOVE, STEADY):
                table[column, near] = 1.0


@compiled
def bend(bends: Floats, table: Floats, node: int, column: int) -> None:
    """Tell how far a logarithm is from straight between two distances: by the lesser of its curves at both ends.

    Where the plume breaks its course, at an end of its rise or at the lid, the curves differ, and none is added.
    """
    values = table[column]
    slope = (values[node + 1] - values[node]) / (_LOGS[node + 1] - _LOGS[node])
    before = after = 0.0
    if node > 0:
        wide = _LOGS[node + 1] - _LOGS[node - 1]
        before = (slope - (values[node] - values[node - 1]) / (_LOGS[node] - _LOGS[node - 1])) / wide
    if node < len(NODES) - 2:
        wide = _LOGS[node + 2] - _LOGS[node]
        after = ((values[node + 2] - values[node + 1]) / (_LOGS[node + 2] - _LOGS[node + 1]) - slope) / wide
    curve = 0.0
    if before * after > 0:
        curve = before if abs(before) < abs(after) else after
    bends[column, node] = -curve * (_LOGS[node + 1] - _LOGS[node]) ** 2


@compiled
def fill(
    table: Floats,
    bends: Floats,
    known: npt.NDArray[np.bool_],
    wanted: npt.NDArray[np.bool_],
    stack: Mouth,
    gas: Release,
    air: Hour,
    receptor: float,
) -> None:
    """Work out the plume at the distances around each of those that are wanted, and how it bends between them."""
    last = len(NODES) - 1
    for node in range(last - 1, -1, -1):
        if wanted[node]:
            for near in range(min(node + 2, last), max(node - 1, 0) - 1, -1):
                if not known[near]:
                    tell(table, known, near, stack, gas, air, receptor)
            bend(bends, table, node, SWAYED)
            if gas.broken < 1:
                bend(bends, table, node, CARRIED)
            if gas.broken > 0:
                bend(bends, table, node, ABOVE)


@compiled
def torn(table: Floats, node: int) -> bool:
    """Return whether a plume is nothing at one of two distances and something at the other: none can be taken between.

    So it is where it is first thrown back as low as a receptor above the ground.
    """
    for column in (CARRIED, ABOVE, SWAYED):
        least = min(table[column, node], table[column, node + 1])
        most = max(table[column, node], table[column, node + 1])
        if least <= _LOG_NOTHING and most > _LOG_SOME:
            return True
    return False
