"""Which duties a site has at its stacks on a day, from what the record knows was done.

The record holds calibrations, reports of tests and of measurements. Of the yearly report and of notices it holds
nothing: these ask after their day, and are never said to be late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import Clock, zone
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.emissions import duties
from goedebuur.core.emissions.duties import Duty, Measuring, Subject
from goedebuur.core.emissions.measuring.reports import Purpose
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.permits.conditions import Manner, MeasuringDuty
from goedebuur.core.permits.limits import OperatingState
from goedebuur.core.sites.records import Site
from goedebuur.rules import emission_duties
from goedebuur.services import emission_places, measurement_reports, permit_views, range_surveillance, sites, streams

if TYPE_CHECKING:
    from goedebuur.services.emission_files import Averages
    from goedebuur.services.measurement_reports import Held
    from goedebuur.services.record import Record

CLOCK: Final = Clock.LOCAL
AST_OF: Final = {"bal.4.3": "ast-lcp", "bal.4.4": "ast-waste"}
"""Regime → row of the yearly test; `ast` for any other."""
NOT_KEPT: Final = Text(
    "Is dit gedaan? Het register bewaart deze verslagen en meldingen niet.",
    "Was this done? The record keeps no such reports or notices.",
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Duties of a site as of a day, the most pressing first.

    Parameters
    ----------
    unknown
        Streams of which nothing tells from when they are in use, so that no term can begin.
    """

    site: str
    on: date
    duties: tuple[Duty, ...]
    unknown: tuple[str, ...]


def of_site(
    record: Record, site: str, on: date, averages: Averages | None = None, as_of: int | None = None
) -> Calendar:
    """Return the duties of a site.

    Parameters
    ----------
    averages
        Short-term averages, from which failures of the abatement and weeks outside the valid range are read; without
        them no duty follows from these.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = sites.find(record, Site, site, as_of)
    there = [one for one in streams.of_site(record, site, as_of) if one.role is Role.CONCENTRATION]
    reports = measurement_reports.of_site(record, site, as_of)
    told: list[Duty] = []
    unknown: list[str] = []
    regimes = _regimes(record, site, on.year, as_of) if there else {}
    for stream in there:
        of_stream = list(_tests(record, stream, reports, regimes.get(stream.emission_point, ""), on, as_of))
        told += of_stream
        unknown += [] if of_stream else [stream.id]
    told += _periodic(record, site, reports, on, as_of)
    if found.facilities:
        told += _yearly(site, on)
    if averages is not None:
        told += _notices(there, averages, on)
        told += _outside_range(record, site, averages, on, as_of)
    return Calendar(site, on, duties.ordered(told, on), tuple(unknown))


def _regimes(record: Record, site: str, year: int, as_of: int | None) -> dict[str, str]:
    """Return emission point → section of law by which averages there are judged, where it has a yearly test."""
    found: dict[str, str] = {}
    for place in emission_places.places(record, site, year, as_of):
        for stream in place.streams:
            for one in place.requirements:
                if stream.substance is not None and one.key.substance == stream.substance.id and not one.floor:
                    for held in one.held:
                        if held.regime in AST_OF:
                            found[stream.emission_point] = held.regime
    return found


def _tests(
    record: Record, stream: Stream, reports: Sequence[Held], regime: str, on: date, as_of: int | None
) -> Iterator[Duty]:
    """Yield QAL2 and AST of one stream; nothing where no first day is known."""
    if stream.valid_to is not None and stream.valid_to < on:
        return
    own = [one.report for one in reports if one.report.stream == stream.id]
    calibrated = {one.performed_on for one in streams.functions(record, stream.id, as_of)}
    calibrated |= {one.last.date() for one in own if one.purpose is Purpose.QAL2}
    tested = {one.last.date() for one in own if one.purpose is Purpose.AST}
    first = stream.valid_from or min(calibrated | tested, default=None)
    if first is None:
        return
    subject = Subject(stream.site, stream.id)
    for name, done in (("qal2", calibrated), (AST_OF.get(regime, "ast"), calibrated | tested)):
        rule = emission_duties.in_force(name, on)
        if rule is not None:
            yield from duties.recurring(rule, subject, first, done)


def _periodic(record: Record, site: str, reports: Sequence[Held], on: date, as_of: int | None) -> Iterator[Duty]:
    """Yield the measurements that conditions in force ask for, with those in the record."""
    for one in permit_views.view(record, site, on, as_of).found.in_force:
        form = one.form
        if not isinstance(form, MeasuringDuty) or form.manner is not Manner.PERIODIC:
            continue
        assert form.times is not None
        assert form.months is not None
        article = one.article or one.permit
        asked = Measuring(one.id, article, form.times, form.months, one.valid_from, form.report_within)
        for point in one.emission_points or ("",):
            for substance in form.subjects:
                own = [
                    held
                    for held in reports
                    if held.report.purpose in (Purpose.PERIODIC, Purpose.CONTROL)
                    and point in ("", held.report.emission_point)
                    and (substance.id or substance.name) in (held.report.substance.id, held.report.substance.name)
                ]
                measured = {held.report.last.date(): held.received.date() for held in own}
                about = " ".join(part for part in (point, substance.id or substance.name) if part)
                yield from duties.periodic(asked, Subject(site, about), sorted(measured), measured)


def _yearly(site: str, on: date) -> Iterator[Duty]:
    rule = emission_duties.in_force("yearly-report", on)
    if rule is not None:
        for one in duties.yearly(rule, Subject(site, site), (on.year - 1, on.year), {}):
            yield replace(one, status=Status.JUDGEMENT, question=NOT_KEPT)


def _outside_range(record: Record, site: str, averages: Averages, on: date, as_of: int | None) -> Iterator[Duty]:
    """Yield the new QAL2 of each instrument that measured too much outside the range of its function since its test."""
    rule = emission_duties.in_force("qal2-range", on)
    if rule is None:
        return
    for one in range_surveillance.of_site(record, site, averages, on, as_of):
        if one.found is not None and one.found.due_from is not None:
            yield duties.once(rule, Subject(site, one.stream), one.found.due_from)


def _notices(there: Sequence[Stream], averages: Averages, on: date) -> Iterator[Duty]:
    """Yield the notice of each failure of the abatement in the last twelve months, once for an emission point."""
    rule = emission_duties.in_force("notice-abatement", on)
    if rule is None:
        return
    begins: set[tuple[str, str, datetime]] = set()
    for stream in there:
        begins |= {(stream.site, stream.emission_point, at) for at in _failures(stream, averages, on)}
    for site, point, began in sorted(begins):
        one = duties.notice(rule, Subject(site, point), began, None, CLOCK)
        yield replace(one, status=Status.JUDGEMENT, question=NOT_KEPT)


def _failures(stream: Stream, averages: Averages, on: date) -> list[datetime]:
    import polars as pl

    until = datetime(on.year, on.month, on.day, tzinfo=zone(CLOCK)).astimezone(UTC) + timedelta(days=1)
    rows = averages.short(stream, on.year)
    if rows.is_empty():
        return []
    rows = rows.filter(pl.col("length") == pl.col("length").min()).unique("start").sort("start")
    failing = pl.col("state") == OperatingState.ABATEMENT_FAILURE.value
    first = failing & ~failing.shift(1).fill_null(False)
    begun = rows.filter(first, pl.col("start") > until - timedelta(days=366), pl.col("start") < until)
    return list(begun["start"].to_list())
