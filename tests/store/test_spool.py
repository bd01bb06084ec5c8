"""What is handed to the sequencer is on the disk, is taken in order, and is answered once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.replay import Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.store.evidence import Evidence
from goedebuur.store.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, Recording(tmp_path))


def test_nothing_waits_in_a_new_spool(spool: Spool) -> None:
    assert spool.waiting() == []
    assert spool.result(0) is None


def test_requests_wait_in_the_order_in_which_they_were_put(spool: Spool, tmp_path: Path) -> None:
    assert [spool.put(data, {"name": data.decode()}) for data in (b"b", b"a", b"c")] == [0, 1, 2]
    requests = spool.waiting()
    assert [(request.ticket, request.fields["name"]) for request in requests] == [(0, "b"), (1, "a"), (2, "c")]
    assert Evidence(tmp_path).payload(requests[1].payload) == b"a"


def test_answered_request_waits_no_longer_and_its_answer_is_read(spool: Spool, tmp_path: Path) -> None:
    spool.put(b"a", {})
    spool.put(b"b", {})
    spool.answer(0, {"status": "stored", "leaves": [4]})
    other = Spool(tmp_path)
    assert [request.ticket for request in other.waiting()] == [1]
    assert other.result(0) == {"status": "stored", "leaves": [4]}
    assert other.result(1) is None


def test_request_that_was_answered_but_not_removed_is_not_taken_again(spool: Spool, tmp_path: Path) -> None:
    spool.put(b"a", {})
    request = tmp_path / "spool" / "requests" / "000000000000.json"
    data = request.read_bytes()
    spool.answer(0, {"status": "stored"})
    request.write_bytes(data)
    assert spool.waiting() == []
    assert not request.exists()


def test_no_ticket_is_given_twice_after_all_are_answered(spool: Spool) -> None:
    for i in range(3):
        spool.answer(spool.put(bytes([i]), {}), {"i": i})
    assert spool.result(2) == {"i": 2}
    assert spool.put(b"new", {}) == 3


def test_request_that_was_changed_is_an_error(spool: Spool, tmp_path: Path) -> None:
    spool.put(b"a", {})
    (tmp_path / "spool" / "requests" / "000000000000.json").write_bytes(b"{")
    with pytest.raises(GoedeBuurError) as caught:
        spool.waiting()
    assert caught.value.code == "spool-damaged"


def test_unfinished_file_of_a_dead_process_is_removed(spool: Spool, tmp_path: Path) -> None:
    spool.put(b"a", {})
    stray = tmp_path / "spool" / "000000000001.json.1-1.tmp"
    stray.write_bytes(b"{")
    assert len(spool.waiting()) == 1
    assert not stray.exists()
