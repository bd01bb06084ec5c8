"""The permits of the demonstration are published as any permit is, and are seen to be invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from tests.services.deliveries import NOW, open_record

from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.sites.history import holds
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.services import permit_views, permits, sites, verification
from goedebuur.services.demo import permits as examples
from goedebuur.services.record import Record

STEEL = "voorbeeld-staalwerk-westerwerf"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = open_record(tmp_path_factory.mktemp("examples"))
    examples.load(found, NOW, "simulatie")
    yield found
    found.close()


def test_four_sites_have_decisions_with_twenty_to_two_hundred_conditions(record: Record) -> None:
    numbers = {
        site: sum(len(one.permit.conditions) for one in permits.of_site(record, site))
        for site in permits.sites_with_permits(record)
    }
    assert len(numbers) == 4
    assert all(20 <= number <= 200 for number in numbers.values()), numbers


@pytest.mark.parametrize(
    ("day", "operator"),
    [("2014-06-30", "westerwerf-hoogovens-verzonnen"), ("2014-07-01", "westerwerf-staal-verzonnen")],
)
def test_one_operator_runs_the_steel_works_on_a_day(record: Record, day: str, operator: str) -> None:
    history = sites.find(record, Site, STEEL).operators
    assert [one.value for one in history if holds(one, date.fromisoformat(day))] == [operator]


def test_every_kind_of_condition_is_there(record: Record) -> None:
    kinds = Counter(row.kind for one in examples.decisions() for row in one.conditions)
    assert set(kinds) == set(ConditionKind)


def test_whatever_carries_a_name_says_that_it_is_invented(record: Record) -> None:
    for one in sites.every(record, Site).values():
        assert one.simulated
        assert "(voorbeeld)" in one.names[0].value
    assert all(one.example for one in examples.decisions())


def test_every_emission_point_with_a_mouth_has_a_height(record: Record) -> None:
    points = sites.every(record, EmissionPoint).values()
    assert {one.kind for one in points} == {"stack", "vent", "diffuse"}
    assert all(bool(one.height) == (one.kind != "diffuse") for one in points)


def test_every_installation_and_point_is_in_a_condition(record: Record) -> None:
    named = {
        name
        for one in examples.decisions()
        for row in one.conditions
        for name in (*row.installations, *row.emission_points)
    }
    assert named == {*sites.every(record, Installation), *sites.every(record, EmissionPoint)}


@pytest.mark.parametrize(
    ("day", "number"),
    [
        # of the permit alone: 126 conditions
        ("2016-07-14", 0),
        ("2016-07-15", 126),
        # tailored conditions until the end of 2022: three come, one of them suspends another
        ("2018-04-01", 128),
        # the amendment of 2020 brings six, takes the place of one, suspends one and withdraws one
        ("2020-11-20", 131),
        # the three tailored conditions ended, and what one of them suspended holds again
        ("2023-01-01", 129),
        # the amendment of 2023 brings ten and takes the place of six
        ("2023-05-01", 133),
        # fourteen of coke plant 1 are withdrawn
        ("2025-04-01", 119),
        # the derogation ended, and what it suspended holds again
        ("2029-01-01", 119),
    ],
)
def test_so_many_conditions_of_the_steel_works_hold_on_a_day(record: Record, day: str, number: int) -> None:
    found = permit_views.view(record, STEEL, date.fromisoformat(day)).found
    assert len(found.in_force) == number


def test_loading_again_changes_nothing(record: Record) -> None:
    size = record.size
    examples.load(record, NOW, "simulatie")
    assert record.size == size


def test_record_of_the_examples_verifies(record: Record) -> None:
    assert verification.verify(record.data_dir) == []
