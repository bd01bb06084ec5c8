"""An upload keeps what came, takes one part at a time, and ends in a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.store.uploads import Uploads

NOW = datetime(2026, 2, 1, tzinfo=UTC)
DIGEST = "ab" * 32


def code(caught: pytest.ExceptionInfo[GoedeBuurError]) -> str:
    return caught.value.code


def test_what_came_before_a_break_stays(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"abc"
        raise OSError("the line broke")

    upload = Uploads(tmp_path).begin(DIGEST, {"submitter": "a"}, NOW)
    with pytest.raises(OSError, match="broke"):
        Uploads(tmp_path).add(upload, 0, breaking(), 6)
    again = Uploads(tmp_path).begin(DIGEST, {"submitter": "a"}, NOW + timedelta(days=1))
    assert (again.offset, again.begun) == (3, NOW)
    assert Uploads(tmp_path).add(again, 3, [b"def"], 6) == 6
    assert again.path.read_bytes() == b"abcdef"


@pytest.mark.parametrize(("offset", "part"), [(1, b"x"), (0, b"1234567")])
def test_part_that_does_not_fit_is_refused(tmp_path: Path, offset: int, part: bytes) -> None:
    upload = Uploads(tmp_path).begin(DIGEST, {}, NOW)
    with pytest.raises(GoedeBuurError) as caught:
        Uploads(tmp_path).add(upload, offset, [part], 6)
    assert code(caught) == "submission-offset"
    assert upload.offset == 0


def test_two_cannot_work_on_one_upload(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    upload = uploads.begin(DIGEST, {}, NOW)
    with uploads.alone(upload), pytest.raises(GoedeBuurError) as caught, Uploads(tmp_path).alone(upload):
        pass
    assert code(caught) == "lock-busy"


def test_upload_that_nobody_finishes_ends_in_a_week(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    uploads.begin(DIGEST, {}, NOW)
    uploads.begin("cd" * 32, {}, NOW + timedelta(days=7))
    assert uploads.find(DIGEST).digest == DIGEST
    uploads.begin("ef" * 32, {}, NOW + timedelta(days=7, seconds=1))
    with pytest.raises(GoedeBuurError) as caught:
        uploads.find(DIGEST)
    assert code(caught) == "submission-unknown"


def test_folder_that_a_crash_left_without_a_statement_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "incoming" / "uploads" / DIGEST).mkdir(parents=True)
    (tmp_path / "incoming" / "uploads" / DIGEST / "data").write_bytes(b"old")
    assert Uploads(tmp_path).begin(DIGEST, {}, NOW).offset == 0
