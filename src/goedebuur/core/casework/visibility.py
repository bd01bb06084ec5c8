"""Who may see what of a case in which state: one pure function over rows of `rules/tables/case_visibility.csv`.

What the public sees is never read from a case: it stands under a leaf, written by the decision to publish. The rows for
the public say what that leaf may hold, so that one table answers for every reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from goedebuur.core.casework.roles import OF_AUTHORITY, Person, Role
from goedebuur.core.casework.states import Kind


class Part(StrEnum):
    """A part of a case that can be seen or not."""

    EXISTENCE = "existence"
    """That there is a case, its number, kind, state and term."""
    TEXT = "text"
    """Subject and text."""
    ANSWER = "answer"
    DECISION = "decision"
    """The decision to publish or withhold, with its reasons, ground and end."""
    MESSAGES = "messages"
    """Messages to and from the reader's own side."""
    INTERNAL = "internal"
    """History, parties, tasks, all messages and attachments."""


class Relation(StrEnum):
    """What someone is to a case."""

    STAFF = "staff"
    """Has a role for its authority."""
    OPERATOR = "operator"
    """Has the role of company for an operator that the case names."""
    APPLICANT = "applicant"
    """Has the role of company for an operator that asked for it."""
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Sight:
    """One row: what someone in a relation sees of a kind of case in some states."""

    id: str
    kind: Kind
    states: frozenset[str]
    relation: Relation
    parts: frozenset[Part]


def relations(person: Person, authority: str, named: Iterable[str], applicants: Iterable[str]) -> frozenset[Relation]:
    """Return what a person is to a case of an authority, by the seats that hold now.

    Parameters
    ----------
    named
        Operators whom the case is about.
    applicants
        Operators who asked for it.
    """
    found = {Relation.PUBLIC}
    if person.roles_for(authority) & OF_AUTHORITY:
        found.add(Relation.STAFF)
    if person.operators & frozenset(named):
        found.add(Relation.OPERATOR)
    if person.operators & frozenset(applicants):
        found.add(Relation.APPLICANT)
    return frozenset(found)


def seen(rows: Iterable[Sight], kind: Kind, state: str, held: Iterable[Relation]) -> frozenset[Part]:
    """Return the parts that someone in these relations may see; what no row names is hidden."""
    relation = frozenset(held)
    return frozenset(
        part
        for row in rows
        if row.kind == kind and row.relation in relation and state in row.states
        for part in row.parts
    )


def may_act(person: Person, authority: str, named: Iterable[str], applicants: Iterable[str]) -> frozenset[Role]:
    """Return the roles with which a person can take steps in a case."""
    return person.roles_for(authority, [*named, *applicants])
