"""Stacks beside buildings: what must hold of any, in hours of every kind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pytest
from tests.core.dispersion.test_plume import HOURS, hour

from goedebuur.core.dispersion import downwash, plume
from goedebuur.core.dispersion.buildings import Building, Outline
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.core.weather.sun import Floats

LOW = Stack(height=22.0, diameter=0.8, temperature=320.0, speed=6.0)
HALL = Outline(((-60.0, -25.0), (-10.0, -25.0), (-10.0, 25.0), (-60.0, 25.0)), 20.0)
"""West of the stack, of which the wind in every hour comes."""
BEHIND = Building.of([HALL], 0.0, 0.0)
EAST = np.array([5.0, 30.0, 100.0, 300.0, 1000.0, -200.0, 60.0])
NORTH = np.array([0.0, 5.0, -20.0, 40.0, 0.0, 10.0, 300.0])


@pytest.fixture(params=HOURS)
def ground(request: pytest.FixtureRequest) -> Ground:
    return HOURS[request.param]


def washed(
    ground: Ground, stack: Stack = LOW, building: Building = BEHIND, east: Floats = EAST, north: Floats = NORTH
) -> Floats:
    return downwash.concentration(stack, building, profiles(ground), east, north)[0]


def test_a_low_stack_behind_a_hall_is_worse_close_by_than_one_alone() -> None:
    ground = HOURS["neutral"]
    alone = plume.concentration(LOW, profiles(ground), EAST, NORTH)[0]
    assert washed(ground)[1] > 10 * alone[1]
    assert washed(ground)[2] > 2 * alone[2]


def test_without_a_building_there_is_nothing_but_the_plume(ground: Ground) -> None:
    none = Building.of([], 0.0, 0.0)
    alone = plume.concentration(LOW, profiles(ground), EAST, NORTH)[0]
    assert (washed(ground, building=none) == alone).all()


def test_a_building_far_from_the_stack_does_nothing(ground: Ground) -> None:
    # 5 · 20 m is as far as it reaches behind it; this one is 1 km up the wind
    far = Building.of([replace(HALL, corners=tuple((x - 1000, y) for x, y in HALL.corners))], 0.0, 0.0)
    assert max(far.height) == 0
    alone = plume.concentration(LOW, profiles(ground), EAST, NORTH)[0]
    assert (washed(ground, building=far) == alone).all()


def test_a_plume_high_above_the_wake_stays_there(ground: Ground) -> None:
    high = Stack(height=150.0, diameter=3.0, temperature=450.0, speed=20.0)
    alone = plume.concentration(high, profiles(ground), EAST, NORTH)[0]
    assert washed(ground, high) == pytest.approx(alone, rel=1e-12)


def test_both_sides_are_the_same_behind_a_building_in_line_with_the_stack(ground: Ground) -> None:
    east, north = np.array([40.0, 40.0, 400.0, 400.0]), np.array([15.0, -15.0, 60.0, -60.0])
    one = washed(ground, east=east, north=north)
    assert one[::2] == pytest.approx(one[1::2], rel=1e-9)


def test_mirrored_building_and_receptors_give_the_same(ground: Ground) -> None:
    aside = Outline(((-60.0, -5.0), (-10.0, -5.0), (-10.0, 45.0), (-60.0, 45.0)), 20.0)
    mirrored = replace(aside, corners=tuple((x, -y) for x, y in aside.corners))
    left = washed(ground, building=Building.of([aside], 0.0, 0.0))
    right = washed(ground, building=Building.of([mirrored], 0.0, 0.0), north=-NORTH)
    assert left == pytest.approx(right, rel=1e-9)


def test_turning_wind_building_and_receptors_together_changes_nothing(ground: Ground) -> None:
    # a whole sector, so that the same sizes are found for the wind
    angle = np.radians(90.0)

    def turned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)

    corners = tuple(turned(np.array(x), np.array(y)) for x, y in HALL.corners)
    other = Building.of([Outline(tuple((float(x), float(y)) for x, y in corners), 20.0)], 0.0, 0.0)
    after = replace(ground, direction=ground.direction + 90.0)
    east, north = turned(EAST, NORTH)
    assert washed(after, building=other, east=east, north=north) == pytest.approx(washed(ground), rel=1e-9)


def test_every_hour_has_a_number_at_every_place_around(ground: Ground) -> None:
    side = np.linspace(-300.0, 500.0, 41)
    east, north = (one.ravel() for one in np.meshgrid(side, side))
    for height in (0.5, 10.0, 20.0, 45.0):
        found = washed(ground, replace(LOW, height=height), east=east, north=north)
        assert np.isfinite(found).all()
        assert (found >= 0).all()


def test_from_the_table_it_is_what_it_is_at_the_distances_themselves(ground: Ground) -> None:
    total = np.full((1, len(EAST)), 3.0)
    air = profiles(ground)
    downwash.add(total, [LOW, LOW], [BEHIND, BEHIND], np.array([[2.0, 0.5]]), air, _twice(EAST), _twice(NORTH))
    exact = 2.5 * downwash.concentration(LOW, BEHIND, air, EAST, NORTH)
    counts = exact > 1e-3
    assert (total - 3.0)[counts] == pytest.approx(exact[counts], rel=0.02)


@pytest.mark.parametrize(
    ("direction", "number"),
    [(270.0, 8), (275.0, 8), (275.1, 9), (264.9, 7), (265.1, 8), (180.0, 35), (184.9, 35), (190.0, 0), (725.0, 17)],
)
def test_building_is_that_of_the_nearest_ten_degrees_to_which_the_wind_blows(direction: float, number: int) -> None:
    assert downwash.sector(direction) == number


def _twice(one: Floats) -> Floats:
    return np.stack([one, one])


def test_one_thread_or_more_give_the_same_to_the_last_bit() -> None:
    hours = Ground(
        **{one.name: np.concatenate([getattr(hour, one.name) for hour in HOURS.values()]) for one in fields(Ground)}
    )
    grams = np.ones((1, 1))

    def of(number: int) -> Floats:
        part = Ground(**{one.name: getattr(hours, one.name)[[number]] for one in fields(Ground)})
        total = np.zeros((1, len(EAST)))
        downwash.add(total, [LOW], [BEHIND], grams, profiles(part), EAST[None], NORTH[None])
        return total

    whole = np.zeros((len(HOURS), len(EAST)))
    downwash.add(whole, [LOW], [BEHIND], np.ones((len(HOURS), 1)), profiles(hours), EAST[None], NORTH[None])
    with ThreadPoolExecutor(4) as pool:
        parts = np.concatenate(list(pool.map(of, range(len(HOURS)))))
    assert (parts == whole).all()


def test_a_stack_above_the_warmed_layer_is_in_no_wake() -> None:
    ground = hour(obukhov=-40.0, convective=0.5, by_heat=20.0, friction=0.02, wind=1.0)
    stack = replace(LOW, height=25.0)
    alone = plume.concentration(stack, profiles(ground), EAST, NORTH)[0]
    assert (washed(ground, stack) == alone).all()


def test_beyond_the_wake_it_goes_over_into_the_plume_alone() -> None:
    ground = HOURS["stable"]
    east = np.array([200.0, 500.0, 1500.0, 20_000.0])
    alone = plume.concentration(LOW, profiles(ground), east, np.zeros(4))[0]
    off = np.abs(washed(ground, east=east, north=np.zeros(4)) / alone - 1)
    assert off[0] > 0.1
    assert off[-1] < 1e-9


def test_concentration_goes_on_over_the_end_of_the_cavity() -> None:
    # the cavity of the hall ends 1.8 · 50 ÷ (2.5^0.3 · (1 + 0.24 · 2.5)) = 42.7 m behind it, at 32.7 m
    east = np.arange(20.0, 45.0, 0.1)
    found = washed(HOURS["neutral"], replace(LOW, height=12.0), east=east, north=np.zeros(len(east)))
    assert np.abs(np.diff(found) / found[1:]).max() < 0.05
