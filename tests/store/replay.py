"""Crashes without a power cut: record every step that changes the disk, then build what a crash could have left.

A killed process proves nothing about a disk, because the page cache survives it. So the steps are recorded
(:class:`Recording`), a prefix of them is played onto a model of a disk (:class:`Disk`), and :meth:`Disk.crash` drops
some of what had not been synced:

- bytes count from the fsync of their file on; before it each write may be there, missing, cut short, or zeros;
- names count from the fsync of their directory on; before it each name given or taken away counts or not, whatever
  happened to the others: a rename may have left both names, or neither;
- a sync that failed leaves its bytes in the cache, looking clean: no later sync of that file brings them to the disk
  unless they are written again. (Names are not modelled so: a file system that cannot write its own journal takes
  no further changes.)

Used by the tests and by `benchmarks/crash.py`.
"""

from __future__ import annotations

import errno
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from goedebuur.store.files import REAL

SYNCS = ("fsync", "fsync_dir")
NOWHERE = PurePosixPath()


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded step: its name, the path within the root, and what else it had."""

    name: str
    path: PurePosixPath
    data: bytes = b""
    number: int = 0  # offset of a write, size of a truncation [byte]
    target: PurePosixPath = NOWHERE
    failed: bool = False


class Recording:
    """A file system that changes a real folder and records every step; syncs are recorded only."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.steps: list[Step] = []
        self._turn = threading.Lock()

    def create(self, path: Path, data: bytes) -> None:
        """Record and do."""
        self._perform(Step("create", self._within(path), data), lambda part: REAL.create(path, data[:part]))

    def append(self, path: Path, data: bytes) -> None:
        """Record and do, as a write at the offset where the file ended."""
        step = Step("write", self._within(path), data, path.stat().st_size)
        self._perform(step, lambda part: REAL.append(path, data[:part]))

    def overwrite(self, path: Path, offset: int, data: bytes) -> None:
        """Record and do."""
        step = Step("write", self._within(path), data, offset)
        self._perform(step, lambda part: REAL.overwrite(path, offset, data[:part]))

    def truncate(self, path: Path, size: int) -> None:
        """Record and do."""
        self._perform(Step("truncate", self._within(path), number=size), lambda _: REAL.truncate(path, size))

    def fsync(self, path: Path) -> None:
        """Record."""
        self._perform(Step("fsync", self._within(path)), lambda _: None)

    def rename(self, source: Path, target: Path) -> None:
        """Record and do."""
        step = Step("rename", self._within(source), target=self._within(target))
        self._perform(step, lambda _: REAL.rename(source, target))

    def remove(self, path: Path) -> None:
        """Record and do."""
        self._perform(Step("remove", self._within(path)), lambda _: REAL.remove(path))

    def remove_dir(self, path: Path) -> None:
        """Record and do."""
        self._perform(Step("remove", self._within(path)), lambda _: REAL.remove_dir(path))

    def make_dir(self, path: Path) -> None:
        """Record and do, where there is none yet."""
        if not path.is_dir():
            self._perform(Step("make_dir", self._within(path)), lambda _: REAL.make_dir(path))

    def fsync_dir(self, path: Path) -> None:
        """Record."""
        self._perform(Step("fsync_dir", self._within(path)), lambda _: None)

    def _perform(self, step: Step, effect: Callable[[int], None]) -> None:
        with self._turn:  # what another thread sees done is recorded before what it does next
            effect(len(step.data))
            self.steps.append(step)

    def _within(self, path: Path) -> PurePosixPath:
        return PurePosixPath(path.relative_to(self.root).as_posix())


class Fault(StrEnum):
    """What became of a step that reported an error."""

    LOST = "lost"
    HALF = "half done"
    DONE = "done, but reported lost"


class Faulty(Recording):
    """A recording in which one step raises.

    Parameters
    ----------
    at
        Which step, counted from 0.
    fault
        What becomes of it. Half of what has no bytes is nothing.

    Attributes
    ----------
    failed
        The step that failed, None as long as it has not come to it.
    """

    def __init__(self, root: Path, at: int, fault: Fault) -> None:
        super().__init__(root)
        self.failed: Step | None = None
        self._left = at
        self._fault = fault

    def _perform(self, step: Step, effect: Callable[[int], None]) -> None:
        self._left -= 1
        if self._left != -1:
            super()._perform(step, effect)
            return
        self.failed = step
        if self._fault is Fault.DONE:
            super()._perform(step, effect)
        elif self._fault is Fault.HALF and step.data:
            half = len(step.data) // 2
            effect(half)
            self.steps.append(replace(step, data=step.data[:half]))
        elif step.name in SYNCS:
            self.steps.append(replace(step, failed=True))
        raise OSError(errno.EIO, f"{step.name} failed on purpose: {self._fault}", str(step.path))


@dataclass(slots=True)
class _File:
    bytes: bytearray = field(default_factory=bytearray)  # on the disk
    waiting: list[Step] = field(default_factory=list)
    lost: list[Step] = field(default_factory=list)  # in the cache only, looking clean


@dataclass(slots=True)
class _Folder:
    names: dict[str, _File | _Folder] = field(default_factory=dict)  # on the disk
    cached: dict[str, _File | _Folder] = field(default_factory=dict)
    waiting: list[tuple[str, _File | _Folder | None]] = field(default_factory=list)

    def give(self, name: str, node: _File | _Folder | None) -> None:
        self.waiting.append((name, node))
        _name(self.cached, name, node)

    def settle(self) -> None:
        for name, node in self.waiting:
            _name(self.names, name, node)
        self.waiting.clear()


class Disk:
    """What is on a disk, and what is only in its cache."""

    def __init__(self) -> None:
        self._root = _Folder()

    def play(self, steps: Iterable[Step]) -> Disk:
        """Return this disk after these steps."""
        for step in steps:
            self._play(step)
        return self

    def crash(self, chance: random.Random, share: float) -> None:
        """Lose the cache: each thing that was not synced is lost with this probability, or arrives damaged."""
        _crash(self._root, chance, share)

    def write_to(self, folder: Path) -> None:
        """Make the files as they are on the disk in an empty folder."""
        _write(self._root, folder)

    def _play(self, step: Step) -> None:
        folder = self._folder(step.path.parent)
        name = step.path.name
        if step.name == "make_dir":
            folder.give(name, _Folder())
        elif step.name == "create":
            folder.give(name, _File(waiting=[replace(step, name="write")]))
        elif step.name == "rename":
            self._folder(step.target.parent).give(step.target.name, folder.cached[name])
            folder.give(name, None)
        elif step.name == "remove":
            folder.give(name, None)
        elif step.name == "fsync_dir":
            if not step.failed:
                self._folder(step.path).settle()
        else:
            node = folder.cached[name]
            assert isinstance(node, _File)
            if step.name != "fsync":
                node.waiting.append(step)
            elif step.failed:
                node.lost += node.waiting
                node.waiting.clear()
            else:
                for write in node.waiting:
                    _apply(node.bytes, write)
                node.waiting.clear()

    def _folder(self, path: PurePosixPath) -> _Folder:
        node: _File | _Folder = self._root
        for part in path.parts:
            assert isinstance(node, _Folder)
            node = node.cached[part]
        assert isinstance(node, _Folder)
        return node


def _name(names: dict[str, _File | _Folder], name: str, node: _File | _Folder | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _apply(content: bytearray, step: Step) -> None:
    if step.name == "truncate":
        del content[step.number :]
        return
    if len(content) < step.number:
        content.extend(bytes(step.number - len(content)))
    content[step.number : step.number + len(step.data)] = step.data


def _crash(folder: _Folder, chance: random.Random, share: float) -> None:
    for name, node in folder.waiting:
        if chance.random() >= share:
            _name(folder.names, name, node)
    folder.waiting.clear()
    folder.cached = dict(folder.names)
    for node in folder.names.values():
        if isinstance(node, _Folder):
            _crash(node, chance, share)
            continue
        for step in node.waiting:
            damaged = step if chance.random() >= share else _damaged(step, chance, len(node.bytes))
            if damaged is not None:
                _apply(node.bytes, damaged)
        node.waiting.clear()
        node.lost.clear()


def _damaged(step: Step, chance: random.Random, size: int) -> Step | None:
    """Return what is left of a write that was not synced: nothing, its start, or zeros for all or for its start.

    Zeros are blocks that were given to the file before their bytes arrived: never in place of bytes that are there.
    """
    cut = chance.randrange(len(step.data) + 1)
    if step.name == "truncate":
        return None
    if step.number < size:
        return chance.choice((None, replace(step, data=step.data[:cut])))
    zeros = (replace(step, data=bytes(len(step.data))), replace(step, data=bytes(cut) + step.data[cut:]))
    return chance.choice((None, replace(step, data=step.data[:cut]), *zeros))


def _write(folder: _Folder, path: Path) -> None:
    for name, node in folder.names.items():
        if isinstance(node, _Folder):
            (path / name).mkdir()
            _write(node, path / name)
        else:
            (path / name).write_bytes(node.bytes)
