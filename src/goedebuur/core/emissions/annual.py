"""What one emission point let go of one substance in a year: measured, filled in with a range, and by accident.

Steps without a valid mass are filled in by a stated method, never by zero in silence: with the mean of the steps that
were measured in the same operating state. The range is what it would be if all of them were as low, or as high, as one
in twenty, with the uncertainty of the concentrations where it is known. Where the plant is said to have been out of
service nothing is filled in, and that is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from goedebuur.core.base.periods import Period
from goedebuur.core.base.plain import fault
from goedebuur.core.permits.limits import OperatingState

OUT_OF_SERVICE: Final = "out_of_service"
UNKNOWN: Final = "unknown"
ACCIDENTAL: Final = frozenset({OperatingState.MALFUNCTION.value, OperatingState.ABATEMENT_FAILURE.value})
"""States of which the mass stands apart: releases that are not deliberate, routine or non-routine.

Whether a failure was an accident in this sense is for a person to say; starting up and shutting down are none.

References
----------
Regulation (EC) 166/2006 art. 2(13), 5(2)
"""
LEAST: Final = 48
"""Measured steps of a state by which others in that state are filled in; with fewer all measured steps are. A choice:
a day of half-hours."""
LOW, HIGH = (5, 100), (95, 100)
"""Parts of the measured steps that lie below the ends of the range. A choice, stated with every figure."""

MASSES: Final[dict[str, Any]] = {
    "start": pl.Datetime("us", "UTC"),
    "length": pl.Int32(),  # [s]
    "mass": pl.Int64(),  # [µg]; null where it is not known
    "state": pl.String(),
    "valid": pl.Boolean(),
}
"""Of one substance at one emission point: columns of :data:`goedebuur.core.emissions.tables.SHORT`."""
BESIDE: Final[dict[str, Any]] = {
    "expanded": pl.Int64(),  # half the 95 % interval of `mass` by its concentration [µg]; null where it is not known
    "above_range": pl.Boolean(),  # raw values were above what the instrument can measure: so much, or more
}
"""Columns that may stand beside these; without them nothing is known of the uncertainty, and nothing was above."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Steps of one state without a valid mass, and what is taken for them.

    Parameters
    ----------
    steps
        How many.
    by
        The state of which the measured steps were taken; `all` where too few were measured in this one.
    mass, low, high
        [µg]
    """

    state: str
    steps: int
    by: str
    mass: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Year:
    """What was let go in a year.

    Parameters
    ----------
    length
        Of a step. [s]
    steps
        In the year.
    measured
        Steps with a valid mass.
    at_rest
        Steps without, in which the plant is said to have been out of service.
    mass
        Of the measured steps. [µg]
    accidental
        Of `mass`: in states of :data:`ACCIDENTAL`. [µg]
    filled
        The other steps; of each state. None where nothing at all was measured, so that nothing can be filled in.
    uncertainty
        Half the 95 % interval of `mass` by its concentrations; None where it is not known of every measured step. [µg]
        What is wrong in one step is taken to be wrong in all, so that the intervals add up.
    above_range
        Measured steps with raw values above what the instrument can measure: the mass is so much, or more.

    References
    ----------
    JCGM 100:2008 (GUM), 5.2.2 note 1: standard uncertainties of quantities that are wholly correlated add up
    """

    length: int
    steps: int
    measured: int
    at_rest: int
    mass: int
    accidental: int
    filled: tuple[Filled, ...] | None
    uncertainty: int | None = None
    above_range: int = 0

    @property
    def total(self) -> int | None:
        """Return the mass of the year, with what was filled in; None where nothing was measured. [µg]"""
        return None if self.filled is None else self.mass + sum(one.mass for one in self.filled)

    @property
    def low(self) -> int:
        """Return the lower end of the range: never below nothing by its uncertainty. [µg]"""
        measured = max(self.mass - (self.uncertainty or 0), min(self.mass, 0))
        return measured + sum(max(one.low - self._of(one.steps), min(one.low, 0)) for one in self.filled or ())

    @property
    def high(self) -> int | None:
        """Return the upper end of the range; None where nothing was measured, or more than could be. [µg]"""
        if self.filled is None or self.above_range:
            return None
        return self.mass + (self.uncertainty or 0) + sum(one.high + self._of(one.steps) for one in self.filled)

    def _of(self, steps: int) -> int:
        """Return the uncertainty of so many steps that were filled in, as that of the measured ones, upwards. [µg]"""
        return -(-(self.uncertainty or 0) * steps // self.measured) if self.measured else 0

    @property
    def accidental_total(self) -> int:
        """Return the accidental part, with what was filled in. [µg]"""
        return self.accidental + sum(one.mass for one in self.filled or () if one.state in ACCIDENTAL)


def year(masses: pl.DataFrame, period: Period) -> Year:
    """Return what was let go in a year.

    Parameters
    ----------
    masses : DataFrame
        With :data:`MASSES`, and as far as they are known with :data:`BESIDE`. Of two rows of one step (two instruments
        side by side) a valid one counts, the first of them.
    period
        The year, or the part of it in which the point was there.

    Raises
    ------
    GoedeBuurError
        `field-value` for steps of two lengths, or none.
    """
    lengths = masses["length"].unique().to_list()
    if len(lengths) != 1:
        raise fault("length", "The steps are of one length.", len(lengths), "Look at each length by itself.")
    rows = _once(masses.filter((pl.col("start") >= period.start) & (pl.col("start") < period.end)))
    known = rows.filter("known")
    rest = rows.filter(~pl.col("known"))
    at_rest = rest.filter(pl.col("state") == OUT_OF_SERVICE).height
    steps = round((period.end - period.start).total_seconds()) // int(lengths[0])
    open_steps: dict[str, int] = dict(
        rest.filter(pl.col("state") != OUT_OF_SERVICE).group_by("state").len().sort("state").iter_rows()
    )
    expanded = known["expanded"]
    absent = steps - rows.height
    if absent > 0:
        open_steps[UNKNOWN] = open_steps.get(UNKNOWN, 0) + absent
    return Year(
        length=int(lengths[0]),
        steps=steps,
        measured=known.height,
        at_rest=at_rest,
        mass=int(known["mass"].sum()),
        accidental=int(known.filter(pl.col("state").is_in(sorted(ACCIDENTAL)))["mass"].sum()),
        filled=_filled(known, open_steps) if known.height or not open_steps else None,
        uncertainty=int(expanded.sum()) if known.height and not expanded.null_count() else None,
        above_range=int(known["above_range"].sum()),
    )


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("valid").fill_null(False) & pl.col("mass").is_not_null()
    lacking = {name: pl.lit(None, kind) for name, kind in BESIDE.items() if name not in rows.columns}
    told = rows.with_columns(known=known, state=pl.col("state").fill_null(UNKNOWN), **lacking)
    told = told.with_columns(pl.col("above_range").fill_null(value=False))
    ordered = told.sort("start", pl.col("known").not_(), maintain_order=True)
    return ordered.unique("start", keep="first", maintain_order=True)


def _filled(known: pl.DataFrame, open_steps: Mapping[str, int]) -> tuple[Filled, ...]:
    found = []
    for state, steps in sorted(open_steps.items()):
        same = known.filter(pl.col("state") == state)
        enough = state != UNKNOWN and same.height >= LEAST
        taken = (same if enough else known.filter(pl.col("state") != OUT_OF_SERVICE))["mass"].sort()
        if taken.is_empty():
            taken = known["mass"].sort()
        found.append(
            Filled(
                state=state,
                steps=steps,
                by=state if enough else "all",
                mass=_half_away(int(taken.sum()) * steps, len(taken)),
                # where it is not known whether the plant was at work, it may have let go nothing
                low=0 if state == UNKNOWN else _at(taken, LOW) * steps,
                high=_at(taken, HIGH) * steps,
            )
        )
    return tuple(found)


def _at(ordered: pl.Series, share: tuple[int, int]) -> int:
    """Return the least value that at least so large a part does not exceed."""
    numerator, denominator = share
    rank = max(-(-numerator * len(ordered) // denominator), 1)
    return int(ordered[rank - 1])


def _half_away(total: int, n: int) -> int:
    size = (2 * abs(total) + n) // (2 * n)
    return -size if total < 0 else size


def kilograms(milligrams: int) -> str:
    """Return a mass in kilograms with three digits that say something, as the register asks; at least to the gram.

    >>> kilograms(123_456_789_000), kilograms(1_500_000), kilograms(12_345), kilograms(0)
    ('123000', '1.50', '0.012', '0')
    """
    if milligrams == 0:
        return "0"
    size = abs(milligrams)
    digits = len(str(size))
    step = 10 ** max(digits - 3, 3)
    whole = (2 * size + step) // (2 * step) * step
    places = max(6 - (len(str(step)) - 1), 0)
    text = f"{whole // 10**6}" if places == 0 else f"{whole // 10**6}.{whole % 10**6:06d}"[: -(6 - places) or None]
    return f"-{text}" if milligrams < 0 else text


def merged(years: Iterable[Year]) -> tuple[int | None, int, int | None, int]:
    """Return total, low, high and accidental part of several emission points together. [µg]

    The total and the upper end are None where those of one are: a sum without it would be too small.
    """
    ones = list(years)
    totals, highs = [one.total for one in ones], [one.high for one in ones]
    return (
        None if None in totals else sum(one for one in totals if one is not None),
        sum(one.low for one in ones),
        None if None in highs else sum(one for one in highs if one is not None),
        sum(one.accidental_total for one in ones),
    )
