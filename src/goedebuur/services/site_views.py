"""What pages, the API and commands show of sites: everything known of one, and one row of each for lists.

Of merged sites one answer is made: under the identifier that was kept, with the history of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan
from typing import TYPE_CHECKING, TypeVar

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.sites import history
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.likeness import activity_group
from goedebuur.core.sites.merges import MergeState, SiteMerge
from goedebuur.core.sites.records import Activity, Authority, EmissionPoint, Installation, Operator, Place, Site
from goedebuur.core.sites.reported import number
from goedebuur.services import inventory, site_decisions, sites
from goedebuur.services.inventory import SIMULATION
from goedebuur.services.site_decisions import Moved, Pair
from goedebuur.services.views import ReleaseView

if TYPE_CHECKING:
    from goedebuur.services.record import Record

Part = TypeVar("Part", Dated, Place, Activity)
OfSite = TypeVar("OfSite", Installation, EmissionPoint)
Named = Operator | Authority


@dataclass(frozen=True, slots=True)
class Party:
    """A body that had to do with a site, from when to when, and who says so. `name` is its last one.

    Parameters
    ----------
    names, addresses
        All that it has had, by first day.
    """

    id: str
    name: str
    kvk: str  # of an operator; empty where not known
    kind: str  # of an authority; empty of an operator
    valid_from: str
    valid_to: str
    source: str
    names: tuple[Dated, ...] = ()
    addresses: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteView:
    """One site with all that is known of it. Histories are by first day; what is not known is empty."""

    id: str
    members: tuple[str, ...]  # identifiers of all sites that are one with it, its own first
    name: str
    city: str
    names: tuple[Dated, ...]
    addresses: tuple[Dated, ...]
    cities: tuple[Dated, ...]
    place: Place | None  # where it is: see `site_decisions.current_place`
    places: tuple[Place, ...]
    operators: tuple[Party, ...]
    authorities: tuple[Party, ...]
    agencies: tuple[Party, ...]
    municipalities: tuple[Party, ...]
    activities: tuple[Activity, ...]
    installations: tuple[Installation, ...]
    emission_points: tuple[EmissionPoint, ...]
    facilities: tuple[Dated, ...]
    releases: tuple[ReleaseView, ...]
    sector: str  # as the register has it
    valid_from: str
    valid_to: str
    checked: bool
    simulated: bool
    leaf: int | None  # of its last record; None where only the register proposes it
    merged: tuple[SiteMerge, ...]  # decisions by which others go on under it
    pairs: tuple[Pair, ...]  # facilities that may be the same site
    moved: tuple[Moved, ...]

    @property
    def latitude(self) -> float:
        """Return the latitude; NaN where not known. [°]"""
        return number(self.place.latitude) if self.place is not None else nan

    @property
    def longitude(self) -> float:
        """Return the longitude; NaN where not known. [°]"""
        return number(self.place.longitude) if self.place is not None else nan

    @property
    def main_activity(self) -> Activity | None:
        """Return the main activity that began last."""
        return history.latest([one for one in self.activities if one.main] or self.activities)

    @property
    def last_report(self) -> int | None:
        """Return the last year over which it reported a release to air; None where it never did."""
        return max((release.year for release in self.releases), default=None)

    @property
    def open_questions(self) -> int:
        """Return how many questions about it wait for a person."""
        return sum(pair.open for pair in self.pairs) + sum(one.open for one in self.moved)


@dataclass(frozen=True, slots=True)
class Change:
    """One leaf that said something new of a site: on which civil day it was received, from whom, and why."""

    leaf: int
    day: str
    submitter: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sites are asked for; empty for all.

    Parameters
    ----------
    municipality, operator
        Identifiers.
    city
        Place name as reported.
    activity
        `eprtr:4(a)`, or `ied:4.1`: the codes below it are in it.
    substance
        Name in the register.
    """

    municipality: str = ""
    city: str = ""
    operator: str = ""
    activity: str = ""
    substance: str = ""

    def takes(self, one: SiteView) -> bool:
        """Return whether a site is asked for."""
        return (
            self.municipality in ("", *(party.id for party in one.municipalities))
            and self.city in ("", one.city)
            and self.operator in ("", *(party.id for party in one.operators))
            and (not self.activity or any(under(activity, self.activity) for activity in one.activities))
            and self.substance in ("", *(release.pollutant for release in one.releases))
        )


def under(activity: Activity, asked: str) -> bool:
    """Return whether an activity is the one that is asked for, or a part of it.

    >>> under(Activity("eprtr", "4(a)(ii)"), "eprtr:4(a)"), under(Activity("ied", "4.1"), "eprtr:4(a)")
    (True, False)
    """
    own = f"{activity.list}:{activity.code}"
    return own == asked or own.startswith((f"{asked}(", f"{asked}."))


def every(record: Record, as_of: int | None = None) -> Mapping[str, SiteView]:
    """Return all sites, by identifier; those that go on under another are not there."""
    return record.of_catalogue("site views", as_of, lambda size: _every(record, size))


def find(record: Record, name: str, as_of: int | None = None) -> SiteView:
    """Return one site; of one that was merged the site under which it goes on.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    kept = site_decisions.leads_to(record, as_of).get(name, name)
    found = every(record, as_of).get(kept)
    if found is None:
        raise sites.unknown(Site, name)
    return found


def changes(record: Record, view: SiteView, as_of: int | None = None) -> list[Change]:
    """Return what changed in the records of a site, of those that are one with it, and of their parts; the last first.

    Decisions on pairs that it is in count too, also those that were taken back.
    """
    ids = set(view.members)
    pairs = [name for name, one in site_decisions.decisions(record, as_of).items() if ids & set(one.pair)]
    told = (
        ("site", view.members),
        ("installation", [one.id for one in view.installations]),
        ("emission_point", [one.id for one in view.emission_points]),
        (site_decisions.KIND, pairs),
    )
    found = {leaf for kind, names in told for leaf in record.catalogue.leaves_of(kind, names, as_of)}
    return [_change(leaf, record.ledger.leaf(leaf)) for leaf in sorted(found, reverse=True)]


def _change(index: int, leaf: Leaf | ClosedLeaf) -> Change:
    if isinstance(leaf, ClosedLeaf):
        raise TypeError(f"leaf {index} holds no record of a site")
    day = datetime.fromisoformat(leaf.received).astimezone(AMSTERDAM).date()
    return Change(index, day.isoformat(), leaf.submitter, leaf.reason)


def select(views: Iterable[SiteView], wanted: Wanted) -> list[SiteView]:
    """Return the sites that are asked for, by name."""
    return sorted((one for one in views if wanted.takes(one)), key=lambda one: (one.name.casefold(), one.id))


def activity_groups(views: Iterable[SiteView]) -> list[str]:
    """Return the activities by which can be asked, as `eprtr:4(a)`, in order."""
    found = {
        f"{one.list}:{activity_group(one.code) if one.list == 'eprtr' else one.code}"
        for view in views
        for one in view.activities
    }
    return sorted(found)


def _every(record: Record, as_of: int) -> dict[str, SiteView]:
    ends = site_decisions.leads_to(record, as_of)
    members: dict[str, list[Site]] = defaultdict(list)
    for name, one in site_decisions.known_sites(record, as_of).items():
        members[ends.get(name, name)].append(one)
    make = _Maker(record, as_of)
    return {
        kept: make.view(kept, sorted(found, key=lambda one: (one.id != kept, one.id)))
        for kept, found in sorted(members.items())
        if any(one.id == kept for one in found)
    }


class _Maker:
    """Makes the views of one state of the record: what all of them need is read once."""

    def __init__(self, record: Record, as_of: int) -> None:
        self.operators = sites.every(record, Operator, as_of)
        self.authorities = sites.every(record, Authority, as_of)
        self.installations = _by_site(sites.every(record, Installation, as_of).values())
        self.points = _by_site(sites.every(record, EmissionPoint, as_of).values())
        self.reported = {one.id: one for one in inventory.facilities(record, as_of)}
        recorded = sites.every(record, Site, as_of)
        self.leaves = {name: leaf for name, (leaf, _) in record.catalogue.newest("site", list(recorded), as_of).items()}
        submitters = record.catalogue.submitters("site", as_of)
        self.simulated = {name for name, who in submitters.items() if SIMULATION in who}
        self.merged: dict[str, list[SiteMerge]] = defaultdict(list)
        ends = site_decisions.leads_to(record, as_of)
        for decision in site_decisions.decisions(record, as_of).values():
            if decision.state is MergeState.MERGED:
                self.merged[ends.get(decision.keep, decision.keep)].append(decision)
        self.pairs: dict[str, list[Pair]] = defaultdict(list)
        for pair in site_decisions.pairs(record, as_of):
            for name in {ends.get(one, one) for one in pair.sites}:
                self.pairs[name].append(pair)
        self.moved: dict[str, list[Moved]] = defaultdict(list)
        for move in site_decisions.moved(record, as_of):
            self.moved[ends.get(move.site, move.site)].append(move)

    def view(self, kept: str, members: Sequence[Site]) -> SiteView:
        """Return the view of a site and of those that were merged into it; the kept one comes first."""
        first = members[0]
        ids = {one.id for one in members}
        registers = [
            self.reported[part.value] for one in members for part in one.facilities if part.value in self.reported
        ]
        names, cities = _joined(members, lambda one: one.names), _joined(members, lambda one: one.cities)
        name, city = history.latest(names), history.latest(cities)
        return SiteView(
            id=kept,
            members=tuple(one.id for one in members),
            name=name.value if name is not None else kept,
            city=city.value if city is not None else "",
            names=names,
            addresses=_joined(members, lambda one: one.addresses),
            cities=cities,
            place=site_decisions.current_place(first) or _first_place(members),
            places=_joined(members, lambda one: one.places),
            operators=_parties(_joined(members, lambda one: one.operators), self.operators),
            authorities=_parties(_joined(members, lambda one: one.authorities), self.authorities),
            agencies=_parties(_joined(members, lambda one: one.agencies), self.authorities),
            municipalities=_parties(_joined(members, lambda one: one.municipalities), self.authorities),
            activities=_joined(members, lambda one: one.activities),
            installations=tuple(part for name in sorted(ids) for part in self.installations.get(name, ())),
            emission_points=tuple(part for name in sorted(ids) for part in self.points.get(name, ())),
            facilities=_joined(members, lambda one: one.facilities),
            releases=tuple(release for one in registers for release in one.releases),
            sector=registers[0].sector if registers else "",
            valid_from=first.valid_from,
            valid_to=first.valid_to,
            checked=all(one.checked for one in members),
            simulated=any(one.simulated or one.id in self.simulated for one in members),
            leaf=max((self.leaves[name] for name in ids if name in self.leaves), default=None),
            merged=tuple(self.merged.get(kept, ())),
            pairs=tuple(self.pairs.get(kept, ())),
            moved=tuple(self.moved.get(kept, ())),
        )


def _by_site(parts: Iterable[OfSite]) -> dict[str, list[OfSite]]:
    found: dict[str, list[OfSite]] = defaultdict(list)
    for part in sorted(parts, key=lambda one: one.id):
        found[part.site].append(part)
    return found


def _joined(members: Sequence[Site], parts: Callable[[Site], tuple[Part, ...]]) -> tuple[Part, ...]:
    """Return the histories of all together, by first day, each entry once."""
    every = dict.fromkeys(part for one in members for part in parts(one))
    return tuple(sorted(every, key=lambda one: (one.valid_from, one.valid_to or "9999")))


def _first_place(members: Sequence[Site]) -> Place | None:
    return next((place for one in members if (place := site_decisions.current_place(one)) is not None), None)


def _parties(history_: Sequence[Dated], known: Mapping[str, Named]) -> tuple[Party, ...]:
    return tuple(_party(one, known.get(one.value)) for one in history_)


def _party(one: Dated, body: Named | None) -> Party:
    name = history.latest(body.names) if body is not None else None
    return Party(
        id=one.value,
        name=name.value if name is not None else one.value,
        kvk=body.kvk if isinstance(body, Operator) else "",
        kind=body.kind if isinstance(body, Authority) else "",
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        source=one.source,
        names=body.names if body is not None else (),
        addresses=body.addresses if isinstance(body, Operator) else (),
    )
