"""What a site let go in a year, from the averages of its stacks and from what was seen, beside what it reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions import annual, register
from goedebuur.core.emissions.annual import Year
from goedebuur.core.emissions.register import Method, Part, Row
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.emissions.tables import Lost, to_milligrams
from goedebuur.core.emissions.visible import mass
from goedebuur.core.sites.records import Site
from goedebuur.rules import release_thresholds, visible
from goedebuur.services import instrument_tests, sites, streams, visible_emissions

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.emission_files import Averages
    from goedebuur.services.record import Record

CLOCK: Final = Clock.LOCAL
"""On which the year of the register is cut: a calendar year. (EC) 166/2006 art. 5(1)"""
MEASURED: Final = "continuous measurement, hours without a valid mass filled in (docs/methods/annual-totals.md)"


@dataclass(frozen=True, slots=True)
class Totals:
    """The table of a site over a year, and of what it was made.

    Parameters
    ----------
    years
        (emission point, substance) → the year there, with the hours that were filled in.
    """

    site: str
    year: int
    rows: tuple[Row, ...]
    years: Mapping[tuple[str, str], Year]


def of_site(record: Record, site: str, year: int, averages: Averages, as_of: int | None = None) -> Totals:
    """Return what a site let go in a year.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = sites.find(record, Site, site, as_of)
    years: dict[tuple[str, str], Year] = {}
    for key, own in _groups(record, site, as_of).items():
        frame = _masses(record, own, year, averages, as_of)
        if frame is not None:
            years[key] = annual.year(frame, Period.year(year, CLOCK))
    parts = [_part(point, substance, one) for (point, substance), one in years.items()]
    parts += _seen(record, site, year, as_of)
    facilities = {one.value for one in found.facilities} or {site}
    reported = _reported(record, facilities, year, as_of)
    rows = register.table(parts, release_thresholds.thresholds(), year, reported)
    return Totals(site, year, rows, years)


def _groups(record: Record, site: str, as_of: int | None) -> Mapping[tuple[str, str], list[Stream]]:
    found: dict[tuple[str, str], list[Stream]] = {}
    for one in streams.of_site(record, site, as_of):
        if one.role is Role.CONCENTRATION and one.substance is not None:
            found.setdefault((one.emission_point, one.substance.id or one.substance.name), []).append(one)
    return found


def _masses(record: Record, own: list[Stream], year: int, averages: Averages, as_of: int | None) -> pl.DataFrame | None:
    """Return the shortest averages of the streams of one substance at one point; None where there are none."""
    import polars as pl

    frames = [short for one in own if (short := averages.short(one, year)).height]
    if not frames:
        return None
    every = pl.concat(frames)
    period = Period.year(year, CLOCK)
    # what was settled for another year may be of another length
    own_year = every.filter(pl.col("start") >= period.start, pl.col("start") < period.end)
    every = every.filter(pl.col("length") == (own_year if own_year.height else every)["length"].min())
    # the mass of a step is the same under any reference conditions
    one = every.filter(pl.col("reference") == pl.col("reference").min().over("stream"))
    known = {name: _expanded(record, name, own, period, as_of) for name in one["stream"].unique(maintain_order=True)}
    parts = [_with_uncertainty(one.filter(pl.col("stream") == name), known[name]) for name in known]
    return pl.concat(parts).select(*annual.MASSES, *annual.BESIDE)


def _expanded(record: Record, name: str, own: list[Stream], period: Period, as_of: int | None) -> Fraction | None:
    """Return the uncertainty of one value of an instrument, by its last test up to the end of the year. [mg/m³]"""
    stream = next(one for one in own if one.id == name)
    found = instrument_tests.expanded_before(record, stream, period.end, as_of)
    return None if found is None else found[0]


def _with_uncertainty(of_stream: pl.DataFrame, expanded: Fraction | None) -> pl.DataFrame:
    """Return the steps of a stream with the columns of :data:`annual.BESIDE`.

    The volume of a step is its mass over its concentration; where that is zero, the mean of the others is taken.
    """
    import polars as pl

    above = (pl.col("lost").fill_null(0).and_(int(Lost.OUTSIDE_RANGE | Lost.FLOW_OUTSIDE_RANGE)) != 0).alias(
        "above_range"
    )
    nothing = pl.lit(None, pl.Int64).alias("expanded")
    if expanded is None:
        return of_stream.with_columns(above, nothing)
    told = of_stream.with_columns(volume=pl.when(pl.col("standard") != 0).then(pl.col("mass") / pl.col("standard")))
    valid = told.filter("valid")["volume"].drop_nulls()
    if valid.is_empty():
        return of_stream.with_columns(above, nothing)
    volume = pl.col("volume").fill_null(valid.mean()).abs()
    micro = (volume * float(expanded * MICRO)).round().cast(pl.Int64)
    return told.with_columns(above, pl.when(pl.col("mass").is_not_null()).then(micro).alias("expanded"))


def _part(point: str, substance: str, one: Year) -> Part:
    return Part(
        substance=substance,
        about=point,
        method=Method.MEASURED,
        mass=None if one.total is None else to_milligrams(one.total),
        low=to_milligrams(one.low),
        high=None if one.high is None else to_milligrams(one.high),
        accidental=to_milligrams(one.accidental_total),
        basis=MEASURED,
    )


def _seen(record: Record, site: str, year: int, as_of: int | None) -> Iterator[Part]:
    """Yield what visible emissions may have let go of substances in the table of names; unconfirmed factors do not."""
    period = Period.year(year, CLOCK)
    looks = [one for one in visible_emissions.of_site(record, site, as_of) if period.start <= one.began < period.end]
    hours = Fraction(round((period.end - period.start).total_seconds()), 3600)
    for factor in visible.factors():
        if factor.substance and factor.status is Status.CONFIRMED:
            told = mass.estimate(factor, looks, hours)
            if told is not None:
                yield Part(
                    factor.substance, factor.place, Method.ESTIMATED, told.mass, told.low, told.high, basis=factor.id
                )


def _reported(record: Record, facilities: set[str], year: int, as_of: int | None) -> list[tuple[str, Fraction]]:
    found = []
    for body in record.catalogue.state("release", as_of).values():
        if body["facility"] in facilities and int(body["year"]) == year and body["medium"] == "air":
            found.append((str(body["pollutant"]), Fraction(int(body["value"]), 10 ** int(body["decimals"]))))
    return found
