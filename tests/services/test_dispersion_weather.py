"""Weather for a plume from the stations of the record: mixing heights, directions, and hours that do not count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.services.around_works import PERIOD, knmi, made
from tests.services.deliveries import NOW, open_record

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import air_hours, dispersion_weather
from goedebuur.services.delivery import deliver
from goedebuur.services.dispersion_weather import NO_HEIGHT, Weather, numbers
from goedebuur.services.record import Record

STATION = "KNMI901"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = made(tmp_path_factory.mktemp("weather"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def weather(record: Record) -> Weather:
    return dispersion_weather.of_record(record, STATION, PERIOD, 0.1, sea=(200.0, 340.0))


def test_every_hour_counts_or_is_counted(weather: Weather) -> None:
    assert weather.hours.height + sum(weather.left_out.values()) == 48
    assert weather.hours.height > 40


def test_direction_in_tens_of_degrees_fills_its_ten_evenly(weather: Weather) -> None:
    turned = numbers(weather.hours.filter(pl.col("start") < PERIOD.start + timedelta(hours=24)), "direction")
    assert ((turned >= 265) & (turned < 275)).all()
    assert turned.mean() == pytest.approx(270, abs=0.5)
    # of both halves, and not all at one place
    assert np.histogram(turned, bins=2, range=(265, 275))[0].min() >= 8
    assert turned.std() > 1


def test_heat_of_the_morning_mixes_higher_and_higher_until_the_evening(record: Record, weather: Weather) -> None:
    air = air_hours.hours(record, STATION, PERIOD, 0.1).hours
    warm = weather.hours.filter(pl.col("mixed_by_heat").is_not_null() & (pl.col("start").dt.day() == 1))
    heights = numbers(warm, "mixed_by_heat")
    assert (np.diff(heights) > 0).all()
    # by hand: 1.4 · 2 · heat so far ÷ (1.2374 · 1005 · 0.005)
    until = warm["start"][-1]
    heat = air.filter((pl.col("start").dt.day() == 1) & (pl.col("sensible") > 0) & (pl.col("start") <= until))
    wanted = np.sqrt(2.8 * 3600 * heat["sensible"].sum() / (1.2373647 * 1005 * 0.005))
    assert heights[-1] == pytest.approx(wanted, rel=1e-6)


def test_wind_from_the_sea_by_day_is_counted_as_doubtful(weather: Weather) -> None:
    warm = weather.hours.filter((pl.col("obukhov") < 0) & (pl.col("direction") > 180)).height
    assert weather.doubtful == {dispersion_weather.ONSHORE: warm}
    assert warm > 5


@pytest.mark.parametrize(("sea", "counted"), [((350.0, 30.0), False), ((250.0, 20.0), True)])
def test_directions_of_the_sea_may_go_through_the_north(
    record: Record, sea: tuple[float, float], counted: bool
) -> None:
    found = dispersion_weather.of_record(record, STATION, PERIOD, 0.1, sea=sea)
    assert (found.doubtful[dispersion_weather.ONSHORE] > 0) is counted


def test_day_of_which_the_morning_is_not_known_has_no_height_of_heat(tmp_path: Path) -> None:
    lines = knmi([270] * 48).split(b"\r\n")
    gone = [line for line in lines if b"20190601,   12," not in line]
    assert len(gone) == len(lines) - 1
    with closing(open_record(tmp_path)) as record:
        deliver(record, b"\r\n".join(gone), "uurgeg_901.txt", now=NOW)
        found = dispersion_weather.of_record(record, STATION, PERIOD, 0.1)
    first = found.hours.filter((pl.col("start").dt.day() == 1) & (pl.col("obukhov") < 0))
    assert first["start"].dt.hour().max() < 11  # type: ignore[operator]
    assert found.left_out[NO_HEIGHT] >= 3
    assert found.left_out[air_hours.NO_WIND] == 1


@pytest.mark.parametrize("sea", [(0.0, 360.0), (200.0, 200.0), (float("nan"), 3.0), (270.0, 630.0)])
def test_directions_of_the_sea_that_cannot_be_are_refused(record: Record, sea: tuple[float, float]) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_weather.of_record(record, STATION, PERIOD, 0.1, sea=sea)
    assert (caught.value.code, caught.value.place) == ("query-directions", "sea")


def test_ground_of_which_the_wind_at_ten_metres_says_nothing_is_refused(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_weather.of_record(record, STATION, PERIOD, 1.5)
    assert caught.value.code == "query-roughness"


def test_hour_has_the_same_direction_whenever_a_run_begins(record: Record, weather: Weather) -> None:
    later = replace(PERIOD, start=PERIOD.start + timedelta(hours=7))
    found = dispersion_weather.of_record(record, STATION, later, 0.1)
    both = found.hours.join(weather.hours, on="start")
    # the first hour lacks the direction at its beginning
    assert both["direction"][1:].to_list() == both["direction_right"][1:].to_list()


def test_direction_is_halfway_that_at_both_ends_of_the_hour(record: Record) -> None:
    # the first hour of the second day: 270 at its beginning and 90 at its end, each somewhere in its ten, are opposite
    # or nearly, and the rest of the day is from the east
    found = dispersion_weather.of_record(record, STATION, PERIOD, 0.1).hours
    east = found.filter(pl.col("start") > PERIOD.start + timedelta(hours=24))
    assert numbers(east, "direction").mean() == pytest.approx(90, abs=1)


def test_station_without_an_hour_that_counts_is_refused(tmp_path: Path) -> None:
    with closing(open_record(tmp_path)) as record:
        deliver(record, knmi([990] * 48), "uurgeg_901.txt", now=NOW)
        with pytest.raises(GoedeBuurError) as caught:
            dispersion_weather.of_record(record, STATION, PERIOD, 0.1)
    assert (caught.value.code, caught.value.place) == ("input-empty", STATION)


TWO = b"from,until,roughness,displacement\n205,25,0.0005,0\n25,205,0.5,3\n"


def test_hour_goes_by_the_ground_over_which_its_wind_comes(record: Record) -> None:
    two = air_hours.hours(record, STATION, PERIOD, air_hours.sectors(TWO, "two.csv")).hours
    smooth = air_hours.hours(record, STATION, PERIOD, 0.0005).hours
    there = two["direction"].is_not_null()
    from_sea = there & ~two["direction"].is_between(25, 205, closed="left")
    assert two.filter(from_sea)["friction"].to_list() == smooth.filter(from_sea)["friction"].to_list()
    assert set(two.filter(from_sea)["roughness"]) == {0.0005}
    found = dispersion_weather.of_record(record, STATION, PERIOD, air_hours.sectors(TWO, "two.csv"))
    assert set(found.hours.select("roughness", "displacement").unique().iter_rows()) <= {(0.0005, 0.0), (0.5, 3.0)}
    assert np.isfinite(found.air(0, 48).values["wind"]).all()


@pytest.mark.parametrize(
    ("table", "code", "said"),
    [
        (b"from,until,roughness,displacement\n205,25,0.1,0\n", "query-roughness", "no sector begins at 25"),
        (b"from,until,roughness,displacement\n205,400,0.1,0\n", "input-number", "400"),
        (b"from,until,roughness\n0,360,0.1\n", "input-missing-column", "displacement"),
    ],
)
def test_table_of_sectors_that_is_wrong_is_refused_with_where(table: bytes, code: str, said: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        air_hours.sectors(table, "two.csv")
    assert caught.value.code == code
    assert said in str(caught.value)
    assert "two.csv" in str(caught.value)


def test_ground_lifted_above_the_wind_that_was_measured_is_refused(record: Record) -> None:
    table = b"from,until,roughness,displacement\n0,360,0.1,9.95\n"
    with pytest.raises(GoedeBuurError, match="lifted so far"):
        air_hours.hours(record, STATION, PERIOD, air_hours.sectors(table, "town.csv"))


def test_station_of_which_the_place_is_not_known_is_refused_by_name(tmp_path: Path) -> None:
    legend = b"# 901         4.555       52.463      4.40        Strandhoek\r\n"
    data = knmi([270] * 48)
    assert legend in data
    with closing(open_record(tmp_path)) as record:
        deliver(record, data.replace(legend, b""), "uurgeg_901.txt", now=NOW)
        with pytest.raises(GoedeBuurError, match="does not say where the station is") as caught:
            air_hours.hours(record, STATION, PERIOD, 0.1)
    assert caught.value.value == STATION
