"""A spreadsheet that was made to harm is refused before the library that reads it opens it, however it is written."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from tests.services import stacks

from goedebuur.adapters import stack_tables
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions import sheets
from goedebuur.core.sites.records import Site

SHEET = "xl/worksheets/sheet1.xml"
ROWS = sheets.write([one for one in stacks.ALL if not isinstance(one, Site)])
SET = stack_tables.as_workbook({name: (tuple(rows[0]), rows) for name, rows in ROWS.items() if rows})
DECLARED = b'<!DOCTYPE x [<!ENTITY a "b">]>'


def changed(change: Callable[[bytes], bytes]) -> bytes:
    """The table set with its first sheet changed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SET)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            new.writestr(part.filename, change(body) if part.filename == SHEET else body)
    return sink.getvalue()


def after_rows(text: bytes) -> bytes:
    assert b"</sheetData>" in zipfile.ZipFile(io.BytesIO(SET)).read(SHEET)
    return changed(lambda body: body.replace(b"</sheetData>", b"</sheetData>" + text))


def merging(area: bytes) -> bytes:
    return after_rows(b'<mergeCells count="1"><mergeCell ref="' + area + b'"/></mergeCells>')


BOMBS = {
    "all cells merged": (merging(b"A1:XFD1048576"), "sheet-few-merged"),
    "all cells merged, its colon as a reference": (merging(b"a1&#58;xfd1048576"), "sheet-few-merged"),
    "a link over all cells": (
        after_rows(b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'),
        "sheet-few-merged",
    ),
    "entities": (changed(lambda body: DECLARED + body), "sheet-unpacked"),
    "entities after a long remark": (
        changed(lambda body: b"<!--" + b"x" * 2**19 + b"-->" + DECLARED + body),
        "sheet-unpacked",
    ),
    "entities in UTF-16": (
        changed(lambda body: f'<?xml version="1.0" encoding="UTF-16"?>{(DECLARED + body).decode()}'.encode("utf-16")),
        "sheet-unpacked",
    ),
}


@pytest.mark.parametrize("bomb", list(BOMBS))
def test_bomb_is_refused_at_once(bomb: str) -> None:
    data, check = BOMBS[bomb]
    began = time.process_time()
    with pytest.raises(GoedeBuurError) as raised:
        stack_tables.read(data, "set.xlsx")
    assert raised.value.check == check
    assert time.process_time() - began < 1


def test_cell_at_the_far_end_of_a_sheet_is_told_and_costs_nothing() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    began = time.process_time()
    _, faults = stack_tables.read(changed(lambda body: body.replace(b"</sheetData>", far)), "set.xlsx")
    assert [one.error.check for one in faults] == ["stack-set-columns"]
    assert time.process_time() - began < 2
