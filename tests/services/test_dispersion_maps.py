"""What sources add over a grid is what a run says at its places, on whichever plane these are."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians, sin

import numpy as np
import pytest
from tests.adapters.test_aermet import CALM, DAY, NIGHT, surface
from tests.services.test_dispersion_run import SOURCES

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.services import dispersion_at_places, dispersion_maps, planes
from goedebuur.services.dispersion_grids import NEAR, Grid, cartesian
from goedebuur.services.dispersion_sources import Field, Receptor, Source, Tables
from goedebuur.services.dispersion_weather import Weather, of_aermet

HERE = planes.around(52.47, 4.60)
GRID = cartesian((0.0, 0.0), 2000.0, 1000.0)


@pytest.fixture(scope="module")
def weather() -> Weather:
    return of_aermet(surface(DAY, NIGHT, CALM), "a.sfc")


def test_map_has_the_mean_and_percentiles_of_a_run(weather: Weather, monkeypatch: pytest.MonkeyPatch) -> None:
    # three places at once, of 24
    monkeypatch.setattr(dispersion_maps, "IN_MEMORY", 6)
    tables, told = Tables(stacks=(SOURCES, "s.csv")), []
    stacks, fields = tables.read()
    steps = []
    found = dispersion_maps.of_sources(
        weather, stacks, fields, GRID, HERE, ["mean", "highest"], lambda *done: steps.append(done)
    )
    assert (found.hours, found.left_out) == (2, {"calm": 1, "missing": 0})
    assert found.places_left_out == {NEAR: 1}
    assert np.isnan(found.values["mean"][12])
    table = "id,x,y\n" + "".join(f"{one.id},{one.x},{one.y}\n" for one in GRID.places if one.x or one.y)
    told = dispersion_at_places.run(weather, (table.encode(), "r.csv"), tables=tables).places
    for name, number in {one.id: number for number, one in enumerate(GRID.places)}.items():
        for one in told:
            if one.id == name:
                assert found.values["mean"][number] == pytest.approx(one.statistics["mean"])
                assert found.values["highest"][number] == pytest.approx(one.statistics["highest"])
    assert steps[-1] == (8, 8)
    assert isinstance(found.layout, Grid)
    assert list(found.places) == GRID.places


def test_on_rd_the_wind_goes_by_true_north(weather: Weather) -> None:
    # at IJmuiden the north of RD New lies (4.60° − 5.387°) · sin 52.156° = −0.62° from that of the wind
    turn = radians((4.60 - 5.387206) * sin(radians(52.156)))
    x, y = planes.RD.placed(52.47, 4.60)
    stack = Stack(60.0, 2.5, 400.0, 12.0)
    here, there = Source("A", 0.0, 0.0, 2.0, stack), Source("A", x, y, 2.0, stack)
    grid = cartesian((x, y), 2000.0, 1000.0)
    found = dispersion_maps.of_sources(weather, [there], [], grid, planes.RD, ["mean"])
    # true east and north of each place: those of RD turned by the angle between the two norths
    turned = []
    for one in grid.places:
        east, north = one.x - x, one.y - y
        turned.append(Receptor(one.id, east * cos(turn) + north * sin(turn), north * cos(turn) - east * sin(turn)))
    same = dispersion_maps.of_sources(weather, [here], [], turned, HERE, ["mean"]).values["mean"]
    straight = [replace(one, x=one.x - x, y=one.y - y) for one in grid.places]
    other = dispersion_maps.of_sources(weather, [here], [], straight, HERE, ["mean"]).values["mean"]
    there_is = np.nan_to_num(same) > 1e-3 * np.nanmax(same)
    assert found.values["mean"][there_is] == pytest.approx(same[there_is], rel=0.02)
    assert np.nanmax(abs(found.values["mean"] / other - 1)[there_is]) > 0.02


def test_area_source_is_moved_with_its_corners(weather: Weather) -> None:
    x, y = planes.RD.placed(52.47, 4.60)
    corners = ((0.0, 0.0), (400.0, 0.0), (400.0, 400.0), (0.0, 400.0))
    here = Field("F", 1.0, Area(corners, 1.0, 1.0))
    there = Field("F", 1.0, Area(tuple((x + a, y + b) for a, b in corners), 1.0, 1.0))
    assert dispersion_maps.middle_of([], [there]) == (x + 200, y + 200)
    places = [Receptor("in", 200.0, 200.0)]
    near = dispersion_maps.of_sources(weather, [], [here], places, HERE, ["mean"])
    rd = [replace(one, x=one.x + x, y=one.y + y) for one in places]
    moved = dispersion_maps.of_sources(weather, [], [there], rd, planes.RD, ["mean"])
    assert moved.values["mean"] == pytest.approx(near.values["mean"], rel=0.02)


def test_nothing_to_reckon_is_said(weather: Weather) -> None:
    stack = Source("A", 0.0, 0.0, 2.0, Stack(60.0, 2.5, 400.0, 12.0))
    for sources, places, said in (
        ([], [Receptor("a", 5.0, 5.0)], ""),
        ([stack], [Receptor("a", 60_000.0, 0.0), Receptor("b", 0.0, 0.0)], "1 too near to a source, 1 more than 50 km"),
    ):
        with pytest.raises(GoedeBuurError) as caught:
            dispersion_maps.of_sources(weather, sources, [], places, HERE, ["mean"])
        assert caught.value.code == "input-empty"
        assert said in caught.value.value


def test_statistic_that_is_none_is_refused(weather: Weather) -> None:
    stack = Source("A", 0.0, 0.0, 2.0, Stack(60.0, 2.5, 400.0, 12.0))
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_maps.of_sources(weather, [stack], [], GRID, HERE, ["average"])
    assert caught.value.code == "query-unknown-statistic"
