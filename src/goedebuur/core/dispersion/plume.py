"""The concentration of what stacks and volumes let out, in flat country, hour by hour.

A steady plume of the class of AERMOD, for one receptor height. All but the exponential across the wind depends on hour,
stack and distance alone: that is worked out at some distances, where a receptor needs it, and taken between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion import dutch
from goedebuur.core.dispersion.air import Hour, Hours, hour, hours
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.exponential import exponential, nearly, of_little
from goedebuur.core.dispersion.spread import ROOT, WIDTHS
from goedebuur.core.dispersion.stacks import Mouth, Release, Stack, Volume, heading, mouth, release
from goedebuur.core.dispersion.table import (
    A_DOUBLING,
    ABOVE,
    ACROSS,
    ACROSS_ABOVE,
    BENT,
    BITS,
    CARRIED,
    DOUBLINGS,
    FARTHEST,
    MICRO,
    NEAREST,
    NODES,
    STEADY,
    SWAYED,
    between,
    fill,
    node_of,
    nodes,
    spread_at,
    tell,
    torn,
    turned,
)
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

EDGE: Final = 6.0
"""σy from the middle of a plume, further than which it is nothing: there it would be 2e-8 of that in the middle."""


@dataclass(frozen=True, slots=True)
class Spreads:
    """How a plume is spread at distances, with the fields of :class:`Spread`, each of shape (n, m)."""

    vertical: Floats
    across: Floats
    vertical_above: Floats
    across_above: Floats
    random: Floats


class Places(NamedTuple):
    """m receptors from each of s stacks, of shape (s, m), the nearest to the stack first.

    Parameters
    ----------
    order
        Which receptors they are.
    east, north
        [m]
    bent
        How far it is from the distance of the table that is nearer to the next, by the logarithm. [1]
    starts
        Of the receptors beyond each distance of the table the first, of shape (s, nodes); those before the first are
        too near to say anything.
    """

    order: npt.NDArray[np.int64]
    east: Floats
    north: Floats
    bent: Floats
    starts: npt.NDArray[np.int64]


class Downwind(NamedTuple):
    """Receptors downwind of a stack, of shape (m,) of which the first few are in use, as :class:`Places` has them.

    Parameters
    ----------
    node, part
        Which distance of the table is nearer to the stack, and how far it is to the next. [1]
    beside
        How far from the line that the wind draws from the stack. [m]
    where
        Which receptors these are.
    value
        What the plume brings there, but for the part that goes any way and the emission.
    """

    node: npt.NDArray[np.uint32]
    part: Floats
    beside: Floats
    where: npt.NDArray[np.uint32]
    value: Floats


def spread(stack: Stack | Volume, air: Profiles, distance: Floats, receptor: float = 0.0) -> Spreads:
    """Return how the plume of a stack is spread at distances of shape (n, m), at least :data:`NEAREST`.

    Parameters
    ----------
    receptor
        Height of the receptors. [m]
    """
    return Spreads(*_spreads(Mouth.of(stack), hours(air), np.ascontiguousarray(distance, np.float64), receptor))


def releases(stack: Stack | Volume, air: Profiles) -> list[Release]:
    """Return what goes out of a stack, hour by hour."""
    of = hours(air)
    return [release(Mouth.of(stack), hour(of, number)) for number in range(len(of.mixed))]


def concentration(stack: Stack | Volume, air: Profiles, east: Floats, north: Floats, receptor: float = 0.0) -> Floats:
    """Return the concentration at receptors of a release of 1 g/s. [µg m⁻³], shape (n, m)

    Worked out at the very distances of the receptors: slow, and what :func:`add` is held against.

    Parameters
    ----------
    east, north
        Of the receptors from the stack, of shape (m,). [m]
    receptor
        Their height. [m]
    """
    total = np.zeros((len(air.mixed), len(east)))
    places = np.ascontiguousarray(np.stack([east, north], axis=1), np.float64)
    _concentration(total, Mouth.of(stack), hours(air), places, nearest(stack), float(receptor))
    return total


def nearest(stack: Stack | Volume) -> float:
    """Return the distance under which nothing is said of a stack or a volume. [m]"""
    return 0.99 * NEAREST + (WIDTHS * stack.wide if isinstance(stack, Volume) else 0.0)


def from_table(stack: Stack | Volume, air: Profiles, east: Floats, north: Floats, receptor: float = 0.0) -> Floats:
    """Return the same, from the table of distances."""
    total = np.zeros((len(air.mixed), len(east)))
    add(total, [stack], np.ones((len(total), 1)), air, places([stack], east[None], north[None]), receptor)
    return total


def places(stacks: Sequence[Stack | Volume], east: Floats, north: Floats) -> Places:
    """Return receptors as :func:`add` takes them, from how far they are from each stack, of shape (s, m). [m]

    Raises
    ------
    ValueError
        For a receptor that is farther from a stack than the table goes.
    """
    away = np.hypot(east, north)
    if away.size and away.max() >= FARTHEST:
        raise ValueError(f"a receptor is {away.max() / 1000:.0f} km from a stack, more than {FARTHEST / 1000:.0f} km")
    order = np.argsort(away, axis=1, kind="stable")
    east, north, away = (
        np.ascontiguousarray(np.take_along_axis(one, order, axis=1), np.float64) for one in (east, north, away)
    )
    node, part = nodes(np.maximum(away, NEAREST))
    starts = np.array([np.searchsorted(one, np.arange(len(NODES))) for one in node]).reshape(-1, len(NODES))
    near = (away < np.array([nearest(one) for one in stacks])[:, None]).sum(axis=1)
    starts = np.maximum(starts, near[:, None])
    bent = part + BENT[node % A_DOUBLING] * part * (1 - part)
    return Places(order, east, north, bent, starts)


def add(
    total: Floats,
    stacks: Sequence[Stack | Volume],
    emission: Floats,
    air: Profiles | Hours,
    receptors: Places,
    receptor: float = 0.0,
    variant: dutch.Variant = "epa",
) -> None:
    """Add to the concentration at receptors what stacks bring there, hour by hour; as `ops` by :mod:`.dutch`.

    Parameters
    ----------
    total
        [µg m⁻³], shape (n, m)
    emission
        Shape (n, s). [g s⁻¹]
    receptor
        Height of the receptors. [m]
    """
    told = np.array([Mouth.of(one) for one in stacks]).reshape(-1, len(Mouth._fields))
    of = air if isinstance(air, Hours) else hours(air)
    work = {"epa": _add, "ops": dutch.add}[variant]
    work(total, told, np.ascontiguousarray(emission), of, receptors, float(receptor))


@compiled
def _spreads(stack: Mouth, of: Hours, distance: Floats, receptor: float) -> Floats:
    found = np.zeros((5, *distance.shape))
    for number in range(distance.shape[0]):
        air = hour(of, number)
        gas = release(stack, air)
        for place in range(distance.shape[1]):
            one = spread_at(stack, gas, air, distance[number, place], receptor)
            for column in range(5):
                found[column, number, place] = one[column]
    return found


@compiled
def _concentration(total: Floats, stack: Mouth, of: Hours, places: Floats, nearest: float, receptor: float) -> None:
    for number in range(len(total)):
        air = hour(of, number)
        gas = release(stack, air)
        angle = np.radians(heading(stack, gas, air))
        for place in range(len(places)):
            east, north = places[place]
            if np.hypot(east, north) >= nearest:
                one = _exactly(stack, gas, air, east, north, np.sin(angle), np.cos(angle), receptor)
                total[number, place] = MICRO * one


@compiled
def _exactly(
    stack: Mouth, gas: Release, air: Hour, east: float, north: float, sine: float, cosine: float, receptor: float
) -> float:
    """Return what a release of 1 g/s brings to a place, worked out at its own distances. [g m⁻³]"""
    along, beside = turned(east, north, sine, cosine)
    away = max(float(np.hypot(along, beside)), NEAREST)
    around = spread_at(stack, gas, air, away, receptor)
    carried = 0.0
    if along >= NEAREST:
        one = spread_at(stack, gas, air, along, receptor)
        carried = one.vertical * exponential(-0.5 * (beside / one.across) ** 2) / (ROOT * one.across)
        above = one.vertical_above * exponential(-0.5 * (beside / one.across_above) ** 2)
        carried += above / (ROOT * one.across_above)
    swayed = (around.vertical + around.vertical_above) / (2 * np.pi * away)
    return float(around.random * swayed + (1 - around.random) * carried)


@compiled
def _mend(
    sums: Floats,
    table: Floats,
    wanted: npt.NDArray[np.bool_],
    stack: Mouth,
    gas: Release,
    air: Hour,
    east: Floats,
    north: Floats,
    angle: float,
    receptor: float,
    first: int,
) -> None:
    """Work out at their own distances the receptors between two distances of which one has nothing."""
    gaps = np.zeros(len(wanted), np.bool_)
    for node in range(len(wanted)):
        gaps[node] = wanted[node] and torn(table, node)
    if not gaps.any():
        return
    sine, cosine = np.sin(angle), np.cos(angle)
    for place in range(first, len(sums)):
        along, _ = turned(east[place], north[place], sine, cosine)
        away = max(float(np.hypot(east[place], north[place])), NEAREST)
        if gaps[node_of(away)] or (along >= NEAREST and gaps[node_of(along)]):
            sums[place] = _exactly(stack, gas, air, east[place], north[place], sine, cosine, receptor)


@compiled
def _swayed(
    sums: Floats, steady: Floats, table: Floats, bends: Floats, bent: Floats, starts: npt.NDArray[np.int64]
) -> None:
    """Tell what goes any way, and which part does not."""
    sums[: starts[0]] = 0.0
    steady[: starts[0]] = 0.0
    for node in range(len(NODES) - 1):
        low, more, bend = table[SWAYED, node], table[SWAYED, node + 1] - table[SWAYED, node], bends[SWAYED, node]
        least, rest = table[STEADY, node], table[STEADY, node + 1] - table[STEADY, node]
        if abs(more) + abs(bend) <= 0.5:
            whole = exponential(low)
            for place in range(starts[node], starts[node + 1]):
                part = bent[place]
                sums[place] = whole * of_little(part * (more + bend * (1 - part)))
                steady[place] = least + part * rest
            continue
        for place in range(starts[node], starts[node + 1]):
            part = bent[place]
            sums[place] = nearly(low + part * (more + bend * (1 - part)))
            steady[place] = least + part * rest


@compiled
def _carried(
    sums: Floats, steady: Floats, middle: Floats, bends: Floats, across: Floats, along: Downwind, count: int
) -> None:
    """Add what a part of the plume brings downwind."""
    for place in range(count):
        low = along.node[place]
        high = low + np.uint32(1)
        part = along.part[place]
        bent = part + BENT[low & np.uint32(A_DOUBLING - 1)] * part * (1 - part)
        sides = along.beside[place] / (across[low] + part * (across[high] - across[low]))
        inside = middle[low] + bent * (middle[high] - middle[low] + bends[low] * (1 - bent))
        along.value[place] = nearly(inside - 0.5 * sides * sides)
    for place in range(count):
        where = along.where[place]
        sums[where] += steady[where] * along.value[place]


@compiled
def _downwind(
    along: Downwind, east: Floats, north: Floats, sine: float, cosine: float, reach: Floats, first: int
) -> int:
    """Tell which receptors a plume reaches, and how many these are."""
    count = 0
    for place in range(first, len(east)):
        distance, beside = turned(east[place], north[place], sine, cosine)
        node, part = between(max(distance, NEAREST))
        along.node[count] = node
        along.part[count] = part
        along.beside[count] = beside
        along.where[count] = place
        # added without a branch: which receptor is reached is as good as drawn, and a wrong guess costs most
        count += int(distance >= NEAREST) & int(abs(beside) <= reach[node >> BITS])
    return count


@compiled
def _add(
    total: Floats,
    stacks: Floats,
    emission: Floats,
    of: Hours,
    receptors: Places,
    receptor: float,
) -> None:
    size, last = total.shape[1], len(NODES) - 1
    table, bends, reach = np.zeros((6, last + 1)), np.zeros((6, last)), np.zeros(DOUBLINGS)
    known, wanted = np.zeros(last + 1, np.bool_), np.zeros(last, np.bool_)
    sums, steady = np.zeros(size), np.zeros(size)
    along = Downwind(
        np.empty(size, np.uint32),
        np.empty(size),
        np.empty(size),
        np.empty(size, np.uint32),
        np.empty(size),
    )
    for number in range(total.shape[0]):
        air = hour(of, number)
        for source in range(len(stacks)):
            grams = MICRO * emission[number, source]
            if grams == 0:
                continue
            stack = mouth(stacks[source])
            gas = release(stack, air)
            angle = np.radians(heading(stack, gas, air))
            starts, order = receptors.starts[source], receptors.order[source]
            known[:] = False
            for node in range(last):
                wanted[node] = starts[node] < starts[node + 1]
            for doubling in range(DOUBLINGS - 1, -1, -1):
                # σy grows with the distance: where that of the end of a doubling does not reach, nothing in it does
                end = (doubling + 1) << BITS
                if starts[doubling << BITS] < size:
                    if not known[end]:
                        tell(table, known, end, stack, gas, air, receptor)
                    reach[doubling] = EDGE * max(table[ACROSS, end], table[ACROSS_ABOVE, end])
            count = _downwind(
                along,
                receptors.east[source],
                receptors.north[source],
                np.sin(angle),
                np.cos(angle),
                reach,
                starts[0],
            )
            for place in range(count):
                wanted[along.node[place]] = True
            fill(table, bends, known, wanted, stack, gas, air, receptor)
            _swayed(sums, steady, table, bends, receptors.bent[source], starts)
            if gas.broken < 1:
                _carried(sums, steady, table[CARRIED], bends[CARRIED], table[ACROSS], along, count)
            if gas.broken > 0:
                _carried(sums, steady, table[ABOVE], bends[ABOVE], table[ACROSS_ABOVE], along, count)
            if receptor > 0:
                east, north = receptors.east[source], receptors.north[source]
                _mend(sums, table, wanted, stack, gas, air, east, north, angle, receptor, starts[0])
            row = total[number]
            for place in range(size):
                row[order[place]] += grams * sums[place]
