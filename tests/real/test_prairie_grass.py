"""Prairie Grass: 44 releases at half a metre, with wind, temperature and turbulence at heights, caught on five arcs."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from goedebuur.core.dispersion import plume
from goedebuur.core.dispersion.evaluation import Scores, scores
from goedebuur.core.dispersion.stacks import Stack
from goedebuur.core.weather.profiles import Ground, Levels, profiles
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.turbulence import across_of_turning

pytestmark = pytest.mark.real
ARCS = {0.05: 2, 0.1: 2, 0.2: 2, 0.4: 2, 0.8: 1}
"""Distance [km] → degrees between samplers."""
SAMPLERS = 1.5
"""Height of the samplers. [m]"""
RELEASE = Stack(height=0.46, diameter=1e-5, temperature=200.0, speed=1e-5)
"""A gas without heat or speed."""
GROUND = {
    **{"friction": "ustar", "obukhov": "L", "roughness": "z0", "convective": "wstar", "mixed_by_heat": "zic"},
    **{"gradient": "vptg", "mixed_by_wind": "zim", "wind": "ws", "wind_height": "zref", "temperature": "T_K"},
    **{"temperature_height": "zT", "direction": "wd"},
}


@pytest.fixture(scope="module")
def arcs(data_folder: Path) -> dict[str, Floats]:
    """Return of each arc of each release what was measured, what AERMOD 24142 says and what ours says. [s m⁻³]"""
    folder = data_folder / "dispersion"
    if not (folder / "pgrass_arcs.csv.gz").is_file():
        pytest.skip("no Prairie Grass in the data folder")

    def table(name: str) -> pl.DataFrame:
        found = pl.read_csv(gzip.decompress((folder / name).read_bytes()))
        return found.with_columns(pl.col(pl.Int64, pl.Float64).cast(pl.Float64))

    def hour(frame: pl.DataFrame) -> pl.DataFrame:
        code = pl.col("yy") * 10**6 + pl.col("mm") * 10**4 + pl.col("dd") * 100 + pl.col("hh")
        return frame.with_columns(code.alias("hour"))

    weather, levels, caught = (
        hour(table("pgrass_sfc.csv.gz")),
        hour(table("pgrass_pfl.csv.gz")),
        table("pgrass_arcs.csv.gz"),
    )
    hours = weather["hour"].to_numpy()
    air = profiles(
        Ground(**{ours: weather[theirs].to_numpy() for ours, theirs in GROUND.items()}),
        observed(levels, hours),
        adjusted=False,
    )
    ours = np.full(caught.height, np.nan)
    for arc, step in ARCS.items():
        angle = np.radians(np.arange(0, 360, step))
        east, north = 1000 * arc * np.sin(angle), 1000 * arc * np.cos(angle)
        told = plume.concentration(RELEASE, air, east, north, SAMPLERS).max(axis=1) / 1e6
        for row in np.flatnonzero(caught["arc_km"].to_numpy() == arc):
            ours[row] = told[np.flatnonzero(hours == caught["yymmddhh"][int(row)])[0]]

    def there(name: str) -> Floats:
        values = caught[name].to_numpy()
        return np.where(values > 0, values, np.nan)

    return {"measured": there("obs_CQ_s_m3"), "aermod": there("aermod24142_CQ"), "ours": ours}


def observed(levels: pl.DataFrame, hours: Floats) -> Levels:
    """Return what was observed at heights, hour by hour."""
    most = int(levels.group_by("hour").len()["len"].max())  # type: ignore[arg-type]
    found = {name: np.full((len(hours), most), np.nan) for name in Levels.__dataclass_fields__}
    for number, hour in enumerate(hours):
        seen = levels.filter(pl.col("hour") == hour).sort("z")
        there = slice(0, seen.height)

        def column(name: str, least: float, most: float, seen: pl.DataFrame = seen) -> Floats:
            values = seen[name].to_numpy()
            return np.where((values >= least) & (values < most), values, np.nan)

        wind = column("ws", 0, 90)
        found["height"][number, there] = seen["z"].to_numpy()
        found["wind"][number, there] = wind
        found["temperature"][number, there] = column("T_C", -90, 90) + 273.15
        found["across"][number, there] = across_of_turning(column("sigtheta_deg", 0, 99), wind)
        found["upward"][number, there] = column("sigw", 0, 99)
        found["direction"][number, there] = column("wd", 0, 361)
    return Levels(**found)


def test_every_arc_is_that_of_aermod(arcs: dict[str, Floats]) -> None:
    there = np.isfinite(arcs["aermod"])
    assert there.sum() == 220
    off = np.abs(arcs["ours"][there] / arcs["aermod"][there] - 1)
    assert (off < 0.01).mean() >= 0.95
    assert (off < 0.05).mean() >= 0.995


def test_no_score_is_worse_than_that_of_aermod(arcs: dict[str, Floats]) -> None:
    ours, theirs = (scores(arcs["measured"], arcs[name]) for name in ("ours", "aermod"))
    assert ours.pairs == theirs.pairs == 212
    # as AERMOD's are published: FAC2 0.925, NMSE 0.20, FB 0.16
    assert rounded(ours) == rounded(theirs) == (0.925, 0.20, 0.16)


def rounded(found: Scores) -> tuple[float, float, float]:
    return round(found.within_two, 3), round(found.error, 2), round(found.bias, 2)
