"""A small delivery is on the disk when it is promised, and is sealed once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.store.replay import Disk, Fault, Faulty, Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes, segments
from goedebuur.core.ledger.promises import parse_promise
from goedebuur.store.journal import MAX_SMALL_BYTES, Journal, SmallDelivery
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier

SIGNER = Ed25519Signer("record.example/log", bytes(32))
NOON = datetime(2021, 6, 1, 12, 0, 30, tzinfo=UTC)
# FIPS 180-2, appendix B.1: SHA-256 of "abc"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def fresh(root: Path) -> Journal:
    return Journal.open(root, SIGNER, Recording(root))


def small(data: bytes, adapter: str = "mqtt/1") -> SmallDelivery:
    return SmallDelivery("sensor-1", adapter, "minute", NOON, data)


def test_promise_names_digest_number_and_latest_sealing_and_is_signed(tmp_path: Path) -> None:
    promise = fresh(tmp_path).accept(small(b"abc"))
    assert (promise.sequence, promise.sha256) == (0, ABC)
    assert (promise.received, promise.seal_by) == ("2021-06-01T12:00:30Z", "2021-06-01T13:00:30Z")
    text = notes.open_note(promise.note, Ed25519Verifier(SIGNER.vkey))
    assert parse_promise(text) == replace(promise, note=b"")


def test_accepted_deliveries_are_pending_after_a_restart(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    for data in (b"one", b"two", b""):
        journal.accept(small(data))
    again = fresh(tmp_path)
    assert [(entry.sequence, entry.data) for entry in again.pending()] == [(0, b"one"), (1, b"two"), (2, b"")]
    assert again.repairs == []
    assert again.accept(small(b"four")).sequence == 3


def test_same_delivery_again_is_answered_with_the_first_promise(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    first = journal.accept(small(b"one"))
    journal.accept(small(b"two"))
    later = replace(small(b"one"), received=NOON + timedelta(minutes=5))
    assert journal.accept(later) == first
    assert fresh(tmp_path).accept(later) == first
    assert journal.accept(small(b"one", "mqtt/2")).sequence == 2


def test_two_journals_on_one_folder_number_one_after_the_other(tmp_path: Path) -> None:
    one, two = fresh(tmp_path), fresh(tmp_path)
    assert [journal.accept(small(bytes([i]))).sequence for i, journal in enumerate((one, two, one, two))] == [
        0,
        1,
        2,
        3,
    ]
    assert len(one.pending()) == 4


def test_closed_segment_holds_what_was_accepted_and_later_deliveries_go_to_the_next(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    journal.accept(small(b"one"))
    journal.accept(small(b"two"))
    (segment,) = journal.close()
    assert [entry.data for entry in segment.entries] == [b"one", b"two"]
    assert segment.name == "000000000000.frames"
    assert segment.payload() == {"name": segment.name, "sha256": segment.sha256, "size": len(segment.data)}
    assert segment.header() == {"deliveries": " ".join(entry.id for entry in segment.entries)}
    assert journal.accept(small(b"three")).sequence == 2
    assert journal.close()[0].sha256 == segment.sha256


def test_closing_an_empty_journal_gives_nothing(tmp_path: Path) -> None:
    assert fresh(tmp_path).close() == []


def test_only_sealed_segments_are_cleared_and_numbers_go_on(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    journal.accept(small(b"one"))
    (first,) = journal.close()
    journal.accept(small(b"two"))
    assert len(journal.close()) == 2
    assert journal.clear_sealed(lambda sha: sha == first.sha256) == 1
    assert [entry.data for entry in journal.pending()] == [b"two"]
    assert journal.clear_sealed(lambda sha: True) == 1
    assert journal.pending() == []
    assert fresh(tmp_path).accept(small(b"three")).sequence == 2


def test_delivery_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        fresh(tmp_path).accept(small(bytes(MAX_SMALL_BYTES + 1)))
    assert caught.value.code == "journal-too-large"


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_torn_last_frame_is_cut_kept_aside_and_said(tmp_path: Path, cut: int) -> None:
    journal = fresh(tmp_path)
    journal.accept(small(b"one"))
    journal.accept(small(b"two"))
    segment = tmp_path / "journal" / "000000000000.frames"
    data = segment.read_bytes()
    segment.write_bytes(data[:-cut])
    again = fresh(tmp_path)
    assert [entry.data for entry in again.pending()] == [b"one"]
    assert len(again.repairs) == 1
    (aside,) = (tmp_path / "journal").glob("cut-*")
    assert data[: segment.stat().st_size] + aside.read_bytes() == data[:-cut]
    assert fresh(tmp_path).repairs == []


def test_frame_changed_before_the_last_stops_the_start_and_changes_nothing(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    journal.accept(small(b"one"))
    journal.accept(small(b"two"))
    segment = tmp_path / "journal" / "000000000000.frames"
    data = segment.read_bytes()
    first = len(data) - len(segments.encode(journal.pending()[1]))
    for position in range(first):
        changed = bytearray(data)
        changed[position] ^= 0x40
        segment.write_bytes(bytes(changed))
        with pytest.raises(GoedeBuurError) as caught:
            fresh(tmp_path)
        assert caught.value.code == "journal-damaged"
        assert segment.read_bytes() == bytes(changed)


def test_closed_segment_that_was_cut_stops_the_start(tmp_path: Path) -> None:
    journal = fresh(tmp_path)
    journal.accept(small(b"one"))
    journal.close()
    segment = tmp_path / "journal" / "000000000000.frames"
    segment.write_bytes(segment.read_bytes()[:-1])
    with pytest.raises(GoedeBuurError) as caught:
        fresh(tmp_path)
    assert caught.value.code == "journal-damaged"


@pytest.mark.parametrize("fault", list(Fault))
def test_delivery_that_the_disk_refused_is_not_promised_and_is_kept_once_on_a_second_try(
    tmp_path: Path, fault: Fault
) -> None:
    probe = Recording(tmp_path / "probe")
    (tmp_path / "probe").mkdir()
    journal = Journal.open(tmp_path / "probe", SIGNER, probe)
    steps = len(probe.steps)
    journal.accept(small(b"one"))
    for at in range(steps, len(probe.steps)):
        root = tmp_path / str(at)
        root.mkdir()
        fs = Faulty(root, at, fault)
        faulty = Journal.open(root, SIGNER, fs)
        with pytest.raises(OSError, match="on purpose"):
            faulty.accept(small(b"one"))
        assert faulty.accept(small(b"one")).sequence == 0
        disk = Disk().play(fs.steps)
        disk.crash(random.Random(at), share=1.0)
        crashed = tmp_path / f"{at} after a crash"
        crashed.mkdir()
        disk.write_to(crashed)
        assert [entry.data for entry in fresh(crashed).pending()] == [b"one"]
