"""What becomes of what areas let out: as :mod:`fates`, summed strip by strip up the wind of a receptor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goedebuur.core.dispersion import areas
from goedebuur.core.dispersion.air import DIRECTION, Hours, at, hour, hours
from goedebuur.core.dispersion.areas import REACH, Area, lie, summed
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.fates import CONCENTRATION, Loss, Totals, fill
from goedebuur.core.dispersion.stacks import Mouth, release
from goedebuur.core.dispersion.table import ACROSS, ACROSS_ABOVE, CARRIED, MICRO, NEAREST, NODES, node_of
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats


def add(
    totals: Totals,
    several: Sequence[Area],
    losses: Sequence[Loss],
    emission: Floats,
    air: Profiles | Hours,
    east: Floats,
    north: Floats,
    receptor: float = 0.0,
) -> None:
    """Add what areas bring to receptors and what of it comes down, hour by hour.

    Parameters
    ----------
    losses
        Of each area.
    emission
        Of whole areas, shape (n, s). [g s⁻¹]
    east, north
        Of the receptors, on the grid of the outlines, shape (m,). [m]
    receptor
        Their height. [m]

    Raises
    ------
    ValueError
        For a receptor that is farther from a corner than the table goes.
    """
    of = air if isinstance(air, Hours) else hours(air)
    for number, (one, lost) in enumerate(zip(several, losses, strict=True)):
        mouth, corners = areas.told(one)
        a_square = np.ascontiguousarray(emission[:, number] / one.size, np.float64)
        _add(totals, mouth, corners, a_square, of, lost, areas.places(one, east, north), float(receptor))


@compiled
def _add(
    totals: Totals,
    stack: Mouth,
    corners: Floats,
    a_square: Floats,
    of: Hours,
    lost: Loss,
    places: Floats,
    receptor: float,
) -> None:
    size = len(NODES)
    tables, bends, left_over = np.zeros((3, 6, size)), np.zeros((3, 6, size - 1)), np.zeros(size)
    tables[:, ACROSS] = tables[:, ACROSS_ABOVE] = 1.0
    count = len(corners)
    along, beside, cuts = np.empty(count), np.empty(count), np.empty(count)
    for number in range(len(a_square)):
        if a_square[number] == 0:
            continue
        dries, wets = lost.dry[number], lost.wet[number]
        if np.isnan(dries).any() or np.isnan(wets).any():
            totals.concentration[number] = totals.dry[number] = totals.wet[number] = np.nan
            continue
        air = hour(of, number)
        gas = release(stack, air)
        angle = np.radians(at(air, DIRECTION, stack.height))
        sine, cosine = np.sin(angle), np.cos(angle)
        farthest = 0.0
        for place in range(len(places)):
            _, high, _, _ = lie(along, beside, corners, places[place], sine, cosine)
            farthest = max(farthest, high)
        if farthest <= NEAREST:
            continue
        last = min(node_of(farthest) + 2, size - 1)
        for kind in range(len(lost.fall)):
            grams = MICRO * a_square[number] * lost.share[number, kind]
            fall, dry, wet = lost.fall[kind], dries[kind], wets[kind]
            height, speeds = lost.height[number], (1.0, dry, wet)
            fill(tables, bends, left_over, last, stack, gas, air, receptor, height, fall, dry, wet, lost.decay)
            tables[:, CARRIED] += left_over
            for place in range(len(places)):
                _, high, left, right = lie(along, beside, corners, places[place], sine, cosine)
                if high <= NEAREST:
                    continue
                widest = tables[CONCENTRATION, ACROSS, min(node_of(high) + 1, size - 1)]
                if left > REACH * widest or right < -REACH * widest:
                    continue
                for result in range(3):
                    if speeds[result] > 0:
                        found = summed(tables[result], bends[result], along, beside, cuts)
                        totals[result][number, place] += grams * speeds[result] * found
