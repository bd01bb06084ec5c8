"""Legal cases as rows that a lawyer can read, on both sides of every edge: `cases/*.csv`.

A row describes one year of hourly values at an invented station, in the unit of the rule: all hours at `base`; the
first `days` days of February at `day_value`, each without its first `day_missing_hours` hours; `hours` single hours at
noon from 1 March, or `run` consecutive hours from noon on 1 March, at `hour_value`; the last `missing_days` days of
the year not measured. The expected outcome comes from the text of the law or guideline, named in `why`.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import pytest

from goedebuur.core.base.quantities import MICRO, ratio
from goedebuur.core.compliance import figures, judge
from goedebuur.core.compliance.figures import Figures
from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.rules import loader

CASES = sorted((Path(__file__).parent / "cases").glob("*.csv"))
ROWS = [(path.stem, row) for path in CASES for row in csv.DictReader(path.open(encoding="utf-8"))]
FEBRUARY, MARCH = (2, 1), (3, 1)


def micro(text: str, quantity: str, unit: str) -> int:
    num, den = ratio(quantity, unit)
    exact = Fraction(text) * num * MICRO / den
    assert exact.denominator == 1
    return int(exact)


def observations(row: dict[str, str], series: str) -> pl.DataFrame:
    """One year of hours on CET as the row describes them."""
    measure = loader.rule(row["rule"]).measure
    year = int(row["year"])

    def value(name: str) -> int:
        return micro(row[name] or "0", measure.quantity, measure.unit)

    def number(name: str) -> int:
        return int(row[name] or 0)

    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    february, march = ((date(year, *day) - date(year, 1, 1)).days for day in (FEBRUARY, MARCH))
    hours = pl.DataFrame({"h": range((days - number("missing_days")) * 24)}).with_columns(
        day=pl.col("h") // 24, of_day=pl.col("h") % 24
    )
    special = pl.col("day").is_between(february, february + number("days") - 1)
    single = (pl.col("of_day") == 12) & pl.col("day").is_between(march, march + number("hours") - 1)
    noon = march * 24 + 12
    run = pl.col("h").is_between(noon, noon + number("run") - 1)
    return hours.filter(~(special & (pl.col("of_day") < number("day_missing_hours")))).select(
        series=pl.lit(series),
        quantity=pl.lit(measure.quantity),
        start=pl.lit(datetime(year, 1, 1, tzinfo=UTC) - timedelta(hours=1)).dt.cast_time_unit("us")
        + pl.duration(hours=pl.col("h")),
        step=pl.lit(3600, pl.Int32),
        micro=pl.when(single | run)
        .then(value("hour_value"))
        .when(special)
        .then(value("day_value"))
        .otherwise(value("base"))
        .cast(pl.Int64),
        flags=pl.lit(0, pl.Int32),
    )


@cache
def verdicts() -> dict[int, Verdict]:
    """The verdict of every case, by its number: all cases on one quantity and year are computed together."""
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone='UTC'")
    held = count()

    def keep(expression: Any) -> Any:
        return connection.create_table(f"held_{next(held)}", expression, temp=True)

    groups: dict[tuple[str, int], list[int]] = {}
    for number, (_, row) in enumerate(ROWS):
        groups.setdefault((loader.rule(row["rule"]).measure.quantity, int(row["year"])), []).append(number)
    found: dict[int, Verdict] = {}
    for (quantity, year), numbers in groups.items():
        names = {number: f"CASE{number}.{quantity}.1h" for number in numbers}
        frame = pl.concat(observations(ROWS[number][1], names[number]) for number in numbers)
        connection.con.register(f"{quantity}_{year}", frame.to_arrow())
        table = connection.table(f"{quantity}_{year}")
        rules = list({row["rule"]: loader.rule(row["rule"]) for row in (ROWS[n][1] for n in numbers)}.values())
        expressions = figures.expressions(table, rules, year, keep)
        tables = {name: expression.to_polars() for name, expression in expressions.items()}
        every = judge.judge(Figures(quantity, year, tables), rules, loader.book())
        by_key = {(verdict.series, verdict.limit_id): verdict for verdict in every}
        found |= {number: by_key[names[number], ROWS[number][1]["rule"]] for number in numbers}
    return found


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[f"{name}: {row['case']}" for name, row in ROWS])
def test_case_comes_out_as_the_text_says(number: int) -> None:
    row, verdict = ROWS[number][1], verdicts()[number]
    assert (str(verdict.outcome), verdict.reason_code) == (row["outcome"], row["reason_code"]), row["why"]


def test_every_case_says_why_and_has_a_name_of_its_own() -> None:
    assert all(row["why"] and row["case"] for _, row in ROWS)
    assert len({(name, row["case"]) for name, row in ROWS}) == len(ROWS)
