"""What of a year had not happened yet at a moment: not known, as what is missing, and nobody failed to deliver it.

Nothing here changes a verdict: what is still to come can change the outcome as a gap can. It is told apart in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from goedebuur.core.base.periods import CET
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.slots import Class, Slots
from goedebuur.core.permits.limits import Averaging

PARTS: Final = (Averaging.DAY, Averaging.MONTH)
OPEN_BY_GAPS: Final = ("missing", "part-open")
"""Codes of outcomes that what is missing leaves open."""


def of_year(verdict: EmissionVerdict, cuts: Sequence[Slots], at: datetime) -> int:
    """Return how many of what is missing in the year of a verdict had not ended at a moment.

    They are days or months where the counts of its year are days or months, and short averages elsewhere.

    Parameters
    ----------
    cuts
        The short averages of the year that it was judged by (`judge.cuts`).
    """
    if in_parts(verdict):
        return sum(one.outcome is Outcome.UNDETERMINED and end_of(one.start) > at for one in verdict.periods)
    return to_come(cuts[0].frame, at).height if cuts else 0


def in_parts(verdict: EmissionVerdict) -> bool:
    """Return whether the counts of the year of a verdict are its days or months, and not short averages."""
    return verdict.averaging in PARTS or (verdict.share != "100" and verdict.over in PARTS)


def to_come(frame: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return the rows of short averages without a value that had not ended at a moment."""
    return frame.filter((pl.col("cls") == Class.MISSING) & (pl.col("start") + pl.duration(seconds="length") > at))


def only_to_come(verdict: EmissionVerdict, period: PeriodOutcome, frame: pl.DataFrame, at: datetime) -> bool:
    """Return whether nothing leaves a period open but what was still to come at a moment.

    Parameters
    ----------
    frame
        The short averages of the period.
    """
    if period.outcome is not Outcome.UNDETERMINED or period.code not in OPEN_BY_GAPS:
        return False
    unsure = [one for one in verdict.periods if one.outcome is Outcome.UNDETERMINED]
    if period.code == "part-open" and any(one.code != "missing" for one in unsure):
        return False
    gaps = frame.filter(pl.col("cls") == Class.MISSING).height
    return 0 < gaps == to_come(frame, at).height


def end_of(start: str) -> datetime:
    """Return when a day, month or year ends, in winter time.

    >>> [end_of(one).isoformat()[:10] for one in ("2026-02-28", "2026-12", "2026")]
    ['2026-03-01', '2027-01-01', '2027-01-01']
    """
    first = date.fromisoformat(f"{start}-01-01"[: len("2026-03-03")])
    begin = datetime(first.year, first.month, first.day, tzinfo=CET)
    if len(start) == len("2026-03-03"):
        return begin + timedelta(days=1)
    if len(start) == len("2026-03") and begin.month < 12:
        return begin.replace(month=begin.month + 1)
    return begin.replace(year=begin.year + 1, month=1)
