"""The key of a log changes while its origin and leaves stay, and in the time between either key reads it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.test_monitoring import Ear, monitor
from tests.services.test_publishing import KEYS, Clock, grow, no_post, plan, to
from tests.store.replay import Disk, Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes
from goedebuur.services import publication, rotation
from goedebuur.services.monitoring import Following
from goedebuur.services.publishing import publish
from goedebuur.services.verification import verify
from goedebuur.services.witness import Witness, WitnessedLog
from goedebuur.store import keys
from goedebuur.store.keys import ChangingSigner, Ed25519Signer, Ed25519Verifier
from goedebuur.store.ledger import Ledger, key_changes
from goedebuur.store.ledger.publication import Publication
from goedebuur.store.witness import WitnessStore

NAME = "log.example/one"
NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    keys.create(tmp_path / "log.key", NAME)
    return tmp_path / "log.key"


@pytest.fixture
def record(tmp_path: Path, key_file: Path) -> Path:
    ledger = Ledger.open(tmp_path / "record", keys.load(key_file))
    grow(ledger, 3)
    publish(ledger, plan(ledger), no_post, Clock())
    return tmp_path / "record"


def signed_by(note: bytes, vkeys: tuple[str, ...]) -> list[bool]:
    found = []
    for vkey in vkeys:
        try:
            notes.open_note(note, Ed25519Verifier(vkey))
            found.append(True)
        except GoedeBuurError:
            found.append(False)
    return found


def test_both_keys_sign_in_the_time_between_and_the_new_one_alone_after_it(record: Path, key_file: Path) -> None:
    old = keys.load(key_file).vkey
    begun = rotation.begin(record, key_file)
    assert len(begun.vkeys) == 2
    assert begun.vkeys[0] == old
    ledger = Ledger.open(record, keys.load_changing(key_file))
    grow(ledger, 2)
    publish(ledger, plan(ledger), no_post, Clock())
    public = Publication(record / "public")
    assert public.vkeys() == list(begun.vkeys)
    assert signed_by(public.note(), begun.vkeys) == [True, True]
    assert all(public.checkpoint(vkey).size == 5 for vkey in begun.vkeys)

    finished = rotation.finish(record, key_file, NOW)
    assert finished.vkeys == (begun.vkeys[1],)
    after = Ledger.open(record, keys.load_changing(key_file))
    grow(after, 1)
    publish(after, plan(after), no_post, Clock())
    assert signed_by(public.note(), begun.vkeys) == [False, True]
    assert public.checkpoint(begun.vkeys[1]).origin == NAME
    assert after.entries(0, 5) == ledger.entries()
    assert finished.put_aside is not None
    assert keys.load(finished.put_aside).vkey == old
    assert not keys.next_path(key_file).exists()


def test_each_step_may_be_done_again(record: Path, key_file: Path) -> None:
    assert rotation.begin(record, key_file) == rotation.begin(record, key_file)
    rotation.finish(record, key_file, NOW)
    with pytest.raises(GoedeBuurError) as error:
        rotation.finish(record, key_file, NOW)
    assert error.value.code == "key-no-change"


def test_change_that_was_not_begun_is_not_finished(record: Path, key_file: Path) -> None:
    keys.create(keys.next_path(key_file), NAME)
    with pytest.raises(GoedeBuurError) as error:
        rotation.finish(record, key_file, NOW)
    assert error.value.code == "key-no-change"


def test_step_interrupted_between_log_and_key_files_is_finished_by_the_next(record: Path, key_file: Path) -> None:
    rotation.begin(record, key_file)
    changing = keys.load_changing(key_file)
    assert isinstance(changing, ChangingSigner)
    Ledger.open(record, changing).change_keys([changing.new.vkey])
    # the process died here: the key files are as they were
    grow(Ledger.open(record, keys.load_changing(key_file)), 1)
    assert rotation.finish(record, key_file, NOW).vkeys == (changing.new.vkey,)
    assert keys.load(key_file).vkey == changing.new.vkey


def test_old_key_alone_adds_nothing_during_and_after_the_change(record: Path, key_file: Path) -> None:
    """During it, who was told of the new key alone would find no signature."""
    old = keys.load(key_file)
    for step in (rotation.begin, lambda record, key_file: rotation.finish(record, key_file, NOW)):
        step(record, key_file)
        with pytest.raises(GoedeBuurError) as error:
            Ledger.open(record, old)
        assert error.value.code == "ledger-other-key"


def test_key_that_nobody_knew_cannot_take_over_at_once(record: Path, key_file: Path) -> None:
    stranger = Ed25519Signer(NAME, bytes(32))
    ledger = Ledger.open(record, ChangingSigner(keys.load(key_file), stranger))
    with pytest.raises(GoedeBuurError) as error:
        ledger.change_keys([stranger.vkey])
    assert error.value.code == "ledger-other-key"


def test_new_key_of_another_name_is_refused(key_file: Path) -> None:
    with pytest.raises(GoedeBuurError) as error:
        ChangingSigner(keys.load(key_file), Ed25519Signer("another.example", bytes(32)))
    assert error.value.code == "key-malformed"


def test_verification_holds_with_either_key_in_the_time_between_and_refuses_a_third(
    record: Path, key_file: Path
) -> None:
    begun = rotation.begin(record, key_file)
    ledger = Ledger.open(record)
    publish(ledger, plan(ledger), no_post, Clock())
    for vkey in (None, *begun.vkeys):
        assert verify(record, vkey=vkey) == []
        assert publication.check(record / "public", vkey=vkey) == []
    third = Ed25519Signer(NAME, bytes(32)).vkey
    assert verify(record, vkey=third)
    assert publication.check(record / "public", vkey=third)


def changed(record: Path, key_file: Path, now: datetime) -> tuple[str, str]:
    begun = rotation.begin(record, key_file)
    rotation.finish(record, key_file, now)
    return begun.vkeys[0], begun.vkeys[1]


def test_who_knows_the_old_key_is_told_by_which_it_was_replaced_and_when(record: Path, key_file: Path) -> None:
    old, new = changed(record, key_file, NOW)
    found = [one for one in verify(record, vkey=old) if one.part == "key"]
    assert [one.what for one in found] == [f"The key that was given was replaced on 2026-11-29T10:00:00Z by {new}"]
    assert verify(record, vkey=new) == []


def test_keys_that_were_replaced_one_after_another_lead_to_the_present_one(record: Path, key_file: Path) -> None:
    first, second = changed(record, key_file, NOW)
    _, third = changed(record, key_file, NOW + timedelta(days=400))
    assert [(one.old, one.new) for one in key_changes.since(record, first)] == [(first, second), (second, third)]
    assert key_changes.since(record, third) == []


def test_change_that_the_old_key_did_not_sign_is_not_believed(record: Path, key_file: Path) -> None:
    old, _ = changed(record, key_file, NOW)
    stranger = Ed25519Signer(NAME, bytes(32))
    (kept,) = (record / "ledger").glob("log.vkey.was-*")
    text = f"goedebuur key change v1\n{old}\n{stranger.vkey}\n2026-11-29T10:00:00Z\n"
    kept.write_bytes(notes.sign(text, stranger))
    assert key_changes.since(record, old) == []
    assert "another" in verify(record, vkey=old)[0].what


def test_key_that_still_signs_is_not_said_to_be_replaced(record: Path, key_file: Path) -> None:
    begun = rotation.begin(record, key_file)
    changing = keys.load_changing(key_file)
    assert isinstance(changing, ChangingSigner)
    key_changes.keep(record, changing, "2026-11-29T10:00:00Z")
    # the process died here: both keys still sign
    assert key_changes.replaced(record, begun.vkeys[0]) == []
    assert verify(record, vkey=begun.vkeys[0]) == []


def test_witness_and_monitor_follow_through_the_change(record: Path, key_file: Path, tmp_path: Path) -> None:
    ear = Ear()
    begun = rotation.begin(record, key_file)
    ledger = Ledger.open(record)
    how = plan(ledger, "http://w", needed=1)

    def round_(*vkeys: str) -> None:
        logs = [WitnessedLog(NAME, vkeys)]
        post = to(Witness(KEYS[0], logs, WitnessStore(tmp_path / "w"), lambda: 1_700_000_000))
        assert publish(Ledger.open(record), how, post, Clock())
        following = Following(Publication(how.folder).read, vkeys)
        assert monitor(tmp_path, following, ear).look().alarms == ()

    round_(begun.vkeys[0])
    round_(*begun.vkeys)
    rotation.finish(record, key_file, NOW)
    grow(Ledger.open(record, keys.load(key_file)), 2)
    round_(begun.vkeys[1])
    assert ear.leaves() == [3, 4]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_no_crash_leaves_a_log_that_its_keys_do_not_open(tmp_path: Path, share: float) -> None:
    old, new = Ed25519Signer(NAME, bytes(32)), Ed25519Signer(NAME, bytes(range(32)))
    ring = ChangingSigner(old, new)
    (tmp_path / "life").mkdir()
    recording = Recording(tmp_path / "life")
    ledger = Ledger.open(tmp_path / "life", ring, recording)
    grow(ledger, 2)
    begins = len(recording.steps)
    ledger.change_keys([old.vkey, new.vkey])
    ledger.change_keys([new.vkey])
    chance = random.Random(6)
    for upto in range(begins, len(recording.steps) + 1):
        folder = tmp_path / f"{upto}"
        folder.mkdir()
        disk = Disk().play(recording.steps[:upto])
        disk.crash(chance, share)
        disk.write_to(folder)
        assert Ledger.open(folder).size == 2
        again = Ledger.open(folder, ring)
        grow(again, 1)
        again.change_keys([old.vkey, new.vkey])
        again.change_keys([new.vkey])
        assert Ledger.open(folder).vkeys == (new.vkey,)
