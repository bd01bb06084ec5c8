"""The air near the ground hour by hour, from the weather stations of the record.

A station that measures wind alone is joined with another that sees the clouds. An hour for which something is missing
has no figures, and says what is missing: nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.measurements.records import series_id
from goedebuur.services import inventory, tables_csv

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.weather.sectors import Sector
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.record import Record

ROUGHNESS: Final = declare("query-roughness", "The roughness of the ground cannot be that.")
HEIGHT: Final = 10.0
"""Of the measurement of the wind at KNMI's stations. [m]"""
STEP: Final = 3600
SUNLIGHT: Final = 1e4 / STEP
"""From J cm⁻² in an hour to W m⁻²."""
OCTAS: Final = 8.0
CALM: Final = "calm"
NO_WIND: Final = "no wind speed"
NO_TEMPERATURE: Final = "no temperature"
NO_CLOUDS: Final = "no cloud cover"
UNSEEN: Final = "sky invisible"
NO_DIRECTION: Final = "calm or variable direction"
NO_AGREEMENT: Final = "no friction velocity agrees"
WHY: Final = (NO_WIND, CALM, NO_TEMPERATURE, NO_CLOUDS, UNSEEN, NO_AGREEMENT, NO_DIRECTION)
"""Why an hour has no figures, the first that holds; for want of a direction alone there are figures."""
QUANTITIES: Final = {
    "wind": "wind_speed",
    "direction": "wind_direction",
    "temperature": "temperature",
    "sunlight": "radiation",
    "cloud": "cloud_cover",
}
"""What is read: its name here, and the quantity of the record."""
SECTORS: Final = {"from": "first", "until": "last", "roughness": "roughness", "displacement": "displacement"}
"""Columns of a table of the ground around a station, in degrees and m, and the fields that they become."""
FALLING: Final = {"rain": "rain", "pressure": "pressure", "humidity": "relative_humidity"}
"""What is read for what comes down: mm, hPa and %."""
OF_THE_WIND: Final = frozenset({"wind", "direction"})
COLUMNS: Final = (
    *("start", "wind", "direction", "temperature", "cloud", "sunlight"),
    *("friction", "obukhov", "sensible", "latent", "roughness", "displacement", "why"),
)
UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AirHours:
    """The hours of a period.

    Parameters
    ----------
    hours
        :data:`COLUMNS`: wind and friction velocity in m/s, direction from which it blows in °, temperature in °C, part
        of the sky that is covered, sunlight and both heats in W/m², Obukhov length, roughness and displacement in m;
        null where there is none.
    counts
        How many hours there are of each `why`; of "" those with everything.
    """

    wind_station: str
    cloud_station: str
    ground: tuple[Sector, ...]
    hours: pl.DataFrame
    counts: dict[str, int]


def hours(
    record: Record,
    station: str,
    period: Period,
    roughness: float | tuple[Sector, ...],
    *,
    clouds: str = "",
    as_of: int | None = None,
) -> AirHours:
    """Return the air near the ground at a weather station, for each hour of a period.

    Parameters
    ----------
    station
        That measures the wind, and the temperature and sunlight where it does.
    roughness
        Of the ground around it (`z0`, in m), or its sectors: then an hour goes by where the wind is from at its end.
    clouds
        Station that sees the clouds, and measures what the other does not; empty for the same.

    Raises
    ------
    GoedeBuurError
        `query-unknown-station`; `input-empty` for a station of which the place is not known; `query-roughness` for
        ground that cannot be, or so rough or lifted that the wind at ten metres says nothing of it.
    """
    import polars as pl

    from goedebuur.core.weather import fluxes, sectors, sun

    ground = around(roughness)
    place = inventory.station(record, station, as_of)
    other = inventory.station(record, clouds, as_of).id if clouds else place.id
    if not (isfinite(place.latitude) and isfinite(place.longitude)):
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            "The record does not say where the station is, and so not how high the sun stands there.",
            place="station",
            value=place.id,
            hint="Take in the supplier's list of stations: `goedebuur ingest`.",
        )
    frame = _measured(record, place.id, other, _whole_hours(period), as_of, QUANTITIES)
    frame = frame.with_columns(pl.col("sunlight") * SUNLIGHT, pl.col("cloud") / OCTAS)

    def column(name: str) -> Floats:
        return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    middles = frame["start"].dt.replace_time_zone(None).dt.offset_by("30m").to_numpy()
    sine = sun.sine_of_elevation(middles, place.latitude, place.longitude)
    rough, lifted = sectors.by_direction(ground, column("direction"))
    found = fluxes.fluxes(
        column("wind"), HEIGHT - lifted, rough, column("temperature"), column("cloud"), sine, column("sunlight")
    )
    told = ("sunlight", "friction", "obukhov", "sensible", "latent")
    frame = frame.with_columns(pl.Series(name, getattr(found, name)).fill_nan(None) for name in told)
    of_ground = {"roughness": rough, "displacement": lifted}
    frame = frame.with_columns(pl.Series(name, values).fill_nan(None) for name, values in of_ground.items())
    shown = frame.with_columns(_why().alias("why")).select(COLUMNS)
    counts = dict.fromkeys(("", *WHY), 0) | dict(shown["why"].value_counts().iter_rows())
    return AirHours(place.id, other, ground, shown, counts)


def sectors(data: bytes, name: str) -> tuple[Sector, ...]:
    """Return the ground around a station by direction, from a table with the columns of :data:`SECTORS`.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `query-roughness` for sectors that are not all around.
    """
    from goedebuur.core.weather import sectors

    found = []
    for line in tables_csv.lines(data, name, tuple(SECTORS)):
        numbers = {
            column: line.number_in(column, None, *sectors.Sector.LIMITS[field]) for column, field in SECTORS.items()
        }
        found.append(sectors.Sector(*numbers.values()))
    try:
        sectors.require_circle(found)
    except ValueError as error:
        raise GoedeBuurError(
            ROUGHNESS,
            "The sectors are not all around.",
            place=name,
            value=str(error),
            hint="Let each begin where another ends, clockwise, in degrees from 0 to 360.",
        ) from None
    return tuple(found)


def around(ground: float | tuple[Sector, ...]) -> tuple[Sector, ...]:
    """Return the ground around a station by direction: one roughness is that of all.

    Raises
    ------
    GoedeBuurError
        `query-roughness` for ground that cannot be, or lifted so far that the wind at ten metres says nothing.
    """
    from goedebuur.core.weather.sectors import Sector

    try:
        found = ground if isinstance(ground, tuple) else (Sector(0, 0, ground),)
    except ValueError as error:
        raise GoedeBuurError(
            ROUGHNESS,
            "The roughness of the ground cannot be that.",
            place="roughness",
            value=str(error),
            hint="Short grass has 0.03 m, farmland 0.1 m, a town 1 m.",
        ) from None
    for one in found:
        if one.displacement + one.roughness >= HEIGHT:
            raise GoedeBuurError(
                ROUGHNESS,
                "Of ground that is lifted so far the wind at ten metres says nothing.",
                place="displacement",
                value=f"{one.displacement:g}",
                hint="Take a station in the open.",
            )
    return found


def falling(record: Record, found: AirHours, period: Period, as_of: int | None = None) -> pl.DataFrame:
    """Return what says what comes down, for each hour of a period: `start`, and :data:`FALLING`; null for none.

    Rain of less than can be told (KNMI's −1) is none.
    """
    frame = _measured(record, found.wind_station, found.cloud_station, _whole_hours(period), as_of, FALLING)
    return frame.select("start", *FALLING)


def _measured(
    record: Record, station: str, other: str, period: Period, as_of: int | None, quantities: Mapping[str, str]
) -> pl.DataFrame:
    """Return what was measured by hour; of the second station what the first does not tell of, but not the wind."""
    import polars as pl

    starts = pl.datetime_range(
        period.start, period.end, "1h", closed="left", time_unit="us", time_zone="UTC", eager=True
    )
    frame = pl.DataFrame({"start": starts})
    for name, quantity in quantities.items():
        frame = frame.join(_values(record, station, quantity, period, as_of, name), on="start", how="left")
        if other != station and name not in OF_THE_WIND:
            second = _values(record, other, quantity, period, as_of, "second")
            first = pl.col(f"{name}_told").is_not_null()
            frame = (
                frame.join(second, on="start", how="left")
                .with_columns(
                    pl.when(first).then(name).otherwise("second").alias(name),
                    pl.coalesce(f"{name}_told", "second_told").alias(f"{name}_told"),
                )
                .drop("second", "second_told")
            )
    return frame


def _why() -> pl.Expr:
    """Return why an hour lacks something."""
    import polars as pl

    return (
        pl.when(pl.col("wind").is_null())
        .then(pl.lit(NO_WIND))
        .when(pl.col("wind") <= 0)
        .then(pl.lit(CALM))
        .when(pl.col("temperature").is_null())
        .then(pl.lit(NO_TEMPERATURE))
        .when(pl.col("cloud").is_null() & pl.col("cloud_told").is_not_null())
        .then(pl.lit(UNSEEN))
        .when(pl.col("cloud").is_null())
        .then(pl.lit(NO_CLOUDS))
        .when(pl.col("roughness").is_null())
        .then(pl.lit(NO_DIRECTION))
        .when(pl.col("friction").is_null())
        .then(pl.lit(NO_AGREEMENT))
        .when(pl.col("direction").is_null())
        .then(pl.lit(NO_DIRECTION))
        .otherwise(pl.lit(""))
    )


def _whole_hours(period: Period) -> Period:
    """Return the period from the first whole hour in it to the last."""
    hour = timedelta(seconds=STEP)
    first = UNIX + -(-(period.start - UNIX) // hour) * hour
    return Period(first, max(first + hour, UNIX + (period.end - UNIX) // hour * hour))


def _values(record: Record, station: str, quantity: str, period: Period, as_of: int | None, name: str) -> pl.DataFrame:
    """Return the values of a quantity by hour: null for a code in place of one, and whether anything was told.

    What is less than can be told is none.
    """
    import polars as pl

    rows = record.observations.read(
        series=[series_id(station, quantity, STEP)],
        start=period.start,
        end=period.end,
        as_of=as_of,
        columns=("start", "micro", "flags"),
    )
    fit = (pl.col("flags") & int(UNUSABLE)) == 0
    trace = (pl.col("flags") & int(UNUSABLE | Flag.BELOW_DETECTION)) == int(Flag.NOT_A_VALUE | Flag.BELOW_DETECTION)
    return rows.select(
        "start",
        pl.when(fit).then(pl.col("micro") / MICRO).when(trace).then(0.0).alias(name),
        pl.lit(value=True).alias(f"{name}_told"),
    )
