"""An invented year of air: background, traffic and plumes that follow the wind. Scenery, not science.

The plumes are Gaussian with Briggs' rural curves for neutral air (Briggs, 1973, ATDL Contribution 79), so that a
concentration rose points where it should. Everything else is shape and noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goedebuur.services.demo.region import EMISSION_POINTS, PLACES, EmissionPoint, Place
from goedebuur.services.demo.weather import Floats, Weather, day_of_year, hour_of_day, red_noise

SCALE: Final = 10
"""Values are whole tenths."""
Tenths = dict[tuple[str, str], NDArray[np.float64]]
"""Station and quantity → whole tenths an hour, NaN where there is no value."""
_BACKGROUND: Final = {
    # mean, winter swing, noise, memory [h]
    "pm10": (15.5, 3.0, 0.33, 30.0),
    "pm25": (8.6, 2.8, 0.40, 30.0),
    "no2": (13.0, 4.0, 0.35, 10.0),
    "so2": (1.0, 0.3, 0.50, 12.0),
    "h2s": (0.7, 0.1, 0.40, 12.0),
    "bc": (0.6, 0.2, 0.40, 12.0),
    "o3": (49.0, -14.0, 0.16, 14.0),
}
_TRAFFIC: Final = {"pm10": 4.0, "pm25": 1.5, "no2": 21.0, "bc": 0.9}
_LONG_GAPS: Final = {
    ("SIM05", "pm25"): slice(3_400, 5_200),  # eleven weeks of instrument failure
    ("SIM11", "so2"): slice(0, 2_300),  # a station that began in April
    ("SIM07", "no2"): slice(6_000, 6_500),
}
_AREA: Final = {"stad": 1.15, "voorstad": 1.05, "regionaal": 0.88}


def simulate(random: np.random.Generator, weather: Weather, places: Sequence[Place] = PLACES) -> Tenths:
    """Return the hourly means at the stations, complete: what goes missing is left to :func:`lose`."""
    hours = weather.hours
    hour, day = hour_of_day(weather.start, hours), day_of_year(weather.start, hours)
    winter = np.cos(2 * np.pi * (day - 20) / 365.25)
    speed = np.maximum(weather.speed / 10.0, 0.7)
    stagnant = np.clip((4.5 / speed) ** 0.45, 0.6, 1.7)
    rush = np.exp(-((hour - 8) ** 2) / 6) + 0.9 * np.exp(-((hour - 17.5) ** 2) / 8) + 0.15
    regional = _regional(random, hours)
    rates = {point.name: _rate(random, point, speed) for point in EMISSION_POINTS}
    result: Tenths = {}
    for place in places:
        plumes = {point.name: _plume(point, place, weather, speed) for point in EMISSION_POINTS}
        local = red_noise(random, hours, np.full(len(place.quantities), 5.0), np.full(len(place.quantities), 0.16))
        for column, quantity in enumerate(place.quantities):
            mean, swing, _, _ = _BACKGROUND[quantity]
            if quantity == "o3":
                level = _ozone(mean + swing * winter, weather, hour) * np.exp(0.5 * regional[quantity])
            else:
                level = (mean + swing * winter) * stagnant * np.exp(regional[quantity] + local[:, column])
                level *= _AREA[place.area]
            if place.kind == "verkeer":
                level = level + _TRAFFIC.get(quantity, 0.0) * rush * stagnant
            for point in EMISSION_POINTS:
                level = level + point.emission.get(quantity, 0.0) * rates[point.name] * plumes[point.name]
            if quantity in ("pm10", "pm25"):
                level[1:3] *= 9.0  # fireworks in the first hours of the year
            error = random.normal(0, 0.05 * np.abs(level) + (1.2 if quantity.startswith("pm") else 0.25))
            result[place.code, quantity] = np.round((level + error) * SCALE)
    return result


def lose(random: np.random.Generator, air: Tenths) -> None:
    """Take values out, in place: short failures everywhere, and three long ones that a verdict must notice."""
    for values in air.values():
        hours = len(values)
        for _ in range(random.poisson(14)):
            first = int(random.integers(0, hours))
            values[first : first + 1 + int(random.exponential(9))] = np.nan
    for key, gap in _LONG_GAPS.items():
        if key in air:
            air[key][gap] = np.nan


def _regional(random: np.random.Generator, hours: int) -> dict[str, Floats]:
    memory = np.array([row[3] for row in _BACKGROUND.values()])
    scale = np.array([row[2] for row in _BACKGROUND.values()])
    noise = red_noise(random, hours, memory, scale)
    noise[:, 1] = 0.8 * noise[:, 0] + 0.6 * noise[:, 1]  # fine dust follows dust
    return {quantity: noise[:, column] for column, quantity in enumerate(_BACKGROUND)}


def _rate(random: np.random.Generator, point: EmissionPoint, speed: Floats) -> Floats:
    """Return the emission of each hour as a multiple of the point's mean."""
    hours = len(speed)
    rate = np.exp(red_noise(random, hours, np.array([20.0]), np.array([0.3]))[:, 0])
    if point.wind_driven:
        rate *= np.clip((speed / 6.0) ** 2, 0.1, 6.0)
    for _ in range(point.incidents):
        first = int(random.integers(0, hours))
        rate[first : first + 2 + int(random.exponential(6))] *= 2.0 + random.exponential(2.0)
    return rate


def _plume(point: EmissionPoint, place: Place, weather: Weather, speed: Floats) -> Floats:
    """Return the concentration at the ground for an emission of one gram per second. [µg m⁻³]"""
    blows_to = np.radians(weather.direction + 180.0)
    east, north = place.east - point.east, place.north - point.north
    along = east * np.sin(blows_to) + north * np.cos(blows_to)
    across = east * np.cos(blows_to) - north * np.sin(blows_to)
    distance = np.maximum(along, 1.0)
    sigma_y = 0.08 * distance / np.sqrt(1 + 0.0001 * distance) * 1.6  # the wind meanders within an hour
    sigma_z = 0.06 * distance / np.sqrt(1 + 0.0015 * distance)
    centre = 1e6 / (np.pi * speed * sigma_y * sigma_z)
    shape = np.exp(-0.5 * (across / sigma_y) ** 2) * np.exp(-0.5 * (point.height / sigma_z) ** 2)
    steady = (weather.direction > 0) & (weather.direction <= 360)
    return np.where((along > 50) & steady, centre * shape, 0.0)


def _ozone(level: Floats, weather: Weather, hour: NDArray[np.int64]) -> Floats:
    """Return ozone that rises with sun and heat in the afternoon. [µg m⁻³]"""
    heat = np.clip(weather.temperature / 10.0 - 14.0, 0, 16)
    afternoon = np.exp(-((hour - 15) ** 2) / 22)
    return np.maximum(level - 12 + afternoon * (10 + 5.2 * heat), 2.0)
