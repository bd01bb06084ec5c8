"""A record survives a crash after any step, whatever of the unsynced steps reached the disk.

`benchmarks/crash.py` does the same ten times as often, and breaks every step in every way.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.crashes import Life, break_and_die, break_and_retry, check, crash_twice, crashed
from tests.store.replay import Fault, Recording

CRASHES = 100
STRIDE = 6


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    root = tmp_path_factory.mktemp("life")
    return Life(root, Recording(root)).run()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_nothing_is_lost_when_the_process_is_killed_after_any_step(life: Life, place: Path) -> None:
    for n in range(len(life.fs.steps) + 1):
        crashed(life.fs.steps[:n], random.Random(n), 0.0, place / str(n))
        assert check(place / str(n), life.told, life.fs.steps[:n]) == [], f"after step {n}"


def test_nothing_is_lost_when_nothing_unsynced_reached_the_disk(life: Life, place: Path) -> None:
    for n in range(len(life.fs.steps) + 1):
        crashed(life.fs.steps[:n], random.Random(n), 1.0, place / str(n))
        assert check(place / str(n), life.told, life.fs.steps[:n]) == [], f"after step {n}"


@pytest.mark.parametrize("seed", range(CRASHES))
def test_nothing_is_lost_when_some_of_the_unsynced_reached_the_disk(life: Life, place: Path, seed: int) -> None:
    chance = random.Random(seed)
    n = chance.randrange(len(life.fs.steps) + 1)
    crashed(life.fs.steps[:n], chance, chance.choice((0.2, 0.5, 0.8)), place / "crashed")
    assert check(place / "crashed", life.told, life.fs.steps[:n]) == [], f"after step {n}"


@pytest.mark.parametrize("seed", range(20))
def test_a_crash_during_the_repair_of_a_crash_loses_nothing(life: Life, place: Path, seed: int) -> None:
    assert crash_twice(life, place, seed) == []


@pytest.mark.parametrize("fault", list(Fault))
def test_a_step_that_failed_and_was_done_again_holds(life: Life, place: Path, fault: Fault) -> None:
    for at in range(list(Fault).index(fault), len(life.fs.steps), STRIDE):
        assert break_and_retry(place / str(at), at, fault) == [], f"step {at}: {life.fs.steps[at]}"


@pytest.mark.parametrize("fault", list(Fault))
def test_a_process_that_dies_of_a_failed_step_leaves_a_record_that_opens(life: Life, place: Path, fault: Fault) -> None:
    for at in range(3 + list(Fault).index(fault), len(life.fs.steps), STRIDE):
        assert break_and_die(place / str(at), at, fault) == [], f"step {at}: {life.fs.steps[at]}"
