"""Long pages are folded by emission point or kind of delivery: what is most serious open, the rest one press away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import PAGE, text
from tests.web.test_stack_years import two as two_stacks

from goedebuur.web.stack_verdict_folds import folds
from goedebuur.web.stack_verdict_rows import PointRows, VerdictRow

two = two_stacks
FOLD = re.compile(r'<details class="gb-fold" id="([^"]+)"( open)?><summary><h2[^>]*>(.*?)</h2>')


def row(side: str) -> VerdictRow:
    return VerdictRow("NOx", "een dag", "s", side, side.upper(), "", "", "", "", (), "/", ())


def point(name: str, *sides: str, floor: tuple[str, ...] = ()) -> PointRows:
    return PointRows(name, name, tuple(map(row, sides)), tuple(map(row, floor)))


def test_point_with_most_that_is_exceeded_is_open() -> None:
    found = folds([point("A", "meets", "exceeds"), point("B", "exceeds", "exceeds"), point("C", "undetermined")])
    assert [one.open for one in found] == [False, True, False]


def test_without_anything_exceeded_the_point_with_most_that_is_not_known_is_open() -> None:
    found = folds([point("A", "meets", "meets"), point("B", "undetermined", "meets")])
    assert [one.open for one in found] == [False, True]


def test_of_points_that_are_alike_the_first_is_open() -> None:
    assert [one.open for one in folds([point("A", "meets"), point("B", "meets")])] == [True, False]


def test_summary_counts_each_outcome_of_limits_that_bind_the_most_serious_first() -> None:
    (found,) = folds([point("A", "meets", "exceeds", "meets", floor=("undetermined",))])
    assert found.told == (("EXCEEDS", "exceeds", 1), ("MEETS", "meets", 2))


def test_one_outcome_leaves_out_points_that_have_none_of_it() -> None:
    found = folds(
        [point("A", "meets", "exceeds"), point("B", "meets", floor=("exceeds",)), point("C", "meets")], "exceeds"
    )
    assert [(one.point.id, len(one.point.rows), len(one.point.floor)) for one in found] == [("A", 1, 0), ("B", 0, 1)]


@pytest.fixture
def visitor(two: Path) -> Iterator[Client]:
    with reading(two) as client:
        yield client


def test_verdicts_are_folded_by_point_and_one_is_open(visitor: Client) -> None:
    found = {name: opened for _, opened, name in FOLD.findall(text(visitor, PAGE))}
    assert (found["Schoorsteen 1"], found["Schoorsteen 2"]) == (" open", "")


def test_outcome_can_be_asked_for_without_a_script(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?outcome=exceeds")
    assert '<option value="exceeds" selected>' in page
    assert "Schoorsteen 2</h2>" not in page
    assert visitor.get(f"{PAGE}?outcome=rood").status_code == 400


def test_signals_are_folded_by_point_and_the_first_with_signals_is_open(visitor: Client) -> None:
    found = FOLD.findall(text(visitor, "/locaties/werk/schoorstenen/"))
    assert [(anchor, opened) for anchor, opened, _ in found] == [("point-K1", " open"), ("point-K2", "")]


def test_rule_book_is_folded_by_kind_of_delivery_and_a_search_opens_what_it_finds(visitor: Client) -> None:
    opened = [one for _, one, _ in FOLD.findall(text(visitor, "/regelboek/"))]
    assert (opened[0], set(opened[1:])) == (" open", {""})
    found = FOLD.findall(text(visitor, "/regelboek/?q=zuurstof"))
    assert found
    assert {one for _, one, _ in found} == {" open"}
