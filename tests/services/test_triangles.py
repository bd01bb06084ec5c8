"""Triangles between places without rows: whole for grids, rings and rows of houses, and none across a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import pi, sin

import numpy as np
import pytest
import shapely

from goedebuur.services import planes, population
from goedebuur.services.contours import of_places
from goedebuur.services.dispersion_grids import cartesian, nested, polar
from goedebuur.services.dispersion_sources import Receptor

RANDOM = np.random.default_rng(7)


def placed(points: Sequence[tuple[float, float]] | np.ndarray) -> list[Receptor]:
    return [Receptor(str(number), float(x), float(y)) for number, (x, y) in enumerate(points)]


def drawn(places: Sequence[Receptor]) -> float:
    """Return the area in m² of what is above 1, where it is 5 at each place."""
    (found,) = of_places(places, np.full(len(places), 5.0), [1.0])
    return 1e6 * found.area


def hull(places: Sequence[Receptor]) -> float:
    return float(shapely.MultiPoint([(one.x, one.y) for one in places]).convex_hull.area)


def block(east: float, north: float, half: float = 250.0, step: float = 50.0) -> list[Receptor]:
    """Return a square of 0.25 km², unless it is told otherwise."""
    return list(cartesian((east, north), half, step).places)


def grids(*sizes: tuple[float, float]) -> list[Receptor]:
    return nested([cartesian((0.0, 0.0), half, step, str(step)) for half, step in sizes])


def turned(places: Sequence[Receptor], angle: float) -> list[Receptor]:
    east, north = np.cos(angle), np.sin(angle)
    return placed([(one.x * east - one.y * north + 1e5, one.x * north + one.y * east + 5e5) for one in places])


def houses(count: int, apart: float, wide: float, bend: float = 0.0) -> list[Receptor]:
    """Return a street: houses on both sides by turns, none quite in line, along a bow so deep."""
    along = np.arange(count) * apart + RANDOM.uniform(-apart / 3, apart / 3, count)
    across = np.where(np.arange(count) % 2, wide / 2, -wide / 2) + RANDOM.uniform(-wide / 6, wide / 6, count)
    bow = [bend * sin(pi * number / (count - 1)) for number in range(count)]
    return placed(np.stack([along, across + np.array(bow)], axis=-1))


WHOLE = {
    "grid": block(0, 0, 1000, 100),
    "grid turned": turned(block(0, 0, 1000, 100), 0.3),
    "grid of columns closer than rows": placed([(x, y) for y in range(0, 5001, 1250) for x in range(0, 5001, 50)]),
    "finer grid": grids((2000, 100), (700, 25)),
    "finer grids in finer": grids((10_000, 1000), (2500, 250), (500, 25)),
    "finer grid, steps 20 times smaller": grids((3000, 1000), (500, 50)),
    "finer grid to near a row of the coarser": grids((3000, 1000), (950, 50)),
    "finer grid, steps 40 times smaller": grids((3000, 1000), (500, 25)),
    "rings": polar((0, 0), [100.0 * number for number in range(1, 21)], 36),
    "rings of many spokes": polar((0, 0), [100.0 * number for number in range(1, 21)], 360),
    "rings of few spokes": polar((0, 0), [100.0 * number for number in range(1, 51)], 12),
    "rings of 8 spokes, 80 times as far as apart": polar((0, 0), [100.0 * number for number in range(1, 101)], 8),
    "rings ever farther apart": polar((0, 0), [100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4], 72),
    "rings ten times as far": polar((0, 0), [100.0, 1000.0, 10_000.0], 36),
    "two rings": polar((0, 0), [500.0, 1000.0], 36),
    "one ring": polar((0, 0), [500.0], 36),
    "street": houses(400, 7.5, 24),
    "narrow row": houses(300, 15, 4),
    "street in a slight bow": houses(300, 10, 20, bend=15),
    "scattered": placed(RANDOM.uniform(0, 10_000, (1000, 2))),
    "few": placed(RANDOM.uniform(0, 1000, (12, 2))),
    "three": placed([(0, 0), (1000, 0), (400, 70)]),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_places_without_a_gap_are_drawn_to_their_edge(kind: str) -> None:
    assert drawn(WHOLE[kind]) == pytest.approx(hull(WHOLE[kind]), rel=1e-6)


@pytest.mark.parametrize(
    ("groups", "wanted"),
    [
        # squares of 500 m: 0.25 km² each
        ([block(0, 0), block(8000, 0)], 0.5),
        ([block(0, 0), block(8000, 0), block(16_000, 0)], 0.75),
        ([block(0, 0), block(8000, 0), block(4000, 7000)], 0.75),
        ([block(0, 0), block(4000, 0), block(0, 4000), block(4000, 4000)], 1.0),
        # one of 1 km² with places 500 m apart
        ([block(0, 0), block(8000, 0, 500, 500)], 1.25),
        # a place by itself has no area
        ([block(0, 0), placed([(8000, 0)])], 0.25),
        # four and four places
        ([placed([(x, y) for x in (east, east + 50) for y in (0, 50)]) for east in (0, 8000)], 2 * 0.0025),
    ],
)
def test_ground_between_groups_of_places_is_in_no_contour(groups: list[list[Receptor]], wanted: float) -> None:
    places = [one for group in groups for one in group]
    assert drawn(places) == pytest.approx(1e6 * wanted)
    (found,) = of_places(places, np.full(len(places), 5.0), [1.0])
    # the value is above 1 up to the edge of what is known
    assert (found.cut, found.hidden) == (True, False)


def test_hole_in_a_grid_is_a_gap_when_it_is_wide_and_a_place_without_a_value_there_is_not() -> None:
    every = block(0, 0, 1000, 100)
    # of the rows 100 m apart those within 400 m of the middle are missing: a hole from -500 to 500
    around = [one for one in every if max(abs(one.x), abs(one.y)) > 450]
    (found,) = of_places(around, np.full(len(around), 5.0), [1.0])
    # no side is longer than 500 m, so that no point in a triangle is more than 500/√3 = 289 m from a place: across the
    # corners of the hole there are triangles, in its middle of 422 by 422 m none
    assert 2000**2 - 1000**2 <= 1e6 * found.area <= 2000**2 - 422**2
    assert not found.geometry.intersects(shapely.box(-211, -211, 211, 211))
    assert (found.cut, found.hidden) == (True, False)
    values = np.array([5.0 if max(abs(one.x), abs(one.y)) > 450 else np.nan for one in every])
    (found,) = of_places(every, values, [1.0])
    # at each corner of the hole a triangle of 100 by 100 may go straight from side to side
    assert 2000**2 - 1000**2 <= 1e6 * found.area <= 2000**2 - 1000**2 + 4 * 100 * 100 / 2
    assert found.hidden


def test_people_in_a_gap_are_outside_and_those_between_places_without_a_value_unknown() -> None:
    places = [*block(100_000, 500_000), *block(108_000, 500_000)]
    rows = ["postcode,inwoners,lat,lon"]
    for code, people, east in ((1234, 5000, 104_000), (1235, 70, 100_010), (1236, 9, 108_010), (1237, 3, 120_000)):
        latitude, longitude = planes.RD.degrees(float(east), 500_010.0)
        rows.append(f"{code},{people},{latitude},{longitude}")
    centroids = population.read_centroids("\n".join(rows).encode(), "people.csv", date(2024, 1, 1))
    values = np.array([5.0 if one.x < 104_000 else np.nan for one in places])
    found = population.by_class(places, values, [1.0], centroids, planes.RD)
    assert [one.people for one in found.classes] == [0, 70]
    assert (found.outside.people, found.unknown.people) == (5003, 9)
