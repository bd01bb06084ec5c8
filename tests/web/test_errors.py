"""What a reader gets when something goes wrong, and what never gets out."""

from __future__ import annotations

import html
import importlib
import logging
import re

import pytest
from django.db import OperationalError
from django.test import Client
from tests.web.conftest import Made

from goedebuur.core.base.errors import CATALOGUE, NOT_THIS_FORMAT, GoedeBuurError
from goedebuur.services import queries
from goedebuur.web.errors import HINTS, LEADS, SENTENCES, STATUS, status_of

SERIES = "NL90001.so2.1h"
MISTAKES = {
    "web-not-found": "/nergens/",
    "query-unknown-station": "/stations/NERGENS/",
    "site-unknown": "/locaties/niemand/",
    "dispersion-unknown": "/verspreiding/nergens/",
    "query-unknown-finding": "/bevindingen/00000000-0000-4000-8000-000000000000/",
    "query-unknown-series": "/oordelen/2019/NERGENS.so2.1h/eu2008.so2.hour/",
    "query-unknown-series, compared": "/vergelijk/?left=NERGENS.so2.1h&right=NERGENS.so2.1h",
    "query-unknown-series, downloaded": "/download/NERGENS.so2.1h.csv",
    "query-unknown-observation": f"/herkomst/{SERIES}/1990-12-31T23:00:00Z/",
    "query-unknown-delivery": "/leveringen/9999/",
    "query-unknown-verdict": f"/oordelen/1999/{SERIES}/eu2008.so2.hour/",
    "query-other-quantity": f"/oordelen/2019/{SERIES}/eu2008.pm10.day/",
    "rules-unknown-rule": f"/oordelen/2019/{SERIES}/no.such.rule/",
    "web-parameter, size": "/?as_of=gisteren",
    "web-parameter, date": "/stations/NL90001/so2/?start=gisteren",
    "web-parameter, far": "/stations/NL90001/so2/?start=1000-01-01",
    "web-parameter, swapped": "/stations/NL90001/so2/?start=2019-01-03&end=2019-01-01",
    "web-parameter, year": f"/vergelijk/?left={SERIES}&year=2019&other_year=1",
}
"""What a reader can do wrong on a page, by the code of the error."""
WITHOUT_ADDRESS = {
    *("case-unknown", "web-no-record", "query-no-blocks", "query-no-mean", "query-no-rules"),
    *("dispersion-not-done", "dispersion-no-import", "dispersion-unreadable"),
}
"""What depends on the record, not on the reader: seen in tests of their own."""
OF_DRAFTS = {code for code in HINTS if code.startswith("draft-")}
"""What people who work here can do wrong with a draft: seen in `test_drafts.py`."""
OF_CLAIMS = {code for code in HINTS if code.startswith("emission-claim")}
"""What a company and an authority can do wrong with a claim: seen in `casework/test_answers.py` and in the services."""
OF_CASES = {"case-not-allowed", "case-four-eyes"}
"""What someone can try with a case that cannot be done now: seen in `casework/test_answers.py`."""
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


def told(page: str) -> tuple[str, str]:
    """Return the sentence and the hint of an error page, without mark-up."""
    sentence = re.search(r'nl-paragraph--lead">(.*?)</p>', page, re.DOTALL)
    hint = re.search(r"<dt[^>]*>(?:Wat u kunt doen|What you can do)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    assert sentence
    return sentence[1], html.unescape(re.sub(r"<[^>]+>", "", hint[1])) if hint else ""


@pytest.mark.parametrize("code", MISTAKES)
def test_error_page_speaks_the_language_of_its_reader(reader: Client, code: str) -> None:
    dutch, english = (reader.get(prefix + MISTAKES[code]).content.decode() for prefix in ("", "/en"))
    assert code.partition(",")[0] in dutch
    for nl, en in zip(told(dutch), told(english), strict=True):
        assert (nl == "") == (en == "")
        assert not nl or nl != en
    assert 'lang="en"' not in dutch.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("code", MISTAKES)
def test_error_page_sends_no_resident_to_the_command_line(reader: Client, code: str) -> None:
    for prefix in ("", "/en"):
        assert "goedebuur " not in " ".join(told(reader.get(prefix + MISTAKES[code]).content.decode()))


def test_hint_of_a_mistake_in_the_address_has_its_values(reader: Client, made: Made) -> None:
    page = reader.get("/?as_of=gisteren").content.decode()
    assert told(page)[1] == f"Geef een heel getal van 0 tot en met {made.size}."


def test_programs_get_the_hint_in_english(reader: Client, made: Made) -> None:
    hint = reader.get("/api/stations/?as_of=gisteren", headers={"Accept-Language": "nl"}).json()["hint"]
    assert hint == f"Give a whole number from 0 to {made.size}."


def test_what_a_reader_can_do_wrong_has_a_sentence_and_a_hint() -> None:
    codes = {code.partition(",")[0] for code in MISTAKES}
    assert codes <= set(SENTENCES)
    assert codes - set(HINTS) == {"web-not-found", "web-parameter"}
    assert set(LEADS) <= set(HINTS) <= codes | WITHOUT_ADDRESS | OF_DRAFTS | OF_CLAIMS | OF_CASES


def test_every_fault_of_a_claim_has_a_sentence_and_a_hint() -> None:
    importlib.import_module("goedebuur.services.case_answers")
    declared = {code for code in CATALOGUE if code.startswith("emission-claim")}
    assert len(declared) > 10
    assert declared == OF_CLAIMS == {code for code in SENTENCES if code.startswith("emission-claim")}


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
