"""Rows as blocks: the text by hand, the root by hashlib alone, and back again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import blocks
from goedebuur.core.ledger.blocks import Block, Row
from goedebuur.core.measurements.records import OBSERVATIONS

ODD = 'a\\b\tc\nd\re "=" é'


def frame(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=OBSERVATIONS, orient="row")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


ROWS = frame(
    ("NL1.pm10.1h", at(2021, 1, 31, 23), 3600, 2703, 2, "µg/m³", 0, None),
    ("NL1.pm10.1h", at(2021, 2, 1, 0), 3600, None, 0, "µg/m³", 8, ODD),
    ("NL1.pm10.1h", at(2021, 2, 1, 1), 3600, -5, 1, "µg/m³", 0, ""),
    ("NL2.so2.1h", at(1969, 12, 31, 23), 3600, 0, 0, "ppb", 2, "="),
)
# `date -u -d '2021-01-31 23:00' +%s` gives 1612134000, an hour later 1612137600
TEXTS = [
    "goedebuur block 1\nNL1.pm10.1h\n2021-01\n1612134000000000\t3600\t2703\t2\tµg/m³\t0\t\n",
    "goedebuur block 1\nNL1.pm10.1h\n2021-02\n"
    '1612137600000000\t3600\t\t0\tµg/m³\t8\t=a\\\\b\\tc\\nd\\re "=" é\n'
    "1612141200000000\t3600\t-5\t1\tµg/m³\t0\t=\n",
    "goedebuur block 1\nNL2.so2.1h\n1969-12\n-3600000000\t3600\t0\t0\tppb\t2\t==\n",
]


def test_rows_are_written_as_the_form_says() -> None:
    written = list(blocks.texts(ROWS))
    assert [text.decode() for _, _, text in written] == TEXTS
    assert [(series, month) for series, month, _ in written] == [
        ("NL1.pm10.1h", "2021-01"),
        ("NL1.pm10.1h", "2021-02"),
        ("NL2.so2.1h", "1969-12"),
    ]


def test_root_is_that_of_rfc_6962_over_the_texts() -> None:
    a, b, c = (hashlib.sha256(b"\x00" + text.encode()).digest() for text in TEXTS)
    left = hashlib.sha256(b"\x01" + a + b).digest()
    assert blocks.of_rows(ROWS).root() == hashlib.sha256(b"\x01" + left + c).digest()
    assert blocks.of_rows(ROWS.clear()).root() == hashlib.sha256(b"").digest()


def test_block_reads_back_digit_for_digit() -> None:
    assert blocks.parse(TEXTS[1].encode()) == Block(
        "NL1.pm10.1h",
        "2021-02",
        (
            Row(1612137600000000, 3600, None, 0, "µg/m³", 8, ODD),
            Row(1612141200000000, 3600, -5, 1, "µg/m³", 0, ""),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        TEXTS[0].encode()[:-1],
        b"goedebuur block 2" + TEXTS[0].encode()[17:],
        b"goedebuur block 1\na\n2021-01\n",
        TEXTS[0].encode().replace(b"2703", b"27.3"),
        TEXTS[0].encode().replace(b"\t3600", b""),
        TEXTS[2].encode().replace(b"==", b"-="),
        TEXTS[2].encode().replace(b"==", b"=\\x"),
        TEXTS[2].encode().replace(b"==", b"=\\"),
    ],
)
def test_text_that_is_no_block_is_refused(text: bytes) -> None:
    with pytest.raises(GoedeBuurError, match="leaf-block-unreadable"):
        blocks.parse(text)
