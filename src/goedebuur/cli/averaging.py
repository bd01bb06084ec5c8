"""The command for means and percentiles of a series."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, table

if TYPE_CHECKING:
    from goedebuur.services.averages import Average


@click.command(cls=Command)
@click.argument("series_id", metavar="SERIES")
@click.argument("year", type=click.IntRange(1900, 2200))
@click.option(
    "--per", type=click.Choice(["day", "month", "year", "rolling-year"]), default="month", help="Default: month."
)
@click.option(
    "--percentile", "percent", type=click.FloatRange(0, 100, min_open=True), help="Of the hours of the year, instead."
)
@as_of_option
def average(series_id: str, year: int, per: str, percent: float | None, state: int | datetime | None) -> None:
    """Average a series by day, month, year or rolling year.

    In CET, exact to 10⁻⁶, with the hours that count and those that there should be. With `--percentile 98`, the value
    of the nearest rank among the hours of the year.
    """
    from fractions import Fraction

    from goedebuur.services import averages, queries

    with current().record() as record:
        as_of = current().size(record, state)
        unit = queries.series(record, series_id, as_of).unit
        if percent is None:
            found = averages.averages(record, series_id, year, per, as_of)
        else:
            one = averages.percentile(record, series_id, year, Fraction(str(percent)) / 100, as_of)
            found = [] if one is None else [one]
    current().answer({"series": series_id, "unit": unit, "averages": found}, lambda: _write(found, unit))


def _write(found: list[Average], unit: str) -> None:
    rows = ((one.period, one.value, one.n, one.expected) for one in found)
    table(("period", unit, "hours", "of"), rows, right=(unit, "hours", "of"))
