"""What the ground gains and loses by radiation, from the sun's height, clouds, and measured sunlight where it is."""

from __future__ import annotations

from typing import Final

import numpy as np

from goedebuur.core.weather.sun import Floats

STEFAN_BOLTZMANN: Final = 5.67e-8
"""[W m⁻² K⁻⁴]"""
REFERENCE: Final = 283.0
"""Temperature about which the exchange is made linear. [K]"""
ALBEDO: Final = 0.23
"""Of short grass."""
LOWEST: Final = 0.03
"""Sine of the sun's height under which there is no sunlight."""


def sunlight(sine: Floats, cloud: Floats, measured: Floats) -> Floats:
    """Return the sunlight that reaches the ground: as measured, else from the sun's height and the clouds. [W m⁻²]

    Parameters
    ----------
    sine
        Of the sun's height, shape (n,).
    cloud
        Part of the sky that is covered, 0 to 1.
    measured
        [W m⁻²]; NaN where nothing was measured.

    References
    ----------
    Holtslag and Van Ulden (1983), with 990, −30, 0.75 and 3.4 for De Bilt.
    """
    reckoned = (990 * sine - 30) * (1 - 0.75 * np.clip(cloud, 0, 1) ** 3.4)
    return np.where(
        sine < LOWEST, np.where(measured > 0, measured, 0.0), np.where(np.isnan(measured), reckoned, measured)
    )


def isothermal_net(sine: Floats, cloud: Floats, sunlight: Floats) -> Floats:
    """Return the net radiation that there would be if the ground were as warm as the air. [W m⁻²]

    References
    ----------
    Van Ulden and Holtslag (1985), J. Climate Appl. Meteor. 24, 1196-1207, equations 13 to 17.

    Examples
    --------
    By hand, a clear night: −5.67e-8 · 283⁴ · (1 − 9.35e-6 · 283²) = −363.68 · 0.25117 = −91.34.

    >>> night = np.array([-0.5])
    >>> isothermal_net(night, np.array([0.0]), np.array([0.0])).round(2).tolist()
    [-91.35]
    """
    short = np.where(sine < LOWEST, 0.0, sunlight * (1 - ALBEDO))
    long = -STEFAN_BOLTZMANN * REFERENCE**4 * (1 - 9.35e-6 * REFERENCE**2) + 60 * cloud
    return np.asarray(short + long, np.float64)
