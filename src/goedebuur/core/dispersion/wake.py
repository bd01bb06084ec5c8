"""The wake of a building: how large it is, where a place lies in it, and how the wind slows down and sinks there.

Everything is measured from the middle of the side of the building that faces the wind: down the wind, beside that line,
and above the ground.

References
----------
Schulman, Strimaitis and Scire (2000), J. Air Waste Manage. Assoc. 50, 378-390 (PRIME); EPA-454/R-03-004, section 5.7.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.spread import ROOT

INSIDE, CAVITY, FAR, OUTSIDE = 1, 2, 3, 4
"""In the building, in the cavity behind it, in the wake beyond, or in none of these."""
SLENDEST: Final = 8.0
"""Ratio of height and width beyond which the longer side makes no difference."""
DEFICIT: Final = 0.7
"""Part of the wind that is lost just behind a building."""
STILL: Final = 0.01
"""Least part of the wind that is left."""
_HIGH: Final = 1.2
"""Of the height of a wake, in its scale and the cube root of the distance."""
_SKIN: Final = 0.99998
"""How far into a building a place on its sides is taken to lie."""
_FOOT: Final = 0.67
"""Part of the height of a building over which the air in front of it does not rise."""


class Wake(NamedTuple):
    """A building as the wind of an hour meets it, and its wake.

    Parameters
    ----------
    height, width, length
        Of the building; its width across the wind. [m]
    upwind, beside
        Where the middle of the side that faces the wind is from the stack: down the wind, and beside it. [m]
    scale
        R = S^⅔ L^⅓ of the smaller and the larger of height and width. [m]
    cavity
        Length of the cavity behind the building. [m]
    top
        Height of the cavity where it is highest. [m]
    attached
        Whether the flow lies on the roof again, so that the cavity is no higher than the building.
    """

    height: float
    width: float
    length: float
    upwind: float
    beside: float
    scale: float
    cavity: float
    top: float
    attached: bool


@compiled
def wake(height: float, width: float, length: float, upwind: float, beside: float) -> Wake:
    """Return the wake of a building of which height and width are above zero.

    Examples
    --------
    By hand, a cube of 10 m: R = 10, cavity 1.8 · 10 ÷ (1 + 0.24) = 14.516, top 10 + 0.22 · 10; 0.9 R < 10: attached.

    >>> cube = wake(10.0, 10.0, 10.0, 0.0, 0.0)
    >>> round(cube.scale, 6), round(cube.cavity, 3), round(cube.top, 6), cube.attached
    (10.0, 14.516, 12.2, True)
    """
    small = min(height, width)
    large = min(max(height, width), SLENDEST * small)
    scale = float(np.cbrt(small * small * large))
    wide = width / height
    long = min(max(length / height, 0.3), 3.0)
    power = 0.3 if wide >= 1 else max(0.0, 0.3 * (wide - 0.33) / 0.67)
    cavity = 1.8 * width / (long**power * (1 + 0.24 * wide))
    return Wake(height, width, length, upwind, beside, scale, cavity, height + 0.22 * scale, 0.9 * scale < length)


@compiled
def bounds(of: Wake, along: float) -> tuple[float, float]:
    """Return how high a wake is, and how far it reaches on each side; of none upwind of the building. [m]"""
    if along <= 0:
        return 0.0, 0.0
    way = along / of.scale
    start = of.height / (_HIGH * of.scale)
    high = _HIGH * of.scale * float(np.cbrt(way + start * start * start))
    return high, 0.5 * of.width + of.scale / 3 * float(np.cbrt(way))


@compiled
def cavity_bounds(of: Wake, along: float) -> tuple[float, float]:
    """Return the same of the cavity; none upwind of the building, or beyond the cavity's end. [m]"""
    end = of.length + of.cavity
    if along < 0 or along >= end:
        return 0.0, 0.0
    side = 0.5 * of.width + of.scale / 3
    if along <= of.scale:
        aside = side - (along - of.scale) ** 2 / (3 * of.scale)
    else:
        aside = side * _ellipse((along - of.scale) / (end - of.scale))
    if of.attached:
        high = of.height if along <= of.length else of.height * _ellipse((along - of.length) / of.cavity)
    elif along <= 0.5 * of.scale:
        high = of.top + 4 * (along - 0.5 * of.scale) ** 2 * (of.height - of.top) / of.scale**2
    else:
        high = of.top * _ellipse((along - 0.5 * of.scale) / (end - 0.5 * of.scale))
    return high, aside


@compiled
def _ellipse(part: float) -> float:
    return float(np.sqrt(1 - part * part))


@compiled
def where(of: Wake, along: float, beside: float, height: float) -> int:
    """Return in which part of a wake a place lies."""
    if along <= 0:
        return OUTSIDE
    aside = abs(beside)
    if along < _SKIN * of.length and aside < _SKIN * 0.5 * of.width and height < _SKIN * of.height:
        return INSIDE
    high, wide = cavity_bounds(of, along)
    if along < of.length + of.cavity and height <= high and aside <= wide:
        return CAVITY
    high, wide = bounds(of, along)
    return FAR if height <= high and aside <= wide else OUTSIDE


@compiled
def slowed(of: Wake, along: float, beside: float, height: float) -> tuple[float, float]:
    """Return which part of the wind is left in a wake, and how that grows with height. [1], [m⁻¹]

    As much everywhere in the cavity; above it more by the metre, up to all at the top of the wake.
    """
    high, wide = bounds(of, along)
    aside = abs(beside)
    if height >= high or aside >= wide:
        return 1.0, 0.0
    low, _ = cavity_bounds(of, along)
    lost = DEFICIT
    inner = max(0.5 * of.width, wide - of.scale / 3)
    if aside > inner:
        lost *= 1 - (aside - inner) / (wide - inner)
    lost /= float(np.cbrt(max(0.0, along - of.length) / of.scale + 1)) ** 2
    if along < of.length:
        lost *= along / of.length
    left = max(0.0, 1 - 2 * high * lost / (high + low))
    more = (1 - left) / (high - low) if height > low else 0.0
    return max(STILL, left + more * (height - low)), more


@compiled
def slope(of: Wake, along: float, beside: float, height: float) -> float:
    """Return how the air rises in front of and over a building, and sinks behind it: metres up for each metre on."""
    aside = abs(beside)
    edge = 0.5 * of.width
    if along < -of.scale or aside > edge + of.scale / 3:
        return 0.0
    whole = _slope_in_the_middle(of, along, height)
    return whole if aside <= edge else whole * (1 + 3 / of.scale * (edge - aside))


@compiled
def _slope_in_the_middle(of: Wake, along: float, height: float) -> float:
    over = max(height - of.height, 0.0) / of.scale + 1
    lift, half = of.top - of.height, 0.5 * of.scale
    if along < 0:
        foot = _FOOT * (of.height if of.scale <= of.height else 2 * of.height - of.scale)
        if height <= of.height and height <= foot:
            return 0.0
        return 2 * lift * (along + of.scale) / of.scale**2 / over**3
    if along <= half:
        return 4 * lift / of.scale * (1 - 2 * along / of.scale) / over**3
    way = of.length - half + of.cavity
    if along <= of.length + of.cavity:
        down = lift * (of.scale - 2 * along) / way**2
    else:
        down = -2 * lift / way / ((along - of.length - of.cavity) / of.scale + 1)
    if height > of.height:
        return down / over
    if height <= 0:
        return 0.0
    slender = of.height / of.width
    power = 0.3 * (0.5 * slender) ** 2 if slender >= 2 else 0.3
    return float(down * (height / of.height) ** power)


@compiled
def captured_spread(of: Wake, wide: float, roof: float, mouth: float) -> tuple[float, float]:
    """Return the σy and σz on the ground in a cavity that give what it holds of a plume as wide as that. [m]

    Parameters
    ----------
    wide
        σy of the plume where it gets in. [m]
    roof, mouth
        Wind at the top of the building, and at that of the stack. [m s⁻¹]
    """
    caught = min(ROOT * wide, of.width)
    across = max(min(of.width, 3 * of.height), of.height / 3, caught)
    high = of.height if of.attached else of.top
    return across / ROOT, 2 / ROOT * roof / mouth * high / 3
