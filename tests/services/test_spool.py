"""Any number of processes deliver, one adds to the log."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, hour, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import delivery
from goedebuur.services.record import Record

STATIONS = [f"NL9000{n}" for n in range(1, 7)]


def deliver_some(folder: str, station: str) -> None:
    """Deliver two files through the spool, in a process of its own."""
    record = open_record(Path(folder))
    for year in ("20190101", "20200101"):
        outcome = delivery.hand_over(record, station_file({station: ["1", "2"]}, year), f"{station}.csv", now=NOW)
        assert outcome.status == "stored", outcome
    record.close()


def test_deliveries_of_many_processes_are_all_there_once(tmp_path: Path) -> None:
    open_record(tmp_path).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=deliver_some, args=(str(tmp_path), station)) for station in STATIONS]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * len(workers)
    record = open_record(tmp_path)
    rows = record.observations.read(start=hour(0), end=hour(24 * 400))
    assert rows.height == 4 * len(STATIONS)
    assert not rows.select("series", "start").is_duplicated().any()
    assert record.spool.waiting() == []


def test_reader_without_a_key_can_hand_over_and_the_sequencer_takes_it(tmp_path: Path) -> None:
    writer = open_record(tmp_path)
    reader = Record.open(tmp_path, read_only=True)
    ticket = delivery.submit(reader, station_file({"NL90001": ["1"]}), "a.csv", now=NOW, reason="late")
    assert reader.spool.result(ticket) is None
    (outcome,) = delivery.drain(writer, NOW)
    assert outcome.status == "stored"
    answer = reader.spool.result(ticket)
    assert answer is not None
    assert (answer["status"], answer["leaves"]) == ("stored", list(outcome.leaves))


def test_wrong_input_never_enters_the_spool(tmp_path: Path) -> None:
    writer = open_record(tmp_path)
    with pytest.raises(GoedeBuurError):
        delivery.submit(writer, b"\x00\x01", "a.csv", now=NOW)
    assert writer.spool.waiting() == []
    assert not list((tmp_path / "payloads").rglob("*")) if (tmp_path / "payloads").exists() else True


def test_request_that_was_taken_before_a_crash_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    writer = open_record(tmp_path)
    data = station_file({"NL90001": ["1"]})
    delivery.submit(writer, data, "a.csv", now=NOW)
    with monkeypatch.context() as patched:
        patched.setattr("goedebuur.store.spool.Spool.answer", dies)
        with pytest.raises(KeyboardInterrupt):
            delivery.drain(writer, NOW)
    size = writer.size
    assert size > 0
    (outcome,) = delivery.drain(writer, NOW)
    assert (outcome.status, writer.size) == ("unchanged", size)


def test_delivery_in_the_spool_never_replaces_one_that_came_later(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    ticket = delivery.submit(record, station_file({"NL90001": ["1"]}), "a.csv", now=NOW)
    delivery.deliver(record, station_file({"NL90001": ["2"]}), "b.csv", now=NOW + timedelta(minutes=30))
    answer = record.spool.result(ticket)
    assert answer is not None
    assert answer["status"] == "stored"
    assert delivery.drain(record, NOW + timedelta(hours=1)) == []
    held = record.observations.read(start=hour(0), end=hour(24))
    assert held["micro"].to_list() == [2_000_000]


def test_the_older_of_journal_and_spool_goes_first(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    later = NOW + timedelta(minutes=5)
    delivery.accept_small(record, station_file({"NL90001": ["1"]}), "a.csv", adapter="rivm_lml", now=NOW)
    delivery.submit(record, station_file({"NL90001": ["2"]}), "b.csv", now=later)
    delivery.settle(record, later)
    assert record.observations.read(start=hour(0), end=hour(24))["micro"].to_list() == [2_000_000]
