"""What a register reported of a facility year by year, and the site that follows from it without guessing anything.

The register says name, place name, coordinates and main activity. It says nothing of operators, KvK numbers,
authorities or installations: these stay empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite, nan
from typing import Final

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Activity, Place, Site

REGISTER: Final = "E-PRTR"


@dataclass(frozen=True, slots=True)
class Report:
    """One facility in the report over one year, as the register has it. Empty where it says nothing."""

    facility: str
    year: int
    name: str
    city: str
    activity: str
    latitude: str
    longitude: str

    @property
    def position(self) -> tuple[float, float]:
        """Return latitude and longitude; NaN where they are not numbers. [°]"""
        return number(self.latitude), number(self.longitude)


@dataclass(frozen=True, slots=True)
class Facility:
    """All reports of one facility, by year; at least one.

    Parameters
    ----------
    simulated
        Whether it is invented.
    """

    id: str
    reports: tuple[Report, ...]
    simulated: bool = False

    def __post_init__(self) -> None:
        if not self.reports:
            raise ValueError("a facility has a report")

    @property
    def latest(self) -> Report:
        """Return the report over the last year."""
        return self.reports[-1]

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years over which it reported, ascending."""
        return tuple(sorted({one.year for one in self.reports}))


def facilities(reports: Iterable[Report], simulated: Iterable[str] = ()) -> list[Facility]:
    """Return the facilities with their reports by year, by identifier."""
    invented = frozenset(simulated)
    ordered = sorted(set(reports), key=lambda one: (one.facility, one.year, one.name, one.latitude, one.longitude))
    grouped = groupby(ordered, key=lambda one: one.facility)
    return [Facility(name, tuple(found), name in invented) for name, found in grouped]


def as_site(facility: Facility) -> Site:
    """Return the site that a facility says it is, to be looked at by a person.

    Each name, place name, position and activity has the first day of the first year and the last day of the last year
    of its run of reports; the last run has no end, since none is known.

    Raises
    ------
    GoedeBuurError
        `site-malformed` where the identifier or name cannot be one of a site.
    """
    reports = facility.reports
    source = f"{REGISTER}, {facility.id}"
    positions = [one for one in reports if all(map(isfinite, one.position))]
    return Site(
        id=facility.id,
        names=_dated(reports, lambda one: one.name) or (Dated(facility.id, source=source),),
        cities=_dated(reports, lambda one: one.city),
        places=tuple(
            Place(one.latitude, one.longitude, valid_from=first, valid_to=last, source=told)
            for one, first, last, told in _runs(positions, lambda one: (one.latitude, one.longitude))
        ),
        activities=tuple(
            Activity("eprtr", one.activity, main=True, valid_from=first, valid_to=last, source=told)
            for one, first, last, told in _runs(reports, lambda one: one.activity)
            if one.activity
        ),
        facilities=(Dated(facility.id, f"{facility.years[0]}-01-01", source=said(facility.years)),),
        simulated=facility.simulated,
    )


def said(years: Iterable[int]) -> str:
    """Return the source of what was reported over these years.

    >>> said([2007, 2008, 2009, 2012])
    'E-PRTR, reported over 2007-2009, 2012'
    """
    return f"{REGISTER}, reported over {spans(years)}"


def spans(years: Iterable[int]) -> str:
    """Return years as spans.

    >>> spans([2007, 2008, 2009, 2012])
    '2007-2009, 2012'
    """
    parts: list[list[int]] = []
    for year in sorted(set(years)):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def number(text: str) -> float:
    """Return a decimal as a float for distances; NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return nan


def _dated(reports: Sequence[Report], value: Callable[[Report], str]) -> tuple[Dated, ...]:
    return tuple(
        Dated(value(one), first, last, told) for one, first, last, told in _runs(reports, value) if value(one).strip()
    )


def _runs(reports: Sequence[Report], value: Callable[[Report], object]) -> list[tuple[Report, str, str, str]]:
    """Return for each run of reports with one value: its first report, first and last day, and who says so."""
    runs = [list(found) for _, found in groupby(reports, key=value)]
    return [
        (
            run[0],
            f"{run[0].year}-01-01",
            f"{run[-1].year}-12-31" if run is not runs[-1] else "",
            said(one.year for one in run),
        )
        for run in runs
    ]
