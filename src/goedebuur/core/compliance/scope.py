"""What an assessment is about: which rules, how each stands to the year, and which stretch of time it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from goedebuur.core.base.periods import Clock, Period, zone
from goedebuur.core.compliance.rows import Guideline, Limit, Rule, RuleBook, Statistic
from goedebuur.core.compliance.verdicts import Standing

HOUR: Final = 3600
WIDTH: Final = 8
"""Length of the running mean of ozone and carbon monoxide. [h] 2008/50/EC annexes VII and XI"""
BEFORE: Final = 12
"""So far before a year its figures begin: a sample of 24 hours belongs to the day of its middle. [h]"""
WINTER_MONTHS: Final = (10, 4)
"""The winter of a critical level: 1 October of the year before to 31 March. 2008/50/EC annex XIII"""


def rules_for(book: RuleBook, year: int, on: date | None = None, sets: Sequence[str] | None = None) -> tuple[Rule, ...]:
    """Return the rules to assess a year with: those in force, those to come, and all guidelines.

    Parameters
    ----------
    book
        The rules.
    year
        Calendar year.
    on
        The day by which rules are chosen. Without, all that held on some day of the year: in a year in which the law
        changed both the old and the new.
    sets
        Only rules of these sets, in force by then or not; without, rules that lapsed before the day are left out.
    """
    day = on or date(year, 1, 1)
    limits = [
        row
        for row in book.limits
        if row.measure.statistic is not Statistic.EXPOSURE_INDEX
        and ((row.set in sets) if sets is not None else row.valid_to is None or row.valid_to >= day)
    ]
    return (*limits, *(row for row in book.guidelines if sets is None or row.set in sets))


def standing(rule: Rule, year: int) -> Standing:
    """Return how a rule stands to a calendar year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if isinstance(rule, Guideline):
        return Standing.ADVICE if rule.published <= last else Standing.LATER_ADVICE
    if rule.valid_from > last:
        return Standing.LOOKING_AHEAD
    if rule.valid_to is not None and rule.valid_to < first:
        return Standing.LAPSED
    whole = rule.in_force(first) and rule.in_force(last)
    return Standing.IN_FORCE if whole else Standing.PART_OF_YEAR


def held_from_to(rule: Rule, year: int) -> tuple[date, date]:
    """Return the first and last day of a year on which a rule held; the whole year where it did not hold at all."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if not isinstance(rule, Limit) or standing(rule, year) is not Standing.PART_OF_YEAR:
        return first, last
    return max(first, rule.valid_from), min(last, rule.valid_to or last)


def counted_part(rule: Rule, year: int) -> tuple[date, date] | None:
    """Return the days within which exceedances count: those on which the number held, None for the whole year.

    A mean is always one of the whole year, and a count over several years is not cut either.
    """
    if not isinstance(rule, Limit) or rule.allowed is None or rule.years > 1:
        return None
    return held_from_to(rule, year) if standing(rule, year) is Standing.PART_OF_YEAR else None


def span(rules: Iterable[Rule], year: int) -> Period:
    """Return the stretch of time that the figures of a year look at: earlier years, the winter, half a day back."""
    begins, ends = [], []
    for rule in rules:
        clock = rule.measure.clock
        first = year - (rule.years - 1 if isinstance(rule, Limit) else 0)
        begin = Period.year(first, clock).start - timedelta(hours=BEFORE)
        if rule.measure.statistic is Statistic.WINTER_MEAN:
            begin = min(begin, datetime.fromtimestamp(winter(year, clock)[0] * HOUR, UTC))
        begins.append(begin)
        ends.append(Period.year(year, clock).end)
    if not begins:
        raise ValueError("no rules, no span")
    return Period(min(begins), max(ends))


def winter(year: int, clock: Clock) -> tuple[int, int]:
    """Return the first hour of the winter that ends in a year, and the first one after it."""
    begin, end = WINTER_MONTHS
    first, after = (datetime(at, month, 1, tzinfo=zone(clock)) for at, month in ((year - 1, begin), (year, end)))
    return int(first.timestamp()) // HOUR, int(after.timestamp()) // HOUR


def hours_in_year(year: int, clock: Clock) -> int:
    """Return the hours of a calendar year on a clock."""
    return Period.year(year, clock).steps(timedelta(hours=1))


def days_counted(rule: Rule, year: int) -> int:
    """Return the days within which exceedances of a rule count."""
    first, last = counted_part(rule, year) or (date(year, 1, 1), date(year, 12, 31))
    return (last - first).days + 1


def hours_counted(rule: Rule, year: int) -> int:
    """Return the hours within which exceedances of a rule count, on its clock."""
    part = counted_part(rule, year)
    if part is None:
        return hours_in_year(year, rule.measure.clock)
    at = zone(rule.measure.clock)
    first, end = part[0], part[1] + timedelta(days=1)
    begins, ends = (datetime(day.year, day.month, day.day, tzinfo=at).timestamp() for day in (first, end))
    return int(ends - begins) // HOUR


def days_in_year(year: int) -> int:
    """Return the days of a calendar year."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def days_in_month(year: int, month: int) -> int:
    """Return the days of a month."""
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
