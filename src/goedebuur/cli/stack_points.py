"""Commands about stacks: emission points, their streams, and the table set by which they are entered and taken away."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, pairs, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from goedebuur.adapters.stack_tables import Table
    from goedebuur.services.stack_tables import Checked


def _day(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError:
        raise click.BadParameter("give a day as 2027-01-31", param=parameter) from None


_on = click.option("--on", metavar="DAY", callback=_day, help="Only what was in use on this day.")
_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("points", cls=Command)
@click.option("--site", default="", help="Only of this site.")
@as_of_option
def points(site: str, state: int | datetime | None) -> None:
    """List the emission points, with how many streams and abatement each has."""
    from goedebuur.core.emissions.abatement import Abatement
    from goedebuur.core.emissions.streams import Stream
    from goedebuur.core.sites.records import EmissionPoint
    from goedebuur.services import sites, streams

    session = current()
    with session.record() as record:
        as_of = session.size(record, state)
        signals = [one.emission_point for one in streams.every(record, Stream, as_of).values()]
        cleaned = [name for one in streams.every(record, Abatement, as_of).values() for name in one.emission_points]
        found = [one for one in sites.every(record, EmissionPoint, as_of).values() if site in ("", one.site)]
    rows = [
        (
            *(one.id, one.site, one.kind, one.height, one.diameter, one.temperature, one.flow),
            *(signals.count(one.id), cleaned.count(one.id)),
        )
        for one in found
    ]
    columns = ("point", "site", "kind", "height", "diameter", "temperature", "flow", "streams", "abatement")
    session.answer({"points": found}, lambda: table(columns, rows, right=columns[3:]))


@click.command("streams", cls=Command)
@click.option("--site", default="", help="Only of this site.")
@click.option("--point", default="", help="Only of this emission point.")
@_on
@as_of_option
def streams_(site: str, point: str, on: date | None, state: int | datetime | None) -> None:
    """List the streams with their series, unit and the calibration function of the day."""
    from goedebuur.core.emissions.form import in_use
    from goedebuur.core.emissions.streams import CalibrationFunction, Stream
    from goedebuur.services import streams

    session = current()
    with session.record() as record:
        as_of = session.size(record, state)
        day = on or session.wiring.now().date()
        found = [
            one
            for one in streams.every(record, Stream, as_of).values()
            if site in ("", one.site) and point in ("", one.emission_point) and (on is None or in_use(one, on))
        ]
        functions = streams.functions_on(record, day, as_of)
        own = {one.id for one in found}
        every = [one for one in streams.every(record, CalibrationFunction, as_of).values() if one.stream in own]
    rows = []
    for one in found:
        function = functions.get(one.id)
        said = f"{function.offset} + {function.slope}·x" if function is not None else ""
        rows.append((one.id, one.emission_point, one.role.value, one.series, one.unit, one.range_high, said))
    columns = ("stream", "point", "role", "series", "unit", "range", "function")
    session.answer({"streams": found, "calibration_functions": every}, lambda: table(columns, rows, right=("range",)))


@click.command("signals", cls=Command)
@click.argument("site")
@_on
def signals(site: str, on: date | None) -> None:
    """Write the lines with which a file of raw signals of a site begins, to be checked by who delivers it."""
    from goedebuur.adapters.stack_csv import lines_for
    from goedebuur.services import streams

    with current().record() as record:
        found = streams.of_site(record, site, on=on)
    click.echo(lines_for([(one.id, one.series, one.unit) for one in found]), nl=False)


@click.command("template", cls=Command)
@_file
def template(file: Path) -> None:
    """Write an empty table set, FILE.xlsx or FILE.zip, with the explanation of every column."""
    from goedebuur.services import stack_tables

    _write(file, stack_tables.template())


@click.command("export", cls=Command)
@click.argument("site")
@_file
@as_of_option
def export(site: str, file: Path, state: int | datetime | None) -> None:
    """Write the table set of a site, or of a facility of the register to begin with, as FILE.xlsx or FILE.zip."""
    from goedebuur.services import stack_tables

    session = current()
    with session.record() as record:
        found = stack_tables.export(record, site, session.size(record, state))
    _write(file, found)


@click.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reason", default="", help="Why, where something in it is in the record already. No names of persons.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with it, and what it would change.")
def import_(file: Path, reason: str, dry_run: bool) -> None:
    """Enter a table set, all of it or nothing. Every mistake is told with its sheet, row, column and value."""
    from goedebuur.services import preparing, stack_tables

    session = current()
    data = preparing.read_file(file)
    with session.record(write=not dry_run) as record:
        checked = stack_tables.check(record, data, file.name)
        for fault in checked.faults:
            error = fault.error
            rule = f" [{error.check}]" if error.check else ""
            session.remark(f"{stack_tables.place(fault)}: {error.message} {error.value!r}. {error.hint}{rule}")
        leaf = None if dry_run else stack_tables.enter(record, checked, session.wiring.now(), reason=reason)
    _tell(checked, leaf, dry_run)


def _tell(checked: Checked, leaf: int | None, dry_run: bool) -> None:
    from goedebuur.services import stack_tables

    mistakes = [
        {
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            **one.error.as_dict(),
            "place": stack_tables.place(one),
        }
        for one in checked.faults
    ]
    counted = ("new", "changed", "unchanged")
    rows = [(sheet, *(counts[name] for name in counted)) for sheet, counts in checked.counts.items()]

    def write() -> None:
        table(("sheet", *counted), rows, right=counted)
        pairs([("mistakes", len(mistakes)), ("leaf", "none" if leaf is None else leaf)])

    current().answer({"mistakes": mistakes, "counts": checked.counts, "leaf": leaf, "dry_run": dry_run}, write)


def _write(file: Path, found: Mapping[str, Table]) -> None:
    from goedebuur.adapters import stack_tables

    if file.suffix not in (".xlsx", ".zip"):
        raise click.BadParameter("name a file that ends in .xlsx or .zip", param_hint="FILE")
    file.write_bytes(stack_tables.as_workbook(found) if file.suffix == ".xlsx" else stack_tables.as_zip(found))
    rows = [(sheet, len(rows)) for sheet, (_, rows) in found.items()]
    current().answer({"file": file.name, "rows": dict(rows)}, lambda: table(("sheet", "rows"), rows, right=("rows",)))
