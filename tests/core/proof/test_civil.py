"""The clock of the checkers is the civil clock of the Netherlands, though they know no time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from goedebuur.core.base.periods import iso
from goedebuur.core.proof.civil import civil


@pytest.mark.parametrize(
    ("utc", "there"),
    [
        # summer time of 2026 from 29 March to 25 October, both at 01:00 UTC
        ("2026-03-29T00:59:59Z", "29-03-2026 01:59"),
        ("2026-03-29T01:00:00Z", "29-03-2026 03:00"),
        ("2026-10-25T00:59:59Z", "25-10-2026 02:59"),
        ("2026-10-25T01:00:00Z", "25-10-2026 02:00"),
        ("2026-12-31T23:00:00Z", "01-01-2027 00:00"),
        ("2024-02-28T23:30:00Z", "29-02-2024 00:30"),
    ],
)
def test_moment_is_told_on_dutch_clocks(utc: str, there: str) -> None:
    assert civil(utc) == there


def test_rule_agrees_with_the_time_zones_around_every_change_and_noon() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    for year in range(1996, 2038):
        moment = datetime(year, 1, 1, tzinfo=UTC)
        while moment.year == year:
            assert civil(iso(moment)) == moment.astimezone(amsterdam).strftime("%d-%m-%Y %H:%M")
            moment += timedelta(hours=1 if moment.month in (3, 10) and moment.day > 24 else 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1995-12-31T23:00:00Z",
        "2200-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00Z\n",
        "\u0662026-01-01T00:00:00Z",
    ],
)
def test_what_cannot_be_told_stays_as_it_is_written(text: str) -> None:
    assert civil(text) == ""
