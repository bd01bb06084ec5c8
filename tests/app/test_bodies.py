"""Clients that stop sending don't keep the site from others, and are told so. The server is the real one."""

from __future__ import annotations

import http.client
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import SIGNER, station_file
from tests.services.signing import BUREAU, key, sign, statement

from goedebuur.app.browser import answers
from goedebuur.app.serving import THREADS, server_command
from goedebuur.cli.wiring import Site
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import receipts
from goedebuur.core.ledger.statements import Signed
from goedebuur.services import submitters
from goedebuur.services.record import Record
from goedebuur.services.sending import headers
from goedebuur.store import keys
from goedebuur.web import bodies

SOURCE = Path(__file__).resolve().parents[2] / "src"
DATA = station_file({"NL90001": ["12.5"] * 9000})
IDLE, WHOLE = 3, 8

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bodies are bounded on Linux alone")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a site with one worker, a submitter, and little patience."""
    home = tmp_path_factory.mktemp("home")
    now = datetime.now(UTC)
    record = Record.open(home / "record", signer=SIGNER)
    submitters.add(record, BUREAU, now - timedelta(days=1))
    day = timedelta(days=30)
    valid = {"valid_from": f"{now - day:%Y-%m-%d}", "valid_to": f"{now + day:%Y-%m-%d}"}
    submitters.add_key(record, BUREAU.id, key(**valid), now - timedelta(days=1))
    record.close()
    keys.create(home / "keys" / "log.key", SIGNER.name, lambda n: bytes(range(n)))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        chosen = int(found.getsockname()[1])
    told = {"HOME": str(home), "PUBLISH": "0", "UPLOAD_IDLE_SECONDS": str(IDLE), "UPLOAD_SECONDS": str(WHOLE)}
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)} | {f"GOEDEBUUR_{name}": text for name, text in told.items()}
    command = server_command(Site("127.0.0.1", chosen, workers=1), chosen)
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        assert answers("127.0.0.1", chosen, looks=300)
        assert get(chosen, "/api/submitters/")[0] == 200
        yield chosen
        server.terminate()


def signed(number: int, data: bytes = b"") -> Signed:
    data = data or DATA + b"\r\n" * number
    return sign(statement(data, created=iso(datetime.now(UTC).replace(microsecond=0)), nonce=f"{number:032x}"))


def get(port: int, path: str, method: str = "GET", body: bytes = b"", **more: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, {"Host": "localhost"} | more)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
    connection.close()
    return found


def begin(port: int, number: int) -> str:
    status, got, _ = get(port, "/api/deliveries/uploads/", "POST", **headers(signed(number)))
    assert status == 201
    return got["location"]


def stall(port: int, place: str, sent: int, number: int) -> socket.socket:
    """Begin to send a part, and stop."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    length = len(DATA) + 2 * number
    head = f"PATCH {place} HTTP/1.1\r\nHost: localhost\r\nUpload-Offset: 0\r\nContent-Length: {length}\r\n\r\n"
    connection.sendall(head.encode() + DATA[:sent])
    return connection


def answer(connection: socket.socket) -> tuple[int, dict[str, object]]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    found = response.status, json.loads(response.read() or b"{}")
    connection.close()
    return found


def test_clients_that_stall_are_refused_and_the_site_goes_on(port: int) -> None:
    places = [begin(port, number) for number in range(THREADS)]
    began = time.monotonic()
    stalling = [stall(port, place, 70_000, number) for number, place in enumerate(places)]
    for connection, place in zip(stalling, places, strict=True):
        status, problem = answer(connection)
        assert (status, problem["code"]) == (408, "submission-slow")
        assert get(port, place, "HEAD")[1]["upload-offset"] == "70000"
    assert IDLE <= time.monotonic() - began < IDLE + 10
    status, _, body = get(port, places[0], "PATCH", DATA[70_000:], **{"Upload-Offset": "70000"})
    assert status == 201
    assert receipts.check(receipts.parse(body), vkey=SIGNER.vkey).status == "logged"


def test_one_thread_stays_for_pages_while_others_stall(port: int) -> None:
    stalling = [stall(port, begin(port, number), 10, number) for number in range(10, 10 + THREADS - 1)]
    began = time.monotonic()
    assert get(port, "/api/submitters/")[0] == 200
    assert time.monotonic() - began < IDLE
    assert [answer(connection)[0] for connection in stalling] == [408] * (THREADS - 1)


def test_client_that_sends_a_byte_now_and_then_is_stopped_too(port: int) -> None:
    connection = stall(port, begin(port, 20), 10, 20)
    began = time.monotonic()
    while not select.select([connection], [], [], 0.5)[0]:  # until the answer is there
        connection.sendall(b"x")
    assert answer(connection)[0] == 408
    assert WHOLE <= time.monotonic() - began < WHOLE + 8


def test_quick_body_goes_in_while_others_stall(port: int) -> None:
    stalling = [stall(port, begin(port, number), 10, number) for number in range(30, 30 + THREADS - 1)]
    data = station_file({"NL90002": ["20"]})
    status, _, _ = get(port, "/api/deliveries/", "POST", data, **headers(signed(40, data)))
    assert status == 201
    assert [answer(connection)[0] for connection in stalling] == [408] * (THREADS - 1)


def test_no_more_bodies_are_taken_on_while_all_but_one_thread_wait_for_slow_ones() -> None:
    guard = bodies.Guard(lambda environ, start: [b"read"], most=2, idle=30, seconds=300)
    told: list[str] = []

    def ask() -> list[bytes]:
        environ = {"CONTENT_LENGTH": "1", "wsgi.input": None, "REMOTE_ADDR": "192.0.2.1"}
        return list(guard(environ, lambda status, headers: told.append(status)))

    slow = [bodies.Body(None, "192.0.2.1", time.monotonic() - 60) for _ in range(2)]  # type: ignore[arg-type]
    for one in slow[:1]:
        one.waiting = True
        guard._bodies.add(one)
    assert ask() == [b"read"]
    slow[1].waiting = True
    guard._bodies.add(slow[1])
    (said,) = ask()
    assert b"[web-busy]" in said
    assert told == ["503 Service Unavailable"]
    slow[0].waiting = False  # its bytes came: it works on them
    assert ask() == [b"read"]


TICK = 0.02
"""How coarse the clock of the system is. [s]"""


def look(server: socket.socket) -> tuple[bodies.Connection, tuple[float, float]]:
    """Return what the system tells of a connection, and between which moments it was asked."""
    first = time.monotonic()
    (found,) = [one for one in bodies.connections() if one.descriptor == server.fileno()]
    return found, (first, time.monotonic())


def test_system_tells_how_long_a_connection_has_been_quiet() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        server, _ = listener.accept()
        with server:
            before = time.monotonic()
            client.sendall(b"x")
            assert server.recv(1) == b"x"
            came = (before, time.monotonic())
            while look(server)[0].received < 0.3:
                assert time.monotonic() - before < 30
            before = time.monotonic()
            server.sendall(b"y")
            assert client.recv(1) == b"y"
            went = (before, time.monotonic())
            while look(server)[0].sent < 0.2:
                assert time.monotonic() - before < 30
            found, (first, last) = look(server)
    assert found.address == "127.0.0.1"
    for quiet, (begun, done) in ((found.received, came), (found.sent, went)):
        assert first - done - TICK <= quiet <= last - begun + TICK
