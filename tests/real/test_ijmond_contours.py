"""IJmond, 2019-2021: contours of what facilities reported, with three assumed stacks, and who lives in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from goedebuur.core.base.periods import Period
from goedebuur.services import (
    contours,
    dispersion_grids,
    dispersion_run,
    dispersion_weather,
    intake,
    inventory,
    population,
    reported_map,
    showcase,
)
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.dispersion_sources import Receptor
from goedebuur.services.dispersion_weather import Weather
from goedebuur.services.record import Record
from goedebuur.services.reported_beside_measured import STACKS, reporting, source
from goedebuur.services.reported_map import ReportedMap
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
NOW = datetime(2026, 2, 1, tzinfo=UTC)
FILES = (
    *("knmi_uurgeg/knmi_STN_infor.csv", "knmi_uurgeg/uurgeg_225_2011-2020.zip", "knmi_uurgeg/uurgeg_240_2011-2020.zip"),
    *("knmi_uurgeg/uurgeg_225_2021-2030.zip", "knmi_uurgeg/uurgeg_240_2021-2030.zip"),
    *("eprtr/air_data_Netherlands.csv.gz", "rivm_lml/2019_SO2.csv.gz"),
)
PEOPLE = "cbs_population/pc4_centroids_population.csv.gz"
MIDDLE, WITHIN = (52.47, 4.60), 15.0
YEARS = Period(datetime(2019, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC))
GRID = dispersion_grids.cartesian((0.0, 0.0), 10_000.0, 500.0)
LEVELS = [0.5, 1.0, 2.0, 5.0]


@pytest.fixture(scope="module")
def record(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    if not all((data_folder / name).is_file() for name in FILES):
        pytest.skip("no weather, releases and stations of 2019-2021 in the data folder")
    found = Record.open(tmp_path_factory.mktemp("ijmond"), signer=Ed25519Signer("example.org/log", bytes(range(32))))
    files = intake.find_files([data_folder / name for name in FILES]).files
    shown = showcase.real(found, files, now=NOW, progress=lambda *_: None)
    assert [one.error for one in shown.outcomes] == [None] * len(FILES)
    yield found
    found.close()


@pytest.fixture(scope="module")
def weather(record: Record) -> Weather:
    return dispersion_weather.of_record(record, "KNMI225", YEARS, 0.2, clouds="KNMI240", sea=(205.0, 25.0))


@pytest.fixture(scope="module")
def found(record: Record, weather: Weather) -> ReportedMap:
    return reported_map.of_year(record, weather, "so2", 2019, MIDDLE, WITHIN, GRID, ["mean"])


def test_three_years_of_hours_count_or_are_counted(found: ReportedMap) -> None:
    for one in found.maps.values():
        assert one.hours + sum(one.left_out.values()) == (3 * 365 + 1) * 24
        assert isinstance(one.layout, Grid)
        assert np.isfinite(one.values["mean"]).sum() + sum(one.places_left_out.values()) == 41 * 41


def test_contours_are_valid_lie_in_each_other_and_around_the_works(found: ReportedMap, record: Record) -> None:
    placed, _ = reporting(record, "so2", 2019, MIDDLE, WITHIN)
    works = max(placed, key=lambda one: source(one, "so2", 2019, found.plane).emission)
    assert works.name == "Tata Steel IJmuiden BV"
    here = shapely.Point(found.plane.placed(works.latitude, works.longitude))
    for one in found.maps.values():
        drawn = contours.of(one.layout, one.values["mean"], LEVELS)
        assert all(each.geometry.is_valid for each in drawn)
        for outer, inner in pairwise(drawn):
            assert inner.geometry.difference(outer.geometry).area == pytest.approx(0, abs=1.0)
        # of no stack the most falls farther than thirty times its height, and none is higher than 100 m
        highest = GRID.places[int(np.nanargmax(one.values["mean"]))]
        assert here.distance(shapely.Point(highest.x, highest.y)) < 3000
        assert drawn[0].geometry.distance(here) < 500


def test_lower_stack_reaches_farther(found: ReportedMap) -> None:
    areas = {name: contours.of(one.layout, one.values["mean"], [1.0])[0].area for name, one in found.maps.items()}
    assert areas["high"] < areas["middle"] < areas["low"]


def test_stations_lie_in_the_contours_of_their_own_value(found: ReportedMap, record: Record, weather: Weather) -> None:
    placed, _ = reporting(record, "so2", 2019, MIDDLE, WITHIN)
    sources = [source(one, "so2", 2019, found.plane) for one in placed]
    stations = [
        Receptor(one.id, *found.plane.placed(one.latitude, one.longitude)) for one in inventory.stations(record)
    ]
    near = [one for one in stations if max(abs(one.x), abs(one.y)) < 10_000]
    assert len(near) >= 4
    told = dispersion_run.hourly(weather, sources, near).mean(axis=0)
    one = found.maps["middle"]
    drawn = contours.of(one.layout, one.values["mean"], LEVELS)
    seen = 0
    for station, value in zip(near, told, strict=True):
        for contour in drawn:
            # between places 500 m apart the map is straight and the air is not: too close to a level nothing is said
            if abs(value - contour.level) > 0.2 * contour.level:
                assert contour.geometry.contains(shapely.Point(station.x, station.y)) == (value > contour.level)
                seen += 1
    assert seen > len(near)


def test_geojson_names_each_stack_as_an_assumption(found: ReportedMap) -> None:
    told = reported_map.drawn(found, "mean", LEVELS)["features"]
    assert len(told) == len(STACKS) * len(LEVELS)
    for feature in told:
        assert feature["properties"]["assumed"].startswith("one stack a facility")
        if feature["geometry"] is not None:
            shape = shapely.geometry.shape(feature["geometry"])
            assert shape.is_valid
            west, south, east, north = shape.bounds
            assert 4.4 < west <= east < 4.8
            assert 52.37 < south <= north < 52.57


def test_people_above_a_level_are_those_in_its_contour(found: ReportedMap, data_folder: Path) -> None:
    data = (data_folder / PEOPLE).read_bytes()
    centroids = population.read_centroids(data, PEOPLE, date(2021, 1, 1))
    one = found.maps["middle"]
    told = population.by_class(one.layout, one.values["mean"], LEVELS, centroids, found.plane)
    everyone = sum(those.people for those in (*told.classes, told.outside, told.unknown, told.nowhere))
    assert everyone == centroids.people
    for number, contour in enumerate(contours.of(one.layout, one.values["mean"], LEVELS)):
        shapely.prepare(contour.geometry)
        inside = sum(
            area.people or 0
            for area in centroids.areas
            if contour.geometry.contains(shapely.Point(found.plane.placed(area.latitude, area.longitude)))
        )
        # inside a cell the line of a contour is straight, and the value between four corners is not quite
        assert sum(those.people for those in told.classes[number + 1 :]) == pytest.approx(inside, rel=0.05)
        assert inside > 0
