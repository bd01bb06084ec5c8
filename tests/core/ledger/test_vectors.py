"""The vectors under `docs/methods/vectors` hold, by code that shares nothing with ours: hashlib, struct and base64.

Ed25519 is that of `cryptography`, called directly. Last, our own code is held against the same vectors.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goedebuur.core.ledger import cosignatures, leaves, notes, proofs, tiles, tree
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.store.keys import Ed25519Verifier, verify

FILE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "vectors" / "log.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
LEAF = {one["name"]: one["bytes"].encode() for one in VECTORS["leaves"]}


def h(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def mth(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, on hashes of leaves."""
    if len(hashes) < 2:
        return hashes[0] if hashes else h()
    k = 2 ** ((len(hashes) - 1).bit_length() - 1)
    return h(b"\x01", mth(hashes[:k]), mth(hashes[k:]))


def path(m: int, hashes: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = 2 ** ((len(hashes) - 1).bit_length() - 1)
    if m < k:
        return [*path(m, hashes[:k]), mth(hashes[k:])]
    return [*path(m - k, hashes[k:]), mth(hashes[:k])]


def subproof(m: int, hashes: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962, section 2.1.2."""
    if m == len(hashes):
        return [] if whole else [mth(hashes)]
    k = 2 ** ((len(hashes) - 1).bit_length() - 1)
    if m <= k:
        return [*subproof(m, hashes[:k], whole), mth(hashes[k:])]
    return [*subproof(m - k, hashes[k:], False), mth(hashes[:k])]


def tree_hashes() -> list[bytes]:
    return [h(b"\x00", bytes.fromhex(one)) for one in VECTORS["tree"]["leaves"]]


def key(which: str) -> tuple[dict[str, Any], Ed25519PrivateKey, bytes]:
    told = VECTORS["keys"][which]
    named = h(told["name"].encode(), b"\n", bytes([told["type"]]), bytes.fromhex(told["public_key"]))[:4]
    return told, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["seed"])), named


@pytest.mark.parametrize("one", VECTORS["leaves"], ids=lambda one: one["name"])
def test_leaf_is_canonical_json_and_hashes_as_told(one: dict[str, Any]) -> None:
    data = one["bytes"].encode()
    body = json.loads(data)
    assert json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == data
    assert body["format_version"] == 1
    assert (len(data), h(b"\x00", data).hex()) == (one["length"], one["leaf_hash"])
    assert leaves.encode(leaves.decode(data)) == data
    assert (Path(__file__).with_name("golden") / f"{one['name']}.json").read_bytes() == data


def test_commitment_is_the_digest_of_salt_and_leaf() -> None:
    told = VECTORS["commitment"]
    salt = bytes.fromhex(told["salt"])
    assert h(b"\x02", salt, LEAF[told["leaf"]]).hex() == told["commitment"]
    opened = leaves.decode(LEAF[told["leaf"]])
    assert isinstance(opened, leaves.Leaf)
    assert leaves.commit(opened, salt) == told["commitment"]


def test_bundle_is_length_and_leaf_one_after_the_other() -> None:
    told = VECTORS["bundle"]
    data = b"".join(struct.pack(">H", len(LEAF[name])) + LEAF[name] for name in told["leaves"])
    assert data.hex() == told["bytes"]
    assert tiles.encode_bundle([LEAF[name] for name in told["leaves"]]) == data


def test_roots_and_proofs_of_the_tree_follow_from_the_definitions() -> None:
    told, hashes = VECTORS["tree"], tree_hashes()
    assert [one.hex() for one in hashes] == told["leaf_hashes"]
    assert [mth(hashes[:size]).hex() for size in range(9)] == told["roots"]
    ours = tree.Tree()
    for one in hashes:
        ours.append(one)
    for one in VECTORS["inclusion"]:
        proof = [bytes.fromhex(text) for text in one["path"]]
        assert path(one["index"], hashes[: one["size"]]) == proof
        assert ours.inclusion_proof(one["index"], one["size"]) == proof
    for one in VECTORS["consistency"]:
        proof = [bytes.fromhex(text) for text in one["path"]]
        assert subproof(one["old"], hashes[: one["new"]], True) == proof
        assert ours.consistency_proof(one["old"], one["new"]) == proof


@pytest.mark.parametrize("one", VECTORS["tiles"], ids=lambda one: one["path"])
def test_name_of_a_tile_is_its_number_in_groups_of_three_digits(one: dict[str, Any]) -> None:
    digits = f"{one['number']:09d}"
    groups = [digits[at : at + 3] for at in (0, 3, 6)]
    while groups[0] == "000" and len(groups) > 1:
        groups.pop(0)
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    partial = f".p/{one['width']}" if one["width"] < 256 else ""
    assert one["path"] == f"tile/{one['level']}/{name}{partial}"
    level = tiles.ENTRIES if one["level"] == "entries" else one["level"]
    assert tiles.parse_path(one["path"]) == tiles.Tile(level, one["number"], one["width"])


@pytest.mark.parametrize("which", ["log", "witness"])
def test_public_key_is_that_of_the_seed_and_names_itself(which: str) -> None:
    told, private, named = key(which)
    public = private.public_key().public_bytes_raw()
    assert public.hex() == told["public_key"]
    assert told["vkey"] == f"{told['name']}+{named.hex()}+{b64(bytes([told['type']]) + public)}"
    assert notes.encode_vkey(told["name"], public, told["type"]) == told["vkey"]


def test_checkpoint_is_signed_over_its_three_lines() -> None:
    told, (log, private, named) = VECTORS["checkpoint"], key("log")
    root = mth([h(b"\x00", LEAF[name]) for name in told["leaves"]])
    text = f"{log['name']}\n{len(told['leaves'])}\n{b64(root)}\n"
    assert told["text"] == text
    assert told["signed"] == f"{text}\n— {log['name']} {b64(named + private.sign(text.encode()))}\n"
    assert notes.open_note(told["signed"].encode(), Ed25519Verifier(log["vkey"])) == text


def test_cosignature_is_over_heading_time_and_checkpoint() -> None:
    told, (witness, private, named) = VECTORS["cosignature"], key("witness")
    message = f"cosignature/v1\ntime {told['time']}\n{VECTORS['checkpoint']['text']}"
    assert told["message"] == message
    signature = struct.pack(">Q", told["time"]) + private.sign(message.encode())
    assert told["line"] == f"— {witness['name']} {b64(named + signature)}\n"
    assert told["cosigned"] == VECTORS["checkpoint"]["signed"] + told["line"]
    standing = cosignatures.check(told["cosigned"].encode(), Policy(1, (witness["vkey"],)), verify)
    assert [one.time for one in standing.cosigned] == [told["time"]]


def test_proof_file_is_index_path_and_checkpoint() -> None:
    told, names = VECTORS["proof"], VECTORS["checkpoint"]["leaves"]
    assert names[told["index"]] == told["leaf"]
    hashes = path(told["index"], [h(b"\x00", LEAF[name]) for name in names])
    lines = [
        "c2sp.org/tlog-proof@v1",
        f"index {told['index']}",
        *map(b64, hashes),
        "",
        VECTORS["cosignature"]["cosigned"],
    ]
    assert told["file"] == "\n".join(lines)
    proof = proofs.parse(told["file"].encode())
    log, witness = (VECTORS["keys"][which]["vkey"] for which in ("log", "witness"))
    proven = proofs.verify(proof, LEAF[told["leaf"]], Ed25519Verifier(log), Policy(1, (witness,)), verify)
    assert proven.checkpoint.size == len(names)
