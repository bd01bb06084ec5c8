"""A matrix that is made, stopped, gone on with and asked: what comes out is what a run says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.adapters.test_aermet import DAY, NIGHT, surface

from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.services import dispersion_matrix, dispersion_run
from goedebuur.services.dispersion_matrix import Matrix, make
from goedebuur.services.dispersion_sources import Field, Receptor, Source
from goedebuur.services.dispersion_weather import Weather, of_aermet
from goedebuur.store import matrices

STACKS = (
    Source("A", 0.0, 0.0, 2.0, Stack(60, 2.5, 400, 12)),
    Source("heap", 50.0, 20.0, 0.5, Volume(5, 20, 4)),
)
FIELDS = (Field("field", 3.0, Area(((-20, -20), (20, -20), (20, 20), (-20, 20)), 5.0, 4.0)),)
PLACES = tuple(Receptor(f"p{number}", 300.0 + 100 * number, -1000.0) for number in range(5))
GRAMS = {"A": 2.0, "heap": 0.5, "field": 3.0}


def told(hours: int = 10) -> Weather:
    """Return hours of one day, of which one is stable."""
    lines = [DAY.replace(" 181 13 ", f" 181 {number + 6} ") for number in range(hours - 1)]
    return of_aermet(surface(*lines, NIGHT), "a.sfc")


@pytest.fixture(scope="module")
def weather() -> Weather:
    return told()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make blocks of three hours and two places, of which two are worked out together."""
    monkeypatch.setattr(matrices, "HOURS", 3)
    monkeypatch.setattr(matrices, "PLACES", 2)
    monkeypatch.setattr(dispersion_matrix, "TOGETHER", 2)


def made(path: Path, weather: Weather, **more: Any) -> Matrix:
    return make(path, weather, STACKS, FIELDS, PLACES, **more)


def run(weather: Weather) -> npt.NDArray[np.float64]:
    return dispersion_run.hourly(weather, STACKS, PLACES, fields=FIELDS)


@pytest.mark.usefixtures("small")
def test_matrix_times_emissions_is_what_a_run_says(weather: Weather, tmp_path: Path) -> None:
    matrix = made(tmp_path / "m", weather)
    assert matrix.complete
    assert (matrix.sources, matrix.places) == (("A", "heap", "field"), PLACES)
    wanted = run(weather)
    assert wanted.min() > 0
    assert matrix.hourly(GRAMS) == pytest.approx(wanted, rel=1e-12)
    assert np.array_equal(matrix.hourly(GRAMS, slice(1, 4)), matrix.hourly(GRAMS)[:, 1:4])
