"""The log grows, proves what it holds, and refuses to open on entries that its checkpoint does not sign."""

from __future__ import annotations

import multiprocessing
import random
import threading
from pathlib import Path

import pytest
from tests.store.replay import Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.tree import leaf_hash, verify_consistency, verify_inclusion
from goedebuur.store.evidence import Evidence
from goedebuur.store.keys import ChangingSigner, Ed25519Signer, Ed25519Verifier
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.entries import split
from goedebuur.store.spool import Spool

SIGNER = Ed25519Signer("record.example/log", bytes(range(32)))
OTHER = Ed25519Signer("record.example/log", bytes(32))


def leaf(reason: str = "") -> Leaf:
    return Leaf("result", "goedebuur", "", "2021-06-01T12:00:00Z", reason=reason)


def fresh(root: Path, signer: Ed25519Signer | None = SIGNER) -> Ledger:
    return Ledger.open(root, signer, Recording(root))


def code_of(error: pytest.ExceptionInfo[GoedeBuurError]) -> str:
    return error.value.code


def test_new_log_is_empty_and_signed(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    assert ledger.size == 0
    assert ledger.repairs == []
    text = notes.open_note(ledger.signed_checkpoint(), Ed25519Verifier(SIGNER.vkey))
    # RFC 6962: the hash of an empty tree is the SHA-256 of the empty string
    assert text == "record.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"


def test_appended_leaves_read_back_by_their_index(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    closed = ClosedLeaf("ab" * 32, "2021-06-01T12:00:00Z", "2022-06-01", "inspector", "Woo 5.1(2)(d)")
    assert ledger.append([leaf("a"), closed]) == [0, 1]
    assert ledger.append([leaf("b")]) == [2]
    for opened in (ledger, Ledger.open(tmp_path)):
        assert opened.leaves() == [leaf("a"), closed, leaf("b")]
        assert opened.leaf(1) == closed
        assert opened.leaves(2, 99) == [leaf("b")]
        assert opened.leaves(3) == []
    assert ledger.append([]) == []


def test_entries_file_is_the_bundle_of_tlog_tiles(tmp_path: Path) -> None:
    # C2SP tlog-tiles: "sequences of big-endian uint16 length-prefixed log entries"
    fresh(tmp_path).append([leaf("a"), leaf("b")])
    first, second = leaf_format.encode(leaf("a")), leaf_format.encode(leaf("b"))
    expected = len(first).to_bytes(2, "big") + first + len(second).to_bytes(2, "big") + second
    assert (tmp_path / "ledger" / "entries").read_bytes() == expected


def test_proofs_of_the_log_verify(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    roots = [ledger.root_hash()]
    for i in range(11):
        ledger.append([leaf(str(i))])
        roots.append(ledger.checkpoint().root)
    for i in range(11):
        hashed = leaf_hash(leaf_format.encode(leaf(str(i))))
        assert verify_inclusion(hashed, i, 11, ledger.inclusion_proof(i), roots[11])
        assert verify_consistency(i, 11, roots[i], roots[11], ledger.consistency_proof(i))
        assert ledger.root_hash(i) == roots[i]


def test_leaf_whose_evidence_is_not_there_is_not_appended(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    missing = {"sha256": "ab" * 32, "size": 1, "name": "x"}
    with pytest.raises(GoedeBuurError) as caught:
        ledger.append([leaf("a"), Leaf("observations", "a", "b/1", "2021-06-01T12:00:00Z", payload=missing)])
    assert code_of(caught) == "evidence-missing"
    assert (ledger.size, (tmp_path / "ledger" / "entries").read_bytes()) == (0, b"")


def test_reader_sees_what_was_appended_after_it_opened_only_when_it_refreshes(tmp_path: Path) -> None:
    writer = fresh(tmp_path)
    reader = Ledger.open(tmp_path)
    writer.append([leaf("a")])
    assert reader.size == 0
    assert reader.refresh() == 1
    assert reader.leaf(0) == leaf("a")


def test_reader_cannot_append_and_changes_nothing_on_disk(tmp_path: Path) -> None:
    fresh(tmp_path).append([leaf("a")])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(GoedeBuurError) as caught:
        Ledger.open(tmp_path).append([leaf("b")])
    assert code_of(caught) == "ledger-read-only"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_reading_where_there_is_no_log_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        Ledger.open(tmp_path)
    assert code_of(caught) == "ledger-missing"


def test_log_does_not_open_with_another_key(tmp_path: Path) -> None:
    fresh(tmp_path).append([leaf("a")])
    with pytest.raises(GoedeBuurError) as caught:
        fresh(tmp_path, OTHER)
    assert code_of(caught) == "ledger-other-key"


@pytest.mark.parametrize("reread", [False, True])
def test_writer_whose_key_was_replaced_by_another_says_so(tmp_path: Path, reread: bool) -> None:
    writer = fresh(tmp_path)
    writer.append([leaf("a")])
    other = fresh(tmp_path, ChangingSigner(SIGNER, OTHER))
    other.change_keys([SIGNER.vkey, OTHER.vkey])
    other.change_keys([OTHER.vkey])
    if reread:
        writer.refresh()  # as a page of the same process does
    with pytest.raises(GoedeBuurError) as caught:
        writer.append([leaf("b")])
    assert code_of(caught) == "ledger-other-key"
    assert Ledger.open(tmp_path).size == 1


def test_writer_does_not_sign_with_a_key_that_went_from_the_list_before_the_checkpoint_was_signed_anew(
    tmp_path: Path,
) -> None:
    changing = ChangingSigner(SIGNER, OTHER)
    writer = fresh(tmp_path, changing)
    writer.change_keys([SIGNER.vkey, OTHER.vkey])
    # another process put the list down, and ended before it signed
    (tmp_path / "ledger" / "log.vkey").write_text(f"{OTHER.vkey}\n")
    writer.append([leaf("a")])
    with pytest.raises(GoedeBuurError):
        notes.open_note(writer.signed_checkpoint(), Ed25519Verifier(SIGNER.vkey))
    assert notes.open_note(writer.signed_checkpoint(), Ed25519Verifier(OTHER.vkey))


@pytest.mark.parametrize("what", ["cut", "changed", "emptied", "removed", "checkpoint removed"])
def test_log_does_not_open_on_entries_that_are_not_signed_and_changes_nothing(tmp_path: Path, what: str) -> None:
    fresh(tmp_path).append([leaf("a"), leaf("b")])
    entries = tmp_path / "ledger" / "entries"
    data = entries.read_bytes()
    if what == "removed":
        entries.unlink()
    elif what == "checkpoint removed":
        (tmp_path / "ledger" / "checkpoint").unlink()
    else:
        entries.write_bytes({"cut": data[:-1], "changed": data.replace(b'"a"', b'"c"'), "emptied": b""}[what])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for signer in (None, SIGNER):
        with pytest.raises(GoedeBuurError) as caught:
            fresh(tmp_path, signer)
        assert code_of(caught) in ("ledger-mismatch", "ledger-missing")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_log_does_not_open_on_a_checkpoint_that_is_not_signed(tmp_path: Path) -> None:
    fresh(tmp_path).append([leaf("a")])
    checkpoint = tmp_path / "ledger" / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes().replace(b"\n1\n", b"\n0\n"))
    with pytest.raises(GoedeBuurError) as caught:
        fresh(tmp_path)
    assert code_of(caught) == "note-unsigned"


def test_entry_changed_under_an_open_log_is_found_on_reading(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    ledger.append([leaf("a")])
    entries = tmp_path / "ledger" / "entries"
    entries.write_bytes(entries.read_bytes().replace(b'"a"', b'"c"'))
    with pytest.raises(GoedeBuurError) as caught:
        ledger.leaf(0)
    assert code_of(caught) == "ledger-mismatch"


def test_older_copy_put_back_under_an_open_log_is_found(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    ledger.append([leaf("a")])
    older = {path: path.read_bytes() for path in (tmp_path / "ledger").iterdir()}
    ledger.append([leaf("b")])
    for path, data in older.items():
        path.write_bytes(data)
    with pytest.raises(GoedeBuurError) as caught:
        ledger.refresh()
    assert code_of(caught) == "ledger-went-back"


def test_half_of_a_group_after_the_checkpoint_is_cut_off_and_said(tmp_path: Path) -> None:
    fresh(tmp_path).append([leaf("a")])
    older = (tmp_path / "ledger" / "checkpoint").read_bytes()
    fresh(tmp_path).append([leaf("b"), leaf("c")])
    (tmp_path / "ledger" / "checkpoint").write_bytes(older)
    entries = tmp_path / "ledger" / "entries"
    whole_first = len(leaf_format.encode(leaf("a"))) + len(leaf_format.encode(leaf("b"))) + 4
    entries.write_bytes(entries.read_bytes()[: whole_first + 5])
    ledger = fresh(tmp_path)
    assert ledger.leaves() == [leaf("a")]
    assert len(ledger.repairs) == 1
    assert "never acknowledged" in ledger.repairs[0]
    assert fresh(tmp_path).repairs == []


def test_whole_group_after_the_checkpoint_is_taken_in_and_said(tmp_path: Path) -> None:
    fresh(tmp_path).append([leaf("a")])
    older = (tmp_path / "ledger" / "checkpoint").read_bytes()
    later = fresh(tmp_path)
    later.append([leaf("b"), leaf("c")])
    (tmp_path / "ledger" / "checkpoint").write_bytes(older)
    ledger = fresh(tmp_path)
    assert ledger.leaves() == [leaf("a"), leaf("b"), leaf("c")]
    assert ledger.signed_checkpoint() == later.signed_checkpoint()
    assert "Took in 2 leaves from number 1 on" in ledger.repairs[0]
    assert fresh(tmp_path).repairs == []


def test_whole_group_of_which_the_evidence_is_damaged_stops_the_start(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    older = ledger.signed_checkpoint()
    evidence = Evidence(tmp_path, Recording(tmp_path))
    payload = {"sha256": evidence.put_payload(b"abc"), "size": 3, "name": "x"}
    ledger.append([Leaf("observations", "a", "b/1", "2021-06-01T12:00:00Z", payload=payload)])
    (tmp_path / "ledger" / "checkpoint").write_bytes(older)
    evidence.payload_path(payload["sha256"]).write_bytes(b"abd")
    with pytest.raises(GoedeBuurError) as caught:
        fresh(tmp_path)
    assert code_of(caught) == "evidence-damaged"


def test_second_sequencer_is_told_that_the_lock_is_busy(tmp_path: Path) -> None:
    one, two = fresh(tmp_path), fresh(tmp_path)
    with one.lock():
        assert one.append([leaf("a")]) == [0]
        with pytest.raises(GoedeBuurError) as caught, two.lock(wait=False):
            pass
        assert code_of(caught) == "lock-busy"
        assert fresh(tmp_path).size == 1
    assert two.append([leaf("b")]) == [1]


def test_threads_that_append_through_one_log_lose_nothing(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    threads = [
        threading.Thread(target=lambda i=i: [ledger.append([leaf(f"{i}-{j}")]) for j in range(5)]) for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reasons = sorted(one.reason for one in Ledger.open(tmp_path).leaves() if isinstance(one, Leaf))
    assert reasons == sorted(f"{i}-{j}" for i in range(4) for j in range(5))


def _append_many(root: str, who: int, count: int) -> None:
    ledger = Ledger.open(Path(root), SIGNER)
    evidence = Evidence(Path(root))
    for i in range(count):
        data = f"{who}/{i}".encode()
        payload = {"sha256": evidence.put_payload(data), "size": len(data), "name": f"{who}/{i}"}
        ledger.append([Leaf("observations", str(who), "b/1", "2021-06-01T12:00:00Z", payload=payload)])


def _spool_many(root: str, who: int, count: int) -> None:
    spool = Spool(Path(root))
    for i in range(count):
        spool.put(f"{who}/{i}".encode(), {"name": f"{who}/{i}"})


def _run(target: object, root: Path, processes: int, count: int) -> None:
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=target, args=(str(root), who, count)) for who in range(processes)]  # type: ignore[arg-type]
    for process in started:
        process.start()
    for process in started:
        process.join()
        assert process.exitcode == 0


def test_processes_that_append_at_the_same_time_fork_nothing_and_lose_nothing(tmp_path: Path) -> None:
    reader = Ledger.open(tmp_path, SIGNER)
    _run(_append_many, tmp_path, 3, 8)
    ledger = Ledger.open(tmp_path)
    names = [one.payload["name"] for one in ledger.leaves() if isinstance(one, Leaf) and one.payload is not None]
    assert sorted(names) == sorted(f"{who}/{i}" for who in range(3) for i in range(8))
    for who in range(3):
        mine = [name for name in names if name.startswith(f"{who}/")]
        assert mine == [f"{who}/{i}" for i in range(8)]
    assert len(split((tmp_path / "ledger" / "entries").read_bytes())) == 24
    before = reader.root_hash()
    assert reader.refresh() == 24
    assert verify_consistency(0, 24, before, reader.root_hash(), reader.consistency_proof(0))


def test_deliveries_spooled_by_several_processes_are_taken_once_each_in_order(tmp_path: Path) -> None:
    _run(_spool_many, tmp_path, 3, 8)
    spool, evidence = Spool(tmp_path), Evidence(tmp_path)
    requests = spool.waiting()
    assert [request.ticket for request in requests] == list(range(24))
    assert sorted(evidence.payload(request.payload).decode() for request in requests) == sorted(
        f"{who}/{i}" for who in range(3) for i in range(8)
    )
    assert all(evidence.payload(request.payload).decode() == request.fields["name"] for request in requests)


@pytest.mark.parametrize("seed", range(5))
def test_random_groups_read_back_whatever_their_sizes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    ledger, expected = fresh(tmp_path), []
    for _ in range(6):
        group = [leaf("x" * chance.randrange(3000)) for _ in range(chance.randrange(4))]
        ledger.append(group)
        expected += group
    assert Ledger.open(tmp_path).leaves() == expected
