"""Options that commands on dispersion share: what lets out, and the weather that carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from goedebuur.cli.options import GROUND, MOMENT, Decorated, as_of_option
from goedebuur.core.base.periods import Period

if TYPE_CHECKING:
    from goedebuur.cli.session import Session
    from goedebuur.core.weather.sectors import Sector
    from goedebuur.services.dispersion_fates import Fate
    from goedebuur.services.dispersion_sources import Tables
    from goedebuur.services.dispersion_weather import Weather

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


TABLES: Final = ("sources", "volumes", "areas", "pits", "buildings")


def source_options(function: Decorated) -> Decorated:
    """Add the tables of what lets out, and of what stands beside it: `sources`, `volumes`, `areas`, `buildings`."""
    return _with(
        click.option("--sources", type=FILE, help="Stacks, CSV."),
        click.option("--volumes", type=FILE, help="Volumes that let out without rising, CSV."),
        click.option("--areas", type=FILE, help="Pieces of ground that let out evenly, CSV."),
        click.option("--pits", type=FILE, help="Open pits, CSV."),
        click.option("--buildings", type=FILE, help="Buildings around the stacks, CSV."),
    )(function)


def tables_of(chosen: dict[str, Any]) -> Tables:
    """Return the tables that were given with :func:`source_options`, and take these out of what was chosen."""
    from goedebuur.services.dispersion_sources import Tables

    return Tables(*(read(chosen.pop(name)) for name in TABLES))


def fate_options(function: Decorated) -> Decorated:
    """Add what :func:`fate_of` takes: what becomes of the substance on its way."""
    return _with(
        click.option("--particles", type=FILE, help="What comes down: particles by size, CSV."),
        click.option("--fine", metavar="PART,µM", default="", help="Or: the part up to 2.5 µm, and mean size."),
        click.option("--gas", type=FILE, help="Or a gas that ground, plants and rain take up, CSV."),
        click.option("--ground-use", type=click.IntRange(1, 9), help="What covers the ground, for a gas."),
        click.option("--seasons", metavar="N,N,...", default="", help="Season of plants in each month, for a gas."),
        click.option(
            "--half-life",
            type=click.FloatRange(0, min_open=True),
            metavar="HOURS",
            help="In which half of it falls apart.",
        ),
    )(function)


def fate_of(chosen: dict[str, Any]) -> Fate:
    """Return what becomes of the substance, and take it out of what was chosen."""
    from goedebuur.core.dispersion.deposition import Cover
    from goedebuur.core.dispersion.substances import FineParticles, decay_of
    from goedebuur.services import dispersion_fates

    particles, fine, gas = chosen.pop("particles"), chosen.pop("fine"), chosen.pop("gas")
    use, seasons, half_life = chosen.pop("ground_use"), chosen.pop("seasons"), chosen.pop("half_life")
    if sum(map(bool, (particles, fine, gas))) > 1:
        raise click.UsageError("Give one of --particles, --fine and --gas: a run is of one substance.")
    if (gas is None) != (use is None) or (gas is None) != (not seasons):
        raise click.UsageError("--gas, --ground-use and --seasons go together.")
    try:
        decay = decay_of(3600 * half_life) if half_life is not None else 0.0
        if gas is not None:
            cover = Cover((use,) * 36, tuple(int(one) for one in seasons.split(",")))
            return dispersion_fates.Fate(dispersion_fates.gas(*_named(gas)), cover, decay)
        if particles is not None:
            return dispersion_fates.Fate(dispersion_fates.particles(*_named(particles)), decay=decay)
        what = FineParticles(*two(fine, "--fine")) if fine else None
    except ValueError as error:
        raise click.UsageError(f"That cannot be what becomes of a substance: {error}.") from None
    return dispersion_fates.Fate(what, decay=decay)


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
        click.option("--roughness", type=GROUND, metavar="M|FILE", help="Of the ground around it: grass has 0.03 m."),
        click.option("--from", "start", type=MOMENT, metavar="TIME", help="First start."),
        click.option("--until", "end", type=MOMENT, metavar="TIME", help="Up to, not including."),
        click.option(
            "--sea", metavar="FROM,UNTIL", default="", help="Directions of wind from the sea, clockwise, in degrees."
        ),
        click.option(
            "--layer-apart",
            "apart",
            is_flag=True,
            help="A wind seen above the mixed layer says nothing of that in it: as AERMOD 24142.",
        ),
        as_of_option,
    )(function)


def weather_of(session: Session, *, apart: bool = False, **chosen: Any) -> Weather:
    """Return the weather that was asked for: of AERMET, or of a station of the record, where told with rain."""
    return replace(_weather_of(session, **chosen), apart=apart)


def _weather_of(
    session: Session,
    *,
    surface: Path | None,
    profile: Path | None,
    station: str,
    clouds: str,
    roughness: float | tuple[Sector, ...] | None,
    start: datetime | None,
    end: datetime | None,
    sea: str,
    state: int | datetime | None,
    falling: bool = False,
) -> Weather:
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
        return dispersion_weather.of_record(
            record, station, period, roughness, clouds=clouds, sea=coast, falling=falling, as_of=size
        )


def remark(session: Session, hours: int, left_out: Mapping[str, int], doubtful: Mapping[str, int]) -> None:
    """Say how many hours count, and why others do not."""
    gone = ", ".join(f"{count} {why}" for why, count in left_out.items() if count)
    session.remark(f"{hours} hours; left out: {gone or 'none'}")
    for why, count in doubtful.items():
        session.remark(f"{count} of these hours are outside what this model can say: {why}")


def read(path: Path | None) -> tuple[bytes, str] | None:
    """Return the content of a file and its name; None for none."""
    return _named(path) if path is not None else None


def _named(path: Path) -> tuple[bytes, str]:
    return path.read_bytes(), path.name


def two(text: str, option: str) -> tuple[float, float]:
    """Return two numbers with a comma between them."""
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not two numbers with a comma between them", param_hint=option) from None
    return first, second


def middle_of(text: str, option: str) -> tuple[float, float]:
    """Return latitude and longitude. [°]"""
    latitude, longitude = two(text, option)
    if not (-90 < latitude < 90 and -180 <= longitude <= 180):
        raise click.BadParameter("a latitude from -90 to 90 and then a longitude", param_hint=option)
    return latitude, longitude


def _with(*options: Callable[[Any], Any]) -> Callable[[Decorated], Decorated]:
    def add(function: Decorated) -> Decorated:
        for option in reversed(options):
            function = option(function)
        return function

    return add
