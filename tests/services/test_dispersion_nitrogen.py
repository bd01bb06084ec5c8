"""NO2 of a run: as far as the ozone of a station goes, and only in hours in which there is some."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from tests.adapters.test_aermet import NIGHT, surface
from tests.services.around_works import PERIOD, knmi
from tests.services.deliveries import NOW, open_record, station_file
from tests.services.test_dispersion_run import RECEPTORS, SOURCES

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_at_places, dispersion_nitrogen, dispersion_run, dispersion_weather
from goedebuur.services.delivery import deliver
from goedebuur.services.dispersion_nitrogen import NO_OZONE
from goedebuur.services.dispersion_sources import Tables, of_receptors
from goedebuur.services.dispersion_weather import Weather, of_aermet
from goedebuur.services.record import Record

TABLES = Tables((SOURCES.replace(b",2,60", b",2000,60"), "s.csv"))
OZONE = ["-1", "2", "60", ""]
"""By hour in turn; below zero is none, and of an empty one nothing is known. [µg/m³]"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with closing(open_record(tmp_path_factory.mktemp("ozone"))) as record:
        deliver(record, knmi([360] * 48), "uurgeg_901.txt", now=NOW)
        deliver(record, station_file({"NL90001": OZONE * 12}, "20190601", "O3"), "2019_O3.csv", now=NOW)
        yield record


@pytest.fixture(scope="module")
def weather(record: Record) -> Weather:
    return dispersion_weather.of_record(record, "KNMI901", PERIOD, 0.1)


def test_nitric_oxide_turns_as_far_as_there_is_ozone(record: Record, weather: Weather) -> None:
    used, ozone = dispersion_nitrogen.with_ozone(record, weather, "NL90001", 0.1)
    assert set(ozone.values.tolist()) == {0.0, 2.0, 60.0}
    assert used.left_out[NO_OZONE] == weather.hours.height - used.hours.height > 0
    sources, fields = TABLES.read()
    oxides = dispersion_run.hourly(used, sources, of_receptors(RECEPTORS, "r.csv", sources, fields))
    # by hand: a tenth leaves as NO2, 46 g of NO2 for each 48 g of ozone, no more than 0.9 of all
    room = ozone.values[:, None] * 46 / 48
    wanted = np.minimum(0.1 * oxides + np.minimum(0.9 * oxides, room), 0.9 * oxides)
    found = dispersion_at_places.run(used, (RECEPTORS, "r.csv"), tables=TABLES, ozone=ozone)
    assert [one.statistics["mean"] for one in found.places] == pytest.approx(wanted.mean(axis=0))
    assert (wanted[ozone.values == 0] == 0.1 * oxides[ozone.values == 0]).all()
    assert (0.9 * oxides > room).any()


@pytest.mark.parametrize(
    ("station", "part", "code"),
    [("NL90001", 1.1, "query-no2-part"), ("NL9", 0.1, "query-unknown-station"), ("KNMI901", 0.1, "input-empty")],
)
def test_ozone_that_cannot_be_is_refused(
    record: Record, weather: Weather, station: str, part: float, code: str
) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_nitrogen.with_ozone(record, weather, station, part)
    assert caught.value.code == code


def test_hours_without_a_zone_do_not_go_with_ozone(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_nitrogen.with_ozone(record, of_aermet(surface(NIGHT), "a.sfc"), "NL90001", 0.1)
    assert caught.value.code == "query-ozone-clock"
