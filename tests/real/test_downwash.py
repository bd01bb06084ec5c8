"""Stacks beside buildings: AERMOD 24142's own hours of EPA's tests, BPIP's own sizes of a building, and a year at the
power station Bowline Point, measured at two places."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from tests.real.test_aermod_cases import COUNTS, cases, read, weather

from goedebuur.core.dispersion import downwash
from goedebuur.core.dispersion.buildings import Building, Outline
from goedebuur.core.dispersion.evaluation import Scores, scores
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats
from goedebuur.services.dispersion_weather import Weather, of_aermet

pytestmark = pytest.mark.real
__all__ = ["cases", "weather"]
KEYWORDS = ("BUILDHGT", "BUILDWID", "BUILDLEN", "XBADJ", "YBADJ")
STACK = Stack(height=65.0, diameter=5.0, temperature=425.0, speed=15.0)
GRAMS = 500.0
CASES = {
    "all": ("ALLSRCS_STACKDW_01H.PST.gz", "allsrcs.inp", "STACKDW"),
    "prime": ("AERTEST_01H.PST.gz", "aertest.inp", "STACK1"),
}
MONITORS = {"Bowline": 0, "Boat Ramp": 2}
"""Receptors of the model that were measured."""


def building(text: str, name: str) -> Building:
    """Return the building of a source in an input file of AERMOD."""
    found: dict[str, list[float]] = {keyword: [] for keyword in KEYWORDS}
    for line in text.splitlines():
        words = line.split()
        words = words[1:] if words[:1] == ["SO"] else words
        if len(words) > 2 and words[0] in KEYWORDS and words[1] == name:
            for word in words[2:]:
                times, _, value = word.rpartition("*")
                found[words[0]] += [float(value)] * int(times or 1)
    return Building(*(tuple(found[keyword]) for keyword in KEYWORDS))


@pytest.mark.parametrize("table", [False, True], ids=["exact", "table"])
@pytest.mark.parametrize("case", CASES)
def test_stack_beside_a_building_is_that_of_aermod(cases: Path, weather: Weather, case: str, table: bool) -> None:
    file, inputs, name = CASES[case]
    theirs, places, hours = read(cases, weather, file)
    one, air = building((cases / inputs).read_text(), name), weather.air(0, len(hours))
    east, north = places.T
    if table:
        ours, grams = np.zeros_like(theirs), np.full((len(hours), 1), GRAMS)
        downwash.add(ours, [STACK], [one], grams, air, east[None], north[None])
    else:
        ours = GRAMS * downwash.concentration(STACK, one, air, east, north)
    counts = theirs > COUNTS
    assert counts.sum() > 10_000
    off = np.abs(ours[counts] / theirs[counts] - 1)
    assert (off < 0.01).mean() >= (0.95 if table else 0.9999)
    assert (off < 0.05).mean() >= (0.995 if table else 1.0)
    assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), rel=0.01 if table else 0.001)
    for rank in (1, 2, 3):
        highest = np.abs(np.sort(ours, axis=0)[-rank] / np.sort(theirs, axis=0)[-rank] - 1)
        assert (highest < 0.05).mean() >= (0.9 if table else 1.0)


def test_outline_has_the_sizes_that_bpip_gives_it(cases: Path) -> None:
    hall = Outline(((-60.0, -37.5), (-10.0, -37.5), (-10.0, 37.5), (-60.0, 37.5)), 50.0)
    ours = Building.of([hall], 0.0, 0.0)
    theirs = building((cases / "aertest.inp").read_text(), "STACK1")
    for field in fields(Building):
        assert getattr(ours, field.name) == pytest.approx(getattr(theirs, field.name), abs=0.011)


@dataclass(frozen=True)
class Year:
    """Hours at receptors, of shape (n, 4): what was measured, NaN for nothing; AERMOD's; ours. [µg m⁻³]

    And whether the wind of an hour was observed above the mixed layer, (n,).
    """

    measured: Floats
    aermod: Floats
    ours: Floats
    above: npt.NDArray[np.bool_]


def each(air: Profiles) -> Iterator[Profiles]:
    """Return the hours one by one."""
    whole = {one.name: getattr(air, one.name) for one in fields(Profiles)}
    for number in range(len(air.mixed)):
        part = slice(number, number + 1)
        yield Profiles(
            **{
                name: value
                if isinstance(value, bool)
                else {key: array[part] for key, array in value.items()}
                if isinstance(value, dict)
                else value[part]
                for name, value in whole.items()
            }
        )


@pytest.fixture(scope="module")
def bowline(data_folder: Path) -> Year:
    folder = data_folder / "dispersion" / "bowline"
    if not folder.is_dir():
        pytest.skip("no year of Bowline in the data folder")

    def text(name: str) -> str:
        return gzip.decompress((folder / name).read_bytes()).decode()

    surface, profile = text("BOWLINE.SFC.gz").encode(), text("BOWLINE.PFL.gz").encode()
    told = of_aermet(surface, "BOWLINE.SFC", (profile, "BOWLINE.PFL"))
    hours = [f"{one:%y%m%d}{one.hour + 1:02d}" for one in told.hours["start"]]

    def named(words: list[str]) -> str:
        return "".join(f"{int(word):02d}" for word in words[:4])

    inputs, places, aermod = text("BOWAERPR.INP.gz"), [], dict[str, list[float]]()
    for line in text("AER01HR.PST.gz").splitlines():
        words = line.split()
        aermod.setdefault(words[8], []).append(float(words[2]))
        places.append((float(words[0]), float(words[1])))
    measured = {named(line.split()): line.split()[4:] for line in text("bow01.obs.gz").splitlines()}
    rows = [line.split()[2:] for line in text("HOURSRC.DAT.gz").splitlines()]
    emission = {(named(row), row[4]): [float(word) for word in row[5:8]] for row in rows}
    found = np.zeros((len(hours), 4))
    sources = {"1": (7.78, -44.13), "2": (-7.78, 44.13)}
    buildings = {name: building(inputs, name) for name in sources}
    whole = replace(replace(told, apart=True).air(0, len(hours)), vectors=True)
    for number, air in enumerate(each(whole)):
        for name, place in sources.items():
            grams, kelvin, speed = emission[hours[number], name]
            if grams > 0:
                east, north = (np.array(places[:4]) - place).T
                stack = Stack(86.87, 5.72, kelvin, speed)
                found[number] += grams * downwash.concentration(stack, buildings[name], air, east, north)[0]
    values = np.array([[float(word) for word in measured[hour]] for hour in hours])
    above = told.hours["wind_height"].to_numpy() > whole.mixed[:, 0]
    return Year(np.where(values < 0, np.nan, values), np.array([aermod[hour] for hour in hours]), found, above)


def test_hours_in_the_wake_of_a_power_station_are_those_of_aermod(bowline: Year) -> None:
    for receptor in MONITORS.values():
        counts = bowline.aermod[:, receptor] > 10
        assert counts.sum() > 1000
        off = np.abs(bowline.ours[counts, receptor] / bowline.aermod[counts, receptor] - 1)
        assert (off < 0.01).mean() >= 0.99
        assert (off < 0.05).all()


def test_hours_of_which_the_wind_was_seen_above_the_mixed_layer_are_those_of_aermod(bowline: Year) -> None:
    assert bowline.above.sum() > 2000
    theirs, ours = bowline.aermod[bowline.above], bowline.ours[bowline.above]
    # numbers of five decimals
    counts = theirs > 0.01
    assert counts.sum() > 700
    assert ours[counts] == pytest.approx(theirs[counts], rel=1e-3)


def test_year_beside_a_power_station_is_that_of_aermod(bowline: Year) -> None:
    assert bowline.ours.mean(axis=0) == pytest.approx(bowline.aermod.mean(axis=0), rel=0.005)
    for percent in (98, 99, 99.9):
        theirs = np.percentile(bowline.aermod, percent, axis=0)
        assert np.percentile(bowline.ours, percent, axis=0) == pytest.approx(theirs, rel=0.01)


@pytest.mark.parametrize("monitor", MONITORS)
def test_beside_what_was_measured_it_does_as_well_as_aermod(bowline: Year, monitor: str) -> None:
    receptor = MONITORS[monitor]

    def held(values: Floats) -> Scores:
        # to the digits that were measured: of nothing measured a hundred-thousandth is as good as nothing
        return scores(bowline.measured[:, receptor], np.round(values[:, receptor], 1))

    ours, theirs = held(bowline.ours), held(bowline.aermod)
    assert ours.pairs > 7000
    assert abs(ours.bias) <= abs(theirs.bias) + 0.001
    assert ours.error <= theirs.error * 1.001
    assert ours.within_two >= theirs.within_two - 0.001
    assert ours.correlation >= theirs.correlation - 0.001
    missed = abs(theirs.highest_modelled - theirs.highest_measured)
    assert abs(ours.highest_modelled - ours.highest_measured) <= missed * 1.01
