"""What the demonstration is there to show can be asked of its pages."""

from __future__ import annotations

import re

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
