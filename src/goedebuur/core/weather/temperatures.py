"""How temperature changes with height: not in a warmed layer, by what was measured or by similarity in a cooled one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.heights import HEIGHTS, SAME, place_of, sums
from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats

GRAVITY: Final = 9.80616
"""[m s⁻²]"""
LAPSE: Final = 0.00977
"""Dry-adiabatic. [K m⁻¹]"""
SURELY_STABLE: Final = 0.002
"""Least gradient of potential temperature where the air is stable. [K m⁻¹]"""
ALOFT: Final = 0.005
"""Gradient of potential temperature more than 500 m above the mixed layer. [K m⁻¹]"""
SCALE: Final = 0.08
"""θ* of Venkatram, with friction velocities that were adjusted for low winds. [K]"""
NEAR, FAR = 2.0, 100.0
"""Between which the gradient goes by similarity; under it stays, above it falls. [m]"""


@dataclass(frozen=True, slots=True)
class Cooled:
    """What sets the gradient of potential temperature of one stable hour.

    Parameters
    ----------
    scale
        θ*. [K]
    mixed
        Height over which it falls. [m]
    adjusted
        Whether by the constants that belong to adjusted friction velocities.
    """

    scale: float
    obukhov: float
    mixed: float
    adjusted: bool

    def at(self, height: Floats) -> Floats:
        """Return the gradient at any height. [K m⁻¹]"""
        fall = np.exp(np.clip(-(height - FAR) / (0.44 * max(FAR, self.mixed)), -50, 0))
        near = self.near(np.clip(height, NEAR, FAR))
        return np.asarray(np.maximum(np.where(height <= FAR, near, near * fall), SURELY_STABLE), np.float64)

    def near(self, height: Floats) -> Floats:
        """Return what similarity says, at any height. [K m⁻¹]"""
        first, slope = (0.74, 4.7) if self.adjusted else (1.0, 5.0)
        return np.asarray(self.scale / (KARMAN * height) * (first + slope * height / self.obukhov), np.float64)


def warmed(mixed: Floats, above: Floats) -> Floats:
    """Return the gradient of potential temperature at :data:`HEIGHTS` in hours in which the ground warms the air."""
    height = HEIGHTS[None, :]
    lid = np.where(height <= mixed + 500, above, ALOFT)
    return np.where(height <= mixed, 0.0, np.maximum(lid, SURELY_STABLE))


def cooled(
    obukhov: float,
    friction: float,
    mixed: float,
    temperature: float,
    height: Floats,
    observed: Floats,
    *,
    adjusted: bool,
) -> Floats:
    """Return the gradient of potential temperature at :data:`HEIGHTS` in one stable hour.

    Parameters
    ----------
    height, observed
        Temperatures that were observed, and where; ascending, without gaps. [m], [K]
    """
    at = 0.5 * (height[1:] + height[:-1])
    seen = np.maximum(np.diff(observed) / np.diff(height) + LAPSE, SURELY_STABLE)
    if len(at) and at[0] <= FAR:
        scale = float(seen[0] * KARMAN * at[0] / (1 + 5 * at[0] / obukhov))
    else:
        scale = SCALE if adjusted else friction**2 * temperature / (GRAVITY * KARMAN * obukhov)
    hour = Cooled(scale, obukhov, mixed, adjusted)
    theory = hour.at(HEIGHTS)
    if not len(at):
        return theory
    said = hour.at(at)
    between = np.interp(HEIGHTS, at, said)
    ratio = np.where(_flat(at, said), 1.0, theory / between)
    inside = ratio * np.interp(HEIGHTS, at, seen)
    beyond = theory * seen[-1] / said[-1]
    if at[-1] > FAR:
        beyond = seen[-1] * np.exp(-np.maximum(HEIGHTS - at[-1], 0) / (0.44 * max(FAR, mixed)))
    under = hour.near(np.maximum(HEIGHTS, NEAR))
    found = np.where(at[0] > HEIGHTS, under, np.where(at[-1] < HEIGHTS, beyond, inside))
    close = np.abs(at[:, None] - HEIGHTS[None, :]) <= SAME
    found[close.any(axis=0)] = seen[close.argmax(axis=0)[close.any(axis=0)]]
    return np.maximum(found, SURELY_STABLE)


def _flat(at: Floats, said: Floats) -> npt.NDArray[np.bool_]:
    """Return between which heights theory hardly changes, so that it has no shape to follow."""
    above = np.clip(np.searchsorted(at, HEIGHTS), 1, max(len(at) - 1, 1))
    if len(at) < 2:
        return np.zeros(len(HEIGHTS), np.bool_)
    return np.asarray(np.abs(said[above] - said[above - 1]) <= 1e-4, np.bool_)


def potential(gradient: Floats, temperature: Floats, height: Floats) -> Floats:
    """Return potential temperature, from one temperature at one height."""
    whole = sums(gradient)
    place, _ = place_of(height)
    rows = np.arange(len(gradient))[:, None]
    slope = 0.5 * (gradient[rows, place + 1] + gradient[rows, place])
    below = temperature + LAPSE * height - slope * (height - HEIGHTS[place])
    return np.asarray(whole - whole[rows, place] + below, np.float64)
