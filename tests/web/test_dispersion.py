"""The pages of dispersion studies: what a study shows, who may make one, and tables that cannot be."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from tests.services.around_works import LATITUDE, LONGITUDE, made
from tests.services.test_dispersion_study import WORKS, asked, now, rd

from goedebuur.core.casework.roles import Role, Seat
from goedebuur.services import dispersion_study, dispersion_study_work, people
from goedebuur.services.dispersion_study import Emitter, Progress, State
from goedebuur.services.record import Record
from goedebuur.store.accounts.models import User
from goedebuur.store.studies import Studies
from goedebuur.web import record as web_record

BASE, HIGHER = "rond-het-staal", "hoger"
ROW = {"facility": WORKS, f"basis:{WORKS}": "reported", f"stack:{WORKS}": "middle"}
ASKED = {
    "title": "Nieuwe vraag",
    "substance": "so2",
    "year": "2019",
    "station": "KNMI901",
    "clouds": "",
    "roughness": "0,1",
    "latitude": str(LATITUDE),
    "longitude": str(LONGITUDE),
    "half": "2",
    "step": "250",
    "statistics": ["mean", "p98"],
    "levels": "0,01 0,1",
    **ROW,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a study of one works, and a scenario with a higher stack."""
    folder = tmp_path_factory.mktemp("dispersion")
    record = made(folder / "record")
    studies = Studies(folder)
    base = dispersion_study.make(studies, asked(record, emitters=(Emitter(WORKS),)), now())
    high = [Emitter(WORKS, stack="high")]
    dispersion_study.make(studies, dispersion_study.scenario(base, "Hoger", high), now())
    assert {told.state for _, told in dispersion_study_work.work(studies, record, now)} == {State.DONE}
    record.close()
    return folder


@pytest.fixture
def studies(home: Path) -> Iterator[Studies]:
    configured = dataclasses.replace(settings.GOEDEBUUR, home=home)
    with override_settings(GOEDEBUUR=configured, ALLOWED_HOSTS=["testserver"]):
        yield Studies(home)
    web_record.close_all()


@pytest.fixture
def reader(studies: Studies) -> Client:
    return Client()


@pytest.fixture
def writer(studies: Studies, db: None) -> Client:
    return someone("Ada", Seat(Role.PERMIT_WRITER, "gs"))


def someone(name: str, seat: Seat) -> Client:
    user = User.objects.create_user(f"{name.lower()}@example.org", None, name=name)
    people.give(user.email, seat, datetime(2026, 3, 1, tzinfo=UTC))
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_study_says_what_it_is_and_is_not(reader: Client) -> None:
    page = text(reader, f"/verspreiding/{BASE}/")
    for said in ("niet het wettelijk aangewezen model", "Een Staal BV", "31.536", "zoals gerapporteerd", "aangenomen"):
        assert said in page
    assert "8.712: geen windsnelheid" in page
    assert "12,5" in page  # what was measured
    assert "This study" not in page


def test_list_has_studies_and_of_a_scenario_its_base(reader: Client) -> None:
    page = text(reader, "/verspreiding/")
    assert f'href="/verspreiding/{BASE}/"' in page
    assert "variant van Rond het staal" in page


def test_scenario_stands_beside_its_base_with_the_difference(reader: Client) -> None:
    page = text(reader, f"/verspreiding/{HIGHER}/")
    assert "Deze variant naast Rond het staal" in page
    assert "−" in page
    assert f'href="/verspreiding/{HIGHER}/"' in text(reader, f"/verspreiding/{BASE}/")


def test_english_page_is_in_english(reader: Client) -> None:
    page = text(reader, f"/en/verspreiding/{BASE}/?statistic=highest")
    assert "not the legally designated model" in page
    assert "Highest hour" in page


def test_page_is_not_sent_again_as_long_as_it_is_the_same(reader: Client, studies: Studies) -> None:
    first = reader.get("/verspreiding/")
    again = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert reader.get("/verspreiding/", **again).status_code == 304
    dispersion_study.report(studies, HIGHER, Progress(State.DONE, "2026-11-02T00:00:00Z"))
    assert reader.get("/verspreiding/", **again).status_code == 200


def test_data_are_those_of_the_page(reader: Client) -> None:
    told = json.loads(text(reader, f"/api/dispersion/{BASE}/"))
    assert told["outcome"]["stations"][0]["measured"] == pytest.approx(12.5)
    contours = json.loads(text(reader, f"/api/dispersion/{BASE}/contours/"))
    levels = [one["properties"]["level"] for one in contours["features"]]
    assert levels == told["outcome"]["drawn"]["mean"]["levels"]
    rows = text(reader, f"/verspreiding/{BASE}/rooster.csv").splitlines()
    assert rows[0] == "x,y,latitude,longitude,mean [µg/m³],highest [µg/m³]"
    assert len(rows) == 1 + 17 * 17
    drawn = json.loads(text(reader, f"/api/dispersion/{HIGHER}/map/?language=en"))
    assert drawn["base"]["type"] == "FeatureCollection"
    west, south, east, north = drawn["bounds"]
    assert west < LONGITUDE < east
    assert south < LATITUDE < north


def test_report_is_a_pdf_that_can_be_read_aloud(reader: Client) -> None:
    answer = reader.get(f"/verspreiding/{BASE}/rapport.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert b"pdfuaid:part>1<" in answer.content


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/verspreiding/nergens/", 404),
        ("/verspreiding/nergens/rapport.pdf", 404),
        ("/verspreiding/..%2frecord/", 404),
        (f"/verspreiding/{BASE}/?statistic=median", 400),
        (f"/api/dispersion/{BASE}/contours/?statistic=../study", 400),
        (f"/verspreiding/{BASE}/?as_of=1", 400),
        ("/api/dispersion/nergens/progress/", 404),
    ],
)
def test_what_is_not_there_is_said(reader: Client, address: str, status: int) -> None:
    assert reader.get(address).status_code == status


@pytest.mark.parametrize("page", ["nieuw/", f"{BASE}/variant/", f"{BASE}/werk/", f"{BASE}/ander-model/"])
@pytest.mark.django_db
def test_work_asks_to_sign_in_and_for_a_role_at_an_authority(studies: Studies, page: str) -> None:
    assert Client().get(f"/verspreiding/{page}").status_code == 302
    company = someone("Bo", Seat(Role.COMPANY, operator="staal"))
    assert company.get(f"/verspreiding/{page}").status_code == 403
    assert company.post(f"/verspreiding/{page}", ASKED).status_code == 403


def test_study_that_is_asked_waits_and_can_be_stopped_and_go_on(writer: Client, studies: Studies) -> None:
    page = text(writer, "/verspreiding/nieuw/?substance=so2&year=2019")
    assert "Een Staal BV" in page
    answer = writer.post("/verspreiding/nieuw/", ASKED)
    assert answer["Location"] == "/verspreiding/nieuwe-vraag/"
    study = dispersion_study.find(studies, "nieuwe-vraag")
    assert (study.levels, study.area.half, study.statistics) == ((0.01, 0.1), 2000.0, ("mean", "p98"))
    waits = text(Client(), "/verspreiding/nieuwe-vraag/")
    assert "wacht op zijn beurt" in waits
    assert "<progress" in waits
    assert reader_told("nieuwe-vraag")["state"] == "queued"
    assert Client().get("/verspreiding/nieuwe-vraag/rapport.pdf").status_code == 409
    assert "stoppen?" in text(writer, "/verspreiding/nieuwe-vraag/werk/?do=stop")
    assert writer.get("/verspreiding/nieuwe-vraag/werk/?do=stop").status_code == 200
    assert dispersion_study.progress(studies, "nieuwe-vraag").state is State.QUEUED, "looking changes nothing"
    writer.post("/verspreiding/nieuwe-vraag/werk/", {"do": "stop"})
    assert dispersion_study.progress(studies, "nieuwe-vraag").state is State.CANCELLED
    writer.post("/verspreiding/nieuwe-vraag/werk/", {"do": "again"})
    assert dispersion_study.progress(studies, "nieuwe-vraag").state is State.QUEUED
    dispersion_study.cancel(studies, "nieuwe-vraag", now())


def reader_told(name: str) -> dict[str, str]:
    told: dict[str, str] = json.loads(text(Client(), f"/api/dispersion/{name}/progress/"))
    return told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Geef een titel"),
        ({"facility": []}, "Kies een of meer bedrijven"),
        ({"facility": ["NL.X/9.FACILITY"]}, "Kies een of meer bedrijven"),
        ({f"basis:{WORKS}": "given", f"kilograms:{WORKS}": "veel"}, "in kilogram per jaar"),
        ({f"basis:{WORKS}": "given", f"kilograms:{WORKS}": "-1"}, "in kilogram per jaar"),
        ({f"basis:{WORKS}": "permitted"}, "in kilogram per jaar"),
        ({f"basis:{WORKS}": "raad"}, "in kilogram per jaar"),
        ({f"stack:{WORKS}": "own", f"height:{WORKS}": "nan"}, "van de schoorsteen zoals ze kunnen zijn"),
        ({f"stack:{WORKS}": "toren"}, "van de schoorsteen zoals ze kunnen zijn"),
        ({"roughness": "5"}, "Geef een ruwheid"),
        ({"latitude": "inf"}, "Geef een breedte en een lengte"),
        ({"half": "5", "step": "50"}, "meer dan 10.000 plaatsen"),
        ({"half": "1", "step": "5000"}, "Geef de halve zijde"),
        ({"statistics": []}, "Kies een of meer maten"),
        ({"statistics": ["median"]}, "Kies een of meer maten"),
        ({"levels": "1 0,5"}, "ten hoogste zes niveaus"),
        ({"levels": "x"}, "ten hoogste zes niveaus"),
        ({"sea_from": "205"}, "Geef twee richtingen"),
        ({"station": "KNMI999"}, "Kies het station"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_there_and_nothing_is_made(
    writer: Client, studies: Studies, typed: dict[str, object], said: str
) -> None:
    before = studies.ids()
    answer = writer.post("/verspreiding/nieuw/", ASKED | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert studies.ids() == before


def test_scenario_keeps_what_it_does_not_change(writer: Client, studies: Studies) -> None:
    assert "Een Staal BV" in text(writer, f"/verspreiding/{BASE}/variant/")
    typed = {"title": "Half", **ROW, f"basis:{WORKS}": "given", f"kilograms:{WORKS}": "15768"}
    answer = writer.post(f"/verspreiding/{BASE}/variant/", typed)
    name = answer["Location"].strip("/").rpartition("/")[2]
    base, scenario = (dispersion_study.find(studies, one) for one in (BASE, name))
    assert scenario == dataclasses.replace(
        base,
        id=name,
        title="Half",
        made=scenario.made,
        base=BASE,
        emitters=(Emitter(WORKS, dispersion_study.Basis.GIVEN, 15768.0),),
    )
    dispersion_study.cancel(studies, name, now())


def table(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("nnm.csv", "\n".join(("x;y;conc", *rows)).encode())


@pytest.mark.parametrize(
    ("file", "name", "said"),
    [
        (None, "NNM", "Kies eerst een bestand"),
        (SimpleUploadedFile("nnm.csv", b"\x00" * 20), "NNM", "niet te tekenen"),
        (SimpleUploadedFile("nnm.csv", b"x,y,c\n" + b"1" * (6 * 2**20)), "NNM", "niet te tekenen"),
        (table("1;2;3"), "NNM", "niet te tekenen"),
        (table("100000;480000;=cmd()"), "NNM", "niet te tekenen"),
        (table("100000;480000;1", "100100;480000;1", "100000;480100;1"), "", "Geef een naam"),
    ],
)
def test_hostile_table_of_another_model_is_refused_and_said(
    writer: Client, studies: Studies, file: SimpleUploadedFile | None, name: str, said: str
) -> None:
    typed = {"name": name, "statistic": "mean", **({"file": file} if file else {})}
    answer = writer.post(f"/verspreiding/{BASE}/ander-model/", typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert studies.files(BASE, "imported-") == []


def test_results_of_another_model_are_drawn_beside_ours(writer: Client, studies: Studies) -> None:
    corners = [(LATITUDE + up, LONGITUDE + east) for up in (-0.005, 0.005) for east in (-0.005, 0.005)]
    rows = [f"{x};{y};0,5" for x, y in (rd(*one) for one in corners)]
    typed = {"name": "NNM <b>2026</b>", "statistic": "mean", "file": table(*rows)}
    answer = writer.post(f"/verspreiding/{BASE}/ander-model/", typed)
    assert answer["Location"] == f"/verspreiding/{BASE}/?statistic=mean"
    page = text(Client(), answer["Location"])
    assert "NNM &lt;b&gt;2026&lt;/b&gt;" in page
    (drawn,) = json.loads(text(Client(), f"/api/dispersion/{BASE}/map/"))["imported"]
    assert drawn["name"] == "NNM <b>2026</b>"
    for name in studies.files(BASE, "imported-"):
        studies.forget(BASE, name)


def test_failed_study_says_what_is_wrong(reader: Client, studies: Studies, home: Path) -> None:
    record = Record.open(home / "record", read_only=True)
    study = dispersion_study.make(studies, asked(record, title="Mis", emitters=(Emitter("NL.X/9.FACILITY"),)), now())
    list(dispersion_study_work.work(studies, record, now))
    record.close()
    page = text(reader, f"/verspreiding/{study.id}/")
    assert "is mislukt" in page
    assert "NL.X/9.FACILITY" in page
