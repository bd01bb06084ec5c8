"""Where the one observation of wind lies above the mixed layer, and what that says of the wind in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goedebuur.core.weather.heights import HEIGHTS
from goedebuur.core.weather.profiles import STILL, Ground, profiles
from goedebuur.core.weather.sun import Floats

AT = {height: list(HEIGHTS).index(height) for height in (0.0, 0.5, 2.0, 4.0, 8.0, 14.0, 100.0)}
LIGHT = Ground(
    **{name: np.full(1, np.nan) for name in ("convective", "mixed_by_heat", "gradient")},
    friction=np.full(1, 0.023),
    obukhov=np.full(1, 4.0),
    roughness=np.full(1, 0.75),
    mixed_by_wind=np.full(1, 8.0),
    wind=np.full(1, 0.3),
    wind_height=np.full(1, 10.0),
    temperature=np.full(1, 276.0),
    temperature_height=np.full(1, 10.0),
    direction=np.full(1, 283.0),
)


def wind(ground: Ground, *, apart: bool) -> Floats:
    found: Floats = profiles(ground, apart=apart).values["wind"][0]
    return found


def test_wind_of_a_layer_under_the_observation_is_that_of_its_friction_and_the_same_to_the_ground() -> None:
    found = wind(LIGHT, apart=True)
    # at 7 z0: 0.0575 · (ln 7 + 17 (e^(−0.054375) − e^(−0.380625))) = 0.0575 · (1.94591 + 4.48193) = 0.3696
    assert [found[AT[height]] for height in (0.0, 0.5, 2.0, 4.0)] == pytest.approx([0.3696] * 4, abs=5e-5)
    # at the top, 8 m: 0.0575 · (ln 10.667 + 17 (e^(−0.054375) − e^(−0.58))) = 0.0575 · (2.36712 + 6.58204) = 0.5146
    assert found[AT[8.0]] == pytest.approx(0.5146, abs=5e-5)
    assert (found[AT[14.0]], found[AT[100.0]]) == (0.3, 0.3)


def test_wind_of_a_layer_falls_from_the_observation_above_it_to_the_ground_by_the_formulation() -> None:
    found = wind(LIGHT, apart=False)
    # at 8 m what is observed, at 7 z0 6.42784 ÷ 8.94916 of it, and from there straight to the ground
    assert found[AT[8.0]] == pytest.approx(0.3)
    assert found[AT[4.0]] == pytest.approx(0.3 * 6.42784 / 8.94916 * 4 / 5.25, rel=1e-5)
    assert found[AT[2.0]] == pytest.approx(found[AT[4.0]] / 2)
    assert found[AT[0.0]] == STILL


@pytest.mark.parametrize("obukhov", [4.0, -40.0])
def test_observation_in_the_layer_says_what_the_wind_is_either_way(obukhov: float) -> None:
    deeper = replace(
        LIGHT,
        mixed_by_wind=np.full(1, 10.0),
        obukhov=np.full(1, obukhov),
        convective=np.full(1, 0.5),
        mixed_by_heat=np.full(1, 200.0),
    )
    assert np.array_equal(wind(deeper, apart=True), wind(deeper, apart=False))
