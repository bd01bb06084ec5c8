"""Weather that a plume can be worked out in: as AERMET wrote it, or from the weather stations of the record.

An hour that lacks something does not count, and is counted with what it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import aermet
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import aermet_hours, air_hours, inventory

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.base.periods import Period
    from goedebuur.core.weather.profiles import Levels, Profiles
    from goedebuur.core.weather.sectors import Sector
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.record import Record

DIRECTIONS: Final = declare("query-directions", "The directions of the wind cannot be those.")
KELVIN: Final = 273.15
TEMPERATURE_HEIGHT: Final = 1.5
"""Of thermometers at KNMI's stations. [m]"""
MORNING: Final = 0.005
"""Gradient of potential temperature in the morning and above the mixed layer, where no sounding says it. [K m⁻¹]"""
TENTHS: Final = 10.0
RAIN, SNOW = 1.0, 20.0
"""Kinds of precipitation, as AERMET numbers them."""
NO_HEIGHT: Final = "no mixing height"
ONSHORE: Final = "onshore by day"


@dataclass(frozen=True, slots=True)
class Weather:
    """Hours that count, and those that do not.

    Parameters
    ----------
    hours
        One a row: `start`, `wind`, `direction`, and the fields of `core/weather/profiles.Ground`.
    levels
        What was observed at heights, in columns of `adapters/aermet.PROFILE`.
    adjusted
        Whether friction velocities were adjusted for low winds.
    left_out
        Why → how many hours do not count.
    doubtful
        Why → how many of the hours that count lie outside what a plume of this kind can say.
    every
        All hours, also those that do not count, as `dispersion_surface` takes them; None where it was not asked.
    apart
        Whether a wind observed above the mixed layer says nothing of that in it: see `core/weather/profiles.profiles`.
    """

    hours: pl.DataFrame
    levels: pl.DataFrame
    adjusted: bool
    left_out: dict[str, int]
    doubtful: dict[str, int]
    every: pl.DataFrame | None = None
    apart: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the hours that count."""
        return tuple(sorted(self.hours["start"].dt.year().unique()))

    def air(self, first: int, count: int) -> Profiles:
        """Return the air of some of the hours."""
        from goedebuur.core.weather.profiles import Ground, profiles

        part = self.hours.slice(first, count)
        told = [name for name in Ground.__dataclass_fields__ if name in part.columns]
        ground = Ground(**{name: numbers(part, name) for name in told})
        return profiles(ground, _levels(part, self.levels), adjusted=self.adjusted, apart=self.apart)


def of_aermet(surface: bytes, name: str, profile: tuple[bytes, str] | None = None) -> Weather:
    """Return the weather in a surface file of AERMET, with the profile of the same run.

    Raises
    ------
    GoedeBuurError
        Those of `aermet_hours`; `input-empty` where no hour counts.
    """
    import polars as pl

    seen = aermet_hours.of_files(surface, name, *(profile or (None, "")))
    above = ("wind", "friction", "mixed_by_wind", "roughness", "wind_height", "temperature", "temperature_height")
    told = pl.all_horizontal(pl.col(column) > 0 for column in above) & pl.col("direction").is_not_null()
    warmed = (pl.col("obukhov") < 0) & (pl.col("convective") > 0) & (pl.col("mixed_by_heat") > 0)
    used = seen.hours.filter(told & ((pl.col("obukhov") > 0) | warmed))
    calm = seen.hours.filter(pl.col("wind") == 0).height
    left_out = {"calm": calm, "missing": seen.hours.height - used.height - calm}
    adjusted = aermet.is_adjusted(surface)
    return _required(Weather(used, seen.levels, adjusted, left_out, {}, seen.hours), name)


def of_record(
    record: Record,
    station: str,
    period: Period,
    roughness: float | tuple[Sector, ...],
    *,
    clouds: str = "",
    sea: tuple[float, float] | None = None,
    falling: bool = False,
    as_of: int | None = None,
) -> Weather:
    """Return the weather at a station of the record.

    The height that wind mixes follows from the friction velocity, that of heat from what the ground gave off since the
    morning, through air that gets warmer by :data:`MORNING`: no sounding says it. A direction told in tens of degrees
    is put anywhere in its ten, evenly over hours in a row, and halfway that of the hour before: it is told at the end
    of an hour.

    Parameters
    ----------
    station, period, roughness, clouds
        As `air_hours.hours` takes them.
    sea
        Directions between which the wind comes from the sea, clockwise; by day such hours are doubtful, since the air
        from the sea is not mixed as that over land. [°]
    falling
        Whether to read what says what comes down as well.

    Raises
    ------
    GoedeBuurError
        Those of `air_hours.hours`; `query-roughness` for ground of which the wind at ten metres says nothing;
        `query-directions` for directions of the sea that cannot be; `input-empty` where no hour counts.
    """
    import numpy as np
    import polars as pl

    from goedebuur.core.weather import directions, mixing

    found = air_hours.hours(record, station, period, roughness, clouds=clouds, as_of=as_of)
    _require(found.ground, sea)
    frame = found.hours
    sensible, friction = numbers(frame, "sensible"), numbers(frame, "friction")
    kelvin = numbers(frame, "temperature") + KELVIN
    by_heat = mixing.by_heat(sensible, numbers(frame, "sunlight") == 0, MORNING)
    number = (frame["start"] - air_hours.UNIX).dt.total_hours().to_numpy().astype(np.int64)
    turned = directions.over_hours(directions.spread(numbers(frame, "direction"), number))
    told = {
        "direction": turned,
        "temperature": kelvin,
        "mixed_by_wind": mixing.by_wind(friction),
        "mixed_by_heat": by_heat,
        "convective": mixing.convective_scale(sensible, by_heat, kelvin),
    }
    frame = frame.with_columns(
        *(pl.Series(name, values).fill_nan(None) for name, values in told.items()),
        gradient=pl.lit(MORNING),
        wind_height=pl.lit(air_hours.HEIGHT),
        temperature_height=pl.lit(TEMPERATURE_HEIGHT),
    )
    if falling:
        frame = _with_falling(frame, air_hours.falling(record, found, period, as_of))
    whole = frame.filter(pl.col("why") == "")
    used = whole.filter((pl.col("obukhov") > 0) | pl.col("mixed_by_heat").is_not_null())
    left_out = {why: count for why, count in found.counts.items() if why and count}
    left_out |= {NO_HEIGHT: whole.height - used.height} if used.height < whole.height else {}
    doubtful = {ONSHORE: _onshore(used, sea)} if sea is not None else {}
    none = pl.DataFrame(schema={"start": pl.Datetime("us", "UTC"), **dict.fromkeys(aermet.PROFILE, pl.Float64())})
    return _required(Weather(used, none, False, left_out, doubtful, frame if falling else None), station)


def _with_falling(frame: pl.DataFrame, falling: pl.DataFrame) -> pl.DataFrame:
    """Return hours with what `dispersion_surface` asks for; what falls under freezing is taken as snow."""
    import polars as pl

    from goedebuur.core.weather import radiation

    return frame.join(falling, on="start", how="left", maintain_order="left").with_columns(
        pl.col("cloud") * TENTHS,
        code=pl.when(pl.col("temperature") < KELVIN).then(SNOW).otherwise(RAIN),
        bowen=pl.col("sensible") / pl.col("latent"),
        albedo=pl.lit(radiation.ALBEDO),
    )


def require(
    record: Record,
    station: str,
    roughness: float | tuple[Sector, ...],
    *,
    clouds: str = "",
    sea: tuple[float, float] | None = None,
    as_of: int | None = None,
) -> None:
    """Refuse weather that cannot be had, before the hours are read; as :func:`of_record` does with the same.

    Raises
    ------
    GoedeBuurError
        `query-unknown-station`; `query-roughness`; `query-directions`.
    """
    for name in (station, *([clouds] if clouds else [])):
        inventory.station(record, name, as_of)
    _require(air_hours.around(roughness), sea)


def _require(ground: tuple[Sector, ...], sea: tuple[float, float] | None) -> None:
    for one in ground:
        if one.displacement + 7 * one.roughness >= air_hours.HEIGHT:
            raise GoedeBuurError(
                air_hours.ROUGHNESS,
                "Of ground that rough the wind at ten metres does not say what a plume needs.",
                place="roughness",
                value=f"{one.roughness:g} m, lifted by {one.displacement:g} m",
                hint="The displacement and seven times the roughness stay under ten metres: take an open station.",
            )
    if sea is not None and not (all(0 <= one <= 360 for one in sea) and sea[0] % 360 != sea[1] % 360):
        raise GoedeBuurError(
            DIRECTIONS,
            "These are no two directions of the wind between which the sea lies.",
            place="sea",
            value=", ".join(f"{one:g}" for one in sea),
            hint="Give two different ones from 0 to 360 degrees, clockwise: 205,25 for a coast in the west.",
        )


def numbers(frame: pl.DataFrame, name: str) -> Floats:
    """Return a column, NaN where there is no value."""
    import polars as pl

    return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _required(weather: Weather, name: str) -> Weather:
    if weather.hours.is_empty():
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            "The weather lacks something in every hour.",
            place=name,
            value=", ".join(f"{count} {why}" for why, count in weather.left_out.items() if count),
            hint="Take another period or station, or with --clouds one that measures what this one does not.",
        )
    return weather


def _onshore(frame: pl.DataFrame, sea: tuple[float, float]) -> int:
    """Return in how many hours the ground warms air that comes from the sea."""
    import polars as pl

    first, last = sea
    within = (pl.col("direction") - first) % 360 <= (last - first) % 360
    return frame.filter(within & (pl.col("obukhov") < 0)).height


def _levels(weather: pl.DataFrame, levels: pl.DataFrame) -> Levels:
    """Return what was observed at heights in these hours; of turning winds as σv."""
    import numpy as np

    from goedebuur.core.weather.profiles import Levels
    from goedebuur.core.weather.turbulence import across_of_turning

    hours = weather.select("start").with_row_index("hour")
    seen = levels.join(hours, on="start").sort("hour", "height")
    if seen.is_empty():
        return Levels.none(weather.height)
    row = seen["hour"].to_numpy()
    place = np.arange(len(row)) - np.searchsorted(row, row)
    shape = weather.height, int(place.max()) + 1

    def spread(values: Floats) -> Floats:
        found = np.full(shape, np.nan)
        found[row, place] = values
        return found

    wind = numbers(seen, "wind")
    return Levels(
        height=spread(numbers(seen, "height")),
        wind=spread(wind),
        temperature=spread(numbers(seen, "temperature") + KELVIN),
        across=spread(across_of_turning(numbers(seen, "turn"), wind)),
        upward=spread(numbers(seen, "rise")),
        direction=spread(numbers(seen, "direction")),
    )
