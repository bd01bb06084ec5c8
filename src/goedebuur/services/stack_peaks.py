"""Peaks at the stacks of a site: found, told apart by cause, seen beside others, and held beside a limit.

Short-term averages come from who calls (:class:`goedebuur.services.emission_verdicts.Averages`); load and the state of
the abatement are raw values in the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.compliance.emissions.requirements import MASS_FLOW
from goedebuur.core.emissions import peaks
from goedebuur.core.emissions.peaks import causes, ranking, together
from goedebuur.core.emissions.peaks.causes import Told
from goedebuur.core.emissions.peaks.ranking import Order
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.emissions.tables import to_milligrams
from goedebuur.core.permits.limits import Averaging
from goedebuur.services import emission_alerts, emission_places, queries, streams
from goedebuur.services.emission_alerts import Candidate

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.emission_files import Averages
    from goedebuur.services.record import Record

SHORTEST: Final = (Averaging.TEN_MINUTES, Averaging.HALF_HOUR, Averaging.HOUR, Averaging.DAY)
"""Of which averages a limit is held beside a peak: the first that there is one for."""
NORMAL: Final = "normal"


@dataclass(frozen=True, slots=True)
class Limit:
    """The value that the peaks of a stream are held beside. [mg/Nm³]"""

    value: Fraction
    averaging: Averaging
    reference: str
    source: str


@dataclass(frozen=True, slots=True)
class PeakView:
    """One peak, with everything that is said of it.

    Parameters
    ----------
    top, level, height
        [10⁻⁶ mg/m³]
    extra_mass
        [mg]; None where flow is not known.
    of_limit
        Top over limit, in thousandths; None where no limit is known.
    beside
        Other streams that show it.
    event
        One number for all peaks of one event.
    """

    stream: str
    emission_point: str
    start: datetime
    end: datetime
    top: int
    level: int
    height: int
    extra_mass: int | None
    missing: int
    cut: int
    state: str
    of_limit: int | None
    told: Told
    beside: tuple[str, ...]
    event: int


def of_site(
    record: Record,
    site: str,
    year: int,
    averages: Averages,
    *,
    order: Order = Order.MASS,
    least_load: Mapping[str, Fraction] | None = None,
    as_of: int | None = None,
) -> tuple[PeakView, ...]:
    """Return the peaks of a year at the stacks of a site, in an order.

    Parameters
    ----------
    least_load
        Stream of load → from which value on the plant is at work. [unit of the stream] No record says it, so that
        without it the load shows nothing.
    """
    there, short, held = _gathered(record, site, year, averages, as_of)
    if short.is_empty():
        return ()
    import polars as pl

    parts = [
        peaks.find(peaks.of_short(part), peaks.Settings.of_averages(int(length[0])))
        for length, part in short.group_by("length", maintain_order=True)
    ]
    found = pl.concat(parts)
    points = {one.id: one.emission_point for one in there}
    seen = together.together(found, points)
    numbered = together.events(found, seen)
    ranked = ranking.ranked(numbered, order, {name: one.value * MICRO for name, one in held.items()})
    signs = {point: _signs(record, site, point, year, least_load or {}, as_of) for point in set(points.values())}
    beside = _beside(seen)
    return tuple(
        _view(row, points[row["stream"]], signs[points[row["stream"]]], beside) for row in ranked.iter_rows(named=True)
    )


def candidates(
    record: Record, site: str, year: int, averages: Averages, as_of: int | None = None
) -> tuple[Candidate, ...]:
    """Return the peaks of a year with what the checks before an alert say of each."""
    there, short, held = _gathered(record, site, year, averages, as_of)
    limits = {name: one.value * MICRO for name, one in held.items()}
    told = {(one.stream, one.start): one.told.cause.value for one in of_site(record, site, year, averages, as_of=as_of)}
    found: list[Candidate] = []
    for _, part in short.group_by("length", maintain_order=True):
        found += emission_alerts.candidates(there, part, limits, told)
    return tuple(sorted(found, key=lambda one: (one.period.start, one.stream)))


def limits(record: Record, site: str, year: int, as_of: int | None = None) -> Mapping[str, Limit]:
    """Return stream → the lowest value in the year that its peaks are held beside, of the shortest average."""
    found: dict[str, Limit] = {}
    for place in emission_places.places(record, site, year, as_of):
        for stream in place.streams:
            own = [
                (SHORTEST.index(one.key.averaging), held.high, one.key.averaging, held)
                for one in place.requirements
                if stream.substance is not None
                and one.key.substance == stream.substance.id
                and one.key.averaging in SHORTEST
                and one.key.dimension != MASS_FLOW
                and not one.floor
                for held in one.held
            ]
            if own:
                _, value, averaging, held = min(own, key=lambda each: each[:2])
                known = found.get(stream.id)
                if known is None or (SHORTEST.index(averaging), value) < (SHORTEST.index(known.averaging), known.value):
                    found[stream.id] = Limit(value, averaging, held.reference, held.source)
    return found


def _gathered(
    record: Record, site: str, year: int, averages: Averages, as_of: int | None
) -> tuple[list[Stream], pl.DataFrame, Mapping[str, Limit]]:
    """Return the streams of concentrations, their shortest averages in the year, and the limits beside them."""
    import polars as pl

    held = limits(record, site, year, as_of)
    there = [one for one in streams.of_site(record, site, as_of) if one.role is Role.CONCENTRATION]
    period = Period.year(year, Clock.LOCAL)
    frames = []
    for one in there:
        short = averages.short(one, year).filter(pl.col("start") >= period.start, pl.col("start") < period.end)
        if short.is_empty():
            continue
        short = short.filter(pl.col("length") == pl.col("length").min())
        known = sorted(short["reference"].unique().to_list())
        wanted = held[one.id].reference if one.id in held and held[one.id].reference in known else known[0]
        frames.append(short.filter(pl.col("reference") == wanted))
    empty = averages.short(there[0], year).clear() if there else pl.DataFrame(schema={"length": pl.Int32()})
    return there, pl.concat(frames) if frames else empty, held


@dataclass(frozen=True, slots=True)
class _Signs:
    """What load and abatement of a point show; None where no stream does."""

    load: pl.DataFrame | None
    abatement: pl.DataFrame | None


def _signs(
    record: Record,
    site: str,
    point: str,
    year: int,
    least_load: Mapping[str, Fraction],
    as_of: int | None,
) -> _Signs:
    import polars as pl

    every = [one for one in streams.of_site(record, site, as_of) if one.emission_point == point]
    loads = [
        _read(record, one, year, as_of).select("start", "length", at_work=pl.col("micro") >= ceil(least * MICRO))
        for one in every
        if one.role is Role.LOAD and (least := least_load.get(one.id)) is not None
    ]
    by_id = {one.id: one for one in streams.of_site(record, site, as_of)}
    states = []
    for equipment in streams.abatement(record, site, as_of, emission_point=point):
        if equipment.state_stream in by_id:
            stream = by_id[equipment.state_stream]
            works = [code.code * MICRO for code in stream.codes if code.state == NORMAL]
            rows = _read(record, stream, year, as_of)
            states.append(rows.select("start", "length", working=pl.col("micro").is_in(works)))
    return _Signs(_all(loads, "at_work"), _all(states, "working"))


def _read(record: Record, stream: Stream, year: int, as_of: int | None) -> pl.DataFrame:
    import polars as pl

    period = Period.year(year, Clock.LOCAL)
    rows = queries.read_series(record, [stream.series], period.start, period.end, as_of)
    usable = rows.filter((pl.col("flags") & int(UNUSABLE)) == 0, pl.col("micro").is_not_null())
    return usable.select("start", "micro", length=pl.col("step").cast(pl.Int32))


def _all(frames: list[pl.DataFrame], column: str) -> pl.DataFrame | None:
    """Return the frames as one: at work, or working, where all of them say so at that moment."""
    import polars as pl

    if not frames:
        return None
    together = pl.concat(frames).group_by("start").agg(pl.col("length").min(), pl.col(column).all())
    return together.sort("start")


def _beside(seen: pl.DataFrame) -> Mapping[tuple[str, datetime], tuple[str, ...]]:
    found: dict[tuple[str, datetime], list[str]] = {}
    for stream, start, other in seen.select("stream", "start", "other").iter_rows():
        found.setdefault((stream, start), []).append(other)
    return {key: tuple(dict.fromkeys(others)) for key, others in found.items()}


def _view(
    row: Mapping[str, Any], point: str, signs: _Signs, beside: Mapping[tuple[str, datetime], tuple[str, ...]]
) -> PeakView:
    told = causes.told(row["start"], row["end"], row["state"], load=signs.load, abatement=signs.abatement)
    return PeakView(
        stream=row["stream"],
        emission_point=point,
        start=row["start"],
        end=row["end"],
        top=row["top"],
        level=row["level"],
        height=row["height"],
        extra_mass=None if row["extra_mass"] is None else to_milligrams(row["extra_mass"]),
        missing=row["missing"],
        cut=row["cut"],
        state=row["state"] or "",
        of_limit=row["of_limit"],
        told=told,
        beside=beside.get((row["stream"], row["start"]), ()),
        event=row["event"],
    )
