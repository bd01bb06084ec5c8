"""A year of hours, ten stacks and 1,000 or 10,000 receptors: what the plume costs, beside bare exponentials.

The weather is invented: 8,760 hours, half of them stable, with what a temperate year has. AERMOD 24142 was measured at
74 s for 1,000 receptors and about 740 s for 10,000, on one core of another machine than this. The hardware's own
measure is in the same run: numpy's exponential, twice for each stack, receptor and hour, and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import numpy as np
from benchmarks.figures import report

from goedebuur.core.dispersion import plume
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.core.weather.sun import Floats

HOURS = 8_760
AT_ONCE = 250
STACKS = [Stack(30 + 12 * number, 0.8 + 0.3 * number, 320 + 25 * number, 6 + number) for number in range(10)]
SPAN = 10_000.0
"""Half the width of the square of receptors. [m]"""
FIRST_USE = """
import numpy as np
from benchmarks.dispersion import STACKS, weather
from goedebuur.core.dispersion import plume
from goedebuur.core.weather.profiles import profiles
there = plume.places(STACKS[:1], np.array([[500.0, 1000.0]]), np.array([[0.0, 0.0]]))
plume.add(np.zeros((4, 2)), STACKS[:1], np.ones((4, 1)), profiles(weather(4)), there)
"""
FIRST_BESIDE_A_BUILDING = """
import numpy as np
from benchmarks.dispersion import STACKS, weather
from goedebuur.core.dispersion import downwash
from goedebuur.core.dispersion.buildings import Building
from goedebuur.core.weather.profiles import profiles
hall = Building(*((size,) * 36 for size in (28.0, 40.0, 40.0, -20.0, 0.0)))
east, north = np.array([[500.0, 1000.0]]), np.array([[0.0, 0.0]])
downwash.add(np.zeros((4, 2)), STACKS[:1], [hall], np.ones((4, 1)), profiles(weather(4)), east, north)
"""


def weather(hours: int) -> Ground:
    """Return hours as a temperate country has them: half of them stable."""
    draw = np.random.default_rng(6)
    stable = np.arange(hours) % 2 == 0
    wind = 1 + draw.gamma(2.2, 1.6, hours)
    friction = 0.4 * wind / np.log(10 / 0.1) * np.where(stable, 0.8, 1.1)
    heat = draw.uniform(20, 300, hours)
    by_heat = draw.uniform(150, 1_800, hours)
    obukhov = np.where(stable, 1100 * friction**2, -(friction**3) * 288 * 1200 / (0.4 * 9.81 * heat))
    convective = np.cbrt(9.81 * heat * by_heat / (1200 * 288))
    same = np.ones(hours)
    return Ground(
        friction=friction,
        obukhov=obukhov,
        roughness=0.1 * same,
        convective=np.where(stable, np.nan, convective),
        mixed_by_heat=np.where(stable, np.nan, by_heat),
        gradient=0.005 * same,
        mixed_by_wind=2300 * friction**1.5,
        wind=wind,
        wind_height=10 * same,
        temperature=draw.uniform(270, 300, hours),
        temperature_height=1.5 * same,
        direction=draw.uniform(0, 360, hours),
        displacement=np.zeros(hours),
    )


def square(receptors: int) -> plume.Places:
    """Return receptors on a square around the stacks, which stand a hundred metres apart."""
    side = round(receptors**0.5)
    line = np.linspace(-SPAN, SPAN, side)
    east, north = (one.ravel() for one in np.meshgrid(line, line))
    apart = 100.0 * np.arange(len(STACKS))[:, None]
    return plume.places(STACKS, east - apart, north - apart)


def year(receptors: plume.Places, ground: Ground) -> tuple[float, float]:
    """Return what a year costs on one core [s of processor time], and its highest mean [µg m⁻³]."""
    began = time.process_time()
    total = np.zeros(receptors.east.shape[1])
    for first in range(0, HOURS, AT_ONCE):
        part = slice(first, min(first + AT_ONCE, HOURS))
        told: Floats = np.zeros((part.stop - part.start, len(total)))
        hours = Ground(**{name: getattr(ground, name)[part] for name in Ground.__dataclass_fields__})
        grams = np.ones((len(told), len(STACKS)))
        plume.add(told, STACKS, grams, profiles(hours), receptors)
        total += told.sum(axis=0)
    return time.process_time() - began, float(total.max()) / HOURS


def bare(pairs: int) -> float:
    """Return what numpy takes for two exponentials of each pair. [s of processor time]"""
    numbers = np.linspace(-30, 0, 100_000)
    began = time.process_time()
    for _ in range(100):
        np.exp(numbers)
    return (time.process_time() - began) / 1e7 * 2 * pairs


def first_use(of: str) -> float:
    """Return how long it takes from nothing compiled to a first answer of a program. [s]"""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", of], env={**os.environ, "NUMBA_CACHE_DIR": folder}, check=True)
        return time.perf_counter() - began


def main() -> int:
    """Measure, and say whether it stays within what was set."""
    ground, within = weather(HOURS), True
    for what, program in (("first answer", FIRST_USE), ("first answer beside a building", FIRST_BESIDE_A_BUILDING)):
        compiling = first_use(program)
        report(f"from nothing compiled to a {what}", compiling, "s", target="< 30")
        within = within and compiling < 30
    year(square(4), ground)
    for receptors, most in ((1_000, 7.5), (10_000, 18.0)):
        there = square(receptors)
        count = there.east.shape[1]
        took, highest = year(there, ground)
        report(
            f"year, 10 stacks, {count:,} receptors", took, "s of processor time", target=f"< {most:g}",
            note=f"highest mean {highest:.3g} µg/m³",
        )  # fmt: skip
        report("of that, beside bare exponentials of numpy", took / bare(HOURS * len(STACKS) * count), "x")
        within = within and took < most
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
