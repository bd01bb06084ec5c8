"""The log at speed: durable appends, one proof in ten million leaves, a full check of a million.

Everything happens on the disk under var/bench, with fsync on, and is removed at the end. The full check is set against
hashing the same leaves and nodes by `hashlib` in the same run: what is left above that is reading and comparing.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.figures import best_of, report

from goedebuur.core.ledger import notes, tiles
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tile_tree import TileTree, edge_root
from goedebuur.core.ledger.tiles import HEIGHT, WIDTH, Tile, fold, leaf_row
from goedebuur.core.ledger.tree import HASH_BYTES, verify_inclusion
from goedebuur.services import publication as checking
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

FOLDER: Final = Path(__file__).resolve().parent.parent / "var" / "bench" / "log"
SIGNER: Final = Ed25519Signer("bench.example/log", bytes(range(32)))
BATCH: Final = 1_500
LEAF_BYTES: Final = 500
"""About what a leaf of one delivery takes."""


@contextmanager
def workplace(name: str) -> Iterator[Path]:
    """Give an empty folder on the disk of this checkout, and remove it."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def append_and_publish(leaves: int) -> tuple[float, float]:
    """Return leaves per second, appended alone and appended and published, in batches that are on the disk each."""
    with workplace("appends") as folder:
        ledger = Ledger.open(folder / "record", SIGNER)
        publication = Publication(folder / "public")
        appending = publishing = 0.0
        for start in range(0, leaves, BATCH):
            numbers = range(start, min(start + BATCH, leaves))
            batch = [Leaf("result", "bench", "", "2021-06-01T12:00:00Z", reason=f"{i}".zfill(300)) for i in numbers]
            began = time.perf_counter()
            ledger.append(batch)
            appended = time.perf_counter()
            publication.publish(ledger)
            appending += appended - began
            publishing += time.perf_counter() - appended
        assert publication.checkpoint(SIGNER.vkey).size == leaves
    return leaves / appending, leaves / (appending + publishing)


def write_tiles(folder: Path, level: int, row: bytes) -> bytes:
    """Write the tiles of one level, and return the hashes of the full ones."""
    above = []
    for number in range(-(-len(row) // (WIDTH * HASH_BYTES))):
        data = row[number * WIDTH * HASH_BYTES : (number + 1) * WIDTH * HASH_BYTES]
        path = folder / Tile(level, number, len(data) // HASH_BYTES).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if len(data) == WIDTH * HASH_BYTES:
            above.append(fold(data))
    return b"".join(above)


def write_tree(folder: Path, row: bytes) -> Checkpoint:
    """Write the tiles over these hashes of leaves, and return the checkpoint that fits."""
    size, level, edge = len(row) // HASH_BYTES, 0, {}
    while row:
        rest = len(row) % (WIDTH * HASH_BYTES)
        above = write_tiles(folder, level, row)
        if rest:
            edge[level] = row[-rest:]
        row, level = above, level + 1
    return Checkpoint(SIGNER.name, size, edge_root(edge))


def prove_one(leaves: int, times: int = 200) -> tuple[float, float, int]:
    """Return the median and slowest of so many proofs [s], each by a reader that has read nothing, and its tiles."""
    chance = random.Random(5)
    with workplace("proofs") as folder:
        checkpoint = write_tree(folder, np.random.default_rng(5).bytes(leaves * HASH_BYTES))
        asked: list[str] = []

        def read(path: str) -> bytes:
            asked.append(path)
            return (folder / path).read_bytes()

        taken = []
        for _ in range(times):
            index = chance.randrange(leaves)
            began = time.perf_counter()
            tree = TileTree(read, checkpoint)
            proof, hashed = tree.inclusion_proof(index), tree.leaf_hash(index)
            taken.append(time.perf_counter() - began)
            assert verify_inclusion(hashed, index, leaves, proof, checkpoint.root)
    return statistics.median(taken), max(taken), round(len(asked) / times)


def check_all(leaves: int) -> tuple[float, float]:
    """Return how long a full check takes, and how long hashing its leaves and nodes alone. [s]"""
    with workplace("check") as folder:
        bytes_of = np.random.default_rng(6).bytes
        rows = []
        for number in range(-(-leaves // WIDTH)):
            width = min(WIDTH, leaves - number * WIDTH)
            bundle = [bytes_of(LEAF_BYTES) for _ in range(width)]
            path = folder / Tile(tiles.ENTRIES, number, width).path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tiles.encode_bundle(bundle))
            rows.append(leaf_row(bundle))
        checkpoint = write_tree(folder, b"".join(rows))
        (folder / "checkpoint").write_bytes(notes.sign(checkpoint.as_text(), SIGNER))
        (folder / "log.vkey").write_text(f"{SIGNER.vkey}\n")
        checking_took, problems = best_of(2, lambda: checking.check(folder, vkey=SIGNER.vkey))
        assert problems == []
    sample = [bytes_of(LEAF_BYTES) for _ in range(WIDTH)]
    hashing_took, _ = best_of(3, lambda: [hash_alone(sample) for _ in range(leaves >> HEIGHT)])
    return checking_took, hashing_took * leaves / (leaves >> HEIGHT << HEIGHT)


def hash_alone(leaves: list[bytes]) -> bytes:
    """Return the hash over 256 leaves: as many calls of `hashlib` as a check cannot do without, and nothing more."""
    return fold(leaf_row(leaves))


def main(arguments: list[str] | None = None) -> int:
    """Return 0: what is wrong raises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--appends", type=int, default=30_000, help="leaves to append (default: 30,000)")
    parser.add_argument("--proofs", type=int, default=10_000_000, help="leaves of the log to prove one in")
    parser.add_argument("--check", type=int, default=1_000_000, help="leaves of the log to check (default: 1,000,000)")
    wanted = parser.parse_args(arguments)
    appended, published = append_and_publish(wanted.appends)
    in_batches = f"batches of {BATCH:,}, {wanted.appends:,} in all, fsync on"
    report("durable appends", appended, "leaves/s", target="≥ 1,500", note=in_batches)
    report("durable appends, each batch published", published, "leaves/s", target="≥ 1,500", note=in_batches)
    median, slowest, read = prove_one(wanted.proofs)
    report(f"proof for one of {wanted.proofs:,} leaves", median * 1000, "ms", target="< 5", note=f"{read} tiles each")
    report("the slowest of 200", slowest * 1000, "ms")
    checked, hashed = check_all(wanted.check)
    report(f"full check of {wanted.check:,} leaves", checked, "s", note=f"leaves of {LEAF_BYTES} bytes")
    report("hashing those leaves and nodes alone", hashed, "s")
    report("the check against hashing alone", checked / hashed, "×", target="about 1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
