"""The proof file of a value and of a mean: it holds, and every change of it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.core.proof.witness_cases import ANNA
from tests.services.deliveries import NOW, START, A, B, hour, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.cosignatures import Policy, cosign
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.proof import checking
from goedebuur.core.proof.files import Claim
from goedebuur.services import averages, delivery, proving
from goedebuur.services.record import Record

FIRST = {"NL90001": ["1.5", "2.50", "", "4"], "NL90002": ["-0.5", "", "7", "8.25"]}
CORRECTED = {"NL90001": ["1.5", "", "3", "9"], "NL90002": ["-0.5", "", "7", "8.25"]}
YEAR = Period.year(2019, Clock.CET)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    found = open_record(tmp_path / "record")
    for data in (station_file(FIRST), station_file(CORRECTED), station_file(FIRST, first="20200101")):
        delivery.deliver(found, data, "2019_SO2.csv", now=NOW, reason="calibrated anew")
    return found


def codes(report: checking.Report) -> list[str]:
    return [finding.code for finding in report.proven]


def test_value_is_proven_with_the_digits_that_were_reported(record: Record) -> None:
    report = checking.check(proving.prove_value(record, B, hour(3)), vkey=record.ledger.vkey)
    assert (report.claim.figure, report.claim.unit) == ("8.25", "µg/m³")
    assert codes(report) == ["signed", "key-known", "in-log", "in-batch", "figure"]
    assert [finding.code for finding in report.unproven] == ["no-witnesses", "reading", "instrument", "later", "others"]


def test_corrected_value_is_proven_with_both_deliveries_and_the_last_counts(record: Record) -> None:
    report = checking.check(proving.prove_value(record, A, hour(3)))
    leaves = [finding.values for finding in report.proven if finding.code == "in-log"]
    assert report.claim.figure == "9"
    assert [leaf["reason"] for leaf in leaves] == ["", "calibrated anew"]


def test_withdrawn_value_is_proven_to_be_withdrawn(record: Record) -> None:
    assert checking.check(proving.prove_value(record, A, hour(1))).claim.figure == ""


def test_mean_is_proven_from_the_rows_that_hold(record: Record) -> None:
    report = checking.check(proving.prove_mean(record, A, YEAR))
    # what holds after the correction: 1.5, (withdrawn), 3, 9
    assert report.claim.figure == f"{(Decimal('1.5') + 3 + 9) / 3:.6f}"
    assert report.claim.count == 3
    (average,) = averages.averages(record, A, 2019, "year")
    assert (average.value, average.n) == (report.claim.figure, report.claim.count)


def test_proof_is_under_the_published_checkpoint_with_its_cosignatures(record: Record) -> None:
    note = record.ledger.signed_checkpoint()
    cosigned = note + cosign(notes.parse_note(note).text, ANNA.cosigner_vkey, ANNA.sign, 9).as_line().encode()
    later = station_file(FIRST, first="20210101")
    delivery.deliver(record, later, "2021_SO2.csv", now=NOW)
    policy = Policy(1, (ANNA.cosigner_vkey,))
    report = checking.check(proving.prove_value(record, B, hour(3), cosigned), policy=policy)
    assert report.checkpoint.size == notes.parse_checkpoint(notes.parse_note(note).text).size < record.ledger.size
    # what came after it is shown under the newest, which nobody cosigned yet
    start = datetime(2020, 12, 31, 23, tzinfo=UTC)
    report = checking.check(proving.prove_value(record, B, start, cosigned))
    assert report.checkpoint.size == record.ledger.size
    # one that is not of this log is not used
    other = notes.sign(notes.parse_note(note).text, ANNA)
    assert checking.check(proving.prove_value(record, B, hour(3), other)).checkpoint.size == record.ledger.size


def test_proof_of_a_negative_value_beside_a_gap_holds(record: Record) -> None:
    assert checking.check(proving.prove_value(record, B, hour(0))).claim.figure == "-0.5"


def test_value_that_is_not_there_has_no_proof(record: Record) -> None:
    with pytest.raises(GoedeBuurError, match="query-unknown-observation"):
        proving.prove_value(record, B, hour(20))
    with pytest.raises(GoedeBuurError, match="query-unknown-observation"):
        proving.prove_mean(record, B, Period.year(2018, Clock.CET))


def test_delivery_that_was_logged_without_blocks_says_so(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = record.ledger.leaf

    def without(index: int) -> Leaf:
        leaf = whole(index)
        assert isinstance(leaf, Leaf)
        assert leaf.batch is not None
        return Leaf("observations", "a", "b/1", "", batch={k: v for k, v in leaf.batch.items() if k != "blocks"})

    monkeypatch.setattr(record.ledger, "leaf", without)
    with pytest.raises(GoedeBuurError, match="query-no-blocks"):
        proving.prove_value(record, B, hour(3))


def test_mean_of_steps_shorter_and_longer_than_an_hour_is_not_proven(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = record.observations.read

    def mixed(**asked: Any) -> pl.DataFrame:
        rows = read(**asked).with_row_index("at")
        return rows.with_columns(step=pl.when(pl.col("at") == 0).then(600).otherwise(86400)).drop("at")

    monkeypatch.setattr(record.observations, "read", mixed)
    with pytest.raises(GoedeBuurError, match="query-no-mean"):
        proving.prove_mean(record, A, YEAR)


@pytest.mark.parametrize(
    ("per", "label", "figure", "count", "expected"),
    [
        # what holds after the correction: 1.5, (withdrawn), 3, 9
        ("day", "2019-01-01", "4.500000", 3, 24),
        ("month", "2019-01", "4.500000", 3, 744),
        ("year", "2019", "4.500000", 3, 8760),
        # and 1.5, 2.5, (nothing), 4 of the first hours of 2020
        ("rolling-year", "2020-01", "2.666667", 3, 8760),  # February 2019 to January 2020
    ],
)
def test_mean_of_hours_is_proven_as_it_is_published(
    record: Record, per: str, label: str, figure: str, count: int, expected: int
) -> None:
    claim = checking.check(proving.prove_average(record, A, per, label)).claim
    assert isinstance(claim, Claim)
    assert (claim.figure, claim.count, claim.expected) == (figure, count, expected)
    [published] = [one for one in averages.averages(record, A, int(label[:4]), per) if one.period == label]
    assert (published.value, published.n, published.expected) == (claim.figure, claim.count, claim.expected)


@pytest.mark.parametrize(("rank", "figure"), [(50, "3.000000"), (98, "9.000000"), (1, "1.500000")])
def test_percentile_is_proven_as_it_is_published(record: Record, rank: int, figure: str) -> None:
    claim = checking.check(proving.prove_percentile(record, A, 2019, (rank, 100))).claim
    assert isinstance(claim, Claim)
    published = averages.percentile(record, A, 2019, Fraction(rank, 100))
    assert published is not None
    assert (claim.figure, published.value, claim.percentile) == (figure, figure, (rank, 100))


@pytest.mark.parametrize(
    ("per", "label"),
    [
        ("month", "2019-13"),
        ("month", "2019"),
        ("day", "2019-1-01"),
        ("week", "2019"),
        ("year", "0019"),
        ("day", "2018-01-01"),
    ],
)
def test_mean_of_a_period_that_is_none_or_has_no_hour_has_no_proof(record: Record, per: str, label: str) -> None:
    with pytest.raises(GoedeBuurError, match="query-unknown-observation"):
        proving.prove_average(record, A, per, label)


def swap(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def flip(line: str) -> str:
    return ("B" if line[5] == "A" else "A").join((line[:5], line[6:]))


def change(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        body = json.loads(data)
        change(body)
        return json.dumps(body, ensure_ascii=False).encode()

    return changed


def source(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["sources"][-1]
    return found


def block(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = source(body)["blocks"][0]
    return found


def leaf(body: dict[str, Any], old: str, new: str) -> None:
    source(body)["leaf"] = swap(source(body)["leaf"], old, new)


def proof(body: dict[str, Any], old: str, new: str) -> None:
    source(body)["proof"] = swap(source(body)["proof"], old, new)


LATER = (START + timedelta(hours=4)).isoformat().replace("+00:00", "Z")
CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "figure": ("proof-wrong", lambda b: b["claim"].update(figure="9.0")),
    "unit": ("proof-wrong", lambda b: b["claim"].update(unit="mg/m³")),
    "count": ("proof-wrong", lambda b: b["claim"].update(count=2)),
    "series": ("proof-wrong", lambda b: b["claim"].update(series=B)),
    "time": ("proof-wrong", lambda b: b["claim"].update(start=LATER, end="2019-12-31T00:00:00Z")),
    "end": ("proof-wrong", lambda b: b["claim"].update(end="2019-12-31T00:00:00Z")),
    "end before start": ("proof-malformed", lambda b: b["claim"].update(end="2018-01-01T00:00:00Z")),
    "kind": ("proof-malformed", lambda b: b["claim"].update(kind="rumour")),
    "step": ("proof-wrong", lambda b: b["claim"].update(step=600)),
    "row": ("proof-wrong", lambda b: block(b).update(text=swap(block(b)["text"], "\t9\t", "\t8\t"))),
    "place of the block": ("proof-wrong", lambda b: block(b).update(index=7)),
    "path of the block": ("proof-wrong", lambda b: block(b).update(path=["A" * 43 + "="])),
    "leaf": ("proof-wrong", lambda b: leaf(b, "calibrated", "invented")),
    "root in the leaf": ("proof-wrong", lambda b: leaf(b, '"blocks":"', '"x":"')),
    "index": ("proof-wrong", lambda b: proof(b, "index 2", "index 1")),
    "size": ("note-unsigned", lambda b: proof(b, "example.org/register\n", "example.org/register\n1")),
    "signature": ("note-unsigned", lambda b: proof(b, source(b)["proof"][-20:-16], "AAAA")),
    "key": ("note-unsigned", lambda b: b.update(log=OTHER)),
    "no sources": ("proof-wrong", lambda b: b.update(sources=[])),
    "earlier delivery alone": ("proof-wrong", lambda b: b["sources"].pop()),
    "order": ("proof-wrong", lambda b: b["sources"].reverse()),
    "no blocks": ("proof-wrong", lambda b: source(b).update(blocks=[])),
    "format": ("proof-malformed", lambda b: b.update(format="goedebuur proof 2")),
    "list for a claim": ("proof-malformed", lambda b: b.update(claim=[])),
    "number for text": ("proof-malformed", lambda b: b["claim"].update(figure=9)),
}
OTHER = "example.org/register+5cd3a6b0+AYtVz1wYC4Jm6FDmzXkSFGxAx3vVYVVVPZGHKCBf6dNe"


@pytest.mark.parametrize("what", CHANGES)
def test_file_with_one_thing_changed_is_refused(record: Record, what: str) -> None:
    code, edit = CHANGES[what]
    data = proving.prove_value(record, A, hour(3))
    assert checking.check(data).claim.figure == "9"
    with pytest.raises(GoedeBuurError) as caught:
        checking.check(change(edit)(data))
    assert caught.value.code == code or (what == "key" and caught.value.code == "note-malformed")


def test_file_for_another_log_than_the_reader_knows_is_refused(record: Record) -> None:
    with pytest.raises(GoedeBuurError, match="another log"):
        checking.check(proving.prove_value(record, A, hour(3)), vkey=OTHER)
