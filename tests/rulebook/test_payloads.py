"""What no parser has to look at: a file that is empty, too large, damaged, in another encoding, or of no format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from tests.adapters.samples import gzipped, hollandse_luchten, rivm_until_2022, zipped

from goedebuur.adapters import payloads
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.services import preparing

NAME = "2019_SO2.csv"
HTML = b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n"


def take(data: bytes, adapter: str | None = None) -> None:
    preparing.prepare(data, NAME, preparing.choose(data, NAME, adapter))


def taken(data: bytes, adapter: str | None = None) -> Callable[[], None]:
    return lambda: take(data, adapter)


def of_two() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", rivm_until_2022())
        archive.writestr("b.csv", b"1")
    return packed.getvalue()


def too_large() -> None:
    payloads.read(io.BytesIO(b"1;2\n" * (payloads.MAX_PAYLOAD // 4 + 1)), NAME)


CASES: dict[str, tuple[Callable[[], None], str, str]] = {
    "payload-not-empty": (taken(b"", "rivm_lml"), NAME, ""),
    "payload-size": (too_large, NAME, ""),
    "payload-line-length": (taken(b"1;" * 2**20, "rivm_lml"), f"{NAME}, line 1", "1;1;"),
    "payload-archive-whole": (taken(b"PK\x03\x04" + bytes(60), "rivm_lml"), NAME, ""),
    "payload-archive-one-file": (taken(of_two(), "rivm_lml"), NAME, "a.csv, b.csv"),
    "payload-gzip-end": (taken(gzipped(rivm_until_2022())[:-20], "rivm_lml"), NAME, ""),
    "payload-no-web-page": (taken(HTML), NAME, "<!DOCTYPE html>"),
    "payload-no-utf-16": (taken(rivm_until_2022().decode("latin-1").encode("utf-16")), f"{NAME}, byte 0", "ff fe"),
    "payload-no-zero-byte": (
        taken(rivm_until_2022().replace(b"1034.3", b"1034\x00"), "rivm_lml"),
        f"{NAME}, byte {rivm_until_2022().index(b'1034.3') + 4}",
        "",
    ),
    "payload-encoding": (
        taken(hollandse_luchten().replace(b"1.20", b"1.2\xe9"), "hollandse_luchten"),
        f"{NAME}, line 4, byte {hollandse_luchten().index(b'1.20') + 3}",
        "e9",
    ),
    "payload-not-simulated": (
        taken(rivm_until_2022().replace(b"Export;EXP", b"Export;SIMULATIE EXP"), "rivm_lml"),
        NAME,
        "",
    ),
    "format-recognised": (taken(b"just some words\n"), NAME, "just some words"),
    "format-adapter": (taken(b"1", "rivm_lmx"), "", "rivm_lmx"),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    act, place, value = CASES[check]
    with pytest.raises(GoedeBuurError) as raised:
        act()
    error = raised.value
    assert (error.check, error.code) == (check, CHECKS[check].code)
    assert error.place == place
    assert value in error.value
    assert len(error.hint) > 10


@pytest.mark.parametrize("data", [rivm_until_2022(), gzipped(rivm_until_2022()), zipped(rivm_until_2022())])
def test_what_is_whole_plain_or_packed_is_taken(data: bytes) -> None:
    take(data)
