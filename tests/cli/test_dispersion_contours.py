"""Contours, people and comparisons with the commands alone: files in, files out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.adapters.test_aermet import CALM, DAY, NIGHT, surface
from tests.cli.test_dispersion import AROUND, works
from tests.cli.test_expectations import Clock, wiring
from tests.services.test_dispersion_run import SOURCES

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring

__all__ = ["wiring", "works"]
Told = pytest.CaptureFixture[str]
CORNERS = [(x, y) for y in (0, 1000, 2000) for x in (0, 1000, 2000)]
RISING = b"id,x,y,mean\n" + b"".join(b"%d,%d,%d,%d\n" % (n, x, y, x // 1000) for n, (x, y) in enumerate(CORNERS))
"""A square of 2 km in which the mean goes up by one a kilometre east."""
PEOPLE = (
    b"postcode,inwoners,lat,lon\n1000,500,52.475,4.6037\n1001,70,52.475,4.6221\n1002,9,53,6\n1003,NA,52.475,4.6221\n"
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, data in (
        ("kept.csv", RISING),
        ("half.csv", RISING.replace(b",2\n", b",1.94\n")),
        ("people.csv", PEOPLE),
        ("a.sfc", surface(DAY, NIGHT, CALM)),
        ("s.csv", SOURCES),
    ):
        (tmp_path / name).write_bytes(data)
    return tmp_path


HERE = ("--around", "52.47,4.60")


def test_contours_of_kept_values_with_the_people_in_them(wiring: Wiring, files: Path, capsys: Told) -> None:
    command = ["dispersion", "contours", "--result", str(files / "kept.csv"), *HERE, "--statistic", "mean"]
    command += ["--levels", "0.5,1.5", "--geojson", str(files / "o.json")]
    people = ["--population", str(files / "people.csv"), "--counted-on", "2021-01-01"]
    assert run([*command, *people, "--json"], wiring) == Exit.OK
    found = json.loads(capsys.readouterr().out)
    # 1.5 by 2 km and 0.5 by 2 km
    assert [one["km2"] for one in found["contours"]] == [pytest.approx(3.0), pytest.approx(1.0)]
    assert [one["cut_off_by_edge"] for one in found["contours"]] == [True, True]
    # a degree of longitude is 67.95 km there: the places lie 250 m and 1.5 km east of the middle, of 0.25 and 1.5
    classes = found["people"]["classes"]
    assert [(one["people"], one["not_told"]) for one in classes] == [(500, 0), (0, 0), (70, 1)]
    assert found["people"]["outside"]["people"] == 9
    assert found["people"]["counted_on"] == "2021-01-01"
    told = json.loads((files / "o.json").read_text(encoding="utf-8"))
    assert [one["properties"]["level"] for one in told["features"]] == [0.5, 1.5]
    assert told["features"][0]["properties"]["unit"] == "µg/m³"
    assert told["features"][0]["properties"]["of"] == "kept.csv"
    assert run([*command, *people], wiring) == Exit.OK
    said = capsys.readouterr()
    assert "1.5\t\t1\t1" in said.out
    assert "goes on past the edge of the grid" in said.err
    assert "9 people in 1 areas outside" in said.err
    assert "people of 2021-01-01, from people.csv" in said.err


@pytest.mark.parametrize(
    ("column", "given", "unit"),
    [
        ("mean", [], "µg/m³"),
        ("hours-over-20", [], "hours"),
        ("days-over-50", [], "days"),
        ("JGM", [], "µg/m³"),
        ("hours-over-20", ["--unit", "uren"], "uren"),
    ],
)
def test_unit_is_that_of_the_statistic_where_none_is_given(
    wiring: Wiring, files: Path, capsys: Told, column: str, given: list[str], unit: str
) -> None:
    (files / "other.csv").write_bytes(RISING.replace(b"mean", column.encode()))
    shared = [*HERE, "--levels", "0.5", "--statistic", column, "--geojson", str(files / "o.json"), *given]
    assert run(["dispersion", "contours", "--result", str(files / "other.csv"), *shared, "--json"], wiring) == Exit.OK
    assert json.loads(capsys.readouterr().out)["unit"] == unit
    (drawn,) = json.loads((files / "o.json").read_text(encoding="utf-8"))["features"]
    assert drawn["properties"]["unit"] == unit
    two = [str(files / "other.csv")] * 2
    if column != "JGM":
        assert run(["dispersion", "compare", *two, *shared], wiring) == Exit.OK
        drawn, _ = json.loads((files / "o.json").read_text(encoding="utf-8"))["features"]
        assert drawn["properties"]["unit"] == unit


def test_contours_of_sources_are_kept_and_drawn_again(wiring: Wiring, files: Path, capsys: Told) -> None:
    given = ["--surface", str(files / "a.sfc"), "--sources", str(files / "s.csv"), *HERE, "--levels", "0.01,0.1"]
    grid = ["--half", "4000", "--step", "500", "--finer", "1000,250", "--also", "highest"]
    command = ["dispersion", "contours", *given, *grid, "--keep", str(files / "k.csv"), "--json"]
    assert run([*command, "--geojson", str(files / "o.json")], wiring) == Exit.OK
    for one in json.loads((files / "o.json").read_text(encoding="utf-8"))["features"]:
        assert one["properties"]["years"] == [2024]
        assert one["properties"]["simulated"] is False
        assert "not the NNM" in one["properties"]["model"]
    told = capsys.readouterr()
    assert "1 places without a value: too near to a source" in told.err
    assert "2 hours; left out: 1 calm" in told.err
    rows = list(csv.DictReader((files / "k.csv").open(encoding="utf-8")))
    assert list(rows[0]) == ["id", "x", "y", "mean", "highest"]
    # 17 × 17 less 5 × 5, and 9 × 9
    assert len(rows) == 17 * 17 - 25 + 81
    assert [row["mean"] for row in rows if (float(row["x"]), float(row["y"])) == (0, 0)] == [""]
    again = ["dispersion", "contours", "--result", str(files / "k.csv"), *HERE, "--levels", "0.01,0.1", "--json"]
    assert run(again, wiring) == Exit.OK
    before, after = (json.loads(one)["contours"] for one in (told.out, capsys.readouterr().out))
    assert [one["km2"] for one in after] == [pytest.approx(one["km2"], rel=1e-3) for one in before]
    assert before[0]["km2"] > before[1]["km2"] > 0


@pytest.mark.parametrize("places", [["--rings", "500,1000,2000", "--spokes", "8"], ["--places", "kept.csv"]])
def test_places_may_be_rings_or_a_table(wiring: Wiring, files: Path, capsys: Told, places: list[str]) -> None:
    given = ["--surface", str(files / "a.sfc"), "--sources", str(files / "s.csv"), *HERE, "--levels", "0.01"]
    there = [str(files / one) if one == "kept.csv" else one for one in places]
    command = ["dispersion", "contours", *given, *there, "--keep", str(files / "k.csv")]
    assert run(command, wiring) == Exit.OK
    assert len((files / "k.csv").read_text().splitlines()) == 1 + (24 if "--rings" in places else 9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--levels", "1"], "Give --rd or --around"),
        (["--levels", "1", "--rd", *HERE], "Give --rd or --around"),
        (["--levels", "veel", "--rd"], "'veel' is not numbers"),
        (["--levels", "1", "--around", "95,4"], "--around"),
        (["--levels", "1", *HERE, "--population", __file__], "--counted-on go together"),
        (["--levels", "1", *HERE, "--half", "100"], "--result goes without"),
    ],
)
def test_what_was_not_given_is_said(wiring: Wiring, files: Path, capsys: Told, given: list[str], said: str) -> None:
    assert run(["dispersion", "contours", "--result", str(files / "kept.csv"), *given], wiring) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_grid_without_a_step_is_asked_for(wiring: Wiring, files: Path, capsys: Told) -> None:
    given = ["--surface", str(files / "a.sfc"), "--sources", str(files / "s.csv"), *HERE, "--levels", "1"]
    assert run(["dispersion", "contours", *given, "--half", "1000"], wiring) == Exit.USAGE
    assert "--half and --step" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "code"),
    [(["--levels", "2,1"], "query-levels"), (["--levels", "1", "--statistic", "p98"], "input-missing-column")],
)
def test_mistake_in_what_was_given_is_named(
    wiring: Wiring, files: Path, capsys: Told, given: list[str], code: str
) -> None:
    assert run(["dispersion", "contours", "--result", str(files / "kept.csv"), *HERE, *given], wiring) != Exit.OK
    assert code in capsys.readouterr().err


def test_two_results_stand_beside_each_other(wiring: Wiring, files: Path, capsys: Told) -> None:
    command = ["dispersion", "compare", str(files / "kept.csv"), str(files / "half.csv"), *HERE, "--levels", "0.5"]
    command += ["--geojson", str(files / "c.json"), "--csv", str(files / "c.csv")]
    assert run([*command, "--json"], wiring) == Exit.OK
    (one,) = json.loads(capsys.readouterr().out)["compared"]
    # nothing beside nothing, 1 beside 1, and 1.94 beside 2: three per cent
    assert (one["statistic"], one["share"], one["alike"]) == ("mean", 1.0, True)
    rows = list(csv.DictReader((files / "c.csv").open(encoding="utf-8")))
    assert {(row["kept.csv"], row["half.csv"], row["ratio"]) for row in rows} == {
        *(("0", "0", ""), ("1", "1", "1"), ("2", "1.94", "0.97")),
    }
    told = json.loads((files / "c.json").read_text(encoding="utf-8"))
    assert [feature["properties"]["of"] for feature in told["features"]] == ["kept.csv", "half.csv"]
    assert run(command, wiring) == Exit.OK
    assert "mean\t9\t0\t100.0 %\tyes\t0.985\t-0.06" in capsys.readouterr().out


def test_code_for_no_value_is_counted_and_no_value(wiring: Wiring, files: Path, capsys: Told) -> None:
    rows = [f"p{n},{100 * (n % 3)},{100 * (n // 3)},{-9999 if n == 8 else 1}" for n in range(9)]
    (files / "nnm.csv").write_text("\n".join(["id,x,y,mean", *rows]) + "\n", encoding="utf-8")
    shown = ["dispersion", "contours", "--result", str(files / "nnm.csv"), *HERE, "--levels", "0.5", "--json"]
    assert run(shown, wiring) == Exit.OK
    told = capsys.readouterr()
    assert json.loads(told.out)["without_value"] == 1
    assert "1 of 9 places without a value in nnm.csv, column mean" in told.err
    command = ["dispersion", "compare", str(files / "nnm.csv"), str(files / "nnm.csv"), *HERE, "--json"]
    assert run(command, wiring) == Exit.OK
    told = capsys.readouterr()
    (one,) = json.loads(told.out)["compared"]
    assert (len(one["pairs"]), one["not_told"]) == (8, 1)
    assert "1 of 9 places without a value in nnm.csv, column mean" in told.err


def test_concentration_below_nought_is_refused_with_its_place(wiring: Wiring, files: Path, capsys: Told) -> None:
    (files / "nnm.csv").write_bytes(b"id,x,y,mean\na,0,0,1\nb,0,100,-3\n")
    command = ["dispersion", "compare", str(files / "nnm.csv"), str(files / "nnm.csv"), *HERE]
    assert run(command, wiring) != Exit.OK
    told = capsys.readouterr().err
    for said in ("input-number", "nnm.csv, line 3, column mean", "-3", "leave the cell empty"):
        assert said in told


def test_columns_that_go_together_are_named(wiring: Wiring, files: Path, capsys: Told) -> None:
    (files / "theirs.csv").write_bytes(RISING.replace(b"mean", b"JGM").replace(b",", b";"))
    command = ["dispersion", "compare", str(files / "theirs.csv"), str(files / "kept.csv"), *HERE]
    assert run([*command, "--column", "JGM=mean"], wiring) == Exit.OK
    assert "JGM\t9" in capsys.readouterr().out
    assert run(command, wiring) != Exit.OK
    assert "input-missing-column" in capsys.readouterr().err
    assert run([*command, "--column", "JGM"], wiring) == Exit.USAGE


def test_contours_of_what_works_reported_have_each_assumed_stack(works: Wiring, tmp_path: Path, capsys: Told) -> None:
    command = ["dispersion", "reported", "so2", "--year", "2019", "--around", AROUND, "--within", "5"]
    command += ["--station", "KNMI901", "--roughness", "0.1", "--from", "2019-06-01", "--until", "2019-06-03"]
    command += ["--half", "3000", "--step", "500", "--levels", "0.1,1", "--geojson", str(tmp_path / "o.json")]
    assert run([*command, "--json"], works) == Exit.OK
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert [(one["stack"], one["level"]) for one in found["contours"]] == [
        (stack, level) for stack in ("low", "middle", "high") for level in (0.1, 1)
    ]
    assert "31,536 kg reported by Een Staal BV" in told.err
    drawn = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["stack"] for one in drawn] == ["low"] * 2 + ["middle"] * 2 + ["high"] * 2
    for said in (one["properties"] for one in drawn):
        assert (said["substance"], said["years"], said["simulated"]) == ("so2", [2019], False)
        assert "not the NNM" in said["model"]
    # a day of wind from the west and one from the east: the plume of the works lies along the line of latitude
    points = [point for part in drawn[0]["geometry"]["coordinates"] for point in part[0]]
    x, y = [one[0] for one in points], [one[1] for one in points]
    assert (max(x) - min(x)) * 68.3 > (max(y) - min(y)) * 111.3
