"""Threads that take turns as a seed says: one runs at a time, and each change of the disk may be another's turn.

What happens is the same for one seed each time, so a crash that loses something can be looked at again. A thread that
waits for a lock of the kernel lets the others go on until it gets it.
"""

from __future__ import annotations

import fcntl
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.store.replay import Recording, Step

from goedebuur.store import locks


class Turns:
    """Who may run now."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._condition = threading.Condition()
        self._names: dict[int, int] = {}
        self._alive: list[int] = []
        self._current = -1
        self._idle = 0
        self.failed: list[BaseException] = []

    def run(self, works: list[Callable[[], None]]) -> None:
        """Run each of these in a thread of its own, until all are done; raise what the first of them raised."""
        self._alive = list(range(len(works)))
        self._current = self._chance.choice(self._alive)
        threads = [threading.Thread(target=self._one, args=(i, work)) for i, work in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failed:
            raise self.failed[0]

    @property
    def me(self) -> int:
        """Return the number of this thread, -1 where it takes no turns."""
        return self._names.get(threading.get_ident(), -1)

    def step(self, *, waiting: bool = False) -> None:
        """Let another go on, perhaps; one that waits for a lock always lets another. Threads of their own just pass."""
        me = self.me
        if me < 0:
            return
        with self._condition:
            self._idle = self._idle + 1 if waiting else 0
            if self._idle > 10_000:
                raise RuntimeError("all of them wait for a lock")
            others = [one for one in self._alive if one != me] if waiting else self._alive
            self._hand(self._chance.choice(others or self._alive), me)

    def _one(self, number: int, work: Callable[[], None]) -> None:
        self._names[threading.get_ident()] = number
        with self._condition:
            self._condition.wait_for(lambda: self._current == number)
        try:
            work()
        except BaseException as error:
            self.failed.append(error)
        with self._condition:
            self._alive.remove(number)
            del self._names[threading.get_ident()]
            if self._alive:
                self._current = self._chance.choice(self._alive)
            self._condition.notify_all()

    def _hand(self, to: int, me: int) -> None:
        self._current = to
        self._condition.notify_all()
        self._condition.wait_for(lambda: self._current == me)

    @contextmanager
    def locking(self) -> Iterator[None]:
        """Let the locks of the store take turns as well."""
        before = locks._held

        @contextmanager
        def held(path: Path, mode: int) -> Iterator[None]:
            if threading.get_ident() not in self._names or mode & fcntl.LOCK_NB:
                with before(path, mode):
                    yield
                return
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                while True:
                    try:
                        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
                        break
                    except BlockingIOError:
                        self.step(waiting=True)
                yield
            finally:
                os.close(descriptor)

        locks._held = held
        try:
            yield
        finally:
            locks._held = before


class Interleaved(Recording):
    """A recording in which each step may be another thread's turn."""

    def __init__(self, root: Path, turns: Turns) -> None:
        super().__init__(root)
        self._turns = turns
        self.by: list[int] = []
        """Whose each step was; -1 of those who take no turns."""

    def _perform(self, step: Step, effect: Callable[[int], None]) -> None:
        self._turns.step()
        super()._perform(step, effect)
        self.by.append(self._turns.me)
