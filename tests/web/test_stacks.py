"""The page of the stacks of a site: instruments, functions and settings of a day, and what is not known said so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX, OTHER, OXYGEN, POINT
from tests.web.conftest import reading

from goedebuur.services import streams
from goedebuur.services.stack_views import PointView, StreamView
from goedebuur.web import stack_rows

PAGE = "/locaties/werk/schoorstenen/"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Client]:
    record = open_record(tmp_path / "record")
    streams.put(record, ALL, NOW)
    replaced = replace(NOX, id="K1-nox-nieuw", valid_from=date(2026, 1, 1), instrument="Nieuw apparaat")
    streams.put(record, [replace(NOX, valid_to=date(2025, 12, 31)), replaced], NOW, reason="vervangen")
    record.close()
    with reading(tmp_path) as client:
        yield client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_page_has_the_function_that_held_on_the_day(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?on=2025-07-01")
    assert "Waarde = −1,2 + 1,04 × signaal [mg/m³]; aangetoond voor 0 tot 220 mg/m³" in page
    assert "Getest op 20 mei 2025, met 15 paren waarden" in page
    before = text(visitor, f"{PAGE}?on=2025-05-31")
    assert "Waarde = " not in before
    assert "Op deze dag staat geen kalibratiefunctie in het register" in before


def test_instrument_is_shown_only_on_days_on_which_it_was_in_use(visitor: Client) -> None:
    assert "Nieuw apparaat" not in text(visitor, f"{PAGE}?on=2025-12-31")
    later = text(visitor, f"{PAGE}?on=2026-01-01")
    assert "Nieuw apparaat" in later
    assert "<code>K1-nox</code>" not in later


def test_settings_that_nobody_confirmed_show_their_question_only_where_they_do_not_decide(tmp_path: Path) -> None:
    from goedebuur.core.base.sourced import Status
    from goedebuur.core.emissions.processing import Processing

    record = open_record(tmp_path / "record")
    unsure = [replace(one, status=Status.MEMORY_LOW) if isinstance(one, Processing) else one for one in ALL]
    streams.put(record, unsure, NOW)
    record.close()
    with reading(tmp_path) as client:
        page = text(client, f"{PAGE}?on=2025-07-01")
    assert "Is this what the measuring plan says?" in page
    assert "Een gemiddelde telt als 2/3 ervan gemeten is" in page


def test_point_without_instruments_is_there_and_says_that_nothing_is_known(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?on=2025-07-01")
    assert OTHER.names[-1].value in page
    assert "Van deze plek staat voor deze dag geen meetapparaat in het register" in page


def test_page_of_the_site_leads_to_its_stacks_only_where_there_are_signals(visitor: Client) -> None:
    assert f'href="{PAGE}"' in text(visitor, "/locaties/werk/")


def test_site_of_a_state_before_it_was_entered_is_not_found(visitor: Client) -> None:
    assert visitor.get(f"{PAGE}?as_of=0").status_code == 404
    assert visitor.get("/locaties/niemand/schoorstenen/").status_code == 404


def test_simulated_stacks_are_called_so(visitor: Client) -> None:
    assert "gesimuleerd" in text(visitor, PAGE)


def test_api_has_the_same_signals_and_functions(visitor: Client) -> None:
    found = visitor.get("/api/sites/werk/stacks/?on=2025-07-01").json()
    one = next(point for point in found["points"] if point["point"]["id"] == "K1")
    functions = {view["stream"]["id"]: view["function"] for view in one["streams"]}
    assert functions["K1-nox"]["slope"] == "1.04"
    assert functions["K1-o2"] is None
    assert [one["id"] for one in one["abatement"]] == ["K1-doek"]


def test_what_goes_out_stands_before_what_only_tells_of_the_gas() -> None:
    oxygen, nox = StreamView(replace(OXYGEN, id="A-o2"), None), StreamView(NOX, None)
    (row,) = stack_rows.points([PointView(POINT, (oxygen, nox), (), ())])
    assert [one.id for one in row.signals] == ["K1-nox", "A-o2"]
