"""QAL3: control charts of readings on zero and span gas between two tests, and which of them call for action.

Shewhart: each deviation by itself. CUSUM: small deviations add up, so that a slow drift shows early; its sums begin
anew after the instrument was adjusted, or where they fall to zero.

    Σ⁺ = max(0, Σ⁺ + d - k_x)     Σ⁻ = max(0, Σ⁻ - d - k_x)        drift where one goes above h_x
    s  = max(0, s + (d - d₋₁)²/2 - k_s)                           precision lost where it goes above h_s

References
----------
EN 14181:2004, annex C (CUSUM); EN 14181:2014, 7 (Shewhart and EWMA). NIST/SEMATECH e-Handbook, 6.3.2.3
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.emissions.en14181.criteria import Check, Criteria, Relation, check

DRIFT: Final = "qal3.cusum.h_x"
PRECISION: Final = "qal3.cusum.h_s"


class Level(StrEnum):
    """On which gas the instrument was read."""

    ZERO = "zero"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading on a reference material.

    Parameters
    ----------
    value, expected
        What the instrument showed, and what it should show. [one unit]
    adjusted
        Whether the instrument was adjusted after it.
    """

    at: datetime
    level: Level
    value: Fraction
    expected: Fraction
    adjusted: bool = False

    @property
    def deviation(self) -> Fraction:
        """Return what the instrument showed above what it should."""
        return self.value - self.expected


@dataclass(frozen=True, slots=True)
class Summed:
    """The sums of a CUSUM chart at one reading.

    Parameters
    ----------
    up, down, spread
        Sums of drift upwards and downwards, and of precision; the last has the square of the unit.
    since_up, since_down
        Readings since that sum was zero.
    drifts, imprecise
        Whether a sum is above its bound.
    drift
        Estimate of the drift where it calls for action, with its sign: k + sum / number; None otherwise.
    """

    reading: Reading
    up: Fraction
    down: Fraction
    spread: Fraction
    since_up: int
    since_down: int
    drifts: bool
    imprecise: bool
    drift: Fraction | None


@dataclass(frozen=True, slots=True)
class Charted:
    """One deviation on a Shewhart chart, and whether it is beyond warning or action limits."""

    reading: Reading
    deviation: Fraction
    warns: bool
    acts: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One reading that lies beyond a bound of a chart.

    Parameters
    ----------
    id
        Of the criterion.
    value, bound
        Sum, or deviation without its sign, and what it is above. [unit of the readings; of precision its square]
    """

    reading: Reading
    id: str
    value: Fraction
    bound: Fraction


@dataclass(frozen=True, slots=True)
class Constants:
    """Of a CUSUM chart. [unit of the readings; the last two its square]"""

    h_x: Fraction
    k_x: Fraction
    h_s: Fraction
    k_s: Fraction


def constants(sigma: Fraction, criteria: Criteria, on: date) -> Constants | None:
    """Return the constants for the standard deviation of an instrument; None where no edition holds on the day.

    Parameters
    ----------
    sigma
        s_AMS of zero or span, of its certificate. [unit of the readings]
    """
    names = ("qal3.cusum.h_x", "qal3.cusum.k_x", "qal3.cusum.h_s", "qal3.cusum.k_s")
    rows = [criteria.on(name, on) for name in names]
    h_x, k_x, h_s, k_s = (None if row is None else row.value for row in rows)
    if h_x is None or k_x is None or h_s is None or k_s is None:
        return None
    return Constants(h_x * sigma, k_x * sigma, h_s * sigma**2, k_s * sigma**2)


def cusum(readings: Sequence[Reading], used: Constants) -> tuple[Summed, ...]:
    """Return the sums at each reading of one level, by time."""
    found = []
    up = down = spread = Fraction(0)
    since_up = since_down = 0
    last: Fraction | None = None
    for one in sorted(readings, key=lambda reading: reading.at):
        d = one.deviation
        up, since_up = _next(up, since_up, d - used.k_x)
        down, since_down = _next(down, since_down, -d - used.k_x)
        if last is not None:
            spread = max(Fraction(0), spread + (d - last) ** 2 / 2 - used.k_s)
        drift = None
        if up > used.h_x:
            drift = used.k_x + up / since_up
        elif down > used.h_x:
            drift = -(used.k_x + down / since_down)
        found.append(Summed(one, up, down, spread, since_up, since_down, drift is not None, spread > used.h_s, drift))
        last = d
        if one.adjusted:
            up = down = spread = Fraction(0)
            since_up = since_down = 0
            last = None
    return tuple(found)


def shewhart(readings: Sequence[Reading], warning: Fraction, action: Fraction) -> tuple[Charted, ...]:
    """Return the deviations of one level by time, each beside the limits. [unit of the readings]"""
    return tuple(
        Charted(one, one.deviation, abs(one.deviation) > warning, abs(one.deviation) > action)
        for one in sorted(readings, key=lambda reading: reading.at)
    )


def chart_checks(
    readings: Sequence[Reading], sigma: Fraction, criteria: Criteria, on: date
) -> tuple[tuple[Summed, ...], tuple[Charted, ...], tuple[Check, ...], tuple[Call, ...]]:
    """Return both charts of one level, what all readings come to, and each reading that calls for something.

    A check is of the reading that lies farthest out: one that called for action and was followed by an adjustment was
    beyond the bound all the same. The calls say on which day, in order of time.

    Raises
    ------
    ValueError
        For readings of two levels: each has a chart of its own.
    """
    if len({one.level for one in readings}) > 1:
        raise ValueError("a chart is of zero or of span")
    used = constants(sigma, criteria, on)
    sums = () if used is None else cusum(readings, used)
    warning, action = criteria.on("qal3.shewhart.warning", on), criteria.on("qal3.shewhart.action", on)
    single: tuple[Charted, ...] = ()
    if warning is not None and action is not None:
        single = shewhart(readings, warning.value * sigma, action.value * sigma)
    found, calls = [], []
    if used is not None and sums:
        top = max(max(one.up, one.down) for one in sums)
        row = criteria.on(DRIFT, on)
        found.append(check(row, DRIFT, top, Relation.AT_MOST, used.h_x, "", not any(one.drifts for one in sums)))
        calls += [Call(one.reading, DRIFT, max(one.up, one.down), used.h_x) for one in sums if one.drifts]
        row, spread = criteria.on(PRECISION, on), max(one.spread for one in sums)
        met = not any(one.imprecise for one in sums)
        found.append(check(row, PRECISION, spread, Relation.AT_MOST, used.h_s, "", met))
        calls += [Call(one.reading, PRECISION, one.spread, used.h_s) for one in sums if one.imprecise]
    if warning is not None and action is not None and single:
        far = max(abs(one.deviation) for one in single)
        bound = action.value * sigma
        found.append(check(action, action.id, far, Relation.AT_MOST, bound, "", not any(one.acts for one in single)))
        for one in single:
            row = action if one.acts else warning
            if one.warns or one.acts:
                calls.append(Call(one.reading, row.id, abs(one.deviation), row.value * sigma))
    return sums, single, tuple(found), tuple(sorted(calls, key=lambda one: (one.reading.at, one.id)))


def _next(total: Fraction, since: int, step: Fraction) -> tuple[Fraction, int]:
    moved = max(Fraction(0), total + step)
    return moved, since + 1 if moved > 0 else 0
