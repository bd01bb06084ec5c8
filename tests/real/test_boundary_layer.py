"""The air near the ground: the published cases of RIVM's ModMet, and every hour of ten years at two real stations."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from goedebuur.core.base.periods import Period
from goedebuur.core.weather import mixing
from goedebuur.core.weather.fluxes import DENSITY, Fluxes, fluxes
from goedebuur.core.weather.sun import Floats, sine_of_elevation
from goedebuur.services import air_hours, intake, showcase
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
NOW = datetime(2026, 2, 1, tzinfo=UTC)
WITHIN = 1e-5
"""What the published cases ask: a relative difference of at most this."""


def one(number: float | None) -> Floats:
    return np.array([np.nan if number is None else number], np.float64)


@pytest.fixture(scope="module")
def published(data_folder: Path) -> dict[str, Any]:
    file = data_folder / "dispersion" / "modmet_reference.json"
    if not file.is_file():
        pytest.skip("no cases of ModMet in the data folder")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def of(case: dict[str, Any], sine: Floats, height: float, roughness: float) -> Fluxes:
    return fluxes(one(case["u"]), height, roughness, one(case["T"]), one(case["n"]), sine, one(case["kin"]))


def test_friction_and_stability_are_those_of_the_published_cases(published: dict[str, Any]) -> None:
    common = published["common"]
    assert len(published["flxln2"]) == 5
    for case in published["flxln2"]:
        found = of(case, one(case["sinphi"]), common["z"], common["z0"])
        assert found.friction[0] == pytest.approx(case["ust"], rel=WITHIN)
        assert found.obukhov[0] == pytest.approx(case["L"], rel=WITHIN)


def test_heat_and_evaporation_at_a_place_and_moment_are_those_of_the_published_cases(published: dict[str, Any]) -> None:
    assert len(published["lusthov"]) == 2
    for case in published["lusthov"]:
        moment = np.array([f"2021-{case['month']:02d}-{case['day']:02d}T{case['hour']:02d}"], "M8[h]")
        found = of(case, sine_of_elevation(moment, case["lat"], case["lon"]), case["z"], case["z0"])
        assert found.friction[0] == pytest.approx(case["ust"], rel=WITHIN)
        assert found.obukhov[0] == pytest.approx(case["L"], rel=WITHIN)
        assert found.sunlight[0] == pytest.approx(case["K"], rel=WITHIN)
        assert found.sensible[0] == pytest.approx(case["H"], rel=WITHIN)
        assert found.evaporation[0] == pytest.approx(case["evap"], rel=WITHIN)


@pytest.fixture(scope="module")
def aermet_hours(data_folder: Path) -> dict[str, Floats]:
    """Return a year of hours of AERMET, without what it says is missing."""
    file = data_folder / "dispersion" / "anch99_sfc.csv.gz"
    if not file.is_file():
        pytest.skip("no year of AERMET in the data folder")
    frame = pl.read_csv(gzip.decompress(file.read_bytes()))
    names = ("H_Wm2", "ustar", "wstar", "zic", "zim", "T_K")
    told = {name: frame[name].to_numpy().astype(np.float64) for name in names}
    return {name: np.where(values > 0, values, np.nan) for name, values in told.items()}


def test_height_that_wind_mixes_is_that_of_aermet_from_hour_to_hour(aermet_hours: dict[str, Floats]) -> None:
    friction, theirs = aermet_hours["ustar"], aermet_hours["zim"]
    off = []
    for number in range(1, len(friction)):
        pair = slice(number - 1, number + 1)
        if np.isfinite(friction[pair]).all() and np.isfinite(theirs[pair]).all():
            # from where AERMET has it: whole metres, so within one of them
            end = min(mixing.BY_FRICTION * friction[number] ** 1.5, mixing.HIGHEST)
            kept = np.exp(-3600 * mixing.FOLLOWS * friction[number] / theirs[number - 1])
            off.append(abs(theirs[number - 1] * kept + end * (1 - kept) - theirs[number]) / theirs[number])
    assert len(off) > 6000
    assert max(off) < 0.02


def test_convective_scale_is_that_of_aermet(aermet_hours: dict[str, Floats]) -> None:
    # ours goes with heat that was reckoned at one density; of theirs it is that of the temperature
    sensible = aermet_hours["H_Wm2"] * DENSITY / (101_325 / (287 * aermet_hours["T_K"]))
    found = mixing.convective_scale(sensible, aermet_hours["zic"], aermet_hours["T_K"])
    # the air pressure of the hour is not in the file: 4 % of it is 1.3 % of w*; and digits are tenths of W/m²
    both = (aermet_hours["H_Wm2"] > 10) & (aermet_hours["zic"] > 100) & (aermet_hours["wstar"] > 0)
    assert both.sum() > 1500
    assert np.abs(found[both] / aermet_hours["wstar"][both] - 1).max() < 0.025


@pytest.fixture(scope="module")
def record(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    folder = data_folder / "knmi_uurgeg"
    names = ("knmi_STN_infor.csv", "uurgeg_225_2011-2020.zip", "uurgeg_240_2011-2020.zip")
    if not all((folder / name).is_file() for name in names):
        pytest.skip("no hours of KNMI 225 and 240 in the data folder")
    found = Record.open(tmp_path_factory.mktemp("air"), signer=Ed25519Signer("example.org/log", bytes(range(32))))
    files = intake.find_files([folder / name for name in names]).files
    shown = showcase.real(found, files, now=NOW, progress=lambda *_: None)
    assert [one.error for one in shown.outcomes] == [None] * 3
    yield found
    found.close()


def test_every_hour_of_ten_years_has_figures_or_says_what_it_lacks(record: Record) -> None:
    decade = Period(datetime(2011, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))
    found = air_hours.hours(record, "KNMI240", decade, 0.1)
    assert found.hours.height == sum(found.counts.values()) == 3653 * 24
    assert found.counts[""] > 0.95 * found.hours.height
    assert found.counts[air_hours.NO_AGREEMENT] == 0
    there = found.hours.filter(found.hours["why"].is_in(["", air_hours.NO_DIRECTION]))
    lacking = found.hours.filter(~found.hours["why"].is_in(["", air_hours.NO_DIRECTION]))
    for name in ("friction", "obukhov", "sensible", "latent", "sunlight"):
        assert there[name].null_count() == 0
        assert there[name].is_finite().all()
        if name != "sunlight":
            assert lacking[name].null_count() == lacking.height


def test_wind_at_the_sea_is_joined_with_the_sky_of_schiphol(record: Record) -> None:
    year = Period(datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
    alone = air_hours.hours(record, "KNMI225", year, 0.1)
    assert alone.counts[""] == 0
    assert (
        alone.counts[air_hours.NO_TEMPERATURE] + alone.counts[air_hours.CALM] + alone.counts[air_hours.NO_WIND] == 8760
    )
    joined = air_hours.hours(record, "KNMI225", year, 0.1, clouds="KNMI240")
    assert joined.counts[""] > 0.98 * 8760
    inland = air_hours.hours(record, "KNMI240", year, 0.1)
    assert joined.hours["cloud"].equals(inland.hours["cloud"], null_equal=True)
    assert not joined.hours["wind"].equals(inland.hours["wind"], null_equal=True)
