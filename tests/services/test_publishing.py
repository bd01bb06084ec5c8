"""What is published of a log that grows, with witnesses that answer, refuse, lie, or are not there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goedebuur.adapters.tlog import Reply, TlogClient
from goedebuur.cli.witness_server import WitnessServer
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes
from goedebuur.core.ledger.leaves import ClosedLeaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tree import Tree
from goedebuur.core.ledger.witnessing import AddCheckpoint
from goedebuur.services import publishing
from goedebuur.services.cosigning import Plan
from goedebuur.services.published import PublicationView, look
from goedebuur.services.publishing import publish
from goedebuur.services.witness import Witness, WitnessedLog
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication
from goedebuur.store.witness import WitnessStore

LOG = Ed25519Signer("log.example/one", bytes(range(32)))
KEYS = [Ed25519Signer(f"w{number}.example", bytes([number]) * 32) for number in range(1, 4)]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that goes on a minute each time it is read."""

    at: datetime = BEGIN

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def grow(ledger: Ledger, count: int, ground: str = "Woo 5.1") -> None:
    ledger.append([ClosedLeaf(f"{number:064x}", "2026-01-01T00:00:00Z", "", "role", ground) for number in range(count)])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.open(tmp_path / "record", LOG)
    grow(made, 3)
    return made


def plan(ledger: Ledger, *urls: str, needed: int = 0) -> Plan:
    pairs = tuple((signer.cosigner_vkey, url) for signer, url in zip(KEYS, urls, strict=False))
    return Plan(ledger.root, ledger.root / "public", pairs, needed)


def witness(folder: Path, number: int = 0, clock: Clock | None = None) -> Witness:
    time = clock or Clock()
    logs = [WitnessedLog(LOG.name, (LOG.vkey,))]
    return Witness(KEYS[number], logs, WitnessStore(folder), lambda: int(time.at.timestamp()))


def no_post(url: str, body: bytes) -> Reply:
    raise GoedeBuurError("witness-unreachable", "nobody", value="nobody there")


def to(someone: Witness) -> Callable[[str, bytes], Reply]:
    def post(url: str, body: bytes) -> Reply:
        answer = someone.add_checkpoint(body)
        return Reply(answer.status, answer.content_type, answer.body)

    return post


def published(ledger: Ledger) -> int:
    return Publication(ledger.root / "public").checkpoint(LOG.vkey).size


def seen(ledger: Ledger, how: Plan) -> PublicationView:
    return look(ledger.size, how)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Give what starts the witness of a number on a socket of this machine, and says its address."""
    with ExitStack() as stack:

        def start(number: int) -> str:
            server = WitnessServer(("127.0.0.1", 0), witness(tmp_path / f"witness-{number}", number))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_address[1]}"

        yield start


def test_without_witnesses_the_log_is_published_as_it_grows(ledger: Ledger) -> None:
    assert publish(ledger, plan(ledger), no_post, Clock())
    assert published(ledger) == 3
    grow(ledger, 300)
    assert publish(ledger, plan(ledger), no_post, Clock())
    assert published(ledger) == 303
    tree = Publication(ledger.root / "public").tree(LOG.vkey)
    assert tree.root() == ledger.root_hash()
    assert tree.entries(0, 303) == ledger.entries()


def test_checkpoint_is_published_with_the_cosignatures_of_witnesses_on_sockets(
    ledger: Ledger, serving: Callable[[int], str]
) -> None:
    how = plan(ledger, serving(0), serving(1), serving(2), needed=2)
    with TlogClient() as client:
        assert publish(ledger, how, client.post, Clock())
        assert published(ledger) == 3
        grow(ledger, 300)
        assert publish(ledger, how, client.post, Clock())
    note = Publication(how.folder).note()
    assert len(cosignatures.check(note, how.policy, keys.verify).cosigned) == 3
    assert published(ledger) == 303
    view = seen(ledger, how)
    assert (view.cosigned, view.waiting_since) == (3, "")
    assert all(one.cosigned and not one.missing_since for one in view.witnesses)


def test_older_checkpoint_stays_until_enough_cosigned(ledger: Ledger, tmp_path: Path) -> None:
    how = plan(ledger, "http://w", needed=1)
    clock = Clock()
    assert publish(ledger, how, to(witness(tmp_path / "w", clock=clock)), clock)
    grow(ledger, 2)
    assert not publish(ledger, how, no_post, clock)
    assert published(ledger) == 3
    first = seen(ledger, how)
    assert (first.size, first.latest, first.cosigned) == (3, 5, 1)
    assert first.waiting_since > "2026-01-01T00:02"
    assert first.witnesses[0].why == "unreachable"
    assert not publish(ledger, how, no_post, clock)
    assert seen(ledger, how).waiting_since == first.waiting_since
    assert seen(ledger, how).witnesses[0].missing_since == first.witnesses[0].missing_since
    assert publish(ledger, how, to(witness(tmp_path / "w", clock=clock)), clock)
    assert published(ledger) == 5
    last = seen(ledger, how)
    assert (last.waiting_since, last.witnesses[0].missing_since, last.witnesses[0].why) == ("", "", "")


def test_nothing_is_published_before_the_first_witnesses_cosigned(ledger: Ledger) -> None:
    how = plan(ledger, "http://w", needed=1)
    assert not publish(ledger, how, no_post, Clock())
    assert not (how.folder / "checkpoint").exists()
    assert seen(ledger, how).size is None


def test_where_none_is_needed_publishing_waits_for_nobody(ledger: Ledger) -> None:
    how = plan(ledger, "http://w")

    def post(url: str, body: bytes) -> Reply:
        assert published(ledger) == 3
        return no_post(url, body)

    assert not publish(ledger, how, post, Clock())
    assert published(ledger) == 3
    assert seen(ledger, how).witnesses[0].missing_since


def test_cosignature_that_comes_later_is_added_under_the_same_checkpoint(ledger: Ledger, tmp_path: Path) -> None:
    how = plan(ledger, "http://w")
    clock = Clock()
    publish(ledger, how, no_post, clock)
    assert publish(ledger, how, to(witness(tmp_path / "w", clock=clock)), clock)
    assert seen(ledger, how).cosigned == 1


def test_enough_are_published_while_another_never_answers(ledger: Ledger, serving: Callable[[int], str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, TlogClient(answer_time=0.3, sleep=lambda _: None) as client:
        how = plan(ledger, serving(0), f"http://127.0.0.1:{silent.getsockname()[1]}", needed=1)
        assert not publish(ledger, how, client.post, Clock())
    assert published(ledger) == 3
    assert [one.why for one in seen(ledger, how).witnesses] == ["", "unreachable"]


def test_witness_whose_memory_was_not_known_says_its_size_and_is_asked_from_there(
    ledger: Ledger, tmp_path: Path
) -> None:
    how = plan(ledger, "http://w", needed=1)
    clock = Clock()
    someone = witness(tmp_path / "w", clock=clock)
    assert publish(ledger, how, to(someone), clock)
    (ledger.root / "publishing" / "state").unlink()
    grow(ledger, 5)
    assert publish(ledger, how, to(someone), clock)
    assert published(ledger) == 8


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"note":1}', b"[]", b"\xff"])
def test_state_that_cannot_be_read_is_begun_anew(ledger: Ledger, tmp_path: Path, damage: bytes) -> None:
    how = plan(ledger, "http://w", needed=1)
    clock = Clock()
    someone = witness(tmp_path / "w", clock=clock)
    assert publish(ledger, how, to(someone), clock)
    (ledger.root / "publishing" / "state").write_bytes(damage)
    grow(ledger, 1)
    assert publish(ledger, how, to(someone), clock)


def other_log(size: int) -> bytes:
    """Return the request by which another log of the same key was witnessed."""
    tree = Tree()
    for number in range(size):
        tree.append(bytes([number]) * 32)
    return AddCheckpoint(0, (), notes.sign(Checkpoint(LOG.name, size, tree.root()).as_text(), LOG)).encode()


@pytest.mark.parametrize(("size", "why"), [(3, "fork"), (2, "fork"), (7, "ahead")])
def test_witness_that_saw_another_log_is_an_alarm_and_stops_publishing(
    ledger: Ledger, tmp_path: Path, size: int, why: str
) -> None:
    how = plan(ledger, "http://w", needed=1)
    someone = witness(tmp_path / "w")
    assert someone.add_checkpoint(other_log(size)).status == 200
    assert not publish(ledger, how, to(someone), Clock())
    assert not (how.folder / "checkpoint").exists()
    view = seen(ledger, how)
    assert view.witnesses[0].why == why
    assert view.alarming


def valid(number: int, ledger: Ledger) -> bytes:
    text = notes.parse_note(ledger.signed_checkpoint()).text
    line = cosignatures.cosign(text, KEYS[number].cosigner_vkey, KEYS[number].sign, int(BEGIN.timestamp()))
    return line.as_line().encode()


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (404, b"no\n", "unknown-log"),
        (403, b"no\n", "key-refused"),
        (422, b"no\n", "fork"),
        (400, b"no\n", "refused"),
        (302, b"", "refused"),
        (200, b"", "unreadable"),
        (200, b"hello\n", "unreadable"),
        (200, b"\xff\xfe\n", "unreadable"),
        (409, b"three\n", "unreadable"),
        (409, b"3", "unreadable"),
        (409, b"-1\n", "unreadable"),
    ],
)
def test_odd_answers_are_no_cosignatures(ledger: Ledger, status: int, body: bytes, why: str) -> None:
    how = plan(ledger, "http://w", needed=1)
    assert not publish(ledger, how, lambda *_: Reply(status, "", body), Clock())
    assert seen(ledger, how).witnesses[0].why == why


def test_line_of_another_witness_does_not_count(ledger: Ledger) -> None:
    how = plan(ledger, "http://w", needed=1)
    assert not publish(ledger, how, lambda *_: Reply(200, "", valid(1, ledger)), Clock())
    assert seen(ledger, how).witnesses[0].why == "unreadable"
    assert publish(ledger, how, lambda *_: Reply(200, "", valid(1, ledger) + valid(0, ledger)), Clock())
    assert KEYS[1].name.encode() not in Publication(how.folder).note()


def test_cosignature_that_is_not_valid_is_not_taken(ledger: Ledger) -> None:
    how = plan(ledger, "http://w", needed=1)
    wrong = valid(0, ledger)[:-6] + b"AAA=\n"
    assert not publish(ledger, how, lambda *_: Reply(200, "", wrong), Clock())
    assert seen(ledger, how).witnesses[0].why == "unreadable"
    assert publish(ledger, how, lambda *_: Reply(200, "", valid(0, ledger)), Clock())


def test_cosignature_from_an_hour_ahead_is_not_taken(ledger: Ledger) -> None:
    how = plan(ledger, "http://w", needed=1)
    early = Clock(BEGIN - timedelta(hours=1))
    assert not publish(ledger, how, lambda *_: Reply(200, "", valid(0, ledger)), early)


def test_witness_that_names_another_size_each_time_is_left_after_three_times(ledger: Ledger) -> None:
    sizes = iter(range(1, 100))
    asked = []

    def post(url: str, body: bytes) -> Reply:
        asked.append(body)
        return Reply(409, "text/x.tlog.size", f"{next(sizes)}\n".encode())

    how = plan(ledger, "http://w", needed=1)
    assert not publish(ledger, how, post, Clock())
    assert len(asked) == 3


def test_answer_that_is_too_large_is_not_read_to_its_end(serving: Callable[[int], str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def flood() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    asked = b""
                    while not asked.endswith(b"\r\n\r\nx"):  # closing with a body unread would reset the connection
                        asked += connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")
                    with suppress(OSError):
                        connection.sendall(bytes(200_000))

        thread = threading.Thread(target=flood)
        thread.start()
        with TlogClient(sleep=lambda _: None) as client, pytest.raises(GoedeBuurError) as error:
            client.post(f"http://127.0.0.1:{listener.getsockname()[1]}/add-checkpoint", b"x")
        thread.join()
    assert error.value.code == "witness-unreachable"
    assert "larger" in error.value.value


def test_follower_publishes_when_the_log_grows_and_asks_missing_witnesses_ever_less_often(
    ledger: Ledger, tmp_path: Path
) -> None:
    how = plan(ledger, "http://w")
    rounds = []
    said: list[str] = []
    turns = iter(range(200))

    def post(url: str, body: bytes) -> Reply:
        rounds.append(turn[0])
        return no_post(url, body)

    turn = [0]

    def wait(seconds: float) -> bool:
        assert seconds == publishing.STEP
        turn[0] = next(turns, -1)
        if turn[0] == 100:
            grow(ledger, 4)
        return turn[0] >= 0

    publishing.follow(lambda: Ledger.open(ledger.root), how, post, Clock(), wait, said.append)
    assert published(ledger) == 7
    # at once, after 15 s, after 30 more, then anew when the log grew
    assert rounds == [0, 15, 45, 100, 115, 145]
    assert "missing since" in said[0]


def test_follower_waits_for_a_log_that_is_not_there_yet(tmp_path: Path) -> None:
    turns = iter([True, True, False])
    how = Plan(tmp_path / "record", tmp_path / "public")
    publishing.follow(lambda: None, how, no_post, Clock(), lambda _: next(turns), lambda _: None)
    assert not how.folder.exists()


def test_follower_goes_on_after_a_disk_that_was_full(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([True] * 40 + [False])
    said: list[str] = []
    whole = publishing.publish
    failures = iter([OSError("no space left on device")])

    def failing(*arguments: object, **options: object) -> bool:
        for failure in failures:
            raise failure
        return whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "publish", failing)
    publishing.follow(lambda: ledger, plan(ledger), no_post, Clock(), lambda _: next(turns), said.append)
    assert published(ledger) == 3
    assert len(said) == 1
