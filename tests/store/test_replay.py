"""The model of a disk forgets what was not synced, and only that."""

from __future__ import annotations

import errno
import random
from pathlib import Path

import pytest
from tests.store.replay import Disk, Fault, Faulty, Recording

from goedebuur.store import files
from goedebuur.store.files import RealFiles


def after(fs: Recording, target: Path, share: float = 1.0) -> dict[str, bytes]:
    disk = Disk().play(fs.steps)
    disk.crash(random.Random(1), share)
    target.mkdir()
    disk.write_to(target)
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


@pytest.fixture
def fs(tmp_path: Path) -> Recording:
    (tmp_path / "disk").mkdir()
    return Recording(tmp_path / "disk")


def test_file_is_lost_without_the_sync_of_its_directory(fs: Recording, tmp_path: Path) -> None:
    fs.create(fs.root / "a", b"1")
    fs.fsync(fs.root / "a")
    assert after(fs, tmp_path / "1") == {}
    fs.fsync_dir(fs.root)
    assert after(fs, tmp_path / "2") == {"a": b"1"}


def test_bytes_are_lost_without_the_sync_of_their_file(fs: Recording, tmp_path: Path) -> None:
    fs.create(fs.root / "a", b"1")
    fs.fsync(fs.root / "a")
    fs.fsync_dir(fs.root)
    fs.append(fs.root / "a", b"2")
    assert after(fs, tmp_path / "1")["a"] in (b"1", b"1\x00")  # the file may have grown before its bytes came
    assert after(fs, tmp_path / "2", share=0.0) == {"a": b"12"}
    fs.fsync(fs.root / "a")
    assert after(fs, tmp_path / "3") == {"a": b"12"}


def test_rename_and_removal_are_undone_without_a_sync(fs: Recording, tmp_path: Path) -> None:
    for name in ("a", "b"):
        fs.create(fs.root / name, name.encode())
        fs.fsync(fs.root / name)
    fs.fsync_dir(fs.root)
    fs.rename(fs.root / "a", fs.root / "c")
    fs.remove(fs.root / "b")
    assert after(fs, tmp_path / "1") == {"a": b"a", "b": b"b"}
    fs.fsync_dir(fs.root)
    assert after(fs, tmp_path / "2") == {"c": b"a"}


def test_directory_that_was_not_synced_takes_its_files_with_it(fs: Recording, tmp_path: Path) -> None:
    fs.make_dir(fs.root / "d")
    files.publish(fs, fs.root / "d", fs.root / "d" / "a", b"1")
    assert after(fs, tmp_path / "1") == {}
    fs.fsync_dir(fs.root)
    assert after(fs, tmp_path / "2") == {"d/a": b"1"}


def test_bytes_of_a_failed_sync_do_not_come_back_with_the_next(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    fs = Faulty(tmp_path / "disk", 1, Fault.LOST)
    fs.create(fs.root / "a", b"1")
    with pytest.raises(OSError, match="on purpose"):
        fs.fsync(fs.root / "a")
    fs.fsync(fs.root / "a")
    fs.fsync_dir(fs.root)
    assert after(fs, tmp_path / "1") == {"a": b""}
    fs.overwrite(fs.root / "a", 0, b"1")
    fs.fsync(fs.root / "a")
    assert after(fs, tmp_path / "2") == {"a": b"1"}


def test_step_that_half_fails_writes_half(tmp_path: Path) -> None:
    fs = Faulty(tmp_path, 0, Fault.HALF)
    with pytest.raises(OSError, match="half done") as caught:
        fs.create(tmp_path / "a", b"1234")
    assert caught.value.errno == errno.EIO
    assert (tmp_path / "a").read_bytes() == b"12"


def test_recording_and_disk_do_the_same_to_the_files(fs: Recording, tmp_path: Path) -> None:
    def steps(on: Recording | RealFiles, root: Path) -> None:
        on.create(root / "a", b"123456")
        on.append(root / "a", b"78")
        on.overwrite(root / "a", 2, b"xx")
        on.truncate(root / "a", 7)
        on.fsync(root / "a")
        on.make_dir(root / "d")
        on.make_dir(root / "d")
        on.rename(root / "a", root / "d" / "a")
        on.create(root / "b", b"")
        on.remove(root / "b")
        on.fsync_dir(root / "d")
        on.fsync_dir(root)

    (tmp_path / "real").mkdir()
    steps(fs, fs.root)
    steps(RealFiles(), tmp_path / "real")
    expected = {"d/a": b"12xx567"}
    assert after(fs, tmp_path / "replayed") == expected
    for root in (fs.root, tmp_path / "real"):
        assert {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()} == expected
