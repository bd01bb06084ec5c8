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
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats

GRAVITY: Final = 9.80616
"""[m s⁻²]"""
LAPSE: Final = 0.00977
"""Dry-adiabatic. [K m⁻¹]"""
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
STILL: Final = 0.01
"""Least wind at any height. [m s⁻¹]"""
LEAST_ACROSS, LEAST_PART, LEAST_UPWARD = 0.2, 0.05, 0.02
"""Least σv [m s⁻¹], as part of the wind, and least σw [m s⁻¹]."""
LEAST_WIND: Final = float(np.sqrt(2 * LEAST_ACROSS**2))
"""Least wind that carries a plume. [m s⁻¹]"""
SURELY_STABLE: Final = 0.002
"""Least gradient of potential temperature where the air is stable. [K m⁻¹]"""
ALOFT: Final = 0.005
"""Gradient of potential temperature more than 500 m above the mixed layer. [K m⁻¹]"""
SCALE: Final = 0.08
"""θ* in stable hours where no temperatures at two heights were measured. [K]"""


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
        `wind` [m s⁻¹], `across` (σv), `upward` (σw) [m s⁻¹], `gradient` [K m⁻¹], `potential` temperature [K].
    sums
        Of wind, across, upward and gradient from the ground up to each height.
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

    def at(self, name: str, height: Floats) -> Floats:
        """Return a quantity at heights of shape (n, m)."""
        return _between(self.values[name], height)

    def mean(self, name: str, low: Floats, high: Floats) -> Floats:
        """Return the mean of a quantity over a layer, from half a metre up; of no layer what it is there."""
        bottom = np.maximum(low, 0.5)
        top = np.where(high < 0.5, 0.51, high)
        thin = top - bottom < 1e-6
        whole = self._sum(name, top) - self._sum(name, bottom)
        return np.where(thin, self.at(name, bottom), whole / np.where(thin, 1.0, top - bottom))

    def carried(self, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
        """Return wind, σv and σw over a layer, none less than what is held to be there always."""
        return at_least(*(self.mean(name, low, high) for name in ("wind", "across", "upward")))

    def carried_at(self, height: Floats) -> tuple[Floats, Floats, Floats]:
        """Return wind, σv and σw at a height, none less than what is held to be there always."""
        return at_least(*(self.at(name, height) for name in ("wind", "across", "upward")))

    def frequency(self, gradient: Floats, potential: Floats) -> Floats:
        """Return the Brunt-Väisälä frequency; hardly any where the air is not stable. [s⁻¹]"""
        return np.maximum(np.sqrt(GRAVITY * np.maximum(gradient, 0) / potential), 1e-10)

    def only(self, hours: npt.NDArray[np.intp]) -> Self:
        """Return the profiles of some of the hours."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("values", "sums")}
        return type(self)(
            **{name: value[hours] for name, value in told.items()},
            values={name: value[hours] for name, value in self.values.items()},
            sums={name: value[hours] for name, value in self.sums.items()},
        )

    def _sum(self, name: str, height: Floats) -> Floats:
        values = self.values[name]
        inside = np.minimum(height, HEIGHTS[-1])
        place, part = _place(inside)
        rows = np.arange(len(values))[:, None]
        low, high, thick = values[rows, place], values[rows, place + 1], (HEIGHTS[place + 1] - HEIGHTS[place]) * part
        beyond = np.maximum(height - HEIGHTS[-1], 0) * values[:, -1:]
        return np.asarray(self.sums[name][rows, place] + thick * (low + 0.5 * part * (high - low)) + beyond, np.float64)


def at_least(wind: Floats, across: Floats, upward: Floats) -> tuple[Floats, Floats, Floats]:
    """Return wind, σv and σw, none less than what is held to be there always."""
    return (
        np.maximum(wind, LEAST_WIND),
        np.maximum(across, np.maximum(LEAST_ACROSS, LEAST_PART * wind)),
        np.maximum(upward, LEAST_UPWARD),
    )


def profiles(ground: Ground) -> Profiles:
    """Return the profiles of hours of which everything near the ground is known."""
    told = {one.name: np.asarray(getattr(ground, one.name), np.float64)[:, None] for one in fields(ground)}
    obukhov, friction, by_wind = _no_less_than_one(told["obukhov"]), told["friction"], told["mixed_by_wind"]
    unstable = obukhov < 0
    by_heat = np.where(unstable, told["mixed_by_heat"], 1.0)
    convective = np.where(unstable, told["convective"], 0.0)
    mixed = np.where(unstable, np.maximum(by_heat, by_wind), by_wind)
    above = np.where(told["gradient"] > 0, told["gradient"], ALOFT)
    wind = _wind(told, obukhov, mixed)
    gradient = _gradient(unstable, obukhov, mixed, above)
    values = {
        "wind": wind,
        "across": _across(unstable, friction, convective, by_heat, by_wind),
        "upward": _upward(unstable, friction, convective, by_heat, mixed, wind),
        "gradient": gradient,
        "potential": _potential(gradient, told["temperature"], told["temperature_height"]),
    }
    sums = {name: _sums(value) for name, value in values.items() if name != "potential"}
    return Profiles(unstable, mixed, by_wind, obukhov, friction, convective, above, values, sums)


def _no_less_than_one(obukhov: Floats) -> Floats:
    small = np.abs(obukhov) < 1
    return np.where(small, np.where(obukhov < 0, -1.0, 1.0), obukhov)


def _wind(told: Mapping[str, Floats], obukhov: Floats, mixed: Floats) -> Floats:
    """Return the observed wind, carried to every height by the logarithmic profile with its correction."""
    roughness = told["roughness"]
    ratio = _shape(HEIGHTS[None, :], obukhov, roughness, mixed) / _shape(told["wind_height"], obukhov, roughness, mixed)
    return np.maximum(told["wind"] * ratio, STILL)


def _shape(height: Floats, obukhov: Floats, roughness: Floats, mixed: Floats) -> Floats:
    """Return the wind at a height but for a factor: straight to zero under 7 z0, and the same above the mixed layer."""
    low = 7 * roughness
    inside = np.clip(height, low, np.maximum(mixed, low))
    unstable = obukhov < 0
    cold, warm = np.where(unstable, 1.0, obukhov), np.where(unstable, obukhov, -1.0)
    by_cold = -17 * (np.exp(-0.29 * roughness / cold) - np.exp(-0.29 * inside / cold))
    by_warm = _paulson(inside / warm) - _paulson(roughness / warm)
    whole = np.log(inside / roughness) - np.where(unstable, by_warm, by_cold)
    return np.where(height < low, whole * height / low, whole)


def _paulson(eta: Floats) -> Floats:
    x = (1 - 16 * eta) ** 0.25
    return np.asarray(2 * np.log((1 + x) / 2) + np.log((1 + x * x) / 2) - 2 * np.arctan(x) + np.pi / 2, np.float64)


def _across(
    unstable: npt.NDArray[np.bool_], friction: Floats, convective: Floats, by_heat: Floats, by_wind: Floats
) -> Floats:
    """Return σv: of wind straight from the ground to the top of what it mixes, of heat the same through its layer."""
    height = HEIGHTS[None, :]
    ground = 3.6 * friction**2
    top = np.minimum(ground, 0.25)
    of_wind = np.where(height <= by_wind, ground + (top - ground) * height / by_wind, top)
    heat = 0.35 * convective**2
    aloft = np.minimum(heat, 0.25)
    falling = heat + (aloft - heat) * (height - by_heat) / (0.2 * by_heat)
    of_heat = np.where(height <= by_heat, heat, np.where(height <= 1.2 * by_heat, falling, aloft))
    return np.asarray(np.sqrt(of_wind + np.where(unstable, of_heat, 0.0)), np.float64)


def _upward(
    unstable: npt.NDArray[np.bool_],
    friction: Floats,
    convective: Floats,
    by_heat: Floats,
    mixed: Floats,
    wind: Floats,
) -> Floats:
    """Return σw: of wind falling to the top of the mixed layer, with a remnant aloft; of heat highest in the middle."""
    height = HEIGHTS[None, :]
    remnant = 0.02 * _between(wind, mixed) * np.minimum(1, height / mixed)
    inside = np.where(height < mixed, 1.3 * friction * np.sqrt(np.maximum(1 - height / mixed, 0)), 0.0)
    of_wind = np.maximum(np.sqrt(remnant**2 + inside**2), 1e-4)
    part = height / by_heat
    above = np.exp(np.clip(-6 * (part - 1), -50, 0))
    shape = np.where(part <= 0.1, 1.6 * part ** (2 / 3), np.where(part <= 1, 0.35, 0.35 * above))
    of_heat = np.maximum(np.sqrt(shape) * convective, 1e-4)
    return np.asarray(np.where(unstable, np.hypot(of_wind, of_heat), of_wind), np.float64)


def _gradient(unstable: npt.NDArray[np.bool_], obukhov: Floats, mixed: Floats, above: Floats) -> Floats:
    """Return the gradient of potential temperature: none in a warmed layer, falling with height in a cooled one."""
    height = HEIGHTS[None, :]
    cold = np.where(unstable, 1.0, obukhov)

    def near(at: Floats) -> Floats:
        return np.asarray(SCALE / (KARMAN * at) * (0.74 + 4.7 * at / cold), np.float64)

    hundred = np.full_like(cold, 100.0)
    fall = np.exp(np.clip(-(height - 100) / (0.44 * np.maximum(100, mixed)), -50, 0))
    cooled = np.where(height <= 100, near(np.clip(height, 2, 100) + 0 * cold), near(hundred) * fall)
    lid = np.where(height <= mixed + 500, above, ALOFT)
    warmed = np.where(height <= mixed, 0.0, np.maximum(lid, SURELY_STABLE))
    return np.where(unstable, warmed, np.maximum(cooled, SURELY_STABLE))


def _potential(gradient: Floats, temperature: Floats, height: Floats) -> Floats:
    """Return potential temperature, from one temperature at one height."""
    sums = _sums(gradient)
    place, _ = _place(height)
    rows = np.arange(len(gradient))[:, None]
    slope = 0.5 * (gradient[rows, place + 1] + gradient[rows, place])
    below = temperature + LAPSE * height - slope * (height - HEIGHTS[place])
    return np.asarray(sums - sums[rows, place] + below, np.float64)


def _sums(values: Floats) -> Floats:
    parts = 0.5 * (values[:, 1:] + values[:, :-1]) * np.diff(HEIGHTS)
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(parts, axis=1)], axis=1)


def _between(values: Floats, height: Floats) -> Floats:
    place, part = _place(height)
    rows = np.arange(len(values))[:, None]
    low = values[rows, place]
    return np.asarray(low + part * (values[rows, place + 1] - low), np.float64)


def _place(height: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    place = np.clip(np.searchsorted(HEIGHTS, height, side="right") - 1, 0, len(HEIGHTS) - 2)
    return place, np.asarray((height - HEIGHTS[place]) / (HEIGHTS[place + 1] - HEIGHTS[place]), np.float64)
