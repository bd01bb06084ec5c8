"""How high the sun stands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]


def sine_of_elevation(moments: Moments, latitude: float, longitude: float) -> Floats:
    """Return the sine of the height of the sun above the horizon; below zero it is under.

    Parameters
    ----------
    moments
        In UTC, shape (n,).
    latitude, longitude
        Degrees north, degrees east.

    References
    ----------
    Holtslag and Van Ulden (1983), J. Climate Appl. Meteor. 22, 517-529, appendix: months count as 30 days.

    Examples
    --------
    Noon of 15 June at 52° north: 90 − 52 + 23.36 = 61.36°, whose sine is 0.878.

    >>> sine_of_elevation(np.array(["2021-06-15T11:40"], "M8[m]"), 52, 5).round(3).tolist()
    [0.878]
    """
    day, month = moments.astype("M8[D]"), moments.astype("M8[M]")
    number = 30.0 * (month.astype(np.int64) % 12) + (day - month.astype("M8[D]")).astype(np.int64) + 1
    hours = (moments.astype("M8[s]") - day.astype("M8[s]")).astype(np.int64) / 3600
    term = 0.033 * np.sin(0.0175 * number)
    of_the_sun = 4.871 + 0.0175 * number + term
    sine = 0.398 * np.sin(of_the_sun)
    cosine = np.sqrt(1 - sine**2)
    angle = np.radians(longitude) + 0.043 * np.sin(2 * of_the_sun) - term + 0.262 * hours - np.pi
    there = np.radians(latitude)
    return np.asarray(sine * np.sin(there) + cosine * np.cos(there) * np.cos(angle), np.float64)
