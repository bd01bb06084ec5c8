"""Our plume beside an experiment, with the command alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_expectations import Clock, wiring
from tests.services.test_dispersion_evaluation import made

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring

__all__ = ["wiring"]
Told = pytest.CaptureFixture[str]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_models_stand_beside_each_other_by_group(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    assert run(["dispersion", "evaluate", str(made(tmp_path)), "--output", str(tmp_path / "out")], wiring) == Exit.OK
    told = capsys.readouterr()
    assert "Prairie Grass, 1956: 3 rows count; 1 lack a measurement or a model" in told.err
    assert "written: pgrass-quantiles.svg" in told.err
    assert (tmp_path / "out" / "pgrass-residuals-arc.svg").is_file()
    rows = [line.split("\t") for line in told.out.splitlines()]
    theirs = next(row for row in rows if row[:4] == ["pgrass", "all", "all", "AERMOD 24142"])
    # 4 beside 2, 9 beside 10 and 4 beside 4: FB −2 ÷ 33, all within a factor of two
    assert (theirs[4], theirs[5], theirs[7]) == ("3", "-0.061", "1.000")


def test_program_reads_the_scores_and_the_names_of_the_files(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    assert run(["dispersion", "evaluate", str(made(tmp_path)), "--json"], wiring) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == []
    first = told["scores"][0]
    assert (first["experiment"], first["kind"], first["model"]) == ("pgrass", "all", "Goede Buur")
    assert first["scores"]["pairs"] == 3
    # a group without a measurement has no figure
    far = next(one for one in told["scores"] if one["group"] == "800 m")
    assert (far["scores"]["pairs"], far["scores"]["bias"]) == (0, None)


def test_folder_without_an_experiment_is_refused(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    assert run(["dispersion", "evaluate", str(tmp_path)], wiring) != Exit.OK
    assert "what to do: It holds the files of one" in capsys.readouterr().err


def test_experiment_that_is_not_known_is_refused(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    assert run(["dispersion", "evaluate", str(made(tmp_path)), "--only", "cabauw"], wiring) == Exit.USAGE
    assert "'cabauw' is none of pgrass, bowline" in capsys.readouterr().err
