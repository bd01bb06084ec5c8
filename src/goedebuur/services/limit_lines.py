"""Which numbers are drawn as lines in a chart: limit values and guidelines of a quantity that held on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from goedebuur.core.base.quantities import MICRO
from goedebuur.core.compliance.rows import GuidelineLevel, LimitKind, Rule, Statistic
from goedebuur.rules import loader


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


def limit_lines(quantity: str, on: date) -> list[LimitLine]:
    """Return the lines of a quantity on a day: what binds first, then advice, each from high to low."""
    binding = [r for r in loader.limits(on, kind=LimitKind.LIMIT_VALUE) if r.measure.quantity == quantity]
    advice = [r for r in loader.guidelines(on, level=GuidelineLevel.GUIDELINE) if r.measure.quantity == quantity]
    lines = [_line(r, "limit", r.allowed) for r in binding] + [_line(r, "guideline", None) for r in advice]
    return sorted(lines, key=lambda line: (line.kind != "limit", -line.value, line.id))


def _line(rule: Rule, kind: str, allowed: int | None) -> LimitLine:
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
    )
