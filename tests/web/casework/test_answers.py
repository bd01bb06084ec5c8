"""The pages on which a company answers with claims, the authority replies, and all of it stands side by side."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.services.casework.answering import heard, judged
from tests.web.working import Place

from goedebuur.core.compliance.emissions.answers import Named
from goedebuur.services import opening
from goedebuur.store.casework.models import Case

THIRD = {
    "claims": "1",
    "point-1": "K1",
    "state-1": "abnormal_operation",
    "start-1": "2026-03-03T00:00",
    "end-1": "2026-03-03T04:00",
    "cause-1": "doek gescheurd",
    "words": "Het doek was gescheurd.",
}
FOURTH = {
    "claims": "2",
    "point-2": "K1",
    "state-2": "abnormal_operation",
    "start-2": "2026-03-04T00:00",
    "end-2": "2026-03-04T01:00",
    "cause-2": "kalk op",
}
REPLY = {
    "word-1": "ACCEPTED",
    "article-1": "Bal 4.93",
    "reason-1": "De scheur is te zien.",
    "word-2": "REFUSED",
    "article-2": "IED 46(6)",
    "reason-2": "Kalk had er moeten zijn.",
}


@pytest.fixture
def named(place: Place) -> Named:
    """Return the verdict that the finding is about."""
    record = opening.to_write(settings.GOEDEBUUR)
    assert record is not None
    found = judged(record)
    record.close()
    heard(place.story, found)
    return found


def address(page: str) -> str:
    return f"/werk/zaken/{Case.objects.get().number}/{page}/"


def post(client: Client, page: str, *forms: dict[str, object]) -> tuple[int, str]:
    """Fill in and send a page, with what stands in its hidden fields."""
    shown = client.get(address(page)).content.decode()
    form: dict[str, object] = {"revision": hidden(shown, "revision")}
    for one in forms:
        form |= one
    answer = client.post(address(page), form)
    return answer.status_code, answer.content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def send(client: Client, *forms: dict[str, object]) -> None:
    """Look at what it would change, and send exactly that."""
    _, seen = post(client, "antwoord", *forms, {"do": "look"})
    status, page = post(client, "antwoord", *forms, {"do": "send", "seen": hidden(seen, "seen")})
    assert status == 302, page


def text(page: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main")[0]).split())


def test_form_shows_the_days_and_the_half_hours_that_the_verdict_rests_on(place: Place, named: Named) -> None:
    page = place.visitor("company").get(address("antwoord")).content.decode()
    assert "3 maart 2026, overschreden, 8 gemiddelden boven de grenswaarde" in page
    assert "4 maart 2026, overschreden, 2 gemiddelden boven de grenswaarde" in page
    assert page.count('name="pick-0"') == 48
    assert "VERDICT" not in text(page)


def test_other_day_is_shown(place: Place, named: Named) -> None:
    _, page = post(place.visitor("company"), "antwoord", {"do": "show-0", "day-0": "2026-03-04"})
    assert page.count('value="2026-03-04T') == 48
    assert page.count("<strong>986</strong>") == 2


def test_half_hours_that_follow_each_other_become_one_claim(place: Place, named: Named) -> None:
    picks = [f"2026-03-03T{at}:00+01:00" for at in ("00:00", "00:30", "01:00", "02:00")]
    _, page = post(place.visitor("company"), "antwoord", {"do": "pick-0", "pick-0": picks})
    filled = re.findall(r'name="(?:start|end)-\d" value="([^"]*)"', page)
    assert filled == ["2026-03-03T00:00", "2026-03-03T01:30", "2026-03-03T02:00", "2026-03-03T02:30"]


def test_before_sending_it_says_what_the_verdict_would_become_and_the_hours_of_the_year(
    place: Place, named: Named
) -> None:
    status, page = post(place.visitor("company"), "antwoord", THIRD, {"do": "look"})
    said = text(page)
    assert status == 200
    assert "Op 3 maart 2026 Overschreden 164,333 van 100 mg/Nm³ Gehaald 100 van 100 mg/Nm³" in said
    assert "toegestaan is 60" in said
    assert "0 uur" in said
    assert "4 uur" in said
    assert Case.objects.get().answer == ""


def test_what_was_changed_after_looking_is_not_sent_unseen(place: Place, named: Named) -> None:
    client = place.visitor("company")
    _, seen = post(client, "antwoord", THIRD, {"do": "look"})
    changed = {"end-1": "2026-03-03T03:00", "do": "send", "seen": hidden(seen, "seen")}
    status, page = post(client, "antwoord", THIRD, changed)
    assert (status, Case.objects.get().answer) == (200, "")
    assert "U veranderde de claims sinds u keek." in page


def test_bad_claims_are_refused_with_where_which_value_and_what_to_do(place: Place, named: Named) -> None:
    wrong = {"state-1": "koffie", "end-1": "2026-03-02T23:00", "cause-1": "", "do": "send"}
    status, page = post(place.visitor("company"), "antwoord", THIRD, wrong)
    said = text(page)
    assert (status, Case.objects.get().answer) == (422, "")
    assert "3 dingen kloppen nog niet. Er is niets verstuurd." in said
    assert (
        "Claim 1, tot: De claim eindigt voordat hij begint. Ingevuld: “02-03-2026 23:00”. "
        "Laat hem eindigen na het begin." in said
    )
    assert "Claim 1, toestand van de installatie: De regels kennen deze toestand" in said
    assert "Claim 1, oorzaak: De claim noemt geen oorzaak. Vul in wat er gebeurde." in said
    assert 'value="2026-03-02T23:00"' in page


def test_two_claims_one_accepted_and_one_refused_stand_side_by_side(place: Place, named: Named) -> None:
    send(place.visitor("company"), THIRD, FOURTH)
    officer = place.visitor("officer")
    status, page = post(officer, "reactie", REPLY, {"do": "look"})
    assert (status, Case.objects.get().reply) == (200, "")
    assert "Op 4 maart 2026 Overschreden 136,917 van 100 mg/Nm³ Gehaald 100 van 100 mg/Nm³ Overschreden" in text(page)
    assert post(officer, "reactie", REPLY, {"do": "keep"})[0] == 302
    for who in ("company", "officer", "writer"):
        said = text(place.visitor(who).get(address("naast-elkaar")).content.decode())
        assert "Aanvaard De scheur is te zien. Bal 4.93" in said
        assert "Afgewezen Kalk had er moeten zijn. IED 46(6)" in said
        assert (
            "Op 3 maart 2026 Overschreden 164,333 van 100 mg/Nm³ Gehaald 100 van 100 mg/Nm³ "
            "Gehaald 100 van 100 mg/Nm³" in said
        )
        assert "8 gemiddelden die anders meetellen (zoals aanvaard)" in said
        assert "OTNOC" not in said


def test_reply_without_a_reason_is_refused_and_what_was_filled_in_stays(place: Place, named: Named) -> None:
    send(place.visitor("company"), THIRD)
    status, page = post(place.visitor("officer"), "reactie", {"word-1": "REFUSED", "article-1": "Bal", "do": "keep"})
    assert status == 422
    assert "Claim 1, reden" in text(page)
    assert 'value="Bal"' in page


@pytest.mark.parametrize("who", ["other_company", "other_authority", "administrator"])
def test_strangers_find_none_of_the_pages(place: Place, named: Named, who: str) -> None:
    send(place.visitor("company"), THIRD)
    for page in ("antwoord", "reactie", "naast-elkaar"):
        client = place.visitor(who)
        assert client.get(address(page)).status_code == 404
        assert client.post(address(page), {**THIRD, **REPLY, "do": "send"}).status_code == 404


@pytest.mark.parametrize("who", ["company", "writer", "reviewer"])
def test_who_may_see_the_case_and_not_decide_cannot_reply(place: Place, named: Named, who: str) -> None:
    send(place.visitor("company"), THIRD)
    assert place.visitor(who).post(address("reactie"), {**REPLY, "do": "keep"}).status_code == 409
    assert Case.objects.get().reply == ""


def test_page_that_refuses_a_step_names_the_state_and_the_step_in_dutch(place: Place, named: Named) -> None:
    answer = place.visitor("company").get(address("reactie"))
    said = text(answer.content.decode())
    assert answer.status_code == 409
    assert "Bevinding, toestand: bij het bedrijf" in said
    assert "Op de claims reageren" in said
    assert "Open de zaak opnieuw: daar staat wat nu kan." in said
    assert "hearing" not in said
    send(place.visitor("company"), THIRD)
    said = text(place.visitor("reviewer").get(address("antwoord")).content.decode())
    assert "Bevinding, toestand: beantwoord" in said
    assert "Antwoord vervangen" in said


def test_list_of_averages_says_how_many_there_are(place: Place, named: Named) -> None:
    page = place.visitor("company").get(address("antwoord")).content.decode()
    assert "48 gemiddelden; schuif in de lijst om ze allemaal te zien" in page


def test_someone_else_answered_in_the_meantime(place: Place, named: Named) -> None:
    client = place.visitor("company")
    _, seen = post(client, "antwoord", THIRD, {"do": "look"})
    revision = hidden(seen, "revision")
    place.story.act("company", "answer")
    form = {**THIRD, "do": "send", "seen": hidden(seen, "seen"), "revision": revision}
    assert client.post(address("antwoord"), form).status_code == 409


def test_file_that_proves_it_stays_in_the_form_and_only_the_authority_fetches_it(place: Place, named: Named) -> None:
    client = place.visitor("company")
    sent = SimpleUploadedFile("scheur.pdf", b"%PDF scheur")
    _, page = post(client, "antwoord", THIRD, {"do": "look", "file-1": sent})
    digest = hidden(page, "evidence-1")
    assert "scheur.pdf" in page
    send(client, THIRD, {"evidence-1": digest})
    place.story.act("officer", "end")
    assert digest in Case.objects.get().answer
    fetch = f"/werk/zaken/{Case.objects.get().number}/bestand/{digest}/"
    assert place.visitor("officer").get(fetch).content == b"%PDF scheur"
    assert client.get(fetch).status_code == 404


def test_public_page_and_data_show_the_same_once_it_is_published_and_nothing_before(place: Place, named: Named) -> None:
    send(place.visitor("company"), THIRD, FOURTH)
    post(place.visitor("officer"), "reactie", REPLY, {"do": "keep"})
    public = f"/bevindingen/{Case.objects.get().publication}/"
    data = f"/api/findings/{Case.objects.get().publication}/sides/"
    assert (place.visitor().get(public).status_code, place.visitor().get(data).status_code) == (404, 404)
    place.story.act("officer", "publish")
    place.settle()
    said = text(place.visitor().get(public).content.decode())
    assert "Afgewezen Kalk had er moeten zijn. IED 46(6)" in said
    assert "Op 3 maart 2026 Overschreden 164,333 van 100 mg/Nm³ Gehaald 100 van 100 mg/Nm³ Gehaald" in said
    assert "De overheid reageerde op de claims van het bedrijf." in said
    told = place.visitor().get(data).json()
    assert [one["reply"] for one in told["claims"]] == ["ACCEPTED", "REFUSED"]
    year = told["compared"][0]["periods"][0]
    assert [year[name]["outcome"] for name in ("reported", "claimed", "accepted")] == ["EXCEEDS", "MEETS", "EXCEEDS"]


def test_finding_is_made_from_a_published_verdict(place: Place, named: Named) -> None:
    shown = place.visitor().get("/locaties/werk/schoorstenen/oordelen/K1-nox/nox-day/?year=2026").content.decode()
    link = re.search(r'href="(/werk/zaken/nieuw/\?verdict=[^"]+)"', shown)
    assert link
    page = place.visitor("writer").get(link[1]).content.decode()
    assert named.line() in page
    title = re.search(r"name=\"subject\" value=\"([^\"]*)\"", page)
    assert title
    assert title[1] == "Stikstofoxiden (als NO2), gemiddeld over een dag bij Schoorsteen 1, 2026"


def test_page_of_a_finding_that_names_no_verdict_says_so(place: Place, persons: object) -> None:
    place.story.begin()
    place.story.act("writer", "submit")
    place.story.act("officer", "notify")
    page = place.visitor("company").get(address("antwoord"))
    assert "noemt geen gepubliceerd oordeel" in page.content.decode()
