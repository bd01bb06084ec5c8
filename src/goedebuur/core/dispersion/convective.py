"""How a plume spreads in a layer that the ground warms: in updraughts and downdraughts, under a lid, and through it.

Vertical velocities are skewed: many slow downdraughts, few fast updraughts, as two Gaussians. What reaches the lid is
lifted for a while, and a part may break through it, from where it comes down again slowly.

References
----------
EPA-454/R-03-004, section 5.4; Weil, Corio and Brower (1997), J. Appl. Meteor. 36, 982-1003.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion.air import Hour, carried, carried_at
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import (
    BY_ITSELF,
    COLUMN,
    REFLECTIONS,
    ROOT,
    SMALL,
    WIDTHS,
    Spread,
    across_stable,
    bell,
    between_ground_and_lid,
    both,
    layer,
    random_part,
    toward,
)
from goedebuur.core.dispersion.stable import lid
from goedebuur.core.dispersion.stacks import Mouth, Release, warm_rise
from goedebuur.core.weather.profiles import LEAST_PART

RATIO: Final = 2.0
"""σ of each draught as part of its mean."""
_SKEW: Final = (1 + RATIO**2) / (1 + 3 * RATIO**2)
NARROW: Final = 78 * 0.46
"""β of σy near the ground, times a height of 0.46 m. [m]"""


class Draughts(NamedTuple):
    """Mean velocity of updraughts and downdraughts over w*, and which part of the air goes up."""

    up: float
    down: float
    up_part: float


@compiled
def spread(stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float) -> Spread:
    """Return how a plume is spread at a distance, in an hour in which it goes into a warmed layer."""
    return fallen(stack, gas, air, distance, receptor, receptor, 0.0)


@compiled
def fallen(
    stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float, asked: float, fall: float
) -> Spread:
    """Return the same of what fell some way by then [m], at the height that is asked; see :data:`COLUMN`. [m]"""
    rise = warm_rise(gas.buoyancy, gas.momentum, gas.wind, distance) if stack.speed > 0 else 0.0
    middle = _middle(gas, air, distance, rise)
    low = middle < 0.1 * air.mixed
    by_itself = both(BY_ITSELF * rise, stack.deep)
    wind, _, _ = carried_at(air, middle)
    draughts = _draughts(air, gas.upward, middle, low)
    up_deep, down_deep = _deep(air, distance, middle, low, by_itself, wind, draughts)
    bottom, top = layer(air, middle, 0.5 * (up_deep + down_deep), receptor)
    wind, across, upward = carried(air, bottom, min(top, air.mixed))
    random = random_part(wind, across, distance)
    wide = both(both(BY_ITSELF * rise, stack.wide), _wide(stack, air, distance, wind, across))
    vertical = 0.0
    if gas.broken < 1 and asked == COLUMN:
        vertical = (1 - gas.broken) / wind
    elif gas.broken < 1 and asked <= air.mixed:
        draughts = _draughts(air, upward, middle, low)
        up_deep, down_deep = _deep(air, distance, middle, low, by_itself, wind, draughts)
        way = air.convective * distance / wind
        up = gas.base + rise + draughts.up * way - fall
        down = gas.base + rise + draughts.down * way - fall
        lifted = _lifted(gas, air, distance)
        parts = draughts.up_part / up_deep, (1 - draughts.up_part) / down_deep
        direct = _two(up, down, up_deep, down_deep, parts, 2 * air.mixed, asked, 0)
        indirect = _two(up - lifted, down - lifted, up_deep, down_deep, parts, -2 * air.mixed, asked, 1)
        vertical = (1 - gas.broken) * (direct + indirect) / wind
    if gas.broken <= 0:
        return Spread(vertical, wide, 0.0, 1.0, random)
    above, above_wide, above_random = _above(stack, gas, air, distance, receptor, asked, fall)
    return Spread(vertical, wide, above, above_wide, gas.broken * above_random + (1 - gas.broken) * random)


@compiled
def deep(stack: Mouth, gas: Release, air: Hour, distance: float) -> float:
    """Return how high the top of a plume that has risen is, by the air at the mouth; of both parts the mean. [m]"""
    low = stack.height < 0.1 * air.mixed
    top = gas.base + gas.settled_rise
    if gas.broken < 1:
        draughts = _draughts(air, gas.upward, stack.height, low)
        up_deep, down_deep = _deep(air, distance, stack.height, low, 0.0, gas.wind, draughts)
        top += WIDTHS * 0.5 * (up_deep + down_deep)
    if gas.broken <= 0:
        return top
    above = gas.base + gas.lifted
    above += WIDTHS * _deep_above(distance, above, 0.0, gas.wind, gas.upward)
    return gas.broken * above + (1 - gas.broken) * top


@compiled
def _middle(gas: Release, air: Hour, distance: float, rise: float) -> float:
    """Return the height of the middle of a plume: as it rises, and then on its way to the middle of the layer. [m]"""
    half = 0.5 * air.mixed
    if distance < gas.settled:
        return min(gas.base + rise, air.mixed)
    if distance >= gas.mixed_from:
        return half
    top = min(gas.base + gas.settled_rise, air.mixed)
    way = gas.mixed_from - gas.settled if gas.mixed_from > gas.settled else 1.0
    return top + (distance - gas.settled) / way * (half - top)


@compiled
def _draughts(air: Hour, upward: float, middle: float, low: bool) -> Draughts:
    cubed = 0.125 * air.convective**3 * (10 * middle / air.mixed if low else 1.0)
    skew = _SKEW * cubed / upward**3
    root = np.sqrt(skew**2 + 4 / (1 + RATIO**2))
    part = upward / air.convective
    up, down = 0.5 * part * (skew + root), 0.5 * part * (skew - root)
    return Draughts(up, down, down / (down - up))


@compiled
def _deep(
    air: Hour, distance: float, middle: float, low: bool, by_itself: float, wind: float, draughts: Draughts
) -> tuple[float, float]:
    """Return σz in updraughts and in downdraughts. [m]"""
    slowed, ground = 1.0, 0.0
    if low:
        slowed = 0.6 + 4 * middle / air.mixed
        ground = 0.5 * (1 - 10 * middle / air.mixed) * (air.friction / wind) ** 2 * distance**2 / abs(air.obukhov)
    rest = ground**2 + by_itself**2
    way = slowed * RATIO * air.convective * distance / wind
    return float(np.sqrt((draughts.up * way) ** 2 + rest)), float(np.sqrt((draughts.down * way) ** 2 + rest))


@compiled
def _wide(stack: Mouth, air: Hour, distance: float, wind: float, across: float) -> float:
    beta = max(NARROW / max(stack.height, 0.46), 0.7)
    turning = max(LEAST_PART, across / wind) * distance
    return float(turning / (1 + beta * turning / air.mixed) ** 0.3)


@compiled
def _lifted(gas: Release, air: Hour, distance: float) -> float:
    """Return how far buoyancy keeps a plume at the lid before it comes down. [m]"""
    radius = (0.4 * (air.mixed - gas.base)) ** 2 + 0.25 * 0.1 * 2.3**1.5 * (air.convective * distance / gas.wind) ** 2
    return float(np.sqrt(2 * gas.buoyancy * air.mixed / (1.4 * gas.wind * radius))) * distance / gas.wind


@compiled
def _two(
    up: float,
    down: float,
    up_deep: float,
    down_deep: float,
    parts: tuple[float, float],
    shift: float,
    receptor: float,
    first: int,
) -> float:
    """Return what both draughts bring to a receptor, thrown back by ground and lid over and over. [m⁻¹]"""
    total = 0.0
    for turn in range(first, REFLECTIONS):
        there = turn * shift
        term = parts[0] * bell(receptor, there + up, up_deep) + parts[1] * bell(receptor, there + down, down_deep)
        total += term
        if turn > 0 and term <= SMALL * total:
            break
    return total / ROOT


@compiled
def _above(
    stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float, asked: float, fall: float
) -> tuple[float, float, float]:
    """Return what the part that broke through the lid is at the height that is asked, its σy, and its random part."""
    height = gas.base + gas.lifted
    by_itself = BY_ITSELF * gas.broken * gas.lifted
    wind, _, upward = carried_at(air, height)
    first = _deep_above(distance, height, by_itself, wind, upward)
    bottom, top = toward(height, first, receptor)
    wind, across, upward = carried(air, bottom, top)
    deep = _deep_above(distance, height, by_itself, wind, upward)
    wide = both(by_itself, across_stable(air, distance, height, wind, across))
    height = max(height - fall, 0.0)
    thrown = lid(stack, air, distance, height, by_itself)
    inside = 1.0 if asked == COLUMN else between_ground_and_lid(deep, height, thrown, asked)
    vertical = gas.broken * inside / wind
    return vertical, wide, random_part(wind, across, distance)


@compiled
def _deep_above(distance: float, height: float, by_itself: float, wind: float, upward: float) -> float:
    time = distance / wind
    return both(by_itself, upward * time / np.sqrt(1 + upward * time / (0.72 * height)))
