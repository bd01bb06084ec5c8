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
        At the ground, of a release of 1 g/s, over the whole width. [s m⁻²]
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


def between_ground_and_lid(deep: Floats, height: Floats, lid: Floats) -> Floats:
    """Return what a plume is at the ground, thrown back by ground and lid over and over. [m⁻¹]

    Examples
    --------
    Without a lid, by hand: 2 e^(−½) ÷ (√(2π) · 10) = 0.04839. Where it is mixed it is 1 over the height of the lid.

    >>> one = np.ones((1, 1))
    >>> between_ground_and_lid(10 * one, 10 * one, 1e6 * one).round(5).tolist()
    [[0.04839]]
    >>> between_ground_and_lid(1e4 * one, 10 * one, 500 * one).round(6).tolist()
    [[0.002]]
    """
    total = np.exp(-0.5 * (height / deep) ** 2)
    beyond = np.zeros_like(total)
    for turn in range(1, REFLECTIONS + 1):
        there = 2 * turn * lid
        term = np.exp(-0.5 * ((there - height) / deep) ** 2) + np.exp(-0.5 * ((there + height) / deep) ** 2)
        beyond += term
        if (term <= SMALL * beyond).all():
            break
    return np.asarray(2 * (total + beyond) / (ROOT * deep), np.float64)


def random_part(wind: Floats, across: Floats, distance: Floats) -> Floats:
    """Return which part of a plume goes any way: the energy of the wind's swaying beside all of it."""
    steady = np.maximum(wind**2 - 2 * across**2, 0.01)
    swaying = 2 * across**2 + steady * (1 - np.exp(-distance / wind / DAY))
    return np.asarray(np.minimum(swaying / wind**2, 1.0), np.float64)
