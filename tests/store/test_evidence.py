"""Evidence is kept under its digest, whole or not at all, and the same rows give the same bytes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.measurements.records import OBSERVATIONS
from goedebuur.store.evidence import Evidence

# FIPS 180-2, appendix B.1: SHA-256 of "abc"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
START = datetime(2019, 1, 1, tzinfo=UTC)


def hours(count: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "series": ["NL1.pm10.1h" if i % 2 else "NL2.pm10.1h" for i in range(count)],
            "start": [START + timedelta(hours=i // 2) for i in range(count)],
            "step": [3600] * count,
            "value": [None if i == 3 else i * 7 % 400 for i in range(count)],
            "decimals": [1] * count,
            "unit": ["µg/m³"] * count,
            "flags": [1 if i == 3 else 2 for i in range(count)],
            "remark": ["niet gevalideerd" if i == 4 else None for i in range(count)],
        },
        schema=OBSERVATIONS,
    )


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path)


def test_payload_is_kept_under_its_sha256(evidence: Evidence) -> None:
    assert evidence.put_payload(b"abc") == ABC
    assert evidence.payload(ABC) == b"abc"
    assert (evidence.root / "payloads" / "ba" / ABC).read_bytes() == b"abc"


def test_same_payload_twice_is_one_file(evidence: Evidence) -> None:
    evidence.put_payload(b"abc")
    evidence.put_payload(b"abc")
    assert len(list((evidence.root / "payloads").rglob("*"))) == 2


def test_damaged_payload_is_put_right_by_putting_it_again(evidence: Evidence) -> None:
    evidence.put_payload(b"abc")
    evidence.payload_path(ABC).write_bytes(b"abd")
    with pytest.raises(GoedeBuurError) as caught:
        evidence.payload(ABC)
    assert caught.value.code == "evidence-damaged"
    evidence.put_payload(b"abc")
    assert evidence.payload(ABC) == b"abc"


def test_payload_that_is_not_there_is_missing(evidence: Evidence) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        evidence.payload(ABC)
    assert caught.value.code == "evidence-missing"


def test_rows_read_back_sorted_by_series_and_start(evidence: Evidence) -> None:
    batch = evidence.put_rows(hours(100), {})
    rows = evidence.rows(batch.sha256)
    assert rows.schema == pl.Schema(OBSERVATIONS)
    assert rows.equals(hours(100).sort("series", "start", "step"))
    assert batch.rows == 100
    assert batch.size == evidence.batch_path(batch.sha256).stat().st_size


def test_same_rows_in_another_order_give_the_same_bytes(evidence: Evidence) -> None:
    shuffled = hours(100).sample(fraction=1, shuffle=True, seed=3).select(sorted(OBSERVATIONS))
    assert evidence.put_rows(shuffled, {"b": "2", "a": "1"}) == evidence.put_rows(hours(100), {"a": "1", "b": "2"})


def test_metadata_of_a_batch_reads_back(evidence: Evidence) -> None:
    batch = evidence.put_rows(hours(2), {"deliveries": f"{ABC}:mqtt/1"})
    assert evidence.metadata(batch.sha256) == {"deliveries": f"{ABC}:mqtt/1"}


def test_batch_file_has_delta_encoded_time_zstd_and_statistics(evidence: Evidence) -> None:
    batch = evidence.put_rows(hours(100), {})
    columns = pq.read_metadata(evidence.batch_path(batch.sha256)).row_group(0)
    start = columns.column(list(OBSERVATIONS).index("start"))
    assert "DELTA_BINARY_PACKED" in start.encodings
    assert start.compression == "ZSTD"
    assert start.statistics.min == START


def test_empty_batch_reads_back_empty(evidence: Evidence) -> None:
    batch = evidence.put_rows(hours(0), {})
    assert evidence.rows(batch.sha256).height == 0


def test_records_read_back_in_order(evidence: Evidence) -> None:
    records = [{"id": "NL1", "name": "Wijk aan Zee — Bosweg\nnoord"}, {"id": "NL2", "name": None}]
    batch = evidence.put_records(records)
    assert evidence.records(batch.sha256) == records
    lines = evidence.batch(batch.sha256).split(b"\n")[:-1]
    first, second = (hashlib.sha256(b"\x00" + line + b"\n").digest() for line in lines)
    root = hashlib.sha256(b"\x01" + first + second).hexdigest()
    assert batch.as_dict() == {"sha256": batch.sha256, "size": batch.size, "rows": 2, "blocks": root}


def test_record_with_a_float_is_refused_and_nothing_is_kept(evidence: Evidence) -> None:
    with pytest.raises(TypeError, match="float"):
        evidence.put_records([{"value": 1.5}])
    assert not (evidence.root / "batches").exists()


def test_leaf_that_names_a_missing_file_is_refused(evidence: Evidence) -> None:
    payload = {"sha256": evidence.put_payload(b"abc"), "size": 3, "name": "a"}
    evidence.require(Leaf("rules", "a", "", "2021-01-01T00:00:00Z", payload=payload))
    evidence.require(ClosedLeaf("00" * 32, "2021-01-01T00:00:00Z", "", "", ""))
    batch = {"sha256": "ab" * 32, "size": 3, "rows": 0}
    with pytest.raises(GoedeBuurError) as caught:
        evidence.require(Leaf("rules", "a", "", "2021-01-01T00:00:00Z", payload=payload, batch=batch))
    assert caught.value.code == "evidence-missing"


def test_unfinished_files_are_swept_unless_someone_is_putting(evidence: Evidence) -> None:
    from goedebuur.store import locks

    evidence.put_payload(b"abc")
    (evidence.root / "incoming" / "x.1-1.tmp").write_bytes(b"half")
    with locks.shared(evidence.root / "incoming.lock"):
        assert evidence.sweep() == []
    assert evidence.sweep() == ["x.1-1.tmp"]
    assert list((evidence.root / "incoming").iterdir()) == []
