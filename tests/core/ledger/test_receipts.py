"""A receipt holds only as it was handed out: any change in what it shows is found out, without asking the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.services.deliveries import NOW, SIGNER, open_record, station_file
from tests.services.signing import FILE, KEY, enter, sign, statement

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import leaves, notes, receipts, segments
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.core.ledger.segments import Entry
from goedebuur.core.ledger.tree import Tree, leaf_hash
from goedebuur.services import delivery, submitting
from goedebuur.store.keys import Ed25519Signer


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Receipts of four deliveries: logged, promised, sealed; and another one logged."""
    record = open_record(tmp_path_factory.mktemp("record"))
    enter(record)
    logged = submitting.submit(record, sign(statement()), FILE, NOW)
    data = station_file({"NL90003": ["1", "2"]})
    small = sign(statement(data, nonce="aa" * 16))
    promised = submitting.submit(record, small, data, NOW, small=True)
    delivery.seal(record, NOW)
    sealed = submitting.receipt(record, small.digest)
    later = station_file({"NL90004": ["1", "2"]})
    other = submitting.submit(record, sign(statement(later, nonce="bb" * 16)), later, NOW)
    record.close()
    names = {"logged": logged, "promised": promised, "sealed": sealed, "other": other}
    return {name: one.encode() for name, one in names.items()}


def code(data: bytes, **known: Any) -> str:
    with pytest.raises(GoedeBuurError) as caught:
        receipts.check(receipts.parse(data), **known)
    return caught.value.code


@pytest.mark.parametrize("name", ["logged", "promised", "sealed", "other"])
def test_receipt_as_it_was_handed_out_holds_with_python_alone(handed_out: dict[str, bytes], name: str) -> None:
    shown = receipts.check(receipts.parse(handed_out[name]), vkey=SIGNER.vkey)
    assert bool(shown.indexes) == (name != "promised")
    assert bool(shown.seal_by) == (name in ("promised", "sealed"))


def test_receipt_of_another_log_does_not_hold(handed_out: dict[str, bytes]) -> None:
    other = Ed25519Signer(SIGNER.name, bytes(32)).vkey
    assert code(handed_out["logged"], vkey=other) == "receipt-wrong"
    body = json.loads(handed_out["logged"]) | {"log": other}
    assert code(json.dumps(body).encode()) == "note-unsigned"


Change = Callable[[dict[str, Any], dict[str, Any]], None]


def leaf_of_another(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["leaves"] = other["leaves"]


def proof_of_another(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["leaves"][0]["proof"] = other["leaves"][0]["proof"]


def number_of_another(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["leaves"][0]["index"] += 1


def signature_of_another(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["signature"] = other["signature"]


def changed_leaf(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["leaves"][0]["leaf"] = body["leaves"][0]["leaf"].replace("2026-02-01", "2026-01-01")


def changed_value(body: dict[str, Any], other: dict[str, Any]) -> None:
    value = body["signature"]["value"]
    body["signature"]["value"] = ("A" if value[0] != "A" else "B") + value[1:]


def segment_of_nothing(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["segment"] = ""


def promise_of_nothing(body: dict[str, Any], other: dict[str, Any]) -> None:
    body["promise"] = body["promise"].replace("T01:00:00Z", "T02:00:00Z")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("logged", leaf_of_another),
        ("logged", proof_of_another),
        ("logged", number_of_another),
        ("logged", signature_of_another),
        ("logged", changed_leaf),
        ("logged", changed_value),
        ("sealed", leaf_of_another),
        ("sealed", signature_of_another),
        ("sealed", segment_of_nothing),
        ("sealed", promise_of_nothing),
        ("promised", signature_of_another),
        ("promised", promise_of_nothing),
    ],
)
def test_receipt_with_one_thing_changed_does_not_hold(handed_out: dict[str, bytes], name: str, change: Change) -> None:
    body, other = json.loads(handed_out[name]), json.loads(handed_out["other"])
    before = json.dumps(body)
    change(body, other)
    assert json.dumps(body) != before
    with pytest.raises(GoedeBuurError):
        receipts.check(receipts.parse(json.dumps(body).encode()), vkey=SIGNER.vkey)


def test_receipt_that_says_it_is_logged_without_a_leaf_is_none(handed_out: dict[str, bytes]) -> None:
    body = json.loads(handed_out["promised"]) | {"status": "logged"}
    assert code(json.dumps(body).encode()) == "receipt-malformed"


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        receipts.parse(data)
    assert caught.value.code == "receipt-malformed"


@pytest.mark.parametrize("field", ["leaves", "log", "promise", "segment", "signature", "status", "format"])
@pytest.mark.parametrize("value", [None, 1, [], {}, [1], {"a": 1}, "x", [{"index": "a", "leaf": 1, "proof": None}]])
def test_no_field_of_another_kind_breaks_the_reader(handed_out: dict[str, bytes], field: str, value: object) -> None:
    body = json.loads(handed_out["sealed"]) | {field: value}
    with pytest.raises(GoedeBuurError):
        receipts.check(receipts.parse(json.dumps(body).encode()))


def test_file_is_whole_and_of_a_size_that_can_be_read(tmp_path: Path) -> None:
    assert code(b"[" * 100_000) == "receipt-malformed"


def test_log_that_seals_other_bytes_under_a_signature_is_found_out() -> None:
    said = sign(statement())
    kept = said.as_leaf("ed25519", KEY.vkey)
    frame = Entry(0, "meetbureau", "rivm_lml/1", "x", iso(NOW), iso(NOW), b"other bytes", kept)
    segment = segments.encode(frame)
    payload = {"name": "0.frames", "sha256": canonical.sha256(segment), "size": len(segment)}
    leaf = leaves.encode(Leaf("sealed", "meetbureau", "rivm_lml/1", iso(NOW), payload))
    tree = Tree()
    tree.append(leaf_hash(leaf))
    checkpoint = notes.sign(notes.Checkpoint(SIGNER.name, 1, tree.root()).as_text(), SIGNER)
    proof = receipts.Proof(0, leaf, TlogProof(0, (), checkpoint).encode())
    with pytest.raises(GoedeBuurError, match="does not hold this delivery"):
        receipts.check(receipts.Receipt(SIGNER.vkey, kept, (proof,), segment=segment))
