"""Are the cases what they were? Each history against its chain, and what is public of a case against its leaf.

The history of a case is a chain (`core/casework/history.py`), and a version that became public stands under a leaf.
Both hold whoever can write in the SQL database to what was written; the leaf also whoever made the chain anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework import history
from goedebuur.core.casework import publications as form
from goedebuur.core.casework.cases import Case
from goedebuur.core.casework.publications import Answer, Publication, Reply
from goedebuur.services import publications
from goedebuur.store.casework import cases as store
from goedebuur.store.casework import publishing

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.casework.publishing import Decided

LEAF: Final = "leaf"
"""What differs where a leaf does not hold the version at all."""
SHOWN: Final = ("subject", "text", "answer", "reply", "operators", "sites")
"""Fields of a version that the case itself holds too."""
UNCHANGED: Final = frozenset({"published"})
"""States in which the text of the case as it is being written is the one that is public."""


@dataclass(frozen=True, slots=True)
class Differs:
    """A version of a case that is not what stands under its leaf; what it says instead is not told.

    Parameters
    ----------
    case, version
        Number of the case, and of the version.
    leaf
        Under which it stands in the record.
    fields
        Names of what differs; :data:`LEAF` alone where the leaf holds no such version.
    """

    case: str
    version: int
    leaf: int
    fields: tuple[str, ...]


def histories(names: Iterable[str] | None = None) -> list[tuple[str, int]]:
    """Return (number of the case, number of the event) of each history that is not as it was written.

    A case in another state than its last event left it in is told of under that event.
    """
    found = []
    for name in names if names is not None else store.numbers():
        case = store.find(name)
        if case is not None:
            told = store.events(case.uuid)
            wrong = history.broken(case.uuid, told, case.events, case.head)
            if wrong is None and (not told or told[-1].after != case.state):
                wrong = max(len(told), 1)
            found += [] if wrong is None else [(case.number, wrong)]
    return found


def any_published() -> bool:
    """Return whether any version became public, so that the record is needed to check it."""
    return publishing.any_recorded()


def published(record: Record) -> list[Differs]:
    """Return each version that is not what its leaf says, in the table of versions or in the case itself."""
    under = {one.leaf: one.finding for finding in publications.every(record) for one in finding.versions}
    found: list[Differs] = []
    for name in store.numbers():
        case, versions = store.find(name), publishing.recorded_versions(name)
        if case is not None and versions:
            found += _of_case(case, versions, under)
    return found


def _of_case(case: Case, versions: list[Decided], under: dict[int, Publication]) -> Iterator[Differs]:
    readable = [one for one in versions if one.leaf in under and under[one.leaf].readable]
    # the case holds the words of a version that waits for its leaf, once there is one
    current = readable[-1] if readable and not publishing.waits(case.uuid) else None
    for one in versions:
        said = under.get(one.leaf)
        if said is None or (said.id, said.number) != (case.publication, one.number):
            yield Differs(case.number, one.number, one.leaf, (LEAF,))
            continue
        wrong = _differing(_read(one), said)
        if one is current:
            wrong |= _differing_case(case, said)
        if wrong:
            yield Differs(case.number, one.number, one.leaf, tuple(sorted(wrong)))


def _read(one: Decided) -> Publication | None:
    try:
        return form.read(one.body)
    except GoedeBuurError:
        return None


def _differing(kept: Publication | None, said: Publication) -> set[str]:
    wanted = form.body(said)
    body = {} if kept is None else form.body(kept)
    return {name for name in wanted.keys() | body.keys() if wanted.get(name) != body.get(name)}


def _differing_case(case: Case, said: Publication) -> set[str]:
    answer = Answer(case.answer, case.answered_on) if case.answer and case.answered_on else None
    reply = Reply(case.reply, case.replied_on) if answer and case.reply and case.replied_on else None
    held = (case.shown_subject, case.shown_text, answer, reply, case.operators, case.sites)
    found = {name for name, value in zip(SHOWN, held, strict=True) if getattr(said, name) != value}
    if case.state in UNCHANGED:
        found |= {name for name in ("subject", "text") if getattr(case, name) != getattr(said, name)}
    return found
