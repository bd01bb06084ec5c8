"""The table of reasons for gaps has words for every code that the program itself uses."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.expectations import reasons
from goedebuur.rules import gap_reasons, reading


def test_codes_are_those_that_were_agreed() -> None:
    agreed = {"not-measured", "instrument-down", "lost-on-the-way", "lost-here", "late", "rejected", "unknown"}
    assert set(gap_reasons.terms()) == agreed
    assert {reasons.UNKNOWN, reasons.LATE, reasons.REJECTED, reasons.LOST_HERE} <= agreed


def test_every_code_has_words_in_both_languages() -> None:
    assert all(text.nl and text.en for text in gap_reasons.terms().values())


def test_code_that_went_out_of_the_table_is_shown_as_it_is() -> None:
    assert gap_reasons.words("gone-since").nl == "gone-since"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("late,judgement", "late,sure", "line 6, column status"),
        ("id,status", "id,sort", "line 1"),
        (",nothing was measured", ",", "line 2, column text_en"),
    ],
)
def test_bad_cell_is_an_error_with_line_and_column(old: str, new: str, place: str) -> None:
    data = reading.shipped("gap_reasons")
    assert old.encode() in data
    with pytest.raises(GoedeBuurError) as raised:
        gap_reasons.parse(data.replace(old.encode(), new.encode(), 1))
    assert raised.value.code == "rules-table"
    assert raised.value.place.endswith(place)
