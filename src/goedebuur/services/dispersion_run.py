"""What stacks add to the air at receptors, by the weather that AERMET wrote: in flat country, hour by hour.

An hour of which the weather lacks something is left out and counted with what it lacks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import aermet
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import aermet_hours, tables_csv
from goedebuur.services.tables_csv import Line

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.dispersion.stacks import Stack
    from goedebuur.core.weather.profiles import Levels, Profiles
    from goedebuur.core.weather.sun import Floats

SOURCES: Final = (*("id", "x", "y", "emission", "height", "temperature", "speed", "diameter"),)
"""Columns of the table of stacks: m east and north, g/s, m, K, m/s, m."""
RECEPTORS: Final = ("id", "x", "y")
PERCENTILES: Final = (98.0, 99.9)
FAR: Final = 50_000.0
"""Distance up to which a steady plume says something. [m]"""
AT_ONCE: Final = 250
"""Hours that a thread works out at once: memory has an end, and progress is seen."""
KELVIN: Final = 273.15


@dataclass(frozen=True, slots=True)
class Source:
    """A stack with its place and what it lets out."""

    id: str
    x: float
    y: float
    emission: float
    stack: Stack


@dataclass(frozen=True, slots=True)
class Receptor:
    """A place for which concentrations are asked. [m east, m north]"""

    id: str
    x: float
    y: float


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
    hours, calm, missing
        Hours that count; that have no wind; of which the weather lacks something else.
    """

    receptors: tuple[AtReceptor, ...]
    hours: int
    calm: int
    missing: int


def run(
    surface: bytes,
    sources: bytes,
    receptors: bytes,
    names: tuple[str, str, str],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    profile: tuple[bytes, str] | None = None,
    receptor: float = 0.0,
) -> Run:
    """Return what stacks add at receptors.

    Parameters
    ----------
    surface
        Surface file of AERMET.
    sources, receptors
        CSV with the columns of :data:`SOURCES` and :data:`RECEPTORS`.
    names
        Of the three files, for errors.
    profile
        Profile file of the same run of AERMET, with its name: what was observed at heights.
    receptor
        Height of the receptors. [m]

    Raises
    ------
    GoedeBuurError
        Those of `adapters/aermet` and `tables_csv`; `input-duplicate` for a name that comes twice; `input-number` for a
        stack that cannot be, or a receptor farther than 50 km from a stack; `input-empty` where no hour counts.
    """
    import numpy as np

    seen = aermet_hours.of_files(surface, names[0], *(profile or (None, "")))
    adjusted = aermet.is_adjusted(surface)
    stacks = _sources(sources, names[1])
    places = _receptors(receptors, names[2], stacks)
    used, calm = _usable(seen.hours)
    if used.is_empty():
        raise GoedeBuurError(errors.EMPTY_INPUT, "The weather lacks something in every hour.", place=names[0])
    told = np.zeros((used.height, len(places)))
    _add(told, stacks, places, used, seen.levels, receptor, progress, adjusted=adjusted)
    found = tuple(_at(one, told[:, number], used) for number, one in enumerate(places))
    return Run(found, used.height, calm, seen.hours.height - used.height - calm)


def _add(
    told: Floats,
    stacks: Sequence[Source],
    places: Sequence[Receptor],
    weather: pl.DataFrame,
    levels: pl.DataFrame,
    receptor: float,
    progress: Callable[[int, int], None],
    *,
    adjusted: bool,
) -> None:
    """Add what stacks bring to receptors, in blocks of hours that threads take one after the other."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    import numpy as np

    from goedebuur.core.dispersion import plume

    def away(name: str) -> Floats:
        return np.array([[getattr(to, name) - getattr(one, name) for to in places] for one in stacks])

    receptors = plume.places(away("x"), away("y"))
    mouths, emission = [one.stack for one in stacks], np.array([one.emission for one in stacks])

    def block(first: int) -> None:
        part = weather.slice(first, AT_ONCE)
        air = _air(part, levels, adjusted=adjusted)
        grams = np.broadcast_to(emission, (part.height, len(emission)))
        direction = _numbers(part, "direction")
        plume.add(told[first : first + part.height], mouths, grams, air, direction, receptors, receptor)

    blocks = range(0, weather.height, AT_ONCE)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(blocks))) as threads:
        started = [threads.submit(block, first) for first in blocks]
        try:
            for number, done in enumerate(as_completed(started)):
                done.result()
                progress(number + 1, len(blocks))
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def _air(weather: pl.DataFrame, levels: pl.DataFrame, *, adjusted: bool) -> Profiles:
    from goedebuur.core.weather.profiles import Ground, profiles

    ground = Ground(**{name: _numbers(weather, name) for name in Ground.__dataclass_fields__})
    return profiles(ground, _levels(weather, levels), adjusted=adjusted)


def _levels(weather: pl.DataFrame, levels: pl.DataFrame) -> Levels:
    """Return what was observed at heights in these hours; of turning winds as σv."""
    import numpy as np

    from goedebuur.core.weather.profiles import Levels
    from goedebuur.core.weather.turbulence import across_of_turning

    hours = weather.select("start").with_row_index("hour")
    seen = levels.join(hours, on="start").sort("hour", "height")
    if seen.is_empty():
        return Levels.none(weather.height)
    row = seen["hour"].to_numpy()
    place = np.arange(len(row)) - np.searchsorted(row, row)
    shape = weather.height, int(place.max()) + 1

    def spread(values: Floats) -> Floats:
        found = np.full(shape, np.nan)
        found[row, place] = values
        return found

    wind = _numbers(seen, "wind")
    return Levels(
        height=spread(_numbers(seen, "height")),
        wind=spread(wind),
        temperature=spread(_numbers(seen, "temperature") + KELVIN),
        across=spread(across_of_turning(_numbers(seen, "turn"), wind)),
        upward=spread(_numbers(seen, "rise")),
    )


def _numbers(frame: pl.DataFrame, name: str) -> Floats:
    import polars as pl

    return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _usable(weather: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the hours of which there is enough to go by, and how many are calm."""
    import polars as pl

    needed = ("friction", "obukhov", "mixed_by_wind", "roughness", "direction", "wind_height", "temperature")
    told = pl.all_horizontal(pl.col(name).is_not_null() for name in (*needed, "temperature_height"))
    warmed = pl.col("convective").is_not_null() & pl.col("mixed_by_heat").is_not_null()
    enough = told & (pl.col("wind") > 0) & ((pl.col("obukhov") > 0) | warmed)
    calm = weather.filter(pl.col("wind") == 0).height
    return weather.filter(enough), calm


def _at(place: Receptor, values: Floats, weather: pl.DataFrame) -> AtReceptor:
    import numpy as np

    ordered = np.sort(values)
    ranks = [int(np.ceil(percent / 100 * len(values))) - 1 for percent in PERCENTILES]
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


def _sources(data: bytes, name: str) -> list[Source]:
    from goedebuur.core.dispersion.stacks import Stack

    found: dict[str, Source] = {}
    for line in tables_csv.lines(data, name, SOURCES):
        _require_new(line, found)
        numbers = {column: line.number_in(column) for column in SOURCES[1:3]}
        emission = line.number_in("emission", least=0)
        limits = {column: line.number_in(column, None, *Stack.LIMITS[column]) for column in Stack.LIMITS}
        found[line.cells["id"]] = Source(line.cells["id"], numbers["x"], numbers["y"], emission, Stack(**limits))
    return list(found.values())


def _receptors(data: bytes, name: str, stacks: Sequence[Source]) -> list[Receptor]:
    found: dict[str, Receptor] = {}
    for line in tables_csv.lines(data, name, RECEPTORS):
        _require_new(line, found)
        one = Receptor(line.cells["id"], line.number_in("x"), line.number_in("y"))
        away = max((((one.x - s.x) ** 2 + (one.y - s.y) ** 2) ** 0.5 for s in stacks), default=0.0)
        if away > FAR:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "The receptor is too far from a stack for a steady plume.",
                place=line.place("x"),
                value=f"{away / 1000:.0f} km",
                hint="It says something up to 50 km. Are both in metres on the same grid?",
            )
        found[one.id] = one
    return list(found.values())


def _require_new(line: Line, found: dict[str, Source] | dict[str, Receptor]) -> None:
    if line.cells["id"] in found:
        raise GoedeBuurError(
            errors.DUPLICATE_KEY,
            "The name comes twice.",
            place=line.place("id"),
            value=line.cells["id"],
            hint="Give each its own name.",
        )
