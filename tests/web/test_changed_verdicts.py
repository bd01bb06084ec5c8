"""A verdict that was published, and measurements that changed after: no page says two things of one question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import NOW, open_record, station_file
from tests.web.conftest import reading

from goedebuur.services import assessment, delivery

YEAR = 8760
LOW, HIGH = ["10"] * YEAR, ["60"] * YEAR
STATE = re.compile(r'href="(/oordelen/2019/NL90001\.pm10\.1h/eu2008\.pm10\.year/(?:\?as_of=(\d+))?)"')


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of 10 µg/m³, judged; then the supplier said that it was 60."""
    home = tmp_path_factory.mktemp("changed")
    record = open_record(home / "record")
    delivery.deliver(record, station_file({"NL90001": LOW}, component="PM10"), "a.csv", now=NOW)
    assessment.publish(record, 2019, NOW)
    later = NOW + timedelta(days=30)
    delivery.deliver(record, station_file({"NL90001": HIGH}, component="PM10"), "a.csv", now=later, reason="factor zes")
    record.close()
    return home


@pytest.fixture
def reader(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("page", ["/stations/NL90001/", "/stations/NL90001/pm10/", "/oordelen/2019/"])
def test_published_verdict_is_explained_with_the_measurements_it_was_made_of(reader: Client, page: str) -> None:
    listed = text(reader, page)
    assert "voldoet aan de grenswaarde" in listed
    found = STATE.search(listed)
    assert found is not None
    assert found[2] is not None
    explained = text(reader, found[1])
    assert "voldoet aan de grenswaarde" in explained
    assert "overschrijdt" not in explained.split("<h2")[0]


def test_explanation_of_now_says_what_was_published_and_leads_to_it(reader: Client) -> None:
    explained = text(reader, "/oordelen/2019/NL90001.pm10.1h/eu2008.pm10.year/")
    lead = explained.split("<h2")[0]
    assert "overschrijdt de grenswaarde" in lead
    assert "Toen was het oordeel:" in lead
    found = STATE.search(lead)
    assert found is not None
    assert found[2] is not None


@pytest.mark.parametrize("page", ["/", "/stations/NL90001/", "/oordelen/2019/"])
def test_page_with_published_verdicts_says_that_measurements_changed_since(reader: Client, page: str) -> None:
    assert re.search(r"zijn metingen van (dit jaar|2019) \w+ of veranderd", text(reader, page))


def test_verdict_that_still_holds_is_explained_on_the_present(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": LOW}, component="PM10"), "a.csv", now=NOW)
    assessment.publish(record, 2019, NOW)
    record.close()
    with reading(tmp_path) as client:
        found = STATE.search(text(client, "/stations/NL90001/"))
        assert found is not None
        assert found[2] is None
        assert "Toen was het oordeel" not in text(client, found[1])
