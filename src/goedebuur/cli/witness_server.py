"""The HTTP side of a witness: small, bounded in size, time and number, and without a word about what it remembers.

    POST /add-checkpoint     the one request that there is
    GET /                    the public key of the witness, for people

Whoever talks slowly is let go at a fixed time after the request began, however steadily the bytes drip in.
"""

from __future__ import annotations

import io
import logging
import socket
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.witnessing import PATH, TEXT_TYPE, Answer
from goedebuur.services.witness import Witness

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

log = logging.getLogger(__name__)

MAX_BODY: Final = 256 * 1024
"""A checkpoint with a hundred cosignatures of the longest kind, and 63 hashes. [byte]"""
REQUEST_TIME: Final = 15.0
"""Time from the first byte of a request to its last. [s]"""
IDLE_TIME: Final = 60.0
"""Time that a connection may wait for its next request. [s]"""
MOST_CONNECTIONS: Final = 64


class _Timed(io.RawIOBase):
    """A socket that is read up to a moment, whatever number of pieces it comes in."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.until = 0.0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read once; TimeoutError after the moment."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request took too long")
        self._connection.settimeout(left)
        try:
            return self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(REQUEST_TIME)


class WitnessServer(ThreadingHTTPServer):
    """The server of one witness; a thread for each connection, no more than :data:`MOST_CONNECTIONS`.

    Parameters
    ----------
    address
        Host and port to listen on.
    witness
        Who answers.
    request_time, idle_time
        As :data:`REQUEST_TIME` and :data:`IDLE_TIME`. [s]
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        address: tuple[str, int],
        witness: Witness,
        *,
        request_time: float = REQUEST_TIME,
        idle_time: float = IDLE_TIME,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.witness = witness
        self.request_time, self.idle_time = request_time, idle_time
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(address, _Handler)

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Answer in a thread of its own, or hang up where there are too many."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Answer, and make room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Note a connection that broke off; nothing of it is answered."""
        log.debug("a connection broke off", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "goedebuur-witness"
    sys_version = ""

    def setup(self) -> None:
        super().setup()
        self._timed = _Timed(self.connection)
        self.rfile = self._reader = io.BufferedReader(self._timed)

    def handle_one_request(self) -> None:
        self._timed.until = time.monotonic() + self.server.idle_time
        try:
            if not self._reader.peek(1):
                self.close_connection = True
                return
        except (TimeoutError, OSError):
            self.close_connection = True
            return
        self._timed.until = time.monotonic() + self.server.request_time
        super().handle_one_request()

    def do_POST(self) -> None:
        length = self._length()
        if length is None:
            return
        try:
            body = self.rfile.read(length)
        except TimeoutError:
            self.close_connection = True
            self._plain(HTTPStatus.REQUEST_TIMEOUT)
            return
        if len(body) < length:
            self.close_connection = True
        elif self.path != PATH:
            self._plain(HTTPStatus.NOT_FOUND)
        else:
            self._answer(self._add_checkpoint(body))

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(Answer(200, TEXT_TYPE, f"{self.server.witness.vkey}\n".encode()))
        elif self.path == PATH:
            self._plain(HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            self._plain(HTTPStatus.NOT_FOUND)

    def _length(self) -> int | None:
        """Return the length of the body; None where it was refused for it."""
        told = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (told.isascii() and told.isdigit()):
            refused = HTTPStatus.LENGTH_REQUIRED
        elif len(told) > 9 or int(told) > MAX_BODY:
            refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        else:
            return int(told)
        self.close_connection = True
        self._plain(refused)
        return None

    def _add_checkpoint(self, body: bytes) -> Answer:
        try:
            return self.server.witness.add_checkpoint(body)
        except (GoedeBuurError, OSError):
            # nothing that is not surely on the disk is answered; what is wrong is for who runs this, not for who asks
            log.exception("a checkpoint could not be remembered")
            return Answer(500, TEXT_TYPE, b"the witness cannot remember; ask whoever runs it\n")

    def _plain(self, status: HTTPStatus) -> None:
        self._answer(Answer(status, TEXT_TYPE, f"{status.phrase}\n".encode()))

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        log.info("%s %s", self.address_string(), format % args)
