"""The pages on which a decision is entered: who gets in, what a form keeps, and two people who save the same."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.services.deliveries import SIGNER, open_record
from tests.services.test_drafting import DECISION_FIELDS, LIMIT, SENTENCE, pdf

from goedebuur.core.casework.roles import Role, Seat
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.services import people, permits, sites
from goedebuur.store import keys
from goedebuur.store.accounts.models import User
from goedebuur.store.casework.models import Draft
from goedebuur.web import form_files
from goedebuur.web import record as web_record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORK = "/werk/vergunningen/"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    keys.create(tmp_path / "keys" / "log.key", SIGNER.name, lambda n: bytes(range(n)))
    record = open_record(tmp_path / "record")
    site = Site("centrale", (Dated("Voorbeeldcentrale"),), simulated=True)
    line = Installation("lijn-1", "centrale", (Dated("verbrandingslijn 1"),))
    point = EmissionPoint("schoorsteen-1", "centrale", "stack", (Dated("schoorsteen 1"),), ("lijn-1",))
    sites.put(record, [site, line, point], NOW)
    record.close()
    configured = dataclasses.replace(settings.GOEDEBUUR, home=tmp_path)
    with override_settings(GOEDEBUUR=configured, ALLOWED_HOSTS=["testserver"]):
        yield tmp_path
    web_record.close_all()


def someone(name: str, role: Role = Role.PERMIT_WRITER, authority: str = "gs") -> Client:
    user = User.objects.create_user(f"{name.lower()}@example.org", None, name=name)
    people.give(user.email, Seat(role, authority), NOW)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ada(home: Path) -> Client:
    return someone("Ada")


@pytest.fixture
def bo(home: Path) -> Client:
    return someone("Bo", Role.REVIEWER)


@pytest.fixture
def draft(ada: Client) -> str:
    """The address of a draft of Ada with one limit."""
    address = ada.post(f"{WORK}nieuw/", {**DECISION_FIELDS, "for": "gs"}).headers["Location"]
    added = ada.post(f"{address}voorschrift/", {**LIMIT, "installations": "lijn-1", "do": "save"})
    assert added.headers["Location"] == address
    return address


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store, private" or status >= 400
    return answer.content.decode()


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found.group(1)


def every_address(draft: str) -> list[str]:
    key = Draft.objects.get().body["conditions"][0]["key"]
    parts = ("", "besluit/", "voorschrift/", f"voorschrift/{key}/", "document/", "controle/", "controle/decision/")
    return [WORK, f"{WORK}nieuw/", f"{WORK}rekenblad/", *(f"{draft}{one}" for one in (*parts, "publiceren/"))]


def test_whoever_is_not_signed_in_is_asked_to(draft: str) -> None:
    for address in (*every_address(draft), f"{WORK}formulier.xlsx"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert f"next={address}" in answer.headers["Location"]


def test_permit_writer_of_another_authority_finds_no_draft(draft: str) -> None:
    other = someone("Cas", authority="od")
    page = text(other, WORK)
    assert "Er zijn geen besluiten in bewerking" in page
    for address in every_address(draft):
        if address.startswith(draft):
            body = text(other, address, 404)
            assert "vb-1" not in body


def test_what_a_person_may_not_do_is_said_with_what_to_do(ada: Client, bo: Client, draft: str) -> None:
    for client, address, data, status, said in (
        (bo, f"{draft}voorschrift/c1/", None, 403, "Vraag de beheerder om een rol"),
        (ada, f"{draft}voorschrift/c9/", None, 404, "Misschien is het eruit gehaald"),
        (ada, f"{draft}document/{'a' * 64}/", None, 404, "Misschien is het eruit gehaald"),
        (ada, f"{WORK}999/", None, 404, "Kies er een uit de lijst"),
        (ada, f"{draft}controle/c1/", {"do": "right", "seen": "99"}, 403, "Vraag een collega"),
    ):
        answer = client.get(address) if data is None else client.post(address, data)
        assert answer.status_code == status, address
        assert said in answer.content.decode(), address


def test_every_page_opens_in_both_languages(ada: Client, draft: str) -> None:
    for address in every_address(draft):
        answer = ada.get(address, follow=True)
        assert answer.status_code == 200, address
        assert ada.get(f"/en{address}", follow=True).status_code == 200


def test_form_keeps_what_was_typed_also_where_it_is_wrong(ada: Client, draft: str) -> None:
    answer = ada.post(f"{draft}voorschrift/", {**LIMIT, "number": "3.1.2", "value": "1.250", "do": "next"}, follow=True)
    page = answer.content.decode()
    assert 'value="1.250"' in page
    assert "De punt kan hier duizendtallen of decimalen scheiden" in page
    assert 'aria-invalid="true"' in page


def test_next_condition_begins_with_the_circumstances_of_the_one_before(ada: Client, draft: str) -> None:
    page = text(ada, f"{draft}voorschrift/?after=c1")
    assert 'name="number" value="3.1.2"' in page
    assert '<option value="day" selected>' in page
    assert '<option value="mg/Nm³" selected>' in page
    assert re.search(r'value="lijn-1" checked', page)
    assert 'name="value" value=""' in page


def test_looking_saves_nothing_and_says_how_the_program_reads_it(ada: Client, draft: str) -> None:
    before = Draft.objects.get().revision
    answer = ada.post(f"{draft}voorschrift/", {**LIMIT, "number": "3.1.2", "do": "look"})
    assert "hoogstens 80 mg/Nm³ stikstofoxiden" in answer.content.decode()
    assert Draft.objects.get().revision == before


def test_what_is_typed_is_shown_as_text_and_never_as_markup(ada: Client, bo: Client, draft: str) -> None:
    typed = "<script>alert(1)</script>"
    ada.post(f"{draft}voorschrift/c1/", {**LIMIT, "text": typed, "substance": typed, "do": "save", "seen": "9"})
    for client, address in ((ada, draft), (ada, f"{draft}voorschrift/c1/"), (bo, f"{draft}controle/c1/")):
        page = text(client, address)
        assert typed not in page
        assert "&lt;script&gt;" in page


def test_second_to_save_the_same_condition_sees_both_and_loses_nothing(ada: Client, draft: str) -> None:
    other = someone("Cas")
    page = text(ada, f"{draft}voorschrift/c1/")
    other.post(f"{draft}voorschrift/c1/", {**LIMIT, "value": "70", "do": "save", "seen": seen(page)})
    mine = {**LIMIT, "value": "60", "oxygen": "11", "do": "save", "seen": seen(page)}
    answer = ada.post(f"{draft}voorschrift/c1/", mine)
    assert answer.status_code == 409
    both = answer.content.decode()
    for said in (
        "Cas bewaarde dit terwijl u typte",
        "<strong>70</strong>",
        "<strong>60</strong>",
        "<strong>11</strong>",
    ):
        assert said in both
    assert Draft.objects.get().body["conditions"][0]["fields"]["value"] == "70"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', both))
    hidden |= {"take-value": "theirs", "take-oxygen": "mine"}
    ada.post(f"{draft}beide/c1/", hidden)
    fields = Draft.objects.get().body["conditions"][0]["fields"]
    assert (fields["value"], fields["oxygen"]) == ("70", "11")


def test_two_people_on_different_conditions_both_save(ada: Client, draft: str) -> None:
    other = someone("Cas")
    ada.post(f"{draft}voorschrift/", {**LIMIT, "number": "3.1.2", "do": "save"})
    old = seen(text(ada, f"{draft}voorschrift/c1/"))
    other.post(f"{draft}voorschrift/c2/", {**LIMIT, "number": "3.1.2", "value": "70", "do": "save", "seen": old})
    ada.post(f"{draft}voorschrift/c1/", {**LIMIT, "value": "60", "do": "save", "seen": old})
    values = [one["fields"]["value"] for one in Draft.objects.get().body["conditions"]]
    assert values == ["60", "70"]


def test_second_person_checks_part_by_part_and_publishes(ada: Client, bo: Client, draft: str) -> None:
    assert "ander kijkt het na" in text(ada, f"{draft}controle/c1/")
    address = bo.get(f"{draft}controle/").headers["Location"]
    for _ in range(2):
        page = text(bo, address)
        address = bo.post(address, {"do": "right", "seen": seen(page)}).headers["Location"]
    assert address == draft
    assert "voorgoed openbaar" in text(bo, f"{draft}publiceren/")
    assert "is openbaar, als blad" in bo.post(f"{draft}publiceren/", follow=True).content.decode()
    assert permits.find(web_record.opened(), "vb-1").permit.conditions[0].emission_points == ()
    assert ada.post(f"{draft}voorschrift/c1/", {**LIMIT, "value": "1", "do": "save", "seen": "99"}).status_code == 409


def test_published_decision_is_put_right_in_a_new_draft_that_is_checked_again_and_gives_its_reason(
    ada: Client, bo: Client, draft: str
) -> None:
    check_and_publish(bo, draft)
    new = ada.post(draft, {"do": "again"}).headers["Location"]
    assert new != draft
    ada.post(f"{new}voorschrift/c1/", {**LIMIT, "installations": "lijn-1", "value": "70", "do": "save", "seen": "99"})
    assert check_and_publish(bo, new).status_code == 422
    assert getattr(permits.find(web_record.opened(), "vb-1").permit.conditions[0].form, "value", "") == "80"
    assert bo.post(f"{new}publiceren/", {"reason": "tikfout"}).status_code == 302
    held = permits.find(web_record.opened(), "vb-1")
    assert getattr(held.permit.conditions[0].form, "value", "") == "70"
    assert held.leaves[-1][1] == "tikfout"


def check_and_publish(client: Client, draft: str) -> HttpResponse:
    for key in ("decision", "c1"):
        client.post(f"{draft}controle/{key}/", {"do": "right", "seen": "99"})
    answer = client.post(f"{draft}publiceren/")
    assert isinstance(answer, HttpResponse)
    return answer


def test_installation_without_the_key_of_the_log_says_so_and_publishes_nothing(
    bo: Client, draft: str, home: Path
) -> None:
    (home / "keys" / "log.key").unlink()
    web_record.close_all()
    for key in ("decision", "c1"):
        bo.post(f"{draft}controle/{key}/", {"do": "right", "seen": "99"})
    answer = bo.post(f"{draft}publiceren/")
    assert (answer.status_code, "sleutel is elders" in answer.content.decode()) == (503, True)
    assert Draft.objects.get().state == "open"


def test_what_a_colleague_hands_back_stands_at_the_condition(ada: Client, bo: Client, draft: str) -> None:
    page = text(bo, f"{draft}controle/c1/")
    bo.post(f"{draft}controle/c1/", {"do": "wrong", "remark": "getal klopt niet", "seen": seen(page)})
    assert "getal klopt niet" in text(ada, draft)
    assert "getal klopt niet" in text(ada, f"{draft}voorschrift/c1/")


def test_check_of_what_changed_meanwhile_asks_to_look_again(ada: Client, bo: Client, draft: str) -> None:
    old = seen(text(bo, f"{draft}controle/c1/"))
    ada.post(f"{draft}voorschrift/c1/", {**LIMIT, "value": "70", "do": "save", "seen": "99"})
    answer = bo.post(f"{draft}controle/c1/", {"do": "right", "seen": old}, follow=True)
    assert "gewijzigd terwijl u keek" in answer.content.decode()
    assert Draft.objects.get().body["conditions"][0]["checked_by"] is None


# -- files ------------------------------------------------------------------------------------------------------------


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_proposal_stands_beside_its_page_and_is_entered_only_by_a_person(ada: Client, draft: str) -> None:
    address = ada.post(f"{draft}document/", {"file": upload("b.pdf", pdf(SENTENCE))}).headers["Location"]
    assert "1 voorstellen, waarvan er 1 op u wachten" in text(ada, address)
    page = text(ada, f"{address}voorstel/0/")
    assert '<rect class="gb-mark"' in page
    assert len(Draft.objects.get().body["conditions"]) == 1
    image = ada.get(f"{address}1.png")
    assert (image.headers["Content-Type"], image.content[:4]) == ("image/png", b"\x89PNG")
    fields = {**LIMIT, "number": "3.1.9", "do": "accept"}
    assert ada.post(f"{address}voorstel/0/", fields).headers["Location"] == address
    assert len(Draft.objects.get().body["conditions"]) == 2
    assert ada.post(f"{address}voorstel/0/", fields).headers["Location"] == address
    assert len(Draft.objects.get().body["conditions"]) == 2


def test_file_that_cannot_be_read_says_in_dutch_what_to_do(ada: Client, draft: str) -> None:
    answer = ada.post(f"{draft}document/", {"file": upload("b.pdf", b"no pdf")})
    assert answer.status_code == 422
    assert "Dit is een ander soort bestand" in answer.content.decode()
    assert ada.post(f"{draft}document/", {}).status_code == 422


def test_template_is_given_and_a_filled_in_one_becomes_a_draft(ada: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ada.get(f"{WORK}formulier.xlsx").content))
    labels = {str(row[0].value).rstrip(" *"): row[0].row for row in book["Besluit"].iter_rows(min_row=2, max_col=1)}
    typed = {"Kenmerk in het register": "vb-2", "Soort besluit": "vergunning", "Locatie": "centrale", "Titel": "t"}
    typed |= {"Bevoegd gezag": "GS", "Zaaknummer": "2", "Wetsartikel": "Ow", "Datum van het besluit": "14-03-2026"}
    for label, value in {**typed, "Geldt vanaf": "1-5-2026", "Verzonnen voorbeeld": "ja"}.items():
        book["Besluit"].cell(labels[label], 2, value)
    sheet = book["Termijn"]
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    row = {"Nummer": "1.1", "Tekst zoals verleend": "x", "Wat gedaan moet zijn": "y", "Uiterlijk op": "31-12-2026"}
    for label, value in row.items():
        sheet.cell(3, columns[label], value)
    for wrong, status in (("31-02-2026", 422), ("31-12-2026", 302)):
        sheet.cell(3, columns["Uiterlijk op"], wrong)
        written = io.BytesIO()
        book.save(written)
        sent = {"file": upload("v.xlsx", written.getvalue()), "for": "gs", "do": "enter"}
        answer = ada.post(f"{WORK}rekenblad/", sent)
        assert answer.status_code == status
        if status == 422:
            assert "31-02-2026" in answer.content.decode()
            assert Draft.objects.count() == 0
    assert [one["fields"]["number"] for one in Draft.objects.get().body["conditions"]] == ["1.1"]


def test_form_larger_than_may_be_is_refused_before_it_is_kept(
    ada: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_files, "MOST", 1000)
    answer = ada.post(f"{draft}document/", {"file": upload("b.pdf", b"%PDF-" + b"x" * 2000)})
    assert answer.status_code in (400, 413)
    assert Draft.objects.get().body["documents"] == []


def test_what_holds_by_law_is_asked_and_shown_to_who_checks(ada: Client, bo: Client, draft: str) -> None:
    said = "Daarom zegt het register van geen grenswaarde dat zij geldt."
    for address in (draft, f"{draft}controle/decision/"):
        assert said in text(bo, address)
    page = text(ada, f"{draft}besluit/")
    assert "<code>bal.4.73</code> verbranden van afval" in page
    rules = {"general_rules": "bal.4.73; lijn-1; ; 11", "withheld": "bijlage 3; Woo 5.1(1)(c); 1-1-2031; nee"}
    ada.post(f"{draft}besluit/", {**DECISION_FIELDS, **rules, "seen": seen(page), "do": "save"})
    page = text(bo, f"{draft}controle/decision/")
    assert said not in page
    for words in (
        "Regel: bal.4.73 (verbranden van afval",
        "Zuurstof (%), of geen: 11",
        "Grond: Woo 5.1(1)(c) (",
        "Tot: ",
    ):
        assert words in page
