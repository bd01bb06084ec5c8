"""The weather station that stands for a place."""

from __future__ import annotations

from math import nan

from goedebuur.services.nearest import nearest
from goedebuur.services.views import StationView


def place(name: str, latitude: float, longitude: float) -> StationView:
    return StationView(name, name, latitude, longitude, "", "", "", "", False, ())


HERE = place("here", 52.46, 4.60)


def test_nearest_station_is_taken() -> None:
    found = nearest(HERE, [place("far", 53, 6), place("near", 52.5, 4.6), place("away", 51, 4)])
    assert found is not None
    assert found.station.id == "near"


def test_station_without_a_place_is_never_nearest() -> None:
    assert nearest(HERE, [place("nowhere", nan, nan)]) is None
    assert nearest(place("nowhere", nan, 4), [HERE]) is None


def test_of_two_at_the_same_distance_the_first_name_is_taken() -> None:
    found = nearest(HERE, [place("b", 52.5, 4.6), place("a", 52.5, 4.6)])
    assert found is not None
    assert found.station.id == "a"
