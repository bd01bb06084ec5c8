"""Sites: what was reported by substance and year, who runs them, where they lie, and what is still a question."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from tests.adapters.samples import eprtr
from tests.core.permits.decisions import condition, decision
from tests.services import register_files
from tests.services.deliveries import NOW, open_record
from tests.services.register_files import FARM, MOVES, NEW, OLD
from tests.web.conftest import reading

from goedebuur.core.sites import form
from goedebuur.services import delivery, permits, site_decisions, site_import, sites

STEEL = "/locaties/NL.X/1.FACILITY/"


@pytest.fixture(params=["measured", "simulated"])
def visitor(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Client, bool]]:
    simulated = request.param == "simulated"
    record = open_record(tmp_path / "record")
    data = eprtr().replace(b"\tNetherlands\t", b"\tSIMULATIE\t") if simulated else eprtr()
    delivery.deliver(record, data, "air_data.csv", now=NOW, submitter="simulatie" if simulated else None)
    record.close()
    with reading(tmp_path) as client:
        yield client, simulated


def test_page_has_what_was_reported_by_year_in_the_digits_reported(visitor: tuple[Client, bool]) -> None:
    page = visitor[0].get(STEEL).content.decode()
    row = r'<tr><th scope="row">(\d+)</th><td class="gb-number">([^<]*)</td><td><a[^>]*href="([^"]*)"'
    rows = re.findall(row, page)
    assert rows == [("2008", "0,12 kg", "/leveringen/0/"), ("2007", "3.690,0 kg", "/leveringen/0/")]
    assert "benzeen: 0,12 kg" in page
    assert "metaal" not in page  # a sector that our table lacks is shown as the register has it
    assert "Metals" in page
    assert visitor[0].get("/leveringen/0/").status_code == 200


def test_company_of_the_simulation_is_called_so_and_no_other(visitor: tuple[Client, bool]) -> None:
    client, simulated = visitor
    assert ("Dit bedrijf bestaat niet" in client.get(STEEL).content.decode()) == simulated
    on_map = client.get("/api/map/facilities/").json()["facilities"]
    assert {one["simulated"] for one in on_map} == {simulated}


def test_list_has_every_facility_also_one_that_reported_nothing_to_the_air(visitor: tuple[Client, bool]) -> None:
    page = visitor[0].get("/locaties/").content.decode()
    assert STEEL in page
    assert "Twee NV" in page
    other = visitor[0].get("/locaties/NL.X/2.FACILITY/").content.decode()
    assert "niets aan het register E-PRTR opgegeven" in other


def test_map_gets_place_and_summary_in_the_language_that_is_asked(visitor: tuple[Client, bool]) -> None:
    dutch = visitor[0].get("/api/map/facilities/?language=nl").json()["facilities"][0]
    english = visitor[0].get("/api/map/facilities/?language=en").json()["facilities"][0]
    assert (dutch["name"], dutch["latitude"], dutch["longitude"]) == ("Een Staal BV", 52.4, 4.6)
    assert dutch["url"] == STEEL
    assert dutch["summary"] == "Eendorp. Opgegeven over 2008: 1 stof naar de lucht."
    assert english["summary"] == "Eendorp. Reported over 2008: 1 substance to air."
    home = visitor[0].get("/").content.decode()
    assert 'data-facility="NL.X/1.FACILITY"' in home
    assert "data-facilities-url" in home


@pytest.mark.parametrize(
    "path",
    [
        "/locaties/NL.X/9.FACILITY/",
        "/locaties/niemand/",
        f"{STEEL}?as_of=0",
        f"/api{STEEL.replace('locaties', 'sites')}?as_of=0",
    ],
)
def test_company_that_the_record_does_not_hold_is_not_found(visitor: tuple[Client, bool], path: str) -> None:
    assert visitor[0].get(path).status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/bedrijven/", "/locaties/"),
        ("/bedrijven/NL.X/1.FACILITY/", STEEL),
        ("/bedrijven/NL.X/1.FACILITY/?as_of=1", f"{STEEL}?as_of=1"),
        ("/en/bedrijven/", "/en/locaties/"),
    ],
)
def test_old_addresses_lead_to_the_new_ones(visitor: tuple[Client, bool], old: str, new: str) -> None:
    answer = visitor[0].get(old)
    assert (answer.status_code, answer["Location"]) == (302, new)
    assert visitor[0].get(new).status_code == 200


OPERATOR = {
    "record_kind": "operator",
    "id": "staal",
    "kvk": "01234567",
    "names": [{"value": "Oude Oven", "valid_to": "2011-12-31"}, {"value": "Staal BV", "valid_from": "2012-01-01"}],
}
BODIES = [
    {"record_kind": "authority", "id": "pv27", "kind": "province", "names": [{"value": "Provincie Eenland"}]},
    {"record_kind": "authority", "id": "od", "kind": "agency", "names": [{"value": "Omgevingsdienst Eenland"}]},
    {"record_kind": "authority", "id": "gm1", "kind": "municipality", "names": [{"value": "Eendorp"}]},
]
SITE = {
    "record_kind": "site",
    "id": "staalwerk",
    "names": [{"value": "=Staalwerk"}],
    "cities": [{"value": "Eendorp"}],
    "places": [{"latitude": "52.5", "longitude": "4.61", "source": "vergunning"}],
    "operators": [{"value": "staal", "valid_from": "2012-01-01", "source": "vergunning"}],
    "authorities": [{"value": "pv27"}],
    "agencies": [{"value": "od"}],
    "municipalities": [{"value": "gm1"}],
    "activities": [{"list": "ied", "code": "2.2", "main": True}],
    "checked": True,
}
PARTS = [
    {
        "record_kind": "installation",
        "id": "sinter",
        "site": "staalwerk",
        "names": [{"value": "Sinterband"}],
        "activities": [{"list": "ied", "code": "2.1"}],
    },
    {
        "record_kind": "emission_point",
        "id": "s1",
        "site": "staalwerk",
        "kind": "stack",
        "names": [{"value": "Schoorsteen 1"}],
        "installations": ["sinter"],
        "height": "110.5",
    },
]
BY = {"role": "specialist", "reason": "zelfde hek"}


@dataclass(frozen=True, slots=True)
class Told:
    """A reader of a record with the register, a site of its own and decisions; and the sizes in between."""

    client: Client
    imported: int
    entered: int
    merged: int

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("sites")
    record = open_record(folder / "record")
    register_files.deliver(record, folder)
    site_import.import_sites(record, NOW)
    imported = record.size
    ones, faults = form.read_list([OPERATOR, *BODIES, SITE, *PARTS])
    assert not faults
    sites.put(record, ones, NOW)
    entered = record.size
    site_decisions.merge(record, NEW, OLD, now=NOW, **BY)
    merged = record.size
    site_decisions.judge(record, MOVES, 2016, "wrong", now=NOW, **BY)
    record.close()
    with reading(folder) as client:
        yield Told(client, imported, entered, merged)


def test_page_has_operator_with_earlier_names_and_the_bodies_that_watch(told: Told) -> None:
    page = told.page("/locaties/staalwerk/")
    for said in (
        "Staal BV",
        "KvK-nummer 01234567; heette eerder Oude Oven (tot en met 31-12-2011)",
        "sinds 01-01-2012; er is geen einde bekend. vergunning",
        "Provincie Eenland",
        "Omgevingsdienst Eenland",
        "Maken van ijzer of staal, vanaf 2,5 ton per uur",
        "nog niet nagekeken in de tekst van de wet",
        "Sinterband",
        "Schoorsteen 1, schoorsteen, 110,5 m hoog",
        "52,5° N, 4,61° O; RD 102225, 501650",
    ):
        assert said in page
    assert "Nog niemand heeft het nagekeken" not in page


def test_what_is_not_known_is_said_to_be_so(told: Told) -> None:
    page = told.page(f"/locaties/{FARM}/")
    assert page.count("niet bekend") >= 5  # operator, authority, agency, municipality, installations
    assert "Nog niemand heeft het nagekeken" in page


def test_page_leads_to_the_permit_once_there_is_one_also_of_a_merged_site(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    register_files.deliver(record, tmp_path)
    site_import.import_sites(record, NOW)
    permits.publish(record, decision("besluit", "2026-01-01", condition("4.1", site=OLD), site=OLD), NOW)
    before = record.size
    site_decisions.merge(record, NEW, OLD, now=NOW, **BY)
    record.close()
    with reading(tmp_path) as client:
        assert f'href="/locaties/{NEW}/vergunning/"' in client.get(f"/locaties/{NEW}/").content.decode()
        assert "geen vergunning van dit bedrijf" in client.get(f"/locaties/{NEW}/?as_of={before}").content.decode()
        assert "Voorschrift 4.1" in client.get(f"/locaties/{NEW}/vergunning/").content.decode()


def test_a_merged_site_leads_to_the_one_that_was_kept_and_was_itself_before(told: Told) -> None:
    answer = told.client.get(f"/locaties/{OLD}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/locaties/{NEW}/")
    assert OLD in told.page(f"/locaties/{OLD}/?as_of={told.entered}")
    page = told.page(f"/locaties/{NEW}/")
    assert f"{OLD} is bij deze locatie gevoegd: dit is één locatie, zo besliste een specialist op 01-02-2026" in page
    years = re.findall(r'<th scope="row">(\d{4})</th>', page)
    assert years == ["2010", "2009", "2008", "2007"]


def test_page_of_before_a_decision_stays_what_it_was(told: Told) -> None:
    before = told.page(f"/locaties/{MOVES}/?as_of={told.merged}")
    now = told.page(f"/locaties/{MOVES}/")
    assert "klopt niet volgens een besluit: zelfde hek (specialist)" in now
    assert "klopt niet" not in before
    assert "de jaren ervoor en erna hebben een andere plek" in before


def test_page_tells_each_change_with_its_reason_also_one_that_was_taken_back(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    register_files.deliver(record, tmp_path)
    site_import.import_sites(record, NOW)
    site_decisions.merge(record, NEW, OLD, now=NOW, **BY)
    before = record.size
    site_decisions.split(record, NEW, OLD, now=NOW, role="reviewer", reason="toch twee hekken")
    record.close()
    with reading(tmp_path) as client:
        rows = re.findall(
            r'<td role="cell" data-label="Waarom">([^<]*)</td>', client.get(f"/locaties/{NEW}/").content.decode()
        )
        assert rows == ["toch twee hekken (reviewer)", "zelfde hek (specialist)", "overgenomen uit het register E-PRTR"]
        then = client.get(f"/locaties/{NEW}/?as_of={before}").content.decode()
        assert "toch twee hekken" not in then
        assert 'href="/leveringen/2/?as_of=3"' in then
        assert "toch twee hekken" not in client.get(f"/locaties/{FARM}/").content.decode()


def test_questions_are_found_from_the_list_also_where_none_is_open(told: Told) -> None:
    before_any_site = told.page("/locaties/?as_of=0")
    assert 'href="/locaties/vragen/?as_of=0"' in before_any_site
    assert "Vragen over locaties" in before_any_site


def test_questions_that_are_open_and_decided_are_on_one_page(told: Told) -> None:
    before = told.page(f"/locaties/vragen/?as_of={told.entered}")
    assert "Is dit één locatie? (1)" in before
    assert "100 van de 100 punten" in before
    assert "ze liggen 1 m uit elkaar" in before
    assert "Hierover heeft nog niemand beslist." in before
    now = told.page("/locaties/vragen/")
    assert "Is dit één locatie? (0)" in now
    assert "zo besliste een specialist" in now
    assert "Waar ligt deze locatie? (1)" in now
    assert "liggen tot 3,3 km uit elkaar" in now
    assert "2014-2015, 2017: 51,50000° N, 4,20000° O" in now


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("municipality=gm1", {"staalwerk"}),
        ("operator=staal", {"staalwerk"}),
        ("activity=ied:2.2", {"staalwerk"}),
        ("activity=eprtr:7(a)", {FARM}),
        ("city=Eendorp", {"staalwerk", NEW}),
        ("substance=Ammonia (NH3)", {NEW, MOVES, FARM}),
        ("city=Eendorp&substance=Ammonia (NH3)", {NEW}),
        ("operator=niemand", set()),
    ],
)
def test_list_api_and_csv_have_the_sites_that_are_asked_for(told: Told, query: str, found: set[str]) -> None:
    assert {one["id"] for one in told.client.get(f"/api/sites/?{query}").json()["sites"]} == found
    page = told.page(f"/locaties/?{query}")
    assert {name for name in (*found, FARM, OLD, NEW, "staalwerk") if f'href="/locaties/{name}/"' in page} == found
    rows = list(csv.DictReader(io.StringIO(told.page(f"/locaties.csv?{query}"))))
    assert {row["id"] for row in rows} == found


def test_csv_keeps_numbers_and_makes_words_harmless(told: Told) -> None:
    answer = told.client.get("/locaties.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert (rows["staalwerk"]["name"], rows["staalwerk"]["kvk"]) == ("'=Staalwerk", "01234567")
    assert (rows[FARM]["latitude"], rows[FARM]["kvk"], rows[FARM]["looked_at"]) == ("53.00000", "", "false")


def test_api_has_one_site_with_its_history_and_questions(told: Told) -> None:
    one = told.client.get(f"/api/sites/{OLD}/").json()
    assert one["id"] == NEW
    assert [part["value"] for part in one["facilities"]] == [OLD, NEW]
    assert one["merged"][0]["reason"] == "zelfde hek"
    said = told.client.get("/api/sites/questions/").json()
    assert [pair["open"] for pair in said["pairs"]] == [False]
    assert [(one["site"], one["open"], one["distance_m"]) for one in said["moved"]] == [(MOVES, True, 3336)]
    assert told.client.get(f"/api/sites/{OLD}/?as_of={told.entered}").json()["id"] == OLD


def test_english_page_says_the_same(told: Told) -> None:
    page = told.page("/en/locaties/staalwerk/")
    assert "earlier called Oude Oven (up to and including 2011-12-31)" in page
    assert "Making iron or steel" in page
