"""How a plume rises along a building, in air that slows down, rises and sinks around it, and how it gets into the wake.

A plume in the wake takes in at least what the turbulence there makes it. Near the building it goes up and down with the
air besides.

References
----------
Schulman, Strimaitis and Scire (2000); EPA-454/R-03-004, section 5.7.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion.air import Hour
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import both
from goedebuur.core.dispersion.stacks import Mouth
from goedebuur.core.dispersion.wake import CAVITY, OUTSIDE, Wake, cavity_bounds, slope, where
from goedebuur.core.dispersion.wake_jet import STEP, after, air_at, change, densities, halved, in_wake, jet_of, mouth_of
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

LONGEST: Final = 5000.0
"""Way along a plume. [m]"""
STEPS: Final = 5000
LOWEST: Final = 0.001
"""Of the middle of a plume. [m]"""
FLAT: Final = math.tan(math.radians(20))
"""Slope, steeper than which a plume is not in a wake."""
NONE: Final = 1e30
"""Where a plume gets in that does not. [m]"""
BY_RISING: Final = 1 / 3.5
"""σ that a plume gets by rising, as part of its rise."""


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
    flux, jet, far, step = mouth_of(stack, still, there, low)
    entry = Entry(NONE, stack.height, (0.0, 0.0), _nowhere())
    sunk = widening = way = 0.0
    count = 0
    while way < LONGEST and count < STEPS:
        along = max(flux.distance, 0.0) - of.upwind
        first = change(jet, there, widening)
        down = _sinking(of, along, max(flux.height + sunk, LOWEST)) * step * jet.along / both(jet.along, jet.up)
        flux = after(flux, first, step)
        jet = jet_of(flux, there)
        high = max(flux.height + sunk + down, LOWEST)
        there = in_wake(air_at(air, density, high), of, along, -of.beside, high)
        flux = after(flux, halved(change(jet, there, widening), first), step)
        jet = jet_of(flux, there)
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
    most = within(height_of(track, away), deep, of.height)
    part = 0.0
    for number in range(count + 1):
        along = start + number * reach / count
        distance = along + of.upwind
        middle = height_of(track, distance)
        high, wide = cavity_bounds(of, along)
        deep, across = of_plume(air, that, entry.washed.plume, distance, middle, 0.0)
        part = max(part, min(within(middle, deep, high), most) * within(abs(of.beside), across, wide))
    # the end of the cavity comes and goes: of a plume that gets in near it less is taken up
    late = of.length + 0.85 * of.cavity
    return min(part, max(0.0, 1 - (start - late) / (end - late))) if start > late else part


@compiled
def within(middle: float, wide: float, edge: float) -> float:
    """Return which part of a Gaussian lies between an edge and as far on the other side of zero."""
    root = math.sqrt(2) * max(wide, 1e-5)
    return 0.5 * abs(math.erf((edge - middle) / root) - math.erf((-edge - middle) / root))
