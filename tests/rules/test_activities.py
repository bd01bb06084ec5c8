"""The lists of activities: strict on reading, complete against the code list of the register."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.sites.records import Activity
from goedebuur.rules import activities

HEAD = ",".join(activities.COLUMNS)
ROW = "eprtr:2(b),eprtr,2(b),2007-01-01,,ref,art,memory-high,staal maken,making steel"
LETTERS = {"1": "af", "2": "af", "3": "ag", "4": "af", "5": "ag", "6": "ac", "7": "ab", "8": "ac", "9": "ae"}
"""First and last letter of each chapter of annex I of Regulation (EC) 166/2006."""


@pytest.mark.parametrize(("chapter", "letters"), LETTERS.items())
def test_every_letter_of_the_regulation_is_there(chapter: str, letters: str) -> None:
    wanted = {f"{chapter}({chr(letter)})" for letter in range(ord(letters[0]), ord(letters[1]) + 1)}
    codes = {one.code for one in activities.activities().values() if one.list == "eprtr"}
    assert {code for code in codes if re.fullmatch(rf"{chapter}\([a-z]\)", code)} == wanted


def test_every_row_can_be_that_of_a_site_and_none_decides() -> None:
    for one in activities.activities().values():
        assert Activity(one.list, one.code).code == one.code
        assert one.status is not Status.CONFIRMED


def test_an_activity_is_listed_from_its_first_day() -> None:
    assert activities.activity("ied", "2.2", date(2013, 1, 6)) is None
    found = activities.activity("ied", "2.2", date(2013, 1, 7))
    assert found is not None
    assert found.article == "2010/75/EU annex I, point 2.2"
    assert activities.activity("ied", "9.9", date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (ROW.replace("2007-01-01", "2007"), "valid_from"),
        (ROW.replace("eprtr:2(b)", "eprtr:2(c)"), "id"),
        (ROW.replace("eprtr", "other"), "id"),
        (ROW.replace("memory-high", "sure"), "status"),
        (ROW.replace("staal maken", ""), "text_nl"),
        (f"{ROW}\n{ROW}", "id"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_place(row: str, column: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        activities.parse(f"{HEAD}\n{row}\n".encode())
    assert caught.value.code == "rules-table"
    assert column in caught.value.place


def test_the_table_has_its_columns() -> None:
    data = (resources.files("goedebuur.rules") / "tables" / "annex_i_activities.csv").read_bytes()
    assert data.startswith(HEAD.encode())
    with pytest.raises(GoedeBuurError):
        activities.parse(data.replace(b"article", b"clause", 1))
