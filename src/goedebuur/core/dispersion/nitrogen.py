"""How much of the nitrogen oxides is NO2, as far as there is ozone for it: the ozone limiting method.

What leaves the stack as NO2 stays that; of the NO as much becomes NO2 as there is ozone, at once, over all sources
together.

References
----------
Cole and Summerhays (1979), J. Air Pollut. Control Assoc. 29, 812-817; EPA-454/R-03-004, and EPA's user's guide of
AERMOD, OLMGROUP ALL and NO2EQUIL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from goedebuur.core.weather.sun import Floats

NO2: Final = 46.0
OZONE: Final = 48.0
"""[g mol⁻¹]"""
EQUILIBRIUM: Final = 0.9
"""Most that NO2 is of nitrogen oxides, in the sun."""


class Converted(NamedTuple):
    """What is NO2.

    Parameters
    ----------
    nitrogen_dioxide
        [µg m⁻³], shape (n, m); NaN in hours without ozone.
    without_ozone
        In how many hours it is not known.
    """

    nitrogen_dioxide: Floats
    without_ozone: int


def ozone_limited(
    nitrogen_oxides: Sequence[Floats], in_stack: Sequence[float], ozone: Floats, equilibrium: float = EQUILIBRIUM
) -> Converted:
    """Return how much is NO2, of all sources together.

    Parameters
    ----------
    nitrogen_oxides
        Of each source what it brings, as if it all were NO2; each of shape (n, m). [µg m⁻³]
    in_stack
        Of each source which part of that leaves it as NO2.
    ozone
        Of the air that the plumes mix with, of shape (n,); NaN where it is not known. [µg m⁻³]
    equilibrium
        Most that NO2 is of it.

    Raises
    ------
    ValueError
        For not as many parts as sources, none of these, another number of hours, a part that is not from 0 to 1, or an
        ozone below zero.

    Examples
    --------
    Two sources of 100 and 60 µg/m³, of which 0.1 and 0.5 leave as NO2: 10 + 30 = 40, and with 48 µg/m³ ozone
    48 · 46 ÷ 48 = 46 more. With 200 µg/m³ there is enough for all NO, and 0.9 · 160 = 144 is NO2.

    >>> told = ozone_limited([np.full((3, 1), 100.0), np.full((3, 1), 60.0)], [0.1, 0.5], np.array([48, 200, np.nan]))
    >>> told.nitrogen_dioxide[:, 0].tolist(), told.without_ozone
    ([86.0, 144.0, nan], 1)
    """
    _require(nitrogen_oxides, in_stack, ozone, equilibrium)
    whole = np.zeros_like(nitrogen_oxides[0], np.float64)
    already = np.zeros_like(whole)
    for one, part in zip(nitrogen_oxides, in_stack, strict=True):
        whole += one
        already += part * one
    room = (ozone * NO2 / OZONE)[:, None]
    found = np.minimum(already + np.minimum(whole - already, room), equilibrium * whole)
    return Converted(np.where(np.isnan(room), np.nan, found), int(np.isnan(ozone).sum()))


def _require(nitrogen_oxides: Sequence[Floats], in_stack: Sequence[float], ozone: Floats, equilibrium: float) -> None:
    if len(nitrogen_oxides) != len(in_stack) or not nitrogen_oxides:
        raise ValueError(f"{len(in_stack)} parts of {len(nitrogen_oxides)} sources")
    for number, one in enumerate(nitrogen_oxides, 1):
        if one.shape != nitrogen_oxides[0].shape or len(one) != len(ozone):
            raise ValueError(f"source {number} has {one.shape} hours and receptors, beside {len(ozone)} hours of ozone")
    for number, part in enumerate((*in_stack, equilibrium), 1):
        if not 0 <= part <= 1:
            raise ValueError(f"part {number}: {part} is not from 0 to 1")
    if (ozone < 0).any():
        raise ValueError(f"ozone {ozone[ozone < 0][0]} is below 0")
