"""The program as its user meets it before any record is there: help, errors, exit codes, JSON, completion."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from goedebuur.cli.exits import BY_PREFIX, MEANINGS, Exit, exit_of
from goedebuur.cli.main import COMMANDS, LazyGroup, cli, run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import EMPTY_INPUT, GoedeBuurError
from goedebuur.services.settings import Settings

HEAVY = ("polars", "numpy", "duckdb", "ibis", "pyarrow", "deltalake", "django", "httpx", "rich", "granian", "scipy")


def failing(error: BaseException) -> Callable[..., Any]:
    def open_record(settings: Settings, *, read_only: bool) -> Any:
        raise error

    return open_record


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(
        settings=lambda: Settings(home=tmp_path),
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        open_record=failing(AssertionError("no record is needed here")),
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


def test_help_imports_nothing_heavy() -> None:
    code = f"""
import sys
from goedebuur.app.main import main
status = main(["--help"])
heavy = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit(f"imported: {{heavy}}" if heavy else status)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ingest" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_short_help_in_the_list_is_the_commands_own(name: str) -> None:
    command = LazyGroup().get_command(click.Context(cli), name)
    assert command is not None
    assert (command.help or "").split("\n\n")[0].replace("\n", " ") == COMMANDS[name][1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_with_zero(
    name: str, wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "manage":
        pytest.importorskip("django")
        return
    assert run([name, "--help"], wiring) == 0
    assert "--json" in capsys.readouterr().out


def test_unknown_command_is_a_usage_error_that_names_it(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stationz"], wiring) == Exit.USAGE
    assert "stationz" in capsys.readouterr().err


def test_bad_time_is_a_usage_error_with_examples(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["series", "NL49553.pm10.1h", "--from", "yesterday"], wiring) == Exit.USAGE
    assert "2019-03-01T12:00+01:00" in capsys.readouterr().err


def test_error_is_told_with_code_and_hint_and_ends_with_its_exit_code(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    error = GoedeBuurError(EMPTY_INPUT, "The file is empty.", place="a.csv", hint="Download it again.")
    assert run(["stations"], dataclasses.replace(wiring, open_record=failing(error))) == Exit.REFUSED
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "The file is empty. [input-empty]" in shown.err
    assert "what to do: Download it again." in shown.err


def test_error_in_json_has_all_fields_and_the_exit_code(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    error = GoedeBuurError(EMPTY_INPUT, "The file is empty.", place="a.csv", value="", hint="Download it again.")
    assert run(["stations", "--json"], dataclasses.replace(wiring, open_record=failing(error))) == Exit.REFUSED
    told = json.loads(capsys.readouterr().err)
    assert told == {
        "error": {
            "code": "input-empty",
            "message": "The file is empty.",
            "place": "a.csv",
            "value": "",
            "hint": "Download it again.",
        },
        "exit": 3,
    }


@pytest.mark.parametrize("arguments", [["--json", "record", "status"], ["record", "--json", "status"]])
def test_json_may_stand_before_or_after_a_command(
    arguments: list[str], wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    error = GoedeBuurError(EMPTY_INPUT, "x")
    run(arguments, dataclasses.replace(wiring, open_record=failing(error)))
    assert json.loads(capsys.readouterr().err)["exit"] == 3


def test_keyboard_interrupt_ends_with_130(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stations"], dataclasses.replace(wiring, open_record=failing(KeyboardInterrupt()))) == 130
    assert "Stopped." in capsys.readouterr().err


def test_unforeseen_error_shows_where_and_ends_with_one(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stations"], dataclasses.replace(wiring, open_record=failing(ZeroDivisionError("by nought")))) == 1
    assert "by nought" in capsys.readouterr().err


def test_home_option_changes_the_folder_of_the_call(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["settings", "--json", "--home", str(tmp_path / "elsewhere")], wiring) == 0
    shown = {row["variable"]: row["value"] for row in json.loads(capsys.readouterr().out)}
    assert shown["GOEDEBUUR_HOME"] == str(tmp_path / "elsewhere")


def test_secrets_are_never_shown(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = dataclasses.replace(wiring, settings=lambda: Settings(secret_key="do-not-print"))
    for arguments in (["settings"], ["settings", "--json"]):
        assert run(arguments, hidden) == 0
        assert "do-not-print" not in capsys.readouterr().out


def test_manage_passes_its_arguments_on_untouched(wiring: Wiring) -> None:
    seen: list[tuple[str, ...]] = []
    listening = dataclasses.replace(wiring, manage=lambda settings, arguments: seen.append(tuple(arguments)))
    assert run(["manage", "migrate", "--check"], listening) == 0
    assert seen == [("migrate", "--check")]


@pytest.mark.parametrize("home", [["--home", "there"], ["--home=there"]])
def test_manage_takes_the_folder_as_every_command_does(home: list[str], wiring: Wiring) -> None:
    seen: list[tuple[Path, tuple[str, ...]]] = []
    listening = dataclasses.replace(
        wiring, manage=lambda settings, arguments: seen.append((settings.home, tuple(arguments)))
    )
    assert run(["manage", "check", *home, "--deploy"], listening) == 0
    assert run(["manage", *home, "check", "--deploy"], listening) == 0
    assert seen == [(Path("there"), ("check", "--deploy"))] * 2
    assert run(["manage", "check", "--home"], listening) == Exit.USAGE


@pytest.mark.parametrize("arguments", [["settings"], ["settings", "--json"], ["--help"]])
def test_reader_who_leaves_before_the_end_is_no_error(arguments: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = f"import sys; from goedebuur.app.main import main; sys.exit(main({[*arguments, '--home', str(tmp_path)]!r}))"
    done = subprocess.run([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141


def test_help_of_a_period_says_what_holds_without_one(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    for command, says in (("series", "a week before the end"), ("export", "the first value"), ("fetch", "--until too")):
        assert run([command, "--help"], wiring) == 0
        assert says in " ".join(capsys.readouterr().out.split())


def test_rules_are_listed_with_value_dates_and_status(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    # 2008/50/EC annex XI: lead 0.5 µg/m³ a calendar year
    assert run(["rules", "--quantity", "lead", "--on", "2019-07-01", "--json"], wiring) == 0
    (lead,) = json.loads(capsys.readouterr().out)
    assert (lead["set"], lead["value"], lead["unit"], lead["kind"]) == ("EU-2008", "0.5", "µg/m³", "limit_value")
    # WHO 2021 on PM10: 15 µg/m³ a year and 45 a day, each with four interim targets; published 22 September 2021
    advice = ["rules", "--quantity", "pm10", "--set", "WHO-2021", "--json"]
    assert run(advice, wiring) == 0
    listed = json.loads(capsys.readouterr().out)
    assert sorted(one["value"] for one in listed if one["kind"] == "guideline") == ["15", "45"]
    assert (len(listed), {one["valid_from"] for one in listed}) == (10, {"2021-09-22"})
    assert run([*advice, "--on", "2021-09-21"], wiring) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_limits_on_emissions_are_listed_with_article_dates_and_status(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    # Bal table 4.73, as published on 2025-12-30: total dust of waste incineration, 3 mg/Nm³ a day
    asked = ["rules", "--emissions", "--set", "bal.4.73", "--quantity", "dust", "--json"]
    assert run(asked, wiring) == 0
    day = next(one for one in json.loads(capsys.readouterr().out) if one["averaging"] == "day")
    assert (day["value"], day["unit"], day["valid_from"], day["valid_to"]) == ("3", "mg/Nm³", "2025-12-30", None)
    assert (day["article"], day["status"], day["oxygen"]) == ("Bal 4.73, 4.90", "confirmed", "11|3")
    assert run([*asked, "--on", "2025-12-29"], wiring) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["rules", "--emissions"], wiring) == 0
    assert "Bal 4.73, 4.90" in capsys.readouterr().out
    assert run(["rules", "--emissions", "--quantity", "lead-free"], wiring) == Exit.USAGE


def test_rules_of_a_set_that_is_not_there_is_a_usage_error_with_the_sets(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "--set", "EU-1999"], wiring) == Exit.USAGE
    assert "EU-2008" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_names_the_program(shell: str, wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell], wiring) == 0
    assert "_GOEDEBUUR_COMPLETE" in capsys.readouterr().out


def test_completion_offers_commands_and_options() -> None:
    def offered(words: str, position: int) -> str:
        environment = {"_GOEDEBUUR_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        code = "import os, sys; os.environ.update(%r); from goedebuur.app.main import main; sys.exit(main([]))"
        done = subprocess.run([sys.executable, "-c", code % environment], capture_output=True, text=True, check=False)
        return done.stdout

    assert "plain,stations" in offered("goedebuur sta", 1)
    assert "plain,as-of" in offered("goedebuur record as", 2)
    assert "--explain" in offered("goedebuur assess --ex", 2)


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


def test_more_particular_areas_come_before_general_ones() -> None:
    prefixes = [prefix for prefix, _ in BY_PREFIX]
    for place, prefix in enumerate(prefixes):
        assert not any(prefix.startswith(earlier) for earlier in prefixes[:place]), prefix


def test_unknown_series_is_not_found_and_a_bad_question_is_usage() -> None:
    assert exit_of("query-unknown-series") is Exit.NOT_FOUND
    assert exit_of("query-period") is Exit.USAGE


def test_texts_of_exit_codes_end_as_sentences() -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", text) for text in MEANINGS.values())
