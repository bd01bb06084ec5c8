"""What facilities report to emit, carried to the stations around them, beside what those measure in the same hours.

A register says how much a facility let out in a year and where, not from which stacks or when. So the year is spread
evenly over its hours, and there are three stacks to choose from: assumptions, and named so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.distances import distance
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import Period
from goedebuur.core.base.quantities import MICRO, QUANTITIES
from goedebuur.core.measurements.records import series_id
from goedebuur.rules import substance_codes
from goedebuur.services import dispersion_run, inventory, planes
from goedebuur.services.dispersion_sources import FAR, Receptor, Source
from goedebuur.services.dispersion_weather import numbers

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.dispersion.stacks import Stack
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_weather import Weather
    from goedebuur.services.planes import Plane
    from goedebuur.services.record import Record
    from goedebuur.services.views import FacilityView, StationView

NO_REPORT: Final = declare("query-no-report", "No facility there reported this substance over this year.")
NO_SUBSTANCE: Final = declare("query-no-substance", "No register tells of this substance.")
NO_STATION: Final = declare("query-no-station", "No station there measured this substance in this year.")
REPORTED_AS: Final[Mapping[str, str]] = {"so2": "sox", "no2": "nox"}
"""Quantity at a station → substance in the register, where they differ. All NOx, reported as NO2, counts as NO2."""
STACKS: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "low": (15.0, 1.0, 293.0, 5.0),
    "middle": (50.0, 2.0, 380.0, 12.0),
    "high": (100.0, 4.0, 420.0, 18.0),
}
"""Assumed stacks: height [m], diameter [m], temperature [K] and speed [m/s] of the gas."""
HIGH_PART: Final = 0.9
"""Hours in which the model says more than in this part of them are those in which the plume is at a station."""
STEP: Final = 3600
CONCENTRATION: Final = "µg/m³"
"""Unit in which what is measured is told: some quantities are kept in ng/m³."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A facility and what it reported over the year. [kg]"""

    id: str
    name: str
    kilograms: float


@dataclass(frozen=True, slots=True)
class AtStation:
    """A station; concentrations in µg/m³, over the hours of which there are both weather and a measurement.

    Parameters
    ----------
    nearest
        Distance to the nearest of the facilities. [km]
    computed
        Assumed stack → mean.
    more, computed_more
        How much more was measured, and is computed, in the tenth of the hours in which the model (middle stack) says
        most than in the rest; None where it says the same of all.
    correlation
        Of measured and computed hours with the middle stack; None where one of them does not change.
    """

    id: str
    name: str
    nearest: float
    hours: int
    measured: float
    computed: Mapping[str, float]
    more: float | None
    computed_more: Mapping[str, float]
    correlation: float | None


@dataclass(frozen=True, slots=True)
class Beside:
    """The stations, from what it follows, and which hours count.

    Parameters
    ----------
    without_place
        Facilities that reported the substance but not where they are: left out.
    """

    substance: str
    year: int
    stations: tuple[AtStation, ...]
    facilities: tuple[Reported, ...]
    without_place: tuple[str, ...]
    hours: int
    left_out: Mapping[str, int]
    doubtful: Mapping[str, int]


def of_year(
    record: Record,
    weather: Weather,
    substance: str,
    year: int,
    middle: tuple[float, float],
    within: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    as_of: int | None = None,
) -> Beside:
    """Return what facilities in a circle add at the stations in it, beside what was measured there.

    Parameters
    ----------
    weather
        Of that year, from the record.
    substance
        A quantity of the record, as `so2`.
    middle, within
        Latitude and longitude of the middle [°], and the radius [km] of the circle.

    Raises
    ------
    GoedeBuurError
        `query-no-report`, `query-no-station`; `query-no-substance` for what is no quantity in air of which a register
        has a name.
    """
    plane = planes.around(*middle)
    placed, without_place = reporting(record, substance, year, middle, within, as_of)
    stations = [one for one in inventory.stations(record, as_of) if _measures(one, substance, middle, within)]
    sources = [source(one, substance, year, plane) for one in placed]
    receptors = [Receptor(one.id, *plane.placed(one.latitude, one.longitude)) for one in stations]
    measured = measured_in(record, stations, substance, weather.hours, year_of(year), as_of)
    there = [number for number, one in enumerate(stations) if _finite(measured[one.id])]
    if not there:
        raise GoedeBuurError(
            NO_STATION, "No station in the circle measured this substance in the hours that count.",
            place="substance, year", value=f"{substance} {year}",
            hint="Take a wider circle, or another year.",
        )  # fmt: skip
    computed = {}
    for turn, name in enumerate(STACKS):
        steps = dispersion_run.part_of(progress, turn, len(STACKS))
        ones = [replace(one, stack=stack(name)) for one in sources]
        computed[name] = dispersion_run.hourly(weather, ones, [receptors[number] for number in there], steps)
    told = tuple(
        _station(stations[number], placed, measured[stations[number].id], {n: c[:, at] for n, c in computed.items()})
        for at, number in enumerate(there)
    )
    return Beside(
        substance,
        year,
        tuple(sorted(told, key=lambda one: one.nearest)),
        tuple(reported(one, substance, year) for one in placed),
        without_place,
        weather.hours.height,
        weather.left_out,
        weather.doubtful,
    )


def reporting(
    record: Record, substance: str, year: int, middle: tuple[float, float], within: float, as_of: int | None = None
) -> tuple[list[FacilityView], tuple[str, ...]]:
    """Return facilities in a circle that reported a substance over a year, and the names of those without a place.

    Raises
    ------
    GoedeBuurError
        `query-no-report`, `query-no-substance`.
    """
    require_substance(substance)
    found = [one for one in inventory.facilities(record, as_of) if kilograms(one, substance, year) is not None]
    placed = [one for one in found if _inside(one, middle, within)]
    if not placed:
        raise GoedeBuurError(
            NO_REPORT, "No facility in the circle reported this substance over this year.",
            place="substance, year", value=f"{substance} {year}",
            hint="Is the middle latitude, then longitude? The register ends with 2020.",
        )  # fmt: skip
    return placed, tuple(one.name for one in found if one.latitude != one.latitude or one.longitude != one.longitude)


def reported(one: FacilityView, substance: str, year: int) -> Reported:
    """Return what a facility reported."""
    return Reported(one.id, one.name, kilograms(one, substance, year) or 0.0)


def known_substances() -> list[str]:
    """Return the quantities in air of which a register has a name."""
    named = {one.substance for one in substance_codes.codes() if one.scheme == substance_codes.NAME}
    return sorted(name for name, one in QUANTITIES.items() if not one.stack and REPORTED_AS.get(name, name) in named)


def require_substance(substance: str) -> None:
    """Refuse what is no quantity in air of which a register has a name: `query-no-substance`."""
    known = known_substances()
    if substance not in known:
        raise GoedeBuurError(
            NO_SUBSTANCE, "No register tells how much of this goes out.",
            place="substance", value=substance, hint=f"Choose from: {', '.join(known)}.",
        )  # fmt: skip


def year_of(year: int) -> Period:
    """Return a year in UTC."""
    return Period(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def _inside(one: FacilityView | StationView, middle: tuple[float, float], within: float) -> bool:
    return distance(*middle, one.latitude, one.longitude) <= min(within, FAR / 2000)


def _measures(one: StationView, substance: str, middle: tuple[float, float], within: float) -> bool:
    there = any(series.quantity == substance and series.step == STEP for series in one.series)
    return there and _inside(one, middle, within)


def kilograms(one: FacilityView, substance: str, year: int) -> float | None:
    """Return what a facility reported of a quantity over a year; None where it did not. [kg]"""
    wanted = REPORTED_AS.get(substance, substance)
    for release in one.releases:
        if release.year == year and substance_codes.by_name().get(release.pollutant) == wanted:
            return float(release.amount_text)
    return None


def source(one: FacilityView, substance: str, year: int, plane: Plane) -> Source:
    """Return a facility as one stack, of the middle height, that lets out evenly what was reported over a year."""
    seconds = (year_of(year).end - year_of(year).start).total_seconds()
    grams = 1000 * (kilograms(one, substance, year) or 0.0) / seconds
    return Source(one.id, *plane.placed(one.latitude, one.longitude), grams, stack("middle"))


def stack(name: str) -> Stack:
    """Return one of the assumed stacks."""
    from goedebuur.core.dispersion.stacks import Stack

    return Stack(*STACKS[name])


def measured_in(
    record: Record, stations: list[StationView], substance: str, hours: pl.DataFrame, period: Period, as_of: int | None
) -> dict[str, Floats]:
    """Return what was measured in hours of a period, by station; NaN where there is no usable value. [µg m⁻³]"""
    import polars as pl

    above, below = QUANTITIES[substance].ratios[CONCENTRATION]
    each = MICRO * above / below

    names = {series_id(one.id, substance, STEP): one.id for one in stations}
    rows = record.observations.read(
        series=sorted(names),
        start=period.start,
        end=period.end,
        as_of=as_of,
        columns=("series", "start", "micro", "flags"),
    ).filter((pl.col("flags") & int(UNUSABLE)) == 0)
    starts = hours.select("start")
    found = {}
    for series, station in names.items():
        ours = rows.filter(pl.col("series") == series).select("start", value=pl.col("micro") / each)
        found[station] = numbers(starts.join(ours, on="start", how="left", maintain_order="left"), "value")
    return found


def _finite(values: Floats) -> bool:
    import numpy as np

    return bool(np.isfinite(values).any())


def _station(
    one: StationView, facilities: list[FacilityView], measured: Floats, computed: Mapping[str, Floats]
) -> AtStation:
    import numpy as np

    there = np.isfinite(measured)
    seen, told = measured[there], computed["middle"][there]
    ordered = np.sort(told)
    at_plume = told > ordered[int(np.ceil(HIGH_PART * len(told))) - 1]

    def more(values: Floats) -> float:
        return float(values[at_plume].mean() - values[~at_plume].mean())

    both = bool(at_plume.any())
    varies = len(seen) > 1 and bool(seen.std() > 0) and bool(told.std() > 0)
    return AtStation(
        id=one.id,
        name=one.name,
        nearest=min(distance(one.latitude, one.longitude, f.latitude, f.longitude) for f in facilities),
        hours=int(there.sum()),
        measured=float(seen.mean()),
        computed={name: float(values[there].mean()) for name, values in computed.items()},
        more=more(seen) if both else None,
        computed_more={name: more(values[there]) for name, values in computed.items()} if both else {},
        correlation=float(np.corrcoef(seen, told)[0, 1]) if varies else None,
    )
