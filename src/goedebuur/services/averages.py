"""Means of one series by day, month, year and rolling year, and percentiles of its hours, with their data capture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import stdev
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.periods import CET, Clock, Period
from goedebuur.core.base.quantities import MICRO
from goedebuur.services import inventory
from goedebuur.services.rule_record import book_at

if TYPE_CHECKING:
    from fractions import Fraction

    from goedebuur.services.record import Record

PER: Final = ("day", "month", "year", "rolling-year")
OF_YEAR: Final = ("year", "rolling-year")
"""Means to which the data quality objectives apply, which belong to limits of a year."""
DECIMALS: Final = 6
FIRST_YEAR, LAST_YEAR = 1900, 2199
GAP_DECIMALS: Final = 3
LEAST: Final = 2
"""Hours from which there is a spread."""
NO_MONTH: Final = " (of a year's mean; of a month the law asks no part)"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Average:
    """One mean or percentile.

    Parameters
    ----------
    period
        `2019-01-31`, `2019-01` or `2019`; of a rolling year its last month.
    value
        Rounded to 10⁻⁶, halves away from zero. [canonical unit of the quantity]
    n, expected
        Hours that count, and hours that the period has. Shorter steps are averaged to hours; what lasts longer than
        an hour has no place in an hour and is left out.
    enough
        Whether n reaches the part of `expected` that was asked; None where no part was.
    uncertainty
        Half-width at 95 % that the data quality objective of the directive admits at most; empty where it has none
        for this mean, or too little was measured for it. No measured uncertainty. [canonical unit]
    gaps
        Half-width at 95 % from the hours that are missing, if these are missing at random; empty where none can be
        told. [canonical unit]
    """

    period: str
    value: str
    n: int
    expected: int
    enough: bool | None = None
    uncertainty: str = ""
    gaps: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """By what means are marked: `share` as 90/100 (empty where none is known), who asks it, and how sure that is.

    `objective` is the article that admits the uncertainty, with its status; empty where there is none.
    """

    share: str = ""
    article: str = ""
    status: str = ""
    objective: str = ""
    objective_status: str = ""


def basis(
    record: Record, series_id: str, year: int, per: str, share: Fraction | None = None, as_of: int | None = None
) -> Basis:
    """Return the part that must be measured, the given one or that of the rules, and what admits an uncertainty.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`; `rules-table` where recorded rule tables cannot be read.
    """
    from goedebuur.core.compliance import quality

    book = book_at(record, as_of).book
    quantity = inventory.series(record, series_id, as_of).quantity
    asked = quality.required(book, quantity, year, of_day=per == "day")
    found = Basis()
    if share is not None:
        found = Basis(f"{share.numerator}/{share.denominator}", "--share")
    elif asked is not None:
        article = asked.capture.article + (NO_MONTH if per == "month" else "")
        found = Basis(f"{asked.share[0]}/{asked.share[1]}", article, str(asked.capture.status))
    objective = book.objective(quantity) if per in OF_YEAR else None
    if objective is None:
        return found
    return replace(found, objective=objective.article, objective_status=str(objective.status))


def averages(
    record: Record, series_id: str, year: int, per: str, as_of: int | None = None, share: Fraction | None = None
) -> list[Average]:
    """Return the means of a series in a year of CET, in order of time; periods without any value are left out.

    Parameters
    ----------
    per
        Among :data:`PER`.
    share
        Part of a period that must be measured, between 0 and 1; that of :func:`basis` without.

    Raises
    ------
    GoedeBuurError
        As :func:`basis`.
    """
    from goedebuur.core.measurements import averaging as av

    by = basis(record, series_id, year, per, share, as_of)

    def asked(hours: Any) -> Any:
        if per == "day":
            return av.days(hours, Clock.CET, (0, 1)).rename(label="day")
        if per == "month":
            return av.months(hours, Clock.CET, (0, 1), [year]).rename(label="month")
        if per == "year":
            return av.years(hours, Clock.CET, (0, 1), [year]).rename(label="year")
        if per == "rolling-year":
            return av.rolling_years(hours, Clock.CET, (0, 1), [year]).rename(label="month")
        raise ValueError(f"there are no means by {per}")

    first = year - 1 if per == "rolling-year" else year
    found = _rows(record, series_id, Period(_begin(first), _begin(year + 1)), asked, as_of)
    rows = sorted((row for row in found if row["n"]), key=lambda row: int(row["label"]))
    gaps = _gaps(record, series_id, Period(_begin(first), _begin(year + 1)), per, rows, as_of)
    admitted = _admitted(record, series_id, by, as_of)
    return [
        replace(
            _average(_label(per, row["label"]), row["total"], row["n"], row["n"], row["expected"]),
            enough=_enough(row, by.share),
            uncertainty=admitted(int(row["total"]), int(row["n"])) if _enough(row, by.share) else "",
            gaps=gaps.get(int(row["label"]), ""),
        )
        for row in rows
    ]


def period_of(per: str, label: str) -> Period | None:
    """Return the stretch of time on CET of a mean by its label, None for what is no label of such a mean.

    >>> found = period_of("month", "2019-02")
    >>> (str(found.start), str(found.end)) if found else None
    ('2019-01-31 23:00:00+00:00', '2019-02-28 23:00:00+00:00')
    """
    forms = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "rolling-year": "%Y-%m"}
    try:
        first = datetime.strptime(label, forms[per]).replace(tzinfo=CET)
        if not FIRST_YEAR <= first.year <= LAST_YEAR or first.strftime(forms[per]) != label:
            return None
    except (KeyError, ValueError):
        return None
    month = (first + timedelta(days=31)).replace(day=1)
    if per == "rolling-year":
        return Period(month.replace(year=month.year - 1), month)
    ends = {"day": first + timedelta(days=1), "month": month, "year": first.replace(year=first.year + 1)}
    return Period(first, ends[per])


def _enough(row: Mapping[str, Any], share: str) -> bool | None:
    if not share:
        return None
    num, den = (int(part) for part in share.split("/"))
    return int(row["n"]) * den >= int(row["expected"]) * num


def _admitted(record: Record, series_id: str, by: Basis, as_of: int | None) -> Callable[[int, int], str]:
    from goedebuur.core.compliance import quality

    quantity = inventory.series(record, series_id, as_of).quantity
    objective = book_at(record, as_of).book.objective(quantity) if by.objective else None
    if objective is None or objective.at is None:
        return lambda total, n: ""
    decimals = objective.at.measure.decimals + 1
    return lambda total, n: quality.admitted(objective, total, n, quality.TO_CANONICAL, decimals)


def _gaps(
    record: Record, series_id: str, period: Period, per: str, rows: Sequence[Mapping[str, Any]], as_of: int | None
) -> dict[int, str]:
    """Return per label the half-width that the missing hours leave, from the spread of those that are there."""
    from goedebuur.core.compliance import quality
    from goedebuur.core.measurements import uncertainty

    hourly = _rows(record, series_id, period, lambda hours: hours.select("hour", "micro"), as_of)
    values: dict[int, list[int]] = {}
    for row in hourly:
        values.setdefault(_part(int(row["hour"]), per), []).append(int(row["micro"]))
    found = {}
    for mean in rows:
        label, n, expected = int(mean["label"]), int(mean["n"]), int(mean["expected"])
        months = range(label - 11, label + 1) if per == "rolling-year" else (label,)
        own = [value for month in months for value in values.get(month, ())]
        if len(own) == n >= LEAST:
            standard = uncertainty.of_missing(stdev(own) / MICRO, n, expected)
            found[label] = quality.rounded_up(uncertainty.Uncertainty(standard, 0.0, n).expanded, GAP_DECIMALS)
    return found


def _part(hour: int, per: str) -> int:
    """Return the label of the day, month or year in CET that an hour since 1970 (UTC) lies in."""
    moment = datetime.fromtimestamp(hour * 3600, UTC).astimezone(CET)
    if per == "day":
        return (moment.replace(tzinfo=UTC) - EPOCH).days
    return moment.year if per == "year" else moment.year * 12 + moment.month - 1


def percentile(record: Record, series_id: str, year: int, share: Fraction, as_of: int | None = None) -> Average | None:
    """Return a percentile of the hours of a year of CET, by nearest rank; None without any hour.

    Parameters
    ----------
    share
        Between 0 and 1: 98/100 for the 98th percentile.

    References
    ----------
    Hyndman & Fan (1996), definition 1: the value with rank ⌈p·N⌉.
    """
    from goedebuur.core.measurements import averaging as av

    def asked(hours: Any) -> Any:
        return av.percentiles(hours, (share.numerator, share.denominator), av.RankRule.NEAREST, ["series"])

    period = Period(_begin(year), _begin(year + 1))
    found = _rows(record, series_id, period, asked, as_of)
    if not found:
        return None
    expected = (period.end - period.start) // timedelta(hours=1)
    return _average(str(year), found[0]["total"], found[0]["n"], found[0]["count"], expected)


def _rows(record: Record, series_id: str, period: Period, asked: Any, as_of: int | None) -> list[dict[str, Any]]:
    from goedebuur.core.measurements import averaging as av
    from goedebuur.services import engines

    quantity = inventory.series(record, series_id, as_of).quantity
    with engines.engine(record, "duckdb", as_of) as engine:
        table = engine.source(quantity, period.start, period.end)
        if table is None:
            return []
        hours = engine.keep(av.hours(table.filter(table.series == series_id), (0, 1)))
        return engine.run(asked(hours)).to_dicts()


def _average(period: str, total: int, divisor: int, n: int, expected: int) -> Average:
    return Average(
        period, as_text(round_half_away(int(total), int(divisor), DECIMALS), DECIMALS), int(n), int(expected)
    )


def _label(per: str, label: int) -> str:
    if per == "day":
        return f"{datetime.fromtimestamp(label * 86400, UTC):%Y-%m-%d}"
    return str(label) if per == "year" else f"{label // 12:04d}-{label % 12 + 1:02d}"


def _begin(year: int) -> datetime:
    return Period.year(year, Clock.CET).start
