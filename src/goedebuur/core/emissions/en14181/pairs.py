"""Parallel measurements: a raw signal of the instrument beside the reference method over the same time.

Which pairs count is said of each, with the reason; a pair that the bureau left out stays in the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.base.periods import Clock, zone
from goedebuur.core.emissions.en14181.criteria import Criteria

MINUTES: Final = "qal2.minutes"


class Unfit(StrEnum):
    """Why a pair does not count."""

    EXCLUDED = "excluded"
    """The bureau left it out; its reason is in the pair."""
    NO_SIGNAL = "no_signal"
    NO_REFERENCE = "no_reference"
    TOO_SHORT = "too_short"
    OVERLAPS = "overlaps"
    """It covers a time that an earlier pair covers."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One parallel measurement.

    Parameters
    ----------
    start, end
        Of the sampling by the reference method, aware.
    raw
        Mean of the raw signal over that time, before any calibration function; None where it is not valid. [as the
        stream]
    reference
        The reference method in the state of the gas in which the instrument measures; None where it is not valid.
        [mg/m³]
    factor
        From that state to the reference conditions, by the plant's own temperature, pressure, moisture and oxygen over
        the same time; this is what brings a calibrated value to standard.
    standard
        The reference method at the reference conditions, as the bureau gives it; None: `reference · factor`. [mg/m³]
    excluded
        Why the bureau left it out; empty where it did not.
    """

    start: datetime
    end: datetime
    raw: Fraction | None
    reference: Fraction | None
    factor: Fraction = Fraction(1)
    standard: Fraction | None = None
    excluded: str = ""

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end <= self.start:
            raise ValueError("a pair has a start with a zone, and an end after it")
        if self.factor <= 0:
            raise ValueError("a factor to reference conditions is above zero")

    @property
    def brought(self) -> Fraction | None:
        """Return the reference method at the reference conditions. [mg/m³]"""
        if self.standard is not None or self.reference is None:
            return self.standard
        return self.reference * self.factor


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, and why it does not count; None where it does."""

    pair: Pair
    unfit: Unfit | None


def judged(pairs: Iterable[Pair], criteria: Criteria, on: date) -> tuple[Judged, ...]:
    """Return all pairs by start, each with the reason why it does not count."""
    row = criteria.on(MINUTES, on)
    least = timedelta(minutes=float(row.value)) if row is not None and row.status.decides else timedelta(0)
    found: list[Judged] = []
    until: datetime | None = None
    for pair in sorted(pairs, key=lambda one: (one.start, one.end)):
        unfit = _unfit(pair, least, until)
        found.append(Judged(pair, unfit))
        if unfit is None:
            until = pair.end
    return tuple(found)


def fit(told: Sequence[Judged]) -> list[Pair]:
    """Return the pairs that count."""
    return [one.pair for one in told if one.unfit is None]


def days(pairs: Iterable[Pair], clock: Clock) -> set[date]:
    """Return the days, on a clock, on which pairs begin."""
    return {one.start.astimezone(zone(clock)).date() for one in pairs}


def _unfit(pair: Pair, least: timedelta, until: datetime | None) -> Unfit | None:
    if pair.excluded:
        return Unfit.EXCLUDED
    if pair.raw is None:
        return Unfit.NO_SIGNAL
    if pair.reference is None:
        return Unfit.NO_REFERENCE
    if pair.end - pair.start < least:
        return Unfit.TOO_SHORT
    if until is not None and pair.start < until:
        return Unfit.OVERLAPS
    return None
