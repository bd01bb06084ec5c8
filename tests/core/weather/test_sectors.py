"""The ground by direction: sectors are all around, and the wind over each follows its own ground."""

from __future__ import annotations

import numpy as np
import pytest

from goedebuur.core.weather.fluxes import fluxes
from goedebuur.core.weather.heights import HEIGHTS
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.core.weather.sectors import Sector, by_direction, require_circle


def test_each_direction_is_of_one_sector_from_its_first_up_to_its_last() -> None:
    sectors = [Sector(25, 205, 0.5, 3), Sector(205, 25, 0.0002)]
    rough, lifted = by_direction(sectors, np.array([25.0, 204.9, 205.0, 360.0, 0.0, 24.9]))
    assert rough.tolist() == [0.5, 0.5, 0.0002, 0.0002, 0.0002, 0.0002]
    assert lifted.tolist() == [3, 3, 0, 0, 0, 0]


def test_ground_that_is_the_same_all_around_needs_no_direction() -> None:
    rough, _ = by_direction([Sector(0, 360, 0.1)], np.array([np.nan, 10.0]))
    assert rough.tolist() == [0.1, 0.1]
    unknown, _ = by_direction([Sector(0, 180, 0.1), Sector(180, 0, 0.2)], np.array([np.nan]))
    assert np.isnan(unknown).all()


@pytest.mark.parametrize(
    "sectors",
    [
        [],
        [Sector(0, 90, 0.1)],
        [Sector(0, 180, 0.1), Sector(90, 0, 0.1)],
        [Sector(0, 180, 0.1), Sector(180, 0, 0.1), Sector(0, 180, 0.2)],
        [Sector(0, 180, 0.1), Sector(90, 0, 0.1), Sector(180, 90, 0.1)],
    ],
)
def test_sectors_with_a_gap_or_an_overlap_are_refused(sectors: list[Sector]) -> None:
    with pytest.raises(ValueError, match="sector"):
        require_circle(sectors)


@pytest.mark.parametrize(
    "bad", [{"first": -1}, {"last": 361}, {"roughness": 0}, {"roughness": 4}, {"displacement": -1}]
)
def test_ground_that_cannot_be_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        Sector(**{"first": 0, "last": 0, "roughness": 0.1, **bad})


def test_wind_over_lifted_ground_is_that_of_bare_ground_so_much_lower() -> None:
    """By hand, in air that is neutral: u(z) = 4 ln((z − 6) ÷ 0.5) ÷ ln(4 ÷ 0.5) where it is lifted by 6 m."""
    one = np.ones(1)
    ground = Ground(
        friction=0.5 * one, obukhov=1e5 * one, roughness=0.5 * one, convective=0 * one, mixed_by_heat=one,
        gradient=0.005 * one, mixed_by_wind=1000 * one, wind=4 * one, wind_height=10 * one, temperature=285 * one,
        temperature_height=1.5 * one, direction=90 * one, displacement=6 * one,
    )  # fmt: skip
    wind = profiles(ground).values["wind"][0]
    at = dict(zip(HEIGHTS.tolist(), wind.tolist(), strict=True))
    for height in (20.0, 50.0):
        assert at[height] == pytest.approx(4 * np.log((height - 6) / 0.5) / np.log(4 / 0.5), rel=2e-3)


def test_friction_goes_by_the_height_above_where_the_ground_is_lifted_to() -> None:
    """In an overcast, windy hour the air is all but neutral: u* = k u ÷ ln((10 − d) ÷ z0)."""
    one = np.ones(2)
    found = fluxes(12 * one, np.array([10.0, 7.0]), np.array([0.1, 0.4]), 10 * one, one, -0.5 * one, np.nan * one)
    assert found.friction == pytest.approx([0.4 * 12 / np.log(10 / 0.1), 0.4 * 12 / np.log(7 / 0.4)], rel=0.02)


def test_hour_over_unknown_ground_has_no_friction() -> None:
    one = np.ones(1)
    assert np.isnan(fluxes(5 * one, 10.0, np.array([np.nan]), 10 * one, one, 0.1 * one, np.nan * one).friction).all()
