"""Commands on areas: contours of what sources add, who lives in them, and two results beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.dispersion_options import (
    FILE,
    middle_of,
    read,
    remark,
    source_options,
    tables_of,
    two,
    weather_of,
    weather_options,
)
from goedebuur.cli.options import OUTPUT, Command
from goedebuur.cli.session import current, table
from goedebuur.core.base.errors import GoedeBuurError

if TYPE_CHECKING:
    from goedebuur.cli.session import Session
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.contours import Contour
    from goedebuur.services.dispersion_grids import Grid
    from goedebuur.services.dispersion_sources import Field, Receptor, Source
    from goedebuur.services.kept_results import Kept
    from goedebuur.services.planes import Plane
    from goedebuur.services.population import Exposed
    from goedebuur.services.result_comparison import Beside

CONCENTRATION = "µg/m³"
DAY = click.DateTime(["%Y-%m-%d"])
PLANE = (
    click.option("--rd", is_flag=True, help="x and y are RD New."),
    click.option(
        "--around", metavar="LATITUDE,LONGITUDE", default="", help="x and y are metres from here, in degrees."
    ),
)


@click.command(cls=Command)
@source_options
@click.option("--result", type=FILE, help="Kept values at places, CSV, in place of sources and weather.")
@PLANE[0]
@PLANE[1]
@click.option("--half", type=float, metavar="M", help="From the middle of the grid to its sides.")
@click.option("--step", type=float, metavar="M", help="Between rows and columns of the grid.")
@click.option("--middle", metavar="X,Y", default="", help="Of the grid; default: that of the sources.")
@click.option("--finer", metavar="HALF,STEP", multiple=True, help="A finer grid in the middle; more than once: finer.")
@click.option("--rings", metavar="M,M,...", default="", help="In place of a grid: rings so far from the middle.")
@click.option("--spokes", type=click.IntRange(3, 3600), default=36, help="Places in a ring; default: 36.")
@click.option("--places", type=FILE, help="In place of a grid: places, CSV or GeoJSON.")
@click.option("--statistic", metavar="NAME", default="mean", help="As mean, p98, high-19; or a column of --result.")
@click.option("--also", metavar="NAME", multiple=True, help="One more statistic to keep.")
@click.option("--levels", metavar="N,N,...", required=True, help="At which contours are drawn, ascending.")
@click.option("--between", is_flag=True, help="End each contour at the next level.")
@click.option("--unit", default="", help="Of the values; default: that of the statistic, as µg/m³ or hours.")
@click.option("--height", type=click.FloatRange(0, 1000), default=0.0, help="Of the places, in m; default: the ground.")
@click.option("--geojson", type=OUTPUT, help="File to write contours to, as GeoJSON.")
@click.option("--keep", type=OUTPUT, help="File to write the values at all places to, as CSV.")
@click.option("--population", type=FILE, help="Inhabitants by postcode as CBS gives them, CSV.")
@click.option("--counted-on", type=DAY, metavar="DAY", help="On which these were counted.")
@click.option("--ages", type=FILE, help="Their ages, CSV.")
@weather_options
def contours(
    result: Path | None,
    rd: bool,
    around: str,
    statistic: str,
    levels: str,
    between: bool,
    unit: str,
    geojson: Path | None,
    keep: Path | None,
    population: Path | None,
    counted_on: datetime | None,
    ages: Path | None,
    **chosen: Any,
) -> None:
    """Draw contours of what sources add over an area, and count who lives in them.

    Sources and weather are those of `dispersion run`; the places are a grid, finer grids in it, rings, or a table. Or
    give values that were kept: columns id, x, y and one a statistic; an empty cell, -9999, -999 and -99 are no value. A
    steady plume of AERMOD's class in flat country; not the model that Dutch law designates. Contours are told with
    their area, and whether the edge of the grid cuts them off.
    """
    from goedebuur.services import contours as drawing
    from goedebuur.services import kept_results

    session, at = current(), numbers(levels, "--levels")
    plane = _plane(rd, around)
    if (population is None) != (counted_on is None):
        raise click.UsageError("--population and --counted-on go together.")
    if result is not None:
        require_none(chosen, "--result goes without sources, weather and grid.")
        column = statistic
        kept = kept_results.read_results(result.read_bytes(), result.name, [column], plane)
        layout, values = kept.ordered()
        label: dict[str, object] = {"of": kept.name, "without_value": kept.without.get(column, 0)}
        _say_without(session, kept)
    else:
        layout, values, label = _reckoned(session, plane, statistic, **chosen)
    found = drawing.of(layout, values[statistic], at, between=between)
    about = {"statistic": statistic, "unit": unit or _unit_of(statistic), **label}
    if geojson is not None:
        _write(geojson, json.dumps(drawing.geojson(found, plane, about), ensure_ascii=False, allow_nan=False))
    if keep is not None:
        _write(keep, kept_results.write_results(layout, values))
    people = None
    if population is not None and counted_on is not None:
        people = people_in(layout, values[statistic], at, plane, population, counted_on, ages)
    _tell(session, found, people, about)


@click.command(cls=Command)
@click.argument("official", type=FILE)
@click.argument("ours", type=FILE)
@PLANE[0]
@PLANE[1]
@click.option("--column", metavar="NAME=NAME", multiple=True, help="Goes with it in the other; default: of one name.")
@click.option("--same", type=click.FloatRange(0.001, 1000), default=1.0, metavar="M", help="Apart at most, one place.")
@click.option("--levels", metavar="N,N,...", default="", help="At which contours of both are drawn, ascending.")
@click.option("--statistic", metavar="NAME", default="mean", help="Of which contours are drawn; default: mean.")
@click.option("--unit", default="", help="Of the values; default: that of the statistic, as µg/m³ or hours.")
@click.option("--geojson", type=OUTPUT, help="File to write the contours of both to, as GeoJSON.")
@click.option("--csv", "rows", type=OUTPUT, help="File to write the values of both at each place to.")
def compare(
    official: Path,
    ours: Path,
    rd: bool,
    around: str,
    column: Sequence[str],
    same: float,
    levels: str,
    statistic: str,
    unit: str,
    geojson: Path | None,
    rows: Path | None,
) -> None:
    """Set two results beside each other, place by place: an official one and ours, or of two emissions.

    OFFICIAL and OURS are tables with columns x, y and one a statistic, with commas, semicolons or tabs; ours are
    written by `dispersion contours --keep`. An empty cell, -9999, -999 and -99 are no value. Implementations
    of the New National Model agree where values are within 5 % at 90 % of the places; another model need not.
    Difference and ratio are OURS against OFFICIAL.
    """
    from goedebuur.services import kept_results, result_comparison

    session = current()
    plane = _plane(rd, around)
    first, second = (kept_results.read_results(one.read_bytes(), one.name, (), plane) for one in (official, ours))
    columns = {a: (a, b) for a, b in map(_pair, column)} or result_comparison.same_columns(first, second)
    for kept in (first, second):
        _say_without(session, kept)
    found = result_comparison.beside(first, second, columns, same)
    if geojson is not None:
        if statistic not in columns:
            raise click.BadParameter(f"give one of {', '.join(columns)}", param_hint="--statistic")
        drawn = result_comparison.drawn(
            list(zip((first, second), columns[statistic], strict=True)),
            numbers(levels, "--levels"),
            plane,
            unit or _unit_of(statistic),
        )
        _write(geojson, json.dumps(drawn, ensure_ascii=False, allow_nan=False))
    if rows is not None:
        _write(rows, result_comparison.as_csv(found))
    for count, name in ((found.only_first, found.first), (found.only_second, found.second)):
        if count:
            session.remark(f"{count} places only in {name}")
    session.answer(found, lambda: _summary(found))


def _say_without(session: Session, kept: Kept) -> None:
    for column, count in kept.without.items():
        session.remark(f"{count} of {len(kept.places)} places without a value in {kept.name}, column {column}")


def _reckoned(
    session: Session,
    plane: Plane,
    statistic: str,
    *,
    half: float | None,
    step: float | None,
    middle: str,
    finer: Sequence[str],
    rings: str,
    spokes: int,
    places: Path | None,
    also: Sequence[str],
    height: float,
    **chosen: Any,
) -> tuple[Grid | tuple[Receptor, ...], Mapping[str, Floats], dict[str, object]]:
    """Return places, the values there, and with what these are labelled."""
    from goedebuur.services import dispersion_maps, dispersion_places
    from goedebuur.services.contours import MODEL

    stacks, fields = tables_of(chosen).read()
    if places is not None:
        layout: Grid | Sequence[Receptor] = dispersion_places.read_places(places.read_bytes(), places.name, plane)
    else:
        layout = _laid_out(stacks, fields, middle, half, step, finer, rings, spokes)
    simulated = bool(chosen["station"]) and _simulated(session, chosen["state"])
    air = weather_of(session, **chosen)
    with session.progress() as progress:
        found = dispersion_maps.of_sources(
            air,
            stacks,
            fields,
            layout,
            plane,
            list(dict.fromkeys([statistic, *also])),
            lambda done, total: progress("hours", done, total),
            receptor=height,
        )
    remark(session, found.hours, found.left_out, found.doubtful)
    for why, count in found.places_left_out.items():
        session.remark(f"{count} places without a value: {why}")
    return found.layout, found.values, {"years": air.years, "simulated": simulated, "model": MODEL}


def _simulated(session: Session, state: int | datetime | None) -> bool:
    """Return whether the record has simulated figures."""
    from goedebuur.services import queries

    with session.record() as record:
        return queries.overview(record, session.size(record, state)).simulated


def _laid_out(
    stacks: Sequence[Source],
    fields: Sequence[Field],
    middle: str,
    half: float | None,
    step: float | None,
    finer: Sequence[str],
    rings: str,
    spokes: int,
) -> Grid | Sequence[Receptor]:
    from goedebuur.services import dispersion_grids, dispersion_maps

    at = two(middle, "--middle") if middle else dispersion_maps.middle_of(stacks, fields)
    if rings:
        return dispersion_grids.polar(at, numbers(rings, "--rings"), spokes)
    if half is None or step is None:
        raise click.UsageError("Give --half and --step of a grid, --rings, or --places.")
    grids = [dispersion_grids.cartesian(at, half, step)]
    for number, one in enumerate(finer, start=1):
        grids.append(dispersion_grids.cartesian(at, *two(one, "--finer"), f"finer{number}"))
    return grids[0] if len(grids) == 1 else dispersion_grids.nested(grids)


def people_in(
    layout: Grid | Sequence[Receptor],
    values: Floats,
    levels: Sequence[float],
    plane: Plane,
    population: Path,
    counted_on: datetime,
    ages: Path | None,
) -> Exposed:
    """Return people by class, from the files that were given."""
    from goedebuur.services import population as counting

    centroids = counting.read_centroids(population.read_bytes(), population.name, counted_on.date(), read(ages))
    return counting.by_class(layout, values, levels, centroids, plane)


def _tell(session: Session, found: Sequence[Contour], people: Exposed | None, about: Mapping[str, object]) -> None:
    told = [
        {
            "level": one.level,
            "upto": one.upto,
            "km2": one.area,
            "parts": len(one.geometry.geoms),
            "cut_off_by_edge": one.cut,
            "borders_on_unknown": one.hidden,
        }
        for one in found
    ]
    for one in found:
        if one.cut:
            session.remark(f"above {one.level:g} goes on past the edge of the grid: its area is larger")
        if one.hidden:
            session.remark(f"above {one.level:g} borders on places without a value: its area may be larger")
    if people is not None:
        session.remark(f"people of {people.counted_on}, from {people.source} (SHA-256 {people.digest[:16]}…)")
        for those, why in ((people.unknown, "between places without a value"), (people.nowhere, "of no known place")):
            if those.areas:
                session.remark(f"{those.people} people in {those.areas} areas {why}: in no class")
        session.remark(f"{people.outside.people} people in {people.outside.areas} areas outside what was reckoned")

    def write() -> None:
        columns = ("above", "up to", "km²", "parts")
        rows = [
            (f"{c.level:g}", "" if c.upto is None else f"{c.upto:g}", f"{c.area:.4g}", len(c.geometry.geoms))
            for c in found
        ]
        table(columns, rows, right=columns)
        if people is not None:
            headings = ("above", "up to", "people", "areas", "not told")
            ones = [(_edge(c.low), _edge(c.high), c.people, c.areas, c.not_told) for c in people.classes]
            table(headings, ones, right=headings)

    session.answer({**about, "contours": told, "people": people}, write)


def _summary(found: Beside) -> None:
    columns = ("statistic", "places", "without a value", "within 5 %", "at 90 % of places", "mean of ratios", "largest")
    rows = []
    for one in found.compared:
        ratios = [pair.ratio for pair in one.pairs if pair.ratio is not None]
        largest = max((pair.difference for pair in one.pairs), key=abs, default=float("nan"))
        rows.append(
            (
                one.statistic,
                len(one.pairs),
                one.not_told,
                "" if one.share is None else f"{100 * one.share:.1f} %",
                "" if one.alike is None else ("yes" if one.alike else "no"),
                f"{sum(ratios) / len(ratios):.3f}" if ratios else "",
                "" if isnan(largest) else f"{largest:.4g}",
            )
        )
    table(columns, rows, right=columns[1:])


def _plane(rd: bool, around: str) -> Plane:
    from goedebuur.services import planes

    if rd == bool(around):
        raise click.UsageError("Give --rd or --around: where x and y are.")
    if rd:
        return planes.RD
    return planes.around(*middle_of(around, "--around"))


def require_none(names: Iterable[str], said: str) -> None:
    """Refuse options that were given beside one that makes them idle."""
    context = click.get_current_context()
    if any(context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE for name in names):
        raise click.UsageError(said)


def numbers(text: str, option: str) -> list[float]:
    """Return numbers with commas between them."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise click.BadParameter(f"{text!r} is not numbers with commas between them", param_hint=option) from None


def _pair(text: str) -> tuple[str, str]:
    first, there, second = text.partition("=")
    if not (first and there and second):
        raise click.BadParameter(f"{text!r} is not two names with = between them", param_hint="--column")
    return first, second


def _unit_of(statistic: str) -> str:
    """Return the unit of a statistic; that of a concentration for a column with another name."""
    from goedebuur.services import dispersion_outcome, dispersion_statistics

    try:
        return dispersion_outcome.unit_of(statistic)
    except GoedeBuurError as error:
        if error.code != dispersion_statistics.UNKNOWN:
            raise
        return CONCENTRATION


def _edge(level: float | None) -> str:
    return "" if level is None else f"{level:g}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
