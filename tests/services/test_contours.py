"""Contours of figures of which areas follow by hand: a cone, a plane, a saddle, two peaks, a hole."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import planes
from goedebuur.services.contours import Contour, geojson, lines, of_grid, of_places
from goedebuur.services.dispersion_grids import Grid, cartesian, nested, polar
from goedebuur.services.dispersion_sources import Receptor

AMERSFOORT = planes.around(52.155, 5.387)
FIELD = cartesian((0.0, 0.0), 2000.0, 50.0)
EAST, NORTH = (one.ravel() for one in np.meshgrid(FIELD.x, FIELD.y))
AWAY = np.hypot(EAST, NORTH)
UNIT = Grid("unit", (0.0, 1.0), (0.0, 1.0))


def areas(contours: tuple[Contour, ...]) -> list[float]:
    """In m²."""
    return [1e6 * one.area for one in contours]


def test_cone_gives_circles() -> None:
    # a chord over a cell of 50 m lies at most 50²·2/(8 r) m inside the circle: 0.6 m at 1000 m, 0.12 % of the area
    found = of_grid(FIELD, 2000 - AWAY, [1000.0, 1500.0, 2500.0])
    assert areas(found) == [pytest.approx(pi * 1000**2, rel=0.0013), pytest.approx(pi * 500**2, rel=0.005), 0.0]
    assert [one.cut for one in found] == [False, False, False]
    (circle,) = found[0].geometry.geoms
    assert np.hypot(*circle.exterior.coords.xy) == pytest.approx(1000, abs=1)


def test_cone_on_a_finer_grid_in_a_coarser_and_on_rings_gives_the_same_circles() -> None:
    for places in (
        nested([cartesian((0.0, 0.0), 2000.0, 100.0, "far"), cartesian((0.0, 0.0), 700.0, 25.0, "near")]),
        polar((0.0, 0.0), [100.0 * number for number in range(1, 21)], 72),
    ):
        values = np.array([2000 - np.hypot(one.x, one.y) for one in places])
        found = of_places(places, values, [1000.0, 1500.0])
        assert areas(found) == [pytest.approx(pi * 1000**2, rel=0.005), pytest.approx(pi * 500**2, rel=0.005)]
        assert all(one.geometry.is_valid and not one.cut and not one.hidden for one in found)


def test_plane_is_cut_off_by_the_edge_of_the_grid() -> None:
    for found in (of_grid(FIELD, EAST, [500.0]), of_places(FIELD.places, EAST, [500.0])):
        (half,) = found
        assert half.geometry.equals(shapely.box(500, -2000, 2000, 2000))
        assert 1e6 * half.area == pytest.approx(1500 * 4000)
        assert (half.cut, half.hidden) == (True, False)


def test_saddle_goes_by_the_mean_of_its_corners() -> None:
    # corners 1 0 / 0 1, mean 0.5: below it what is high is one piece, the square less two triangles with legs of 0.4
    saddle = np.array([1.0, 0.0, 0.0, 1.0])
    low, high = of_grid(UNIT, saddle, [0.4, 0.6])
    assert areas((low, high)) == [pytest.approx(1 - 2 * 0.4**2 / 2), pytest.approx(2 * 0.4**2 / 2)]
    assert [len(one.geometry.geoms) for one in (low, high)] == [1, 2]


def test_two_peaks_are_two_parts_of_one_contour() -> None:
    peaks = np.maximum(500 - np.hypot(EAST - 1000, NORTH), 400 - np.hypot(EAST + 1000, NORTH))
    both, one, none = of_grid(FIELD, peaks, [100.0, 450.0, 600.0])
    assert len(both.geometry.geoms) == 2
    assert 1e6 * both.area == pytest.approx(pi * (400**2 + 300**2), rel=0.01)
    assert one.geometry.centroid.x == pytest.approx(1000)
    assert none.geometry.is_empty


def test_ring_has_a_hole() -> None:
    for found in (
        of_grid(FIELD, -abs(AWAY - 1000), [-300.0]),
        of_places(FIELD.places, -abs(AWAY - 1000), [-300.0]),
    ):
        (ring,) = found[0].geometry.geoms
        assert len(ring.interiors) == 1
        assert ring.area == pytest.approx(pi * (1300**2 - 700**2), rel=0.01)
        assert ring.exterior.is_ccw
        assert not ring.interiors[0].is_ccw


def test_place_without_a_value_belongs_to_no_contour() -> None:
    grid = Grid("five", tuple(map(float, range(5))), tuple(map(float, range(5))))
    values = np.ones(25)
    values[12] = np.nan
    # of the four cells around it half is left, each with the side that joins its other corners
    (found,) = of_grid(grid, values, [0.5])
    assert 1e6 * found.area == pytest.approx(16 - 2)
    assert (found.cut, found.hidden) == (True, True)
    # at the triangles of one place the corners around it are the four beside it and, by the way they lie, others
    (other,) = of_places(grid.places, values, [0.5])
    assert 16 - 4 <= 1e6 * other.area <= 16 - 2
    assert other.hidden
    assert not other.geometry.contains(shapely.Point(2, 2))


def test_area_between_two_levels_is_what_is_above_the_first_and_not_the_second() -> None:
    whole = of_grid(FIELD, 2000 - AWAY, [500.0, 1000.0, 1500.0])
    bands = of_grid(FIELD, 2000 - AWAY, [500.0, 1000.0, 1500.0], between=True)
    assert [one.upto for one in bands] == [1000.0, 1500.0, None]
    assert sum(areas(bands)) == pytest.approx(areas(whole)[0])
    assert areas(bands)[0] == pytest.approx(pi * (1500**2 - 1000**2), rel=0.01)


@pytest.mark.parametrize("levels", [[], [1.0, 1.0], [2.0, 1.0], [float("nan")], [float("inf")]])
def test_levels_that_do_not_ascend_are_refused(levels: list[float]) -> None:
    for draw in (of_grid, lambda grid, *rest: of_places(grid.places, *rest)):
        with pytest.raises(GoedeBuurError) as caught:
            draw(UNIT, np.arange(4.0), levels)
        assert caught.value.code == "query-levels"


def test_places_on_a_line_have_no_area_between_them() -> None:
    for places in ([Receptor(str(x), float(x), 2.0 * x) for x in range(5)], [Receptor("a", 0.0, 0.0)]):
        with pytest.raises(GoedeBuurError) as caught:
            of_places(places, np.ones(len(places)), [0.5])
        assert caught.value.code == "input-empty"


def test_geojson_is_in_degrees_with_outer_rings_anticlockwise_and_holes_clockwise() -> None:
    told = geojson(of_grid(FIELD, -abs(AWAY - 1000), [-300.0, 1.0]), AMERSFOORT, {"unit": "µg/m³", "statistic": "mean"})
    ring, empty = told["features"]
    assert told["type"] == "FeatureCollection"
    assert ring["geometry"]["type"] == "MultiPolygon"
    ((outer, hole),) = ring["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert outer[0] == outer[-1]
    assert all(one == round(one, 6) for point in outer for one in point)
    # 1,300 m west of the middle: 111,319.49 m × cos β / √(1 − e² sin² φ) a degree of longitude, 68,441 m here
    west = min(point[0] for point in outer)
    assert west == pytest.approx(5.387 - 1300 / 68_441, abs=2e-5)
    assert ring["properties"] == {
        "level": -300.0, "upto": None, "unit": "µg/m³", "statistic": "mean",
        "area_km2": pytest.approx(pi * (1.3**2 - 0.7**2), rel=0.01),
        "cut_off_by_edge": False, "borders_on_unknown": False,
    }  # fmt: skip
    assert (empty["geometry"], empty["properties"]["area_km2"]) == (None, 0.0)


def test_long_side_keeps_its_place_in_degrees() -> None:
    # a side of 100 km along the north of a grid: its middle lies due north of the middle of the grid
    grid = Grid("wide", (-50_000.0, 50_000.0), (-50_000.0, 50_000.0))
    (told,) = geojson(of_grid(grid, np.ones(4), [0.5]), AMERSFOORT, {})["features"]
    north = max(told["geometry"]["coordinates"][0][0], key=lambda point: point[1] - 1e-3 * abs(point[0] - 5.387))
    assert AMERSFOORT.placed(north[1], north[0]) == pytest.approx((0.0, 50_000.0), abs=1.0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, float("nan")]), min_size=30, max_size=30),
    st.sampled_from([[0.5], [0.0, 1.0], [0.25, 0.5, 1.25]]),
)
def test_contours_are_always_valid_and_higher_ones_inside_lower(values: list[float], levels: list[float]) -> None:
    grid = Grid("any", tuple(100.0 * x for x in range(6)), tuple(80.0 * y for y in range(5)))
    told = np.array(values)
    draws = [of_grid(grid, told, levels), of_grid(grid, told, levels, between=True)]
    draws += [of_places(grid.places, told, levels), of_places(grid.places, told, levels, between=True)]
    for number, found in enumerate(draws):
        assert all(one.geometry.is_valid and one.geometry.geom_type == "MultiPolygon" for one in found)
        if number % 2 == 0:
            assert areas(found) == sorted(areas(found), reverse=True)
        else:
            assert sum(areas(found)) == pytest.approx(areas(draws[number - 1])[0], abs=1e-3)
        for feature in geojson(found, AMERSFOORT, {})["features"]:
            assert feature["geometry"] is None or shapely.geometry.shape(feature["geometry"]).is_valid


def test_lines_have_one_level_each_and_leave_the_edge_of_the_grid_out() -> None:
    """A plane that rises to the east by a metre a metre: above 50 and 150 lie half planes, each with one line."""
    grid = cartesian((0.0, 0.0), 200.0, 50.0)
    x, _ = np.meshgrid(grid.x, grid.y)
    found = lines(of_grid(grid, x.ravel(), [50.0, 150.0]), grid, x.ravel(), planes.around(52.0, 4.0))
    assert [one["properties"]["level"] for one in found["features"]] == [50.0, 150.0]
    for one, east in zip(found["features"], (50.0, 150.0), strict=True):
        (line,) = one["geometry"]["coordinates"]
        longitudes = [at[0] for at in line]
        # a degree of longitude is 68.7 km there
        assert np.mean(longitudes) == pytest.approx(4 + east / 68_680, abs=1e-5)
        assert max(longitudes) - min(longitudes) < 1e-5


def test_ring_around_a_top_is_one_closed_line() -> None:
    grid = cartesian((0.0, 0.0), 200.0, 10.0)
    x, y = np.meshgrid(grid.x, grid.y)
    away = -np.hypot(x, y).ravel()
    (one,) = lines(of_grid(grid, away, [-100.0]), grid, away, planes.around(52.0, 4.0))["features"]
    (line,) = one["geometry"]["coordinates"]
    assert line[0] == line[-1]


def test_edge_of_unknown_ground_is_no_line() -> None:
    """Of 10·exp(−r/300) nothing is known within 150 m: L lies at 300·ln(10/L) m, each a ring of one line."""
    grid = cartesian((0.0, 0.0), 1000.0, 100.0)
    away = np.hypot(*(one.ravel() for one in np.meshgrid(grid.x, grid.y)))
    values = np.where(away < 150, np.nan, 10 * np.exp(-away / 300))
    levels = [0.5, 1.0, 2.0, 4.0]
    found = lines(of_grid(grid, values, levels), grid, values, AMERSFOORT)["features"]
    assert [one["properties"]["level"] for one in found] == levels
    for one in found:
        (line,) = one["geometry"]["coordinates"]
        assert line[0] == line[-1]
        radius = [np.hypot(*AMERSFOORT.placed(latitude, longitude)) for longitude, latitude in line]
        # a straight line between places 100 m apart lies up to 100²/(8·300) + 100²/(8·275) = 9 m off
        assert radius == pytest.approx([300 * np.log(10 / one["properties"]["level"])] * len(line), abs=10)


def test_line_stops_at_unknown_ground_and_goes_on_behind_it() -> None:
    grid = cartesian((0.0, 0.0), 200.0, 50.0)
    x, y = (one.ravel() for one in np.meshgrid(grid.x, grid.y))
    values = np.where((abs(x) < 75) & (abs(y) < 75), np.nan, x)
    (one,) = lines(of_grid(grid, values, [25.0]), grid, values, AMERSFOORT)["features"]
    south, north = sorted(one["geometry"]["coordinates"])
    for line in (south, north):
        places = np.array([AMERSFOORT.placed(latitude, longitude) for longitude, latitude in line])
        assert places[:, 0] == pytest.approx(25, abs=0.2)
        assert sorted(abs(places[:, 1]))[:: len(line) - 1] == pytest.approx([100, 200], abs=0.2)
