"""While a bulk delivery is appended, the log is ahead of what can be read: no answer of then is kept as if it held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import NOW, open_record, station_file
from tests.web.conftest import reading

from goedebuur.services import delivery, preparing, projection, sequencing
from goedebuur.services.record import Record

ROWS = "/api/observations/?series=NL90001.so2.1h"


@contextmanager
def bulk(home: Path) -> Iterator[Record]:
    """Give a record in which 1 was delivered and read, and 900 is in the log only."""
    record = open_record(home / "record")
    delivery.deliver(record, station_file({"NL90001": ["1"] * 24}), "a.csv", now=NOW)
    data = station_file({"NL90001": ["900"] * 24})
    prepared = preparing.prepare(data, "b.csv", preparing.choose(data, "b.csv", None))
    with record.lock():
        delivery._sequence(record, prepared, NOW, "", sequencing.Unprojected())
        yield record
    record.close()


@pytest.fixture
def lagging(tmp_path: Path) -> Iterator[tuple[Client, Record]]:
    """Return someone who reads a record during a bulk delivery, and that record."""
    with bulk(tmp_path) as record, reading(tmp_path) as client:
        yield client, record


def test_answer_made_during_a_bulk_is_not_confirmed_after_it(lagging: tuple[Client, Record]) -> None:
    client, record = lagging
    before = client.get(ROWS)
    assert set(before.json()["micro"]) == {1_000_000}
    projection.catch_up_observations(record.ledger, record.evidence, record.observations)
    after = client.get(ROWS, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert set(after.json()["micro"]) == {900_000_000}


def test_size_that_cannot_be_read_yet_is_refused(lagging: tuple[Client, Record]) -> None:
    client, record = lagging
    assert record.projected < record.size
    assert client.get(f"{ROWS}&as_of={record.size}").status_code == 400
    assert client.get(f"/api/difference/?from=0&to={record.size}").status_code == 400


def test_past_is_not_kept_for_a_day_while_the_log_is_ahead(lagging: tuple[Client, Record]) -> None:
    client, record = lagging
    assert "no-cache" in client.get(f"{ROWS}&as_of={record.projected}")["Cache-Control"]


def test_download_is_named_by_the_size_that_was_read(lagging: tuple[Client, Record]) -> None:
    client, record = lagging
    answer = client.get("/download/NL90001.so2.1h.csv")
    assert f"_as-of-{record.projected}.csv" in answer["Content-Disposition"]


def test_correction_that_is_not_projected_yet_has_a_page(lagging: tuple[Client, Record]) -> None:
    client, record = lagging
    assert client.get(f"/leveringen/{record.size - 1}/").status_code == 200
