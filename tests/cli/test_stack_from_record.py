"""Commands about stacks take averages from the raw values in the record where no file is given, as of any state."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.cli.test_on_a_record import open_record
from tests.services.measuring import enter_bureau, submit
from tests.services.stack_week import begin, deliver, settle
from tests.services.stack_year import filled
from tests.services.test_control_measurements import control

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.settings import Settings


class Installed(NamedTuple):
    """An installation with ten days of minutes, and the tree size before these came."""

    wiring: Wiring
    before: str


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    settings = Settings(home=tmp_path_factory.mktemp("werk") / "home")
    record = filled(open_record(settings, read_only=False))
    enter_bureau(record)
    settle(record)
    sample = {"start": begin(48).isoformat(), "end": begin(49).isoformat(), "value": "95", "u95": "6"}
    submit(record, control(["95"], samples=[sample]))
    before = deliver(record)
    record.close()
    wiring = Wiring(
        settings=lambda: settings,
        now=lambda: datetime(2026, 3, 20, 12, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    return Installed(wiring, str(before))


def told(capsys: pytest.CaptureFixture[str], wiring: Wiring, *arguments: str) -> Any:
    capsys.readouterr()
    assert run(["stack", *arguments, "--json"], wiring) == Exit.OK, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_peaks_and_what_would_be_alerted(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    wiring, before = installed
    found = told(capsys, wiring, "peaks", "werk", "2026")["peaks"]
    assert {one["stream"]: one["extra_mass"] for one in found}["K1-nox"] == 30_160_000
    assert told(capsys, wiring, "peaks", "werk", "2026", "--as-of", before)["peaks"] == []
    checked = told(capsys, wiring, "alerts", "check", "werk", "2026")["peaks"]
    assert {one["stream"]: one["passes"] for one in checked}["K1-nox"] is True


def test_totals_of_the_year(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    wiring, before = installed
    rows = {one["id"]: one for one in told(capsys, wiring, "totals", "werk", "2026")["rows"]}
    assert (rows["nox"]["low"], rows["nox"]["accidental"]) == (2_497_360_000, 40_440_000)
    assert "nox" not in {one["id"] for one in told(capsys, wiring, "totals", "werk", "2026", "--as-of", before)["rows"]}


def test_control_measurement_beside_the_company(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    wiring, before = installed
    (found,) = told(capsys, wiring, "control", "werk")["reports"]
    assert [(one["control"], one["company"]) for one in found["pairs"]] == [("95", "97.6")]
    (earlier,) = told(capsys, wiring, "control", "werk", "--as-of", before)["reports"]
    assert "pairs" not in earlier
    assert told(capsys, wiring, "representative", "meetbureau:control-1")["hours"] == "0.2"


def test_weeks_outside_the_range_and_the_calendar(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    wiring, before = installed
    ranges = told(capsys, wiring, "tests", "werk", "--ranges")["ranges"]
    assert {one["stream"]: one["weeks"] for one in ranges} == {"K1-nox": 2}
    assert run(["stack", "tests", "werk", "--ranges", "--report", "x"], wiring) == Exit.USAGE
    duties = told(capsys, wiring, "calendar", "werk")["duties"]
    assert [one["due"] for one in duties if one["kind"] == "notice"] == ["2026-03-08"]
    earlier = told(capsys, wiring, "calendar", "werk", "--as-of", before)["duties"]
    assert not [one for one in earlier if one["kind"] == "notice"]


def test_file_made_elsewhere_goes_with_the_weeks_alone(
    installed: Installed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kort.parquet"
    file.write_bytes(b"")
    assert run(["stack", "tests", "werk", "--averages", str(file)], installed.wiring) == Exit.USAGE
    assert "--ranges" in capsys.readouterr().err
