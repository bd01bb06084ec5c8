"""From an expectation to the list of what is late, with the commands alone."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import SIGNER
from tests.services.expecting import day, hours

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings

Told = pytest.CaptureFixture[str]
ADD = (
    *("expectations", "add", "daily", "--submitter", "meetbureau", "--series", "NL90001.so2.1h", "--step", "3600"),
    *("--every", "day", "--clock", "CET", "--term", "PT6H", "--grace", "PT2H", "--from", "2019-01-01"),
)


class Clock:
    now = day(1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wiring(tmp_path: Path, clock: Clock) -> Wiring:
    def opened(configured: Settings, *, read_only: bool) -> Record:
        return Record.open(configured.record_dir, signer=None if read_only else SIGNER, read_only=read_only)

    return Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: clock.now,
        open_record=opened,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


def ask(wiring: Wiring, told: Told, *arguments: str) -> object:
    told.readouterr()
    assert run([*arguments, "--json"], wiring) == Exit.OK
    return json.loads(told.readouterr().out)


def deliver(wiring: Wiring, clock: Clock, folder: Path, number: int, received: datetime) -> None:
    file = folder / f"day{number}.csv"
    file.write_bytes(hours(number))
    clock.now = received
    assert run(["ingest", str(file), "--submitter", "meetbureau", "--quiet"], wiring) == Exit.OK


def test_expectation_is_listed_and_what_is_late_with_its_reason(
    wiring: Wiring, clock: Clock, tmp_path: Path, capsys: Told
) -> None:
    assert ask(wiring, capsys, *ADD) == {"expectation": "daily", "leaf": 0}
    assert ask(wiring, capsys, *ADD) == {"expectation": "daily", "leaf": None}
    deliver(wiring, clock, tmp_path, 1, day(2) + timedelta(hours=10))
    clock.now = day(3) + timedelta(hours=9)
    listed = ask(wiring, capsys, "expectations", "list")
    assert [(one["id"], one["term"], one["leaf"]) for one in listed["expectations"]] == [("daily", "PT6H", 0)]  # type: ignore[index]
    reason = ("expectations", "reason", "NL90001.so2.1h", "--submitter", "meetbureau")
    span = ("--from", "2019-01-01T23:00Z", "--until", "2019-01-02T23:00Z")
    assert run([*reason, *span, "--code", "instrument-down"], wiring) == Exit.OK
    rows = ask(wiring, capsys, "expectations", "late")["series"]  # type: ignore[index]
    assert [(row["series"], row["late"], row["missing_steps"], row["gaps_without_reason"]) for row in rows] == [
        ("NL90001.so2.1h", 1, 24, 0)
    ]
    (one,) = ask(wiring, capsys, "expectations", "late", "NL90001.so2.1h")["expectations"]  # type: ignore[index]
    assert [(p["state"], p["seconds_late"]) for p in one["periods"]] == [("not_due", 0), ("missing", 0), ("late", 7200)]
    assert [(gap["steps"], [s["code"] for s in gap["stated"]]) for gap in one["gaps"]] == [(24, ["instrument-down"])]
    assert ask(wiring, capsys, "expectations", "late", "--submitter", "rivm") == {"series": []}
    assert ask(wiring, capsys, "expectations", "late", "--as-of", "0") == {"series": []}


def test_text_for_people_has_the_same(wiring: Wiring, clock: Clock, tmp_path: Path, capsys: Told) -> None:
    assert run(list(ADD), wiring) == Exit.OK
    deliver(wiring, clock, tmp_path, 1, day(2) + timedelta(hours=10))
    clock.now = day(2) + timedelta(hours=11)
    capsys.readouterr()
    assert run(["expectations", "late", "NL90001.so2.1h"], wiring) == Exit.OK
    assert "late\t0\t2.0\t\tlate\t" in capsys.readouterr().out
    assert run(["expectations", "late"], wiring) == Exit.OK
    assert "NL90001.so2.1h\tmeetbureau\t1\t0\t1\t0\t0\t0\t0" in capsys.readouterr().out
    assert run(["expectations", "list"], wiring) == Exit.OK
    assert "agreement" in capsys.readouterr().out


@pytest.mark.parametrize(
    "changed", [("--term", "6h"), ("--from", "yesterday"), ("--series", "everything"), ("--step", "86400")]
)
def test_what_cannot_be_expected_is_an_error_of_use(wiring: Wiring, changed: tuple[str, str]) -> None:
    arguments = list(ADD)
    arguments[arguments.index(changed[0]) + 1] = changed[1]
    assert run(arguments, wiring) == Exit.USAGE


def test_end_and_words_outside_the_table(wiring: Wiring, capsys: Told) -> None:
    assert run(list(ADD), wiring) == Exit.OK
    assert run(["expectations", "end", "daily", "--last", "2019-06-30"], wiring) == Exit.OK
    assert run(["expectations", "end", "nothing", "--last", "2019-06-30"], wiring) == Exit.NOT_FOUND
    reason = ["expectations", "reason", "NL90001.so2.1h", "--submitter", "meetbureau", "--from", "2019-01-02"]
    assert run([*reason, "--until", "2019-01-03", "--code", "somebody was ill"], wiring) == Exit.REFUSED
    assert run([*reason, "--until", "2019-01-01", "--code", "late"], wiring) == Exit.USAGE


@pytest.mark.parametrize("asked", [["NL90002.so2.1h"], ["--station", "NL90002"]])
def test_series_and_station_that_nobody_knows_are_not_said_to_be_on_time(
    wiring: Wiring, capsys: Told, asked: list[str]
) -> None:
    ask(wiring, capsys, *ADD)
    assert run(["expectations", "late", *asked], wiring) == Exit.NOT_FOUND
    assert "NL90002" in capsys.readouterr().err
