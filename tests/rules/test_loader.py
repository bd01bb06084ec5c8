"""The rule tables: what ships is sound, lookups take a date, and a bad table is an error with row and column."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.compliance.rows import GuidelineLevel, LimitKind
from goedebuur.rules import loader

LIMITS = "air_quality_limits"


def changed(table: str, old: str, new: str) -> dict[str, bytes]:
    tables = loader.shipped()
    assert old.encode() in tables[table]
    return tables | {table: tables[table].replace(old.encode(), new.encode(), 1)}


def test_day_limit_of_dust_is_fifty_until_2029_and_forty_five_after() -> None:
    for day, value, allowed in (
        (date(2019, 12, 31), "50", 35),
        (date(2029, 12, 31), "50", 35),
        (date(2030, 1, 1), "45", 18),
    ):
        [row] = [
            row
            for row in loader.limits(day, kind=LimitKind.LIMIT_VALUE)
            if row.measure.quantity == "pm10" and row.measure.statistic == "days_above"
        ]
        assert (row.measure.value, row.allowed) == (value, allowed)


def test_limit_for_fine_dust_is_not_in_force_before_2015() -> None:
    assert not [
        row for row in loader.limits(date(2014, 12, 31), kind=LimitKind.LIMIT_VALUE) if row.measure.quantity == "pm25"
    ]
    assert [
        row for row in loader.limits(date(2015, 1, 1), kind=LimitKind.LIMIT_VALUE) if row.measure.quantity == "pm25"
    ]


def test_values_of_2030_are_not_in_force_in_2019_and_are_in_2030() -> None:
    of_2030 = {"eu2030.pm25.day", "eu2030.no2.year", "eu2030.co.day"}
    assert not of_2030 & {row.id for row in loader.limits(date(2019, 12, 31))}
    assert of_2030 <= {row.id for row in loader.limits(date(2030, 1, 1))}


def test_guidelines_of_2021_are_not_there_before_their_publication() -> None:
    assert loader.guidelines(date(2021, 9, 21)) == ()
    found = [
        row for row in loader.guidelines(date(2021, 9, 22), level=GuidelineLevel.GUIDELINE) if row.set == "WHO-2021"
    ]
    assert len(found) == 15


def test_who_guideline_levels_are_those_of_table_0_1() -> None:
    expected = {
        "pm25.year": "5", "pm25.day": "15", "pm10.year": "15", "pm10.day": "45", "o3.peak_season": "60", "o3.8h": "100",
        "no2.year": "10", "no2.day": "25", "so2.day": "40", "co.day": "4",
    }  # fmt: skip
    for name, value in expected.items():
        assert loader.rule(f"who2021.{name}.aqg").measure.value == value


def test_values_become_exact_millionths_of_the_canonical_unit() -> None:
    lead, carbon = loader.rule("eu2008.lead.year").measure, loader.rule("eu2008.co.8h").measure
    assert (lead.micro, lead.step) == (500 * 10**6, 100 * 10**6)  # 0.5 µg/m³ is 500 ng/m³
    assert (carbon.micro, carbon.step) == (10_000 * 10**6, 1_000 * 10**6)  # 10 mg/m³ is 10,000 µg/m³


def test_percentile_is_an_exact_fraction() -> None:
    rule = loader.rule("who2021.pm25.day.aqg")
    assert getattr(rule, "percentile", None) == Fraction(99, 100)


def test_every_row_names_its_source_and_an_unconfirmed_one_its_question() -> None:
    book = loader.book()
    for row in (*book.rules, *book.captures):
        assert all((row.reference, row.article)), row.id
        assert row.status is Status.CONFIRMED or (row.question.nl and row.question.en), row.id


def test_no_table_calls_air_safe() -> None:
    for name, data in loader.shipped().items():
        text = data.decode().lower()
        assert not [word for word in ("veilig", "safe", "gezond ", "harmless") if word in text], name


def test_digest_changes_with_one_byte() -> None:
    other = changed("assessment_rules", "Zeezout", "zeezout")
    assert loader.parse(other).sha256 != loader.tables_sha256()


def test_unknown_rule_is_an_error_that_names_it() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        loader.rule("eu2008.gold.year")
    assert (caught.value.code, caught.value.value) == ("rules-unknown-rule", "eu2008.gold.year")


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        (LIMITS, ",hours_above,350,", ",hours_above,35O,", "value"),
        (LIMITS, ",hours_above,350,", ",hours_over,350,", "statistic"),
        (LIMITS, "limit_value,so2", "limit_worth,so2", "kind"),
        (LIMITS, "limit_value,so2", "limit_value,so3", "quantity"),
        (LIMITS, "350,µg/m³", "350,furlong", "unit"),
        (LIMITS, "µg/m³,24,", "µg/m³,many,", "allowed"),
        (LIMITS, "µg/m³,24,", "µg/m³,,", "allowed"),
        (LIMITS, "CET,eu2008.hour,2005-01-01", "CET,eu2008.hour,2005-13-01", "valid_from"),
        (LIMITS, "2005-01-01,2029-12-31", "2005-01-01,2004-12-31", "valid_to"),
        (LIMITS, "CET,eu2008.hour", "MET,eu2008.hour", "clock"),
        (LIMITS, "CET,eu2008.hour", "CET,eu2008.minute", "capture"),
        (LIMITS, "CET,eu2008.day", "CET,eu2008.hour", "capture"),
        (LIMITS, "Annex XI B,confirmed", "Annex XI B,memory-low", "question_nl"),
        (LIMITS, "eu2008.so2.day,", "eu2008.so2.hour,", "id"),
        (LIMITS, "EU-2008,limit_value", " EU-2008,limit_value", "set"),
        ("data_capture", "75/100,,,,90/100", "75/100,,,,90/0", "year"),
        ("data_capture", "90/100,hours", "90/100,weeks", "year_of"),
        ("air_quality_guidelines", ",99,", ",,", "percentile"),
        ("assessment_rules", "exact|rounded", "exact", "reading"),
        ("assessment_rules", "rounding,readings", "rounding,opinions", "effect"),
    ],
)
def test_bad_cell_is_an_error_with_table_line_and_column(table: str, old: str, new: str, column: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        loader.parse(changed(table, old, new))
    assert caught.value.code == "rules-table"
    assert table in caught.value.place
    assert "line" in caught.value.place
    assert caught.value.place.endswith(f"column {column}")


@pytest.mark.parametrize(
    ("old", "new"), [("id,set,kind", "id,kind,set"), ("confirmed,,,,\n", "confirmed,,,\n"), ("id,set", "\xff")]
)
def test_wrong_columns_and_short_rows_are_errors(old: str, new: str) -> None:
    tables = loader.shipped()
    data = tables[LIMITS].replace(old.encode(), new.encode("latin-1"), 1)
    with pytest.raises(GoedeBuurError) as caught:
        loader.parse(tables | {LIMITS: data})
    assert caught.value.code == "rules-table"


@pytest.mark.parametrize(
    ("table", "row", "other"),
    [
        (LIMITS, "eu2008.no2.year,", "eu2008.no2.jaar,"),
        ("air_quality_guidelines", "who2021.pm25.year.aqg,", "who.new,"),
    ],
)
def test_second_number_for_the_same_days_is_an_error_that_names_both(table: str, row: str, other: str) -> None:
    tables = loader.shipped()
    line = next(line for line in tables[table].decode().splitlines() if line.startswith(row))
    with pytest.raises(GoedeBuurError) as caught:
        loader.parse(tables | {table: tables[table] + line.replace(row, other).encode() + b"\n"})
    assert row[:-1] in caught.value.message
    assert other[:-1] in caught.value.message


def test_missing_table_is_an_error() -> None:
    tables = loader.shipped()
    del tables["data_capture"]
    with pytest.raises(GoedeBuurError) as caught:
        loader.parse(tables)
    assert caught.value.place == "data_capture"
