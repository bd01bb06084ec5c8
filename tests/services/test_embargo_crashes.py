"""A crash after any step of closing, opening and erasing loses nothing acknowledged, opens nothing half, leaks nothing.

What the public evidence may hold is looked for by the marker in the bytes as received, and by the names of batches.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from tests.services.deliveries import NOW, SIGNER, station_file
from tests.store.crashes import crashed
from tests.store.replay import Fault, Faulty, Recording

from goedebuur.core.ledger.leaves import ClosedLeaf
from goedebuur.services import closed, embargo
from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record
from goedebuur.services.verification import verify
from goedebuur.store.ledger.closed import Openings, batches

T = TypeVar("T")
STRIDE = 10
DAY, LATER = date(2026, 6, 1), datetime(2026, 6, 2, tzinfo=UTC)
OPENED, ERASED = b"Opendorp", b"Wisdorp"
FILES = {
    OPENED: station_file({"NL90001": ["987.6", "45.6", ""]}, name=OPENED.decode()),
    ERASED: station_file({"NL90002": ["876.5", "34.5", "1.0"]}, name=ERASED.decode()),
}
BETWEEN = station_file({"NL90001": ["12.5", "45.6", "3.0"]})


@dataclass
class Life:
    """A closed delivery that is opened and one that is erased, on a recorded disk, with what was acknowledged when."""

    root: Path
    fs: Recording
    leaves: dict[bytes, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    before_opening: int = 0
    names: set[str] = field(default_factory=set)

    def run(self) -> Life:
        """Live it once; where a step fails on purpose it is tried again with the record opened again."""
        record = self._again(lambda: Record.open(self.root, signer=SIGNER, fs=self.fs))
        for marker in FILES:
            self.leaves[marker] = self._again(lambda marker=marker: close(record, marker))
            self.after[f"closed {marker.decode()}"] = len(self.fs.steps)
        self._again(lambda: deliver(record, BETWEEN, "b.csv", now=NOW + timedelta(days=1)))
        self.names = secret_names(record)
        self.before_opening = len(self.fs.steps)
        self._again(lambda: embargo.open_(record, self.leaves[OPENED], LATER))
        self.after["opened"] = len(self.fs.steps)
        self._again(lambda: embargo.erase(record, self.leaves[ERASED], LATER, ground="AVG 17"))
        self.after["erased"] = len(self.fs.steps)
        record.close()
        return self

    def _again(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except OSError:
            return act()


def close(record: Record, marker: bytes) -> int:
    ground = "unannounced-control"
    return embargo.close(
        record, FILES[marker], "f.csv", opens=DAY, role="inspector", ground=ground, now=NOW, decided=True
    )


def secret_names(record: Record) -> set[str]:
    """Return the digests that closed headers name."""
    openings, found = Openings(record.data_dir), set[str]()
    for commitment in openings.listed():
        header, _ = openings.header(commitment)
        found |= {*batches(header), (header.payload or {})["sha256"]}
    return found


def public(root: Path) -> list[Path]:
    """Return the files of a record that are not under `closed/`."""
    return [p for p in root.rglob("*") if p.is_file() and p.relative_to(root).parts[0] != "closed"]


def leaks(root: Path, marker: bytes) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file() and marker in path.read_bytes()]


def check(root: Path, life: Life, done: int, retry: str) -> list[str]:
    """Return what does not hold after a crash when `done` steps had been done."""
    wrong: list[str] = []
    if done <= life.before_opening:
        wrong += [f"leaked before the start: {p}" for p in public(root) if p.stem in life.names]
        wrong += [f"leaked: {p}" for p in public(root) if any(marker in p.read_bytes() for marker in FILES)]
    with_key = Record.open(root, signer=SIGNER)
    wrong += [f"verify: {problem}" for problem in verify(root)]
    openings = Openings(root)
    for marker, leaf in life.leaves.items():
        if life.after[f"closed {marker.decode()}"] > done:
            continue
        view, committed = closed.find(with_key, leaf), with_key.ledger.leaf(leaf)
        assert view is not None
        assert isinstance(committed, ClosedLeaf)
        if view.state == "closed":
            held = openings.open(committed)
            if marker not in held.evidence.payload((held.header.payload or {})["sha256"]):
                wrong.append(f"{marker!r} is closed and cannot be opened")
        elif openings.folder(committed.commitment).exists():
            wrong.append(f"{marker!r} is {view.state} and its folder is there after a start")
        if view.state == "erased" and leaks(root, marker):
            wrong.append(f"{marker!r} was erased and is in {leaks(root, marker)}")
        if life.after["opened"] <= done and marker == OPENED and view.state != "opened":
            wrong.append("the opening was lost")
        if life.after["erased"] <= done and marker == ERASED and view.state != "erased":
            wrong.append("the erasure was lost")
    wrong += carry_on(with_key, life, retry)
    with_key.close()
    again = Record.open(root, signer=SIGNER)
    wrong += [f"repaired twice: {again.repairs}"] if again.repairs else []
    again.close()
    return wrong


def carry_on(record: Record, life: Life, retry: str) -> list[str]:
    """Do again what the crash may have broken off, or erase what was being opened: return what does not hold."""
    wrong = []
    told = {view.leaf: view.state for view in closed.every(record)}
    leaves = {}
    for marker in FILES:
        known = life.leaves[marker]
        leaves[marker] = known if told.get(known) in ("opened", "erased") else close(record, marker)
    if retry == "open" or told.get(leaves[OPENED]) == "opened":
        embargo.open_(record, leaves[OPENED], LATER)
    else:
        embargo.erase(record, leaves[OPENED], LATER, ground="court-order", decided=True)
        wrong += [f"erased, and in {name}" for name in leaks(record.data_dir, OPENED)]
    embargo.erase(record, leaves[ERASED], LATER, ground="AVG 17")
    wrong += [f"erased, and in {name}" for name in leaks(record.data_dir, ERASED)]
    if len([leaf for leaf in record.ledger.leaves() if isinstance(leaf, ClosedLeaf)]) != len(FILES):
        wrong.append("something is closed twice")
    return wrong + [f"verify after going on: {problem}" for problem in verify(record.data_dir)]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    root = tmp_path_factory.mktemp("life")
    return Life(root, Recording(root)).run()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(("share", "retry"), [(0.0, "open"), (1.0, "erase")])
def test_nothing_is_lost_half_open_or_leaked_after_a_step(life: Life, place: Path, share: float, retry: str) -> None:
    for n in range(int(share), len(life.fs.steps) + 1, STRIDE):
        crashed(life.fs.steps[:n], random.Random(n), share, place / str(n))
        assert check(place / str(n), life, n, retry) == [], f"after step {n}: {life.fs.steps[n - 1]}"


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_when_some_of_the_unsynced_reached_the_disk(life: Life, place: Path, seed: int) -> None:
    chance = random.Random(seed)
    n = chance.randrange(len(life.fs.steps) + 1)
    crashed(life.fs.steps[:n], chance, chance.choice((0.2, 0.5, 0.8)), place / "crashed")
    assert check(place / "crashed", life, n, chance.choice(("open", "erase"))) == [], f"after step {n}"


@pytest.mark.parametrize("fault", list(Fault))
def test_a_step_that_failed_and_was_done_again_holds(life: Life, place: Path, fault: Fault) -> None:
    for at in range(list(Fault).index(fault), len(life.fs.steps), 61):
        fs = Faulty(place / str(at) / "record", at, fault)
        fs.root.mkdir(parents=True)
        broken = Life(fs.root, fs).run()
        crashed(fs.steps, random.Random(at), 1.0, place / str(at) / "crashed")
        assert check(place / str(at) / "crashed", broken, len(fs.steps), "open") == [], f"step {at}"
