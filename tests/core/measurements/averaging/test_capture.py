"""How much must be measured before a mean counts: both sides of each edge, and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from tests.core.measurements.averaging.engine import TABLE, Engine, frame_of
from tests.core.measurements.averaging.oracle import Row

from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements import averaging as av

THREE_QUARTERS = (3, 4)
START = int(datetime(2019, 6, 1, tzinfo=UTC).timestamp())
MIDNIGHT = START // 3600


def _run(expression: Any, rows: list[Row]) -> pl.DataFrame:
    return Engine().run("x", lambda: expression, frame_of(rows))


def _hourly(hours: list[int], micro: int = 1_000_000, flags: int = 0) -> list[Row]:
    return [("A.o3.1h", START + 3600 * k, 3600, micro, flags) for k in hours]


@pytest.mark.parametrize(("minutes", "valid"), [(40, False), (50, True)])
def test_hour_needs_45_minutes(minutes: int, valid: bool) -> None:
    rows: list[Row] = [("A.o3.10min", START + 60 * m, 600, 5, 0) for m in range(0, minutes, 10)]
    assert _run(av.hours(TABLE, THREE_QUARTERS), rows)["valid"].to_list() == [valid]


@pytest.mark.parametrize(("hours", "valid"), [(17, False), (18, True)])
def test_day_needs_18_of_24_hours(hours: int, valid: bool) -> None:
    days = av.days(av.hours(TABLE, THREE_QUARTERS), Clock.UTC, THREE_QUARTERS)
    assert _run(days, _hourly(list(range(hours))))["valid"].to_list() == [valid]


@pytest.mark.parametrize(("hours", "valid"), [(5, False), (6, True)])
def test_eight_hours_need_six(hours: int, valid: bool) -> None:
    running = av.running(av.hours(TABLE, THREE_QUARTERS), 8, THREE_QUARTERS)
    found = _run(running, _hourly(list(range(hours)))).filter(pl.col("hour") == MIDNIGHT + 7)
    assert found.select("n", "expected", "valid").rows() == [(hours, 8, valid)]


@pytest.mark.parametrize(("missing", "valid"), [(6, True), (7, False)])
def test_day_maximum_needs_18_running_means(missing: int, valid: bool) -> None:
    # the windows that end in hours 0..k miss too much when the day before was not measured at all: with hours from
    # `first` on, the first valid window ends five hours later
    first = missing - 5
    running = av.running(av.hours(TABLE, THREE_QUARTERS), 8, THREE_QUARTERS)
    maxima = av.day_maxima(running, Clock.UTC, THREE_QUARTERS, 8)
    found = _run(maxima, _hourly(list(range(first, 24)))).filter(pl.col("day") == MIDNIGHT // 24)
    assert found.select("windows", "valid").rows() == [(24 - missing, valid)]


def test_a_running_mean_belongs_to_the_day_on_which_it_ends() -> None:
    # a single high hour at 23:00: seven of the eight windows that hold it end the next day
    rows = [*_hourly(list(range(23))), *_hourly([23], 81_000_000), *_hourly(list(range(24, 48)))]
    running = av.running(av.hours(TABLE, THREE_QUARTERS), 8, THREE_QUARTERS)
    found = _run(av.day_maxima(running, Clock.UTC, THREE_QUARTERS, 8), rows).sort("day")
    assert found["micro"].to_list()[:2] == [11_000_000, 11_000_000]
    assert found["hour"].to_list()[:2] == [MIDNIGHT + 23, MIDNIGHT + 24]


def test_means_over_six_and_eight_hours_are_compared_exactly() -> None:
    # six hours summing to 1 have a higher mean than eight summing to 1: 1/6 against 1/8 of 10⁻⁶, both round to zero
    rows = [*_hourly([0], 1), *_hourly(list(range(1, 8)), 0)]
    running = av.running(av.hours(TABLE, THREE_QUARTERS), 8, THREE_QUARTERS)
    found = _run(running, rows).sort("hour").filter("valid")
    assert found["n"].to_list()[:3] == [6, 7, 8]
    assert found["scaled"].to_list()[:3] == [140, 120, 105]
    top = _run(av.day_maxima(running, Clock.UTC, (0, 1), 8), rows)
    assert (top["total"][0], top["n"][0], top["hour"][0]) == (140, 840, MIDNIGHT + 5)


@pytest.mark.parametrize(
    ("flag", "kept"),
    [
        (Flag.NONE, True),
        (Flag.VALIDATED, True),
        (Flag.OUT_OF_RANGE, True),
        (Flag.SIMULATED, True),
        (Flag.SUPPLIER_INVALID, False),
        (Flag.TOMBSTONE, False),
        (Flag.REMARK | Flag.SUPPLIER_INVALID, False),
    ],
)
def test_our_own_checks_leave_a_value_in_and_the_suppliers_word_takes_it_out(flag: Flag, kept: bool) -> None:
    assert _run(av.hours(TABLE, THREE_QUARTERS), _hourly([0], flags=int(flag))).height == kept


def test_a_tombstone_without_a_value_is_missing_and_not_zero() -> None:
    rows: list[Row] = [("A.o3.1h", START, 3600, None, 0), *_hourly([1], 8_000_000)]
    found = _run(av.days(av.hours(TABLE, THREE_QUARTERS), Clock.UTC, (0, 1)), rows)
    assert found.select("total", "n").rows() == [(8_000_000, 1)]


def test_an_hourly_value_that_does_not_start_on_the_hour_is_left_out() -> None:
    rows: list[Row] = [("A.o3.1h", START + 1800, 3600, 5, 0), ("A.o3.10min", START + 60, 600, 5, 0)]
    assert _run(av.hours(TABLE, THREE_QUARTERS), rows).is_empty()


def test_a_daily_sample_counts_for_the_day_of_its_middle() -> None:
    # a filter from 08:00Z to 08:00Z was mostly in the first day; one from 14:00Z in the second
    rows: list[Row] = [("L.lead.24h", START + 8 * 3600, 86400, 3, 0), ("M.lead.24h", START + 14 * 3600, 86400, 4, 0)]
    found = _run(av.daily_values(TABLE, Clock.UTC), rows).sort("series")
    assert found.select("day", "total", "n", "expected", "valid").rows() == [
        (MIDNIGHT // 24, 3, 1, 1, True),
        (MIDNIGHT // 24 + 1, 4, 1, 1, True),
    ]


@pytest.mark.parametrize("share", [(5, 4), (-1, 4), (0, 0)])
def test_a_share_outside_zero_to_one_is_refused(share: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="share"):
        av.hours(TABLE, share)


@pytest.mark.parametrize("width", [1, 13])
def test_a_running_mean_too_long_to_be_exact_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="2 to 12 hours"):
        av.running(av.hours(TABLE, THREE_QUARTERS), width, THREE_QUARTERS)


def test_a_rolling_year_takes_twelve_months_up_to_its_label() -> None:
    begin = int(datetime(2018, 12, 31, 23, tzinfo=UTC).timestamp())
    # January 2019 is 13, every other hour of 2019 and 2020 is 1
    rows: list[Row] = [
        ("A.o3.1h", begin + 3600 * k, 3600, 13_000_000 if k < 744 else 1_000_000, 0) for k in range(8760 + 8784)
    ]
    table = _run(av.rolling_years(av.hours(TABLE, (1, 1)), Clock.CET, (1, 1), [2019, 2020]), rows).sort("month")
    found = {month - 2019 * 12: (total, n, valid) for month, total, n, valid in table.select(
        "month", "total", "n", "valid").rows()}  # fmt: skip
    assert found[0] == (13_000_000 * 744, 744, False)
    assert found[11] == (1_000_000 * 8760 + 12_000_000 * 744, 8760, True)
    assert found[12] == (1_000_000 * 8760, 8760, True)
    assert found[13] == (1_000_000 * 8784, 8784, True)
    assert len(found) == 24


def test_a_rolling_year_ends_in_a_month_without_measurements_too() -> None:
    begin = int(datetime(2018, 12, 31, 23, tzinfo=UTC).timestamp())
    rows: list[Row] = [("A.o3.1h", begin + 3600 * k, 3600, 1_000_000, 0) for k in range(744)]
    table = _run(av.rolling_years(av.hours(TABLE, (1, 1)), Clock.CET, (0, 1), [2019]), rows).sort("month")
    assert table["n"].to_list() == [744] * 12


def test_the_peak_season_is_the_six_months_with_the_highest_mean() -> None:
    # every hour of April to September 2019 (CET) has 120, every other 60: the mean of the maxima is highest there
    begin = datetime(2018, 12, 31, 23, tzinfo=UTC)
    low, high = (int(datetime(2019, m, d, 23, tzinfo=UTC).timestamp()) for m, d in ((3, 31), (9, 30)))
    moments = range(int(begin.timestamp()), int(begin.timestamp()) + 8760 * 3600, 3600)
    rows: list[Row] = [("A.o3.1h", t, 3600, 120_000_000 if low <= t < high else 60_000_000, 0) for t in moments]
    running = av.running(av.hours(TABLE, (1, 1)), 8, THREE_QUARTERS)
    maxima = av.day_maxima(running, Clock.CET, THREE_QUARTERS, 8)
    found = _run(av.peak_season(maxima, Clock.CET, (1, 1), [2019]), rows)
    # 183 days at 120, by hand; the season ends in September
    assert found.select("year", "month", "total", "n", "expected", "valid", "windows").rows() == [
        (2019, 2019 * 12 + 8, 183 * 120_000_000, 183, 183, True, 7)
    ]


def test_the_highest_of_too_few_values_is_not_there() -> None:
    expression = av.highest(av.hours(TABLE, (1, 1)), 3, ["series"])
    assert _run(expression, _hourly([0, 1])).is_empty()
    assert _run(expression, [*_hourly([0, 1], 9), *_hourly([2, 3], 5)])["total"].to_list() == [5]


def test_a_value_equal_to_the_limit_does_not_exceed_it() -> None:
    rows = [*_hourly([0], 200_000_000), *_hourly([1], 200_000_001), *_hourly([2], 200_500_000)]
    hours = av.hours(TABLE, (1, 1))
    assert _run(av.above(hours, 200_000_000, ["series"]), rows)["exceedances"].to_list() == [2]
    # rounded to whole units first, 200.000001 is 200 and 200.5 is 201
    assert _run(av.above(hours, 200_000_000, ["series"], 10**6), rows)["exceedances"].to_list() == [1]


def test_decision_97_101_rounds_the_rank_to_the_nearest_whole_number() -> None:
    # N = 32, p = 0.95: p·N = 30.4, nearest whole number 30; the inverse of the distribution takes ⌈30.4⌉ = 31
    rows = [r for k in range(32) for r in _hourly([k], k + 1)]
    hours = av.hours(TABLE, (1, 1))
    eoi = _run(av.percentiles(hours, (95, 100), av.RankRule.EOI, ["series"]), rows)
    nearest = _run(av.percentiles(hours, (95, 100), av.RankRule.NEAREST, ["series"]), rows)
    assert (eoi["total"][0], nearest["total"][0]) == (30, 31)
