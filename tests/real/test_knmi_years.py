"""Eleven years of hours at the coast and four inland: each that has weather gives a concentration, of every source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from goedebuur.core.base.periods import Period
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.services import dispersion_run, dispersion_weather, intake, showcase
from goedebuur.services.dispersion_sources import Field, Receptor, Source
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
NOW = datetime(2026, 2, 1, tzinfo=UTC)
STATIONS = {"KNMI225": ("KNMI240", 2011, 2022), "KNMI344": ("", 2021, 2025), "KNMI380": ("", 2021, 2025)}
"""Where the wind is measured → where the clouds are seen, if elsewhere; the first of the years, and the one after."""
FILES = (
    "knmi_uurgeg/knmi_STN_infor.csv",
    *(f"knmi_uurgeg/uurgeg_{one}_2011-2020.zip" for one in (225, 240)),
    *(f"knmi_uurgeg/uurgeg_{one}_2021-2030.zip" for one in (225, 240, 344, 380)),
)
SOURCES = [
    Source("high and hot", 0.0, 0.0, 50.0, Stack(height=120.0, diameter=5.0, temperature=420.0, speed=18.0)),
    Source("low and cold", 40.0, -30.0, 1.0, Stack(height=8.0, diameter=0.5, temperature=283.0, speed=3.0)),
    Source("heap", -60.0, 20.0, 2.0, Volume(height=4.0, wide=8.0, deep=3.0)),
]
FIELD = Field("basin", 3.0, Area(((-150.0, -150.0), (-90.0, -150.0), (-90.0, -80.0), (-150.0, -80.0)), 0.0, 1.0))
PLACES = [
    *(Receptor(f"ring {one}", 400 * np.sin(one), 400 * np.cos(one)) for one in range(4)),
    Receptor("in the basin", -120.0, -120.0),
    Receptor("far", 9000.0, 14_000.0),
]


@pytest.fixture(scope="module")
def record(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    if not all((data_folder / name).is_file() for name in FILES):
        pytest.skip("no eleven years of weather in the data folder")
    found = Record.open(tmp_path_factory.mktemp("years"), signer=Ed25519Signer("example.org/log", bytes(range(32))))
    files = intake.find_files([data_folder / name for name in FILES]).files
    shown = showcase.real(found, files, now=NOW, progress=lambda *_: None)
    assert [one.error for one in shown.outcomes] == [None] * len(FILES)
    yield found
    found.close()


@pytest.mark.parametrize("station", STATIONS)
def test_every_hour_with_weather_has_a_concentration_and_none_is_below_zero(record: Record, station: str) -> None:
    clouds, first, end = STATIONS[station]
    years = Period(datetime(first, 1, 1, tzinfo=UTC), datetime(end, 1, 1, tzinfo=UTC))
    weather = dispersion_weather.of_record(record, station, years, 0.1, clouds=clouds)
    counted, hours = weather.hours.height, (years.end - years.start) // timedelta(hours=1)
    assert counted + sum(weather.left_out.values()) == hours
    assert counted > 0.9 * hours
    told = dispersion_run.hourly(weather, SOURCES, PLACES, fields=[FIELD], receptor=1.5)
    assert told.shape == (counted, len(PLACES))
    assert np.isfinite(told).all()
    assert (told >= 0).all()
    # each place gets something in the course of the years
    assert (told.mean(axis=0) > 0).all()
