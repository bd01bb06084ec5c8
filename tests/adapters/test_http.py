"""The HTTP client and the API of Luchtmeetnet against a server on loopback that misbehaves in every way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.adapters.samples import luchtmeetnet_station, measurements

from goedebuur.adapters.base import Fetched, FetchRequest
from goedebuur.adapters.http import Http
from goedebuur.adapters.luchtmeetnet import Luchtmeetnet
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period

Answer = Callable[[BaseHTTPRequestHandler], None]
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now, self.waits = 0.0, []  # type: float, list[float]

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Server(ThreadingHTTPServer):
    """Gives the scripted answers in order, then whatever `otherwise` gives."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[Answer] = []
        self.otherwise: Answer = ok(b"otherwise")
        self.asked: list[str] = []
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is what some of these tests want."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        (self.server.script.pop(0) if self.server.script else self.server.otherwise)(self)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def ok(body: bytes) -> Answer:
    return answer(200, body)


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    def send(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.send_header("content-length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return send


def cut_short(to: BaseHTTPRequestHandler) -> None:
    """Promise a thousand bytes and hang up after ten."""
    to.send_response(200)
    to.send_header("content-length", "1000")
    to.end_headers()
    to.wfile.write(b"0123456789")
    to.wfile.flush()
    to.connection.close()


def hang_up(to: BaseHTTPRequestHandler) -> None:
    to.connection.close()


def never(to: BaseHTTPRequestHandler) -> None:
    """Say nothing until the test is over."""
    server = to.server
    assert isinstance(server, Server)
    server.released.wait(30)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.released.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def http(clock: Clock) -> Iterator[Http]:
    pool = httpx.Client(timeout=5.0, trust_env=False, follow_redirects=True)
    with Http(pool, clock=clock, sleep=clock.sleep, now=lambda: NOW) as client:
        yield client


def test_an_answer_is_given_as_received(server: Server, http: Http) -> None:
    server.otherwise = ok(b"\xff\xfe raw")
    got = http.get(f"{server.address}/file", {"page": "1"}, name="file.csv")
    assert got == Fetched("file.csv", b"\xff\xfe raw", f"{server.address}/file?page=1", NOW)


def test_429_waits_as_long_as_the_server_says(server: Server, http: Http, clock: Clock) -> None:
    server.script = [answer(429, retry_after="17"), ok(b"after all")]
    assert http.get(server.address, name="x").data == b"after all"
    assert clock.waits == [17.0]


def test_429_with_a_date_waits_until_then(server: Server, http: Http, clock: Clock) -> None:
    server.script = [answer(429, retry_after="Sun, 01 Feb 2026 12:01:30 GMT"), ok(b"after all")]
    http.get(server.address, name="x")
    assert clock.waits == [90.0]


def test_a_server_that_asks_for_an_hour_is_left_alone(server: Server, http: Http, clock: Clock) -> None:
    server.otherwise = answer(429, retry_after="3600")
    with pytest.raises(GoedeBuurError) as raised:
        http.get(server.address, name="x")
    assert (raised.value.code, clock.waits, len(server.asked)) == ("fetch-busy", [], 1)
    assert "goes on where it stopped" in raised.value.hint


def test_500_is_tried_again_with_longer_pauses(server: Server, http: Http, clock: Clock) -> None:
    server.script = [answer(500), answer(502), answer(503), ok(b"after all")]
    assert http.get(server.address, name="x").data == b"after all"
    assert clock.waits == [2.0, 4.0, 8.0]


def test_500_five_times_is_an_error(server: Server, http: Http) -> None:
    server.otherwise = answer(500, b"oops")
    with pytest.raises(GoedeBuurError) as raised:
        http.get(server.address, name="x")
    assert (raised.value.code, raised.value.value, len(server.asked)) == ("fetch-busy", "status 500", 5)


def test_404_is_an_error_at_once(server: Server, http: Http, clock: Clock) -> None:
    server.otherwise = answer(404, b"no such file")
    with pytest.raises(GoedeBuurError) as raised:
        http.get(f"{server.address}/2099_PM10.csv", name="x")
    assert (raised.value.code, len(server.asked), clock.waits) == ("fetch-refused", 1, [])
    assert raised.value.place.endswith("/2099_PM10.csv")


@pytest.mark.parametrize("fault", [cut_short, hang_up])
def test_an_answer_cut_short_is_asked_again_and_never_given(server: Server, http: Http, fault: Answer) -> None:
    server.script = [fault, fault, ok(b"whole")]
    assert http.get(server.address, name="x").data == b"whole"
    server.otherwise = fault
    with pytest.raises(GoedeBuurError) as raised:
        http.get(server.address, name="x")
    assert raised.value.code == "fetch-unreachable"


def test_a_silent_server_is_given_up(server: Server, clock: Clock) -> None:
    server.otherwise = never
    pool = httpx.Client(timeout=0.05, trust_env=False)
    with Http(pool, clock=clock, sleep=clock.sleep) as http, pytest.raises(GoedeBuurError) as raised:
        http.get(server.address, name="x")
    assert raised.value.code == "fetch-slow"


def test_a_dripping_server_is_given_up(server: Server, clock: Clock) -> None:
    class Dripping(Clock):
        def __call__(self) -> float:
            self.now += 40.0
            return self.now

    def drip(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("transfer-encoding", "chunked")
        to.end_headers()
        for _ in range(50):
            to.wfile.write(b"1\r\nx\r\n")
            to.wfile.flush()
        to.wfile.write(b"0\r\n\r\n")

    server.otherwise = drip
    slow = Dripping()
    pool = httpx.Client(timeout=5.0, trust_env=False)
    with Http(pool, clock=slow, sleep=slow.sleep, answer_time=30.0) as http, pytest.raises(GoedeBuurError) as raised:
        http.get(server.address, name="x")
    assert raised.value.code == "fetch-slow"


def test_an_answer_that_is_too_large_is_refused(server: Server, clock: Clock) -> None:
    server.otherwise = ok(b"x" * 5_000)
    pool = httpx.Client(timeout=5.0, trust_env=False)
    with Http(pool, clock=clock, sleep=clock.sleep, max_bytes=1_000) as http, pytest.raises(GoedeBuurError) as raised:
        http.get(server.address, name="x")
    assert raised.value.code == "input-too-large"


def test_no_more_than_a_hundred_requests_in_five_minutes(server: Server, http: Http, clock: Clock) -> None:
    for _ in range(100):
        http.get(server.address, name="x")
    assert clock.waits == []
    http.get(server.address, name="x")
    assert clock.waits == [300.0]


def test_a_server_that_is_not_there_is_an_error(http: Http) -> None:
    with pytest.raises(GoedeBuurError) as raised:
        http.get("http://127.0.0.1:9/", name="x")
    assert raised.value.code == "fetch-unreachable"


# the API of Luchtmeetnet, over the same server

DAYS = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC))


def paged(last: int) -> Answer:
    """An API with that many pages, and one value on each that tells which page it was."""

    def send(to: BaseHTTPRequestHandler) -> None:
        asked = parse_qs(urlsplit(to.path).query)
        page = int(asked["page"][0])
        hour = asked["start"][0].replace("Z", "+00:00")
        ok(measurements([("NL90001", "NO2", str(page), hour)], page, last))(to)

    return send


def request(server: Server, **more: object) -> FetchRequest:
    return FetchRequest(DAYS, stations=("NL90001",), settings={"url": server.address}, **more)  # type: ignore[arg-type]


def test_a_period_is_asked_in_weeks_and_pages(server: Server, http: Http) -> None:
    server.otherwise = paged(2)
    got = list(Luchtmeetnet().fetch(http, request(server, quantities=("no2",))))
    assert [answer.name for answer in got] == [
        "luchtmeetnet_measurements_20260101T00_20260108T00_NL90001_NO2_p001of002.json",
        "luchtmeetnet_measurements_20260101T00_20260108T00_NL90001_NO2_p002of002.json",
        "luchtmeetnet_measurements_20260108T00_20260110T00_NL90001_NO2_p001of002.json",
        "luchtmeetnet_measurements_20260108T00_20260110T00_NL90001_NO2_p002of002.json",
    ]
    first = parse_qs(urlsplit(server.asked[0]).query)
    assert first["start"] == ["2026-01-01T01:00:00Z"]  # the value of 01:00 covers the first hour
    assert first["end"] == ["2026-01-08T00:00:00Z"]
    assert (first["station_number"], first["formula"]) == (["NL90001"], ["NO2"])


def test_no_hour_is_asked_twice_or_missed(server: Server, http: Http) -> None:
    server.otherwise = paged(1)
    list(Luchtmeetnet().fetch(http, request(server)))
    windows = [parse_qs(urlsplit(path).query) for path in server.asked]
    assert [(window["start"][0], window["end"][0]) for window in windows] == [
        ("2026-01-01T01:00:00Z", "2026-01-08T00:00:00Z"),
        ("2026-01-08T01:00:00Z", "2026-01-10T00:00:00Z"),
    ]


@pytest.mark.parametrize("kept", range(1, 6))
def test_an_interrupted_download_goes_on_with_the_next_page(server: Server, http: Http, kept: int) -> None:
    server.otherwise = paged(3)
    whole = [answer.name for answer in Luchtmeetnet().fetch(http, request(server))]
    assert len(whole) == 6
    server.asked.clear()
    rest = Luchtmeetnet().fetch(http, request(server, resume_after=whole[kept - 1]))
    assert [answer.name for answer in rest] == whole[kept:]
    assert len(server.asked) == 6 - kept


def test_a_download_that_fails_half_way_keeps_what_came(server: Server, http: Http) -> None:
    server.script = [paged(3), paged(3)]
    server.otherwise = answer(500)
    pages = Luchtmeetnet().fetch(http, request(server))
    assert [next(pages).name[-14:], next(pages).name[-14:]] == ["p001of003.json", "p002of003.json"]
    with pytest.raises(GoedeBuurError) as raised:
        next(pages)
    assert raised.value.code == "fetch-busy"


def test_another_page_than_asked_for_is_an_error(server: Server, http: Http) -> None:
    server.otherwise = ok(measurements([], page=2, last=3))
    with pytest.raises(GoedeBuurError) as raised:
        list(Luchtmeetnet().fetch(http, request(server)))
    assert raised.value.code == "fetch-other-page"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"pagination": {"current_page": 1', "input-truncated"),
        (b"<html>maintenance</html>", "input-not-this-format"),
        (b'{"message": "Internal error"}', "input-missing-column"),
        (b"[]", "input-missing-column"),
        (b"", "input-empty"),
    ],
)
def test_an_answer_of_another_form_is_an_error(server: Server, http: Http, body: bytes, code: str) -> None:
    server.otherwise = ok(body)
    with pytest.raises(GoedeBuurError) as raised:
        list(Luchtmeetnet().fetch(http, request(server)))
    assert raised.value.code == code


def test_without_a_period_each_station_is_described(server: Server, http: Http) -> None:
    def listed(page: int, *numbers: str) -> Answer:
        rows = ",".join(f'{{"number":"{number}","location":"Eendorp"}}' for number in numbers)
        return ok(f'{{"pagination":{{"current_page":{page},"last_page":2}},"data":[{rows}]}}'.encode())

    server.script = [listed(1, "NL90002"), listed(2, "NL90001")]
    server.otherwise = ok(luchtmeetnet_station())
    got = list(Luchtmeetnet().fetch(http, FetchRequest(settings={"url": server.address + "/"})))
    assert [answer.name for answer in got] == [
        "luchtmeetnet_station_NL90001.json",
        "luchtmeetnet_station_NL90002.json",
    ]
    assert server.asked[2:] == ["/stations/NL90001", "/stations/NL90002"]
    record = Luchtmeetnet().parse(got[0].data, got[0].name).catalogue[0]
    assert (record.id, record.body["latitude"], record.body["longitude"]) == ("NL90001", "52.4", "4.6001")
    assert (record.body["kind"], record.valid_from) == ("industrie", "1999-01-01T00:00:00Z")
