"""The simulated region has what the pages must be able to show, and says everywhere that it is simulated."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from goedebuur.adapters.base import recognise
from goedebuur.core.base.flags import Flag
from goedebuur.core.measurements.records import Parsed
from goedebuur.services import demo
from goedebuur.services.demo.region import PLACES

YEAR = 2025
HOURS = 8_760


@pytest.fixture(scope="module")
def files() -> list[demo.DemoFile]:
    return list(demo.files(year=YEAR))


@pytest.fixture(scope="module")
def parsed(files: list[demo.DemoFile]) -> list[Parsed]:
    found = []
    for file in files:
        adapter = recognise(file.name, file.data[:65_536])
        assert (adapter.id, adapter.submitter) == ("simulated", "simulatie")
        result = adapter.parse(file.data, file.name)
        assert isinstance(result, Parsed)
        found.append(result)
    return found


def values(parsed: Parsed) -> pl.DataFrame:
    """Return series, start and the value as a number; this test compares with round limits only."""
    scale = 10.0 ** pl.col("decimals").cast(pl.Float64)
    return parsed.observations.select("series", "start", (pl.col("value") / scale).alias("value"))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(files: list[demo.DemoFile]) -> None:
    again = next(iter(demo.files(year=YEAR)))
    assert again == files[0]
    assert next(iter(demo.files(seed=2, year=YEAR))).data != files[0].data


def test_every_value_is_marked_as_simulated_and_none_as_validated(parsed: list[Parsed]) -> None:
    for found in parsed:
        flags = found.observations["flags"]
        assert (flags & int(Flag.SIMULATED) != 0).all()
        assert (flags & int(Flag.VALIDATED | Flag.PROVISIONAL) == 0).all()


def test_no_real_operator_is_named(parsed: list[Parsed]) -> None:
    stations = [record.body for found in parsed for record in found.catalogue if record.kind == "station"]
    assert {body["operator"] for body in stations} == {"Simulatie"}


def test_there_are_twelve_stations_or_more_with_a_year_of_hours(parsed: list[Parsed]) -> None:
    air = [found for found in parsed[1:] if found.covers is not None]
    stations = {record.id for found in air for record in found.catalogue if record.kind == "station"}
    assert len(stations) == len(PLACES) >= 12
    for found in air:
        assert found.values_in == HOURS * sum(record.kind == "series" for record in found.catalogue)
    quantities = {name.split(".")[1] for found in air for name in found.observations["series"].unique()}
    assert quantities == {"pm10", "pm25", "no2", "so2", "o3", "h2s", "bc"}


def test_weather_is_there_for_every_hour_of_the_utc_year(parsed: list[Parsed]) -> None:
    weather = parsed[0].observations
    wind = weather.filter(pl.col("series") == "KNMI999.wind_direction.1h")
    assert wind.height == HOURS
    assert wind["start"].min() == datetime(YEAR, 1, 1, tzinfo=UTC)
    steady = wind.filter(pl.col("flags") & int(Flag.NOT_A_VALUE) == 0)["value"]
    assert steady.is_between(10, 360).all()
    assert (steady % 10 == 0).all()


def test_a_limit_is_exceeded_at_one_station(parsed: list[Parsed]) -> None:
    # 35 days above 50 µg/m³ are allowed (Directive 2008/50/EC, Annex XI)
    days = (
        values(parsed[1])
        .group_by("series", pl.col("start").dt.convert_time_zone("Etc/GMT-1").dt.date().alias("day"))
        .agg(pl.col("value").mean(), pl.len().alias("hours"))
        .filter((pl.col("hours") >= 18) & (pl.col("value") > 50))
    )
    over = days.group_by("series").len().filter(pl.col("len") > 35)
    assert over["series"].to_list() == ["SIM01.pm10.1h"]


def test_a_series_has_too_few_values_for_a_verdict(parsed: list[Parsed]) -> None:
    counts = dict(parsed[2].observations.group_by("series").len().iter_rows())
    assert counts["SIM05.pm25.1h"] < 0.85 * HOURS
    assert all(count > 0.95 * HOURS for series, count in counts.items() if series != "SIM05.pm25.1h")


def test_the_plume_comes_with_the_wind(parsed: list[Parsed]) -> None:
    wind = parsed[0].observations.filter(pl.col("series") == "KNMI999.wind_direction.1h")
    sulphur = values(next(found for found in parsed if "SIM01.so2.1h" in set(found.observations["series"])))
    joined = sulphur.filter(pl.col("series") == "SIM01.so2.1h").join(
        wind.select("start", pl.col("value").alias("direction")), on="start"
    )
    mean = dict(joined.group_by("direction").agg(pl.col("value").mean()).iter_rows())
    # SIM01 lies 1,150 m east and 950 m north of the works: downwind when the wind is from atan2(1150, 950) + 180 = 230°
    assert max(mean, key=lambda direction: mean[direction]) in (220, 230, 240)
    assert mean[230] > 5 * mean[50]


def test_remarks_stand_beside_values(parsed: list[Parsed]) -> None:
    remarks = pl.concat([found.observations for found in parsed[1:]])["remark"].drop_nulls()
    assert remarks.str.starts_with(f"{YEAR}-00").all()
    assert remarks.len() > 20


def test_the_correction_changes_withdraws_and_fills(files: list[demo.DemoFile], parsed: list[Parsed]) -> None:
    assert files[1].name == files[-1].name
    assert files[1].received < files[-1].received
    assert "IJkfout" in files[-1].reason
    before, after = (
        found.observations.select("series", "start", "value", "decimals") for found in (parsed[1], parsed[-1])
    )
    keys = ["series", "start"]
    both = before.join(after, keys, how="inner")
    changed = both.filter((pl.col("value") != pl.col("value_right")) | (pl.col("decimals") != pl.col("decimals_right")))
    withdrawn, filled = before.join(after, keys, how="anti"), after.join(before, keys, how="anti")
    assert changed["series"].unique().to_list() == ["SIM03.pm10.1h"]
    assert changed.height > 250
    assert (withdrawn["series"].unique().to_list(), withdrawn.height) == (["SIM07.pm10.1h"], 36)
    assert (filled["series"].unique().to_list(), filled.height) == (["SIM05.pm10.1h"], 12)


def test_fireworks_are_in_the_first_hours_of_the_dutch_year(parsed: list[Parsed]) -> None:
    fireworks = values(parsed[1]).filter(pl.col("start") == datetime(YEAR, 1, 1, 0, tzinfo=UTC))
    usual = values(parsed[1]).group_by("series").agg(pl.col("value").median().alias("usual"))
    assert fireworks.join(usual, on="series").select((pl.col("value") > 3 * pl.col("usual")).all()).item()


def test_the_year_before_is_there_for_three_stations_and_marked_as_simulated() -> None:
    found = []
    for file in demo.earlier_files(year=YEAR):
        adapter = recognise(file.name, file.data[:65_536])
        assert adapter.id == "simulated"
        assert file.received < datetime(YEAR + 1, 1, 1, tzinfo=UTC)
        result = adapter.parse(file.data, file.name)
        assert isinstance(result, Parsed)
        found.append(result.observations)
    rows = pl.concat(found)
    assert sorted(rows["series"].unique()) == sorted(
        f"{station}.{quantity}.1h" for station in ("SIM01", "SIM03", "SIM05") for quantity in ("pm10", "no2", "so2")
    )
    assert (rows["flags"] & int(Flag.SIMULATED) != 0).all()
    # 2024 had 366 days; the year begins at midnight CET
    assert rows["start"].min() == datetime(YEAR - 2, 12, 31, 23, tzinfo=UTC)
    assert rows["start"].max() == datetime(YEAR - 1, 12, 31, 22, tzinfo=UTC)
    assert rows.group_by("series").len()["len"].is_between(0.9 * 8_784, 8_784).all()
