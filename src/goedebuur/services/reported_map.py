"""What facilities report to emit over a year, over the area around them: with each of three assumed stacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from goedebuur.services import contours, dispersion_maps, dispersion_run, planes
from goedebuur.services.dispersion_outcome import unit_of
from goedebuur.services.reported_beside_measured import STACKS, Reported, reported, reporting, source, stack

if TYPE_CHECKING:
    from typing import Any

    from goedebuur.services.dispersion_grids import Grid
    from goedebuur.services.dispersion_maps import Map
    from goedebuur.services.dispersion_weather import Weather
    from goedebuur.services.planes import Plane
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class ReportedMap:
    """Maps by assumed stack, and from what they follow.

    Parameters
    ----------
    plane
        Around the middle.
    maps
        Assumed stack → statistics over the grid. [µg m⁻³]
    years
        Of the weather.
    simulated
        Whether the record has simulated figures.
    without_place
        Facilities that reported the substance but not where they are: left out.
    """

    substance: str
    year: int
    plane: Plane
    maps: Mapping[str, Map]
    facilities: tuple[Reported, ...]
    without_place: tuple[str, ...]
    years: tuple[int, ...]
    simulated: bool


def of_year(
    record: Record,
    weather: Weather,
    substance: str,
    year: int,
    middle: tuple[float, float],
    within: float,
    grid: Grid,
    statistics: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    as_of: int | None = None,
) -> ReportedMap:
    """Return what facilities in a circle add over a grid.

    Parameters
    ----------
    weather
        Of any hours: more years give a mean that hangs less on one, of the emission of the year that was reported.
    middle, within
        Latitude and longitude of the middle [°], and the radius [km] of the circle.
    grid
        In metres from the middle.

    Raises
    ------
    GoedeBuurError
        `query-no-report`, `query-no-substance`; those of `dispersion_maps.of_sources`.
    """
    from goedebuur.services import queries

    placed, without_place = reporting(record, substance, year, middle, within, as_of)
    plane = planes.around(*middle)
    sources = [source(one, substance, year, plane) for one in placed]
    maps = {}
    for turn, name in enumerate(STACKS):
        steps = dispersion_run.part_of(progress, turn, len(STACKS))
        ones = [replace(one, stack=stack(name)) for one in sources]
        maps[name] = dispersion_maps.of_sources(weather, ones, (), grid, plane, statistics, steps)
    return ReportedMap(
        substance,
        year,
        plane,
        maps,
        tuple(reported(one, substance, year) for one in placed),
        without_place,
        weather.years,
        queries.overview(record, as_of).simulated,
    )


def drawn(found: ReportedMap, statistic: str, levels: Sequence[float]) -> dict[str, Any]:
    """Return the contours with each of the stacks as one feature collection, labelled as assumptions."""
    features = []
    for name, one in found.maps.items():
        height, diameter, temperature, speed = STACKS[name]
        about = {
            "statistic": statistic,
            "unit": unit_of(statistic),
            "substance": found.substance,
            "reported_over": found.year,
            "years": found.years,
            "simulated": found.simulated,
            "model": contours.MODEL,
            "stack": name,
            "assumed": f"one stack a facility: {height:g} m, ⌀ {diameter:g} m, {temperature:g} K, {speed:g} m/s; even",
        }
        areas = contours.of(one.layout, one.values[statistic], levels)
        features += contours.geojson(areas, found.plane, about)["features"]
    return {"type": "FeatureCollection", "features": features}
