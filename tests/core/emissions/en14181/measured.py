"""Pairs with numbers that can be followed by hand, and the criteria as if every row were confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.emissions.en14181.criteria import Criteria, Requirement
from goedebuur.core.emissions.en14181.pairs import Pair
from goedebuur.rules import en14181

DAY = date(2026, 3, 6)
SHIPPED = en14181.criteria()
CONFIRMED = Criteria(
    {
        name: tuple(replace(row, status=Status.CONFIRMED, question=Text()) for row in rows)
        for name, rows in SHIPPED.rows.items()
    },
    {n: replace(one, status=Status.CONFIRMED, question=Text()) for n, one in SHIPPED.factors.items()},
)


def requirement(limit: str = "50", share: str = "20/100") -> Requirement:
    """What the law asks, confirmed."""
    return Requirement(Fraction(limit), Fraction(share), "a permit")


def pairs(raw: Sequence[object], reference: Sequence[object], a_day: int = 5, **changed: object) -> list[Pair]:
    """Half hours, so many a day from 4 March 2026 on, an hour apart from noon."""
    found = []
    for number, (x, y) in enumerate(zip(raw, reference, strict=True)):
        start = datetime(2026, 3, 4 + number // a_day, 11, tzinfo=UTC) + timedelta(hours=number % a_day)
        one = Pair(
            start,
            start + timedelta(minutes=30),
            None if x is None else Fraction(str(x)),
            None if y is None else Fraction(str(y)),
        )
        found.append(replace(one, **changed))  # type: ignore[arg-type]
    return found
