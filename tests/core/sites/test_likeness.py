"""Facilities that may be one site: points added up by hand from the table in docs/methods/sites.md."""

from __future__ import annotations

import pytest
from tests.core.sites.reports import facility

from goedebuur.core.sites import likeness
from goedebuur.core.sites.likeness import name_words

OLD = facility("NL.EEA/1.FACILITY")


def points(**other: object) -> dict[str, int]:
    found = likeness.likeness(OLD, facility("NL.RIVM/2.FACILITY", **other))  # type: ignore[arg-type]
    return {term.about: term.points for term in found.terms}


def test_the_same_name_place_and_activity_under_a_new_number_after_the_old_one_is_a_hundred() -> None:
    assert points(called="Steenfabriek Eendorp B.V.", years=(2009, 2010)) == {
        "name": 35,
        "distance": 30,
        "city": 10,
        "activity": 10,
        "years": 15,
    }


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("STEENFABRIEK EENDORP", 35),  # legal form and capitals say nothing
        ("Steenfabriek Eendorp Noord", 20),  # two of three words
        ("Steenfabriek Zuid en Noord", 10),  # one of four, "en" not counted
        ("Houtwerken Tweedorp", 0),
    ],
)
def test_names_are_compared_by_the_words_that_tell_them_apart(called: str, expected: int) -> None:
    assert points(called=called)["name"] == expected


@pytest.mark.parametrize(
    ("latitude", "expected"),
    # 0.001° of latitude is 111.19 m on a sphere of 6371 km
    [
        ("52.10044", 30),
        ("52.10046", 20),
        ("52.10269", 20),
        ("52.10271", 10),
        ("52.1091", 0),
        ("52.1449", 0),
        ("52.1451", -20),
    ],
)
def test_points_for_distance_end_at_50_300_and_1000_metres_and_turn_at_five_kilometres(
    latitude: str, expected: int
) -> None:
    assert points(at=(latitude, "5.10000"))["distance"] == expected


def test_an_unknown_place_counts_neither_way() -> None:
    assert points(at=("", ""))["distance"] == 0


def test_a_year_in_which_both_reported_counts_against() -> None:
    assert points(years=(2008, 2009))["years"] == -15
    assert points(years=(2009,))["years"] == 15


def test_a_longer_code_of_the_same_activity_is_the_same() -> None:
    assert likeness.activity_group("4(a)(ii)") == likeness.activity_group("4(a)")
    assert points(activity="3(g)(i)")["activity"] == 10
    assert points(activity="3(e)")["activity"] == 0


def test_pairs_are_found_by_a_rare_word_or_by_nearness_and_no_pair_twice() -> None:
    renamed = facility("NL.RIVM/3.FACILITY", called="Baksteen Plus", years=(2009,))
    moved = facility("NL.RIVM/4.FACILITY", at=("52.13", "5.1"), years=(2011,))
    stranger = facility("NL.RIVM/5.FACILITY", called="Zuivel", at=("53.0", "6.5"), city="Ver", activity="8(c)")
    found = likeness.alike([OLD, renamed, moved, stranger])
    assert [(one.first, one.second, one.points) for one in found] == [
        # 35 + 0 (3.3 km) + 10 + 10 + 15
        ("NL.EEA/1.FACILITY", "NL.RIVM/4.FACILITY", 70),
        # 0 + 30 + 10 + 10 + 15
        ("NL.EEA/1.FACILITY", "NL.RIVM/3.FACILITY", 65),
    ]


def test_two_on_either_side_of_the_edge_of_a_cell_are_compared() -> None:
    south = facility("a", called="Zuivel", at=("52.1099", "5.1050"), years=(2007,))
    north = facility("b", called="Kaas", at=("52.1101", "5.1050"), years=(2008,))
    assert [one.points for one in likeness.alike([south, north])] == [65]  # 22 m: 0 + 30 + 10 + 10 + 15


def test_a_name_of_nothing_but_common_words_is_compared_as_it_is() -> None:
    assert name_words("De BV") == {"de", "bv"}
    assert name_words("Café 't Hoekje V.O.F.") == {"cafe", "t", "hoekje"}
