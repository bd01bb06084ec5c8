"""Operators, sites and what belongs to them, kept in the record: each change is a leaf, so *as of N* knows what was
known then; what held on a day is in the records themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.sites import form
from goedebuur.core.sites.records import (
    Authority,
    EmissionPoint,
    Installation,
    Operator,
    Site,
    SiteRecord,
)
from goedebuur.rules import activities
from goedebuur.services import coordinates, recording
from goedebuur.services.rule_record import SUBMITTER as OURSELVES

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN: Final = declare("site-unknown", "There is no operator, site or part of a site of that name in the record.")
KVK_TAKEN: Final = declare("site-kvk-taken", "Another operator has that KvK number: one number is one operator.")
NO_ACTIVITY: Final = declare("site-activity", "An activity is not in the list that it names.")
NO_REASON: Final = declare("site-no-reason", "What is in the record is changed only with a reason.")
_BOOK: Final = rulebook.area(
    "site-record",
    "Locaties: wat het register al heeft",
    "Sites: what the record has already",
    rulebook.own("wat naar niets verwijst, zegt niets", "what refers to nothing says nothing"),
    "tests/rulebook/test_sites.py::test_not_entered",
)
REFERRED: Final = _BOOK.refuse(
    "known",
    UNKNOWN,
    "Wat een record noemt (exploitant, gezag, locatie, installatie) staat in het register of komt mee.",
    "What a record names (operator, authority, site, installation) is in the record or comes with it.",
)
OWN_KVK: Final = _BOOK.refuse(
    "kvk",
    KVK_TAKEN,
    "Een KvK-nummer is van één exploitant.",
    "A KvK number is of one operator.",
)
LISTED: Final = _BOOK.refuse(
    "activity",
    NO_ACTIVITY,
    "Een activiteit die een mens invoert staat in de lijst van de wet.",
    "An activity that a person enters is in the list of the law.",
    basis=rulebook.law("Regulation (EC) 166/2006, Annex I; Directive 2010/75/EU, Annex I"),
)
HAS_REASON: Final = _BOOK.refuse(
    "reason",
    NO_REASON,
    "Wie verandert wat in het register staat, zegt waarom.",
    "Who changes what is in the record says why.",
)
Found = TypeVar("Found", Operator, Authority, Site, Installation, EmissionPoint)
Ending = TypeVar("Ending", Authority, Site, Installation, EmissionPoint)


def every(record: Record, made: type[Found], as_of: int | None = None) -> Mapping[str, Found]:
    """Return all operators, sites, installations, emission points or authorities, by identifier."""
    kind = form.kind(made)

    def read(size: int) -> dict[str, Found]:
        bodies = record.catalogue.state(kind, size)
        return {name: form.read(made, body) for name, body in bodies.items()}

    return record.of_catalogue(("sites", kind), as_of, read, (kind,))


def find(record: Record, made: type[Found], name: str, as_of: int | None = None) -> Found:
    """Return one of them.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    body = record.catalogue.state(form.kind(made), as_of, ids=[name]).get(name)
    found = None if body is None else form.read(made, body)
    if found is None:
        raise unknown(made, name)
    return found


def last_names(
    record: Record,
    made: type[Operator | Authority | Site | Installation | EmissionPoint],
    ids: Iterable[str],
    as_of: int | None = None,
) -> dict[str, str]:
    """Return identifier → last name of those that the record has under one kind."""
    bodies = record.catalogue.state(form.kind(made), as_of, ids=sorted(set(ids)))
    return {name: body["names"][-1]["value"] for name, body in bodies.items() if body.get("names")}


def put(
    record: Record,
    ones: Sequence[SiteRecord],
    now: datetime,
    *,
    reason: str = "",
    submitter: str = OURSELVES,
) -> int | None:
    """Return the leaf under which these were entered or changed, all at once; None where they say nothing new.

    Parameters
    ----------
    ones
        Whole records: each takes the place of what was held under its identifier.
    reason
        Why; needed where something is in the record already. No names of persons.
    submitter
        Who says so; the record itself where nobody else does.

    Raises
    ------
    GoedeBuurError
        `site-unknown` for one that names an operator, site or installation that is not there; `site-kvk-taken`;
        `site-no-reason`; `site-activity`; `site-place-disagrees`. Nothing is written then.
    """
    with record.lock():
        return recording.put(record, facts(record, ones, reason), now, reason=reason, submitter=submitter)


def facts(record: Record, ones: Sequence[SiteRecord], reason: str = "") -> list[recording.Fact]:
    """Return what would be written of these, checked as :func:`put` does; the caller holds `record.lock()`."""
    ones = [complete(one) for one in ones]
    _require_references(record, ones)
    _require_own_kvk(record, [one for one in ones if isinstance(one, Operator)])
    told = [(form.kind_of(one), one.id, form.body(one)) for one in ones]
    if not reason.strip() and any(_held(record, kind, name) not in (None, body) for kind, name, body in told):
        raise no_reason("This changes what is in the record, and says not why.")
    return [*told]


def end(record: Record, made: type[Ending], name: str, on: date, now: datetime, *, reason: str) -> int | None:
    """Return the leaf under which one was ended, with its last day; None where the record says so already.

    Raises
    ------
    GoedeBuurError
        `site-unknown`, `site-malformed` for a day before its first, `site-no-reason`.
    """
    return put(record, [replace(find(record, made, name), valid_to=on.isoformat())], now, reason=reason)


def no_reason(message: str) -> GoedeBuurError:
    """Return the error of a change or decision without its reason."""
    hint = "Give the reason. It is public and stays: no names of persons."
    return HAS_REASON.error(message, place="reason", hint=hint)


def unknown(made: type[SiteRecord], name: str) -> GoedeBuurError:
    """Return the error of one that is asked for, and is not in the record."""
    return GoedeBuurError(UNKNOWN, _NOT_THERE.format(_WORDS[made]), value=name, hint=_ENTER_FIRST)


def not_known(made: type[SiteRecord], name: str, place: str = "") -> GoedeBuurError:
    """Return the error of one that something which comes in refers to, and is not in the record."""
    return REFERRED.error(_NOT_THERE.format(_WORDS[made]), place=place, value=name, hint=_ENTER_FIRST)


_NOT_THERE: Final = "There is no {} of that name in the record."
_ENTER_FIRST: Final = "`goedebuur sites list` lists the sites; enter first what others refer to."


_WORDS: Final[Mapping[type[SiteRecord], str]] = {
    Operator: "operator",
    Authority: "authority",
    Site: "site",
    Installation: "installation",
    EmissionPoint: "emission point",
}


def complete(one: SiteRecord) -> SiteRecord:
    """Return a record with its places in both forms; the activities of what a person entered have to be listed.

    Raises
    ------
    GoedeBuurError
        `site-activity`, `site-place-disagrees`.
    """
    if isinstance(one, Installation) or (isinstance(one, Site) and one.checked):
        for done in one.activities:
            if f"{done.list}:{done.code}" not in activities.activities():
                raise LISTED.error(
                    "There is no activity with this code in the list.",
                    place=f"{_WORDS[type(one)]} {one.id}, activities",
                    value=f"{done.list}:{done.code}",
                    hint="Write it as eprtr:2(b) or ied:5.2(a); rules/tables/annex_i_activities.csv has all.",
                )
    if isinstance(one, Site | EmissionPoint):
        return replace(one, places=tuple(map(coordinates.complete, one.places)))
    return one


def _held(record: Record, kind: str, name: str) -> Mapping[str, object] | None:
    return record.catalogue.state(kind, ids=[name]).get(name)


def _require_references(record: Record, ones: Sequence[SiteRecord]) -> None:
    coming = {(type(one), one.id) for one in ones}
    for one in ones:
        for made, name in _references(one):
            if (made, name) not in coming and _held(record, form.kind(made), name) is None:
                raise not_known(made, name, f"{_WORDS[type(one)]} {one.id}")


def _references(one: SiteRecord) -> Iterator[tuple[type[SiteRecord], str]]:
    if isinstance(one, Site):
        yield from ((Operator, part.value) for part in one.operators)
        for parts in (one.authorities, one.agencies, one.municipalities):
            yield from ((Authority, part.value) for part in parts)
    elif isinstance(one, Installation | EmissionPoint):
        yield Site, one.site
        if isinstance(one, EmissionPoint):
            yield from ((Installation, name) for name in one.installations)


def _require_own_kvk(record: Record, coming: Iterable[Operator]) -> None:
    by_number = {one.kvk: one.id for one in every(record, Operator).values() if one.kvk}
    for one in coming:
        if one.kvk and by_number.setdefault(one.kvk, one.id) != one.id:
            raise OWN_KVK.error(
                "Another operator has this KvK number: one number is one operator.",
                place=f"operator {one.id}, kvk; it is that of operator {by_number[one.kvk]}",
                value=one.kvk,
                hint="Is it the same company? Then enter its other name as a name of that operator.",
            )
