"""The figures that one rule is judged from, of one series and year, from the rows of a proof: one row at a time.

The families and their columns are those of :mod:`goedebuur.core.compliance.families`, which `compliance.figures` makes
with an engine. The readings and the conclusion are then those of the program itself (`readings`, `judge`): a checker at
home concludes by the same code, from figures that were made another way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from goedebuur.core.compliance import families, scope
from goedebuur.core.compliance.families import Base, Part, is_above
from goedebuur.core.compliance.rows import CaptureBase, Guideline, Limit, Measure, Rule, Statistic
from goedebuur.core.ledger.blocks import Row
from goedebuur.core.proof import hours as by_hand
from goedebuur.core.proof.files import micros
from goedebuur.core.proof.hours import Key, Mean, Value

SEASON_MONTHS: Final = 6
"""Length of the ozone peak season. WHO global air quality guidelines 2021, table 0.1 note."""
Table = dict[tuple[Any, ...], dict[str, int]]
_BY_DAY: Final = (Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE)


@dataclass(frozen=True, slots=True)
class RowFigures:
    """The figures of one series, by family and key: what :class:`families.Counted` asks."""

    quantity: str
    year: int
    name: str
    tables: Mapping[str, Table]

    @property
    def series(self) -> list[str]:
        """Return the series."""
        return [self.name]

    def row(self, family: str, *key: Any) -> Mapping[str, Any]:
        """Return the figures of the series (and month); empty where there are none."""
        return self.tables.get(family, {}).get(key, {})


@dataclass(frozen=True, slots=True)
class _Task:
    """One rule, one series and year, with the values and hours that are there."""

    rule: Rule
    series: str
    year: int
    values: Sequence[Value]
    hours: Sequence[Mean]

    @property
    def measure(self) -> Measure:
        return self.rule.measure

    @property
    def base(self) -> Base:
        return Base.of(self.measure)

    @property
    def part(self) -> Part | None:
        return scope.counted_part(self.rule, self.year)

    def of_hours(self, year: int) -> Callable[[int], bool]:
        """Return whether an hour lies in a year on the clock of the rule."""
        begin, end = (by_hand.first_hour(_day(date(at, 1, 1)), self.base.clock) for at in (year, year + 1))
        return lambda hour: begin <= hour < end

    def counts(self, day: int) -> bool:
        """Return whether a day lies where exceedances count."""
        return self.part is None or _day(self.part[0]) <= day <= _day(self.part[1])

    def day_of(self, hour: int) -> int:
        return by_hand.day_of(hour, self.base.clock)


def evaluate(rows: Mapping[Key, Row], rule: Rule, series: str, year: int) -> RowFigures:
    """Return the figures of a series and year that a rule is judged from.

    Parameters
    ----------
    rows
        Those that hold, by start and step; what lies outside :func:`scope.span` is passed over.
    rule
        On the clock of UTC or CET.

    Raises
    ------
    GoedeBuurError
        `input-quantity`, `input-unit`.
    ValueError
        For a clock that is not known here, or a value that is no whole number of millionths.
    """
    measure = rule.measure
    if measure.clock not in by_hand.OFFSETS:
        raise ValueError(f"the clock {measure.clock} is not known to a checker")
    span = scope.span([rule], year)
    values = by_hand.values(rows, measure.quantity, micros(span.start), micros(span.end))
    task = _Task(rule, series, year, values, by_hand.hours(values, Base.of(measure).hour))
    return RowFigures(measure.quantity, year, series, dict(_tables(task)))


def _tables(task: _Task) -> Iterable[tuple[str, Table]]:
    base, statistic, key = task.base, task.measure.statistic, (task.series,)
    inside = [hour for hour in task.hours if task.of_hours(task.year)(hour.at)]
    if inside:
        of_hours = statistic in (Statistic.HOURS_ABOVE, Statistic.CONSECUTIVE_HOURS_ABOVE)
        columns = _counted(task, [(task.day_of(hour.at), hour) for hour in inside]) if of_hours else {}
        yield base.name("hours"), {key: {"n": len(inside)} | columns}
    if statistic is Statistic.YEAR_MEAN:
        yield base.name("year"), _year(task, inside)
    elif statistic is Statistic.WINTER_MEAN:
        begin, end = scope.winter(task.year, base.clock)
        cold = [hour.micro for hour in task.hours if begin <= hour.at < end]
        yield base.name("winter"), {key: {"total": sum(cold), "n": len(cold)}} if cold else {}
    elif statistic is Statistic.CONSECUTIVE_HOURS_ABOVE:
        yield base.name(f"consecutive_{task.rule.id}"), _runs(task)
    elif statistic in _BY_DAY:
        yield from _days(task)
    elif statistic in families.STEPS:
        yield base.name(statistic), _steps(task, families.STEPS[statistic])
    elif statistic in families.MAXIMA or statistic is Statistic.PEAK_SEASON:
        yield from _eight_hours(task)


def _year(task: _Task, inside: Sequence[Mean]) -> Table:
    """Return the mean of hours; of samples of 24 hours where there are any, as the engine does."""
    days = [day for day in by_hand.daily_values(task.values, task.base.clock) if _year_of(day.at) == task.year]
    found: dict[str, int] = {}
    if inside:
        expected = scope.hours_in_year(task.year, task.base.clock)
        found = {"total": sum(hour.micro for hour in inside), "n": len(inside), "expected": expected}
    if days:
        expected = scope.days_in_year(task.year)
        found = {"total": sum(day.micro for day in days), "n": len(days), "expected": expected}
    return {(task.series,): found} if found else {}


def _counted(task: _Task, labelled: Sequence[tuple[int, Mean]]) -> dict[str, int]:
    """Return how many of the means by day are above the value, and how many there are, where it counts."""
    inside = [mean for day, mean in labelled if task.counts(day)]
    columns = {} if task.part is None else {families.number_column(task.part): len(inside)}
    for rounded in () if task.measure.statistic is Statistic.CONSECUTIVE_HOURS_ABOVE else (False, True):
        columns[families.above_column(task.measure, rounded=rounded, part=task.part)] = _above(task, inside, rounded)
    return columns


def _above(task: _Task, means: Iterable[Mean], rounded: bool) -> int:
    return sum(is_above(mean.total, mean.n, task.measure, rounded=rounded) for mean in means)


def _days(task: _Task) -> Iterable[tuple[str, Table]]:
    base, rule, capture = task.base, task.rule, task.measure.capture
    both = [*by_hand.days(task.hours, base.clock), *by_hand.daily_values(task.values, base.clock)]
    every = [day for day in both if _year_of(day.at) == task.year]
    if not every or capture is None:
        return
    columns: dict[str, int] = {}
    for share in capture.day:
        enough = [day for day in every if day.enough(share)]
        counted = [day for day in enough if task.counts(day.at)]
        columns[families.valid_column(share)] = len(enough)
        columns[families.valid_column(share, task.part)] = len(counted)
        for rounded in (False, True):
            name = families.above_column(task.measure, rounded=rounded, share=share, part=task.part)
            columns[name] = _above(task, counted, rounded)
    yield base.name("days"), {(task.series,): columns}
    if isinstance(rule, Guideline) and rule.percentile is not None:
        enough = [day for day in every if day.enough(capture.day[0])]
        yield base.name(f"day_percentile_{rule.percentile}"), _ranked(task, rule, enough)


def _ranked(task: _Task, rule: Guideline, days: Sequence[Mean]) -> Table:
    """Return the value with rank ⌈p·N⌉: Hyndman & Fan (1996), definition 1."""
    if not days or rule.percentile is None:
        return {}
    share = (rule.percentile.numerator, rule.percentile.denominator)
    micro = by_hand.ranked((day.micro for day in days), share)
    return {(task.series,): {"total": micro, "n": 1, "count": len(days)}}


def _runs(task: _Task) -> Table:
    """Return how often the value was exceeded in so many hours in a row, each run once: see `figures._consecutive`."""
    length = task.rule.consecutive if isinstance(task.rule, Limit) and task.rule.consecutive else 1
    found: Table = {}
    in_year = task.of_hours(task.year)
    for rounded in (False, True):
        over = [hour.at for hour in task.hours if is_above(hour.total, hour.n, task.measure, rounded=rounded)]
        runs = 0
        for i, at in enumerate(over):
            complete = i >= length - 1 and over[i - length + 1] == at - length + 1
            first = i < length or over[i - length] != at - length
            runs += complete and first and in_year(at) and task.counts(task.day_of(at))
        if any(in_year(at) and task.counts(task.day_of(at)) for at in over):
            found[task.series, int(rounded)] = {"runs": runs}
    return found


def _steps(task: _Task, step: int) -> Table:
    in_year = task.of_hours(task.year)
    inside = [
        (task.day_of(one.hour), Mean(one.hour, one.micro, 1, 1, 1))
        for one in task.values
        if one.step == step and in_year(one.hour)
    ]
    return {(task.series,): {"n": len(inside)} | _counted(task, inside)} if inside else {}


def _eight_hours(task: _Task) -> Iterable[tuple[str, Table]]:
    base, rule, capture = task.base, task.rule, task.measure.capture
    if capture is None or capture.eight_hour is None or capture.day_max_8h is None:
        raise ValueError("a row without the shares of eight hours and of the day maximum")
    daily = by_hand.maxima(task.hours, base.clock, capture.eight_hour, capture.day_max_8h, scope.WIDTH)
    name = families.maxima_name(base, task.measure)
    back = rule.years if isinstance(rule, Limit) else 1
    at = range(task.year - back + 1, task.year + 1)
    months: dict[int, list[Mean]] = {}
    for day in daily:
        if _year_of(day.at) in at:
            months.setdefault(by_hand.month_of(day.at), []).append(day)
    counting = task.measure.statistic in families.MAXIMA
    yield (
        name,
        {
            (task.series, month): {"n": len(found)} | (_counted(task, [(d.at, d) for d in found]) if counting else {})
            for month, found in months.items()
        },
    )
    if capture.year_of is CaptureBase.SUMMER_MONTHS:
        yield base.name("daytime"), _daytime(task, at)
    if isinstance(rule, Guideline) and rule.percentile is not None:
        of_year = [day for day in daily if _year_of(day.at) == task.year]
        yield f"{name}_percentile_{rule.percentile}", _ranked(task, rule, of_year)
    if task.measure.statistic is Statistic.PEAK_SEASON:
        for share in capture.year:
            yield families.season_name(name, share), _season(task, daily, share)


def _season(task: _Task, daily: Sequence[Mean], share: tuple[int, int]) -> Table:
    """Return the highest six months: a valid one before others, then by mean, then the first."""
    every = by_hand.seasons(daily, task.year, SEASON_MONTHS)
    if not every:
        return {}
    best = max(every, key=lambda season: (season.enough(share), season.micro, -season.at))
    valid = sum(season.enough(share) for season in every)
    found = {"total": best.total, "n": best.n, "expected": best.expected, "month": best.at, "windows": valid}
    return {(task.series,): found | {"valid": int(best.enough(share))}}


def _daytime(task: _Task, at: Iterable[int]) -> Table:
    found: Table = {}
    for hour in task.hours:
        day = task.day_of(hour.at)
        if families.DAYTIME[0] <= (hour.at + 1) % 24 < families.DAYTIME[1] and _year_of(day) in at:
            row = found.setdefault((task.series, by_hand.month_of(day)), {"n": 0})
            row["n"] += 1
    return found


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _year_of(day: int) -> int:
    return by_hand.month_of(day) // 12
