"""How wind, turbulence and temperature change with height, from what an hour is like near the ground.

One observation of wind and one of temperature are carried up and down by similarity; turbulence has a part made by the
wind and, where the ground warms the air, one made by heat.

References
----------
Cimorelli et al. (2005), J. Appl. Meteor. 44, 682-693; EPA-454/R-03-004, AERMOD: Description of Model Formulation,
section 4.1. θ* of stable hours: Venkatram (2011), Bound.-Layer Meteor. 138.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather import temperatures, turbulence
from goedebuur.core.weather.heights import HEIGHTS, between, carried, sums
from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats

STILL: Final = 0.01
"""Least wind at any height. [m s⁻¹]"""
LEAST_ACROSS, LEAST_PART, LEAST_UPWARD = 0.2, 0.05, 0.02
"""Least σv [m s⁻¹], as part of the wind, and least σw [m s⁻¹]."""
LEAST_WIND: Final = float(np.sqrt(2 * LEAST_ACROSS**2))
"""Least wind that carries a plume. [m s⁻¹]"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What hours are like near the ground; each of shape (n,).

    Parameters
    ----------
    friction, obukhov, roughness
        [m s⁻¹], [m], [m]; Obukhov length below zero where the ground warms the air.
    convective, mixed_by_heat, gradient
        w* [m s⁻¹], height [m] and gradient of potential temperature above it [K m⁻¹]; of stable hours they say nothing.
    mixed_by_wind
        Height of the layer that wind mixes. [m]
    wind, wind_height
        One observation. [m s⁻¹], [m]
    temperature, temperature_height
        One observation. [K], [m]
    direction
        From which the wind blows. [°]
    displacement
        How far the ground is lifted by what stands on it. [m]
    """

    friction: Floats
    obukhov: Floats
    roughness: Floats
    convective: Floats
    mixed_by_heat: Floats
    gradient: Floats
    mixed_by_wind: Floats
    wind: Floats
    wind_height: Floats
    temperature: Floats
    temperature_height: Floats
    direction: Floats
    displacement: Floats = field(default_factory=lambda: np.zeros(1))


@dataclass(frozen=True, slots=True)
class Levels:
    """What was observed at heights, each of shape (n, k), ascending; NaN where nothing was.

    Parameters
    ----------
    height
        [m]
    wind, temperature
        [m s⁻¹], [K]
    across, upward
        σv, σw. [m s⁻¹]
    direction
        From which the wind blows. [°]
    """

    height: Floats
    wind: Floats
    temperature: Floats
    across: Floats
    upward: Floats
    direction: Floats

    @classmethod
    def none(cls, hours: int) -> Self:
        """Return levels of hours in which nothing was observed at heights."""
        return cls(*(np.full((hours, 1), np.nan) for _ in fields(cls)))


@dataclass(frozen=True, slots=True)
class Profiles:
    """Profiles of hours at :data:`HEIGHTS`, of shape (n, k), and what holds for the whole of an hour, (n, 1).

    Parameters
    ----------
    unstable
        Whether the ground warms the air.
    mixed
        Height of the mixed layer, whichever mixes it; `mixed_by_wind` of what wind mixes. [m]
    above
        Gradient of potential temperature above the mixed layer of an unstable hour. [K m⁻¹]
    values
        `wind` [m s⁻¹], `across` (σv), `upward` (σw) [m s⁻¹], `gradient` [K m⁻¹], `potential` temperature [K],
        `direction`, which may go on beyond 360 [°].
    sums
        Of wind, across, upward and gradient from the ground up to each height.
    vectors
        Whether winds are means of vectors.
    """

    unstable: npt.NDArray[np.bool_]
    mixed: Floats
    mixed_by_wind: Floats
    obukhov: Floats
    friction: Floats
    convective: Floats
    above: Floats
    values: Mapping[str, Floats]
    sums: Mapping[str, Floats]
    vectors: bool = False


def profiles(
    ground: Ground,
    levels: Levels | None = None,
    *,
    adjusted: bool = True,
    vectors: bool = False,
    apart: bool = False,
) -> Profiles:
    """Return the profiles of hours of which everything near the ground is known.

    Parameters
    ----------
    levels
        What was observed at heights.
    adjusted
        Whether friction velocities were adjusted for low winds (AERMET's ADJ_U*): then θ* of stable hours is 0.08 K,
        where no temperatures were observed at two heights.
    vectors
        Whether winds are means of vectors, in which what sways aside is lost (AERMOD's VECTORWS): the wind that carries
        a plume is then √(u² + 2 σv²).
    apart
        Whether a wind observed above the mixed layer says nothing of the wind in it, as AERMOD 24142 has it: that is
        then by friction velocity, and does not fall under d + 7 z0, as by the formulation it does.
    """
    told = {one.name: np.asarray(getattr(ground, one.name), np.float64)[:, None] for one in fields(ground)}
    obukhov, friction, by_wind = _no_less_than_one(told["obukhov"]), told["friction"], told["mixed_by_wind"]
    unstable = obukhov < 0
    by_heat = np.where(unstable, told["mixed_by_heat"], 1.0)
    convective = np.where(unstable, told["convective"], 0.0)
    mixed = np.where(unstable, np.maximum(by_heat, by_wind), by_wind)
    above = np.where(told["gradient"] > 0, told["gradient"], temperatures.ALOFT)

    def shape(height: Floats) -> Floats:
        layer = (obukhov, told["roughness"], mixed, told["displacement"])
        whole = _shape(height, *layer)
        if not apart:
            return whole
        return np.where(told["wind_height"] > mixed, _apart(height, *layer, friction, told["wind"]), whole)

    seen = levels if levels is not None else Levels.none(len(mixed))
    alone = ~(np.isfinite(seen.wind) & np.isfinite(seen.height)).any(axis=1, keepdims=True)
    only = np.arange(seen.height.shape[1]) == 0
    places = np.where(alone, np.where(only, told["wind_height"], np.nan), seen.height)
    winds = np.where(alone, np.where(only, told["wind"], np.nan), seen.wind)
    wind = np.maximum(carried(shape, places, winds), STILL)
    aloft = turbulence.left_aloft(between(wind, mixed), mixed, seen.height, seen.upward)

    def across(height: Floats) -> Floats:
        return turbulence.across(height, unstable, friction, convective, by_heat, by_wind)

    def upward(height: Floats) -> Floats:
        return turbulence.upward(height, unstable, friction, convective, by_heat, mixed, aloft)

    gradient = _gradient(unstable, obukhov, friction, mixed, above, told["temperature"], seen, adjusted=adjusted)
    values = {
        "wind": wind,
        "across": carried(across, seen.height, seen.across),
        "upward": carried(upward, seen.height, seen.upward),
        "gradient": gradient,
        "potential": temperatures.potential(gradient, told["temperature"], told["temperature_height"]),
        "direction": turning(seen, told["direction"]),
    }
    told_sums = {name: sums(value) for name, value in values.items() if name not in ("potential", "direction")}
    return Profiles(unstable, mixed, by_wind, obukhov, friction, convective, above, values, told_sums, vectors)


def turning(seen: Levels, direction: Floats) -> Floats:
    """Return the direction of the wind at :data:`HEIGHTS`: as observed where it was, the short way round between.

    Below the lowest and above the highest it stays; of an hour without any it is one direction, of shape (n, 1). [°]
    """
    found = np.repeat(direction, len(HEIGHTS), axis=1)
    there = np.isfinite(seen.direction) & np.isfinite(seen.height)
    for hour in np.flatnonzero(there.any(axis=1)):
        levels = there[hour]
        unwound = np.unwrap(seen.direction[hour, levels], period=360)
        found[hour] = np.interp(HEIGHTS, seen.height[hour, levels], unwound)
    return found


def _no_less_than_one(obukhov: Floats) -> Floats:
    small = np.abs(obukhov) < 1
    return np.where(small, np.where(obukhov < 0, -1.0, 1.0), obukhov)


def _shape(height: Floats, obukhov: Floats, roughness: Floats, mixed: Floats, displacement: Floats) -> Floats:
    """Return the wind at a height but for a factor: straight to zero under d + 7 z0, and the same above the layer."""
    low = displacement + 7 * roughness
    inside = np.clip(height, low, np.maximum(mixed, low)) - displacement
    unstable = obukhov < 0
    cold, warm = np.where(unstable, 1.0, obukhov), np.where(unstable, obukhov, -1.0)
    by_cold = -17 * (np.exp(-0.29 * roughness / cold) - np.exp(-0.29 * inside / cold))
    by_warm = _paulson(inside / warm) - _paulson(roughness / warm)
    whole = np.log(inside / roughness) - np.where(unstable, by_warm, by_cold)
    return np.where(height < low, whole * height / low, whole)


def _apart(
    height: Floats,
    obukhov: Floats,
    roughness: Floats,
    mixed: Floats,
    displacement: Floats,
    friction: Floats,
    wind: Floats,
) -> Floats:
    """Return the wind at a height: in the layer by friction, under d + 7 z0 the same as there, above as observed."""
    low = displacement + 7 * roughness
    inside = friction / KARMAN * _shape(np.maximum(height, low), obukhov, roughness, mixed, displacement)
    return np.where(height > np.maximum(mixed, low), wind, inside)


def _paulson(eta: Floats) -> Floats:
    x = (1 - 16 * eta) ** 0.25
    return np.asarray(2 * np.log((1 + x) / 2) + np.log((1 + x * x) / 2) - 2 * np.arctan(x) + np.pi / 2, np.float64)


def _gradient(
    unstable: npt.NDArray[np.bool_],
    obukhov: Floats,
    friction: Floats,
    mixed: Floats,
    above: Floats,
    temperature: Floats,
    seen: Levels,
    *,
    adjusted: bool,
) -> Floats:
    found = temperatures.warmed(mixed, above)
    there = np.isfinite(seen.temperature) & np.isfinite(seen.height)
    for hour in np.flatnonzero(~unstable[:, 0]):
        levels = there[hour]
        found[hour] = temperatures.cooled(
            float(obukhov[hour, 0]),
            float(friction[hour, 0]),
            float(mixed[hour, 0]),
            float(temperature[hour, 0]),
            seen.height[hour, levels],
            seen.temperature[hour, levels],
            adjusted=adjusted,
        )
    return found
