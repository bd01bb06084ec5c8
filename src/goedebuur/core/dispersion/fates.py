"""What becomes of a substance on its way: what comes down to dry ground, what rain washes out, and what falls apart.

A plume of :mod:`plume` of which less is left with each metre. Each size of particles is a plume of its own, that
falls. Three tables of distances belong to it: the concentration at the receptors, that just above the ground, which
comes down, and all above a place together, which rain washes out.

References
----------
EPA-454/R-03-004, addendum on deposition: source depletion (Horst 1977), tilted plume; Wesely, Doskey and Shannon
(2002), ANL/ER/TR-01/003.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion import convective, deposition, scavenging, stable, substances
from goedebuur.core.dispersion.air import DIRECTION, Hour, Hours, at, hour, hours
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.deposition import Cover
from goedebuur.core.dispersion.exponential import exponential
from goedebuur.core.dispersion.plume import EDGE, Places
from goedebuur.core.dispersion.spread import COLUMN, ROOT, Spread
from goedebuur.core.dispersion.stacks import Mouth, Release, Stack, Volume, heading, release
from goedebuur.core.dispersion.substances import FineParticles, Gas, Particles
from goedebuur.core.dispersion.surface import Surface
from goedebuur.core.dispersion.table import (
    ABOVE,
    ACROSS,
    ACROSS_ABOVE,
    CARRIED,
    MICRO,
    NEAREST,
    NODES,
    STEADY,
    SWAYED,
    bend,
    between,
    by_logarithm,
    logarithm,
    node_of,
    torn,
    turned,
    write,
)
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

CONCENTRATION, DRY, WET = range(3)
"""Tables of a plume."""
FAR: Final = 20_000.0
"""At which the top of a plume says out of how much air the rain falls. [m]"""
LEAST_DEPTH, MOST_DEPTH = 500.0, 10_000.0
"""Of that air. [m]"""
MOST_LOST: Final = 50.0
"""Of the logarithm: more is not followed."""
POINTS: Final = (0.5 - np.sqrt(0.15), 0.5, 0.5 + np.sqrt(0.15))
WEIGHTS: Final = (5 / 18, 8 / 18, 5 / 18)
"""Of Gauss and Legendre, over a length of one."""


class Loss(NamedTuple):
    """How fast a substance of a source is lost, hour by hour, by size (c of them; a gas has one).

    Parameters
    ----------
    fall
        In still air, of shape (c,). [m s⁻¹]
    share
        Of the emission, of shape (n, c).
    dry, wet
        How fast it comes down [m s⁻¹], and which part is washed out in a second [s⁻¹], of shape (n, c); NaN where the
        weather does not say it.
    height
        Where the concentration is that comes down, of shape (n,). [m]
    decay
        Which part falls apart in a second. [s⁻¹]
    """

    fall: Floats
    share: Floats
    dry: Floats
    wet: Floats
    height: Floats
    decay: float


class Totals(NamedTuple):
    """What is at n hours and m receptors, each of shape (n, m); NaN where the weather does not say what comes down.

    Parameters
    ----------
    concentration
        [µg m⁻³]
    dry, wet
        What comes down to dry ground and with rain. [µg m⁻² s⁻¹]
    """

    concentration: Floats
    dry: Floats
    wet: Floats


def nothing(count: int, receptors: int) -> Totals:
    """Return totals without anything."""
    return Totals(*(np.zeros((count, receptors)) for _ in Totals._fields))


def loss(
    what: Particles | FineParticles | Gas,
    surface: Surface,
    depth: Floats,
    cover: Cover | None = None,
    direction: Floats | None = None,
    decay: float = 0.0,
) -> Loss:
    """Return how fast a substance is lost.

    Parameters
    ----------
    depth
        Out of how much air the rain falls: :func:`depths`. [m]
    cover, direction
        Of a gas: what covers the ground, and from which the wind blows at the mouth (:func:`directions`). [°]
    decay
        Which part falls apart in a second. [s⁻¹]

    Raises
    ------
    ValueError
        For a gas without cover or direction, or a rate below zero.
    """
    if not 0 <= decay < 1:
        raise ValueError(f"decay {decay} is not from 0 to 1")
    count = len(surface.rain)
    if isinstance(what, Gas):
        if cover is None or direction is None:
            raise ValueError("a gas comes down by what covers the ground, to where the wind blows")
        dry = deposition.gas(surface, what, cover, direction)[:, None]
        wet = scavenging.gas(surface, what, depth)[:, None]
        return Loss(np.zeros(1), np.ones((count, 1)), dry, wet, surface.height, decay)
    dry, wet = deposition.particles(surface, what), scavenging.particles(surface, what, depth)
    if isinstance(what, FineParticles):
        fall = substances.falling(np.array([what.diameter]), np.ones(1))
        return Loss(fall, np.ones((count, 1)), dry, wet, surface.height, decay)
    fall = substances.falling(np.array(what.diameters), np.array(what.densities))
    share = np.array(what.fractions) / sum(what.fractions)
    return Loss(fall, np.tile(share, (count, 1)), dry, wet, surface.height, decay)


def decaying(count: int, decay: float) -> Loss:
    """Return the loss of what only falls apart, over n hours.

    Raises
    ------
    ValueError
        For a rate below zero.
    """
    if not 0 <= decay < 1:
        raise ValueError(f"decay {decay} is not from 0 to 1")
    none = np.zeros((count, 1))
    return Loss(np.zeros(1), np.ones((count, 1)), none, none, np.ones(count), decay)


def depths(stack: Stack | Volume, air: Profiles | Hours) -> Floats:
    """Return out of how much air the rain falls that washes out a plume: the mixed layer, or more. [m], shape (n,)"""
    return _depths(Mouth.of(stack), air if isinstance(air, Hours) else hours(air))


def directions(stack: Stack | Volume, air: Profiles | Hours) -> Floats:
    """Return from where the wind blows at the mouth. [°], shape (n,)"""
    return _directions(Mouth.of(stack), air if isinstance(air, Hours) else hours(air))


def add(
    totals: Totals,
    stacks: Sequence[Stack | Volume],
    losses: Sequence[Loss],
    emission: Floats,
    air: Profiles | Hours,
    receptors: Places,
    receptor: float = 0.0,
) -> None:
    """Add what stacks and volumes bring to receptors and what of it comes down, hour by hour.

    Parameters
    ----------
    losses
        Of each stack.
    emission
        Shape (n, s). [g s⁻¹]
    receptors
        As :func:`plume.places` has them.
    receptor
        Their height. [m]
    """
    of = air if isinstance(air, Hours) else hours(air)
    for number, (one, lost) in enumerate(zip(stacks, losses, strict=True)):
        mine = Places(*(part[number] for part in receptors))
        grams = np.ascontiguousarray(emission[:, number], np.float64)
        _add(totals, Mouth.of(one), grams, of, lost, mine, float(receptor))


@compiled
def _depths(stack: Mouth, of: Hours) -> Floats:
    found = np.empty(len(of.mixed))
    for number in range(len(found)):
        air = hour(of, number)
        gas = release(stack, air)
        top = convective.deep(stack, gas, air, FAR) if gas.inside else stable.deep(stack, gas, air, FAR)
        found[number] = min(max(LEAST_DEPTH, air.mixed, top), MOST_DEPTH)
    return found


@compiled
def _directions(stack: Mouth, of: Hours) -> Floats:
    found = np.empty(len(of.mixed))
    for number in range(len(found)):
        found[number] = at(hour(of, number), DIRECTION, stack.height)
    return found


@compiled
def fallen_at(
    stack: Mouth, gas: Release, air: Hour, distance: float, receptor: float, asked: float, fall: float
) -> Spread:
    """Return how a plume that falls [m s⁻¹] is spread at a distance, at the height that is asked. [m]"""
    fell = distance / gas.wind * fall
    if gas.inside:
        return convective.fallen(stack, gas, air, distance, receptor, asked, fell)
    return stable.fallen(stack, gas, air, distance, receptor, asked, fell)


@compiled
def fill(
    tables: Floats,
    bends: Floats,
    lost: Floats,
    last: int,
    stack: Mouth,
    gas: Release,
    air: Hour,
    receptor: float,
    height: float,
    fall: float,
    dry: float,
    wet: float,
    decay: float,
) -> None:
    """Work out the three tables up to a distance, and the logarithm of what is left at each.

    What is left is exp(−∫ v c dx), with the concentration c just above the ground over the whole width and for a whole
    release; by rain with the wind at the mouth, and falling apart with the wind of the plume.
    """
    near, curves, rate = np.zeros((1, len(NODES))), np.zeros((1, len(NODES) - 1)), np.zeros(len(NODES))
    asked, counts = (receptor, height, COLUMN), (True, dry > 0, wet > 0 or decay > 0)
    for node in range(last + 1):
        distance = NODES[node]
        for kind in range(3):
            if counts[kind]:
                one = fallen_at(stack, gas, air, distance, receptor, asked[kind], fall)
                write(tables[kind], node, one)
                whole = one.vertical + one.vertical_above
                if kind == DRY:
                    near[0, node] = logarithm(whole)
                elif kind == WET:
                    rate[node] = distance * (wet / gas.wind + decay * whole)
    for node in range(last):
        bend(curves, near, node, 0)
        for kind in range(3):
            for column in (CARRIED, ABOVE, SWAYED):
                bend(bends[kind], tables[kind], node, column)
    lost[0] = -rate[0]
    taken = 0.0
    for node in range(last):
        if dry > 0:
            more, wide = near[0, node + 1] - near[0, node], NODES[node + 1] - NODES[node]
            for one_point in range(3):
                bent = by_logarithm(node, POINTS[one_point])
                inside = near[0, node] + bent * (more + curves[0, node] * (1 - bent))
                taken += dry * wide * WEIGHTS[one_point] * exponential(inside)
        lost[node + 1] = -min(taken + rate[node + 1], MOST_LOST)


@compiled
def _left(lost: Floats, node: int, part: float) -> float:
    return float(lost[node] + part * (lost[node + 1] - lost[node]))


@compiled
def brought(table: Floats, bends: Floats, lost: Floats, along: float, beside: float, away: float) -> float:
    """Return what a release of 1 g/s brings to a place, from a table and what is left. [g m⁻³]"""
    node, part = between(away)
    bent = by_logarithm(node, part)
    inside = table[SWAYED, node] + bent * (table[SWAYED, node + 1] - table[SWAYED, node])
    inside += bent * bends[SWAYED, node] * (1 - bent)
    found = exponential(inside + _left(lost, node, part))
    if along < NEAREST:
        return float(found)
    steady = table[STEADY, node] + bent * (table[STEADY, node + 1] - table[STEADY, node])
    node, part = between(along)
    bent = by_logarithm(node, part)
    left = _left(lost, node, part)
    for middle, wide in ((CARRIED, ACROSS), (ABOVE, ACROSS_ABOVE)):
        across = table[wide, node] + part * (table[wide, node + 1] - table[wide, node])
        sides = beside / across
        if abs(sides) <= EDGE:
            inside = table[middle, node] + bent * (table[middle, node + 1] - table[middle, node])
            inside += bent * bends[middle, node] * (1 - bent) + left - 0.5 * sides * sides
            found += steady * exponential(inside)
    return float(found)


@compiled
def _exactly(
    stack: Mouth,
    gas: Release,
    air: Hour,
    lost: Floats,
    along: float,
    beside: float,
    away: float,
    receptor: float,
    fall: float,
) -> float:
    """Return the concentration worked out at the distances of a receptor itself. [g m⁻³]"""
    around = fallen_at(stack, gas, air, away, receptor, receptor, fall)
    node, part = between(away)
    both = around.vertical + around.vertical_above
    found = around.random * both / (2 * np.pi * away) * exponential(_left(lost, node, part))
    if along >= NEAREST:
        one = fallen_at(stack, gas, air, along, receptor, receptor, fall)
        node, part = between(along)
        carried = one.vertical * exponential(-0.5 * (beside / one.across) ** 2) / one.across
        carried += one.vertical_above * exponential(-0.5 * (beside / one.across_above) ** 2) / one.across_above
        found += (1 - around.random) * carried / ROOT * exponential(_left(lost, node, part))
    return float(found)


@compiled
def _add(
    totals: Totals, stack: Mouth, emission: Floats, of: Hours, lost: Loss, receptors: Places, receptor: float
) -> None:
    size, count = totals.concentration.shape[1], len(NODES)
    tables, bends, left = np.zeros((3, 6, count)), np.zeros((3, 6, count - 1)), np.zeros(count)
    tables[:, ACROSS] = tables[:, ACROSS_ABOVE] = 1.0
    first = receptors.starts[0]
    last = 0
    if first < size:
        farthest = np.hypot(receptors.east[size - 1], receptors.north[size - 1])
        last = min(node_of(max(float(farthest), NEAREST)) + 2, count - 1)
    for number in range(len(emission)):
        if emission[number] == 0 or first >= size:
            continue
        dries, wets = lost.dry[number], lost.wet[number]
        if np.isnan(dries).any() or np.isnan(wets).any():
            totals.concentration[number] = totals.dry[number] = totals.wet[number] = np.nan
            continue
        air = hour(of, number)
        gas = release(stack, air)
        angle = np.radians(heading(stack, gas, air))
        sine, cosine = np.sin(angle), np.cos(angle)
        for kind in range(len(lost.fall)):
            grams = MICRO * emission[number] * lost.share[number, kind]
            fall, dry, wet = lost.fall[kind], dries[kind], wets[kind]
            height, speeds = lost.height[number], (1.0, dry, wet)
            fill(tables, bends, left, last, stack, gas, air, receptor, height, fall, dry, wet, lost.decay)
            for place in range(first, size):
                east, north = receptors.east[place], receptors.north[place]
                where = receptors.order[place]
                along, beside = turned(east, north, sine, cosine)
                away = max(float(np.hypot(along, beside)), NEAREST)
                table = tables[CONCENTRATION]
                close = receptor > 0 and (torn(table, node_of(away)) or torn(table, node_of(max(along, NEAREST))))
                for result in range(3):
                    if result == CONCENTRATION and close:
                        one = _exactly(stack, gas, air, left, along, beside, away, receptor, fall)
                    elif speeds[result] > 0:
                        one = brought(tables[result], bends[result], left, along, beside, away)
                    else:
                        continue
                    totals[result][number, where] += grams * speeds[result] * one
