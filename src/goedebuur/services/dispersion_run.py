"""What stacks add to the air at receptors, in flat country, hour by hour."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil, hypot
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import tables_csv
from goedebuur.services.dispersion_weather import Weather
from goedebuur.services.tables_csv import Line

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.dispersion.areas import Area
    from goedebuur.core.dispersion.stacks import Stack, Volume
    from goedebuur.core.weather.sun import Floats

SOURCES: Final = (*("id", "x", "y", "emission", "height", "temperature", "speed", "diameter"),)
"""Columns of the table of stacks: m east and north, g/s, m, K, m/s, m."""
VOLUMES: Final = ("id", "x", "y", "emission", "height", "wide", "deep")
"""Columns of the table of volumes: m east and north, g/s, m, and the σy and σz that they begin with in m."""
AREAS: Final = ("id", "emission", "height", "deep", "outline")
"""Columns of the table of areas: g/s, m, the σz that it begins with in m, and its corners as `x y; x y; x y` in m."""
RECEPTORS: Final = ("id", "x", "y")
PERCENTILES: Final = (Fraction(98), Fraction(999, 10))
FAR: Final = 50_000.0
"""Distance up to which a steady plume says something. [m]"""
AT_ONCE: Final = 250
"""Hours that a thread works out at once: memory has an end, and progress is seen."""


@dataclass(frozen=True, slots=True)
class Source:
    """A stack or a volume with its place and what it lets out. [m east, m north, g s⁻¹]"""

    id: str
    x: float
    y: float
    emission: float
    stack: Stack | Volume


@dataclass(frozen=True, slots=True)
class Field:
    """An area with what it lets out. [g s⁻¹]"""

    id: str
    emission: float
    area: Area


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
    sources = _sources(stacks, volumes)
    fields = _fields(areas, sources) if areas is not None else []
    if not sources and not fields:
        raise GoedeBuurError(errors.EMPTY_INPUT, "There is no source.", hint="Give stacks, volumes or areas.")
    places = _receptors(*receptors, sources, fields)
    told = hourly(weather, sources, places, progress, fields=fields, receptor=receptor)
    found = tuple(at_receptor(one, told[:, number], weather.hours) for number, one in enumerate(places))
    return Run(found, weather.hours.height, weather.left_out, weather.doubtful)


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

    from goedebuur.core.dispersion import areas, plume
    from goedebuur.core.dispersion.air import hours

    def away(name: str) -> Floats:
        found = [[getattr(to, name) - getattr(one, name) for to in places] for one in stacks]
        return np.array(found, np.float64).reshape(len(stacks), len(places))

    told = np.zeros((weather.hours.height, len(places)))
    mouths, emission = [one.stack for one in stacks], np.array([one.emission for one in stacks])
    receptors = plume.places(mouths, away("x"), away("y"))
    east, north = np.array([one.x for one in places]), np.array([one.y for one in places])

    def block(first: int) -> None:
        part = told[first : first + AT_ONCE]
        air = hours(weather.air(first, AT_ONCE))
        grams = np.broadcast_to(emission, (len(part), len(emission)))
        plume.add(part, mouths, grams, air, receptors, receptor)
        of_fields = np.broadcast_to([one.emission for one in fields], (len(part), len(fields)))
        areas.add(part, [one.area for one in fields], of_fields, air, east, north, receptor)

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
    _require_numbers(told, weather)
    return told


def _require_numbers(told: Floats, weather: Weather) -> None:
    """Refuse what is no number: nothing of such an hour may count as none."""
    import numpy as np

    bad = np.flatnonzero(~np.isfinite(told).all(axis=1))
    if len(bad):
        hour = weather.hours.row(int(bad[0]), named=True)
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


def _sources(stacks: tuple[bytes, str] | None, volumes: tuple[bytes, str] | None) -> list[Source]:
    from goedebuur.core.dispersion.stacks import Stack, Volume

    found: dict[str, Source] = {}
    for line in tables_csv.lines(*stacks, SOURCES) if stacks is not None else ():
        _put(found, line, Stack)
    for line in tables_csv.lines(*volumes, VOLUMES) if volumes is not None else ():
        _put(found, line, Volume)
    return list(found.values())


def _put(found: dict[str, Source], line: Line, kind: type[Stack] | type[Volume]) -> None:
    _require_new(line, found)
    x, y = line.number_in("x"), line.number_in("y")
    emission = line.number_in("emission", least=0)
    limits = {column: line.number_in(column, None, *kind.LIMITS[column]) for column in kind.LIMITS}
    found[line.cells["id"]] = Source(line.cells["id"], x, y, emission, kind(**limits))


def _fields(areas: tuple[bytes, str], stacks: Sequence[Source]) -> list[Field]:
    from goedebuur.core.dispersion.areas import Area

    found: dict[str, Source | Field] = {one.id: one for one in stacks}
    for line in tables_csv.lines(*areas, AREAS):
        _require_new(line, found)
        emission = line.number_in("emission", least=0)
        limits = {column: line.number_in(column, None, *Area.LIMITS[column]) for column in Area.LIMITS}
        try:
            pairs = [one.split() for one in line.cells["outline"].split(";")]
            if any(len(one) != 2 for one in pairs):
                raise ValueError("a corner is not two numbers with a space between them")
            corners = tuple((float(x), float(y)) for x, y in pairs)
            area = Area(corners, **limits)
        except ValueError as error:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "That is no outline of an area.",
                place=line.place("outline"),
                value=f"{line.cells['outline'][:60]} ({error})",
                hint="Give its corners in order as `x y; x y; x y`, in metres, without crossing.",
            ) from None
        found[line.cells["id"]] = Field(line.cells["id"], emission, area)
    return [one for one in found.values() if isinstance(one, Field)]


def _receptors(data: bytes, name: str, stacks: Sequence[Source], fields: Sequence[Field]) -> list[Receptor]:
    found: dict[str, Receptor] = {}
    sources = [(one.x, one.y) for one in stacks] + [corner for one in fields for corner in one.area.outline]
    for line in tables_csv.lines(data, name, RECEPTORS):
        _require_new(line, found)
        one = Receptor(line.cells["id"], line.number_in("x"), line.number_in("y"))
        away = max(hypot(one.x - x, one.y - y) for x, y in sources)
        if away > FAR:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "The receptor is too far from a source for a steady plume.",
                place=line.place("x"),
                value=f"{away / 1000:.0f} km",
                hint="It says something up to 50 km. Are both in metres on the same grid?",
            )
        _require_apart(one, stacks, line)
        found[one.id] = one
    return list(found.values())


def _require_apart(one: Receptor, stacks: Sequence[Source], line: Line) -> None:
    """Refuse a receptor within which of a source nothing can be said: it would read as none."""
    from goedebuur.core.dispersion.plume import nearest
    from goedebuur.core.dispersion.table import NEAREST

    for source in stacks:
        away, least = hypot(one.x - source.x, one.y - source.y), nearest(source.stack)
        if away < least:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                f"The receptor is too near to {source.id} for anything to be said.",
                place=line.place("x"),
                value=f"{line.cells['x']}: {away:.1f} m away",
                hint=f"It says something from {least:.1f} m on"
                + (": 2.15 times the σy of the volume." if least > NEAREST else "."),
            )


def _require_new(line: Line, found: Mapping[str, object]) -> None:
    if not line.cells["id"].strip():
        raise GoedeBuurError(
            errors.BAD_NUMBER, "The line has no name.", place=line.place("id"), value="", hint="Give each its own name."
        )
    if line.cells["id"] in found:
        raise GoedeBuurError(
            errors.DUPLICATE_KEY,
            "The name comes twice.",
            place=line.place("id"),
            value=line.cells["id"],
            hint="Give each its own name.",
        )
