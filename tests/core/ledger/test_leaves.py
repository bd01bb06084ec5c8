"""The leaf format is settled: every golden file is read by this version, and written again byte for byte.

The files were written by hand and their hashes made with `sha256sum`, not by this program.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.tree import leaf_hash

GOLDEN = Path(__file__).parent / "golden"
HASHES = {
    "v1-catalogue.json": "65b1b2315ab07669d0b506a52b6599074530147992f61bcbbbb04fb89a864211",
    "v1-closed.json": "f935bc74e2445fbe97c4f4f16eddfa69828fda75a0912349e39d952dbcca458e",
    "v1-correction.json": "8b095a2e5f9a797ecad1f0b02b17f121fc9bee36546bca34adac060f29f26af9",
    "v1-observations-blocks.json": "0c3b3e9520524bb8912dee2efb29cb8f984fe63f03b048a080af8c3262bf557b",
    "v1-observations.json": "6ed7b83fe01ca83dc35d4208d2c512e80709302984523aed71c75713ea06133e",
    "v1-result.json": "bd8a3cd1805a7c43335129a21bfbd5698be78ca3b7838a80dfa35b2bb93013c4",
    "v1-rules.json": "286452675611ade3a2d479ed7f6b80001e1a8545a440b7a814895246feccab09",
    "v1-sealed.json": "3f3ee0c355fdb57fa2f1c65c1858098618b33031685c7f92d4300d7cae7d5923",
    "v1-expectation.json": "4a9f23a696e5df7dc49b2ef4c753803d52fe3c3bfd28846577b00c66572443cd",
    "v1-gap-reasons.json": "55652c1fee3fa943b9f69aebebcc6359ae9d21fb4f7d741ff7a65dc446161c1e",
    "v1-erasure.json": "56d6ccfcf99ee460f063cebc5e67d46022623cd386413fda1c3b8d8cf67096f7",
    "v1-opened.json": "e6c508f6f83078f5d3ffa8f76addeadd12d6f74293884c7931598f4780bb3bc2",
    "v1-postponement.json": "b2d14531d747594b5fa32d110a105b3cb430f07ca53a5cb202696fce2d9eeb6d",
}
COMMITMENT = "0822620f031743ea0cc37ed56e26de2348abb7d3ad68a86656eced2575b52f90"
SALT = bytes(range(32))


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def test_every_golden_file_is_listed_here() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(HASHES)


@pytest.mark.parametrize("name", HASHES)
def test_golden_leaf_is_read_and_written_again_byte_for_byte(name: str) -> None:
    assert leaves.encode(leaves.decode(golden(name))) == golden(name)


@pytest.mark.parametrize("name", HASHES)
def test_golden_leaf_has_the_hash_that_sha256sum_gives(name: str) -> None:
    assert leaf_hash(golden(name)).hex() == HASHES[name]


def test_golden_correction_has_the_fields_that_were_written() -> None:
    leaf = leaves.decode(golden("v1-correction.json"))
    assert isinstance(leaf, Leaf)
    assert (leaf.kind, leaf.submitter, leaf.adapter, leaf.supersedes) == ("correction", "rivm", "rivm_lml/1", (0, 17))
    assert leaf.reason == "herijking van de monitor — 3 % te hoog"
    assert leaf.period == ("2019-02-01T00:00:00Z", "2019-02-01T03:00:00Z")
    assert leaf.counts["withdrawn"] == 1
    assert leaf.signature == {"algorithm": "ed25519", "key": "rivm-2020", "value": "AAECAw=="}


def test_closed_leaf_opens_to_the_header_and_salt_it_was_made_from() -> None:
    closed, leaf = leaves.decode(golden("v1-closed.json")), leaves.decode(golden("v1-observations.json"))
    assert isinstance(closed, ClosedLeaf)
    assert isinstance(leaf, Leaf)
    assert leaves.commit(leaf, SALT) == closed.commitment == COMMITMENT
    assert leaves.opens(closed, leaf, SALT)


def test_closed_leaf_does_not_open_to_another_header_or_salt() -> None:
    closed, leaf = leaves.decode(golden("v1-closed.json")), leaves.decode(golden("v1-observations.json"))
    other = leaves.decode(golden("v1-rules.json"))
    assert isinstance(closed, ClosedLeaf)
    assert isinstance(leaf, Leaf)
    assert isinstance(other, Leaf)
    assert not leaves.opens(closed, other, SALT)
    assert not leaves.opens(closed, leaf, bytes(32))


def test_a_salt_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        leaves.commit(Leaf("rules", "a", "", "2021-01-01T00:00:00Z"), b"short")


@pytest.mark.parametrize(
    "change",
    [
        (b'"format_version":1', b'"format_version":2'),
        (b'"kind":"observations"', b'"kind":"opinions"'),
        (b'"reason":""', b'"reason":"", "more":1'),
        (b'"reason":"",', b""),
        (b'"counts":{"skipped:empty":2,', b'"counts":{"stored":2,'),
        (b'"rows":3', b'"rows":3.0'),
    ],
)
def test_leaf_that_is_not_in_the_one_form_is_unreadable(change: tuple[bytes, bytes]) -> None:
    data = golden("v1-observations.json")
    assert change[0] in data
    with pytest.raises(GoedeBuurError) as caught:
        leaves.decode(data.replace(*change))
    assert caught.value.code == "leaf-unreadable"


def test_leaf_that_does_not_fit_a_bundle_entry_is_refused() -> None:
    series = tuple(f"NL{i:05d}.pm10.1h" for i in range(4000))
    with pytest.raises(GoedeBuurError) as caught:
        leaves.encode(Leaf("observations", "a", "b/1", "2021-01-01T00:00:00Z", series=series))
    assert caught.value.code == "leaf-too-large"


def test_commitment_hides_the_header_behind_the_salt() -> None:
    plain = hashlib.sha256(golden("v1-observations.json")).hexdigest()
    leaf = leaves.decode(golden("v1-observations.json"))
    assert isinstance(leaf, Leaf)
    assert len({plain, leaves.commit(leaf, SALT), leaves.commit(leaf, bytes(32))}) == 3
