"""How many people live where a concentration lies between two levels, each area counted at one place in it.

The areas are those of Statistics Netherlands (CBS): of four digits of a postcode, with their inhabitants at a day. An
area of which the inhabitants are not told, for one that is kept secret, is counted as an area and not as people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise
from math import isnan, nan
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import payloads
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_grids, tables_csv, triangles
from goedebuur.services.contours import require_levels
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.tables_csv import Line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_sources import Receptor
    from goedebuur.services.planes import Plane

COLUMNS: Final = ("postcode", "inwoners", "lat", "lon")
"""Columns of the table of areas: name, inhabitants, and a place in it in WGS84 [°]."""
AGES: Final = ("postcode", "leeftijd", "inwoners")
"""Columns of the table of ages: name, ages as CBS writes them (`0-4`, `95+`), inhabitants of those ages."""
NOT_TOLD: Final = ("NA", "-99997", "-99995")
"""What stands for a number that is not told; CBS uses the last two, for what is secret and what it does not have."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area and a place in it.

    Parameters
    ----------
    latitude, longitude
        NaN where they are not told. [°]
    people
        None where it is not told.
    ages
        Ages → people; empty where they are not told.
    """

    id: str
    latitude: float
    longitude: float
    people: int | None
    ages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Centroids:
    """Areas, and where that comes from.

    Parameters
    ----------
    counted_on
        Day on which people were counted; the file does not say it.
    source, digest
        Name of the file, and its SHA-256.
    """

    areas: tuple[Area, ...]
    counted_on: date
    source: str
    digest: str

    @property
    def people(self) -> int:
        """Return how many people there are in the areas that tell it."""
        return sum(one.people or 0 for one in self.areas)


@dataclass(frozen=True, slots=True)
class Class:
    """People where the value is above one level and not above another.

    Parameters
    ----------
    low, high
        None where that is open.
    areas, not_told
        How many areas, and how many of these do not tell their people.
    """

    low: float | None
    high: float | None
    people: int
    areas: int
    not_told: int
    ages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Exposed:
    """People by class, and those of whom nothing is said.

    Parameters
    ----------
    outside
        Beyond the places that were reckoned, or in a gap between them.
    unknown
        Between them, where they have no value.
    nowhere
        In areas of which no place is told.
    """

    classes: tuple[Class, ...]
    outside: Class
    unknown: Class
    nowhere: Class
    counted_on: date
    source: str
    digest: str


def read_centroids(data: bytes, name: str, counted_on: date, ages: tuple[bytes, str] | None = None) -> Centroids:
    """Return areas from a table, packed with gzip or not.

    Parameters
    ----------
    data, name
        CSV with the columns of :data:`COLUMNS`, and its name.
    ages
        CSV with the columns of :data:`AGES`, and its name; lines of areas that are not in the first table, as the sums
        over larger ones, are not used.

    Raises
    ------
    GoedeBuurError
        Those of `payloads` and `tables_csv`; `input-number` for people that are no whole number, or a place that is
        none; `input-duplicate` for an area, or ages of one, that come twice.
    """
    found: dict[str, Area] = {}
    for line in tables_csv.lines(payloads.decompress(data, name), name, COLUMNS):
        at = Area(_postcode(line), _degrees(line, "lat", 90), _degrees(line, "lon", 180), _people(line))
        _require_new(at.id in found, line)
        found[at.id] = at
    if ages is not None:
        told: dict[str, dict[str, int]] = {}
        for line in tables_csv.lines(payloads.decompress(*ages), ages[1], AGES):
            of = told.setdefault(_postcode(line), {})
            _require_new(line.cells["leeftijd"] in of, line)
            people = _people(line)
            if people is not None:
                of[line.cells["leeftijd"]] = people
        found = {one.id: replace(one, ages=told.get(one.id, {})) for one in found.values()}
    return Centroids(tuple(found.values()), counted_on, name, sha256(data).hexdigest())


def by_class(
    places: Grid | Sequence[Receptor], values: Floats, levels: Sequence[float], centroids: Centroids, plane: Plane
) -> Exposed:
    """Return how many people live where the value lies between levels.

    Parameters
    ----------
    places
        Of a grid, between which values are straight along the sides of its cells; without rows, by triangles.
    values
        Shape (places,); NaN where there is none.
    levels
        Ascending.

    Raises
    ------
    GoedeBuurError
        `query-levels`; `input-empty` for places that have no area between them.
    """
    import numpy as np

    require_levels(levels)
    latitude = np.array([one.latitude for one in centroids.areas])
    longitude = np.array([one.longitude for one in centroids.areas])
    x, y = plane.placed(latitude, longitude)
    if isinstance(places, Grid):
        found, beyond = dispersion_grids.at(places, values, x, y), ~_within(places, x, y)
    else:
        net = triangles.of(places, values)
        found = triangles.at(net, values, x, y)
        beyond = np.isnan(triangles.at(triangles.of(places, np.zeros(len(values))), np.zeros(len(values)), x, y))
    # a value that equals a level is not above it, as in a contour
    number = np.searchsorted(np.array(levels), found, side="left")
    number[np.isnan(found)] = -1
    number[beyond] = -2
    number[np.isnan(latitude) | np.isnan(longitude)] = -3
    edges = [None, *levels, None]

    def counted(which: int, low: float | None = None, high: float | None = None) -> Class:
        ones = [one for one, its in zip(centroids.areas, number, strict=True) if its == which]
        ages: dict[str, int] = {}
        for one in ones:
            for age, people in one.ages.items():
                ages[age] = ages.get(age, 0) + people
        not_told = sum(one.people is None for one in ones)
        return Class(low, high, sum(one.people or 0 for one in ones), len(ones), not_told, ages)

    classes = tuple(counted(which, low, high) for which, (low, high) in enumerate(pairwise(edges)))
    return Exposed(
        classes, counted(-2), counted(-1), counted(-3), centroids.counted_on, centroids.source, centroids.digest
    )


def _within(grid: Grid, x: Floats, y: Floats) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = (x >= grid.x[0]) & (x <= grid.x[-1]) & (y >= grid.y[0]) & (y <= grid.y[-1])
    return within


def _postcode(line: Line) -> str:
    """Return the postcode without the decimals that a program for tables may have given it."""
    code = line.cells["postcode"].strip().removesuffix(".0")
    if not code:
        raise GoedeBuurError(
            errors.BAD_NUMBER, "The line has no postcode.",
            place=line.place("postcode"), value="", hint="Give each area its own.",
        )  # fmt: skip
    return code


def _degrees(line: Line, column: str, most: float) -> float:
    return nan if line.cells[column].strip() in NOT_TOLD else line.number_in(column, "", -most, most)


def _people(line: Line) -> int | None:
    found = nan if line.cells["inwoners"].strip() in NOT_TOLD else line.number_in("inwoners", "", 0, 1e8)
    if isnan(found):
        return None
    if found != int(found):
        raise GoedeBuurError(
            errors.BAD_NUMBER, "People are counted whole.",
            place=line.place("inwoners"), value=line.cells["inwoners"], hint="Is it the right column?",
        )  # fmt: skip
    return int(found)


def _require_new(twice: bool, line: Line) -> None:
    if twice:
        raise GoedeBuurError(
            errors.DUPLICATE_KEY, "The area comes twice.",
            place=line.place("postcode"), value=line.cells["postcode"], hint="Deliver each once.",
        )  # fmt: skip
