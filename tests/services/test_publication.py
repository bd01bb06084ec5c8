"""Nothing in a published log can be changed without being found, and the report names the file and the leaf."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from goedebuur.core.ledger import tiles
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.tiles import fold
from goedebuur.core.ledger.tree import leaf_hash
from goedebuur.services.publication import check
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

SIGNER = Ed25519Signer("record.example/log", bytes(range(32)))
SIZE = 3 * 256 + 7
FLIPS = 400
EARLIER = "tile/1/000.p/2"
"""A partial tile of the first checkpoint, which stays for its readers: it may go, and may not be other than it was."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("log")
    ledger = Ledger.open(root / "record", SIGNER)
    for stop in (700, SIZE):
        ledger.append(
            [Leaf("result", "a", "", "2021-06-01T12:00:00Z", reason=f"n{i}") for i in range(ledger.size, stop)]
        )
        Publication(root / "public").publish(ledger)
    return root / "public"


@pytest.fixture
def public(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "public"))


def found(public: Path) -> list[tuple[str, str]]:
    return [(problem.place, problem.what) for problem in check(public, vkey=SIGNER.vkey)]


def places(public: Path) -> list[str]:
    return [place for place, _ in found(public)]


def test_whole_log_has_no_problems_and_progress_is_told(public: Path) -> None:
    told: list[tuple[int, int]] = []
    assert check(public, lambda done, total: told.append((done, total)), vkey=SIGNER.vkey) == []
    assert check(public) == []
    assert [done for done, _ in told] == [256, 512, 768, SIZE]
    assert {total for _, total in told} == {SIZE}


def leaf_at(public: Path, path: str, offset: int) -> int:
    """Return the leaf that a byte of a bundle belongs to, counted from the lengths by hand."""
    data, at, leaf = (public / path).read_bytes(), 0, tiles.parse_path(path).start
    while True:
        length = data[at] * 256 + data[at + 1]
        if offset < at + 2 + length:
            return leaf
        at, leaf = at + 2 + length, leaf + 1


def test_every_single_changed_bit_is_found_and_its_file_and_leaf_named(public: Path) -> None:
    chance = random.Random(7)
    names = [name for name in Publication(public).names() if name != "log.vkey"]
    weights = [(public / name).stat().st_size for name in names]
    for name in [*names, *chance.choices(names, weights, k=FLIPS)]:
        before = (public / name).read_bytes()
        bit = chance.randrange(len(before) * 8)
        after = bytearray(before)
        after[bit // 8] ^= 1 << bit % 8
        (public / name).write_bytes(bytes(after))
        problems = found(public)
        (public / name).write_bytes(before)
        assert [place for place, _ in problems] == [name], f"bit {bit} of {name}"
        if name.startswith("tile/entries"):
            assert problems[0][1].startswith(f"leaf {leaf_at(public, name, bit // 8)}: ")
    assert found(public) == []


def test_changed_key_is_found_by_who_knows_it(public: Path) -> None:
    other = Ed25519Signer("record.example/log", bytes(32))
    (public / "log.vkey").write_text(other.vkey + "\n")
    assert places(public) == ["log.vkey"]
    assert [problem.place for problem in check(public)] == ["checkpoint"]


def test_readme_that_names_another_key_is_found(public: Path) -> None:
    other = Ed25519Signer("record.example/log", bytes(32))
    (public / "README.md").write_text(f"| key | `{SIGNER.vkey}` |\n")
    assert places(public) == []
    (public / "README.md").write_text(f"| key | `{other.vkey}` |\n")
    assert places(public) == ["README.md"]
    assert [problem.place for problem in check(public)] == ["README.md"]


def test_missing_cut_and_lengthened_files_are_named(public: Path) -> None:
    for name in [one for one in Publication(public).names() if one != EARLIER]:
        path = public / name
        before = path.read_bytes()
        for after in (None, before[:-1], before + b"\x00", b""):
            if after is None:
                path.unlink()
            else:
                path.write_bytes(after)
            if name == "checkpoint" and after is None:
                path.write_bytes(before)
                continue
            assert places(public) == [name], f"{name} with {after if after is None else len(after)} bytes"
            path.write_bytes(before)


def test_file_that_is_not_of_the_log_is_named(public: Path) -> None:
    for name in ("index.html", "tile/0/004", "tile/0/003.p/8", "tile/3/000.p/1", "tile/0/000.p/5", "tile/0/0"):
        path = public / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(b"x")
        assert places(public) == [name]
        path.unlink()
        if path.parent.name.endswith(".p") and not any(path.parent.iterdir()):
            path.parent.rmdir()


def put_forged(public: Path, index: int) -> None:
    """Put another entry in its bundle, and its hash in the tile over it."""
    now = tiles.tile_at(tiles.ENTRIES, index // 256, SIZE)
    leaves = tiles.parse_bundle((public / now.path).read_bytes())
    leaves[index % 256] = b"forged"
    (public / now.path).write_bytes(tiles.encode_bundle(leaves))
    tile = public / tiles.Tile(0, now.number, now.width).path
    row = bytearray(tile.read_bytes())
    row[index % 256 * 32 : index % 256 * 32 + 32] = leaf_hash(b"forged")
    tile.write_bytes(bytes(row))


def test_entry_altered_with_its_tile_is_named(public: Path) -> None:
    put_forged(public, 300)
    assert found(public) == [
        ("tile/0/001", "leaves 256 to 511: not the hashes that the log signed"),
        ("tile/entries/001", "leaves 256 to 511: neither the bundle nor the tile over it is what the log signed"),
    ]


def test_entry_altered_with_all_tiles_up_to_the_root_is_found(public: Path) -> None:
    put_forged(public, 300)
    path = public / "tile/1/000.p/3"
    row = bytearray(path.read_bytes())
    row[32:64] = fold((public / "tile/0/001").read_bytes())
    path.write_bytes(bytes(row))
    problems = found(public)
    assert {place for place, _ in problems} >= {"tile/1/000.p/3"}
    assert all("root" in what for place, what in problems)


def test_two_faults_do_not_hide_each_other(public: Path) -> None:
    for name, at in (("tile/1/000.p/3", 40), ("tile/entries/002", 400), ("tile/entries/000", 3)):
        data = bytearray((public / name).read_bytes())
        data[at] ^= 1
        (public / name).write_bytes(bytes(data))
    named = found(public)
    assert [place for place, _ in named] == ["tile/1/000.p/3", "tile/entries/000", "tile/entries/002"]
    assert named[1][1].startswith("leaf 0: ")


def test_bundle_out_of_step_names_the_first_leaf_that_is_wrong(public: Path) -> None:
    path = public / "tile/entries/001"
    leaves = tiles.parse_bundle(path.read_bytes())
    path.write_bytes(tiles.encode_bundle([*leaves[:50], *leaves[51:]]))
    ((place, what),) = found(public)
    assert place == "tile/entries/001"
    assert what.startswith("leaf 306: 255 whole entries")
