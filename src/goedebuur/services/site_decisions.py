"""What a person decides of sites: which are one, which are two after all, and which of their coordinates are wrong.

Nothing of this happens by itself. Each decision is a leaf with a role and a reason, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.distances import distance
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.roles import OF_AUTHORITY, Role
from goedebuur.core.sites import form, merges
from goedebuur.core.sites.likeness import Likeness
from goedebuur.core.sites.merges import MergeState, SiteMerge
from goedebuur.core.sites.moves import MOVED, Move, Position
from goedebuur.core.sites.records import Place, Site
from goedebuur.core.sites.reported import number
from goedebuur.services import recording, site_import, site_reports, sites

if TYPE_CHECKING:
    from goedebuur.services.record import Record

BAD_ROLE: Final = declare("site-role", "This role does not decide on sites.")
NOT_SO: Final = declare("site-decision", "This decision does not fit what was decided before.")
NO_PLACE: Final = declare("site-no-place", "The site has no coordinates for that year.")
KIND: Final = "site_merge"
DECIDING: Final = tuple(role for role in Role if role in OF_AUTHORITY or role is Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facilities that may be one site, and what was decided of that.

    Parameters
    ----------
    sites
        Of the first and of the second facility.
    decision
        On these two sites; None where there is none.
    one
        Whether both go on under one site by now, be it by way of a third.
    """

    likeness: Likeness
    sites: tuple[str, str]
    decision: SiteMerge | None
    one: bool

    @property
    def open(self) -> bool:
        """Return whether the question waits for a person."""
        return self.decision is None and not self.one


@dataclass(frozen=True, slots=True)
class Moved:
    """A facility whose coordinates moved or are doubted, its site, and what was judged of each position."""

    move: Move
    site: str
    judged: tuple[str, ...]
    """For each position: empty, right or wrong."""
    placed: bool
    """Whether a place of the site was judged right, be it one that the register does not have."""

    @property
    def open(self) -> bool:
        """Return whether it waits for a person: where the site is, or which of these positions are wrong."""
        return not (self.placed or all(self.judged))


def decisions(record: Record, as_of: int | None = None) -> Mapping[str, SiteMerge]:
    """Return the decisions on pairs of sites that hold, by identifier."""
    return record.of_catalogue("site merges", as_of, lambda size: _decisions(record, size))


def leads_to(record: Record, as_of: int | None = None) -> Mapping[str, str]:
    """Return merged site → the site under which it goes on."""
    return record.of_catalogue("merged sites", as_of, lambda size: merges.leads_to(decisions(record, size).values()))


def pairs(record: Record, as_of: int | None = None) -> list[Pair]:
    """Return the pairs of facilities that may be one site, open ones first, then the likeliest."""
    decided, ends, owner = decisions(record, as_of), leads_to(record, as_of), _owners(record, as_of)
    found = []
    for one in site_reports.alike(record, as_of):
        a, b = owner.get(one.first, one.first), owner.get(one.second, one.second)
        if a != b:
            same = ends.get(a, a) == ends.get(b, b)
            found.append(Pair(one, (a, b), decided.get(merges.merge_id(a, b)), same))
    return sorted(found, key=lambda pair: not pair.open)


def moved(record: Record, as_of: int | None = None) -> list[Moved]:
    """Return the facilities whose coordinates moved or are doubted, open ones first, then the furthest."""
    owner = _owners(record, as_of)
    known = known_sites(record, as_of)
    found = []
    for move in site_reports.moved(record, as_of):
        name = owner.get(move.facility, move.facility)
        places = known[name].places if name in known else ()
        judged = tuple(_judgement(position, places) for position in move.positions)
        found.append(Moved(move, name, judged, any(place.judged == "right" for place in places)))
    return sorted(found, key=lambda one: not one.open)


def known_sites(record: Record, as_of: int | None = None) -> Mapping[str, Site]:
    """Return the sites in the record and those that the register proposes, by identifier."""

    def both(size: int) -> dict[str, Site]:
        return {**site_import.proposed(record, size), **sites.every(record, Site, size)}

    return record.of_catalogue("known sites", as_of, both)


def merge(record: Record, keep: str, gone: str, *, role: str, reason: str, now: datetime) -> int | None:
    """Return the leaf under which two sites became one; the second goes on under the first.

    Raises
    ------
    GoedeBuurError
        `site-unknown`; `site-role`; `site-no-reason`; `site-decision` where one of them goes on under another already.
    """
    with record.lock():
        gone_already = leads_to(record)
        for name in (keep, gone):
            if name in gone_already:
                raise _not_so("This site goes on under another already.", name, f"Name {gone_already[name]} instead.")
        return _decide(record, SiteMerge(keep, gone, MergeState.MERGED, *_by(role, reason), _day(now)), now)


def split(record: Record, a: str, b: str, *, role: str, reason: str, now: datetime) -> int | None:
    """Return the leaf under which a merge was taken back; `site-decision` where these two were not merged."""
    with record.lock():
        held = decisions(record).get(merges.merge_id(a, b))
        if held is None or held.state is not MergeState.MERGED:
            raise _not_so(
                "These two sites were not merged with each other.",
                f"{a}, {b}",
                "`goedebuur sites duplicates --all` lists what was decided.",
            )
        return _decide(record, SiteMerge(held.keep, held.gone, MergeState.SPLIT, *_by(role, reason), _day(now)), now)


def apart(record: Record, a: str, b: str, *, role: str, reason: str, now: datetime) -> int | None:
    """Return the leaf under which two sites were held to be two; `site-decision` where they are merged."""
    with record.lock():
        held = decisions(record).get(merges.merge_id(a, b))
        if held is not None and held.state is MergeState.MERGED:
            raise _not_so("These two sites are merged.", f"{a}, {b}", "Split them: that says that they are two.")
        first, second = sorted((a, b))
        return _decide(record, SiteMerge(first, second, MergeState.APART, *_by(role, reason), _day(now)), now)


def judge(record: Record, name: str, year: int, judged: str, *, role: str, reason: str, now: datetime) -> int | None:
    """Return the leaf under which the coordinates that a site had in a year were judged right or wrong.

    All of its coordinates within some metres of these are judged alike.

    Raises
    ------
    GoedeBuurError
        `site-unknown`, `site-role`, `site-no-reason`, `site-malformed`; `site-no-place`.
    """
    role, reason = _by(role, reason)
    with record.lock():
        site = _find(record, name)
        there = [place for place in site.places if place.valid_from[:4] <= str(year) <= (place.valid_to or "9999")[:4]]
        if not there:
            raise GoedeBuurError(
                NO_PLACE,
                "This site has no coordinates for that year.",
                place=f"site {name}",
                value=str(year),
                hint="`goedebuur sites moved` says over which years it reported which.",
            )
        place = max(there, key=lambda one: one.valid_from)
        places = tuple(
            replace(one, judged=judged, reason=reason, role=role) if _same_place(one, place) else one
            for one in site.places
        )
        return sites.put(record, [replace(site, places=places)], now, reason=f"{reason} ({role})")


def current_place(site: Site) -> Place | None:
    """Return where a site is: the last place that was judged right, else the last one not judged wrong."""
    right = [place for place in site.places if place.judged == "right"]
    left = right or [place for place in site.places if not place.judged]
    return max(left, key=lambda one: (one.valid_from, one.valid_to or "9999"), default=None)


def _decisions(record: Record, as_of: int) -> dict[str, SiteMerge]:
    found = record.catalogue.state(KIND, as_of)
    return {name: SiteMerge(**body | {"state": MergeState(body["state"])}) for name, body in found.items()}


def _owners(record: Record, as_of: int | None) -> dict[str, str]:
    """Return facility → its site."""
    return {part.value: one.id for one in known_sites(record, as_of).values() for part in one.facilities}


def _decide(record: Record, decision: SiteMerge, now: datetime) -> int | None:
    """Write a decision, and with it the two sites where the record does not have them yet."""
    recorded = sites.every(record, Site)
    missing = [_find(record, name) for name in decision.pair if name not in recorded]
    body: dict[str, Any] = asdict(decision) | {"state": decision.state.value}
    facts = [*((form.kind_of(one), one.id, form.body(one)) for one in missing), (KIND, decision.id, body)]
    return recording.put(record, facts, now, reason=f"{decision.reason} ({decision.role})")


def _find(record: Record, name: str) -> Site:
    found = known_sites(record).get(name)
    if found is None:
        raise sites.unknown(Site, name)
    return found


def _by(role: str, reason: str) -> tuple[str, str]:
    if role not in DECIDING:
        raise GoedeBuurError(
            BAD_ROLE,
            "This role does not decide on sites.",
            place="role",
            value=role,
            hint=f"One of: {', '.join(DECIDING)}. Never a name.",
        )
    if not reason.strip():
        raise sites.no_reason("A decision has a reason.")
    return role, reason.strip()


def _day(now: datetime) -> str:
    return now.astimezone(AMSTERDAM).date().isoformat()


def _same_place(a: Place, b: Place) -> bool:
    return distance(*map(number, (a.latitude, a.longitude, b.latitude, b.longitude))) <= MOVED


def _judgement(position: Position, places: tuple[Place, ...]) -> str:
    if not isfinite(number(position.latitude)):
        return "wrong"  # it is no place at all: there is nothing to decide
    at = (position.latitude, position.longitude)
    return next((place.judged for place in places if (place.latitude, place.longitude) == at), "")


def _not_so(message: str, value: str, hint: str) -> GoedeBuurError:
    return GoedeBuurError(NOT_SO, message, place="sites", value=value, hint=hint)
