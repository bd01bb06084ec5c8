"""What lets out, and the places for which concentrations are asked: records, and tables that somebody delivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import hypot
from typing import TYPE_CHECKING, Final, TypeVar

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import tables_csv
from goedebuur.services.tables_csv import Line

if TYPE_CHECKING:
    from goedebuur.core.dispersion.areas import Area
    from goedebuur.core.dispersion.buildings import Building, Outline
    from goedebuur.core.dispersion.pits import Pit
    from goedebuur.core.dispersion.stacks import Stack, Volume

SOURCES: Final = (*("id", "x", "y", "emission", "height", "temperature", "speed", "diameter"),)
"""Columns of the table of stacks: m east and north, g/s, m, K, m/s, m."""
MOUTH: Final = "mouth"
"""Column that the table of stacks may have: `up`, `capped` or `horizontal`; empty for `up`."""
VOLUMES: Final = ("id", "x", "y", "emission", "height", "wide", "deep")
"""Columns of the table of volumes: m east and north, g/s, m, and the σy and σz that they begin with in m."""
AREAS: Final = ("id", "emission", "height", "deep", "outline")
"""Columns of the table of areas: g/s, m, the σz that it begins with in m, and its corners as `x y; x y; x y` in m."""
Outlined = TypeVar("Outlined")
PITS: Final = ("id", "x", "y", "emission", "height", "wide", "long", "volume", "angle")
"""Columns of the table of open pits: the corner from which it is measured in m, g/s, m above the floor, m, m, m³, and
degrees by which it is turned, clockwise."""
BUILDINGS: Final = ("id", "height", "outline")
"""Columns of the table of buildings: m above the foot of the stacks, and corners as `x y; x y; x y` in m."""
RECEPTORS: Final = ("id", "x", "y")
FAR: Final = 50_000.0
"""Distance up to which a steady plume says something. [m]"""


@dataclass(frozen=True, slots=True)
class Source:
    """A stack or a volume with its place and what it lets out. [m east, m north, g s⁻¹]

    Parameters
    ----------
    building
        What the wind meets of the buildings beside a stack; None where there is none in whose wake it stands.
    """

    id: str
    x: float
    y: float
    emission: float
    stack: Stack | Volume
    building: Building | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """An area or an open pit with what it lets out. [g s⁻¹]"""

    id: str
    emission: float
    area: Area | Pit


@dataclass(frozen=True, slots=True)
class Receptor:
    """A place for which concentrations are asked. [m east, m north]"""

    id: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tables:
    """What lets out and what stands beside it, each a table in CSV and its name for errors; None where there is none.

    Parameters
    ----------
    stacks, volumes, areas, pits, buildings
        With the columns of :data:`SOURCES`, :data:`VOLUMES`, :data:`AREAS`, :data:`PITS` and :data:`BUILDINGS`.
    """

    stacks: tuple[bytes, str] | None = None
    volumes: tuple[bytes, str] | None = None
    areas: tuple[bytes, str] | None = None
    pits: tuple[bytes, str] | None = None
    buildings: tuple[bytes, str] | None = None

    def read(self) -> tuple[list[Source], list[Field]]:
        """Return stacks and volumes, and areas and pits.

        Raises
        ------
        GoedeBuurError
            Those of `tables_csv`; `input-duplicate` for a name that comes twice; `input-number` for a stack or an
            outline that cannot be; `input-empty` without any source.
        """
        sources = _points(self.stacks, self.volumes)
        if self.buildings is not None:
            sources = _beside(self.buildings, sources)
        fields: dict[str, Source | Field] = {one.id: one for one in sources}
        if self.areas is not None:
            _put_areas(fields, self.areas)
        if self.pits is not None:
            _put_pits(fields, self.pits)
        if not fields:
            raise GoedeBuurError(errors.EMPTY_INPUT, "There is no source.", hint="Give stacks, volumes, areas or pits.")
        return sources, [one for one in fields.values() if isinstance(one, Field)]


def _points(stacks: tuple[bytes, str] | None, volumes: tuple[bytes, str] | None) -> list[Source]:
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
    mouth = line.cells.get(MOUTH, "").strip()
    try:
        one = kind(**limits) if not mouth else kind(**limits, mouth=mouth)  # type: ignore[arg-type,call-arg]
    except (TypeError, ValueError) as error:
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "A source has no mouth of that kind.",
            place=line.place(MOUTH),
            value=f"{mouth[:40]} ({error})",
            hint="Give up, capped or horizontal to a stack, nothing to a volume.",
        ) from None
    found[line.cells["id"]] = Source(line.cells["id"], x, y, emission, one)


def _put_areas(found: dict[str, Source | Field], areas: tuple[bytes, str]) -> None:
    from goedebuur.core.dispersion.areas import Area

    for line in tables_csv.lines(*areas, AREAS):
        _require_new(line, found)
        emission = line.number_in("emission", least=0)
        height, deep = (line.number_in(column, None, *Area.LIMITS[column]) for column in Area.LIMITS)
        area = _outlined(line, partial(Area, height=height, deep=deep))
        found[line.cells["id"]] = Field(line.cells["id"], emission, area)


def _put_pits(found: dict[str, Source | Field], pits: tuple[bytes, str]) -> None:
    from goedebuur.core.dispersion.pits import Pit

    names = {"east": "x", "north": "y"}
    for line in tables_csv.lines(*pits, PITS):
        _require_new(line, found)
        emission = line.number_in("emission", least=0)
        told = {one: line.number_in(names.get(one, one), None, *Pit.LIMITS[one]) for one in Pit.LIMITS}
        try:
            pit = Pit(**told)
        except ValueError as error:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "That is no pit.",
                place=line.place("volume"),
                value=f"{line.cells['volume']} ({error})",
                hint="The depth is the volume over both sides; neither side is ten times the other.",
            ) from None
        found[line.cells["id"]] = Field(line.cells["id"], emission, pit)


def _beside(buildings: tuple[bytes, str], sources: Sequence[Source]) -> list[Source]:
    """Return sources with what the wind meets of the buildings around each stack."""
    from goedebuur.core.dispersion.buildings import Building, Outline
    from goedebuur.core.dispersion.stacks import Stack

    found: dict[str, Outline] = {}
    for line in tables_csv.lines(*buildings, BUILDINGS):
        _require_new(line, found)
        height = line.number_in("height", None, 0.1, Outline.HIGHEST)
        found[line.cells["id"]] = _outlined(line, partial(Outline, height=height))
    outlines = tuple(found.values())

    def with_building(one: Source) -> Source:
        if not isinstance(one.stack, Stack):
            return one
        met = Building.of(outlines, one.x, one.y)
        return replace(one, building=met) if any(met.height) else one

    return [with_building(one) for one in sources]


def _outlined(line: Line, make: Callable[[tuple[tuple[float, float], ...]], Outlined]) -> Outlined:
    """Return what has the outline in a line."""
    try:
        pairs = [one.split() for one in line.cells["outline"].split(";")]
        if any(len(one) != 2 for one in pairs):
            raise ValueError("a corner is not two numbers with a space between them")
        return make(tuple((float(x), float(y)) for x, y in pairs))
    except ValueError as error:
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "That is no outline.",
            place=line.place("outline"),
            value=f"{line.cells['outline'][:60]} ({error})",
            hint="Give its corners in order as `x y; x y; x y`, in metres, without crossing.",
        ) from None


def of_receptors(data: bytes, name: str, stacks: Sequence[Source], fields: Sequence[Field]) -> list[Receptor]:
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
        _require_outside(one, fields, line)
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


def _require_outside(one: Receptor, fields: Sequence[Field], line: Line) -> None:
    """Refuse a receptor in a pit, of which nothing can be said: it would read as none."""
    import numpy as np

    from goedebuur.core.dispersion.pits import Pit

    for field in fields:
        if isinstance(field.area, Pit) and field.area.holds(np.array([one.x]), np.array([one.y])).any():
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                f"The receptor is in the pit {field.id}, of which nothing can be said.",
                place=line.place("x"),
                value=line.cells["x"],
                hint="Take a place outside it.",
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
