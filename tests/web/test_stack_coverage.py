"""The page of substances: permitted, reported, measured, found, how long ago. Nothing on it is a verdict."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.core.permits.decisions import decision, limit
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL
from tests.services.test_coverage import DUST, NOX, duty, periodic
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import text

from goedebuur.services import permits, streams

PAGE = "/locaties/werk/schoorstenen/dekking/"
ON = "on=2026-06-01"
SO2 = {"name": "zwaveldioxide", "id": "so2"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A limit and a yearly duty on dust at K1, a limit on SO2 at K2; dust measured in 2025, and NOx found."""
    found = tmp_path_factory.mktemp("coverage")
    record = open_record(found / "record")
    enter_bureau(record)
    streams.put(record, ALL, NOW)
    conditions = (
        limit("1", "5", emission_points=["K1"], form={"substance": DUST}),
        duty("2", DUST, 12),
        limit("3", "50", emission_points=["K2"], form={"substance": SO2}),
    )
    permits.publish(record, decision("besluit", "2020-01-01", *conditions, site="werk", example=True), NOW)
    submit(record, report_file([periodic("2025-04-01", DUST), periodic("2026-05-31", NOX)]))
    record.close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def rows(page: str) -> dict[str, list[str]]:
    """Return the cells of each substance, without marks."""
    found = {}
    for row in re.findall(r'<tr role="row"><th role="rowheader".*?</tr>', page, re.S):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        name, *rest = (re.sub(r"<[^>]+>", " ", one).strip() for one in cells)
        found[name] = [re.sub(r"\s+", " ", one) for one in rest]
    return found


def test_substance_has_limit_day_since_and_how_often(visitor: Client) -> None:
    # from 1 April 2025 to 1 June 2026 is 365 + 61 days; a year later is 1 April 2026
    assert rows(text(visitor, f"{PAGE}?{ON}"))["Totaal stof"] == [
        "ja, 1 grenswaarde",
        "nee",
        "1 april 2025 426 dagen geleden",
        "één keer in 12 maanden moest uiterlijk op 1 april 2026",
        "Is er daarna nog gemeten? De dag waarop het moest is voorbij.",
    ]


def test_day_that_is_asked_decides_what_is_due(visitor: Client) -> None:
    row = rows(text(visitor, f"{PAGE}?on=2026-03-31"))["Totaal stof"]
    assert row[2] == "1 april 2025 364 dagen geleden"
    assert row[3:] == ["één keer in 12 maanden volgende uiterlijk op 1 april 2026", "–"]


def test_substance_that_was_found_and_is_not_permitted_is_a_question(visitor: Client) -> None:
    row = rows(text(visitor, f"{PAGE}?{ON}"))["Stikstofoxiden (als NO2)"]
    assert (row[0], row[2]) == ("niet in het register", "31 mei 2026 1 dag geleden")
    assert row[4] == "Welk besluit staat dit toe? Het is gevonden, en in het register staat geen besluit erover."


def test_nothing_is_called_a_breach(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?{ON}")
    assert "Dit is dus geen oordeel" in page
    assert set(re.findall(r"gb-verdict--([a-z-]+)", page)) == {"undetermined"}


def test_point_that_asks_most_stands_first_and_is_open(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?{ON}")
    folds = re.findall(r'<details class="gb-fold" id="[^"]+"( open)?><summary><h2[^>]*>(.*?)</h2>', page)
    assert folds == [(" open", "Schoorsteen 1"), ("", "Schoorsteen 2")]


def test_only_what_raises_a_question_can_be_asked_for(visitor: Client) -> None:
    assert set(rows(text(visitor, f"{PAGE}?on=2026-03-31&show=stands-out"))) == {"Zwaveldioxide"}
    assert visitor.get(f"{PAGE}?show=alles").status_code == 400


def test_file_and_api_have_every_cell(visitor: Client) -> None:
    told = list(csv.DictReader(io.StringIO(visitor.get(f"{PAGE}tabel.csv?{ON}").content.decode())))
    dust = next(one for one in told if one["substance"] == "dust")
    assert (dust["days_since"], dust["due"], dust["findings"]) == ("426", "2026-04-01", "overdue")
    cells = visitor.get(f"/api/sites/werk/stacks/coverage/?{ON}").json()["cells"]
    assert {one["spot"]["substance"]: one["days"] for one in cells} == {"dust": 426, "nox": 1, "so2": None}


def test_earlier_state_knows_what_was_in_it(visitor: Client) -> None:
    size = visitor.get("/api/record/").json()["tree_size"]
    assert "Totaal stof" in rows(text(visitor, f"{PAGE}?{ON}&as_of={size - 1}"))
    assert rows(text(visitor, f"{PAGE}?{ON}&as_of={size - 1}"))["Totaal stof"][2] == "nooit"


def test_site_of_which_nothing_is_known_says_what_is_missing(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    streams.put(record, ALL, NOW)
    record.close()
    with reading(tmp_path) as client:
        assert "Iemand moet de vergunning invoeren, of metingen leveren." in text(client, PAGE)


def test_unknown_site_is_not_found(visitor: Client) -> None:
    assert visitor.get(PAGE.replace("werk", "niemand")).status_code == 404
