"""The commands on a small record: two hours, a correction, a verdict; as text, as JSON, and with their exit codes."""

from __future__ import annotations

import dataclasses
import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.adapters import samples
from tests.core.proof.witness_cases import ANNA
from tests.services.deliveries import station_file

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Site, Wiring
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

SERIES = "NL90001.so2.1h"
SIGNER = Ed25519Signer("example.org/log", bytes(range(32)))


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture
def served() -> list[Site]:
    return []


@pytest.fixture
def wiring(tmp_path: Path, served: list[Site]) -> Wiring:
    return Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: served.append(site),
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


@pytest.fixture
def delivered(wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with one file that is taken in already, and its name."""
    file = tmp_path / "in" / "2019_SO2.csv"
    file.parent.mkdir()
    file.write_bytes(samples.rivm_until_2022())
    assert run(["ingest", str(file), "--quiet"], wiring) == 0
    capsys.readouterr()
    return file


def test_ingest_counts_what_went_in(wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(samples.rivm_until_2022())
    assert run(["ingest", str(file), "--json"], wiring) == 0
    (outcome,) = json.loads(capsys.readouterr().out)["outcomes"]
    # the sample has three hours at two stations, of which one cell is empty
    assert outcome["status"] == "stored"
    assert outcome["counts"]["values_in"] == 6
    assert outcome["counts"]["stored"] == 5


def test_same_file_twice_changes_nothing(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", str(delivered), "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"][0]["status"] == "unchanged"


def test_refused_file_ends_with_three_and_stops_no_other(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web_page = tmp_path / "2020_SO2.csv"
    web_page.write_bytes(b"<!DOCTYPE html><html><body>Not found</body></html>")
    good = tmp_path / "2019_SO2.csv"
    good.write_bytes(samples.rivm_until_2022())
    assert run(["ingest", str(web_page), str(good)], wiring) == Exit.REFUSED
    shown = capsys.readouterr()
    assert "1 refused" in shown.err
    assert "1 stored" in shown.err
    assert "[input-not-this-format]" in shown.err


def test_folder_is_taken_in_and_what_no_parser_knows_is_named(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (delivered.parent / "README.md").write_text("notes")
    assert run(["ingest", str(delivered.parent), "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed_over"] == [str(delivered.parent / "README.md")]
    assert told["totals"] == {"unchanged": 1, "passed_over": 1}
    assert run(["ingest", str(delivered.parent), "--quiet"], wiring) == 0
    assert "1 unchanged, 1 passed over" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><html></html>"])
@pytest.mark.parametrize("how", [[], ["--spool"], ["--small"]])
def test_failed_download_in_a_folder_is_refused_as_when_named(
    how: list[str], data: bytes, wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (delivered.parent / "2020_SO2.csv").write_bytes(data)
    assert run(["ingest", str(delivered.parent), "--json", *how], wiring) == Exit.REFUSED
    assert json.loads(capsys.readouterr().out)["totals"]["refused"] == 1


def test_ingest_of_a_place_that_is_not_there_is_refused(wiring: Wiring, tmp_path: Path) -> None:
    assert run(["ingest", str(tmp_path / "gone.csv")], wiring) == Exit.REFUSED


def test_reading_where_no_record_is_says_that_nothing_was_found(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["stations"], ["record", "verify"]):
        assert run(command, wiring) == Exit.NOT_FOUND
        shown = capsys.readouterr().err
        assert "[ledger-missing]" in shown
        assert f"where: {tmp_path / 'home'}" in shown
        assert "`--home` or GOEDEBUUR_HOME" in shown


def test_stations_are_rows_with_tabs_in_a_pipe(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stations"], wiring) == 0
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split("\t")[:2] == ["station", "name"]
    assert first.split("\t")[:2] == ["NL90001", "Eendorp-Kerklaan"]
    assert second.split("\t")[:2] == ["NL90002", "Tweestad-Kade"]


@pytest.mark.parametrize(("option", "found"), [("--quantity=so2", 2), ("--quantity=pm10", 0), ("--text=tweestad", 1)])
def test_stations_can_be_chosen(
    option: str, found: int, wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stations", "--json", option], wiring) == 0
    assert len(json.loads(capsys.readouterr().out)) == found


def test_one_station_is_shown_with_its_series(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stations", "NL90001"], wiring) == 0
    shown = capsys.readouterr().out
    assert "52.100001 4.500002" in shown
    assert SERIES in shown


@pytest.mark.parametrize(
    ("part", "found"),
    [("kerklaan", ["NL90001"]), ("TWEESTAD", ["NL90002"]), ("nl9000", ["NL90001", "NL90002"]), ("d-k", ["NL90002"])],
)
def test_stations_are_found_by_a_part_of_their_name_or_identifier(
    part: str, found: list[str], wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stations", part, "--json"], wiring) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == found


def test_identifier_in_small_letters_is_that_station(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stations", "nl90001", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "NL90001"


def test_unknown_station_is_not_found(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stations", "NL99999"], wiring) == Exit.NOT_FOUND
    assert "[query-unknown-station]" in capsys.readouterr().err


def test_values_are_shown_with_their_digits_and_leaf(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["series", SERIES, "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    # 2019-01-01 00:00 CET is 2018-12-31 23:00 UTC; the empty hour between is no row
    assert [(row["start"], row["value"]) for row in told["rows"]] == [
        ("2018-12-31T23:00:00Z", "-0.5"),
        ("2019-01-01T01:00:00Z", "16.150"),
    ]


def test_correction_shows_both_answers(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["record", "status", "--json"], wiring)
    before = json.loads(capsys.readouterr().out)["tree_size"]
    changed = delivered.parent / "again" / "2019_SO2.csv"
    changed.parent.mkdir()
    changed.write_bytes(delivered.read_bytes().replace(b";-0.5;", b";1.5;"))
    assert run(["ingest", str(changed), "--reason", "zero drift", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"][0]["status"] == "corrected"
    assert run(["record", "as-of", str(before), "--json"], wiring) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["before"], change["after"]) == ("changed", "-0.5", "1.5")
    assert run(["series", SERIES, "--json", "--as-of", str(before)], wiring) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["value"] == "-0.5"
    assert run(["series", SERIES, "--at", "2018-12-31T23:00Z"], wiring) == 0
    shown = capsys.readouterr().out
    assert "zero drift" in shown
    assert "-0.5 µg/m³" in shown


def test_changes_are_counted_in_all_and_new_values_shown_where_asked(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # the file holds five values, and before it there were none
    assert run(["record", "as-of", "0", "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["changes"], told["counts"], told["truncated"]) == (0, [], {"new": 5}, False)
    assert run(["record", "as-of", "0", "--new", "--limit", "2", "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], len(told["changes"]), told["truncated"]) == (5, 2, True)
    assert run(["record", "as-of", "0", "--kind", "new", "--limit", "2"], wiring) == 0
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 1 + 2
    assert "5 changes from 0 to" in shown.err
    assert "only the first 2 are shown" in shown.err
    assert run(["record", "as-of", "0"], wiring) == 0
    assert "and 5 new values; --new shows them" in capsys.readouterr().err


def test_later_size_than_the_log_ever_had_is_not_found(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", "as-of", "999"], wiring) == Exit.NOT_FOUND
    assert "[query-unknown-size]" in capsys.readouterr().err


def test_export_writes_what_the_name_says(
    wiring: Wiring, delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv, parquet = tmp_path / "out.csv", tmp_path / "out.parquet"
    assert run(["export", SERIES, "-o", str(csv)], wiring) == 0
    assert run(["export", SERIES, "-o", str(parquet)], wiring) == 0
    assert "16.15" in csv.read_text(encoding="utf-8")
    assert pl.read_parquet(parquet).height == 2


def test_export_without_a_file_goes_to_the_pipe(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", SERIES], wiring) == 0
    assert "16.15" in capsys.readouterr().out


def test_whole_record_is_verified(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "verify", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out) == {"whole": True, "problems": []}


def test_changed_byte_is_found_and_ends_with_five(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = max((wiring.settings().record_dir / "payloads").rglob("*"), key=lambda path: path.is_file())
    data = bytearray(payload.read_bytes())
    data[100] ^= 1
    payload.chmod(0o644)
    payload.write_bytes(bytes(data))
    assert run(["record", "verify"], wiring) == Exit.DAMAGED
    shown = capsys.readouterr()
    assert payload.name in shown.out
    assert "what to do: " in shown.err
    assert run(["record", "verify", "--json"], wiring) == Exit.DAMAGED
    assert "docs/methods/record.md" in json.loads(capsys.readouterr().out)["what_to_do"]


def test_changed_byte_of_what_is_published_is_found_and_written_anew(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = wiring.settings()
    Publication(settings.public_path).publish(Ledger.open(settings.record_dir))
    assert run(["record", "verify", "--published", "--key", SIGNER.vkey, "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out) == {"whole": True, "problems": []}
    tile = next((settings.public_path / "tile" / "0").rglob("000*/*"))
    data = bytearray(tile.read_bytes())
    data[3] ^= 1
    tile.write_bytes(bytes(data))
    assert run(["record", "verify"], wiring) == 0
    assert run(["record", "verify", "--published"], wiring) == Exit.DAMAGED
    shown = capsys.readouterr()
    assert tile.relative_to(settings.public_path).as_posix() in shown.out
    assert "record publish --whole" in shown.err
    Publication(settings.public_path).publish(Ledger.open(settings.record_dir), whole=True)
    assert run(["record", "verify", "--published"], wiring) == 0


def test_changed_projection_ends_with_five_and_says_to_rebuild(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", "verify", "--projections"], wiring) == 0
    assert capsys.readouterr().out == "what is derived is whole\n"
    place = wiring.settings().record_dir / "projections" / "observations" / "daily"
    for path in place.rglob("*.parquet"):
        rows = pl.read_parquet(path, hive_partitioning=False)
        rows.with_columns(pl.col("total") + 1).write_parquet(path)
    assert run(["record", "verify"], wiring) == 0
    capsys.readouterr()
    assert run(["record", "verify", "--projections", "--json"], wiring) == Exit.DAMAGED
    told = json.loads(capsys.readouterr().out)
    assert {one["place"] for one in told["problems"]} == {"daily"}
    assert "record rebuild" in told["what_to_do"]
    assert run(["record", "rebuild"], wiring) == 0
    assert run(["record", "verify", "--projections"], wiring) == 0
    assert run(["record", "verify", "--projections", "--published"], wiring) == Exit.USAGE


def test_typing_error_in_a_key_is_a_usage_error_that_says_what_a_key_looks_like(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", "verify", "--key", "onzin"], wiring) == Exit.USAGE
    shown = capsys.readouterr().err
    assert "[command-key]" in shown
    assert "example.org/log+1a2b3c4d+" in shown
    assert run(["record", "verify", "--key", SIGNER.vkey], wiring) == 0


@pytest.mark.parametrize("how", [["--quiet"], ["--json"]])
def test_year_without_data_says_which_years_there_are(
    how: list[str], wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["assess", "2012", *how], wiring) == Exit.NOT_FOUND
    assert "There are data of: 2019" in capsys.readouterr().err


def test_projections_thrown_away_come_back_the_same(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["series", SERIES, "--json"], wiring)
    before = capsys.readouterr().out
    assert run(["record", "rebuild"], wiring) == 0
    capsys.readouterr()
    run(["series", SERIES, "--json"], wiring)
    assert capsys.readouterr().out == before


def test_compacting_says_how_many_files_went_and_changes_no_value(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["series", SERIES, "--json"], wiring)
    before = capsys.readouterr().out
    delivered.with_name("2019_NL90009_SO2.csv").write_bytes(station_file({"NL90009": ["1", "2"]}))
    assert run(["ingest", str(delivered.with_name("2019_NL90009_SO2.csv"))], wiring) == 0
    capsys.readouterr()
    assert run(["record", "compact", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["merged"] > 0
    run(["series", SERIES, "--json"], wiring)
    assert capsys.readouterr().out == before


def test_average_of_a_year_and_percentile_of_its_hours(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(station_file({"NL90001": ["1", "2", "6"]}))
    assert run(["ingest", str(file), "--quiet"], wiring) == 0
    capsys.readouterr()
    assert run(["average", SERIES, "2019", "--per", "year", "--json"], wiring) == 0
    (mean,) = json.loads(capsys.readouterr().out)["averages"]
    assert {name: mean[name] for name in ("period", "value", "n", "expected", "enough")} == {
        "period": "2019",
        "value": "3.000000",
        "n": 3,
        "expected": 8760,
        "enough": False,
    }
    assert run(["average", SERIES, "2019", "--percentile", "50"], wiring) == 0
    assert "2.000000" in capsys.readouterr().out


def test_log_and_leaf_name_the_file(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "log", "--kind", "observations", "--json"], wiring) == 0
    (leaf,) = json.loads(capsys.readouterr().out)
    assert leaf["payload_name"] == "2019_SO2.csv"
    assert run(["record", "show", str(leaf["leaf"])], wiring) == 0
    assert leaf["payload_sha256"] in capsys.readouterr().out


def test_sealing_an_empty_journal_does_nothing(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", "seal", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out) == {"drained": [], "sealed": []}


def test_verdicts_say_that_they_are_not_the_statutory_assessment(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["assess", "2019", "--json"], wiring) == 0
    verdicts = json.loads(capsys.readouterr().out)
    assert {one["quantity"] for one in verdicts} == {"so2"}
    assert all(one["reservations"] for one in verdicts)
    year = [one for one in verdicts if one["statistic"] == "hours_above" and one["kind"] == "limit_value"]
    assert {one["outcome"] for one in year} <= {"UNDETERMINED", "EXCEEDS"}  # three hours of a year never meet a limit


def test_published_verdicts_are_a_leaf(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assess", "2019", "--publish", "--json"], wiring) == 0
    leaf = json.loads(capsys.readouterr().out)["leaf"]
    assert run(["record", "show", str(leaf), "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "result"


def test_publishing_a_part_of_a_year_is_a_usage_error(wiring: Wiring) -> None:
    assert run(["assess", "2019", "--publish", "--station", "NL90001"], wiring) == Exit.USAGE


def test_unknown_rule_is_not_found(wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assess", "2019", "--explain", SERIES, "no.such.rule"], wiring) == Exit.NOT_FOUND
    assert "[rules-unknown-rule]" in capsys.readouterr().err


def test_half_a_period_to_fetch_is_a_usage_error(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "luchtmeetnet", "--from", "2025"], wiring) == Exit.USAGE
    assert "[command-period]" in capsys.readouterr().err


def test_unknown_supplier_is_a_usage_error_that_names_the_known_ones(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fetch", "nobody"], wiring) == Exit.USAGE
    shown = capsys.readouterr().err
    assert "rivm_lml" in shown
    assert "eprtr" not in shown


def test_demo_of_a_folder_is_made_once_and_then_served(
    wiring: Wiring, tmp_path: Path, served: list[Site], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "2019_SO2.csv").write_bytes(samples.rivm_until_2022())
    assert run(["demo", "--data", str(folder), "--no-browser"], wiring) == 0
    shown = capsys.readouterr().err
    assert "making the record" in shown
    assert f"goedebuur stations --home {tmp_path / 'home' / 'demo-data'}" in shown
    assert run(["demo", "--data", str(folder), "--port", "9000"], wiring) == 0
    assert "making the record" not in capsys.readouterr().err
    assert served == [
        Site("127.0.0.1", 8000, workers=1, any_port=True, browser=False),
        Site("127.0.0.1", 9000, workers=1, any_port=True, browser=True),
    ]
    assert run(["stations", "--json", "--home", str(tmp_path / "home" / "demo-data")], wiring) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_demo_that_was_stopped_half_way_goes_on(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from goedebuur.services import showcase

    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "2019_SO2.csv").write_bytes(samples.rivm_until_2022())

    def stop(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(showcase, "judged_years", stop)
    assert run(["demo", "--data", str(folder), "--build-only"], wiring) == Exit.INTERRUPTED
    monkeypatch.undo()
    assert run(["demo", "--data", str(folder), "--build-only"], wiring) == 0
    home = str(tmp_path / "home" / "demo-data")
    capsys.readouterr()
    run(["record", "log", "--kind", "observations", "--json", "--home", home], wiring)
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_serve_takes_address_and_workers_from_the_settings(wiring: Wiring, served: list[Site]) -> None:
    set_up = dataclasses.replace(wiring, settings=lambda: Settings(listen="[::1]:8123", workers=3))
    assert run(["serve"], set_up) == 0
    assert run(["serve", "--host", "127.0.0.1", "--port", "9001", "--workers", "1"], set_up) == 0
    assert served == [Site("::1", 8123, workers=3), Site("127.0.0.1", 9001, workers=1)]


def test_small_delivery_is_answered_with_a_promise_and_sealed_later(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(samples.rivm_until_2022())
    assert run(["ingest", "--small", str(file), "--json"], wiring) == 0
    (promise,) = json.loads(capsys.readouterr().out)["promises"]
    assert (promise["status"], promise["seal_by"]) == ("promised", "2026-01-01T01:00:00Z")
    assert promise["note"].startswith("goedebuur promise v1\nexample.org/log\n0\n")
    assert run(["record", "seal", "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["sealed"] == [0, 1]


def test_small_delivery_in_error_is_refused_and_stops_no_other(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web_page, good = tmp_path / "2018_SO2.csv", tmp_path / "2019_SO2.csv"
    web_page.write_bytes(b"<!DOCTYPE html><html><body>Not found</body></html>")
    good.write_bytes(samples.rivm_until_2022())
    assert run(["ingest", "--small", str(web_page), str(good)], wiring) == Exit.REFUSED
    shown = capsys.readouterr()
    assert "[input-not-this-format]" in shown.err
    assert shown.out.startswith("goedebuur promise v1\n")


def test_small_and_spool_together_are_a_usage_error(wiring: Wiring, delivered: Path) -> None:
    assert run(["ingest", "--small", "--spool", str(delivered)], wiring) == Exit.USAGE


def test_ingest_through_the_spool_answers_as_ingest_does(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web_page, good = tmp_path / "2018_SO2.csv", tmp_path / "2019_SO2.csv"
    web_page.write_bytes(b"<!DOCTYPE html><html><body>Not found</body></html>")
    good.write_bytes(samples.rivm_until_2022())
    assert run(["ingest", "--spool", str(web_page), str(good), "--json"], wiring) == Exit.REFUSED
    outcomes = json.loads(capsys.readouterr().out)["outcomes"]
    assert [one["status"] for one in outcomes] == ["refused", "stored"]
    assert list((tmp_path / "home").rglob("spool/answers/*.json"))


def test_proof_of_a_value_is_written_and_checked(
    wiring: Wiring, delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.bewijs.json"
    assert run(["series", SERIES, "--json"], wiring) == 0
    first = json.loads(capsys.readouterr().out)["rows"][0]
    assert run(["prove", SERIES, first["start"], "-o", str(file), "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "bytes": file.stat().st_size}
    assert run(["verify", str(file), "--key", SIGNER.vkey, "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in told["proven"]] == ["signed", "key-known", "in-log", "in-batch", "figure"]
    assert run(["verify", str(file), "--language", "nl"], wiring) == 0
    assert "Niet bewezen:\n" in capsys.readouterr().out
    listed = tmp_path / "witnesses.txt"
    listed.write_text(f"# ours\n{ANNA.cosigner_vkey} https://example.org\n", "utf-8")
    assert run(["verify", str(file), "--witnesses", str(listed), "--json"], wiring) == 0
    unproven = json.loads(capsys.readouterr().out)["unproven"]
    assert ["not-witnessed", {"names": ANNA.name}] in [[one["code"], one["values"]] for one in unproven]
    assert run(["verify", str(file), "--witness", ANNA.cosigner_vkey, "--quorum", "1"], wiring) == Exit.DAMAGED
    assert "proof-unwitnessed" in capsys.readouterr().err
    assert run(["verify", str(file), "--quorum", "1"], wiring) == Exit.USAGE
    assert run(["verify", str(file), "--witness", SIGNER.vkey], wiring) == Exit.USAGE
    capsys.readouterr()
    file.write_bytes(file.read_bytes().replace(b'"figure": "', b'"figure": "9'))
    assert run(["verify", str(file)], wiring) == Exit.DAMAGED
    assert "not what is claimed" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [["--per", "month", "--period", "2019-01"], ["--year", "2019", "--percentile", "98"]])
def test_proof_of_an_average_is_written_and_checked(
    wiring: Wiring, delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    file = tmp_path / "a.bewijs.json"
    assert run(["prove", SERIES, *asked, "-o", str(file)], wiring) == 0
    capsys.readouterr()
    assert run(["verify", str(file), "--json"], wiring) == 0
    assert json.loads(capsys.readouterr().out)["claim"]["kind"] == "average"


def test_proof_of_a_verdict_is_written_and_checked(
    wiring: Wiring, delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.bewijs.json"
    asked = ["prove", SERIES, "--year", "2019", "--rule", "eu2008.so2.day", "-o", str(file)]
    assert run(asked, wiring) == Exit.USAGE
    assert "query-no-rules" in capsys.readouterr().err
    assert run(["assess", "2019", "--publish", "--quiet"], wiring) == 0
    capsys.readouterr()
    assert run(asked, wiring) == 0
    capsys.readouterr()
    assert run(["verify", str(file), "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["claim"]["fields"]["outcome"] == "UNDETERMINED"
    assert [one["code"] for one in told["proven"]][-3:] == ["rule", "published", "verdict"]
    assert run(["verify", str(file), "--language", "nl"], wiring) == 0
    assert "Voorbehoud:\n  – Dit is niet de wettelijke beoordeling" in capsys.readouterr().out
    assert run([*asked, "--as-of", "1"], wiring) == Exit.NOT_FOUND
    file.write_bytes(file.read_bytes().replace(b'"outcome": "UNDETERMINED"', b'"outcome": "MEETS"'))
    assert run(["verify", str(file)], wiring) == Exit.DAMAGED
    assert "outcome" in capsys.readouterr().err


def test_proof_of_neither_a_value_nor_a_year_is_a_mistake_in_the_command(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prove", SERIES], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "2019-01-01", "--year", "2019"], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "--rule", "eu2008.so2.day"], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "--per", "month"], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "--period", "2019-01"], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "--per", "month", "--period", "2019-01", "--year", "2019"], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "2019-01-01", "--percentile", "98"], wiring) == Exit.USAGE
    assert run(["prove", SERIES, "2019-01-01", "--as-of", "1"], wiring) == Exit.USAGE
    assert run(["verify"], wiring) == Exit.USAGE


def test_state_of_the_record_is_asked_by_day_as_by_number(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # the file was received on 1 January 2026
    assert run(["series", SERIES, "--as-of", "2026-01-01", "--json"], wiring) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2
    assert run(["series", SERIES, "--as-of", "2025-12-31T23:59:59", "--json"], wiring) == Exit.NOT_FOUND
    assert run(["record", "as-of", "2025-12-31T12:00", "--new", "--json"], wiring) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], {change["kind"] for change in told["changes"]}) == (0, {"new"})
    assert run(["series", SERIES, "--as-of", "yesterday"], wiring) == Exit.USAGE


def test_number_that_is_not_in_force_is_never_said_to_be_exceeded(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 30 µg/m³ all year: below the 40 that bound in 2019, above the 20 that binds from 2030
    file = tmp_path / "2019_PM10.csv"
    file.write_bytes(station_file({"NL90001": ["30"] * 8760}, component="PM10"))
    assert run(["ingest", str(file), "--quiet"], wiring) == 0
    capsys.readouterr()
    assert run(["assess", "2019", "--set", "EU-2008", "--set", "EU-2030"], wiring) == 0
    told = capsys.readouterr()
    rows = {cells[1]: cells for cells in (line.split("\t") for line in told.out.splitlines()[1:])}
    assert rows["eu2008.pm10.year"][2:4] == ["in force", "meets"]
    assert rows["eu2030.pm10.year"][2:4] == ["later", "above it"]
    assert "EXCEEDS" not in told.out + told.err
    assert "in force: 2 meets" in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["assess", "2019", "--station", "nowhere"], "query-unknown-station"),
        (["series", "--station", "nowhere"], "query-unknown-station"),
        (["stations", "--as-of", "99999"], "The log holds"),
    ],
)
def test_question_about_what_is_not_there_is_refused(
    wiring: Wiring, delivered: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(arguments, wiring) == Exit.NOT_FOUND
    assert said in capsys.readouterr().err


def test_mistyped_command_names_the_nearest(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["statons"], wiring) == Exit.USAGE
    assert "Did you mean stations" in capsys.readouterr().err
