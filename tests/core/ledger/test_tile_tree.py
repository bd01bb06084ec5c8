"""A tree read from tiles gives what the tree itself gives, and lets nothing through that the root does not cover."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.ledger.published import Published
from tests.core.ledger.test_tree import CONSISTENCY, INCLUSION, LEAVES, ROOTS, plain_root, unhex

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import tile_tree, tiles
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import Tile, fold
from goedebuur.core.ledger.tree import leaf_hash, verify_consistency, verify_inclusion

SIZES = st.integers(1, 300)
# 3 · 256 + 7 leaves: five subtrees make the root and they lie in two tiles, so a reader that counts subtrees where
# it means tiles leaves three tiles unchecked
PAIR = 3 * 256 + 7


@cache
def published(size: int) -> Published:
    return Published(size)


def code_of(error: pytest.ExceptionInfo[GoedeBuurError]) -> str:
    return error.value.code


def test_published_vectors_of_rfc_6962_come_out_of_tiles() -> None:
    log = Published(8, lambda index: bytes.fromhex(LEAVES[index]))
    tree = log.reader()
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    for index, size, proof in INCLUSION:
        assert tree.inclusion_proof(index, size) == unhex(proof)
    for old, new, proof in CONSISTENCY:
        assert tree.consistency_proof(old, new) == unhex(proof)


@pytest.mark.parametrize("size", range(301))
def test_root_from_tiles_is_that_of_the_definition_at_every_size_to_300(size: int) -> None:
    hashes = [leaf_hash(b"leaf %d" % index) for index in range(size)]
    assert published(size).reader().root() == plain_root(hashes)
    assert published(300).reader().root(size) == plain_root(hashes)


@settings(max_examples=300, deadline=None)
@given(
    SIZES.flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[1] - 1))
    )
)
def test_inclusion_proof_from_tiles_verifies_at_any_size_to_300(case: tuple[int, int, int]) -> None:
    size, under, index = case
    log = published(size)
    proof = log.reader().inclusion_proof(index, under)
    assert proof == log.tree.inclusion_proof(index, under)
    assert verify_inclusion(leaf_hash(log.leaves[index]), index, under, proof, log.tree.root(under))


@settings(max_examples=300, deadline=None)
@given(
    SIZES.flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[1]))
    )
)
def test_consistency_proof_from_tiles_verifies_at_any_size_to_300(case: tuple[int, int, int]) -> None:
    size, new, old = case
    log = published(size)
    proof = log.reader().consistency_proof(old, new)
    assert proof == log.tree.consistency_proof(old, new)
    assert verify_consistency(old, new, log.tree.root(old), log.tree.root(new), proof)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 300, PAIR, 65_536, 70_000])
def test_leaves_and_their_hashes_read_back(size: int) -> None:
    log = published(size)
    tree = log.reader()
    for start, stop in ((0, min(size, 600)), (size - 1, size), (size // 2, min(size, size // 2 + 300)), (size, size)):
        assert tree.entries(start, stop) == log.leaves[start:stop]
        assert tree.leaf_hashes(start, stop) == [leaf_hash(leaf) for leaf in log.leaves[start:stop]]
    assert tree.entry(size - 1) == log.leaves[-1]


# entry and tile altered together


def test_entry_altered_together_with_its_tile_is_refused() -> None:
    """CVE-2026-56865: readers that check a tile against nothing but the entries under it let this through."""
    log = Published(PAIR)
    log.alter_entry(5)
    tree = log.reader()
    for ask in (lambda: tree.entry(5), lambda: tree.leaf_hash(5), lambda: tree.inclusion_proof(5)):
        with pytest.raises(GoedeBuurError) as caught:
            ask()
        assert code_of(caught) == "tile-other"
        assert caught.value.place == "tile/0/000"
        assert "leaves 0 to 255" in caught.value.value


def test_reader_without_the_check_of_full_tiles_would_let_the_pair_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows that the altered pair is caught by that check, and by nothing else."""
    log = Published(PAIR)
    log.alter_entry(5)
    monkeypatch.setattr(TileTree, "_checked", lambda self, tile: tiles.pyramid(self.read(tile)))
    assert log.reader().entry(5) == b"forged"


@pytest.mark.parametrize("size", [1, 7, 255, 256, 257, 512, PAIR, 65_536 + 256 + 3])
def test_altered_pair_is_refused_wherever_it_is(size: int) -> None:
    for index in {0, size // 3, size // 2, size - 1}:
        log = Published(size)
        log.alter_entry(index)
        with pytest.raises(GoedeBuurError) as caught:
            log.reader().entry(index)
        assert code_of(caught) == "tile-other"


def test_pair_altered_up_to_the_tile_below_the_edge_is_refused() -> None:
    log = Published(65_536 + 10)
    log.alter_entry(300)
    row = bytearray(log.files["tile/1/000"])
    row[32:64] = fold(log.files["tile/0/001"])
    log.files["tile/1/000"] = bytes(row)
    with pytest.raises(GoedeBuurError) as caught:
        log.reader().entry(300)
    assert (code_of(caught), caught.value.place) == ("tile-other", "tile/1/000")


def test_altered_entry_is_refused_and_named() -> None:
    log = Published(PAIR)
    log.alter_bundle(300)
    tree = log.reader()
    assert tree.leaf_hash(300) == leaf_hash(b"leaf 300")
    with pytest.raises(GoedeBuurError) as caught:
        tree.entries(256, 512)
    assert (caught.value.place, caught.value.value) == ("tile/entries/001", "leaf 300")


def test_any_altered_byte_of_any_file_that_is_read_is_refused() -> None:
    whole = published(PAIR)
    chance = random.Random(1)
    for path in whole.files:
        for _ in range(8):
            log = Published.__new__(Published)
            log.leaves, log.tree, log.files, log.asked = whole.leaves, whole.tree, dict(whole.files), []
            data = bytearray(log.files[path])
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            log.files[path] = bytes(data)
            with pytest.raises(GoedeBuurError) as caught:
                log.reader().entries(0, PAIR)
            assert code_of(caught) in ("tile-other", "tile-malformed")


def test_root_of_another_tree_is_refused() -> None:
    tree = TileTree(published(300).read, Checkpoint("record.example/log", 300, bytes(32)))
    for ask in (tree.root, lambda: tree.entry(0), lambda: tree.inclusion_proof(0), lambda: tree.consistency_proof(1)):
        with pytest.raises(GoedeBuurError) as caught:
            ask()
        assert code_of(caught) == "tile-other"


# what there is to read


def test_tile_of_another_length_is_refused() -> None:
    for path in ("tile/0/000", "tile/0/003.p/7", "tile/1/000.p/3"):
        log = Published(PAIR)
        log.files[path] = log.files[path][:-1]
        with pytest.raises(GoedeBuurError) as caught:
            log.reader().leaf_hash(0)
        assert (code_of(caught), caught.value.place) == ("tile-malformed", path)


def test_missing_tile_is_named() -> None:
    log = Published(PAIR)
    del log.files["tile/0/001"]
    assert log.reader().leaf_hash(0)
    with pytest.raises(GoedeBuurError) as caught:
        log.reader().leaf_hash(256)
    assert (code_of(caught), caught.value.place) == ("tile-missing", "tile/0/001")


def test_reader_of_an_earlier_size_takes_the_full_tile_where_the_partial_one_went() -> None:
    # C2SP tlog-tiles: a log "MAY delete any partial tile once the corresponding full tile is available"
    log = Published(PAIR)
    log.files["tile/1/000.p/2"] = log.files["tile/1/000.p/3"][:64]
    tree = log.reader(700)
    assert tree.entries(690, 700) == log.leaves[690:700]
    assert tree.inclusion_proof(699) == log.tree.inclusion_proof(699, 700)


def test_nothing_is_given_of_what_is_not_in_the_tree() -> None:
    tree = published(300).reader()
    for ask in (lambda: tree.leaf_hash(300), lambda: tree.entry(-1), lambda: tree.root(301)):
        with pytest.raises(IndexError):
            ask()
    for wrong in (lambda: tree.inclusion_proof(5, 5), lambda: tree.consistency_proof(9, 8), lambda: tree.tile(0, 2)):
        with pytest.raises(IndexError):
            wrong()


def test_empty_tree_needs_no_tiles() -> None:
    tree = published(0).reader()
    assert tree.root().hex() == ROOTS[0]
    assert tree.entries(0, 0) == []


def test_a_proof_reads_a_handful_of_tiles() -> None:
    log = Published(65_536 + 256 * 5 + 9)
    log.reader().inclusion_proof(1234)
    assert len(log.asked) <= 5


def test_tiles_beyond_those_that_are_kept_are_read_again_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile_tree, "KEPT", 1)
    log = Published(PAIR)
    tree = log.reader()
    assert [tree.leaf_hash(index) for index in (0, 256, 0)] == [leaf_hash(log.leaves[i]) for i in (0, 256, 0)]
    assert log.asked.count(Tile(0, 0).path) == 2
