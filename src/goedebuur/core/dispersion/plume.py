"""The concentration of what a stack lets out, in flat country, hour by hour.

A steady plume of the class of AERMOD, for one receptor height. All but the exponential across the wind depends on hour
and distance alone: that is worked out at some distances and taken between them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from goedebuur.core.dispersion import convective, stable
from goedebuur.core.dispersion.spread import ROOT, Spread
from goedebuur.core.dispersion.stacks import Stack, release
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

NEAREST: Final = 1.0
"""Under which nothing is said. [m]"""
NOTHING: Final = 1e-100
"""What counts as none, so that it has a logarithm."""
A_FACTOR: Final = 12
"""Distances at which a plume is worked out, for each doubling."""


def spread(stack: Stack, air: Profiles, distance: Floats, receptor: float = 0.0) -> Spread:
    """Return how the plume of a stack is spread at distances of shape (n, m), at least :data:`NEAREST`.

    Parameters
    ----------
    receptor
        Height of the receptors. [m]
    """
    gas = release(stack, air)
    found = {name: np.zeros(distance.shape) for name in Spread.__dataclass_fields__}
    for mask, of in ((gas.inside[:, 0], convective.spread), (~gas.inside[:, 0], stable.spread)):
        hours = np.flatnonzero(mask)
        if len(hours):
            part = of(stack, gas.only(hours), air.only(hours), distance[hours], receptor)
            for name, values in found.items():
                values[hours] = getattr(part, name)
    return Spread(**found)


def concentration(
    stack: Stack, air: Profiles, direction: Floats, east: Floats, north: Floats, receptor: float = 0.0
) -> Floats:
    """Return the concentration at receptors of a release of 1 g/s. [µg m⁻³], shape (n, m)

    Worked out at the very distances of the receptors: slow, and what :func:`from_table` is held against.

    Parameters
    ----------
    direction
        From which the wind blows, of shape (n,). [°]
    east, north
        Of the receptors from the stack, of shape (m,). [m]
    receptor
        Their height. [m]
    """
    along, beside, away = _turned(direction, east, north)
    plume = spread(stack, air, np.maximum(along, NEAREST), receptor)
    around = spread(stack, air, np.maximum(away, NEAREST), receptor)
    return _at_receptors(plume, around, along, beside, away)


def from_table(
    stack: Stack, air: Profiles, direction: Floats, east: Floats, north: Floats, receptor: float = 0.0
) -> Floats:
    """Return the same, from a table of distances between :data:`NEAREST` and the farthest receptor."""
    along, beside, away = _turned(direction, east, north)
    distances = _distances(max(float(away.max(initial=0)), 10 * NEAREST))
    table = spread(stack, air, np.broadcast_to(distances, (len(direction), len(distances))), receptor)
    return _at_receptors(_taken(table, distances, along), _taken(table, distances, away), along, beside, away)


def _turned(direction: Floats, east: Floats, north: Floats) -> tuple[Floats, Floats, Floats]:
    """Return how far receptors are downwind, beside that line, and away from the stack. [m]"""
    angle = np.radians(direction)[:, None]
    along = -(east * np.sin(angle) + north * np.cos(angle))
    beside = east * np.cos(angle) - north * np.sin(angle)
    return along, beside, np.hypot(along, beside)


def _at_receptors(plume: Spread, around: Spread, along: Floats, beside: Floats, away: Floats) -> Floats:
    def across(vertical: Floats, wide: Floats) -> Floats:
        return np.asarray(vertical * np.exp(-0.5 * (beside / wide) ** 2) / (ROOT * wide), np.float64)

    carried = across(plume.vertical, plume.across) + across(plume.vertical_above, plume.across_above)
    carried = np.where(along >= NEAREST, carried, 0.0)
    swayed = (around.vertical + around.vertical_above) / (2 * np.pi * np.maximum(away, NEAREST))
    told = 1e6 * (around.random * swayed + (1 - around.random) * carried)
    return np.where(away >= 0.99 * NEAREST, told, 0.0)


def _distances(farthest: float) -> Floats:
    doublings = np.log2(farthest / NEAREST)
    return np.asarray(NEAREST * 2 ** np.linspace(0, doublings, int(np.ceil(doublings * A_FACTOR)) + 1), np.float64)


def _taken(table: Spread, distances: Floats, distance: Floats) -> Spread:
    """Return the spread between the distances of a table: as a power of the distance, which it nearly is."""
    step = np.log(distances[1] / distances[0])
    at = np.clip(np.log(np.maximum(distance, NEAREST) / NEAREST) / step, 0, len(distances) - 1)
    place = np.minimum(at.astype(np.intp), len(distances) - 2)
    part = at - place
    rows = np.arange(len(distance))[:, None]

    def taken(values: Floats) -> Floats:
        low, high = values[rows, place], values[rows, place + 1]
        return np.asarray(low + part * (high - low), np.float64)

    def power(values: Floats) -> Floats:
        return np.exp(taken(np.log(np.maximum(values, NOTHING))))

    return Spread(
        vertical=power(table.vertical),
        across=power(table.across),
        vertical_above=power(table.vertical_above),
        across_above=power(table.across_above),
        random=taken(table.random),
    )
