"""Commands on where emissions go: the air near the ground, and how well a model agrees with measurements."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import MOMENT, Command, Group, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.periods import Period

if TYPE_CHECKING:
    from goedebuur.core.dispersion.evaluation import Scores


@click.group(cls=Group)
def dispersion() -> None:
    """Where it goes: the air near the ground hour by hour, and how well a model agrees with measurements."""


@dispersion.command(cls=Command)
@click.argument("station")
@click.option("--clouds", metavar="STATION", default="", help="Sees the clouds, where STATION measures wind alone.")
@click.option("--roughness", type=float, required=True, metavar="M", help="Of the ground around it: grass has 0.03 m.")
@click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="First start.")
@click.option("--until", "end", required=True, type=MOMENT, metavar="TIME", help="Up to, not including.")
@click.option("--csv", "as_csv", is_flag=True, help="Write every hour as CSV in place of the counts.")
@as_of_option
def weather(
    station: str,
    clouds: str,
    roughness: float,
    start: datetime,
    end: datetime,
    as_csv: bool,
    state: int | datetime | None,
) -> None:
    """Reckon friction, stability and heat near the ground, for each hour at a weather station.

    By Holtslag and Van Ulden, for short grass. An hour that lacks something has no figures, and is counted with what
    it lacks; the counts go to the error stream where the hours are written.
    """
    from goedebuur.services import air_hours

    if end <= start:
        raise click.BadParameter("it comes before --from", param_hint="--until")
    session = current()
    with session.record() as record:
        size = session.size(record, state)
        found = air_hours.hours(record, station, Period(start, end), roughness, clouds=clouds, as_of=size)
    rows = [(number, why or "with everything") for why, number in found.counts.items() if number or not why]
    if as_csv:
        for number, why in rows:
            session.remark(f"{number} hours: {why}")
        found.hours.write_csv(sys.stdout, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        return
    told = {"station": found.wind_station, "clouds": found.cloud_station, "roughness": found.roughness}
    session.answer(told | {"counts": found.counts}, lambda: table(("hours", "what they lack"), rows, right=("hours",)))


@dispersion.command(cls=Command)
@click.argument("surface", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--profile", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Profile of the same run."
)
@click.option(
    "--csv", "as_csv", is_flag=True, help="Write every hour of the surface file as CSV in place of the counts."
)
def aermet(surface: Path, profile: Path | None, as_csv: bool) -> None:
    """Read a surface file of AERMET, and the profile beside it: how many hours there are to go by.

    What a number of AERMET's says is not there is left empty. Times have no zone: they are on the standard time of the
    place.
    """
    from goedebuur.services import aermet_hours

    beside = (profile.read_bytes(), profile.name) if profile is not None else (None, "")
    found = aermet_hours.of_files(surface.read_bytes(), surface.name, *beside)
    if as_csv:
        found.hours.write_csv(sys.stdout, datetime_format="%Y-%m-%dT%H:%M:%S")
        return
    current().answer(found.counts, lambda: pairs([(name, str(number)) for name, number in found.counts.items()]))


@dispersion.command(cls=Command)
@click.argument("surface", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--sources", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Stacks, CSV."
)
@click.option(
    "--receptors", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Places, CSV."
)
@click.option(
    "--profile", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Profile of the same run."
)
@click.option("--height", type=click.FloatRange(0, 1000), default=0.0, help="Of the places, in m; default: the ground.")
def run(surface: Path, sources: Path, receptors: Path, profile: Path | None, height: float) -> None:
    """Reckon what stacks add to the air at places, by the weather in a surface file of AERMET.

    A steady plume of AERMOD's class in flat country; not the model that Dutch law designates. Stacks have the columns
    id, x, y [m], emission [g/s], height [m], temperature [K], speed [m/s] and diameter [m]; places id, x, y. Answers
    are in µg/m³.
    """
    from goedebuur.services import dispersion_run

    session = current()
    with session.progress() as progress:
        found = dispersion_run.run(
            surface.read_bytes(),
            sources.read_bytes(),
            receptors.read_bytes(),
            (surface.name, sources.name, receptors.name),
            lambda done, total: progress("hours", done, total),
            profile=(profile.read_bytes(), profile.name) if profile is not None else None,
            receptor=height,
        )
    session.remark(
        f"{found.hours} hours; left out: {found.calm} calm, {found.missing} of which the weather lacks something"
    )
    columns = ("receptor", "mean", "highest", "at", *(f"P{one:g}" for one in dispersion_run.PERCENTILES))
    rows = [
        (
            one.id,
            *(f"{n:.6g}" for n in (one.mean, one.highest)),
            f"{one.highest_at:%Y-%m-%d %H:%M}",
            *(f"{n:.6g}" for n in one.percentiles),
        )
        for one in found.receptors
    ]
    session.answer(
        found, lambda: table(columns, rows, right=tuple(name for name in columns if name not in ("receptor", "at")))
    )


@dispersion.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--measured", required=True, metavar="COLUMN", help="Column with what was measured.")
@click.option("--modelled", required=True, metavar="COLUMN", help="Column with what the model says, in the same unit.")
@click.option("--missing", default="", metavar="TEXT", help="Stands for no value, beside an empty cell.")
def score(file: Path, measured: str, modelled: str, missing: str) -> None:
    """Say how well a model agrees with measurements, of a CSV table with a pair a line.

    FB, NMSE, FAC2, R, MG, VG and the robust highest concentration, as the field publishes them of its models.
    """
    from goedebuur.services import model_scores

    found = model_scores.of_table(file.read_bytes(), file.name, measured, modelled, missing)
    current().answer(found, lambda: pairs(_told(found)))


def _told(found: Scores) -> list[tuple[str, str]]:
    """Return the scores with the names that the field has for them."""
    return [
        ("pairs", str(found.pairs)),
        ("left out", str(found.left_out)),
        ("FB", f"{found.bias:.3f}"),
        ("NMSE", f"{found.error:.3f}"),
        ("FAC2", f"{found.within_two:.3f}"),
        ("R", f"{found.correlation:.3f}"),
        ("MG", f"{found.geometric_bias:.3f}"),
        ("VG", f"{found.geometric_variance:.3f}"),
        ("pairs of MG and VG", str(found.logarithmic)),
        ("RHC measured", f"{found.highest_measured:.6g}"),
        ("RHC modelled", f"{found.highest_modelled:.6g}"),
    ]
