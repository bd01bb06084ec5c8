"""The command that carries what facilities reported over an area: contours with each of the assumed stacks."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from goedebuur.cli.dispersion_contours import DAY, numbers, people_in
from goedebuur.cli.dispersion_options import FILE, middle_of, remark, weather_of, weather_options
from goedebuur.cli.options import OUTPUT, Command
from goedebuur.cli.session import current, table


@click.command(cls=Command)
@click.argument("substance")
@click.option("--year", type=click.IntRange(2001, 2100), required=True, help="Of which releases are reported.")
@click.option("--around", metavar="LATITUDE,LONGITUDE", required=True, help="Middle of circle and grid, in degrees.")
@click.option("--within", type=click.FloatRange(1, 25), default=15.0, metavar="KM", help="Radius; default: 15.")
@click.option(
    "--half", type=float, default=10_000.0, metavar="M", help="From the middle to the sides; default: 10,000."
)
@click.option("--step", type=float, default=500.0, metavar="M", help="Between rows and columns; default: 500.")
@click.option("--statistic", metavar="NAME", default="mean", help="As mean, p98, high-19; default: mean.")
@click.option(
    "--levels",
    metavar="N,N,...",
    required=True,
    help="At which contours are drawn, ascending, in the unit of the statistic.",
)
@click.option("--geojson", type=OUTPUT, help="File to write contours to, as GeoJSON.")
@click.option("--population", type=FILE, help="Inhabitants by postcode as CBS gives them, CSV.")
@click.option("--counted-on", type=DAY, metavar="DAY", help="On which these were counted.")
@weather_options
def reported(
    substance: str,
    year: int,
    around: str,
    within: float,
    half: float,
    step: float,
    statistic: str,
    levels: str,
    geojson: Path | None,
    population: Path | None,
    counted_on: datetime | None,
    state: int | datetime | None,
    **weather: Any,
) -> None:
    """Draw contours of what facilities reported over a year, with each of three assumed stacks.

    SUBSTANCE is a quantity of a station, as so2. The register tells no stacks and no hours: the year is spread evenly
    over the hours of the weather, which may be of more years, and three stacks are assumed. Not the model that Dutch
    law designates.
    """
    from goedebuur.services import contours, dispersion_grids, reported_map
    from goedebuur.services.dispersion_outcome import unit_of

    session, middle, at = current(), middle_of(around, "--around"), numbers(levels, "--levels")
    if (population is None) != (counted_on is None):
        raise click.UsageError("--population and --counted-on go together.")
    contours.require_levels(at)
    grid = dispersion_grids.cartesian((0.0, 0.0), half, step)
    air = weather_of(session, state=state, **weather)
    with session.record() as record, session.progress() as progress:
        found = reported_map.of_year(
            record,
            air,
            substance,
            year,
            middle,
            within,
            grid,
            [statistic],
            lambda done, total: progress("hours", done, total),
            as_of=session.size(record, state),
        )
    if geojson is not None:
        drawn = reported_map.drawn(found, statistic, at)
        geojson.write_text(json.dumps(drawn, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    remark(session, air.hours.height, air.left_out, air.doubtful)
    for facility in found.facilities:
        session.remark(f"{_kilograms(facility.kilograms)} kg reported by {facility.name}")
    for name in found.without_place:
        session.remark(f"left out, since the register does not say where it is: {name}")
    told, rows = [], []
    for stack, one in found.maps.items():
        for why, count in one.places_left_out.items():
            session.remark(f"{count} places without a value with the {stack} stack: {why}")
        values = one.values[statistic]
        drawing = contours.of(grid, values, at)
        people = None
        if population is not None and counted_on is not None:
            people = people_in(grid, values, at, found.plane, population, counted_on, None)
        for number, contour in enumerate(drawing):
            above = "" if people is None else sum(those.people for those in people.classes[number + 1 :])
            rows.append((stack, f"{contour.level:g}", f"{contour.area:.4g}", "yes" if contour.cut else "no", above))
            told.append(
                {"stack": stack, "level": contour.level, "km2": contour.area, "cut": contour.cut, "people": above}
            )
    columns = ("stack", "above", "km²", "cut off by the edge", "people")
    session.answer(
        {"statistic": statistic, "unit": unit_of(statistic), "contours": told, "facilities": found.facilities},
        lambda: table(columns, rows, right=columns[1:]),
    )


def _kilograms(told: float) -> str:
    """Return a mass in whole kilograms, below 100 in three digits that count."""
    return f"{told:,.0f}" if told >= 100 else f"{told:.3g}"
