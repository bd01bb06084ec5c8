"""What goes from the ground into the air in an hour: friction, heat and moisture, from routine observations.

The scheme of Van Ulden and Holtslag for short grass that does not dry out. The friction velocity is the highest at
which the profile of the wind and the heat that follows from it agree: in light winds on clear nights there may be two,
of which the lower is not stable, or none, and then there is nothing to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from goedebuur.core.weather import radiation, stability
from goedebuur.core.weather.radiation import REFERENCE, STEFAN_BOLTZMANN
from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats

GRAVITY: Final = 9.8
"""[m s⁻²]"""
HEAT_OF_AIR: Final = 1005.0
"""[J kg⁻¹ K⁻¹]"""
DENSITY: Final = 1005.0 / (2.87 * REFERENCE)
"""Of air at 1005 hPa. [kg m⁻³]"""
HEAT_OF_VAPOUR: Final = 2465.0 - 2.38 * (10.0 - 15.0)
"""[J g⁻¹]"""
SOIL: Final = 5.0
"""Heat that the soil takes up per kelvin. [W m⁻² K⁻¹]"""
MOISTURE: Final = 1.0
"""Priestley and Taylor's α of grass that does not dry out, as modified by De Bruin and Holtslag."""
ENTRAINED: Final = 0.033
"""β: the temperature scale at which evaporation alone goes on. [K]"""
NIGHT: Final = 15.0
"""Constant of the night scheme."""
HIGH: Final = 50.0
"""Height up to which the night scheme reckons. [m]"""
LAPSE: Final = 0.01
"""Dry-adiabatic. [K m⁻¹]"""
NEUTRAL: Final = 1e-6
"""Temperature scale under which the air counts as neutral. [K]"""
_STEPS: Final = 200
_HALVINGS: Final = 50
_LOW, _TOP = 0.1, 5.0
"""Between which parts of the friction velocity of neutral air it is looked for."""


@dataclass(frozen=True, slots=True)
class Fluxes:
    """What goes from the ground into the air, an hour a place; NaN where no friction velocity agrees.

    Parameters
    ----------
    friction
        Friction velocity. [m s⁻¹]
    obukhov
        Obukhov length: below zero where the ground warms the air. [m]
    sensible, latent
        Heat and the heat of the moisture that go up. [W m⁻²]
    sunlight
        That was reckoned with. [W m⁻²]
    """

    friction: Floats
    obukhov: Floats
    sensible: Floats
    latent: Floats
    sunlight: Floats

    @property
    def evaporation(self) -> Floats:
        """Return the water that goes up. [mm h⁻¹]"""
        return self.latent * 3.6 / HEAT_OF_VAPOUR


def fluxes(
    wind: Floats,
    height: Floats | float,
    roughness: Floats | float,
    temperature: Floats,
    cloud: Floats,
    sine: Floats,
    sunlight: Floats,
) -> Fluxes:
    """Return what goes from the ground into the air.

    Parameters
    ----------
    wind
        Speed at `height`, shape (n,), like all that is not one number. [m s⁻¹]
    height, roughness
        Of the measurement of the wind, above where the ground is displaced to, and of the ground (`z0`); NaN where it
        is not known over what the wind comes. [m]
    temperature
        Of the air. [°C]
    cloud
        Part of the sky that is covered, 0 to 1.
    sine
        Of the sun's height; `sun.sine_of_elevation`.
    sunlight
        Measured; NaN where it was not. [W m⁻²]

    Raises
    ------
    ValueError
        For a height that is not above the roughness, or a roughness that is not above zero.

    References
    ----------
    Van Ulden and Holtslag (1985), J. Climate Appl. Meteor. 24, 1196-1207; Beljaars, Holtslag and Van Westrhenen (1989),
    KNMI TR-112; held against the published cases of RIVM's ModMet.
    """
    height, roughness = (np.broadcast_to(np.asarray(one, np.float64), wind.shape) for one in (height, roughness))
    bad = ~((roughness > 0) & (roughness < height)) & np.isfinite(roughness)
    if bad.any():
        raise ValueError(f"roughness {roughness[bad][0]} m with wind at {height[bad][0]} m")
    there = (
        np.isfinite(roughness) & (wind > 0) & (cloud >= 0) & (cloud <= 1) & np.isfinite(temperature) & np.isfinite(sine)
    )
    came = radiation.sunlight(sine, cloud, sunlight)
    net = radiation.isothermal_net(sine, cloud, came)
    neutral = KARMAN * wind / np.log(height / roughness)
    found = np.full(wind.shape, np.nan)
    found[there] = _highest(*(one[there] for one in (neutral, wind, height, roughness, temperature, net)))
    warmth, vapour = _scales(found, temperature, net)
    sensible = -DENSITY * HEAT_OF_AIR * warmth * found
    latent = -DENSITY * HEAT_OF_VAPOUR * vapour * found
    return Fluxes(found, _obukhov(found, warmth, vapour), sensible, latent, np.where(there, came, np.nan))


def _highest(
    neutral: Floats, wind: Floats, height: Floats, roughness: Floats, temperature: Floats, net: Floats
) -> Floats:
    """Return the highest friction velocity that agrees with the wind; NaN where none does."""

    def beyond(friction: Floats) -> Floats:
        length = _obukhov(friction, *_scales(friction, temperature, net))
        slope = (
            np.log(height / roughness)
            - stability.of_momentum(height / length)
            + stability.of_momentum(roughness / length)
        )
        return np.asarray(friction - KARMAN * wind / slope, np.float64)

    high = _TOP * neutral
    low = np.full_like(high, np.nan)
    step = (_LOW / _TOP) ** (1 / _STEPS)
    above = high
    for _ in range(_STEPS):
        if not np.isnan(low).any():
            break
        below = above * step
        crossed = np.isnan(low) & (beyond(below) <= 0)
        low = np.where(crossed, below, low)
        high = np.where(crossed, above, high)
        above = below
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        under = beyond(middle) <= 0
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2, np.float64)


def _obukhov(friction: Floats, warmth: Floats, vapour: Floats) -> Floats:
    virtual = warmth + 0.00061 * REFERENCE * vapour
    small = np.abs(virtual) < NEUTRAL
    return np.where(small, -1e5, REFERENCE * friction**2 / (GRAVITY * KARMAN * np.where(small, 1.0, virtual)))


def _scales(friction: Floats, temperature: Floats, net: Floats) -> tuple[Floats, Floats]:
    """Return the temperature scale [K] and the humidity scale [g kg⁻¹] for a friction velocity."""
    kelvin = temperature + 273.0
    slope = np.exp(0.055 * (kelvin - 279.0))
    night, taken_night = _by_night(friction, slope, net)
    day, taken_day = _by_day(friction, kelvin, slope, net)
    dark = net < 0
    warmth, taken = np.where(dark, night, day), np.where(dark, taken_night, taken_day)
    return warmth, (-taken - DENSITY * HEAT_OF_AIR * friction * warmth) / (DENSITY * HEAT_OF_VAPOUR * friction)


def _by_night(friction: Floats, slope: Floats, net: Floats) -> tuple[Floats, Floats]:
    """Return the temperature scale, and the net radiation less what the soil gives, where the ground loses heat."""
    exchange = 4 * STEFAN_BOLTZMANN * REFERENCE**3 + SOIL
    over = friction / HIGH
    second = 0.5 * (1 + slope) * DENSITY * HEAT_OF_AIR * HIGH / exchange
    third = -net / (exchange * REFERENCE) + LAPSE * HIGH / REFERENCE
    fourth = second * ENTRAINED * 2 / REFERENCE
    first = NIGHT * over**2 + second * over**3
    root = np.sqrt(np.maximum(first**2 + third * over**2 + fourth * over**3, 0))
    warmth = REFERENCE * (root - first)
    taken = net + exchange * (2 * warmth * NIGHT + (warmth / over) ** 2 / REFERENCE - LAPSE * HIGH)
    return warmth, taken


def _by_day(friction: Floats, kelvin: Floats, slope: Floats, net: Floats) -> tuple[Floats, Floats]:
    """Return the temperature scale, and the net radiation less what goes into the soil, where the ground gains heat."""
    dry = ((1 - MOISTURE) * slope + 1) / (slope + 1)
    warmed = 0.38 * dry
    soil = SOIL / (4 * STEFAN_BOLTZMANN * kelvin**3) * warmed
    taken = (1 - soil) * net / (1 + warmed)
    return -dry * taken / (DENSITY * HEAT_OF_AIR * friction) + MOISTURE * ENTRAINED, taken
