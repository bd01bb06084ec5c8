"""People by class of a concentration: nine places in a row, values that go up by one a kilometre."""

from __future__ import annotations

import gzip
from datetime import date

import numpy as np
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import planes
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.population import Area, Centroids, Exposed, by_class, read_centroids

NEW_YEAR = date(2021, 1, 1)
PLANE = planes.around(52.155, 5.387)
GRID = Grid("g", (0.0, 1000.0, 2000.0, 3000.0), (-1000.0, 0.0, 1000.0))
EAST = np.array([x / 1000 for _ in GRID.y for x in GRID.x])
TABLE = b'"postcode","inwoners","km2","rd_x","rd_y","lon","lat"\n1011,9630,0.97,122197,487227,4.90553,52.37194\n'
AGES = b"postcode,leeftijd,inwoners\n10.0,0-4,39925.0\n1011.0,0-4,275.0\n1011.0,5-9,210.0\n1012.0,0-4,7\n"


def at(*places: tuple[float, float, int | None]) -> Centroids:
    """Areas at metres east and north, with their people."""
    found = [
        Area(str(number), *PLANE.degrees(x, y), people, {} if people is None else {"0-4": people // 10})
        for number, (x, y, people) in enumerate(places)
    ]
    return Centroids(tuple(found), NEW_YEAR, "made", "")


HERE = at((500, 0, 100), (1500, 300, 20), (2500, -900, 3), (2500, 900, 4), (5000, 0, 1000), (1600, 0, None))


def test_area_without_a_place_is_nowhere() -> None:
    table = TABLE.replace(b"4.90553,52.37194", b"NA,")
    centroids = read_centroids(table, "pc4.csv", NEW_YEAR)
    found = by_class(GRID, EAST, [1.0], centroids, PLANE)
    assert (found.nowhere.people, found.nowhere.areas, found.outside.areas, found.unknown.areas) == (9630, 1, 0, 0)


def people(found: Exposed) -> list[int]:
    return [one.people for one in found.classes]


def test_people_are_in_the_class_of_the_value_at_their_place() -> None:
    for places in (GRID, GRID.places):
        found = by_class(places, EAST, [1.0, 2.0], HERE, PLANE)
        assert [(one.low, one.high) for one in found.classes] == [(None, 1.0), (1.0, 2.0), (2.0, None)]
        assert people(found) == [100, 20, 7]
        assert [(one.areas, one.not_told) for one in found.classes] == [(1, 0), (2, 1), (2, 0)]
        assert [one.ages for one in found.classes] == [{"0-4": 10}, {"0-4": 2}, {"0-4": 0}]
        assert (found.outside.people, found.outside.areas) == (1000, 1)
        assert found.unknown.areas == 0
        assert (found.counted_on, found.source) == (NEW_YEAR, "made")


def test_place_without_a_value_is_not_the_lowest_class() -> None:
    values = EAST.copy()
    values[0] = np.nan  # the south-west corner, of the cell up to 1 km east and 0 km north
    for places in (GRID, GRID.places):
        found = by_class(places, values, [1.0], at((400, -600, 5), (500, 500, 7)), PLANE)
        assert people(found) == [7, 0]
        assert (found.unknown.people, found.unknown.areas, found.outside.areas) == (5, 1, 0)


def test_value_that_is_a_level_is_not_above_it() -> None:
    found = by_class(GRID, np.ones(12), [1.0], at((500, 0, 5)), PLANE)
    assert people(found) == [5, 0]


def test_levels_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        by_class(GRID, EAST, [2.0, 1.0], HERE, PLANE)
    assert caught.value.code == "query-levels"


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_table_of_areas_is_read_packed_or_not(pack: type[bytes]) -> None:
    found = read_centroids(pack(TABLE), "pc4.csv", NEW_YEAR, (pack(AGES), "ages.csv"))
    assert found.areas == (Area("1011", 52.37194, 4.90553, 9630, {"0-4": 275, "5-9": 210}),)
    assert (found.people, found.source, found.counted_on) == (9630, "pc4.csv", NEW_YEAR)


@pytest.mark.parametrize("cell", [b"NA", b"-99997", b"-99995", b""])
def test_people_that_are_not_told_are_unknown(cell: bytes) -> None:
    (area,) = read_centroids(TABLE.replace(b"9630", cell), "pc4.csv", NEW_YEAR).areas
    assert area.people is None


@pytest.mark.parametrize(
    ("old", "new", "code", "value"),
    [
        (b"9630", b"-5", "input-number", "-5"),
        (b"9630", b"9630.5", "input-number", "9630.5"),
        (b"9630", b"many", "input-number", "many"),
        (b"52.37194", b"487227", "input-number", "487227"),
        (b"\n1011", b"\n", "input-number", ""),
        (b"inwoners", b"people", "input-missing-column", "inwoners"),
        (b",4.90553,52.37194", b"", "input-truncated", "5 of 7"),
        (TABLE[53:], TABLE[53:] * 2, "input-duplicate", "1011"),
        (TABLE[53:], b"", "input-empty", ""),
        (b"9630", b'"' + b"9\n" * 70_000, "input-not-this-format", "field larger than field limit (131072)"),
    ],
)
def test_table_that_cannot_be_is_refused_with_what_and_where(old: bytes, new: bytes, code: str, value: str) -> None:
    assert old in TABLE
    with pytest.raises(GoedeBuurError) as caught:
        read_centroids(TABLE.replace(old, new), "pc4.csv", NEW_YEAR)
    assert (caught.value.code, caught.value.value) == (code, value)
    assert "pc4.csv" in caught.value.place
    assert caught.value.hint


def test_ages_that_come_twice_are_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        read_centroids(TABLE, "pc4.csv", NEW_YEAR, (AGES + b"1011.0,0-4,275.0\n", "ages.csv"))
    assert (caught.value.code, caught.value.place) == ("input-duplicate", "ages.csv, line 6, column postcode")
