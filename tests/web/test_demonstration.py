"""What the demonstration is there to show can be asked of its pages."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from goedebuur.services import demo

LEFT = "SIM03.no2.1h"


def test_two_years_of_the_demonstration_can_be_compared(visitor: Client) -> None:
    asked = f"left={LEFT}&year={demo.YEAR}&other_year={demo.YEAR - 1}"
    page = visitor.get(f"/vergelijk/?{asked}").content.decode()
    # each month has a mean in both years
    rows = re.findall(r"<tr[^>]*><th scope=\"row\"[^>]*>(.*?)</tr>", page, re.DOTALL)
    assert len(rows) >= 12
    assert all(len(re.findall(r"\d+,\d", row)) >= 2 for row in rows[:12])
    assert "Gesimuleerde gegevens." in page


def test_both_years_are_offered_and_verdicts_come_of_the_full_one(visitor: Client) -> None:
    page = visitor.get("/vergelijk/").content.decode()
    assert all(f">{year}</option>" in page for year in (demo.YEAR, demo.YEAR - 1))
    assert visitor.get("/oordelen/").headers["Location"] == f"/oordelen/{demo.YEAR}/"
    assert visitor.get(f"/oordelen/{demo.YEAR - 1}/").status_code == 200


def late(visitor: Client, series: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the period of the year and the gaps of one series."""
    (one,) = visitor.get(f"/api/late/{series}/").json()["expectations"]
    (year,) = [period for period in one["periods"] if period["start"] == f"{demo.YEAR - 1}-12-31T23:00:00Z"]
    return year, one["gaps"]


def test_one_delivery_came_late_and_the_others_did_not(visitor: Client) -> None:
    # due a month after the year, late a week after that: 7 February, 23:00 UTC; black carbon came on 26 February, 9:42
    bc, _ = late(visitor, "SIM01.bc.1h")
    assert bc["seconds_late"] == 18 * 86_400 + 10 * 3600 + 42 * 60
    assert bc["known"] == ["late"]
    no2, _ = late(visitor, "SIM01.no2.1h")
    assert (no2["steps_late"], no2["known"]) == (0, [])


def test_gap_with_a_reason_and_one_without_are_there_and_labelled(visitor: Client) -> None:
    stated = {tuple(one["code"] for one in gap["stated"]): gap["steps"] for gap in late(visitor, "SIM11.so2.1h")[1]}
    assert stated["not-measured",] == 2_300
    longest = max(late(visitor, "SIM07.no2.1h")[1], key=lambda gap: gap["steps"])
    assert (longest["steps"], longest["stated"], longest["known"]) == (500, [], [])
    page = visitor.get("/leveringen/te-laat/").content.decode()
    assert "Gesimuleerde gegevens." in page
    assert "Gesimuleerde afspraak" in page
