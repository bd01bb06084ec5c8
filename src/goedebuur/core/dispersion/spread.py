"""What the parts of a plume have in common: how it is spread at a distance, and what ground and lid throw back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from goedebuur.core.weather.profiles import LEAST_PART, Profiles
from goedebuur.core.weather.sun import Floats

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


@dataclass(frozen=True, slots=True)
class Spread:
    """How a plume is spread at distances; each of shape (n, m).

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

    vertical: Floats
    across: Floats
    vertical_above: Floats
    across_above: Floats
    random: Floats


def across_stable(air: Profiles, distance: Floats, height: Floats, wind: Floats, across: Floats) -> Floats:
    """Return σy that turbulence makes of a plume that is not in a warmed layer. [m]"""
    time = air.mixed_by_wind / (156 * across) * np.maximum(height, 0.46) / 0.46
    turning = np.maximum(LEAST_PART, across / wind)
    return np.asarray(turning * distance / (1 + distance / (2 * wind * time)) ** 0.3, np.float64)


def layer(air: Profiles, middle: Floats, deep: Floats, receptor: float) -> tuple[Floats, Floats]:
    """Return from where to where a plume is carried to a receptor: between its middle and its edge on that side. [m]"""
    low = (middle <= NEAR_GROUND) & (receptor <= NEAR_GROUND)
    bottom, top = toward(middle, deep, receptor)
    return np.where(low, 0.0, bottom), np.where(low, np.minimum(NEAR_GROUND, air.mixed), top)


def toward(middle: Floats, deep: Floats, receptor: float) -> tuple[Floats, Floats]:
    """Return the same of a plume far above the ground. [m]"""
    above = middle > receptor
    bottom = np.where(above, np.maximum(middle - WIDTHS * deep, receptor), middle)
    return bottom, np.where(above, middle, np.minimum(middle + WIDTHS * deep, receptor))


def between_ground_and_lid(deep: Floats, height: Floats, lid: Floats, receptor: float = 0.0) -> Floats:
    """Return what a plume is at the height of a receptor, thrown back by ground and lid over and over. [m⁻¹]

    Examples
    --------
    Without a lid, by hand: 2 e^(−½) ÷ (√(2π) · 10) = 0.04839. Where it is mixed it is 1 over the height of the lid. At
    its own height, far from the ground, 1 ÷ (√(2π) · 10) = 0.03989.

    >>> one = np.ones((1, 1))
    >>> between_ground_and_lid(10 * one, 10 * one, 1e6 * one).round(5).tolist()
    [[0.04839]]
    >>> between_ground_and_lid(1e4 * one, 10 * one, 500 * one).round(6).tolist()
    [[0.002]]
    >>> between_ground_and_lid(10 * one, 90 * one, 1e6 * one, 90.0).round(5).tolist()
    [[0.03989]]
    """

    def at(place: Floats) -> Floats:
        if receptor == 0:  # both sides are the same
            return np.asarray(2 * np.exp(-0.5 * (place / deep) ** 2), np.float64)
        up, down = (np.exp(-0.5 * ((receptor + sign * place) / deep) ** 2) for sign in (-1, 1))
        return np.asarray(up + down, np.float64)

    total, beyond = at(height), np.zeros_like(deep)
    for turn in range(1, REFLECTIONS + 1):
        there = 2 * turn * lid
        term = at(there - height) + at(there + height)
        beyond = beyond + term
        if (term <= SMALL * beyond).all():
            break
    return np.where(receptor <= lid, (total + beyond) / (ROOT * deep), 0.0)


def random_part(wind: Floats, across: Floats, distance: Floats) -> Floats:
    """Return which part of a plume goes any way: the energy of the wind's swaying beside all of it."""
    steady = np.maximum(wind**2 - 2 * across**2, 0.01)
    swaying = 2 * across**2 + steady * (1 - np.exp(-distance / wind / DAY))
    return np.asarray(np.minimum(swaying / wind**2, 1.0), np.float64)
