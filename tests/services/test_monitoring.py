"""A monitor tells what is new, at least once to everyone, and is not to be fooled by the log that it follows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.services.test_publishing import KEYS, LOG, grow, no_post, plan, to, witness

from goedebuur.adapters.notices import UNDELIVERED
from goedebuur.adapters.tlog import LOG_UNREACHABLE
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves, notes, tiles
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.events import Watch, of_leaf
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.receipts import Receipt
from goedebuur.core.ledger.tree import EMPTY_ROOT
from goedebuur.services import promised
from goedebuur.services.monitoring import Channel, Following, Monitor, Round, follow
from goedebuur.services.publishing import publish
from goedebuur.store.evidence import Evidence
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication
from goedebuur.store.monitor import MonitorStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Ear:
    """Someone who is told things, and may be away."""

    def __init__(self, name: str = "ear") -> None:
        self.name = name
        self.heard: list[dict[str, Any]] = []
        self.away = False

    def send(self, notice: dict[str, Any]) -> None:
        if self.away:
            raise GoedeBuurError(UNDELIVERED, "away")
        self.heard.append(notice)

    def leaves(self) -> list[int]:
        return [one["leaf"] for one in self.heard]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.open(tmp_path / "record", LOG)
    grow(made, 3)
    publish(made, plan(made), no_post, lambda: NOON)
    return made


def more(ledger: Ledger, count: int) -> None:
    grow(ledger, count)
    publish(ledger, plan(ledger), no_post, lambda: NOON)


def following(ledger: Ledger, **options: Any) -> Following:
    return Following(Publication(ledger.root / "public").read, (LOG.vkey,), **options)


def monitor(tmp_path: Path, how: Following, *channels: Channel, now: Callable[[], datetime] = lambda: NOON) -> Monitor:
    return Monitor(how, MonitorStore(tmp_path / "monitor"), channels, now)


def test_first_visit_tells_nothing_and_later_ones_what_is_new(ledger: Ledger, tmp_path: Path) -> None:
    ear = Ear()
    watcher = monitor(tmp_path, following(ledger), ear)
    assert watcher.look().size == 3
    assert ear.heard == []
    more(ledger, 300)
    found = watcher.look()
    assert (found.size, found.told, found.alarms) == (303, 300, ())
    assert ear.leaves() == list(range(3, 303))
    assert watcher.look().told == 0


def test_begin_can_be_chosen(ledger: Ledger, tmp_path: Path) -> None:
    ear = Ear()
    monitor(tmp_path, following(ledger, start=1), ear).look()
    assert ear.leaves() == [1, 2]


def test_who_was_away_hears_it_later_with_the_same_identity(ledger: Ledger, tmp_path: Path) -> None:
    here, away = Ear("here"), Ear("away")
    watcher = monitor(tmp_path, following(ledger, start=0), here, away)
    away.away = True
    found = watcher.look()
    assert found.undelivered == ("away",)
    assert (here.leaves(), away.leaves()) == ([0, 1, 2], [])
    more(ledger, 1)
    away.away = False
    watcher.look()
    assert here.leaves() == away.leaves() == [0, 1, 2, 3]
    assert [one["id"] for one in here.heard] == [one["id"] for one in away.heard]
    assert len({one["id"] for one in here.heard}) == 4


def test_what_was_told_before_a_crash_is_told_again_and_nothing_is_left_out(ledger: Ledger, tmp_path: Path) -> None:
    class Dying(Ear):
        def send(self, notice: dict[str, Any]) -> None:
            super().send(notice)
            if len(self.heard) == 2:
                raise KeyboardInterrupt

    ear = Dying()
    watcher = monitor(tmp_path, following(ledger, start=0), ear)
    with pytest.raises(KeyboardInterrupt):
        watcher.look()
    monitor(tmp_path, following(ledger, start=0), ear).look()
    assert ear.leaves() == [0, 1, 0, 1, 2]


def forked(ledger: Ledger, tmp_path: Path, size: int) -> Following:
    other = Ledger.open(tmp_path / f"other-{size}", LOG)
    grow(other, size, ground="another")
    publish(other, plan(other), no_post, lambda: NOON)
    return following(other)


@pytest.mark.parametrize(("size", "kind"), [(3, "fork"), (5, "fork"), (300, "fork"), (2, "shrunken")])
def test_log_that_does_not_continue_is_an_alarm_with_both_checkpoints(
    ledger: Ledger, tmp_path: Path, size: int, kind: str
) -> None:
    ear = Ear()
    monitor(tmp_path, following(ledger), ear).look()
    before = Publication(ledger.root / "public").note().decode()
    other = forked(ledger, tmp_path, size)
    found = monitor(tmp_path, other, ear).look()
    assert [alarm.kind for alarm in found.alarms] == [kind]
    (told,) = ear.heard
    assert told["alarm"] is True
    assert told["seen_before"] == before
    assert told["seen"] == other.read("checkpoint").decode()
    assert len(list((tmp_path / "monitor").glob("alarm-*"))) == 2
    # told once, an alarm each time, and what counted before still counts
    assert monitor(tmp_path, other, ear).look().alarms
    assert len(ear.heard) == 1
    assert monitor(tmp_path, following(ledger), ear).look().alarms == ()


def test_checkpoint_of_another_key_is_an_alarm(ledger: Ledger, tmp_path: Path) -> None:
    ear = Ear()
    how = following(ledger)
    other = Ed25519Signer(LOG.name, bytes(32))
    note = notes.sign(Checkpoint(LOG.name, 0, EMPTY_ROOT).as_text(), other)
    found = monitor(tmp_path, replace(how, read=lambda name: note), ear).look()
    assert [alarm.kind for alarm in found.alarms] == ["not-signed"]


@pytest.mark.parametrize("name", ["tile/entries/000.p/3", "tile/0/000.p/3"])
def test_published_file_that_was_altered_is_an_alarm_that_names_it(ledger: Ledger, tmp_path: Path, name: str) -> None:
    ear = Ear()
    path = ledger.root / "public" / name
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    found = monitor(tmp_path, following(ledger, start=0), ear).look()
    assert [alarm.kind for alarm in found.alarms] == ["damaged"]
    assert ear.heard[0]["alarm"] is True
    assert not any("leaf" in one for one in ear.heard)


def test_entry_and_its_tile_altered_together_are_an_alarm(ledger: Ledger, tmp_path: Path) -> None:
    """What Go's reader let through (CVE-2026-56865)."""
    more(ledger, 300)
    public = ledger.root / "public"
    blobs = ledger.entries(0, 256)
    blobs[7] = leaves.encode(ClosedLeaf("0" * 64, "2026-01-01T00:00:00Z", "", "role", "forged"))
    (public / "tile/entries/000").write_bytes(tiles.encode_bundle(blobs))
    (public / "tile/0/000").write_bytes(tiles.leaf_row(blobs))
    ear = Ear()
    found = monitor(tmp_path, following(ledger, start=0), ear).look()
    assert [alarm.kind for alarm in found.alarms] == ["damaged"]
    assert "forged" not in str(ear.heard)


def test_log_out_of_reach_is_an_alarm_after_the_time_that_was_set_and_its_return_is_told(
    ledger: Ledger, tmp_path: Path
) -> None:
    ear = Ear()
    clock = [NOON]
    gone = replace(following(ledger, unreachable_after=timedelta(hours=3)), read=_gone)

    def look(how: Following) -> Round:
        return monitor(tmp_path, how, ear, now=lambda: clock[0]).look()

    assert look(following(ledger)).size == 3
    first = look(gone)
    assert (first.alarms, first.size) == ((), None)
    assert "nothing usable" in first.remarks[0]
    clock[0] += timedelta(hours=2, minutes=59)
    assert look(gone).alarms == ()
    clock[0] += timedelta(minutes=1)
    assert [alarm.kind for alarm in look(gone).alarms] == ["unreachable"]
    assert [alarm.kind for alarm in look(gone).alarms] == ["unreachable"]
    assert [one["kind"] for one in ear.heard] == ["unreachable"]
    back = look(following(ledger))
    assert back.size == 3
    assert [one["kind"] for one in ear.heard] == ["unreachable", "reachable"]


def _gone(name: str) -> bytes:
    raise GoedeBuurError(LOG_UNREACHABLE, "nobody there")


def test_checkpoint_with_too_few_cosignatures_does_not_count(ledger: Ledger, tmp_path: Path) -> None:
    policy = Policy(1, (KEYS[0].cosigner_vkey,))
    ear = Ear()
    found = monitor(tmp_path, following(ledger, policy=policy, start=0), ear).look()
    assert (found.size, ear.heard) == (None, [])
    assert "w1.example" in found.remarks[0]
    how = plan(ledger, "http://w", needed=1)
    assert publish(ledger, how, to(witness(tmp_path / "w")), lambda: NOON)
    assert monitor(tmp_path, following(ledger, policy=policy, start=0), ear).look().size == 3


def test_key_beside_the_log_is_believed_at_the_first_visit_and_never_replaced(ledger: Ledger, tmp_path: Path) -> None:
    ear = Ear()
    how = replace(following(ledger), vkeys=())
    assert LOG.vkey in monitor(tmp_path, how, ear).look().remarks[0]
    other = Ledger.open(tmp_path / "other", Ed25519Signer(LOG.name, bytes(32)))
    publish(other, plan(other), no_post, lambda: NOON)
    found = monitor(tmp_path, replace(following(other), vkeys=()), ear).look()
    assert [alarm.kind for alarm in found.alarms] == ["not-signed"]


def test_memory_that_cannot_be_read_is_not_begun_anew(ledger: Ledger, tmp_path: Path) -> None:
    watcher = monitor(tmp_path, following(ledger), Ear())
    watcher.look()
    (tmp_path / "monitor" / "state").write_bytes(b"{}")
    with pytest.raises(GoedeBuurError) as error:
        watcher.look()
    assert error.value.code == "monitor-state"


def test_following_ends_at_a_fork(ledger: Ledger, tmp_path: Path) -> None:
    monitor(tmp_path, following(ledger), Ear()).look()
    watcher = monitor(tmp_path, forked(ledger, tmp_path, 5), Ear())
    rounds: list[Round] = []
    follow(watcher, lambda: pytest.fail("there is nothing to wait for"), rounds.append)
    assert len(rounds) == 1


def test_following_goes_on_while_the_log_is_out_of_reach(ledger: Ledger, tmp_path: Path) -> None:
    turns = iter([True, True, False])
    rounds: list[Round] = []
    watcher = monitor(tmp_path, replace(following(ledger, unreachable_after=timedelta(0)), read=_gone), Ear())
    follow(watcher, lambda: next(turns), rounds.append)
    assert [one.alarms[0].kind for one in rounds] == ["unreachable"] * 3


def leaf(**options: Any) -> Leaf:
    given: dict[str, Any] = {
        "kind": "observations",
        "submitter": "rivm",
        "adapter": "rivm_lml/1",
        "received": "2026-01-03T00:00:00Z",
        "series": ("NL1.so2.1h", "NL2.pm10.1h"),
        "period": ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
    }
    return Leaf(**given | options)


SIGNED = {"statement": '{"sites":["FAC1"]}', "key": "k", "algorithm": "a", "value": "v"}


@pytest.mark.parametrize(
    ("watch", "fits"),
    [
        (Watch(), True),
        (Watch(sites=frozenset({"NL1"})), True),
        (Watch(sites=frozenset({"NL"})), False),
        (Watch(sites=frozenset({"FAC1"})), True),
        (Watch(series=frozenset({"NL2.pm10.1h"})), True),
        (Watch(series=frozenset({"NL2.so2.1h"})), False),
        (Watch(submitters=frozenset({"rivm"})), True),
        (Watch(submitters=frozenset({"other"})), False),
        (Watch(sites=frozenset({"NL1"}), submitters=frozenset({"other"})), False),
    ],
)
def test_only_what_is_watched_is_told(watch: Watch, fits: bool) -> None:
    assert (of_leaf("o", 1, leaves.encode(leaf(signature=SIGNED)), watch) is not None) == fits


@pytest.mark.parametrize(
    ("given", "late_after", "kind"),
    [
        (leaf(), None, "submission"),
        (leaf(), 24, "submission"),
        (leaf(), 23, "late"),
        (leaf(kind="sealed"), None, "submission"),
        (leaf(kind="sealed", supersedes=(1,)), 1, "correction"),
        (leaf(kind="correction", supersedes=(1,), reason="Nieuwe ijking"), 1, "correction"),
        (leaf(kind="catalogue", series=(), period=None), 1, "catalogue"),
        (ClosedLeaf("0" * 64, "2026-01-01T00:00:00Z", "2027-01-01", "toezichthouder", "Woo 5.1"), None, "closed"),
    ],
)
def test_kind_of_an_event_follows_from_the_leaf(given: Leaf | ClosedLeaf, late_after: int | None, kind: str) -> None:
    watch = Watch(late_after=None if late_after is None else timedelta(hours=late_after))
    event = of_leaf("o", 1, leaves.encode(given), watch)
    assert event is not None
    assert event.kind == kind


def test_closed_leaf_is_told_to_whoever_watches_one_site() -> None:
    closed = ClosedLeaf("0" * 64, "2026-01-01T00:00:00Z", "2027-01-01", "toezichthouder", "Woo 5.1")
    event = of_leaf("o", 1, leaves.encode(closed), Watch(sites=frozenset({"NL1"})))
    assert event is not None
    assert "until 2027-01-01" in event.text


def test_leaf_of_a_later_version_is_told_as_unreadable() -> None:
    event = of_leaf("o", 1, b'{"format_version":99}', Watch(sites=frozenset({"NL1"})))
    assert event is not None
    assert event.kind == "unreadable"


def promise(sequence: int, seal_by: str = "2026-03-01T13:00:00Z") -> Promise:
    plain = Promise(LOG.name, sequence, "ab" * 32, "2026-03-01T12:00:00Z", seal_by)
    return promised.read_promise(notes.sign(plain.as_text(), LOG), [Ed25519Verifier(LOG.vkey)])


def sealed(tmp_path: Path, received: str) -> Ledger:
    """Return a log in which one leaf seals the small deliveries 40 to 42."""
    made = Ledger.open(tmp_path / "sealed", LOG)
    data = b"segment"
    sha = Evidence(tmp_path / "sealed").put_payload(data)
    payload = {"name": "000000000040.frames", "sha256": sha, "size": len(data)}
    made.append([leaf(kind="sealed", payload=payload, counts={"deliveries": 2}, received=received)])
    made.append([leaf(kind="sealed", payload=payload, counts={"deliveries": 1}, received=received)])
    publish(made, plan(made), no_post, lambda: NOON)
    return made


@pytest.mark.parametrize(
    ("sequence", "received", "kind"),
    [
        (40, "2026-03-01T12:59:00Z", "promise-kept"),
        (42, "2026-03-01T13:00:00Z", "promise-kept"),
        (42, "2026-03-01T13:00:01Z", "promise-late"),
        (43, "2026-03-01T12:59:00Z", "promise-broken"),
        (39, "2026-03-01T12:59:00Z", "promise-broken"),
    ],
)
def test_log_is_held_to_its_promise(tmp_path: Path, sequence: int, received: str, kind: str) -> None:
    made, ear = sealed(tmp_path, received), Ear()
    how = following(made, promises=(promise(sequence),))
    early = monitor(tmp_path, how, ear, now=lambda: NOON + timedelta(hours=1, minutes=15)).look()
    assert (early.alarms, ear.heard) == ((), [])
    later = monitor(tmp_path, how, ear, now=lambda: NOON + timedelta(hours=1, minutes=16)).look()
    assert [one["kind"] for one in ear.heard] == [kind]
    assert bool(later.alarms) == (kind != "promise-kept")
    again = monitor(tmp_path, how, ear, now=lambda: NOON + timedelta(hours=2)).look()
    assert bool(again.alarms) == (kind != "promise-kept")
    assert len(ear.heard) == 1


def test_promise_as_the_command_wrote_it_is_read() -> None:
    note = notes.sign(Promise(LOG.name, 1, "ab" * 32, "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z").as_text(), LOG)
    written = b"2019_SO2.csv: in the log before 2026-03-01T13:00:00Z\n" + note + b"\n"
    verifiers = [Ed25519Verifier(LOG.vkey)]
    assert promised.read_promise(written, verifiers) == promised.read_promise(note, verifiers)


def test_receipt_without_a_promise_is_said_to_hold_none() -> None:
    waits = Receipt(LOG.vkey, {}).encode()
    with pytest.raises(GoedeBuurError) as error:
        promised.read_promise(waits, [Ed25519Verifier(LOG.vkey)])
    assert (error.value.code, error.value.value) == ("command-nothing-promised", "waiting")


def test_promise_of_another_log_is_none() -> None:
    plain = Promise(LOG.name, 1, "ab" * 32, "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z")
    forged = notes.sign(plain.as_text(), Ed25519Signer(LOG.name, bytes(32)))
    with pytest.raises(GoedeBuurError) as error:
        promised.read_promise(forged, [Ed25519Verifier(LOG.vkey)])
    assert error.value.code == "note-unsigned"


def test_log_that_was_emptied_and_begun_again_is_seen(ledger: Ledger, tmp_path: Path) -> None:
    monitor(tmp_path, following(ledger), Ear()).look()
    shutil.rmtree(ledger.root)
    anew = Ledger.open(ledger.root, LOG)
    publish(anew, plan(anew), no_post, lambda: NOON)
    found = monitor(tmp_path, following(anew), Ear()).look()
    assert [alarm.kind for alarm in found.alarms] == ["shrunken"]
