"""Commands that keep what each source brings to each place, and say what that comes to with what is let out."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from goedebuur.cli.dispersion_options import (
    FILE,
    read,
    remark,
    source_options,
    tables_of,
    weather_of,
    weather_options,
)
from goedebuur.cli.options import OUTPUT_FOLDER, Command, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.spreadsheets import harmless

if TYPE_CHECKING:
    from goedebuur.cli.session import Session
    from goedebuur.services.dispersion_emissions import Known, OverTime
    from goedebuur.services.dispersion_matrix import Matrix
    from goedebuur.services.dispersion_results import Results

FOLDER: Final = click.Path(file_okay=False, path_type=Path)
CLOCKS: Final = {"civil": Clock.LOCAL, "cet": Clock.CET, "utc": Clock.UTC}
STANDARD: Final = ("mean", "highest", "p98", "p99.9")
ALL: Final = "all"

backend_option = click.option(
    "--backend", metavar="spark|ADDRESS", default="", help="Spread the work over Spark: on this machine, or a cluster."
)


@click.command(cls=Command)
@click.argument("folder", type=OUTPUT_FOLDER)
@source_options
@click.option("--receptors", required=True, type=FILE, help="Places, CSV.")
@click.option("--height", type=click.FloatRange(0, 1000), default=0.0, help="Of the places, in m; default: the ground.")
@click.option("--single", is_flag=True, help="Keep values in 32 bits: half the room, off by one in 16 million at most.")
@backend_option
@weather_options
def keep(folder: Path, receptors: Path, height: float, single: bool, backend: str, **chosen: Any) -> None:
    """Keep what each source brings to each place hour by hour, for each gram a second, in FOLDER.

    The tables and the weather are those of `dispersion run`; what the sources let out plays no part. Work that is
    broken off is kept: the same command goes on with it. `dispersion of` says what it comes to.
    """
    from goedebuur.services import dispersion_matrix, dispersion_spark
    from goedebuur.services.dispersion_sources import of_receptors

    session = current()
    sources, fields = tables_of(chosen).read()
    places = of_receptors(receptors.read_bytes(), receptors.name, sources, fields)
    weather = weather_of(session, **chosen)
    inputs = dispersion_matrix.Inputs(weather, sources, fields, places, height)
    with session.progress() as progress:

        def told(done: int, total: int) -> None:
            progress("blocks of hours and places", done, total)

        if backend:
            matrix = dispersion_spark.make(folder, inputs, backend, told, single=single)
        else:
            matrix = dispersion_matrix.make(
                folder, weather, sources, fields, places, told, receptor=height, single=single
            )
    remark(session, weather.hours.height, weather.left_out, weather.doubtful)
    said = {
        "folder": str(folder),
        **dict(zip(("sources", "hours", "places"), matrix.blocks.shape, strict=True)),
        "precision": matrix.receipt["precision"],
    }
    session.answer(said, lambda: pairs(list(said.items())))


@click.command(cls=Command)
@click.argument("folder", type=FOLDER)
@click.option(
    "--emissions",
    required=True,
    multiple=True,
    type=FILE,
    help="CSV: id, emission in g/s; as tables of sources have.",
)
@click.option("--factors", type=FILE, help="CSV: source, by (month, weekday, hour or state), of, factor.")
@click.option("--states", type=FILE, help="CSV: source (none: all), start, state.")
@click.option("--hourly", type=FILE, help="CSV: source, start, emission in g/s; in place of an even emission.")
@click.option(
    "--recorded",
    multiple=True,
    metavar="SOURCE=SITE/POINT/SUBSTANCE",
    help="Take what a source lets out from the record of its stack.",
)
@click.option("--clock", type=click.Choice([*CLOCKS]), default="civil", show_default=True, help="Of the factors.")
@click.option("--days", type=click.Choice([*CLOCKS]), default="cet", show_default=True, help="Clock that cuts days.")
@click.option(
    "--statistic",
    "names",
    multiple=True,
    default=STANDARD,
    show_default=True,
    metavar="NAME",
    help="mean, highest, high-N, pP, hours-over-L, day-highest, day-high-N, days-over-L, running-8h[-high-N].",
)
@click.option("--groups", type=FILE, help="CSV: group, source. Each group has its own results.")
@click.option("--each", is_flag=True, help="Also of each source by itself.")
@click.option("--csv", "as_csv", is_flag=True, help="Write the results as CSV.")
@backend_option
@as_of_option
def of(
    folder: Path,
    emissions: tuple[Path, ...],
    recorded: tuple[str, ...],
    clock: str,
    days: str,
    names: tuple[str, ...],
    groups: Path | None,
    each: bool,
    as_csv: bool,
    backend: str,
    state: int | datetime | None,
    **tables: Path | None,
) -> None:
    """Say what a matrix in FOLDER comes to with what its sources let out: of all, of groups, and of each.

    Hours in which it is not known what a source lets out do not count for it, and are counted. Answers are in µg/m³
    where emissions are in g/s, and in ou/m³ where those are in millions of ou/s.
    """
    from goedebuur.services import dispersion_emissions, dispersion_matrix, dispersion_results, dispersion_spark

    session = current()
    matrix = dispersion_matrix.opened(folder)
    even = dispersion_emissions.constant((one.read_bytes(), one.name) for one in emissions)
    known = _recorded(session, matrix, recorded, state)
    given = {name: read(path) for name, path in tables.items()}
    told = dispersion_emissions.over_time(matrix.starts, even, recorded=known, clock=CLOCKS[clock], **given)
    mine: dict[str, Sequence[str]] = {ALL: matrix.sources}
    if each:
        mine.update({name: (name,) for name in matrix.sources})
    if groups is not None:
        mine |= dispersion_results.groups_of((groups.read_bytes(), groups.name), matrix.sources, mine)
    with session.progress() as progress:

        def show(done: int, total: int) -> None:
            progress("blocks of places", done, total)

        if backend:
            found = dispersion_spark.of_matrix(matrix, told.grams(), names, mine, backend, show, clock=CLOCKS[days])
        else:
            found = dispersion_results.of_matrix(matrix, told.grams(), names, mine, show, clock=CLOCKS[days])
    _say(session, matrix, told, found)
    columns = ("group", "place", "x", "y", *names)
    if as_csv:
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(columns)
        rows.writerows((harmless(group), harmless(id_), *told) for group, id_, *told in _rows(found, names, ".10g"))
        return
    session.answer(_plain(found), lambda: table(columns, _rows(found, names, ".6g"), right=columns[2:]))


def _recorded(
    session: Session, matrix: Matrix, recorded: tuple[str, ...], state: int | datetime | None
) -> dict[str, Known]:
    """Return what the record says of sources."""
    from goedebuur.services import dispersion_recorded

    if not recorded:
        return {}
    parts = {source: where.split("/") for source, _, where in (one.partition("=") for one in recorded)}
    if len(parts) < len(recorded) or any(len(where) != 3 for where in parts.values()):
        raise click.BadParameter("give SOURCE=SITE/POINT/SUBSTANCE, once for a source", param_hint="--recorded")
    with session.record() as record:
        size = session.size(record, state)
        return {
            source: dispersion_recorded.of_point(record, site, point, substance, matrix.starts, size)
            for source, (site, point, substance) in parts.items()
        }


def _say(session: Session, matrix: Matrix, told: OverTime, found: Results) -> None:
    """Say which hours do not count, and why."""
    remark(session, len(matrix.starts), matrix.receipt["left_out"], matrix.receipt["doubtful"])
    for source, known in told.of.items():
        for why, count in known.without.items():
            session.remark(f"{source}: not known what it lets out in {count} hours: {why}")
        for why, count in known.doubtful.items():
            session.remark(f"{source}: {count} hours {why}")
    for name, count in told.unused.items():
        session.remark(f"{name}: {count} lines are of hours that the weather does not have")
    for group, count in found.without_emission.items():
        if count:
            session.remark(f"{group}: {found.hours[group]} hours count, {count} without an emission do not")


def _rows(found: Results, names: tuple[str, ...], form: str) -> list[tuple[str, ...]]:
    return [
        (
            *(group, place.id, f"{place.x:g}", f"{place.y:g}"),
            *("" if (value := float(told[name][number])) != value else format(value, form) for name in names),
        )
        for group, told in found.groups.items()
        for number, place in enumerate(found.places)
    ]


def _plain(found: Results) -> Mapping[str, object]:
    return {
        "groups": [
            {
                "group": group,
                "hours": found.hours[group],
                "without_emission": found.without_emission[group],
                "places": [
                    {
                        **{"id": place.id, "x": place.x, "y": place.y},
                        **{name: float(values[number]) for name, values in told.items()},
                    }
                    for number, place in enumerate(found.places)
                ],
            }
            for group, told in found.groups.items()
        ]
    }
