"""The matrix of substances of a site: permitted, reported, measured, found, and when each was last measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from datetime import date
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import CET
from goedebuur.core.emissions.measuring import coverage
from goedebuur.core.emissions.measuring.coverage import Cell, Duty, Measured, Reported, Spot
from goedebuur.core.emissions.measuring.reports import Purpose
from goedebuur.core.permits.conditions import LoadCap, Manner, MeasuringDuty
from goedebuur.core.permits.limits import Substance
from goedebuur.core.permits.records import Condition
from goedebuur.rules import release_thresholds, substance_names
from goedebuur.services import inventory, measurement_reports, permit_views, site_views, streams

if TYPE_CHECKING:
    from goedebuur.services.record import Record

MEASURING: Final = (Purpose.PERIODIC, Purpose.CONTROL)


def matrix(record: Record, site: str, on: date, as_of: int | None = None) -> tuple[Cell, ...]:
    """Return the matrix of a site on a day, by point and substance.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    permitted: dict[Spot, list[str]] = {}
    for spot, name in _limits(record, site, on, as_of):
        permitted.setdefault(spot, []).append(name)
    in_force = permit_views.view(record, site, on, as_of).found.in_force
    for one in in_force:
        if isinstance(one.form, LoadCap):
            for spot in _spots(one, one.form.substance):
                permitted.setdefault(spot, []).append(one.id)
    told = {spot: tuple(dict.fromkeys(names)) for spot, names in permitted.items()}
    duties = [duty for one in in_force for duty in _duties(one)]
    measured = [*_bureaus(record, site, as_of), *_continuous(record, site, as_of)]
    spots = {*told, *(one.spot for one in duties), *(one.spot for one in measured)}
    own = {spot.substance for spot in spots}
    return coverage.matrix(told, duties, _reported(record, site, own, as_of), measured, on)


def name(substance: Substance) -> str:
    """Return the name under which a substance is one in the matrix: of the table, else CAS, else as it is written."""
    if substance.id:
        return substance.id
    rows = substance_names.names()
    found = next((row for row in rows.rows if substance.cas and row.cas == substance.cas), None)
    found = found or rows.called(substance.name)
    return found.id if found is not None else substance.cas or substance.name.casefold()


def _limits(record: Record, site: str, on: date, as_of: int | None) -> Iterator[tuple[Spot, str]]:
    for there in permit_views.limits(record, site, on, as_of).spots:
        for binding in there.bindings:
            for candidate in binding.candidates:
                yield Spot(there.spot.emission_point, name(candidate.limit.substance)), candidate.source


def _spots(one: Condition, substance: Substance) -> Iterator[Spot]:
    for point in one.emission_points or ("",):
        yield Spot(point, name(substance))


def _duties(one: Condition) -> Iterator[Duty]:
    if isinstance(one.form, MeasuringDuty):
        for substance in one.form.subjects:
            for spot in _spots(one, substance):
                yield Duty(spot, one.form.manner, one.form.times, one.form.months, one.id)


def _reported(record: Record, site: str, own: Set[str], as_of: int | None) -> list[Reported]:
    """Return the last release to air of each substance that the site reported; of those merged into it too.

    Parameters
    ----------
    own
        Substances that are permitted, asked or measured there: what a register counts as one, as sulphur oxides with
        sulphur dioxide, stands with the one of them that the site has.
    """
    found: dict[str, Reported] = {}
    for release in site_views.find(record, site, as_of).releases:
        named = _of_register(release.pollutant, own)
        known = found.get(named)
        if known is None or known.year < release.year:
            found[named] = Reported(named, release.year, f"{release.amount_text} {release.unit}")
    return list(found.values())


def _of_register(pollutant: str, own: Set[str] = frozenset()) -> str:
    """Return the name of the table for a pollutant of the register: `Nitrogen oxides (NOX)`, `Mercury (as Hg)`.

    Where none fits it keeps its own, and stands in a row by itself.
    """
    counted = next((one.whole for one in release_thresholds.thresholds() if pollutant in one.register), ())
    if counted:
        return next((one for one in counted if one in own), counted[0])
    whole = pollutant.casefold()
    for row in substance_names.names().rows:
        if row.en.casefold() in (whole, whole.partition(" (")[0]):
            return row.id
    for inside in re.findall(r"\(([^)]*)\)", pollutant):
        known = substance_names.names().called(inside.removeprefix("as "))
        if known is not None:
            return known.id
    return name(Substance(pollutant))


def _bureaus(record: Record, site: str, as_of: int | None) -> Iterator[Measured]:
    for one in measurement_reports.of_site(record, site, as_of, purposes=MEASURING):
        report = one.report
        yield Measured(
            Spot(report.emission_point, name(report.substance)),
            Manner.PERIODIC,
            report.last.astimezone(CET).date(),
            any(not sample.below_detection for sample in report.samples),
            one.id,
        )


def _continuous(record: Record, site: str, as_of: int | None) -> Iterator[Measured]:
    """Yield the streams of concentrations that have values; the last value says when."""
    own = [one for one in streams.of_site(record, site, as_of) if one.substance is not None]
    known = inventory.lasts(record, as_of)
    for one in own:
        assert one.substance is not None
        until = known.get(one.series)
        if until is not None:
            day = until.astimezone(CET).date()
            end = day if one.valid_to is None else min(day, one.valid_to)
            yield Measured(Spot(one.emission_point, name(one.substance)), Manner.CONTINUOUS, end, True, one.id)
