"""The commitment of a closed leaf is checked from the leaf that opened it alone: recomputed with code of its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import closing, leaves
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf

FILE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "vectors" / "closing.json"
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return told


def opened_leaf(vector: dict[str, Any]) -> Leaf:
    leaf = leaves.decode(vector["opened_leaf"].encode())
    assert isinstance(leaf, Leaf)
    return leaf


def closed_leaf(vector: dict[str, Any]) -> ClosedLeaf:
    leaf = leaves.decode(vector["closed_leaf"].encode())
    assert isinstance(leaf, ClosedLeaf)
    return leaf


def test_the_documented_steps_give_the_commitment(vector: dict[str, Any]) -> None:
    leaf = json.loads(vector["opened_leaf"])
    inputs = leaf["inputs"]
    header = leaf | {"inputs": None} | inputs["header"]
    written = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert written.decode() == vector["header"]
    digest = hashlib.sha256(b"\x02" + bytes.fromhex(inputs["salt"]) + written).hexdigest()
    assert digest == vector["commitment"] == json.loads(vector["closed_leaf"])["commitment"]
    assert (GOLDEN / "v1-opened.json").read_text("utf-8") == vector["opened_leaf"]


def test_the_program_reads_the_same_from_the_opened_leaf(vector: dict[str, Any]) -> None:
    index, header, salt = closing.closed_header(opened_leaf(vector))
    assert (index, salt.hex()) == (vector["closed_index"], vector["salt"])
    assert leaves.encode(header).decode() == vector["header"]
    assert closing.proves(opened_leaf(vector), closed_leaf(vector))


def test_an_opened_leaf_is_made_as_in_the_vector(vector: dict[str, Any]) -> None:
    leaf, header = replace(opened_leaf(vector), inputs=None), leaves.decode(vector["header"].encode())
    assert isinstance(header, Leaf)
    made = closing.opened(leaf, header, vector["closed_index"], bytes.fromhex(vector["salt"]))
    assert leaves.encode(made).decode() == vector["opened_leaf"]


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"name": "a", "sha256": "0" * 64, "size": 4}},
        {"submitter": "somebody"},
        {"adapter": "other/1"},
    ],
)
def test_another_delivery_proves_nothing(vector: dict[str, Any], change: dict[str, Any]) -> None:
    leaf = replace(opened_leaf(vector), **change)
    assert not closing.proves(leaf, closed_leaf(vector))
    header = leaves.decode(vector["header"].encode())
    assert isinstance(header, Leaf)
    with pytest.raises(ValueError, match="delivery that it stands for"):
        closing.opened(replace(leaf, inputs=None), header, 41, bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "00" * 32},
        {"salt": "00"},
        {"salt": "no"},
        {"opens": "41"},
        {"opens": True},
        {"header": {}},
        {"header": []},
        {"header": {"submitter": "rivm"}},
        {"header": {"kind": "opinions"}},
    ],
)
def test_inputs_that_were_changed_prove_nothing(vector: dict[str, Any], change: dict[str, Any]) -> None:
    leaf = opened_leaf(vector)
    told = dict(leaf.inputs or {})
    assert not closing.proves(replace(leaf, inputs=told | change), closed_leaf(vector))


def test_leaf_without_inputs_opens_nothing() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        closing.closed_header(Leaf("rules", "a", "", "2021-01-01T00:00:00Z"))
    assert caught.value.code == "leaf-unreadable"
    assert closing.concerns(Leaf("result", "a", "", "2021-01-01T00:00:00Z", inputs={"tree_size": 3})) is None


@pytest.mark.parametrize(
    ("name", "does"), [("opened", ("opens", 41)), ("erasure", ("erases", 41)), ("postponement", ("postpones", 41))]
)
def test_golden_leaf_says_what_it_does_to_which_closed_leaf(name: str, does: tuple[str, int]) -> None:
    leaf = leaves.decode((GOLDEN / f"v1-{name}.json").read_bytes())
    assert closing.concerns(leaf) == does
    (fact,) = closing.facts(50, leaf)
    assert (fact["kind"], fact["id"]) == ("closed", "41")


def test_made_facts_are_the_golden_ones() -> None:
    erasure = closing.erasure(41, "AVG 17", "goedebuur", "2023-01-01T00:00:00Z")
    assert leaves.encode(erasure) == (GOLDEN / "v1-erasure.json").read_bytes()
    moved = closing.postponement(41, "2023-06-01", "inquiry-goes-on", "inspector", "goedebuur", "2022-05-30T00:00:00Z")
    assert leaves.encode(moved) == (GOLDEN / "v1-postponement.json").read_bytes()
