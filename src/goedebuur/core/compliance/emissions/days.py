"""Days: their mean against a limit, when one drops out, and what the days of a year come to together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from goedebuur.core.compliance.emissions import means, shares
from goedebuur.core.compliance.emissions.means import Sums
from goedebuur.core.compliance.emissions.outcomes import Counts, Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.shares import Tally
from goedebuur.core.compliance.emissions.slots import Class, Scale
from goedebuur.core.permits.limits import Averaging

Rows = list[dict[str, Any]]


def grouped(frame: pl.DataFrame, by: Sequence[str]) -> Rows:
    return frame.group_by(by, maintain_order=True).agg(means.sums()).to_dicts()


def counts(row: Mapping[str, Any]) -> Counts:
    """Return how many short averages of a group were what."""
    return Counts(
        counted=row[f"n_{Class.COUNTED}"],
        may=row[f"n_{Class.MAY}"],
        missing=row[f"n_{Class.MISSING}"],
        discarded=row[f"n_{Class.DISCARDED}"] + row[f"n_{Class.DISCARDED_MAY}"],
        exempt=row[f"n_{Class.EXEMPT}"],
        out_of_service=row[f"n_{Class.OUT_OF_SERVICE}"],
        open=row[f"n_{Class.OPEN}"],
        no_limit=row[f"n_{Class.NO_LIMIT}"],
    )


def day(row: Mapping[str, Any], most: int | None, scale: Scale) -> PeriodOutcome:
    """Judge the mean of a day; a day with too many discarded values drops out."""
    start = row["day"].isoformat()
    told = counts(row)
    if row["n_open"]:
        return PeriodOutcome(Averaging.DAY, start, Outcome.UNDETERMINED, "limit-open", told)
    outcome, code = means.side(sums(row))
    if drops(row, most):
        outcome, code = Outcome.NOT_JUDGED, "day-invalid"
    elif outcome is Outcome.NOT_JUDGED and row["n_discarded"] + row["n_discarded_may"]:
        code = "nothing-valid"
    elif may_drop(row, most) and outcome is not Outcome.NOT_JUDGED:
        firm = outcome is not Outcome.UNDETERMINED and not row["n_missing"]
        either = "meets-or-drops" if outcome is Outcome.MEETS else "exceeds-or-drops"
        outcome, code = Outcome.UNDETERMINED, either if firm else "missing" if row["n_missing"] else code
    found = PeriodOutcome(Averaging.DAY, start, outcome, code, told, n=row["n_counted"])
    return found if code == "day-invalid" else with_values(found, row, scale)


def drops(row: Mapping[str, Any], most: int | None) -> bool:
    """Return whether a day drops out for certain."""
    return most is not None and row["n_discarded"] > most


def may_drop(row: Mapping[str, Any], most: int | None) -> bool:
    """Return whether a day may drop out: where no text says of how many values, by a single one."""
    lost = row["n_discarded"] + row["n_discarded_may"]
    return bool(lost) if most is None else bool(lost + row["n_missing"] > most)


def dropped(days: Rows, most: int | None) -> tuple[set[date], set[date]]:
    """Return the days that drop out for certain, and those that may."""
    invalid = {row["day"] for row in days if drops(row, most) and not row["n_open"]}
    return invalid, {row["day"] for row in days if may_drop(row, most)} - invalid


def of_valid_days(frame: pl.DataFrame, invalid: set[date], doubtful: set[date]) -> pl.DataFrame:
    """Return the short averages without those of days that drop out; those of doubtful days may count."""
    gone, unsure = (pl.Series(sorted(days), dtype=pl.Date).implode() for days in (invalid, doubtful))
    frame = frame.filter(~pl.col("day").is_in(gone))
    may = pl.col("day").is_in(unsure) & (pl.col("cls") == Class.COUNTED)
    return frame.with_columns(cls=pl.when(may).then(pl.lit(str(Class.MAY))).otherwise("cls"))


def sums(row: Mapping[str, Any]) -> Sums:
    return Sums(
        n=row["n_counted"],
        over=row["over"],
        under=row["under"],
        may_over=row["may_over"],
        may_under=row["may_under"],
        may_n=row["n_may"],
        missing=row["n_missing"],
        limit_high=row["limit_high"],
        at_least=row["at_least"],
    )


def with_values(one: PeriodOutcome, row: Mapping[str, Any], scale: Scale) -> PeriodOutcome:
    """Return an outcome with its mean and limit; as it is where nothing counts."""
    if not row["n_counted"]:
        return one
    return replace(
        one,
        low=scale.down(row["total_low"], row["n_counted"]),
        high=scale.down(row["total_high"], row["n_counted"]),
        limit_low=scale.down(row["limit_low"]),
        limit_high=scale.down(row["limit_high"]),
    )


def of_year(share: Fraction, days: Sequence[PeriodOutcome], year: int) -> PeriodOutcome:
    """Judge the days of a year: each of them, or the part that must meet the limit."""
    if share == 100:
        return rolled(days, Averaging.YEAR, str(year), "day-above", "days-not-above")
    over = sum(one.outcome is Outcome.EXCEEDS for one in days)
    n = over + sum(one.outcome is Outcome.MEETS for one in days)
    unsure = [one for one in days if one.outcome is Outcome.UNDETERMINED]
    outcome, code = shares.side(Tally(n=n, over=over, over_may=over, missing=len(unsure)), share)
    if outcome is Outcome.UNDETERMINED:
        code = "limit-open" if any(one.code == "limit-open" for one in unsure) else "part-open"
    told = Counts(counted=n, missing=len(unsure), discarded=sum(one.code == "day-invalid" for one in days))
    allowed = (1 - share / 100) * n
    return PeriodOutcome(
        Averaging.YEAR,
        str(year),
        outcome,
        code,
        told,
        over=over,
        over_may=over + len(unsure),
        allowed=allowed,
        n=n,
    )


def rolled(parts: Iterable[PeriodOutcome], period: Averaging, start: str, above: str, not_above: str) -> PeriodOutcome:
    """Return what parts come to of which each must meet the limit; one that exceeds is enough to exceed."""
    judged = [one for one in parts if one.outcome is not Outcome.NOT_JUDGED]
    over = sum(one.outcome is Outcome.EXCEEDS for one in judged)
    # a day that meets the limit or drops out keeps nobody from saying that the others meet it
    unsure = sum(one.outcome is Outcome.UNDETERMINED and one.code != "meets-or-drops" for one in judged)
    if not judged:
        outcome, code = Outcome.NOT_JUDGED, "nothing-counts"
    elif over:
        outcome, code = Outcome.EXCEEDS, above
    elif unsure:
        outcome, code = Outcome.UNDETERMINED, "part-open"
    else:
        outcome, code = Outcome.MEETS, not_above
    told = Counts(counted=len(judged) - unsure, missing=unsure)
    return PeriodOutcome(
        period,
        start,
        outcome,
        code,
        told,
        over=over,
        over_may=over + unsure,
        allowed=Fraction(0),
        n=len(judged) - unsure,
    )
