"""Blocks on two worker processes: the same matrix and the same statistics as in one process, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.services.test_dispersion_matrix import FIELDS, GRAMS, PLACES, STACKS, told

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_results, dispersion_spark
from goedebuur.services.dispersion_matrix import Inputs, make
from goedebuur.store import matrices

pytestmark = pytest.mark.spark
GROUPS = {"all": ("A", "heap", "field"), "A": ("A",)}
NAMES = ["mean", "highest", "high-3", "p98", "hours-over-0.01"]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make blocks of three hours and two places: four to work out, and six to make statistics of."""
    monkeypatch.setattr(matrices, "HOURS", 3)
    monkeypatch.setattr(matrices, "PLACES", 2)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    from goedebuur.store import spark

    with spark.local_cluster(workers=2) as address:
        yield address


def test_two_workers_give_the_bits_of_one_process_also_when_they_were_stopped(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispersion_spark, "EACH", 1)
    weather, steps = told(), list[tuple[int, int]]()
    inputs = Inputs(weather, STACKS, FIELDS, PLACES, 0.0)
    half = dispersion_spark.make(tmp_path / "apart", inputs, cluster, cancelled=iter([False, True]).__next__)
    assert len(list(half.left())) == 2
    apart = dispersion_spark.make(tmp_path / "apart", inputs, cluster, lambda *step: steps.append(step))
    assert apart.complete
    assert steps == [(2, 2)]
    here = make(tmp_path / "here", weather, STACKS, FIELDS, PLACES)
    assert np.array_equal(apart.dataset()["per_gram"].values, here.dataset()["per_gram"].values)
    there = dispersion_spark.of_matrix(apart, GRAMS, NAMES, GROUPS, cluster)
    wanted = dispersion_results.of_matrix(here, GRAMS, NAMES, GROUPS)
    for group in GROUPS:
        for name in NAMES:
            assert np.array_equal(there.groups[group][name], wanted.groups[group][name])
    assert (there.hours, there.places) == (wanted.hours, wanted.places)


def test_error_of_a_worker_is_that_of_one_process(cluster: str, tmp_path: Path) -> None:
    weather = told()
    seventh = pl.int_range(pl.len()) == 7
    spoiled = replace(weather, hours=weather.hours.with_columns(temperature=pl.when(~seventh).then("temperature")))
    inputs = Inputs(spoiled, STACKS, FIELDS, PLACES, 0.0)
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_spark.make(tmp_path / "m", inputs, cluster)
    assert (caught.value.code, caught.value.place) == ("input-number", "2024-06-29 12:00")
