"""A run from three files: what comes out is what the plume says, and a mistake in a file has its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl
import pytest
from tests.adapters.test_aermet import CALM, DAY, GONE, NIGHT, surface

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.dispersion import areas, downwash, plume
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.buildings import Building, Outline
from goedebuur.core.dispersion.pits import Pit
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.services import dispersion_at_places, dispersion_run
from goedebuur.services.dispersion_at_places import Run
from goedebuur.services.dispersion_fates import Fate
from goedebuur.services.dispersion_sources import Tables
from goedebuur.services.dispersion_weather import Weather, of_aermet

SOURCES = b"id,x,y,emission,height,temperature,speed,diameter\nA,0,0,2,60,400,12,2.5\n"
RECEPTORS = b"id,x,y\nnear,0,-1000\nfar,1000,-3000\n"


@pytest.fixture(scope="module")
def weather_of_day() -> Weather:
    return of_aermet(surface(DAY, NIGHT), "a.sfc")


def ran(
    weather: Weather,
    sources: bytes,
    receptors: bytes,
    progress: Callable[[int, int], None] = lambda *_: None,
    volumes: tuple[bytes, str] | None = None,
    areas: tuple[bytes, str] | None = None,
    receptor: float = 0.0,
) -> Run:
    return dispersion_at_places.run(
        weather,
        (receptors, "r.csv"),
        progress,
        tables=Tables((sources, "s.csv"), volumes, areas),
        receptor=receptor,
    )


def made(weather: bytes, sources: bytes = SOURCES, receptors: bytes = RECEPTORS) -> Run:
    return ran(of_aermet(weather, "a.sfc"), sources, receptors)


def hours() -> np.ndarray:  # type: ignore[type-arg]
    """Return what the plume says of 2 g/s at both receptors, in the day hour and the night hour."""
    told = [
        (0.31, -9.8, 0.1, 2.27, 1539, 0.005, 398, 4.02, 10, 304.4, 2, 204.0),
        (0.259, 73.9, 0.1, np.nan, np.nan, np.nan, 317, 2.86, 10, 262.5, 2, 1.0),
    ]
    names = (
        *("friction", "obukhov", "roughness", "convective", "mixed_by_heat", "gradient", "mixed_by_wind"),
        *("wind", "wind_height", "temperature", "temperature_height", "direction"),
    )
    ground = Ground(
        **{name: np.array(column, float) for name, column in zip(names, zip(*told, strict=True), strict=True)}
    )
    # the first line of the file does not say that friction velocities were adjusted
    air = profiles(ground, adjusted=False)
    stack = Stack(height=60, diameter=2.5, temperature=400, speed=12)
    return 2 * plume.from_table(stack, air, np.array([0.0, 1000.0]), np.array([-1000.0, -3000.0]))


def test_run_says_what_the_plume_says() -> None:
    found = made(surface(DAY, NIGHT))
    wanted = hours()
    for number, one in enumerate(found.places):
        assert one.statistics["mean"] == pytest.approx(wanted[:, number].mean())
        assert one.statistics["highest"] == pytest.approx(wanted[:, number].max())
        # of two hours the 98th and the 99.9th percentile are the higher
        assert {one.statistics["p98"], one.statistics["p99.9"]} == {one.statistics["highest"]}
        assert one.highest_at == (datetime(2024, 6, 29, 12), datetime(2024, 6, 30))[int(wanted[:, number].argmax())]  # noqa: DTZ001


def test_hours_that_do_not_count_are_counted() -> None:
    unsettled = DAY.replace(" 13 ", " 14 ").replace("2.270", "-9.000")
    found = made(surface(DAY, unsettled, NIGHT, CALM, GONE))
    assert (found.hours, found.left_out) == (2, {"calm": 1, "missing": 2})


def test_stacks_add_up_and_twice_the_emission_is_twice_the_concentration() -> None:
    two = SOURCES + b"B,0,0,2,60,400,12,2.5\n"
    once, twice = made(surface(DAY, NIGHT)), made(surface(DAY, NIGHT), two)
    assert [one.statistics["mean"] for one in twice.places] == pytest.approx(
        2 * np.array([one.statistics["mean"] for one in once.places]), rel=1e-12
    )


def test_hours_worked_out_a_few_at_once_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(surface(DAY, NIGHT))
    monkeypatch.setattr(dispersion_run, "AT_ONCE", 1)
    seen: list[tuple[int, int]] = []
    weather = of_aermet(surface(DAY, NIGHT), "a.sfc")
    found = ran(weather, SOURCES, RECEPTORS, lambda *step: seen.append(step))
    assert found == whole
    assert seen == [(1, 2), (2, 2)]


def test_volume_stands_beside_the_stacks(weather_of_day: Weather) -> None:
    volumes = b"id,x,y,emission,height,wide,deep\nheap,0,0,1,5,20,4\n"
    alone = ran(weather_of_day, SOURCES, RECEPTORS)
    both = ran(weather_of_day, SOURCES, RECEPTORS, volumes=(volumes, "v.csv"))
    air = weather_of_day.air(0, weather_of_day.hours.height)
    more = plume.from_table(Volume(5, 20, 4), air, np.array([0.0, 1000.0]), np.array([-1000.0, -3000.0]))
    for number, (one, other) in enumerate(zip(alone.places, both.places, strict=True)):
        assert other.statistics["mean"] == pytest.approx(one.statistics["mean"] + more[:, number].mean())


def test_area_stands_beside_the_stacks(weather_of_day: Weather) -> None:
    table = b"id,emission,height,deep,outline\nfield,3,5,4,-20 -20; 20 -20; 20 20; -20 20\n"
    alone = ran(weather_of_day, SOURCES, RECEPTORS)
    both = ran(weather_of_day, SOURCES, RECEPTORS, areas=(table, "a.csv"))
    field = Area(((-20, -20), (20, -20), (20, 20), (-20, 20)), 5.0, 4.0)
    hours = weather_of_day.hours.height
    more = np.zeros((hours, 2))
    east, north = np.array([0.0, 1000.0]), np.array([-1000.0, -3000.0])
    areas.add(more, [field], np.full((hours, 1), 3.0), weather_of_day.air(0, hours), east, north)
    assert more[:, 0].max() > 0
    for number, (one, other) in enumerate(zip(alone.places, both.places, strict=True)):
        assert other.statistics["mean"] == pytest.approx(one.statistics["mean"] + more[:, number].mean())


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        ("0 0; 1 0", "2 corners"),
        ("0 0; 1 0; 2 0", "encloses nothing"),
        ("0 0; 10 10; 10 0; 0 12", "crosses itself"),
        ("0 0; 1 0; hier", "not two numbers"),
        ("0 0; 1 0; 1 x", "'x'"),
    ],
)
def test_outline_that_cannot_be_has_its_place(weather_of_day: Weather, outline: str, said: str) -> None:
    table = f"id,emission,height,deep,outline\nfield,1,5,4,{outline}\n".encode()
    with pytest.raises(GoedeBuurError) as caught:
        ran(weather_of_day, SOURCES, RECEPTORS, areas=(table, "a.csv"))
    assert (caught.value.code, caught.value.place) == ("input-number", "a.csv, line 2, column outline")
    assert said in caught.value.value


@pytest.mark.parametrize(
    ("volumes", "code", "place"),
    [
        (b"id,x,y,emission,height,wide,deep\nA,0,0,1,5,20,4\n", "input-duplicate", "v.csv, line 2, column id"),
        (b"id,x,y,emission,height,wide,deep\nh,0,0,1,5,9999,4\n", "input-number", "v.csv, line 2, column wide"),
    ],
)
def test_mistake_in_volumes_has_its_place(weather_of_day: Weather, volumes: bytes, code: str, place: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        ran(weather_of_day, SOURCES, RECEPTORS, volumes=(volumes, "v.csv"))
    assert (caught.value.code, caught.value.place) == (code, place)


HOLE = b"id,x,y,emission,height,wide,long,volume,angle\nhole,-50,-50,3,0,100,200,200000,30\n"


def test_pit_brings_what_the_part_of_it_that_lets_out_brings(weather_of_day: Weather) -> None:
    found = dispersion_at_places.run(weather_of_day, (RECEPTORS, "r.csv"), tables=Tables(pits=(HOLE, "p.csv")))
    wanted, pit = np.zeros((2, 2)), Pit(-50, -50, 0, 100, 200, 200_000, 30)
    air, east, north = weather_of_day.air(0, 2), np.array([0.0, 1000.0]), np.array([-1000.0, -3000.0])
    for hour in range(2):
        one = np.zeros((2, 2))
        part = pit.part(float(weather_of_day.hours["direction"][hour]))
        areas.add(one, [part], np.full((2, 1), 3.0), air, east, north)
        wanted[hour] = one[hour]
    assert [one.statistics["mean"] for one in found.places] == pytest.approx(wanted.mean(axis=0), rel=1e-9)
    assert wanted.max() > 0


def test_receptor_in_a_pit_is_refused_and_not_told_as_none(weather_of_day: Weather) -> None:
    inside = b"id,x,y\nfloor,0,0\n"
    assert Pit(-50, -50, 0, 100, 200, 200_000, 30).holds(np.zeros(1), np.zeros(1)).all()
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_at_places.run(weather_of_day, (inside, "r.csv"), tables=Tables(pits=(HOLE, "p.csv")))
    assert (caught.value.code, caught.value.place) == ("input-number", "r.csv, line 2, column x")


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [(b",200000,", b",1,", "volume"), (b",100,200,", b",100,2000,", "volume"), (b",30", b",900", "angle")],
)
def test_mistake_in_pits_has_its_place(weather_of_day: Weather, old: bytes, new: bytes, column: str) -> None:
    table = HOLE.replace(old, new).replace(b"hole,-50,-50,3,0", b"hole,-50,-50,3,0.1")
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_at_places.run(weather_of_day, (RECEPTORS, "r.csv"), tables=Tables(pits=(table, "p.csv")))
    assert (caught.value.code, caught.value.place) == ("input-number", f"p.csv, line 2, column {column}")


def test_variant_is_that_of_the_core(weather_of_day: Weather) -> None:
    tables = Tables((SOURCES, "s.csv"))
    found = dispersion_at_places.run(weather_of_day, (RECEPTORS, "r.csv"), tables=tables, variant="ops")
    stack, wanted = Stack(60, 2.5, 400, 12), np.zeros((2, 2))
    there = plume.places([stack], np.array([[0.0, 1000.0]]), np.array([[-1000.0, -3000.0]]))
    plume.add(wanted, [stack], np.full((2, 1), 2.0), weather_of_day.air(0, 2), there, variant="ops")
    assert [one.statistics["mean"] for one in found.places] == pytest.approx(wanted.mean(axis=0), rel=1e-12)
    assert found != dispersion_at_places.run(weather_of_day, (RECEPTORS, "r.csv"), tables=tables)


@pytest.mark.parametrize(
    ("more", "fate", "said"),
    [
        (Tables(pits=(HOLE, "p.csv")), Fate(), "an area or a pit"),
        (Tables((SOURCES, "s.csv")), Fate(decay=1e-4), "ops"),
    ],
)
def test_variant_refuses_what_it_says_nothing_of(weather_of_day: Weather, more: Tables, fate: Fate, said: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_at_places.run(weather_of_day, (RECEPTORS, "r.csv"), tables=more, fate=fate, variant="ops")
    assert (caught.value.code, caught.value.value) == ("query-variant", said)


HALL = b"id,height,outline\nhall,50,-30 -40; 30 -40; 30 40; -30 40\n"


def test_stack_beside_a_building_is_brought_down_in_its_wake(weather_of_day: Weather) -> None:
    near = b"id,x,y\nnear,0,-300\nlee,300,300\n"
    alone = ran(weather_of_day, SOURCES, near)
    beside = dispersion_at_places.run(
        weather_of_day, (near, "r.csv"), tables=Tables((SOURCES, "s.csv"), buildings=(HALL, "b.csv"))
    )
    wanted = np.zeros((2, 2))
    outline = Outline(((-30, -40), (30, -40), (30, 40), (-30, 40)), 50.0)
    east, north = np.array([[0.0, 300.0]]), np.array([[-300.0, 300.0]])
    one, met = Stack(60, 2.5, 400, 12), Building.of([outline], 0, 0)
    downwash.add(wanted, [one], [met], np.full((2, 1), 2.0), weather_of_day.air(0, 2), east, north)
    assert [one.statistics["mean"] for one in beside.places] == pytest.approx(wanted.mean(axis=0), rel=1e-12)
    low, high = (max(one.statistics["highest"] for one in found.places) for found in (alone, beside))
    assert high > low


def test_building_far_from_every_stack_changes_nothing(weather_of_day: Weather) -> None:
    far = HALL.replace(b"-30 -40; 30 -40; 30 40; -30 40", b"2000 0; 2030 0; 2030 40; 2000 40")
    beside = dispersion_at_places.run(
        weather_of_day, (RECEPTORS, "r.csv"), tables=Tables((SOURCES, "s.csv"), buildings=(far, "b.csv"))
    )
    assert beside == ran(weather_of_day, SOURCES, RECEPTORS)


@pytest.mark.parametrize(
    ("table", "column"),
    [(HALL.replace(b",50,", b",-5,"), "height"), (HALL.replace(b"30 -40; 30 40; ", b""), "outline")],
)
def test_mistake_in_buildings_has_its_place(weather_of_day: Weather, table: bytes, column: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_at_places.run(
            weather_of_day, (RECEPTORS, "r.csv"), tables=Tables((SOURCES, "s.csv"), buildings=(table, "b.csv"))
        )
    assert (caught.value.code, caught.value.place) == ("input-number", f"b.csv, line 2, column {column}")


def test_receptor_within_a_volume_is_refused(weather_of_day: Weather) -> None:
    # within 2.15 · 50 m of it nothing can be said, and none would read as clean air
    heap = b"id,x,y,emission,height,wide,deep\nheap,0,0,1,5,50,4\n"
    beside = b"id,x,y\nhere,100,0\n"
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_at_places.run(weather_of_day, (beside, "r.csv"), tables=Tables(volumes=(heap, "v.csv")))
    assert (caught.value.code, caught.value.place) == ("input-number", "r.csv, line 2, column x")
    further = beside.replace(b"100,", b"110,")
    assert (
        dispersion_at_places.run(weather_of_day, (further, "r.csv"), tables=Tables(volumes=(heap, "v.csv"))).hours == 2
    )


def test_run_without_any_source_is_refused(weather_of_day: Weather) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_at_places.run(weather_of_day, (RECEPTORS, "r.csv"), tables=Tables())
    assert caught.value.code == "input-empty"


@pytest.mark.parametrize("name", ["roughness", "temperature", "mixed_by_heat", "convective"])
def test_hour_that_gives_no_number_is_never_counted_as_none(weather_of_day: Weather, name: str) -> None:
    day = pl.col("obukhov") < 0
    spoiled = weather_of_day.hours.with_columns(
        pl.when(day).then(0.0 if name != "temperature" else None).otherwise(name).alias(name)
    )
    with pytest.raises(GoedeBuurError) as caught:
        ran(replace(weather_of_day, hours=spoiled), SOURCES, RECEPTORS)
    assert (caught.value.code, caught.value.place) == ("input-number", "2024-06-29 12:00")


@pytest.mark.parametrize(
    ("there", "gone"), [("0.310 2.270", "0.310 0.000"), ("1539.", "0."), ("0.100 0.75", "0.000 0.75")]
)
def test_hour_of_which_a_number_is_nought_does_not_count(there: str, gone: str) -> None:
    assert there in DAY
    found = of_aermet(surface(DAY.replace(there, gone), NIGHT), "a.sfc")
    assert (found.hours.height, found.left_out) == (1, {"calm": 0, "missing": 1})


def test_one_thread_or_more_give_the_same_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = [DAY.replace(" 181 13 ", f" 181 {number} ") for number in range(10, 20)]
    monkeypatch.setattr(dispersion_run, "AT_ONCE", 1)
    found = []
    for threads in (1, 4):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        found.append(made(surface(*hours), SOURCES + b"B,100,0,3,20,300,12,0.5\n"))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("sources", "receptors", "code", "place"),
    [
        (SOURCES.replace(b"emission", b"uitstoot"), RECEPTORS, "input-missing-column", "s.csv, line 1"),
        (SOURCES.replace(b",60,", b",hoog,"), RECEPTORS, "input-number", "s.csv, line 2, column height"),
        (SOURCES.replace(b",400,", b",127,"), RECEPTORS, "input-number", "s.csv, line 2, column temperature"),
        (SOURCES.replace(b",2,60", b",-2,60"), RECEPTORS, "input-number", "s.csv, line 2, column emission"),
        (SOURCES + SOURCES.splitlines()[1], RECEPTORS, "input-duplicate", "s.csv, line 3, column id"),
        (SOURCES, RECEPTORS.replace(b"far", b"near"), "input-duplicate", "r.csv, line 3, column id"),
        (SOURCES, RECEPTORS.replace(b"-3000", b"-60000"), "input-number", "r.csv, line 3, column x"),
        (SOURCES, b"id,x,y\n", "input-empty", "r.csv"),
        (SOURCES, RECEPTORS + b"x,1\n", "input-truncated", "r.csv, line 4"),
    ],
)
def test_mistake_in_a_file_has_its_place(sources: bytes, receptors: bytes, code: str, place: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        made(surface(DAY), sources, receptors)
    assert caught.value.code == code
    assert caught.value.place == place


def test_weather_that_lacks_something_in_every_hour_is_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        made(surface(CALM, GONE))
    assert caught.value.code == "input-empty"


def test_file_with_adjusted_friction_velocities_has_the_scale_that_goes_with_them() -> None:
    adjusted = surface(NIGHT).replace(b"24142", b"24142    CCVR_Sub ADJ_U*")
    assert made(adjusted).places[0].statistics["mean"] != made(surface(NIGHT)).places[0].statistics["mean"]


def test_wind_that_was_observed_at_heights_carries_the_plume() -> None:
    levels = b"24 6 30 1 10.0 0 1.0 2.86 -10.6 99.0 99.0\n24 6 30 1 60.0 1 -999.0 6.0 -10.0 99.0 99.0\n"
    alone = made(surface(NIGHT))
    weather = of_aermet(surface(NIGHT), "a.sfc", (levels, "a.pfl"))
    found = ran(weather, SOURCES, RECEPTORS)
    assert [one.statistics["mean"] for one in found.places] != [one.statistics["mean"] for one in alone.places]


def test_receptor_at_the_height_of_the_plume_has_more_than_one_at_the_ground() -> None:
    night = of_aermet(surface(NIGHT), "a.sfc")
    ground, high = (ran(night, SOURCES, RECEPTORS, receptor=h) for h in (0.0, 90.0))
    assert high.places[0].statistics["mean"] > ground.places[0].statistics["mean"]
