"""Coordinates that moved: how far, in which years, and which are doubted for which reason."""

from __future__ import annotations

import pytest
from tests.core.sites.reports import facility, moving

from goedebuur.core.sites import moves


def doubts(*places: tuple[int, str, str]) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    (found,) = moves.moved([moving("een", *places)])
    return [(one.years, one.doubts) for one in found.positions]


def test_a_place_that_stays_is_no_move() -> None:
    # 0.0004° of latitude is 44 m
    assert moves.moved([moving("een", (2007, "52.1", "5.1"), (2008, "52.1004", "5.1"))]) == []


def test_a_move_is_told_with_its_distance_and_years() -> None:
    (found,) = moves.moved([moving("een", (2007, "52.1", "5.1"), (2008, "52.1", "5.1"), (2009, "52.11", "5.1"))])
    assert [one.years for one in found.positions] == [(2007, 2008), (2009,)]
    assert found.distance == pytest.approx(1.1119, abs=0.001)  # 0.01 · π · 6371 / 180
    assert all(one.doubts == () for one in found.positions)


def test_a_place_between_years_that_agree_is_doubted() -> None:
    found = doubts((2014, "52.1", "5.1"), (2015, "52.1", "5.1"), (2016, "52.2", "5.1"), (2017, "52.1", "5.1"))
    assert found == [((2014, 2015, 2017), ()), ((2016,), ("came_back",))]


def test_latitude_and_longitude_that_changed_places_are_named_so() -> None:
    assert doubts((2007, "52.1", "5.1"), (2008, "5.1", "52.1"))[1] == ((2008,), ("swapped",))


def test_a_place_outside_the_country_is_doubted_even_where_it_is_the_only_one() -> None:
    assert doubts((2007, "0", "0")) == [((2007,), ("outside",))]


def test_a_place_that_is_no_number_is_doubted() -> None:
    assert doubts((2007, "52.1", "5.1"), (2008, "", ""))[1] == ((2008,), ("not_a_number",))


def test_far_from_all_others_with_the_same_place_name_is_doubted_with_three_others_or_more() -> None:
    far = moving("ver", (2007, "51.6", "5.1"))
    others = [facility(f"b{n}", at=(f"52.1{n}", "5.1")) for n in range(3)]
    assert [(one.facility, one.positions[0].doubts) for one in moves.moved([far, *others])] == [
        ("ver", ("far_from_city",))
    ]
    assert moves.moved([far, *others[:2]]) == []


def test_a_shift_as_between_the_dutch_datum_and_wgs84_is_named_so() -> None:
    # pyproj 3.7.2, EPSG:4289 to EPSG:4326: 52.4, 4.9 becomes 52.398984, 4.899638
    found = doubts((2016, "52.39898", "4.89964"), (2017, "52.40000", "4.90000"))
    assert found == [((2016,), ("datum",)), ((2017,), ("datum",))]
    # 35 m further to the east it is another shift
    assert all(one == () for _, one in doubts((2016, "52.39898", "4.90014"), (2017, "52.40000", "4.90000")))


@pytest.mark.parametrize(
    ("dutch", "world"),
    # pyproj 3.7.2, EPSG:4289 (Amersfoort) to EPSG:4326
    [
        ((52.4, 4.9), (52.39898399, 4.89963766)),
        ((51.0, 5.8), (50.99914662, 5.79950132)),
        ((53.3, 6.8), (53.29887685, 6.79935561)),
        ((51.4, 3.7), (51.39910445, 3.69980591)),
        ((50.8, 6.0), (50.79916985, 5.99947232)),
    ],
)
def test_the_dutch_datum_in_wgs84_is_within_a_metre(dutch: tuple[float, float], world: tuple[float, float]) -> None:
    assert moves.to_wgs84(*dutch) == pytest.approx(world, abs=1e-5)
