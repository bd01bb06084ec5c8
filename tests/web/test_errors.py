"""What a reader gets when something goes wrong, and what never gets out."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from goedebuur.core.base.errors import CATALOGUE, NOT_THIS_FORMAT, GoedeBuurError
from goedebuur.services import queries
from goedebuur.web.errors import SENTENCES, STATUS, status_of

SECRET = "password of the database at /var/secret"


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nergens/", 404, "Op dit adres staat niets."),
        ("/stations/NERGENS/", 404, "We kennen geen meetstation met deze naam."),
        ("/stations/NL90001/no2/", 404, "Op dit adres staat niets."),
        ("/oordelen/2019/NL90001.so2.1h/no.such.rule/", 404, "We kennen deze grenswaarde of advieswaarde niet."),
        ("/?as_of=gisteren", 400, "Een deel van het adres kunnen we niet lezen."),
        ("/en/nowhere/", 404, "There is nothing at this address."),
    ],
)
def test_error_page_speaks_to_people(reader: Client, address: str, status: int, sentence: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert sentence in answer.content.decode()


def test_page_without_a_record_says_what_to_do(settings_without_record: Client) -> None:
    answer = settings_without_record.get("/")
    assert answer.status_code == 503
    assert "goedebuur ingest" in answer.content.decode()


def test_about_page_answers_without_a_record(settings_without_record: Client) -> None:
    assert settings_without_record.get("/over/").status_code == 200


@pytest.mark.parametrize("address", ["/stations/", "/api/stations/"])
@pytest.mark.parametrize(
    "error", [OperationalError(SECRET), RuntimeError(SECRET), GoedeBuurError(NOT_THIS_FORMAT, SECRET)]
)
def test_words_of_an_inner_error_never_reach_the_reader(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, address: str
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(queries, "stations", broken)
    reader.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = reader.get(address)
    assert answer.status_code in (500, 503)
    assert "password" not in answer.content.decode()
    assert SECRET in caplog.text


def test_error_that_nobody_foresaw_has_a_number_that_is_in_the_log(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(queries, "stations", broken)
    reader.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        reference = reader.get("/api/stations/").json()["reference"]
    assert reference in caplog.text


def test_every_code_with_a_status_or_sentence_is_in_the_catalogue() -> None:
    assert set(STATUS) | set(SENTENCES) <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("code", "status"),
    [("query-unknown-series", 404), ("query-period", 400), ("ledger-broken", 500), ("web-parameter", 400)],
)
def test_code_gives_its_status(code: str, status: int) -> None:
    assert status_of(code) == status
