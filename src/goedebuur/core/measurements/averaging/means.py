"""Means by hour, day, month and year, with the data capture beside each.

Every table here has `series` and `quantity`, the label of its period, and

========== ======= ===================================================================================
`total`    int64   sum of the values [10⁻⁶ canonical units]
`n`        int64   number of values in the sum: the mean is total / n, exactly
`expected` int64   number of values that a complete period has
`valid`    boolean n / expected reaches the share that the rule requires
`micro`    int64   the mean rounded to 10⁻⁶, halves away from zero: what the next longer mean sums
========== ======= ===================================================================================

`micro` is the one quantisation step on the way from hours to years, and changes nothing for series that report by the
hour: there an hour is one value. Values flagged as unusable are left out; missing is never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis

from goedebuur.core.base.exact import quotient, rounded, whole
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements.averaging import clocks

Share = tuple[int, int]
"""Numerator and denominator of the required data capture, e.g. (3, 4). It comes from the rule; there is no default."""

KEYS: Final = ("series", "quantity")
DAY: Final = 86400


def usable(t: Any) -> Any:
    """Return the rows that count: with a value, and without a flag that makes it unusable."""
    return t.filter(*_counts(t))


def hours(t: Any, share: Share) -> Any:
    """Return hourly means `[series, quantity, hour, total, n, expected, valid, micro]`.

    Parameters
    ----------
    t
        Observations: series, quantity, start (UTC), step [s], micro [10⁻⁶ canonical units], flags. A start is a
        multiple of its step; what is not, or lasts longer than an hour, has no place in an hour and is left out.
    share
        Part of the hour that must be measured, from the rule; 2008/50/EC annex XI part A asks 3/4 (45 minutes).

    Notes
    -----
    `hour` counts from 1970-01-01T00:00Z and labels the start. One hourly value is its own mean (n = expected = 1).
    The engine offers `epoch_us(timestamp)`, see :func:`clocks.epoch_us`.
    """
    one = ibis.literal(1, type="int64")
    micros = clocks.epoch_us(t.start)
    hourly = t.filter(*_counts(t), t.step == clocks.HOUR, micros % clocks.HOUR_MICROS == 0)
    hourly = hourly.select(
        *KEYS,
        hour=clocks.hour_of(hourly.start),
        total=hourly.micro,
        n=one,
        expected=one,
        valid=ibis.literal(True),
        micro=hourly.micro,
    )
    aligned = micros % (t.step.cast("int64") * clocks.SECOND_MICROS) == 0
    within = t.filter(*_counts(t), t.step < clocks.HOUR, t.step > 0, aligned)
    shorter = (
        within.group_by(*KEYS, hour=clocks.hour_of(within.start))
        .agg(total=whole(within.micro.sum()), n=within.count().cast("int64"), step=within.step.max().cast("int64"))
        .mutate(expected=lambda g: quotient(ibis.literal(clocks.HOUR, type="int64"), g.step))
        .select(*KEYS, "hour", "total", "n", "expected")
    )
    checked(share)
    return hourly.union(judged(shorter, share))


def days(h: Any, clock: Clock, share: Share) -> Any:
    """Return daily means of hours `[series, quantity, day, total, n, expected, valid, micro]`.

    A day has 24 hours; on the local clock 23 when summer time begins and 25 when it ends.

    Parameters
    ----------
    h
        What :func:`hours` returns; hours that are not valid do not count.
    clock
        On which the rule cuts its days.
    share
        Part of the hours that must be valid; 2008/50/EC annex XI part A asks 3/4 (18 hours).
    """
    valid = h.filter(h.valid)
    valid = valid.mutate(day=clocks.day_of(valid.hour, clock))
    found = _sums(valid.filter(valid.day.notnull()), "day")
    return judged(found.mutate(expected=clocks.hours_of(found.day, clock)), share)


def daily_values(t: Any, clock: Clock) -> Any:
    """Return observations of 24 hours (filters, samplers) in the shape of :func:`days`: one value is one day.

    The day is the one on which the middle of the sample falls, so that a filter changed at eight or nine counts for
    the day that it mostly saw.
    """
    t = usable(t)
    t = t.filter(t.step == DAY)
    hour = clocks.hour_of(t.start) + DAY // 2 // clocks.HOUR
    one = ibis.literal(1, type="int64")
    found = t.select(*KEYS, day=clocks.day_of(hour, clock), micro=t.micro)
    found = _sums(found.filter(found.day.notnull()), "day").mutate(expected=one)
    return judged(found, (1, 1))


def in_months(x: Any, clock: Clock, at: Sequence[int]) -> Any:
    """Return the rows of hours or days that lie in these years, with `month` (`year·12 + month - 1`)."""
    unit = unit_of(x)
    x = x.mutate(month=clocks.cut(x[unit], *clocks.month_edges(sorted(set(at)), clock, unit)))
    return x.filter(x.month.notnull())


def in_years(x: Any, clock: Clock, at: Sequence[int]) -> Any:
    """Return the rows of hours or days that lie in these years, with `year`."""
    unit = unit_of(x)
    x = x.mutate(year=clocks.cut(x[unit], *clocks.year_edges(sorted(set(at)), clock, unit)))
    return x.filter(x.year.notnull())


def months(x: Any, clock: Clock, share: Share, at: Sequence[int]) -> Any:
    """Return monthly means `[series, quantity, month, total, n, expected, valid, micro]`, month `year·12 + month - 1`.

    Parameters
    ----------
    x
        Hours or days. What is not valid does not count; the mean is of hours or of days accordingly.
    clock, share
        From the rule.
    at
        Calendar years for which months are wanted.
    """
    found = _sums(in_months(x.filter(x.valid), clock, at), "month")
    return judged(found.mutate(expected=month_length(found.month, clock, at, unit_of(x))), share)


def years(x: Any, clock: Clock, share: Share, at: Sequence[int]) -> Any:
    """Return yearly means `[series, quantity, year, total, n, expected, valid, micro]`, of hours or of days.

    Parameters
    ----------
    x
        Hours or days. What is not valid does not count.
    clock
        On which the rule cuts its years.
    share
        Part of the hours (or days) of the year that must be valid, from the rule.
    at
        Calendar years that are wanted.
    """
    unit = unit_of(x)
    found = _sums(in_years(x.filter(x.valid), clock, at), "year")
    edges, labels = clocks.year_edges(sorted(set(at)), clock, unit)
    length = lengths(edges, labels)
    return judged(found.mutate(expected=clocks.cut(found.year, *stairs(length))), share)


def unit_of(x: Any) -> str:
    """Return whether a table counts in `hour` or in `day`."""
    return "hour" if "hour" in x.columns and "day" not in x.columns else "day"


def judged(x: Any, share: Share) -> Any:
    """Return a table of (total, n, expected) with `valid` and `micro` beside them."""
    num, den = checked(share)
    return x.mutate(valid=x.n * den >= x.expected * num, micro=rounded(x.total, x.n, 1))


def checked(share: Share) -> Share:
    """Return the share, if it is one."""
    num, den = share
    if not 0 <= num <= den or den == 0:
        raise ValueError(f"a share lies between 0 and 1, not {num}/{den}")
    return share


def month_length(month: Any, clock: Clock, at: Sequence[int], unit: str, width: int = 1) -> Any:
    """Return the hours or days in the `width` months that end with this one."""
    first = min(at) - (width + 10) // 12
    edges, labels = clocks.month_edges(range(first, max(at) + 1), clock, unit)
    single = lengths(edges, labels)
    return clocks.cut(month, *stairs({m: sum(single.get(m - k, 0) for k in range(width)) for m in single}))


def lengths(edges: Sequence[int], labels: Sequence[int | None]) -> dict[int, int]:
    """Return how long each labelled stretch of a cut is."""
    return {
        label: end - begin for begin, end, label in zip(edges, edges[1:], labels[1:], strict=False) if label is not None
    }


def stairs(values: dict[int, int]) -> tuple[list[int], list[int | None]]:
    """Return a cut that gives each key its value."""
    keys = sorted(values)
    return keys[1:], [values[key] for key in keys]


def _counts(t: Any) -> tuple[Any, Any]:
    return t.micro.notnull(), (t.flags.cast("int64") & int(UNUSABLE)) == 0


def _sums(x: Any, label: str) -> Any:
    return x.group_by(*KEYS, label).agg(total=whole(x.micro.sum()), n=x.count().cast("int64"))
