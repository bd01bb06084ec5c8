"""Figures made row by row: the legal cases come out as the text says, and random series as on the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import ibis
import polars as pl
import pytest
from tests.core.proof.invented import invented, rows_of
from tests.rules.test_cases import ROWS, observations

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.compliance import figures, judge
from goedebuur.core.compliance.figures import Figures
from goedebuur.core.compliance.rows import Rule, Statistic
from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.core.ledger.blocks import Row
from goedebuur.core.proof.evaluating import RowFigures, evaluate
from goedebuur.rules import loader

HOUR = 3_600_000_000
BY_ID = {rule.id: rule for rule in loader.book().rules if rule.measure.statistic is not Statistic.EXPOSURE_INDEX}


def by_hand(frame: pl.DataFrame, rule: Rule, series: str, year: int) -> tuple[RowFigures, Verdict]:
    found = evaluate(rows_of(frame), rule, series, year)
    [verdict] = judge.judge(found, [rule], loader.book())
    return found, verdict


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[f"{name}: {row['case']}" for name, row in ROWS])
def test_case_comes_out_by_hand_as_the_text_says(number: int) -> None:
    row = ROWS[number][1]
    rule = loader.rule(row["rule"])
    series = f"CASE{number}.{rule.measure.quantity}.1h"
    _, verdict = by_hand(observations(row, series), rule, series, int(row["year"]))
    assert (str(verdict.outcome), verdict.reason_code) == (row["outcome"], row["reason_code"]), row["why"]


def rules_of(name: str) -> list[Rule]:
    return [rule for rule in BY_ID.values() if rule.measure.quantity == name]


def engine(frame: pl.DataFrame, name: str, year: int) -> tuple[Figures, dict[tuple[str, str], Verdict]]:
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone='UTC'")
    connection.con.register("observations", frame.to_arrow())
    held = count()

    def keep(expression: Any) -> Any:
        return connection.create_table(f"held_{next(held)}", expression, temp=True)

    expressions = figures.expressions(connection.table("observations"), rules_of(name), year, keep)
    found = Figures(name, year, {key: expression.to_polars() for key, expression in expressions.items()})
    verdicts = judge.judge(found, rules_of(name), loader.book())
    return found, {(verdict.series, verdict.limit_id): verdict for verdict in verdicts}


def compared(name: str, kinds: list[tuple[int, ...]], year: int) -> Iterator[tuple[Verdict, Verdict]]:
    frames = {f"X{n}.{name}.1h": invented(name, kind, f"X{n}.{name}.1h", year) for n, kind in enumerate(kinds)}
    _, expected = engine(pl.concat(frames.values()), name, year)
    for (series, rule_id), verdict in expected.items():
        yield by_hand(frames[series], BY_ID[rule_id], series, year)[1], verdict


HOURLY: list[tuple[int, ...]] = [(3600,)]


@pytest.mark.parametrize(
    ("name", "kinds", "year"),
    [
        ("pm10", [*HOURLY, (86400,)], 2020),
        ("no2", HOURLY, 2026),
        ("so2", [*HOURLY, (900, 600)], 2026),
        ("co", HOURLY, 2021),
        ("o3", HOURLY, 2026),
        ("lead", [(86400,), (3600,)], 2020),
    ],
)
def test_verdict_by_hand_is_that_of_the_engine(name: str, kinds: list[tuple[int, ...]], year: int) -> None:
    seen = 0
    for made, expected in compared(name, kinds, year):
        assert {**made.as_record(), "uncertainty_text": "", "uncertainty_basis": ""} == {
            **expected.as_record(),
            "uncertainty_text": "",
            "uncertainty_basis": "",
        }
        seen += 1
    assert seen >= len(kinds)


def test_rule_on_a_clock_that_a_checker_does_not_know_is_refused() -> None:
    import dataclasses

    from goedebuur.core.base.periods import Clock

    rule = loader.rule("eu2008.pm10.year")
    local = dataclasses.replace(rule, measure=dataclasses.replace(rule.measure, clock=Clock.LOCAL))
    with pytest.raises(ValueError, match="clock"):
        evaluate({}, local, "X.pm10.1h", 2020)


def test_value_in_a_unit_that_is_not_known_is_refused() -> None:
    at = (date(2020, 3, 1) - date(1970, 1, 1)) // timedelta(days=1) * 24 * HOUR
    row = {(at, 3600): Row(at, 3600, 1, 0, "ppb", 0, None)}
    with pytest.raises(GoedeBuurError, match="input-unit"):
        evaluate(row, loader.rule("eu2008.pm10.year"), "X.pm10.1h", 2020)
