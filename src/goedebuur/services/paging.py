"""A page of a list, with how many there are in all: nothing is left out without being counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")
A_PAGE: Final = 50
"""Rows that a page of a list has."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list.

    Parameters
    ----------
    rows
        Those of this page.
    number
        Which page it is, from 1.
    total
        How many rows the whole list has.
    """

    rows: tuple[T, ...]
    number: int
    total: int

    @property
    def first(self) -> int:
        """Return the place in the list of the first row, from 1."""
        return _start(self.number) + 1

    @property
    def last(self) -> int:
        """Return the place in the list of the last row."""
        return _start(self.number) + len(self.rows)

    @property
    def whole(self) -> bool:
        """Return whether this is all there is."""
        return len(self.rows) == self.total

    @property
    def previous(self) -> int:
        """Return the number of the page before; 0 where there is none."""
        return self.number - 1

    @property
    def next(self) -> int:
        """Return the number of the page after; 0 where there is none."""
        return self.number + 1 if self.last < self.total else 0


def of(rows: Iterable[T], number: int) -> Page[T]:
    """Return a page of rows that are walked along once; the last page where there is none of that number.

    >>> of(range(120), 3).rows[0], of(range(120), 9).number, of([], 2).number
    (100, 3, 1)
    """
    page: list[T] = []
    total = 0
    for one in rows:
        if total < number * A_PAGE:
            if total % A_PAGE == 0:
                page = []
            page.append(one)
        total += 1
    return Page(tuple(page), _clamped(number, total), total)


def cut(total: int, number: int, read: Callable[[int, int], Iterable[T]]) -> Page[T]:
    """Return a page of a list that is counted already; the last page where there is none of that number.

    Parameters
    ----------
    read
        Gives rows: how many to pass over, and how many to give.
    """
    there = _clamped(number, total)
    return Page(tuple(read(_start(there), A_PAGE)), there, total)


def _clamped(number: int, total: int) -> int:
    return max(min(number, -(-total // A_PAGE)), 1)


def _start(number: int) -> int:
    return (number - 1) * A_PAGE
