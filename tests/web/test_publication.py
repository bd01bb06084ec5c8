"""What pages and the API say of the published log and its witnesses."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.services.deliveries import open_record, station_file
from tests.services.test_publishing import KEYS, Clock, no_post, to
from tests.web.conftest import FIRST, RECEIVED

from goedebuur.services.cosigning import Plan, Post
from goedebuur.services.delivery import deliver
from goedebuur.services.publishing import publish
from goedebuur.services.settings import Settings
from goedebuur.services.witness import Witness, WitnessedLog
from goedebuur.store.ledger import Ledger
from goedebuur.store.witness import WitnessStore
from goedebuur.web import record as web_record


@pytest.fixture
def home(tmp_path: Path) -> Path:
    record = open_record(tmp_path / "record")
    deliver(record, station_file(FIRST), "2019_SO2.csv", now=RECEIVED)
    record.close()
    return tmp_path


def configured(home: Path, needed: int) -> Settings:
    witnesses = ((KEYS[0].cosigner_vkey, "https://w1.example"), (KEYS[1].cosigner_vkey, "https://w2.example"))
    return dataclasses.replace(settings.GOEDEBUUR, home=home, witnesses=witnesses, witnesses_needed=needed)


@contextmanager
def reading(how: Settings) -> Iterator[Client]:
    with override_settings(GOEDEBUUR=how, ALLOWED_HOSTS=["testserver"]):
        yield Client()
        web_record.close_all()


def only_first(home: Path) -> Post:
    ledger = Ledger.open(home / "record")
    logs = [WitnessedLog(ledger.vkey.partition("+")[0], (ledger.vkey,))]
    someone = Witness(
        KEYS[0], logs, WitnessStore(home / "w1"), lambda: int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    )
    post = to(someone)
    return lambda url, body: post(url, body) if "w1" in url else no_post(url, body)


def test_page_says_that_there_are_no_witnesses(home: Path) -> None:
    how = dataclasses.replace(settings.GOEDEBUUR, home=home)
    publish(Ledger.open(home / "record"), Plan.of(how), no_post, Clock())
    with reading(how) as reader:
        page = reader.get("/over/").content.decode()
        assert "nog geen onafhankelijke getuige" in page
        assert 'href="/log/checkpoint"' in page
        assert reader.get("/api/record/").json()["publication"]["witnesses"] == []


def test_name_and_key_of_the_log_stand_on_the_page_in_the_api_and_in_the_readme(home: Path) -> None:
    how = dataclasses.replace(settings.GOEDEBUUR, home=home, operator="Omgevingsdienst Voorbeeld")
    ledger = Ledger.open(home / "record")
    publish(ledger, Plan.of(how), no_post, Clock())
    origin = ledger.vkey.partition("+")[0]
    with reading(how) as reader:
        page = html.unescape(reader.get("/over/").content.decode())
        assert f">{origin}</dd>" in page
        assert f">{ledger.vkey}</dd>" in page
        told = reader.get("/api/record/").json()["publication"]
        assert (told["origin"], told["vkeys"]) == (origin, [ledger.vkey])
        for address in ("/log/", "/log/README.md"):
            answer = reader.get(address)
            assert answer["Content-Type"] == "text/plain; charset=utf-8"
            assert f"`{origin}`" in answer.content.decode()
            assert f"| Openbare sleutel | `{ledger.vkey}` |" in answer.content.decode()
            assert "| Beheerder | Omgevingsdienst Voorbeeld |" in answer.content.decode()


def test_page_names_the_witness_that_is_missing_and_since_when(home: Path) -> None:
    how = configured(home, 1)
    publish(Ledger.open(home / "record"), Plan.of(how), only_first(home), Clock())
    with reading(how) as reader:
        page = reader.get("/over/").content.decode()
        assert "meegetekend door 1 van de 2 getuigen" in page
        assert "w2.example" in page
        assert "01-01-2026 01:" in page
        assert "antwoordt niet" in page
        assert "wacht een nieuwere stand" not in page
        english = reader.get("/en/over/").content.decode()
        assert "it does not answer" in english


def test_page_says_since_when_a_newer_state_waits(home: Path) -> None:
    how = configured(home, 2)
    assert not publish(Ledger.open(home / "record"), Plan.of(how), only_first(home), Clock())
    with reading(how) as reader:
        page = reader.get("/over/").content.decode()
        assert "wacht een nieuwere stand op getuigen" in page
        assert "nog niets van gepubliceerd" in page
        told = reader.get("/api/record/").json()["publication"]
        assert (told["size"], told["needed"], told["cosigned"]) == (None, 2, 0)
        assert told["waiting_since"].startswith("2026-01-01T00:")
        assert [one["why"] for one in told["witnesses"]] == ["", "unreachable"]
        assert "said" not in told["witnesses"][0]


def test_answer_of_the_api_changes_when_a_witness_comes_back(home: Path) -> None:
    how = configured(home, 0)
    ledger = Ledger.open(home / "record")
    publish(ledger, Plan.of(how), no_post, Clock())
    with reading(how) as reader:
        first = reader.get("/api/record/")
        assert reader.get("/api/record/", headers={"If-None-Match": first["ETag"]}).status_code == 304
        publish(ledger, Plan.of(how), only_first(home), Clock())
        assert reader.get("/api/record/", headers={"If-None-Match": first["ETag"]}).status_code == 200
        assert "publication" not in reader.get("/api/record/?as_of=1").json()


def test_page_warns_when_a_witness_saw_another_log(home: Path) -> None:
    how = configured(home, 0)
    publish(Ledger.open(home / "record"), Plan.of(how), lambda *_: _Conflict(), Clock())
    with reading(how) as reader:
        assert "Een getuige zag een ander logboek" in reader.get("/over/").content.decode()
        assert reader.get("/api/record/").json()["publication"]["alarming"] is True


class _Conflict:
    status = 422
    body = b"no\n"


def test_page_says_nothing_of_a_log_that_is_not_published(home: Path) -> None:
    with reading(dataclasses.replace(settings.GOEDEBUUR, home=home, publish=False)) as reader:
        assert "Wie op het logboek let" not in reader.get("/over/").content.decode()
        assert reader.get("/api/record/").json()["publication"] is None
