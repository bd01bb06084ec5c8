"""Pages of cases and findings, as the people use them: forms, conflicts, following, and other case systems."""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError
from django.test import Client
from tests.services.casework.mails import MAIL
from tests.services.casework.people import AUTHORITY, NOW, OPERATOR, ROADS, SITE
from tests.web.working import Place

from goedebuur.services import case_mail_in, case_tokens, casework, subscribing
from goedebuur.store.accounts.models import User
from goedebuur.store.casework import cases as store
from goedebuur.store.casework.models import Case, Message

PASSWORD = "a long enough password"
ATOM = "{http://www.w3.org/2005/Atom}"


def begin(place: Place, road: str) -> Case:
    place.story.begin()
    place.travel(ROADS[road])
    return Case.objects.get()


def revision(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


def test_pages_for_work_ask_whoever_is_not_signed_in_to_sign_in(place: Place) -> None:
    for address in ("/werk/", "/werk/zaken/", "/werk/zaken/nieuw/", "/werk/zaken/GB-2026-000001/"):
        answer = place.visitor().get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/werk/inloggen/?next={address}")


def test_someone_signs_in_works_and_signs_out(place: Place) -> None:
    user = User.objects.get(email="writer@example.org")
    user.set_password(PASSWORD)
    user.save()
    client = place.visitor()
    wrong = client.post("/werk/inloggen/", {"username": user.email, "password": "wrong"})
    assert "horen niet bij elkaar" in wrong.content.decode()
    right = client.post(
        "/werk/inloggen/", {"username": "Writer@example.org", "password": PASSWORD, "next": "/werk/zaken/"}
    )
    assert (right.status_code, right["Location"]) == (302, "/werk/zaken/")
    page = client.get("/werk/")
    assert page["Cache-Control"] == "no-store, private"
    assert client.get("/werk/uitloggen/").status_code == 405
    assert client.post("/werk/uitloggen/").status_code == 302
    assert client.get("/werk/").status_code == 302


def test_sign_in_leads_to_no_other_site(place: Place) -> None:
    user = User.objects.get(email="writer@example.org")
    user.set_password(PASSWORD)
    user.save()
    form = {"username": user.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert place.visitor().post("/werk/inloggen/", form)["Location"] == "/werk/"


def test_writer_makes_a_finding_in_the_form_and_it_says_what_lacks(place: Place) -> None:
    client = place.visitor("writer")
    page = client.get("/werk/zaken/nieuw/").content.decode()
    assert "Hoogoven Noord BV" in page
    form = {"kind": "finding", "authority": AUTHORITY, "subject": "Stof", "text": "Regel 1\r\nRegel 2", "sites": SITE}
    lacking = client.post("/werk/zaken/nieuw/", form)
    assert lacking.status_code == 422
    assert "Kies het bedrijf waar het over gaat." in lacking.content.decode()
    assert "Regel 1" in lacking.content.decode()
    made = client.post("/werk/zaken/nieuw/", {**form, "operators": OPERATOR})
    assert made.status_code == 302
    assert Case.objects.get().text == "Regel 1\nRegel 2"
    assert client.get(made["Location"]).status_code == 200


def test_whole_way_of_a_finding_by_the_pages_alone(place: Place) -> None:
    case = begin(place, "draft")
    page = f"/werk/zaken/{case.number}/"

    def step(who: str, event: str, **fields: str) -> None:
        client = place.visitor(who)
        form = {"revision": revision(client.get(page).content.decode()), **fields}
        answer = client.post(f"{page}stap/{event}/", form)
        assert answer.status_code == 302, re.findall(r"<strong>([^<]*)", answer.content.decode())

    step("writer", "submit")
    step("officer", "notify", length_amount="4", length_unit="weeks")
    step("company", "answer", answer="Wij zijn het er niet mee eens.")
    step("officer", "publish", reason="Het gaat om uitstoot.", publish_on="")
    # the key of the log is here: with the decision it is public
    assert store.find(case.number).state == "published"  # type: ignore[union-attr]
    public = place.visitor().get(f"/bevindingen/{case.publication}/").content.decode()
    for said in (
        "Wij zijn het er niet mee eens.",
        "Het gaat om uitstoot.",
        "3 oktober",
        "Hoogoven Noord BV",
        "Omgevingsdienst",
    ):
        assert said in public
    step("officer", "withdraw", reason="De meting was van een ander.")
    gone = place.visitor().get(f"/bevindingen/{case.publication}/").content.decode()
    assert "De meting was van een ander." in gone
    assert "3 oktober lag" not in gone
    before = place.visitor().get(f"/bevindingen/{case.publication}/?as_of=2").content.decode()
    assert "3 oktober lag" in before
    assert "De meting was van een ander." in before


def test_second_of_two_officers_sees_what_the_first_did_and_keeps_what_was_typed(place: Place) -> None:
    case = begin(place, "in_review")
    page = f"/werk/zaken/{case.number}/"
    first, second = place.visitor("officer"), place.visitor("second_officer")
    seen = revision(second.get(page).content.decode())
    assert first.post(f"{page}stap/return/", {"revision": seen, "reason": "De datum klopt niet."}).status_code == 302
    answer = second.post(f"{page}stap/return/", {"revision": seen, "reason": "Mijn reden van drie alinea's."})
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Iemand anders veranderde deze zaak intussen." in said
    assert "officer@example.org: Terug naar de schrijver – De datum klopt niet." in said
    assert [one.name for one in store.events(str(case.uuid))] == ["created", "submit", "return"]


def test_step_that_lacks_something_keeps_what_was_typed(place: Place) -> None:
    case = begin(place, "answered")
    client = place.visitor("officer")
    page = f"/werk/zaken/{case.number}/"
    form = {
        "revision": revision(client.get(page).content.decode()),
        "reason": "Mijn lange reden.",
        "publish_on": "gisteren",
    }
    answer = client.post(f"{page}stap/publish/", form)
    assert answer.status_code == 422
    assert "Mijn lange reden." in answer.content.decode()
    assert "Geef een dag als 2027-01-31." in answer.content.decode()


def test_page_of_a_published_case_says_when_and_how_its_term_was_closed(place: Place) -> None:
    number = begin(place, "published").number
    for who in ("officer", "company"):
        page = place.visitor(who).get(f"/werk/zaken/{number}/").content.decode()
        assert "gesloten op 2 november 2026" in page
        assert "Het bedrijf antwoordde." in page
        assert "dagen" not in page.partition("Termijn")[2].partition("</dd>")[0]
    row = place.visitor("officer").get("/werk/zaken/").content.decode().partition("</thead>")[2]
    assert "(gesloten)" in row


def test_page_says_why_staff_cannot_replace_an_answer_of_the_company(place: Place) -> None:
    page = f"/werk/zaken/{begin(place, 'answered').number}/"
    for_staff = place.visitor("officer").get(page).content.decode()
    assert "stap/answer/" not in for_staff
    assert "Dit kan niet: Antwoord vervangen. Het bedrijf antwoordde zelf" in for_staff
    assert "stap/answer/" in place.visitor("company").get(page).content.decode()


@pytest.mark.parametrize("revision", ["", "-1", "x", "9" * 30, "1"])
def test_step_without_the_right_revision_changes_nothing(place: Place, revision: str) -> None:
    case = begin(place, "in_review")
    answer = place.visitor("officer").post(
        f"/werk/zaken/{case.number}/stap/return/", {"revision": revision, "reason": "x"}
    )
    assert answer.status_code == 409
    assert store.find(case.number).state == "in_review"  # type: ignore[union-attr]


def test_step_without_the_token_of_the_form_is_refused(place: Place) -> None:
    case = begin(place, "in_review")
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        User.objects.get(email="officer@example.org"), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.post(f"/werk/zaken/{case.number}/stap/return/", {"revision": "2", "reason": "x"})
    assert answer.status_code == 403
    assert store.find(case.number).state == "in_review"  # type: ignore[union-attr]


def test_parties_and_tasks_are_kept_by_the_page(place: Place) -> None:
    case = begin(place, "draft")
    client, page = place.visitor("officer"), f"/werk/zaken/{case.number}/"
    assert client.post(f"{page}betrokkene/", {"relation": "adviser", "party": "GGD Eendorp"}).status_code == 302
    assert client.post(f"{page}betrokkene/", {"relation": "adviser"}).status_code == 422
    task = {"title": "Meten", "assignee": "writer@example.org", "due": "2026-11-09"}
    assert client.post(f"{page}taak/", task).status_code == 302
    assert "GGD Eendorp" in client.get(page).content.decode()
    assert "Meten" in place.visitor("writer").get("/werk/").content.decode()
    assert client.get(f"{page}taak/").status_code == 405


def test_feed_tells_every_change_once_and_takes_back_the_words_of_what_was_withdrawn(place: Place) -> None:
    begin(place, "withdrawn")
    feed = ElementTree.fromstring(place.visitor().get("/bevindingen/feed/").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Bevinding ingetrokken", "Bevinding openbaar gemaakt"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 2
    assert "grens" not in ElementTree.tostring(feed, "unicode")


def test_page_of_a_site_names_its_findings_and_marks_one_that_was_withdrawn(place: Place) -> None:
    begin(place, "published")
    page = place.visitor().get(f"/locaties/{SITE}/").content.decode()
    assert "Stof boven de grens begin" in page
    place.story.act("officer", "withdraw")
    place.settle()
    page = place.visitor().get(f"/locaties/{SITE}/").content.decode()
    assert "Stof boven de grens begin" not in page
    assert "Ingetrokken" in page


def test_finding_as_data_is_what_stands_under_its_leaf(place: Place) -> None:
    case = begin(place, "published")
    found = json.loads(place.visitor().get(f"/api/findings/{case.publication}/").content)
    assert (found["version"], found["operators"], found["leaf"]) == ("published", [OPERATOR], 1)
    (listed,) = json.loads(place.visitor().get("/api/findings/").content)["findings"]
    assert listed["id"] == found["id"]
    assert json.loads(place.visitor().get("/api/findings/?as_of=1").content)["findings"] == []


def test_reader_follows_confirms_and_stops(place: Place) -> None:
    client = place.visitor()
    assert client.post("/bevindingen/volgen/", {"email": "geen adres"}).status_code == 422
    assert "onderweg" in client.post("/bevindingen/volgen/", {"email": "a@example.net"}).content.decode()
    # an address that follows already, or not, gets the same answer
    assert "onderweg" in client.post("/bevindingen/volgen/", {"email": "a@example.net"}).content.decode()
    link = re.search(r"/bevindingen/volgen/[0-9a-f]{64}/", Message.objects.get().body)
    assert link
    client.get(link[0])
    assert not subscribing.subscribers.following([])
    client.post(link[0], {"do": "confirm"})
    assert [one.email for one in subscribing.subscribers.following([])] == ["a@example.net"]
    assert "weg" in client.post(link[0], {"do": "stop"}).content.decode()
    assert subscribing.subscribers.following([]) == []


def test_search_box_finds_sites_findings_and_for_who_may_see_them_cases(place: Place) -> None:
    case = begin(place, "published")
    page = place.visitor().get("/zoeken/?q=oogoven").content.decode()
    assert "/locaties/hoogoven-noord/" in page
    assert f"/bevindingen/{case.publication}/" in place.visitor().get("/zoeken/?q=STOF+grens").content.decode()
    assert case.number not in place.visitor("other_authority").get("/zoeken/?q=stof").content.decode()
    assert case.number in place.visitor("writer").get("/zoeken/?q=stof").content.decode()
    assert "Nergens staan al deze woorden in." in place.visitor().get("/zoeken/?q=zeppelin").content.decode()
    assert place.visitor().get(f"/zoeken/?q={'x' * 201}").status_code == 400


def test_error_in_a_page_for_work_is_told_without_a_word_of_the_case(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case = begin(place, "draft")

    def fail(*args: object) -> None:
        raise ValueError("ZEEPAARD: de tekst van de zaak")

    monkeypatch.setattr(casework, "days_left", fail)
    client = place.visitor("writer")
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = client.get(f"/werk/zaken/{case.number}/")
    assert answer.status_code == 500
    assert "ZEEPAARD" not in caplog.text + answer.content.decode()


@pytest.mark.parametrize(
    ("address", "broken"),
    [
        ("/bevindingen/volgen/", (subscribing, "ask")),
        ("/en/bevindingen/volgen/", (subscribing, "ask")),
        ("/beheer/accounts/user/add/", (User, "save")),
    ],
)
@pytest.mark.parametrize("kind", [DatabaseError, ValueError])
def test_error_in_a_page_that_takes_an_address_says_nothing_of_it_in_the_log(
    address: str,
    broken: tuple[object, str],
    kind: type[Exception],
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    User.objects.create_superuser("superuser@example.org")
    client = place.visitor("superuser")
    client.raise_request_exception = False

    def fail(*args: object, **kwargs: object) -> None:
        raise kind("DETAIL: Key (email)=(resident@example.net) already exists.")

    monkeypatch.setattr(*broken, fail)
    with caplog.at_level(logging.INFO):
        answer = client.post(address, {"email": "resident@example.net", "usable_password": "false"})
    assert answer.status_code >= 500
    assert caplog.records
    assert "resident" not in caplog.text + answer.content.decode()


def test_case_system_reads_the_cases_of_its_authority_with_a_token_and_no_others(place: Place) -> None:
    case = begin(place, "hearing")
    token = case_tokens.make(AUTHORITY, "002220647", "zaaksysteem", NOW)
    other = case_tokens.make("dcmr", "002220647", "zaaksysteem", NOW)
    client = place.visitor()
    listing, one = "/api/zgw/zaken/v1/zaken", f"/api/zgw/zaken/v1/zaken/{case.uuid}"
    for headers in ({}, {"HTTP_AUTHORIZATION": "Bearer x"}, {"HTTP_AUTHORIZATION": token}):
        assert client.get(listing, **headers).status_code == 401  # type: ignore[arg-type]
    found = json.loads(client.get(one, HTTP_AUTHORIZATION=f"Bearer {token}").content)
    assert found == json.loads(client.get(listing, HTTP_AUTHORIZATION=f"Bearer {token}").content)["results"][0]
    assert (found["identificatie"], found["bronorganisatie"]) == (case.number, "002220647")
    assert (found["startdatum"], found["uiterlijkeEinddatumAfdoening"]) == ("2026-11-02", "2026-11-30")
    assert found["url"] == f"http://testserver{one}"
    assert json.loads(client.get(found["zaaktype"]).content)["omschrijvingGeneriek"] == "Toezicht uitvoeren"
    assert "grens" not in json.dumps(found)
    hidden = client.get(one, HTTP_AUTHORIZATION=f"Bearer {other}")
    nowhere = client.get(
        one.replace(str(case.uuid), "0" * 8 + str(case.uuid)[8:]), HTTP_AUTHORIZATION=f"Bearer {other}"
    )
    assert hidden.status_code == nowhere.status_code == 404
    assert json.loads(client.get(listing, HTTP_AUTHORIZATION=f"Bearer {other}").content)["count"] == 0
    case_tokens.end(AUTHORITY, "zaaksysteem", NOW)
    assert client.get(listing, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_list_for_a_case_system_has_pages_and_finds_a_case_on_any_of_them(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_tokens, "PAGE", 2)
    for _ in range(3):
        place.story.begin()
    token = case_tokens.make(AUTHORITY, "002220647", "zaaksysteem", NOW)
    listing = "/api/zgw/zaken/v1/zaken"

    def read(address: str) -> dict[str, Any]:
        answer = place.visitor().get(address, HTTP_AUTHORIZATION=f"Bearer {token}")
        return json.loads(answer.content) | {"status": answer.status_code}

    first = read(listing)
    second = read(str(first["next"]))
    assert [len(first["results"]), len(second["results"]), first["count"], second["count"]] == [2, 1, 3, 3]
    assert (first["previous"], second["next"]) == (None, None)
    assert read(str(second["previous"]))["results"] == first["results"]
    every = {one["identificatie"] for one in (*first["results"], *second["results"])}
    assert len(every) == 3
    for number in every:
        assert [one["identificatie"] for one in read(f"{listing}?identificatie={number}")["results"]] == [number]
    for wrong in ("0", "-1", "x", "²", "99999999"):
        assert read(f"{listing}?page={wrong}")["status"] == 400


def test_case_that_changes_while_the_list_is_read_is_not_passed_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_tokens, "PAGE", 2)
    oldest = place.story.begin().case.uuid
    for _ in range(2):
        place.story.begin()
    token = case_tokens.make(AUTHORITY, "002220647", "zaaksysteem", NOW)
    header = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    first = json.loads(place.visitor().get("/api/zgw/zaken/v1/zaken", **header).content)  # type: ignore[arg-type]
    place.story.uuid = oldest
    place.story.wait(1)
    place.story.act("writer", "submit")
    place.story.begin()
    second = json.loads(place.visitor().get(first["next"], **header).content)  # type: ignore[arg-type]
    read = [one["identificatie"] for one in (*first["results"], *second["results"])]
    assert read == [f"GB-2026-00000{number}" for number in range(1, 5)]


def test_administrator_of_the_site_finds_no_case_under_beheer(place: Place) -> None:
    begin(place, "hearing")
    User.objects.create_superuser("superuser@example.org")
    page = place.visitor("superuser").get("/beheer/").content.decode()
    assert "casework" not in page
    assert place.visitor("superuser").get("/beheer/casework/case/").status_code == 404


def test_file_of_a_mail_is_kept_and_never_shown_by_the_browser(place: Place) -> None:
    case = begin(place, "hearing")
    hostile = MAIL.replace(b"application/pdf", b"text/html").replace(b"../../etc/passwd.pdf", b'a\\"b.html')
    case_mail_in.take(place.home, hostile, "one.eml", NOW)
    page = place.visitor("writer").get(f"/werk/zaken/{case.number}/").content.decode()
    links = re.findall(r'href="(/werk/zaken/[^"]*/bestand/[0-9a-f]{64}/)"', page)
    assert len(links) == 2
    answer = place.visitor("writer").get(links[1])
    assert answer.content == b"%PDF-1.4"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store, private"
    for who in ("company", "other_authority", "administrator"):
        assert place.visitor(who).get(links[1]).status_code == 404
    assert place.visitor().get(links[1]).status_code == 302
    assert place.visitor("writer").get(links[1].replace(links[1][-20:-1], "0" * 19)).status_code == 404


def test_officer_handles_mail_that_names_no_case_on_its_page(place: Place) -> None:
    case = begin(place, "hearing")
    for name in (b"one", b"two"):
        data = MAIL.replace(b"GB-2026-000001", b"").replace(b"<one@", b"<" + name + b"@")
        case_mail_in.take(place.home, data, "x.eml", NOW)
    client, (first, second) = place.visitor("officer"), Message.objects.filter(direction="in").order_by("pk")
    page = client.get("/werk/post/").content.decode()
    assert "Wacht (2)" in page
    assert page.count("Antwoord in zaak") == 2
    (link, *_) = re.findall(rf'href="(/werk/post/{first.pk}/bestand/[0-9a-f]+/)"', page)
    assert client.get(link)["Content-Disposition"] == 'attachment; filename="bericht.eml"'
    assert client.get(link.replace(f"/{first.pk}/", f"/{10**20}/")).status_code == 404
    wrong = client.post(f"/werk/post/{first.pk}/", {"do": "place", "case": "GB-2026-000009"})
    assert wrong.status_code == 422
    assert "GB-2026-000009" in wrong.content.decode()
    assert client.post(f"/werk/post/{second.pk}/", {"do": "close", "reason": ""}).status_code == 422
    placed = client.post(f"/werk/post/{first.pk}/", {"do": "place", "case": case.number})
    assert (placed.status_code, placed["Location"]) == (302, f"/werk/zaken/{case.number}/")
    assert "Bij deze zaak gezet door officer@example.org" in client.get(placed["Location"]).content.decode()
    assert client.post(f"/werk/post/{second.pk}/", {"do": "close", "reason": "Reclame."}).status_code == 302
    assert client.post(f"/werk/post/{second.pk}/", {"do": "close", "reason": "Reclame."}).status_code == 409
    assert "Gesloten door officer@example.org" in client.get("/werk/post/").content.decode()
    assert client.get(f"/werk/post/{first.pk}/").status_code == 405
    for who in ("writer", "company", "administrator"):
        assert place.visitor(who).get("/werk/post/").status_code == 404
        assert place.visitor(who).post(f"/werk/post/{second.pk}/", {"do": "close"}).status_code == 404
        assert "/werk/post/" not in place.visitor(who).get("/werk/").content.decode()
