"""A matrix kept and asked with the commands alone, from the files of a run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.adapters.test_aermet import DAY, NIGHT, surface
from tests.cli.test_expectations import Clock, wiring
from tests.services.test_dispersion_run import RECEPTORS, SOURCES

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services import dispersion_matrix

__all__ = ["wiring"]
Told = pytest.CaptureFixture[str]
TWO = SOURCES + b"B,100,0,3,20,300,12,0.5\n"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    hours = [DAY.replace(" 181 13 ", f" 181 {number} ") for number in range(10, 20)]
    tables = {
        "s.csv": TWO,
        "r.csv": RECEPTORS,
        "a.sfc": surface(*hours, NIGHT),
        "groups.csv": b"group,source\nsouth,B\n",
        "hourly.csv": b"source,start,emission\nB,2024-06-29T12:00,3\nB,2030-01-01T00:00,3\n",
    }
    for name, data in tables.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def keep(files: Path, *more: str) -> list[str]:
    given = ("--sources", "s.csv", "--receptors", "r.csv", "--surface", "a.sfc")
    named = [str(files / one) if one.endswith((".csv", ".sfc")) else one for one in given]
    return ["dispersion", "keep", str(files / "m"), *named, *more]


def of(files: Path, *more: str) -> list[str]:
    return ["dispersion", "of", str(files / "m"), "--emissions", str(files / "s.csv"), *more]


def rows(told: Told) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told.readouterr().out)))


def test_matrix_comes_to_what_a_run_says(wiring: Wiring, files: Path, capsys: Told) -> None:
    assert run(keep(files, "--json"), wiring) == Exit.OK
    said = json.loads(capsys.readouterr().out)
    assert (said["sources"], said["hours"], said["places"], said["precision"]) == (2, 11, 2, "double")
    given = ("--sources", str(files / "s.csv"), "--receptors", str(files / "r.csv"), "--surface", str(files / "a.sfc"))
    assert run(["dispersion", "run", *given, "--json"], wiring) == Exit.OK
    wanted = json.loads(capsys.readouterr().out)["places"]
    assert run(of(files, "--csv"), wiring) == Exit.OK
    for row, one in zip(rows(capsys), wanted, strict=True):
        assert (row["group"], row["place"]) == ("all", one["id"])
        found = {name: float(row[name]) for name in ("mean", "highest", "p98", "p99.9")}
        assert found == pytest.approx(one["statistics"], rel=1e-8)


def test_sources_and_groups_have_their_own_and_add_up(wiring: Wiring, files: Path, capsys: Told) -> None:
    assert run(keep(files), wiring) == Exit.OK
    capsys.readouterr()
    more = ("--each", "--groups", str(files / "groups.csv"), "--statistic", "mean", "--statistic", "high-2")
    assert run(of(files, *more, "--json"), wiring) == Exit.OK
    told = {one["group"]: one for one in json.loads(capsys.readouterr().out)["groups"]}
    assert list(told) == ["all", "A", "B", "south"]
    means = {group: [place["mean"] for place in one["places"]] for group, one in told.items()}
    assert means["all"] == pytest.approx([a + b for a, b in zip(means["A"], means["B"], strict=True)])
    assert means["south"] == means["B"]
    assert told["all"]["places"][0]["high-2"] > 0


def test_hours_of_a_source_that_are_not_known_do_not_count_and_are_told(
    wiring: Wiring, files: Path, capsys: Told
) -> None:
    assert run(keep(files), wiring) == Exit.OK
    capsys.readouterr()
    assert run(of(files, "--hourly", str(files / "hourly.csv"), "--each", "--json"), wiring) == Exit.OK
    told = capsys.readouterr()
    assert [(one["group"], one["hours"], one["without_emission"]) for one in json.loads(told.out)["groups"]] == [
        ("all", 1, 10),
        ("A", 11, 0),
        ("B", 1, 10),
    ]
    assert "B: not known what it lets out in 10 hours: no line of that hour" in told.err
    assert "hourly.csv: 1 lines are of hours that the weather does not have" in told.err
    assert "all: 1 hours count, 10 without an emission do not" in told.err


def test_work_that_is_broken_off_goes_on_with_the_same_command(
    wiring: Wiring, files: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dispersion_matrix.run_blocks

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dispersion_matrix, "run_blocks", broken)
    assert run(keep(files), wiring) != Exit.OK
    capsys.readouterr()
    assert run(of(files), wiring) != Exit.OK
    assert "query-matrix-unfinished" in capsys.readouterr().err
    monkeypatch.setattr(dispersion_matrix, "run_blocks", whole)
    assert run(keep(files), wiring) == Exit.OK
    assert run(of(files), wiring) == Exit.OK


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--statistic", "median"), "query-unknown-statistic"),
        (("--recorded", "A=werk"), "SOURCE=SITE/POINT/SUBSTANCE"),
        (("--groups", "all.csv"), "input-duplicate"),
        (("--groups", "unknown.csv"), "query-unknown-source"),
    ],
)
def test_mistake_is_named(wiring: Wiring, files: Path, capsys: Told, more: tuple[str, str], said: str) -> None:
    (files / "all.csv").write_bytes(b"group,source\nall,A\n")
    (files / "unknown.csv").write_bytes(b"group,source\nsome,C\n")
    assert run(keep(files), wiring) == Exit.OK
    capsys.readouterr()
    option, value = more
    assert run(of(files, option, str(files / value) if value.endswith(".csv") else value), wiring) != Exit.OK
    assert said in capsys.readouterr().err


def test_matrix_of_other_tables_is_refused(wiring: Wiring, files: Path, capsys: Told) -> None:
    assert run(keep(files), wiring) == Exit.OK
    (files / "r.csv").write_bytes(RECEPTORS + b"third,5,900\n")
    assert run(keep(files), wiring) != Exit.OK
    assert "query-other-matrix" in capsys.readouterr().err
    assert run(["dispersion", "of", str(files), "--emissions", str(files / "s.csv")], wiring) != Exit.OK
    assert "query-no-matrix" in capsys.readouterr().err


def test_csv_has_no_name_that_a_spreadsheet_would_run(wiring: Wiring, files: Path, capsys: Told) -> None:
    (files / "r.csv").write_bytes(RECEPTORS.replace(b"near", b"=near()"))
    (files / "groups.csv").write_bytes(b"group,source\n@south,B\n")
    assert run(keep(files), wiring) == Exit.OK
    capsys.readouterr()
    assert run(of(files, "--csv", "--groups", str(files / "groups.csv")), wiring) == Exit.OK
    told = rows(capsys)
    assert {row["group"] for row in told} == {"all", "'@south"}
    assert [(row["place"], row["x"], row["y"]) for row in told[:2]] == [
        ("'=near()", "0", "-1000"),
        ("far", "1000", "-3000"),
    ]
