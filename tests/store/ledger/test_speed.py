"""A tenth of `benchmarks/log.py`: that the log is fast enough is held here at sizes that take seconds.

The bounds are those of the issue where a busy machine meets them with room, wider where its neighbours decide.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import log


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FOLDER", tmp_path)


def test_1500_leaves_a_second_are_appended_and_published_durably() -> None:
    appended, published = log.append_and_publish(3_000)
    assert appended > 1_500
    assert published > 1_500


def test_proof_for_one_of_a_million_leaves_reads_a_handful_of_tiles_in_under_5_ms() -> None:
    median, _, tiles = log.prove_one(1_000_000, times=60)
    assert tiles <= 6
    assert median < 0.005


def test_full_check_of_100_000_leaves_takes_little_more_than_hashing_them() -> None:
    checked, hashed = log.check_all(100_000)
    assert checked < 4 * hashed
