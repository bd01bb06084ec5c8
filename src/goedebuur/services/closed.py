"""How closed leaves stand: what the public is told of each, and what a crash left of opening and erasing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.ledger import closing
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.rules import closing as terms
from goedebuur.store.ledger.closed import CLOSED_MISSING, Openings

if TYPE_CHECKING:
    from goedebuur.services.record import Record

CLOSED, OPENED, ERASED = "closed", "opened", "erased"


@dataclass(frozen=True, slots=True)
class Postponement:
    """A date that was moved: the leaf that says so, when, until when, why and by which role."""

    leaf: int
    on: datetime
    until: date
    reason: str
    role: str


@dataclass(frozen=True, slots=True)
class ClosedView:
    """What is public of a closed leaf.

    Parameters
    ----------
    leaf
        Its number.
    state
        "closed", "opened" or "erased".
    overdue
        Whether it is closed still after the day on which it was to be opened.
    since
        When it was logged.
    ground, role
        Identifiers of the tables.
    article
        Of the law, for the ground; empty where the table has no such row.
    certainty
        How sure we are of the article.
    first_until, until
        Day on which it was to be opened, and on which it is to be opened now.
    postponements
        Each time that the day was moved, oldest first.
    by
        Leaf that opened or erased it.
    ended
        When it was opened or erased.
    why
        Ground on which it was erased, or reason for which it was opened before its day; else empty.
    """

    leaf: int
    state: str
    overdue: bool
    since: datetime
    ground: str
    role: str
    article: str
    certainty: Status | None
    first_until: date | None
    until: date | None
    postponements: tuple[Postponement, ...]
    by: int | None
    ended: datetime | None
    why: str


def every(record: Record, as_of: int | None = None, today: date | None = None) -> list[ClosedView]:
    """Return every leaf that was ever closed, as it stood at a tree size, newest first.

    Parameters
    ----------
    today
        Civil day that tells what is overdue; None for the day of the newest leaf.
    """
    told = _told(record, as_of)
    day = today or _day_of(record, as_of)
    return [_view(leaf, said, day) for leaf, said in sorted(told.items(), reverse=True)]


def find(record: Record, leaf: int, as_of: int | None = None, today: date | None = None) -> ClosedView | None:
    """Return how one closed leaf stands; None where no leaf of that number was closed. Parameters as :func:`every`."""
    said = _told(record, as_of, leaf).get(leaf)
    return None if said is None else _view(leaf, said, today or _day_of(record, as_of))


def civil_day(moment: datetime) -> date:
    """Return the day of a moment in the Netherlands: dates in leaves are civil days there."""
    return moment.astimezone(AMSTERDAM).date()


def words(table: str, name: str) -> Text:
    """Return the words for a ground, role or reason; its identifier where the table has no such row (any more)."""
    found = terms.terms(table).get(name)
    return found.text if found is not None else Text(name, name)


def tidy(record: Record) -> list[str]:
    """Return in sentences what was removed of folders under `closed/` that are there no longer for. Under the lock.

    What was opened is in the public evidence, and what was erased is to be gone; of what no leaf names nothing was
    acknowledged. A folder that belongs to a longer log than this one is left: an older copy of the log was put back.
    """
    openings = Openings(record.data_dir, record.evidence.fs)
    said = []
    if openings.sweep():
        said.append("Removed a folder under closed/: it was being made when the process ended.")
    listed = openings.listed()
    if not listed:
        return said
    by_commitment = {one["commitment"]: one for _, told in _told(record).items() for one in (_merged(told),)}
    for commitment in listed:
        state = by_commitment.get(commitment)
        if state is None:
            said += _orphan(record, openings, commitment)
        elif "opened_by" in state or "erased_by" in state:
            stray = openings.begun(commitment)
            record.evidence.forget(stray - _named(record) if stray else ())
            openings.erase(commitment)
            done = "opened" if "opened_by" in state else "erased"
            said.append(f"Removed closed/{commitment[:2]}/{commitment}: the leaf that it belongs to was {done}.")
    return said


def _orphan(record: Record, openings: Openings, commitment: str) -> list[str]:
    place = f"closed/{commitment[:2]}/{commitment}"
    try:
        header, _ = openings.header(commitment)
        if int((header.inputs or {}).get("size", 0)) > record.ledger.size:
            return [f"Left {place} as it is: it belongs to a longer log than this one. Find that log."]
    except GoedeBuurError as error:
        if error.code != CLOSED_MISSING:
            return [f"Left {place} as it is: no leaf names it, and it is damaged."]
    openings.erase(commitment)
    return [f"Removed {place}: no leaf names it, since the process ended before it was logged."]


def _named(record: Record) -> set[str]:
    """Return the digests of every payload and batch that a leaf names."""
    found: set[str] = set()
    for leaf in record.ledger.leaves():
        if isinstance(leaf, Leaf):
            overlaid: Mapping[str, Any] = {}
            if (closing.concerns(leaf) or ("", 0))[0] == closing.OPENS:
                overlaid = (leaf.inputs or {}).get("header", {})
            told = (overlaid.get("inputs") or {}).get("catalogue")
            for named in (leaf.payload, leaf.batch, overlaid.get("batch"), told):
                if named is not None:
                    found.add(named["sha256"])
    return found


Said = list[tuple[int, dict[str, Any]]]
"""What leaves said of one closed leaf, with their numbers, ascending."""
KIND: Final = closing.KIND


def _told(record: Record, as_of: int | None = None, leaf: int | None = None) -> dict[int, Said]:
    """Return closed leaf → what was said of it; only of leaves that were closed, whatever others name."""
    found: dict[int, Said] = {}
    for index, name, _, body in record.catalogue.records(KIND, as_of):
        if leaf is None or name == str(leaf):
            found.setdefault(int(name), []).append((index, body))
    for said in found.values():
        said.sort(key=lambda one: one[0])
    return {number: said for number, said in found.items() if said[0][0] == number and "commitment" in said[0][1]}


def _merged(said: Said) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for _, body in said:
        state |= body
    return state


def _view(leaf: int, said: Said, today: date) -> ClosedView:
    first, state = said[0][1], _merged(said)
    ground = terms.terms("grounds").get(first["ground"])
    moved = tuple(
        Postponement(
            index,
            datetime.fromisoformat(body["postponed_on"]),
            date.fromisoformat(body["opens"]),
            body["postponed_reason"],
            body["postponed_role"],
        )
        for index, body in said
        if "postponed_by" in body
    )
    what = ERASED if "erased_by" in state else OPENED if "opened_by" in state else CLOSED
    until = _date(state["opens"])
    ended = state.get(f"{what}_on") if what != CLOSED else None
    return ClosedView(
        leaf=leaf,
        state=what,
        overdue=what == CLOSED and until is not None and today > until,
        since=datetime.fromisoformat(first["closed_on"]),
        ground=first["ground"],
        role=first["role"],
        article=ground.article if ground is not None else "",
        certainty=ground.status if ground is not None else None,
        first_until=_date(first["opens"]),
        until=until,
        postponements=moved,
        by=state.get(f"{what}_by"),
        ended=datetime.fromisoformat(ended) if ended else None,
        why=str(state.get("erased_ground" if what == ERASED else "early_reason", "")) if what != CLOSED else "",
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _day_of(record: Record, as_of: int | None) -> date:
    size = record.ledger.size if as_of is None else as_of
    newest = record.ledger.leaf(size - 1) if size else None
    if newest is None:
        return date.min
    return civil_day(datetime.fromisoformat(newest.received if isinstance(newest, Leaf) else newest.closed_on))
