"""HTTP as a careful guest: limits before the supplier has to set them, patience when it is busy, an end to waiting.

Clock, sleep and calendar come in as arguments, so that tests wait for nothing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from goedebuur.adapters.base import Fetched
from goedebuur.adapters.payloads import MAX_PAYLOAD, TOO_LARGE
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    import httpx

UNREACHABLE: Final = declare("fetch-unreachable", "A supplier gave no complete answer, also after several attempts.")
REFUSED: Final = declare("fetch-refused", "A supplier refused the request; asking again will not help.")
BUSY: Final = declare("fetch-busy", "A supplier keeps asking to wait, or keeps failing.")
TOO_SLOW: Final = declare("fetch-slow", "A supplier's answer did not arrive whole within the time allowed.")

ATTEMPTS: Final = 5
FIRST_WAIT: Final = 2.0
"""Pause before the second attempt, doubled each time. [s]"""
LONGEST_WAIT: Final = 900.0
"""Longest pause that a supplier may ask for; above it the download stops and is resumed another time. [s]"""
ANSWER_TIME: Final = 300.0
"""Longest time that one answer may take as a whole. [s]"""
RATE: Final = (100, 300.0)
"""Requests in so many seconds, to one host: what Luchtmeetnet allows (https://api-docs.luchtmeetnet.nl/). [s]"""


class _RetryError(Exception):
    """This attempt failed in a way that may pass: why, with which code, and how long to wait (None: our own pause)."""

    def __init__(self, code: str, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.code, self.why, self.wait = code, why, wait


class Http:
    """A client that every adapter's `fetch` can use.

    Parameters
    ----------
    client
        The connection pool; one of its own by default, closed with this one.
    clock, sleep
        Monotonic seconds, and how to wait.
    now
        Aware time of day, for when an answer came.
    rate
        Requests and seconds: no more than so many to one host in any stretch so long.
    answer_time
        Longest time for one answer. [s]
    max_bytes
        Largest answer. [byte]
    """

    def __init__(
        self,
        client: httpx.Client | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        rate: tuple[int, float] = RATE,
        answer_time: float = ANSWER_TIME,
        max_bytes: int = MAX_PAYLOAD,
    ) -> None:
        import httpx

        self._client = client or httpx.Client(
            timeout=httpx.Timeout(60.0, connect=20.0),
            follow_redirects=True,
            headers={"user-agent": "goedebuur", "accept-encoding": "identity"},
        )
        self._clock, self._sleep, self._now = clock, sleep, now
        self._rate, self._answer_time, self._max_bytes = rate, answer_time, max_bytes
        self._asked: dict[str, deque[float]] = {}

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, params: Mapping[str, str] | None = None, *, name: str) -> Fetched:
        """Return the whole answer to a request.

        Raises
        ------
        GoedeBuurError
            `fetch-refused` for another client error than 429, at once; `fetch-busy`, `fetch-slow` or
            `fetch-unreachable` after :data:`ATTEMPTS` attempts; `input-too-large`.
        """
        wait = FIRST_WAIT
        for attempt in range(1, ATTEMPTS + 1):
            self._take_turn(url)
            try:
                return self._attempt(url, params, name)
            except _RetryError as retry:
                pause = wait if retry.wait is None else retry.wait
                if attempt == ATTEMPTS or pause > LONGEST_WAIT:
                    raise GoedeBuurError(
                        retry.code,
                        f"No answer after {attempt} attempt{'s' if attempt > 1 else ''}.",
                        place=url,
                        value=retry.why,
                        hint="What came before is kept. Give the same command later: it goes on where it stopped.",
                    ) from retry
                self._sleep(pause)
                wait *= 2
        raise AssertionError("the loop returns or raises")

    def _take_turn(self, url: str) -> None:
        """Wait until one more request to this host stays within the rate."""
        number, seconds = self._rate
        asked = self._asked.setdefault(url.split("/")[2] if "//" in url else url, deque(maxlen=number))
        if len(asked) == number:
            left = asked[0] + seconds - self._clock()
            if left > 0:
                self._sleep(left)
        asked.append(self._clock())

    def _attempt(self, url: str, params: Mapping[str, str] | None, name: str) -> Fetched:
        import httpx

        try:
            with self._client.stream("GET", url, params=dict(params or {})) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise self._failure(answer)
                return Fetched(name, self._body(answer), str(answer.url), self._now())
        except httpx.TimeoutException as error:
            raise _RetryError(TOO_SLOW, type(error).__name__) from error
        except httpx.TransportError as error:
            raise _RetryError(UNREACHABLE, f"{type(error).__name__}: {error}") from error
        except (httpx.InvalidURL, httpx.TooManyRedirects, httpx.DecodingError) as error:
            raise GoedeBuurError(
                REFUSED, "The address cannot be used.", place=url, value=str(error), hint="Check the address."
            ) from error

    def _body(self, answer: httpx.Response) -> bytes:
        until = self._clock() + self._answer_time
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > self._max_bytes:
                raise GoedeBuurError(
                    TOO_LARGE,
                    f"The answer is larger than {self._max_bytes} bytes.",
                    place=str(answer.url),
                    hint="Ask for a shorter period, or check the address.",
                )
            if self._clock() > until:
                raise _RetryError(TOO_SLOW, f"{size} bytes in {self._answer_time:.0f} seconds")
            parts.append(part)
        return b"".join(parts)

    def _failure(self, answer: httpx.Response) -> Exception:
        status = answer.status_code
        if status == 429 or status >= 500:
            return _RetryError(BUSY, f"status {status}", self._asked_wait(answer.headers.get("retry-after")))
        return GoedeBuurError(
            REFUSED,
            f"The supplier refused the request with status {status}.",
            place=str(answer.url),
            value=answer.text[:80],
            hint="Not there yet, or no longer there: check station, year and quantity on the supplier's site."
            if status in (404, 410)
            else "Check the request; the supplier may have changed its interface.",
        )

    def _asked_wait(self, header: str | None) -> float | None:
        """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), None where it says nothing."""
        if header is None:
            return None
        if header.strip().isdigit():
            return float(header)
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        return max((moment.astimezone(UTC) - self._now()).total_seconds(), 0.0)
