"""A small record of every kind of evidence, published and cosigned, in which single bits are changed.

What has to be named is worked out here from the bytes themselves: lengths and JSON, with nothing of the program. Shared
by `tests/services/test_flips.py` and `benchmarks/flips.py`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.services.deliveries import NOW, SIGNER, open_record, station_file
from tests.services.signing import FILE, enter, sign, statement

from goedebuur.adapters.tlog import Reply
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import delivery, embargo, projection, publication, submitting
from goedebuur.services.cosigning import Plan
from goedebuur.services.publishing import publish
from goedebuur.services.verification import Problem, verify
from goedebuur.services.witness import Witness, WitnessedLog
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.witness import WitnessStore

WITNESS = Ed25519Signer("w.example", bytes([9]) * 32)
POLICY = Policy(1, (WITNESS.cosigner_vkey,))
PARTS = ("payloads", "batches", "ledger", "journal", "closed", "public")
NOT_EVIDENCE = ("lock", "intent", "README.md")
"""Of the README nothing is signed: it says in words what stands in `log.vkey`."""
FILLING = 300
"""Leaves beside those of deliveries: so many that there are full tiles."""


def make(folder: Path) -> Path:
    """Return the folder of a record with payloads, batches, closed and sealed leaves, a journal, and public tiles."""
    record = open_record(folder / "record")
    enter(record)
    one = station_file({"NL90001": ["12.5", "", "13"], "NL90002": ["20", "21", "22"]})
    two = station_file({"NL90001": ["12.6", "11", "13"], "NL90002": ["20", "21", "22"]})
    for data, reason in ((one, ""), (two, "recalibrated")):
        delivery.deliver(record, data, "2019_SO2.csv", now=NOW, reason=reason)
    submitting.submit(record, sign(statement(FILE)), FILE, NOW)
    for number in range(3):
        delivery.accept_small(record, _small(number), f"{number}.csv", now=NOW + timedelta(minutes=number))
    delivery.seal(record, NOW + timedelta(minutes=5))
    embargo.close(
        record,
        _small(7),
        "control.csv",
        opens=date(2026, 6, 1),
        role="inspector",
        ground="Woo 5.1(2)(d)",
        now=NOW,
    )
    filling = [Leaf("result", "a", "", "2026-02-01T00:00:00Z", reason=f"n{i}") for i in range(FILLING)]
    record.ledger.append(filling)
    with record.lock():
        projection.catch_up(record)
    for number in range(3, 6):
        delivery.accept_small(record, _small(number), f"{number}.csv", now=NOW + timedelta(minutes=number))
    record.close()
    witness = Witness(
        WITNESS,
        [WitnessedLog(SIGNER.name, (SIGNER.vkey,))],
        WitnessStore(folder / "witness"),
        lambda: int(NOW.timestamp()),
    )

    def post(url: str, body: bytes) -> Reply:
        answer = witness.add_checkpoint(body)
        return Reply(answer.status, answer.content_type, answer.body)

    root = folder / "record"
    plan = Plan(root, root / "public", ((WITNESS.cosigner_vkey, "https://w.example"),), 1)
    assert publish(record.ledger, plan, post, lambda: NOW)
    return root


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of one file of the evidence."""

    path: str
    bit: int

    @property
    def part(self) -> str:
        """Return the part of the evidence."""
        return self.path.split("/")[0]


class Evidence:
    """The evidence of one record, and what a report of a change has to name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = {
            part: [p.relative_to(root).as_posix() for p in sorted((root / part).rglob("*")) if _counts(p)]
            for part in PARTS
        }
        self.entries = list(_entries((root / "ledger" / "entries").read_bytes()))
        self.leaves = [json.loads(blob) for _, blob in self.entries]

    def draw(self, chance: random.Random) -> Flip:
        """Return a bit: each part as often as the others, within it each bit."""
        names = self.files[chance.choice(PARTS)]
        sizes = [(self.root / name).stat().st_size for name in names]
        (name,) = chance.choices(names, sizes)
        return Flip(name, chance.randrange((self.root / name).stat().st_size * 8))

    def missed(self, flip: Flip) -> str:
        """Change the bit, look, and put it back; return what the report does not say, empty where it says all."""
        path = self.root / flip.path
        before = path.read_bytes()
        after = bytearray(before)
        after[flip.bit // 8] ^= 1 << flip.bit % 8
        path.write_bytes(bytes(after))
        try:
            found = self._report(flip)
        finally:
            path.write_bytes(before)
        wrong = "not found" if not found else self._unnamed(flip, before, found)
        return f"bit {flip.bit} of {flip.path}: {wrong}: {[str(one) for one in found]}" if wrong else ""

    def _report(self, flip: Flip) -> list[Problem]:
        if flip.part == "public":
            return publication.check(self.root / "public", vkey=SIGNER.vkey, policy=POLICY)
        return verify(self.root, vkey=SIGNER.vkey)

    def _unnamed(self, flip: Flip, before: bytes, found: list[Problem]) -> str:
        return NAMED[flip.part](self, flip, before, found)

    def _by_digest(self, flip: Flip, before: bytes, found: list[Problem]) -> str:
        field = "payload" if flip.part == "payloads" else "batch"
        sha = flip.path.split("/")[-1].split(".")[0]
        leaves = {str(i) for i, leaf in enumerate(self.leaves) if (leaf.get(field) or {}).get("sha256") == sha}
        assert leaves, f"no leaf names {flip.path}"
        named = {one.place for one in found if one.part == "leaf"}
        files = {one.place for one in found if one.part != "leaf"}
        return "" if (files, named) == ({flip.path}, leaves) else f"expected the file and leaves {sorted(leaves)}"

    def _in_ledger(self, flip: Flip, before: bytes, found: list[Problem]) -> str:
        places = [one.place for one in found]
        if flip.path != "ledger/entries":
            return "" if places == [flip.path] else "expected this file alone"
        leaf = str(_at(self.entries, flip.bit // 8))
        return "" if flip.path in places and leaf in places else f"expected the file and leaf {leaf}"

    def _in_journal(self, flip: Flip, before: bytes, found: list[Problem]) -> str:
        number, at = int(Path(flip.path).stem), 0
        while at + 40 + int.from_bytes(before[at + 4 : at + 8], "big") <= flip.bit // 8:
            at += 40 + int.from_bytes(before[at + 4 : at + 8], "big")
            number += 1
        said = [(one.place, f"of delivery {number}," in one.what) for one in found]
        return "" if said == [(flip.path, True)] else f"expected the file and delivery {number}"

    def _in_closed(self, flip: Flip, before: bytes, found: list[Problem]) -> str:
        place = "/".join(flip.path.split("/")[:4])
        commitment = flip.path.split("/")[2]
        (leaf,) = [i for i, one in enumerate(self.leaves) if one.get("commitment") == commitment]
        said = [(one.place, one.what.startswith(f"of leaf {leaf}:")) for one in found]
        return "" if said == [(place, True)] else f"expected {place} and leaf {leaf}"

    def _in_public(self, flip: Flip, before: bytes, found: list[Problem]) -> str:
        name = flip.path.removeprefix("public/")
        if [one.place for one in found] != [name]:
            return "expected this file alone"
        if not name.startswith("tile/"):
            return ""
        kind, number = name.removesuffix(f".p/{name.split('/')[-1]}").split("/")[1:]
        first = int(number) * 256
        if kind == "entries":
            leaf = first + _at(list(_entries(before)), flip.bit // 8)
            return "" if found[0].what.startswith(f"leaf {leaf}: ") else f"expected leaf {leaf}"
        leaf = (first + flip.bit // 8 // 32) * 256 ** int(kind)
        words = found[0].what.split(":")[0].split()
        low, high = int(words[1]), int(words[-1])
        return "" if words[0] in ("leaf", "leaves") and low <= leaf <= high else f"expected leaf {leaf} among them"


NAMED: dict[str, Callable[[Evidence, Flip, bytes, list[Problem]], str]] = {
    "payloads": Evidence._by_digest,
    "batches": Evidence._by_digest,
    "ledger": Evidence._in_ledger,
    "journal": Evidence._in_journal,
    "closed": Evidence._in_closed,
    "public": Evidence._in_public,
}


def _counts(path: Path) -> bool:
    return path.is_file() and path.name not in NOT_EVIDENCE and path.stat().st_size > 0


def _entries(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where each entry begins, and its bytes without the length."""
    at = 0
    while at < len(data):
        length = data[at] * 256 + data[at + 1]
        yield at, data[at + 2 : at + 2 + length]
        at += 2 + length


def _at(entries: list[tuple[int, bytes]], offset: int) -> int:
    """Return the number of the entry in which a byte lies."""
    return max(i for i, (start, _) in enumerate(entries) if start <= offset)


def _small(number: int) -> bytes:
    return station_file({"NL90003": [str(10 + number)]}, first=f"201901{number + 1:02d}")
