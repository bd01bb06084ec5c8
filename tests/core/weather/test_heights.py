"""What was observed at heights: there it holds, between and beyond it has the shape of the theory."""

from __future__ import annotations

import numpy as np
import pytest

from goedebuur.core.weather import temperatures
from goedebuur.core.weather.heights import HEIGHTS, carried
from goedebuur.core.weather.sun import Floats

AT = {height: list(HEIGHTS).index(height) for height in (2.0, 4.0, 20.0, 30.0, 40.0, 50.0, 100.0, 300.0)}


def square(height: Floats) -> Floats:
    return np.asarray(height**2, np.float64)


def test_observed_quantity_holds_where_it_was_observed_and_keeps_the_shape_elsewhere() -> None:
    found = carried(square, np.array([[20.0, 40.0]]), np.array([[800.0, 2400.0]]))[0]
    assert (found[AT[20.0]], found[AT[40.0]]) == (800, 2400)
    # at 30 m: 900 · (800 + 2400) ÷ 2 ÷ ((400 + 1600) ÷ 2) = 1440
    assert found[AT[30.0]] == pytest.approx(1440)
    # under it twice the theory, above it one and a half times
    assert found[AT[4.0]] == pytest.approx(2 * 16)
    assert found[AT[100.0]] == pytest.approx(1.5 * 10_000)


def test_hour_without_observations_is_theory() -> None:
    nothing = np.full((1, 2), np.nan)
    assert np.array_equal(carried(square, nothing, nothing)[0], HEIGHTS**2)


def test_observation_a_hand_from_a_height_is_at_it() -> None:
    found = carried(square, np.array([[20.05]]), np.array([[800.0]]))[0]
    assert found[AT[20.0]] == 800


def cooled(heights: list[float], kelvin: list[float], *, adjusted: bool = False) -> Floats:
    return temperatures.cooled(40.0, 0.2, 150.0, 280.0, np.array(heights), np.array(kelvin), adjusted=adjusted)


def test_gradient_without_temperatures_is_that_of_similarity() -> None:
    # θ* = 0.04 · 280 ÷ (9.80616 · 0.4 · 40) = 0.071384; at 20 m θ* ÷ (0.4 · 20) · (1 + 5 · 20 ÷ 40) = 0.03123
    assert cooled([], [])[AT[20.0]] == pytest.approx(0.03123, abs=1e-5)
    # adjusted: 0.08 ÷ (0.4 · 20) · (0.74 + 4.7 · 20 ÷ 40) = 0.0309
    assert cooled([], [], adjusted=True)[AT[20.0]] == pytest.approx(0.0309)
    # from 100 m up it falls: θ* ÷ 40 · (1 + 12.5) · e^(−200 ÷ (0.44 · 150)) = 0.001163, and is at least 0.002
    assert cooled([], [])[AT[300.0]] == 0.002


def test_gradient_between_two_temperatures_holds_halfway_between_them() -> None:
    # 0.4 K in 4 m and the 0.00977 K/m of dry air: 0.10977 K/m at 4 m
    assert cooled([2.0, 6.0], [280.0, 280.4])[AT[4.0]] == pytest.approx(0.10977)


def test_gradient_is_nowhere_less_than_where_air_is_surely_stable() -> None:
    assert cooled([2.0, 6.0], [280.0, 279.0]).min() == 0.002


def test_warmed_layer_has_no_gradient_and_a_lid() -> None:
    found = temperatures.warmed(np.array([[300.0]]), np.array([[0.012]]))[0]
    assert found[AT[300.0]] == 0
    assert found[list(HEIGHTS).index(350.0)] == 0.012
    assert found[list(HEIGHTS).index(850.0)] == 0.005
