"""Locks between processes and threads: the kernel's, which a dying process lets go of by itself."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare

LOCK_BUSY: Final = declare("lock-busy", "Another process is doing this work.")


@contextmanager
def exclusive(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock alone. The file stays when the lock is let go: removing it would let two processes in.

    Raises
    ------
    GoedeBuurError
        `lock-busy` where another holds it and `wait` is false.
    """
    with _held(path, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)):
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the lock together with others who share it; wait for one who holds it alone."""
    with _held(path, fcntl.LOCK_SH):
        yield


@contextmanager
def _held(path: Path, mode: int) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, mode)
        except BlockingIOError:
            raise GoedeBuurError(
                LOCK_BUSY,
                "Another process holds this lock.",
                place=path.name,
                hint="Wait until it is done, or hand the delivery to the spool.",
            ) from None
        yield
    finally:
        os.close(descriptor)
