"""Averages as Ibis expressions on integers: written once, the same digits on every engine.

Observations (columns series, quantity, start, step, micro, flags) become :func:`hours`; hours become days, running
means, months and years. The mean is always `total / n`, never divided before it is published or compared; capture
travels along as `n`, `expected` and `valid`. Nothing here touches data: the store hands over a table, the engine
behind it does the work. What a mean is held against is up to `compliance`.
"""

from goedebuur.core.measurements.averaging.means import (
    KEYS,
    Share,
    daily_values,
    days,
    hours,
    in_months,
    in_years,
    months,
    years,
)
from goedebuur.core.measurements.averaging.moving import (
    common_multiple,
    day_maxima,
    peak_season,
    rolling_years,
    running,
)
from goedebuur.core.measurements.averaging.ranks import RankRule, above, highest, percentiles

__all__ = [
    "KEYS",
    "RankRule",
    "Share",
    "above",
    "common_multiple",
    "daily_values",
    "day_maxima",
    "days",
    "highest",
    "hours",
    "in_months",
    "in_years",
    "months",
    "peak_season",
    "percentiles",
    "rolling_years",
    "running",
    "years",
]
