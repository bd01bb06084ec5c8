"""Published comparisons of a company with the bureaus that measured at its stacks, and what pages show of them.

A leaf of kind `result` a site and year, with its receipt; the lines are of the reports that began measuring in that
year. Pages read what was published and compare nothing themselves, so that every state of the record has its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goedebuur.core.base.periods import CET
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.measuring import comparison, representing
from goedebuur.core.emissions.measuring.comparison import Comparison, MassEffect
from goedebuur.core.emissions.measuring.comparison import Record as History
from goedebuur.core.emissions.measuring.representing import Stands
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.sites.records import Site
from goedebuur.rules import measuring
from goedebuur.services import (
    control_measurements,
    measurement_reports,
    rule_record,
    site_views,
    sites,
    stack_results,
    streams,
)
from goedebuur.services.assessment import receipt_of
from goedebuur.services.control_measurements import MEASURED
from goedebuur.services.emission_files import Averages
from goedebuur.services.measurement_reports import Held
from goedebuur.services.stack_results import Published

if TYPE_CHECKING:
    from goedebuur.services.record import Record

RESULT: Final = "control-measurements"
FORMAT: Final = "goedebuur-control-measurements/1"


@dataclass(frozen=True, slots=True)
class LoadClass:
    """Which part of the year lies in one class of load; see :class:`representing.LoadShare`. Edges are text."""

    low: str
    high: str
    hours: Fraction
    mass: Fraction | None


@dataclass(frozen=True, slots=True)
class Stood:
    """Whether a measurement stands for its year; see :class:`representing.Represents`. What is no fraction is text.

    Parameters
    ----------
    loads
        At which was measured. [as the year]
    classes
        How the year lies over the load.
    """

    stands: Stands
    low: str
    high: str
    states: tuple[str, ...]
    fuels: tuple[str, ...]
    hours: Fraction | None
    mass: Fraction | None
    above: Fraction | None
    below: Fraction | None
    percentile: Fraction | None
    distance: str
    unknown: Fraction | None
    sentence: Text
    loads: tuple[str, ...]
    classes: tuple[LoadClass, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What was published of one report; see :class:`control_measurements.Controlled`.

    Parameters
    ----------
    report, leaf
        Its name, and the leaf that held what was compared.
    """

    report: str
    leaf: int
    streams: tuple[str, ...]
    comparison: Comparison | None
    unmatched: int
    basis: str
    mass: MassEffect | None
    questions: tuple[Text, ...]
    stood: Stood


@dataclass(frozen=True, slots=True)
class Beside:
    """A report in the record, with what is published of it.

    Parameters
    ----------
    told
        None where nothing is published of it yet.
    published
        The leaf in which that stands; 0 without.
    """

    held: Held
    told: Told | None
    published: int

    @property
    def outdated(self) -> bool:
        """Return whether a later version of the report came in than the one that was compared."""
        return self.told is not None and self.told.leaf != self.held.leaf


@dataclass(frozen=True, slots=True)
class ControlView:
    """What pages show of the control and periodic measurements of a site: of a year, and the history of all.

    Parameters
    ----------
    reports
        Of the year, those measured last first.
    by_bureau, by_instrument
        How the comparisons of all years came out.
    published
        Results of the year; of each site that is one with it.
    points
        Emission point → its name.
    """

    site: str
    name: str
    simulated: bool
    year: int | None
    years: tuple[int, ...]
    reports: tuple[Beside, ...]
    by_bureau: tuple[History, ...]
    by_instrument: tuple[History, ...]
    published: tuple[Published, ...]
    streams: Mapping[str, Stream]
    points: Mapping[str, str]


def publish(record: Record, site: str, averages: Averages, now: datetime) -> tuple[int, ...]:
    """Return the leaves under which the comparisons of a site are recorded, one for each year with reports.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    sites.find(record, Site, site)
    rule_record.record_regimes(record, now)
    by_year: dict[int, list[Held]] = {}
    for one in measurement_reports.of_site(record, site, purposes=MEASURED):
        by_year.setdefault(year_of(one), []).append(one)
    leaves = []
    for year, found in sorted(by_year.items()):
        lines = [{"type": "header", "format": FORMAT, "site": site, "year": year}]
        lines += [{"type": "control", **_plain(tell(record, one, averages))} for one in found]
        size = record.observations.size
        receipt = receipt_of(record, size, tuple(averages.inputs()), rule_record.regime_book_at(record, None))
        leaves.append(stack_results.publish(record, RESULT, site, year, lines, receipt, now))
    return tuple(leaves)


def tell(record: Record, held: Held, averages: Averages) -> Told:
    """Return what is to be published of one report."""
    found = control_measurements.beside(record, held, averages)
    year = control_measurements.year(record, held.report, averages)
    moments = control_measurements.moments(held.report)
    stood = representing.represents(year, moments, measuring.choices())
    return Told(
        held.id,
        held.leaf,
        found.streams,
        found.comparison,
        found.unmatched,
        found.basis,
        found.mass,
        found.questions,
        Stood(
            stood.stands,
            _digits(stood.low),
            _digits(stood.high),
            stood.states,
            stood.fuels,
            stood.hours,
            stood.mass,
            stood.above,
            stood.below,
            stood.percentile,
            _digits(stood.distance),
            stood.unknown,
            stood.sentence,
            tuple(_digits(one) for one in representing.load_of_each(year, moments)),
            tuple(
                LoadClass(_digits(one.low), _digits(one.high), one.hours, one.mass)
                for one in representing.classes(year)
            ),
        ),
    )


def year_of(held: Held) -> int:
    """Return the year, on winter time, in which a report began measuring."""
    return held.report.first.astimezone(CET).year


def view(record: Record, site: str, year: int | None = None, as_of: int | None = None) -> ControlView:
    """Return the measurements of a site in a year, as published; without a year in the newest with a report.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = site_views.find(record, site, as_of)
    held = [
        one for member in found.members for one in measurement_reports.of_site(record, member, as_of, purposes=MEASURED)
    ]
    years = tuple(sorted({year_of(one) for one in held}, reverse=True))
    asked = year if year is not None else years[0] if years else None
    results = [stack_results.read(record, leaf) for leaf in _leaves(record, found.members, as_of)]
    told = {one.report: (one, result.leaf) for result in results for one in _read(record, result)}
    every = [Beside(one, *told.get(one.id, (None, 0))) for one in held]
    last_first = sorted(every, key=lambda one: (one.held.report.first, one.held.id), reverse=True)
    of = {one.id: one for member in found.members for one in streams.of_site(record, member, as_of)}
    return ControlView(
        found.id,
        found.name,
        found.simulated,
        asked,
        years,
        tuple(one for one in last_first if year_of(one.held) == asked),
        comparison.history((one.held.report.bureau, its) for one, its in _compared(every)),
        comparison.history((one.told.streams[0], its) for one, its in _compared(every) if one.told is not None),
        tuple(one for one in results if one.year == asked),
        of,
        {one.id: one.names[-1].value if one.names else one.id for one in found.emission_points},
    )


def _leaves(record: Record, members: Iterable[str], as_of: int | None) -> Iterator[int]:
    newest = stack_results.newest(record, RESULT, as_of)
    for member in members:
        yield from newest.get(member, {}).values()


def _compared(every: Iterable[Beside]) -> Iterator[tuple[Beside, Comparison]]:
    for one in every:
        if one.told is not None and one.told.comparison is not None and one.told.comparison.pairs:
            yield one, one.told.comparison


def _read(record: Record, result: Published) -> tuple[Told, ...]:
    def parsed() -> tuple[Told, ...]:
        lines = [one for one in result.lines if one["type"] == "control"]
        return tuple(msgspec.convert(_own(one), Told, dec_hook=stack_results.exact) for one in lines)

    return record.remembered(("published controls", result.leaf), parsed)


def _own(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "type"}


def _plain(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(told, enc_hook=str)
    return found


def _digits(value: float | None) -> str:
    """Return a number that was computed for the eye as text: a leaf holds no floats."""
    return "" if value is None else f"{value:.6g}"
