"""Bytes as received: packing, and limits that hold while reading."""

from __future__ import annotations

import io
import zipfile

import pytest
from tests.adapters.samples import gzipped, zipped

from goedebuur.adapters import payloads
from goedebuur.core.base.errors import GoedeBuurError


class Endless(io.RawIOBase):
    """Two gigabytes of one line, made while it is read, counting what was asked of it."""

    def __init__(self, size: int = 2 * 2**30) -> None:
        self.left, self.given = size, 0

    def read(self, size: int = -1) -> bytes:
        size = min(size if size >= 0 else self.left, self.left)
        self.left -= size
        self.given += size
        return b"1" * size


def test_a_line_of_two_gigabytes_is_refused_after_two_mebibytes() -> None:
    endless = Endless()
    with pytest.raises(GoedeBuurError) as raised:
        payloads.read(endless, "2019_PM10.csv")  # type: ignore[arg-type]
    assert raised.value.code == "input-line-too-long"
    assert raised.value.place == "2019_PM10.csv, line 1"
    assert endless.given <= 2 * 2**20


def test_a_packed_line_of_two_gigabytes_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzipped(b"1" * 2**24) * 128  # members of one gzip follow each other without a line end
    assert len(bomb) < 3 * 2**20
    unpacked: list[int] = []
    lined = payloads._lined

    def counting(chunks, name):  # type: ignore[no-untyped-def]
        def seen():  # type: ignore[no-untyped-def]
            for chunk in chunks:
                unpacked.append(len(chunk))
                yield chunk

        return lined(seen(), name)

    monkeypatch.setattr(payloads, "_lined", counting)
    with pytest.raises(GoedeBuurError) as raised:
        payloads.decompress(bomb, "bomb.csv.gz")
    assert raised.value.code == "input-line-too-long"
    assert sum(unpacked) <= 2 * 2**20


def test_the_line_that_is_too_long_is_named_by_its_number() -> None:
    with pytest.raises(GoedeBuurError) as raised:
        payloads.decompress(b"short\nshort\n" + b"x" * (2**20 + 1) + b"\n", "file.csv")
    assert raised.value.place == "file.csv, line 3"


def test_a_line_at_the_limit_is_taken() -> None:
    data = b"x" * 2**20 + b"\n"
    assert payloads.decompress(data, "file.csv") == data
    assert payloads.read(io.BytesIO(data), "file.csv") == data


def test_a_file_that_is_too_large_is_refused_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "MAX_PAYLOAD", 2**20)
    with pytest.raises(GoedeBuurError) as raised:
        payloads.read(io.BytesIO(b"line\n" * 2**19), "file.csv")
    assert raised.value.code == "input-too-large"


def test_content_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "MAX_PLAIN", 2**20)
    with pytest.raises(GoedeBuurError) as raised:
        payloads.decompress(gzipped(b"line\n" * 2**19), "file.csv.gz")
    assert raised.value.code == "input-too-large"


def test_a_packed_file_is_kept_as_received() -> None:
    packed = gzipped(b"1;2\n")
    assert payloads.read(io.BytesIO(packed), "a.csv.gz") == packed


def test_a_gzip_of_two_members_is_read_whole() -> None:
    assert payloads.decompress(gzipped(b"one\n") + gzipped(b"two\n"), "a.gz") == b"one\ntwo\n"


@pytest.mark.parametrize("length", [1, 5, 12, 20])
def test_a_gzip_cut_short_is_never_taken_in_part(length: int) -> None:
    packed = gzipped(b"1;2\n" * 50)
    with pytest.raises(GoedeBuurError) as raised:
        payloads.decompress(packed[: len(packed) - length], "a.csv.gz")
    assert raised.value.code == "input-truncated"


def test_a_gzip_with_one_byte_changed_is_found() -> None:
    packed = bytearray(gzipped(b"1;2\n" * 50))
    packed[-6] ^= 1
    with pytest.raises(GoedeBuurError) as raised:
        payloads.decompress(bytes(packed), "a.csv.gz")
    assert raised.value.code == "input-archive"


def test_an_archive_with_two_files_is_refused_by_name() -> None:
    packed = io.BytesIO(zipped(b"1\n", "one.txt"))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("two.txt", b"2\n")
    with pytest.raises(GoedeBuurError) as raised:
        payloads.decompress(packed.getvalue(), "a.zip")
    assert (raised.value.code, raised.value.value) == ("input-archive", "one.txt, two.txt")


@pytest.mark.parametrize("pack", [bytes, gzipped, zipped])
def test_the_head_of_a_file_is_read_without_the_rest(pack) -> None:  # type: ignore[no-untyped-def]
    data = b"Component;Station\n" + b"1;2\n" * 100_000
    packed = pack(data)
    assert payloads.head_of(packed[: 2**16], "a").startswith(b"Component;Station\n1;2\n")
    assert len(payloads.head_of(packed, "a")) <= payloads.HEAD
