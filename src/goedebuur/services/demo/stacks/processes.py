"""Random processes of which a simulated plant is made: values that remember, pulses, things that follow slowly.

Scenery, not science: each has the shape that such signals have, and no number here stands for a real plant.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
MINUTES_A_YEAR: Final = 525_600
_MEMORY: Final = 6
"""Time constants after which what was before is forgotten: e⁻⁶ is 0.25 %."""


def remembering(random: np.random.Generator, minutes: int, memory: float) -> Floats:
    """Return normal noise of mean 0 and spread 1 whose correlation falls as exp(−t/memory).

    Parameters
    ----------
    memory
        Time constant. [min]

    References
    ----------
    Spectrum of a process of Ornstein and Uhlenbeck, 1/(1 + (ωτ)²), drawn in the frequency domain.
    """
    size = _fast(minutes + min(int(_MEMORY * memory), 4 * minutes))
    turn = 2 * np.pi * np.fft.rfftfreq(size)
    shape = 1 / np.sqrt(1 + (turn * memory) ** 2)
    half = random.standard_normal(len(shape)) + 1j * random.standard_normal(len(shape))
    drawn = np.fft.irfft(half * shape, size)
    spread = np.sqrt((2 * np.sum(shape[1:] ** 2) + shape[0] ** 2) * 2) / size
    found: Floats = (drawn / spread)[:minutes]
    return found


def following(values: Floats, memory: float) -> Floats:
    """Return what follows values with a delay, as a chimney warms up: y' = (x − y)/memory. [min]"""
    length = max(2, int(_MEMORY * memory))
    kernel = np.exp(-np.arange(length) / memory)
    kernel /= kernel.sum()
    before = np.full(length - 1, values[0])
    size = _fast(len(values) + 2 * length)
    spectrum = np.fft.rfft(np.concatenate([before, values]), size) * np.fft.rfft(kernel, size)
    found: Floats = np.fft.irfft(spectrum, size)[length - 1 : length - 1 + len(values)]
    return found


def levels(random: np.random.Generator, minutes: int, choices: Floats, stay: float) -> Floats:
    """Return a level that jumps at random moments to another of the choices, and stays `stay` minutes on average."""
    count = max(1, random.poisson(minutes / stay) + 1)
    at = np.sort(random.integers(0, minutes, count - 1))
    lengths = np.diff(np.concatenate([[0], at, [minutes]]))
    found: Floats = np.repeat(random.choice(choices, count), lengths)
    return found


def pulses(random: np.random.Generator, minutes: int, a_year: float, height: float, length: float) -> Floats:
    """Return short peaks that rise at once and fall off exponentially, with exponential heights and lengths. [min]"""
    found = np.zeros(minutes)
    for start in random.integers(0, minutes, random.poisson(a_year * minutes / MINUTES_A_YEAR)):
        tail = max(2.0, random.exponential(length))
        count = min(int(4 * tail) + 1, minutes - int(start))
        found[start : start + count] += random.exponential(height) * np.exp(-np.arange(count) / tail)
    return found


def moments(random: np.random.Generator, minutes: int, a_year: float) -> list[int]:
    """Return random moments in order, so many in a year on average."""
    return sorted(random.integers(0, minutes, random.poisson(a_year * minutes / MINUTES_A_YEAR)).tolist())


def _fast(size: int) -> int:
    """Return the next size that a Fourier transform does quickly: 2ⁿ or 3 · 2ⁿ."""
    power = 1 << max(1, size - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= size else power
