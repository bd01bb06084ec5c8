"""Short averages by themselves: each of them, or the part of a day, month or year that must stay under a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import polars as pl

from goedebuur.core.compliance.emissions import shares
from goedebuur.core.compliance.emissions.days import counts, grouped, rolled
from goedebuur.core.compliance.emissions.outcomes import Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.requirements import Requirement
from goedebuur.core.compliance.emissions.shares import Tally
from goedebuur.core.permits.limits import Averaging

COLUMN: Final = {Averaging.DAY: "day", Averaging.MONTH: "month", Averaging.YEAR: "year"}


def tally(row: Mapping[str, Any]) -> Tally:
    """Return the short averages of a group by what is known of them."""
    return Tally(
        n=row["n_counted"],
        over=row["above"],
        over_may=row["above_may"],
        may_n=row["n_may"],
        may_over=row["may_above"],
        may_over_may=row["may_above_may"],
        missing=row["n_missing"],
        at_least=row["at_least"],
    )


def share_of(requirement: Requirement) -> tuple[Fraction, Averaging]:
    """Return which part of the short averages must stay under the limit [%], and of which period they are the part."""
    key = requirement.key
    share = Fraction(key.share)
    over = Averaging(key.over) if key.over else Averaging.YEAR
    part = over if over in (Averaging.DAY, Averaging.MONTH) else Averaging.DAY if share == 100 else Averaging.YEAR
    return share, part


def judge(requirement: Requirement, frame: pl.DataFrame, year: int) -> tuple[PeriodOutcome, list[PeriodOutcome]]:
    """Judge short averages: each by itself, or a part of those of a day, month or year."""
    share, part = share_of(requirement)
    found = [_share(row, share, part, str(row[COLUMN[part]])) for row in grouped(frame, [COLUMN[part]])]
    if part is Averaging.YEAR:
        return _by_part_of_limit(frame, share, found[0], len(requirement.held)), []
    if share == 100:
        return _share(grouped(frame, ["year"])[0], share, Averaging.YEAR, str(year)), found
    return rolled(found, Averaging.YEAR, str(year), "share-above", "share-not-above"), found


def _by_part_of_limit(frame: pl.DataFrame, share: Fraction, whole: PeriodOutcome, limits: int) -> PeriodOutcome:
    """Return the outcome of a year in which the limit changed: of the whole and of each part alone."""
    if limits < 2:
        return whole
    rows = [row for row in grouped(frame, ["held"]) if row["held"] is not None]
    parts = [_share(row, share, whole.period, whole.start) for row in rows]
    found = [whole, *(one for one in parts if one.outcome is not Outcome.NOT_JUDGED)]
    return same_or(found, "limit-changed")


def same_or(found: Sequence[PeriodOutcome], code: str) -> PeriodOutcome:
    whole = found[0]
    if all(one.outcome is whole.outcome for one in found):
        return whole
    return replace(whole, outcome=Outcome.UNDETERMINED, code=code)


def _share(row: Mapping[str, Any], share: Fraction, period: Averaging, start: str) -> PeriodOutcome:
    told = tally(row)
    outcome, code = shares.side(told, share)
    if row["n_open"] and outcome is not Outcome.EXCEEDS:
        outcome, code = Outcome.UNDETERMINED, "limit-open"
    if row["n_open"] and share < 100:
        outcome, code = Outcome.UNDETERMINED, "limit-open"
    return PeriodOutcome(
        period,
        start,
        outcome,
        code,
        counts=counts(row),
        over=told.over,
        over_may=told.over_may + told.may_over_may,
        allowed=(1 - share / 100) * told.n,
        n=told.n,
    )
