"""Which numbers are drawn as lines in a chart: limit values that held on a day, and all guidelines, of a quantity.

The rules are those that the verdicts of the same page come from: the record's own at a tree size. A guideline is drawn
in earlier years too, since these are judged by it, and the line says that it came later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from goedebuur.core.base.quantities import MICRO
from goedebuur.core.compliance.rows import Guideline, GuidelineLevel, LimitKind, Rule, RuleBook, Statistic
from goedebuur.rules import loader
from goedebuur.services.rule_record import book_at

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One line. It binds a statistic, never a single hour: the statistic is part of what is written beside it."""

    id: str
    set: str
    kind: str  # "limit" | "guideline"
    statistic: Statistic
    value: float  # [canonical unit]
    value_text: str  # as in the table
    unit: str  # as in the table
    allowed: int | None
    reference: str
    article: str
    later: int | None = None  # year of advice that was published after the day; None for what was there by then


def limit_lines(record: Record, quantity: str, on: date, as_of: int | None = None) -> list[LimitLine]:
    """Return the lines of a quantity on a day: what binds first, then advice, each from high to low.

    Parameters
    ----------
    as_of
        Tree size whose rules are used; without, those that hold now.

    Raises
    ------
    GoedeBuurError
        `rules-table` where recorded rule tables cannot be read.
    """
    return lines_of(book_at(record, as_of).book, quantity, on)


def lines_of(book: RuleBook, quantity: str, on: date) -> list[LimitLine]:
    """Return the lines that a rule book gives, as :func:`limit_lines`."""
    lines = [
        _line(row, "limit", row.allowed, on)
        for row in book.limits
        if row.kind is LimitKind.LIMIT_VALUE and row.in_force(on) and row.measure.quantity == quantity
    ]
    lines += [
        _line(row, "guideline", None, on)
        for row in book.guidelines
        if row.level is GuidelineLevel.GUIDELINE and row.measure.quantity == quantity
    ]
    return sorted(lines, key=lambda line: (line.kind != "limit", -line.value, line.id))


def ruled(quantity: str) -> bool:
    """Return whether any rule of the tables, of whatever day, is on a quantity."""
    return any(rule.measure.quantity == quantity for rule in loader.book().rules)


def _line(rule: Rule, kind: str, allowed: int | None, on: date) -> LimitLine:
    measure = rule.measure
    return LimitLine(
        id=rule.id,
        set=rule.set,
        kind=kind,
        statistic=measure.statistic,
        value=measure.micro / MICRO,
        value_text=measure.value,
        unit=measure.unit,
        allowed=allowed,
        reference=rule.reference,
        article=rule.article,
        later=rule.published.year if isinstance(rule, Guideline) and rule.published > on else None,
    )
