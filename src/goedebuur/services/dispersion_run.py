"""What stacks add to the air at receptors, in flat country, hour by hour."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.dispersion_sources import Field, Receptor, Source, of_areas, of_points, of_receptors
from goedebuur.services.dispersion_weather import Weather

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.dispersion.air import Hours
    from goedebuur.core.weather.sun import Floats

PERCENTILES: Final = (Fraction(98), Fraction(999, 10))
AT_ONCE: Final = 250
"""Hours that a thread works out at once: memory has an end, and progress is seen."""


@dataclass(frozen=True, slots=True)
class AtReceptor:
    """What the stacks together add at a receptor, over the hours that count. [µg m⁻³]

    Parameters
    ----------
    percentiles
        Of :data:`PERCENTILES`: so high that no more than the rest of the hours are higher.
    """

    id: str
    x: float
    y: float
    mean: float
    highest: float
    highest_at: datetime
    percentiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run says: of each receptor, and over which hours.

    Parameters
    ----------
    hours
        How many count.
    left_out, doubtful
        Why → how many do not count, and how many count and lie outside what a plume of this kind can say.
    """

    receptors: tuple[AtReceptor, ...]
    hours: int
    left_out: Mapping[str, int]
    doubtful: Mapping[str, int]


def run(
    weather: Weather,
    receptors: tuple[bytes, str],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    stacks: tuple[bytes, str] | None = None,
    volumes: tuple[bytes, str] | None = None,
    areas: tuple[bytes, str] | None = None,
    receptor: float = 0.0,
) -> Run:
    """Return what stacks, volumes and areas add at receptors.

    Parameters
    ----------
    receptors, stacks, volumes, areas
        CSV with the columns of :data:`RECEPTORS`, :data:`SOURCES`, :data:`VOLUMES` and :data:`AREAS`, and its name for
        errors.
    receptor
        Height of the receptors. [m]

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `input-duplicate` for a name that comes twice; `input-number` for a stack or an outline
        that cannot be, a receptor too near to one or farther than 50 km, or an hour that gives no concentration;
        `input-empty` without any source.
    """
    sources = of_points(stacks, volumes)
    fields = of_areas(areas, sources) if areas is not None else []
    if not sources and not fields:
        raise GoedeBuurError(errors.EMPTY_INPUT, "There is no source.", hint="Give stacks, volumes or areas.")
    places = of_receptors(*receptors, sources, fields)
    told = hourly(weather, sources, places, progress, fields=fields, receptor=receptor)
    found = tuple(at_receptor(one, told[:, number], weather.hours) for number, one in enumerate(places))
    return Run(found, weather.hours.height, weather.left_out, weather.doubtful)


class Setting:
    """Sources and the places that they are reckoned for, ready for blocks of hours."""

    def __init__(
        self, stacks: Sequence[Source], fields: Sequence[Field], places: Sequence[Receptor], receptor: float = 0.0
    ) -> None:
        import numpy as np

        from goedebuur.core.dispersion import plume

        def away(name: str) -> Floats:
            found = [[getattr(to, name) - getattr(one, name) for to in places] for one in stacks]
            return np.array(found, np.float64).reshape(len(stacks), len(places))

        self.mouths = [one.stack for one in stacks]
        self.areas = [one.area for one in fields]
        self.receptors = plume.places(self.mouths, away("x"), away("y"))
        self.east, self.north = np.array([one.x for one in places]), np.array([one.y for one in places])
        self.receptor = receptor

    def add(self, total: Floats, air: Hours, emission: Floats) -> None:
        """Add what all sources bring in some hours.

        Parameters
        ----------
        total
            [µg m⁻³], shape (hours, places)
        emission
            Of the stacks and then the areas, shape (hours, sources). [g s⁻¹]
        """
        from goedebuur.core.dispersion import areas, plume

        points = len(self.mouths)
        plume.add(total, self.mouths, emission[:, :points], air, self.receptors, self.receptor)
        areas.add(total, self.areas, emission[:, points:], air, self.east, self.north, self.receptor)


def hourly(
    weather: Weather,
    stacks: Sequence[Source],
    places: Sequence[Receptor],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    fields: Sequence[Field] = (),
    receptor: float = 0.0,
) -> Floats:
    """Return what stacks, volumes and areas add at receptors, of shape (hours, receptors). [µg m⁻³]

    Blocks of hours are taken by threads one after the other.
    """
    from concurrent.futures import ThreadPoolExecutor, as_completed

    import numpy as np

    from goedebuur.core.dispersion.air import hours

    told = np.zeros((weather.hours.height, len(places)))
    setting = Setting(stacks, fields, places, receptor)
    emission = np.array([*(one.emission for one in stacks), *(one.emission for one in fields)], np.float64)

    def block(first: int) -> None:
        part = told[first : first + AT_ONCE]
        setting.add(part, hours(weather.air(first, AT_ONCE)), np.broadcast_to(emission, (len(part), len(emission))))

    blocks = range(0, len(told), AT_ONCE)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(blocks))) as threads:
        started = [threads.submit(block, first) for first in blocks]
        try:
            for number, done in enumerate(as_completed(started)):
                done.result()
                progress(number + 1, len(blocks))
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
    require_numbers(told, weather)
    return told


def require_numbers(told: Floats, weather: Weather, first: int = 0) -> None:
    """Refuse what is no number in hours from the first on: nothing of such an hour may count as none."""
    import numpy as np

    bad = np.flatnonzero(~np.isfinite(told).all(axis=1))
    if len(bad):
        hour = weather.hours.row(first + int(bad[0]), named=True)
        seen = (
            "friction",
            "obukhov",
            "roughness",
            "convective",
            "mixed_by_heat",
            "mixed_by_wind",
            "wind",
            "temperature",
        )
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "The weather of an hour gives no concentration.",
            place=f"{hour['start']:%Y-%m-%d %H:%M}",
            value=", ".join(f"{name} {hour[name]}" for name in seen),
            hint="Take the hour out of the weather, or correct it.",
        )


def at_receptor(place: Receptor, values: Floats, weather: pl.DataFrame) -> AtReceptor:
    """Return what the values of the hours at a receptor come to. [µg m⁻³]"""
    import numpy as np

    ordered = np.sort(values)
    ranks = [ceil(percent * len(values) / 100) - 1 for percent in PERCENTILES]
    highest = int(values.argmax())
    return AtReceptor(
        place.id,
        place.x,
        place.y,
        float(values.mean()),
        float(values[highest]),
        weather["start"][highest],
        tuple(float(ordered[rank]) for rank in ranks),
    )
