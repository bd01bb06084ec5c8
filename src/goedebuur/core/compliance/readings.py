"""One statistic held against one value, under every reading that the rules leave open.

A reading is a choice the law leaves or that could not be confirmed: compare exactly or after rounding, which rank a
percentile has, which part of a day or year must be measured. Each gives a side: over, under, or too little measured.
`judge` concludes from all of them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from goedebuur.core.compliance import families as fg
from goedebuur.core.compliance import scope
from goedebuur.core.compliance.families import Base, Counted
from goedebuur.core.compliance.rows import Capture, CaptureBase, Guideline, Limit, Rule, RuleBook, Share, Statistic

SUMMER: Final = range(4, 10)
"""April to September. 2008/50/EC annex VII A"""
SUBJECTS: Final = ("rounding", "percentile-rank", "day", "year")
"""What may be chosen, in the order in which a person is asked."""


class Side(StrEnum):
    """On which side of the value a reading comes out."""

    OVER = "over"
    UNDER = "under"
    LOW = "low"
    """Too little was measured to say."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a rule gives for one series.

    Parameters
    ----------
    choices
        Subject → what was chosen: `{"rounding": "exact", "year": "90/100"}`.
    side
        Where it comes out.
    enough
        Whether as much was measured as this reading asks.
    measured, expected, required
        How many values there were, of how many, and the part that is asked.
    total, n
        The mean in 10⁻⁶ canonical units as total / n; n is 0 where there is none.
    exceedances, allowed
        For counts; None for means.
    proven
        Whether a mean is above even with each missing value at zero.
    """

    choices: dict[str, str]
    side: Side
    enough: bool
    measured: int
    expected: int
    required: Share
    total: int = 0
    n: int = 0
    exceedances: int | None = None
    allowed: int | None = None
    proven: bool = False

    def differs(self, other: Reading) -> set[str]:
        """Return the subjects in which another reading chooses something else."""
        return {name for name in self.choices if self.choices[name] != other.choices.get(name)}

    @property
    def result(self) -> tuple[object, ...]:
        """Return what the choices led to."""
        return self.side, self.enough, self.measured, self.total, self.n, self.exceedances, self.allowed

    def share_of_day(self) -> Share | None:
        """Return the part of a day that was chosen, None where the rule has no days of hours."""
        if "day" not in self.choices:
            return None
        num, den = self.choices["day"].split("/")
        return int(num), int(den)


@dataclass(frozen=True)
class Case:
    """One rule and one series, with the figures and the rule book that decide."""

    rule: Rule
    series: str
    figures: Counted
    book: RuleBook
    base: Base = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", Base.of(self.rule.measure))

    @property
    def capture(self) -> Capture:
        """Return what must have been measured."""
        if self.rule.measure.capture is None:
            raise ValueError(f"{self.rule.id} is not computed")
        return self.rule.measure.capture

    def roundings(self) -> tuple[str, ...]:
        """Return the open readings of rounding."""
        return self.book.readings(self.rule, "rounding", "exact")


def readings(case: Case) -> list[Reading]:
    """Return all readings of a rule for a series; empty where not one value is valid."""
    statistic = case.rule.measure.statistic
    if statistic in (Statistic.YEAR_MEAN, Statistic.WINTER_MEAN):
        return list(_means(case))
    if statistic is Statistic.PEAK_SEASON:
        return list(_season(case))
    if statistic is Statistic.DAY_MAX_8H_ABOVE_YEARS:
        return list(_several_years(case))
    if statistic in (Statistic.DAY_PERCENTILE, Statistic.DAY_MAX_8H_PERCENTILE):
        return list(_percentiles(case))
    return list(_counts(case))


def _means(case: Case) -> Iterator[Reading]:
    measure, year = case.rule.measure, case.figures.year
    if measure.statistic is Statistic.YEAR_MEAN:
        found = case.figures.row(case.base.name("year"), case.series)
        expected = found.get("expected", 0)
    else:
        found = case.figures.row(case.base.name("winter"), case.series)
        begin, end = scope.winter(year, measure.clock)
        expected = end - begin
    if not found:
        return
    total, n = found["total"], found["n"]
    for rounding in case.roundings():
        rounded = rounding == "rounded"
        certain = fg.is_above(total, expected, measure, rounded=rounded)
        over = fg.is_above(total, n, measure, rounded=rounded)
        for share in case.capture.year:
            enough = _reaches(n, expected, share)
            side = Side.LOW if not (enough or certain) else Side.OVER if over else Side.UNDER
            yield Reading(_chosen(rounding, share), side, enough, n, expected, share, total, n)


def _counts(case: Case) -> Iterator[Reading]:
    """Counts of hours, days, day maxima or runs: once over the allowance, more data cannot bring it back."""
    allowed = case.rule.allowed if isinstance(case.rule, Limit) and case.rule.allowed is not None else 0
    for rounding in case.roundings():
        for day in case.capture.day if case.rule.measure.statistic is Statistic.DAYS_ABOVE else (None,):
            counted = _counted(case, rounding == "rounded", day)
            if counted is None:
                continue
            exceedances, measured, expected = counted
            for share in case.capture.year:
                enough = _reaches(measured, expected, share)
                side = Side.OVER if exceedances > allowed else Side.UNDER if enough else Side.LOW
                yield Reading(
                    choices=_chosen(rounding, share, day),
                    side=side,
                    enough=enough,
                    measured=measured,
                    expected=expected,
                    required=share,
                    exceedances=exceedances,
                    allowed=allowed,
                )


def _counted(case: Case, rounded: bool, day: Share | None) -> tuple[int, int, int] | None:
    """Return exceedances, values that count for the capture, and how many of these a year has; None without values."""
    measure, year, base = case.rule.measure, case.figures.year, case.base
    part = scope.counted_part(case.rule, year)
    above, number = fg.above_column(measure, rounded=rounded, part=part), fg.number_column(part)
    if measure.statistic in fg.MAXIMA:
        months = _months(case, year).values()
        exceedances, days = sum(m.get(above, 0) for m in months), sum(m.get(number, 0) for m in months)
        if not days:
            return None
        if case.capture.year_of is CaptureBase.SUMMER_MONTHS:
            return exceedances, _summer_months(case, year), len(SUMMER)
        return exceedances, days, scope.days_counted(case.rule, year)
    if measure.statistic is Statistic.DAYS_ABOVE and day is not None:
        found = case.figures.row(base.name("days"), case.series)
        days = found.get(fg.valid_column(day, part), 0)
        above = fg.above_column(measure, rounded=rounded, share=day, part=part)
        return (found[above], days, scope.days_counted(case.rule, year)) if days else None
    hours = scope.hours_counted(case.rule, year)
    if measure.statistic in fg.STEPS:
        found = case.figures.row(base.name(measure.statistic), case.series)
        steps = hours * 3600 // fg.STEPS[measure.statistic]
        return (found[above], found[number], steps) if found.get(number) else None
    found = case.figures.row(base.name("hours"), case.series)
    if not found.get(number):
        return None
    if measure.statistic is Statistic.CONSECUTIVE_HOURS_ABOVE:
        runs = case.figures.row(base.name(f"consecutive_{case.rule.id}"), case.series, int(rounded))
        return runs.get("runs", 0), found[number], hours
    return found[above], found[number], hours


def _several_years(case: Case) -> Iterator[Reading]:
    """A count averaged over years: the years that were measured well enough count, one at least.

    Where these are not over, all years together can be: more than is allowed in all of them stays so with more data.
    """
    if not isinstance(case.rule, Limit) or case.rule.allowed is None:
        return
    measure, share = case.rule.measure, case.capture.year[-1]
    every = [_months(case, year) for year in _span(case)]
    if not any(every):
        return
    for rounding in case.roundings():
        column = fg.above_column(measure, rounded=rounding == "rounded")
        sums = [sum(month.get(column, 0) for month in months.values()) for months in every]
        good = [_year_is_valid(case, year, share) for year in _span(case)]
        k = sum(good)
        counted = sum(count for count, valid in zip(sums, good, strict=True) if valid)
        certain = sum(sums) > case.rule.allowed * case.rule.years
        over = k > 0 and counted > case.rule.allowed * k
        despite = certain and not over
        side = Side.OVER if over or despite else Side.UNDER if k else Side.LOW
        summed = despite or k == 0
        yield Reading(
            choices={"rounding": rounding},
            side=side,
            enough=k > 0 and not despite,
            measured=k,
            expected=case.rule.years,
            required=(1, case.rule.years),
            exceedances=sum(sums) if summed else counted,
            allowed=case.rule.allowed * (case.rule.years if summed else k),
        )


def _span(case: Case) -> range:
    years = case.rule.years if isinstance(case.rule, Limit) else 1
    return range(case.figures.year - years + 1, case.figures.year + 1)


def _year_is_valid(case: Case, year: int, share: Share) -> bool:
    if case.capture.year_of is CaptureBase.SUMMER_MONTHS:
        return _reaches(_summer_months(case, year), len(SUMMER), share)
    days = sum(month.get("n", 0) for month in _months(case, year).values())
    return _reaches(days, scope.days_in_year(year), share)


def _months(case: Case, year: int) -> dict[int, Mapping[str, Any]]:
    """Return the monthly counts of day maxima of a year, by month 1-12, where there are any."""
    family = fg.maxima_name(case.base, case.rule.measure)
    found = {month: case.figures.row(family, case.series, year * 12 + month - 1) for month in range(1, 13)}
    return {month: row for month, row in found.items() if row}


def _summer_months(case: Case, year: int) -> int:
    """Return how many months of the summer have enough day maxima and enough hours of the day."""
    capture, good = case.capture, 0
    if capture.month_days is None or capture.month_hours is None:
        raise ValueError(f"{capture.id} names summer months and not what makes one valid")
    days = _months(case, year)
    for month in SUMMER:
        daytime = case.figures.row(case.base.name("daytime"), case.series, year * 12 + month - 1).get("n", 0)
        expected = scope.days_in_month(year, month) * (fg.DAYTIME[1] - fg.DAYTIME[0])
        enough = days.get(month, {}).get("n", 0) >= capture.month_days
        good += enough and _reaches(daytime, expected, capture.month_hours)
    return good


def _percentiles(case: Case) -> Iterator[Reading]:
    """A percentile is above a value when more values are than its rank leaves above it: a count, so exact."""
    rule, year, measure = case.rule, case.figures.year, case.rule.measure
    if not isinstance(rule, Guideline) or rule.percentile is None:
        return
    expected = scope.days_in_year(year)
    by_day = measure.statistic is Statistic.DAY_PERCENTILE
    family = case.base.name(f"day_percentile_{rule.percentile}")
    if not by_day:
        family = f"{fg.maxima_name(case.base, measure)}_percentile_{rule.percentile}"
    shown = case.figures.row(family, case.series)
    for rounding in case.roundings():
        for day in case.capture.day if by_day else (None,):
            exceedances, n = _days_above(case, rounding == "rounded", day)
            if not n:
                continue
            for rank in case.book.readings(rule, "percentile-rank", "ceiling"):
                allowed, whole = _above_rank(n, rule.percentile, rank), _above_rank(expected, rule.percentile, rank)
                for share in case.capture.year:
                    enough = _reaches(n, expected, share)
                    over = exceedances > (allowed if enough else whole)
                    yield Reading(
                        choices=_chosen(rounding, share, day) | {"percentile-rank": rank},
                        side=Side.OVER if over else Side.UNDER if enough else Side.LOW,
                        enough=enough,
                        measured=n,
                        expected=expected,
                        required=share,
                        total=shown.get("total", 0),
                        n=shown.get("n", 0),
                        exceedances=exceedances,
                        allowed=allowed,
                    )


def _days_above(case: Case, rounded: bool, day: Share | None) -> tuple[int, int]:
    measure = case.rule.measure
    if day is not None:
        found = case.figures.row(case.base.name("days"), case.series)
        column = fg.above_column(measure, rounded=rounded, share=day)
        return found.get(column, 0), found.get(fg.valid_column(day), 0)
    months = _months(case, case.figures.year).values()
    column = fg.above_column(measure, rounded=rounded)
    return sum(month.get(column, 0) for month in months), sum(month.get("n", 0) for month in months)


def _above_rank(n: int, p: Fraction, rank: str) -> int:
    """Return how many of n values lie above the one of rank p·n, rounded up or to the nearest.

    >>> [_above_rank(n, Fraction(99, 100), rank) for n in (365, 366, 100) for rank in ("ceiling", "nearest")]
    [3, 4, 3, 4, 1, 1]
    """
    return n - (ceil(p * n) if rank == "ceiling" else floor(p * n + Fraction(1, 2)))


def _season(case: Case) -> Iterator[Reading]:
    """The six months with the highest mean: below it is known only when each of the year's windows is.

    Above it is known from one window with enough days, which the others can only surpass; or from one that is above
    with each missing day at zero.
    """
    name = fg.maxima_name(case.base, case.rule.measure)
    for share in case.capture.year:
        found = case.figures.row(fg.season_name(name, share), case.series)
        if not found:
            continue
        for rounding in case.roundings():
            valid, complete = bool(found["valid"]), found["windows"] == fg.SEASON_WINDOWS
            measure, rounded = case.rule.measure, rounding == "rounded"
            over = valid and fg.is_above(found["total"], found["n"], measure, rounded=rounded)
            proven = fg.is_above(found["total"], found["expected"], measure, rounded=rounded)
            side = Side.OVER if over or proven else Side.UNDER if valid and complete else Side.LOW
            yield Reading(
                choices=_chosen(rounding, share),
                side=side,
                enough=valid and complete,
                measured=found["n"],
                expected=found["expected"],
                required=share,
                total=found["total"],
                n=found["n"],
                proven=proven,
            )


def _chosen(rounding: str, year: Share, day: Share | None = None) -> dict[str, str]:
    chosen = {"rounding": rounding, "year": f"{year[0]}/{year[1]}"}
    return chosen if day is None else chosen | {"day": f"{day[0]}/{day[1]}"}


def _reaches(measured: int, expected: int, share: Share) -> bool:
    return expected > 0 and measured * share[1] >= expected * share[0]
