"""Days, months and years of short-term averages, with what counted, what did not, and the mass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from goedebuur.core.base.exact import rounded, whole
from goedebuur.core.base.periods import Clock
from goedebuur.core.emissions.chain.conditions import bit_or
from goedebuur.core.measurements.averaging import clocks

OF: Final = ("stream", "reference", "length")
"""What tells one row of averages from another."""


def days(short: Any, clock: Clock, of: Sequence[str] = OF, value: str = "standard") -> Any:
    """Return daily means `[*of, day, total, n, invalid, idle, lost, mass, mass_n, micro]`.

    ========= ===== ==================================================================================
    `day`     int64 days since 1970-01-01 on the clock
    `total`   int64 sum of the valid averages [10⁻⁶ mg/m³]; the mean is total / n
    `n`       int64 valid averages
    `invalid` int64 averages that are not valid, of periods in which the plant was at work
    `idle`    int64 periods in which the plant was out of service all the time
    `lost`    int32 bits of what was lost in the invalid ones
    `mass`    int64 sum of the masses that are known [µg]; null without any
    `mass_n`  int64 periods of which the mass is known
    `micro`   int64 the mean rounded to 10⁻⁶, halves away from zero
    ========= ===== ==================================================================================

    Parameters
    ----------
    short
        Short-term averages: stream, reference, length, start, `value`, mass, at_work, lost, valid. What belongs to no
        limit (states that it does not count in) is filtered out before.
    clock
        On which the rule cuts its days.
    of
        Columns that tell rows apart.
    value
        Column that is averaged: `standard`, or what :func:`validated` made of it.
    """
    hour = clocks.hour_of(short.start)
    return _sums(short.mutate(day=clocks.day_of(hour, clock)), of, "day", value)


def months(short: Any, clock: Clock, at: Sequence[int], of: Sequence[str] = OF, value: str = "standard") -> Any:
    """Return monthly means of short-term averages, as :func:`days`, with `month` (`year·12 + month - 1`).

    Parameters
    ----------
    at
        Calendar years for which months are wanted.
    """
    hour = clocks.hour_of(short.start)
    edges = clocks.month_edges(sorted(set(at)), clock, "hour")
    return _sums(short.mutate(month=clocks.cut(hour, *edges)), of, "month", value)


def years(short: Any, clock: Clock, at: Sequence[int], of: Sequence[str] = OF, value: str = "standard") -> Any:
    """Return yearly means of short-term averages, as :func:`days`, with `year`; see :func:`months`."""
    hour = clocks.hour_of(short.start)
    edges = clocks.year_edges(sorted(set(at)), clock, "hour")
    return _sums(short.mutate(year=clocks.cut(hour, *edges)), of, "year", value)


def _sums(t: Any, of: Sequence[str], label: str, value: str) -> Any:
    t = t.filter(t[label].notnull())
    work = t.at_work > 0
    found = t.group_by(*of, label).agg(
        total=whole(t[value].sum(where=t.valid)),
        n=t[value].count(where=t.valid).cast("int64"),
        invalid=(~t.valid & work).sum().cast("int64"),
        idle=(~work).sum().cast("int64"),
        lost=bit_or(t.valid.ifelse(0, t.lost).cast("int32")),
        mass=whole(t.mass.sum()),
        mass_n=t.mass.count().cast("int64"),
    )
    return found.mutate(micro=rounded(found.total, found.n, 1))
