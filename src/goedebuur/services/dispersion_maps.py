"""What sources add over an area: statistics of the hours at the places of a grid, ready for contours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_grids, dispersion_run, planes
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.dispersion_sources import Field, Receptor, Source

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_weather import Weather
    from goedebuur.services.planes import Plane

IN_MEMORY: Final = 2**26
"""Hours times places that are in memory at once: half a gibibyte."""


@dataclass(frozen=True, slots=True)
class Map:
    """Statistics over an area.

    Parameters
    ----------
    layout
        Where the places are; with rows or without.
    values
        Statistic → value of each place, NaN where nothing can be said. [µg m⁻³]
    hours
        How many count.
    left_out, doubtful
        Why → how many hours do not count, and how many count and lie outside what a plume of this kind can say.
    places_left_out
        Why → how many places have no value.
    """

    layout: Grid | tuple[Receptor, ...]
    values: Mapping[str, Floats]
    hours: int
    left_out: Mapping[str, int]
    doubtful: Mapping[str, int]
    places_left_out: Mapping[str, int]

    @property
    def places(self) -> Sequence[Receptor]:
        """Return the places, in the order of the values."""
        return self.layout.places if isinstance(self.layout, Grid) else self.layout


def of_sources(
    weather: Weather,
    stacks: Sequence[Source],
    fields: Sequence[Field],
    layout: Grid | Sequence[Receptor],
    plane: Plane,
    statistics: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    receptor: float = 0.0,
) -> Map:
    """Return what sources add at places.

    Parameters
    ----------
    layout
        On the same plane as the sources. [m]
    plane
        Where RD New is it, all is reckoned on one around the middle of the sources, of which the north is the wind's.
    statistics
        Names, as `dispersion_statistics` has them.

    Raises
    ------
    GoedeBuurError
        `query-unknown-statistic`; `input-empty` without a source, or without a place of which something can be said;
        `input-number` for an hour that gives no concentration.
    """
    import numpy as np

    from goedebuur.services import dispersion_statistics

    _require_sources(stacks, fields)
    places = layout.places if isinstance(layout, Grid) else tuple(layout)
    stacks, fields, there = upright(stacks, fields, places, plane)
    kept = dispersion_grids.kept(there, stacks, fields)
    if not kept.places:
        raise GoedeBuurError(
            errors.EMPTY_INPUT, "Of none of these places something can be said.",
            place="places", value=", ".join(f"{count} {why}" for why, count in kept.left_out.items()),
            hint="Are sources and places in metres on the same plane?",
        )  # fmt: skip
    hours = weather.hours.height
    many = max(IN_MEMORY // hours, 1)
    blocks = [kept.places[first : first + many] for first in range(0, len(kept.places), many)]
    starts, told = weather.hours["start"].to_list(), []
    for turn, block in enumerate(blocks):
        steps = dispersion_run.part_of(progress, turn, len(blocks))
        values = dispersion_run.hourly(weather, stacks, block, steps, fields=fields, receptor=receptor)
        told.append(dispersion_statistics.of_hours(values, starts, statistics))
    found = {name: kept.whole(np.concatenate([one[name] for one in told])) for name in statistics}
    shape = layout if isinstance(layout, Grid) else tuple(layout)
    return Map(shape, found, hours, weather.left_out, weather.doubtful, kept.left_out)


def middle_of(stacks: Sequence[Source], fields: Sequence[Field]) -> tuple[float, float]:
    """Return the middle of the rectangle around all sources. [m]"""
    _require_sources(stacks, fields)
    points = [(one.x, one.y) for one in stacks] + [corner for one in fields for corner in one.area.outline]
    east, north = zip(*points, strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def upright(
    stacks: Sequence[Source], fields: Sequence[Field], places: Sequence[Receptor], plane: Plane
) -> tuple[Sequence[Source], Sequence[Field], Sequence[Receptor]]:
    """Return all of a run on a plane of which the north is the wind's: around the middle of the sources, for RD New."""
    import numpy as np

    from goedebuur.core.dispersion.areas import Area

    if plane != planes.RD:
        return stacks, fields, places
    to = planes.around(*plane.degrees(*middle_of(stacks, fields)))

    def moved(x: float, y: float) -> tuple[float, float]:
        return to.placed(*plane.degrees(x, y))

    def outline(one: Field) -> Field:
        corners = tuple(moved(*corner) for corner in one.area.outline)
        if isinstance(one.area, Area):
            return replace(one, area=replace(one.area, outline=corners))
        (east, north), (x, y) = corners[:2]
        return replace(one, area=replace(one.area, east=east, north=north, angle=degrees(atan2(x - east, y - north))))

    at = [moved(one.x, one.y) for one in stacks]
    sources = [replace(one, x=x, y=y) for one, (x, y) in zip(stacks, at, strict=True)]
    x, y = to.placed(*plane.degrees(np.array([one.x for one in places]), np.array([one.y for one in places])))
    there = [Receptor(one.id, float(x[at]), float(y[at])) for at, one in enumerate(places)]
    return sources, [outline(one) for one in fields], there


def _require_sources(stacks: Sequence[Source], fields: Sequence[Field]) -> None:
    if not stacks and not fields:
        raise GoedeBuurError(errors.EMPTY_INPUT, "There is no source.", hint="Give stacks, volumes, areas or pits.")
