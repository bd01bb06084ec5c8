"""Peaks, alerts, visible emissions, totals and duties from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_on_a_record import open_record
from tests.services.stack_year import Told, filled

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.settings import Settings

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    settings = Settings(home=tmp_path / "home")
    filled(open_record(settings, read_only=False)).close()
    return Wiring(
        settings=lambda: settings,
        now=lambda: NOW,
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


@pytest.fixture
def averages(tmp_path: Path) -> list[str]:
    path = tmp_path / "averages.parquet"
    Told().frame.write_parquet(path)
    return ["--averages", str(path)]


def answered(capsys: pytest.CaptureFixture[str], wiring: Wiring, *arguments: str) -> Any:
    capsys.readouterr()
    assert run(["stack", *arguments, "--json"], wiring) == Exit.OK, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def said(capsys: pytest.CaptureFixture[str], wiring: Wiring, *arguments: str) -> str:
    capsys.readouterr()
    assert run(["stack", *arguments], wiring) == Exit.OK, capsys.readouterr().err
    return capsys.readouterr().out


def test_peaks_are_listed_with_cause_and_what_else_shows_them(
    wiring: Wiring, averages: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = answered(capsys, wiring, "peaks", "werk", "2026", *averages, "--order", "limit")
    assert [one["stream"] for one in told["peaks"]] == ["K1-nox", "K1-co"]
    text = said(capsys, wiring, "peaks", "werk", "2026", *averages, "--most", "1")
    assert "K1-nox\t2026-03-03 04:00\t60\t500.0\t80.0\t1.68\t" in text or "K1-co" in text
    assert run(["stack", "peaks", "werk", "2026", *averages, "--least-load", "x", "much"], wiring) == Exit.USAGE


def test_totals_and_what_was_reported_stand_in_one_table(
    wiring: Wiring, averages: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = answered(capsys, wiring, "totals", "werk", "2026", *averages)
    assert {one["id"]: one["standing"] for one in told["rows"]}["nox"] == "below"
    text = said(capsys, wiring, "totals", "werk", "2026", *averages)
    assert "Nitrogen oxides (NOX)\tM\t17500\t480\t17500\t0\t100000\tbelow\t\tnothing" in text


def test_totals_are_published_as_a_leaf_and_not_of_an_earlier_state(
    wiring: Wiring, averages: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stack", "totals", "werk", "2026", *averages, "--publish"], wiring) == Exit.REFUSED
    wiring = replace(wiring, now=lambda: datetime(2027, 1, 15, tzinfo=UTC))
    leaf = answered(capsys, wiring, "totals", "werk", "2026", *averages, "--publish")["leaf"]
    assert answered(capsys, wiring, "totals", "werk", "2026", *averages, "--publish")["leaf"] == leaf
    told = ["stack", "totals", "werk", "2026", *averages, "--publish", "--as-of", str(leaf)]
    assert run(told, wiring) == Exit.USAGE


def test_visible_emissions_are_shown_counted_with_an_estimate_that_asks(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answered(capsys, wiring, "diffuse", "werk", "--from", "2026-03-01", "--until", "2026-03-10", "--wind")
    assert {one["id"] for one in told["levels"]} == {"bp/1.1", "is.46.doors"}
    assert len(told["wind"]) == 3
    text = said(capsys, wiring, "diffuse", "werk", "--from", "2026-03-01", "--until", "2026-03-10")
    assert "bp/1.1\tcondition\t2026-02-08\t2026-03-09\t2\t6.00\t5\tabove" in text
    assert "estimate doors.bso: 26.1 kg (15.0 to 52.3), memory-medium." in text


def test_calendar_is_listed_and_written_as_an_agenda(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plichten.ics"
    told = answered(capsys, wiring, "calendar", "werk", "--ics", str(path))
    assert told["duties"][0]["state"] == "late"
    text = path.read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:AST doen: K1-nox\r\n" in text
    assert text.count("BEGIN:VEVENT") == sum(one["done_on"] is None for one in told["duties"])
    assert "ast-" not in said(capsys, wiring, "calendar", "werk", "--on", "2026-03-20").split("\n")[0]


@pytest.mark.django_db(transaction=True)
def test_alert_is_checked_issued_listed_and_retracted(
    wiring: Wiring, averages: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = answered(capsys, wiring, "alerts", "check", "werk", "2026", *averages)
    assert {one["stream"]: one["passes"] for one in told["peaks"]}["K1-nox"] is True
    assert told["leaves"] == []
    assert len(answered(capsys, wiring, "alerts", "check", "werk", "2026", *averages, "--issue")["leaves"]) >= 1
    name = "K1-nox:20260303T040000Z"
    assert name in said(capsys, wiring, "alerts", "list", "werk")
    gone = answered(capsys, wiring, "alerts", "retract", name, "--reason", "De analysator was verstopt.")
    assert gone["alert"] == name
    assert f"{name}\tretracted" in said(capsys, wiring, "alerts", "list")
    assert run(["stack", "alerts", "retract", name, "--reason", "x"], wiring) != Exit.OK
    assert "alert-retracted" in capsys.readouterr().err
