"""The air of one hour as a plume meets it: wind, turbulence and temperature at a height, and over a layer."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.weather.heights import HEIGHTS
from goedebuur.core.weather.profiles import LEAST_ACROSS, LEAST_PART, LEAST_UPWARD, LEAST_WIND, Profiles
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY

QUANTITIES: Final = ("wind", "across", "upward", "gradient", "potential", "direction")
WIND, ACROSS, UPWARD, GRADIENT, POTENTIAL, DIRECTION = range(len(QUANTITIES))
"""Wind, σv, σw [m s⁻¹], gradient [K m⁻¹] of potential temperature, that itself [K], and direction of the wind [°]."""
_STEP: Final = 0.5
"""Of which every one of the heights is a multiple. [m]"""
_LAST: Final = len(HEIGHTS) - 2
_TOP: Final = float(HEIGHTS[-1])
_PLACES: Final = np.searchsorted(HEIGHTS, np.arange(0, _TOP, _STEP), side="right") - 1
"""Which height is below, for each step from the ground up."""


class Hour(NamedTuple):
    """One hour.

    Parameters
    ----------
    unstable
        Whether the ground warms the air.
    mixed, mixed_by_wind
        Height of the mixed layer, and of what wind mixes. [m]
    obukhov, friction, convective
        [m], u* and w*. [m s⁻¹]
    above
        Gradient of potential temperature above the mixed layer. [K m⁻¹]
    values, sums
        At :data:`HEIGHTS` and of :data:`QUANTITIES`, of shape (k, 6); from the ground up to there, (k, 4).
    vectors
        Whether winds are means of vectors.
    """

    unstable: bool
    mixed: float
    mixed_by_wind: float
    obukhov: float
    friction: float
    convective: float
    above: float
    values: Floats
    sums: Floats
    vectors: bool


class Hours(NamedTuple):
    """The same of n hours, each but `vectors` with n in front of its shape."""

    unstable: npt.NDArray[np.bool_]
    mixed: Floats
    mixed_by_wind: Floats
    obukhov: Floats
    friction: Floats
    convective: Floats
    above: Floats
    values: Floats
    sums: Floats
    vectors: bool


def hours(air: Profiles) -> Hours:
    """Return the hours of profiles."""
    told = ("mixed", "mixed_by_wind", "obukhov", "friction", "convective", "above")
    return Hours(
        unstable=np.ascontiguousarray(air.unstable[:, 0]),
        **{name: np.ascontiguousarray(getattr(air, name)[:, 0]) for name in told},
        values=np.stack([air.values[name] for name in QUANTITIES], axis=2),
        sums=np.stack([air.sums[name] for name in QUANTITIES[:POTENTIAL]], axis=2),
        vectors=air.vectors,
    )


@compiled
def hour(of: Hours, number: int) -> Hour:
    """Return one of the hours."""
    return Hour(
        of.unstable[number],
        of.mixed[number],
        of.mixed_by_wind[number],
        of.obukhov[number],
        of.friction[number],
        of.convective[number],
        of.above[number],
        of.values[number],
        of.sums[number],
        of.vectors,
    )


@compiled
def place(height: float) -> tuple[int, float]:
    """Return which of the heights is below, and how far it is to the next; above the last nothing changes."""
    inside = min(height, _TOP)
    low = min(_PLACES[min(int(inside / _STEP), len(_PLACES) - 1)], _LAST)
    return low, (inside - HEIGHTS[low]) / (HEIGHTS[low + 1] - HEIGHTS[low])


@compiled
def at(air: Hour, quantity: int, height: float) -> float:
    """Return a quantity at a height."""
    low, part = place(height)
    under = float(air.values[low, quantity])
    return under + part * (float(air.values[low + 1, quantity]) - under)


@compiled
def mean(air: Hour, quantity: int, low: float, high: float) -> float:
    """Return the mean of a quantity over a layer, from half a metre up; of no layer what it is there."""
    bottom = max(low, 0.5)
    top = 0.51 if high < 0.5 else high
    if top - bottom < 1e-6:
        return at(air, quantity, bottom)
    return (_sum(air, quantity, top) - _sum(air, quantity, bottom)) / (top - bottom)


@compiled
def _sum(air: Hour, quantity: int, height: float) -> float:
    low, part = place(height)
    under, over = air.values[low, quantity], air.values[low + 1, quantity]
    thick = (HEIGHTS[low + 1] - HEIGHTS[low]) * part
    inside = air.sums[low, quantity] + thick * (under + 0.5 * part * (over - under))
    return float(inside + max(height - _TOP, 0.0) * over)


@compiled
def carried(air: Hour, low: float, high: float) -> tuple[float, float, float]:
    """Return wind, σv and σw over a layer, none less than what is held to be there always."""
    return _at_least(air, mean(air, WIND, low, high), mean(air, ACROSS, low, high), mean(air, UPWARD, low, high))


@compiled
def carried_at(air: Hour, height: float) -> tuple[float, float, float]:
    """Return wind, σv and σw at a height, none less than what is held to be there always."""
    return _at_least(air, at(air, WIND, height), at(air, ACROSS, height), at(air, UPWARD, height))


@compiled
def _at_least(air: Hour, wind: float, across: float, upward: float) -> tuple[float, float, float]:
    side = max(across, LEAST_ACROSS, LEAST_PART * wind)
    whole = float(np.sqrt(wind * wind + 2 * side * side)) if air.vectors else wind
    return max(whole, LEAST_WIND), side, max(upward, LEAST_UPWARD)


@compiled
def frequency(gradient: float, potential: float) -> float:
    """Return the Brunt-Väisälä frequency; hardly any where the air is not stable. [s⁻¹]"""
    return max(float(np.sqrt(GRAVITY * max(gradient, 0.0) / potential)), 1e-10)
