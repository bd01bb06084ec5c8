"""Small deliveries: promised at once, sealed together, never twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, A, B, hour, open_record, station_file

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.segments import HEADER_KEY
from goedebuur.services import delivery, sealing, verification
from goedebuur.services.record import Record
from goedebuur.store.observations.schema import NAMES


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return open_record(tmp_path / "record")


def give(record: Record, data: bytes, name: str, submitter: str = "eendorp") -> None:
    sealing.accept_small(record, data, name, adapter="rivm_lml", submitter=submitter, now=NOW)


def values(record: Record, as_of: int | None = None) -> dict[tuple[str, int], int]:
    rows = record.observations.read(series=[A, B], start=hour(0), end=hour(48), as_of=as_of)
    return {(s, (t - hour(0)) // timedelta(hours=1)): m for s, t, m in rows.select("series", "start", "micro").rows()}


def sealed(record: Record) -> list[Leaf]:
    return [leaf for leaf in record.ledger.leaves() if isinstance(leaf, Leaf) and leaf.kind == "sealed"]


def test_promise_says_until_when_a_delivery_is_sealed(record: Record) -> None:
    promise = sealing.accept_small(record, station_file({"NL90001": ["1"]}), "a.csv", adapter="rivm_lml", now=NOW)
    assert promise.seal_by == "2026-02-01T01:00:00Z"
    assert record.size == 0


def test_waiting_deliveries_are_sealed_into_the_log_and_read_from_it(record: Record) -> None:
    first, second = station_file({"NL90001": ["1"]}), station_file({"NL90002": ["2"]})
    give(record, first, "a.csv")
    give(record, second, "b.csv")
    assert delivery.seal(record, NOW)
    assert values(record) == {(A, 0): 1_000_000, (B, 0): 2_000_000}
    for leaf in sealed(record):
        header = record.evidence.metadata(leaf.batch["sha256"])[HEADER_KEY]  # type: ignore[index]
        assert header.split() == [f"{canonical.sha256(data)}:rivm_lml/1" for data in (first, second)]
    assert list(verification.verify(record.data_dir)) == []
    assert record.journal is not None
    assert record.journal.pending() == []


def test_sealing_again_changes_nothing(record: Record) -> None:
    give(record, station_file({"NL90001": ["1"]}), "a.csv")
    delivery.seal(record, NOW)
    size = record.size
    give(record, station_file({"NL90001": ["1"]}), "a.csv")
    delivery.seal(record, NOW)
    assert values(record) == {(A, 0): 1_000_000}
    assert sum(leaf.counts["stored"] for leaf in sealed(record)) == 1
    assert delivery.deliver(record, station_file({"NL90001": ["1"]}), "a.csv", now=NOW).status == "unchanged"
    assert delivery.seal(record, NOW) == []
    assert record.size == size + 1


def test_crash_after_the_log_and_before_the_journal_seals_nothing_twice(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    give(record, station_file({"NL90001": ["1"]}), "a.csv")
    with monkeypatch.context() as patched:
        patched.setattr("goedebuur.store.journal.Journal.clear_sealed", dies)
        with pytest.raises(KeyboardInterrupt):
            delivery.seal(record, NOW)
    again = open_record(record.data_dir)
    size = again.size
    assert delivery.seal(again, NOW) == []
    assert (again.size, values(again)) == (size, {(A, 0): 1_000_000})


def test_second_word_about_a_row_in_one_segment_is_a_correction_of_the_first(record: Record) -> None:
    give(record, station_file({"NL90001": ["1", "5"]}), "a.csv")
    give(record, station_file({"NL90001": ["2", "5"]}), "b.csv")
    delivery.seal(record, NOW)
    first, second = sealed(record)
    assert (first.counts["stored"], second.counts["changed"], second.counts["unchanged"]) == (2, 1, 1)
    at = record.ledger.leaves().index(first)
    assert second.supersedes == (at,)
    assert values(record) == {(A, 0): 2_000_000, (A, 1): 5_000_000}
    assert values(record, at + 1) == {(A, 0): 1_000_000, (A, 1): 5_000_000}


def test_small_delivery_that_leaves_out_a_value_of_its_period_withdraws_it(record: Record) -> None:
    give(record, station_file({"NL90001": ["1", "5"]}), "a.csv")
    give(record, station_file({"NL90001": ["1", ""]}), "b.csv")
    delivery.seal(record, NOW)
    assert sealed(record)[-1].counts["withdrawn"] == 1
    assert values(record) == {(A, 0): 1_000_000}


def test_submitters_are_sealed_apart(record: Record) -> None:
    give(record, station_file({"NL90001": ["1"]}), "a.csv", "eendorp")
    give(record, station_file({"NL90002": ["2"]}), "b.csv", "tweestad")
    delivery.seal(record, NOW)
    assert [(leaf.submitter, leaf.series) for leaf in sealed(record)] == [("eendorp", (A,)), ("tweestad", (B,))]


def test_wrong_input_is_refused_before_anything_is_promised(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as error:
        give(record, b"<html>", "a.csv")
    assert error.value.code.startswith("input-")
    assert record.journal is not None
    assert record.journal.pending() == []


def test_rebuild_after_sealing_gives_the_same_content(record: Record) -> None:
    give(record, station_file({"NL90001": ["1", "5"]}), "a.csv")
    give(record, station_file({"NL90001": ["2", ""]}), "b.csv")
    delivery.seal(record, NOW)
    before = {name: record.observations.content_hash(name) for name in NAMES}
    record.rebuild()
    assert {name: record.observations.content_hash(name) for name in NAMES} == before


def test_small_delivery_never_replaces_a_direct_one_that_came_later(record: Record) -> None:
    give(record, station_file({"NL90001": ["1"]}), "a.csv")
    delivery.deliver(record, station_file({"NL90001": ["2"]}), "b.csv", now=NOW + timedelta(minutes=30))
    delivery.seal(record, NOW + timedelta(hours=1))
    assert values(record) == {(A, 0): 2_000_000}


def test_small_delivery_of_earlier_bytes_goes_back_to_what_they_say(record: Record) -> None:
    first, second = station_file({"NL90001": ["1"]}), station_file({"NL90001": ["2"]})
    for data in (first, second, first):
        give(record, data, "a.csv")
        delivery.seal(record, NOW)
    assert values(record) == {(A, 0): 1_000_000}


def test_provisional_row_in_a_segment_leaves_the_validated_one_before_it(record: Record) -> None:
    give(record, station_file({"NL90001": ["1", ""]}), "a.csv")
    provisional = b"station_number,date,SO2\nNL90001,2019-01-01 00:00:00,7\nNL90001,2019-01-01 01:00:00,8\n"
    sealing.accept_small(record, provisional, "p_LML.csv", adapter="hollandse_luchten", submitter="eendorp", now=NOW)
    delivery.seal(record, NOW)
    assert values(record) == {(A, 0): 1_000_000}
    assert sum(leaf.counts.get("skipped:validated_holds", 0) for leaf in sealed(record)) == 2


def test_series_that_do_not_fit_in_one_leaf_are_sealed_in_several(record: Record) -> None:
    """A leaf has 65,535 bytes; 4,500 names of fourteen letters, with quotes and commas, take 76,500."""
    stations = {f"NL9{number:04d}": ["1"] for number in range(4500)}
    give(record, station_file(stations), "a.csv")
    give(record, station_file(stations | {"NL90002": ["2"]}), "b.csv")
    delivery.seal(record, NOW)
    assert record.journal is not None
    assert record.journal.pending() == []
    found = sealed(record)
    assert len(found) > 2
    assert sum(len(leaf.series) for leaf in found) == 4500 + 1
    assert sum(leaf.counts.get("deliveries", 0) for leaf in found) == 2
    assert sum(leaf.counts.get("values_in", 0) for leaf in found) == 9000
    assert values(record) == {(A, 0): 1_000_000, (B, 0): 2_000_000}
    assert list(verification.verify(record.data_dir)) == []


def test_part_of_sealed_rows_is_replaced_in_the_leaf_that_has_it(record: Record) -> None:
    stations = {f"NL9{number:04d}": ["1"] for number in range(4500)}
    give(record, station_file(stations), "a.csv")
    give(record, station_file({"NL90002": ["2"]}), "b.csv")
    delivery.seal(record, NOW)
    leaves = dict(enumerate(record.ledger.leaves()))
    [correction] = [leaf for leaf in leaves.values() if isinstance(leaf, Leaf) and leaf.supersedes]
    [replaced] = correction.supersedes
    held = leaves[replaced]
    assert isinstance(held, Leaf)
    assert B in held.series
