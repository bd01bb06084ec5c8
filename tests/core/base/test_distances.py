"""Distances over a sphere."""

from __future__ import annotations

from math import isnan, nan, pi

import pytest

from goedebuur.core.base.distances import distance


def test_one_degree_of_latitude_is_a_360th_of_the_circle() -> None:
    assert distance(52, 5, 53, 5) == pytest.approx(2 * pi * 6371 / 360)


def test_one_degree_of_longitude_at_sixty_degrees_is_half_of_that() -> None:
    # cos 60° = 1/2; the chord along the great circle is a little shorter than along the parallel
    assert distance(60, 5, 60, 6) == pytest.approx(pi * 6371 / 360, rel=1e-4)


def test_a_distance_to_an_unknown_place_is_unknown() -> None:
    assert isnan(distance(52, 5, nan, 5))
