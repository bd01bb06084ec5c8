"""How a plume spreads in stable air, or above a warmed layer: by itself, by the wind, and held down by a lid.

References
----------
EPA-454/R-03-004, sections 5.5 and 5.6.2; Venkatram (1992); the lid of section 5.2.
"""

from __future__ import annotations

import numpy as np

from goedebuur.core.dispersion.spread import (
    BY_ITSELF,
    WIDTHS,
    Spread,
    across_stable,
    between_ground_and_lid,
    layer,
    random_part,
)
from goedebuur.core.dispersion.stacks import Release, Stack, halfway, neutral_limit, stable_far, warm_rise
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

MOST, LEAST = 10, 5
"""How often the rise at a distance is worked out again."""


def spread(stack: Stack, gas: Release, air: Profiles, distance: Floats, receptor: float = 0.0) -> Spread:
    """Return how a plume is spread at distances of shape (n, m), in hours of stable air."""
    rise = _rise(gas, air, distance)
    height = gas.base + rise
    by_itself = BY_ITSELF * rise
    wind, _, upward = air.carried_at(height)
    first = np.hypot(by_itself, _ambient(stack, air, distance, height, wind, upward, air.at("gradient", height)))
    bottom, top = layer(air, height, first, receptor)
    wind, across, upward = air.carried(bottom, top)
    gradient = air.mean("gradient", bottom, top)
    deep = np.hypot(by_itself, _ambient(stack, air, distance, height, wind, upward, gradient))
    wide = np.hypot(by_itself, across_stable(air, distance, height, wind, across))
    return Spread(
        vertical=between_ground_and_lid(deep, height, lid(stack, air, distance, height, by_itself), receptor) / wind,
        across=wide,
        vertical_above=np.zeros_like(distance),
        across_above=np.ones_like(distance),
        random=random_part(wind, across, distance),
    )


def lid(stack: Stack, air: Profiles, distance: Floats, height: Floats, by_itself: Floats) -> Floats:
    """Return from how high a stable plume is thrown back: the mixed layer, or the top of the plume. [m]"""
    wind, _, upward = air.carried_at(height)
    ambient = _ambient(stack, air, distance, height, wind, upward, air.at("gradient", height))
    return np.maximum(air.mixed, height + WIDTHS * np.hypot(by_itself, ambient))


def _ambient(
    stack: Stack, air: Profiles, distance: Floats, height: Floats, wind: Floats, upward: Floats, gradient: Floats
) -> Floats:
    """Return σz that turbulence makes: near the ground by the wind there, aloft by σw against the stable air. [m]"""
    time = distance / wind
    frequency = air.frequency(gradient, air.at("potential", height))
    scale = np.maximum(np.maximum(stack.height, height), 1e-4)
    aloft = upward * time / np.sqrt(1 + upward * time * (1 / (0.72 * scale) + frequency / (0.54 * upward)))
    cold = np.where(air.unstable, 1.0, air.obukhov)
    ground = np.sqrt(2 / np.pi) * air.friction * time * np.cbrt(1 / (1 + 0.7 * distance / cold))
    part = np.minimum(height / air.mixed, 1)
    mixed = (1 - part) * np.where(air.unstable, 0.0, ground) + part * aloft
    return np.where(height < air.mixed, mixed, aloft)


def _rise(gas: Release, air: Profiles, distance: Floats) -> Floats:
    """Return how far a plume rose at a distance: no further than in the end, or than where nothing holds it back."""
    wind, frequency = gas.wind + 0 * distance, gas.frequency + 0 * distance
    rise = _gradual(gas, air, distance, wind, frequency)
    done = np.zeros(distance.shape, np.bool_)
    for piece in range(1, MOST + 1):
        carried, there = halfway(air, gas.wind, gas.gradient, gas.potential, gas.base, rise)
        found = _gradual(gas, air, distance, carried, there)
        close = (found > 0) & (np.abs((rise - found) / np.maximum(found, 1e-30)) < 0.001) & (piece >= LEAST)
        settled = np.where(close | (piece < MOST), found, 0.5 * (found + rise))
        rise = np.where(done, rise, settled)
        done |= close
    free = np.minimum(rise, warm_rise(gas.buoyancy, gas.momentum, gas.wind, distance))
    return np.where(distance >= gas.far, gas.rise, np.minimum(free, gas.rise))


def _gradual(gas: Release, air: Profiles, distance: Floats, wind: Floats, frequency: Floats) -> Floats:
    slowed = 0.7 * frequency
    reached = np.minimum(distance, stable_far(gas.buoyancy, gas.momentum, wind, frequency))
    turn = slowed * reached / wind
    jet = slowed * gas.momentum / gas.buoyancy * np.sin(turn)
    whole = jet + 1 - np.cos(turn)
    rise = 2.66 * np.cbrt(gas.buoyancy / (frequency**2 * wind) * np.where(whole > 0, whole, jet))
    return np.minimum(np.minimum(rise, gas.rise), neutral_limit(gas.buoyancy, air.friction, wind, gas.base))
