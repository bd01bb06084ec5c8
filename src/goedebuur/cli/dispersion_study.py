"""Commands on dispersion studies: what is asked of one, working on what waits, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.dispersion_contours import require_none
from goedebuur.cli.exits import Exit, exit_of
from goedebuur.cli.options import OUTPUT, Command, Group, as_of_option
from goedebuur.cli.session import current, pairs, table

if TYPE_CHECKING:
    from goedebuur.services.dispersion_study import Emitter
    from goedebuur.store.studies import Studies

OF_BASE = (
    *("substance", "years", "station", "clouds", "roughness", "sea"),
    *("middle", "half", "step", "statistics", "levels", "state"),
)
"""Options of what a scenario has of its base."""


@click.group(cls=Group)
def study() -> None:
    """Dispersion studies: facilities, weather and a square, kept with what came of it; scenarios beside their base."""


@study.command(name="new", cls=Command)
@click.argument("title")
@click.option("--base", metavar="STUDY", default="", help="Make a scenario of this one: what is not given is as there.")
@click.option("--substance", default="", help="A quantity of a station, as so2.")
@click.option(
    "--year", "years", type=click.IntRange(1951, 2100), multiple=True, help="Once or more, one after another."
)
@click.option(
    "--facility",
    "facilities",
    multiple=True,
    metavar="ID[,KG][,STACK]",
    help="Of the register: kilograms a year, or `permitted`; stack low, middle, high, or HEIGHTxDIAMETERxKELVINxSPEED.",
)
@click.option("--station", metavar="STATION", default="", help="Measures the wind.")
@click.option("--clouds", metavar="STATION", default="", help="Sees the clouds, where STATION measures wind alone.")
@click.option("--roughness", type=float, default=0.1, metavar="M", help="Of the ground; default: 0.1, of farmland.")
@click.option("--sea", metavar="FROM,UNTIL", default="", help="Directions of wind from the sea, clockwise, in degrees.")
@click.option("--middle", metavar="LATITUDE,LONGITUDE", default="", help="Of the square, in degrees.")
@click.option("--half", type=float, default=5.0, metavar="KM", help="Half the side of the square; default: 5.")
@click.option("--step", type=float, default=250.0, metavar="M", help="Between places; default: 250.")
@click.option("--statistic", "statistics", multiple=True, help="As mean, p98, high-19; default: mean.")
@click.option("--levels", default="", metavar="L,L,...", help="Of the contours, in µg/m³; default: what fits.")
@as_of_option
def new(
    title: str,
    base: str,
    substance: str,
    years: tuple[int, ...],
    facilities: tuple[str, ...],
    station: str,
    clouds: str,
    roughness: float,
    sea: str,
    middle: str,
    half: float,
    step: float,
    statistics: tuple[str, ...],
    levels: str,
    state: int | None,
) -> None:
    """Make a study, or a scenario of one, and put it in the queue. It is public from then on.

    `dispersion study work` reckons it; the website does so by itself.
    """
    from goedebuur.services import dispersion_study, dispersion_study_emissions, dispersion_weather, queries
    from goedebuur.services.dispersion_study import Area, Study, Wind

    session = current()
    emitters = tuple(_emitter(one) for one in facilities)
    if base:
        require_none(OF_BASE, "A scenario has the substance, years, weather and square of its base.")
        asked = dispersion_study.scenario(dispersion_study.find(_studies(), base), title, emitters)
    else:
        if not (substance and years and station and middle and emitters):
            raise click.UsageError("Give --substance, --year, --facility, --station and --middle, or --base.")
        with session.record() as record:
            size = session.size(record, state)
            overview = queries.overview(record, size)
        latitude, longitude = _numbers(middle, "--middle", 2)
        coast = _numbers(sea, "--sea", 2) if sea else None
        asked = Study(
            id="",
            title=title,
            made="",
            substance=substance,
            years=tuple(sorted(set(years))),
            emitters=emitters,
            wind=Wind(station, roughness, clouds, (coast[0], coast[1]) if coast else None),
            area=Area(latitude, longitude, 1000 * half, step),
            statistics=statistics or ("mean",),
            levels=_numbers(levels, "--levels") if levels else (),
            size=overview.tree_size if size is None else size,
            simulated=overview.simulated,
        )
    dispersion_study.require(asked)
    with session.record() as record:
        # refuse what it would fail on later
        dispersion_weather.require(
            record, asked.wind.station, asked.wind.roughness, clouds=asked.wind.clouds, sea=asked.wind.sea
        )
        dispersion_study_emissions.of_study(record, asked)
    made = dispersion_study.make(_studies(), asked, session.wiring.now())
    session.answer(made, lambda: click.echo(made.id))


@study.command(name="list", cls=Command)
def every() -> None:
    """List the studies, the newest first."""
    from goedebuur.services import dispersion_study

    studies = _studies()
    found = dispersion_study.every(studies)
    for name in dispersion_study.unreadable(studies):
        current().remark(f"{name}: what was asked in it cannot be read")
    rows = [
        (one.id, one.title, one.substance, ", ".join(map(str, one.years)), told.state.value, one.base)
        for one, told in found
    ]
    current().answer(
        [{"study": one, "progress": told} for one, told in found],
        lambda: table(("study", "title", "substance", "years", "state", "base"), rows),
    )


@study.command(cls=Command)
@click.argument("name", metavar="STUDY")
def show(name: str) -> None:
    """Show what is asked in a study, how far it is, and what came of it."""
    from goedebuur.services import dispersion_outcome, dispersion_study, dispersion_version
    from goedebuur.services.dispersion_study import State

    session, studies = current(), _studies()
    found, told = dispersion_study.find(studies, name), dispersion_study.progress(studies, name)
    outcome = dispersion_outcome.read(studies, name) if told.state is State.DONE else None
    rows: list[tuple[str, object]] = [
        ("title", found.title),
        ("substance", found.substance),
        ("years", ", ".join(map(str, found.years))),
        ("base", found.base),
        ("state", told.state.value + (f": {told.stage} {told.done}/{told.total}" if told.stage else "")),
        ("error", told.message),
    ]
    if outcome is not None:
        rows += [("hours", outcome.hours)]
        rows += [(f"left out: {why}", count) for why, count in outcome.left_out.items() if count]
        rows += [(f"doubtful: {why}", count) for why, count in outcome.doubtful.items()]
        if found.wind.sea is None:
            rows += [("doubtful", "not looked at: no directions of the sea were given")]
        if not dispersion_version.is_current(outcome.receipt):
            rows += [("reckoned", "before the program was changed: made anew, numbers may differ")]
        rows += [
            (
                f"highest at the places of the grid: {one}",
                "not known"
                if drawn.highest[0] is None
                else f"{drawn.highest[0]:.6g} {dispersion_outcome.unit_of(one)}",
            )
            for one, drawn in outcome.drawn.items()
        ]
        rows += [
            (
                f"{one.id} {one.name}",
                f"computed {one.computed:.3g}, measured {one.measured:.3g} µg/m³ ({one.hours} hours)",
            )
            for one in outcome.stations
            if one.computed is not None and one.measured is not None
        ]
    session.answer(
        {"study": found, "progress": told, "outcome": outcome},
        lambda: pairs([row for row in rows if row[1] not in ("", None)]),
    )


@study.command(cls=Command)
def work() -> Exit:
    """Reckon the studies that wait, one after the other; one that was left half-done goes on where it was.

    `goedebuur serve` does this by itself. One process at a time works on them. Where a
    study fails the command ends as its error does, after the others.
    """
    from goedebuur.services import dispersion_study, dispersion_study_work
    from goedebuur.services.dispersion_study import State

    session = current()
    ended, end = [], Exit.OK
    with session.record() as record:
        for name, told in dispersion_study_work.work(_studies(), record, session.wiring.now):
            session.remark(f"{name}: {told.state.value}" + (f": {told.message}" if told.message else ""))
            ended.append({"study": name, "progress": told})
            if told.state is State.FAILED and end is Exit.OK:
                end = Exit.FAILED if told.code == dispersion_study.BROKEN else exit_of(told.code)
    session.answer(ended, lambda: None)
    return end


@study.command(cls=Command)
@click.argument("name", metavar="STUDY")
@click.option("--undo", is_flag=True, help="Put one that was cancelled or failed in the queue again.")
def cancel(name: str, undo: bool) -> None:
    """Stop a study that waits or is being worked on. What was reckoned of it stays for another time."""
    from goedebuur.services import dispersion_study

    session, studies = current(), _studies()
    (dispersion_study.again if undo else dispersion_study.cancel)(studies, name, session.wiring.now())
    told = dispersion_study.progress(studies, name)
    session.answer(told, lambda: click.echo(told.state.value))


@study.command(cls=Command)
@click.argument("name", metavar="STUDY")
@click.argument("file", type=OUTPUT)
def report(name: str, file: Path) -> None:
    """Write the report of a study: a PDF that can be read aloud (PDF/UA-1), in Dutch."""
    from goedebuur.services.dispersion_report import of_study

    session = current()
    data = of_study(_studies(), name)
    file.write_bytes(data)
    session.answer({"file": file, "bytes": len(data)}, lambda: click.echo(str(file)))


def _studies() -> Studies:
    from goedebuur.store.studies import Studies

    return Studies(current().settings.home)


def _emitter(text: str) -> Emitter:
    """Return a facility with what is said of it: `ID,1000,high` or `ID,permitted,60x2x400x15`, each of them once."""
    from goedebuur.services import reported_beside_measured
    from goedebuur.services.dispersion_study import OWN, Basis, Emitter
    from goedebuur.services.tables_csv import GROUPED

    name, *more = (part.strip() for part in text.split(","))
    basis, kilograms, stack, own = Basis.REPORTED, None, "middle", None
    said: list[str] = []
    for part in more:
        said.append("stack" if part in reported_beside_measured.STACKS or "x" in part else "emission")
        if said.count(said[-1]) > 1:
            hint = f"{text!r} says its {said[-1]} more than once; kilograms have no comma: write 3160, or 3.1600"
            raise click.BadParameter(hint, param_hint="--facility")
        if part in reported_beside_measured.STACKS:
            stack = part
        elif part in (Basis.REPORTED, Basis.PERMITTED):
            basis = Basis(part)
        elif "x" in part:
            height, diameter, kelvin, speed = _numbers(part.replace("x", ","), "--facility", 4)
            stack, own = OWN, (height, diameter, kelvin, speed)
        elif GROUPED.fullmatch(part):
            hint = f"{part!r} may be thousands of kilograms or a fraction: write 3160, or 3.1600"
            raise click.BadParameter(hint, param_hint="--facility")
        else:
            basis, kilograms = Basis.GIVEN, _numbers(part, "--facility", 1)[0]
    return Emitter(name, basis, kilograms, stack, own)


def _numbers(text: str, option: str, many: int = 0) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or (many and len(found) != many):
        wanted = f"{many} numbers" if many else "numbers"
        raise click.BadParameter(f"{text!r} is not {wanted} with commas between them", param_hint=option)
    return found
