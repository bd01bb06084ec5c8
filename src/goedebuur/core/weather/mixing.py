"""How high the air is mixed, hour by hour: by wind, and by the heat that the ground gave off since the morning.

References
----------
EPA-454/R-03-004, section 3.2 (Zilitinkevich 1972; Venkatram 1980); Carson (1973), Quart. J. Roy. Meteor. Soc. 99, with
the entrainment of Weil and Brower (1983). The factor of what wind mixes is the 2400 of AERMET's own surface files.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.fluxes import DENSITY, HEAT_OF_AIR
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY

BY_FRICTION: Final = 2400.0
"""Height that wind mixes in the end, over u*^1.5. [m (m s⁻¹)^-1.5]"""
FOLLOWS: Final = 2.0
"""How fast the height follows: after itself ÷ (2 u*)."""
ENTRAINED: Final = 0.2
"""Heat from above, as part of the heat from the ground."""
HIGHEST: Final = 4000.0
"""Above which a layer is not taken to be mixed. [m]"""
HOUR: Final = 3600.0


def by_wind(friction: Floats) -> Floats:
    """Return the height that wind mixes, of hours in a row, shape (n,). [m]

    It starts at what the wind mixes in the end, and again after an hour of which the friction velocity is NaN.

    Parameters
    ----------
    friction
        [m s⁻¹]

    Examples
    --------
    By hand, of 0.5 and 0.2 m/s: 2400 · 0.5^1.5 = 848.5; it falls to 214.7 with a time of 848.5 ÷ 0.4 = 2121 s:
    848.5 e^(−1.697) + 214.7 (1 − e^(−1.697)) = 330.8.

    >>> by_wind(np.array([0.5, 0.2, np.nan, 0.2])).round(1).tolist()
    [848.5, 330.8, nan, 214.7]
    """
    end = np.minimum(BY_FRICTION * friction**1.5, HIGHEST)
    found = np.full(len(friction), np.nan)
    before = np.nan
    for number, one in enumerate(end):
        if np.isfinite(one):
            kept = np.exp(-HOUR * FOLLOWS * friction[number] / before) if np.isfinite(before) else 0.0
            found[number] = (before if kept else 0.0) * kept + one * (1 - kept)
        before = found[number]
    return found


def by_heat(sensible: Floats, dark: npt.NDArray[np.bool_], gradient: float) -> Floats:
    """Return the height that heat mixes, of hours in a row, shape (n,); NaN where the ground does not warm the air. [m]

    The heat since the last dark hour fills a layer in which it got warmer by `gradient` a metre. An hour in which the
    ground takes heat adds nothing. Where an hour before it on that day is not known, neither is the height.

    Parameters
    ----------
    sensible
        From the ground into the air. [W m⁻²]
    dark
        Whether there is no sunlight.
    gradient
        Of potential temperature in the morning, before the ground warms the air. [K m⁻¹]

    Examples
    --------
    By hand, 100 W/m² for an hour, 0.005 K/m: √(2 · 1.4 · 360,000 ÷ (1.2374 · 1005 · 0.005)) = 402.6; after two hours √2
    as high, also with an hour between that adds nothing; after one that is not known there is none that day.

    >>> heat = np.array([-10.0, 100.0, -5.0, 100.0, np.nan, 100.0, -5.0, 100.0])
    >>> dark = np.array([True, False, False, False, False, False, True, False])
    >>> by_heat(heat, dark, 0.005).round(1).tolist()
    [nan, 402.6, nan, 569.4, nan, nan, nan, 402.6]
    """
    found = np.full(len(sensible), np.nan)
    heat = np.nan
    for number, one in enumerate(sensible):
        if dark[number]:
            heat = 0.0
        elif not np.isfinite(one):
            heat = np.nan
        heat += max(one, 0.0) * HOUR if np.isfinite(one) else 0.0
        if one > 0 and np.isfinite(heat):
            deep = np.sqrt(2 * (1 + 2 * ENTRAINED) * heat / (DENSITY * HEAT_OF_AIR * gradient))
            found[number] = min(deep, HIGHEST)
    return found


def convective_scale(sensible: Floats, mixed: Floats, temperature: Floats) -> Floats:
    """Return w*; NaN where the ground does not warm the air. [m s⁻¹]

    Parameters
    ----------
    sensible
        [W m⁻²]
    mixed
        Height that heat mixes. [m]
    temperature
        [K]

    Examples
    --------
    By hand: (9.80616 ÷ 290 · 100 ÷ (1.2374 · 1005) · 1000)^⅓ = 1.396.

    >>> heat, mixed, warmth = np.array([100.0, -5.0]), np.array([1000.0, np.nan]), np.array([290.0, 290.0])
    >>> convective_scale(heat, mixed, warmth).round(3).tolist()
    [1.396, nan]
    """
    warm = np.where(sensible > 0, sensible, np.nan)
    return np.cbrt(GRAVITY / temperature * warm / (DENSITY * HEAT_OF_AIR) * mixed)
