"""How a plume spreads in a layer that the ground warms: in updraughts and downdraughts, under a lid, and through it.

Vertical velocities are skewed: many slow downdraughts, few fast updraughts, as two Gaussians. What reaches the lid is
lifted for a while, and a part may break through it, from where it comes down again slowly.

References
----------
EPA-454/R-03-004, section 5.4; Weil, Corio and Brower (1997), J. Appl. Meteor. 36, 982-1003.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion.spread import (
    BY_ITSELF,
    REFLECTIONS,
    ROOT,
    SMALL,
    Spread,
    across_stable,
    between_ground_and_lid,
    layer,
    random_part,
    toward,
)
from goedebuur.core.dispersion.stable import lid
from goedebuur.core.dispersion.stacks import Release, Stack, warm_rise
from goedebuur.core.weather.profiles import LEAST_PART, Profiles
from goedebuur.core.weather.sun import Floats

RATIO: Final = 2.0
"""σ of each draught as part of its mean."""
_SKEW: Final = (1 + RATIO**2) / (1 + 3 * RATIO**2)
NARROW: Final = 78 * 0.46
"""β of σy near the ground, times a height of 0.46 m. [m]"""


@dataclass(frozen=True, slots=True)
class Draughts:
    """Updraughts (1) and downdraughts (2): mean and σ of their velocity over w*, and which part of the air goes up."""

    up: Floats
    down: Floats
    up_spread: Floats
    down_spread: Floats
    up_part: Floats


def spread(stack: Stack, gas: Release, air: Profiles, distance: Floats, receptor: float = 0.0) -> Spread:
    """Return how a plume is spread at distances of shape (n, m), in hours in which it goes into a warmed layer."""
    rise = warm_rise(gas.buoyancy, gas.momentum, gas.wind, distance)
    middle = _middle(gas, air, distance, rise)
    low = middle < 0.1 * air.mixed
    by_itself = BY_ITSELF * rise
    wind, _, _ = air.carried_at(middle)
    first = _deep(air, distance, middle, low, by_itself, wind, _draughts(air, gas.upward, middle, low))
    bottom, top = layer(air, middle, 0.5 * (first[0] + first[1]), receptor)
    wind, across, upward = air.carried(bottom, np.minimum(top, air.mixed))
    draughts = _draughts(air, upward, middle, low)
    up_deep, down_deep = _deep(air, distance, middle, low, by_itself, wind, draughts)
    carried = air.convective * distance / wind
    up, down = (gas.base + rise + mean * carried for mean in (draughts.up, draughts.down))
    lifted = _lifted(gas, air, distance)
    deep = up_deep, down_deep
    direct = _two(up, down, deep, draughts.up_part, air.mixed, receptor, first=0, sign=1)
    indirect = _two(up - lifted, down - lifted, deep, draughts.up_part, air.mixed, receptor, first=1, sign=-1)
    random = random_part(wind, across, distance)
    above, above_wide, above_random = _above(stack, gas, air, distance, receptor)
    return Spread(
        vertical=np.where(gas.broken < 1, (1 - gas.broken) * (direct + indirect) / wind, 0.0),
        across=np.hypot(by_itself, _wide(stack, air, distance, wind, across)),
        vertical_above=above,
        across_above=above_wide,
        random=gas.broken * above_random + (1 - gas.broken) * random,
    )


def _middle(gas: Release, air: Profiles, distance: Floats, rise: Floats) -> Floats:
    """Return the height of the middle of a plume: as it rises, and then on its way to the middle of the layer. [m]"""
    half = 0.5 * air.mixed
    top = np.minimum(gas.base + gas.settled_rise, air.mixed)
    way = np.where(gas.mixed_from > gas.settled, gas.mixed_from - gas.settled, 1.0)
    between = top + (distance - gas.settled) / way * (half - top)
    rising = np.minimum(gas.base + rise, air.mixed)
    return np.where(distance < gas.settled, rising, np.where(distance >= gas.mixed_from, half, between))


def _draughts(air: Profiles, upward: Floats, middle: Floats, low: npt.NDArray[np.bool_]) -> Draughts:
    cubed = 0.125 * air.convective**3 * np.where(low, 10 * middle / air.mixed, 1.0)
    skew = cubed / upward**3
    root = np.sqrt((_SKEW * skew) ** 2 + 4 / (1 + RATIO**2))
    part = upward / air.convective
    up, down = 0.5 * part * (_SKEW * skew + root), 0.5 * part * (_SKEW * skew - root)
    return Draughts(up, down, RATIO * up, -RATIO * down, down / (down - up))


def _deep(
    air: Profiles,
    distance: Floats,
    middle: Floats,
    low: npt.NDArray[np.bool_],
    by_itself: Floats,
    wind: Floats,
    draughts: Draughts,
) -> tuple[Floats, Floats]:
    """Return σz in updraughts and in downdraughts. [m]"""
    slowed = np.where(low, 0.6 + 4 * middle / air.mixed, 1.0)
    ground = 0.5 * (1 - 10 * middle / air.mixed) * (air.friction / wind) ** 2 * distance**2 / np.abs(air.obukhov)
    rest = np.where(low, ground, 0.0) ** 2 + by_itself**2
    carried = slowed * air.convective * distance / wind
    up, down = (np.sqrt((one * carried) ** 2 + rest) for one in (draughts.up_spread, draughts.down_spread))
    return up, down


def _wide(stack: Stack, air: Profiles, distance: Floats, wind: Floats, across: Floats) -> Floats:
    beta = max(NARROW / max(stack.height, 0.46), 0.7)
    turning = np.maximum(LEAST_PART, across / wind) * distance
    return np.asarray(turning / (1 + beta * turning / air.mixed) ** 0.3, np.float64)


def _lifted(gas: Release, air: Profiles, distance: Floats) -> Floats:
    """Return how far buoyancy keeps a plume at the lid before it comes down. [m]"""
    radius = (0.4 * (air.mixed - gas.base)) ** 2 + 0.25 * 0.1 * 2.3**1.5 * (air.convective * distance / gas.wind) ** 2
    return np.asarray(
        np.sqrt(2 * gas.buoyancy * air.mixed / (1.4 * gas.wind * radius)) * distance / gas.wind, np.float64
    )


def _two(
    up: Floats,
    down: Floats,
    deep: tuple[Floats, Floats],
    up_part: Floats,
    mixed: Floats,
    receptor: float,
    *,
    first: int,
    sign: int,
) -> Floats:
    """Return what both draughts bring to a receptor, thrown back by ground and lid over and over. [m⁻¹]"""

    def at(place: Floats, wide: Floats) -> Floats:
        if receptor == 0:  # both sides are the same
            return np.asarray(2 * np.exp(-0.5 * (place / wide) ** 2), np.float64)
        over, under = (np.exp(-0.5 * ((receptor + side * place) / wide) ** 2) for side in (-1, 1))
        return np.asarray(over + under, np.float64)

    total = np.zeros_like(up)
    for turn in range(first, REFLECTIONS):
        there = 2 * turn * sign * mixed
        term = up_part / deep[0] * at(there + up, deep[0]) + (1 - up_part) / deep[1] * at(there + down, deep[1])
        total = total + term
        if turn > 0 and (term <= SMALL * total).all():
            break
    return np.where(receptor <= mixed, total / ROOT, 0.0)


def _above(
    stack: Stack, gas: Release, air: Profiles, distance: Floats, receptor: float
) -> tuple[Floats, Floats, Floats]:
    """Return what the part that broke through the lid is at the ground, its σy, and its random part."""
    height = np.where(gas.broken > 0, gas.base + gas.lifted, air.mixed) + 0 * distance
    by_itself = BY_ITSELF * gas.broken * gas.lifted

    def deep(wind: Floats, upward: Floats) -> Floats:
        time = distance / wind
        return np.hypot(by_itself, upward * time / np.sqrt(1 + upward * time / (0.72 * height)))

    wind, _, upward = air.carried_at(height)
    wind, across, upward = air.carried(*toward(height, deep(wind, upward), receptor))
    thrown = lid(stack, air, distance, height, by_itself)
    vertical = gas.broken * between_ground_and_lid(deep(wind, upward), height, thrown, receptor) / wind
    wide = np.hypot(by_itself, across_stable(air, distance, height, wind, across))
    return np.where(gas.broken > 0, vertical, 0.0), wide, random_part(wind, across, distance)
