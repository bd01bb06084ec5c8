"""Every row of a list is on exactly one of its pages, and every page knows how many there are in all."""

from __future__ import annotations

import pytest

from goedebuur.services import paging


@pytest.mark.parametrize("total", [0, 1, 49, 50, 51, 100, 101])
def test_pages_together_hold_every_row_once(total: int) -> None:
    pages = [paging.of(range(total), 1)]
    while pages[-1].next:
        pages.append(paging.of(range(total), pages[-1].next))
    assert [row for page in pages for row in page.rows] == list(range(total))
    assert {page.total for page in pages} == {total}
    # 51 rows are two pages of at most 50
    assert len(pages) == {0: 1, 1: 1, 49: 1, 50: 1, 51: 2, 100: 2, 101: 3}[total]


@pytest.mark.parametrize("number", [1, 2, 3, 9])
def test_list_that_is_counted_has_the_same_pages_as_one_that_is_walked_along(number: int) -> None:
    rows = list(range(101))
    assert paging.cut(101, number, lambda start, most: rows[start : start + most]) == paging.of(rows, number)


def test_page_past_the_end_is_the_last_one() -> None:
    page = paging.of(range(101), 7)
    assert (page.rows, page.number, page.first, page.last, page.previous, page.next) == ((100,), 3, 101, 101, 2, 0)


def test_only_a_list_of_one_page_is_whole() -> None:
    assert paging.of(range(50), 1).whole
    assert not paging.of(range(51), 1).whole
    assert not paging.of(range(51), 2).whole
