"""Means and percentiles of a series, computed by hand: three days of 130 µg/m³, then 4.5, of 2019."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.services.deliveries import NOW, A, B, open_record, station_file

from goedebuur.services import averages, delivery
from goedebuur.services.averages import Average
from goedebuur.services.record import Record

HOURS = 365 * 24


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    found = open_record(tmp_path_factory.mktemp("averaged") / "record")
    cells = ["130"] * 72 + ["4.5"] * (HOURS - 72)
    few = cells[:76] + [""] * (HOURS - 76)
    delivery.deliver(found, station_file({"NL90001": few, "NL90002": cells}), "2019_SO2.csv", now=NOW)
    return found


def test_month_and_year_are_the_hand_computed_ones(record: Record) -> None:
    months = averages.averages(record, B, 2019, "month")
    # (72 · 130 + 672 · 4.5) / 744 = 12384 / 744
    assert months[0] == Average("2019-01", "16.645161", 744, 744)
    assert [one.value for one in months[1:]] == ["4.500000"] * 11
    # (72 · 130 + 8688 · 4.5) / 8760 = 48456 / 8760
    assert averages.averages(record, B, 2019, "year") == [Average("2019", "5.531507", HOURS, HOURS)]


def test_rolling_year_looks_back_over_twelve_months(record: Record) -> None:
    rolling = averages.averages(record, B, 2019, "rolling-year")
    assert rolling[-1] == Average("2019-12", "5.531507", HOURS, HOURS)
    # the eleven months before January 2019 hold nothing, and are expected
    assert rolling[0] == Average("2019-01", "16.645161", 744, HOURS)
    # from January 2020 on those of 2019 count: eleven months of 4.5 until December
    assert averages.averages(record, B, 2020, "rolling-year")[0].value == "4.500000"


def test_days_carry_what_is_missing(record: Record) -> None:
    days = averages.averages(record, A, 2019, "day")
    assert [one.value for one in days[:2]] == ["130.000000"] * 2
    assert days[2:] == [Average("2019-01-03", "130.000000", 24, 24), Average("2019-01-04", "4.500000", 4, 24)]


def test_percentile_is_the_value_of_the_nearest_rank(record: Record) -> None:
    # 8688 of 8760 hours are low: rank ⌈0.99 · 8760⌉ = 8673 is, rank ⌈0.995 · 8760⌉ = 8717 is not
    assert averages.percentile(record, B, 2019, Fraction(99, 100)) == Average("2019", "4.500000", HOURS, HOURS)
    assert averages.percentile(record, B, 2019, Fraction(995, 1000)) == Average("2019", "130.000000", HOURS, HOURS)


def test_year_without_values_has_no_averages(record: Record) -> None:
    assert averages.averages(record, B, 2017, "month") == []
    assert averages.percentile(record, B, 2017, Fraction(1, 2)) is None
