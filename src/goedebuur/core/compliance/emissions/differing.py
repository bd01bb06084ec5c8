"""Which short averages a verdict takes otherwise when the plant is said to have been in another state."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import polars as pl

from goedebuur.core.base.periods import zone
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import judge, wording
from goedebuur.core.compliance.emissions.explanation import decimal
from goedebuur.core.compliance.emissions.regimes import RegimeBook
from goedebuur.core.compliance.emissions.requirements import Requirement
from goedebuur.core.compliance.emissions.slots import MICRO, slots

_TOLD: Final = ("state", "cls", "high")


@dataclass(frozen=True, slots=True)
class Differing:
    """One short average, as it was taken and as it would be.

    Parameters
    ----------
    start
        On the clock that the days of the verdict are cut by.
    standard
        At the reference conditions, before anything is taken off. Empty where there is no value.
    state, cls
        (before, after).
    above
        Whether it is above the limit, or may be, where it counts.
    """

    start: str
    standard: str
    state: tuple[str, str]
    cls: tuple[str, str]
    above: bool

    @property
    def was(self) -> Text:
        """Return what it was for the limit, in words."""
        return wording.CLASSES[self.cls[0]]

    @property
    def becomes(self) -> Text:
        """Return what it becomes for the limit, in words."""
        return wording.CLASSES[self.cls[1]]


def differing(
    requirement: Requirement, before: judge.Shorts, after: judge.Shorts, year: int, book: RegimeBook
) -> tuple[Differing, ...]:
    """Return the short averages of which the state or the class differs, in order; the averages are the same."""
    clock = judge.clocks_of(requirement, book)[0]
    cut = []
    for one in (before, after):
        frame = judge.frame_of(requirement, one, book)
        if frame is None or not requirement.held:
            return ()
        beyond = (one.beyond or {}).get(int(frame["length"][0]))
        cut.append(slots(frame, requirement, year, clock, book, shown=one.shown, beyond=beyond))
    was, becomes = cut
    both = was.frame.select("start", "standard", "limit_low", *_TOLD).with_columns(
        becomes.frame.select(pl.col(name).alias(f"{name}_after") for name in _TOLD)
    )
    found = both.filter((pl.col("state") != pl.col("state_after")) | (pl.col("cls") != pl.col("cls_after")))
    return tuple(_row(row, zone(clock)) for row in found.iter_rows(named=True))


def _row(row: dict[str, Any], at: Any) -> Differing:
    high = row["high"] if row["high"] is not None else row["high_after"]
    return Differing(
        start=row["start"].astimezone(at).isoformat(),
        standard="" if row["standard"] is None else decimal(Fraction(row["standard"], MICRO)),
        state=(row["state"], row["state_after"]),
        cls=(row["cls"], row["cls_after"]),
        above=None not in (high, row["limit_low"]) and high > row["limit_low"],
    )
