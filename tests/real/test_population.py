"""Inhabitants of postcodes as CBS gave them out, and who lives where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from goedebuur.core.base.distances import distance
from goedebuur.services import planes
from goedebuur.services.dispersion_grids import cartesian
from goedebuur.services.population import Centroids, by_class, read_centroids

pytestmark = pytest.mark.real
NAMES = ("cbs_population/pc4_centroids_population.csv.gz", "cbs_population/inwoners_per_postcode_leeftijd.csv.gz")


@pytest.fixture(scope="module")
def centroids(data_folder: Path) -> Centroids:
    if not all((data_folder / name).is_file() for name in NAMES):
        pytest.skip("no inhabitants in the data folder")
    areas, ages = (((data_folder / name).read_bytes(), name) for name in NAMES)
    return read_centroids(*areas, date(2021, 1, 1), ages)


def test_all_together_are_the_people_of_the_netherlands(centroids: Centroids) -> None:
    # CBS StatLine 37296ned: 17,475,415 inhabitants on 1 January 2021; postcodes are rounded to fives, and a few people
    # have none
    assert centroids.people == pytest.approx(17_475_415, rel=3e-4)
    assert len(centroids.areas) == 4068
    assert sum(one.people is None for one in centroids.areas) == 3


def test_ages_add_up_to_about_all_people(centroids: Centroids) -> None:
    for one in centroids.areas:
        if one.people is not None and one.ages:
            # 20 ages, each rounded to fives
            assert abs(sum(one.ages.values()) - one.people) <= 20 * 2.5 + 2.5
    assert sum(sum(one.ages.values()) for one in centroids.areas) == pytest.approx(centroids.people, rel=1e-3)


def test_people_around_the_works_are_in_one_class_each_and_the_rest_outside(centroids: Centroids) -> None:
    plane, grid = planes.around(52.47, 4.60), cartesian((0.0, 0.0), 10_000.0, 500.0)
    x, y = np.meshgrid(grid.x, grid.y)
    found = by_class(grid, -np.hypot(x, y).ravel() / 1000, [-5.0, -3.0], centroids, plane)
    assert sum(one.people for one in found.classes) + found.outside.people == centroids.people
    assert sum(one.areas for one in found.classes) + found.outside.areas + found.nowhere.areas == 4068
    assert found.nowhere.people == 0
    # by the distance over a sphere, on both sides of the circle of the levels by a hundred metres
    near = [(one.people or 0, distance(52.47, 4.60, one.latitude, one.longitude)) for one in centroids.areas]

    def within(kilometres: float) -> int:
        return sum(people for people, away in near if away < kilometres)

    assert within(4.9) <= found.classes[1].people + found.classes[2].people <= within(5.1)
    assert within(2.9) <= found.classes[2].people <= within(3.1)
    assert within(2.9) > 0
