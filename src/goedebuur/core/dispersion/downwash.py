"""What stacks beside buildings bring to receptors: in the wake of the building, and in the air around as without one.

A plume that gets into a wake comes down sooner and spreads more; what the cavity behind the building takes up, it lets
out at the ground. Beyond the wake the concentration goes over into that without the building.

References
----------
Schulman, Strimaitis and Scire (2000), J. Air Waste Manage. Assoc. 50, 378-390 (PRIME); EPA-454/R-03-004, section 5.7,
with its weighing of both concentrations by where the receptor lies from the wake.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from goedebuur.core.dispersion import plume
from goedebuur.core.dispersion.air import DIRECTION, WIND, Hour, Hours, at, hour, hours
from goedebuur.core.dispersion.buildings import Building
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.exponential import exponential
from goedebuur.core.dispersion.spread import ROOT, bell, between_ground_and_lid
from goedebuur.core.dispersion.stacks import Mouth, Release, Stack, heading, release
from goedebuur.core.dispersion.table import MICRO, turned
from goedebuur.core.dispersion.wake import CAVITY, OUTSIDE, Wake, bounds, cavity_bounds, wake, where
from goedebuur.core.dispersion.wake_rise import BY_RISING, STEPS, Rise, rise
from goedebuur.core.dispersion.wake_spread import (
    FARTHEST,
    Around,
    Track,
    around,
    height_of,
    of_cavity,
    of_plume,
    resumed,
)
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

NO_BUILDING: Final = 1e-5
"""Height and width under which there is none. [m]"""
FADED: Final = -50.0
"""Logarithm of a weight under which it is nothing."""
MIXING: Final = 0.15
"""Part of the length of a cavity before and beyond its end, over which it goes over into the wake."""


def add(
    total: Floats,
    stacks: Sequence[Stack],
    buildings: Sequence[Building],
    emission: Floats,
    air: Profiles | Hours,
    east: Floats,
    north: Floats,
    receptor: float = 0.0,
) -> None:
    """Add to the concentration at receptors what stacks beside buildings bring there, hour by hour.

    Parameters
    ----------
    total
        [µg m⁻³], shape (n, m)
    buildings
        One for each stack, as it stands from that stack.
    emission
        Shape (n, s). [g s⁻¹]
    east, north
        Of the receptors from each stack, shape (s, m). [m]
    receptor
        Their height. [m]

    Raises
    ------
    ValueError
        For a receptor that is farther from a stack than the table goes.
    """
    of = air if isinstance(air, Hours) else hours(air)
    for number, (stack, building) in enumerate(zip(stacks, buildings, strict=True)):
        alone, grams = np.zeros_like(total), emission[:, [number]]
        x, y = east[[number]], north[[number]]
        plume.add(alone, [stack], grams, of, plume.places([stack], x, y), receptor)
        _wash(alone, Mouth.of(stack), building.table(), grams[:, 0], of, _both(x[0], y[0]), float(receptor))
        total += alone


def concentration(
    stack: Stack, building: Building, air: Profiles, east: Floats, north: Floats, receptor: float = 0.0
) -> Floats:
    """Return the concentration at receptors of a release of 1 g/s. [µg m⁻³], shape (n, m)

    Worked out at the very distances of the receptors: slow, and what :func:`add` is held against.
    """
    found = plume.concentration(stack, air, east, north, receptor)
    _wash(
        found, Mouth.of(stack), building.table(), np.ones(len(found)), hours(air), _both(east, north), float(receptor)
    )
    return found


def _both(east: Floats, north: Floats) -> Floats:
    return np.ascontiguousarray(np.stack([east, north], axis=1), np.float64)


@compiled
def sector(direction: float) -> int:
    """Return which of the 36 directions the wind blows to, that of 10° first.

    Examples
    --------
    From the west it blows to 90°, the ninth.

    >>> sector(270.0), sector(190.0), sector(180.0), sector(545.1)
    (8, 0, 35, 0)
    """
    return (int(((direction - 180) % 360) * 0.1 + 0.4999) - 1) % 36


@compiled
def _wash(
    found: Floats, stack: Mouth, building: Floats, emission: Floats, of: Hours, places: Floats, receptor: float
) -> None:
    """Turn the concentration without a building into that with one."""
    room = Track(np.empty(STEPS), np.empty(STEPS))
    for number in range(len(found)):
        air = hour(of, number)
        one = building[sector(at(air, DIRECTION, stack.height))]
        if emission[number] == 0 or min(one[0], one[1]) <= NO_BUILDING or (air.unstable and stack.height > air.mixed):
            continue
        gas = release(stack, air)
        there = wake(one[0], one[1], one[2], one[3], one[4])
        that = around(air, there)
        risen = rise(stack, air, there, that, at(air, WIND, there.height), gas.wind, room)
        if not risen.washed_down:
            continue
        angle = np.radians(heading(stack, gas, air))
        sine, cosine = np.sin(angle), np.cos(angle)
        for place in range(len(places)):
            east, north = places[place]
            along, beside = turned(east, north, sine, cosine)
            weight = _weight(there, that, along - there.upwind, beside - there.beside, receptor)
            if weight > 0 and np.hypot(east, north) >= 0.99:
                alone = found[number, place]
                washed = _at(stack, gas, air, there, that, risen, along, beside, receptor)
                if washed >= 0:
                    found[number, place] = weight * MICRO * emission[number] * washed + (1 - weight) * alone


@compiled
def _weight(of: Wake, that: Around, along: float, beside: float, receptor: float) -> float:
    """Return how much the wake counts at a place: wholly within it, and less the further it is beyond.

    Parameters
    ----------
    along, beside
        From the middle of the side of the building that faces the wind. [m]
    """
    if along <= 0:
        return 0.0
    high, wide = bounds(of, along)
    up_end, across_end = resumed(of, that)
    long = max(FARTHEST * of.scale, up_end, across_end)
    sides = max(along / long - 1, 0.0), max(abs(beside) / wide - 1, 0.0), max(receptor / high - 1, 0.0)
    found = 1.0
    for side in sides:
        argument = -0.5 * side * side
        if argument <= FADED:
            return 0.0
        found *= exponential(argument)
    return found


@compiled
def _at(
    stack: Mouth,
    gas: Release,
    air: Hour,
    of: Wake,
    that: Around,
    risen: Rise,
    along: float,
    beside: float,
    receptor: float,
) -> float:
    """Return what a release of 1 g/s brings to a place beside a building, below zero where that is as without. [g m⁻³]

    Parameters
    ----------
    along, beside
        Down the wind from the stack, and from the line that it draws. [m]
    """
    lies = where(of, along - of.upwind, beside - of.beside, receptor)
    height = height_of(risen.track, along)
    if (lies == OUTSIDE and along <= 0) or (air.unstable and height >= air.mixed):
        return -1.0
    found = 0.0
    if (risen.captured <= 0 or lies > CAVITY) and along > 0 and risen.captured < 1:
        by_itself = BY_RISING * (height - stack.height)
        deep, across = of_plume(air, that, risen.washed.plume, along, height, by_itself)
        found = (1 - risen.captured) * _gaussian(air, deep, across, beside, height, receptor)
    if risen.captured > 0 and lies != OUTSIDE:
        found += risen.captured * _of_the_cavity(air, of, that, risen, along, beside, receptor, lies)
    return found / gas.wind


@compiled
def _gaussian(air: Hour, deep: float, across: float, beside: float, height: float, receptor: float) -> float:
    """Return a plume at a place, of one in one metre a second: in stable air without a lid. [m⁻²]"""
    if air.unstable:
        vertical = between_ground_and_lid(deep, height, air.mixed, receptor)
    else:
        vertical = bell(receptor, height, deep) / (ROOT * deep)
    return vertical * exponential(-0.5 * (beside / across) ** 2) / (ROOT * across)


@compiled
def _of_the_cavity(
    air: Hour, of: Wake, that: Around, risen: Rise, along: float, beside: float, receptor: float, lies: int
) -> float:
    """Return what a cavity of one in one metre a second brings to a place in the wake: as one cloud in the cavity, as a
    plume beyond it, and of both a part around its end. [m⁻²]
    """
    first_deep, first_across = risen.washed.cavity.up[0], risen.washed.cavity.across[0]
    way = along - of.upwind
    # no further from the middle of the building than that the cloud reaches as far as its side
    aside = max(0.5 * (of.width - ROOT * first_across), 0.0)
    off = beside - of.beside - min(max(-of.beside, -aside), aside)
    high = 0.0 if lies <= CAVITY else max(0.0, receptor - cavity_bounds(of, way)[0])
    start, end = of.length + (1 - MIXING) * of.cavity, of.length + (1 + MIXING) * of.cavity
    beyond = min(max((way - start) / (end - start), 0.0), 1.0)
    within = 1 - beyond if way > of.length else max(0.0, way / of.length)
    found = 0.0
    if within > 0:
        found += within * _gaussian(air, first_deep, first_across, off, 0.0, high)
    if beyond > 0:
        deep, across = of_cavity(air, that, risen.washed.cavity, along)
        found += beyond * _gaussian(air, deep, across, off, 0.0, high)
    return found
