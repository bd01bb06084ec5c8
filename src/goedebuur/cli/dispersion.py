"""Commands on where emissions go: the air near the ground, and how well a model agrees with measurements."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.dispersion_contours import compare, contours
from goedebuur.cli.dispersion_evaluation import evaluate
from goedebuur.cli.dispersion_matrix import keep, of
from goedebuur.cli.dispersion_options import (
    FILE,
    fate_of,
    fate_options,
    middle_of,
    remark,
    source_options,
    tables_of,
    two,
    weather_of,
    weather_options,
)
from goedebuur.cli.dispersion_reported import reported
from goedebuur.cli.dispersion_study import study
from goedebuur.cli.options import GROUND, MOMENT, Command, Group, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.periods import Period

if TYPE_CHECKING:
    from goedebuur.core.dispersion.dutch import Variant
    from goedebuur.core.dispersion.evaluation import Scores
    from goedebuur.core.weather.sectors import Sector


@click.group(cls=Group)
def dispersion() -> None:
    """Where it goes: the air near the ground hour by hour, and how well a model agrees with measurements."""


for _command in (evaluate, keep, of, contours, compare, reported, study):
    dispersion.add_command(_command)


@dispersion.command(cls=Command)
@click.argument("station")
@click.option("--clouds", metavar="STATION", default="", help="Sees the clouds, where STATION measures wind alone.")
@click.option(
    "--roughness", type=GROUND, required=True, metavar="M|FILE", help="Of the ground around it: grass has 0.03 m."
)
@click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="First start.")
@click.option("--until", "end", required=True, type=MOMENT, metavar="TIME", help="Up to, not including.")
@click.option("--csv", "as_csv", is_flag=True, help="Write every hour as CSV in place of the counts.")
@as_of_option
def weather(
    station: str,
    clouds: str,
    roughness: float | tuple[Sector, ...],
    start: datetime,
    end: datetime,
    as_csv: bool,
    state: int | datetime | None,
) -> None:
    """Reckon friction, stability and heat near the ground, for each hour at a weather station.

    By Holtslag and Van Ulden, for short grass. The roughness is one number, or a table of the ground by where the wind
    is from, with the columns from, until [degrees, clockwise], roughness and displacement [m]. An hour that lacks
    something has no figures, and is counted with what it lacks; the counts go to the error stream where the hours are
    written.
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
    told = {"station": found.wind_station, "clouds": found.cloud_station, "ground": found.ground}
    session.answer(told | {"counts": found.counts}, lambda: table(("hours", "what they lack"), rows, right=("hours",)))


@dispersion.command(cls=Command)
@click.argument("surface", type=FILE)
@click.option("--profile", type=FILE, help="Profile of the same run.")
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
@source_options
@click.option("--receptors", required=True, type=FILE, help="Places, CSV.")
@click.option("--height", type=click.FloatRange(0, 1000), default=0.0, help="Of the places, in m; default: the ground.")
@click.option(
    "--statistic", metavar="NAME", multiple=True, help="As mean, p98, high-19; default: mean, highest, p98, p99.9."
)
@click.option(
    "--variant",
    type=click.Choice(["epa", "ops"]),
    default="epa",
    help="ops: rise and depth by constants of OPS; neither OPS nor the NNM.",
)
@click.option("--ozone", metavar="STATION", default="", help="Turn nitrogen oxides into NO2 with its ozone.")
@click.option("--no2-part", type=float, metavar="PART", help="Of the nitrogen oxides that leave as NO2, with --ozone.")
@fate_options
@weather_options
def run(
    receptors: Path,
    height: float,
    statistic: tuple[str, ...],
    variant: Variant,
    ozone: str,
    no2_part: float | None,
    **chosen: Any,
) -> None:
    """Reckon what stacks, volumes and areas add to the air at places, by weather of AERMET or a station of the record.

    A steady plume of AERMOD's class in flat country; not the model that Dutch law designates. Stacks have the columns
    id, x, y [m], emission [g/s], height [m], temperature [K], speed [m/s] and diameter [m]; volumes id, x, y, emission,
    height, and wide and deep, the σy and σz that they begin with [m]; areas id, emission (of the whole), height, deep,
    and outline: the corners as `x y; x y; x y` [m]; pits id, x, y of a corner, emission, height, wide, long [m], volume
    [m³] and angle [degrees]; buildings id, height [m] and outline; places id, x, y. Stacks may also have the
    column mouth: up, capped or horizontal. Answers are in µg/m³.

    With --ozone the emission is of nitrogen oxides as NO2, and answers are of NO2: what leaves as such, and NO as far
    as the ozone at that station goes, up to 0.9 of all.

    What comes down is told in µg/m² a second: of particles (columns diameter [µm], fraction, density [g/cm³]), or of a
    gas (in_air, in_water [cm²/s], cuticle [s/cm], henry [Pa m³/mol], reactivity). The ground is 1 town, 2 farmland,
    3 rangeland, 4 forest, 5 suburb with grass, 6 suburb with forest, 7 water, 8 desert or 9 wetland; seasons are
    1 midsummer, 2 autumn, 3 late autumn, 4 winter with snow and 5 spring.
    """
    from goedebuur.services import dispersion_at_places, dispersion_nitrogen

    session = current()
    fate, tables = fate_of(chosen), tables_of(chosen)
    weather, there = weather_of(session, falling=fate.what is not None, **chosen), None
    if bool(ozone) != (no2_part is not None):
        raise click.UsageError("--ozone and --no2-part go together.")
    if no2_part is not None:
        if fate != dispersion_at_places.NOTHING:
            raise click.UsageError("--ozone goes without what comes down or falls apart.")
        with session.record() as record:
            size = session.size(record, chosen["state"])
            weather, there = dispersion_nitrogen.with_ozone(record, weather, ozone, no2_part, as_of=size)
    with session.progress() as progress:
        found = dispersion_at_places.run(
            weather,
            (receptors.read_bytes(), receptors.name),
            lambda done, total: progress("blocks of hours", done, total),
            tables=tables,
            receptor=height,
            statistics=statistic or dispersion_at_places.STATISTICS,
            fate=fate,
            variant=variant,
            ozone=there,
        )
    remark(session, found.hours, found.left_out, found.doubtful)
    columns = ("place", *found.places[0].statistics, "highest at", *(("dry", "wet") if fate.what is not None else ()))
    rows = [
        (
            one.id,
            *(f"{n:.6g}" for n in one.statistics.values()),
            f"{one.highest_at:%Y-%m-%d %H:%M}{'Z' if one.highest_at.tzinfo else ''}",
            *(f"{n:.4g}" for n in (one.dry, one.wet) if n is not None),
        )
        for one in found.places
    ]
    right = tuple(name for name in columns if name not in ("place", "highest at"))
    session.answer(found, lambda: table(columns, rows, right=right))


@dispersion.command(cls=Command)
@click.argument("substance")
@click.option("--year", type=click.IntRange(2001, 2100), required=True, help="Of which releases are reported.")
@click.option("--station", metavar="STATION", required=True, help="Measures the wind.")
@click.option("--clouds", metavar="STATION", default="", help="Sees the clouds, where STATION measures wind alone.")
@click.option("--roughness", type=GROUND, required=True, metavar="M|FILE", help="Of the ground: farmland has 0.1 m.")
@click.option("--around", required=True, metavar="LATITUDE,LONGITUDE", help="Middle of the circle, in degrees.")
@click.option("--within", type=click.FloatRange(1, 25), default=15.0, metavar="KM", help="Radius; default: 15.")
@click.option("--sea", metavar="FROM,UNTIL", default="", help="Directions of wind from the sea, clockwise, in degrees.")
@as_of_option
def stations(
    substance: str,
    year: int,
    station: str,
    clouds: str,
    roughness: float | tuple[Sector, ...],
    around: str,
    within: float,
    sea: str,
    state: int | datetime | None,
) -> None:
    """Carry what facilities reported over a year to the stations around, beside what was measured there.

    SUBSTANCE is a quantity of a station, as so2. The register tells no stacks and no hours: the year is spread evenly,
    and three stacks are assumed. What others let out, and what comes from far, is in what was measured and not in what
    is computed. Not the model that Dutch law designates. In µg/m³; `more` is by how much the tenth of the hours in
    which most is computed is above the rest.
    """
    from goedebuur.services import dispersion_weather, reported_beside_measured

    middle, coast = middle_of(around, "--around"), two(sea, "--sea") if sea else None
    session = current()
    with session.record() as record, session.progress() as progress:
        size = session.size(record, state)
        weather = dispersion_weather.of_record(
            record, station, reported_beside_measured.year_of(year), roughness, clouds=clouds, sea=coast, as_of=size
        )
        found = reported_beside_measured.of_year(
            record,
            weather,
            substance,
            year,
            middle,
            within,
            lambda done, total: progress("hours", done, total),
            as_of=size,
        )
    remark(session, found.hours, found.left_out, found.doubtful)
    for one in found.facilities:
        session.remark(f"{one.kilograms:,.0f} kg reported by {one.name}")
    for name in found.without_place:
        session.remark(f"left out, since the register does not say where it is: {name}")
    stacks = tuple(reported_beside_measured.STACKS)
    columns = ("station", "km", "hours", "measured", *stacks, "more measured", *(f"more {one}" for one in stacks), "R")
    rows = [
        (
            f"{one.id} {one.name}".strip(),
            f"{one.nearest:.1f}",
            str(one.hours),
            f"{one.measured:.3g}",
            *(f"{one.computed[name]:.3g}" for name in stacks),
            "" if one.more is None else f"{one.more:.3g}",
            *(f"{one.computed_more[name]:.3g}" if one.computed_more else "" for name in stacks),
            "" if one.correlation is None else f"{one.correlation:.2f}",
        )
        for one in found.stations
    ]
    session.answer(found, lambda: table(columns, rows, right=columns[1:]))


@dispersion.command(cls=Command)
@click.argument("file", type=FILE)
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
