"""The real release register as sites, counted beside a reading of the file with the csv module alone."""

from __future__ import annotations

import csv
import gzip
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record

from goedebuur.core.sites.records import Site
from goedebuur.rules import activities
from goedebuur.services import delivery, site_decisions, site_import, site_views, sites
from goedebuur.services.record import Record

pytestmark = pytest.mark.real
FILE = "eprtr/air_data_Netherlands.csv.gz"
PLAINLY_ONE = [
    # read by eye in the file: same name, same coordinates, the second number begins where the first ends
    ("NL.EEA/212857.FACILITY", "NL.RIVM/000203228.FACILITY"),  # Nuon Power Generation (Eemshaven), 2013-16 and 2017-20
    ("NL.EEA/299011.FACILITY", "NL.RIVM/000115049.FACILITY"),  # Holonite (Tholen)
    ("NL.EEA/37465.FACILITY", "NL.RIVM/000064718.FACILITY"),  # Rodruza steenfabriek de Zandberg
    ("NL.EEA/78342.FACILITY", "NL.RIVM/000115085.FACILITY"),  # Enecal Energy
    ("NL.EEA/9295.FACILITY", "NL.RIVM/000004001.FACILITY"),  # Clauscentrale, later RWE Generation NL (Maasbracht)
    ("NL.EEA/6322.FACILITY", "NL.RIVM/000204851.FACILITY"),  # Air Products (Pernis), 3.6 km apart under two town names
]
PLAINLY_TWO = [
    ("NL.RIVM/000044004.FACILITY", "NL.RIVM/000049006.FACILITY"),  # RWE in Geertruidenberg and in Moerdijk
    ("NL.RIVM/000010004.FACILITY", "NL.RIVM/000115036.FACILITY"),  # Lyondell in Botlek and on the Maasvlakte
    ("NL.RIVM/000200389.FACILITY", "NL.RIVM/000202194.FACILITY"),  # Ardagh in Hoogeveen and in Deventer
]


@pytest.fixture(scope="module")
def rows(data_folder: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**9)
    with gzip.open(data_folder / FILE, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def record(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = open_record(tmp_path_factory.mktemp("record"))
    delivery.deliver_files(found, [data_folder / FILE], now=NOW)
    yield found
    found.close()


def metres(a: tuple[str, str], b: tuple[str, str]) -> float:
    """By the spherical law of cosines in three dimensions: another formula than the program's."""
    (p, q), (r, s) = ((math.radians(float(x)), math.radians(float(y))) for x, y in (a, b))
    one = (math.cos(p) * math.cos(q), math.cos(p) * math.sin(q), math.sin(p))
    other = (math.cos(r) * math.cos(s), math.cos(r) * math.sin(s), math.sin(r))
    return 2 * 6_371_000 * math.asin(math.dist(one, other) / 2)


def test_every_dutch_facility_is_a_site(record: Record, rows: list[dict[str, str]]) -> None:
    wanted = {row["FacilityInspireID"].strip() for row in rows if row["Emissions"].strip()}
    assert len(wanted) == 710
    done = site_import.import_sites(record, NOW)
    assert (done.facilities, dict(done.unread)) == (710, {})
    assert set(sites.every(record, Site)) == wanted
    assert set(site_views.every(record)) == wanted
    assert not any(one.operators or one.municipalities for one in sites.every(record, Site).values())


def test_facilities_that_moved_are_those_that_the_file_has(record: Record, rows: list[dict[str, str]]) -> None:
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        places[row["FacilityInspireID"]].add((row["Latitude"], row["Longitude"]))
    furthest = {name: max(metres(a, b) for a in found for b in found) for name, found in places.items()}
    moved = {one.move.facility: 1000 * one.move.distance for one in site_decisions.moved(record)}
    assert sum(far > 100 for far in furthest.values()) == 92
    assert {name for name, far in furthest.items() if far > 100} <= set(moved)
    for name in ("NL.RIVM/000021529.FACILITY", "NL.RIVM/000000062.FACILITY", "NL.RIVM/000023301.FACILITY"):
        assert moved[name] == pytest.approx(furthest[name], rel=0.1)  # between groups of places within 50 m


def test_the_steel_works_of_which_the_coordinates_went_and_came_back_are_doubted_in_those_years(record: Record) -> None:
    (found,) = [one.move for one in site_decisions.moved(record) if one.move.facility == "NL.RIVM/000023301.FACILITY"]
    doubted = [(one.years, one.doubts) for one in found.positions if one.doubts]
    assert doubted == [((2016,), ("came_back",)), ((2017,), ("came_back",))]


def test_facilities_that_moved_as_the_datums_lie_apart_are_those_of_proj(
    record: Record, rows: list[dict[str, str]]
) -> None:
    from pyproj import Transformer

    shift = Transformer.from_crs("EPSG:4289", "EPSG:4326")  # Amersfoort to WGS84, latitude first
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        places[row["FacilityInspireID"]].add((row["Latitude"], row["Longitude"]))

    def off(a: tuple[str, str], b: tuple[str, str]) -> float:
        latitude, longitude = shift.transform(float(a[0]), float(a[1]))
        return metres((str(latitude), str(longitude)), b)

    fit = {name: min(off(a, b) for a in found for b in found) for name, found in places.items() if len(found) > 1}
    told = {
        one.move.facility
        for one in site_decisions.moved(record)
        if any("datum" in position.doubts for position in one.move.positions)
    }
    assert len(told) == 40
    # the program asks for 15 m, by a series that lies within a metre of PROJ
    assert {name for name, far in fit.items() if far < 14} <= told <= {name for name, far in fit.items() if far < 16}


def test_pairs_that_are_plainly_one_are_asked_about_and_those_plainly_two_are_not(record: Record) -> None:
    asked = {frozenset((pair.likeness.first, pair.likeness.second)) for pair in site_decisions.pairs(record)}
    assert [pair for pair in PLAINLY_ONE if frozenset(pair) not in asked] == []
    assert [pair for pair in PLAINLY_TWO if frozenset(pair) in asked] == []


def test_names_that_are_the_same_at_one_place_come_first(record: Record, rows: list[dict[str, str]]) -> None:
    last = {row["FacilityInspireID"]: row for row in sorted(rows, key=lambda row: row["Year"])}
    years: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        years[row["FacilityInspireID"]].add(row["Year"])
    same = {
        frozenset((a, b))
        for a in last
        for b in last
        if a < b
        and last[a]["facilityName"].strip() == last[b]["facilityName"].strip()
        and metres(*((last[n]["Latitude"], last[n]["Longitude"]) for n in (a, b))) < 40
        and not years[a] & years[b]
    }
    first = [frozenset((p.likeness.first, p.likeness.second)) for p in site_decisions.pairs(record)][: len(same)]
    assert len(same) == 8
    assert set(first) == same


def test_every_activity_in_the_file_is_in_the_table(rows: list[dict[str, str]], data_folder: Path) -> None:
    known = {one.code for one in activities.activities().values() if one.list == "eprtr"}
    assert {row["EPRTRAnnexIMainActivityCode"] for row in rows} <= known
    with (data_folder / "eprtr" / "code_lists" / "lov_annexiactivity.csv").open(encoding="utf-8", newline="") as text:
        listed = {row["Code"].replace(".", "") for row in csv.DictReader(text)}
    assert {code for code in listed if "(" in code and "EPER" not in code} == known
