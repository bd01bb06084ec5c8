"""How much the air turns, at any height: a part that wind makes, and a part of heat where the ground warms the air."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.sun import Floats

LOST: Final = 0.073864
"""Of Yamartino's relation between σ of the direction and what the vector loses, as AERMOD has it."""


def across(
    height: Floats,
    unstable: npt.NDArray[np.bool_],
    friction: Floats,
    convective: Floats,
    by_heat: Floats,
    by_wind: Floats,
) -> Floats:
    """Return σv: of wind straight from the ground to the top of what it mixes, of heat the same through its layer."""
    ground = 3.6 * friction**2
    top = np.minimum(ground, 0.25)
    of_wind = np.where(height <= by_wind, ground + (top - ground) * height / by_wind, top)
    heat = 0.35 * convective**2
    aloft = np.minimum(heat, 0.25)
    falling = heat + (aloft - heat) * (height - by_heat) / (0.2 * by_heat)
    of_heat = np.where(height <= by_heat, heat, np.where(height <= 1.2 * by_heat, falling, aloft))
    return np.asarray(np.sqrt(of_wind + np.where(unstable, of_heat, 0.0)), np.float64)


def upward(
    height: Floats,
    unstable: npt.NDArray[np.bool_],
    friction: Floats,
    convective: Floats,
    by_heat: Floats,
    mixed: Floats,
    aloft: Floats,
) -> Floats:
    """Return σw: of wind falling to the top of the mixed layer, with what is left aloft; of heat highest halfway."""
    remnant = aloft * np.minimum(1, height / mixed)
    inside = np.where(height < mixed, 1.3 * friction * np.sqrt(np.maximum(1 - height / mixed, 0)), 0.0)
    of_wind = np.maximum(np.sqrt(remnant**2 + inside**2), 1e-4)
    part = height / by_heat
    above = np.exp(np.clip(-6 * (part - 1), -50, 0))
    shape = np.where(part <= 0.1, 1.6 * part ** (2 / 3), np.where(part <= 1, 0.35, 0.35 * above))
    of_heat = np.maximum(np.sqrt(shape) * convective, 1e-4)
    return np.asarray(np.where(unstable, np.hypot(of_wind, of_heat), of_wind), np.float64)


def left_aloft(wind: Floats, mixed: Floats, height: Floats, observed: Floats) -> Floats:
    """Return σw that is left above the mixed layer: the mean of what was observed there, or 2 % of the wind at its top.

    Parameters
    ----------
    wind, mixed
        Wind at the top of the layer [m s⁻¹] and its height [m], of shape (n, 1).
    height, observed
        Of shape (n, k), NaN where nothing was observed. [m], [m s⁻¹]

    Examples
    --------
    By hand: above 40 m lie 0.3 and 0.5; above 200 m nothing, and 2 % of 6 is 0.12.

    >>> heights, seen = np.array([[10.0, 50.0, 100.0]]), np.array([[0.1, 0.3, 0.5]])
    >>> for mixed in (40.0, 200.0):
    ...     left_aloft(np.array([[6.0]]), np.array([[mixed]]), heights, seen).round(3).tolist()
    [[0.4]]
    [[0.12]]
    """
    above = np.isfinite(observed) & np.isfinite(height) & (height > mixed)
    count = above.sum(axis=1, keepdims=True)
    whole = np.where(above, observed, 0.0).sum(axis=1, keepdims=True)
    return np.where(count > 0, whole / np.maximum(count, 1), 0.02 * wind)


def across_of_turning(turning: Floats, wind: Floats) -> Floats:
    """Return σv that goes with how much the direction of the wind turns.

    The wind is a mean of speeds, of which the mean of the vector is less, the more it turns.

    Parameters
    ----------
    turning
        σ of the direction. [°]
    wind
        [m s⁻¹]

    Examples
    --------
    By hand, 25.6° at 4.44 m/s: ε = sin 0.4468 · (1 − 0.073864 · 0.4468) = 0.4178; 0.4468 · 4.44 · √(1 − ε²) = 1.8024.

    >>> across_of_turning(np.array([25.6]), np.array([4.44])).round(3).tolist()
    [1.802]
    """
    angle = np.radians(turning)
    lost = np.sin(angle) * (1 - LOST * angle)
    return np.asarray(angle * wind * np.sqrt(1 - lost**2), np.float64)
