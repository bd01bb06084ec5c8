"""Places as people deliver them: in degrees, in RD New, on the plane of the run, and areas on a map."""

from __future__ import annotations

import json
from typing import Any

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import planes
from goedebuur.services.dispersion_places import read_places
from goedebuur.services.dispersion_sources import Receptor

AMERSFOORT = planes.around(52.155172, 5.387206)
"""The middle of RD New: 155 000, 463 000 (Kadaster)."""
SQUARE = [[5.38, 52.15], [5.39, 52.15], [5.39, 52.16], [5.38, 52.16], [5.38, 52.15]]


def features(*geometries: Any, **more: Any) -> bytes:
    ones = [{"type": "Feature", "geometry": one, "properties": {"naam": f"a{n}"}} for n, one in enumerate(geometries)]
    return json.dumps({"type": "FeatureCollection", "features": [one | more for one in ones]}).encode()


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    "table",
    [
        b"id,latitude,longitude\nkei,52.155172,5.387206\n",
        b'"id","lon","lat"\nkei,5.387206,52.155172\n',
        b"rd_y,rd_x,id\n463000,155000,kei\n",
        b"id,x,y\nkei,0,0\n",
    ],
)
def test_table_says_where_a_place_is_in_degrees_in_rd_or_on_the_plane(table: bytes) -> None:
    (one,) = read_places(table, "p.csv", AMERSFOORT)
    assert one.id == "kei"
    assert (one.x, one.y) == pytest.approx((0.0, 0.0), abs=1.0)
    if b"x,y" not in table:
        (other,) = read_places(table, "p.csv", planes.RD)
        assert (other.x, other.y) == pytest.approx((155_000.0, 463_000.0), abs=1.0)


def test_area_has_a_point_inside_it() -> None:
    # a horseshoe, of which the middle lies outside: its legs are 0.002° wide
    shoe = [[5.38, 52.15], [5.40, 52.15], [5.40, 52.16], [5.398, 52.16], [5.398, 52.152], [5.382, 52.152]]
    shoe += [[5.382, 52.16], [5.38, 52.16], [5.38, 52.15]]
    (one,) = read_places(features(polygon(shoe)), "a.json", AMERSFOORT)
    latitude, longitude = AMERSFOORT.degrees(one.x, one.y)
    assert latitude < 52.152 or not 5.382 < longitude < 5.398
    assert 52.15 < latitude < 52.16
    assert 5.38 < longitude < 5.40


def test_points_and_parts_and_an_outline_that_crosses_itself_are_places_too() -> None:
    bow = [[5.38, 52.15], [5.39, 52.16], [5.39, 52.15], [5.38, 52.16], [5.38, 52.15]]
    data = features(
        {"type": "Point", "coordinates": [5.387206, 52.155172]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        polygon(bow),
    )
    found = read_places(data, "a.json", AMERSFOORT)
    assert [one.id for one in found] == ["a0", "a1", "a2"]
    assert (found[0].x, found[0].y) == pytest.approx((0.0, 0.0), abs=0.01)


def test_names_are_those_of_the_features_and_else_their_number() -> None:
    assert read_places(features(polygon(SQUARE), id=7), "a", AMERSFOORT)[0].id == "7"
    assert read_places(features(polygon(SQUARE), properties={"postcode": 1951.0}), "a", AMERSFOORT)[0].id == "1951"
    assert read_places(features(polygon(SQUARE), properties=None), "a", AMERSFOORT)[0].id == "1"


def test_places_on_rd_come_back_as_they_were() -> None:
    assert read_places(b"id,x,y\na,101000,497000\n", "p", planes.RD) == [Receptor("a", 101_000.0, 497_000.0)]


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"id,x\na,1\n", "input-missing-column", "p, line 1"),
        (b"id,latitude,longitude\na,5.3,52.1\nb,95,5\n", "input-number", "p, line 3, column latitude"),
        (b"id,rd_x,rd_y\na,5,52\n", "input-number", "p, line 2, column rd_y"),
        (b"id,x,y\na,1,1\na,2,2\n", "input-duplicate", "p, line 3, column id"),
        (b"id,x,y\n", "input-empty", "p"),
        (b"{}", "input-not-this-format", "p"),
        (b'{"features": 3}', "input-not-this-format", "p"),
        (b'{"features": ', "input-not-this-format", "p"),
        (b'{"features": []}', "input-empty", "p"),
        (b'{"features": [3]}', "input-not-this-format", "p, feature 1"),
        (features(None), "input-not-this-format", "p, feature 1"),
        (features({"type": "LineString", "coordinates": SQUARE}), "input-not-this-format", "p, feature 1"),
        (features(polygon(SQUARE), polygon(SQUARE[:2])), "input-not-this-format", "p, feature 2"),
        (
            features(polygon([[101e3, 497e3], [102e3, 497e3], [102e3, 498e3], [101e3, 497e3]])),
            "input-number",
            "p, feature 1",
        ),
        (features(polygon(SQUARE), polygon(SQUARE), id="x"), "input-duplicate", "p, feature 2"),
    ],
)
def test_what_is_no_place_is_refused_with_where(data: bytes, code: str, place: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        read_places(data, "p", AMERSFOORT)
    assert (caught.value.code, caught.value.place) == (code, place)
    assert caught.value.hint
