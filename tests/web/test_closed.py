"""What is closed is seen to be there, and nothing of what is in it is in any byte that the site or the log serves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import open_record, station_file
from tests.web.conftest import reading

from goedebuur.services import embargo
from goedebuur.services.delivery import deliver
from goedebuur.store.ledger.publication import Publication
from goedebuur.web import asking

MARKER = "Geheimdorp"
NOW, LATER = datetime(2026, 2, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC)
SECRET = station_file({"NL90009": ["987.6", "45.6", ""]}, name=MARKER)
OPENED = station_file({"NL90008": ["12.5", "45.6", ""]})
SECRETS = (MARKER.encode(), b"NL90009", b"Jansen", b"987.6", b"987,6")
PAGES = (
    *("/", "/en/", "/stations/", "/leveringen/", "/en/leveringen/", "/leveringen/?kind=closed", "/download/"),
    *("/leveringen/0/", "/en/leveringen/0/", "/leveringen/1/", "/leveringen/verschil/?from=0&to=2", "/oordelen/"),
    *(
        "/stations/NL90009/",
        "/stations/NL90009/so2/",
        "/download/NL90009.so2.1h.csv",
        "/herkomst/NL90009.so2.1h/2019-01-01T00:00:00Z/",
    ),
    *("/api/", "/api/record/", "/api/deliveries/", "/api/deliveries/0/", "/api/stations/", "/api/map/"),
    *("/api/series/NL90009.so2.1h/", "/api/difference/?from=0", "/api/observations/?series=NL90009.so2.1h"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record: 0 closed, 1 closed and opened later, 2 closed and erased."""
    home = tmp_path_factory.mktemp("closed")
    record = open_record(home / "record")
    for data, name in ((SECRET, "Jansen.csv"), (OPENED, "b.csv"), (SECRET.replace(b"987", b"887"), "Jansen.csv")):
        embargo.close(
            record,
            data,
            name,
            opens=date(2026, 6, 1),
            role="inspector",
            ground="unannounced-control",
            now=NOW,
            decided=True,
        )
    deliver(record, station_file({"NL90001": ["1.0", "2.0"]}), "c.csv", now=NOW)
    embargo.open_(record, 1, LATER)
    embargo.erase(record, 2, LATER, ground="AVG 17")
    record.close()
    return home


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(asking, "today", lambda: date(2026, 6, 1))
    with reading(home) as client:
        yield client


@pytest.mark.parametrize("address", PAGES)
def test_no_answer_holds_anything_of_a_closed_delivery(client: Client, address: str) -> None:
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    asked = address.encode()
    whole = body + repr(sorted(answer.headers.items())).encode()
    for secret in SECRETS:
        if secret not in asked:
            assert secret not in whole, secret
    if b"NL90009" in asked:
        assert answer.status_code == 404


def test_no_file_outside_the_closed_folder_holds_anything_of_it(home: Path) -> None:
    log = open_record(home / "record").ledger
    assert Publication(home / "public").publish(log).size == log.size
    for path in home.rglob("*"):
        assert MARKER not in path.name
        if path.is_file() and "closed" not in path.relative_to(home).parts:
            data = path.read_bytes()
            assert not [secret for secret in SECRETS if secret in data], path


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        ("/leveringen/0/", ("onaangekondigde controle", "toezichthouder", "1 juni 2026", "nog niet openbaar")),
        ("/en/leveringen/0/", ("unannounced control", "inspector", "1 June 2026", "not public yet")),
        ("/leveringen/1/", ("is geopend", "/leveringen/5/")),
        ("/leveringen/5/", ("een tijd gesloten", "/leveringen/1/")),
        ("/leveringen/2/", ("gewist", "recht op het wissen", "/leveringen/6/")),
        ("/leveringen/6/", ("gewist", "/leveringen/2/")),
        ("/leveringen/", ("Nu nog gesloten", "onaangekondigde controle")),
    ],
)
def test_page_says_how_a_closed_entry_stands(
    home: Path, client: Client, address: str, sentences: tuple[str, ...]
) -> None:
    log = open_record(home / "record").ledger
    numbers = {"/leveringen/5/": f"/leveringen/{log.size - 2}/", "/leveringen/6/": f"/leveringen/{log.size - 1}/"}
    text = client.get(numbers.get(address, address)).content.decode()
    for sentence in sentences:
        assert numbers.get(sentence, sentence) in text


def test_entry_is_overdue_from_the_day_after_on_and_the_answer_is_not_kept_over_midnight(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get("/leveringen/")
    assert "te laat" not in before.content.decode()
    assert client.get("/leveringen/", headers={"if-none-match": before["ETag"]}).status_code == 304
    monkeypatch.setattr(asking, "today", lambda: date(2026, 6, 2))
    after = client.get("/leveringen/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "te laat" in after.content.decode()
    assert "al open moeten zijn" in client.get("/leveringen/0/").content.decode()
    assert client.get("/api/deliveries/0/").json()["standing"]["overdue"] is True
    assert "al open moeten zijn" not in client.get("/leveringen/0/?as_of=3").content.decode()


def test_entry_that_was_opened_later_is_closed_as_of_before(client: Client) -> None:
    assert client.get("/api/deliveries/1/?as_of=3").json()["standing"]["state"] == "closed"
    assert client.get("/api/deliveries/1/").json()["standing"]["state"] == "opened"
