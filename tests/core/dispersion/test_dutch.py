"""The variant with the constants of OPS: its formulas by hand, and that nothing else changes by it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.core.dispersion.test_properties import COLD, COUNT, EAST, HOT, LOW, SOURCES, STACK, WARM, even

from goedebuur.core.dispersion import dutch, plume
from goedebuur.core.dispersion.air import Hour, hour, hours
from goedebuur.core.dispersion.stacks import Mouth, Stack, Volume
from goedebuur.core.weather.profiles import Ground, Profiles, profiles
from goedebuur.core.weather.sun import Floats

NORTH = np.full(6, 20.0)
WARM_AIR = even(unstable=True, wind=5.0, across=0.7, upward=0.4, mixed=1000.0)
"""w* = 1.5 m/s, u* = 0.3 m/s, L = −40 m."""
COLD_AIR = even(unstable=False, wind=5.0, across=0.4, upward=0.3, mixed=400.0)
"""u* = 0.3 m/s, L = 80 m."""


def first(air: Profiles) -> Hour:
    return hour(hours(air), 0)


def told(stack: Stack | Volume, air: Profiles, variant: dutch.Variant | None, receptor: float = 0.0) -> Floats:
    """Return the concentration at six receptors downwind of a release of 1 g/s."""
    total = np.zeros((len(air.mixed), len(EAST)))
    places = plume.places([stack], EAST[None], NORTH[None])
    chosen: dict[str, dutch.Variant] = {} if variant is None else {"variant": variant}
    plume.add(total, [stack], np.ones((len(total), 1)), air, places, receptor, **chosen)
    return total


@pytest.fixture(params=[WARM, COLD], ids=["warm", "cold"])
def ground(request: pytest.FixtureRequest) -> Ground:
    found: Ground = request.param
    return found


def test_without_a_variant_and_with_that_of_epa_the_figures_are_the_same_to_the_last_bit(ground: Ground) -> None:
    air = profiles(ground)
    for source in SOURCES.values():
        assert (told(source, air, None) == told(source, air, "epa")).all()


def test_variant_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError, match="nnm"):
        told(STACK, COLD_AIR, "nnm")  # type: ignore[arg-type]


def test_eight_point_eight_is_what_a_megawatt_gives() -> None:
    # g Q ÷ (π ρ c T): 9.81 · 10⁶ ÷ (π · 1.293 · 1005 · 273) = 8.802
    assert pytest.approx(9.81e6 / (math.pi * 1.293 * 1005 * 273), rel=1e-3) == dutch.BY_MEGAWATT


def test_stack_in_warmed_air_rises_as_briggs_has_it_with_the_constants_of_ops() -> None:
    # 288 K at the height of the mouth, but for 0.00977 · 60 = 0.586 K: 287.414 K
    found = dutch.release(Mouth.of(STACK), first(WARM_AIR))
    # Q = 1.293 · 1005 · π · 1.25² · 12 · 273 ÷ 400 · (400 − 287.414) ÷ 10⁶ = 5.8817 MW; F = 51.759;
    # 21.3 · 51.759^0.75 ÷ 5 = 82.20 m, more than 3 · 2.5 · 12 ÷ 5 = 18 m
    assert found.rise == pytest.approx(82.20, abs=0.02)
    assert found.kept == 1


def test_stack_in_stable_air_rises_less() -> None:
    found = dutch.release(Mouth.of(STACK), first(COLD_AIR))
    # s = 9.80616 ÷ 287.414 · 0.006 = 2.04712 · 10⁻⁴; 2.6 · (51.759 ÷ (5 s))^⅓ = 2.6 · 36.979 = 96.15 m, so 82.20 m
    assert found.rise == pytest.approx(82.20, abs=0.02)
    hot = dutch.release(Mouth.of(HOT), first(COLD_AIR))
    # Q = 1299.465 · π · 9 · 25 · 273 ÷ 600 · (600 − 287.414) ÷ 10⁶ = 130.64 MW; F = 1149.6;
    # 2.6 · (1149.6 ÷ (5 s))^⅓ = 2.6 · 103.95 = 270.3 m, less than 38.8 · 1149.6^0.6 ÷ 5 = 532.4 m
    assert hot.rise == pytest.approx(270.3, abs=0.1)
    # H = 330.3 m under a layer of 400 m: (400 − 330.3) ÷ 270.3 + 0.5 = 0.758
    assert hot.kept == pytest.approx(0.758, abs=1e-3)


def test_cold_gas_rises_by_its_speed() -> None:
    found = dutch.release(Mouth.of(Stack(60.0, 2.0, 280.0, 10.0)), first(WARM_AIR))
    assert found.rise == pytest.approx(3 * 2 * 10 / 5)
    # what goes out sideways does so by its heat alone, of which there is none
    assert dutch.release(Mouth.of(Stack(60.0, 2.0, 280.0, 10.0, "horizontal")), first(WARM_AIR)).rise == 0


def test_depth_is_that_of_the_layer_in_which_the_middle_is() -> None:
    warm, cold = first(WARM_AIR), first(COLD_AIR)
    # draughts: 0.7 · 1.5 · 1000 ÷ 5 · √(0.314 + (1.26 · 0.3 ÷ 1.5)²) = 210 · √0.377504 = 129.03; 500 ÷ 40 is above 10
    assert dutch.deep(warm, 1000.0, 500.0, 5.0, 0.4) == pytest.approx(129.03, abs=0.01)
    # 60 m is above 0.05 · 1000 and under 0.1 · 1000: by σw, with 150 + 2000 ÷ 40 = 200 s:
    # 0.4 · 200 ÷ (1 + √(200 ÷ 400)) = 46.863
    assert dutch.deep(warm, 1000.0, 60.0, 5.0, 0.4) == pytest.approx(46.863, abs=1e-3)
    # stable, 150 − 2000 ÷ 80 = 125 s: 0.3 · 200 ÷ (1 + √(200 ÷ 250)) = 31.672
    assert dutch.deep(cold, 1000.0, 100.0, 5.0, 0.3) == pytest.approx(31.672, abs=1e-3)
    # near the ground, as EPA has it: √(2 ÷ π) · 0.3 · 1000 ÷ 5 · (1 + 0.7 · 1000 ÷ 80)^(−⅓) = 47.873 · 0.46807 = 22.408
    assert dutch.deep(cold, 1000.0, 10.0, 5.0, 0.3) == pytest.approx(22.408, abs=2e-3)


def test_concentration_in_the_middle_is_that_of_a_gaussian_between_ground_and_lid() -> None:
    # 80 m high in stable air, by hand at 2 km, 400 s and 125 s: σz = √(3² + (0.3 · 400 ÷ (1 + √1.6))²) = 53.067 m;
    # 2 e^(−½ (80 ÷ 53.067)²) ÷ (√(2π) · 53.067) ÷ 5 = 2 · 0.320997 ÷ 133.0195 ÷ 5 = 9.6526 · 10⁻⁴ s/m²
    found = dutch.spread(Mouth.of(Volume(80.0, 5.0, 3.0)), dutch.Rise(0.0, 1.0), first(COLD_AIR), 2000.0, 0.0)
    assert found.vertical == pytest.approx(9.6526e-4, rel=1e-4)
    half = dutch.spread(Mouth.of(Volume(80.0, 5.0, 3.0)), dutch.Rise(0.0, 0.5), first(COLD_AIR), 2000.0, 0.0)
    assert half.vertical == pytest.approx(0.5 * found.vertical)


def test_far_away_what_stays_is_mixed_through_the_layer() -> None:
    found = dutch.spread(Mouth.of(LOW), dutch.Rise(500.0, 1.0), first(WARM_AIR), 100_000.0, 0.0)
    assert found.vertical == pytest.approx(1 / (1000 * 5), rel=1e-6)


def test_stack_above_the_mixed_layer_brings_nothing_down() -> None:
    low_lid = even(unstable=False, wind=5.0, across=0.4, upward=0.3, mixed=50.0)
    assert (told(STACK, low_lid, "ops") == 0).all()
    assert (told(LOW, low_lid, "ops") > 0).all()


@pytest.mark.parametrize("receptor", [0.0, 1.5, 30.0])
def test_every_hour_has_a_concentration_of_the_same_order(ground: Ground, receptor: float) -> None:
    air = profiles(ground)
    for source in SOURCES.values():
        found = told(source, air, "ops", receptor)
        assert found.shape == (COUNT, 6)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
    # a heap near the ground has the depth of EPA where the air is stable: no other depth, but no blending with σw
    ours, theirs = told(LOW, profiles(COLD), "ops"), told(LOW, profiles(COLD), "epa")
    assert 0.5 < np.median(ours / theirs) < 2
