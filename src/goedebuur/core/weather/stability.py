"""How the wind near the ground depends on whether the air is warmed or cooled from below."""

from __future__ import annotations

from typing import Final

import numpy as np

from goedebuur.core.weather.sun import Floats

KARMAN: Final = 0.4
"""Von Kármán's constant."""


def of_momentum(eta: Floats) -> Floats:
    """Return what stability takes from the logarithm of the wind profile, for height ÷ Obukhov length.

    References
    ----------
    Unstable: Paulson (1970) with 16. Stable: Beljaars and Holtslag (1991), J. Appl. Meteor. 30, 327-341, with the
    constants 0.7, 0.75, 5 and 0.35.

    Examples
    --------
    By hand: −0.7 + 9.97 · e^(−0.35) − 10.72 = −4.394; with x = 17^¼ = 2.0305 it is ln(9.184 · 5.123 ÷ 8) − 2 · 1.1131
    + 1.5708 = 1.116.

    >>> of_momentum(np.array([0.0, 1.0, -1.0])).round(3).tolist()
    [0.0, -4.394, 1.116]
    """
    x = np.sqrt(np.sqrt(1 - 16 * np.minimum(eta, 0)))
    unstable = np.log((1 + x) ** 2 * (1 + x**2) / 8) - 2 * np.arctan(x) + np.pi / 2
    high = np.maximum(eta, 0)
    stable = -0.7 * high - (0.75 * high - 10.72) * np.exp(-0.35 * np.minimum(high, 2000)) - 10.72
    return np.where(eta < 0, unstable, stable)
