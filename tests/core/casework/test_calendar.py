"""Holidays against dates that were published by others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.calendar import easter
from goedebuur.core.casework.terms import Length, Pause, PauseUntil, Unit, ends
from goedebuur.rules import casework

# dates of Easter Sunday as almanacs have them; 22 March (1818, 2285) and 25 April (1943, 2038) are the outermost days
EASTERS = [
    *(
        "1818-03-22",
        "1943-04-25",
        "1954-04-18",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2014-04-20",
    ),
    *(
        "2016-03-27",
        "2019-04-21",
        "2020-04-12",
        "2021-04-04",
        "2022-04-17",
        "2023-04-09",
        "2024-03-31",
        "2025-04-20",
    ),
    *(
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2035-03-25",
        "2038-04-25",
        "2049-04-18",
    ),
    *(
        "2076-04-19",
        "2285-03-22",
    ),
]


@pytest.mark.parametrize("day", EASTERS)
def test_easter_is_on_the_day_of_the_almanac(day: str) -> None:
    assert easter(int(day[:4])).isoformat() == day


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (
            2026,
            "01-01 01-02 04-03 04-06 04-27 05-05 05-14 05-15 05-25 12-25 12-26",
        ),
        (2025, "01-01 04-18 04-21 04-26 05-05 05-29 05-30 06-09 12-25 12-26"),
        (2024, "01-01 03-29 04-01 04-27 05-05 05-09 05-10 05-20 12-25 12-26 12-27"),
        (2014, "01-01 04-18 04-21 04-26 05-05 05-29 06-09 12-25 12-26"),
    ],
)
def test_holidays_of_a_year(year: int, days: str) -> None:
    found = {row.day(year) for row in casework.holidays().rows} - {None}
    assert sorted(found) == [date.fromisoformat(f"{year}-{day}") for day in days.split()]


def test_first_days_of_easter_and_pentecost_are_sundays_and_not_rows() -> None:
    assert casework.holidays().holiday(date(2026, 4, 5)) is None
    assert casework.holidays().free(date(2026, 4, 5))


def test_term_in_a_year_without_known_decrees_is_not_certain() -> None:
    calendar = casework.holidays()
    found = ends(datetime(2029, 5, 3, 9, tzinfo=UTC), [Length(1, Unit.WEEKS)], calendar)
    assert (found.day.isoformat(), found.certain) == ("2029-05-11", False)
    assert ends(datetime(2026, 10, 5, 9, tzinfo=UTC), [Length(1, Unit.WEEKS)], calendar).certain


def test_term_passes_at_midnight_of_the_dutch_clock() -> None:
    calendar = casework.holidays()
    summer = ends(datetime(2026, 9, 7, 9, tzinfo=UTC), [Length(4, Unit.WEEKS)], calendar)
    winter = ends(datetime(2026, 10, 26, 9, tzinfo=UTC), [Length(4, Unit.WEEKS)], calendar)
    assert summer.until == datetime(2026, 10, 5, 22, tzinfo=UTC)
    assert winter.until == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_pause_ends_with_the_day_or_before_it() -> None:
    asked, answered = date(2026, 10, 12), date(2026, 10, 19)
    assert Pause.between(asked, answered, PauseUntil.THROUGH).days == 7
    assert Pause.between(asked, answered, PauseUntil.BEFORE).days == 6
    assert Pause.between(asked, asked, PauseUntil.BEFORE).days == 0


def test_shorter_term_needs_a_reason_and_is_at_least_the_least() -> None:
    row = casework.terms()["finding.answer"]
    assert str(row.length) == "4 weeks"
    row.require(Length(4, Unit.WEEKS), "")
    row.require(Length(6, Unit.WEEKS), "")
    row.require(Length(3, Unit.DAYS), "Er komt benzeen vrij.")
    with pytest.raises(GoedeBuurError, match="reason"):
        row.require(Length(27, Unit.DAYS), " ")
    with pytest.raises(GoedeBuurError, match="so short"):
        casework.terms()["request.woo"].require(Length(3, Unit.WEEKS), "Haast.")


def test_length_is_at_least_one() -> None:
    with pytest.raises(GoedeBuurError, match="case-term"):
        Length(0, Unit.DAYS)
