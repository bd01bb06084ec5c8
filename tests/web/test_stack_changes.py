"""The page of what changed between two publications of the verdicts at a stack: what differs, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import NOW
from tests.services.test_emission_verdicts import DAY, SHOWN, YEAR, Given
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import VALUES, made, text
from tests.web.test_stack_years import cells

from goedebuur.services import emission_results

PAGE = "/locaties/werk/schoorstenen/verschil/"
API = "/api/sites/werk/stacks/changes/"
LATER = DAY + "8x20 40x114 48x89"
"""3 March: (8 × 6 + 40 × 100) / 48 = 84.333 after 14 is taken off, where it was 164.333; 4 March stays 75."""
LAST = DAY + "4xmalfunction 4x20/start_up 40x114 48x89"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("changes")
    record = made(found)
    for day, values in enumerate((VALUES, LATER, LAST), 1):
        emission_results.publish(record, "werk", YEAR, Given(values), NOW + timedelta(days=day), SHOWN)
    record.close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def leaves(client: Client) -> list[int]:
    """Return the leaves of the three publications, newest first."""
    return [one["leaf"] for one in client.get(API).json()["publications"]]


def test_outcome_that_turned_stands_beside_what_it_was(visitor: Client) -> None:
    second = leaves(visitor)[1]
    rows = cells(text(visitor, f"{PAGE}?leaf={second}"))
    day = next(row for row in rows if row[1] == "Op 3 maart 2026")
    assert day[0] == "Stikstofoxiden (als NO2), gemiddeld over een dag"
    assert "164,333 mg/Nm³" in day[2]
    assert day[2].startswith("Overschreden")
    assert "84,333 mg/Nm³" in day[3]
    assert day[3].startswith("Gehaald")
    assert not [row for row in rows if row[1] == "Op 4 maart 2026"]


def test_share_of_averages_says_how_many_are_above_the_limit(visitor: Client) -> None:
    second = leaves(visitor)[1]
    rows = cells(text(visitor, f"{PAGE}?leaf={second}"))
    (share,) = [row for row in rows if "97 %" in row[0]]
    assert "8 boven de grens" in share[2]
    assert "0 boven de grens" in share[3]


def test_exactly_the_averages_that_changed_are_named(visitor: Client) -> None:
    first, second = leaves(visitor)[2], leaves(visitor)[1]
    found = visitor.get(f"{API}?leaf={second}").json()
    assert (found["before"], found["after"]) == (first, second)
    starts = [
        f"2026-03-{2 + (23 + half // 2) // 24:02d}T{(23 + half // 2) % 24:02d}:{half % 2 * 30:02d}:00Z"
        for half in range(8)
    ]
    at = found["columns"].index
    assert [row[at("start")] for row in found["averages"]] == starts
    assert {row[at("standard_before")] for row in found["averages"]} == {"500.000000"}
    assert {row[at("standard")] for row in found["averages"]} == {"20.000000"}
    page = text(visitor, f"{PAGE}?leaf={second}")
    assert "8 gemiddelden zijn anders geworden" in page
    assert "03-03-2026 00:00" in page
    assert "03-03-2026 03:30" in page
    assert "03-03-2026 04:00" not in page


def test_newest_publication_is_compared_where_none_is_asked(visitor: Client) -> None:
    page = text(visitor, PAGE)
    rows = {row[1]: row[2:] for row in cells(page.partition("Elk gemiddelde")[2])}
    assert rows["03-03-2026 01:30"] == ["20", "geen waarde, niet geldig"]
    assert rows["03-03-2026 02:00"] == ["20", "20, bij opstarten"]
    assert page.count('aria-current="true"') == 1


def test_file_has_every_average_with_what_it_was(visitor: Client) -> None:
    second = leaves(visitor)[1]
    response = visitor.get(f"{PAGE}tabel.csv?leaf={second}")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == 8
    assert rows[0]["stream"] == "K1-nox"
    assert (rows[0]["standard_before"], rows[0]["standard"]) == ("500.000000", "20.000000")


def test_state_as_it_was_shows_what_had_been_published_then(visitor: Client) -> None:
    first, second = leaves(visitor)[2], leaves(visitor)[1]
    assert "één keer gepubliceerd" in text(visitor, f"{PAGE}?as_of={first + 1}")
    assert visitor.get(f"{API}?as_of={second + 1}").json()["after"] == second


def test_first_publication_has_nothing_before_it(visitor: Client) -> None:
    first = leaves(visitor)[2]
    assert "één keer gepubliceerd" not in text(visitor, f"{PAGE}?leaf={leaves(visitor)[0]}")
    found = visitor.get(f"{API}?leaf={first}").json()
    assert (found["before"], found["after"], found["verdicts"], found["averages"]) == (None, first, [], [])


@pytest.mark.parametrize("leaf", ["0", "999999"])
def test_entry_that_is_no_publication_of_the_year_is_not_found(visitor: Client, leaf: str) -> None:
    response = visitor.get(f"{API}?leaf={leaf}")
    assert response.status_code == 404
    assert response.json()["type"].endswith("emission-not-published")
    assert response.json()["value"] == f"werk {leaf}"


def test_year_of_which_nothing_is_published_says_so(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?year=2019")
    assert "Over 2019 zijn geen oordelen" in page
