"""What becomes of a substance on its way: what must hold of any, in hours of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.dispersion.test_plume import HOURS, LOW, STACK, first

from goedebuur.core.dispersion import area_fates, areas, fates, plume
from goedebuur.core.dispersion.air import carried
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.fates import Loss, Totals
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.core.weather.sun import Floats

EAST, NORTH = np.array([300.0, 1000.0, 5000.0, 2000.0, -400.0]), np.array([0.0, 40.0, -300.0, 900.0, 50.0])


def loss(*, dry: float = 0.0, wet: float = 0.0, decay: float = 0.0, fall: float = 0.0, height: float = 1.1) -> Loss:
    """Return the loss of one size over one hour."""
    one = np.ones((1, 1))
    return Loss(np.array([fall]), one, dry * one, wet * one, np.array([height]), decay)


def told(
    ground: Ground,
    lost: Loss,
    source: Stack | Volume = STACK,
    east: Floats = EAST,
    north: Floats = NORTH,
    receptor: float = 0.0,
) -> Totals:
    totals = fates.nothing(1, len(east))
    around = plume.places([source], east[None], north[None])
    fates.add(totals, [source], [lost], np.ones((1, 1)), profiles(ground), around, receptor)
    return totals


@pytest.fixture(params=HOURS)
def ground(request: pytest.FixtureRequest) -> Ground:
    return HOURS[request.param]


@pytest.mark.parametrize("receptor", [0.0, 25.0])
def test_substance_that_loses_nothing_is_the_plume_itself(ground: Ground, receptor: float) -> None:
    kept = told(ground, loss(), receptor=receptor)
    whole = plume.from_table(STACK, profiles(ground), EAST, NORTH, receptor)
    assert kept.concentration == pytest.approx(whole, rel=1e-7, abs=1e-9)
    assert not kept.dry.any()
    assert not kept.wet.any()


def test_rain_and_time_leave_less_the_farther_and_nothing_else(ground: Ground) -> None:
    (gas,) = plume.releases(STACK, profiles(ground))
    near = EAST[:1], NORTH[:1]
    whole = told(ground, loss(), east=near[0], north=near[1]).concentration
    washed = told(ground, loss(wet=1e-3), east=near[0], north=near[1])
    # by rain exp(−1e-3 · 300 ÷ u), with the wind at the mouth
    assert washed.concentration == pytest.approx(whole * np.exp(-0.3 / gas.wind), rel=1e-3)
    assert washed.wet > 0


def test_what_falls_apart_does_so_for_as_long_as_the_wind_of_a_mixed_layer_takes() -> None:
    # mixed through 900 m, its middle is carried by the mean of the lower half: 2^(−20,000 ÷ u ÷ 3000)
    ground, east, north = HOURS["unstable"], np.array([20_000.0]), np.zeros(1)
    wind, _, _ = carried(first(profiles(ground)), 0.0, 450.0)
    whole, left = (told(ground, one, LOW, east, north) for one in (loss(), loss(decay=np.log(2) / 3000.0)))
    assert left.concentration / whole.concentration == pytest.approx(2 ** (-20_000 / wind / 3000), rel=0.02)


def test_twice_the_rate_leaves_the_square(ground: Ground) -> None:
    whole, once, twice = (
        told(ground, loss(decay=one), east=EAST[:1], north=NORTH[:1]).concentration for one in (0.0, 1e-3, 2e-3)
    )
    assert twice / whole == pytest.approx((once / whole) ** 2, rel=1e-3)


def test_as_much_comes_down_as_the_plume_lacks() -> None:
    ground, lost = HOURS["neutral"], loss(dry=0.08)
    # rings around the stack out to 2 km, each of 720 places: what comes down within is 1 − what is left
    radii = np.geomspace(20.0, 2000.0, 160)
    angle = np.radians(np.arange(0.25, 360.0, 0.5))
    east, north = (np.outer(radii, one).ravel() for one in (np.cos(angle), np.sin(angle)))
    low = Volume(10.0, 4.0, 4.0)
    found = told(ground, lost, low, east, north).dry.reshape(len(radii), -1)
    down = np.trapezoid(found.mean(axis=1) * 2 * np.pi * radii, radii) / 1e6
    column = told(ground, lost, low, np.array([2000.0]), np.zeros(1)).concentration
    whole = told(ground, loss(), low, np.array([2000.0]), np.zeros(1)).concentration
    left = (column / whole)[0, 0]
    assert 0.2 < 1 - left < 0.6
    assert down == pytest.approx(1 - left, rel=0.03)


def test_particles_that_fall_are_lower_at_the_ground_far_from_a_high_stack_sooner() -> None:
    ground = HOURS["stable"]
    near = EAST[:1] * 5, NORTH[:1]
    floating, falling = (told(ground, loss(fall=one), east=near[0], north=near[1]).concentration for one in (0.0, 0.05))
    assert falling > 1.2 * floating


def test_size_that_falls_is_at_the_ground_what_its_height_by_then_makes_it() -> None:
    ground, high, east = HOURS["stable"], Volume(60.0, 3.0, 3.0), np.array([2000.0])
    air = profiles(ground)
    (gas,) = plume.releases(high, air)
    lower = 60.0 - 0.02 * 2000 / gas.wind
    kept, fell = (told(ground, loss(fall=one), high, east, np.zeros(1)).concentration[0, 0] for one in (0.0, 0.02))
    # both are exp(−½ (h ÷ σz)²), so that σz follows; and from it the wind, of 2 ÷ (√(2π) σz u) in that
    deep = np.sqrt((60.0**2 - lower**2) / 2 / np.log(fell / kept))
    wind = 2 * np.exp(-0.5 * (60 / deep) ** 2) / (np.sqrt(2 * np.pi) * deep) * _over_the_width(kept, high, ground, east)
    # and once more from what rain washes out of all heights: 1 ÷ u
    rained = told(ground, loss(wet=1e-9), high, east, np.zeros(1)).wet[0, 0] / 1e-9
    assert wind == pytest.approx(_over_the_width(rained, high, ground, east), rel=0.02)


def _over_the_width(brought: float, source: Volume, ground: Ground, east: Floats) -> float:
    """Return by what the middle of a plume is less than all over the width, for 1 µg/m³ as much. [m² µg⁻¹ m⁻¹]"""
    there = plume.spread(source, profiles(ground), east[None])
    random, across = there.random[0, 0], there.across[0, 0]
    middle = random / (2 * np.pi * east[0]) + (1 - random) / (np.sqrt(2 * np.pi) * across)
    return float(1e6 * middle / brought)


def test_hour_of_which_it_is_not_known_what_comes_down_is_not_known(ground: Ground) -> None:
    found = told(ground, loss(dry=np.nan))
    assert all(np.isnan(one).all() for one in found)


def test_share_of_a_size_is_that_of_all(ground: Ground) -> None:
    one = loss(dry=0.01, wet=1e-4, fall=0.005)
    half = one._replace(share=0.5 * one.share)
    both = Loss(
        np.repeat(one.fall, 2),
        *(np.repeat(part, 2, axis=1) for part in (half.share, one.dry, one.wet)),
        one.height,
        0.0,
    )
    for whole, split in zip(told(ground, one), told(ground, both), strict=True):
        assert split == pytest.approx(whole, rel=1e-12)


def test_rain_falls_out_of_at_least_half_a_kilometre_of_air(ground: Ground) -> None:
    (depth,) = fates.depths(STACK, profiles(ground))
    assert 500 <= depth <= 10_000


SQUARE = Area(((-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)), 2.0, 1.0)


def test_area_that_loses_nothing_is_the_area_itself(ground: Ground) -> None:
    air, totals, whole = profiles(ground), fates.nothing(1, len(EAST)), np.zeros((1, len(EAST)))
    area_fates.add(totals, [SQUARE], [loss()], np.ones((1, 1)), air, EAST, NORTH)
    areas.add(whole, [SQUARE], np.ones((1, 1)), air, EAST, NORTH)
    assert totals.concentration == pytest.approx(whole, rel=1e-6, abs=1e-9)


def test_area_far_away_loses_what_a_volume_there_loses() -> None:
    air, lost = profiles(HOURS["neutral"]), loss(dry=0.03, wet=2e-4, decay=1e-4)
    east, north = np.array([4000.0]), np.zeros(1)
    parts = []
    for one in (loss(), lost):
        totals = fates.nothing(1, 1)
        area_fates.add(totals, [SQUARE], [one], np.ones((1, 1)), air, east, north)
        small = told(HOURS["neutral"], one, Volume(2.0, 0.0, 1.0), east, north)
        parts.append((totals.concentration[0, 0], small.concentration[0, 0]))
    assert parts[1][0] / parts[0][0] == pytest.approx(parts[1][1] / parts[0][1], rel=0.02)


@pytest.mark.parametrize("rate", [-1e-6, np.nan, 2.0])
def test_rate_that_cannot_be_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="decay"):
        fates.decaying(3, rate)
