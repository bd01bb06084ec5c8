"""An implementation that nobody here wrote accepts our log: Go's `sumdb/tlog` and `sumdb/note`, on our static files.

`main.go` is ours and small; what is checked in it is checked by Debian's `golang-golang-x-mod-dev`.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes, tiles
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.tree import leaf_hash
from goedebuur.services.publication import check
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

pytestmark = pytest.mark.go

SIGNER = Ed25519Signer("record.example/log", bytes(range(32)))
WITNESS = Ed25519Signer("witness.example/w1", bytes(range(1, 33)))
# 3 · 256 + 7: five subtrees under the root, in two tiles; see tests/core/ledger/test_tile_tree.py
SIZE = 3 * 256 + 7
SIZES = (1, 2, 255, 256, 257, SIZE)

Peer = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def peer(go_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Peer:
    """Return a function that runs the peer: command, folder, key of the log, argument, standard input."""
    program = tmp_path_factory.mktemp("peer") / "peer"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(go_root),
        "GOFLAGS": "",
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOCACHE": str(tmp_path_factory.mktemp("go-cache")),
    }
    go = shutil.which("go")
    assert go is not None
    source = Path(__file__).with_name("main.go")
    subprocess.run([go, "build", "-o", str(program), str(source)], env=environment, check=True, timeout=300)

    def run(
        command: str, folder: Path, *more: str, ask: str = "", key: str = SIGNER.vkey
    ) -> subprocess.CompletedProcess[str]:
        line = [str(program), command, str(folder), key, *more]
        return subprocess.run(line, input=ask, capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Ledger, Path]]:
    """Return one log, published at each size in a folder of its own."""
    root = tmp_path_factory.mktemp("log")
    found = {}
    for size in SIZES:
        ledger = Ledger.open(root / "record", SIGNER)
        ledger.append(
            [
                Leaf("result", "goedebuur", "", "2021-06-01T12:00:00Z", reason=f"number {i}")
                for i in range(ledger.size, size)
            ]
        )
        Publication(root / str(size)).publish(ledger)
        found[size] = (ledger, root / str(size))
    return found


@pytest.fixture
def public(logs: dict[int, tuple[Ledger, Path]], tmp_path: Path) -> Path:
    """Return a copy of the largest publication, to be altered."""
    return Path(shutil.copytree(logs[SIZE][1], tmp_path / "public"))


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("size", SIZES)
def test_peer_audits_all_entries_and_tiles(peer: Peer, logs: dict[int, tuple[Ledger, Path]], size: int) -> None:
    answer = said(peer("audit", logs[size][1]))
    count = sum(tile.level >= 0 for tile in tiles.tiles_of(size))
    assert answer.startswith(f"audited {size} entries and {count} tiles")


@pytest.mark.parametrize("size", SIZES)
def test_peer_accepts_our_proofs(peer: Peer, logs: dict[int, tuple[Ledger, Path]], size: int) -> None:
    tree = Publication(logs[size][1]).tree(SIGNER.vkey)
    lines = []
    for index in range(size):
        proof = [one.hex() for one in tree.inclusion_proof(index)]
        lines.append(" ".join(["inclusion", str(index), tree.leaf_hash(index).hex(), *proof]))
    for old in range(1, size + 1):
        proof = [one.hex() for one in tree.consistency_proof(old)]
        lines.append(" ".join(["consistency", str(old), tree.root(old).hex(), *proof]))
    answer = said(peer("check", logs[size][1], ask="\n".join(lines) + "\n"))
    assert answer == f"checked {size} inclusion and {size} consistency proofs\n"


def test_peer_makes_the_same_proofs_from_our_tiles(peer: Peer, logs: dict[int, tuple[Ledger, Path]]) -> None:
    ledger, folder = logs[SIZE]
    chance, asked, wanted = random.Random(3), [], []
    for _ in range(200):
        size = chance.randrange(1, SIZE + 1)
        index, old = chance.randrange(size), chance.randrange(1, size + 1)
        asked += [f"inclusion {size} {index}", f"consistency {size} {old}"]
        wanted += [ledger.inclusion_proof(index, size), ledger.consistency_proof(old, size)]
    answers = said(peer("prove", folder, ask="\n".join(asked) + "\n")).split("\n")[:-1]
    assert answers == [" ".join(one.hex() for one in proof) for proof in wanted]


def test_peer_refuses_what_is_altered(peer: Peer, public: Path) -> None:
    for name in ("checkpoint", "tile/0/001", "tile/0/003.p/7", "tile/1/000.p/3", "tile/entries/002"):
        before = (public / name).read_bytes()
        (public / name).write_bytes(before[:40] + bytes([before[40] ^ 1]) + before[41:])
        assert peer("audit", public).returncode == 1, name
        assert check(public, vkey=SIGNER.vkey) != []
        (public / name).write_bytes(before)
    other = Ed25519Signer("record.example/log", bytes(32))
    assert peer("audit", public, key=other.vkey).returncode == 1
    assert peer("audit", public).returncode == 0


def test_peer_accepts_a_cosignature(peer: Peer, public: Path) -> None:
    note = (public / "checkpoint").read_bytes()
    line = cosignatures.cosign(notes.parse_note(note).text, WITNESS.cosigner_vkey, WITNESS.sign, 1_700_000_000)
    (public / "checkpoint").write_bytes(notes.add_signatures(note, [line]))
    answer = said(peer("cosigned", public, WITNESS.cosigner_vkey))
    assert answer.split("\n")[1] == f"signed by witness.example/w1 {line.key.hex()}"
    wrong = notes.Signature(line.name, line.key, line.data[:-1] + bytes([line.data[-1] ^ 1]))
    (public / "checkpoint").write_bytes(notes.add_signatures(note, [wrong]))
    assert peer("cosigned", public, WITNESS.cosigner_vkey).returncode == 1


# CVE-2026-56865


def alter(public: Path, index: int) -> None:
    """Put another entry in its bundle, and its hash in the tile over it."""
    bundle = public / f"tile/entries/{index // 256:03d}"
    leaves = tiles.parse_bundle(bundle.read_bytes())
    leaves[index % 256] = b"forged"
    bundle.write_bytes(tiles.encode_bundle(leaves))
    tile = public / f"tile/0/{index // 256:03d}"
    row = bytearray(tile.read_bytes())
    row[index % 256 * 32 : index % 256 * 32 + 32] = leaf_hash(b"forged")
    tile.write_bytes(bytes(row))


def test_entry_altered_with_its_tile_is_refused_here_whatever_the_peer_says(peer: Peer, public: Path) -> None:
    assert said(peer("entry", public, "5")).startswith("accepted entry 5: ")
    alter(public, 5)
    answer = peer("entry", public, "5")
    # Before x/mod 0.40 TileHashReader let it through (go.dev/issue/80744); a later one refuses it, as we do.
    assert (answer.returncode, answer.stdout) == (0, 'accepted entry 5: "forged"\n') or (
        answer.returncode == 1 and "inconsistent tile" in answer.stderr
    )
    with pytest.raises(GoedeBuurError) as caught:
        Publication(public).tree(SIGNER.vkey).entry(5)
    assert (caught.value.code, caught.value.place) == ("tile-other", "tile/0/000")
    assert [problem.place for problem in check(public, vkey=SIGNER.vkey)] == ["tile/0/000", "tile/entries/000"]
    assert peer("audit", public).returncode == 1
