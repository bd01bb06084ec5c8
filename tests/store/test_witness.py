"""What a witness remembers after a crash at every step, and after each step that fails. Nothing asks the clock."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from tests.core.ledger.test_witnessing import LOG, tree
from tests.store.replay import Disk, Fault, Faulty, Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tree import EMPTY_ROOT, Tree
from goedebuur.core.ledger.witnessing import CONFLICT, OK, AddCheckpoint
from goedebuur.services.witness import Witness, WitnessedLog
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.witness import LAST, WitnessStore

KEY = Ed25519Signer("witness.example/w1", bytes(range(2, 34)))
LOGS = [WitnessedLog(LOG.name, (LOG.vkey,))]
HONEST, FORKED = tree(9), tree(9, b"another")
"""Two logs of nine leaves that differ in the last; below nine they are the same."""


def witness(folder: Path, fs: FileSystem = REAL) -> Witness:
    return Witness(KEY, LOGS, WitnessStore(folder, fs), lambda: 1_700_000_000)


def at(grown: Tree, size: int) -> Checkpoint:
    return Checkpoint(LOG.name, size, grown.root(size))


def body(grown: Tree, old: int, size: int) -> bytes:
    text = at(grown, size).as_text()
    proof = grown.consistency_proof(old, size)
    return AddCheckpoint(old, tuple(proof), notes.sign(text, LOG)).encode()


SIZES = [(0, 3), (3, 3), (3, 5), (5, 9)]
"""A life: old and new size of each request; the second asks again for the same."""


def live(folder: Path, fs: Recording) -> list[tuple[int, int]]:
    """Return the sizes that were cosigned, each with the number of steps at which it was answered.

    Asks on after an error, from the size that the witness names then.
    """
    told: list[tuple[int, int]] = []
    someone = witness(folder, fs)
    for old, size in SIZES:
        for _ in range(3):
            try:
                answer = someone.add_checkpoint(body(HONEST, old, size))
            except OSError:
                continue
            if answer.status == OK:
                told.append((len(fs.steps), size))
                break
            assert answer.status == CONFLICT
            old = int(answer.body)
    return told


def crashed(recording: Recording, upto: int, folder: Path, chance: random.Random, share: float) -> Path:
    """Return a folder as a crash after so many steps can have left it."""
    folder.mkdir()
    disk = Disk().play(recording.steps[:upto])
    disk.crash(chance, share)
    disk.write_to(folder)
    return folder


def remembered(folder: Path) -> int:
    note = WitnessStore(folder).read(LOG.name)
    return 0 if note is None else notes.parse_checkpoint(note.text).size


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_no_crash_makes_it_forget_what_it_answered(tmp_path: Path, share: float) -> None:
    (tmp_path / "life").mkdir()
    recording = Recording(tmp_path / "life")
    told = live(tmp_path / "life", recording)
    assert [size for _, size in told] == [3, 3, 5, 9]
    chance = random.Random(3)
    for upto in range(len(recording.steps) + 1):
        folder = crashed(recording, upto, tmp_path / str(upto), chance, share)
        size = remembered(folder)
        assert size >= max((size for steps, size in told if steps <= upto), default=0)
        assert size in (0, 3, 5, 9)
        again = witness(folder)
        if size == 9:
            assert again.add_checkpoint(body(FORKED, 9, 9)).status == CONFLICT
        assert again.add_checkpoint(body(HONEST, size, 9)).status == OK
        assert again.add_checkpoint(body(FORKED, 9, 9)).status == CONFLICT
        assert not list(folder.rglob("*.tmp"))


@pytest.mark.parametrize("fault", list(Fault))
def test_no_failing_step_followed_by_a_crash_makes_it_forget(tmp_path: Path, fault: Fault) -> None:
    chance = random.Random(4)
    for at_step in itertools.count():
        place = tmp_path / f"life-{at_step}"
        place.mkdir()
        recording = Faulty(place, at_step, fault)
        told = live(place, recording)
        assert {size for _, size in told} == {3, 5, 9}
        for steps, size in told:
            folder = crashed(recording, steps, tmp_path / f"{at_step}-{steps}", chance, 1.0)
            assert remembered(folder) >= size, recording.failed
        if recording.failed is None:
            break
    assert at_step > 20


@pytest.mark.parametrize("damage", [b"", b"x", bytes(200)])
def test_memory_that_cannot_be_read_is_never_taken_for_an_empty_one(tmp_path: Path, damage: bytes) -> None:
    someone = witness(tmp_path)
    assert someone.add_checkpoint(body(HONEST, 0, 3)).status == OK
    (path,) = tmp_path.glob(f"*/{LAST}")
    path.write_bytes(damage)
    with pytest.raises(GoedeBuurError) as error:
        someone.add_checkpoint(body(HONEST, 0, 9))
    assert error.value.code == "witness-state"


def test_memory_of_another_log_is_not_taken_for_this_one(tmp_path: Path) -> None:
    store = WitnessStore(tmp_path)
    with store.alone("another.example") as memory:
        memory.keep(notes.sign(Checkpoint(LOG.name, 0, EMPTY_ROOT).as_text(), LOG))
    with pytest.raises(GoedeBuurError) as error:
        store.read("another.example")
    assert error.value.code == "witness-state"
