"""Surveillance of the valid range of the instruments of a site: the weeks since the last test outside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from goedebuur.core.base.periods import CET, Clock
from goedebuur.core.emissions.en14181 import ranges
from goedebuur.core.emissions.en14181.ranges import RangeSurveillance
from goedebuur.core.emissions.measuring.reports import Purpose
from goedebuur.core.emissions.processing import RangeOf
from goedebuur.core.emissions.streams import CalibrationFunction, Role, Stream
from goedebuur.rules import en14181
from goedebuur.services import measurement_reports, streams
from goedebuur.services.emission_files import Averages

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class Watched:
    """The weeks of one instrument.

    Parameters
    ----------
    function
        Of which the valid range is looked at.
    since
        Day after the last test: the first week that counts begins on or after it.
    found
        None where there are no averages.
    """

    stream: str
    function: str
    since: date
    found: RangeSurveillance | None


def of_site(record: Record, site: str, averages: Averages, on: date, as_of: int | None = None) -> tuple[Watched, ...]:
    """Return the weeks until a day of each instrument at a site that has a function with a valid range."""
    found = []
    functions = streams.functions_on(record, on, as_of)
    for stream in streams.of_site(record, site, as_of, on=on):
        function = functions.get(stream.id)
        if stream.role is Role.CONCENTRATION and function is not None and function.valid_high:
            found.append(_watched(record, stream, function, averages, on, as_of))
    return tuple(found)


def _watched(
    record: Record,
    stream: Stream,
    function: CalibrationFunction,
    averages: Averages,
    on: date,
    as_of: int | None,
) -> Watched:
    since = max(_last_test(record, stream, on, as_of) or function.performed_on, function.valid_from)
    frame = _frame(record, stream, averages, since, on, as_of)
    if frame.is_empty():
        return Watched(stream.id, function.id, since, None)
    low, high = Fraction(function.valid_low or 0), Fraction(function.valid_high)
    weeks = ranges.parted(ranges.by_week(frame, low, high, Clock.CET), since)
    return Watched(stream.id, function.id, since, ranges.watch(weeks, en14181.criteria(), on))


def _last_test(record: Record, stream: Stream, on: date, as_of: int | None) -> date | None:
    tests = measurement_reports.of_site(record, stream.site, as_of, purposes=(Purpose.QAL2, Purpose.AST))
    days = [one.report.last.astimezone(CET).date() for one in tests if one.report.stream == stream.id]
    return max((day for day in days if day <= on), default=None)


def _frame(
    record: Record, stream: Stream, averages: Averages, since: date, on: date, as_of: int | None
) -> pl.DataFrame:
    """Return the shortest averages of a stream between two days, with `standard` in the state that the range is of."""
    import polars as pl

    years = [averages.short(stream, number) for number in range(since.year, on.year + 1)]
    short = pl.concat(years).unique(["stream", "reference", "start", "length"])
    day = pl.col("start").dt.convert_time_zone("Etc/GMT-1").dt.date()
    short = short.filter(day.is_between(since, on))
    if short.is_empty():
        return short
    reference, length = short["reference"].sort()[0], short["length"].min()
    own = short.filter((pl.col("reference") == reference) & (pl.col("length") == length)).sort("start")
    settings = streams.processing(record, stream.site, as_of, emission_point=stream.emission_point, on=on)
    of = settings[-1].range_of if settings else RangeOf.STANDARD
    return own if of is RangeOf.STANDARD else own.with_columns(standard=pl.col("calibrated"))
