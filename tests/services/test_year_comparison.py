"""One series in two years, in exact numbers, against means made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services.deliveries import NOW, A, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.delivery import deliver
from goedebuur.services.year_comparison import Span, YearComparison, compare_years


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> YearComparison:
    record = open_record(tmp_path_factory.mktemp("record"))
    # 31 January 22:00 to 1 February 02:00 CET: two hours in each month
    early = station_file({"NL90001": [*[""] * 22, "1", "2", "4", "8"]}, first="20190131")
    late = station_file({"NL90001": ["-1.5", "-1", "", "-1"]}, first="20200201")
    deliver(record, early, "2019_SO2.csv", now=NOW)
    deliver(record, late, "2020_SO2.csv", now=NOW)
    return compare_years(record, A, 2019, 2020)


def test_months_are_cut_on_the_clock_without_summer_time(compared: YearComparison) -> None:
    january, february = compared.months[0][0], compared.months[1][0]
    assert (january.total, january.n, january.expected) == (3_000_000, 2, 31 * 24)
    assert (february.total, february.n, february.expected) == (12_000_000, 2, 28 * 24)


def test_leap_year_expects_a_day_more(compared: YearComparison) -> None:
    assert compared.months[1][1].expected == 29 * 24
    assert [whole.expected for whole in compared.whole] == [365 * 24, 366 * 24]


def test_year_is_the_mean_of_its_hours_and_not_of_its_months(compared: YearComparison) -> None:
    assert compared.whole[0].micro == 3_750_000  # (1 + 2 + 4 + 8) / 4


def test_mean_of_negative_values_is_rounded_away_from_zero(compared: YearComparison) -> None:
    assert compared.whole[1].micro == -1_166_667  # -3.5 / 3


def test_month_without_values_has_no_mean(compared: YearComparison) -> None:
    assert compared.months[5][0].micro is None
    assert compared.months[5][0].share == 0


def test_share_is_rounded_down() -> None:
    assert Span(0, 743, 744).share == 99


def test_series_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        compare_years(open_record(tmp_path), "NL90009.so2.1h", 2019, 2020)
    assert caught.value.code == "query-unknown-series"
