"""The pages on a record of which every value is known by hand."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client
from tests.web.addresses import DATA_PAGES, PAGES, SERIES, VERDICT_PAGES
from tests.web.conftest import Made

LANGUAGES = ("", "/en")
NOT_STATUTORY = {"": "niet de wettelijke", "/en": "not the statutory assessment"}


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()


def row(page: str, start: str) -> str:
    """Return the row of the table that starts with a label, without its tags."""
    found = re.search(rf'<tr><th scope="row">{re.escape(start)}</th>(.*?)</tr>', page, re.DOTALL)
    assert found, f"no row {start}"
    return re.sub(r"<[^>]+>", " ", found[1]).strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_answers_in_both_languages_without_the_sql_database(reader: Client, page: str, language: str) -> None:
    found = text(reader, language + PAGES[page])
    assert f'<html lang="{"en" if language else "nl"}">' in found
    assert found.count("<h1") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_that_air_is_harmless(reader: Client, page: str, language: str) -> None:
    words = re.sub(r"<[^>]+>", " ", text(reader, language + PAGES[page])).lower()
    assert not re.search(r"\b(veilig\w*|onschadelijk\w*|gezonde lucht|safe\w*|harmless|healthy)\b", words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", VERDICT_PAGES)
def test_page_with_verdicts_says_that_they_are_not_the_statutory_assessment(
    reader: Client, page: str, language: str
) -> None:
    assert NOT_STATUTORY[language] in text(reader, language + PAGES[page])


@pytest.mark.parametrize("page", DATA_PAGES)
def test_simulated_data_are_labelled_on_every_data_page(simulated_reader: Client, page: str) -> None:
    assert "Gesimuleerde gegevens." in text(simulated_reader, PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_measured_data_are_not_called_simulated(reader: Client, page: str) -> None:
    assert "Gesimuleerde gegevens." not in text(reader, PAGES[page])


@pytest.mark.parametrize(("language", "value"), [("", "13,5"), ("/en", "13.5")])
def test_series_page_shows_the_delivered_value_with_the_decimal_sign_of_the_language(
    reader: Client, language: str, value: str
) -> None:
    page = text(reader, f"{language}/stations/NL90001/so2/")
    assert row(page, "01-01-2019 00:00") == value


def test_hour_that_was_withdrawn_is_a_dash_and_not_a_zero(reader: Client) -> None:
    assert row(text(reader, "/stations/NL90001/so2/"), "01-01-2019 02:00") == "–"


def test_hour_without_a_value_has_no_history_to_lead_to(reader: Client) -> None:
    page = text(reader, "/stations/NL90001/so2/")
    assert "/2019-01-01T00:00:00Z/" in page
    assert "/2019-01-01T01:00:00Z/" not in page


def test_series_page_as_of_before_the_correction_shows_the_value_of_then(reader: Client, made: Made) -> None:
    page = text(reader, f"/stations/NL90001/so2/?as_of={made.before_correction}")
    assert row(page, "01-01-2019 00:00") == "12,5"
    assert row(page, "01-01-2019 01:00") == "–"
    assert row(page, "01-01-2019 02:00") == "−0,4"
    assert f"na {made.before_correction} bladen" in page


def test_value_in_the_table_leads_to_its_history(reader: Client) -> None:
    assert f'href="/herkomst/{SERIES}/2018-12-31T23:00:00Z/"' in text(reader, "/stations/NL90001/so2/")


def test_history_of_a_corrected_value_names_both_files_and_the_reason(reader: Client, made: Made) -> None:
    page = text(reader, PAGES["provenance"])
    for data in (made.first, made.second):
        assert hashlib.sha256(data).hexdigest() in page
    assert "Nieuwe ijking" in page
    assert page.index("13.5".replace(".", ",")) < page.index("12,5")


def test_correction_lists_what_it_changed(reader: Client, made: Made) -> None:
    page = text(reader, f"/leveringen/{made.before_correction}/")
    assert {"veranderd", "ingetrokken", "later aangevuld"} <= set(re.findall(r"<td[^>]*>([a-z ]+)</td>", page))


def test_comparison_gives_the_mean_over_the_hours_that_both_have(reader: Client) -> None:
    # by hand: station 1 has 47 hours (13.5, 11 and 45 times 10): 474.5 / 47 = 10.0957...
    # station 2 in those hours: 20 + 21 + 45 * 23.4 = 1094; / 47 = 23.2766
    page = text(reader, PAGES["two stations"])
    assert "10,10 µg/m³" in page
    assert "23,28 µg/m³" in page


def test_comparison_of_years_shows_how_little_was_measured(reader: Client) -> None:
    # January 2019: 47 of 744 hours is 6.3 %, rounded down
    page = text(reader, PAGES["two years"])
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page)
    assert cells[:2] == ["10,10", "6%"]
    assert cells[2:4] == ["–", "0%"]


def test_reader_with_an_english_browser_gets_dutch_where_the_address_is_dutch(reader: Client) -> None:
    assert '<html lang="nl">' in reader.get("/", headers={"accept-language": "en"}).content.decode()


def test_link_to_the_other_language_leads_to_the_same_page(reader: Client) -> None:
    assert 'href="/en/stations/NL90001/so2/?points=50"' in text(reader, "/stations/NL90001/so2/?points=50")
    assert 'href="/stations/NL90001/so2/?points=50"' in text(reader, "/en/stations/NL90001/so2/?points=50")


def test_reading_sets_no_cookie(reader: Client) -> None:
    for address in PAGES.values():
        reader.get(address)
    assert not reader.cookies


def test_delivered_text_is_shown_as_text(reader: Client) -> None:
    page = reader.get("/stations/", {"quantity": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_verdict_page_of_a_year_without_verdicts_says_so(reader: Client) -> None:
    assert "geen oordelen gepubliceerd" in text(reader, "/oordelen/2018/")


def test_newest_verdicts_are_found_without_naming_a_year(reader: Client) -> None:
    answer = reader.get("/oordelen/")
    assert (answer.status_code, answer["Location"]) == (302, "/oordelen/2019/")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "In deze periode zijn 2 waarden gecorrigeerd of ingetrokken"),
        ("&as_of={before}", "Geen correcties in deze periode"),
        ("&start=2019-01-02&end=2019-01-02", "Geen correcties in deze periode"),
    ],
)
def test_series_page_says_what_was_corrected_in_the_period(reader: Client, made: Made, asked: str, said: str) -> None:
    page = reader.get(f"/stations/NL90001/so2/?step=3600{asked.format(before=made.before_correction)}").content.decode()
    assert said in page
    assert ("Nieuwe ijking" in page) is (not asked)
