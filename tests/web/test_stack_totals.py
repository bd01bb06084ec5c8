"""The page of the totals of a year: kilograms with their range and what they rest on, and questions beside reports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.services.stack_year import YEAR, Told, year_of_site
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import text

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.register import Against
from goedebuur.services import emission_totals, total_results
from goedebuur.services.record import Record
from goedebuur.web import stack_total_rows

PAGE = "/locaties/werk/schoorstenen/jaarvracht/"
API = "/api/sites/werk/stacks/totals/"
LATER = datetime(YEAR + 1, 1, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """480 of 17,520 half hours of 1 kg each, of NOx and CO; 0.12 kg benzene was reported."""
    found = tmp_path_factory.mktemp("totals")
    record = year_of_site(found / "record")
    total_results.publish(record, "werk", YEAR, Told(), LATER)
    record.close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def rows(page: str) -> dict[str, list[str]]:
    """Return the cells of each substance of the first table, without marks."""
    found = {}
    for row in re.findall(r'<tr role="row"><th role="rowheader".*?</tr>', page.partition("</table>")[0], re.S):
        cells = (re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S))
        name, *rest = (re.sub(r"\s+", " ", one).strip() for one in cells)
        found[name] = rest
    return found


def fold_of(page: str, name: str) -> str:
    """Return the fold of one substance."""
    return next(one for one in page.split("<details")[1:] if name in one.partition("</h3>")[0])


def test_total_has_range_method_and_how_much_of_the_year_it_rests_on(visitor: Client) -> None:
    # 17,520 kg in three digits; 480 / 17,520 is 2.74 %
    row = rows(text(visitor, PAGE))["Stikstofoxiden (als NO2)"]
    assert row[:6] == [
        "17.500",
        "480 tot 17.500",
        "M : gemeten 2,7 % van de tijd; ingevuld 97,3 %",
        "0",
        "100.000",
        "–",
    ]


def test_total_under_the_threshold_with_nothing_reported_is_no_question(visitor: Client) -> None:
    told = rows(text(visitor, PAGE))["Stikstofoxiden (als NO2)"][6]
    assert told == "Niet boven de drempel. Niets opgegeven, en dat hoefde voor zover bekend niet"


def test_reported_substance_without_measurement_is_a_question(visitor: Client) -> None:
    row = rows(text(visitor, PAGE))["Benzeen"]
    assert (row[0], row[5]) == ("–", "0,12")
    assert row[6] == "Waar rust het opgegeven cijfer op? In het register staat er geen meting van."


def test_parts_say_what_was_filled_in_and_with_what(visitor: Client) -> None:
    fold = fold_of(text(visitor, PAGE), "Stikstofoxiden")
    assert "Schoorsteen 1" in fold
    # all half hours of which nothing is known, by the mean of all: 17,040 kg
    assert "17.040 stappen, toestand niet bekend" in fold
    assert "samen 17.000 kg" in fold


def test_total_is_drawn_with_range_and_threshold(visitor: Client) -> None:
    fold = fold_of(text(visitor, PAGE), "Stikstofoxiden")
    # 308 from 6 is 100,000 kg: 480 at 7, 17,520 at 59
    assert 'class="gb-total__span" x1="7" x2="59"' in fold
    assert 'class="gb-room__limit" x1="314"' in fold
    assert "eigen berekening 17.500 kg, bandbreedte 480 tot 17.500 kg; drempel 100.000 kg" in fold


def test_published_totals_are_read_back_as_they_were_worked_out(tmp_path: Path) -> None:
    record = year_of_site(tmp_path)
    leaf = total_results.publish(record, "werk", YEAR, Told(), LATER)
    found, worked = total_results.view(record, "werk"), emission_totals.of_site(record, "werk", YEAR, Told())
    assert (found.rows, dict(found.measured)) == (worked.rows, dict(worked.years))
    assert total_results.publish(record, "werk", YEAR, Told(), LATER + timedelta(days=1)) == leaf
    record.close()


@pytest.mark.parametrize(("moment", "refused"), [("2026-12-31T22:59:59", True), ("2026-12-31T23:00:00", False)])
def test_year_that_is_not_over_has_no_total_to_be_published(tmp_path: Path, moment: str, refused: bool) -> None:
    # 1 January 2027, 00:00 CET
    record, now = year_of_site(tmp_path), datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with pytest.raises(GoedeBuurError) if refused else nullcontext() as caught:
        total_results.publish(record, "werk", YEAR, Told(), now)
    assert not refused or caught.value.code == "emission-year-running"
    assert bool(total_results.view(record, "werk").years) is not refused
    record.close()


def test_nothing_is_added_up_for_a_reader(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise AssertionError("added up")

    monkeypatch.setattr("goedebuur.core.emissions.annual.year", refused)
    monkeypatch.setattr("goedebuur.core.emissions.register.table", refused)
    assert "17.500" in text(visitor, PAGE)


def test_state_before_they_were_published_has_no_totals(visitor: Client) -> None:
    leaf = visitor.get(API).json()["results"][0]["leaf"]
    page = text(visitor, f"{PAGE}?as_of={leaf}")
    assert "nog geen jaarvracht gepubliceerd" in page
    assert "17.500" not in page
    assert "17.500" in text(visitor, f"{PAGE}?as_of={leaf + 1}")


def test_year_without_totals_says_so_and_why(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?year=2024")
    assert "over 2024 geen jaarvracht gepubliceerd" in page
    assert "Dat zegt niet dat er niets vrijkwam." in page


def test_file_and_api_are_exact(visitor: Client) -> None:
    told = list(csv.DictReader(io.StringIO(visitor.get(f"{PAGE}tabel.csv").content.decode())))
    nox = next(one for one in told if one["pollutant"] == "nox")
    assert (nox["kg"], nox["kg_low"], nox["method"], nox["threshold_kg"]) == ("17520", "480", "M", "100000")
    assert (nox["steps"], nox["steps_measured"], nox["steps_filled_in"]) == ("17520", "480", "17040")
    benzene = next(one for one in told if one["pollutant"] == "benzene")
    assert (benzene["kg"], benzene["reported_kg"]) == ("", "0.12")
    row = next(one for one in visitor.get(API).json()["rows"] if one["id"] == "nox")
    assert (row["mass"], row["threshold"], row["against"]) == (17_520 * 10**6, "100000", "nothing")


def test_unknown_site_is_not_found(visitor: Client) -> None:
    assert visitor.get(PAGE.replace("werk", "niemand")).status_code == 404


@pytest.mark.parametrize(
    ("measured", "side", "said"),
    [(9_000, "meets", "binnen de bandbreedte"), (480, "undetermined", "het grootste deel van de tijd is ingevuld")],
)
def test_range_that_is_filled_in_for_the_most_part_does_not_bear_out_what_was_reported(
    home: Path, measured: int, side: str, said: str
) -> None:
    record = Record.open(home / "record", read_only=True)
    view = total_results.view(record, "werk", YEAR)
    record.close()
    nox = next(one for one in view.rows if one.id == "nox")
    years = {key: replace(one, measured=measured) for key, one in view.measured.items()}
    told = replace(view, rows=(replace(nox, against=Against.WITHIN),), measured=years)
    (row,) = stack_total_rows.rows(told)
    assert row.side == side
    assert row.against.endswith(said)
