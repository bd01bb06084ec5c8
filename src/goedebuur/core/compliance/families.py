"""Names and bounds of the figures that a rule is judged from, and when a mean is above a value.

Standard library alone. :mod:`figures` computes the families of all stations with an engine, `core.proof.evaluating`
those of one series row by row; :mod:`readings` and :mod:`judge` read either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from goedebuur.core.base.periods import Clock
from goedebuur.core.compliance.rows import Measure, Share, Statistic

DAYTIME: Final = (8, 20)
"""Hours of the day on CET that count for the capture of a summer month. 2008/50/EC annex VII A"""
SEASON_WINDOWS: Final = 7
"""Stretches of six consecutive months within a calendar year."""
SEASON: Final = "_season_"
STEPS: Final = {Statistic.TEN_MINUTE_ABOVE: 600, Statistic.FIFTEEN_MINUTE_ABOVE: 900}
MAXIMA: Final = frozenset(
    {Statistic.DAY_MAX_8H_ABOVE, Statistic.DAY_MAX_8H_ABOVE_YEARS, Statistic.DAY_MAX_8H_PERCENTILE}
)

Part = tuple[date, date]
"""First and last day of the part of a year in which exceedances count."""


class Counted(Protocol):
    """Figures of one quantity and year, by family and series."""

    @property
    def quantity(self) -> str:
        """Return the quantity."""

    @property
    def year(self) -> int:
        """Return the calendar year."""

    @property
    def series(self) -> list[str]:
        """Return the series of which anything was measured in the year itself, in order."""

    def row(self, family: str, *key: Any) -> Mapping[str, Any]:
        """Return the figures of a series (and month); empty where there are none."""


@dataclass(frozen=True, slots=True)
class Base:
    """On which clock, and from which part of an hour on, a family of figures is computed."""

    clock: Clock
    hour: Share

    @classmethod
    def of(cls, measure: Measure) -> Base:
        """Return the base of a measure."""
        if measure.capture is None:
            raise ValueError(f"{measure.statistic} is not computed")
        return cls(measure.clock, measure.capture.hour)

    def name(self, family: str) -> str:
        """Return the name of a family of figures on this base."""
        return f"{family}|{self.clock}|{self.hour[0]}/{self.hour[1]}"


def above_column(measure: Measure, *, rounded: bool, share: Share | None = None, part: Part | None = None) -> str:
    """Return the name of the column that counts what is above a value."""
    of_day = "" if share is None else f"_{share[0]}_{share[1]}"
    return f"above_{measure.micro}_{measure.step if rounded else 'exact'}{of_day}{_of(part)}"


def valid_column(share: Share, part: Part | None = None) -> str:
    """Return the name of the column that counts days with at least this part of their hours."""
    return f"valid_{share[0]}_{share[1]}{_of(part)}"


def number_column(part: Part | None) -> str:
    """Return the name of the column that counts valid values."""
    return f"n{_of(part)}"


def _of(part: Part | None) -> str:
    return "" if part is None else f"_from_{part[0]:%m%d}_to_{part[1]:%m%d}"


def is_above(total: Any, n: Any, measure: Measure, *, rounded: bool) -> Any:
    """Return whether the mean total / n is above a value, for integers and for Ibis expressions alike.

    Rounded to the last digit of the value (halves away from zero) it is above as soon as it reaches value + step / 2.

    >>> from types import SimpleNamespace
    >>> fifty = SimpleNamespace(micro=50_000_000, step=1_000_000)
    >>> is_above(100_800_000, 2, fifty, rounded=False), is_above(100_800_000, 2, fifty, rounded=True)
    (True, False)
    >>> is_above(101_000_000, 2, fifty, rounded=True), is_above(100_000_000, 2, fifty, rounded=False)
    (True, False)
    """
    if rounded:
        return total * 2 >= n * (2 * measure.micro + measure.step)
    return total > n * measure.micro


def maxima_name(base: Base, measure: Measure) -> str:
    """Return the name of the family of monthly counts of day maxima."""
    capture = measure.capture
    shares = (capture.eight_hour, capture.day_max_8h) if capture else ()
    return base.name("maxima_" + "_".join(f"{share[0]}/{share[1]}" for share in shares if share))


def season_name(maxima: str, share: Share) -> str:
    """Return the name of the family of peak seasons that is made of these day maxima."""
    return f"{maxima}{SEASON}{share[0]}_{share[1]}"
