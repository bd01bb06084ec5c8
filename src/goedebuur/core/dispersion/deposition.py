"""How fast particles and gases come down to dry ground: resistances of the air, of what covers the ground, and falling.

References
----------
Wesely, Doskey and Shannon (2002), Deposition Parameterizations for the Industrial Source Complex (ISC3) Model,
ANL/ER/TR-01/003, tables 1 to 3; EPA-454/R-03-004, addendum on deposition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion import substances
from goedebuur.core.dispersion.stacks import require_within
from goedebuur.core.dispersion.substances import FineParticles, Gas, Particles
from goedebuur.core.dispersion.surface import (
    FREEZING,
    Surface,
    aerodynamic,
    lacking_vapour,
    sunlight,
    viscosity,
)
from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY

USES: Final = (
    *("urban, no plants", "farmland", "rangeland", "forest", "suburban, grass", "suburban, forest", "water", "desert"),
    "wetland",
)
"""How ground is used, 1 to 9."""
SEASONS: Final = ("midsummer", "autumn", "late autumn or winter without snow", "winter with snow", "spring")
"""Seasons of plants, 1 to 5."""
_NONE: Final = 1e7
"""Resistance through which as good as nothing goes. [s m⁻¹]"""
_SNOW, _FOREST, _SUBURBAN_FOREST = 4, 4, 6
_LIPIDS: Final[Floats] = np.array([1e-5, 6, 5, 7, 3, 4, 1e-5, 1e-5, 3])
"""How much leaf there is for lipids, for each use of the ground."""
STOMATA, SULPHUR, OZONE, CANOPY, GROUND_SULPHUR, GROUND_OZONE = range(6)
"""Rows of the table for each season: stomata, cuticle to SO2 and ozone, air in the canopy, ground to SO2 and ozone."""
_TABLE: Final[Floats] = np.array(
    [
        [
            [_NONE, 60, 120, 100, 200, 150, _NONE, _NONE, 80],
            [_NONE, 2000, 2000, 2000, 2000, 2000, _NONE, _NONE, 2500],
            [_NONE, 1000, 1000, 1000, 2000, 2000, _NONE, _NONE, 1000],
            [100, 200, 100, 2000, 100, 1500, 0, 0, 300],
            [400, 150, 350, 300, 500, 450, 0, 1000, 0],
            [300, 150, 200, 200, 300, 300, 2000, 400, 1000],
        ],
        [
            [_NONE, _NONE, _NONE, 350, _NONE, 700, _NONE, _NONE, _NONE],
            [_NONE, 6500, 6500, 3000, 2000, 2000, _NONE, _NONE, 6500],
            [_NONE, 400, 300, 500, 600, 1000, _NONE, _NONE, 300],
            [100, 150, 100, 1700, 100, 1200, 0, 0, 200],
            [400, 200, 350, 300, 500, 450, 0, 1000, 0],
            [300, 150, 200, 200, 300, 300, 2000, 400, 800],
        ],
        [
            [_NONE, _NONE, _NONE, 500, _NONE, 1000, _NONE, _NONE, _NONE],
            [_NONE, _NONE, 9000, 6000, 2000, 2000, _NONE, _NONE, 9000],
            [_NONE, _NONE, 400, 600, 800, 1600, _NONE, _NONE, 800],
            [100, 0, 100, 1500, 100, 1000, 0, 0, 100],
            [400, 150, 350, 300, 500, 450, 0, 0, 1000],
            [300, 150, 200, 200, 300, 300, 2000, 400, 1000],
        ],
        [
            [_NONE, _NONE, _NONE, 800, _NONE, 1600, _NONE, _NONE, _NONE],
            [_NONE, _NONE, _NONE, 400, _NONE, 800, _NONE, _NONE, 9000],
            [_NONE, 2000, 1000, 600, 2000, 1200, _NONE, _NONE, 800],
            [100, 0, 10, 1500, 100, 1000, 0, 0, 50],
            [100, 100, 100, 100, 200, 200, 0, 1000, 100],
            [600, 3500, 3500, 3500, 500, 500, 2000, 400, 3500],
        ],
        [
            [_NONE, 100, 120, 100, 200, 150, _NONE, _NONE, 80],
            [_NONE, 2000, 2000, 1500, 2000, 2000, _NONE, _NONE, 2000],
            [_NONE, 1000, 250, 350, 500, 700, _NONE, _NONE, 300],
            [100, 50, 80, 1500, 100, 1000, 0, 0, 200],
            [500, 150, 350, 300, 500, 450, 0, 1000, 0],
            [300, 150, 200, 200, 300, 300, 2000, 400, 1000],
        ],
    ]
)
"""Resistances of season, row and use. [s m⁻¹]"""
_COARSE: Final = 0.002
"""How fast coarse particles fall. [m s⁻¹]"""
_VAPOUR: Final = 0.219e-4
"""Diffusivity of water vapour in air. [m² s⁻¹]"""


@dataclass(frozen=True, slots=True)
class Cover:
    """What covers the ground.

    Parameters
    ----------
    uses
        Of :data:`USES`, 1 to 9: where the wind blows to within 10, 20 … 360°.
    seasons
        Of :data:`SEASONS`, 1 to 5, for each month of the year.
    autumn, spring
        How much leaf there is then, beside summer. [1]

    Raises
    ------
    ValueError
        For not 36 uses or 12 seasons, or a number that none can have.
    """

    uses: tuple[int, ...]
    seasons: tuple[int, ...]
    autumn: float = 0.5
    spring: float = 0.25
    LIMITS: ClassVar[dict[str, tuple[float, float]]] = {"autumn": (0.01, 1.0), "spring": (0.01, 1.0)}

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)
        for name, count, most in (("uses", 36, len(USES)), ("seasons", 12, len(SEASONS))):
            given = getattr(self, name)
            if len(given) != count:
                raise ValueError(f"{len(given)} {name}, not {count}")
            for number, value in enumerate(given, 1):
                if value not in range(1, most + 1):
                    raise ValueError(f"{name} {number}: {value} is not from 1 to {most}")

    def use(self, direction: Floats) -> npt.NDArray[np.int64]:
        """Return the use of the ground to where the wind blows, of the direction from which it does. [°]"""
        toward = (direction + 180.0) % 360.0
        sector = np.floor(np.nan_to_num(toward) * 0.1 + 0.4999).astype(np.int64)
        return np.asarray(self.uses, np.int64)[(sector - 1) % 36]

    def season(self, month: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the season of a month."""
        return np.asarray(self.seasons, np.int64)[month - 1]

    def leaf(self, use: npt.NDArray[np.int64], season: npt.NDArray[np.int64]) -> Floats:
        """Return how much leaf there is beside summer: that of forests itself, of the rest its root. [1]"""
        part = np.select([season == 2, season == 5], [self.autumn, self.spring], 1.0)
        return np.where(_is_forest(use), part, np.sqrt(part))


def particles(surface: Surface, what: Particles | FineParticles) -> Floats:
    """Return how fast particles come down, of shape (n, sizes). [m s⁻¹]

    Of fine and coarse ones it is one number: the mean by mass.
    """
    air = aerodynamic(surface)[:, None]
    friction = surface.friction[:, None]
    if isinstance(what, FineParticles):
        obukhov = surface.obukhov[:, None]
        held = 500 / (friction * (1 - 300 / np.where(obukhov < 0, obukhov, -np.inf)))
        fine = 1 / (air + held)
        coarse = _COARSE + 1 / (air + held + _COARSE * air * held)
        return np.asarray(what.fine * fine + (1 - what.fine) * coarse, np.float64)
    fall = substances.falling(np.array(what.diameters), np.array(what.densities))
    thick = viscosity(surface)[:, None]
    stokes = stopping(what) * friction**2 / thick
    hit = 10 ** (-3 / stokes)
    convective = np.where(surface.obukhov < 0, np.nan_to_num(surface.convective), 0.0)[:, None]
    gusts = 1 + 0.24 * convective**2 / friction**2
    layer = 1 / (gusts * friction * (schmidt(surface, what) ** (-2 / 3) + hit))
    return np.asarray(1 / (air + layer + air * layer * fall) + fall, np.float64)


def stopping(what: Particles) -> Floats:
    """Return how long particles go on by themselves. [s], shape (sizes,)"""
    return substances.falling(np.array(what.diameters), np.array(what.densities)) / GRAVITY


def schmidt(surface: Surface, what: Particles) -> Floats:
    """Return how much more viscous air is than particles spread by themselves, of shape (n, sizes). [1]"""
    size = np.array(what.diameters)
    spread = 8.09e-14 * surface.temperature[:, None] * substances.slip(size) / size
    return np.asarray(viscosity(surface)[:, None] / spread, np.float64)


def gas(surface: Surface, what: Gas, cover: Cover, direction: Floats) -> Floats:
    """Return how fast a gas comes down, of shape (n,). [m s⁻¹]

    Parameters
    ----------
    direction
        From which the wind blows at the mouth, of shape (n,). [°]
    """
    use, season = cover.use(direction), cover.season(surface.month)
    kelvin, friction = surface.temperature, surface.friction
    row = {kind: _TABLE[season - 1, kind, use - 1] for kind in range(6)}
    leaf = cover.leaf(use, season)
    vapour, lacks = lacking_vapour(surface)
    air, dew = aerodynamic(surface), _dew(surface, lacks)
    snowed = (season == _SNOW) & surface.frozen & (kelvin < FREEZING)
    wet = (dew | surface.wetted) & ~snowed
    air = np.where(wet & dew, np.maximum(air, 1000.0), air)
    frost = 1e3 * np.exp(-(kelvin - 269.2))
    sulphur = np.where(wet, 50.0, row[SULPHUR]) + frost
    ozone = np.where(wet, 0.75 * row[OZONE], row[OZONE]) + frost
    ground_sulphur = np.where(wet, 50.0, row[GROUND_SULPHUR]) + frost
    ground_ozone = row[GROUND_OZONE] + frost
    diffusivity, reactive, henry = what.in_air * 1e-4, what.reactivity, what.henry
    layer = 2.2 * (viscosity(surface) / diffusivity) ** (2 / 3) / (KARMAN * friction)
    open_to = _stomata(surface, row[STOMATA], use, vapour) * diffusivity / _VAPOUR
    stomata = np.minimum(row[STOMATA] / open_to, _NONE)
    inside = min(1 / (0.034 / henry + 100 * reactive), _NONE)
    lipids = np.maximum(100 * what.cuticle / (leaf * _LIPIDS[use - 1]) + frost, 100.0)
    cuticle = 1 / (1e-3 / (henry * sulphur) + (reactive + reactive**2 / henry) / ozone + 1 / lipids)
    ground = 1 / (1e-3 / (henry * ground_sulphur) + (reactive + 0.1 * reactive**2) / ground_ozone)
    canopy = 0.3 * row[CANOPY] / friction
    whole = 1 / (leaf / (stomata + inside) + leaf / cuticle + 1 / (canopy + np.minimum(ground, _NONE)))
    return np.asarray(1 / (air + layer + whole), np.float64)


def _dew(surface: Surface, lacks: Floats) -> npt.NDArray[np.bool_]:
    """Return whether dew wets the ground: at night, in humid air that is little mixed."""
    least = np.select([surface.cloud <= 2, surface.cloud >= 8], [0.45, 0.15], 0.30) / lacks
    return np.asarray((surface.friction < least) & ((surface.hour < 8) | (surface.hour > 19)))


def _stomata(surface: Surface, resistance: Floats, use: npt.NDArray[np.int64], vapour: Floats) -> Floats:
    """Return how far stomata are open: by sunlight, wet ground, humid air and temperature. [1]"""
    lit = sunlight(surface) / np.where(_is_forest(use), 30.0, 100.0)
    light = np.where(resistance == _NONE, 0.01, np.clip((lit + 0.01) / (lit + 1), 0.01, 1.0))
    humid = np.maximum(1 / (1 + 0.1 * vapour), 0.01)
    warm = np.maximum(1 - 0.0016 * (298.2 - surface.temperature) ** 2, 0.01)
    return np.asarray(light * surface.roots * humid * warm, np.float64)


def _is_forest(use: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.asarray((use == _FOREST) | (use == _SUBURBAN_FOREST))
