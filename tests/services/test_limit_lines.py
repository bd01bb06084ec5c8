"""The lines of a chart, against the directives and the WHO guidelines of 2021."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record

from goedebuur.rules import loader
from goedebuur.services.assessment import record_rules
from goedebuur.services.limit_lines import LimitLine, limit_lines, lines_of


def shown(quantity: str, on: date) -> list[tuple[str, str, float, int | None]]:
    def tell(line: LimitLine) -> tuple[str, str, float, int | None]:
        return line.kind, str(line.statistic), line.value, line.allowed

    return [tell(line) for line in lines_of(loader.book(), quantity, on)]


def test_pm10_in_2021_has_the_limits_of_2008_50_ec_and_the_who_guidelines() -> None:
    # 2008/50/EC Annex XI: 50 µg/m³ a day, not more than 35 times, and 40 µg/m³ a year; WHO 2021: 45 (day) and 15 (year)
    assert shown("pm10", date(2021, 12, 31)) == [
        ("limit", "days_above", 50.0, 35),
        ("limit", "year_mean", 40.0, None),
        ("guideline", "day_percentile", 45.0, None),
        ("guideline", "year_mean", 15.0, None),
    ]


def test_pm10_in_2031_has_the_limits_of_2024_2881() -> None:
    # Directive (EU) 2024/2881 Annex I, table 1: 45 µg/m³ a day, not more than 18 times, and 20 µg/m³ a year
    assert shown("pm10", date(2031, 1, 1))[:2] == [
        ("limit", "days_above", 45.0, 18),
        ("limit", "year_mean", 20.0, None),
    ]


def test_limit_in_milligrams_is_drawn_in_the_unit_of_the_chart() -> None:
    # 2008/50/EC Annex XI: carbon monoxide 10 mg/m³, the chart is in µg/m³
    line = lines_of(loader.book(), "co", date(2021, 1, 1))[0]
    assert (line.value, line.value_text, line.unit) == (10_000.0, "10", "mg/m³")


def test_quantity_without_limits_has_no_lines() -> None:
    assert lines_of(loader.book(), "temperature", date(2021, 1, 1)) == []


def test_guideline_is_drawn_in_the_years_that_are_judged_by_it_and_says_that_it_came_later() -> None:
    # WHO published its guidelines on 22 September 2021; years before are judged by them as advice of later
    by_day = {on: lines_of(loader.book(), "pm10", on) for on in (date(2020, 12, 31), date(2021, 9, 22))}
    assert [(line.value, line.later) for line in by_day[date(2020, 12, 31)] if line.kind == "guideline"] == [
        (45.0, 2021),
        (15.0, 2021),
    ]
    assert {line.later for line in by_day[date(2021, 9, 22)]} == {None}


def test_lines_at_a_tree_size_are_of_the_rules_in_the_record_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = open_record(tmp_path / "record")
    before = loader.shipped()
    table = before["air_quality_limits"].decode()
    # an earlier form of the table, in which the limit of 2008/50/EC on the year was written as 41
    rows = ["41".join(row.split("40", 1)) if row.startswith("eu2008.pm10.year,") else row for row in table.split("\n")]
    assert "\n".join(rows) != table
    with monkeypatch.context() as earlier:
        earlier.setattr(loader, "shipped", lambda: before | {"air_quality_limits": "\n".join(rows).encode()})
        record_rules(record, NOW)
    then = record.size
    record_rules(record, NOW)

    def year(as_of: int | None) -> list[float]:
        found = limit_lines(record, "pm10", date(2019, 12, 31), as_of)
        return [line.value for line in found if line.kind == "limit" and line.statistic == "year_mean"]

    assert (year(then), year(None)) == ([41.0], [40.0])
