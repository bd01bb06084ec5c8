"""Measurements by a laboratory, hours of states, limits of which one is enough, and loads: cases as rows.

`cases/emissions/periodic.csv`: `samples` are `value±uncertainty/minutes`. `hours.csv`: `values` in the words of
`averages.py`; the first `exceeding` short averages of the state are above a limit for certain. `alternatives.csv`:
half-hour means against columns A and B of annex VI. `co_alternatives.csv`: carbon monoxide in ten minutes (95 % of a
day under 150 with 5 shown) and in half hours (all under 100 with 10 % taken off). `loads.csv`: `mass` is in mg for each
short average with a value; `exempt` a state that does not count, with its hours.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.rules.averages import short
from tests.rules.test_emission_cases import YEAR, required

from goedebuur.core.compliance.emissions import alternatives, judge, loads, operating, periodic
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict
from goedebuur.core.compliance.emissions.periodic import Sample
from goedebuur.core.permits.conditions import LoadCap
from goedebuur.core.permits.limits import Averaging, Exemption, OperatingState, Substance
from goedebuur.rules import regimes

FOLDER = Path(__file__).parent / "cases" / "emissions"
NAMES = ("rules", "oxygen", "regime", "limit", "factor", "site", "from", "substance", "average")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / f"{name}.csv").open(encoding="utf-8")))


def by_case(row: dict[str, str]) -> str:
    return row["case"]


def samples(text: str) -> list[Sample]:
    found, at = [], datetime(2026, 3, 3, 9, tzinfo=UTC)
    for word in text.split():
        told, _, minutes = word.partition("/")
        value, _, expanded = told.partition("±")
        end = at + timedelta(minutes=int(minutes))
        found.append(Sample(at, end, Fraction(value), Fraction(expanded) if expanded else None))
        at = end
    return found


@pytest.mark.parametrize("row", rows("periodic"), ids=by_case)
def test_periodic(row: dict[str, str]) -> None:
    told = dict.fromkeys(NAMES, "") | {name: row[name] for name in ("regime", "substance", "limit")}
    held = required(told | {"average": "sampling_period"}).held[0]
    rule = regimes.book().samples(row["regime"], row["substance"], date(2026, 3, 3))
    found = periodic.judge(samples(row["samples"]), held, rule)
    assert (str(found.outcome), found.code) == (row["outcome"], row["why"])


@pytest.mark.parametrize("row", rows("hours"), ids=by_case)
def test_hours(row: dict[str, str]) -> None:
    minutes = int(row["minutes"])
    frame = pl.concat([_of(row["values"], year, minutes) for year in (2025, 2026)]).unique("start").sort("start")
    state = next(one for one in regimes.book().states if one.id == row["row"])
    in_state = frame.filter((pl.col("state") == state.state) & (pl.col("start").dt.year() == YEAR))
    exceeding = in_state["start"].to_list()[: int(row["exceeding"] or 0)]
    found = operating.verdicts(frame, state, YEAR, exceeding)
    told = next(one for one in found if one.bound == row["bound"])
    assert (str(told.outcome), told.code) == (row["outcome"], row["why"])


def test_hours_of_last_year_are_not_used_up_in_the_first_hour_of_the_new_one() -> None:
    # 60.5 h in November 2025; the half hour from midnight of 1 January 2026 (winter time) is the first of its year
    words = "@2025-11-03T00:00 121x500/abnormal_operation @2026-01-01T00:00 1x500/abnormal_operation"
    frame = pl.concat([_of(words, year, 30) for year in (2025, 2026)]).unique("start").sort("start")
    state = next(one for one in regimes.book().states if one.id == "bal.4.4.abnormal_operation")
    found = operating.beyond(frame, [state])
    assert datetime(2025, 11, 5, 12, tzinfo=UTC) > found.max() > datetime(2025, 11, 5, tzinfo=UTC)  # type: ignore[operator]


def _of(text: str, year: int, minutes: int) -> pl.DataFrame:
    words, keep = [], False
    for word in text.split():
        keep = word.startswith(f"@{year}") if word.startswith("@") else keep
        words += [word] if keep else []
    period = pl.col("start").dt.offset_by("1h").dt.year() == year
    return short(" ".join(words), year, minutes).filter(period)


def verdict(average: str, row: dict[str, str], values: str, minutes: int, shown: str = "") -> EmissionVerdict:
    requirement = required(dict.fromkeys(NAMES, "") | row | {"average": average})
    reference = next(iter(requirement.references))
    frames = {(minutes * 60, reference): short(values, YEAR, minutes)}
    shorts = judge.Shorts("s", frames, Fraction(shown) if shown else None)
    return judge.judge(requirement, shorts, YEAR, regimes.book())


@pytest.mark.parametrize("row", rows("alternatives"), ids=by_case)
def test_alternatives(row: dict[str, str]) -> None:
    told = {"rules": "bal.4.73", "oxygen": "11", "substance": row["substance"]}
    found = [verdict(name, told, row["values"], 30) for name in ("half_hour eu", "half_hour 97 eu")]
    (outcome,) = alternatives.judge(found).values()
    assert (str(outcome.outcome), outcome.code) == (row["outcome"], row["why"])


@pytest.mark.parametrize("row", rows("co_alternatives"), ids=by_case)
def test_co_alternatives(row: dict[str, str]) -> None:
    told = {"regime": "bal.4.4", "substance": "co"}
    ten = verdict("ten_minutes 95 day", told | {"limit": "150"}, row["ten_minutes"], 10, "5")
    half = verdict("half_hour", told | {"limit": "100"}, row["half_hours"], 30, "10")
    (outcome,) = alternatives.judge([replace(one, alternative="co") for one in (ten, half)]).values()
    assert str(outcome.outcome) == row["outcome"]


@pytest.mark.parametrize("row", rows("loads"), ids=by_case)
def test_loads(row: dict[str, str]) -> None:
    state, _, hours = row["exempt"].partition(" ")
    exempt = (Exemption(OperatingState(state), hours=int(hours) if hours else None),) if state else ()
    cap = LoadCap(Substance("NOx", id="nox"), row["cap"], row["unit"], Averaging(row["period"]), exempt)
    frame = short(row["values"], YEAR, 30, mass=int(row["mass"]))
    found = loads.judge(cap, {"schoorsteen": frame}, YEAR)
    told = next(one for one in found if one.start == row["asked"])
    assert (str(told.outcome), told.code) == (row["outcome"], row["why"])


def test_every_case_shows_its_sum_and_has_a_name_of_its_own() -> None:
    names = ("periodic", "hours", "alternatives", "co_alternatives", "loads")
    every = [row for name in names for row in rows(name)]
    assert all(row["computation"] for row in every)
    assert len({row["case"] for row in every}) == len(every)
