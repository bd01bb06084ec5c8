"""The consolidated permit of a site, for pages, the API and files: what holds on a day, as of a tree size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits import timeline
from goedebuur.core.permits.precedence import Binding, Candidate
from goedebuur.core.permits.records import Condition, Document, GeneralRule
from goedebuur.core.permits.rules import DOCUMENT
from goedebuur.core.permits.site_limits import SpotLimits, site_limits
from goedebuur.core.permits.timeline import Consolidated, Event, Stands
from goedebuur.core.sites.records import Authority, EmissionPoint, Installation, Operator, Site
from goedebuur.services import permits, sites
from goedebuur.services.permits import Held
from goedebuur.services.rule_record import emission_book_at

if TYPE_CHECKING:
    from goedebuur.services.record import Record

FORMAT: Final = "goedebuur-consolidated-permit/1"
LIMITS_FORMAT: Final = "goedebuur-site-limits/1"


@dataclass(frozen=True, slots=True)
class PermitView:
    """Everything that is known of the permit of a site on a day.

    Parameters
    ----------
    decisions
        All decisions about the site, by first day.
    found
        What of them holds on the day.
    events
        What each decision changed, newest first.
    """

    site: str
    decisions: tuple[Held, ...]
    found: Consolidated
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class LimitsView:
    """Which limits bind at a site on a day, and with which rows that was worked out."""

    on: date
    spots: tuple[SpotLimits, ...]
    rules_sha256: str
    rules_leaf: int | None


def view(record: Record, site: str, on: date, as_of: int | None = None) -> PermitView:
    """Return the permit of a site on a day, as was known at a tree size.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    held = permits.of_site(record, site, as_of)
    if not held:
        sites.find(record, Site, site, as_of)
    found = [one.permit for one in held]
    return PermitView(site, held, timeline.consolidate(found, on), timeline.events(found))


def limits(record: Record, site: str, on: date, as_of: int | None = None) -> LimitsView:
    """Return which limits on emissions bind at a site on a day, with the rules as of the same tree size."""

    rules = emission_book_at(record, as_of)

    def read(size: int) -> tuple[SpotLimits, ...]:
        found = view(record, site, on, size).found
        return site_limits(found, rules.book, _installations(record, found, size))

    spots = record.of_catalogue(("site limits", site, on, rules.book.sha256), as_of, read)
    return LimitsView(on, spots, rules.book.sha256, rules.leaf)


def names(record: Record, found: PermitView, as_of: int | None = None) -> dict[str, str]:
    """Return the last name of everything that the decisions about a site name by its identifier."""
    installations, points = _parts(found.found)
    decided = [one.permit for one in found.decisions]
    return {
        **sites.last_names(record, Authority, {one.authority for one in decided}, as_of),
        **sites.last_names(record, Operator, {one.operator for one in decided}, as_of),
        **sites.last_names(record, Installation, installations, as_of),
        **sites.last_names(record, EmissionPoint, points, as_of),
    }


def export(record: Record, site: str, on: date, as_of: int | None = None) -> bytes:
    """Return the consolidated permit as canonical JSON, made of the fields as they were recorded.

    The bytes depend on the decisions that were public at the tree size, and on the day, alone: what is published
    later, or a later version of the program, leaves them as they were. `docs/methods/permits.md` has the form.
    """
    found = view(record, site, on, as_of)
    stands = {one.id: how for one, how in found.found.conditions}
    decided = {one.id: how for one, how in found.found.decisions}
    body = {
        "format": FORMAT,
        "site": site,
        "on": on.isoformat(),
        "decisions": [
            {**one.body, "leaves": [_leaf(leaf, reason) for leaf, reason in one.leaves], **_how(decided[one.permit.id])}
            for one in found.decisions
        ],
        "conditions": [
            {**condition, **_how(stands[str(condition["id"])])}
            for one in found.decisions
            for condition in one.conditions
        ],
    }
    return canonical.encode(body)


def limits_record(site: str, found: LimitsView) -> dict[str, Any]:
    """Return which limits bind, as a plain object for the API."""
    return {
        "format": LIMITS_FORMAT,
        "site": site,
        "on": found.on.isoformat(),
        "rules_sha256": found.rules_sha256,
        "rules_leaf": found.rules_leaf,
        "places": [
            {
                "installation": one.spot.installation,
                "emission_point": one.spot.emission_point,
                "limits": [_binding(binding) for binding in one.bindings],
            }
            for one in found.spots
        ],
    }


def document(record: Record, site: str, sha256: str, as_of: int | None = None) -> tuple[Document, bytes]:
    """Return a public document of a decision about a site, checked against its digest.

    Raises
    ------
    GoedeBuurError
        `permit-document` where no decision about the site names it.
    """
    for one in permits.of_site(record, site, as_of):
        for named in one.permit.documents:
            if named.sha256 == sha256:
                return named, record.evidence.payload(sha256)
    raise GoedeBuurError(DOCUMENT, "No decision about this site names this document.", value=sha256)


def _parts(found: Consolidated) -> tuple[set[str], set[str]]:
    """Return the installations and emission points that decisions name."""
    named: list[Condition | GeneralRule] = [one for one, _ in found.conditions]
    named += [rule for one, _ in found.decisions for rule in one.general_rules]
    return (
        {name for one in named for name in one.installations},
        {name for one in named for name in one.emission_points},
    )


def _installations(record: Record, found: Consolidated, as_of: int | None) -> dict[str, str]:
    """Return emission point → its installation, of those that decisions name and that belong to one."""
    bodies = record.catalogue.state("emission_point", as_of, ids=sorted(_parts(found)[1]))
    return {name: body["installations"][0] for name, body in bodies.items() if len(body.get("installations", ())) == 1}


def _how(stands: Stands) -> Mapping[str, Any]:
    told: dict[str, Any] = {"standing": stands.standing.value}
    if stands.by:
        told["by"] = stands.by
    if stands.since is not None:
        told["since"] = stands.since.isoformat()
    return {"stands": told}


def _leaf(leaf: int, reason: str) -> dict[str, Any]:
    return {"leaf": leaf, "reason": reason} if reason else {"leaf": leaf}


def _binding(one: Binding) -> dict[str, Any]:
    return {
        "substance": one.key.substance,
        "averaging": one.key.averaging.value,
        "share": str(one.key.share),
        "over": one.key.over,
        "during": one.key.during,
        "outcome": one.outcome.value,
        "binding": None if one.binding is None else one.binding.source,
        "reason": one.reason,
        "article": one.article,
        "text": {"nl": one.text.nl, "en": one.text.en},
        "question": {"nl": one.question.nl, "en": one.question.en},
        "notes": [{"nl": note.nl, "en": note.en} for note in one.notes],
        "instead": list(one.instead),
        "limits": [_candidate(candidate) for candidate in one.candidates],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "source": one.source,
        "origin": one.origin.value,
        "level": one.limit.level.value,
        "value": one.limit.value,
        "unit": one.limit.unit,
        "factor": one.limit.statistic.factor,
        "oxygen": one.limit.reference.oxygen if one.limit.reference else "",
        "article": one.article,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": None if one.valid_to is None else one.valid_to.isoformat(),
        "status": one.status.value,
        "question": {"nl": one.doubt.nl, "en": one.doubt.en},
    }
