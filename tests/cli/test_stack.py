"""The commands about emission points, on a record with signed reports: as text and JSON."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, SIGNER
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL
from tests.services.test_control_measurements import control, half_hours
from tests.services.test_instrument_tests import QAL2, readings, report

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services import streams
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    found = Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: datetime(2026, 6, 1, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    record = open_record(found.settings(), read_only=False)
    enter_bureau(record)
    streams.put(record, ALL, NOW)
    submit(record, report_file([report("qal2", QAL2)]))
    record.close()
    return found


def test_tests_of_a_site_are_listed_with_what_the_bureau_says(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stack", "tests", "werk"], wiring) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[1].split("\t") == [
        *("meetbureau:qal2-1", "qal2", "K1", "nox", "2026-03-06", "passed", "undetermined", "passed"),
    ]


def test_one_test_is_shown_with_every_number(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stack", "tests", "werk", "--report", "meetbureau:qal2-1", "--json"], wiring) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["function"] == {"offset": "2", "slope": "3"}
    assert found["variability"]["s_d"] == "1.463850109"
    assert (found["valid_high"], found["bureau_says"], found["signed"]) == ("51.7", "passed", True)
    assert run(["stack", "tests", "werk", "--report", "meetbureau:qal2-1"], wiring) == 0
    out = capsys.readouterr().out
    assert "2 + 3 · raw" in out
    assert "decides nothing" in out


def test_each_reading_of_a_control_chart_beyond_a_bound_is_told_with_its_day(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    # s = 2: 2·(4 - 1.002) = 5.996 is above 2·2.85 = 5.7 on 5 February, adjusted; the newest reading is in order
    record = open_record(wiring.settings(), read_only=False)
    submit(record, readings(["4", "4", "0"], adjusted=1, sigma_zero="2"), 2)
    record.close()
    assert run(["stack", "tests", "werk", "--report", "meetbureau:qal3-1"], wiring) == 0
    out = capsys.readouterr().out
    assert "zero: qal3.cusum.h_x 5.996 above 5.7, adjusted after it" in out
    assert "2026-02-05" in out
    assert run(["stack", "tests", "werk", "--report", "meetbureau:qal3-1", "--json"], wiring) == 0
    (chart,) = json.loads(capsys.readouterr().out)["charts"]
    assert [(one["at"][:10], one["id"], one["value"]) for one in chart["calls"]] == [
        ("2026-02-05", "qal3.cusum.h_x", "5.996")
    ]


def test_report_that_is_not_there_is_not_found(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stack", "tests", "werk", "--report", "meetbureau:x"], wiring) == Exit.NOT_FOUND
    assert "measurement-unknown" in capsys.readouterr().err


def test_control_measurement_is_shown_beside_the_company(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = open_record(wiring.settings(), read_only=False)
    submit(record, control(["60", "62", "58"]), 7)
    record.close()
    file = tmp_path / "kort.parquet"
    half_hours("K1-nox", [60, 62, 58]).write_parquet(file)
    assert run(["stack", "control", "werk", "--averages", str(file), "--json"], wiring) == 0
    (found,) = json.loads(capsys.readouterr().out)["reports"]
    assert (found["verdict"], found["control"], found["company"], found["e_n"]) == ("equivalent", "60", "60", "0")
    assert found["uncertainty_of_company"] == "qal2"
    assert run(["stack", "control", "werk", "--averages", str(file)], wiring) == 0
    assert "equivalent" in capsys.readouterr().out.splitlines()[1].split("\t")
    published = ["stack", "control", "werk", "--averages", str(file), "--publish"]
    assert run([*published, "--json"], wiring) == 0
    (leaf,) = json.loads(capsys.readouterr().out)["leaves"]
    assert run([*published, "--as-of", str(leaf)], wiring) == Exit.USAGE
    capsys.readouterr()
    name = ["stack", "representative", "meetbureau:control-1", "--averages", str(file)]
    assert run(name, wiring) == 0
    assert "can't be told" in capsys.readouterr().out
    assert run([*name, "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["stands"] == "cannot_tell"


def test_matrix_of_substances_is_shown_on_a_day(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    record = open_record(wiring.settings(), read_only=False)
    submit(record, control(["60"]), 7)
    record.close()
    assert run(["stack", "coverage", "werk", "--on", "2026-04-11", "--json"], wiring) == 0
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert (cell["emission_point"], cell["substance"], cell["days"]) == ("K1", "nox", 10)
    assert cell["findings"] == ["found_not_permitted"]
    assert run(["stack", "coverage", "werk", "--on", "2026-04-11"], wiring) == 0
    assert "found_not_permitted" in capsys.readouterr().out
    assert run(["stack", "coverage", "werk", "--on", "soon"], wiring) == Exit.USAGE


def test_weeks_outside_the_range_are_listed(wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kort.parquet"
    half_hours("K1-nox", [500] * 10).write_parquet(file)  # one week, all of it above the range, after the test
    assert run(["stack", "tests", "werk", "--ranges", "--averages", str(file), "--json"], wiring) == 0
    (found,) = json.loads(capsys.readouterr().out)["ranges"]
    assert (found["since"], found["weeks"], found["outcome"]) == ("2026-03-06", 1, "failed")
    assert run(["stack", "tests", "werk", "--ranges", "--averages", str(file)], wiring) == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[0] == "K1-nox"
