"""Refusals are lines that stay; a day of them has an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goedebuur.store import refusals
from goedebuur.store.refusals import Refusals

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def test_refusals_are_counted_over_all_days(tmp_path: Path) -> None:
    for n, code in enumerate(["a", "b", "b"]):
        Refusals(tmp_path).add(NOW + timedelta(days=n), {"code": code})
    assert list(Refusals(tmp_path).counts().items()) == [("b", 2), ("a", 1)]


def test_line_that_a_crash_cut_is_left_out_and_spoils_no_other(tmp_path: Path) -> None:
    found = Refusals(tmp_path)
    found.add(NOW, {"code": "a"})
    path = tmp_path / "refusals" / "2026-02-01.jsonl"
    path.write_bytes(path.read_bytes() + b'{"code":"b"')
    found.add(NOW, {"code": "c"})
    assert found.counts() == {"a": 1, "c": 1}


def test_day_of_refusals_has_an_end_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_A_DAY", 50)
    found = Refusals(tmp_path)
    for _ in range(100):
        found.add(NOW, {"code": "a"})  # a line of 13 bytes
    assert found.counts() == {"a": 4}
    assert found.lines()[-1] == refusals.FULL
    found.add(NOW + timedelta(days=1), {"code": "a"})
    assert found.counts() == {"a": 5}


def test_nothing_refused_is_an_empty_count(tmp_path: Path) -> None:
    assert Refusals(tmp_path).counts() == {}
