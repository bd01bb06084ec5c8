"""Means over a window that moves: running hours, the highest of a day, the rolling year, the peak season."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any, Final

import ibis

from goedebuur.core.base.exact import quotient, rounded, whole
from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements.averaging import clocks
from goedebuur.core.measurements.averaging.means import (
    KEYS,
    Share,
    checked,
    in_months,
    judged,
    month_length,
    months,
    unit_of,
)

MAX_WIDTH: Final = 12
"""Longest running mean [h]: beyond it, a sum times the common multiple no longer fits in 64 bits."""

SEASON_MONTHS: Final = 6
"""Length of the ozone peak season. WHO global air quality guidelines 2021, section 3.4 and table 0.1 note."""


def running(h: Any, width: int, share: Share) -> Any:
    """Return running means of hours `[series, quantity, hour, total, n, expected, valid, micro, scaled]`.

    A window is labelled by the start of its last hour. There is one for each hour in which any of the `width` hours
    up to it was measured, whether that hour itself was or not.

    Parameters
    ----------
    h
        What `hours` returns; hours that are not valid do not count.
    width
        Length of the window, 2 to :data:`MAX_WIDTH`; 8 for ozone and carbon monoxide. [h]
    share
        Part of the window that must be valid; 2008/50/EC annex XI part A asks 3/4 (6 hours).

    Notes
    -----
    `scaled` is the mean times :func:`common_multiple` of the width: an integer, so that means over six, seven and
    eight hours are compared without rounding.
    """
    if not 2 <= width <= MAX_WIDTH:
        raise ValueError(f"a running mean has 2 to {MAX_WIDTH} hours, not {width}")
    valid = h.filter(h.valid)
    source = valid.select(*KEYS, at=valid.hour, micro=valid.micro, one=ibis.literal(1, type="int64"))
    found = judged(_trailing(source, width).mutate(expected=ibis.literal(width, type="int64")), share)
    counts = range(1, width + 1)
    factor = clocks.cut(found.n, counts[1:], [common_multiple(width) // n for n in counts])
    return found.mutate(scaled=found.total * factor).rename(hour="at")


def common_multiple(width: int) -> int:
    """Return the least number that every count up to `width` divides: 840 for eight hours."""
    return lcm(*range(1, width + 1))


def day_maxima(r: Any, clock: Clock, share: Share, width: int) -> Any:
    """Return the highest running mean of each day.

    `[series, quantity, day, total, n, windows, expected, valid, micro, hour]`: the mean is total / n, where n is the
    common multiple of the width and not a count; `windows` is the number of valid running means, `hour` the label of
    the (first) highest.

    Parameters
    ----------
    r
        What :func:`running` returns. A window belongs to the day on which it ends; 2008/50/EC annex XI: the first
        window of a day runs from 17:00 the day before to 01:00, the last from 16:00 to 24:00.
    clock
        On which the rule cuts its days.
    share
        Part of the windows that must be valid; 2008/50/EC annex XI part A asks 3/4 (18 windows).
    width
        As given to :func:`running`. [h]
    """
    valid = r.filter(r.valid)
    valid = valid.mutate(day=clocks.day_of(valid.hour, clock))
    valid = valid.filter(valid.day.notnull())
    order = [ibis.desc(valid.scaled), ibis.asc(valid.hour)]
    ranked = valid.select(
        *KEYS,
        "day",
        "hour",
        total=valid.scaled,
        n=valid.scaled * 0 + common_multiple(width),  # not a constant: DuckDB would multiply that in 32 bits
        windows=valid.count().over(ibis.window(group_by=[*KEYS, "day"])).cast("int64"),
        place=ibis.row_number().over(ibis.window(group_by=[*KEYS, "day"], order_by=order)),
    )
    top = ranked.filter(ranked.place == 0).drop("place")
    top = top.mutate(expected=clocks.hours_of(top.day, clock))
    num, den = checked(share)
    return top.mutate(valid=top.windows * den >= top.expected * num, micro=rounded(top.total, top.n, 1))


def rolling_years(x: Any, clock: Clock, share: Share, at: Sequence[int]) -> Any:
    """Return means over twelve months `[series, quantity, month, total, n, expected, valid, micro]`.

    The label is the last of the twelve (`year·12 + month - 1`), in one of the years `at`.

    Parameters
    ----------
    x
        Hours or days, of the years `at` and the year before each.
    clock, share
        From the rule.
    at
        Calendar years in which the last month lies.
    """
    wanted = sorted(set(at))
    several = sorted({year - 1 for year in wanted} | set(wanted))
    monthly = months(x, clock, (0, 1), several)
    source = monthly.select(*KEYS, at=monthly.month, micro=monthly.total, one=monthly.n)
    found = _trailing(source, 12).rename(month="at")
    found = found.filter(quotient(found.month, 12).isin(wanted))
    return judged(found.mutate(expected=month_length(found.month, clock, wanted, unit_of(x), 12)), share)


def peak_season(d: Any, clock: Clock, share: Share, at: Sequence[int]) -> Any:
    """Return the highest mean of daily maxima over six consecutive months of a year.

    `[series, quantity, year, total, n, expected, valid, micro, month, windows]`: `month` is the last of the six,
    `windows` how many of the year's seven windows were valid.

    Parameters
    ----------
    d
        What :func:`day_maxima` returns; days that are not valid do not count.
    clock
        On which the rule cuts its months.
    share
        Part of the days of the six months that must be valid, from the rule.
    at
        Calendar years. The six months lie within one of them; in the Dutch climate the ozone season does.

    References
    ----------
    WHO global air quality guidelines (2021), table 0.1: average of daily maximum 8-hour mean ozone in the six
    consecutive months with the highest six-month running-average concentration.
    """
    wanted = sorted(set(at))
    daily = in_months(d.filter(d.valid), clock, wanted)
    monthly = daily.group_by(*KEYS, "month").agg(micro=whole(daily.micro.sum()), one=daily.count().cast("int64"))
    found = _trailing(monthly.rename(at="month"), SEASON_MONTHS).rename(month="at")
    found = found.filter(found.month % 12 >= SEASON_MONTHS - 1, quotient(found.month, 12).isin(wanted))
    length = month_length(found.month, clock, wanted, "day", SEASON_MONTHS)
    found = judged(found.mutate(expected=length, year=quotient(found.month, 12)), share)
    order = [ibis.desc(found.valid.cast("int8")), ibis.desc(found.micro), ibis.asc(found.month)]
    frame = ibis.window(group_by=[*KEYS, "year"], order_by=order)
    every = ibis.window(group_by=[*KEYS, "year"])
    ranked = found.mutate(
        place=ibis.row_number().over(frame), windows=whole(found.valid.cast("int64").sum().over(every))
    )
    return ranked.filter(ranked.place == 0).drop("place")


def _trailing(x: Any, width: int) -> Any:
    """Return sums over the `width` labels up to each label: `[series, quantity, at, total, n]`, where n > 0.

    A window frame sees only labels that have a row, so each row before a gap first gets the empty rows that follow
    it, `width - 1` at most.
    """
    following = x.at.lead(1).over(ibis.window(group_by=KEYS, order_by="at"))
    ends = x.mutate(following=following)
    ends = ends.filter(ends.following.isnull() | (ends.following > ends.at + 1))
    steps = ibis.literal(list(range(1, width)), type="array<int64>").unnest()
    zero = ibis.literal(0, type="int64")
    empty = ends.select(*KEYS, "at", "following", k=steps)
    empty = empty.filter(empty.following.isnull() | (empty.at + empty.k < empty.following))
    empty = empty.select(*KEYS, at=empty.at + empty.k, micro=zero, one=zero)
    every = x.select(*KEYS, "at", "micro", "one").union(empty)
    frame = ibis.range_window(group_by=KEYS, order_by="at", preceding=width - 1, following=0)
    return every.select(
        *KEYS,
        "at",
        total=whole(every.micro.sum().over(frame)),
        n=whole(every.one.sum().over(frame)),
    ).filter(lambda w: w.n > 0)
