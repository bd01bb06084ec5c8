"""Verdicts on invented series at the edges of a year, of what was measured, and of the days on which a number held."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import ibis
import polars as pl
import pytest

from goedebuur.core.compliance import explanation, figures, judge, scope
from goedebuur.core.compliance.figures import Figures
from goedebuur.core.compliance.readings import Case
from goedebuur.core.compliance.verdicts import Explanation, Outcome, Verdict
from goedebuur.rules import loader

CET = timezone(timedelta(hours=1))


def cet(*parts: int) -> datetime:
    """A moment on CET, on which the rules cut their days and years."""
    year, month, day, hour = (*parts, 0)[:4]
    return datetime(year, month, day, hour, tzinfo=CET)


def hours(first: datetime, end: datetime, value: Callable[[datetime], int | None]) -> Iterable[tuple[datetime, int]]:
    """Hours on CET with their value; None is not measured."""
    for k in range(int((end - first) / timedelta(hours=1))):
        at = first + timedelta(hours=k)
        found = value(at)
        if found is not None:
            yield at, found


def table(quantity: str, values: Iterable[tuple[datetime, int]], step: int = 3600) -> Any:
    listed = list(values)
    frame = pl.DataFrame(
        {
            "series": f"X.{quantity}.1h",
            "quantity": quantity,
            "start": [at.astimezone(UTC) for at, _ in listed],
            "step": [step] * len(listed),
            "micro": [value * 10**6 for _, value in listed],
            "flags": [0] * len(listed),
        },
        schema_overrides={"start": pl.Datetime("us", "UTC"), "step": pl.Int32, "micro": pl.Int64, "flags": pl.Int32},
    )
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone='UTC'")
    connection.con.register("observations", frame.to_arrow())
    return connection.table("observations")


def verdict(observations: Any, rule_id: str, year: int) -> Verdict:
    rule = loader.rule(rule_id)
    tables = {name: x.to_polars() for name, x in figures.expressions(observations, [rule], year).items()}
    [found] = judge.judge(Figures(rule.measure.quantity, year, tables), [rule], loader.book())
    return found


def explained(observations: Any, rule_id: str, year: int) -> Explanation:
    rule = loader.rule(rule_id)
    tables = {name: x.to_polars() for name, x in figures.expressions(observations, [rule], year).items()}
    computed = Figures(rule.measure.quantity, year, tables)
    [series] = computed.series
    case = Case(rule, series, computed, loader.book())
    told = judge.concluded(case)
    listed = explanation.expressions(observations, rule, year, told.shown)
    details = {name: x.to_polars() for name, x in listed.items()}
    return explanation.explain(judge.verdict_of(case, told), rule, loader.book(), details, told.found, told.shown)


def days(*stretches: tuple[date, int, int]) -> Iterable[tuple[datetime, int]]:
    """Whole days: from a day on, so many, at a value."""
    for first, number, value in stretches:
        begin = cet(first.year, first.month, first.day)
        for k in range(number * 24):
            yield begin + timedelta(hours=k), value


@pytest.mark.parametrize(
    ("first", "end", "outcomes"),
    [
        (cet(2019, 12, 31, 22), cet(2020, 1, 1, 2), ("MEETS", "EXCEEDS")),
        (cet(2019, 12, 31, 20), cet(2020, 1, 1, 1), ("EXCEEDS", "MEETS")),
        (cet(2019, 12, 31, 22), cet(2020, 1, 1, 0), ("MEETS", "MEETS")),
    ],
)
def test_three_hours_in_a_row_over_new_year_are_one_alert_in_the_year_of_the_third(
    first: datetime, end: datetime, outcomes: tuple[str, str]
) -> None:
    # 2008/50/EC annex XII A: over three consecutive hours
    observations = table("so2", hours(cet(2018, 12, 31), cet(2021, 1, 1), lambda at: 600 if first <= at < end else 5))
    found = [verdict(observations, "eu2008.so2.alert", year) for year in (2019, 2020)]
    assert tuple(str(v.outcome) for v in found) == outcomes
    assert [v.exceedances for v in found] == [int(outcome == "EXCEEDS") for outcome in outcomes]


def test_more_days_than_three_years_allow_are_said_with_the_sum_that_proves_it() -> None:
    # annex VII B: 25 days averaged over three years; 2017 has 60 days in two summer months, 2019 is complete with 20
    observations = table(
        "o3", days((date(2017, 5, 1), 60, 200), (date(2019, 1, 1), 150, 40), (date(2019, 5, 31), 20, 200),
                   (date(2019, 6, 20), 195, 40)),
    )  # fmt: skip
    found = verdict(observations, "eu2008.o3.8h.target", 2019)
    assert (found.outcome, found.reason_code) == (Outcome.EXCEEDS, "count-above-despite-gaps")
    assert found.allowed == 75
    assert found.exceedances is not None
    assert found.exceedances > 75
    assert f"{found.exceedances} already more than allowed (75)" in found.reason_en


def test_in_the_year_the_law_changes_the_old_and_the_new_rules_are_there() -> None:
    ids = {rule.id for rule in scope.rules_for(loader.book(), 2026)}
    assert {"eu2008.no2.alert", "eu2024.no2.alert", "eu2008.o3.8h.long_term"} <= ids
    by_day = {rule.id for rule in scope.rules_for(loader.book(), 2026, on=date(2026, 12, 31))}
    assert "eu2008.no2.alert" not in by_day


OZONE_2026 = [
    (cet(2026, 12, 11, 23), "eu2008.o3.alert", 1),
    (cet(2026, 12, 11, 23), "eu2024.o3.alert", 0),
    (cet(2026, 12, 12, 0), "eu2008.o3.alert", 0),
    (cet(2026, 12, 12, 0), "eu2024.o3.alert", 1),
]


@pytest.mark.parametrize(("high", "rule_id", "counted"), OZONE_2026)
def test_an_hour_counts_for_the_rule_that_held_in_it(high: datetime, rule_id: str, counted: int) -> None:
    # 2024/2881 article 31: the provisions of 2008/50/EC on alerts end on 11 December 2026
    observations = table("o3", hours(cet(2025, 12, 31), cet(2027, 1, 1), lambda at: 250 if at == high else 60))
    found = verdict(observations, rule_id, 2026)
    assert (found.exceedances, found.outcome) == (counted, Outcome.EXCEEDS if counted else Outcome.MEETS)
    # 345 days until 11 December, 20 from then on
    assert found.capture_den == (345 if rule_id.startswith("eu2008") else 20) * 24
    assert "that part alone was counted" in " ".join(found.reservations_en)
    assert len(explained(observations, rule_id, 2026).counted) == counted


@pytest.mark.parametrize(
    ("rule_id", "quantity", "counted", "of"),
    [("eu2024.pm10.alert", "pm10", 1, 20), ("eu2024.so2.alert", "so2", 1, 480), ("eu2008.so2.alert", "so2", 1, 8280)],
)
def test_days_and_runs_count_within_the_days_on_which_the_rule_held(
    rule_id: str, quantity: str, counted: int, of: int
) -> None:
    high = {date(2026, 3, 1), date(2026, 12, 20)}
    observations = table(
        quantity,
        hours(cet(2025, 12, 31), cet(2027, 1, 1), lambda at: 600 if at.date() in high else 10),
    )
    found = verdict(observations, rule_id, 2026)
    assert (found.exceedances, found.capture_num, found.capture_den) == (counted, of, of)


def test_nothing_measured_while_a_rule_held_is_not_called_met() -> None:
    observations = table("o3", hours(cet(2025, 12, 31), cet(2026, 12, 1), lambda at: 60))
    found = verdict(observations, "eu2024.o3.alert", 2026)
    assert (found.outcome, found.reason_code) == (Outcome.UNDETERMINED, "nothing-valid")


def test_a_rule_that_held_all_year_counts_all_year() -> None:
    observations = table("no2", hours(cet(2025, 12, 31), cet(2027, 1, 1), lambda at: 250 if at.hour == 12 else 20))
    found = verdict(observations, "eu2008.no2.hour", 2026)
    assert (found.exceedances, found.capture_den) == (365, 8760)


@pytest.mark.parametrize(
    ("quantity", "rule_id", "value", "said"),
    [("no2", "eu2008.no2.year", 30, "6.0"), ("no2", "who2021.no2.year.aqg", 60, "9.0"),
     ("pm25", "eu2008.pm25.year", 9, "6.3"), ("so2", "eu2030.so2.year", 9, "")],
)  # fmt: skip
def test_a_mean_is_shown_with_what_the_data_quality_objective_admits(
    quantity: str, rule_id: str, value: int, said: str
) -> None:
    # 2008/50/EC annex I A: 15 % of 40 is 6 and of 60 is 9; 25 % of 25 is 6.25, rounded up; SO2 has no limit of a year
    told = explained(table(quantity, days((date(2019, 1, 1), 365, value))), rule_id, 2019)
    assert (told.verdict.uncertainty_text, bool(told.verdict.uncertainty_basis)) == (said, bool(said))
    assert [line.value for line in told.lines if line.code == "uncertainty"] == ([f"± {said}"] if said else [])
    assert [line.code for line in told.lines if line.code == "uncertainty-unknown"] == (
        [] if said else ["uncertainty-unknown"]
    )
    assert told.verdict.as_record()["uncertainty_text"] == said


def test_days_of_sampling_are_not_called_hours() -> None:
    daily = ((cet(2019, 1, 1) + timedelta(days=k), 20) for k in range(300))
    told = explained(table("pm10", daily, step=86400), "eu2008.pm10.year", 2019)
    [line] = [line for line in told.lines if line.code == "capture"]
    assert (line.text.en, line.value) == ("Days with a sample of 24 hours", "300/365")


@pytest.mark.parametrize(("hours_before", "counted"), [(12, 1), (13, 0)])
def test_sample_of_a_day_counts_in_the_year_of_its_middle_also_within_what_is_read(
    hours_before: int, counted: int
) -> None:
    # a filter that is changed at noon: half of it is in the new year
    rule = loader.rule("eu2008.lead.year")
    start = cet(2020, 1, 1) - timedelta(hours=hours_before)
    period = scope.span([rule], 2020)
    samples = [(at, 1) for at in (start, cet(2020, 6, 1)) if period.start <= at < period.end]
    assert verdict(table("lead", samples, step=86400), rule.id, 2020).n == counted + 1
