"""What works reported, carried to a station, beside what it measured: a day of wind from there, and another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import polars as pl
import pytest
from tests.services.around_works import LATITUDE, LONGITUDE, PERIOD, made

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.quantities import MICRO
from goedebuur.services import dispersion_at_places, dispersion_weather, reported_beside_measured
from goedebuur.services.dispersion_sources import Tables
from goedebuur.services.dispersion_weather import Weather
from goedebuur.services.record import Record
from goedebuur.services.reported_beside_measured import STACKS, Beside

if TYPE_CHECKING:
    from goedebuur.services.views import StationView

MIDDLE = (LATITUDE, LONGITUDE)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = made(tmp_path_factory.mktemp("beside"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def weather(record: Record) -> Weather:
    return dispersion_weather.of_record(record, "KNMI901", PERIOD, 0.1)


@pytest.fixture(scope="module")
def beside(record: Record, weather: Weather) -> Beside:
    return reported_beside_measured.of_year(record, weather, "so2", 2019, MIDDLE, 5.0)


def test_station_has_what_was_measured_in_the_hours_that_count(beside: Beside, weather: Weather) -> None:
    (one,) = beside.stations
    west = weather.hours.filter(pl.col("start") < PERIOD.start.replace(day=2)).height
    assert one.hours == weather.hours.height
    assert one.measured == pytest.approx((20 * west + 5 * (one.hours - west)) / one.hours)
    assert one.nearest == pytest.approx(1.0, abs=0.01)


def test_computed_is_what_a_run_says_of_a_gram_a_second_a_kilometre_west(beside: Beside, weather: Weather) -> None:
    for name, (height, diameter, temperature, speed) in STACKS.items():
        stack = (
            f"id,x,y,emission,height,temperature,speed,diameter\nA,0,0,1,{height},{temperature},{speed},{diameter}\n"
        )
        found = dispersion_at_places.run(weather, (b"id,x,y\nhere,1000,0\n", "r"), tables=Tables((stack.encode(), "s")))
        assert beside.stations[0].computed[name] == pytest.approx(found.places[0].statistics["mean"], rel=0.02)


@pytest.mark.parametrize(("substance", "told"), [("nickel", 0.012), ("lead", 0.012), ("so2", 12.0)])
def test_what_is_kept_in_nanograms_is_told_in_micrograms(substance: str, told: float) -> None:
    """12 ng/m³ are 0.012 µg/m³; sulphur dioxide is kept in µg/m³."""
    start = datetime(2019, 6, 1, tzinfo=UTC)
    kept = {"series": f"NL1.{substance}.1h", "start": start, "micro": 12 * MICRO, "flags": 0}
    rows = pl.DataFrame([kept], schema_overrides={"start": pl.Datetime("us", "UTC")})
    record = cast("Record", SimpleNamespace(observations=SimpleNamespace(read=lambda **asked: rows)))
    station = cast("StationView", SimpleNamespace(id="NL1"))
    found = reported_beside_measured.measured_in(record, [station], substance, rows.select("start"), PERIOD, None)
    assert found["NL1"].tolist() == [pytest.approx(told)]


def test_more_is_measured_and_computed_when_the_wind_comes_from_the_works(beside: Beside) -> None:
    (one,) = beside.stations
    # all hours of the tenth have the wind from the works and 20 µg/m³; of the rest some have 20 and the others 5
    assert one.more is not None
    assert 7 < one.more < 15
    assert one.computed_more["middle"] > 0
    assert one.correlation is not None
    assert one.correlation > 0


def test_hours_and_works_are_told_with_it(beside: Beside, weather: Weather) -> None:
    assert [(one.name, one.kilograms) for one in beside.facilities] == [("Een Staal BV", 31_536.0)]
    assert (beside.hours, beside.left_out) == (weather.hours.height, weather.left_out)


def test_place_of_works_turns_the_answer_round(tmp_path: Path) -> None:
    with closing(made(tmp_path, kilometres=-1.0)) as record:
        weather = dispersion_weather.of_record(record, "KNMI901", PERIOD, 0.1)
        (one,) = reported_beside_measured.of_year(record, weather, "so2", 2019, MIDDLE, 5.0).stations
    assert one.more is not None
    assert one.more < 0


@pytest.mark.parametrize(
    ("substance", "year", "middle", "code"),
    [
        ("so2", 2018, MIDDLE, "query-no-report"),
        ("sox", 2019, MIDDLE, "query-no-substance"),
        ("so3", 2019, MIDDLE, "query-no-substance"),
        ("wind_speed", 2019, MIDDLE, "query-no-substance"),
        ("no2", 2019, MIDDLE, "query-no-report"),
        ("so2", 2019, (53.0, 6.0), "query-no-report"),
        ("so2", 2019, (LATITUDE, LONGITUDE - 0.1), "query-no-station"),
    ],
)
def test_without_a_report_or_a_station_there_is_nothing_to_set_beside(
    record: Record, weather: Weather, substance: str, year: int, middle: tuple[float, float], code: str
) -> None:
    within = 6.5
    with pytest.raises(GoedeBuurError) as caught:
        reported_beside_measured.of_year(record, weather, substance, year, middle, within)
    assert caught.value.code == code
    assert caught.value.hint
