"""Names and contents of tiles are those of C2SP tlog-tiles; its examples are the expected values."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import tiles
from goedebuur.core.ledger.tiles import ENTRIES, Tile

TILES = st.builds(Tile, st.integers(-1, 63), st.integers(0, 10**18), st.integers(1, 256))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        # C2SP tlog-tiles: "index 1234067 will be encoded as x001/x234/067"
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(4, 1234067, 1), "tile/4/x001/x234/067.p/1"),
        (Tile(63, 0, 255), "tile/63/000.p/255"),
        (Tile(ENTRIES, 1000), "tile/entries/x001/000"),
        (Tile(ENTRIES, 999, 112), "tile/entries/999.p/112"),
    ],
)
def test_name_of_a_tile_is_that_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@given(TILES)
def test_name_of_any_tile_reads_back(tile: Tile) -> None:
    assert tiles.parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/../../etc/passwd",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/0/٠٠٠",
    ],
)
def test_any_other_name_is_refused(path: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        tiles.parse_path(path)
    assert caught.value.code == "tile-malformed"


def counted(size: int) -> Counter[tuple[int, int]]:
    return Counter((tile.level, tile.width) for tile in tiles.tiles_of(size))


def test_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    # "273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1 tile, one partial level 1 tile
    # of width 17, and one partial level 2 tile of width 1"
    assert counted(70_000) == {
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
        (ENTRIES, 256): 273,
        (ENTRIES, 112): 1,
    }


def test_tree_of_256_has_a_full_tile_and_a_partial_one_above() -> None:
    assert counted(256) == {(0, 256): 1, (1, 1): 1, (ENTRIES, 256): 1}


def test_empty_tree_has_no_tiles() -> None:
    assert counted(0) == {}


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_tiles_since_an_earlier_size_are_those_that_it_lacked(one: int, other: int) -> None:
    old, new = sorted((one, other))
    assert set(tiles.tiles_of(new, old)) == set(tiles.tiles_of(new)) - set(tiles.tiles_of(old))


@given(st.integers(1, 10**9))
def test_each_partial_tile_is_as_wide_as_the_specification_says(size: int) -> None:
    # "The partial tile at level l for a tree of size s has floor(s / 256**l) mod 256 entries"
    found = {tile.level: tile.width for tile in tiles.edge(size)}
    assert found == {level: size // 256**level % 256 for level in range(8) if size // 256**level % 256}


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundle_reads_back(leaves: list[bytes]) -> None:
    assert tiles.parse_bundle(tiles.encode_bundle(leaves), len(leaves)) == leaves


def test_bundle_is_two_bytes_of_length_and_the_leaf() -> None:
    # C2SP tlog-tiles: "sequences of big-endian uint16 length-prefixed log entries"
    assert tiles.encode_bundle([b"abc", b"", b"x" * 258]) == b"\x00\x03abc\x00\x00\x01\x02" + b"x" * 258


@pytest.mark.parametrize(("data", "width"), [(b"\x00\x03ab", 1), (b"\x00", 0), (b"\x00\x01a", 2), (b"\x00\x01a", 0)])
def test_bundle_with_another_number_of_entries_is_refused(data: bytes, width: int) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        tiles.parse_bundle(data, width, "tile/entries/000.p/1")
    assert caught.value.code == "tile-malformed"
    assert caught.value.place == "tile/entries/000.p/1"
