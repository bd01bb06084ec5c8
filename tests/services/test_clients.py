"""Crashes while four clients deliver at the same time: what was handed out holds, and the log never forks.

`benchmarks/clients.py` does ten times as many, with other turns each time.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tests.services.clients import CLIENTS, Lives, crash
from tests.services.turns import Turns

SEEDS = (1, 2)
CRASHES = 50
"""Of each seed."""


@pytest.fixture(scope="module", params=SEEDS)
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lives:
    return Lives(tmp_path_factory.mktemp("lives"), request.param).run()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_all_clients_are_at_work_at_the_same_time_and_the_witness_cosigns_in_between(lives: Lives) -> None:
    assert {one.receipt.status for one in lives.handed} == {"logged", "promised", "waiting"}
    by = lives.fs.by
    spans = [(by.index(client), len(by) - by[::-1].index(client)) for client in range(CLIENTS)]
    assert max(first for first, _ in spans) < min(last for _, last in spans)
    assert sum(one != other for one, other in pairwise(by[lives.begun :])) > 200
    assert len(lives.cosigned) >= 3
    assert sum(lives.begun < after < lives.handed[-1].after for after, _ in lives.cosigned) >= 3


@pytest.mark.parametrize("case", range(CRASHES))
def test_what_was_handed_out_holds_after_a_crash_and_the_log_does_not_fork(
    lives: Lives, place: Path, case: int
) -> None:
    assert crash(lives, case, CRASHES, place / "crashed") == []


def test_the_same_seed_gives_the_same_turns(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        lived = Lives(tmp_path / name, 3).run()
        told.append(
            (
                [(step.name, re.sub(r"\d+-\d+\.tmp$", "tmp", str(step.path))) for step in lived.steps],
                [(one.after, one.receipt.status) for one in lived.handed],
            )
        )
    assert told[0] == told[1]


def test_turns_end_where_one_of_them_fails() -> None:
    turns, done = Turns(5), []

    def works() -> None:
        for _ in range(20):
            turns.step()
        done.append(1)

    def fails() -> None:
        turns.step()
        raise ZeroDivisionError("on purpose")

    with pytest.raises(ZeroDivisionError):
        turns.run([works, fails, works])
    assert done == [1, 1]
