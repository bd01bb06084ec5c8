"""A whole record takes the place of the earlier one with all that it leaves empty; each state stays readable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record

from goedebuur.services import recording
from goedebuur.services.record import Record
from goedebuur.services.verification import verify

FULL = {"names": [{"value": "Een"}], "valid_to": "2030-01-01", "checked": True}
EMPTIED = {"names": [], "valid_to": "", "checked": False}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    yield found
    found.close()


def put(record: Record, body: dict[str, object], hours: int = 0, **more: str) -> int | None:
    with record.lock():
        return recording.put(record, [("site", "een", body)], NOW + timedelta(hours=hours), **more)


def test_a_later_record_takes_the_place_of_all_fields(record: Record) -> None:
    first = put(record, FULL)
    second = put(record, EMPTIED, hours=1, reason="was verkeerd ingevoerd")
    assert first is not None
    assert second == first + 1
    assert record.catalogue.state("site")["een"] == EMPTIED
    assert record.catalogue.state("site", as_of=second)["een"] == FULL


def test_the_leaf_names_what_it_replaces_and_why(record: Record) -> None:
    first = put(record, FULL)
    second = put(record, EMPTIED, hours=1, reason="was verkeerd ingevoerd")
    assert first is not None
    assert second is not None
    leaf = record.ledger.leaf(second)
    assert leaf.supersedes == (first,)
    assert leaf.reason == "was verkeerd ingevoerd"


def test_what_the_record_says_already_makes_no_leaf(record: Record) -> None:
    put(record, FULL)
    size = record.size
    assert put(record, FULL, hours=1) is None
    assert record.size == size


def test_a_clock_that_goes_back_does_not_hide_what_was_written_last(record: Record) -> None:
    put(record, FULL)
    put(record, EMPTIED, hours=-5)
    assert record.catalogue.state("site")["een"] == EMPTIED


def test_a_rebuild_gives_the_same_state(record: Record) -> None:
    put(record, FULL)
    put(record, EMPTIED, hours=1)
    before = record.catalogue.records("site")
    record.rebuild()
    assert record.catalogue.records("site") == before
    assert verify(record.data_dir) == []


def test_what_suppliers_tell_in_parts_cannot_be_written_whole(record: Record) -> None:
    with record.lock(), pytest.raises(ValueError, match="whole"):
        recording.put(record, [("station", "NL1", {"name": "x"})], NOW)


def test_one_thing_is_not_said_twice_in_one_leaf(record: Record) -> None:
    with record.lock(), pytest.raises(ValueError, match="each of something else"):
        recording.put(record, [("site", "een", FULL), ("site", "een", EMPTIED)], NOW)
