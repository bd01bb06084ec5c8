"""A plume as a jet, and what changes along it: mass, momentum along and up, and heat, by what it takes in from the air.

Step by step, in any air; in the wake of a building as that slows the air down.

References
----------
Schulman, Strimaitis and Scire (2000); Zhang and Ghoniem (1993), Atmos. Environ. 27A, 2295-2311.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion.air import GRADIENT, POTENTIAL, WIND, Hour, at, carried_at, place
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import both
from goedebuur.core.dispersion.stacks import CAPPED, HORIZONTAL, NO_PUSH, Mouth
from goedebuur.core.dispersion.wake import OUTSIDE, Wake, slowed, where
from goedebuur.core.weather.heights import HEIGHTS
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY, LAPSE

ALONG_TAKEN_IN, ACROSS_TAKEN_IN = 0.11, 0.6
"""Of the air, by the speed of the plume in it, and by the wind across the plume."""
RADIATED: Final = 9.1e-11
"""[kg m⁻² K⁻³ s⁻¹]"""
DENSITY: Final = 1.2
"""Of the air at the ground. [kg m⁻³]"""
GAS_CONSTANT: Final = 287.026
"""Of dry air. [J kg⁻¹ K⁻¹]"""
STEP: Final = 1.0
"""Along a plume. [m]"""
COLDER: Final = 10.0
"""That a plume is at most than the air. [K]"""
SLOWEST: Final = 2e-6
"""Speed along the wind at a mouth that lets out upward. [m s⁻¹]"""
WIDER: Final = 2.0
"""Than its mouth a plume is under a cap."""


class Air(NamedTuple):
    """The air at a height, and how wind [s⁻¹] and potential temperature [K m⁻¹] grow with it; density in kg m⁻³."""

    wind: float
    density: float
    temperature: float
    shear: float
    gradient: float


class Jet(NamedTuple):
    """A plume at a distance along it: radius [m], speeds along and up [m s⁻¹], temperature [K], density [kg m⁻³]."""

    radius: float
    along: float
    up: float
    temperature: float
    density: float


class Fluxes(NamedTuple):
    """What changes along a plume, each over π: mass, momentum beside that of the air, up, and heat beside that of the
    air; height and distance of its middle. [m]"""

    mass: float
    push: float
    lift: float
    heat: float
    height: float
    distance: float


@compiled
def densities(air: Hour) -> Floats:
    """Return the density of the air at :data:`HEIGHTS`. [kg m⁻³]"""
    found = np.empty(len(HEIGHTS))
    ground = air.values[0, POTENTIAL]
    for level in range(len(HEIGHTS)):
        there = air.values[level, POTENTIAL] - LAPSE * HEIGHTS[level]
        weight = GRAVITY * HEIGHTS[level] / (GAS_CONSTANT * 0.5 * (there + ground))
        found[level] = DENSITY * ground / there * np.exp(-weight)
    return found


@compiled
def air_at(air: Hour, density: Floats, height: float) -> Air:
    """Return the air at a height above the ground."""
    low, part = place(height)
    more = HEIGHTS[low + 1] - HEIGHTS[low]
    shear = (air.values[low + 1, WIND] - air.values[low, WIND]) / more
    return Air(
        carried_at(air, height)[0],
        density[low] + part * (density[low + 1] - density[low]),
        at(air, POTENTIAL, height) - LAPSE * height,
        shear,
        at(air, GRADIENT, height),
    )


@compiled
def in_wake(air: Air, of: Wake, along: float, beside: float, height: float) -> Air:
    """Return the air as a wake slows it down."""
    if where(of, along, beside, height) == OUTSIDE:
        return air
    left, more = slowed(of, along, beside, height)
    return Air(left * air.wind, air.density, air.temperature, left * air.shear + more * air.wind, air.gradient)


@compiled
def change(jet: Jet, air: Air, widening: float) -> Fluxes:
    """Return how much the fluxes change over a metre along the plume."""
    speed = both(jet.along, jet.up)
    round_it = 2 * jet.radius * air.density
    mixed = ALONG_TAKEN_IN * abs(speed - air.wind * jet.along / speed) + ACROSS_TAKEN_IN * abs(
        air.wind * jet.up / speed
    )
    square = jet.radius * jet.radius
    upward = square * jet.density * jet.up
    glow = RADIATED * jet.radius * (jet.temperature**4 - air.temperature**4)
    return Fluxes(
        round_it * max(mixed, air.wind * widening),
        -upward * air.shear,
        GRAVITY * square * (air.density - jet.density),
        -upward * air.gradient - glow,
        jet.up / speed,
        jet.along / speed,
    )


@compiled
def after(flux: Fluxes, more: Fluxes, step: float) -> Fluxes:
    return Fluxes(
        flux.mass + step * more.mass,
        flux.push + step * more.push,
        flux.lift + step * more.lift,
        flux.heat + step * more.heat,
        flux.height + step * more.height,
        flux.distance + step * more.distance,
    )


@compiled
def halved(one: Fluxes, other: Fluxes) -> Fluxes:
    return Fluxes(
        0.5 * (one.mass - other.mass),
        0.5 * (one.push - other.push),
        0.5 * (one.lift - other.lift),
        0.5 * (one.heat - other.heat),
        0.5 * (one.height - other.height),
        0.5 * (one.distance - other.distance),
    )


@compiled
def jet_of(flux: Fluxes, air: Air) -> Jet:
    along, up = air.wind + flux.push / flux.mass, flux.lift / flux.mass
    warm = max(air.temperature + flux.heat / flux.mass, air.temperature - COLDER)
    density = air.density * air.temperature / warm
    return Jet(float(np.sqrt(flux.mass / (both(along, up) * density))), along, up, warm, density)


@compiled
def mouth_of(stack: Mouth, still: Air, there: Air, height: float) -> tuple[Fluxes, Jet, float, float]:
    """Return a plume at its mouth; the distance at which it has risen where nothing holds it back, and the first step.

    A cap makes it wider and turns it along the wind, as does a mouth that lies; that is taken to point down the wind.

    Parameters
    ----------
    still, there
        The air at the mouth, without a building and with one.

    Returns
    -------
    tuple
        Fluxes and plume, and both lengths. [m]
    """
    # a gas that is colder than the air counts as warm as the air, as without a building
    warm = max(stack.temperature, still.temperature)
    radius, along, up = 0.5 * stack.diameter, SLOWEST, stack.speed
    buoyancy = GRAVITY * stack.speed * radius * radius / warm * (warm - still.temperature)
    if stack.opening == CAPPED:
        radius, along, up = WIDER * radius, stack.speed / WIDER**2, NO_PUSH
    elif stack.opening == HORIZONTAL:
        along, up = stack.speed, NO_PUSH
    jet = Jet(radius, along, up, warm, still.density * still.temperature / warm)
    mass = jet.density * both(along, up) * radius * radius
    push, heat = mass * (along - there.wind), mass * (warm - there.temperature)
    far, rise = _neutral(buoyancy, radius, up, max(there.wind, 1.0))
    return Fluxes(mass, push, mass * up, heat, height, 0.0), jet, far, min(STEP, 0.5 * max(0.1, rise))


@compiled
def _neutral(buoyancy: float, radius: float, speed: float, wind: float) -> tuple[float, float]:
    """Return where a plume has risen in air that does not hold it back, and how far. [m]"""
    if buoyancy >= 55:
        return 119 * buoyancy**0.4, 38.71 * buoyancy**0.6 / wind
    ratio = max(1.0, speed / wind)
    far = 8 * radius * ratio * (1 + 3 / ratio) ** 2
    if buoyancy <= 0:
        return far, 6 * radius * speed / wind
    return max(far, 49 * buoyancy**0.625), 21.425 * buoyancy**0.75 / wind
