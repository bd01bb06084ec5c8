"""Bound how long a request may take to bring its bytes, so that clients that stall don't keep the site from others.

The server (granian) reads a body in the thread that answers, and waits without end for bytes that don't come; it has
no limit for that. So one thread of the process looks after those that read: where nothing came for a while, or all of
it takes too long, the receiving half of the connection is closed. What came is given to the reader, which finds the
end, and the answer still goes out.

The server doesn't say which connection a request came by. It is one of its address to which nothing was sent since the
request began; an idle one is closed with it, which every client has to expect.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from goedebuur.core.base.errors import declare

BUSY: Final = declare("web-busy", "Too many others are sending something large at this moment.")

SLOW: Final = 2.0
"""A body that takes longer counts among those of which there may be only so many at the same time. [s]"""
WATCHED: Final = "goedebuur.body"
_LOOK: Final = 0.25
_SLACK: Final = 0.5
_TCP_INFO: Final = struct.Struct("8B15I")
_LAST_SENT: Final = 17
_LAST_RECEIVED: Final = 19
"""Places among the numbers in Linux's `struct tcp_info`: how long ago something was sent, and received. [ms]"""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Body:
    """The bytes of one request, as the application reads them.

    Attributes
    ----------
    stalled
        Whether its connection, or another one of its address, was closed because bytes did not come.
    """

    def __init__(self, source: BinaryIO, address: str, began: float) -> None:
        self.address = address
        self.began = began
        self.stalled = False
        self.waiting = False
        self._source = source

    def read(self, *size: int) -> bytes:
        """Return what comes, as much as is asked for or until the end."""
        return self._told(self._source.read, *size)

    def readline(self, *size: int) -> bytes:
        """Return one line."""
        return self._told(self._source.readline, *size)

    def _told(self, read: Callable[..., bytes], *size: int) -> bytes:
        self.waiting = True
        try:
            return read(*size)
        finally:
            self.waiting = False


@dataclass(frozen=True, slots=True)
class Connection:
    """One open connection of this process: its socket's number, and how long ago something went and came. [s]"""

    descriptor: int
    address: str
    sent: float
    received: float


class Guard:
    """An application around another that bounds the bodies of its requests.

    Parameters
    ----------
    application
        What answers.
    most
        Bodies that may take long at the same time: one fewer than there are threads, so that pages go on.
    idle
        How long nothing may come. [s]
    seconds
        How long one body may take. [s]
    """

    def __init__(self, application: Application, *, most: int, idle: float, seconds: float) -> None:
        self._application = application
        self._most = most
        self._idle = idle
        self._seconds = seconds
        self._bodies: set[Body] = set()
        self._turn = threading.Condition()
        self._watching = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("CONTENT_LENGTH", "") in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        body = Body(environ["wsgi.input"], str(environ.get("REMOTE_ADDR", "")), time.monotonic())
        if not self._enter(body):
            return _busy(start_response)
        environ["wsgi.input"] = environ[WATCHED] = body
        try:
            return self._application(environ, start_response)
        finally:
            with self._turn:
                self._bodies.discard(body)

    def _enter(self, body: Body) -> bool:
        with self._turn:
            slow = sum(one.waiting and body.began - one.began > SLOW for one in self._bodies)
            if slow >= self._most:
                return False
            self._bodies.add(body)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="bodies", daemon=True).start()
            self._turn.notify()
        return True

    def _watch(self) -> None:
        while True:
            with self._turn:
                while not self._bodies:
                    self._turn.wait()
                waiting = [one for one in self._bodies if one.waiting]
            now = time.monotonic()
            late = [one for one in waiting if now - one.began > min(self._idle, self._seconds)]
            if late:
                self._cut(late, connections(), now)
            time.sleep(_LOOK)

    def _cut(self, late: list[Body], found: list[Connection], now: float) -> None:
        chosen: dict[int, Connection] = {}
        for body in late:
            age = now - body.began
            quiet = 0.0 if age > self._seconds else self._idle
            for one in found:
                unanswered = one.sent > age - _SLACK
                if one.address == body.address and unanswered and one.received >= quiet and body.waiting:
                    chosen[one.descriptor] = one
        addresses = {one.address for one in chosen.values()}
        with self._turn:
            for body in self._bodies:  # which of them came by a connection that is closed now is not known
                body.stalled = body.stalled or body.address in addresses
        for one in chosen.values():
            _close_receiving(one)


def stalled(environ: dict[str, Any]) -> bool:
    """Return whether the connection of this request may have been closed, because its bytes did not come in time."""
    body = environ.get(WATCHED)
    return isinstance(body, Body) and body.stalled


def connections() -> list[Connection]:
    """Return the TCP connections of this process; none where the system doesn't tell how long they have been quiet."""
    found: list[Connection] = []
    for name in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        one = _duplicate(int(name))
        if one is None:
            continue
        with one:
            try:
                told = _TCP_INFO.unpack(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size))
                address = str(one.getpeername()[0])
            except (OSError, struct.error, IndexError):
                continue  # not one of TCP, or it listens
            sent, received = (told[place] / 1_000 for place in (_LAST_SENT, _LAST_RECEIVED))
            found.append(Connection(int(name), address, sent, received))
    return found


def _duplicate(descriptor: int) -> socket.socket | None:
    try:
        copy = os.dup(descriptor)
    except OSError:
        return None
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        return None


def _close_receiving(connection: Connection) -> None:
    one = _duplicate(connection.descriptor)
    if one is None:
        return
    with one, suppress(OSError):  # it may have gone, or be another by now
        if one.getpeername()[0] == connection.address:
            one.shutdown(socket.SHUT_RD)


def _busy(start_response: Callable[..., Any]) -> list[bytes]:
    text = b"Too many others are sending something large at this moment. Try again in half a minute. [web-busy]\n"
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "30"), ("Connection", "close")]
    start_response("503 Service Unavailable", [*headers, ("Content-Length", str(len(text)))])
    return [text]
