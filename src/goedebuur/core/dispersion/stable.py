"""How a plume spreads in stable air, or above a warmed layer: by itself, by the wind, and held down by a lid.

References
----------
EPA-454/R-03-004, sections 5.5 and 5.6.2; Venkatram (1992); the lid of section 5.2.
"""

from __future__ import annotations

import numpy as np

from goedebuur.core.dispersion.air import GRADIENT, POTENTIAL, Hour, at, carried, carried_at, frequency, mean
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import (
    BY_ITSELF,
    COLUMN,
    WIDTHS,
    Spread,
    across_stable,
    between_ground_and_lid,
    both,
    layer,
    random_part,
)
from goedebuur.core.dispersion.stacks import Mouth, Release, halfway, stable_far, up_to_neutral, warm_rise

MOST, LEAST = 10, 5
"""How often the rise at a distance is worked out again."""


@compiled
def spread(stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float) -> Spread:
    """Return how a plume is spread at a distance, in an hour of stable air."""
    return fallen(stack, gas, air, distance, receptor, receptor, 0.0)


@compiled
def fallen(
    stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float, asked: float, fall: float
) -> Spread:
    """Return the same of what fell some way by then [m], at the height that is asked; see :data:`COLUMN`. [m]"""
    rise = _rise(gas, air, distance)
    height = gas.base + rise
    by_itself = both(BY_ITSELF * rise, stack.deep)
    wind, _, upward = carried_at(air, height)
    ambient = _ambient(stack, air, distance, height, wind, upward, at(air, GRADIENT, height))
    first = both(by_itself, ambient)
    bottom, top = layer(air, height, first, receptor)
    wind, across, upward = carried(air, bottom, top)
    ambient = _ambient(stack, air, distance, height, wind, upward, mean(air, GRADIENT, bottom, top))
    deep = both(by_itself, ambient)
    wide = both(both(BY_ITSELF * rise, stack.wide), across_stable(air, distance, height, wind, across))
    thrown = max(air.mixed, height + WIDTHS * first)
    if fall > 0:
        height = max(height - fall, 0.0)
        thrown = lid(stack, air, distance, height, by_itself)
    vertical = (1.0 if asked == COLUMN else between_ground_and_lid(deep, height, thrown, asked)) / wind
    return Spread(vertical, wide, 0.0, 1.0, random_part(wind, across, distance))


@compiled
def lid(stack: Mouth, air: Hour, distance: float, height: float, by_itself: float) -> float:
    """Return from how high a stable plume is thrown back: the mixed layer, or the top of the plume. [m]"""
    wind, _, upward = carried_at(air, height)
    ambient = _ambient(stack, air, distance, height, wind, upward, at(air, GRADIENT, height))
    return max(air.mixed, height + WIDTHS * both(by_itself, ambient))


@compiled
def _ambient(
    stack: Mouth, air: Hour, distance: float, height: float, wind: float, upward: float, gradient: float
) -> float:
    """Return σz that turbulence makes: near the ground by the wind there, aloft by σw against the stable air. [m]"""
    time = distance / wind
    held = frequency(gradient, at(air, POTENTIAL, height))
    scale = max(stack.height, height, 1e-4)
    aloft = upward * time / np.sqrt(1 + upward * time * (1 / (0.72 * scale) + held / (0.54 * upward)))
    if height >= air.mixed:
        return float(aloft)
    ground = 0.0
    if not air.unstable:
        ground = np.sqrt(2 / np.pi) * air.friction * time * np.cbrt(1 / (1 + 0.7 * distance / air.obukhov))
    part = height / air.mixed
    return float((1 - part) * ground + part * aloft)


@compiled
def deep(stack: Mouth, gas: Release, air: Hour, distance: float) -> float:
    """Return how high the top of a plume that has risen is, by the air at the mouth. [m]"""
    height = gas.base + gas.settled_rise
    return height + WIDTHS * _ambient(stack, air, distance, height, gas.wind, gas.upward, gas.gradient)


@compiled
def _rise(gas: Release, air: Hour, distance: float) -> float:
    """Return how far a plume rose at a distance: no further than in the end, or than where nothing holds it back."""
    if distance >= gas.far:
        return gas.rise
    rise = _gradual(gas, air, distance, gas.wind, gas.frequency)
    for piece in range(1, MOST + 1):
        there, held = halfway(air, gas.wind, gas.gradient, gas.potential, gas.base, rise)
        found = _gradual(gas, air, distance, there, held)
        close = piece >= LEAST and found > 0 and abs((rise - found) / found) < 0.001
        rise = found if close or piece < MOST else 0.5 * (found + rise)
        if close:
            break
    return min(rise, warm_rise(gas.buoyancy, gas.momentum, gas.wind, distance), gas.rise)


@compiled
def _gradual(gas: Release, air: Hour, distance: float, wind: float, held: float) -> float:
    slowed = 0.7 * held
    reached = distance
    if reached > 0.5 * np.pi * wind / slowed:  # before which no plume has risen
        reached = min(distance, stable_far(gas.buoyancy, gas.momentum, wind, held))
    turn = slowed * reached / wind
    jet = slowed * gas.momentum / gas.buoyancy * np.sin(turn)
    whole = jet + 1 - np.cos(turn)
    rise = 2.66 * np.cbrt(gas.buoyancy / (held**2 * wind) * (whole if whole > 0 else jet))
    return up_to_neutral(min(float(rise), gas.rise), gas.buoyancy, air.friction, wind, gas.base)
