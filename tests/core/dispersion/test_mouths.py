"""Stacks with a cap or a mouth that lies: what they keep of their rise, and how they go into a wake."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.dispersion.test_plume import EAST, HOURS, NORTH, STACK, first, hour

from goedebuur.core.dispersion import downwash, plume, wake_jet
from goedebuur.core.dispersion.air import carried_at
from goedebuur.core.dispersion.buildings import Building, Outline
from goedebuur.core.dispersion.stacks import Mouth, Release, Stack
from goedebuur.core.weather.profiles import Ground, profiles

CAPPED, LYING = replace(STACK, mouth="capped"), replace(STACK, mouth="horizontal")
COLD = replace(STACK, temperature=288.0 - 0.6, mouth="horizontal")
AIR = wake_jet.Air(5.0, 1.2, 290.0, 0.0, 0.0)


@pytest.fixture(params=HOURS)
def ground(request: pytest.FixtureRequest) -> Ground:
    return HOURS[request.param]


def gas(stack: Stack, ground: Ground) -> Release:
    return plume.releases(stack, profiles(ground))[0]


@pytest.mark.parametrize("stack", [CAPPED, LYING], ids=["capped", "horizontal"])
def test_buoyancy_stays_and_momentum_goes(stack: Stack, ground: Ground) -> None:
    upward, other = gas(STACK, ground), gas(stack, ground)
    assert other.buoyancy == upward.buoyancy
    # of 12 m/s a millimetre a second is left
    assert other.momentum == pytest.approx(upward.momentum * 0.001 / 12.0)


def test_cap_draws_the_plume_down_and_a_lying_mouth_does_not() -> None:
    ground = hour(wind=9.0, obukhov=5000.0, friction=0.7)
    wind = gas(STACK, ground).wind
    # 2 · 2.5 · (1.5 − 0.001 ÷ u)
    assert gas(CAPPED, ground).base == pytest.approx(60.0 - 5.0 * (1.5 - 0.001 / wind))
    assert gas(LYING, ground).base == 60.0


def test_gas_as_cold_as_the_air_that_goes_sideways_does_not_rise(ground: Ground) -> None:
    assert gas(COLD, ground).rise < 0.1


def test_less_rise_is_no_less_at_the_ground() -> None:
    air = profiles(HOURS["neutral"])
    upward, capped = (plume.concentration(one, air, EAST, NORTH)[0] for one in (STACK, CAPPED))
    assert (capped > upward).all()


def test_from_the_table_it_is_what_it_is_at_the_distances_themselves(ground: Ground) -> None:
    air = profiles(ground)
    exact, taken = (way(CAPPED, air, EAST, NORTH) for way in (plume.concentration, plume.from_table))
    assert taken[exact > 1e-3] == pytest.approx(exact[exact > 1e-3], rel=0.02)


def test_jet_under_a_cap_is_twice_as_wide_and_a_quarter_as_fast() -> None:
    up, capped, lying = (wake_jet.mouth_of(Mouth.of(one), AIR, AIR, 60.0) for one in (STACK, CAPPED, LYING))
    assert (capped[1].radius, capped[1].along, capped[1].up) == (2.5, 3.0, 0.001)
    assert (lying[1].radius, lying[1].along, lying[1].up) == (1.25, 12.0, 0.001)
    assert up[1].up == 12.0
    # as much gas
    assert capped[0].mass == pytest.approx(up[0].mass, rel=1e-6)
    assert lying[0].mass == pytest.approx(up[0].mass, rel=1e-6)


def test_in_a_wake_a_stack_with_a_cap_is_worse_than_one_without() -> None:
    hall = Building.of([Outline(((-60.0, -25.0), (-10.0, -25.0), (-10.0, 25.0), (-60.0, 25.0)), 20.0)], 0.0, 0.0)
    low, east = Stack(25.0, 0.8, 330.0, 20.0), np.array([60.0, 100.0, 300.0])
    for name in ("neutral", "stable", "unstable"):
        air = profiles(HOURS[name])
        found = [
            downwash.concentration(replace(low, mouth=mouth), hall, air, east, np.zeros(3))[0]
            for mouth in ("up", "capped", "horizontal")
        ]
        assert np.isfinite(found).all()
        assert (found[1] > found[0]).all()
        assert (found[2] > found[0]).all()


def test_mouth_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="mouth 'sideways' is not one of up, capped, horizontal"):
        replace(STACK, mouth="sideways")


def test_winds_that_are_means_of_vectors_carry_more_where_they_sway() -> None:
    ground = HOURS["stable"]
    wind, across, upward = carried_at(first(profiles(ground)), 30.0)
    other = carried_at(first(profiles(ground, vectors=True)), 30.0)
    assert other == pytest.approx((np.sqrt(wind**2 + 2 * across**2), across, upward))
