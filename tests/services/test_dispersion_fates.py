"""What becomes of a substance, from tables: what comes down is that of the core, and lacking weather is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from tests.adapters.test_aermet import DAY, NIGHT, surface
from tests.services.around_works import PERIOD, knmi
from tests.services.deliveries import NOW, open_record
from tests.services.test_dispersion_run import HALL, RECEPTORS, SOURCES

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.dispersion import fates, plume
from goedebuur.core.dispersion.deposition import Cover
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.core.dispersion.substances import decay_of
from goedebuur.services import dispersion_at_places, dispersion_fates, dispersion_surface, dispersion_weather
from goedebuur.services.delivery import deliver
from goedebuur.services.dispersion_at_places import Run
from goedebuur.services.dispersion_fates import NO_RAIN, Fate
from goedebuur.services.dispersion_sources import Tables
from goedebuur.services.dispersion_weather import Weather, of_aermet
from goedebuur.services.record import Record

SIZES = b"diameter,fraction,density\n2,0.3,1\n20,0.7,2.5\n"
BENZENE = b"in_air,in_water,cuticle,henry,reactivity\n0.08962,0.0000104,25100,557,0\n"
FOREST = Cover((4,) * 36, (4, 4, 4, 5, 1, 1, 1, 1, 1, 2, 3, 3))
STACKS = Tables((SOURCES, "s.csv"))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with closing(open_record(tmp_path_factory.mktemp("fates"))) as record:
        deliver(record, wet(knmi([270] * 48)), "uurgeg_901.txt", now=NOW)
        yield record


@pytest.fixture(scope="module")
def weather(record: Record) -> Weather:
    return dispersion_weather.of_record(record, "KNMI901", PERIOD, 0.1, falling=True)


def wet(data: bytes) -> bytes:
    """Return the same hours with rain, pressure and humidity: none, a trace, then two millimetres, in turn."""
    head, _, rest = data.decode().partition(",    N\r\n")
    lines = rest.strip("\r\n").split("\r\n")
    told = [f"{line},{(0, -1, 20)[number % 3]:5d}, 10132,   70" for number, line in enumerate(lines)]
    return "\r\n".join([f"{head},    N,   RH,    P,    U", *told, ""]).encode()


def ran(weather: Weather, fate: Fate, tables: Tables = STACKS, places: bytes = RECEPTORS) -> Run:
    return dispersion_at_places.run(weather, (places, "r.csv"), tables=tables, fate=fate)


def test_half_is_left_where_the_way_takes_a_half_life() -> None:
    weather = of_aermet(surface(NIGHT), "a.sfc")
    kept, halved = (ran(weather, Fate(decay=rate)) for rate in (0.0, decay_of(600.0)))
    near, far = (
        one.statistics["mean"] / other.statistics["mean"] for one, other in zip(halved.places, kept.places, strict=True)
    )
    assert 0 < far < near < 1
    assert kept.places[0].dry is None


def test_particles_of_the_record_come_down_as_the_core_has_it(weather: Weather) -> None:
    fate = Fate(dispersion_fates.particles(SIZES, "p.csv"))
    found = ran(weather, fate)
    assert weather.every is not None
    air, count = weather.air(0, weather.hours.height), weather.hours.height
    near = dispersion_surface.of_hours(weather.every, weather.hours)
    stack, wanted = Stack(60, 2.5, 400, 12), fates.nothing(weather.hours.height, 2)
    there = plume.places([stack], np.array([[0.0, 1000.0]]), np.array([[-1000.0, -3000.0]]))
    assert fate.what is not None
    lost = fates.loss(fate.what, near, fates.depths(stack, air))
    fates.add(wanted, [stack], [lost], np.full((count, 1), 2.0), air, there)
    assert [one.dry for one in found.places] == pytest.approx(wanted.dry.mean(axis=0), rel=1e-9)
    assert [one.wet for one in found.places] == pytest.approx(wanted.wet.mean(axis=0), rel=1e-9)
    assert [one.statistics["mean"] for one in found.places] == pytest.approx(
        wanted.concentration.mean(axis=0), rel=1e-9
    )
    assert wanted.dry.max() > 0


def test_rain_of_less_than_can_be_told_is_none(weather: Weather) -> None:
    assert set(weather.hours["rain"].to_list()) == {0.0, 2.0}
    assert set(weather.hours["humidity"].to_list()) == {70.0}
    assert weather.hours["rain"].null_count() == 0


def test_gas_comes_down_with_what_covers_the_ground(weather: Weather) -> None:
    found = ran(weather, Fate(dispersion_fates.gas(BENZENE, "g.csv"), FOREST))
    assert all(one.dry is not None and one.dry > 0 for one in found.places)
    assert all(one.wet is not None and one.wet > 0 for one in found.places)


def test_areas_and_pits_lose_what_comes_down(weather: Weather) -> None:
    area = b"id,emission,height,deep,outline\nfield,1,5,4,-20 -20; 20 -20; 20 20; -20 20\n"
    pit = b"id,x,y,emission,height,wide,long,volume,angle\nhole,-50,-50,3,0,100,200,200000,30\n"
    fate = Fate(dispersion_fates.particles(SIZES, "p.csv"))
    for tables in (Tables(areas=(area, "a.csv")), Tables(pits=(pit, "p.csv"))):
        # an area does not sway: of the wind from the west it brings something to the east alone
        east = b"id,x,y\nnear,500,10\nfar,1500,0\n"
        kept, lost = ran(weather, Fate(), tables, east), ran(weather, fate, tables, east)
        for one, other in zip(lost.places, kept.places, strict=True):
            assert 0 < one.statistics["mean"] < other.statistics["mean"]
            assert one.dry is not None
            assert one.dry > 0


def test_hours_without_rain_are_left_out_and_counted(record: Record, weather: Weather) -> None:
    fate = Fate(dispersion_fates.particles(SIZES, "p.csv"))
    with pytest.raises(GoedeBuurError) as caught:
        ran(of_aermet(surface(DAY, NIGHT), "a.sfc"), fate)
    assert caught.value.code == "input-empty"
    gone = weather.hours.with_columns(rain=weather.hours["rain"].scatter([0, 1], None))
    found = ran(replace(weather, hours=gone), fate)
    assert found.left_out[NO_RAIN] == 2
    assert found.hours == weather.hours.height - 2


def test_what_comes_down_beside_a_building_is_refused(weather: Weather) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        ran(weather, Fate(decay=1e-4), Tables((SOURCES, "s.csv"), buildings=(HALL, "b.csv")))
    assert (caught.value.code, caught.value.value) == ("query-fate-beside-building", "A")


@pytest.mark.parametrize(
    ("table", "code", "place"),
    [
        (SIZES.replace(b"0.7", b"0.6"), "input-number", "p.csv, line 3, column fraction"),
        (SIZES.replace(b"20,", b"-20,"), "input-number", "p.csv, line 3, column diameter"),
        (SIZES.replace(b"density", b"mass"), "input-missing-column", "p.csv, line 1"),
    ],
)
def test_mistake_in_particles_has_its_place(table: bytes, code: str, place: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_fates.particles(table, "p.csv")
    assert (caught.value.code, caught.value.place) == (code, place)


def test_two_gases_in_a_table_are_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_fates.gas(BENZENE + b"1,1,1,1,1\n", "g.csv")
    assert (caught.value.code, caught.value.place) == ("input-duplicate", "g.csv, line 3, column in_air")
