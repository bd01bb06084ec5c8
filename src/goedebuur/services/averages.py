"""Means of one series by day, month, year and rolling year, and percentiles of its hours, with their data capture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.periods import Clock, Period
from goedebuur.services import inventory

if TYPE_CHECKING:
    from fractions import Fraction

    from goedebuur.services.record import Record

PER: Final = ("day", "month", "year", "rolling-year")
DECIMALS: Final = 6


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
    """

    period: str
    value: str
    n: int
    expected: int


def averages(record: Record, series_id: str, year: int, per: str, as_of: int | None = None) -> list[Average]:
    """Return the means of a series in a year of CET, in order of time; periods without any value are left out.

    Parameters
    ----------
    per
        Among :data:`PER`.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`.
    """
    from goedebuur.core.measurements import averaging as av

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
    return [_average(_label(per, row["label"]), row["total"], row["n"], row["n"], row["expected"]) for row in rows]


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
