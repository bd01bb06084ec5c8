"""Experiments by the command that anyone can run: AERMOD's figures come out as published, and ours beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from goedebuur.core.dispersion.evaluation import Scores
from goedebuur.services import dispersion_evaluation
from goedebuur.services.dispersion_bowline import BOWLINE
from goedebuur.services.dispersion_evaluation import OURS
from goedebuur.services.dispersion_prairie_grass import PRAIRIE_GRASS

pytestmark = pytest.mark.real
THEIRS = "AERMOD 24142"


@pytest.fixture(scope="module")
def judged(data_folder: Path) -> dict[tuple[str, str, str], Scores]:
    folder = data_folder / "dispersion"
    if not (folder / "pgrass_arcs.csv.gz").is_file():
        pytest.skip("no Prairie Grass in the data folder")
    _, found = dispersion_evaluation.evaluate(folder, experiments=[PRAIRIE_GRASS])
    return {(one.kind, one.group, one.model): one.scores for one in found}


def test_figures_of_aermod_come_out_as_published(judged: dict[tuple[str, str, str], Scores]) -> None:
    found = judged["all", "all", THEIRS]
    assert (found.pairs, found.left_out) == (212, 8)
    assert (round(found.within_two, 3), round(found.error, 2), round(found.bias, 2)) == (0.925, 0.20, 0.16)


def test_ours_are_those_of_aermod_in_every_group(judged: dict[tuple[str, str, str], Scores]) -> None:
    groups = {(kind, group) for kind, group, _ in judged}
    # all together, five arcs and five classes of stability
    assert len(groups) == 11
    for group in groups:
        ours, theirs = judged[*group, OURS], judged[*group, THEIRS]
        assert (ours.pairs, ours.within_two) == (theirs.pairs, theirs.within_two)
        assert ours.bias == pytest.approx(theirs.bias, abs=2e-3)
        assert ours.error == pytest.approx(theirs.error, rel=2e-3)
        assert ours.geometric_bias == pytest.approx(theirs.geometric_bias, rel=2e-3)
        assert ours.highest_modelled == pytest.approx(theirs.highest_modelled, rel=2e-3)


def test_farthest_arc_and_most_unstable_hours_agree_least(judged: dict[tuple[str, str, str], Scores]) -> None:
    for kind, worst in (("arc", "800 m"), ("stability", "very unstable, -10 m < L < 0")):
        within = {
            group: found.within_two for (of, group, model), found in judged.items() if (of, model) == (kind, OURS)
        }
        assert min(within, key=lambda group: within[group]) == worst


def test_year_beside_a_power_station_is_as_well_told_as_by_aermod(data_folder: Path) -> None:
    if not (data_folder / "dispersion" / "bowline").is_dir():
        pytest.skip("no year of Bowline in the data folder")
    _, found = dispersion_evaluation.evaluate(data_folder / "dispersion", experiments=[BOWLINE])
    told = {(one.group, one.model): one.scores for one in found}
    for monitor in ("Bowline", "Boat Ramp"):
        ours, theirs = told[monitor, OURS], told[monitor, "AERMOD"]
        assert ours.pairs == theirs.pairs > 7000
        assert ours.pairs + ours.left_out == 8760
        assert ours.bias == pytest.approx(theirs.bias, abs=2e-3)
        assert ours.error == pytest.approx(theirs.error, rel=2e-3)
        assert ours.correlation == pytest.approx(theirs.correlation, abs=2e-3)
        assert ours.highest_modelled == pytest.approx(theirs.highest_modelled, rel=5e-3)
