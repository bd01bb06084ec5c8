"""Companies of the release register: each with what it reported by substance and year, and where that is from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.adapters.samples import eprtr
from tests.services.deliveries import NOW, open_record
from tests.web.conftest import reading

from goedebuur.services import delivery

STEEL = "/bedrijven/NL.X/1.FACILITY/"


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
    (on_map,) = client.get("/api/map/facilities/").json()["facilities"]
    assert on_map["simulated"] == simulated


def test_list_has_companies_with_releases_to_air_alone(visitor: tuple[Client, bool]) -> None:
    page = visitor[0].get("/bedrijven/").content.decode()
    assert STEEL in page
    assert "Twee NV" not in page


def test_map_gets_place_and_summary_in_the_language_that_is_asked(visitor: tuple[Client, bool]) -> None:
    (dutch,) = visitor[0].get("/api/map/facilities/?language=nl").json()["facilities"]
    (english,) = visitor[0].get("/api/map/facilities/?language=en").json()["facilities"]
    assert (dutch["name"], dutch["latitude"], dutch["longitude"]) == ("Een Staal BV", 52.4, 4.6)
    assert dutch["url"] == STEEL
    assert dutch["summary"] == "Eendorp. Opgegeven over 2008: 1 stof naar de lucht."
    assert english["summary"] == "Eendorp. Reported over 2008: 1 substance to air."
    home = visitor[0].get("/").content.decode()
    assert 'data-facility="NL.X/1.FACILITY"' in home
    assert "data-facilities-url" in home


@pytest.mark.parametrize("path", ["/bedrijven/NL.X/9.FACILITY/", "/bedrijven/NL.X/2.FACILITY/", f"{STEEL}?as_of=0"])
def test_company_that_the_record_does_not_hold_is_not_found(visitor: tuple[Client, bool], path: str) -> None:
    assert visitor[0].get(path).status_code == 404
