"""How the page of verdicts at stacks is folded: by emission point, with what is most serious open, and one outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from goedebuur.web.stack_verdict_rows import PointRows

SERIOUS: Final = ("exceeds", "undetermined", "meets")
"""Sides of verdicts, what is most serious first."""


@dataclass(frozen=True, slots=True)
class Fold:
    """The verdicts at one emission point, as a part of the page that can be opened.

    Parameters
    ----------
    told
        Words, side and number of each outcome on limits that bind.
    """

    point: PointRows
    told: tuple[tuple[str, str, int], ...]
    open: bool


def folds(points: Iterable[PointRows], side: str = "") -> list[Fold]:
    """Return the emission points with verdicts, the first of those with the most serious outcome open.

    Parameters
    ----------
    side
        Of the verdicts that are wanted; empty for all.
    """
    kept = [_only(one, side) for one in points]
    shown = [one for one in kept if one.rows or one.floor]
    first = min(shown, key=_serious, default=None)
    return [Fold(one, _told(one), one is first) for one in shown]


def _only(point: PointRows, side: str) -> PointRows:
    if not side:
        return point
    rows, floor = (tuple(row for row in told if row.side == side) for told in (point.rows, point.floor))
    return replace(point, rows=rows, floor=floor)


def _serious(point: PointRows) -> tuple[int, ...]:
    """Return what sorts first what has most limits that are exceeded, then most of which nothing is said."""
    return tuple(-sum(row.side == side for row in point.rows) for side in SERIOUS)


def _told(point: PointRows) -> tuple[tuple[str, str, int], ...]:
    tally: Sequence[tuple[tuple[str, str], int]] = Counter((row.words, row.side) for row in point.rows).most_common()
    ordered = sorted(tally, key=lambda one: SERIOUS.index(one[0][1]))
    return tuple((words, side, n) for (words, side), n in ordered)
