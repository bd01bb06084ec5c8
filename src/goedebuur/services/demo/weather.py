"""An invented year of weather, hour by hour: plausible for the Dutch coast, true for no place and no year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weather:
    """One value an hour, in the units that KNMI writes.

    Parameters
    ----------
    start
        Start of the first hour, aware.
    direction
        Where the wind comes from, tens of degrees as KNMI gives; 0 calm, 990 variable. [°]
    speed, gust
        [0.1 m/s]
    temperature, dew_point
        [0.1 °C]
    sunshine
        [0.1 h], -1 for a trace
    radiation
        [J/cm²]
    rain
        [0.1 mm], -1 for a trace
    rain_duration
        [0.1 h]
    pressure
        [0.1 hPa]
    cloud
        [octa]
    humidity
        [%]
    """

    start: datetime
    direction: NDArray[np.int64]
    speed: NDArray[np.int64]
    gust: NDArray[np.int64]
    temperature: NDArray[np.int64]
    dew_point: NDArray[np.int64]
    sunshine: NDArray[np.int64]
    radiation: NDArray[np.int64]
    rain: NDArray[np.int64]
    rain_duration: NDArray[np.int64]
    pressure: NDArray[np.int64]
    cloud: NDArray[np.int64]
    humidity: NDArray[np.int64]

    @property
    def hours(self) -> int:
        """Return the number of hours."""
        return len(self.direction)


def red_noise(random: np.random.Generator, hours: int, memory: Floats, scale: Floats) -> Floats:
    """Return series that remember: standard deviation `scale`, correlation time `memory`. [h]

    Returns
    -------
    ndarray, shape (hours, len(memory))
        First-order autoregressive noise, stationary from its first hour.
    """
    keep = np.exp(-1.0 / memory)
    shocks = random.standard_normal((hours, len(memory))) * scale
    values = np.empty_like(shocks)
    values[0] = shocks[0]
    fresh = np.sqrt(1.0 - keep**2)
    for hour in range(1, hours):
        values[hour] = keep * values[hour - 1] + fresh * shocks[hour]
    return values


def hour_of_day(start: datetime, hours: int) -> NDArray[np.int64]:
    """Return the hour of the day of each hour, on the clock of `start`."""
    return (start.hour + np.arange(hours)) % 24


def day_of_year(start: datetime, hours: int) -> Floats:
    """Return days since 1 January of the year that most hours are in."""
    new_year = datetime((start + timedelta(days=180)).year, 1, 1, tzinfo=start.tzinfo)
    first = (start - new_year) / timedelta(days=1)
    return first + np.arange(hours) / 24.0


def simulate(random: np.random.Generator, start: datetime, hours: int) -> Weather:
    """Return a year of weather from a random generator."""
    hour, day = hour_of_day(start, hours), day_of_year(start, hours)
    season = -np.cos(2 * np.pi * (day - 20) / 365.25)
    noise = red_noise(random, hours, np.array([45.0, 45, 60, 40, 70, 12]), np.array([4.2, 4.0, 3.0, 3.2, 9.0, 1.0]))
    # a drift from the south-west, as along the Dutch coast
    eastward, northward = noise[:, 0] + 2.0, noise[:, 1] + 1.6
    speed = np.hypot(eastward, northward)
    origin = np.degrees(np.arctan2(-eastward, -northward)) % 360
    direction = (np.round(origin / 10) * 10).astype(np.int64)
    direction[direction == 0] = 360
    direction[(speed < 1.2) & (random.random(hours) < 0.4)] = 990
    direction[speed < 0.5] = 0
    cloud = np.clip(np.round(4.6 + noise[:, 3] * 1.3), 0, 8)
    height = np.maximum(0.0, np.sin(np.pi * (hour - 5.5 + 0.8 * season * -1) / 13.0) * (0.62 + 0.38 * season))
    radiation = np.round(300 * height * (1 - 0.7 * (cloud / 8) ** 2))
    diurnal = np.sin(2 * np.pi * (hour - 9) / 24) * (1.2 + 1.8 * (season + 1) / 2) * (1 - 0.6 * cloud / 8)
    heat_wave = 9.0 * np.exp(-(((day - 191) / 2.2) ** 2))
    temperature = 10.6 + 6.9 * season + diurnal * (1 + heat_wave / 9.0) + noise[:, 2] + heat_wave
    wet = (noise[:, 5] > 1.15) & (cloud > 4)
    amount = np.where(wet, np.round(10 * random.exponential(1.1, hours)), 0)
    trace = wet & (amount == 0)
    spread = np.where(wet, 0.6, 1.5 + 5.0 * (1 - cloud / 8)) + 2.0 * (height > 0.2)
    sun = np.where(height > 0.05, np.round(10 * (1 - cloud / 8)), 0)

    def whole(values: Floats) -> NDArray[np.int64]:
        return np.round(values).astype(np.int64)

    return Weather(
        start=start,
        direction=direction,
        speed=whole(speed) * 10,
        gust=whole(speed * 1.6 + 1) * 10,
        temperature=whole(temperature * 10),
        dew_point=whole((temperature - spread) * 10),
        sunshine=whole(sun),
        radiation=whole(radiation),
        rain=np.where(trace, -1, whole(amount)),
        rain_duration=np.where(wet, np.clip(whole(amount / 2) + 1, 1, 10), 0),
        pressure=whole(10_150 + noise[:, 4] * 10),
        cloud=whole(cloud),
        humidity=whole(np.clip(100 - 5 * spread, 35, 100)),
    )
