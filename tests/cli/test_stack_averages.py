"""The commands for averages at a stack: as text, CSV and JSON, and what changed between two states."""

from __future__ import annotations

import csv
import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from tests.services.deliveries import NOW, SIGNER
from tests.services.stacks import ALL
from tests.services.test_stack_averages import AT, HEAD, lines, two_days

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services import delivery, streams
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings

HALF_HOUR = ["stack", "averages", "werk", "K1", "--from", "2026-01-10T13:00Z", "--until", "2026-01-10T13:30Z"]
DAY = ["stack", "averages", "werk", "K1", "--from", "2026-01-09T23:00Z", "--until", "2026-01-10T23:00Z"]


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Wiring, int, int]:
    """Return a record of two days in which one minute was corrected, and the tree sizes before and after."""
    home = tmp_path_factory.mktemp("home")
    found = Wiring(
        settings=lambda: Settings(home=home),
        now=lambda: datetime(2026, 6, 1, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    record = open_record(found.settings(), read_only=False)
    streams.put(record, ALL, NOW)
    delivery.deliver(record, two_days().encode(), "raw.csv", now=NOW)
    before = record.size
    again = HEAD + lines(AT, {"nox": "387,5"})
    delivery.deliver(record, again.encode(), "again.csv", now=NOW + timedelta(hours=1), reason="typing error")
    after = record.size
    record.close()
    return found, before, after


def test_each_step_of_a_half_hour_stands_beside_the_next(
    sizes: tuple[Wiring, int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    wiring, before, _ = sizes
    assert run([*HALF_HOUR, "--stream", "K1-nox", "--csv", "--as-of", str(before)], wiring) == 0
    (row,) = csv.DictReader(StringIO(capsys.readouterr().out))
    assert (row["raw"], row["calibrated"], row["standard"]) == ("115.000000", "118.400000", "94.720000")
    assert (row["reference"], row["start"], row["state"]) == ("o2=11 dry", "2026-01-10T13:00:00Z", "normal")
    assert (row["n"], row["expected"], row["lost"], row["mass_kg"]) == ("30", "30", "", "")
    assert run([*HALF_HOUR, "--json"], wiring) == 0
    found = json.loads(capsys.readouterr().out)["averages"]
    assert [one["stream"] for one in found] == ["K1-nox", "K1-o2"]
    assert found[0]["standard"] == "102.208000"


def test_days_are_on_the_clock_that_is_asked_for(
    sizes: tuple[Wiring, int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    wiring = sizes[0]
    assert run([*DAY, "--per", "day", "--clock", "CET", "--stream", "K1-nox", "--json"], wiring) == 0
    (day,) = json.loads(capsys.readouterr().out)["averages"]
    assert (day["day"], day["n"], day["invalid"]) == ("2026-01-10", 48, 0)
    assert run([*DAY, "--per", "day"], wiring) == Exit.USAGE
    assert "--clock" in capsys.readouterr().err


def test_what_was_lost_is_said_in_words(sizes: tuple[Wiring, int, int], capsys: pytest.CaptureFixture[str]) -> None:
    later = ["stack", "averages", "werk", "K1", "--from", "2026-01-20", "--until", "2026-01-20T00:30", "--json"]
    assert run(later, sizes[0]) == 0
    found = json.loads(capsys.readouterr().out)["averages"]
    assert found[0]["lost"] == ["not delivered", "too small a part measured"]


def test_differences_name_what_one_minute_changed(
    sizes: tuple[Wiring, int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    wiring, before, after = sizes
    asked = ["stack", "differences", "werk", "K1", str(before), str(after)]
    assert run(asked, wiring) == 0
    out = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert out[0] == ["per", "stream", "reference", "start", "column", "before", "after"]
    where = ["short", "K1-nox", "o2=11 dry", "2026-01-10T13:00:00Z"]
    assert [*where, "raw", "115.000000", "124.000000"] in out
    assert [*where, "standard", "94.720000", "102.208000"] in out
    # 387.5 mg/m³ is beyond the range for which the function was shown to hold
    assert [*where, "lost", "", "outside the valid range of the function"] in out
    assert [row[4] for row in out[1:]] == ["raw", "calibrated", "standard", "beyond", "lost"]
    assert run([*asked, "--clock", "CET", "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["start"] for one in told["day"]] == ["2026-01-10"]
    assert [one["start"] for one in told["month"]] == ["2026-01"]
    assert [one["start"] for one in told["year"]] == ["2026"]


def test_refresh_computes_once(sizes: tuple[Wiring, int, int], capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["stack", "refresh", "--from", "2026-01-01", "--until", "2026-02-01", "--json"]
    assert run(asked, sizes[0]) == 0
    assert json.loads(capsys.readouterr().out) == {"kept": 0, "hours": 0, "whole": 1}
    assert run(asked, sizes[0]) == 0
    assert json.loads(capsys.readouterr().out) == {"kept": 1, "hours": 0, "whole": 0}


def test_a_point_without_settings_is_refused(
    sizes: tuple[Wiring, int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["stack", "averages", "werk", "K9", "--from", "2026-01-10", "--until", "2026-01-11"]
    assert run(asked, sizes[0]) == Exit.REFUSED
    assert "stack-no-processing" in capsys.readouterr().err
