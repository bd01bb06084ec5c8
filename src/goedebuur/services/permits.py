"""Publish decisions about permits, and read them as of any tree size: each is catalogue records under one leaf.

A decision is a record of the kind `permit`, with the identifiers of its conditions, and each condition one of the kind
`condition`. A correction is the whole decision again, with a reason; what it said before stays readable as of the leaf.
What is answered is made of the fields as they were recorded, never of what this version would write, so that an answer
as of an earlier tree size has the bytes that it had then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import canonical, plain
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.rulebook import Check
from goedebuur.core.permits import form, rules
from goedebuur.core.permits.limits import EmissionLimit, Substance
from goedebuur.core.permits.records import NO_RULE, Condition, GeneralRule, Permit
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.rules import closing, emission, substance_names
from goedebuur.services import recording, rule_record, site_decisions, sites
from goedebuur.services.rule_record import SUBMITTER as OURSELVES

if TYPE_CHECKING:
    from goedebuur.services.record import Record

PERMIT, CONDITION = "permit", "condition"
UNKNOWN: Final = declare("permit-unknown", "There is no decision of that name in the record.")


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a decision: the leaf that holds it, and whether that is new."""

    leaf: int
    new: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One decision as the record has it.

    Parameters
    ----------
    permit
        As this version reads it.
    body, conditions
        The fields as they were recorded.
    leaves
        Leaves in which it stands, ascending, with the reason of each; the last holds what is here.
    """

    permit: Permit
    body: Mapping[str, Any]
    conditions: Sequence[Mapping[str, Any]]
    leaves: tuple[tuple[int, str], ...]

    @property
    def leaf(self) -> int:
        """Return the leaf that holds it."""
        return self.leaves[-1][0]


def publish(
    record: Record,
    permit: Permit,
    now: datetime,
    *,
    documents: Iterable[bytes] = (),
    reason: str = "",
    submitter: str = OURSELVES,
) -> Published:
    """Return the leaf under which a decision was published, durable and projected; the same again is not new.

    Parameters
    ----------
    documents
        The files that the decision names, in any order; those that were published before may be left out.
    reason
        Why a published decision is corrected. It is public and stays: no names of persons.

    Raises
    ------
    GoedeBuurError
        A `permit-…` or `site-…` error, or `closing-unknown` for a ground; nothing is written then.
    """
    given = {canonical.sha256(data): data for data in documents}
    _require_grounds(permit)
    _require_substances(permit)
    rule_record.record_emission_rules(record, now)
    with record.lock():
        held = _bodies(record, [permit.id]).get(permit.id)
        _require_site(record, permit, held)
        _require_references(record, permit)
        files = _files(record, permit, given)
        told = facts(permit)
        if held is not None and not reason.strip() and _differs(record, told):
            raise rules.HAS_REASON.error(
                "This changes a decision that is published, and says not why.",
                place="reason",
                value=permit.id,
                hint="Give the reason. It is public and stays: no names of persons.",
            )
        leaf = recording.put(record, told, now, reason=reason, submitter=submitter, files=files)
        if leaf is not None:
            return Published(leaf, True)
        (same,) = _read(record, [permit.id], None)
        return Published(same.leaf, False)


def holds(record: Record, permit: Permit) -> bool | None:
    """Return whether the record has this decision just so; None where it has none of that name."""
    if not _bodies(record, [permit.id]):
        return None
    return not _differs(record, facts(permit))


def of_site(record: Record, site: str, as_of: int | None = None) -> tuple[Held, ...]:
    """Return the decisions about a site and about those that go on under it, by first day; none where there are none.

    They are asked of the catalogue once for each of its states.
    """

    def read(size: int) -> tuple[Held, ...]:
        gone = [one for one, kept in site_decisions.leads_to(record, size).items() if kept == site]
        return _read(record, [name for one in (site, *gone) for name in _about(record, one, size)], size)

    return record.of_catalogue(("permits", site), as_of, read)


def find(record: Record, name: str, as_of: int | None = None) -> Held:
    """Return one decision.

    Raises
    ------
    GoedeBuurError
        `permit-unknown`.
    """
    found = _read(record, [name], as_of) if name in _bodies(record, [name], as_of) else ()
    if not found:
        raise unknown(name)
    return found[0]


def sites_with_permits(record: Record, as_of: int | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return site → identifiers of the decisions about it."""

    def read(size: int) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, body in record.catalogue.state(PERMIT, size).items():
            found[body["site"]] = (*found.get(body["site"], ()), name)
        return found

    return record.of_catalogue("permits by site", as_of, read)


def unknown(name: str) -> GoedeBuurError:
    """Return the error of a decision that is not in the record."""
    return GoedeBuurError(
        UNKNOWN, "There is no decision of that name in the record.", value=name, hint="`goedebuur permits list`."
    )


def _about(record: Record, site: str, as_of: int | None = None) -> Sequence[str]:
    """Return the identifiers of the decisions about a site; a decision never moves to another."""
    return record.catalogue.ids(PERMIT, "site", site, as_of)


def _bodies(record: Record, names: Sequence[str], as_of: int | None = None) -> dict[str, dict[str, Any]]:
    return record.catalogue.state(PERMIT, as_of, ids=names)


def _read(record: Record, names: Sequence[str], as_of: int | None) -> tuple[Held, ...]:
    bodies = _bodies(record, names, as_of)
    wanted = [name for body in bodies.values() for name in body.get("conditions", ())]
    conditions = record.catalogue.state(CONDITION, as_of, ids=wanted)
    told = record.catalogue.history(PERMIT, names, as_of)
    told_of_conditions = record.catalogue.history(CONDITION, wanted, as_of)
    found = []
    for name, body in bodies.items():
        own = [conditions[one] for one in body.get("conditions", ())]
        permit = form.read({**body, "conditions": own}).require()
        positions = {*told[name], *(leaf for one in permit.conditions for leaf in told_of_conditions[one.id])}
        leaves = tuple((leaf, _reason(record, leaf)) for leaf in sorted(positions))
        found.append(Held(permit, body, own, leaves))
    return tuple(sorted(found, key=lambda one: (one.permit.valid_from, one.permit.decided_on, one.permit.id)))


def _reason(record: Record, leaf: int) -> str:
    return str(getattr(record.ledger.leaf(leaf), "reason", ""))


def facts(permit: Permit) -> list[recording.Fact]:
    """Return what the record holds of a decision: its fields with the names of its conditions, and each condition."""
    body = form.write(permit)
    conditions = [plain.write(one) for one in permit.conditions]
    body["conditions"] = [one.id for one in permit.conditions]
    return [(PERMIT, permit.id, body), *((CONDITION, str(one["id"]), one) for one in conditions)]


def _differs(record: Record, told: Sequence[recording.Fact]) -> bool:
    by_kind: dict[str, list[str]] = {}
    for kind, name, _ in told:
        by_kind.setdefault(kind, []).append(name)
    held = {kind: record.catalogue.state(kind, ids=names) for kind, names in by_kind.items()}
    return any(held[kind].get(name) != body for kind, name, body in told)


def _require_site(record: Record, permit: Permit, held: Mapping[str, Any] | None) -> None:
    if held is not None and held["site"] != permit.site:
        raise rules.SAME_SITE.error(
            "A decision of that name is about another site.",
            place="site",
            value=permit.site,
            hint=f"It is about {held['site']}. Give this decision another identifier.",
        )
    site = sites.every(record, Site).get(permit.site)
    if site is None:
        raise sites.not_known(Site, permit.site, "site")
    if site.simulated != permit.example:
        raise rules.INVENTED.error(
            "An invented decision is about an invented site, and a real one about a real site.",
            place="example",
            value=str(permit.example).lower(),
            hint="Enter the example under a site of its own, with `simulated` true.",
        )


def _require_references(record: Record, permit: Permit) -> None:
    for place, kind, name in _unknown(record, permit):
        raise rules.NAMES_KNOWN.error(
            f"There is no {kind} of that name here.",
            place=place,
            value=name,
            hint="Enter it first; `goedebuur sites show` and `goedebuur permits show` list what the site has.",
        )


def _unknown(record: Record, permit: Permit) -> Iterator[tuple[str, str, str]]:
    """Yield place, kind and name of everything that the decision names and the record does not have."""
    installations = {one.id for one in sites.every(record, Installation).values() if one.site == permit.site}
    points = {one.id for one in sites.every(record, EmissionPoint).values() if one.site == permit.site}
    others = of_site(record, permit.site)
    decisions = {one.permit.id for one in others if one.permit.id != permit.id}
    conditions = {row.id for one in others for row in one.permit.conditions if one.permit.id != permit.id}
    own = {one.id for one in permit.conditions}
    for name in (permit.amends, *permit.revokes):
        if name and name not in decisions:
            yield "amends" if name == permit.amends else "revokes", "decision", name
    for name in permit.withdraws:
        if name not in conditions:
            yield "withdraws", "condition", name
    for number, one in enumerate(permit.conditions):
        for field in ("replaces", "suspends"):
            for name in getattr(one, field):
                if name not in conditions and not (field == "suspends" and name in own):
                    yield f"conditions[{number}].{field}", "condition", name
    parts: list[tuple[str, Condition | GeneralRule]] = []
    parts += [(f"conditions[{number}]", one) for number, one in enumerate(permit.conditions)]
    parts += [(f"general_rules[{number}]", rule) for number, rule in enumerate(permit.general_rules)]
    for place, part in parts:
        for name in part.installations:
            if name not in installations:
                yield f"{place}.installations", "installation", name
        for name in part.emission_points:
            if name not in points:
                yield f"{place}.emission_points", "emission point", name
    for number, rule in enumerate(permit.general_rules):
        if rule.rule != NO_RULE and not emission.book().named(rule.rule):
            yield f"general_rules[{number}].rule", "row of emission_limits.csv", rule.rule


def _require_substances(permit: Permit) -> None:
    """Require that a limit on a substance of the table says which row it is, so that it meets the limits of the law."""
    known = substance_names.names()
    for number, one in enumerate(permit.conditions):
        substance = getattr(one.form, "substance", None)
        if not isinstance(substance, Substance):
            continue
        row = known.of_id(substance.id) if substance.id else None
        meant = known.called(substance.name) or next((r for r in known.rows if r.cas and r.cas == substance.cas), None)
        place = f"conditions[{number}].form.substance"
        if substance.id and row is None:
            raise _substance(
                rules.SUBSTANCE_ROW,
                f"{place}.id",
                substance.id,
                "Choose a row of substance_names.csv, or leave it out.",
            )
        if row is not None and substance.cas not in ("", row.cas):
            raise _substance(
                rules.SUBSTANCE_CAS,
                f"{place}.cas",
                substance.cas,
                f"The table gives {row.id} {row.cas or 'no CAS number'}.",
            )
        if row is None and meant is not None and isinstance(one.form, EmissionLimit):
            raise _substance(
                rules.SUBSTANCE_SAID, f"{place}.id", substance.name, f"Is this {meant.id}? Then say so in `id`."
            )


def _substance(check: Check, place: str, value: str, hint: str) -> GoedeBuurError:
    message = "This is not how the table of substances names it."
    return check.error(message, place=place, value=value, hint=hint)


def _require_grounds(permit: Permit) -> None:
    for number, one in enumerate(permit.withheld):
        ground = closing.term("grounds", one.ground, "closes")
        if one.emissions and "emissions" not in ground.uses:
            raise rules.EMISSIONS_OPEN.error(
                "On this ground, information on emissions cannot be withheld.",
                place=f"withheld[{number}].ground",
                value=one.ground,
                hint="Woo art. 5.1(7): the grounds of its first two paragraphs do not hold for emissions.",
            )


def _files(record: Record, permit: Permit, given: Mapping[str, bytes]) -> list[recording.File]:
    """Return the documents that are new, and check that every one is there and is the file that is named."""
    others = of_site(record, permit.site)
    known = {one.sha256 for other in others for one in other.permit.documents}
    files = []
    for number, one in enumerate(permit.documents):
        data = given.get(one.sha256)
        if data is None and one.sha256 not in known:
            raise rules.DOCUMENT_GIVEN.error(
                "The file of this document was not given.",
                place=f"documents[{number}]",
                value=one.name,
                hint="Give the file; its SHA-256 is that of the document, and no other file will do.",
            )
        size = len(record.evidence.payload(one.sha256) if data is None else data)
        if size != one.size:
            hint = f"The file has {size} bytes."
            place = f"documents[{number}].size"
            raise rules.DOCUMENT_BYTES.error("The file has another size.", place=place, value=str(one.size), hint=hint)
        if data is not None and one.sha256 not in known:
            files.append((one.name, data))
    strange = sorted(set(given) - {one.sha256 for one in permit.documents})
    if strange:
        raise rules.DOCUMENT_NAMED.error(
            "The decision does not name this file.",
            place="documents",
            value=strange[0],
            hint="Add it to `documents` with its SHA-256, or leave it out.",
        )
    return files
