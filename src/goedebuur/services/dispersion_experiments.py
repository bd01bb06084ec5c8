"""What an experiment in the open air is: what let out, where was measured, and what came of it.

An experiment is told by its files, and by a function from those to a :class:`Setup`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.services.dispersion_weather import Weather

if TYPE_CHECKING:
    from goedebuur.core.dispersion.buildings import Building
    from goedebuur.core.dispersion.stacks import Stack, Volume
    from goedebuur.core.weather.profiles import Profiles
    from goedebuur.core.weather.sun import Floats

Files = Mapping[str, bytes]
"""Name of a file → its content."""
NEUTRAL, EXTREME = 100.0, 10.0
"""Obukhov lengths from which an hour is nearly neutral, and under which it is very unstable or very stable. [m]"""
STABILITY: Final = (
    "very unstable, -10 m < L < 0",
    "unstable, -100 m < L ≤ -10 m",
    "near neutral, |L| ≥ 100 m",
    "stable, 10 m ≤ L < 100 m",
    "very stable, 0 < L < 10 m",
)


@dataclass(frozen=True, slots=True)
class Release:
    """A stack or a volume, where it is, and what it lets out. [m east, m north, g s⁻¹]"""

    x: float
    y: float
    emission: float
    stack: Stack | Volume

    def brings(self, air: Profiles, east: Floats, north: Floats, height: float) -> Floats:
        """Return what it brings to receptors, hour by hour. [µg m⁻³]"""
        from goedebuur.core.dispersion import plume

        return self.emission * plume.concentration(self.stack, air, east - self.x, north - self.y, height)


@dataclass(frozen=True, slots=True)
class Hourly:
    """A stack beside a building, of which the gas is another each hour.

    Parameters
    ----------
    emission, stacks
        Of each hour of the weather: [g s⁻¹], and the stack; None where nothing goes out.
    """

    x: float
    y: float
    emission: Sequence[float]
    stacks: Sequence[Stack | None]
    building: Building

    def brings(self, air: Profiles, east: Floats, north: Floats, height: float) -> Floats:
        """Return the same as :meth:`Release.brings`."""
        import numpy as np

        from goedebuur.core.dispersion import downwash

        found = np.zeros((len(self.stacks), len(east)))
        for number, (stack, one) in enumerate(zip(self.stacks, _each(air), strict=True)):
            if stack is not None:
                told = downwash.concentration(stack, self.building, one, east - self.x, north - self.y, height)
                found[number] = self.emission[number] * told[0]
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: the highest along some receptors in an hour.

    Parameters
    ----------
    start
        Of the hour, as the weather has it.
    receptors
        Numbers of the receptors of which the highest counts; one where one place was measured.
    measured
        In the unit of the experiment; NaN where nothing was.
    others
        Other model → what it says.
    groups
        Kind of group → the one that it is in.
    """

    start: datetime
    receptors: range
    measured: float
    others: Mapping[str, float]
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setup:
    """An experiment as it is worked out.

    Parameters
    ----------
    unit, scale
        Of what was measured, and by what µg/m³ become that.
    receptors, height
        East and north of each [m], and their height [m].
    groups
        Kind of group → its groups in order.
    decimals
        To which was measured, and models are rounded; None for what is told in significant digits.
    vectors
        Whether winds are means of vectors.
    """

    unit: str
    scale: float
    weather: Weather
    releases: tuple[Release | Hourly, ...]
    receptors: tuple[tuple[float, float], ...]
    height: float
    rows: tuple[Row, ...]
    groups: Mapping[str, tuple[str, ...]]
    decimals: int | None = None
    vectors: bool = False

    def air(self) -> Profiles:
        """Return the air of all hours."""
        whole = self.weather.air(0, self.weather.hours.height)
        return replace(whole, vectors=True) if self.vectors else whole


@dataclass(frozen=True, slots=True)
class Experiment:
    """What an experiment is called, which files it takes (each as it is or as `.gz`), and how these are read."""

    name: str
    title: str
    files: tuple[str, ...]
    setup: Callable[[Files], Setup]


def stability(obukhov: float) -> str:
    """Return the class of an hour with this Obukhov length.

    >>> stability(-30.0), stability(5.0)
    ('unstable, -100 m < L ≤ -10 m', 'very stable, 0 < L < 10 m')
    """
    away = 0 if abs(obukhov) >= NEUTRAL else 1 if abs(obukhov) >= EXTREME else 2
    return STABILITY[2 - away if obukhov < 0 else 2 + away]


def _each(air: Profiles) -> Iterator[Profiles]:
    """Return the hours one by one."""
    whole = {one.name: getattr(air, one.name) for one in fields(air)}
    for number in range(len(air.mixed)):
        at = slice(number, number + 1)

        def part(value: object, at: slice = at) -> object:
            if isinstance(value, Mapping):
                return {name: one[at] for name, one in value.items()}
            return value if isinstance(value, bool) else value[at]  # type: ignore[index]

        yield replace(air, **{name: part(value) for name, value in whole.items()})  # type: ignore[arg-type]
