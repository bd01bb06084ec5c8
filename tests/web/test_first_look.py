"""What a newcomer reads: no count that can be taken for a value, no empty page without a sentence, no hedge."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation
from tests.services.test_standing import verdict
from tests.web.conftest import Made

from goedebuur.core.compliance.verdicts import Outcome, Standing
from goedebuur.services import demo
from goedebuur.services.demo import region
from goedebuur.services.standing import StationStanding
from goedebuur.web import map_data, verdict_rows, words

UNRULED = "Voor H₂S staat geen grenswaarde of advieswaarde in onze tabellen. Dat zegt niets over gevolgen"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def station_links(page: str) -> list[str]:
    """Return the stations of the rows, in order."""
    return re.findall(r'<th role="rowheader" scope="row"><a class="nl-link" href="/stations/([^/]+)/', page)


def test_substance_without_any_rule_is_said_to_have_none(visitor: Client) -> None:
    assert UNRULED in text(visitor, "/stations/SIM01/h2s/")


@pytest.mark.parametrize("path", ["/stations/SIM01/pm10/", "/stations/SIM03/no2/"])
def test_substance_with_rules_is_not(visitor: Client, path: str) -> None:
    assert "in onze tabellen" not in text(visitor, path)


def test_year_that_was_not_judged_says_why_and_leads_to_one_that_was(visitor: Client) -> None:
    page = text(visitor, f"/oordelen/{demo.YEAR - 1}/")
    assert "nog niet laten beoordelen" in page
    assert re.search(rf'Jaren met oordelen: <a [^>]*href="/oordelen/{demo.YEAR}/"', page)


def test_filter_offers_stations_with_verdicts_only(visitor: Client) -> None:
    page = text(visitor, f"/oordelen/{demo.YEAR}/")
    assert '<option value="SIM01">' in page
    assert '<option value="KNMI999">' not in page


def test_choice_without_verdicts_says_what_to_do(visitor: Client) -> None:
    page = text(visitor, f"/oordelen/{demo.YEAR}/?station=KNMI999")
    assert "Geen oordeel past bij wat u koos." in page
    assert "<caption>" not in page


def test_verdicts_around_a_station_are_of_those_within_the_distance(visitor: Client) -> None:
    here = {place.code: place for place in region.PLACES}
    near = set(station_links(text(visitor, f"/oordelen/{demo.YEAR}/?station=SIM03&around=5&all=1&rows=1000")))
    alone = station_links(text(visitor, f"/oordelen/{demo.YEAR}/?station=SIM03&all=1&rows=1000"))
    assert set(alone) == {"SIM03"}
    # metres east and north of the middle of the region, as the demonstration places them
    middle = here["SIM03"]
    assert {"SIM01", "SIM05"} <= near
    for code, place in here.items():
        far = (place.east - middle.east) ** 2 + (place.north - middle.north) ** 2
        assert (code in near) == (far <= 5_000**2), code


def test_long_list_starts_with_fifty_rows_and_leads_to_more(visitor: Client) -> None:
    page = text(visitor, f"/oordelen/{demo.YEAR}/?all=1")
    assert len(station_links(page)) == 50
    more = re.search(r'href="(\?[^"#]*rows=100)#row-50"', page)
    assert more is not None
    assert len(station_links(text(visitor, f"/oordelen/{demo.YEAR}/{more[1].replace('&amp;', '&')}"))) == 100


def test_weather_station_lists_what_it_measures(visitor: Client) -> None:
    page = text(visitor, "/stations/KNMI999/")
    assert "Dit station meet het weer" in page
    assert 'href="/stations/KNMI999/wind_speed/"' in page


def test_count_names_the_value_that_was_exceeded(visitor: Client) -> None:
    page = text(visitor, "/stations/SIM04/")
    found = re.search(r">(\d+) keer boven 200 µg/m³; toegestaan is 18 keer<", page)
    assert found is not None
    assert "keer</span>" not in page


def test_station_that_is_red_shows_first_what_makes_it_red(visitor: Client) -> None:
    rows = re.findall(r'<tr role="row">.*?</tr>', text(visitor, "/stations/SIM01/"), re.DOTALL)[1:]
    assert "overschrijdt de grenswaarde" in rows[0]


@pytest.mark.parametrize(
    ("undetermined", "said"),
    [
        (0, "boven een advieswaarde; overschrijdt geen grenswaarde"),
        (1, "boven een advieswaarde; 1 vergelijking met een grenswaarde kon niet worden gemaakt"),
        (2, "boven een advieswaarde; 2 vergelijkingen met een grenswaarde konden niet worden gemaakt"),
    ],
)
def test_station_above_a_guideline_says_what_is_known_of_limits(undetermined: int, said: str) -> None:
    limit = Outcome.UNDETERMINED if undetermined else Outcome.MEETS
    standing = StationStanding(limit, Outcome.ABOVE_GUIDELINE, (), ("no2",), undetermined, 9, 4, undetermined)
    with translation.override("nl"):
        assert map_data.said(standing) == said


@pytest.mark.parametrize("text_of_supplier", ["nvt", "NVT", "n.v.t."])
def test_shorthand_of_a_supplier_is_written_out(text_of_supplier: str) -> None:
    with translation.override("nl"):
        assert words.accreditation(text_of_supplier) == "niet van toepassing"
        assert words.accreditation("L 426") == "L 426"


def test_corrections_are_counted_above_the_chart_and_placed_in_it(reader: Client) -> None:
    # one value changed at midnight CET, one withdrawn two hours later; the one filled in between is no correction
    page = text(reader, "/stations/NL90001/so2/")
    assert page.index("2 waarden in deze periode zijn later gecorrigeerd of ingetrokken") < page.index("data-chart")
    assert 'data-corrected="[1546297200,1546304400]"' in page


def test_state_before_the_correction_has_none_to_mark(reader: Client, made: Made) -> None:
    assert "data-corrected" not in text(reader, f"/stations/NL90001/so2/?as_of={made.before_correction}")


def test_file_of_the_newest_value_is_the_one_that_brought_it(reader: Client) -> None:
    # the correction changed the first hours only: the last one still is of the first file
    page = text(reader, "/stations/NL90001/so2/")
    newest = re.search(r"Bestand van de nieuwste waarde.*?/leveringen/(\d+)/", page, re.DOTALL)
    history = text(reader, "/herkomst/NL90001.so2.1h/2019-01-02T22:00:00Z/")
    assert newest is not None
    assert re.findall(r'href="/leveringen/(\d+)/"', history)[0] == newest[1]


def test_what_lines_are_about_is_said_before_the_chart(visitor: Client) -> None:
    page = text(visitor, "/stations/SIM03/pm10/")
    assert page.index("niet over één uur") < page.index("data-chart")


@pytest.mark.parametrize(
    ("limit", "guideline", "said", "summary"),
    [
        (
            Outcome.MEETS,
            None,
            "voldoet aan de grenswaarden; niet met een advieswaarde vergeleken",
            "Voldoet aan de grenswaarden; niet met een advieswaarde vergeleken.",
        ),
        (
            None,
            Outcome.WITHIN_GUIDELINE,
            "binnen de advieswaarden; niet met een grenswaarde vergeleken",
            "Binnen de advieswaarden; niet met een grenswaarde vergeleken.",
        ),
        (
            Outcome.MEETS,
            Outcome.WITHIN_GUIDELINE,
            "voldoet aan de grenswaarden, binnen de advieswaarden",
            "Voldoet aan de grenswaarden, binnen de advieswaarden.",
        ),
    ],
)
def test_station_is_not_within_guidelines_that_nothing_was_compared_with(
    limit: Outcome | None, guideline: Outcome | None, said: str, summary: str
) -> None:
    standing = StationStanding(limit, guideline, (), (), 0, 1, int(limit is not None))
    with translation.override("nl"):
        assert map_data.said(standing) == said
        assert map_data.summary(standing) == summary


def test_guideline_that_the_map_counts_stands_in_the_table_of_the_station() -> None:
    later = verdict("guideline", Outcome.ABOVE_GUIDELINE, at=Standing.LATER_ADVICE)
    assert verdict_rows.row(later).first
    assert not verdict_rows.row(verdict("interim_target_1", Outcome.ABOVE_GUIDELINE)).first


def test_guidelines_of_later_are_said_to_be_of_later() -> None:
    standing = StationStanding(Outcome.MEETS, Outcome.ABOVE_GUIDELINE, (), ("pm10",), 0, 2, 1, later_advice=True)
    with translation.override("nl"):
        assert map_data.summary(standing) == (
            "Boven een advieswaarde: PM10. De advieswaarden zijn van later dan dit jaar."
        )
