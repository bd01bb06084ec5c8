"""The pages of a year at the stacks of a site, month by month and with the room under each limit: as published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.test import Client
from tests.core.permits.decisions import decision
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX, PROCESSING
from tests.services.test_emission_verdicts import CONFIRMED, DAY, SHOWN, YEAR, Given
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import made, text

from goedebuur.core.permits.limits import Substance
from goedebuur.services import emission_results, permits, streams
from goedebuur.web.stack_room_rows import Room, substances

CO = Substance("koolmonoxide", id="co")
TIMELINE = "/locaties/werk/schoorstenen/verloop/"
ROOM = "/locaties/werk/schoorstenen/ruimte/"
VALUES = f"@2026-01-10T00:00 48x60 {DAY} 8x500 40x114 48x89 @2026-05-01T00:00 30x80"
"""January met; 3 March 164.33 after 14 is taken off, 4 March 75; 1 May has 30 half hours, and all counts."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("years")
    record = made(found)
    emission_results.publish(record, "werk", YEAR, Given(VALUES), NOW + timedelta(days=1), SHOWN)
    record.close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def limit(page: str, heading: str) -> str:
    """Return the part of a page that is about one limit."""
    found = [one for one in page.split('<article class="gb-limit">') if heading in one]
    assert len(found) == 1, heading
    return found[0].partition("</article>")[0]


def cells(html: str) -> list[list[str]]:
    """Return the words in the cells of each row of the body of a table."""
    body = html.partition("<tbody")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in body.split("</tr>")[:-1]
    ]


NOX_DAY = "Stikstofoxiden (als NO2), gemiddeld over een dag</h3>"


def test_each_month_has_the_worst_outcome_of_its_days_and_how_many(visitor: Client) -> None:
    rows = cells(limit(text(visitor, TIMELINE), NOX_DAY))
    assert len(rows) == 12
    assert rows[0] == ["Januari", "gehaald", "1 dag gehaald"]
    assert rows[1] == ["Februari", "niets te beoordelen", ""]
    assert rows[2] == ["Maart", "overschreden", "1 dag overschreden, 1 dag gehaald"]


def test_months_are_drawn_in_the_same_outcomes_and_said_in_words(visitor: Client) -> None:
    told = limit(text(visitor, TIMELINE), NOX_DAY)
    drawing = told.partition("<svg")[2].partition("</svg>")[0]
    assert [drawing.count(f'class="gb-months__{side}"') for side in ("meets", "exceeds", "none")] == [2, 1, 9]
    assert 'role="img"' in drawing
    assert "maart overschreden" in drawing


def test_month_leads_to_its_verdict_taken_apart(visitor: Client) -> None:
    told = limit(text(visitor, TIMELINE), NOX_DAY)
    (address,) = re.findall(r'href="([^"]+period=2026-03[^"]*)"', told)
    assert "Maart" in told
    assert "maart 2026" in text(visitor, address.replace("&amp;", "&"))


def test_limit_on_the_year_stands_apart_with_why(visitor: Client) -> None:
    rows = cells(text(visitor, TIMELINE).partition("Niet per maand beoordeeld")[2])
    name = "Stikstofoxiden (als NO2), gemiddeld over een half uur, voor 97 % van die gemiddelden in een kalenderjaar"
    # 97 % of 174: 5 may be above, and 8 are
    assert [row[:2] for row in rows] == [[f"{name}K1-nox", "Overschreden"]]


def test_room_has_highest_and_mean_of_what_was_measured(visitor: Client) -> None:
    rows = cells(limit(text(visitor, ROOM), NOX_DAY))
    # 3 March (8 × 500 + 40 × 114) / 48 = 178.333; days 60, 178.333, 89 and 80: their mean is 101.833
    assert rows[0] == ["Dagen", "4", "178,333", "op 3 maart 2026", "100", "78,3 % erboven", "101,833"]
    # March (8 × 500 + 40 × 114 + 48 × 89) / 96 = 133.667; months 60, 133.667 and 80
    assert rows[1] == ["Maanden", "3", "133,667", "in maart 2026", "100", "33,7 % erboven", "91,222"]
    # (48 × 60 + 96 × 133.667 + 30 × 80) / 174
    assert rows[2] == ["Alles wat telt", "1", "104,092", "–", "100", "4,1 % erboven", "104,092"]


def test_room_is_drawn_to_one_scale_with_the_part_beyond_the_limit(visitor: Client) -> None:
    drawing = limit(text(visitor, ROOM), NOX_DAY).partition("<svg")[2].partition("</svg>")[0]
    bars = [int(one) for one in re.findall(r'class="gb-room__bar"[^>]* width="(\d+)"', drawing)]
    marks = {int(one) for one in re.findall(r'class="gb-room__limit" x1="(\d+)"', drawing)}
    over = [int(one) for one in re.findall(r'class="gb-room__over"[^>]* width="(\d+)"', drawing)]
    # 308 wide is 178.333: 100 is at 172, 133.667 at 230, 104.092 at 179
    assert (bars, marks, over) == ([308, 230, 179], {172}, [136, 58, 7])
    assert "hoogste dag: 178,333 mg/Nm³" in drawing
    assert "grens 100 mg/Nm³" in drawing


def test_limit_for_which_nothing_counts_says_so(tmp_path: Path) -> None:
    record = made(tmp_path)
    emission_results.publish(record, "werk", YEAR, Given(DAY + "48xmalfunction"), NOW + timedelta(days=1), SHOWN)
    record.close()
    with reading(tmp_path) as client:
        assert "Er is niets te laten zien" in limit(text(client, ROOM), NOX_DAY)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a second stack, where carbon monoxide is measured beside nitrogen oxides."""
    found = tmp_path_factory.mktemp("two")
    record = open_record(found / "record")
    other = [
        replace(NOX, id="K2-nox", emission_point="K2", series="K2.stack_nox.1min", installation=""),
        replace(NOX, id="K2-co", emission_point="K2", series="K2.stack_co.1min", installation="", substance=CO),
    ]
    streams.put(record, [*(CONFIRMED if one == PROCESSING else one for one in ALL), *other], NOW)
    rules = [{"rule": "bal.4.73", "emission_points": ["K1", "K2"], "oxygen": "11"}]
    permits.publish(record, decision("regels", "2023-01-01", site="werk", general_rules=rules, example=True), NOW)
    emission_results.publish(record, "werk", YEAR, Given(VALUES), NOW + timedelta(days=1), SHOWN)
    record.close()
    return found


@pytest.mark.parametrize("address", [TIMELINE, ROOM])
def test_one_emission_point_is_shown_at_a_time(two: Path, address: str) -> None:
    with reading(two) as client:
        first, second = text(client, address), text(client, f"{address}?point=K2")
        assert ("K1-nox" in first, "K2-nox" in first) == (True, False)
        assert ("K1-nox" in second, "K2-nox" in second) == (False, True)
        assert f'href="{address}?year=2026&amp;point=K2"' in first
        assert client.get(f"{address}?point=K3").status_code == 400


def test_of_many_limits_those_of_one_substance_are_shown(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goedebuur.web.views.stack_years.FEW_LIMITS", 2)
    with reading(two) as client:
        page = text(client, f"{ROOM}?point=K2&substance=nox")
        assert ("<code>K2-nox" in page, "<code>K2-co" in page) == (True, False)
        assert f'href="{ROOM}?year=2026&amp;point=K2&amp;substance=co"' in page
        assert client.get(f"{ROOM}?point=K2&substance=goud").status_code == 400


def test_substances_stand_in_the_order_of_the_room_that_is_left() -> None:
    def room(substance: str, least: Fraction | None) -> Room:
        return Room(substance, substance.upper(), "een dag", "s", "mg/Nm³", (), least, (), None)

    quarter, passed = Fraction(1, 4), Fraction(-1, 2)
    told = substances([room("so2", passed), room("nox", quarter), room("so2", quarter), room("hg", None)])
    assert [(one.id, one.limits, one.left) for one in told] == [
        ("so2", 2, "50 % erboven"),
        ("nox", 1, "25 % eronder"),
        ("hg", 1, "niet bekend"),
    ]


@pytest.mark.parametrize("address", [TIMELINE, ROOM])
def test_year_without_published_verdicts_has_no_figures(visitor: Client, address: str) -> None:
    page = text(visitor, f"{address}?year=2024")
    assert "Over 2024 zijn geen oordelen gepubliceerd" in page
    assert "<article" not in page


@pytest.mark.parametrize("address", [TIMELINE, ROOM])
def test_state_before_they_were_published_has_no_figures(visitor: Client, address: str) -> None:
    leaf = visitor.get("/api/sites/werk/stacks/verdicts/").json()["published"][0]["leaf"]
    assert "<article" not in text(visitor, f"{address}?as_of={leaf}")
    assert "<article" in text(visitor, f"{address}?as_of={leaf + 1}")


@pytest.mark.parametrize("address", [TIMELINE, ROOM])
def test_verdicts_that_are_not_published_are_not_to_be_seen(tmp_path: Path, address: str) -> None:
    record = made(tmp_path)
    record.close()
    with reading(tmp_path) as client:
        assert "<article" not in text(client, address)


def test_nothing_is_judged_for_a_reader(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise AssertionError("judged")

    monkeypatch.setattr("goedebuur.core.compliance.emissions.judge.judge", refused)
    assert "178,333" in text(visitor, ROOM)
    assert "overschreden" in text(visitor, TIMELINE)


def test_pages_lead_to_each_other_in_the_year_that_is_asked(visitor: Client) -> None:
    page = text(visitor, f"{TIMELINE}?year=2026")
    assert f'href="{ROOM}?year=2026"' in page
    assert f'href="{TIMELINE}?year=2026" aria-current="page"' in page
    assert 'href="/locaties/werk/schoorstenen/"' in page


def test_api_gives_exact_numbers(visitor: Client) -> None:
    found = visitor.get("/api/sites/werk/stacks/headroom/?year=2026").json()
    day = next(one for one in found["limits"] if one["requirement"] == "nox-day")
    assert day["spans"][0] == {
        "span": "day",
        "n": 4,
        "start": "2026-03-03",
        "highest": "535/3",
        "limit": "100",
        "mean": "611/6",
    }


@pytest.mark.parametrize("address", [TIMELINE, ROOM])
def test_unknown_site_is_not_found(visitor: Client, address: str) -> None:
    assert visitor.get(address.replace("werk", "niemand")).status_code == 404
