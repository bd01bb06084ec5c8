"""Read and write cases: core records in, core records out. Each change of a case is one event of its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.core.casework import history, identifiers
from goedebuur.core.casework.cases import Case, RunningTerm, Taken
from goedebuur.core.casework.history import Event
from goedebuur.core.casework.states import Kind
from goedebuur.core.casework.terms import Ending, Length, Pause, Unit
from goedebuur.store.casework import case_models as models

CHANGED: Final = declare("case-changed", "Someone else changed the case in the meantime.")
NAMED, APPLICANT = models.Party.Relation.NAMED.value, models.Party.Relation.APPLICANT.value
_PLAIN: Final = (
    *("number", "state", "authority", "subject", "text", "created", "language", "emissions", "simulated"),
    *(
        "shown_subject",
        "shown_text",
        "asked_on",
        "answer",
        "answered_on",
        "reply",
        "replied_on",
        "reasons",
        "decided_on",
        "ground",
    ),
    *("withheld_until", "publish_on", "versions", "events", "head"),
)
"""Fields that are in the table as they are in the record."""
ATTEMPTS: Final = 5
AT_ONCE: Final = 500
"""Cases that are read at once, so that many of them take no more memory than few."""
atomic = transaction.atomic


def find(name: str, *, lock: bool = False) -> Case | None:
    """Return the case with a UUID or number; None where there is none.

    Parameters
    ----------
    lock
        Whether nobody else may change it until the transaction ends.
    """
    rows = models.Case.objects.select_for_update() if lock else models.Case.objects.all()
    try:
        where = Q(number=name) if identifiers.is_number(name) else Q(uuid=uuid.UUID(name))
    except ValueError:
        return None
    row = rows.filter(where).first()
    # the same questions are asked where there is none: how long an answer takes tells nothing either
    return next(iter(_read([row] if row is not None else [])), None)


def create(case: Case, actor: int, now: datetime, body: Mapping[str, Any]) -> Case:
    """Return a new case with its number and the first event of its history.

    Parameters
    ----------
    case
        Without a number; its UUIDs are new.
    """
    for attempt in range(ATTEMPTS):
        try:
            with atomic():
                return _create(case, actor, now, body)
        except IntegrityError:
            # someone else took the number in the same moment
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _create(case: Case, actor: int, now: datetime, body: Mapping[str, Any]) -> Case:
    last = models.Case.objects.filter(year=now.year).aggregate(last=Max("serial"))["last"] or 0
    number = identifiers.number(now.year, last + 1)
    numbered = replace(case, number=number, head=history.genesis(case.uuid), events=0)
    row = models.Case(uuid=case.uuid, year=now.year, serial=last + 1, kind=case.kind.value)
    row.publication = uuid.UUID(case.publication)
    saved = _write(row, numbered, actor, "created", "", now, body)
    concerned = [(NAMED, one) for one in case.operators] + [(APPLICANT, one) for one in case.applicants]
    models.Party.objects.bulk_create(
        [models.Party(case=row, relation=relation, operator=one) for relation, one in concerned]
    )
    return saved


def save(before: Case, taken: Taken, name: str, actor: int, now: datetime) -> Case:
    """Return the case after a step, saved with its event. The caller holds the case with `find(…, lock=True)`.

    Parameters
    ----------
    actor
        Number of the account; 0 for the program itself.

    Raises
    ------
    GoedeBuurError
        `case-changed` where the case is not what the caller saw.
    """
    row = models.Case.objects.get(uuid=before.uuid)
    if row.head != before.head:
        raise changed(before.number)
    return _write(row, taken.case, actor, name, before.state, now, taken.body)


def changed(number: str) -> GoedeBuurError:
    """Return the error of a case that someone else changed."""
    return GoedeBuurError(
        CHANGED,
        "Someone else changed this case in the meantime. Nothing of yours was saved.",
        value=number,
        hint="Look at what changed, and do it again if it is still right.",
    )


def events(case: str, after: int = 0) -> list[Event]:
    """Return the history of a case, from the event after a number on."""
    rows = models.CaseEvent.objects.filter(case__uuid=case, number__gt=after).order_by("number")
    fields = rows.values_list("number", "at", "actor", "name", "before", "after", "body", "previous", "digest")
    return [Event(case, number, at, actor or 0, *rest) for number, at, actor, *rest in fields]


def listed(
    authorities: Iterable[str],
    operators: Iterable[str],
    *,
    kind: Kind | None = None,
    states: Iterable[str] | None = None,
    text: str = "",
) -> Iterator[Case]:
    """Yield the cases of these authorities, and those to which one of these operators is a party, the latest first.

    Whether the reader may see them, and what of them, is for the caller to decide.

    Parameters
    ----------
    text
        A part of the number, subject, text or answer, whatever its capitals.
    """
    rows = models.Case.objects.filter(Q(authority__in=list(authorities)) | Q(pk__in=_with_operators(operators)))
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    if states is not None:
        rows = rows.filter(state__in=list(states))
    for word in text.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(subject__icontains=word)
            | Q(text__icontains=word)
            | Q(shown_text__icontains=word)
            | Q(answer__icontains=word)
        )
    found = rows.order_by("-changed", "-pk").iterator(AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        yield from _read(some)


def at_sites(
    authorities: Iterable[str], kind: Kind, states: Iterable[str]
) -> list[tuple[tuple[str, ...], str, datetime | None]]:
    """Return (sites, state, end of the term) of the cases of a kind of these authorities in these states."""
    rows = models.Case.objects.filter(authority__in=list(authorities), kind=kind.value, state__in=list(states))
    return [(tuple(sites), state, until) for sites, state, until in rows.values_list("sites", "state", "term_until")]


def of_authority(authority: str, *, number: str = "", start: int = 0, limit: int = 100) -> tuple[list[Case], int]:
    """Return a page of the cases of an authority, and how many there are in all.

    The oldest first: what is new or changes while the pages are read moves no case to a page that was read already.

    Parameters
    ----------
    number
        Only the case of this number; all where empty.
    start, limit
        How many are passed over, and how many a page has.
    """
    rows = models.Case.objects.filter(authority=authority)
    if number:
        rows = rows.filter(number=number)
    return _read(rows.order_by("pk")[start : start + limit]), rows.count()


def numbers() -> list[str]:
    """Return the UUIDs of all cases, oldest first."""
    return [str(one) for one in models.Case.objects.order_by("pk").values_list("uuid", flat=True)]


def in_states(states: Iterable[str]) -> list[Case]:
    """Return the cases in these states, oldest first."""
    return _read(models.Case.objects.filter(state__in=list(states)).order_by("pk"))


def _with_operators(operators: Iterable[str]) -> QuerySet[Any, Any]:
    concerned = models.Party.objects.filter(operator__in=list(operators), relation__in=(NAMED, APPLICANT))
    return concerned.exclude(operator="").values("case")


def _write(
    row: models.Case, case: Case, actor: int, name: str, before: str, now: datetime, body: Mapping[str, Any]
) -> Case:
    number = case.events + 1
    previous = case.head
    digest = history.digest(case.uuid, number, now, actor, name, before, case.state, body, previous)
    saved = replace(case, events=number, head=digest)
    for field in _PLAIN:
        setattr(row, field, getattr(saved, field))
    row.sites, row.writers = list(saved.sites), sorted(saved.writers)
    row.term = _term_body(saved.term)
    row.term_until = saved.term.ending.until if saved.term is not None else None
    row.changed = now
    row.save()
    models.CaseEvent.objects.create(
        case=row,
        number=number,
        at=now,
        actor_id=actor or None,
        name=name,
        before=before,
        after=saved.state,
        body=dict(body),
        previous=previous,
        digest=digest,
    )
    return saved


def _read(rows: Iterable[models.Case]) -> list[Case]:
    found = list(rows)
    keys = [row.pk for row in found] or [0]
    concerned = models.Party.objects.filter(case__in=keys, relation__in=(NAMED, APPLICANT)).exclude(operator="")
    parties: dict[tuple[int, str], list[str]] = {}
    for case, relation, operator in concerned.order_by("pk").values_list("case", "relation", "operator"):
        parties.setdefault((case, relation), []).append(operator)
    return [_case(row, parties.get((row.pk, NAMED), ()), parties.get((row.pk, APPLICANT), ())) for row in found]


def _case(row: models.Case, named: Sequence[str], applicants: Sequence[str]) -> Case:
    plain = {field: getattr(row, field) for field in _PLAIN}
    return Case(
        uuid=str(row.uuid),
        kind=Kind(row.kind),
        publication=str(row.publication),
        operators=tuple(named),
        applicants=tuple(applicants),
        sites=tuple(row.sites),
        term=_term(row.term),
        writers=frozenset(row.writers),
        **plain,
    )


def _term_body(term: RunningTerm | None) -> dict[str, Any] | None:
    if term is None:
        return None
    ending = term.ending
    return {
        "row": term.row,
        "started": iso(term.started),
        "lengths": [[length.amount, length.unit.value] for length in term.lengths],
        "pauses": [[pause.first.isoformat(), pause.last.isoformat()] for pause in term.pauses],
        "asked": term.asked.isoformat() if term.asked else None,
        "reason": term.reason,
        "day": ending.day.isoformat(),
        "counted": ending.counted.isoformat(),
        "articles": list(ending.articles),
        "until": iso(ending.until),
        "certain": ending.certain,
    }


def _term(body: Mapping[str, Any] | None) -> RunningTerm | None:
    if body is None:
        return None
    ending = Ending(
        date.fromisoformat(body["day"]),
        date.fromisoformat(body["counted"]),
        tuple(body["articles"]),
        datetime.fromisoformat(body["until"]),
        body["certain"],
    )
    return RunningTerm(
        row=body["row"],
        started=datetime.fromisoformat(body["started"]),
        lengths=tuple(Length(amount, Unit(unit)) for amount, unit in body["lengths"]),
        ending=ending,
        pauses=tuple(Pause(date.fromisoformat(a), date.fromisoformat(b)) for a, b in body["pauses"]),
        asked=date.fromisoformat(body["asked"]) if body["asked"] else None,
        reason=body["reason"],
    )
