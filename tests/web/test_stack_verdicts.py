"""The page of published verdicts at the stacks of a site, and one taken apart: what is published and nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.adapters.samples import measurement_json
from tests.core.permits.decisions import condition, decision
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL, PROCESSING
from tests.services.test_emission_verdicts import CONFIRMED, DAY, RULES, SHOWN, YEAR, Given
from tests.web.conftest import reading

from goedebuur.services import emission_results, permits, streams
from goedebuur.services.record import Record

PAGE = "/locaties/werk/schoorstenen/oordelen/"
ONE = f"{PAGE}K1-nox/nox-day/"
SHARE = f"{PAGE}K1-nox/nox-half_hour-97-year/"
CAP = {"substance": {"name": "NOx", "id": "nox"}, "value": "1", "unit": "t", "period": "year"}
VALUES = DAY + "8x500 40x114 48x89"
"""3 March: (8 × 486 + 40 × 100) / 48 = 164.33 after 14 is taken off; 4 March: 75."""


def made(home: Path) -> Record:
    record = open_record(home / "record")
    streams.put(record, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    cap = condition("1", kind="load_cap", form=CAP, emission_points=["K1", "K2"])
    permits.publish(record, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    permits.publish(record, decision("plafond", "2023-01-01", cap, site="werk", example=True), NOW)
    enter_bureau(record)
    submit(record, report_file([json.loads(measurement_json())["reports"][0]]))
    return record


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("verdicts")
    record = made(found)
    emission_results.publish(record, "werk", YEAR, Given(VALUES), NOW + timedelta(days=1), SHOWN)
    record.close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_page_says_of_each_limit_what_was_published(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "Overschreden" in page
    assert "Een of meer dagen zijn boven de grenswaarde." in page
    assert "Bal 4.73, 4.90" in page


def test_page_has_the_average_that_came_nearest_and_what_it_leaves(visitor: Client) -> None:
    page = text(visitor, PAGE)
    # 164.333 of 100 is 64.3 % above it
    assert "164,333 van 100 mg/Nm³, op 3 maart 2026" in page
    assert "64,3 % erboven" in page
    # of 96 half hours 2 may be above: the third is 486, and of 8 above
    assert "486 van 100 mg/Nm³" in page
    assert "8 boven de grenswaarde, 2,9 mogen het zijn" in page


def test_page_counts_what_was_judged_and_what_stood_still(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "2 dagen tellen mee" in page
    assert "96 gemiddelden tellen mee" in page
    assert "17.424 waarin de installatie stilstond" in page


def test_what_was_measured_stands_beside_each_outcome_as_a_fact(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "Wat er gemeten is (geen oordeel)" in page
    # 3 March is (8 × 500 + 40 × 114) / 48 = 178.333 as measured; less 14 it is 164.333 of 100, and 4 March is 75
    assert "Van 2 dagen was een gemiddelde te maken. Niet boven de grenswaarde: 1. Erboven: 1." in page
    assert "Hoogste: 178,333 mg/Nm³, op 3 maart 2026. De grenswaarde was 100 mg/Nm³." in page
    assert "Van 96 halve uren was een gemiddelde te maken. Niet boven de grenswaarde: 88. Erboven: 8." in page
    assert "Hoogste: 500 mg/Nm³, op 3 maart 2026. De grenswaarde was 100 mg/Nm³." in page
    assert "Gemeten in 2026 (geen oordeel):" in text(visitor, f"{ONE}?year=2026")


def test_row_says_whose_limit_it_is(visitor: Client) -> None:
    assert "Algemene regel<br>Bal 4.73, 4.90" in text(visitor, PAGE)


def test_api_has_what_was_measured_and_whose_limit_it_is(visitor: Client) -> None:
    (published,) = visitor.get("/api/sites/werk/stacks/verdicts/?year=2026").json()["published"]
    day = next(one for one in published["verdicts"] if one["requirement"] == "nox-day")
    assert day["layers"] == ["general_rule"]
    assert (day["formed"]["n"], day["formed"]["over"], day["formed"]["highest"]) == (2, 1, "535/3")


AHEAD = DAY + "48x89 24x64 24xmissing 14496xabsent"
"""Of 3 March to the end of the year: two days of which the second has gaps, and 302 of which there is nothing."""


@pytest.fixture
def early(tmp_path: Path) -> Iterator[Client]:
    """Return a visitor of a year that was published at noon of 6 March."""
    record = made(tmp_path)
    emission_results.publish(record, "werk", YEAR, Given(AHEAD), datetime(2026, 3, 6, 11, tzinfo=UTC), SHOWN)
    record.close()
    with reading(tmp_path) as client:
        yield client


def test_days_to_come_are_not_called_unknown(early: Client) -> None:
    page = text(early, PAGE)
    # 4 and 5 March are unknown; 6 March is not over, and with it 301 days of the year were still to come
    assert "2 niet bekend<br>301 moesten nog komen toen dit werd gepubliceerd" in page
    # 24 half hours of 4 March, 48 of 5 March and 24 of 6 March were missing by noon: 14520 - 96
    assert "96 niet bekend<br>14.424 moesten nog komen toen dit werd gepubliceerd" in page


def test_explanation_tells_what_is_to_come_from_what_is_missing(early: Client) -> None:
    day = text(early, f"{ONE}?year=2026&period=2026-03-06")
    assert "24 waarden: waarde ontbreekt." in day
    assert "24 waarden: moet nog komen." in day
    assert "Er ontbreken waarden, en die kunnen de uitkomst veranderen." in day
    # 4 and 5 March are listed, and the 301 days from 6 March on are not
    assert "2 delen van het jaar boven de grenswaarde of niet bekend" in day
    assert "301 delen van het jaar moesten nog komen toen dit werd gepubliceerd." in day
    later = text(early, f"{ONE}?year=2026&period=2026-03-07")
    assert "De periode is nog niet voorbij. Wat nog komt, kan de uitkomst veranderen." in later
    rows = list(csv.DictReader(io.StringIO(early.get(f"{ONE}tabel.csv?year=2026&period=2026-03-06").content.decode())))
    assert [row["class"] for row in rows] == ["missing"] * 24 + ["to_come"] * 24


def test_less_of_the_year_to_come_alone_is_no_new_publication(tmp_path: Path) -> None:
    record = made(tmp_path)
    leaves = [
        emission_results.publish(record, "werk", YEAR, Given(AHEAD), datetime(2026, 3, day, 11, tzinfo=UTC), SHOWN)
        for day in (6, 7)
    ]
    record.close()
    assert leaves[0] == leaves[1]


def test_cap_with_a_point_that_nobody_measures_is_on_the_page_with_its_question(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "Hoeveel NOx gaat er uit K2?" in page
    assert "kg gemeten" not in page


def test_hours_and_days_of_the_year_stand_beside_what_is_allowed(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "0 uur achter elkaar; toegestaan is 4" in page
    assert "0 dagen; toegestaan is 10" in page


def test_measurement_by_a_bureau_stands_on_the_page_with_what_must_be_answered(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "Meting van stikstofoxiden (als NO2) door Meetbureau Voorbeeld bij Schoorsteen 1, op 3 maart 2026" in page
    assert "Met welke grenswaarde wordt deze meting vergeleken?" in page


def test_page_names_what_no_instrument_measures(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "waterstoffluoride (HF)" in page
    assert "Schoorsteen 1" in page


def test_year_of_which_nothing_was_published_says_so_and_not_that_limits_were_met(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?year=2024")
    assert "Over 2024 zijn geen oordelen gepubliceerd" in page
    assert "Dat zegt niet dat het bedrijf zich aan zijn grenswaarden hield" in page
    assert "gb-verdict--" not in page


def test_state_before_they_were_published_has_none(visitor: Client) -> None:
    found = visitor.get("/api/sites/werk/stacks/verdicts/").json()
    leaf = found["published"][0]["leaf"]
    page = text(visitor, f"{PAGE}?as_of={leaf}")
    assert "zijn geen oordelen gepubliceerd" in page
    assert visitor.get(f"{ONE}?year=2026&as_of={leaf}").status_code == 404


def test_nothing_is_judged_for_a_reader(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise AssertionError("judged")

    monkeypatch.setattr("goedebuur.core.compliance.emissions.judge.judge", refused)
    assert "Overschreden" in text(visitor, PAGE)


def test_invented_company_is_called_so_on_both_pages(visitor: Client) -> None:
    for address in (PAGE, ONE):
        assert "gesimuleerd" in text(visitor, address)


def test_day_is_taken_apart_to_its_half_hours(visitor: Client) -> None:
    page = text(visitor, f"{ONE}?year=2026&period=2026-03-03")
    assert page.count('<th scope="row">03-03-2026') == 48
    assert "<strong>486</strong>" in page
    assert "Gemiddelde van de 48 waarden die meetellen, na aftrek: 164,333333 mg/Nm³." in page


def test_day_of_a_limit_on_the_year_is_not_called_judged(visitor: Client) -> None:
    page = text(visitor, f"{SHARE}?year=2026&period=2026-03-04")
    assert "dit deel ervan wordt niet apart beoordeeld" in page
    assert page.count('<th scope="row">04-03-2026') == 48


def test_year_lists_the_averages_above_the_limit_alone(visitor: Client) -> None:
    page = text(visitor, f"{SHARE}?year=2026")
    assert page.count('<th scope="row">') == 8
    assert "8 van 8" in page


def test_table_has_every_half_hour_of_the_day(visitor: Client) -> None:
    response = visitor.get(f"{ONE}tabel.csv?year=2026&period=2026-03-03")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert sum(float(row["judged_high"]) for row in rows) == 7888
    assert response["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("period", ["2025-03-03", "2026-02-30", "2026-3", "gisteren", "2026-13"])
def test_period_that_is_not_of_the_year_is_not_found(visitor: Client, period: str) -> None:
    assert visitor.get(f"{ONE}?year=2026&period={period}").status_code == 404


def test_verdict_that_was_not_published_is_not_found(visitor: Client) -> None:
    assert visitor.get(f"{PAGE}K1-nox/dust-day/?year=2026").status_code == 404
    assert visitor.get("/locaties/niemand/schoorstenen/oordelen/").status_code == 404


def test_api_gives_the_published_lines_with_their_receipt(visitor: Client) -> None:
    found = visitor.get("/api/sites/werk/stacks/verdicts/?year=2026").json()
    assert found["years"] == [2026]
    (published,) = found["published"]
    day = next(one for one in published["verdicts"] if one["requirement"] == "nox-day")
    assert (day["year"]["outcome"], day["room"]["value"]) == ("EXCEEDS", "493/3")
    assert published["receipt"]["tree_size"] <= published["leaf"]


def test_api_takes_a_verdict_apart(visitor: Client) -> None:
    found = visitor.get("/api/sites/werk/stacks/verdicts/K1-nox/nox-day/?year=2026&period=2026-03-03").json()
    assert len(found["rows"]) == 48
    assert found["outcome"] == "EXCEEDS"
    assert found["judged"] is True


def test_page_of_stacks_leads_to_the_verdicts(visitor: Client) -> None:
    assert f'href="{PAGE}"' in text(visitor, "/locaties/werk/schoorstenen/")


def test_limits_that_changed_since_do_not_change_what_was_published(tmp_path: Path) -> None:
    record = made(tmp_path)
    emission_results.publish(record, "werk", YEAR, Given(VALUES), NOW + timedelta(days=1), SHOWN)
    stricter = condition(
        "2",
        kind="emission_limit",
        form={
            "substance": {"name": "NOx", "id": "nox"},
            "value": "60",
            "unit": "mg/Nm³",
            "averaging": "day",
            "reference": {"oxygen": "11", "dry": True},
        },
        emission_points=["K1"],
    )
    told = decision("streng", "2026-01-01", stricter, site="werk", example=True)
    permits.publish(record, told, NOW + timedelta(days=2))
    record.close()
    with reading(tmp_path) as client:
        assert "164,333 van 100 mg/Nm³" in text(client, PAGE)
        assert "164,333333 mg/Nm³" in text(client, f"{ONE}?year=2026&period=2026-03-03")
        assert "(Bal 4.73, 4.90; bal.4.73.nox.day)" in text(client, f"{ONE}?year=2026&period=2026-03-03")
