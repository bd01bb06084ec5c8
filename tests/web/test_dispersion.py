"""The pages of dispersion studies: what a study shows, who may make one, and tables that cannot be."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from tests.services.around_works import LATITUDE, LONGITUDE, knmi, made, releases
from tests.services.deliveries import NOW
from tests.services.test_dispersion_study import WORKS, asked, now, rd

from goedebuur.core.casework.roles import Role, Seat
from goedebuur.services import (
    dispersion_imports,
    dispersion_outcome,
    dispersion_report_words,
    dispersion_study,
    dispersion_study_work,
    kept_results,
    people,
)
from goedebuur.services.delivery import deliver
from goedebuur.services.dispersion_outcome import OUTCOME
from goedebuur.services.dispersion_study import Basis, Emitter, Progress, State
from goedebuur.services.record import Record
from goedebuur.store.accounts.models import User
from goedebuur.store.studies import ASKED as ASKED_FILE
from goedebuur.store.studies import Studies
from goedebuur.web import dispersion_form, dispersion_rows
from goedebuur.web import dispersion_words as words
from goedebuur.web import record as web_record

BASE, HIGHER = "rond-het-staal", "hoger"
MOUTH = (60.0, 2.0, 400.0, 15.0)
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


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        ({"model": "of another"}, "andere versie van het model"),
        ({"weather": "of another"}, "met ander weer berekend"),
        (None, "andere versie van deze website"),
    ],
)
def test_scenario_of_a_base_that_is_not_like_it_says_why_and_has_no_difference(
    reader: Client, studies: Studies, receipt: dict[str, str] | None, said: str
) -> None:
    kept = studies.get(BASE, OUTCOME)
    assert kept is not None
    told = json.loads(kept)
    if receipt is not None:
        told["receipt"]["matrices"] = [one | receipt for one in told["receipt"]["matrices"]]
    studies.put(BASE, OUTCOME, json.dumps(told).encode() if receipt else b"{}")
    try:
        page = text(reader, f"/verspreiding/{HIGHER}/")
        assert said in page
        assert "Deze variant naast" not in page
        assert json.loads(text(reader, f"/api/dispersion/{HIGHER}/map/"))["base"] is None
    finally:
        studies.put(BASE, OUTCOME, kept)


def test_base_at_other_levels_is_not_drawn_and_the_page_says_so(reader: Client, studies: Studies) -> None:
    kept = studies.get(HIGHER, OUTCOME)
    assert kept is not None
    assert "andere niveaus" not in text(reader, f"/verspreiding/{HIGHER}/")
    found = dispersion_outcome.read(studies, HIGHER)
    mean = found.drawn["mean"]
    tenths = dataclasses.replace(mean, levels=tuple(one / 10 for one in mean.levels))
    try:
        changed = dataclasses.replace(found, drawn={**found.drawn, "mean": tenths})
        studies.put(HIGHER, OUTCOME, msgspec.json.encode(changed))
        drawn = json.loads(text(reader, f"/api/dispersion/{HIGHER}/map/"))
        assert drawn["base"] is None
        page = text(reader, f"/verspreiding/{HIGHER}/")
    finally:
        studies.put(HIGHER, OUTCOME, kept)
    assert "heeft andere niveaus: haar contouren staan niet op deze kaart" in page


def test_words_are_of_all_years_and_of_the_places_of_the_grid(reader: Client, studies: Studies) -> None:
    kept = studies.get(HIGHER, ASKED_FILE)
    assert kept is not None
    try:
        told = dataclasses.replace(dispersion_study.find(studies, HIGHER), years=(2018, 2019, 2020))
        studies.put(HIGHER, ASKED_FILE, msgspec.json.encode(told))
        page = text(reader, f"/verspreiding/{HIGHER}/?statistic=highest")
    finally:
        studies.put(HIGHER, ASKED_FILE, kept)
    assert "Hoogste uur in 3 jaar" in page
    assert "Gemiddelde van 3 jaar" in page
    assert "hoogste op de roosterpunten (om de 250 m)" in page


def test_year_of_which_most_hours_are_missing_is_no_mean_of_a_year(reader: Client) -> None:
    # 48 hours of 8,760
    page = text(reader, f"/verspreiding/{BASE}/")
    assert "Van maar 0,5 % van de uren is er weer: dit is geen jaargemiddelde." in page
    pdf = pypdfium2.PdfDocument(reader.get(f"/verspreiding/{BASE}/rapport.pdf").content)
    told = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    assert "Van maar 0,5 % van de uren is er weer: dit is geen jaargemiddelde." in told
    assert "hoogste op de roosterpunten (om de 250 m)" in told


@pytest.mark.parametrize(
    ("name", "years", "said"),
    [
        ("high-25", 1, "25e hoogste uur"),
        ("high-25", 3, "25e hoogste uur in 3 jaar"),
        ("day-high-4", 10, "4e hoogste dag in 10 jaar"),
        ("hours-over-350", 2, "uren boven 350 µg/m³ in 2 jaar"),
        ("days-over-125", 2, "dagen boven 125 µg/m³ in 2 jaar"),
        ("p98", 3, "98-percentiel van alle uren van 3 jaar"),
        ("mean", 3, "gemiddelde van 3 jaar"),
    ],
)
def test_statistic_over_more_years_says_so(name: str, years: int, said: str) -> None:
    assert words.statistic(name, years) == said


@pytest.mark.parametrize(
    ("kilograms", "said"), [(0.4, "0,4"), (1.5, "1,5"), (99.0, "99"), (0.0, "0"), (31536.4, "31.536"), (None, "–")]
)
def test_small_emission_keeps_three_digits(kilograms: float | None, said: str) -> None:
    assert words.mass(kilograms) == said
    if kilograms is not None:
        assert dispersion_report_words.mass(kilograms) == said


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
    about = "study,substance,years,simulated,model,stacks,basis,hours,assumed"
    assert rows[0] == f"x,y,latitude,longitude,mean [µg/m³],highest [µg/m³],{about}"
    # two days of weather of the 8760 hours of the year
    for row in csv.reader(rows[1:]):
        assert row[11:14] == ["assumed", "reported", "0.005479"]
        assert "evenly" in row[14]
    assert len(rows) == 1 + 17 * 17
    assert all(row.split(",")[6:10] == [BASE, "so2", "2019", "no"] and "not the NNM" in row for row in rows[1:])
    assert set(contours) == {"type", "features"}, "lines are for the map"
    for one in contours["features"]:
        said = one["properties"]
        assert [said[key] for key in ("study", "substance", "years", "simulated")] == [BASE, "so2", [2019], False]
        assert "not the NNM" in said["model"]
        assert (said["stacks"], said["basis"], said["hours"]) == ("assumed", "reported", 0.005479)
        assert "evenly" in said["assumed"]
    drawn = json.loads(text(reader, f"/api/dispersion/{HIGHER}/map/?language=en"))
    assert drawn["base"]["type"] == "FeatureCollection"
    assert drawn["base_levels"] == f"{'; '.join(one['words'] for one in drawn['levels'])} µg/m³"
    west, south, east, north = drawn["bounds"]
    assert west < LONGITUDE < east
    assert south < LATITUDE < north


@pytest.mark.parametrize(
    ("emitters", "stacks", "basis"),
    [
        ((Emitter("A", stack="low"), Emitter("B", stack="high")), "assumed", "reported"),
        ((Emitter("A", Basis.PERMITTED, stack="own", own=MOUTH),), "given", "permitted"),
        ((Emitter("A", stack="own", own=MOUTH), Emitter("B", Basis.GIVEN, 12.0)), "mixed", "mixed"),
        ((Emitter("A", Basis.GIVEN, 12.0), Emitter("B", Basis.PERMITTED)), "assumed", "mixed"),
    ],
)
def test_label_says_what_is_assumed_of_stacks_and_whence_the_emission_is(
    studies: Studies, emitters: tuple[Emitter, ...], stacks: str, basis: str
) -> None:
    study = dataclasses.replace(dispersion_study.find(studies, BASE), emitters=emitters)
    told = dispersion_rows.label(study, dispersion_outcome.read(studies, BASE))
    assert (told["stacks"], told["basis"]) == (stacks, basis)
    assert tuple(told) == kept_results.LABELS


def test_share_of_hours_that_an_earlier_version_did_not_keep_is_not_told(studies: Studies) -> None:
    study = dispersion_study.find(studies, BASE)
    outcome = dataclasses.replace(dispersion_outcome.read(studies, BASE), every=0)
    assert dispersion_rows.label(study, outcome)["hours"] is None
    assert dispersion_rows.grid_table(study, outcome)[1][-2] == ""


@pytest.mark.parametrize(
    ("roughness", "shown"), [(0.0001, "0,0001"), (0.0002, "0,0002"), (0.125, "0,125"), (0.1, "0,1"), (1.4, "1,4")]
)
def test_roughness_is_shown_as_it_was_asked(
    reader: Client, studies: Studies, monkeypatch: pytest.MonkeyPatch, roughness: float, shown: str
) -> None:
    """The least and the most that the form takes, the sea, and farmland."""
    found = dispersion_study.find(studies, BASE)
    other = dataclasses.replace(found, wind=dataclasses.replace(found.wind, roughness=roughness))
    monkeypatch.setattr(dispersion_study, "find", lambda there, name: other)
    assert f"Ruwheid van de grond {shown} m, overal gelijk" in text(reader, f"/verspreiding/{BASE}/")


def test_report_is_a_pdf_that_can_be_read_aloud(reader: Client) -> None:
    answer = reader.get(f"/verspreiding/{BASE}/rapport.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert b"pdfuaid:part>1<" in answer.content


def test_report_names_the_table_of_inhabitants(reader: Client, studies: Studies) -> None:
    kept, found = studies.get(BASE, OUTCOME), dispersion_outcome.read(studies, BASE)
    assert kept is not None
    lived = dispersion_outcome.Lived(((None, None, 5),), 0, 0, 0, date(2024, 1, 1), "people.csv", "ab" * 32)
    counted = {name: dataclasses.replace(one, people=lived) for name, one in found.drawn.items()}
    try:
        studies.put(BASE, OUTCOME, msgspec.json.encode(dataclasses.replace(found, drawn=counted)))
        pdf = pypdfium2.PdfDocument(reader.get(f"/verspreiding/{BASE}/rapport.pdf").content)
    finally:
        studies.put(BASE, OUTCOME, kept)
    told = "".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    assert f"SHA-256{'ab' * 32}" in told.replace("\ufffe", "").replace("-\xad", "")
    assert "Methetregister,detabelmetinwonersendevraag" in told


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


@pytest.fixture
def two_years(tmp_path: Path, db: None) -> Iterator[Client]:
    """Return who may ask, where wind was measured in 2018 and 2019 and the works reported over these and 2017."""
    record = made(tmp_path / "record")
    deliver(record, knmi([270] * 24, datetime(2018, 6, 1, tzinfo=UTC)), "uurgeg_901_2018.txt", now=NOW)
    for year in (2017, 2018):
        deliver(record, releases(1.0, 15_768.0, year), f"air_data_{year}.csv", now=NOW)
    record.close()
    configured = dataclasses.replace(settings.GOEDEBUUR, home=tmp_path)
    with override_settings(GOEDEBUUR=configured, ALLOWED_HOSTS=["testserver"]):
        yield someone("Cees", Seat(Role.PERMIT_WRITER, "gs"))
    web_record.close_all()


def test_study_of_years_that_have_both_releases_and_wind(two_years: Client, tmp_path: Path) -> None:
    page = text(two_years, "/verspreiding/nieuw/?substance=so2&year=2018&until=2019")
    assert set(re.findall(r'<option value="(20\d\d)"', page)) == {"2018", "2019"}, "of 2017 there is no wind"
    assert "opgegeven 15.768; 31.536 kg" in page
    answer = two_years.post("/verspreiding/nieuw/", ASKED | {"year": "2018", "until": "2019"})
    assert answer.status_code == 302, answer.content.decode()
    assert dispersion_study.find(Studies(tmp_path), "nieuwe-vraag").years == (2018, 2019)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2017", "2019", (2017, 2018, 2019)),
        ("2018", "", (2018,)),
        ("", "2018", (2018,)),
        ("2018", "2017", (2018,)),
        ("", "", (2019,)),
        ("1999", "x", (2019,)),
        ("2001", "2019", tuple(range(2001, 2011))),
    ],
)
def test_years_that_are_chosen_run_from_first_to_last(first: str, last: str, found: tuple[int, ...]) -> None:
    assert dispersion_form.running(range(2019, 2000, -1), first, last) == found


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
        ({f"basis:{WORKS}": "given", f"kilograms:{WORKS}": "3.160"}, "scheidingstekens"),
        ({f"basis:{WORKS}": "given", f"kilograms:{WORKS}": "1,200"}, "scheidingstekens"),
        ({f"basis:{WORKS}": "given", f"kilograms:{WORKS}": "3.160.000"}, "scheidingstekens"),
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
        ({"year": "1999"}, "Kies jaren"),
        ({"until": "2018"}, "Kies jaren"),
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


@pytest.mark.parametrize("kilograms", [12345678.0, 1.125, 0.125, 123.4567890123456, 1e-5, 31536.0])
def test_form_of_a_scenario_gives_back_what_its_base_has(writer: Client, studies: Studies, kilograms: float) -> None:
    emitter = Emitter(
        WORKS, dispersion_study.Basis.GIVEN, kilograms, dispersion_study.OWN, (60.1234567, 2.5, 400.0, 15.0)
    )
    asked = dispersion_study.scenario(dispersion_study.find(studies, BASE), "Precies", [emitter])
    base = dispersion_study.make(studies, asked, now())
    page = text(writer, f"/verspreiding/{base.id}/variant/")
    fields = dict(re.findall(rf'name="(\w+:{WORKS})"[^>]* value="([^"]*)"', page))
    typed = {"title": "Weer", **ROW, **fields, f"basis:{WORKS}": "given", f"stack:{WORKS}": "own"}
    answer = writer.post(f"/verspreiding/{base.id}/variant/", typed)
    assert answer.status_code == 302, answer.content.decode()
    name = answer["Location"].strip("/").rpartition("/")[2]
    assert dispersion_study.find(studies, name).emitters == (emitter,)
    for one in (base.id, name):
        dispersion_study.cancel(studies, one, now())


def test_name_of_another_model_asks_for_no_person(writer: Client) -> None:
    page = text(writer, f"/verspreiding/{BASE}/ander-model/")
    assert "welke organisatie" in page
    assert "geen namen van personen" in page


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
        (table("100000;480000;-12"), "NNM", "Het stopt bij -12 (nnm.csv, regel 2, kolom conc)"),
        (table("100000;480000;0,5", "100100;480000;1.234"), "NNM", "1.234 (nnm.csv, regel 3, kolom conc)"),
        (table("100000;480000;-9999", "100100;480000;-9999", "100000;480100;"), "NNM", "niets op de plaatsen"),
        (SimpleUploadedFile("nnm.csv", b"x,y,c,d\n100000,480000,1,2\n"), "NNM", "één kolom met waarden"),
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
    (link,) = re.findall(r'href="(/verspreiding/[^"]*/intrekken/[^"]*)"', page)
    link = link.replace("&amp;", "&")
    assert Client().get(link).status_code == 302, "one signs in first"
    asks = text(writer, link)
    assert "NNM &lt;b&gt;2026&lt;/b&gt;" in asks
    (digest,) = re.findall(r'name="of" value="([0-9a-f]{64})"', asks)
    typed = {"statistic": "mean", "of": digest}
    address = f"/verspreiding/{BASE}/ander-model/intrekken/"
    assert "Zeg waarom" in writer.post(address, typed | {"why": " "}).content.decode()
    assert json.loads(text(Client(), f"/api/dispersion/{BASE}/map/"))["imported"] != [], "not without a reason"
    answer = writer.post(address, typed | {"why": "Verkeerd <i>jaar</i>"})
    assert answer["Location"] == f"/verspreiding/{BASE}/?statistic=mean"
    assert json.loads(text(Client(), f"/api/dispersion/{BASE}/map/"))["imported"] == []
    page = text(Client(), answer["Location"])
    assert "NNM &lt;b&gt;2026&lt;/b&gt;. Verkeerd &lt;i&gt;jaar&lt;/i&gt;" in page
    assert writer.post(address, typed | {"why": "Nog eens"}).status_code == 404
    for name in studies.files(BASE, "imported-"):
        studies.forget(BASE, name)


@pytest.fixture
def brought(studies: Studies) -> Iterator[list[str]]:
    """Give rows of a table of another model around the middle, and clear away what is brought."""
    corners = [(LATITUDE + up, LONGITUDE + east) for up in (-0.005, 0, 0.005) for east in (-0.005, 0, 0.005)]
    yield [f"{x};{y};0,5" for x, y in (rd(*one) for one in corners)]
    for name in studies.files(BASE, "imported-"):
        studies.forget(BASE, name)


BRING = f"/verspreiding/{BASE}/ander-model/"


def test_organisation_that_brought_and_that_withdrew_results_is_on_the_page(
    writer: Client, reader: Client, studies: Studies, brought: list[str]
) -> None:
    assert writer.post(BRING, {"name": "NNM", "statistic": "mean", "file": table(*brought)}).status_code == 302
    page = text(reader, f"/verspreiding/{BASE}/?statistic=mean")
    assert "gebracht door gs" in page
    (one,) = dispersion_imports.of_study(studies, dispersion_study.find(studies, BASE), "mean")
    other = someone("Bea", Seat(Role.SPECIALIST, "od"))
    typed = {"statistic": "mean", "of": one.digest, "why": "Verkeerd jaar"}
    assert other.post(f"{BRING}intrekken/", typed).status_code == 302
    page = text(reader, f"/verspreiding/{BASE}/?statistic=mean")
    assert "Ingetrokken door od." in page
    assert "Gebracht door gs." in page
    assert "Bea" not in page


def test_who_works_for_two_organisations_says_for_which_results_are_brought(
    writer: Client, studies: Studies, brought: list[str]
) -> None:
    people.give("ada@example.org", Seat(Role.SPECIALIST, "od"), datetime(2026, 3, 1, tzinfo=UTC))
    assert re.search(r'<select[^>]* name="for"', text(writer, BRING))
    typed = {"name": "NNM", "statistic": "mean"}
    for given in ({}, {"for": "another"}):
        answer = writer.post(BRING, typed | {"file": table(*brought)} | given)
        assert answer.status_code == 422
        assert "Kies voor welke organisatie dit is" in answer.content.decode()
    assert writer.post(BRING, typed | {"file": table(*brought), "for": "od"}).status_code == 302
    (one,) = dispersion_imports.of_study(studies, dispersion_study.find(studies, BASE), "mean")
    assert one.by == "od"
    gone = {"statistic": "mean", "of": one.digest, "why": "Verkeerd jaar"}
    asks = writer.post(f"{BRING}intrekken/", gone)
    assert asks.status_code == 422
    assert 'value="Verkeerd jaar"' in asks.content.decode()
    assert writer.post(f"{BRING}intrekken/", gone | {"for": "gs"}).status_code == 302


def test_same_table_of_another_model_is_refused_with_the_name_under_which_it_stands(
    writer: Client, brought: list[str]
) -> None:
    typed = {"name": "NNM <i>een</i>", "statistic": "mean"}
    assert writer.post(BRING, typed | {"file": table(*brought)}).status_code == 302
    answer = writer.post(BRING, typed | {"name": "Twee", "file": table(*brought)})
    assert answer.status_code == 422
    assert "staat al naast de studie, als: NNM &lt;i&gt;een&lt;/i&gt;" in answer.content.decode()


def test_lines_of_another_model_have_their_level_and_say_where_they_end(
    writer: Client, reader: Client, brought: list[str]
) -> None:
    rows = [f"{row.rpartition(';')[0]};{value}" for row, value in zip(brought, ["-9999", *"12345678"], strict=True)]
    assert writer.post(BRING, {"name": "NNM", "statistic": "mean", "file": table(*rows)}).status_code == 302
    page = text(reader, f"/verspreiding/{BASE}/?statistic=mean")
    assert "1 zonder waarde" in page
    assert "verder dan de rand van zijn tabel" in page
    assert "grenst aan plekken van zijn tabel zonder waarde" in page
    found = json.loads(text(reader, f"/api/dispersion/{BASE}/map/"))
    (drawn,) = found["imported"]
    assert drawn["levels"] == found["levels"]
    assert {one["geometry"]["type"] for one in drawn["contours"]["features"] if one["geometry"]} <= {"MultiLineString"}


def test_results_of_an_earlier_form_say_that_they_are_not_held_against_the_study(
    writer: Client, reader: Client, studies: Studies, brought: list[str]
) -> None:
    assert writer.post(BRING, {"name": "NNM", "statistic": "mean", "file": table(*brought)}).status_code == 302
    (file,) = studies.files(BASE, "imported-")
    kept = json.loads(studies.get(BASE, file) or b"")
    kept |= {"x": [], "y": [], "values": [], "mean": 0.7, "ours": 0.25, "by": ""}
    studies.put(BASE, file, json.dumps(kept).encode())
    page = text(reader, f"/verspreiding/{BASE}/?statistic=mean")
    assert "breng het opnieuw" in page
    assert "0,70" in page
    assert "gebracht door" not in page


def test_failed_study_says_what_is_wrong(reader: Client, studies: Studies, home: Path) -> None:
    record = Record.open(home / "record", read_only=True)
    study = dispersion_study.make(studies, asked(record, title="Mis", emitters=(Emitter("NL.X/9.FACILITY"),)), now())
    list(dispersion_study_work.work(studies, record, now))
    record.close()
    page = text(reader, f"/verspreiding/{study.id}/")
    assert "is mislukt" in page
    assert "Een bedrijf staat niet in het register" in page
    assert "NL.X/9.FACILITY" in page


def test_study_of_another_form_is_named_in_the_list_and_says_why_it_cannot_be_read(
    reader: Client, studies: Studies
) -> None:
    studies.make(iter(["kapot"]))
    studies.put("kapot", ASKED_FILE, b'{"id":"kapot"}')
    try:
        page = text(reader, "/verspreiding/")
        assert "Niet in de lijst, omdat niet te lezen is wat erin gevraagd is: kapot." in page
        assert "Rond het staal" in page
        assert "Wat er in deze verspreidingsstudie gevraagd is, is niet te lezen." in text(
            reader, "/verspreiding/kapot/", 409
        )
    finally:
        studies.forget("kapot", ASKED_FILE)
    assert "Niet in de lijst" not in text(reader, "/verspreiding/")


def test_study_says_what_nobody_looked_at_what_is_assumed_and_when_the_program_changed(
    reader: Client, studies: Studies
) -> None:
    page = text(reader, f"/verspreiding/{BASE}/")
    assert "Niet bekeken: er is niet opgegeven uit welke richtingen de wind van zee komt." in page
    assert "Aangenomen: de wind is die op 10 meter hoogte" in page
    changed = "Berekend voordat het programma veranderde"
    assert changed not in page
    kept = studies.get(BASE, OUTCOME)
    assert kept is not None
    outcome = dispersion_outcome.read(studies, BASE)
    try:
        other = dataclasses.replace(outcome, receipt=dataclasses.replace(outcome.receipt, program="0" * 64))
        studies.put(BASE, OUTCOME, msgspec.json.encode(other))
        assert changed in text(reader, f"/verspreiding/{BASE}/")
    finally:
        studies.put(BASE, OUTCOME, kept)
