"""Prairie Grass: the scores of AERMOD 24142 on its arc maxima are those that are published."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from goedebuur.services import model_scores

pytestmark = pytest.mark.real


def test_scores_of_aermod_on_prairie_grass_come_out_as_published(data_folder: Path) -> None:
    file = data_folder / "dispersion" / "pgrass_arcs.csv.gz"
    if not file.is_file():
        pytest.skip("no arcs of Prairie Grass in the data folder")
    data = gzip.decompress(file.read_bytes())
    found = model_scores.of_table(data, "pgrass_arcs.csv", "obs_CQ_s_m3", "aermod24142_CQ", "-9.0")
    assert (found.pairs, found.left_out) == (212, 8)
    assert round(found.within_two, 3) == 0.925
    assert round(found.error, 2) == 0.20
    assert round(found.bias, 2) == 0.16
