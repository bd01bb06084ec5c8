"""Means and percentiles of a series, computed by hand: three days of 130 µg/m³, then 4.5, of 2019."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

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


def plain(found: Average | None) -> tuple[str, str, int, int] | None:
    return None if found is None else (found.period, found.value, found.n, found.expected)


def test_month_and_year_are_the_hand_computed_ones(record: Record) -> None:
    months = averages.averages(record, B, 2019, "month")
    # (72 · 130 + 672 · 4.5) / 744 = 12384 / 744
    assert plain(months[0]) == ("2019-01", "16.645161", 744, 744)
    assert [one.value for one in months[1:]] == ["4.500000"] * 11
    # (72 · 130 + 8688 · 4.5) / 8760 = 48456 / 8760
    [year] = averages.averages(record, B, 2019, "year")
    assert plain(year) == ("2019", "5.531507", HOURS, HOURS)


def test_rolling_year_looks_back_over_twelve_months(record: Record) -> None:
    rolling = averages.averages(record, B, 2019, "rolling-year")
    assert plain(rolling[-1]) == ("2019-12", "5.531507", HOURS, HOURS)
    # the eleven months before January 2019 hold nothing, and are expected
    assert plain(rolling[0]) == ("2019-01", "16.645161", 744, HOURS)
    # from January 2020 on those of 2019 count: eleven months of 4.5 until December
    assert averages.averages(record, B, 2020, "rolling-year")[0].value == "4.500000"


def test_days_carry_what_is_missing(record: Record) -> None:
    days = averages.averages(record, A, 2019, "day")
    assert [one.value for one in days[:2]] == ["130.000000"] * 2
    assert [plain(one) for one in days[2:]] == [
        ("2019-01-03", "130.000000", 24, 24),
        ("2019-01-04", "4.500000", 4, 24),
    ]


def test_percentile_is_the_value_of_the_nearest_rank(record: Record) -> None:
    # 8688 of 8760 hours are low: rank ⌈0.99 · 8760⌉ = 8673 is, rank ⌈0.995 · 8760⌉ = 8717 is not
    assert plain(averages.percentile(record, B, 2019, Fraction(99, 100))) == ("2019", "4.500000", HOURS, HOURS)
    assert plain(averages.percentile(record, B, 2019, Fraction(995, 1000))) == ("2019", "130.000000", HOURS, HOURS)


def test_year_without_values_has_no_averages(record: Record) -> None:
    assert averages.averages(record, B, 2017, "month") == []
    assert averages.percentile(record, B, 2017, Fraction(1, 2)) is None


def test_means_of_too_few_hours_are_marked_by_the_part_that_the_rules_ask(record: Record) -> None:
    # 2008/50/EC annex XI A: 75% of the hours of a day; annex I A: 90% of the hours of a year
    days = averages.averages(record, A, 2019, "day")
    assert [one.enough for one in days] == [True, True, True, False]
    assert averages.basis(record, A, 2019, "day").share == "75/100"
    assert "Annex XI A" in averages.basis(record, A, 2019, "day").article
    asked = averages.basis(record, A, 2019, "rolling-year")
    assert (asked.share, asked.status) == ("90/100", "confirmed")
    assert "Annex I A" in asked.article
    assert averages.averages(record, B, 2019, "rolling-year")[0].enough is False  # 744 of 8760 hours
    assert averages.averages(record, B, 2019, "rolling-year")[-1].enough is True


def test_part_that_is_asked_goes_before_that_of_the_rules(record: Record) -> None:
    [year] = averages.averages(record, A, 2019, "year", share=Fraction(1, 1000))
    assert year.enough is True  # 76 of 8760 is 0.9%
    assert averages.basis(record, A, 2019, "year", Fraction(1, 1000)).article == "--share"


def test_missing_hours_leave_the_uncertainty_of_a_sample(tmp_path: Path) -> None:
    found = open_record(tmp_path / "record")
    delivery.deliver(found, station_file({"NL90001": ["1", "2", "6"]}), "2019_SO2.csv", now=NOW)
    [day] = averages.averages(found, A, 2019, "day")
    # s = √7 = 2.6458; 2·s·√((1 - 3/24)/3) = 2.8577, rounded up; ISO 11222
    assert (day.gaps, day.uncertainty) == ("2.858", "")
    assert averages.basis(found, A, 2019, "year").objective == ""  # no limit of a year for SO2: unknown


def test_mean_of_a_year_carries_what_the_data_quality_objective_admits(tmp_path: Path) -> None:
    found = open_record(tmp_path / "record")
    cells = ["30"] * HOURS
    delivery.deliver(found, station_file({"NL90001": cells}, component="NO2"), "2019_NO2.csv", now=NOW)
    [year] = averages.averages(found, "NL90001.no2.1h", 2019, "year")
    # 2008/50/EC annex I A: 15% near the limit of 40 is 6; nothing is missing
    assert (year.uncertainty, year.gaps, year.enough) == ("6.0", "0.000", True)
    assert [one.uncertainty for one in averages.averages(found, "NL90001.no2.1h", 2019, "month")] == [""] * 12
    rolling = averages.averages(found, "NL90001.no2.1h", 2019, "rolling-year")
    assert (rolling[0].uncertainty, rolling[-1].uncertainty) == ("", "6.0")  # 744 of 8760 hours are too few for it
    by = averages.basis(found, "NL90001.no2.1h", 2019, "year")
    assert ("Annex I A" in by.objective, by.objective_status) == (True, "confirmed")
