"""Places in rows, finer grids and rings; by hand."""

from __future__ import annotations

import numpy as np
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.pits import Pit
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.services import dispersion_grids, planes
from goedebuur.services.dispersion_grids import BEYOND, INSIDE, NEAR, Grid, at, cartesian, kept, nested, polar
from goedebuur.services.dispersion_sources import Field, Receptor, Source


def test_grid_has_its_middle_and_whole_steps_up_to_half() -> None:
    grid = cartesian((1000.0, 2000.0), 250.0, 100.0)
    assert grid.x == (800.0, 900.0, 1000.0, 1100.0, 1200.0)
    assert grid.shape == (5, 5)
    first, second, *_, last = grid.places
    assert (first.x, first.y, second.x, second.y, last.x, last.y) == (800, 1800, 900, 1800, 1200, 2200)


def test_finer_grid_takes_the_place_of_the_part_of_the_coarser_under_it() -> None:
    coarse, fine = cartesian((0.0, 0.0), 400.0, 100.0, "far"), cartesian((0.0, 0.0), 100.0, 50.0, "near")
    found = nested([coarse, fine])
    # 9 × 9 less the 3 × 3 at most 100 m from the middle, and 5 × 5
    assert len(found) == 81 - 9 + 25
    assert len({(one.x, one.y) for one in found}) == len(found)
    assert len({one.id for one in found}) == len(found)


def test_rings_begin_in_the_north_and_go_clockwise() -> None:
    found = polar((10.0, 20.0), [100.0, 200.0], 4)
    assert [(round(one.x, 6), round(one.y, 6)) for one in found] == [
        *((10, 120), (110, 20), (10, -80), (-90, 20)),
        *((10, 220), (210, 20), (10, -180), (-190, 20)),
    ]


@pytest.mark.parametrize(
    ("half", "step"), [(100, 0), (100, -1), (50, 100), (60_000, 1000), (100, float("nan")), (5000, 1)]
)
def test_grid_that_cannot_be_is_refused(half: float, step: float) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        cartesian((0.0, 0.0), half, step)
    assert caught.value.code == "query-grid"


@pytest.mark.parametrize(
    ("rings", "spokes"),
    [([], 8), ([0.0, 1.0], 8), ([2.0, 1.0], 8), ([1.0, 1.0], 8), ([100.0], 2), ([1.0, 60_000.0], 8)],
)
def test_rings_that_cannot_be_are_refused(rings: list[float], spokes: int) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        polar((0.0, 0.0), rings, spokes)
    assert caught.value.code == "query-grid"


def test_finer_grid_outside_the_coarser_is_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        nested([cartesian((0.0, 0.0), 400.0, 100.0, "far"), cartesian((350.0, 0.0), 100.0, 50.0, "near")])
    assert (caught.value.code, caught.value.value) == ("query-grid", "near")


def test_place_too_near_or_too_far_has_no_value_and_is_counted() -> None:
    stack = Source("S", 0.0, 0.0, 1.0, Stack(50.0, 1.0, 400.0, 10.0))
    volume = Source("V", 1000.0, 0.0, 1.0, Volume(5.0, 100.0, 5.0))
    # nothing is said of the volume within 2.15 × 100 m and the metre that nothing is said of a stack within
    places = [Receptor(name, x, 0.0) for name, x in (("a", 0.0), ("b", 500.0), ("c", 790.0), ("d", 51_001.0))]
    found = kept(places, [stack, volume])
    assert [one.id for one in found.places] == ["b"]
    assert found.left_out == {NEAR: 2, BEYOND: 1}
    assert str(found.whole(np.array([7.0]))) == "[nan  7. nan nan]"


def test_place_in_an_area_source_is_kept() -> None:
    field = Field("F", 1.0, Area(((0.0, 0.0), (100.0, 0.0), (100.0, 100.0)), 1.0, 1.0))
    assert kept([Receptor("a", 50.0, 50.0)], [], [field]).left_out == {}
    assert kept([Receptor("a", 50_050.0, 50.0)], [], [field]).left_out == {BEYOND: 1}


def test_value_between_places_is_straight_along_both_sides() -> None:
    grid = Grid("g", (0.0, 10.0, 30.0), (0.0, 10.0))
    values = np.array([0.0, 10.0, 30.0, 100.0, 110.0, np.nan])
    x, y = np.array([5.0, 10.0, 9.0, 20.0, -1.0, 5.0]), np.array([0.0, 10.0, 5.0, 5.0, 0.0, 10.1])
    assert at(grid, values, x, y) == pytest.approx([5.0, np.nan, 59.0, np.nan, np.nan, np.nan], nan_ok=True)
    # in the last column a place on the edge still has its value
    assert at(grid, np.arange(6.0), np.array([30.0]), np.array([10.0])) == pytest.approx([5.0])


def test_axes_that_do_not_ascend_make_no_grid() -> None:
    for x in ((0.0,), (1.0, 0.0), (0.0, 0.0), (0.0, float("nan"))):
        with pytest.raises(ValueError, match="ascend"):
            Grid("g", x, (0.0, 1.0))


def test_plane_of_rd_is_that_of_the_middle_of_the_country() -> None:
    # the foot of the tower of Amersfoort: 155 000, 463 000 in RD New; ETRS89 52.15517 N 5.38721 E (Kadaster, NSGI)
    x, y = planes.RD.placed(52.155172, 5.387206)
    assert (x, y) == pytest.approx((155_000.0, 463_000.0), abs=1.0)
    assert planes.RD.degrees(155_000.0, 463_000.0) == pytest.approx((52.155172, 5.387206), abs=1e-5)


def test_plane_around_a_place_has_its_north_up_and_metres() -> None:
    # a minute of latitude at 52.5° N is 1,854.6 m (GRS 80: 111,132.954 − 559.822 cos 2φ + 1.175 cos 4φ a degree)
    plane = planes.around(52.5, 4.6)
    x, y = plane.placed(52.5 + 1 / 60, 4.6)
    assert (x, y) == pytest.approx((0.0, 1854.6), abs=0.5)
    assert plane.degrees(x, y) == pytest.approx((52.5 + 1 / 60, 4.6))


def test_module_says_how_many_places_are_too_many() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        cartesian((0.0, 0.0), 50_000.0, 50.0)
    assert str(dispersion_grids.MOST) in caught.value.message


def test_place_in_a_pit_has_no_value_and_is_counted() -> None:
    pit = Field("P", 1.0, Pit(-200.0, -200.0, 0.0, 400.0, 400.0, 8e6))
    found = kept([Receptor("floor", 0.0, 0.0), Receptor("beside", 250.0, 0.0)], [], [pit])
    assert [one.id for one in found.places] == ["beside"]
    assert found.left_out == {INSIDE: 1}
