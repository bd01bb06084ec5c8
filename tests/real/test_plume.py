"""A year of weather and ten stacks in flat country: what AERMOD 24142 says at 25 receptors, hour by hour."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from goedebuur.core.dispersion import plume
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.core.weather.profiles import Ground, profiles
from goedebuur.core.weather.sun import Floats

pytestmark = pytest.mark.real
EVERY = 11
"""Each eleventh hour of the year: all hours of the day and all seasons are in."""
COUNTS = 1e-3
"""Concentration from which an hour at a receptor counts. [µg m⁻³]"""
COLUMNS = {
    **{"ustar": "friction", "L": "obukhov", "z0": "roughness", "wstar": "convective", "zic": "mixed_by_heat"},
    **{"vptg": "gradient", "zim": "mixed_by_wind", "ws": "wind", "zref": "wind_height", "T_K": "temperature"},
    **{"zT": "temperature_height", "wd": "direction"},
}


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(gzip.decompress((folder / name).read_bytes())).cast({pl.Int64: pl.Float64}, strict=False)


def read_weather(folder: Path) -> tuple[dict[str, Floats], npt.NDArray[np.bool_]]:
    """Return the columns of the weather, and which hours count."""
    weather = table(folder, "anch99_sfc.csv.gz")
    told = {name: weather[name].to_numpy().astype(np.float64) for name in COLUMNS}
    there = (told["ws"] > 0) & (told["wd"] <= 360) & (told["ustar"] > 0) & ((told["L"] > 0) | (told["zic"] > 0))
    return told, there


def ground(told: dict[str, Floats], hours: npt.NDArray[np.intp]) -> Ground:
    return Ground(**{ours: told[name][hours] for name, ours in COLUMNS.items()})


@pytest.fixture(scope="module")
def folder(data_folder: Path) -> Path:
    found = data_folder / "dispersion"
    if not (found / "anch99_aermod24142_hourly25.npz").is_file():
        pytest.skip("no year of AERMOD in the data folder")
    return found


@pytest.fixture(scope="module")
def compared(folder: Path) -> dict[str, Floats]:
    """Return what AERMOD says, and both ways of ours, for the receptors in the hours that have weather."""
    with np.load(folder / "anch99_aermod24142_hourly25.npz") as file:
        theirs, places = file["conc"].astype(np.float64), file["xy"]
    told, there = read_weather(folder)
    every = np.arange(0, len(theirs), EVERY)
    hours = every[there[every]]
    air = profiles(ground(told, hours))
    exact, taken = (np.zeros((len(hours), len(places))) for _ in range(2))
    for row in table(folder, "anch99_sources_hourly.csv.gz").iter_rows(named=True):
        stack = Stack(row["hs"], row["ds"], row["Ts"], row["vs"])
        east, north = places[:, 0] - row["x"], places[:, 1] - row["y"]
        exact += row["Q"] * plume.concentration(stack, air, east, north)
        taken += row["Q"] * plume.from_table(stack, air, east, north)
    return {"aermod": theirs[hours], "exact": exact, "table": taken}


def test_means_of_the_year_at_all_receptors_are_those_of_aermod(folder: Path) -> None:
    rows = table(folder, "anch99_aermod24142_period.csv.gz")
    stacks = table(folder, "anch99_sources_period.csv.gz").to_dicts()
    told, there = read_weather(folder)
    mouths = [Stack(one["hs"], one["ds"], one["Ts"], one["vs"]) for one in stacks]
    grams = np.array([one["Q"] for one in stacks])
    away = {axis: rows[axis].to_numpy() - np.array([[one[axis]] for one in stacks]) for axis in "xy"}
    receptors = plume.places(mouths, away["x"], away["y"])
    whole = np.zeros(rows.height)
    counted = np.flatnonzero(there)
    for hours in np.array_split(counted, 30):
        part = np.zeros((len(hours), rows.height))
        plume.add(
            part, mouths, np.broadcast_to(grams, (len(hours), len(grams))), profiles(ground(told, hours)), receptors
        )
        whole += part.sum(axis=0)
    theirs = rows["conc_ugm3"].to_numpy()
    assert len(theirs) >= 1000
    off = np.abs(whole / len(counted) / theirs - 1)
    assert off.max() < 0.005


@pytest.mark.parametrize("way", ["exact", "table"])
def test_hours_at_receptors_are_those_of_aermod(compared: dict[str, Floats], way: str) -> None:
    counts = compared["aermod"] > COUNTS
    assert counts.sum() > 10_000
    off = np.abs(compared[way][counts] / compared["aermod"][counts] - 1)
    assert (off < 0.01).mean() >= 0.95
    assert (off < 0.05).mean() >= 0.995


@pytest.mark.parametrize("way", ["exact", "table"])
def test_means_at_receptors_are_those_of_aermod(compared: dict[str, Floats], way: str) -> None:
    assert compared[way].mean(axis=0) == pytest.approx(compared["aermod"].mean(axis=0), rel=0.005)


def test_worked_out_at_the_distances_themselves_hardly_an_hour_is_off(compared: dict[str, Floats]) -> None:
    counts = compared["aermod"] > COUNTS
    off = np.abs(compared["exact"][counts] / compared["aermod"][counts] - 1)
    assert (off < 0.01).mean() > 0.999
    assert np.median(off) < 1e-4
