"""A plume in flat country: what must hold of any, in hours of every kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goedebuur.core.dispersion import plume
from goedebuur.core.dispersion.air import DIRECTION, WIND, Hour, at, carried, carried_at, mean
from goedebuur.core.dispersion.air import hour as air_hour
from goedebuur.core.dispersion.air import hours as air_hours
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.core.weather.heights import HEIGHTS
from goedebuur.core.weather.profiles import LEAST_WIND, Ground, Levels, Profiles, profiles
from goedebuur.core.weather.sun import Floats

STACK = Stack(height=60.0, diameter=2.5, temperature=400.0, speed=12.0)
LOW = Stack(height=10.0, diameter=0.3, temperature=293.0, speed=5.0)


def hour(
    *, obukhov: float = 80.0, friction: float = 0.3, wind: float = 4.0, convective: float = 1.8, by_heat: float = 900.0
) -> Ground:
    """Return an hour in flat country with z0 = 0.1 m: stable, or with an Obukhov length below zero unstable."""
    warm = obukhov < 0

    def one(number: float) -> Floats:
        return np.array([number])

    return Ground(
        friction=one(friction),
        obukhov=one(obukhov),
        roughness=one(0.1),
        convective=one(convective if warm else np.nan),
        mixed_by_heat=one(by_heat if warm else np.nan),
        gradient=one(0.01 if warm else np.nan),
        mixed_by_wind=one(2300 * friction**1.5),
        wind=one(wind),
        wind_height=one(10.0),
        temperature=one(288.0),
        temperature_height=one(2.0),
        direction=one(270.0),
    )


HOURS = {
    "stable": hour(),
    "very stable": hour(obukhov=8.0, friction=0.08, wind=1.2),
    "neutral": hour(obukhov=5000.0, friction=0.7, wind=9.0),
    "unstable": hour(obukhov=-40.0),
    "free convection": hour(obukhov=-4.0, friction=0.12, wind=1.0, convective=2.2, by_heat=1500.0),
    "low lid": hour(obukhov=-40.0, convective=0.8, by_heat=120.0, friction=0.08, wind=1.5),
    "under the stack": hour(obukhov=-40.0, convective=0.5, by_heat=40.0, friction=0.05, wind=1.0),
}
EAST = np.array([500.0, 1000.0, 2000.0, 5000.0])
NORTH = np.zeros(4)


def first(air: Profiles) -> Hour:
    """Return the first hour of profiles, as the compiled functions take it."""
    return air_hour(air_hours(air), 0)


@pytest.fixture(params=HOURS)
def ground(request: pytest.FixtureRequest) -> Ground:
    return HOURS[request.param]


def test_both_sides_of_the_plume_are_the_same(ground: Ground) -> None:
    air = profiles(ground)
    beside = np.array([150.0, -150.0])
    left, right = plume.concentration(STACK, air, np.array([2000.0, 2000.0]), beside)[0]
    assert left == pytest.approx(right, rel=1e-12)


def test_turning_wind_and_receptors_together_changes_nothing(ground: Ground) -> None:
    air = profiles(ground)
    angle = np.radians(37.0)
    # turned clockwise, as wind directions are
    east = EAST * np.cos(angle) + NORTH * np.sin(angle)
    north = -EAST * np.sin(angle) + NORTH * np.cos(angle)
    before = plume.concentration(STACK, air, EAST, NORTH)
    turned = profiles(replace(ground, direction=ground.direction + 37.0))
    after = plume.concentration(STACK, turned, east, north)
    assert after == pytest.approx(before, rel=1e-9)


def test_table_of_distances_gives_what_the_distances_themselves_give(ground: Ground) -> None:
    air = profiles(ground)
    exact = plume.concentration(STACK, air, EAST, NORTH)
    taken = plume.from_table(STACK, air, EAST, NORTH)
    assert taken[exact > 1e-3] == pytest.approx(exact[exact > 1e-3], rel=0.02)


def test_plume_that_first_reaches_a_high_receptor_between_two_distances_is_not_lost() -> None:
    # under a layer of 18 m the lid of a low cold plume grows with the distance, and passes 30 m somewhere
    air = profiles(hour(obukhov=5.0, friction=0.04, wind=0.8))
    cold = Stack(height=10.0, diameter=0.5, temperature=250.0, speed=1.0)
    east = np.linspace(50.0, 4000.0, 400)
    exact = plume.concentration(cold, air, east, np.zeros(400), 30.0)[0]
    taken = plume.from_table(cold, air, east, np.zeros(400), 30.0)[0]
    assert 0 < (exact > 1e-2).sum() < 400
    assert taken[exact > 1e-2] == pytest.approx(exact[exact > 1e-2], rel=0.05)
    assert taken[exact == 0].max() < 1e-50


def test_low_source_close_by_is_worse_than_a_high_one(ground: Ground) -> None:
    air = profiles(ground)
    near = np.array([200.0])
    high, low = (plume.concentration(one, air, near, np.zeros(1))[0, 0] for one in (STACK, LOW))
    assert low > high


def test_nothing_is_there_at_the_stack_itself(ground: Ground) -> None:
    told = plume.concentration(STACK, profiles(ground), np.array([0.0]), np.array([0.0]))
    assert told[0, 0] == 0


def test_far_away_a_warmed_layer_holds_what_was_let_out_in_it() -> None:
    # mixed through: 10⁶ ÷ (√(2π) σy · zi · u) for 1 g/s, in the middle of the plume, but for what sways
    air = profiles(HOURS["unstable"])
    weak = replace(LOW, height=50.0)
    far = np.array([[20_000.0]])
    spread = plume.spread(weak, air, far)
    wind, _, _ = carried(first(air), 0.0, 450.0)
    assert spread.vertical[0, 0] == pytest.approx(1 / (900 * wind), rel=0.02)


def test_as_much_goes_through_a_line_across_the_wind_as_the_plume_carries_there() -> None:
    # what does not sway: over the width the concentration adds up to 10⁶ · (1 − random) · vertical
    air = profiles(HOURS["neutral"])
    beside = np.linspace(-3000, 3000, 6001)
    told = plume.concentration(STACK, air, np.full(6001, 3000.0), beside)[0]
    spread = plume.spread(STACK, air, np.array([[3000.0]]))
    carried = 1e6 * (1 - spread.random[0, 0]) * spread.vertical[0, 0]
    around = plume.spread(STACK, air, np.hypot(3000.0, beside)[None, :])
    swayed = 1e6 * around.random[0] * around.vertical[0] / (2 * np.pi * np.hypot(3000.0, beside))
    assert np.trapezoid(told - swayed, beside) == pytest.approx(carried, rel=5e-3)


def test_plume_that_breaks_through_the_lid_leaves_less_below() -> None:
    air = profiles(HOURS["low lid"])
    hot = Stack(height=60.0, diameter=6.0, temperature=600.0, speed=25.0)
    (gas,) = plume.releases(hot, air)
    assert gas.broken == 1
    assert plume.spread(hot, air, np.array([[1000.0]])).vertical[0, 0] == 0


def test_stack_above_the_mixed_layer_lets_out_into_stable_air() -> None:
    assert not plume.releases(STACK, profiles(HOURS["under the stack"]))[0].inside


def test_gas_that_is_no_warmer_than_the_air_rises_by_its_speed_alone() -> None:
    air = profiles(hour(obukhov=-40.0))
    cold = replace(STACK, temperature=250.0)
    (gas,) = plume.releases(cold, air)
    # 3 d v ÷ u
    assert gas.rise == pytest.approx(3 * 2.5 * 12 / gas.wind)


def test_slow_gas_is_drawn_down_behind_its_stack() -> None:
    air = profiles(hour(obukhov=5000.0, friction=0.9, wind=12.0))
    slow = replace(STACK, speed=5.0)
    (gas,) = plume.releases(slow, air)
    # h − 2 d (1.5 − v ÷ u)
    assert gas.base == pytest.approx(60 - 2 * 2.5 * (1.5 - 5 / gas.wind))
    assert gas.wind > 12


def test_volume_does_not_rise_and_begins_as_wide_as_it_is(ground: Ground) -> None:
    air = profiles(ground)
    low = Volume(height=5.0, wide=30.0, deep=4.0)
    (gas,) = plume.releases(low, air)
    assert (gas.rise, gas.base, gas.broken) == (0, 5, 0)
    spread = plume.spread(low, air, np.array([[1.0]]))
    # √(30² + what a metre adds)
    assert 30 <= spread.across[0, 0] < 30.2
    # nothing is said within 2.15 σy
    near = plume.from_table(low, air, np.array([60.0, 70.0]), np.zeros(2))[0]
    assert near[0] == 0
    assert near[1] > 0


def test_wide_volume_is_lower_in_the_middle_and_higher_beside_it() -> None:
    air = profiles(HOURS["neutral"])
    east, north = np.array([500.0, 500.0]), np.array([0.0, 200.0])
    narrow, wide = (plume.concentration(Volume(5.0, one, 2.0), air, east, north)[0] for one in (1.0, 80.0))
    assert wide[0] < narrow[0]
    assert wide[1] > narrow[1]


def test_wind_that_turns_with_height_carries_a_high_plume_elsewhere() -> None:
    ground = HOURS["neutral"]
    heights = np.array([[20.0, 300.0]])
    none = np.full((1, 2), np.nan)
    # through the north: halfway 20 and 300 m it is 0°
    levels = Levels(heights, none, none, none, none, np.array([[350.0, 10.0]]))
    air = profiles(ground, levels)
    assert at(first(air), DIRECTION, 20.0) % 360 == pytest.approx(350.0)
    assert at(first(air), DIRECTION, 160.0) % 360 == pytest.approx(0.0, abs=1e-9)
    assert at(first(air), DIRECTION, 5000.0) % 360 == pytest.approx(10.0)
    # straight south of a volume at 160 m it is as without turning, and is not at 10 m
    north, east = np.array([-3000.0]), np.array([0.0])
    straight = profiles(replace(ground, direction=np.array([0.0])))
    turned = plume.concentration(Volume(160.0, 5.0, 5.0), air, east, north)
    assert turned == pytest.approx(plume.concentration(Volume(160.0, 5.0, 5.0), straight, east, north))
    low = Volume(10.0, 5.0, 5.0)
    assert plume.concentration(low, air, east, north) < plume.concentration(low, straight, east, north)


@pytest.mark.parametrize(("name", "value"), [("height", -1.0), ("wide", 3000.0), ("deep", float("nan"))])
def test_volume_that_cannot_be_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        replace(Volume(5.0, 10.0, 3.0), **{name: value})


def test_profile_has_the_wind_that_was_observed_where_it_was_observed(ground: Ground) -> None:
    higher = replace(ground, wind_height=np.array([14.0]))
    assert at(first(profiles(higher)), WIND, 14.0) == pytest.approx(ground.wind[0], rel=1e-12)


def test_wind_of_neutral_air_goes_with_the_logarithm_of_height() -> None:
    air = profiles(hour(obukhov=1e6, friction=0.7, wind=9.0))
    assert air.values["wind"][0, list(HEIGHTS).index(100.0)] == pytest.approx(9 * np.log(1000) / np.log(100), rel=1e-3)


def test_mean_over_a_layer_is_the_area_under_the_straight_lines_between_heights() -> None:
    air = profiles(HOURS["neutral"])
    place = list(HEIGHTS).index(30.0)
    low, middle, high = air.values["wind"][0, place : place + 3]
    # 30 to 50 m, with 40 between; and 35 to 45 m
    whole, part = mean(first(air), WIND, 30.0, 50.0), mean(first(air), WIND, 35.0, 45.0)
    assert whole == pytest.approx((low + 2 * middle + high) / 4)
    assert part == pytest.approx((0.25 * low + 1.5 * middle + 0.25 * high) / 2)


def test_turbulence_of_wind_at_the_ground_and_of_heat_in_the_middle() -> None:
    stable, warm = profiles(HOURS["stable"]), profiles(HOURS["unstable"])
    # σv² = 3.6 u*², σw = 1.3 u* at the ground; in the middle of a warmed layer σw² = 0.35 w*² + (1.3 u*)² (1 − z ÷ zi)
    assert stable.values["across"][0, 0] == pytest.approx(np.sqrt(3.6) * 0.3)
    assert stable.values["upward"][0, 0] == pytest.approx(1.3 * 0.3)
    remnant = 0.02 * at(first(warm), WIND, 900.0) * 0.5
    wanted = np.sqrt(0.35 * 1.8**2 + 1.69 * 0.09 * 0.5 + remnant**2)
    assert warm.values["upward"][0, list(HEIGHTS).index(450.0)] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("name", "value"),
    [("height", -1.0), ("diameter", 0.0), ("temperature", 20.0), ("speed", 200.0), ("speed", float("nan"))],
)
def test_stack_that_cannot_be_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        replace(STACK, **{name: value})


@settings(deadline=None, max_examples=60)
@given(
    obukhov=st.one_of(st.floats(-3000, -1), st.floats(1, 3000)),
    friction=st.floats(0.02, 1.5),
    wind=st.floats(0.3, 25),
    convective=st.floats(0.05, 3.5),
    by_heat=st.floats(15, 3500),
    height=st.floats(1, 250),
    temperature=st.floats(260, 900),
    speed=st.floats(0.1, 40),
)
def test_every_hour_and_stack_has_a_concentration(
    obukhov: float,
    friction: float,
    wind: float,
    convective: float,
    by_heat: float,
    height: float,
    temperature: float,
    speed: float,
) -> None:
    air = profiles(hour(obukhov=obukhov, friction=friction, wind=wind, convective=convective, by_heat=by_heat))
    stack = Stack(height=height, diameter=2.0, temperature=temperature, speed=speed)
    east = np.array([1.0, 30.0, 300.0, 3000.0, 30_000.0, -500.0])
    with np.errstate(invalid="raise", divide="raise", over="raise"):
        told = plume.concentration(stack, air, east, np.zeros(6))
        taken = plume.from_table(stack, air, east, np.zeros(6))
    assert np.isfinite(told).all()
    assert (told >= 0).all()
    assert np.isfinite(taken).all()
    assert carried_at(first(air), 10.0)[0] >= LEAST_WIND
