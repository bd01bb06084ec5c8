"""Yearly verdicts of 2019 to 2021 on RIVM's files, held against an independent computation from the raw text.

The independent side reads the published file by hand (no adapter), and computes with polars and fractions.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import pytest

from goedebuur.adapters import base
from goedebuur.core.compliance import figures, judge, scope
from goedebuur.core.compliance.figures import Figures
from goedebuur.core.compliance.rows import Rule
from goedebuur.core.compliance.verdicts import Outcome, Verdict
from goedebuur.core.measurements.conversion import to_canonical
from goedebuur.core.measurements.records import Parsed
from goedebuur.rules import loader

pytestmark = pytest.mark.real

COMPONENTS = {"pm10": "PM10", "pm25": "PM25", "no2": "NO2", "so2": "SO2", "o3": "O3"}
YEARS = (2019, 2020, 2021)
STATIONS = {
    "pm10": ("NL49553", "NL10136", "NL49551"),
    "pm25": ("NL49553", "NL10938"),
    "no2": ("NL10136", "NL49007"),
    "so2": ("NL49553", "NL49551"),
    "o3": ("NL10131", "NL10404"),
}


def observations(folder: Path, quantity: str, years: tuple[int, ...]) -> pl.DataFrame:
    """What the adapter makes of the files, in canonical units."""
    parts = []
    for year in years:
        path = folder / "rivm_lml" / f"{year}_{COMPONENTS[quantity]}.csv.gz"
        data = path.read_bytes()
        parsed = base.recognise(path.name, data[:65536]).parse(data, path.name)
        assert isinstance(parsed, Parsed)
        rows = to_canonical(parsed.observations.filter(pl.col("value").is_not_null()))
        parts.append(rows.select("series", "quantity", "start", "step", "micro", "flags"))
    return pl.concat(parts)


def computed(frame: pl.DataFrame, quantity: str, year: int) -> tuple[dict[tuple[str, str], Verdict], Figures]:
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET TimeZone='UTC'")
    connection.con.register("observations", frame.to_arrow())
    held = count()

    def keep(expression: Any) -> Any:
        return connection.create_table(f"held_{next(held)}", expression, temp=True)

    rules = concerned(quantity, year)
    found = figures.expressions(connection.table("observations"), rules, year, keep)
    result = Figures(quantity, year, {name: expression.to_polars() for name, expression in found.items()})
    return {(v.series, v.limit_id): v for v in judge.judge(result, rules, loader.book())}, result


def concerned(quantity: str, year: int) -> list[Rule]:
    return [rule for rule in scope.rules_for(loader.book(), year) if rule.measure.quantity == quantity]


@cache
def raw(folder: Path, quantity: str, year: int) -> tuple[list[str], list[list[str]]]:
    """The station codes of a file, and its data lines as cells after the times, read without the adapter."""
    path = folder / "rivm_lml" / f"{year}_{COMPONENTS[quantity]}.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode("latin-1").splitlines()
    header = next(i for i, line in enumerate(lines) if line.startswith("Component;"))
    names = lines[header].split(";")
    kept = [i for i, name in enumerate(names) if name.startswith("NL")]
    cells = [line.split(";") for line in lines[header + 1 :] if line]
    assert cells[0][3] == f"{year}0101 00:00"
    return [names[i] for i in kept], [[row[i] if i < len(row) else "" for i in kept] for row in cells]


def hours_of(folder: Path, quantity: str, year: int, station: str) -> list[Fraction | None]:
    """The hours of a calendar year in CET at one station, as exact fractions of a µg/m³."""
    names, cells = raw(folder, quantity, year)
    at = names.index(station)
    return [Fraction(Decimal(row[at])) if row[at] else None for row in cells]


def day_means(hours: list[Fraction | None], least: int = 18) -> list[Fraction | None]:
    days = [[v for v in hours[i : i + 24] if v is not None] for i in range(0, len(hours), 24)]
    return [sum(day, Fraction(0)) / len(day) if len(day) >= least else None for day in days]


def present(values: list[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]


def cases() -> Iterator[tuple[str, int, str]]:
    for quantity, stations in STATIONS.items():
        for year in YEARS:
            for station in stations:
                yield quantity, year, station


@cache
def verdicts(folder: Path, quantity: str, year: int) -> dict[tuple[str, str], Verdict]:
    """Of the stations above; all three years are read, so that what lies outside the year is seen to stay out."""
    frame = observations(folder, quantity, YEARS)
    mine = [f"{station}.{quantity}.1h" for station in STATIONS[quantity]]
    return computed(frame.filter(pl.col("series").is_in(mine)), quantity, year)[0]


@pytest.mark.parametrize(("quantity", "year", "station"), list(cases()))
def test_means_counts_and_percentiles_equal_a_computation_from_the_raw_text(
    data_folder: Path, quantity: str, year: int, station: str
) -> None:
    names, _ = raw(data_folder, quantity, year)
    assert station in names
    hours = hours_of(data_folder, quantity, year, station)
    days, measured = present(day_means(hours)), present(hours)
    series = f"{station}.{quantity}.1h"
    found = {rule: v for (name, rule), v in verdicts(data_folder, quantity, year).items() if name == series}
    checked = 0
    for rule_id, verdict in found.items():
        rule = loader.rule(rule_id)
        limit = Fraction(rule.measure.value)
        if verdict.statistic == "year_mean":
            assert Fraction(verdict.total, verdict.n * 10**6) == sum(measured, Fraction(0)) / len(measured), rule_id
            assert (verdict.capture_num, verdict.capture_den) == (len(measured), len(hours)), rule_id
        elif verdict.statistic == "hours_above":
            assert verdict.exceedances == sum(value > limit for value in measured), rule_id
        elif verdict.statistic == "days_above" and verdict.set == "EU-2008":
            assert verdict.exceedances == sum(value > limit for value in days), rule_id
            assert verdict.capture_num == len(days), rule_id
        elif verdict.statistic == "day_percentile":
            assert verdict.exceedances == sum(value > limit for value in days), rule_id
            rank = -(-99 * len(days) // 100)
            shown = Fraction(verdict.total, verdict.n * 10**6)
            assert abs(shown - sorted(days)[rank - 1]) <= Fraction(1, 2 * 10**6), rule_id
        else:
            continue
        checked += 1
    assert checked >= 2


@pytest.mark.parametrize("station", STATIONS["o3"])
def test_ozone_day_maxima_equal_a_computation_from_the_raw_text(data_folder: Path, station: str) -> None:
    year = 2020
    hours = [value for y in (2019, 2020) for value in hours_of(data_folder, "o3", y, station)]
    running: list[Fraction | None] = []
    for end in range(len(hours)):
        window = present(hours[max(0, end - 7) : end + 1])
        running.append(sum(window, Fraction(0)) / len(window) if len(window) >= 6 else None)
    begin = len(hours_of(data_folder, "o3", 2019, station))
    maxima = []
    for day in range(begin, len(hours), 24):
        windows = present(running[day : day + 24])
        if len(windows) >= 18:
            maxima.append(max(windows))
    found = verdicts(data_folder, "o3", year)
    series = f"{station}.o3.1h"
    assert found[series, "eu2008.o3.8h.long_term"].exceedances == sum(value > 120 for value in maxima)
    assert found[series, "who2021.o3.8h.aqg"].exceedances == sum(value > 100 for value in maxima)
    assert found[series, "who2021.o3.8h.aqg"].capture_num == len(maxima)


@pytest.mark.parametrize("quantity", ["pm10", "no2"])
def test_no_station_exceeded_the_limit_values_of_2020(data_folder: Path, quantity: str) -> None:
    """Published: in 2020 no station exceeded those for PM10, and NO2 stayed under 40 and had no hour above 200.

    Source: vzinfo.nl, Luchtverontreiniging, fijn stof, stikstofdioxide en trends, after luchtmeetnet.nl.
    """
    found, figures_found = computed(observations(data_folder, quantity, (2020,)), quantity, 2020)
    assert len(figures_found.series) > 70
    every = [v for v in found.values() if v.kind == "limit_value" and v.binding]
    assert not [v.series for v in every if v.outcome is Outcome.EXCEEDS]
