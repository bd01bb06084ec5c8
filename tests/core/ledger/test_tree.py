"""Hashes and proofs are those of RFC 6962.

The vectors are the ones published with the Certificate Transparency reference implementation and its successor
transparency-dev/merkle (`testonly/constants.go`, `proof/verify_test.go`); indices here count from 0.
"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.ledger.tree import Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], B, D]),
]
CONSISTENCY = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])]


def reference() -> Tree:
    tree = Tree()
    for leaf in LEAVES:
        tree.append(leaf_hash(bytes.fromhex(leaf)))
    return tree


def unhex(proof: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in proof]


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(plain_root(hashes[:split]), plain_root(hashes[split:]))


@pytest.mark.parametrize("size", range(9))
def test_root_is_the_published_one(size: int) -> None:
    assert reference().root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion_proof_is_the_published_one_and_verifies(index: int, size: int, proof: list[str]) -> None:
    tree = reference()
    assert tree.inclusion_proof(index, size) == unhex(proof)
    assert verify_inclusion(tree.leaf(index), index, size, unhex(proof), bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCY)
def test_consistency_proof_is_the_published_one_and_verifies(old: int, new: int, proof: list[str]) -> None:
    assert reference().consistency_proof(old, new) == unhex(proof)
    assert verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), unhex(proof))


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_root_is_that_of_the_definition_at_every_size(data: list[bytes]) -> None:
    tree, hashes = Tree(), [leaf_hash(one) for one in data]
    for size, hashed in enumerate(hashes):
        assert tree.root() == plain_root(hashes[:size])
        tree.append(hashed)
    assert tree.root() == plain_root(hashes)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1), st.integers(0, 7))))
def test_inclusion_proof_verifies_and_no_altered_one_does(case: tuple[int, int, int]) -> None:
    size, index, bit = case
    tree = Tree()
    for i in range(size):
        tree.append(leaf_hash(bytes([i])))
    proof, root = tree.inclusion_proof(index), tree.root()
    assert verify_inclusion(tree.leaf(index), index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(tree.leaf(index), (index + 1) % size, size, proof, root) or size == 1
    assert not verify_inclusion(tree.leaf(index), index, size, [*proof, root], root)
    for i, one in enumerate(proof):
        altered = [*proof[:i], bytes([one[0] ^ (1 << bit)]) + one[1:], *proof[i + 1 :]]
        assert not verify_inclusion(tree.leaf(index), index, size, altered, root)
        assert not verify_inclusion(tree.leaf(index), index, size, proof[:i] + proof[i + 1 :], root)


@given(st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, 7))))
def test_consistency_proof_verifies_and_no_altered_one_does(case: tuple[int, int, int]) -> None:
    new, old, bit = case
    tree = Tree()
    for i in range(new):
        tree.append(leaf_hash(bytes([i])))
    proof, before, after = tree.consistency_proof(old, new), tree.root(old), tree.root(new)
    assert verify_consistency(old, new, before, after, proof)
    if old not in (0, new):
        assert not verify_consistency(old, new, leaf_hash(b"other"), after, proof)
        assert not verify_consistency(old, new, before, leaf_hash(b"other"), proof)
        assert not verify_consistency(old, new, before, after, [*proof, after])
        for i, one in enumerate(proof):
            altered = [*proof[:i], bytes([one[0] ^ (1 << bit)]) + one[1:], *proof[i + 1 :]]
            assert not verify_consistency(old, new, before, after, altered)


def test_empty_old_tree_must_have_the_empty_root() -> None:
    assert verify_consistency(0, 8, bytes.fromhex(ROOTS[0]), bytes.fromhex(ROOTS[8]), [])
    assert not verify_consistency(0, 8, bytes.fromhex(ROOTS[1]), bytes.fromhex(ROOTS[8]), [])


def test_a_proof_of_what_is_not_in_the_tree_is_not_given() -> None:
    tree = reference()
    for ask in (lambda: tree.leaf(8), lambda: tree.root(9), lambda: tree.inclusion_proof(4, 4)):
        with pytest.raises(IndexError):
            ask()
    with pytest.raises(IndexError):
        tree.consistency_proof(5, 4)


def test_nothing_is_in_an_empty_tree() -> None:
    assert not verify_inclusion(leaf_hash(b""), 0, 0, [], Tree().root())
    assert not verify_consistency(3, 2, Tree().root(), Tree().root(), [])
