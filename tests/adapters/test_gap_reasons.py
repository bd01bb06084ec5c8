"""Reasons for gaps: moments with an offset, codes and no words, at most what one leaf holds."""

from __future__ import annotations

import pytest
from tests.adapters.samples import gap_reasons

from goedebuur.adapters.gap_reasons import GapReasons
from goedebuur.core.base.errors import GoedeBuurError

HEADER = "series,start,end,reason"
LINE = "NL90001.so2.1h,2026-03-01T00:00:00Z,2026-03-01T05:00:00Z,not-measured"


def parse(*lines: str) -> tuple[tuple[str, str, str, str], ...]:
    return GapReasons().parse("\n".join((HEADER, *lines, "")).encode(), "r.csv").rows


def code_of(*lines: str) -> tuple[str, str]:
    with pytest.raises(GoedeBuurError) as raised:
        parse(*lines)
    return raised.value.code, raised.value.place


def test_moments_are_kept_in_utc() -> None:
    assert GapReasons().parse(gap_reasons(), "r.csv").rows == (
        ("NL90001.so2.1h", "2026-03-01T00:00:00Z", "2026-03-01T05:00:00Z", "not-measured"),
        ("NL90002.so2.1h", "2026-02-28T23:00:00Z", "2026-03-03T11:00:00Z", "instrument-down"),
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("Z,2026", ",2026", "input-time", "start"),
        ("2026-03-01T05", "2026-03-01T00", "input-time", "end"),
        ("2026-03-01T05", "1026-03-01T05", "input-time", "end"),
        ("2026-03-01T05", "soon", "input-time", "end"),
        (".so2.", ".dust.", "input-quantity", "series"),
        (".1h", ".hourly", "input-quantity", "series"),
        ("NL90001.so2.1h", "NL90001", "input-quantity", "series"),
        ("not-measured", "not measured", "input-not-this-format", "reason"),
        ("not-measured", "J. Jansen", "input-not-this-format", "reason"),
    ],
)
def test_cell_that_cannot_be_is_an_error_with_its_line_and_column(old: str, new: str, code: str, column: str) -> None:
    assert code_of(LINE.replace("so2", "no2"), LINE.replace(old, new, 1)) == (code, f"r.csv, line 3, column {column}")


def test_two_reasons_for_one_period_are_refused() -> None:
    assert code_of(LINE, LINE.replace("not-measured", "late")) == ("input-duplicate", "r.csv, line 3, column reason")


def test_more_than_one_leaf_holds_is_refused() -> None:
    lines = [LINE.replace("NL90001", f"NL9{n:04d}") for n in range(500)]
    assert len(parse(*lines[:200])) == 200
    assert code_of(*lines)[0] == "input-gap-rows"
