"""Days, months and years where the clock changes, counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from tests.core.measurements.averaging.engine import TABLE, Engine, frame_of
from tests.core.measurements.averaging.oracle import Row

from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements import averaging as av
from goedebuur.core.measurements.averaging import clocks

ALL = (1, 1)
UNIX = date(1970, 1, 1)


def _rows(first: datetime, hours: int, micro: Callable[[int], int] = lambda k: 1_000_000) -> list[Row]:
    begin = int(first.timestamp())
    return [("A.o3.1h", begin + 3600 * k, 3600, micro(k), 0) for k in range(hours)]


def _run(expression: Any, rows: list[Row], zone: str = "UTC") -> pl.DataFrame:
    return Engine(zone=zone).run("x", lambda: expression, frame_of(rows))


def _days(rows: list[Row], clock: Clock, zone: str = "UTC") -> dict[date, tuple[int, int, bool]]:
    table = _run(av.days(av.hours(TABLE, ALL), clock, ALL), rows, zone)
    return {
        UNIX + timedelta(days=day): (n, expected, valid)
        for day, n, expected, valid in table.select("day", "n", "expected", "valid").rows()
    }


def test_local_day_in_which_summer_time_begins_has_23_hours() -> None:
    # 31 March 2019 begins at 23:00Z the day before (UTC+1) and ends at 22:00Z (UTC+2)
    found = _days(_rows(datetime(2019, 3, 30, 23, tzinfo=UTC), 23), Clock.LOCAL)
    assert found == {date(2019, 3, 31): (23, 23, True)}


def test_local_day_in_which_summer_time_ends_has_25_hours() -> None:
    # 27 October 2019 begins at 22:00Z the day before (UTC+2) and ends at 23:00Z (UTC+1)
    found = _days(_rows(datetime(2019, 10, 26, 22, tzinfo=UTC), 25), Clock.LOCAL)
    assert found == {date(2019, 10, 27): (25, 25, True)}


def test_24_hours_do_not_complete_a_day_of_25() -> None:
    found = _days(_rows(datetime(2019, 10, 26, 22, tzinfo=UTC), 24), Clock.LOCAL)
    assert found == {date(2019, 10, 27): (24, 25, False)}


@pytest.mark.parametrize("clock", [Clock.CET, Clock.UTC])
def test_clocks_without_summer_time_have_days_of_24_hours(clock: Clock) -> None:
    first = datetime(2019, 3, 30, 23 if clock is Clock.CET else 0, tzinfo=UTC)
    assert all(expected == 24 for _, expected, _ in _days(_rows(first, 48), clock).values())
    assert all(n == 24 for n, _, _ in _days(_rows(first, 48), clock).values())


def test_ten_minute_steps_cross_the_clock_change() -> None:
    # the hour 00:00Z to 01:00Z on 27 October is 02:00 to 03:00 for the first time, the next one for the second time
    begin = int(datetime(2019, 10, 26, 22, tzinfo=UTC).timestamp())
    rows: list[Row] = [("A.o3.10min", begin + 600 * k, 600, k, 0) for k in range(25 * 6)]
    table = _run(av.days(av.hours(TABLE, ALL), Clock.LOCAL, ALL), rows)
    # hour k is the mean of 6k … 6k+5 = 6k + 2.5, kept as 6k + 3 (halves away from zero, six decimals)
    assert table["total"].to_list() == [sum(6 * k + 3 for k in range(25))]
    assert table["n"].to_list() == [25]


def test_march_has_743_local_hours_and_october_745() -> None:
    rows = _rows(datetime(2018, 12, 31, 23, tzinfo=UTC), 8760)
    table = _run(av.months(av.hours(TABLE, ALL), Clock.LOCAL, ALL, [2019]), rows).sort("month")
    assert table["n"].to_list() == [744, 672, 743, 720, 744, 720, 744, 744, 720, 745, 720, 744]
    assert table["expected"].to_list() == table["n"].to_list()
    assert table["month"][0] == 2019 * 12


def test_a_leap_year_has_8784_hours_and_366_days() -> None:
    rows = _rows(datetime(2019, 12, 31, 23, tzinfo=UTC), 8784)
    hours = av.hours(TABLE, ALL)
    assert _run(av.years(hours, Clock.CET, ALL, [2020]), rows).select("n", "expected").rows() == [(8784, 8784)]
    days = av.days(hours, Clock.LOCAL, ALL)
    assert _run(av.years(days, Clock.LOCAL, ALL, [2020]), rows).select("n", "expected").rows() == [(366, 366)]


def test_a_year_begins_an_hour_before_midnight_utc_on_the_dutch_clock() -> None:
    rows = _rows(datetime(2018, 12, 31, 22, tzinfo=UTC), 2)
    found = _run(av.years(av.hours(TABLE, ALL), Clock.CET, (0, 1), [2018, 2019]), rows).sort("year")
    assert found.select("year", "n").rows() == [(2018, 1), (2019, 1)]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_the_clock_of_the_session_makes_no_difference(zone: str) -> None:
    rows = _rows(datetime(2019, 3, 30, 23, tzinfo=UTC), 23)
    assert _days(rows, Clock.LOCAL, zone) == {date(2019, 3, 31): (23, 23, True)}


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        (datetime(1977, 4, 3, 1, tzinfo=UTC), 2),
        (datetime(2019, 3, 31, 1, tzinfo=UTC), 2),
        (datetime(2019, 10, 27, 1, tzinfo=UTC), 1),
        (datetime(2025, 3, 30, 1, tzinfo=UTC), 2),
    ],
)
def test_the_dutch_clock_changes_at_one_in_the_morning_utc(moment: datetime, offset: int) -> None:
    assert (int(moment.timestamp()) // 3600, offset) in clocks.transitions()


def test_the_dutch_clock_changed_twice_a_year_since_1977() -> None:
    years = clocks.LAST_YEAR - 1977 + 1
    assert len(clocks.transitions()) == 2 * years


def test_an_hour_beyond_the_known_years_has_no_local_day() -> None:
    rows = _rows(datetime(2069, 12, 31, 21, tzinfo=UTC), 4)
    assert _days(rows, Clock.LOCAL) == {date(2069, 12, 31): (2, 24, False)}


def test_a_cut_without_edges_has_one_label() -> None:
    with pytest.raises(ValueError, match="one label more"):
        clocks.cut(TABLE.micro, [1], [1])
