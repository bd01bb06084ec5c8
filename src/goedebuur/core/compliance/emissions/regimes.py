"""Rows of the tables by which averages at a stack are judged: regimes, states, uncertainties, and open readings.

A regime says of which short averages a day is made, when a day drops out, on which clock it is cut. What no text says
stands as several readings, all of which must agree. A row that is not confirmed never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.permits.limits import Averaging, Bound, Level, OperatingState

SECONDS: Final = {Averaging.TEN_MINUTES: 600, Averaging.HALF_HOUR: 1800, Averaging.HOUR: 3600}
"""Length of the short averages. [s]"""


class MonthOf(StrEnum):
    """Of what the mean of a month or a year is made."""

    SHORT = "short"
    """Of all short averages that count."""
    SHORT_OF_VALID_DAYS = "short_of_valid_days"
    """Of the short averages of the days that did not drop out."""
    DAYS = "days"
    """Of the means of the days that did not drop out."""


class PartOf(StrEnum):
    """Of which short averages a part of a year is counted."""

    SHORT = "short"
    """Of all that count."""
    SHORT_OF_VALID_DAYS = "short_of_valid_days"
    """Of those of the days that did not drop out."""


class Effect(StrEnum):
    """What a state of the plant does to an average."""

    EXEMPT = "exempt"
    MAY = "may"
    """It may count or not: a verdict must be the same either way."""
    COUNTS = "counts"


class Window(StrEnum):
    """Over which time the hours of a state are added up."""

    TWELVE_MONTHS = "twelve_months"
    """Any twelve months."""
    CALENDAR_YEAR = "calendar_year"


class HoursOf(StrEnum):
    """Which hours are counted against the hours that are allowed."""

    STATE = "state"
    EXCEEDING = "exceeding"
    """Those of the state in which a limit is exceeded as well."""


class Basis(StrEnum):
    """Of which limit the uncertainty is a share."""

    OWN = "own"
    """Of the value that is tested."""
    DAY = "day"
    """Of the value for the day."""


class Caps(StrEnum):
    """Which of two caps on the uncertainty holds, the share or the amount."""

    SMALLER = "smaller"
    LARGER = "larger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime(Bound):
    """How averages are held against the limits of a section of law.

    Parameters
    ----------
    sets
        Sets of rows in `emission_limits.csv` to which it belongs; `bal.4.73` has `bal.4.73.month` with it.
    step
        Short average of which days are made.
    clocks, month_of
        Readings.
    part_of
        Readings of which short averages a part of a year is counted.
    discarded_most
        Short averages that may drop out of a day by malfunction or maintenance of the measuring system; None: not said.
    invalid_days_most
        Days a year that may drop out so; None: not said.
    """

    sets: tuple[str, ...]
    level: Level
    step: Averaging
    clocks: tuple[Clock, ...]
    month_of: tuple[MonthOf, ...]
    part_of: tuple[PartOf, ...]
    discarded_most: int | None
    invalid_days_most: int | None
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow(Bound):
    """What a state of the plant does under a regime, and how long it may last.

    Parameters
    ----------
    not_for
        Substances of which the limit goes on counting.
    run_hours, period_hours, window, hours_of
        Hours without interruption, hours added up, over which time, and which hours are counted; None: no bound.
    notify_hours
        Within how many hours the authority is told; None: no such duty.
    """

    regime: str
    state: OperatingState
    effect: Effect
    not_for: frozenset[str]
    run_hours: int | None
    period_hours: int | None
    window: Window | None
    hours_of: HoursOf
    notify_hours: int | None
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty(Bound):
    """How much is taken off one measured value at most.

    Parameters
    ----------
    substance
        Empty for every substance without a row of its own.
    share
        Part of the limit. [1]
    absolute
        [mg/Nm³]; None where the text names none.
    basis, caps
        Readings.
    demonstrated
        Whether no more is taken off than was shown of this instrument; otherwise the share itself is.
    """

    regime: str
    substance: str
    share: Fraction
    absolute: Fraction | None
    basis: tuple[Basis, ...]
    caps: tuple[Caps, ...]
    demonstrated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorReading(Bound):
    """Under which parts of the value the averages of some limits must stay, by each reading of the text. [%]"""

    sets: tuple[str, ...]
    averaging: Averaging
    factors: tuple[Fraction, ...]


class Judged(StrEnum):
    """What is held to the limit."""

    EACH = "each"
    MEAN = "mean"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingRule(Bound):
    """Of what a periodic measurement is made.

    Parameters
    ----------
    substance
        Empty for every substance without a row of its own.
    samples
        How many partial measurements there are at least; readings.
    least_minutes, most_minutes
        Length of a partial measurement. [min]
    judged
        Readings.
    """

    regime: str
    substance: str
    samples: tuple[int, ...]
    least_minutes: int
    most_minutes: int
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class RegimeBook:
    """The rows by which averages at a stack are judged."""

    regimes: tuple[Regime, ...]
    states: tuple[StateRow, ...]
    uncertainties: tuple[Uncertainty, ...]
    factors: tuple[FactorReading, ...]
    sampling: tuple[SamplingRule, ...]
    sha256: str

    def regime(self, of_set: str, on: date) -> Regime | None:
        """Return the regime of a set of limits on a day; None where none is known."""
        held = [one for one in self.regimes if one.in_force(on) and belongs(of_set, one.sets)]
        return held[0] if held else None

    def named(self, name: str, on: date) -> Regime | None:
        """Return the regime of this name on a day."""
        return next((one for one in self.regimes if one.id == name and one.in_force(on)), None)

    def state(self, regime: str, state: OperatingState, on: date) -> StateRow | None:
        """Return what a state does under a regime on a day; None where no row says so."""
        return next(
            (one for one in self.states if (one.regime, one.state) == (regime, state) and one.in_force(on)), None
        )

    def of_regime(self, regime: str, on: date) -> tuple[StateRow, ...]:
        """Return the rows of states of a regime on a day."""
        return tuple(one for one in self.states if one.regime == regime and one.in_force(on))

    def uncertainty(self, regime: str, substance: str, on: date) -> Uncertainty | None:
        """Return how much is taken off; None where no row says so of this substance."""
        held = [one for one in self.uncertainties if one.regime == regime and one.in_force(on)]
        return next((one for name in (substance, "") for one in held if one.substance == name), None)

    def samples(self, regime: str, substance: str, on: date) -> SamplingRule | None:
        """Return of what a periodic measurement of a substance is made; None where no row says so."""
        held = [one for one in self.sampling if one.regime == regime and one.in_force(on)]
        return next((one for name in (substance, "") for one in held if one.substance == name), None)

    def factor(self, of_set: str, averaging: Averaging, on: date) -> FactorReading | None:
        """Return the readings of the factor of a limit; None where the text has one reading."""
        held = (one for one in self.factors if one.averaging is averaging and one.in_force(on))
        return next((one for one in held if belongs(of_set, one.sets)), None)


def belongs(of_set: str, sets: Iterable[str]) -> bool:
    """Return whether a set of limits is one of some sets, or a part of one.

    >>> belongs("bal.4.73.month", ["bal.4.73"]), belongs("bal.4.7", ["bal.4.73"])
    (True, False)
    """
    return any(of_set == one or of_set.startswith(f"{one}.") for one in sets)


def effect_of(row: StateRow | None, substance: str) -> Effect:
    """Return what a state does to the limit on a substance: without a row that decides it may count or not."""
    if row is None or not row.status.decides or row.status is Status.JUDGEMENT:
        return Effect.MAY
    return Effect.COUNTS if substance in row.not_for else row.effect


def deciding(rows: Sequence[Bound]) -> bool:
    """Return whether each row is sure enough to decide by itself."""
    return all(one.status is Status.CONFIRMED for one in rows)
