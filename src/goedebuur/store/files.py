"""Every change that the record makes to its disk, one method a step, so that each step can be recorded and broken.

Nothing here decides an order: :func:`publish` is the one sequence that all durable files share (temporary file, fsync,
rename, fsync of the directory). `tests/store/replay.py` records these steps and plays them back without
those that had not been synced.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

_TURN: Final = itertools.count()
TEMPORARY: Final = ".tmp"


class FileSystem(Protocol):
    """The steps that change a disk. Each may raise :class:`OSError`; none of them is durable before its sync."""

    def create(self, path: Path, data: bytes) -> None:
        """Write a file that is not there yet."""

    def append(self, path: Path, data: bytes) -> None:
        """Write after the last byte of a file that is there."""

    def overwrite(self, path: Path, offset: int, data: bytes) -> None:
        """Write bytes from an offset on in a file that is there."""

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to a number of bytes."""

    def fsync(self, path: Path) -> None:
        """Return once the bytes of the file are on the disk (not its name)."""

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, replacing what bore it."""

    def remove(self, path: Path) -> None:
        """Take the name of a file away."""

    def remove_dir(self, path: Path) -> None:
        """Take the name of an empty directory away."""

    def make_dir(self, path: Path) -> None:
        """Make a directory where there is none; its parent is there."""

    def fsync_dir(self, path: Path) -> None:
        """Return once the names in the directory are on the disk."""


class RealFiles:
    """The disk itself. What is made is never open to more people than the directory it is made in."""

    def create(self, path: Path, data: bytes) -> None:
        """Write a file that is not there yet."""
        with open(path, "xb", opener=_as_its_directory) as file:
            file.write(data)

    def append(self, path: Path, data: bytes) -> None:
        """Write after the last byte of a file that is there."""
        with open(path, "r+b") as file:
            file.seek(0, os.SEEK_END)
            file.write(data)

    def overwrite(self, path: Path, offset: int, data: bytes) -> None:
        """Write bytes from an offset on in a file that is there."""
        with open(path, "r+b") as file:
            file.seek(offset)
            file.write(data)

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to a number of bytes."""
        os.truncate(path, size)

    def fsync(self, path: Path) -> None:
        """Return once the bytes of the file are on the disk."""
        _sync(path, os.O_RDONLY)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, replacing what bore it."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """Take the name of a file away."""
        os.unlink(path)

    def remove_dir(self, path: Path) -> None:
        """Take the name of an empty directory away."""
        os.rmdir(path)

    def make_dir(self, path: Path) -> None:
        """Make a directory where there is none."""
        path.mkdir(mode=path.parent.stat().st_mode & 0o777, exist_ok=True)

    def fsync_dir(self, path: Path) -> None:
        """Return once the names in the directory are on the disk."""
        _sync(path, os.O_RDONLY | os.O_DIRECTORY)


REAL: Final = RealFiles()


def publish(fs: FileSystem, temporary: Path, target: Path, data: bytes) -> None:
    """Put the bytes under their name, whole or not at all, and return when both are on the disk.

    Parameters
    ----------
    temporary
        Directory for the unfinished file, on the same disk as the target.
    """
    unfinished = temporary / f"{target.name}.{os.getpid()}-{next(_TURN)}{TEMPORARY}"
    fs.create(unfinished, data)
    fs.fsync(unfinished)
    fs.rename(unfinished, target)
    fs.fsync_dir(target.parent)


def publish_all(fs: FileSystem, temporary: Path, files: Iterable[tuple[Path, bytes]]) -> int:
    """Put many files under their names, each whole or not at all, and return how many, when all are on the disk.

    A directory is synced once for all of its files. What is there already under such a name is left as it is and
    its name synced, since the process that gave it may have died before doing so; other bytes are replaced.
    """
    written, directories = 0, set[Path]()
    for target, data in files:
        directories.add(target.parent)
        if _holds(target, data):
            continue
        unfinished = temporary / f"{target.name}.{os.getpid()}-{next(_TURN)}{TEMPORARY}"
        fs.create(unfinished, data)
        fs.fsync(unfinished)
        fs.rename(unfinished, target)
        written += 1
    for directory in sorted(directories):
        fs.fsync_dir(directory)
    return written


def make_dirs(fs: FileSystem, root: Path, path: Path) -> None:
    """Make the directories from the root down to the path, and return when all their names are on the disk.

    One that is there already may have been made by a process that died before its sync: its name is synced all the
    same. The root itself is the operator's; where it is not there it is made.
    """
    _make_root(root)
    above = root
    for part in path.relative_to(root).parts:
        fs.make_dir(above / part)
        fs.fsync_dir(above)
        above /= part


def remove_all(fs: FileSystem, directory: Path, first: str = "") -> None:
    """Remove a directory with all that is in it, one file of it first, and return when none of it is on the disk."""
    for path in sorted(directory.iterdir(), key=lambda path: (path.name != first, path.name)):
        if path.is_dir():
            remove_all(fs, path)
        else:
            fs.remove(path)
            if path.name == first:
                fs.fsync_dir(directory)
    fs.fsync_dir(directory)
    fs.remove_dir(directory)
    fs.fsync_dir(directory.parent)


def sweep(fs: FileSystem, directory: Path) -> list[str]:
    """Remove unfinished files of processes that died, and return their names."""
    if not directory.is_dir():
        return []
    stray = sorted(path for path in directory.iterdir() if path.name.endswith(TEMPORARY))
    for path in stray:
        fs.remove(path)
    return [path.name for path in stray]


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _make_root(root: Path) -> None:
    if not root.exists():
        _make_root(root.parent)
        root.mkdir(exist_ok=True)
        _sync(root.parent, os.O_RDONLY | os.O_DIRECTORY)


def _as_its_directory(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, os.stat(os.path.dirname(path) or ".").st_mode & 0o666)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
