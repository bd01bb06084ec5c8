"""What someone finds who opens the comparison for the first time: two years that hold something, or a sentence."""

from __future__ import annotations

import re

from django.test import Client

from goedebuur.services import demo


def chosen(page: str, field: str) -> str:
    """Return what a choice of the form stands on."""
    select = re.search(rf'<select[^>]*id="{field}".*?</select>', page, re.DOTALL)
    assert select is not None
    found = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', select[0])
    assert found is not None, "nothing is chosen"
    return found[1] or found[2]


def test_form_starts_with_a_series_that_was_measured_in_both_years(visitor: Client) -> None:
    page = visitor.get("/vergelijk/").content.decode()
    series, year, other = (chosen(page, field) for field in ("one", "year", "other_year"))
    # the demonstration has two stations of which the year before was delivered too
    assert series.split(".")[0] in {"SIM03", "SIM05"}
    assert {year, other} == {str(demo.YEAR - 1), str(demo.YEAR)}
    found = visitor.get(f"/vergelijk/?left={series}&year={year}&other_year={other}").content.decode()
    assert "geen metingen" not in found


def test_year_without_measurements_is_said_in_a_sentence(visitor: Client) -> None:
    asked = f"left=SIM14.pm10.1h&year={demo.YEAR - 1}&other_year={demo.YEAR}"
    page = visitor.get(f"/vergelijk/?{asked}").content.decode()
    assert f"geen metingen van {demo.YEAR - 1}" in page
    assert f"geen metingen van {demo.YEAR}." not in page
    assert f"Jaren met metingen van deze reeks: {demo.YEAR}." in page


def test_two_stations_that_share_no_hour_are_said_in_a_sentence(visitor: Client) -> None:
    asked = f"left=SIM03.no2.1h&right=SIM14.no2.1h&start={demo.YEAR - 1}-03-01&end={demo.YEAR - 1}-03-05"
    page = visitor.get(f"/vergelijk/?{asked}").content.decode()
    assert "Achterland-Torenhoek heeft geen metingen in deze periode." in page
