"""A year of weather and ten stacks in flat country: what AERMOD 24142 says at 25 receptors, hour by hour."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
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


@pytest.fixture(scope="module")
def compared(data_folder: Path) -> dict[str, Floats]:
    """Return what AERMOD says, and both ways of ours, for the receptors in the hours that have weather."""
    folder = data_folder / "dispersion"
    if not (folder / "anch99_aermod24142_hourly25.npz").is_file():
        pytest.skip("no year of AERMOD in the data folder")

    def table(name: str) -> pl.DataFrame:
        return pl.read_csv(gzip.decompress((folder / name).read_bytes())).cast({pl.Int64: pl.Float64}, strict=False)

    weather, stacks = table("anch99_sfc.csv.gz"), table("anch99_sources_hourly.csv.gz")
    with np.load(folder / "anch99_aermod24142_hourly25.npz") as file:
        theirs, places = file["conc"].astype(np.float64), file["xy"]
    hours = np.arange(0, len(theirs), EVERY)
    told = {name: weather[name].to_numpy()[hours].astype(np.float64) for name in COLUMNS}
    there = (told["ws"] > 0) & (told["wd"] <= 360) & (told["ustar"] > 0) & ((told["L"] > 0) | (told["zic"] > 0))
    ground = Ground(**{ours: told[name][there] for name, ours in COLUMNS.items()})
    air = profiles(ground)
    exact, taken = (np.zeros((int(there.sum()), len(places))) for _ in range(2))
    for row in stacks.iter_rows(named=True):
        stack = Stack(row["hs"], row["ds"], row["Ts"], row["vs"])
        east, north = places[:, 0] - row["x"], places[:, 1] - row["y"]
        exact += row["Q"] * plume.concentration(stack, air, east, north)
        taken += row["Q"] * plume.from_table(stack, air, east, north)
    return {"aermod": theirs[hours][there], "exact": exact, "table": taken}


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
