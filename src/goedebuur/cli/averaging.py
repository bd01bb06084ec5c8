"""The command for means and percentiles of a series."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from goedebuur.cli.assessing import NOTHING_MEASURED
from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, table
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import CET

if TYPE_CHECKING:
    from goedebuur.services.averages import Average, Basis
    from goedebuur.services.views import SeriesView

MARKS = {True: "enough", False: "too few", None: ""}


@click.command(cls=Command)
@click.argument("series_id", metavar="SERIES")
@click.argument("year", type=click.IntRange(1900, 2200))
@click.option(
    "--per", type=click.Choice(["day", "month", "year", "rolling-year"]), default="month", help="Default: month."
)
@click.option(
    "--percentile", "percent", type=click.FloatRange(0, 100, min_open=True), help="Of the hours of the year, instead."
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    help="Part of the hours below which a mean is marked. Default: what the rules ask, named with their article.",
)
@as_of_option
def average(
    series_id: str, year: int, per: str, percent: float | None, share: float | None, state: int | datetime | None
) -> None:
    """Average a series by day, month, year or rolling year.

    In CET, exact to 10⁻⁶, with the hours that count and those that there should be; a mean of too few is marked. With
    means of a year, how uncertain the directive lets them be at most. With `--percentile 98`, the value of the nearest
    rank among the hours of the year.
    """
    from fractions import Fraction

    from goedebuur.services import averages, queries

    with current().record() as record:
        as_of = current().size(record, state)
        view = queries.series(record, series_id, as_of)
        asked = None if share is None else Fraction(str(share))
        by = averages.basis(record, series_id, year, per if percent is None else "year", asked, as_of)
        if percent is None:
            found = averages.averages(record, series_id, year, per, as_of, asked)
        else:
            one = averages.percentile(record, series_id, year, Fraction(str(percent)) / 100, as_of)
            found = [] if one is None else [one]
    if not found:
        raise _nothing(view, year)
    told = {"series": series_id, "unit": view.unit, "basis": by, "averages": found}
    current().answer(told, lambda: _write(found, view.unit, by))


def _nothing(view: SeriesView, year: int) -> GoedeBuurError:
    """Return the error of a year in which nothing was measured, with the years that there are."""
    years = "no year"
    if view.first is not None and view.last is not None:
        first, last = view.first.astimezone(CET).year, view.last.astimezone(CET).year
        years = str(first) if first == last else f"{first} to {last}"
    return GoedeBuurError(
        NOTHING_MEASURED,
        f"Nothing was measured in {year}.",
        place=view.id,
        value=str(year),
        hint=f"There are data of: {years}.",
    )


def _write(found: list[Average], unit: str, by: Basis) -> None:
    columns = ("period", unit, "hours", "of", "capture", "± at most", "± gaps")
    rows = ((*_figures(one), MARKS[one.enough], one.uncertainty, one.gaps) for one in found)
    table(columns, rows, right=(unit, "hours", "of", "± at most", "± gaps"))
    click.echo(_capture(by), err=True)
    click.echo(_uncertainty(by), err=True)


def _figures(one: Average) -> tuple[object, ...]:
    return one.period, one.value, one.n, one.expected


def _capture(by: Basis) -> str:
    if not by.share:
        return "how much must be measured is not known: no rule in force names it; give --share"
    status = f", {by.status}" if by.status else ""
    return f"too few: less than {by.share} of the hours, by {by.article}{status}"


def _uncertainty(by: Basis) -> str:
    gaps = "± gaps: at 95 %, from the spread of the hours, if those missing are missing at random"
    if not by.objective:
        return f"uncertainty of the measurement: unknown, no data quality objective holds for this mean; {gaps}"
    return (
        f"± at most: at 95 %, if the measurement meets the data quality objective of {by.objective} "
        f"({by.objective_status}); not measured; {gaps}"
    )
