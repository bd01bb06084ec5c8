"""Sizes of buildings as the wind meets them, by hand."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest

from goedebuur.core.dispersion.buildings import DIRECTIONS, Building, Outline

HALL = Outline(((10.0, -20.0), (40.0, -20.0), (40.0, 20.0), (10.0, 20.0)), 15.0)
"""Thirty metres by forty, east of a stack at the origin."""
NORTHWARD, EASTWARD, SOUTHWARD, WESTWARD = 35, 8, 17, 26


def of(building: Building, number: int) -> tuple[float, ...]:
    return tuple(getattr(building, field.name)[number] for field in fields(Building))


def moved(outline: Outline, east: float, north: float) -> Outline:
    return replace(outline, corners=tuple((x + east, y + north) for x, y in outline.corners))


def test_building_square_to_the_wind_by_hand() -> None:
    one = Building.of([HALL], 5.0, 0.0)
    # height, width, length; to its side that faces the wind, and to the left of the wind
    assert of(one, EASTWARD) == pytest.approx((15.0, 40.0, 30.0, 5.0, 0.0), abs=1e-9)
    assert of(one, WESTWARD) == pytest.approx((15.0, 40.0, 30.0, -35.0, 0.0), abs=1e-9)
    # of a wind to the north the east is on the right, of one to the south on the left
    assert of(one, NORTHWARD) == pytest.approx((15.0, 30.0, 40.0, -20.0, -20.0), abs=1e-9)
    assert of(one, SOUTHWARD) == pytest.approx((15.0, 30.0, 40.0, -20.0, 20.0), abs=1e-9)


def test_building_askew_to_the_wind_by_hand() -> None:
    # to 40°: along x sin + y cos, across x cos + y sin of its sides
    sine, cosine = math.sin(math.radians(40)), math.cos(math.radians(40))
    width, length = 30 * cosine + 40 * sine, 30 * sine + 40 * cosine
    found = of(Building.of([HALL], 0.0, 0.0), 3)
    assert found[:4] == pytest.approx((15.0, width, length, 10 * sine - 20 * cosine))
    assert found[4] == pytest.approx(-25 * cosine)


def test_only_the_place_of_the_stack_beside_the_building_matters() -> None:
    one, other = Building.of([HALL], 0.0, 0.0), Building.of([moved(HALL, 1000.0, -500.0)], 1000.0, -500.0)
    for number in range(DIRECTIONS):
        assert of(other, number) == pytest.approx(of(one, number), abs=1e-9)


@pytest.mark.parametrize(
    ("east", "north", "number", "reached"),
    [
        # the smaller of height and width is 15 m: 30 m up the wind, 75 m behind it, 7.5 m aside
        (-19.9, 0.0, EASTWARD, True),
        (-20.1, 0.0, EASTWARD, False),
        (114.9, 0.0, EASTWARD, True),
        (115.1, 0.0, EASTWARD, False),
        (20.0, 27.4, EASTWARD, True),
        (20.0, 27.6, EASTWARD, False),
    ],
)
def test_stack_stands_in_the_influence_of_a_building_or_not(
    east: float, north: float, number: int, reached: bool
) -> None:
    assert (of(Building.of([HALL], east, north), number)[0] > 0) is reached


def test_building_that_asks_the_highest_stack_counts() -> None:
    # 15 + 1.5 · 15 = 37.5 of the hall; 20 + 1.5 · 4 = 26 of a mast of four metres wide; 20 + 1.5 · 12 = 38 of a tower
    mast = Outline(((10.0, -2.0), (14.0, -2.0), (14.0, 2.0), (10.0, 2.0)), 20.0)
    tower = Outline(((10.0, -6.0), (22.0, -6.0), (22.0, 6.0), (10.0, 6.0)), 20.0)
    assert of(Building.of([mast, HALL], 0.0, 0.0), EASTWARD)[0] == 15.0
    assert of(Building.of([tower, HALL], 0.0, 0.0), EASTWARD)[0] == 20.0


def test_of_two_that_ask_as_much_the_narrower_counts() -> None:
    wide = Outline(((10.0, -40.0), (40.0, -40.0), (40.0, 40.0), (10.0, 40.0)), 15.0)
    assert of(Building.of([wide, HALL], 0.0, 0.0), EASTWARD)[1] == pytest.approx(40.0)
    assert of(Building.of([HALL, wide], 0.0, 0.0), EASTWARD)[1] == pytest.approx(40.0)


def test_without_buildings_there_is_nothing_in_any_direction() -> None:
    assert Building.of([], 0.0, 0.0).table().tolist() == [[0.0] * 5] * DIRECTIONS


def test_table_has_the_directions_in_order() -> None:
    table = Building.of([HALL], 0.0, 0.0).table()
    assert table.shape == (DIRECTIONS, 5)
    assert table[EASTWARD] == pytest.approx([15.0, 40.0, 30.0, 10.0, 0.0], abs=1e-9)


@pytest.mark.parametrize(
    ("corners", "height", "message"),
    [
        (((0, 0), (1, 1)), 5.0, "2 corners, not 3 to 400"),
        (((0, 0), (1, 1), (0, math.nan)), 5.0, "is no number"),
        (((0, 0), (1, 1), (0, math.inf)), 5.0, "is no number"),
        (((0, 0), (1, 1), (0, 1)), 0.0, "height 0.0 is not from 0 to 1000"),
        (((0, 0), (1, 1), (0, 1)), -5.0, "height -5.0"),
        (((0, 0), (1, 1), (0, 1)), math.nan, "height nan"),
        (((0, 0), (1, 1), (0, 1)), 1001.0, "height 1001.0"),
    ],
)
def test_outline_that_cannot_be_is_refused(
    corners: tuple[tuple[float, float], ...], height: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Outline(corners, height)


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("height", (10.0,) * 35, "height: 35 values, not 36"),
        ("width", (-1.0,) * 36, "width -1.0 is not from 0 to 10000"),
        ("length", (math.nan,) * 36, "length nan"),
        ("upwind", (-10_001.0,) * 36, "upwind -10001.0 is not from -10000"),
        ("beside", (math.inf,) * 36, "beside inf"),
    ],
)
def test_building_that_cannot_be_is_refused(name: str, values: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(Building.of([HALL], 0.0, 0.0), **{name: values})
