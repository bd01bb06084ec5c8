"""Verdicts at the stacks of a site from the command line: a table, one taken apart, a claim, a leaf."""

from __future__ import annotations

import csv
import json
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_on_a_record import open_record
from tests.core.permits.decisions import decision
from tests.services.stacks import ALL, PROCESSING
from tests.services.test_emission_verdicts import CLAIM, CONFIRMED, RULES, Given
from tests.services.test_stack_averages import two_days

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.casework.publications import KIND, Answer, Publication, Reply, Version, body
from goedebuur.services import permits, recording, streams
from goedebuur.services.delivery import deliver
from goedebuur.services.settings import Settings

NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
SITE = ["werk", "2026"]


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    found = Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: NOW,
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    record = open_record(found.settings(), read_only=False)
    streams.put(record, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    permits.publish(record, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    record.close()
    return found


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    path = tmp_path / "averages.parquet"
    Given("@2026-03-03T00:00 8x500 40x114").frame.write_parquet(path)
    return ["--averages", str(path), "--shown", "K1-nox", "14"]


def answered(capsys: pytest.CaptureFixture[str], wiring: Wiring, *arguments: str) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"], wiring) == Exit.OK
    return json.loads(capsys.readouterr().out)


def test_verdicts_are_listed(wiring: Wiring, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    told = answered(capsys, wiring, "stack", "verdicts", *SITE, *options)
    found = {one["requirement"]: one["year"]["outcome"] for one in told if one["type"] == "verdict"}
    assert found["nox-day"] == found["nox-half_hour-97-year"] == "EXCEEDS"
    assert run(["stack", "verdicts", *SITE, *options], wiring) == Exit.OK
    assert "nox-day" in capsys.readouterr().out


@pytest.mark.parametrize(("stream", "value", "told"), [("K1-nox", "-5", "below zero"), ("K9", "5", "stack-unknown")])
def test_uncertainty_below_zero_or_of_a_stream_that_is_not_there_is_refused(
    wiring: Wiring, options: list[str], capsys: pytest.CaptureFixture[str], stream: str, value: str, told: str
) -> None:
    assert run(["stack", "verdicts", *SITE, *options[:2], "--shown", stream, value], wiring) != Exit.OK
    assert told in capsys.readouterr().err


def test_year_of_which_nothing_was_delivered_does_not_keep_to_hours_on_end(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "day.parquet"
    frame = Given("@2026-03-03T00:00 48x114").frame
    inside = (datetime(2026, 3, 2, 23, tzinfo=UTC), datetime(2026, 3, 3, 22, tzinfo=UTC))
    frame.filter(frame["start"].is_between(*inside)).write_parquet(path)
    told = answered(capsys, wiring, "stack", "verdicts", *SITE, "--averages", str(path))
    assert {one["outcome"] for one in told if one["type"] == "hours"} == {"UNDETERMINED"}


def test_one_verdict_is_taken_apart_and_written_as_csv(
    wiring: Wiring, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.csv"
    asked = ["K1-nox", "nox-day", "--period", "2026-03-03", "--csv", str(path)]
    told = answered(capsys, wiring, "stack", "explain", *SITE, *asked, *options)
    assert len(told["rows"]) == 48
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    # (8 × (500 − 14) + 40 × (114 − 14)) / 48 = (3,888 + 4,000) / 48 = 164.33
    assert sum(float(row["judged_high"]) for row in rows) == 7888
    assert any("164.333333" in line for line in told["lines"])


@pytest.mark.parametrize("period", ["2026-02-30", "2025-03-03", "maart"])
def test_day_that_the_year_does_not_have_is_not_taken_apart(
    wiring: Wiring, options: list[str], capsys: pytest.CaptureFixture[str], period: str
) -> None:
    assert run(["stack", "explain", *SITE, "K1-nox", "nox-day", "--period", period, *options], wiring) != Exit.OK
    assert "emission-period" in capsys.readouterr().err


def test_claim_is_shown_beside_what_was_reported(
    wiring: Wiring, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text(CLAIM, encoding="utf-8")
    told = answered(capsys, wiring, "stack", "claims", *SITE, "--answer", str(answer), *options)
    day = next(one for one in told if one["requirement"] == "nox-day")
    assert (day["as reported"], day["as claimed"], day["as accepted"]) == ("EXCEEDS", "MEETS", "EXCEEDS")


def test_published_verdicts_name_their_leaf(
    wiring: Wiring, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first = answered(capsys, wiring, "stack", "verdicts", *SITE, "--publish", *options)
    assert answered(capsys, wiring, "stack", "verdicts", *SITE, "--publish", *options) == first


def test_file_with_other_columns_is_refused_with_the_column(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.parquet"
    Given("@2026-03-03T00:00 1x1").frame.drop("state").write_parquet(path)
    assert run(["stack", "verdicts", *SITE, "--averages", str(path)], wiring) != Exit.OK
    told = capsys.readouterr().err
    assert "emission-short" in told
    assert "column state" in told


def test_without_a_file_the_raw_values_of_the_record_are_judged(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    record = open_record(wiring.settings(), read_only=False)
    deliver(record, two_days().encode(), "raw.csv", now=NOW)
    record.close()
    told = answered(capsys, wiring, "stack", "verdicts", *SITE, "--shown", "K1-nox", "14")
    day = next(one for one in told if one.get("requirement") == "nox-day" and one["type"] == "verdict")
    # 103.25 by hand: tests/services/test_verdicts_from_record.py
    assert (day["room"]["start"], day["room"]["value"], day["year"]["outcome"]) == ("2026-01-10", "413/4", "EXCEEDS")
    asked = ["K1-nox", "nox-day", "--period", "2026-01-10", "--shown", "K1-nox", "14"]
    assert len(answered(capsys, wiring, "stack", "explain", *SITE, *asked)["rows"]) == 48


FINDING = "00000000-0000-4000-8000-000000000001"


def test_published_finding_stands_beside_its_answer(
    wiring: Wiring, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    leaf = answered(capsys, wiring, "stack", "verdicts", *SITE, *options, "--publish")["leaf"]
    told = Publication(
        id=FINDING,
        number=1,
        version=Version.PUBLISHED,
        authority="gs",
        decided_on=date(2026, 6, 1),
        reasons="Over uitstoot.",
        operators=("bedrijf",),
        sites=("werk",),
        subject="NOx op 3 maart",
        text=f"Te hoog.\nVERDICT werk 2026 K1-nox nox-day {leaf}",
        language="nl",
        asked_on=date(2026, 4, 1),
        answer_until=date(2026, 5, 1),
        answer=Answer(f"Het doek was gescheurd.\n{CLAIM}", date(2026, 4, 20)),
        reply=Reply(f"{CLAIM.partition(' sha256')[0].replace('OTNOC', 'ACCEPTED')} [Bal 4.93]", date(2026, 4, 22)),
    )
    record = open_record(wiring.settings(), read_only=False)
    recording.put(record, [(KIND, FINDING, body(told))], NOW, reason="test", submitter="gs")
    record.close()
    found = answered(capsys, wiring, "stack", "answer", FINDING)
    day = next(one for one in found["compared"][0]["periods"] if one["reported"]["start"] == "2026-03-03")
    # (8 × 486 + 40 × 100) / 48 = 493/3, of 100; without the eight 100
    assert (day["reported"]["outcome"], day["reported"]["high"]) == ("EXCEEDS", "493/3")
    assert (day["accepted"]["outcome"], day["accepted"]["high"]) == ("MEETS", "100")
    assert run(["stack", "answer", FINDING], wiring) == Exit.OK
    assert "EXCEEDS 164.333" in capsys.readouterr().out
    assert run(["stack", "answer", FINDING, "--as-of", "1"], wiring) == Exit.NOT_FOUND


def test_published_verdict_is_taken_apart_on_the_averages_of_then(
    wiring: Wiring, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["K1-nox", "nox-day", "--period", "2026-03-03"]
    assert run(["stack", "explain", *SITE, *asked, "--published"], wiring) == Exit.REFUSED
    leaf = answered(capsys, wiring, "stack", "verdicts", *SITE, *options, "--publish")["leaf"]
    # (8 × 486 + 40 × 100) ÷ 48 = 164.333 of what was published; the record itself has no averages
    published = answered(capsys, wiring, "stack", "explain", *SITE, *asked, "--published")
    assert any("164.33" in line for line in published["lines"])
    assert run(["stack", "explain", *SITE, *asked], wiring) == Exit.OK
    told = capsys.readouterr()
    assert "164.33" not in told.out
    assert f"leaf {leaf} has published verdicts" in told.err
    assert run(["stack", "explain", *SITE, *asked, "--published", *options], wiring) == Exit.USAGE
