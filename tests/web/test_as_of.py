"""A pinned page shows nothing that the record did not hold then: not the wind, and not the state in its foot."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from tests.services.deliveries import NOW, open_record, station_file
from tests.web.addresses import DATA_PAGES
from tests.web.conftest import Made, reading

from goedebuur.services import delivery

WIND = b"""\
# STN         LON(east)   LAT(north)     ALT(m)  NAME
# 240         4.790       52.318        -3.30  SCHIPHOL
# STN,YYYYMMDD,   HH,   DD,   FF
"""


def hours(day: int, speed: int) -> bytes:
    """Return a day of west wind. `speed` is in 0.1 m/s, as KNMI writes it."""
    return b"".join(b"240,2020010%d,%d,270,%d\n" % (day, hour, speed) for hour in range(1, 25))


@dataclass(frozen=True, slots=True)
class Grown:
    """A reader of a record that grew: tree sizes without wind, with a day of wind, and roots then."""

    client: Client
    calm: int
    windy: int
    roots: dict[int, str]


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[Grown]:
    """Return a record that got measurements, then wind, then more and stronger wind."""
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["1"] * 24}), "2019_SO2.csv", now=NOW)
    calm = record.size
    delivery.deliver(record, WIND + hours(1, 50), "uurgeg_240.txt", now=NOW)
    windy = record.size
    roots = {windy: record.ledger.checkpoint().root.hex()}
    delivery.deliver(record, WIND + hours(1, 50) + hours(2, 90), "uurgeg_240.txt", now=NOW)
    record.close()
    with reading(tmp_path) as client:
        yield Grown(client, calm, windy, roots)


def speeds(client: Client, address: str) -> list[float]:
    """Return the speeds of the wind in an answer. [m/s]"""
    return [row["speed"] for row in client.get(address).json()["wind"]]


def test_wind_is_the_newest_of_the_state_that_is_asked(grown: Grown) -> None:
    assert speeds(grown.client, f"/api/wind/?as_of={grown.calm}") == []
    assert speeds(grown.client, f"/api/wind/?as_of={grown.windy}") == [5.0]
    assert speeds(grown.client, "/api/wind/") == [9.0]


def test_wind_of_a_moment_is_what_was_held_of_it(grown: Grown) -> None:
    moment = "moment=2020-01-02T12:00:00Z"
    assert speeds(grown.client, f"/api/wind/?{moment}&as_of={grown.windy}") == [5.0]
    assert speeds(grown.client, f"/api/wind/?{moment}") == [9.0]


def test_map_of_an_earlier_state_asks_for_the_wind_of_then(grown: Grown) -> None:
    page = grown.client.get(f"/?as_of={grown.calm}").content.decode()
    assert f'data-wind-url="/api/wind/?as_of={grown.calm}"' in page
    assert "SCHIPHOL" not in page.upper()


def test_foot_of_a_pinned_page_tells_the_state_of_then(grown: Grown) -> None:
    page = grown.client.get(f"/stations/?as_of={grown.windy}").content.decode()
    found = re.search(r'<span class="gb-hash" title="([0-9a-f]{64})"', page)
    assert found is not None
    assert found[1] == grown.roots[grown.windy]
    assert grown.client.get(f"/api/record/?as_of={grown.windy}").json()["tree_size"] == grown.windy


def test_state_of_a_day_is_what_was_received_by_its_end(reader: Client, made: Made) -> None:
    # the first file was received on 1 February 2020, its correction on 1 April
    def size(asked: str) -> int:
        return int(reader.get(f"/api/record/?as_of={asked}").json()["tree_size"])

    assert size("2020-01-31") == 0
    assert size("2020-02-01") == size("2020-03-31") == made.before_correction
    assert size("2020-04-01") == made.size
    assert size("2020-02-01T08:59:59Z") == 0
    assert size("2020-02-01T09:00:00Z") == made.before_correction


def test_page_of_a_day_says_until_when_it_was_received_and_is_not_kept(reader: Client, made: Made) -> None:
    answer = reader.get("/stations/?as_of=2020-03-01")
    assert "ontvangen op 01-02-2020 10:00" in answer.content.decode()
    assert "no-cache" in answer["Cache-Control"]
    assert "max-age=86400" in reader.get(f"/stations/?as_of={made.before_correction}")["Cache-Control"]


def test_difference_between_two_days_says_what_came_and_why(reader: Client) -> None:
    page = reader.get("/leveringen/verschil/?from=2020-03-01&to=2020-05-01").content.decode()
    assert "Nieuwe ijking" in page
    assert "2019_SO2.csv" in page
    changes = reader.get("/api/difference/?from=2020-03-01&to=2020-05-01").json()["changes"]
    assert [change["kind"] for change in changes] == ["changed", "filled", "withdrawn"]
    assert reader.get("/api/difference/?from=2020-05-01&to=2020-06-01").json()["changes"] == []


@pytest.mark.parametrize("asked", ["2020-02-30", "2020-02-01T09:00", "1-2-2020", "-1"])
def test_state_of_what_is_no_day_is_a_mistake_in_the_address(reader: Client, asked: str) -> None:
    assert reader.get(f"/api/record/?as_of={asked}").status_code == 400


def internal(page: str) -> list[str]:
    """Return where links and scripts of a page lead to within the website."""
    found = re.findall(r'(?:<a [^>]*?href|data-[a-z]+-url|data-url|data-history)="([/?][^"]*)"', page)
    return [html.unescape(address) for address in found]


OF_NO_STATE = re.compile(
    r"^(/en)?/(over/.*|regelboek/|werk/.*|bevindingen/(volgen|feed)/|meldingen/feed/|api/|log/.*|controle/.*|static/.*"
    r"|verspreiding/.*|)$"
)
"""Pages without data, and dispersion studies, each of which has a state of its own; the empty end is the map."""


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", DATA_PAGES)
def test_links_of_a_page_stay_in_the_state_that_is_asked(reader: Client, made: Made, name: str, language: str) -> None:
    address = language + DATA_PAGES[name]
    answer = reader.get(f"{address}{'&' if '?' in address else '?'}as_of={made.size}")
    assert answer.status_code == 200
    leading = internal(answer.content.decode())
    assert len(leading) > 10
    present = address.partition("?")[0]
    leaving = [
        one
        for one in leading
        if "as_of" not in parse_qs(urlsplit(one).query)
        and (not OF_NO_STATE.match(urlsplit(one).path) or urlsplit(one).path in ("", "/", "/en/"))
    ]
    # one link leaves the state, and says so
    assert leaving == [present]


def test_step_of_a_series_goes_along_with_the_state() -> None:
    template = Template("{% link 'series' 'NL1' 'so2' step=600 %}|{% link 'home' %}|{% keep_as_of there %}")
    there = "/oordelen/2019/NL1.so2.1h/rule/?as_of=3"
    with translation.override("nl"):
        shown = template.render(Context({"as_of": 5, "there": there}))
        present = template.render(Context({"there": "/x/"}))
    assert shown == f"/stations/NL1/so2/?step=600&amp;as_of=5|/?as_of=5|{there}"
    assert present == "/stations/NL1/so2/?step=600|/|/x/"
