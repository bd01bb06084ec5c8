"""What goes from the ground into the air: limits that can be worked out by hand, and what must hold in any hour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goedebuur.core.weather import stability
from goedebuur.core.weather.fluxes import (
    DENSITY,
    GRAVITY,
    HEAT_OF_AIR,
    HEAT_OF_VAPOUR,
    Fluxes,
    fluxes,
)
from goedebuur.core.weather.radiation import REFERENCE, isothermal_net, sunlight
from goedebuur.core.weather.stability import KARMAN
from goedebuur.core.weather.sun import Floats, sine_of_elevation

NAN = float("nan")


def one(number: float) -> Floats:
    return np.array([number])


def of(wind: float, temperature: float, cloud: float, sine: float, came: float = NAN) -> Fluxes:
    return fluxes(one(wind), 10, 0.1, one(temperature), one(cloud), one(sine), one(came))


def test_a_covered_sky_with_a_hard_wind_is_nearly_neutral() -> None:
    # the profile of neutral air: 0.4 · 15 ÷ ln(10 ÷ 0.1) = 1.3029
    found = of(15, 10, 1, -0.3)
    assert found.friction[0] == pytest.approx(1.3029, rel=5e-3)
    assert found.obukhov[0] > 1000


def test_a_day_in_the_sun_warms_the_air_and_a_clear_night_cools_it() -> None:
    day, night = of(4, 20, 0, 0.8), of(4, 10, 0, -0.5)
    assert day.obukhov[0] < 0 < night.obukhov[0]
    assert day.sensible[0] > 0 > night.sensible[0]
    neutral = 0.4 * 4 / np.log(100)
    assert night.friction[0] < neutral < day.friction[0]


def test_sunlight_of_a_clear_sky_is_that_of_the_formula_and_a_measured_one_goes_before_it() -> None:
    # 990 · 0.5 − 30 = 465; half covered 465 · (1 − 0.75 · 0.5^3.4) = 465 · 0.92895
    assert sunlight(one(0.5), one(0.0), one(NAN))[0] == pytest.approx(465)
    assert sunlight(one(0.5), one(0.5), one(NAN))[0] == pytest.approx(431.97, abs=0.02)
    assert sunlight(one(0.5), one(0.5), one(100.0))[0] == 100
    assert sunlight(one(0.0), one(0.0), one(NAN))[0] == 0


def test_clouds_hold_back_sixty_watts() -> None:
    net = isothermal_net(np.array([-1.0, -1.0]), np.array([0.0, 1.0]), np.zeros(2))
    assert net[1] - net[0] == pytest.approx(60)


@pytest.mark.parametrize(("wind", "cloud"), [(0.0, 0.5), (-1.0, 0.5), (NAN, 0.5), (3.0, NAN), (3.0, 1.2), (3.0, -0.1)])
def test_hour_that_lacks_something_or_is_out_of_range_has_no_figures(wind: float, cloud: float) -> None:
    found = of(wind, 10, cloud, 0.5)
    assert np.isnan([found.friction[0], found.obukhov[0], found.sensible[0], found.latent[0]]).all()


@pytest.mark.parametrize("roughness", [0.0, -0.1, 10.0, 12.0])
def test_roughness_that_no_profile_can_have_is_refused(roughness: float) -> None:
    with pytest.raises(ValueError, match="roughness"):
        fluxes(one(3), 10, roughness, one(10), one(0), one(0.5), one(NAN))


@settings(deadline=None)
@given(
    wind=st.floats(0.5, 40),
    temperature=st.floats(-20, 38),
    cloud=st.floats(0, 1),
    sine=st.floats(-0.9, 0.9),
    roughness=st.sampled_from([0.001, 0.03, 0.1, 0.5, 1.0]),
)
def test_figures_agree_with_each_other_in_any_hour(
    wind: float, temperature: float, cloud: float, sine: float, roughness: float
) -> None:
    found = fluxes(one(wind), 10, roughness, one(temperature), one(cloud), one(sine), one(NAN))
    friction, length = found.friction[0], found.obukhov[0]
    if np.isnan(friction):
        assert sine < 0.2  # only where the ground cools the air
        return
    # the wind follows from friction velocity and Obukhov length
    slope = (
        np.log(10 / roughness)
        - stability.of_momentum(one(10 / length))
        + stability.of_momentum(one(roughness / length))
    )
    assert friction * slope[0] / KARMAN == pytest.approx(wind, rel=1e-6)
    # the Obukhov length follows from both fluxes
    warmth = -found.sensible[0] / (DENSITY * HEAT_OF_AIR * friction)
    vapour = -found.latent[0] / (DENSITY * HEAT_OF_VAPOUR * friction)
    virtual = warmth + 0.00061 * REFERENCE * vapour
    if abs(virtual) > 1e-6:
        assert length == pytest.approx(REFERENCE * friction**2 / (GRAVITY * KARMAN * virtual), rel=1e-9)


def test_each_hour_is_reckoned_by_itself() -> None:
    winds = np.array([2.0, 0.0, 5.0, 8.0])
    many = fluxes(winds, 10, 0.1, np.full(4, 15.0), np.full(4, 0.2), np.array([0.7, 0.7, -0.2, 0.1]), np.full(4, NAN))
    for at, sine in enumerate((0.7, 0.7, -0.2, 0.1)):
        alone = of(float(winds[at]), 15, 0.2, sine)
        assert np.array_equal(alone.friction, many.friction[at : at + 1], equal_nan=True)


def test_the_sun_is_highest_at_noon_and_under_the_ground_at_midnight() -> None:
    hours = np.datetime64("2021-06-21T00:00", "m") + np.arange(24 * 60).astype("m8[m]")
    sines = sine_of_elevation(hours, 52.0, 5.0)
    # at 5° east the sun is 20 minutes before that of Greenwich; 21 June: 90 − 52 + 23.45 = 61.45°
    assert abs(int(sines.argmax()) - (12 * 60 - 20)) < 10
    assert sines.max() == pytest.approx(np.sin(np.radians(61.45)), abs=2e-3)
    assert sines.min() == pytest.approx(-np.sin(np.radians(14.55)), abs=2e-3)
