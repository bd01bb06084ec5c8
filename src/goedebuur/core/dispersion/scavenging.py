"""How fast rain washes particles and gases out of the air.

References
----------
Wesely, Doskey and Shannon (2002), ANL/ER/TR-01/003; what a drop collects: Slinn (1984), Seinfeld and Pandis (1998),
Atmospheric Chemistry and Physics, section 20.3; EPA-454/R-03-004, addendum on deposition.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from goedebuur.core.dispersion import substances
from goedebuur.core.dispersion.deposition import schmidt, stopping
from goedebuur.core.dispersion.substances import FineParticles, Gas, Particles
from goedebuur.core.dispersion.surface import Surface, viscosity
from goedebuur.core.weather.sun import Floats

_GAS: Final = 8.3145
"""Molar gas constant. [J mol⁻¹ K⁻¹]"""
_WATER: Final = 1e6
"""Density of water. [g m⁻³]"""
_AN_HOUR: Final = 3600.0


def radius(rain: Floats) -> Floats:
    """Return the radius of drops. [cm] of [mm h⁻¹]"""
    return np.asarray(rain**0.232 / 18.11, np.float64)


def fall(rain: Floats) -> Floats:
    """Return how fast drops fall. [m s⁻¹] of [mm h⁻¹]"""
    return np.asarray(3.75 * rain**0.111, np.float64)


def particles(surface: Surface, what: Particles | FineParticles, depth: Floats) -> Floats:
    """Return which part of particles rain washes out in a second, of shape (n, sizes). [s⁻¹]

    Parameters
    ----------
    depth
        Of the air out of which it falls, of shape (n,). [m]
    """
    wet = surface.rain > 0
    rain = np.where(wet, surface.rain, 1.0)[:, None]
    drop = radius(rain)
    if isinstance(what, FineParticles):
        washed = 1e5 * (what.diameter * what.fine + 6.0 * (1 - what.fine))
        collected = 0.02 * drop * washed / (1.5 * depth[:, None])
    else:
        collected = _collected(surface, what, rain)
    rate = 1.5 * np.minimum(collected, 1.0) * rain / (2 * drop * 10 * _AN_HOUR)
    return np.where(np.isnan(surface.rain), np.nan, np.where(wet, 1.0, 0.0))[:, None] * rate


def _collected(surface: Surface, what: Particles, rain: Floats) -> Floats:
    """Return which part of the particles in its way a drop collects: that spread to it, touch it and hit it."""
    drop, speed = radius(rain) * 0.01, fall(rain)
    size, density = np.array(what.diameters), np.array(what.densities)
    flow = drop * speed / viscosity(surface)[:, None]
    number = schmidt(surface, what)
    spread = 4 / (flow * number) * (1 + 0.4 * np.sqrt(flow) * np.cbrt(number) + 0.16 * np.sqrt(flow * number))
    ratio = size * 1e-6 / (2 * drop)
    touched = 4 * ratio * (1.81e-2 + ratio * (1 + 2 * np.sqrt(flow)))
    stokes = stopping(what) * (speed - substances.falling(size, density)) / drop
    logged = np.log1p(flow)
    over = stokes - np.minimum((1.2 + logged / 12) / (1 + logged), stokes)
    hit = (over / (over + 2 / 3)) ** 1.5 * np.sqrt(1 / density)
    return np.asarray(spread + touched + hit, np.float64)


def gas(surface: Surface, what: Gas, depth: Floats) -> Floats:
    """Return which part of a gas rain washes out in a second, of shape (n,). [s⁻¹]

    A drop takes up as much as it can hold, or as much as it has time for.

    Parameters
    ----------
    depth
        Of the air out of which it falls, of shape (n,). [m]
    """
    wet = surface.rain > 0
    rain = np.where(wet, surface.rain, 1.0)
    drop, content = radius(rain), rain**0.889 / 13.28
    held = _GAS * surface.temperature / what.henry
    share = 1 + content * held / _WATER
    around = 80 * drop + 1
    inside = np.select([drop < 0.01, drop <= 0.05], [1.0, 2.6], 20.0)
    time = (
        drop**2 * held / (3 * what.in_air * around)
        + 4 * drop * held / (3 * 50_000 * 0.01)
        + drop**2 * 0.17 / (3 * what.in_water * inside)
    ) / share
    full = np.minimum(depth / fall(rain) / time, 1.0)
    rate = full * held * rain / (_AN_HOUR * depth * 1e3 * share)
    return np.where(np.isnan(surface.rain), np.nan, np.where(wet, rate, 0.0))
