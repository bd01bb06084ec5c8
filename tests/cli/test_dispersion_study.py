"""Commands on dispersion studies: what a scenario refuses, and what is shown of one that is ready."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from tests.cli.test_dispersion import AROUND, works
from tests.cli.test_expectations import Clock, wiring
from tests.services.test_dispersion_study import WORKS

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services import dispersion_study
from goedebuur.services.dispersion_study import Emitter
from goedebuur.store.studies import Studies

__all__ = ["wiring", "works"]
Told = pytest.CaptureFixture[str]
NEW = ["dispersion", "study", "new", "Rond het staal", "--substance", "so2", "--year", "2019", "--station", "KNMI901"]
NEW += ["--middle", AROUND, "--half", "1", "--step", "500", "--facility", WORKS]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    "given",
    [
        *(["--roughness", "0.1"], ["--clouds", "KNMI902"], ["--sea", "205,25"], ["--half", "5"], ["--step", "250"]),
        *(["--as-of", "1"], ["--substance", "so2"], ["--levels", "1,2"]),
    ],
)
def test_scenario_refuses_what_it_has_of_its_base(works: Wiring, capsys: Told, given: list[str]) -> None:
    assert run(NEW, works) == Exit.OK
    assert run(["dispersion", "study", "new", "Anders", "--base", "rond-het-staal", *given], works) == Exit.USAGE
    assert "A scenario has the substance, years, weather and square of its base." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["--facility", "NL.X/9.FACILITY"], Exit.USAGE, "The register has no such facility"),
        (["--facility", f"{WORKS},permitted"], Exit.USAGE, "It is not known how much this facility lets out."),
        (["--year", "2018", "--facility", WORKS], Exit.USAGE, "It is not known how much this facility lets out."),
        (["--facility", f"{WORKS},3.160"], Exit.USAGE, "may be thousands"),
        (["--facility", f"{WORKS},3,160"], Exit.USAGE, "says its emission more than once"),
        (["--facility", f"{WORKS},permitted,1000"], Exit.USAGE, "says its emission more than once"),
        (["--facility", f"{WORKS},high,60x2x400x15"], Exit.USAGE, "says its stack more than once"),
        (["--facility", WORKS, "--station", "KNMI999"], Exit.NOT_FOUND, "KNMI999"),
        (["--facility", WORKS, "--clouds", "KNMI999"], Exit.NOT_FOUND, "KNMI999"),
        (["--facility", WORKS, "--roughness", "2"], Exit.USAGE, "roughness"),
    ],
)
def test_study_that_cannot_be_reckoned_is_not_made(
    works: Wiring, capsys: Told, given: list[str], code: Exit, said: str
) -> None:
    assert run([*NEW[:-2], *given], works) == code
    assert said in capsys.readouterr().err
    assert run(["dispersion", "study", "list"], works) == Exit.OK
    assert "rond-het-staal" not in capsys.readouterr().out


def test_scenario_that_cannot_be_reckoned_is_not_made(works: Wiring, capsys: Told) -> None:
    assert run(NEW, works) == Exit.OK
    given = ["dispersion", "study", "new", "Anders", "--base", "rond-het-staal", "--facility", f"{WORKS},permitted"]
    assert run(given, works) == Exit.USAGE
    assert "It is not known how much this facility lets out." in capsys.readouterr().err


def test_command_that_reckons_ends_as_the_study_that_failed(works: Wiring, capsys: Told) -> None:
    assert run([*NEW, "--year", "2018"], works) != Exit.OK  # nothing is known of it: not even asked
    assert run(NEW, works) == Exit.OK
    studies = Studies(works.settings().home)
    study = dispersion_study.find(studies, "rond-het-staal")
    # as it was asked of a register that had such a facility
    other = replace(study, emitters=(Emitter("NL.X/9.FACILITY"),))
    studies.put(study.id, "study.json", msgspec.json.encode(other))
    assert run(["dispersion", "study", "work"], works) == Exit.USAGE
    assert "The register has no such facility" in capsys.readouterr().err


def test_what_was_not_looked_at_is_not_said_to_be_none(works: Wiring, capsys: Told) -> None:
    for given in ([], ["--sea", "205,25"]):
        assert run([*NEW, *given], works) == Exit.OK
    assert run(["dispersion", "study", "work"], works) == Exit.OK
    capsys.readouterr()
    said = []
    for name in ("rond-het-staal", "rond-het-staal-2"):
        assert run(["dispersion", "study", "show", name], works) == Exit.OK
        said.append("not looked at: no directions of the sea were given" in capsys.readouterr().out)
    assert said == [True, False]


def test_hours_and_days_are_shown_as_such(works: Wiring, tmp_path: Path, capsys: Told) -> None:
    statistics = ["--statistic", "mean", "--statistic", "hours-over-0.01", "--statistic", "days-over-0.01"]
    assert run([*NEW, *statistics], works) == Exit.OK
    assert run(["dispersion", "study", "work"], works) == Exit.OK
    capsys.readouterr()
    assert run(["dispersion", "study", "show", "rond-het-staal"], works) == Exit.OK
    told = capsys.readouterr().out.splitlines()
    for name, unit in (("mean", "µg/m³"), ("hours-over-0.01", "hours"), ("days-over-0.01", "days")):
        (line,) = (one for one in told if one.startswith(f"highest at the places of the grid: {name} "))
        assert line.split()[-1] == unit
    assert run(["dispersion", "study", "show", "rond-het-staal", "--json"], works) == Exit.OK
    assert json.loads(capsys.readouterr().out)["outcome"]["hours"] == 48
