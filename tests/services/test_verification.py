"""Every single byte of the evidence that is changed, added or taken away is found."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from tests.store.crashes import NOON, SIGNER, Opened, rows
from tests.store.replay import Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services.verification import verify
from goedebuur.store.evidence import Evidence
from goedebuur.store.journal import Journal, SmallDelivery
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger

PARTS = ("payloads", "batches", "ledger", "journal")
NOT_EVIDENCE = ("lock", "intent")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    opened = Opened(root, Recording(root))
    opened.deliver(b"stations;values\n1;2\n", 100)
    records = opened.evidence.put_records([{"id": "SIM01", "kind": "station"}])
    opened.ledger.append([Leaf("catalogue", "sim", "sim/1", "2021-06-01T12:00:00Z", batch=records.as_dict())])
    opened.journal.accept(SmallDelivery("sim", "mqtt/1", "m", NOON, b"12.5"))
    opened.journal.accept(SmallDelivery("sim", "mqtt/1", "m", NOON, b"13.5"))
    opened.seal()
    opened.journal.accept(SmallDelivery("sim", "mqtt/1", "m", NOON, b"14.5"))
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def evidence_files(root: Path) -> list[Path]:
    found = [path for part in PARTS for path in sorted((root / part).rglob("*")) if path.is_file()]
    return [path for path in found if path.name not in NOT_EVIDENCE]


def test_whole_record_has_no_problems(whole: Path) -> None:
    assert len(evidence_files(whole)) == 9
    assert verify(whole) == []
    assert verify(whole, vkey=SIGNER.vkey) == []


@pytest.mark.parametrize("part", PARTS)
def test_every_byte_that_is_changed_is_found(copy: Path, part: str) -> None:
    chance = random.Random(7)
    of_part = [path for path in evidence_files(copy) if path.relative_to(copy).parts[0] == part]
    one_of_each = (
        {path.suffix: path for path in of_part} if part == "batches" else {path.name: path for path in of_part}
    )
    for path in one_of_each.values():
        data = path.read_bytes()
        for position in range(len(data)):
            changed = bytearray(data)
            changed[position] ^= chance.randrange(1, 256)
            path.write_bytes(bytes(changed))
            assert verify(copy), f"{path.relative_to(copy)}, byte {position}"
        path.write_bytes(data)
    assert verify(copy) == []


def test_every_file_that_is_cut_extended_or_taken_away_is_found(copy: Path) -> None:
    for path in evidence_files(copy):
        data = path.read_bytes()
        for changed in (data[:-1], data[1:], data + b"\x00", data + b"\n"):
            path.write_bytes(changed)
            assert verify(copy), f"{path.relative_to(copy)}"
        path.unlink()
        if path.parent.name != "journal":  # who was promised something finds out: the log does not know of it yet
            assert verify(copy), f"{path.relative_to(copy)}"
        path.write_bytes(data)
    assert verify(copy) == []


def test_batch_swapped_for_another_is_found(copy: Path) -> None:
    first, second = sorted((copy / "batches").rglob("*.parquet"))[:2]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    found = verify(copy)
    assert {problem.part for problem in found} == {"batch", "leaf"}


def test_file_that_was_never_kept_is_found(copy: Path) -> None:
    (copy / "payloads" / "notes.txt").write_bytes(b"")
    assert [str(problem) for problem in verify(copy)] == ["payload payloads/notes.txt: no such file was kept here"]


def test_log_begun_anew_with_another_key_is_found_by_who_knows_the_key(copy: Path) -> None:
    shutil.rmtree(copy / "ledger")
    Ledger.open(copy, Ed25519Signer(SIGNER.name, bytes(32)), Recording(copy))
    assert verify(copy) == []
    assert [problem.part for problem in verify(copy, vkey=SIGNER.vkey)] == ["key", "checkpoint"]


def test_leaf_that_says_other_sizes_than_its_files_is_found(tmp_path: Path) -> None:
    fs = Recording(tmp_path)
    ledger, evidence = Ledger.open(tmp_path, SIGNER, fs), Evidence(tmp_path, fs)
    payload = {"sha256": evidence.put_payload(b"abc"), "size": 4, "name": "a"}
    batch = {**evidence.put_rows(rows(1), {}).as_dict(), "rows": 4}
    ledger.append([Leaf("observations", "a", "b/1", "2021-01-01T00:00:00Z", payload, batch, supersedes=(0,))])
    assert [problem.what for problem in verify(tmp_path)] == [
        "it supersedes a leaf that does not come before it",
        "its payload has 3 bytes, not 4",
        "its batch has 3 rows, not 4",
    ]


def test_leaf_that_names_another_root_of_blocks_than_its_rows_give_is_found(tmp_path: Path) -> None:
    fs = Recording(tmp_path)
    ledger, evidence = Ledger.open(tmp_path, SIGNER, fs), Evidence(tmp_path, fs)
    batch = evidence.put_rows(rows(1), {}).as_dict()
    ledger.append(
        [
            Leaf("observations", "a", "b/1", "2021-01-01T00:00:00Z", batch=one)
            for one in (batch, batch | {"blocks": "0" * 64})
        ]
    )
    assert [(found.place, found.what) for found in verify(tmp_path)] == [
        ("1", "the blocks of its batch do not give the root that it names")
    ]


def test_sealed_batch_that_lists_other_deliveries_than_its_payload_is_found(tmp_path: Path) -> None:
    fs = Recording(tmp_path)
    ledger, evidence = Ledger.open(tmp_path, SIGNER, fs), Evidence(tmp_path, fs)
    journal = Journal.open(tmp_path, SIGNER, fs)
    journal.accept(SmallDelivery("sim", "mqtt/1", "m", NOON, b"12.5"))
    (segment,) = journal.close()
    evidence.put_payload(segment.data)
    batch = evidence.put_rows(rows(1), {"deliveries": "none"})
    ledger.append([Leaf("sealed", "a", "", "2021-01-01T00:00:00Z", segment.payload(), batch.as_dict())])
    assert [problem.part for problem in verify(tmp_path)] == ["leaf"]


def test_what_a_dead_process_left_after_the_checkpoint_is_told_until_it_is_repaired(copy: Path) -> None:
    entries = copy / "ledger" / "entries"
    entries.write_bytes(entries.read_bytes() + b"\x00\x10half")
    assert [problem.part for problem in verify(copy)] == ["log"]
    assert Ledger.open(copy, SIGNER, Recording(copy)).repairs
    assert verify(copy) == []


def test_progress_ends_at_the_number_of_bytes_there_are(whole: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    verify(whole, lambda what, done, total: calls.append((what, done, total)))
    assert calls[-1][1] == calls[-1][2] > 0
    assert {what for what, _, _ in calls} == {"log", "payload", "batch", "journal"}


def test_verifying_changes_nothing(copy: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in copy.rglob("*") if path.is_file()}
    verify(copy)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in copy.rglob("*") if path.is_file()} == before


def test_folder_without_a_record_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        verify(tmp_path)
    assert caught.value.code == "ledger-missing"


def test_public_key_that_is_none_is_an_error(whole: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        verify(whole, vkey="no key")
    assert caught.value.code == "note-malformed"
