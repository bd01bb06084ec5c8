"""Quantities told at fixed heights: between them they go straight, and what was observed is carried up and down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.sun import Floats

HEIGHTS: Final[Floats] = np.array(
    [
        *(0, 0.5, 1, 2, 4, 8, 14, 20),
        *range(30, 101, 10),
        *range(120, 201, 20),
        *range(250, 2001, 50),
        *range(2100, 5001, 100),
    ],
    np.float64,
)
"""At which profiles are told; between them they go straight. [m]"""

SAME: Final = 0.1
"""How near to a height an observation is at it. [m]"""


def carried(theory: Callable[[Floats], Floats], height: Floats, observed: Floats) -> Floats:
    """Return a quantity at :data:`HEIGHTS`: as observed where it was, between and beyond that in the shape of a theory.

    Parameters
    ----------
    theory
        Heights of shape (n, m) → what theory says there, but for a factor.
    height, observed
        Shape (n, m), ascending; NaN where nothing was observed. Of an hour without any, theory itself.
    """
    at_heights = np.asarray(theory(np.broadcast_to(HEIGHTS, (len(height), len(HEIGHTS)))), np.float64)
    there = np.isfinite(observed) & np.isfinite(height)
    said = theory(np.where(there, height, 1.0))
    found = at_heights.copy()
    for hour in np.flatnonzero(there.any(axis=1)):
        levels = there[hour]
        at, seen = height[hour, levels], observed[hour, levels]
        ratio = np.interp(HEIGHTS, at, seen) / np.interp(HEIGHTS, at, said[hour, levels])
        found[hour] = at_heights[hour] * ratio
        close = np.abs(at[:, None] - HEIGHTS[None, :]) <= SAME
        found[hour, close.any(axis=0)] = seen[close.argmax(axis=0)[close.any(axis=0)]]
    return found


def sums(values: Floats) -> Floats:
    """Return the sum of a quantity from the ground up to each height."""
    parts = 0.5 * (values[:, 1:] + values[:, :-1]) * np.diff(HEIGHTS)
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(parts, axis=1)], axis=1)


def between(values: Floats, height: Floats) -> Floats:
    """Return a quantity at heights of shape (n, m)."""
    place, part = place_of(height)
    rows = np.arange(len(values))[:, None]
    low = values[rows, place]
    return np.asarray(low + part * (values[rows, place + 1] - low), np.float64)


def place_of(height: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return which of :data:`HEIGHTS` is below a height, and how far it is to the next. [1]"""
    place = np.clip(np.searchsorted(HEIGHTS, height, side="right") - 1, 0, len(HEIGHTS) - 2)
    return place, np.asarray((height - HEIGHTS[place]) / (HEIGHTS[place + 1] - HEIGHTS[place]), np.float64)
