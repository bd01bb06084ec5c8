"""Visible emissions in the record: read, counted against what holds on the site, with the wind of that hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import Clock, zone
from goedebuur.core.emissions.visible import counting, mass, sightings
from goedebuur.core.emissions.visible.counting import Counted, VisibleLimit
from goedebuur.core.emissions.visible.mass import Estimate, Factor
from goedebuur.core.emissions.visible.sightings import Place, Sighting
from goedebuur.core.permits.conditions import Technique
from goedebuur.rules import visible
from goedebuur.services import permits, queries

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.services.views import WindView

CLOCK: Final = Clock.LOCAL
"""On which days and months are cut: what is written down by people is on their clock."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A level, and what each period comes to against it."""

    limit: VisibleLimit
    periods: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class SiteVisible:
    """What was seen at a site from one day to another.

    Parameters
    ----------
    days_since
        Place → days since someone last looked there, as far as anyone did.
    estimates
        Factor and what it gives for the period; a factor that is not confirmed asks.
    """

    site: str
    sightings: tuple[Sighting, ...]
    standings: tuple[Standing, ...]
    estimates: tuple[tuple[Factor, Estimate], ...]
    days_since: tuple[tuple[Place, int], ...]


def of_site(record: Record, site: str, as_of: int | None = None) -> tuple[Sighting, ...]:
    """Return every sighting at a site, by its moment."""

    def read(size: int) -> tuple[Sighting, ...]:
        names = record.catalogue.ids(sightings.KIND, "site", site, size)
        held = record.catalogue.state(sightings.KIND, size, ids=names)
        return tuple(sorted(map(sightings.read, held.values()), key=lambda one: (one.start, one.id)))

    return record.of_catalogue(("visible emissions", site), as_of, read, (sightings.KIND,))


def limits(record: Record, site: str, on: date, as_of: int | None = None) -> tuple[VisibleLimit, ...]:
    """Return the levels on a day: conditions of the permits of the site, and those of the BAT conclusions beside."""
    found = []
    for held in permits.of_site(record, site, as_of):
        for one in held.permit.conditions:
            if isinstance(one.form, Technique):
                article = one.article or held.permit.article
                asked = [
                    counting.of_requirement(
                        f"{one.id}.{number}", article, each, one.valid_from, one.valid_to, one.installations
                    )
                    for number, each in enumerate(one.form.requirements, 1)
                ]
                found += [each for each in asked if each is not None and each.in_force(on)]
    return (*found, *(one for one in visible.limits() if one.in_force(on)))


def standing(
    record: Record, site: str, first: date, last: date, now: datetime, as_of: int | None = None
) -> SiteVisible:
    """Return what was seen at a site, counted against each level, with what it may have let go."""
    every = of_site(record, site, as_of)
    inside = tuple(one for one in every if first <= one.began.astimezone(zone(CLOCK)).date() <= last)
    places = {one.place for one in every}
    held = [one for one in limits(record, site, last, as_of) if places & set(one.places)]
    today = now.astimezone(zone(CLOCK)).date()
    hours = Fraction(24 * ((last - first).days + 1))
    told = [(factor, mass.estimate(factor, inside, hours)) for factor in visible.factors()]
    since = [(place, counting.days_since(every, place, now)) for place in sorted(places)]
    return SiteVisible(
        site,
        inside,
        tuple(Standing(one, counting.counted(one, every, first, last, CLOCK, held, today)) for one in held),
        tuple((factor, one) for factor, one in told if one is not None),
        tuple((place, days) for place, days in since if days is not None),
    )


def winds(
    record: Record, seen: Sequence[Sighting], as_of: int | None = None
) -> tuple[tuple[Sighting, tuple[WindView, ...]], ...]:
    """Return each sighting with the wind at the weather stations of the record in that hour."""
    return tuple((one, tuple(queries.wind_now(record, one.began, as_of))) for one in seen)
