"""IJmond, 2019: what works reported to emit, carried to the stations around, beside what those measured."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from goedebuur.services import dispersion_weather, intake, reported_beside_measured, showcase
from goedebuur.services.dispersion_weather import ONSHORE, Weather
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
NOW = datetime(2026, 2, 1, tzinfo=UTC)
FILES = (
    *("knmi_uurgeg/knmi_STN_infor.csv", "knmi_uurgeg/uurgeg_225_2011-2020.zip", "knmi_uurgeg/uurgeg_240_2011-2020.zip"),
    *("eprtr/air_data_Netherlands.csv.gz", "rivm_lml/2019_SO2.csv.gz", "rivm_lml/2019_PM10.csv.gz"),
)
MIDDLE, WITHIN = (52.47, 4.60), 15.0
NEAR = ("NL49551", "NL49553")
"""Stations within two kilometres of the steel works that measure sulphur dioxide."""


@pytest.fixture(scope="module")
def record(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    if not all((data_folder / name).is_file() for name in FILES):
        pytest.skip("no weather, releases and stations of 2019 in the data folder")
    found = Record.open(tmp_path_factory.mktemp("ijmond"), signer=Ed25519Signer("example.org/log", bytes(range(32))))
    files = intake.find_files([data_folder / name for name in FILES]).files
    shown = showcase.real(found, files, now=NOW, progress=lambda *_: None)
    assert [one.error for one in shown.outcomes] == [None] * len(FILES)
    yield found
    found.close()


@pytest.fixture(scope="module")
def weather(record: Record) -> Weather:
    period = reported_beside_measured.year_of(2019)
    return dispersion_weather.of_record(record, "KNMI225", period, 0.2, clouds="KNMI240", sea=(205.0, 25.0))


def test_every_hour_of_the_year_counts_or_is_counted(weather: Weather) -> None:
    assert weather.hours.height + sum(weather.left_out.values()) == 8760
    assert weather.hours.height > 8400
    assert 0 < weather.doubtful[ONSHORE] < 4380


def test_reported_sulphur_dioxide_explains_what_is_measured_close_by_within_a_factor_of_two(
    record: Record, weather: Weather
) -> None:
    began = time.process_time()
    found = reported_beside_measured.of_year(record, weather, "so2", 2019, MIDDLE, WITHIN)
    # a year, three assumed stacks, at the stations: well within the minute that a person waits
    assert time.process_time() - began < 60
    told = {one.id: one for one in found.stations}
    assert {one.name for one in found.facilities} >= {"Tata Steel IJmuiden BV"}
    for name in NEAR:
        one = told[name]
        assert 0.5 <= one.computed["middle"] / one.measured <= 2
        assert one.computed["high"] < one.computed["middle"] < one.computed["low"]
        # where the model says that the plume is at the station, far more is measured there
        assert one.more is not None
        assert one.more > one.measured
        assert one.correlation is not None
        assert one.correlation > 0.4


def test_far_from_the_works_the_plume_is_not_what_is_measured(record: Record, weather: Weather) -> None:
    found = reported_beside_measured.of_year(record, weather, "pm10", 2019, MIDDLE, WITHIN)
    far = [one for one in found.stations if one.nearest > 5]
    assert far
    for one in far:
        assert one.computed["low"] < 0.05 * one.measured
