"""Lists of cases, of mail and of what was found say how many there are, and lead to every one of them by links."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from tests.services.casework.mails import MAIL
from tests.services.casework.people import NOW
from tests.web.working import Place

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import case_mail_in, opening, paging, sites
from goedebuur.store.casework import messages
from goedebuur.web import record as web_record


@pytest.fixture(autouse=True)
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page have two rows."""
    monkeypatch.setattr(paging, "A_PAGE", 2)


def walk(client: Client, address: str) -> list[str]:
    """Return the pages of a list, by following what leads on."""
    pages = [client.get(address).content.decode()]
    while onward := re.search(r'rel="next" href="([^"]*)"', pages[-1]):
        there = unescape(onward[1])
        address = there if there.startswith("/") else address.split("?")[0] + there
        pages.append(client.get(address).content.decode())
    return pages


def cases_of(page: str) -> list[str]:
    return re.findall(r'href="/werk/zaken/(GB-\d+-\d+)/"', page)


@pytest.mark.parametrize("address", ["/werk/", "/werk/zaken/", "/werk/zaken/?q=stof&kind=finding"])
def test_every_case_is_on_one_page_and_each_page_says_how_many_there_are(place: Place, address: str) -> None:
    made = {place.story.begin().case.number for _ in range(5)}
    pages = walk(place.visitor("writer"), address)
    assert [len(cases_of(page)) for page in pages] == [2, 2, 1]
    assert {number for page in pages for number in cases_of(page)} == made
    assert "De eerste 2 van 5" in pages[0]
    assert "3 tot en met 4 van 5" in pages[1]
    assert "5 tot en met 5 van 5" in pages[2]
    assert 'rel="prev"' not in pages[0]


def test_pages_keep_what_was_asked(place: Place) -> None:
    for _ in range(3):
        place.story.begin()
    page = place.visitor("writer").get("/werk/zaken/?q=stof&kind=finding").content.decode()
    (onward,) = re.findall(r'rel="next" href="([^"]*)"', page)
    assert unescape(onward) == "?q=stof&kind=finding&page=2"


def test_count_holds_only_what_the_reader_may_see(place: Place) -> None:
    for _ in range(3):
        place.story.begin()
    place.travel((("writer", "submit"), ("officer", "notify")))
    page = place.visitor("company").get("/werk/zaken/").content.decode()
    assert len(cases_of(page)) == 1
    assert "gb-paging" not in page


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "1000000"])
def test_number_of_a_page_that_is_none_is_refused(place: Place, wrong: str) -> None:
    assert place.visitor("writer").get(f"/werk/zaken/?page={wrong}").status_code == 400


def test_closed_mail_is_paged_apart_from_what_waits(place: Place) -> None:
    for number in range(5):
        mail = MAIL.replace(b"GB-2026-000001", b"").replace(b"<one@", b"<%d@" % number)
        case_mail_in.take(place.home, mail.replace(b"Antwoord in", b"Mail %d" % number), "x.eml", NOW)
    client = place.visitor("officer")
    waits = [one.id for one in messages.without_case(closed=False, start=0, limit=9)]
    for one in waits[:3]:
        assert client.post(f"/werk/post/{one}/", {"do": "close", "reason": "Reclame."}).status_code == 302
    page = client.get("/werk/post/").content.decode()
    assert "Wacht (2)" in page
    assert "Gesloten (3)" in page
    assert page.count("De eerste 2 van 3") == 1
    second = client.get("/werk/post/?closed=2").content.decode()
    assert "3 tot en met 3 van 3" in second
    assert re.findall(r'id="mail-(\d+)"', second) == [str(one) for one in (*waits[3:], waits[0])]
    # what is filled in wrongly comes back on the page where it stood
    wrong = client.post(f"/werk/post/{waits[0]}/?closed=2", {"do": "place", "case": "GB-2026-000009"})
    assert wrong.status_code == 422
    assert "GB-2026-000009" in wrong.content.decode()


def test_search_leads_to_everything_that_it_found(place: Place) -> None:
    record = opening.to_write(settings.GOEDEBUUR)
    assert record is not None
    sites.put(record, [Site(f"oven-{i}", (Dated(f"Oven {i}"),), simulated=True) for i in range(5)], NOW)
    record.close()
    web_record.close_all()
    for _ in range(3):
        place.story.begin()
    page = place.visitor().get("/zoeken/?q=oven").content.decode()
    assert "De eerste 2 van 6" in page  # five ovens, and the blast furnace
    pages = walk(place.visitor(), "/zoeken/?q=oven")
    found = [one for page in pages for one in re.findall(r'href="/locaties/([^"/]+)/"', page)]
    assert sorted(found) == [*sorted({"hoogoven-noord", *(f"oven-{i}" for i in range(5))})]
    assert "Toon alles wat gevonden is" in pages[1]
    assert place.visitor().get("/zoeken/?q=oven&kind=x").status_code == 400


def test_search_counts_the_cases_that_it_found_and_leads_to_the_list_of_them(place: Place) -> None:
    made = {place.story.begin().case.number for _ in range(3)}
    pages = walk(place.visitor("writer"), "/zoeken/?q=grens")
    assert "De eerste 2 van 3" in pages[0]
    assert {number for page in pages for number in cases_of(page)} == made
