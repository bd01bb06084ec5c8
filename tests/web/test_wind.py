"""The wind page says of each hour what it counts: in which class of speed, and whether both were measured."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import NOW, open_record, station_file
from tests.web.conftest import reading
from tests.web.test_as_of import WIND

from goedebuur.services import delivery

SPEEDS = (*[20] * 6, *[40] * 5, *[60] * 4, *[70] * 3, *[0] * 4, *[10] * 2)
"""Of the 24 hours of one day [0.1 m/s]: whole metres a second, as KNMI reports, so that most stand on an edge."""


@pytest.fixture
def windy(tmp_path: Path) -> Iterator[Client]:
    """Return a reader of a day of west wind, calm in four hours, with SO₂ missing in five windy ones and one calm."""
    record = open_record(tmp_path / "record")
    hours = b"".join(
        b"240,20200101,%d,%d,%d\n" % (hour, 270 if speed else 0, speed) for hour, speed in enumerate(SPEEDS, start=1)
    )
    # the file labels hours in CET: its second one starts at 00:00 UTC
    values = ["1", *["" if hour in (0, 1, 2, 3, 4, 18) else "1" for hour in range(24)]]
    delivery.deliver(record, WIND + hours, "uurgeg_240.txt", now=NOW)
    delivery.deliver(record, station_file({"NL90001": values}, first="20200101"), "2020_SO2.csv", now=NOW)
    record.close()
    with reading(tmp_path) as client:
        yield client


def page(client: Client, language: str = "") -> str:
    asked = "start=2020-01-01T00:00:00Z&end=2020-01-02T00:00:00Z"
    return client.get(f"{language}/stations/NL90001/so2/wind/?{asked}").content.decode()


def test_each_class_of_speed_is_named_by_what_it_holds(windy: Client) -> None:
    shown = page(windy)
    head = re.findall(r'<th scope="col" class="gb-number">([^<]*m/s)</th>', shown)
    assert head == ["t/m 2,0 m/s", "meer dan 2,0 t/m 4,0 m/s", "meer dan 4,0 t/m 6,0 m/s", "meer dan 6,0 m/s"]
    (row,) = re.findall(r"<tr><th scope=\"row\">[^<]*\(270°\)</th>(.*?)</tr>", shown)
    # of 24 hours: 8 at 1 and 2 m/s, 5 at 4, 4 at 6, 3 at 7; 20 in all
    assert re.findall(r">([\d,]+)%<", row) == ["83,3", "33,3", "20,8", "16,7", "12,5"]


def test_key_of_the_chart_has_the_words_of_the_table(windy: Client) -> None:
    shown = page(windy, "/en")
    head = re.findall(r'<th scope="col" class="gb-number">([^<]*m/s)</th>', shown)
    found = re.search(r'<script id="rose-data" type="application/json">(.*?)</script>', shown)
    assert found is not None
    assert json.loads(found[1])["class_words"] == head
    assert head[1:] == ["over 2.0 up to 4.0 m/s", "over 4.0 up to 6.0 m/s", "over 6.0 m/s"]


def test_hours_of_the_table_add_up_to_those_with_both(windy: Client) -> None:
    shown = page(windy)
    # 24 hours with wind; 5 windy ones and 1 calm one lack SO₂
    assert "De wind is bekend in 24 uren; in 18 daarvan is hier ook gemeten." in shown
    counts = re.findall(r'<td class="gb-number">([\d.]+)</td></tr>', shown)
    assert sum(map(int, counts)) == 18
    assert "Windstil: 16,7% van de uren met windgegevens." in shown
