"""What must be met at each part of a site in a year, from the permit record and the tables, with the streams there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from goedebuur.core.compliance.emissions.requirements import Requirement, Sets, changes, requirements, runs
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.permits.precedence import Binding
from goedebuur.core.permits.site_limits import Spot
from goedebuur.core.sites.records import Site
from goedebuur.services import permit_views, permits, rule_record, sites, streams

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class Place:
    """One part of a site in a year: what must be met there, and the streams that tell of it."""

    spot: Spot
    requirements: tuple[Requirement, ...]
    streams: tuple[Stream, ...]


def places(record: Record, site: str, year: int, as_of: int | None = None) -> tuple[Place, ...]:
    """Return what must be met at each part of a site in a year, with the streams there.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    sites.find(record, Site, site, as_of)
    law, book = rule_record.emission_book_at(record, as_of).book, rule_record.regime_book_at(record, as_of).book
    held = [one.permit for one in permits.of_site(record, site, as_of)]
    rows = (*law.rules, *law.precedence.rows, *book.regimes, *book.uncertainties, *book.factors, *book.states)
    turns = {day for day in changes(held, rows) if day.year == year} | {date(year, 1, 1)}
    on = {day: {one.spot: one.bindings for one in permit_views.limits(record, site, day, as_of).spots} for day in turns}
    sets = Sets(
        {one.id: one.set for one in law.rules}, {one.id: one.question for one in law.rules}, book, law.precedence
    )
    there = [one for one in streams.of_site(record, site, as_of) if one.role is Role.CONCENTRATION]
    spots = sorted({spot for found in on.values() for spot in found})
    return tuple(
        Place(
            spot,
            requirements(runs(year, turns, _of(spot, on)), sets),
            tuple(one for one in there if _at(one, spot)),
        )
        for spot in spots
    )


def _of(spot: Spot, on: Mapping[date, Mapping[Spot, tuple[Binding, ...]]]) -> Callable[[date], tuple[Binding, ...]]:
    return lambda day: on[day].get(spot, ())


def _at(stream: Stream, spot: Spot) -> bool:
    if spot.emission_point:
        return stream.emission_point == spot.emission_point
    return not spot.installation or stream.installation == spot.installation
