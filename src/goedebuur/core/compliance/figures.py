"""What must be computed before a rule can be judged: Ibis expressions for all stations of one quantity at once.

Built on `measurements.averaging`; nothing here touches data. Every figure is an integer: sums, counts, and counts of
what lies above a value (`total > value·n`, never divided), so that each engine gives the same digits. The result is
small: a row a series, or a row a series and month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

import ibis
import polars as pl

from goedebuur.core.base.periods import Clock
from goedebuur.core.compliance.families import (
    DAYTIME,
    MAXIMA,
    SEASON,
    STEPS,
    Base,
    Part,
    above_column,
    is_above,
    maxima_name,
    number_column,
    season_name,
    valid_column,
)
from goedebuur.core.compliance.rows import CaptureBase, Guideline, Limit, Measure, Rule, Share, Statistic
from goedebuur.core.compliance.scope import WIDTH, counted_part, winter
from goedebuur.core.measurements import averaging
from goedebuur.core.measurements.averaging import RankRule, clocks

EVERY: Final = (0, 1)
"""No required share: which values are valid is decided per rule, from n and expected."""
Keep = Callable[[Any], Any]


def as_it_is(table: Any) -> Any:
    """Return the table: nothing is held on to."""
    return table


def within(x: Any, part: Part | None, clock: Clock) -> Any:
    """Return whether hours or days lie in a part of the year; true for None."""
    if part is None:
        return True
    unit = averaging.means.unit_of(x)
    begin, end = (clocks.place(day, clock, unit) for day in (part[0], part[1] + timedelta(days=1)))
    return (x[unit] >= begin) & (x[unit] < end)


def _counted(x: Any, rules: Sequence[Rule], year: int, clock: Clock, n: int | None = None) -> dict[str, Any]:
    """Return the columns with how many rows are above each rule's value, and how many there are, where it counts.

    `n` is the denominator of all means, where that is one number.
    """
    columns: dict[str, Any] = {}
    for rule in rules:
        part = counted_part(rule, year)
        inside = within(x, part, clock)
        if part is not None:
            columns[number_column(part)] = _total(inside)
        for rounded in () if rule.measure.statistic is Statistic.CONSECUTIVE_HOURS_ABOVE else (False, True):
            over = is_above(x.total, x.n if n is None else n, rule.measure, rounded=rounded)
            columns[above_column(rule.measure, rounded=rounded, part=part)] = _total(over & inside)
    return columns


def expressions(t: Any, rules: Sequence[Rule], year: int, keep: Keep = as_it_is) -> dict[str, Any]:
    """Return the figures that rules on one quantity need, as Ibis expressions by family.

    Parameters
    ----------
    t
        Observations of the quantity over :func:`span`: series, quantity, start, step, micro, flags.
    rules
        All on the same quantity.
    year
        Calendar year, on the clock of each rule.
    keep
        Holds on to a table that several figures are made of: `Table.cache` of the engine.
    """
    found: dict[str, Any] = {}
    grouped: dict[Base, list[Rule]] = {}
    for rule in rules:
        if rule.measure.capture is not None:
            grouped.setdefault(Base.of(rule.measure), []).append(rule)
    for base, group in grouped.items():
        h = keep(averaging.hours(t, base.hour))
        by_statistic: dict[Statistic, list[Rule]] = {}
        for rule in group:
            by_statistic.setdefault(rule.measure.statistic, []).append(rule)
        if Statistic.YEAR_MEAN in by_statistic:
            found[base.name("year")] = _years(t, h, base.clock, year)
        if Statistic.WINTER_MEAN in by_statistic:
            found[base.name("winter")] = _between(h, *winter(year, base.clock))
        # also without such a rule: it says of which series anything was measured, and how much
        kinds = (Statistic.HOURS_ABOVE, Statistic.CONSECUTIVE_HOURS_ABOVE)
        of_hours = [rule for kind in kinds for rule in by_statistic.get(kind, ())]
        found[base.name("hours")] = _hours_above(h, of_hours, base.clock, year)
        daily = [*by_statistic.get(Statistic.DAYS_ABOVE, ()), *by_statistic.get(Statistic.DAY_PERCENTILE, ())]
        if daily:
            found |= _days(t, h, daily, base, year, keep)
        for rule in by_statistic.get(Statistic.CONSECUTIVE_HOURS_ABOVE, ()):
            found[base.name(f"consecutive_{rule.id}")] = _consecutive(h, rule, base.clock, year)
        if MAXIMA & set(by_statistic) or Statistic.PEAK_SEASON in by_statistic:
            found |= _eight_hours(h, group, base, year, keep)
        for statistic, step in STEPS.items():
            if statistic in by_statistic:
                found[base.name(statistic)] = _steps(t, by_statistic[statistic], step, base.clock, year)
    return found


def _years(t: Any, h: Any, clock: Clock, year: int) -> Any:
    hourly = averaging.years(h, clock, EVERY, [year]).mutate(daily=ibis.literal(0, type="int64"))
    daily = averaging.years(averaging.daily_values(t, clock), clock, EVERY, [year])
    both = hourly.union(daily.mutate(daily=ibis.literal(1, type="int64")))
    return both.select("series", "total", "n", "expected", "daily")


def _between(h: Any, begin: int, end: int) -> Any:
    inside = h.filter(h.valid, h.hour >= begin, h.hour < end)
    return inside.group_by("series").agg(total=inside.micro.sum().cast("int64"), n=inside.count().cast("int64"))


def _total(condition: Any) -> Any:
    return condition.cast("int64").sum().cast("int64")


def _hours_above(h: Any, rules: Sequence[Rule], clock: Clock, year: int) -> Any:
    inside = averaging.in_years(h.filter(h.valid), clock, [year])
    columns = {"n": inside.count().cast("int64")} | _counted(inside, rules, year, clock)
    return inside.group_by("series").agg(**columns)


def all_days(t: Any, h: Any, clock: Clock) -> Any:
    """Return all days, whatever was measured of them: of hours, and of samples of 24 hours."""
    columns = ["series", "quantity", "day", "total", "n", "expected", "valid", "micro"]
    return averaging.days(h, clock, EVERY).select(columns).union(averaging.daily_values(t, clock).select(columns))


def enough(x: Any, share: Share, measured: str = "n") -> Any:
    """Return whether a row has at least this part of its values."""
    return x[measured] * share[1] >= x.expected * share[0]


def _days(t: Any, h: Any, rules: Sequence[Rule], base: Base, year: int, keep: Keep) -> dict[str, Any]:
    inside = keep(averaging.in_years(all_days(t, h, base.clock), base.clock, [year]))
    shares = sorted({share for rule in rules if rule.measure.capture for share in rule.measure.capture.day})
    columns = {valid_column(share): _total(enough(inside, share)) for share in shares}
    for rule in rules:
        part = counted_part(rule, year)
        counts = within(inside, part, base.clock)
        for share in rule.measure.capture.day if rule.measure.capture else ():
            if part is not None:
                columns[valid_column(share, part)] = _total(enough(inside, share) & counts)
            for rounded in (False, True):
                over = is_above(inside.total, inside.n, rule.measure, rounded=rounded)
                column = above_column(rule.measure, rounded=rounded, share=share, part=part)
                columns[column] = _total(enough(inside, share) & over & counts)
    found = {base.name("days"): inside.group_by("series").agg(**columns)}
    for p in sorted({rule.percentile for rule in rules if isinstance(rule, Guideline) and rule.percentile}):
        share = next(r.measure.capture.day[0] for r in rules if isinstance(r, Guideline) and r.measure.capture)
        sufficient = inside.mutate(valid=enough(inside, share))
        found[base.name(f"day_percentile_{p}")] = _percentile(sufficient, p)
    return found


def _percentile(x: Any, p: Fraction) -> Any:
    ranked = averaging.percentiles(x, (p.numerator, p.denominator), RankRule.NEAREST, ["series"])
    return ranked.select("series", "total", "n", count=ranked["count"].cast("int64"))


def maxima(h: Any, measure: Measure) -> Any:
    """Return the highest running 8-hour mean of each day, `valid` by the shares of the rule."""
    capture = measure.capture
    if capture is None or capture.eight_hour is None or capture.day_max_8h is None:
        raise ValueError("a row without the shares of eight hours and of the day maximum was let in")
    moving = averaging.running(h, WIDTH, capture.eight_hour)
    return averaging.day_maxima(moving, measure.clock, capture.day_max_8h, WIDTH)


def _eight_hours(h: Any, rules: Sequence[Rule], base: Base, year: int, keep: Keep) -> dict[str, Any]:
    found: dict[str, Any] = {}
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.measure.statistic in MAXIMA or rule.measure.statistic is Statistic.PEAK_SEASON:
            families.setdefault(maxima_name(base, rule.measure), []).append(rule)
    for name, group in families.items():
        daily = keep(maxima(h, group[0].measure))
        back = max((rule.years for rule in group if isinstance(rule, Limit)), default=1)
        at = range(year - back + 1, year + 1)
        inside = averaging.in_months(daily.filter(daily.valid), base.clock, at)
        multiple = averaging.common_multiple(WIDTH)  # a plain number: engines give the column `n` too narrow a type
        counting = [rule for rule in group if rule.measure.statistic in MAXIMA]
        columns = {"n": inside.count().cast("int64")} | _counted(inside, counting, year, base.clock, multiple)
        found[name] = inside.group_by("series", "month").agg(**columns)
        captures = {rule.measure.capture for rule in group}
        if any(capture and capture.year_of is CaptureBase.SUMMER_MONTHS for capture in captures):
            found[base.name("daytime")] = _daytime(h, base.clock, at)
        for p in sorted({rule.percentile for rule in group if isinstance(rule, Guideline) and rule.percentile}):
            found[f"{name}_percentile_{p}"] = _percentile(averaging.in_years(daily, base.clock, [year]), p)
        seasons = {r.measure.capture for r in group if r.measure.statistic is Statistic.PEAK_SEASON}
        for share in sorted({share for capture in seasons if capture for share in capture.year}):
            season = averaging.peak_season(daily, base.clock, share, [year])
            found[season_name(name, share)] = season.select(
                "series", "total", "n", "expected", "month", "windows", valid=season.valid.cast("int64")
            )
    return found


def _daytime(h: Any, clock: Clock, at: Sequence[int]) -> Any:
    hour = (h.hour + 1) % 24
    inside = averaging.in_months(h.filter(h.valid, hour >= DAYTIME[0], hour < DAYTIME[1]), clock, at)
    return inside.group_by("series", "month").agg(n=inside.count().cast("int64"))


def _consecutive(h: Any, rule: Rule, clock: Clock, year: int) -> Any:
    """Return how often a value was exceeded in so many hours in a row: each run once, exact and rounded.

    A run belongs to the year in which it became long enough, also when it began in the year before.
    """
    length = rule.consecutive if isinstance(rule, Limit) and rule.consecutive else 1
    good = h.filter(h.valid)
    counts = []
    for rounded in (False, True):
        over = good.filter(is_above(good.total, good.n, rule.measure, rounded=rounded))
        frame = ibis.window(group_by="series", order_by="hour")
        seen = over.mutate(back=over.hour.lag(length - 1).over(frame), before=over.hour.lag(length).over(frame))
        complete = (seen.back == seen.hour - (length - 1)).fill_null(False)
        first = seen.before.isnull() | (seen.before != seen.hour - length)
        inside = averaging.in_years(seen.mutate(starts=complete & first), clock, [year])
        inside = inside.filter(within(inside, counted_part(rule, year), clock))
        runs = inside.group_by("series").agg(runs=_total(inside.starts))
        counts.append(runs.mutate(rounded=ibis.literal(int(rounded), type="int64")))
    return counts[0].union(counts[1])


def _steps(t: Any, rules: Sequence[Rule], step: int, clock: Clock, year: int) -> Any:
    begin, end = (clocks.first_hour(date(at, 1, 1), clock) for at in (year, year + 1))
    hour = clocks.hour_of(t.start)
    inside = averaging.means.usable(t.mutate(hour=hour)).filter(t.step == step, hour >= begin, hour < end)
    inside = inside.mutate(total=inside.micro)
    columns = {"n": inside.count().cast("int64")} | _counted(inside, rules, year, clock, 1)
    return inside.group_by("series").agg(**columns)


@dataclass(frozen=True)
class Figures:
    """The figures of one quantity and year, computed: one table a family."""

    quantity: str
    year: int
    tables: Mapping[str, pl.DataFrame]
    _rows: dict[str, dict[Any, dict[str, Any]]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def series(self) -> list[str]:
        """Return the series of which anything was measured in the year itself, in order."""
        found: set[str] = set()
        for family, table in self.tables.items():
            if family.startswith("winter|"):
                continue
            if "month" in table.columns and SEASON not in family:
                table = table.filter(pl.col("month") // 12 == self.year)
            found.update(table["series"].to_list())
        return sorted(found)

    def row(self, family: str, *key: Any) -> dict[str, Any]:
        """Return the figures of a series (and month); empty where there are none."""
        if family not in self._rows:
            table = self.tables.get(family)
            keys = [name for name in ("series", "month", "rounded") if table is not None and name in table.columns]
            if SEASON in family:
                keys = ["series"]
            rows = table.to_dicts() if table is not None else []
            self._rows[family] = {tuple(row[name] for name in keys): row for row in rows}
        return self._rows[family].get(key, {})

    def digest_table(self) -> pl.DataFrame:
        """Return all figures as one long table [family, series, name, value], for one digest over all of them."""
        parts = [
            table.unpivot(index=["series", *(["month"] if keyed else [])])
            .with_columns(
                family=pl.lit(family), month=pl.col("month").cast(pl.Int64) if keyed else pl.lit(0, dtype=pl.Int64)
            )
            .select("family", "series", "month", name="variable", value=pl.col("value").cast(pl.Int64))
            for family, table in sorted(self.tables.items())
            for keyed in ["month" in table.columns and SEASON not in family]
        ]
        empty = {"family": pl.String, "series": pl.String, "month": pl.Int64, "name": pl.String, "value": pl.Int64}
        return pl.concat(parts) if parts else pl.DataFrame(schema=empty)
