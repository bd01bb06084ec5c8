"""Each planted defect is found by its name, and nothing is found where nothing was planted.

The seeds here are fixed, so that a failure can be looked at; `python -m benchmarks.defects` draws fresh ones.
"""

from __future__ import annotations

import pytest
from tests.services import planting

from goedebuur.core.emissions.checks import check
from goedebuur.services.demo.stacks import PointRun
from goedebuur.services.demo.stacks.defects import DEFECTS
from goedebuur.services.demo.stacks.designs import Point
from goedebuur.services.demo.stacks.plants import ALL, LINE_1

SEED, DAYS = 1, 60


@pytest.fixture(scope="module")
def clean() -> PointRun:
    return planting.run(SEED, LINE_1, DAYS)


@pytest.fixture(scope="module")
def tried(clean: PointRun) -> dict[str, planting.Tried]:
    return {one.planted.defect: one for one in planting.trial(SEED, clean)}


def test_every_defect_has_a_name_by_which_it_is_found() -> None:
    assert set(planting.FOUND_AS) == set(DEFECTS)


@pytest.mark.parametrize("point", ALL, ids=lambda point: point.key)
def test_nothing_is_found_where_nothing_was_planted(point: Point) -> None:
    assert check(planting.seen(planting.run(SEED, point, 40))) == []


def test_every_planted_defect_is_found_by_its_name(tried: dict[str, planting.Tried]) -> None:
    assert set(tried) == set(DEFECTS)
    assert [name for name, one in tried.items() if not one.found] == []


def test_a_defect_changes_only_what_it_says_it_changes(clean: PointRun, tried: dict[str, planting.Tried]) -> None:
    for name, one in tried.items():
        run = one.planted.run
        changed = {signal for signal in clean.signals if run.signals[signal] is not clean.signals[signal]}
        assert changed == set(one.planted.signals), name
        assert run.inside is clean.inside
