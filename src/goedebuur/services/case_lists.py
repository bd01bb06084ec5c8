"""Lists of cases for the people who work on them: what each may see, and what waits for them.

Whether someone may see a case, and which words of it, follows from the case and not from the database. So all that may
be theirs are walked along, counted as they are shown, and one page is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from goedebuur.core.base.periods import iso
from goedebuur.core.casework.cases import Case
from goedebuur.core.casework.roles import Person
from goedebuur.core.casework.states import Kind
from goedebuur.core.casework.visibility import Part
from goedebuur.services import casework
from goedebuur.services.casework import CaseView
from goedebuur.services.paging import Page, of
from goedebuur.store.casework import cases as store


def listing(
    person: Person,
    *,
    kind: Kind | None = None,
    states: Iterable[str] | None = None,
    text: str = "",
    page: int = 1,
) -> Page[CaseView]:
    """Return a page of the cases that a person may see, the latest first, without history, parties and tasks.

    Parameters
    ----------
    text
        Words that must be in what the person may see of a case.
    """
    return of(_seen(person, kind, states, text), page)


def mine(person: Person, page: int = 1) -> Page[CaseView]:
    """Return a page of the cases in which the person can do something, those with the nearest end of a term first."""
    waiting = [one for one in _seen(person) if one.steps]
    return of(sorted(waiting, key=_urgency), page)


def at_sites(person: Person, kind: Kind, states: Iterable[str], sites: Collection[str]) -> tuple[CaseView, ...]:
    """Return the cases of a kind in some states that a person may see and that are about one of these sites."""
    return tuple(one for one in _seen(person, kind, states) if set(sites) & set(one.case.sites))


def _seen(
    person: Person, kind: Kind | None = None, states: Iterable[str] | None = None, text: str = ""
) -> Iterator[CaseView]:
    """Yield the cases that a person may see. How many there are tells nothing of what they may not see."""
    if not person.seats:
        return
    for case in store.listed(person.authorities, person.operators, kind=kind, states=states, text=text):
        parts, held = casework.sight(person, case)
        shown = casework.hide(case, parts)
        if Part.EXISTENCE in parts and _holds(shown, text):
            yield CaseView(shown, parts, held, *casework.possible(person, case))


def _urgency(view: CaseView) -> tuple[bool, str]:
    term = view.case.term if casework.runs(view.case) else None
    return term is None, "" if term is None else iso(term.ending.until)


def _holds(case: Case, text: str) -> bool:
    told = " ".join((case.number, case.subject, case.text, case.shown_text, case.answer)).casefold()
    return all(word.casefold() in told for word in text.split())
