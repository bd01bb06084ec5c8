"""What the parts of a plume have in common: how it is spread at a distance, and what ground and lid throw back."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion.air import Hour
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.exponential import exponential
from goedebuur.core.weather.profiles import LEAST_PART

BY_ITSELF: Final = 0.4 / float(np.sqrt(2))
"""σ that a plume gets by rising, as part of its rise."""
WIDTHS: Final = 2.15
"""σ from the middle of a plume to where it ends, at a tenth of what it is in the middle."""
NEAR_GROUND: Final = 5.0
"""Under which a plume is carried by the air of the lowest five metres. [m]"""
ROOT: Final = float(np.sqrt(2 * np.pi))
DAY: Final = 86_400.0
"""Time in which wind that keeps its direction is lost. [s]"""
SMALL: Final = 5e-7
"""A reflection that adds less than this part of what there is, is the last."""
REFLECTIONS: Final = 100
COLUMN: Final = -1.0
"""Asked as a height: of all heights together."""


class Spread(NamedTuple):
    """How a plume is spread at a distance.

    Parameters
    ----------
    vertical
        At the receptor, of a release of 1 g/s, over the whole width. [s m⁻²]
    across
        σy. [m]
    vertical_above, across_above
        The same of the part that broke through the lid.
    random
        Part that goes any way instead of downwind.
    """

    vertical: float
    across: float
    vertical_above: float
    across_above: float
    random: float


@compiled
def both(one: float, other: float) -> float:
    """Return the σ of two that have nothing to do with each other."""
    return float(np.sqrt(one * one + other * other))


@compiled
def across_stable(air: Hour, distance: float, height: float, wind: float, across: float) -> float:
    """Return σy that turbulence makes of a plume that is not in a warmed layer. [m]"""
    time = air.mixed_by_wind / (156 * across) * max(height, 0.46) / 0.46
    turning = max(LEAST_PART, across / wind)
    return float(turning * distance / (1 + distance / (2 * wind * time)) ** 0.3)


@compiled
def layer(air: Hour, middle: float, deep: float, receptor: float) -> tuple[float, float]:
    """Return from where to where a plume is carried to a receptor: between its middle and its edge on that side. [m]"""
    if middle <= NEAR_GROUND and receptor <= NEAR_GROUND:
        return 0.0, min(NEAR_GROUND, air.mixed)
    return toward(middle, deep, receptor)


@compiled
def toward(middle: float, deep: float, receptor: float) -> tuple[float, float]:
    """Return the same of a plume far above the ground. [m]"""
    if middle > receptor:
        return max(middle - WIDTHS * deep, receptor), middle
    return middle, min(middle + WIDTHS * deep, receptor)


@compiled
def bell(receptor: float, place: float, deep: float) -> float:
    """Return what a Gaussian at a height and its image under the ground are at a receptor, but for their width."""
    if receptor == 0:  # both sides are the same
        return 2 * exponential(-0.5 * (place / deep) ** 2)
    over, under = (receptor - place) / deep, (receptor + place) / deep
    return exponential(-0.5 * over**2) + exponential(-0.5 * under**2)


@compiled
def between_ground_and_lid(deep: float, height: float, lid: float, receptor: float) -> float:
    """Return what a plume is at the height of a receptor, thrown back by ground and lid over and over. [m⁻¹]

    Examples
    --------
    Without a lid, by hand: 2 e^(−½) ÷ (√(2π) · 10) = 0.04839. Where it is mixed it is 1 over the height of the lid. At
    its own height, far from the ground, 1 ÷ (√(2π) · 10) = 0.03989.

    >>> round(between_ground_and_lid(10.0, 10.0, 1e6, 0.0), 5)
    0.04839
    >>> round(between_ground_and_lid(1e4, 10.0, 500.0, 0.0), 6)
    0.002
    >>> round(between_ground_and_lid(10.0, 90.0, 1e6, 90.0), 5)
    0.03989
    """
    if receptor > lid:
        return 0.0
    total, beyond = bell(receptor, height, deep), 0.0
    for turn in range(1, REFLECTIONS + 1):
        there = 2 * turn * lid
        term = bell(receptor, there - height, deep) + bell(receptor, there + height, deep)
        beyond += term
        if term <= SMALL * beyond:
            break
    return (total + beyond) / (ROOT * deep)


@compiled
def random_part(wind: float, across: float, distance: float) -> float:
    """Return which part of a plume goes any way: the energy of the wind's swaying beside all of it."""
    steady = max(wind**2 - 2 * across**2, 0.01)
    swaying = 2 * across**2 + steady * (1 - exponential(-distance / wind / DAY))
    return min(swaying / wind**2, 1.0)
