"""What a source lets out, as far as it says what becomes of it on its way: particles by size, or a gas.

References
----------
Wesely, Doskey and Shannon (2002), Deposition Parameterizations for the Industrial Source Complex (ISC3) Model,
ANL/ER/TR-01/003; EPA-454/R-03-004, addendum on deposition.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from goedebuur.core.dispersion.stacks import require_within
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY

MOST: Final = 20
"""Sizes of particles."""
CLOSE: Final = 0.02
"""How far the parts of sizes together may be from all."""
_AIR: Final = 1.2e-3
"""Density of air. [g cm⁻³]"""
_VISCOSITY: Final = 1.81e-4
"""Of air. [g cm⁻¹ s⁻¹]"""
_PATH: Final = 6.5e-6
"""Mean free path in air. [cm]"""
_CM: Final = 1e-4
"""A micrometre in centimetres."""


@dataclass(frozen=True, slots=True)
class Particles:
    """Particles of which the sizes are known.

    Parameters
    ----------
    diameters
        Of each size. [µm]
    fractions
        Which part of the mass each size is; together one, within 2 %.
    densities
        [g cm⁻³]

    Raises
    ------
    ValueError
        For none or too many sizes, lists of different lengths, a number that none can have, or fractions that are not
        one together.
    """

    diameters: tuple[float, ...]
    fractions: tuple[float, ...]
    densities: tuple[float, ...]
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "diameters": (1e-3, 1000.0),
        "fractions": (0.0, 1.0),
        "densities": (0.01, 25.0),
    }

    def __post_init__(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in self.LIMITS}
        if len(set(lengths.values())) > 1:
            raise ValueError(", ".join(f"{count} {name}" for name, count in lengths.items()) + ", not as many of each")
        if not 1 <= len(self.diameters) <= MOST:
            raise ValueError(f"{len(self.diameters)} sizes, not 1 to {MOST}")
        for name, (least, most) in self.LIMITS.items():
            for number, value in enumerate(getattr(self, name), 1):
                if not least <= value <= most:
                    raise ValueError(f"{name} {number}: {value} is not from {least:g} to {most:g}")
        if abs(sum(self.fractions) - 1) > CLOSE:
            raise ValueError(f"fractions are {sum(self.fractions):g} together, not 1")


@dataclass(frozen=True, slots=True)
class FineParticles:
    """Particles of which only the part that is fine, up to 2.5 µm, and their mean size are known.

    Parameters
    ----------
    fine
        Which part of the mass is fine. [1]
    diameter
        Mean diameter by mass. [µm]

    Raises
    ------
    ValueError
        For a number that none can have.
    """

    fine: float
    diameter: float
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {"fine": (0.0, 1.0), "diameter": (1e-3, 1000.0)}

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)


@dataclass(frozen=True, slots=True)
class Gas:
    """A gas that ground, plants and rain take up.

    Parameters
    ----------
    in_air, in_water
        Diffusivity. [cm² s⁻¹]
    cuticle
        Resistance of the cuticle of leaves to uptake by lipids. [s cm⁻¹]
    henry
        Coefficient of Henry's law. [Pa m³ mol⁻¹]
    reactivity
        0 for most, 0.1 for NO2, 1 for ozone, divalent mercury and TiCl4.

    Raises
    ------
    ValueError
        For a number that none can have.
    """

    in_air: float
    in_water: float
    cuticle: float
    henry: float
    reactivity: float = 0.0
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "in_air": (1e-4, 10.0),
        "in_water": (1e-8, 1.0),
        "cuticle": (1e-6, 1e12),
        "henry": (1e-12, 1e10),
        "reactivity": (0.0, 1.0),
    }

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)


def slip(diameter: Floats) -> Floats:
    """Return how much faster a small particle falls, since air is no continuum to it; of µm. [1]"""
    size = diameter * _CM
    return np.asarray(1 + 2 * _PATH * (1.257 + 0.4 * np.exp(-0.55 * size / _PATH)) / size, np.float64)


def falling(diameter: Floats, density: Floats) -> Floats:
    """Return how fast particles fall in still air. [m s⁻¹]

    Parameters
    ----------
    diameter, density
        [µm], [g cm⁻³]

    Examples
    --------
    By hand, 10 µm of 1 g cm⁻³: slip 1 + 2 · 6.5e-6 · 1.257 ÷ 1e-3 = 1.01634, and
    (1 − 0.0012) · 9.80616 · 1e-6 · 1.01634 ÷ (18 · 1.81e-4) = 0.003055.

    >>> round(float(falling(np.array([10.0]), np.array([1.0]))[0]), 6)
    0.003055
    """
    heavier = np.maximum(density - _AIR, 0.0)
    return np.asarray(heavier * GRAVITY * (diameter * _CM) ** 2 * slip(diameter) / (18 * _VISCOSITY), np.float64)


def decay_of(half_life: float) -> float:
    """Return the rate of what halves in a time. [s⁻¹] of [s]

    Raises
    ------
    ValueError
        For a time that is not above zero.

    Examples
    --------
    Sulphur dioxide in towns, four hours: ln 2 ÷ 14,400 = 4.81e-5.

    >>> round(decay_of(14400.0), 7)
    4.81e-05
    """
    if not (half_life > 0 and math.isfinite(half_life)):
        raise ValueError(f"half life {half_life} is not above 0")
    return math.log(2) / half_life
