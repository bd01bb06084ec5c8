"""Options that commands on dispersion share: what lets out, and the weather that carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from goedebuur.cli.options import MOMENT, Decorated, as_of_option
from goedebuur.core.base.periods import Period

if TYPE_CHECKING:
    from goedebuur.cli.session import Session
    from goedebuur.services.dispersion_weather import Weather

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


def source_options(function: Decorated) -> Decorated:
    """Add the tables of what lets out: `sources`, `volumes`, `areas`."""
    return _with(
        click.option("--sources", type=FILE, help="Stacks, CSV."),
        click.option("--volumes", type=FILE, help="Volumes that let out without rising, CSV."),
        click.option("--areas", type=FILE, help="Pieces of ground that let out evenly, CSV."),
    )(function)


def weather_options(function: Decorated) -> Decorated:
    """Add what :func:`weather_of` takes."""
    return _with(
        click.option("--surface", type=FILE, help="Weather: a surface file of AERMET."),
        click.option("--profile", type=FILE, help="Profile of the same run of AERMET."),
        click.option(
            "--station",
            metavar="STATION",
            default="",
            help="Weather: a station of the record, with --roughness, --from and --until.",
        ),
        click.option(
            "--clouds", metavar="STATION", default="", help="Sees the clouds, where STATION measures wind alone."
        ),
        click.option("--roughness", type=float, metavar="M", help="Of the ground around it: grass has 0.03 m."),
        click.option("--from", "start", type=MOMENT, metavar="TIME", help="First start."),
        click.option("--until", "end", type=MOMENT, metavar="TIME", help="Up to, not including."),
        click.option(
            "--sea", metavar="FROM,UNTIL", default="", help="Directions of wind from the sea, clockwise, in degrees."
        ),
        as_of_option,
    )(function)


def weather_of(
    session: Session,
    *,
    surface: Path | None,
    profile: Path | None,
    station: str,
    clouds: str,
    roughness: float | None,
    start: datetime | None,
    end: datetime | None,
    sea: str,
    state: int | datetime | None,
) -> Weather:
    """Return the weather that was asked for: of AERMET, or of a station of the record."""
    from goedebuur.services import dispersion_weather

    if (surface is None) == (not station):
        raise click.UsageError("Give --surface or --station: one kind of weather.")
    if surface is not None:
        if clouds or roughness is not None or start or end or sea:
            raise click.UsageError("--clouds, --roughness, --from, --until and --sea go with --station.")
        beside = (profile.read_bytes(), profile.name) if profile is not None else None
        return dispersion_weather.of_aermet(surface.read_bytes(), surface.name, beside)
    if profile is not None:
        raise click.UsageError("--profile goes with --surface.")
    if roughness is None or start is None or end is None or end <= start:
        raise click.UsageError("With --station give --roughness, --from, and an --until that comes after it.")
    with session.record() as record:
        size = session.size(record, state)
        period, coast = Period(start, end), two(sea, "--sea") if sea else None
        return dispersion_weather.of_record(record, station, period, roughness, clouds=clouds, sea=coast, as_of=size)


def remark(session: Session, hours: int, left_out: Mapping[str, int], doubtful: Mapping[str, int]) -> None:
    """Say how many hours count, and why others do not."""
    gone = ", ".join(f"{count} {why}" for why, count in left_out.items() if count)
    session.remark(f"{hours} hours; left out: {gone or 'none'}")
    for why, count in doubtful.items():
        session.remark(f"{count} of these hours are outside what this model can say: {why}")


def read(path: Path | None) -> tuple[bytes, str] | None:
    """Return the content of a file and its name; None for none."""
    return (path.read_bytes(), path.name) if path is not None else None


def two(text: str, option: str) -> tuple[float, float]:
    """Return two numbers with a comma between them."""
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not two numbers with a comma between them", param_hint=option) from None
    return first, second


def _with(*options: Callable[[Any], Any]) -> Callable[[Decorated], Decorated]:
    def add(function: Decorated) -> Decorated:
        for option in reversed(options):
            function = option(function)
        return function

    return add
