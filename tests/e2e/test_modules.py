"""The small pure functions of the scripts, run in the browser: ticks in civil time, numbers, wind directions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.e2e.visiting import Visit

pytestmark = pytest.mark.e2e


def call(visit: Visit, module: str, expression: str, **options: Any) -> Any:
    """Return an expression on a module, evaluated on the page that explains the site."""
    page = visit(**options).open("/over/")
    return page.evaluate(f"import('/static/web/js/{module}.js').then((m) => {expression})")


def seconds(*moment: int) -> int:
    """Return a UTC moment in seconds since 1970."""
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York"])
def test_ticks_over_the_start_of_summer_time_are_on_the_clock(visit: Visit, zone: str) -> None:
    # 28 March 2021 has 23 hours: from 27 March 23:00 UTC to 28 March 22:00 UTC
    start, end = seconds(2021, 3, 27, 23), seconds(2021, 3, 29, 22)
    found = call(visit, "time-axis", f"m.ticks({start}, {end}, 8).ticks", timezone_id=zone)
    hours = [(27, 23), (28, 4), (28, 10), (28, 16), (28, 22), (29, 4), (29, 10), (29, 16), (29, 22)]
    assert found == [seconds(2021, 3, day, hour) for day, hour in hours]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York"])
def test_labels_over_the_start_of_summer_time_are_what_clocks_said(visit: Visit, zone: str) -> None:
    start, end = seconds(2021, 3, 27, 23), seconds(2021, 3, 29, 22)
    found = call(visit, "time-axis", f"m.labels(m.ticks({start}, {end}, 8).ticks, 'hour')", timezone_id=zone)
    quarters = ["06:00", "12:00", "18:00"]
    assert found == ["00:00\n28 mrt 2021", *quarters, "00:00\n29 mrt 2021", *quarters, "00:00\n30 mrt 2021"]


def test_ticks_over_the_end_of_summer_time_count_each_clock_hour_once(visit: Visit) -> None:
    # 31 October 2021, 00:00 to 06:00 on the clock: 30 October 22:00 UTC to 31 October 05:00 UTC
    start, end = seconds(2021, 10, 30, 22), seconds(2021, 10, 31, 5)
    found = call(visit, "time-axis", f"m.labels(m.ticks({start}, {end}, 8).ticks, 'hour')")
    assert [label[:5] for label in found] == ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]


def test_ticks_of_months_are_on_the_first_at_civil_midnight(visit: Visit) -> None:
    start, end = seconds(2019, 12, 15), seconds(2020, 4, 10)
    found = call(visit, "time-axis", f"m.ticks({start}, {end}, 5)")
    # summer time began on 29 March 2020, so 1 April began at 22:00 UTC
    expected = [seconds(2019, 12, 31, 23), seconds(2020, 1, 31, 23), seconds(2020, 2, 29, 23), seconds(2020, 3, 31, 22)]
    assert found == {"ticks": expected, "unit": "month"}


def test_ticks_of_weeks_are_mondays(visit: Visit) -> None:
    found = call(visit, "time-axis", f"m.ticks({seconds(2021, 2, 1)}, {seconds(2021, 3, 1)}, 5).ticks")
    assert [datetime.fromtimestamp(tick + 3600, UTC).weekday() for tick in found] == [0, 0, 0, 0]


def test_ticks_of_ten_years_are_years(visit: Visit) -> None:
    found = call(visit, "time-axis", f"m.ticks({seconds(2010, 6, 1)}, {seconds(2020, 6, 1)}, 12)")
    assert found["unit"] == "year"
    assert found["ticks"] == [seconds(year - 1, 12, 31, 23) for year in range(2011, 2021)]


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(1234.5, 1, "1.234,5"), (-0.25, 2, "−0,25"), (7, 0, "7"), (0, 1, "0,0")]
)
def test_numbers_read_as_dutch(visit: Visit, value: float, decimals: int, text: str) -> None:
    assert call(visit, "words", f"m.number({value}, {decimals})") == text


@pytest.mark.parametrize(
    ("degrees", "words"),
    [(0, "noord"), (360, "noord"), (90, "oost"), (230, "zuidwest"), (11, "noord"), (12, "noordnoordoost")],
)
def test_wind_direction_is_said_in_sixteenths(visit: Visit, degrees: int, words: str) -> None:
    assert call(visit, "wind", f"m.fromWhere({degrees})") == words


def test_length_of_a_step_is_said_in_the_largest_whole_unit(visit: Visit) -> None:
    found = call(visit, "words", "[600, 3600, 43200, 86400, 172800].map(m.duration)")
    assert found == ["10 minuten", "1 uur", "12 uur", "1 dag", "2 dagen"]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York"])
def test_point_of_days_is_named_by_its_days_in_cet(visit: Visit, zone: str) -> None:
    # 1 July 2019 in CET begins at 30 June 23:00 UTC; the second point has three days
    start, week = seconds(2019, 6, 30, 23), 7 * 86400
    answer = f"{{step: {week}, x: [{start}, {start + week}], end: {start + week + 3 * 86400}}}"
    found = call(visit, "words", f"[0, 1].map((at) => m.daysOf({answer}, at, m.DAY))", timezone_id=zone)
    assert found == ["1 juli 2019 – 7 juli 2019 CET", "8 juli 2019 – 10 juli 2019 CET"]


def test_point_of_a_day_is_named_by_one_date_and_of_an_hour_by_none(visit: Visit) -> None:
    start = seconds(2019, 6, 30, 23)
    day, hour = (f"{{step: {step}, x: [{start}], end: {start + 86400}}}" for step in (86400, 3600))
    found = call(visit, "words", f"[m.daysOf({day}, 0, m.DAY), m.daysOf({hour}, 0, m.DAY)]")
    assert found == ["1 juli 2019 CET", None]
