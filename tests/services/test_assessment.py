"""Assessing, explaining and publishing from a record: invented stations in RIVM's layout, one year of SO2."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, A, B, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.receipts import inputs_digest
from goedebuur.core.compliance.table_rows import TABLES
from goedebuur.core.compliance.verdicts import Outcome, Standing, Verdict
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.rules import loader
from goedebuur.services import assessment, delivery
from goedebuur.services.record import Record

HOURS = 365 * 24
DAY, YEAR, HOUR = "eu2008.so2.day", "eu2030.so2.year", "eu2008.so2.hour"


def year_of(first_days: int, high: str, low: str = "4.5") -> list[str]:
    """A year of hours: the first days high, the rest low."""
    return [high] * (first_days * 24) + [low] * (HOURS - first_days * 24)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A: four days above 125, the last two hundred days missing. B: three days above, everything measured."""
    found = open_record(tmp_path_factory.mktemp("assessed") / "record")
    a = year_of(4, "130")[: 165 * 24] + [""] * (200 * 24)
    data = station_file({"NL90001": a, "NL90002": year_of(3, "130")})
    delivery.deliver(found, data, "2019_SO2.csv", now=NOW)
    return found


@pytest.fixture(scope="module")
def verdicts(record: Record) -> dict[tuple[str, str], Verdict]:
    return {(v.series, v.limit_id): v for v in assessment.assess(record, 2019)}


def test_exceedance_stands_in_spite_of_gaps_and_three_days_are_allowed(
    verdicts: dict[tuple[str, str], Verdict],
) -> None:
    assert verdicts[A, DAY].outcome is Outcome.EXCEEDS
    assert (verdicts[A, DAY].exceedances, verdicts[A, DAY].allowed) == (4, 3)
    assert verdicts[A, DAY].reason_code == "count-above-despite-gaps"
    assert verdicts[B, DAY].outcome is Outcome.MEETS
    assert verdicts[A, HOUR].outcome is Outcome.UNDETERMINED
    assert (verdicts[A, HOUR].capture_num, verdicts[A, HOUR].capture_den) == (165 * 24, HOURS)


def test_mean_is_the_hand_computed_one(verdicts: dict[tuple[str, str], Verdict]) -> None:
    # (72 · 130 + 8688 · 4.5) / 8760 = 48456 / 8760 = 5.53...
    verdict = verdicts[B, YEAR]
    assert (verdict.value_text, verdict.total, verdict.n) == ("5.5", 48_456 * 10**6, 8760)


def test_values_of_2030_say_that_they_bind_nobody_in_2019(verdicts: dict[tuple[str, str], Verdict]) -> None:
    verdict = verdicts[B, YEAR]
    assert (verdict.standing, verdict.binding) == (Standing.LOOKING_AHEAD, False)
    assert any("2030-01-01" in text for text in verdict.reservations)
    assert (verdicts[B, DAY].standing, verdicts[B, DAY].binding) == (Standing.IN_FORCE, True)


def test_every_verdict_says_that_it_is_not_the_statutory_assessment(verdicts: dict[tuple[str, str], Verdict]) -> None:
    assert {verdict.reservations_en[0].partition(";")[0] for verdict in verdicts.values()} == {
        "This is not the statutory assessment"
    }


def test_no_verdict_calls_air_safe(verdicts: dict[tuple[str, str], Verdict]) -> None:
    for verdict in verdicts.values():
        said = " ".join([verdict.reason, verdict.reason_en, *verdict.reservations, *verdict.reservations_en]).lower()
        assert "veilig" not in said
        assert "safe" not in said


def test_receipt_holds_tree_inputs_code_and_rules(record: Record, verdicts: dict[tuple[str, str], Verdict]) -> None:
    receipt = verdicts[A, DAY].receipt
    assert receipt is not None
    leaves = [leaf for leaf in record.ledger.leaves(0, receipt.tree_size) if isinstance(leaf, Leaf)]
    batches = [leaf.batch["sha256"] for leaf in leaves if leaf.kind == "observations" and leaf.batch is not None]
    assert receipt.inputs_sha256 == inputs_digest(batches)
    assert receipt.inputs == 1
    assert receipt.root_hash == record.ledger.root_hash(receipt.tree_size).hex()
    assert receipt.rules_sha256 == loader.tables_sha256()
    assert receipt.code.startswith("goedebuur/")


def test_sets_and_stations_narrow_the_question(record: Record) -> None:
    found = assessment.assess(record, 2019, sets=["EU-2030"], stations=["NL90002"])
    assert {v.series for v in found} == {B}
    assert {v.set for v in found} == {"EU-2030"}
    assert {v.standing for v in found} == {Standing.LOOKING_AHEAD}


def test_day_chooses_the_rules(record: Record) -> None:
    later = {v.limit_id for v in assessment.assess(record, 2019, on=date(2030, 6, 1), stations=["NL90002"])}
    assert YEAR in later
    assert DAY not in later


def test_explanation_lists_what_counted_and_what_was_left_out(record: Record) -> None:
    told = assessment.explain(record, A, DAY, 2019)
    assert [item.start for item in told.counted] == [f"2019-01-0{day}" for day in range(1, 5)]
    assert {item.value_text for item in told.counted} == {"130.0"}
    assert told.left_out == ()  # a day without a single value is missing, not left out
    lines = {line.code: line.value for line in told.lines}
    assert (lines["usable"], lines["capture"], lines["exceedances"]) == (str(165 * 24), "165/365", "4")
    assert told.article.startswith("2008/50/EC")


def test_explanation_and_verdict_are_the_same(record: Record, verdicts: dict[tuple[str, str], Verdict]) -> None:
    for rule in (DAY, HOUR, "eu2008.so2.winter.vegetation", "who2021.so2.day.aqg", "who2021.so2.10min.aqg"):
        assert assessment.explain(record, B, rule, 2019).verdict == verdicts[B, rule]


def test_questions_that_cannot_be_answered_are_errors(record: Record) -> None:
    for series, rule, year, code in (
        (A, "eu2008.none", 2019, "rules-unknown-rule"),
        (A, "eu2008.pm10.day", 2019, "query-other-quantity"),
        (A, DAY, 2012, "query-unknown-verdict"),
        ("NL99999.so2.1h", DAY, 2019, "query-unknown-verdict"),
    ):
        with pytest.raises(GoedeBuurError) as caught:
            assessment.explain(record, series, rule, year)
        assert caught.value.code == code
    with pytest.raises(GoedeBuurError) as caught:
        assessment.assess(record, 2019, backend="abacus")
    assert caught.value.code == "query-engine"


def test_published_result_reads_back_and_is_not_repeated(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": year_of(4, "130")}), "2019_SO2.csv", now=NOW)
    assert assessment.published(record, 2019) is None
    leaf = assessment.publish(record, 2019, NOW)
    found = assessment.published(record, 2019)
    assert found is not None
    assert (found.leaf, found.newer, found.published) == (leaf, False, NOW)
    assert list(found.verdicts) == assessment.assess(record, 2019, as_of=found.receipt.tree_size)
    size = record.size
    assert assessment.publish(record, 2019, NOW + timedelta(days=1)) == leaf
    assert record.size == size

    corrected = station_file({"NL90001": year_of(3, "130")})
    delivery.deliver(record, corrected, "2019_SO2.csv", now=NOW, reason="calibration")
    stale = assessment.published(record, 2019)
    assert stale is not None
    assert stale.newer
    second = assessment.publish(record, 2019, NOW + timedelta(days=2))
    told = record.ledger.leaf(second)
    assert isinstance(told, Leaf)
    assert (told.kind, told.supersedes) == ("result", (leaf,))
    earlier = assessment.published(record, 2019, as_of=second)
    assert earlier is not None
    assert (earlier.leaf, earlier.newer) == (leaf, True)
    outcomes = {
        size: {v.limit_id: v.outcome for v in assessment.assess(record, 2019, as_of=size)}[DAY]
        for size in (found.receipt.tree_size, second)
    }
    assert list(outcomes.values()) == [Outcome.EXCEEDS, Outcome.MEETS]


def test_rules_are_recorded_once_and_an_earlier_answer_uses_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": year_of(4, "130")}), "2019_SO2.csv", now=NOW)
    first = assessment.record_rules(record, NOW)
    assert len(first) == len(TABLES)
    assert assessment.record_rules(record, NOW) == []
    before = record.size

    shipped = loader.shipped()
    row = b"eu2008.so2.day,EU-2008,limit_value,so2,days_above,125"
    assert row in shipped["air_quality_limits"]
    lenient = shipped["air_quality_limits"].replace(row, row.replace(b"125", b"135"))
    monkeypatch.setattr(loader, "shipped", lambda: shipped | {"air_quality_limits": lenient})
    loader.book.cache_clear()
    try:
        [changed] = assessment.record_rules(record, NOW)
        leaf = record.ledger.leaf(changed)
        assert isinstance(leaf, Leaf)
        assert leaf.kind == "rules"
        assert len(leaf.supersedes) == 1
        now = {v.limit_id: v for v in assessment.assess(record, 2019)}[DAY]
        then = {v.limit_id: v for v in assessment.assess(record, 2019, as_of=before)}[DAY]
        assert (now.limit_text, now.outcome) == ("135", Outcome.MEETS)
        assert (then.limit_text, then.outcome) == ("125", Outcome.EXCEEDS)
        assert now.receipt is not None
        assert now.receipt.rules_leaf == changed
    finally:
        loader.book.cache_clear()


def test_every_statistic_of_ozone_is_explained(tmp_path: Path) -> None:
    # a constant of the day maxima once went over the edge of 32 bits
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["130"] * 72}, component="O3"), "2019_O3.csv", now=NOW)
    one_each = {verdict.statistic: verdict for verdict in assessment.assess(record, 2019)}
    assert len(one_each) > 4
    for verdict in one_each.values():
        told = assessment.explain(record, verdict.series, verdict.limit_id, 2019)
        assert (told.verdict.outcome, told.verdict.reason) == (verdict.outcome, verdict.reason)
        assert [line.code for line in told.lines].count("outcome") == 1
