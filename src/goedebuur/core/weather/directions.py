"""From where the wind blows over an hour, from what is told at its end in tens of degrees."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.sun import Floats

CLASS: Final = 10.0
"""In which directions are told. [°]"""
GOLDEN: Final = 0.6180339887498949
"""Part of a class by which the next hour is further: hours in a row fill a class evenly, always in the same way."""
NONE: Final = 1e-6
"""Length of the mean of two directions that are opposite."""


def spread(told: Floats, number: npt.NDArray[np.int64]) -> Floats:
    """Return directions that are told in a class, each somewhere in it. [°]

    Parameters
    ----------
    told
        [°]
    number
        Of the hour, counted from anywhere that stays.
    """
    return np.asarray((told + CLASS * (number * GOLDEN % 1 - 0.5)) % 360, np.float64)


def over_hours(told: Floats) -> Floats:
    """Return directions over hours in a row: halfway that of the end of the hour and that of its beginning. [°]

    KNMI's is of the last ten minutes of an hour. Where there was none at the beginning, or the opposite, it is that of
    the end; without one at the end there is none.

    Examples
    --------
    By hand: halfway 350 and 20 is 5; nothing lies halfway 90 and 270.

    >>> over_hours(np.array([350.0, 20.0, 90.0, 270.0, np.nan, 30.0])).round(6).tolist()
    [350.0, 5.0, 55.0, 270.0, nan, 30.0]
    """
    before = np.concatenate([[np.nan], told[:-1]])
    angles = np.radians(np.stack([np.where(np.isfinite(before), before, told), told]))
    east, north = np.sin(angles).mean(axis=0), np.cos(angles).mean(axis=0)
    mean = np.degrees(np.arctan2(east, north)) % 360
    return np.asarray(np.where(np.hypot(east, north) < NONE, told, mean), np.float64)
