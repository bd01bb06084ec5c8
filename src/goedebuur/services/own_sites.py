"""Which sites are someone's own: those of the operators for which a person has a seat, and of the authorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from goedebuur.core.casework.roles import Person
from goedebuur.core.sites.history import holds
from goedebuur.core.sites.records import Site
from goedebuur.services import sites

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class OwnSites:
    """Identifiers of sites on a day, by name.

    Parameters
    ----------
    of_company
        An operator of it is one of the person's.
    of_authority
        An authority or agency of it is one of the person's, and no operator is.
    """

    of_company: tuple[str, ...]
    of_authority: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """Return all of them."""
        return (*self.of_company, *self.of_authority)


def of(record: Record, person: Person, on: date, as_of: int | None = None) -> OwnSites:
    """Return the sites of a person on a day."""
    company, authority = [], []
    for name, site in sorted(sites.every(record, Site, as_of).items()):
        if any(one.value in person.operators and holds(one, on) for one in site.operators):
            company.append(name)
        elif any(one.value in person.authorities and holds(one, on) for one in (*site.authorities, *site.agencies)):
            authority.append(name)
    return OwnSites(tuple(company), tuple(authority))


def require(record: Record, person: Person, name: str, on: date, as_of: int | None = None) -> None:
    """Check that a site is one of a person's; `site-unknown` otherwise, as for one that is not there."""
    if name not in of(record, person, on, as_of).every:
        raise sites.unknown(Site, name)
