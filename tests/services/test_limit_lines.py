"""The lines of a chart, against the directives and the WHO guidelines of 2021."""

from __future__ import annotations

from datetime import date

from goedebuur.services.limit_lines import LimitLine, limit_lines


def shown(quantity: str, on: date) -> list[tuple[str, str, float, int | None]]:
    def tell(line: LimitLine) -> tuple[str, str, float, int | None]:
        return line.kind, str(line.statistic), line.value, line.allowed

    return [tell(line) for line in limit_lines(quantity, on)]


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
    line = limit_lines("co", date(2021, 1, 1))[0]
    assert (line.value, line.value_text, line.unit) == (10_000.0, "10", "mg/m³")


def test_quantity_without_limits_has_no_lines() -> None:
    assert limit_lines("temperature", date(2021, 1, 1)) == []
