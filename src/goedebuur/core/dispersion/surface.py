"""What the air near the ground must be known to be, hour by hour, to say what comes down: rain, humidity and sunlight.

References
----------
Wesely, Doskey and Shannon (2002), ANL/ER/TR-01/003; sunlight turned back from the heat that the ground gives off:
Holtslag and van Ulden (1983), J. Clim. Appl. Meteor. 22, 517-529.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats

ABOVE: Final = 1.0
"""Over the roughness, where what comes down to the ground is measured. [m]"""
FREEZING: Final = 273.16
"""[K]"""
_FULL: Final = 200.0
_START: Final = 180.0
"""Water that roots can reach where the ground is wet, and before the first hour. [mm]"""


@dataclass(frozen=True, slots=True)
class Surface:
    """Hours near the ground, in their order; each of shape (n,), NaN where it is not known.

    Parameters
    ----------
    friction, obukhov, roughness, convective
        [m s⁻¹], [m], [m], w* [m s⁻¹] where the ground warms the air.
    temperature, pressure, humidity
        [K], [hPa], [%]
    rain
        Precipitation in the hour. [mm]
    frozen
        Whether it fell as snow or ice.
    cloud
        [tenths]
    sensible, bowen, albedo
        Heat given off [W m⁻²], over that by water [1], and which part of the sunlight is thrown back [1].
    hour, month
        1 to 24, 1 to 12.
    roots, wetted
        How wet the ground is to roots, 0.01 to 1, and whether rain fell in the hour or the two before it.

    Raises
    ------
    ValueError
        For not as many hours of each.
    """

    friction: Floats
    obukhov: Floats
    roughness: Floats
    convective: Floats
    temperature: Floats
    pressure: Floats
    humidity: Floats
    rain: Floats
    frozen: npt.NDArray[np.bool_]
    cloud: Floats
    sensible: Floats
    bowen: Floats
    albedo: Floats
    hour: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    roots: Floats
    wetted: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        shapes = {one.name: np.shape(getattr(self, one.name)) for one in fields(self)}
        if len(set(shapes.values())) > 1:
            raise ValueError(f"not as many hours of each: {shapes}")

    def part(self, first: int, count: int) -> Surface:
        """Return some of the hours."""
        return Surface(**{one.name: getattr(self, one.name)[first : first + count] for one in fields(self)})

    @property
    def height(self) -> Floats:
        """Return where the concentration is that comes down. [m]"""
        return self.roughness + ABOVE


_WARM: Final = 3.167
"""Pressure of saturated water vapour at 25 °C. [kPa]"""


def saturated(temperature: Floats) -> Floats:
    """Return the pressure of water vapour that is saturated. [kPa] of [K]"""
    return np.asarray(0.6112 * np.exp(19.83 - 5417.4 / temperature), np.float64)


def viscosity(surface: Surface) -> Floats:
    """Return the kinematic viscosity of air. [m² s⁻¹]"""
    pressure = surface.pressure / 10
    ratio = (surface.temperature / FREEZING) ** 1.772 * pressure / 101.3
    return np.asarray(0.1505e-4 * ratio * (1 + 0.0132 * (pressure - 101.3)), np.float64)


def aerodynamic(surface: Surface) -> Floats:
    """Return what the air between the ground and :attr:`Surface.height` holds back. [s m⁻¹]

    Examples
    --------
    Neutral, by hand: ln(1.1 ÷ 0.1) ÷ (0.4 · 0.5) = 11.99.
    """
    over, rough, obukhov = surface.height, surface.roughness, surface.obukhov
    unstable = obukhov < 0
    cold, warm = np.where(unstable, 1e9, obukhov), np.where(unstable, obukhov, -1e9)
    high, low = np.sqrt(1 - 16 * over / warm), np.sqrt(1 - 16 * rough / warm)
    mixed = np.log((high - 1) * (low + 1) / ((high + 1) * (low - 1)))
    held = np.log(over / rough) + 5 * over / cold
    return np.asarray(np.where(unstable, mixed, held) / (KARMAN * surface.friction), np.float64)


def lacking_vapour(surface: Surface) -> tuple[Floats, Floats]:
    """Return how much water vapour the air lacks: its pressure [kPa], and its part of the air, at least 0.001 g/kg."""
    humid = np.clip(surface.humidity, 5.0, 100.0) / 100
    full, pressure = saturated(surface.temperature), surface.pressure / 10

    def part(vapour: Floats) -> Floats:
        return np.asarray(622 * vapour / (pressure - 0.378 * vapour), np.float64)

    lacks = part(full) - part(humid * full)
    return (1 - humid) * full, np.where(lacks <= 0, 0.001, lacks)


def sunlight(surface: Surface) -> Floats:
    """Return the sunlight that goes with the heat that the ground gives off, none where that warms no air. [W m⁻²]"""
    kelvin = surface.temperature
    net = (1 + 1 / np.where(surface.bowen == 0, np.inf, surface.bowen)) * surface.sensible / 0.9
    lit = (surface.obukhov < 0) & (surface.albedo < 1)
    taken = net * 1.12 - 5.31e-13 * kelvin**6 + 5.67e-8 * kelvin**4 - 6 * surface.cloud
    return np.where(lit, taken / np.where(lit, 1 - surface.albedo, 1.0), 0.0)


def moisture(rain: Floats, temperature: Floats) -> Floats:
    """Return how wet the ground is to roots, 0.01 to 1, over hours in a row, of shape (n,).

    An hour gets the rain of the hour before and loses by transpiration; one of which rain or temperature is not known
    changes nothing.

    Examples
    --------
    By hand: es(298 K) ÷ 3.167 = 0.9852, so that (180 − 0.5 · 0.9 · 0.9852) ÷ 200 = 0.8978, and then with 3 mm
    (179.557 + 3 − 0.5 · 0.8978 · 0.9852) ÷ 200 = 0.9106.

    >>> [round(float(one), 4) for one in moisture(np.array([3.0, 0.0]), np.array([298.0, 298.0]))]
    [0.8978, 0.9106]
    """
    found = np.empty(len(rain))
    water, wet = _START, _START / _FULL
    before = np.nan_to_num(_before(rain, 1))
    lost = saturated(temperature) / _WARM
    for number in range(len(found)):
        if np.isfinite(lost[number]) and np.isfinite(rain[number]):
            water += before[number] - 0.5 * wet * lost[number]
            wet = min(max(water / _FULL, 0.01), 1.0)
        found[number] = wet
    return found


def wetted(rain: Floats) -> npt.NDArray[np.bool_]:
    """Return whether rain fell in an hour or the two before it."""
    fell = np.nan_to_num(rain)
    return np.asarray(fell + _before(fell, 1) + _before(fell, 2) > 0)


def _before(values: Floats, hours: int) -> Floats:
    return np.concatenate([np.zeros(min(hours, len(values))), values[:-hours]])
