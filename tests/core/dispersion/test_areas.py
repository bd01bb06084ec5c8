"""Areas: what must hold of any, whatever the hour."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.dispersion.test_plume import HOURS

from goedebuur.core.dispersion import areas, plume
from goedebuur.core.dispersion.areas import Area, circle
from goedebuur.core.dispersion.stacks import Volume
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.core.weather.sun import Floats

SQUARE = ((-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0))
EAST, NORTH = np.array([20.0, 300.0, 2000.0, -400.0]), np.array([10.0, 40.0, -150.0, 0.0])


@pytest.fixture(params=HOURS)
def ground(request: pytest.FixtureRequest) -> Ground:
    return HOURS[request.param]


def told(ground: Ground, *ones: Area, grams: float = 1.0, east: Floats = EAST, north: Floats = NORTH) -> Floats:
    total = np.zeros((1, len(east)))
    air = profiles(ground)
    for one in ones:
        areas.add(total, [one], np.array([[grams * one.size]]), air, east, north)
    return total[0]


def test_halves_add_up_to_the_whole(ground: Ground) -> None:
    left = Area(((-50.0, -50.0), (7.0, -50.0), (-20.0, 50.0), (-50.0, 50.0)), 2.0, 1.0)
    right = Area(((7.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-20.0, 50.0)), 2.0, 1.0)
    whole = told(ground, Area(SQUARE, 2.0, 1.0))
    assert told(ground, left, right) == pytest.approx(whole, rel=2e-3, abs=1e-12)


def test_outline_the_other_way_round_is_the_same(ground: Ground) -> None:
    assert told(ground, Area(SQUARE[::-1], 2.0, 1.0)) == pytest.approx(told(ground, Area(SQUARE, 2.0, 1.0)), rel=1e-9)


def test_more_emission_is_as_much_more(ground: Ground) -> None:
    area = Area(SQUARE, 2.0, 1.0)
    assert told(ground, area, grams=7.0) == pytest.approx(7 * told(ground, area), rel=1e-12)


def test_sum_of_an_area_is_that_of_many_small_plumes_that_do_not_sway(ground: Ground) -> None:
    air, (east, north) = profiles(ground), (300.0, 40.0)
    line = np.linspace(-48.75, 48.75, 40)
    x, y = (one.ravel() for one in np.meshgrid(line, line))
    # wind from the west, by hand: Q ÷ (√(2π) σy) · exp(−½ (y ÷ σy)²), each of 6.25 m²
    spread = plume.spread(Volume(2.0, 0.0, 1.0), air, (east - x)[None])
    wide, beside = spread.across[0], north - y
    wanted = 6.25e6 * (spread.vertical[0] * np.exp(-0.5 * (beside / wide) ** 2) / (np.sqrt(2 * np.pi) * wide)).sum()
    found = told(ground, Area(SQUARE, 2.0, 1.0), east=np.array([east]), north=np.array([north]))
    assert found[0] == pytest.approx(wanted, rel=0.01)


def test_nothing_comes_against_the_wind(ground: Ground) -> None:
    # wind from the west: the last receptor is west of the area
    assert told(ground, Area(SQUARE, 2.0, 1.0))[3] == 0


def test_circle_is_as_large_as_it_says() -> None:
    assert Area(circle(3.0, 4.0, 20.0, 12), 1.0, 0.0).size == pytest.approx(np.pi * 400)


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        (SQUARE[:2], "2 corners"),
        (((0, 0), (1, 1), (2, 2)), "encloses nothing"),
        (((0, 0), (10, 10), (10, 0), (0, 12)), "crosses itself"),
        (((0, 0), (float("nan"), 10), (10, 0)), "encloses nothing"),
    ],
)
def test_outline_that_cannot_be_is_refused(outline: tuple[tuple[float, float], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Area(outline, 1.0, 0.0)
