"""The witness on a socket: keep-alive, limits, slow and odd clients, and its commands. Nothing leaves this machine."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.core.ledger.test_witnessing import LOG
from tests.store.test_witness import FORKED, HONEST, KEY, body, witness

from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.cli.witness_server import MAX_BODY, MOST_CONNECTIONS, WitnessServer
from goedebuur.services.settings import Settings


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    with WitnessServer(("127.0.0.1", 0), witness(tmp_path / "state"), request_time=0.3, idle_time=5.0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def connected(server: WitnessServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)


def asked(connection: http.client.HTTPConnection, data: bytes, path: str = "/add-checkpoint") -> tuple[int, bytes, str]:
    connection.request("POST", path, data)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers["Content-Type"]


def raw(server: WitnessServer, *pieces: bytes) -> bytes:
    """Return all that comes back after these bytes."""
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
        found = b""
        while part := connection.recv(65_536):
            found += part
    return found


def test_one_connection_carries_many_requests(server: WitnessServer) -> None:
    connection = connected(server)
    assert asked(connection, body(HONEST, 0, 3))[0] == 200
    assert asked(connection, body(HONEST, 0, 5)) == (409, b"3\n", "text/x.tlog.size")
    assert asked(connection, body(HONEST, 3, 5))[0] == 200
    assert asked(connection, b"x")[0] == 400
    assert asked(connection, body(HONEST, 5, 9))[0] == 200
    assert asked(connection, body(FORKED, 9, 9)) == (409, b"9\n", "text/x.tlog.size")
    connection.close()


def test_of_many_at_once_one_advances_at_a_time(server: WitnessServer) -> None:
    def ask(number: int) -> tuple[int, int]:
        connection = connected(server)
        size = number % 9 + 1
        status = asked(connection, body(FORKED if number % 2 else HONEST, 0, size))[0]
        connection.close()
        return status, size

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(18)))
    assert sorted(status for status, _ in found) == [200] + [409] * 17


def test_people_are_told_the_public_key(server: WitnessServer) -> None:
    connection = connected(server)
    connection.request("GET", "/")
    assert connection.getresponse().read() == KEY.cosigner_vkey.encode() + b"\n"
    connection.request("GET", "/add-checkpoint")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (405, b"Method Not Allowed\n")
    connection.request("GET", "/etc/passwd")
    assert connection.getresponse().status == 404
    connection.close()


def test_other_paths_are_not_there(server: WitnessServer) -> None:
    connection = connected(server)
    assert asked(connection, body(HONEST, 0, 3), "/")[0] == 404
    connection.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1), b"413"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 9" + b"9" * 5000 + b"\r\n\r\n", b"413"),
        (b"GET " + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
        (b"DELETE / HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n", b"501"),
    ],
)
def test_requests_that_are_none_are_refused_and_hung_up_on(server: WitnessServer, head: bytes, status: bytes) -> None:
    assert raw(server, head).split(b"\r\n")[0].split(b" ")[1] == status


def test_client_that_sends_half_a_request_is_let_go_in_time(server: WitnessServer) -> None:
    found = raw(server, b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 500\r\n\r\nold 0\n")
    assert found.split(b"\r\n")[0].endswith(b"408 Request Timeout")


def test_client_that_drips_is_let_go_at_the_same_moment(server: WitnessServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=5) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 500000000\r\n")
        connection.settimeout(0.05)
        for _ in range(100):
            try:
                connection.sendall(b"X")
                if connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("it was let go on for five seconds")


def test_connections_beyond_the_most_are_hung_up_on_and_the_others_answered(server: WitnessServer) -> None:
    address = ("127.0.0.1", server.server_address[1])
    first = connected(server)
    assert asked(first, body(HONEST, 0, 3))[0] == 200
    idle = [socket.create_connection(address, timeout=5) for _ in range(MOST_CONNECTIONS - 1)]
    beyond = socket.create_connection(address, timeout=5)
    assert beyond.recv(1) == b""
    assert asked(first, body(HONEST, 3, 5))[0] == 200
    for one in (*idle, beyond):
        one.close()
    first.close()


def test_what_cannot_be_remembered_is_not_answered(server: WitnessServer, tmp_path: Path) -> None:
    connection = connected(server)
    assert asked(connection, body(HONEST, 0, 3))[0] == 200
    (path,) = (tmp_path / "state").glob("*/checkpoint")
    path.write_bytes(b"damaged")
    status, told, _ = asked(connection, body(HONEST, 3, 5))
    assert (status, told) == (500, b"the witness cannot remember; ask whoever runs it\n")
    assert path.read_bytes() == b"damaged"
    connection.close()


CONFIG = f"""
key = "witness.key"
listen = "127.0.0.1:0"

[[log]]
vkey = "{LOG.vkey}"
"""


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    settings = Settings(home=tmp_path / "home")
    return Wiring(lambda: settings, lambda: datetime(2026, 1, 1, tzinfo=UTC), None, None, None, None)  # type: ignore[arg-type]


def test_key_is_made_once_and_shown_again(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["witness", "key", "w.example/1"], wiring) == 0
    first = capsys.readouterr().out
    assert first.startswith("w.example/1+")
    assert run(["witness", "key", "w.example/1", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["vkey"] == first.strip()
    assert (tmp_path / "witness.key").stat().st_mode & 0o777 == 0o600


def test_program_runs_answers_stops_and_goes_on_where_it_was(tmp_path: Path) -> None:
    """The whole program, twice, as whoever runs a witness has it."""
    (tmp_path / "witness.toml").write_text(CONFIG)
    there = {"cwd": tmp_path, "env": os.environ | {"GOEDEBUUR_HOME": str(tmp_path / "home")}}
    program = [sys.executable, "-m", "goedebuur.app.main", "witness"]
    subprocess.run([*program, "key", "w.example/1"], check=True, capture_output=True, **there)  # type: ignore[call-overload]
    for turn in range(2):
        running = subprocess.Popen([*program, "run"], stderr=subprocess.PIPE, text=True, **there)  # type: ignore[call-overload]
        try:
            assert running.stderr.readline().startswith("w.example/1+")
            port = int(running.stderr.readline().split(" ")[2].rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            if turn == 0:
                assert asked(connection, body(HONEST, 0, 9))[0] == 200
            else:
                assert asked(connection, body(FORKED, 0, 9))[:2] == (409, b"9\n")
                assert asked(connection, body(FORKED, 9, 9))[0] == 409
            connection.close()
            running.send_signal(signal.SIGTERM)
            assert running.wait(10) == 0
        finally:
            running.kill()
            running.stderr.close()
            running.wait()
    found = subprocess.run([*program, "status", "--json"], check=True, capture_output=True, text=True, **there)  # type: ignore[call-overload]
    assert [(one["origin"], one["size"]) for one in json.loads(found.stdout)] == [(LOG.name, 9)]
