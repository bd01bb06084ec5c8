"""What becomes of a substance on its way: what of it comes down dry and with rain, and what falls apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import dispersion_surface, tables_csv
from goedebuur.services.dispersion_run import AT_ONCE, Setting, in_blocks, require_numbers
from goedebuur.services.dispersion_sources import Field, Receptor, Source
from goedebuur.services.dispersion_weather import Weather

if TYPE_CHECKING:
    from goedebuur.core.dispersion.air import Hours
    from goedebuur.core.dispersion.deposition import Cover
    from goedebuur.core.dispersion.fates import Loss, Totals
    from goedebuur.core.dispersion.stacks import Stack, Volume
    from goedebuur.core.dispersion.substances import FineParticles, Gas, Particles
    from goedebuur.core.dispersion.surface import Surface
    from goedebuur.core.weather.sun import Floats

BESIDE: Final = declare("query-fate-beside-building", "What comes down beside a building is not reckoned.")
NO_RAIN: Final = "no rain, humidity, pressure or clouds"
PARTICLES: Final = ("diameter", "fraction", "density")
"""Columns of a table of particles: µm, part of the mass, g/cm³."""
GAS: Final = ("in_air", "in_water", "cuticle", "henry", "reactivity")
"""Columns of a table of a gas, of one line: cm²/s, cm²/s, s/cm, Pa m³/mol, and 0 to 1."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a substance.

    Parameters
    ----------
    what
        What comes down; None where nothing does.
    cover
        Of a gas: what covers the ground.
    decay
        Which part falls apart in a second. [s⁻¹]
    """

    what: Particles | FineParticles | Gas | None = None
    cover: Cover | None = None
    decay: float = 0.0

    def lost(self, one: Stack | Volume, air: Hours, surface: Surface | None) -> Loss:
        """Return how fast the substance of a stack or a volume is lost in some hours."""
        from goedebuur.core.dispersion import fates

        if self.what is None or surface is None:
            return fates.decaying(len(air.mixed), self.decay)
        depth, direction = fates.depths(one, air), fates.directions(one, air)
        return fates.loss(self.what, surface, depth, self.cover, direction, self.decay)


def particles(data: bytes, name: str) -> Particles:
    """Return particles by size, from a table with the columns of :data:`PARTICLES`.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `input-number` for sizes that cannot be.
    """
    from goedebuur.core.dispersion.substances import Particles

    limits = dict(zip(PARTICLES, Particles.LIMITS.values(), strict=True))
    lines = list(tables_csv.lines(data, name, PARTICLES))
    told = [tuple(line.number_in(column, None, *limits[column]) for line in lines) for column in PARTICLES]
    try:
        return Particles(*told)
    except ValueError as error:
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "These are no particles by size.",
            place=lines[-1].place("fraction"),
            value=str(error),
            hint="The fractions are one together; there are at most twenty sizes.",
        ) from None


def gas(data: bytes, name: str) -> Gas:
    """Return a gas, from a table of one line with the columns of :data:`GAS`.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `input-duplicate` for more than one line.
    """
    from goedebuur.core.dispersion.substances import Gas

    first, *more = tables_csv.lines(data, name, GAS)
    if more:
        raise GoedeBuurError(
            errors.DUPLICATE_KEY,
            "There is more than one gas.",
            place=more[0].place("in_air"),
            value=more[0].cells["in_air"],
            hint="Give one line: a run is of one substance.",
        )
    return Gas(*(first.number_in(column, None, *Gas.LIMITS[column]) for column in GAS))


def usable(weather: Weather, fate: Fate) -> Weather:
    """Return the hours of which it is known what comes down; the others are left out and counted.

    Raises
    ------
    GoedeBuurError
        `input-empty` where there are none.
    """
    import polars as pl

    if fate.what is None:
        return weather
    needed = [name for name in dispersion_surface.NEEDED if name in weather.hours.columns]
    there = pl.all_horizontal(pl.col(name).is_not_null() for name in needed)
    used = weather.hours.filter(there) if len(needed) == len(dispersion_surface.NEEDED) else weather.hours.clear()
    gone = weather.hours.height - used.height
    if used.is_empty():
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            "The weather says in no hour what comes down.",
            place="weather",
            value=f"{gone} hours: {NO_RAIN}",
            hint="Take weather with rain, humidity, pressure and clouds.",
        )
    return replace(weather, hours=used, left_out=weather.left_out | ({NO_RAIN: gone} if gone else {}))


def hourly(
    weather: Weather,
    stacks: Sequence[Source],
    fields: Sequence[Field],
    places: Sequence[Receptor],
    fate: Fate,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    receptor: float = 0.0,
) -> Totals:
    """Return what sources bring to places and what of it comes down, each of shape (hours, places).

    Parameters
    ----------
    weather
        Of :func:`usable` hours.

    Raises
    ------
    GoedeBuurError
        `query-fate-beside-building`; `input-number` for an hour that gives no concentration.
    """
    from goedebuur.core.dispersion import air, fates

    _require_alone(stacks)
    setting = Setting(stacks, fields, places, receptor)
    surface = None
    if fate.what is not None and weather.every is not None:
        surface = dispersion_surface.of_hours(weather.every, weather.hours)
    told = fates.nothing(weather.hours.height, len(places))

    def block(first: int) -> None:
        part = type(told)(*(one[first : first + AT_ONCE] for one in told))
        of = air.hours(weather.air(first, AT_ONCE))
        near = None if surface is None else surface.part(first, AT_ONCE)
        _add(part, setting, of, setting.even(len(part.dry)), fate, near)

    in_blocks(block, weather.hours.height, progress)
    for values in told:
        require_numbers(values, weather)
    return told


def _add(totals: Totals, setting: Setting, air: Hours, emission: Floats, fate: Fate, surface: Surface | None) -> None:
    from goedebuur.core.dispersion import area_fates, fates, pits
    from goedebuur.core.dispersion.stacks import Volume

    lost = [fate.lost(one, air, surface) for one in setting.mouths]
    fates.add(totals, setting.mouths, lost, emission, air, setting.receptors, setting.receptor)
    let_out, there = emission[:, len(setting.mouths) :], (setting.east, setting.north)

    def of(height: float, deep: float) -> Loss:
        return fate.lost(Volume(height, 0.0, deep), air, surface)

    for number, area in setting.areas.items():
        one = [of(area.height, area.deep)]
        area_fates.add(totals, [area], one, let_out[:, [number]], air, *there, setting.receptor)
    for number, pit in setting.pits.items():
        loss = of(0.0, 0.0)
        one = [pits.escaping(loss, air)] if loss.fall.any() else [loss]
        pits.add(totals, [pit], let_out[:, [number]], air, *there, setting.receptor, one)


def _require_alone(stacks: Sequence[Source]) -> None:
    for one in stacks:
        if one.building is not None:
            raise GoedeBuurError(
                BESIDE,
                "What comes down beside a building is not reckoned.",
                place="buildings",
                value=one.id,
                hint="Leave the buildings out, or what becomes of the substance.",
            )
