"""Plume rise and depth with constants that RIVM publishes of its model OPS: a variant, to see what they do.

**Neither OPS nor the New National Model that Dutch law designates.** Wind, σv and σw at heights, σy, swaying, and the
depth of a plume near the ground are those of the rest of this package. OPS works with statistics of the weather and
with sectors of wind; that is not here.

References
----------
Sauter et al., The OPS-model, description of OPS 5.0.0.0, RIVM, section 4.3 with formulas 4.4 and 4.5, and vertical
dispersion; OPS user manual, "Heat content" and "Plume rise"; Briggs (1975), Plume rise predictions; Weil and Brower
(1982); Gryning et al. (1987), Atmos. Environ. 21, 79-89; depth near the ground: EPA-454/R-03-004, section 5.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion.air import DIRECTION, POTENTIAL, Hour, Hours, at, carried, carried_at, hour
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.exponential import exponential
from goedebuur.core.dispersion.spread import (
    ROOT,
    Spread,
    across_stable,
    between_ground_and_lid,
    both,
    layer,
    random_part,
)
from goedebuur.core.dispersion.stacks import UP, Mouth, mouth
from goedebuur.core.dispersion.table import MICRO, NEAREST, turned
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY, LAPSE

if TYPE_CHECKING:
    from goedebuur.core.dispersion.plume import Places

Variant = Literal["epa", "ops"]
"""Which formulas: those of this package, or those of this module where it has them."""
NORMAL: Final = 273.0
"""Temperature at which the flow of a stack is normalised. [K]"""
DENSITY, CAPACITY = 1.293, 1005.0
"""Of air at that temperature. [kg m⁻³], [J kg⁻¹ K⁻¹]"""
BY_MEGAWATT: Final = 8.8
"""Buoyancy of a plume for each megawatt: 10⁶ g ÷ (π ρ c T). [m⁴ s⁻³ MW⁻¹]"""
LARGE: Final = 55.0
"""Buoyancy from which a plume rises with its power of 0.6. [m⁴ s⁻³]"""
GRADIENT: Final = 0.006
"""Of potential temperature in stable air. [K m⁻¹]"""
NEAR_GROUND: Final = 0.05
"""Part of the mixed layer under which a plume is near the ground."""
CONVECTIVE: Final = 10.0
"""Height of a plume over −L, above which draughts carry it."""
WELL_MIXED: Final = 5.0
"""Depth over the mixed layer from which more makes no difference."""


class Rise(NamedTuple):
    """How far a plume rises, and which part of it stays in the mixed layer. [m], [1]"""

    rise: float
    kept: float


@compiled
def heat(stack: Mouth, outside: float) -> float:
    """Return the heat that a stack lets out in air of a temperature; none where its gas is colder. [MW]

    Examples
    --------
    By hand, 2 m, 15 m/s, 400 K in air of 288 K: 1.293 · 1005 · π · 15 · 273 ÷ 400 · 112 ÷ 10⁶ = 4.681.

    >>> round(heat(Mouth(50.0, 2.0, 400.0, 15.0, 0.0, 0.0, UP), 288.0), 3)
    4.681
    """
    if stack.speed == 0:
        return 0.0
    normal = np.pi * (stack.diameter / 2) ** 2 * stack.speed * NORMAL / stack.temperature
    return max(DENSITY * CAPACITY * normal * (stack.temperature - outside) / 1e6, 0.0)


@compiled
def by_heat(buoyancy: float, wind: float) -> float:
    """Return how far a plume rises by its heat in air that is not stable. [m]

    Examples
    --------
    By hand: 38.8 · 100^0.6 ÷ 5 = 122.99, and 21.3 · 20^0.75 ÷ 4 = 50.36.

    >>> round(by_heat(100.0, 5.0), 2), round(by_heat(20.0, 4.0), 2)
    (122.99, 50.36)
    """
    if buoyancy >= LARGE:
        return float(38.8 * buoyancy**0.6 / wind)
    return float(21.3 * buoyancy**0.75 / wind)


@compiled
def by_heat_stable(buoyancy: float, wind: float, outside: float) -> float:
    """Return how far a plume rises by its heat in stable air. [m]

    Examples
    --------
    By hand, s = 9.80616 ÷ 288 · 0.006 = 2.04295 · 10⁻⁴: 2.6 · (100 ÷ (5 s))^⅓ = 2.6 · 46.0883 = 119.83.

    >>> round(by_heat_stable(100.0, 5.0, 288.0), 2)
    119.83
    """
    return float(2.6 * np.cbrt(buoyancy / (wind * GRAVITY / outside * GRADIENT)))


@compiled
def by_speed(stack: Mouth, wind: float, outside: float, stable: bool) -> float:
    """Return how far a plume rises by its speed; in stable air by Briggs's formula, where that is less. [m]

    What goes out sideways or under a cap does not.

    Examples
    --------
    By hand, 2 m, 15 m/s, 400 K, wind 5 m/s: 3 · 2 · 15 ÷ 5 = 18. In stable air of 288 K:
    0.646 · (15² · 2² ÷ (400 · 5))^⅓ · √288 · 0.006^(−⅙) = 19.71, more; at 1 m/s 33.70 in place of 90.

    >>> stack = Mouth(50.0, 2.0, 400.0, 15.0, 0.0, 0.0, UP)
    >>> by_speed(stack, 5.0, 288.0, False), by_speed(stack, 5.0, 288.0, True)
    (18.0, 18.0)
    >>> round(by_speed(stack, 1.0, 288.0, True), 2)
    33.7
    """
    if stack.opening != UP:
        return 0.0
    free = 3 * stack.diameter * stack.speed / wind
    if not stable:
        return free
    held = np.cbrt(stack.speed**2 * stack.diameter**2 / (stack.temperature * wind))
    return min(free, float(0.646 * held * np.sqrt(outside) * GRADIENT ** (-1 / 6)))


@compiled
def kept(mixed: float, mouth: float, rise: float) -> float:
    """Return which part of a plume stays under the top of the mixed layer: (zi − H) ÷ Δh + 0.5, from 0 to 1.

    Examples
    --------
    By hand, H = 160 m: (130 − 160) ÷ 100 + 0.5 = 0.2.

    >>> round(kept(130.0, 60.0, 100.0), 12), kept(300.0, 60.0, 100.0), kept(90.0, 60.0, 100.0)
    (0.2, 1.0, 0.0)
    """
    if rise <= 0:
        return 1.0 if mouth < mixed else 0.0
    return min(max((mixed - mouth - rise) / rise + 0.5, 0.0), 1.0)


@compiled
def release(stack: Mouth, air: Hour) -> Rise:
    """Return how far a plume rises: by its heat or by its speed, whichever is more."""
    if stack.speed == 0:
        return Rise(0.0, kept(air.mixed, stack.height, 0.0))
    wind, _, _ = carried_at(air, stack.height)
    outside = at(air, POTENTIAL, stack.height) - LAPSE * stack.height
    buoyancy = BY_MEGAWATT * heat(stack, outside)
    rise = by_heat(buoyancy, wind)
    if not air.unstable:
        rise = min(rise, by_heat_stable(buoyancy, wind, outside))
    rise = max(rise, by_speed(stack, wind, outside, not air.unstable))
    return Rise(rise, kept(air.mixed, stack.height, rise))


@compiled
def by_draughts(air: Hour, distance: float, wind: float) -> float:
    """Return the depth in a layer that draughts mix, 0.7 X zi √(0.314 + (1.26 u* ÷ w*)²) with X = w* x ÷ (u zi). [m]"""
    share = 1.26 * air.friction / air.convective
    return float(0.7 * air.convective * distance / wind * np.sqrt(0.314 + share * share))


@compiled
def scale(obukhov: float) -> float:
    """Return the time over which vertical turbulence keeps its course, 150 − 2000 ÷ L, from 10 to 400 s.

    >>> scale(1e9), scale(-20.0), scale(-5.0), scale(10.0)
    (149.999998, 250.0, 400.0, 10.0)
    """
    return min(max(150 - 2000 / obukhov, 10.0), 400.0)


@compiled
def by_turbulence(distance: float, wind: float, upward: float, time: float) -> float:
    """Return the depth in air that is nearly neutral or stable, above the ground. [m]

    Examples
    --------
    By hand, 200 s at σw = 0.4 m/s with 150 s: 0.4 · 200 ÷ (1 + √(200 ÷ 300)) = 44.04.

    >>> round(by_turbulence(1000.0, 5.0, 0.4, 150.0), 2)
    44.04
    """
    travelled = distance / wind
    return float(upward * travelled / (1 + np.sqrt(travelled / (2 * time))))


@compiled
def near_ground(air: Hour, distance: float, wind: float) -> float:
    """Return the depth of a plume near the ground, by the friction there (EPA's, not that of OPS). [m]"""
    neutral = np.sqrt(2 / np.pi) * air.friction * distance / wind
    if air.unstable:
        return both(neutral, 0.5 * (air.friction / wind) ** 2 * distance**2 / abs(air.obukhov))
    return float(neutral * np.cbrt(1 / (1 + 0.7 * distance / air.obukhov)))


@compiled
def deep(air: Hour, distance: float, height: float, wind: float, upward: float) -> float:
    """Return the depth of a plume, by the layer that its middle is in. [m]"""
    if height < NEAR_GROUND * air.mixed:
        return near_ground(air, distance, wind)
    if air.unstable and -height / air.obukhov > CONVECTIVE and height > 0.1 * air.mixed:
        return by_draughts(air, distance, wind)
    return by_turbulence(distance, wind, upward, scale(air.obukhov))


@compiled
def spread(stack: Mouth, gas: Rise, air: Hour, distance: float, receptor: float) -> Spread:
    """Return how a plume is spread at a distance; what broke through the mixed layer does not come down."""
    height = min(stack.height + gas.rise, air.mixed)
    wind, _, upward = carried_at(air, height)
    first = both(stack.deep, deep(air, distance, height, wind, upward))
    bottom, top = layer(air, height, first, receptor)
    wind, across, upward = carried(air, bottom, top)
    size = min(both(stack.deep, deep(air, distance, height, wind, upward)), WELL_MIXED * air.mixed)
    wide = both(stack.wide, across_stable(air, distance, height, wind, across))
    vertical = gas.kept * between_ground_and_lid(size, height, air.mixed, receptor) / wind
    return Spread(vertical, wide, 0.0, 1.0, random_part(wind, across, distance))


@compiled
def concentration(
    stack: Mouth, gas: Rise, air: Hour, east: float, north: float, sine: float, cosine: float, receptor: float
) -> float:
    """Return what a release of 1 g/s brings to a place. [g m⁻³]"""
    along, beside = turned(east, north, sine, cosine)
    away = max(float(np.hypot(along, beside)), NEAREST)
    around = spread(stack, gas, air, away, receptor)
    direct = 0.0
    if along >= NEAREST:
        one = spread(stack, gas, air, along, receptor)
        direct = one.vertical * exponential(-0.5 * (beside / one.across) ** 2) / (ROOT * one.across)
    return float(around.random * around.vertical / (2 * np.pi * away) + (1 - around.random) * direct)


def add(total: Floats, stacks: Floats, emission: Floats, of: Hours, receptors: Places, receptor: float) -> None:
    """Add what stacks bring to receptors, as `plume.add` does, worked out at the very distances of the receptors."""
    places = receptors.order, receptors.east, receptors.north, receptors.starts
    _add(total, stacks, emission, of, places, receptor)


@compiled
def _add(
    total: Floats,
    stacks: Floats,
    emission: Floats,
    of: Hours,
    receptors: tuple[npt.NDArray[np.int64], Floats, Floats, npt.NDArray[np.int64]],
    receptor: float,
) -> None:
    order, east, north, starts = receptors
    for number in range(total.shape[0]):
        air = hour(of, number)
        for source in range(len(stacks)):
            grams = MICRO * emission[number, source]
            if grams == 0:
                continue
            stack = mouth(stacks[source])
            gas = release(stack, air)
            if gas.kept == 0:
                continue
            angle = np.radians(at(air, DIRECTION, stack.height + 0.5 * gas.rise))
            sine, cosine = np.sin(angle), np.cos(angle)
            for place in range(starts[source, 0], total.shape[1]):
                found = concentration(
                    stack, gas, air, east[source, place], north[source, place], sine, cosine, receptor
                )
                total[number, order[source, place]] += grams * found
