"""The mean of a month or a year, of what each reading says that it is made, and where the limit changes within it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from goedebuur.core.compliance.emissions import means
from goedebuur.core.compliance.emissions.days import Rows, counts, dropped, grouped, of_valid_days, sums, with_values
from goedebuur.core.compliance.emissions.means import Sums
from goedebuur.core.compliance.emissions.outcomes import Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.parts import same_or
from goedebuur.core.compliance.emissions.regimes import MonthOf
from goedebuur.core.compliance.emissions.slots import Scale
from goedebuur.core.permits.limits import Averaging


def judge(
    frame: pl.DataFrame, scale: Scale, days: Rows, column: str, month_of: MonthOf, most: int | None
) -> list[PeriodOutcome]:
    """Judge the mean of months or of the year, of what the reading says that it is made."""
    period = Averaging.MONTH if column == "month" else Averaging.YEAR
    invalid, doubtful = dropped(days, most)
    if month_of is MonthOf.SHORT_OF_VALID_DAYS:
        frame = of_valid_days(frame, invalid, doubtful)
    by_day: dict[str, list[tuple[dict[str, Any], bool]]] = {}
    for row in days:
        own = by_day.setdefault(row["day"].isoformat()[: 7 if column == "month" else 4], [])
        if row["day"] not in invalid:
            own.append((row, row["day"] in doubtful))
    rows = {str(row[column]): row for row in grouped(frame, [column])}
    parts = grouped(frame, [column, "held"])
    found = []
    for name, own in by_day.items():
        month = rows.get(name)
        if month is None:
            found.append(PeriodOutcome(period, name, Outcome.NOT_JUDGED, "nothing-valid"))
            continue
        outcome, code = means.side(_of_days(own) if month_of is MonthOf.DAYS else sums(month))
        if month["n_open"]:
            outcome, code = Outcome.UNDETERMINED, "limit-open"
        whole = PeriodOutcome(period, name, outcome, code, counts(month), n=month["n_counted"])
        whole = with_values(whole, month, scale)
        found.append(_changed(whole, month, [one for one in parts if str(one[column]) == name]))
    return found


def _changed(whole: PeriodOutcome, row: dict[str, Any], parts: Rows) -> PeriodOutcome:
    """Return the outcome of a mean in whose time the limit changed: by the strictest, the mildest, and each part."""
    held = [one for one in parts if one["held"] is not None]
    if len(held) < 2:
        return whole
    n = row["n_counted"] + row["n_may"]
    found = [whole]
    for name in ("limit_low", "limit_high"):
        for value in sorted({one[name] for one in held}):
            over = Fraction(row["total_high"] - value * row["n_counted"])
            under = Fraction(row["total_low"] - value * row["n_counted"])
            mean = Sums(
                row["n_counted"],
                over,
                under,
                missing=row["n_missing"] + row["n_may"],
                limit_high=Fraction(value),
                at_least=row["at_least"],
            )
            outcome, code = means.side(mean) if n else (Outcome.NOT_JUDGED, "nothing-counts")
            found.append(PeriodOutcome(whole.period, whole.start, outcome, code))
    for one in held:
        outcome, code = means.side(sums(one))
        if outcome is not Outcome.NOT_JUDGED:
            found.append(PeriodOutcome(whole.period, whole.start, outcome, code))
    return same_or(found, "limit-changed")


def _of_days(days: Sequence[tuple[dict[str, Any], bool]]) -> Sums:
    """Return the mean of means of days; a day with gaps or doubtful values stands at both its ends."""
    n = missing = may_n = at_least = 0
    over = under = may_over = may_under = Fraction(0)
    limit = Fraction(0)
    for row, doubtful in days:
        limit = max(limit, Fraction(row["limit_high"]))
        if row["n_missing"]:
            missing += 1
            continue
        if not row["n_counted"] and not row["n_may"]:
            continue
        at_least += bool(row["at_least"])
        ends = _ends(row)
        high, low = ends[1] - row["limit_low"], ends[0] - row["limit_high"]
        if doubtful or not row["n_counted"]:
            may_n += 1
            may_over += max(high, Fraction(0))
            may_under += min(low, Fraction(0))
        else:
            n += 1
            over += high
            under += low
    return Sums(n, over, under, may_over, may_under, may_n, missing, limit, at_least)


def _ends(row: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    """Return the lowest and the highest that the mean of a day can be, without gaps."""
    lows, highs = [], []
    if row["n_counted"]:
        lows.append(Fraction(row["total_low"], row["n_counted"]))
        highs.append(Fraction(row["total_high"], row["n_counted"]))
    if row["n_may"]:
        lows.append(Fraction(row["may_low"]))
        highs.append(Fraction(row["may_high"]))
    return min(lows), max(highs)
