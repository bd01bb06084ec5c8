"""The wake of a building: its size, and the wind and the spread of a plume in it, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from goedebuur.core.dispersion import wake, wake_rise, wake_spread
from goedebuur.core.dispersion.wake import CAVITY, FAR, INSIDE, OUTSIDE
from goedebuur.core.dispersion.wake_spread import Around

CUBE = wake.wake(10.0, 10.0, 10.0, 0.0, 0.0)
HALL = wake.wake(20.0, 80.0, 30.0, 0.0, 0.0)
TOWER = wake.wake(50.0, 10.0, 5.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("of", "scale", "cavity", "top", "attached"),
    [
        # 10^⅔ · 10^⅓; 1.8 · 10 ÷ 1.24; 10 + 2.2; 9 < 10
        (CUBE, 10.0, 14.516, 12.2, True),
        # 20^⅔ · 80^⅓ = (400 · 80)^⅓; 1.8 · 80 ÷ (1.5^0.3 · 1.96); 0.9 R = 28.57 < 30
        (HALL, 31.748, 65.055, 26.985, True),
        # (100 · 50)^⅓; W ÷ H = 0.2: no influence of the length; 18 ÷ 1.048; 0.9 R > 5
        (TOWER, 17.1, 17.176, 53.762, False),
    ],
    ids=["cube", "hall", "tower"],
)
def test_size_of_a_wake_by_hand(of: wake.Wake, scale: float, cavity: float, top: float, attached: bool) -> None:
    assert of.scale == pytest.approx(scale, rel=1e-4)
    assert of.cavity == pytest.approx(cavity, rel=1e-4)
    assert of.top == pytest.approx(top, rel=1e-4)
    assert of.attached is attached


def test_a_very_wide_building_counts_as_eight_times_as_wide_as_it_is_high() -> None:
    # (10² · 80)^⅓ = 20
    assert wake.wake(10.0, 500.0, 10.0, 0.0, 0.0).scale == pytest.approx(20.0)


def test_wake_begins_as_high_as_the_building_and_grows_as_the_cube_root() -> None:
    assert wake.bounds(CUBE, 1e-9) == pytest.approx((10.0, 5.0), rel=1e-3)
    # 1.2 · 10 · (8 + (10 ÷ 12)³)^⅓ = 24.564; 5 + 10 ÷ 3 · 8^⅓ = 11.667
    assert wake.bounds(CUBE, 80.0) == pytest.approx((24.564, 11.667), rel=1e-3)
    assert wake.bounds(CUBE, 0.0) == (0.0, 0.0)


def test_cavity_is_an_ellipse_behind_a_roof_on_which_the_wind_lies() -> None:
    half = 10.0 + 0.5 * CUBE.cavity
    # halfway its length: 10 · √(1 − ¼)
    assert wake.cavity_bounds(CUBE, half)[0] == pytest.approx(8.660, rel=1e-3)
    # over the roof it is as high as the building, beside it (5 + 10 ÷ 3) − (5 − 10)² ÷ 30 = 7.5
    assert wake.cavity_bounds(CUBE, 5.0) == pytest.approx((10.0, 7.5))
    assert wake.cavity_bounds(CUBE, 10.0 + CUBE.cavity) == (0.0, 0.0)


def test_cavity_over_a_short_roof_is_highest_half_a_scale_on() -> None:
    assert wake.cavity_bounds(TOWER, 0.5 * TOWER.scale)[0] == pytest.approx(TOWER.top)
    assert wake.cavity_bounds(TOWER, 1e-9)[0] == pytest.approx(50.0)


@pytest.mark.parametrize("of", [CUBE, HALL, TOWER], ids=["cube", "hall", "tower"])
def test_cavity_has_no_jumps(of: wake.Wake) -> None:
    end = of.length + of.cavity
    along = np.arange(1e-6, end, 1e-3)
    found = np.array([wake.cavity_bounds(of, one) for one in along])
    # an ellipse falls as the root where it ends: from a millimetre before it at most √(2 · 0.001 ÷ length) of it
    assert np.abs(np.diff(found, axis=0)).max() < of.top * math.sqrt(2e-3 / (of.cavity + of.length)) * 2


def test_where_a_place_lies() -> None:
    assert wake.where(CUBE, 5.0, 0.0, 5.0) == INSIDE
    assert wake.where(CUBE, 12.0, 0.0, 5.0) == CAVITY
    assert wake.where(CUBE, 60.0, 0.0, 5.0) == FAR
    assert wake.where(CUBE, 60.0, 0.0, 50.0) == OUTSIDE
    assert wake.where(CUBE, 60.0, 15.0, 5.0) == OUTSIDE
    assert wake.where(CUBE, 0.0, 0.0, 0.0) == OUTSIDE


def test_wind_in_a_wake_by_hand() -> None:
    # 8 scales behind: 0.7 · 9^−⅔ = 0.16179 is lost on average below the top; at the ground twice as much
    left, more = wake.slowed(CUBE, 90.0, 0.0, 1e-9)
    high, _ = wake.bounds(CUBE, 90.0)
    assert left == pytest.approx(1 - 2 * 0.16179, rel=1e-4)
    assert more == pytest.approx(2 * 0.16179 / high, rel=1e-4)
    assert wake.slowed(CUBE, 90.0, 0.0, high) == (1.0, 0.0)
    assert wake.slowed(CUBE, 90.0, 0.0, high - 1e-9)[0] == pytest.approx(1.0)
    assert wake.slowed(CUBE, 90.0, -3.0, 2.0) == wake.slowed(CUBE, 90.0, 3.0, 2.0)


def test_air_goes_up_before_a_building_and_over_it_and_down_behind_it() -> None:
    assert wake.slope(CUBE, -10.1, 0.0, 10.0) == 0.0
    # at the edge of the roof 2 · 2.2 · 10 ÷ 100
    assert wake.slope(CUBE, -1e-9, 0.0, 10.0) == pytest.approx(0.44)
    assert wake.slope(CUBE, 1e-9, 0.0, 10.0) == pytest.approx(0.88)
    assert wake.slope(CUBE, 5.0, 0.0, 10.0) == pytest.approx(0.0)
    assert wake.slope(CUBE, 20.0, 0.0, 10.0) < 0
    # one scale above the roof it is an eighth, behind the building half; a third of a scale beside it nothing
    assert wake.slope(CUBE, 1e-9, 0.0, 20.0) == pytest.approx(0.11)
    assert wake.slope(CUBE, 20.0, 0.0, 20.0) == pytest.approx(wake.slope(CUBE, 20.0, 0.0, 10.0) / 2)
    assert wake.slope(CUBE, 20.0, 8.4, 10.0) == 0.0


def test_as_much_as_it_rises_to_the_top_of_the_cavity_it_has_sunk_where_that_ends() -> None:
    # over the roof by 0.22 R; from there to the end of the cavity as much down: the parabola's own sum
    along = np.linspace(1e-9, 0.5 * CUBE.scale, 20_001)
    up = np.trapezoid([wake.slope(CUBE, one, 0.0, 10.0) for one in along], along)
    assert up == pytest.approx(2.2, rel=1e-4)
    along = np.linspace(0.5 * CUBE.scale + 1e-9, CUBE.length + CUBE.cavity, 20_001)
    down = np.trapezoid([wake.slope(CUBE, one, 0.0, 10.0) for one in along], along)
    assert down == pytest.approx(-2.2, rel=1e-4)


def test_cavity_holds_what_it_takes_up_over_its_width() -> None:
    # of a narrow plume: σy = 10 ÷ √(2π) = 3.989; σz = √(2 ÷ π) · 4 ÷ 5 · 10 ÷ 3 = 2.128
    assert wake.captured_spread(CUBE, 0.1, 4.0, 5.0) == pytest.approx((3.989, 2.128), rel=1e-3)
    # behind the hall no wider than three times its height
    assert wake.captured_spread(HALL, 0.1, 4.0, 5.0)[0] == pytest.approx(60 / math.sqrt(2 * math.pi))
    # of a plume wider than that, its own width, up to that of the building
    assert wake.captured_spread(HALL, 1000.0, 4.0, 5.0)[0] == pytest.approx(80 / math.sqrt(2 * math.pi))


def test_turbulence_grows_over_the_roof_and_fades_behind_the_building() -> None:
    calm = Around(5.0, 0.3, 0.25, 0.01)
    # just behind it, of σw ÷ u = 0.05: 0.05 · (1 + (1.7 · 0.06 ÷ 0.05 − 1 + 0.7) ÷ 0.3)
    assert wake_spread.intensity(CUBE, calm, 10.0, wake_spread.UP) == pytest.approx(0.34, rel=1e-6)
    assert wake_spread.intensity(CUBE, calm, 1e-9, wake_spread.UP) == pytest.approx(0.05, rel=1e-6)
    far = wake_spread.intensity(CUBE, calm, 1e6, wake_spread.UP)
    assert far == pytest.approx(0.05, rel=1e-2)
    fading = [wake_spread.intensity(CUBE, calm, one, wake_spread.ACROSS) for one in (10.0, 20.0, 50.0, 150.0)]
    assert fading == sorted(fading, reverse=True)


def test_no_more_than_fifteen_scales_behind_a_building_a_plume_spreads_as_in_the_air() -> None:
    calm = Around(5.0, 0.1, 0.05, 0.01)
    assert wake_spread.resumed(CUBE, calm)[0] > 160
    assert wake_spread.ends(CUBE, calm)[0] == pytest.approx(10.0 + 150.0)


@pytest.mark.parametrize("count", [1, 2, 50, 51, 80, 100, 101, 700, 5000])
def test_points_that_are_kept_begin_and_end_where_the_plume_does(count: int) -> None:
    kept = wake_spread.sampled(count)
    assert kept[0] == 0
    assert kept[-1] == count - 1
    assert len(kept) == min(count, 50)
    assert (np.diff(kept) > 0).all()


def test_part_of_a_gaussian_between_two_edges() -> None:
    # within one σ of its middle 0.6827, and half of it on one side of its middle far from the other edge
    assert wake_rise.within(0.0, 2.0, 2.0) == pytest.approx(0.6827, rel=1e-3)
    assert wake_rise.within(50.0, 2.0, 50.0) == pytest.approx(0.5)
