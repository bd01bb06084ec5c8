"""What sources add to the air at places, and what of it comes down, from tables: statistics of all hours that count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_fates, dispersion_run, dispersion_statistics
from goedebuur.services.dispersion_fates import Fate
from goedebuur.services.dispersion_sources import Tables, of_receptors
from goedebuur.services.dispersion_weather import Weather

if TYPE_CHECKING:
    from goedebuur.core.dispersion.dutch import Variant
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_nitrogen import Ozone

STATISTICS: Final = ("mean", "highest", "p98", "p99.9")
NOTHING: Final = Fate()
"""Of a substance that stays in the air as it is."""


@dataclass(frozen=True, slots=True)
class AtPlace:
    """What the sources together add at a place, over the hours that count.

    Parameters
    ----------
    statistics
        As `dispersion_statistics` names them. [µg m⁻³], or hours or days
    highest_at
        Start of the highest hour.
    dry, wet
        Mean of what comes down to dry ground and with rain; None where it was not asked. [µg m⁻² s⁻¹]
    """

    id: str
    x: float
    y: float
    statistics: Mapping[str, float]
    highest_at: datetime
    dry: float | None = None
    wet: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What a run says: of each place, and over which hours.

    Parameters
    ----------
    hours
        How many count.
    left_out, doubtful
        Why → how many do not count, and how many count and lie outside what a plume of this kind can say.
    """

    places: tuple[AtPlace, ...]
    hours: int
    left_out: Mapping[str, int]
    doubtful: Mapping[str, int]


def run(
    weather: Weather,
    receptors: tuple[bytes, str],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    tables: Tables,
    receptor: float = 0.0,
    statistics: Sequence[str] = STATISTICS,
    fate: Fate = NOTHING,
    variant: Variant = "epa",
    ozone: Ozone | None = None,
) -> Run:
    """Return what sources add at places.

    Parameters
    ----------
    receptors
        CSV with the columns of `dispersion_sources.RECEPTORS`, and its name for errors.
    receptor
        Height of the places. [m]
    statistics
        As `dispersion_statistics` names them.
    fate
        What becomes of the substance on its way.
    variant
        Which formulas; another than EPA's goes without a fate.
    ozone
        With which nitrogen oxides become NO2, of the hours of the weather: then all is of NO2. It goes without a fate.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`, `Tables.read` and `dispersion_fates`; `input-duplicate` for a name that comes twice;
        `input-number` for a place too near to a source or farther than 50 km, or an hour that gives no concentration;
        `query-unknown-statistic`; `query-variant`.
    """
    for name in statistics:
        dispersion_statistics.Statistic.named(name)
    sources, fields = tables.read()
    places = of_receptors(*receptors, sources, fields)
    air = dispersion_fates.usable(weather, fate)
    down: tuple[Floats, Floats] | None = None
    if fate == NOTHING:
        told = dispersion_run.hourly(air, sources, places, progress, fields=fields, receptor=receptor, variant=variant)
    elif variant != "epa":
        raise GoedeBuurError(
            dispersion_run.VARIANT,
            f"The variant {variant} does not say what becomes of a substance.",
            place="variant",
            value=variant,
            hint="Leave out the variant, or what comes down and falls apart.",
        )
    else:
        totals = dispersion_fates.hourly(air, sources, fields, places, fate, progress, receptor=receptor)
        told = totals.concentration
        down = (totals.dry.mean(axis=0), totals.wet.mean(axis=0)) if fate.what is not None else None
    if ozone is not None:
        told = ozone.dioxide(told)
    starts = air.hours["start"].to_list()
    found = dispersion_statistics.of_hours(told, starts, statistics)
    highest = told.argmax(axis=0).tolist()
    ones = tuple(
        AtPlace(
            one.id,
            one.x,
            one.y,
            {name: float(values[number]) for name, values in found.items()},
            starts[highest[number]],
            *((float(part[number]) for part in down) if down is not None else ()),
        )
        for number, one in enumerate(places)
    )
    return Run(ones, air.hours.height, air.left_out, air.doubtful)
