"""How a plume rises along a building: worked out step by step, in air that slows down, rises and sinks around it.

Mass, momentum along and up, and heat of the plume change by what it takes in from the air; a plume in the wake takes in
at least what the turbulence there makes it. Near the building it goes up and down with the air besides.

References
----------
Schulman, Strimaitis and Scire (2000); Zhang and Ghoniem (1993), Atmos. Environ. 27A; EPA-454/R-03-004, section 5.7.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion.air import GRADIENT, POTENTIAL, WIND, Hour, at, place
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import both
from goedebuur.core.dispersion.stacks import Mouth
from goedebuur.core.dispersion.wake import CAVITY, OUTSIDE, Wake, cavity_bounds, slope, slowed, where
from goedebuur.core.dispersion.wake_spread import (
    FARTHEST,
    Around,
    Grown,
    Track,
    Washed,
    ambient,
    between,
    ends,
    grow,
    height_of,
    of_plume,
    sampled,
)
from goedebuur.core.weather.heights import HEIGHTS
from goedebuur.core.weather.profiles import LEAST_WIND
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
STEP, LONGEST = 1.0, 5000.0
"""Along a plume, of one step and of all. [m]"""
STEPS: Final = 5000
LOWEST: Final = 0.001
"""Of the middle of a plume. [m]"""
COLDER: Final = 10.0
"""That a plume is at most than the air. [K]"""
FLAT: Final = math.tan(math.radians(20))
"""Slope, steeper than which a plume is not in a wake."""
SLOWEST: Final = 2e-6
"""Speed along the wind at the mouth. [m s⁻¹]"""
NONE: Final = 1e30
BY_RISING: Final = 1 / 3.5
"""σ that a plume gets by rising, as part of its rise."""


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


class Entry(NamedTuple):
    """How a plume gets into a wake.

    Parameters
    ----------
    along, height
        From the side of the building that faces the wind, :data:`NONE` where it does not; height to which it rose. [m]
    first
        σz and σy there. [m]
    washed
        How it spreads from there, as if it stayed at this height.
    """

    along: float
    height: float
    first: tuple[float, float]
    washed: Washed


class Rise(NamedTuple):
    """How a plume rises along a building.

    Parameters
    ----------
    washed_down
        Whether the wake reaches it. If not, the rest says nothing.
    track
        How high it is.
    washed
        How it spreads, and what the cavity lets out.
    captured
        Part that the cavity takes up.
    """

    washed_down: bool
    track: Track
    washed: Washed
    captured: float


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
        max(at(air, WIND, height), LEAST_WIND),
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
def _taken_in(jet: Jet, air: Air, widening: float) -> Fluxes:
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
def _after(flux: Fluxes, change: Fluxes, step: float) -> Fluxes:
    return Fluxes(
        flux.mass + step * change.mass,
        flux.push + step * change.push,
        flux.lift + step * change.lift,
        flux.heat + step * change.heat,
        flux.height + step * change.height,
        flux.distance + step * change.distance,
    )


@compiled
def _half_the_difference(one: Fluxes, other: Fluxes) -> Fluxes:
    return Fluxes(
        0.5 * (one.mass - other.mass),
        0.5 * (one.push - other.push),
        0.5 * (one.lift - other.lift),
        0.5 * (one.heat - other.heat),
        0.5 * (one.height - other.height),
        0.5 * (one.distance - other.distance),
    )


@compiled
def _jet(flux: Fluxes, air: Air) -> Jet:
    along, up = air.wind + flux.push / flux.mass, flux.lift / flux.mass
    warm = max(air.temperature + flux.heat / flux.mass, air.temperature - COLDER)
    density = air.density * air.temperature / warm
    return Jet(float(np.sqrt(flux.mass / (both(along, up) * density))), along, up, warm, density)


@compiled
def _fluxes(jet: Jet, air: Air, height: float) -> Fluxes:
    mass = jet.density * both(jet.along, jet.up) * jet.radius * jet.radius
    push, heat = mass * (jet.along - air.wind), mass * (jet.temperature - air.temperature)
    return Fluxes(mass, push, mass * jet.up, heat, height, 0.0)


@compiled
def _limits(stack: Mouth, air: Air) -> tuple[float, float]:
    """Return the distance at which a plume has risen where nothing holds it back, and the first step along it. [m]"""
    radius, speed = 0.5 * stack.diameter, stack.speed
    wind = max(air.wind, 1.0)
    warmer = max(stack.temperature - air.temperature, 0.0)
    buoyancy = GRAVITY * speed * radius * radius / stack.temperature * warmer
    ratio = max(1.0, speed / wind)
    far = 8 * radius * ratio * (1 + 3 / ratio) ** 2
    if buoyancy <= 0:
        rise = 6 * radius * speed / wind
    elif buoyancy < 55:
        far, rise = max(far, 49 * buoyancy**0.625), 21.425 * buoyancy**0.75 / wind
    else:
        far, rise = 119 * buoyancy**0.4, 38.71 * buoyancy**0.6 / wind
    return far, min(STEP, 0.5 * max(0.1, rise))


@compiled
def rise(stack: Mouth, air: Hour, of: Wake, that: Around, roof: float, mouth: float, room: Track) -> Rise:
    """Return how a plume rises along a building, and how it spreads where it gets into the wake.

    Parameters
    ----------
    roof, mouth
        Wind at the top of the building and at that of the stack. [m s⁻¹]
    room
        To write in, of :data:`STEPS` distances.
    """
    density = densities(air)
    low = max(stack.height, LOWEST)
    still = air_at(air, density, low)
    there = in_wake(still, of, -of.upwind, -of.beside, low)
    far, step = _limits(stack, there)
    warm = still.density * still.temperature / stack.temperature
    jet = Jet(0.5 * stack.diameter, SLOWEST, stack.speed, stack.temperature, warm)
    flux = _fluxes(jet, there, low)
    entry = Entry(NONE, stack.height, (0.0, 0.0), _nowhere())
    sunk = widening = way = 0.0
    count = 0
    while way < LONGEST and count < STEPS:
        along = max(flux.distance, 0.0) - of.upwind
        change = _taken_in(jet, there, widening)
        down = _sinking(of, along, max(flux.height + sunk, LOWEST)) * step * jet.along / both(jet.along, jet.up)
        flux = _after(flux, change, step)
        jet = _jet(flux, there)
        high = max(flux.height + sunk + down, LOWEST)
        there = in_wake(air_at(air, density, high), of, along, -of.beside, high)
        flux = _after(flux, _half_the_difference(_taken_in(jet, there, widening), change), step)
        jet = _jet(flux, there)
        sunk += down
        way += step
        high, along = max(flux.height + sunk, LOWEST), flux.distance - of.upwind
        if flux.distance >= 0:
            if jet.up <= FLAT * jet.along and where(of, along, -of.beside, high) < OUTSIDE:
                if entry.along == NONE:
                    entry = _enter(air, of, that, flux.distance, flux.height, low, (roof, mouth))
                widening = _widening(entry.washed, flux.distance)
            room.distance[count], room.height[count] = flux.distance, high
            count += 1
            if flux.distance >= far:
                break
        there = in_wake(air_at(air, density, high), of, along, -of.beside, high)
        if jet.up < 0:
            break
        step = min(STEP, 2 * step)
    count, entry = _carried_on(air, of, that, entry, room, count, step, sunk, low, (roof, mouth))
    kept = sampled(count)
    track = Track(room.distance[kept], room.height[kept])
    if entry.along == NONE or len(entry.washed.plume.distance) <= 1:
        return Rise(False, track, entry.washed, 0.0)
    part = captured(air, of, that, entry, track)
    return Rise(True, track, grow(air, of, that, entry.along, entry.first, track, (roof, mouth)), part)


@compiled
def _sinking(of: Wake, along: float, height: float) -> float:
    """Return the slope of the air near a building; none in its cavity, or far behind it."""
    if along > of.length + FARTHEST * of.scale or where(of, along, -of.beside, height) <= CAVITY:
        return 0.0
    return slope(of, along, -of.beside, height)


@compiled
def _carried_on(
    air: Hour,
    of: Wake,
    that: Around,
    entry: Entry,
    room: Track,
    count: int,
    step: float,
    sunk: float,
    low: float,
    winds: tuple[float, float],
) -> tuple[int, Entry]:
    """Return how many steps there are when a plume that has risen is followed to where the building is far behind."""
    left = of.upwind + of.length + FARTHEST * of.scale - room.distance[count - 1]
    if left <= 0 or count >= STEPS:
        return count, entry
    step = max(step, left / (STEPS - count))
    for number in range(count, count + min(int(left / step), STEPS - count)):
        along, high = room.distance[number - 1] - of.upwind, room.height[number - 1]
        lies = where(of, along, -of.beside, high)
        down = 0.0
        if lies > CAVITY:
            down = 0.5 * (slope(of, along, -of.beside, high) + slope(of, along + step, -of.beside, high)) * step
        sunk += down
        room.distance[number] = room.distance[number - 1] + step
        room.height[number] = max(LOWEST, high + down)
        count = number + 1
        if entry.along == NONE and lies < OUTSIDE:
            entry = _enter(air, of, that, room.distance[number], room.height[number] - sunk, low, winds)
    return count, entry


@compiled
def _enter(
    air: Hour, of: Wake, that: Around, distance: float, height: float, low: float, winds: tuple[float, float]
) -> Entry:
    """Return how a plume gets into the wake, at the height to which it rose of itself."""
    along = distance - of.upwind
    by_itself = BY_RISING * max(0.0, height - low)
    up = across = by_itself
    if distance > 0:
        up, across = ambient(air, that, distance, height)
        up, across = both(up, by_itself), both(across, by_itself)
    washed = _nowhere()
    up_end, across_end = ends(of, that)
    if along < max(up_end, across_end):
        washed = grow(air, of, that, along, (up, across), Track(np.zeros(1), np.full(1, height)), winds)
    return Entry(along, height, (up, across), washed)


@compiled
def _nowhere() -> Washed:
    """Return the tables of a plume that no wake reaches."""
    one = Grown(np.zeros(1), np.zeros(1), np.zeros(1), 0.0, 0.0)
    return Washed(one, one, np.zeros(1))


@compiled
def _widening(washed: Washed, distance: float) -> float:
    distances = washed.plume.distance
    if len(distances) <= 1 or distance < distances[0] or distance > distances[-1]:
        return 0.0
    return between(distances, washed.widening, distance)


@compiled
def captured(air: Hour, of: Wake, that: Around, entry: Entry, track: Track) -> float:
    """Return which part of a plume a cavity takes up: the most that is within it, from where the plume gets in."""
    start, end = max(entry.along, of.length), of.length + of.cavity
    if entry.along >= end:
        return 0.0
    reach = 0.99 * (end - start)
    count = max(5, int(1 + reach / 10))
    away = end + of.upwind
    deep, _ = of_plume(air, that, entry.washed.plume, away, of.height, 0.0)
    most = _between(height_of(track, away), deep, of.height)
    part = 0.0
    for number in range(count + 1):
        along = start + number * reach / count
        distance = along + of.upwind
        middle = height_of(track, distance)
        high, wide = cavity_bounds(of, along)
        deep, across = of_plume(air, that, entry.washed.plume, distance, middle, 0.0)
        part = max(part, min(_between(middle, deep, high), most) * _between(abs(of.beside), across, wide))
    # the end of the cavity comes and goes: of a plume that gets in near it less is taken up
    late = of.length + 0.85 * of.cavity
    return min(part, max(0.0, 1 - (start - late) / (end - late))) if start > late else part


@compiled
def _between(middle: float, wide: float, edge: float) -> float:
    """Return which part of a Gaussian lies between an edge and as far on the other side of zero."""
    root = math.sqrt(2) * max(wide, 1e-5)
    return 0.5 * abs(math.erf((edge - middle) / root) - math.erf((-edge - middle) / root))
