"""Lines of levels by hand: a slope, a hill of one place, and what is not known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import level_lines, planes
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.dispersion_sources import Receptor

GRID = Grid("g", tuple(map(float, range(0, 500, 100))), tuple(map(float, range(0, 500, 100))))
SLOPE = np.array([one.x for one in GRID.places])
HILL = np.array([4.0 if (one.x, one.y) == (200, 200) else 0.0 for one in GRID.places])
BOTH = pytest.mark.parametrize("places", [GRID, tuple(GRID.places)], ids=["grid", "places"])


@BOTH
def test_line_on_a_slope_goes_straight_from_edge_to_edge_and_is_not_closed(places: Grid | tuple[Receptor, ...]) -> None:
    # the value is x: 150 at x = 150, from the south edge to the north one
    (one,) = level_lines.of(places, SLOPE, (150.0,))
    (line,) = shapely.get_parts(one.geometry)
    assert line.length == pytest.approx(400)
    assert np.unique(shapely.get_coordinates(line)[:, 0]) == pytest.approx([150.0])
    assert (one.cut, one.hidden) == (True, False)


@BOTH
def test_line_around_a_hill_is_closed(places: Grid | tuple[Receptor, ...]) -> None:
    # half way up in each of the four directions: 50 m from the top
    (one,) = level_lines.of(places, HILL, (2.0,))
    (line,) = shapely.get_parts(one.geometry)
    assert line.is_ring
    for x, y in ((150, 200), (250, 200), (200, 150), (200, 250)):
        assert line.distance(shapely.Point(x, y)) == pytest.approx(0, abs=1e-9)
    assert (one.cut, one.hidden) == (False, False)


@BOTH
def test_line_ends_where_there_is_no_value(places: Grid | tuple[Receptor, ...]) -> None:
    values = np.where([one.y == 200 for one in GRID.places], np.nan, SLOPE)
    (one,) = level_lines.of(places, values, (150.0,))
    # of the cells beside the row without a value nothing is known: the lowest and the highest are left
    assert sorted(shapely.get_parts(one.geometry), key=lambda part: part.bounds[1])[0].bounds[3] <= 100 + 1e-9
    assert one.geometry.length == pytest.approx(200)
    assert one.hidden


@BOTH
def test_level_below_all_values_has_no_line_and_goes_on_past_the_edge(places: Grid | tuple[Receptor, ...]) -> None:
    found = level_lines.of(places, np.full(25, 5.0), (1.0, 9.0))
    assert [(one.geometry.is_empty, one.cut) for one in found] == [(True, True), (True, False)]
    drawn = level_lines.geojson(found, planes.RD)["features"]
    assert [(one["geometry"], one["properties"]["cut_off_by_edge"]) for one in drawn] == [(None, True), (None, False)]


def test_line_is_told_in_degrees() -> None:
    x, y = (round(one) for one in planes.RD.placed(52.0, 5.0))
    grid = Grid("g", (x - 100.0, x + 100.0), (y - 2500.0, y + 2500.0))
    (drawn,) = level_lines.geojson(level_lines.of(grid, np.array([0.0, 2.0, 0.0, 2.0]), (1.0,)), planes.RD)["features"]
    assert drawn["properties"]["level"] == 1.0
    (line,) = drawn["geometry"]["coordinates"]
    assert len(line) >= 6, "with points on the way, since what is straight in metres is not in degrees"
    # five kilometres are 0.045 degrees: 111.2 km go into one
    assert abs(line[-1][1] - line[0][1]) == pytest.approx(5 / 111.2, rel=0.01)
    assert {round(longitude, 2) for longitude, _ in line} == {5.0}


def test_places_on_one_line_have_no_area_between_them() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        level_lines.of([Receptor(str(n), float(n), 0.0) for n in range(5)], np.arange(5.0), (1.0,))
    assert caught.value.code == "input-empty"
