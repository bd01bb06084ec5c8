"""Files go straight into the log, or wait safely where another process writes there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.services.deliveries import NOW, open_record, station_file

from goedebuur.services import delivery, handing


def test_files_wait_in_the_spool_while_another_process_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(station_file({"NL90001": ["1"]}))
    record, other = open_record(tmp_path / "record"), open_record(tmp_path / "record")
    held = other.lock()
    held.__enter__()
    put, said = delivery.submit, []

    def submit(*arguments: Any, **named: Any) -> int:
        ticket = put(*arguments, **named)
        assert len(other.spool.waiting()) == 1
        held.__exit__(None, None, None)  # the other is done, and the file was safe before
        return ticket

    monkeypatch.setattr(delivery, "submit", submit)
    (outcome,) = handing.take_in(record, [file], now=NOW, busy=lambda: said.append("busy"))
    assert (said, outcome.status, outcome.counts["stored"]) == (["busy"], "stored", 1)


def test_files_go_straight_in_where_nobody_writes(tmp_path: Path) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(station_file({"NL90001": ["1"]}))
    record = open_record(tmp_path / "record")
    (outcome,) = handing.take_in(record, [file], now=NOW)
    assert outcome.status == "stored"
    assert not (tmp_path / "record" / "spool" / "answers").exists()


def test_file_that_is_taken_in_by_another_process_has_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(station_file({"NL90001": ["1"]}))
    record, other = open_record(tmp_path / "record"), open_record(tmp_path / "record")
    put = delivery.submit

    def submit(*arguments: Any, **named: Any) -> int:
        ticket = put(*arguments, **named)
        delivery.settle(other, NOW)
        return ticket

    monkeypatch.setattr(delivery, "submit", submit)
    (outcome,) = handing.through_spool(record, [file], now=NOW)
    assert outcome.status == "stored"


def test_file_that_is_not_there_is_refused_and_stops_no_other(tmp_path: Path) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(station_file({"NL90001": ["1"]}))
    record = open_record(tmp_path / "record")
    paths = [tmp_path / "none.csv", file]
    assert [one.status for one in handing.promise_files(record, paths, now=NOW)] == ["refused", "promised"]
    assert [one.status for one in handing.through_spool(record, paths, now=NOW)] == ["refused", "unchanged"]
