"""A small life of a record, of which every step is recorded, and what must hold after a crash at any of them.

Shared by `tests/store/test_crashes.py` (100 crashes) and `benchmarks/crash.py` (1,000).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from tests.store.replay import Disk, Fault, Faulty, Recording, Step

from goedebuur.core.base.canonical import sha256
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger import notes, segments
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.measurements.records import OBSERVATIONS
from goedebuur.services.verification import verify
from goedebuur.store.evidence import Evidence
from goedebuur.store.journal import Journal, SmallDelivery
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier
from goedebuur.store.ledger import Ledger
from goedebuur.store.spool import Spool

SIGNER = Ed25519Signer("record.example/log", bytes(range(32)))
NOON = datetime(2021, 6, 1, 12, tzinfo=UTC)


def rows(value: int, count: int = 3) -> pl.DataFrame:
    """Return a few hours of one series."""
    return pl.DataFrame(
        {
            "series": ["SIM01.pm10.1h"] * count,
            "start": [NOON + timedelta(hours=i) for i in range(count)],
            "step": [3600] * count,
            "value": [value + i for i in range(count)],
            "decimals": [1] * count,
            "unit": ["µg/m³"] * count,
            "flags": [2] * count,
            "remark": [None] * count,
        },
        schema=OBSERVATIONS,
    )


@dataclass
class Told:
    """Something that was acknowledged when so many steps had been done."""

    after: int
    holds: Callable[[Opened], bool]
    what: str


@dataclass
class Opened:
    """The parts of a record, opened together as `services/record.py` does."""

    root: Path
    fs: Recording

    def __post_init__(self) -> None:
        self.ledger = Ledger.open(self.root, SIGNER, self.fs)
        self.evidence = Evidence(self.root, self.fs)
        self.journal = Journal.open(self.root, SIGNER, self.fs)
        self.spool = Spool(self.root, self.fs)

    @property
    def repairs(self) -> list[str]:
        """Return all that was put right."""
        return self.ledger.repairs + self.journal.repairs

    def leaf_of(self, payload: str) -> int | None:
        """Return the leaf that has this payload."""
        for index, leaf in enumerate(self.ledger.leaves()):
            if isinstance(leaf, Leaf) and leaf.payload is not None and leaf.payload["sha256"] == payload:
                return index
        return None

    def deliver(self, data: bytes, value: int, together: Sequence[Leaf | ClosedLeaf] = ()) -> int:
        """Return the leaf of a delivery: payload, batch, leaf; recognised when it is there already."""
        with self.ledger.lock():
            found = self.leaf_of(sha256(data))
            if found is not None:
                return found
            sha = self.evidence.put_payload(data)
            batch = self.evidence.put_rows(rows(value), {})
            payload = {"name": "file.csv", "sha256": sha, "size": len(data)}
            leaf = Leaf("observations", "sim", "sim/1", "2021-06-01T12:00:00Z", payload, batch.as_dict())
            return self.ledger.append([leaf, *together])[0]

    def seal(self) -> None:
        """Seal what the journal has, as `services/delivery.py` does."""
        with self.ledger.lock():
            for segment in self.journal.close():
                if self.leaf_of(segment.sha256) is None:
                    self.evidence.put_payload(segment.data)
                    batch = self.evidence.put_rows(rows(len(segment.entries)), segment.header())
                    leaf = Leaf("sealed", "sim", "", "2021-06-01T13:00:00Z", segment.payload(), batch.as_dict())
                    self.ledger.append([leaf])
            self.journal.clear_sealed(lambda sha: self.leaf_of(sha) is not None)

    def drain(self) -> None:
        """Deliver what waits in the spool, and answer."""
        for request in self.spool.waiting():
            leaf = self.deliver(self.evidence.payload(request.payload), 900)
            self.spool.answer(request.ticket, {"leaf": leaf})

    def sealed(self) -> list[segments.Entry]:
        """Return the small deliveries in the log."""
        found: list[segments.Entry] = []
        for leaf in self.ledger.leaves():
            if isinstance(leaf, Leaf) and leaf.kind == "sealed" and leaf.payload is not None:
                found += segments.parse(self.evidence.payload(leaf.payload["sha256"]))[0]
        return found


@dataclass
class Life:
    """What a record goes through, step by step, on a recorded disk."""

    root: Path
    fs: Recording
    told: list[Told] = field(default_factory=list)
    tickets: list[int] = field(default_factory=list)
    opened: Opened | None = None

    def events(self) -> list[Callable[[], None]]:
        """Return what happens, in order; each may be tried again after an error."""
        return [
            self._start,
            lambda: self._deliver(b"first file", 100, (Leaf("catalogue", "sim", "sim/1", "2021-06-01T12:00:00Z"),)),
            lambda: self._accept(b"small one"),
            lambda: self._accept(b"small two, of other length"),
            lambda: self._deliver(b"second file", 200),
            self._spool,
            self._drain,
            self._seal,
            lambda: self._accept(b"small three"),
            lambda: self._accept(b"small one"),
            lambda: self._deliver(b"first file", 100),
            lambda: self._deliver(b"third file", 100, (_closed(),)),
            self._seal,
        ]

    def run(self) -> Life:
        """Live it once, without errors."""
        for event in self.events():
            event()
        return self

    def _start(self) -> None:
        self.opened = Opened(self.root, self.fs)

    @property
    def now(self) -> Opened:
        """Return the opened record, opened again where that failed."""
        if self.opened is None:
            self._start()
        assert self.opened is not None
        return self.opened

    def _tell(self, what: str, holds: Callable[[Opened], bool]) -> None:
        self.told.append(Told(len(self.fs.steps), holds, what))

    def _deliver(self, data: bytes, value: int, together: tuple[Leaf | ClosedLeaf, ...] = ()) -> None:
        index = self.now.deliver(data, value, together)
        self._tell(f"leaf {index}", lambda o: o.leaf_of(sha256(data)) == index and _readable(o, index))

    def _accept(self, data: bytes) -> None:
        promise = self.now.journal.accept(SmallDelivery("sim", "mqtt/1", "m", NOON, data))
        text = notes.open_note(promise.note, Ed25519Verifier(SIGNER.vkey))
        assert text == promise.as_text()
        self._tell(
            f"promise {promise.sequence}",
            lambda o: any(
                (entry.sequence, entry.data) == (promise.sequence, data) for entry in o.journal.pending() + o.sealed()
            ),
        )

    def _spool(self) -> None:
        ticket = self.now.spool.put(b"spooled file", {"name": "s.csv", "submitter": "sim"})
        self.tickets.append(ticket)
        self._tell(
            f"ticket {ticket}",
            lambda o: o.spool.result(ticket) is not None or ticket in [r.ticket for r in o.spool.waiting()],
        )

    def _drain(self) -> None:
        self.now.drain()
        for ticket in self.tickets:
            answer = self.now.spool.result(ticket)
            assert answer is not None
            self._tell(f"answer {ticket}", lambda o, t=ticket, a=answer: o.spool.result(t) == a)

    def _seal(self) -> None:
        self.now.seal()
        sealed = [entry.sequence for entry in self.now.sealed()]
        self._tell(f"sealed {sealed}", lambda o: set(sealed) <= {entry.sequence for entry in o.sealed()})


def _closed() -> ClosedLeaf:
    secret = Leaf("observations", "sim", "sim/1", "2021-06-01T12:00:00Z")
    return ClosedLeaf(leaf_format.commit(secret, bytes(32)), "2021-06-01T12:00:00Z", "2022-01-01", "inspector", "Woo")


def _readable(opened: Opened, index: int) -> bool:
    leaf = opened.ledger.leaf(index)
    assert isinstance(leaf, Leaf)
    assert leaf.payload is not None
    assert leaf.batch is not None
    opened.evidence.payload(leaf.payload["sha256"])
    return opened.evidence.rows(leaf.batch["sha256"]).height == leaf.batch["rows"]


def seen(steps: Sequence[Step]) -> tuple[int, bytes]:
    """Return size and root of the last checkpoint that anyone can have read, on the disk or not."""
    written: dict[str, bytes] = {}
    size, root = 0, b""
    for step in steps:
        if step.name == "create":
            written[str(step.path)] = step.data
        elif step.name == "rename" and str(step.target) == "ledger/checkpoint":
            note = written[str(step.path)]
            checkpoint = notes.parse_checkpoint(notes.open_note(note, Ed25519Verifier(SIGNER.vkey)))
            size, root = checkpoint.size, checkpoint.root
    return size, root


def crashed(steps: Sequence[Step], chance: random.Random, share: float, target: Path) -> None:
    """Write to a folder what a crash after these steps left on the disk."""
    disk = Disk().play(steps)
    disk.crash(chance, share)
    target.mkdir(parents=True)
    disk.write_to(target)


def break_and_retry(root: Path, at: int, fault: Fault) -> list[str]:
    """Let one step fail, try what it belonged to again, crash at the end: return what does not hold."""
    fs = Faulty(root / "record", at, fault)
    fs.root.mkdir(parents=True)
    life = Life(fs.root, fs)
    for event in life.events():
        try:
            event()
        except OSError:
            event()
    crashed(fs.steps, random.Random(at), 1.0, root / "crashed")
    return check(root / "crashed", life.told, fs.steps)


def break_and_die(root: Path, at: int, fault: Fault) -> list[str]:
    """Let one step fail, let the process die of it, crash with half of the unsynced lost: return what does not hold."""
    fs = Faulty(root / "record", at, fault)
    fs.root.mkdir(parents=True)
    life = Life(fs.root, fs)
    try:
        life.run()
    except OSError:
        crashed(fs.steps, random.Random(at), 0.5, root / "crashed")
        return check(root / "crashed", life.told, fs.steps)
    return ["the step did not fail"]


def crash_twice(life: Life, root: Path, seed: int) -> list[str]:
    """Crash, and crash again while that is being repaired: return what does not hold."""
    chance = random.Random(seed)
    n = chance.randrange(len(life.fs.steps) + 1)
    disk = Disk().play(life.fs.steps[:n])
    disk.crash(chance, 0.5)
    (root / "first").mkdir(parents=True)
    disk.write_to(root / "first")
    repair = Recording(root / "first")
    Opened(root / "first", repair)
    disk.play(repair.steps[: chance.randrange(len(repair.steps) + 1)])
    disk.crash(chance, 0.5)
    (root / "second").mkdir()
    disk.write_to(root / "second")
    return check(root / "second", life.told, life.fs.steps[:n])


def needs_repair(root: Path) -> bool:
    """Return whether the disk shows that something was under way."""
    stray = [path for path in root.rglob("*.tmp") if path.parent.name in ("ledger", "incoming", "journal")]
    checkpoint = root / "ledger" / "checkpoint"
    tail = torn = False
    if checkpoint.exists():
        size = int(checkpoint.read_bytes().split(b"\n")[1])
        data, offset = (root / "ledger" / "entries").read_bytes(), 0
        for _ in range(size):
            offset += 2 + int.from_bytes(data[offset : offset + 2], "big")
        tail = len(data) > offset
    for path in (root / "journal").glob("*.frames"):
        torn = torn or segments.parse(path.read_bytes())[1] < path.stat().st_size
    return bool(stray) or tail or torn


def check(root: Path, told: Sequence[Told], steps: Sequence[Step]) -> list[str]:
    """Open a record after a crash, and return what does not hold; an empty list when all is well."""
    wrong: list[str] = []
    needed = needs_repair(root)
    opened = Opened(root, Recording(root))
    if needed != bool(opened.repairs):
        wrong.append(f"something to repair: {needed}; said: {opened.repairs}")
    wrong += [f"acknowledged, but not there: {t.what}" for t in told if t.after <= len(steps) and not t.holds(opened)]
    size, root_hash = seen(steps)
    if opened.ledger.size < size or (size and opened.ledger.root_hash(size) != root_hash):
        wrong.append(f"the log forks from a checkpoint of {size} that was seen")
    wrong += [f"verify: {problem}" for problem in verify(root)]
    if opened.leaf_of(sha256(b"first file")) is not None:
        kinds = [leaf.kind for leaf in opened.ledger.leaves() if isinstance(leaf, Leaf)]
        if "catalogue" not in kinds:
            wrong.append("half of a group of leaves is there")
    again = Opened(root, Recording(root))
    if again.repairs:
        wrong.append(f"repaired twice: {again.repairs}")
    return wrong + carry_on(again)


def carry_on(opened: Opened) -> list[str]:
    """Let the record live on after a crash, and return what is doubled or lost by it."""
    wrong: list[str] = []
    waiting = [entry.sequence for entry in opened.journal.pending() + opened.sealed()]
    opened.drain()
    opened.seal()
    index = opened.deliver(b"after the crash", 300)
    if not _readable(opened, index):
        wrong.append("cannot go on")
    sealed = [entry.sequence for entry in opened.sealed()]
    if sorted(set(waiting)) != sorted(sealed):
        wrong.append(f"small deliveries {waiting} became {sealed}")
    if opened.journal.pending() or opened.spool.waiting():
        wrong.append("something is still waiting")
    payloads = [leaf.payload["sha256"] for leaf in opened.ledger.leaves() if isinstance(leaf, Leaf) and leaf.payload]
    if len(payloads) != len(set(payloads)):
        wrong.append("a delivery is in the log twice")
    return wrong + [f"verify after going on: {problem}" for problem in verify(opened.root)]
