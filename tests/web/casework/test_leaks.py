"""No way shows a finding before its decision: every state, every reader, every address that the site has, and guesses.

Each step of the story puts a word of its own into what is written with it: `zeepaardbegin` in the text,
`zeepaardanswer` in the answer, `zeepaardpublish` in the reasons of the decision. What a reader gets is searched for
such words. The addresses come from the table of addresses itself, so that one that is added later is tried as well.
"""

from __future__ import annotations

import gzip
import itertools
import logging
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.services.casework.people import ROADS
from tests.web.casework.addresses import filled, patterns
from tests.web.working import Place

from goedebuur.core.casework.cases import Case
from goedebuur.store.accounts.models import User
from goedebuur.store.casework import cases as store

WORD = re.compile(rb"zeepaard[a-z_]+")
PREFIX = "zeepaar"
"""Part of every such word, to search by: what is asked may stand on the page, and is no whole word."""
NOWHERE = "00000000-0000-4000-8000-000000000000"
PUBLISHED = {"begin", "answer", "publish"}
PRESENT: dict[str, set[str]] = {
    "published": PUBLISHED,
    "correction_proposed": PUBLISHED,
    "correcting": PUBLISHED,
    "withdrawing": PUBLISHED,
    "withdrawn": {"withdraw"},
}
"""State → the words that the public may read; none where it is not named."""
IN_THE_LOG = {"withdrawn": PUBLISHED | {"withdraw"}}
"""Where the record is asked as it was, and in the log, what was public once stays."""
COMPANY: dict[str, set[str]] = {
    "hearing": {"begin"},
    "unanswered": {"begin"},
    "answered": {"begin", "answer"},
    "redrafting": {"begin", "answer"},
    "rereview": {"begin", "answer"},
    "ended": {"begin"},
    "publishing": PUBLISHED,
    "recalled": {"begin", "answer"},
    "withholding": {"begin", "answer", "withhold"},
    "withheld": {"begin", "answer", "withhold"},
    "reconsidering": {"begin", "answer", "withhold"},
    "published": PUBLISHED,
    "correction_proposed": PUBLISHED,
    "correcting": {"propose_correction", "answer", "correct"} | PUBLISHED,
    "withdrawing": PUBLISHED | {"withdraw"},
    "withdrawn": PUBLISHED | {"withdraw"},
}
STRANGERS = ("other_company", "other_authority", "administrator", "superuser", "no_role")


@pytest.fixture(params=ROADS)
def told(request: pytest.FixtureRequest, place: Place) -> tuple[str, Place, Case]:
    """Return a state, the site in which the finding is in it, and the case."""
    place.story.marker = "MARK"
    mark(place)
    place.story.begin()
    place.travel(ROADS[request.param])
    case = store.find(place.story.uuid)
    assert case is not None
    User.objects.create_superuser("superuser@example.org")
    User.objects.create_user("no_role@example.org")
    return request.param, place, case


def mark(place: Place) -> None:
    """Let each step of the story write a word of its own."""
    given = place.story.given

    def marked(event: str) -> object:
        made = given(event)
        word = f"zeepaard{event}"
        return replace(made, subject=f"Stof {word}", text=f"Tekst {word}", reason=f"Om {word}", answer=f"Wij {word}")

    place.story.given = marked  # type: ignore[method-assign,assignment]


def addresses(case: Case, *, only: str = "") -> list[str]:
    """Return every address of the site, filled with what belongs to the case and with guesses."""
    names = [case.number, case.uuid, case.publication, "GB-2026-000002", NOWHERE]
    table = {
        "": ["1", case.uuid, case.number],
        "name": [*names, "hoogoven-noord", "answer"],
        "name:event": ["answer", "publish"],
        "uuid": [case.uuid, case.publication, NOWHERE],
        "int": ["0", "1", "2", "3"],
        "facility": names,
        "year": ["2026"],
        "moment": ["2026-11-02T09:00:00Z"],
        "digest": ["0" * 64],
        "token": ["0" * 64],
        "object_id": ["1", case.uuid],
        "app_label": ["accounts", "casework"],
        "path": ["1", "casework/case/1/change"],
        "url": ["casework/case/", "casework/case/1/change/"],
        "content_type_id": [str(n) for n in range(1, 25)],
    }
    found = [one for one in filled(patterns(), table) if not one.startswith("/static/")]
    chosen = [one for one in found if only in one] if only else found
    asked = [f"{one}?q={PREFIX}" for one in chosen if one.endswith(("zoeken/", "zaken/"))]
    return [*chosen, *asked, *(f"{one}?as_of=1" for one in chosen if "bevindingen" in one or "findings" in one)]


def read(client: Client, address: str, method: str = "get") -> tuple[int, bytes]:
    """Return the status of an answer, and everything in it: headers and body, unpacked."""
    response = getattr(client, method)(address)
    body = b"".join(response) if isinstance(response, StreamingHttpResponse) else response.content  # type: ignore[arg-type]
    assert isinstance(response, HttpResponse | StreamingHttpResponse)
    if response.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    headers = "\n".join(f"{name}: {value}" for name, value in response.items()).encode()
    return response.status_code, headers + b"\n\n" + body


def words(text: bytes) -> set[str]:
    """Return the steps of which something is in an answer."""
    return {one.decode().removeprefix("zeepaard") for one in WORD.findall(text)}


def leaks(client: Client, found: list[str], allowed: set[str], logged: set[str]) -> list[str]:
    """Return the addresses that tell more than they may."""
    wrong = []
    for address in found:
        may = logged if "as_of" in address or "/leveringen/" in address or "/deliveries/" in address else allowed
        status, text = read(client, address)
        if words(text) - may:
            wrong.append(f"{status} {address}: {sorted(words(text) - may)}")
    return wrong


def test_public_reads_what_is_decided_and_nothing_else(
    told: tuple[str, Place, Case], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    state, place, case = told
    caplog.set_level(logging.DEBUG)
    may = PRESENT.get(state, set())
    found = addresses(case)
    assert len(found) > 150
    assert leaks(place.visitor(), found, may, IN_THE_LOG.get(state, may)) == []
    assert not WORD.search(caplog.text.encode())
    assert not WORD.search("".join(capfd.readouterr()).encode())

    names = [case.number, case.uuid]
    if state not in PRESENT and state not in ("withheld", "reconsidering"):
        names.append(case.publication)
    for address in ("/bevindingen/", "/bevindingen/feed/", "/api/findings/", "/zoeken/?q=GB-2026", "/leveringen/"):
        text = read(place.visitor(), address)[1].decode()
        assert [name for name in names if name in text] == [], address
    on_disk = [words(file.read_bytes()) for file in place.home.rglob("*") if file.is_file()]
    assert set().union(*on_disk) == IN_THE_LOG.get(state, may)


def test_stranger_who_is_signed_in_reads_no_more_than_the_public(told: tuple[str, Place, Case]) -> None:
    state, place, case = told
    may = PRESENT.get(state, set())
    found = [one for part in ("/werk/", "/zoeken/", "/bevindingen/", "findings") for one in addresses(case, only=part)]
    for who in STRANGERS:
        admin = addresses(case, only="/beheer/") if who == "superuser" and state in ("hearing", "published") else []
        assert leaks(place.visitor(who), found + admin, may, IN_THE_LOG.get(state, may)) == [], who


def test_company_reads_its_own_part(told: tuple[str, Place, Case]) -> None:
    state, place, case = told
    may = COMPANY.get(state, set()) | PRESENT.get(state, set())
    found = [one for part in ("/werk/", "/zoeken/", "/bevindingen/", "findings") for one in addresses(case, only=part)]
    client = place.visitor("company")
    assert leaks(client, found, may, may | IN_THE_LOG.get(state, set())) == []
    # without these the tests would pass on a site that shows nothing
    assert "begin" in words(read(place.visitor("writer"), f"/werk/zaken/{case.number}/")[1])
    assert words(read(place.visitor("reviewer"), f"/werk/zaken/?q={PREFIX}")[1])
    assert words(read(place.visitor(), f"/bevindingen/{case.publication}/")[1]) == PRESENT.get(state, set())
    page = words(read(client, f"/werk/zaken/{case.number}/")[1])
    assert page == COMPANY.get(state, set()) - ({"begin", "publish"} if state == "correcting" else set()) - (
        {"publish"} if state in ("withdrawing", "withdrawn") else set()
    )


def test_hidden_case_answers_as_one_that_is_not_there(told: tuple[str, Place, Case]) -> None:
    state, place, case = told
    readers = [None, *STRANGERS, *(["company"] if state not in COMPANY else [])]
    for who, method in itertools.product(readers, ("get", "head", "post")):
        client = place.visitor(who)
        for form in ("/werk/zaken/{}/", "/werk/zaken/{}/stap/answer/", "/werk/zaken/{}/taak/"):
            for hidden, nowhere in ((case.number, "GB-2026-999999"), (case.uuid, NOWHERE)):
                answers = [answered(client, form, name, method) for name in (hidden, nowhere)]
                assert answers[0] == answers[1], (form, who, method)


def answered(client: Client, form: str, name: str, method: str) -> tuple[int, bytes, int]:
    """Return an answer without the name that was asked and what is by chance, and how often the database was asked."""
    with CaptureQueriesContext(connection) as asked:
        status, text = read(client, form.format(name), method)
    plain = re.sub(
        rb'(csrfmiddlewaretoken" value="|csrftoken=|sessionid=)[^";]*', b"", text.replace(name.encode(), b"X")
    )
    return status, re.sub(rb"(?i)expires=[^;]*|content-length: \d+", b"", plain), len(asked)


def test_finding_that_is_not_public_answers_as_one_that_is_not_there(told: tuple[str, Place, Case]) -> None:
    state, place, case = told
    if state in PRESENT or state in ("withheld", "reconsidering"):
        return
    client = place.visitor()
    for form in ("/bevindingen/{}/", "/en/bevindingen/{}/", "/api/findings/{}/", "/bevindingen/{}/?as_of=1"):
        for method in ("get", "head"):
            answers = []
            for name in (case.publication, case.uuid, NOWHERE):
                status, text = read(client, form.format(name), method)
                plain = re.sub(rb"(?i)etag: [^\n]*", b"", text.replace(name.encode(), b"X"))
                answers.append((status, plain))
            assert answers[0][0] == 404
            assert answers[0] == answers[1] == answers[2]
