"""Connections to other people's parts of a transparency log: a witness that is asked, a published log that is read.

Nothing that comes back is believed here; size and time are bounded, since who answers may be slow or worse. Clock and
sleep come in as arguments.

References
----------
C2SP tlog-witness, "add-checkpoint"; C2SP tlog-tiles, "APIs"
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger.tiles import WIDTH

if TYPE_CHECKING:
    import httpx

UNREACHABLE: Final = declare("witness-unreachable", "A witness gave no complete answer in time.")
LOG_UNREACHABLE: Final = declare("log-unreachable", "A published log gave no complete answer in time.")

ANSWER_TIME: Final = 10.0
"""Longest time that one answer may take as a whole. [s]"""
ATTEMPTS: Final = 2
PAUSE: Final = 1.0
"""Pause between the attempts. [s]"""
MAX_ANSWER: Final = 64 * 1024
MAX_FILE: Final = WIDTH * (65_535 + 2)
"""The largest bundle of entries. [byte]"""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP: status, type and bytes of the body."""

    status: int
    content_type: str
    body: bytes


class _LaterError(Exception):
    """This attempt failed in a way that may pass."""


class TlogClient:
    """A client that threads may share.

    Parameters
    ----------
    client
        The connection pool; one of its own by default, closed with this one.
    clock, sleep
        Monotonic seconds, and how to wait.
    answer_time
        Longest time for one answer. [s]
    """

    def __init__(
        self,
        client: httpx.Client | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        answer_time: float = ANSWER_TIME,
    ) -> None:
        import httpx

        self._client = client or httpx.Client(
            timeout=answer_time, follow_redirects=False, headers={"user-agent": "goedebuur"}
        )
        self._clock, self._sleep, self._answer_time = clock, sleep, answer_time

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def post(self, url: str, body: bytes) -> Reply:
        """Return the answer to a request to a witness, whatever its status below 500.

        Raises
        ------
        GoedeBuurError
            `witness-unreachable` after :data:`ATTEMPTS` attempts.
        """
        return self._insist("POST", url, body, MAX_ANSWER, UNREACHABLE)

    def read(self, url: str) -> bytes:
        """Return a file of a published log.

        Raises
        ------
        FileNotFoundError
            Where there is none at this address.
        GoedeBuurError
            `log-unreachable`.
        """
        reply = self._insist("GET", url, None, MAX_FILE, LOG_UNREACHABLE)
        if reply.status in (404, 410):
            raise FileNotFoundError(url)
        if reply.status != 200:
            raise self._failed(LOG_UNREACHABLE, url, f"status {reply.status}")
        return reply.body

    def log(self, url: str) -> Callable[[str], bytes]:
        """Return what reads the files of the log with this address by their names."""
        return lambda name: self.read(f"{url.rstrip('/')}/{name}")

    def _insist(self, method: str, url: str, body: bytes | None, most: int, code: str) -> Reply:
        why = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(PAUSE)
            try:
                return self._attempt(method, url, body, most)
            except _LaterError as error:
                why = str(error)
        raise self._failed(code, url, why)

    def _attempt(self, method: str, url: str, body: bytes | None, most: int) -> Reply:
        import httpx

        until = self._clock() + self._answer_time
        try:
            with self._client.stream(method, url, content=body) as answer:
                parts, size = [], 0
                for part in answer.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > most:
                        raise _LaterError(f"the answer is larger than {most} bytes")
                    if self._clock() > until:
                        raise _LaterError(f"{size} bytes in {self._answer_time:.0f} seconds, and more to come")
                if answer.status_code == 429 or answer.status_code >= 500:
                    raise _LaterError(f"status {answer.status_code}")
                return Reply(answer.status_code, answer.headers.get("content-type", ""), b"".join(parts))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _LaterError(f"{type(error).__name__}: {error}".rstrip(": ")) from error

    def _failed(self, code: str, url: str, why: str) -> GoedeBuurError:
        return GoedeBuurError(
            code,
            "No usable answer.",
            place=url,
            value=why,
            hint="Check the address; if it is right, ask whoever runs it.",
        )
