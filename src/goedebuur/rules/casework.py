"""Read the tables of casework: steps and states, who sees what, holidays, and terms.

They are not among the rules that verdicts are made with, and are not recorded as leaves: what a case did by them is in
its own history.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from goedebuur.core.base.sourced import Status
from goedebuur.core.casework.calendar import Calendar, Holiday, HolidayRule
from goedebuur.core.casework.roles import GIVEN, Role
from goedebuur.core.casework.states import Kind, Need, StateName, StateTable, Step
from goedebuur.core.casework.terms import Length, PauseUntil, TermRow, Unit
from goedebuur.core.casework.visibility import Part, Relation, Sight
from goedebuur.rules import reading
from goedebuur.rules.reading import Row

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "case_states": (
        *("id", "kind", "state", "event", "roles", "next", "four_eyes", "needs"),
        *("label_nl", "label_en", "public_nl", "public_en"),
    ),
    "case_state_names": ("id", "kind", "state", "final", "name_nl", "name_en"),
    "case_visibility": ("id", "kind", "states", "relation", "parts"),
    "holidays": (
        *("id", "rule", "at", "valid_from", "valid_to", "reference", "article", "status", "name_nl", "name_en"),
    ),
    "casework_terms": (
        *("id", "kind", "states", "length", "least", "extension", "extended", "pause"),
        *("reference", "article", "status", "text_nl", "text_en", "question_nl", "question_en"),
    ),
}
"""Name of each table and its columns, in order."""
_LENGTH: Final = re.compile(r"([1-9][0-9]{0,3}) (hours|days|weeks|months|years)")


@lru_cache(maxsize=1)
def states() -> StateTable:
    """Return the steps and states that come with the program."""
    return parse_states(reading.shipped("case_states"), reading.shipped("case_state_names"))


@lru_cache(maxsize=1)
def sights() -> tuple[Sight, ...]:
    """Return who sees what, as it comes with the program."""
    return parse_sights(reading.shipped("case_visibility"), states())


@lru_cache(maxsize=1)
def holidays() -> Calendar:
    """Return the holidays that come with the program."""
    return Calendar.of(map(_holiday, reading.rows("holidays", reading.shipped("holidays"), TABLES["holidays"])))


@lru_cache(maxsize=1)
def terms() -> dict[str, TermRow]:
    """Return the terms that come with the program, by identifier."""
    table = reading.rows("casework_terms", reading.shipped("casework_terms"), TABLES["casework_terms"])
    return {row["id"]: _term(row) for row in table}


def length(text: str) -> Length:
    """Return a length as it is written in the table: `4 weeks`.

    Raises
    ------
    ValueError
        For anything else.
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Length(int(found[1]), Unit(found[2]))


def parse_states(steps: bytes, names: bytes) -> StateTable:
    """Return the table in these bytes, of which every step begins and ends in a state that has a name.

    Raises
    ------
    GoedeBuurError
        `rules-table`.
    """
    named = tuple(map(_name, reading.rows("case_state_names", names, TABLES["case_state_names"])))
    known = {(one.kind, one.state): one for one in named}
    found = []
    for row in reading.rows("case_states", steps, TABLES["case_states"]):
        step = _step(row)
        for column, state in (("state", step.state), ("next", step.next)):
            if (step.kind, state) not in known:
                raise row.bad(column, "There is no such state of this kind in case_state_names.csv.")
        if known[step.kind, step.state].final:
            raise row.bad("state", "Nothing follows on a state that is final.")
        if row["id"] != f"{step.kind}.{step.state}.{step.event}":
            raise row.bad("id", "The identifier is kind.state.event.")
        found.append(step)
    return StateTable(tuple(found), named)


def parse_sights(data: bytes, table: StateTable) -> tuple[Sight, ...]:
    """Return who sees what, in states that there are.

    Raises
    ------
    GoedeBuurError
        `rules-table`.
    """
    found = []
    for row in reading.rows("case_visibility", data, TABLES["case_visibility"]):
        kind = row.choice("kind", Kind)
        states_of = frozenset(row.filled("states").split("|"))
        if not states_of <= set(table.states(kind)):
            raise row.bad("states", "There is no such state of this kind in case_state_names.csv.")
        parts = row.read("parts", lambda text: frozenset(map(Part, text.split("|"))), f"A part is: {', '.join(Part)}.")
        found.append(Sight(row["id"], kind, states_of, row.choice("relation", Relation), parts))
    return tuple(found)


def _step(row: Row) -> Step:
    roles = row.read(
        "roles",
        lambda text: frozenset(Role(one) for one in text.split("|") if one),
        f"A role is: {', '.join(GIVEN)}.",
    )
    if Role.PUBLIC in roles or Role.ADMINISTRATOR in roles:
        raise row.bad("roles", "The public and administrators take no steps in a case.")
    needs = row.read(
        "needs", lambda text: frozenset(Need(one) for one in text.split("|") if one), f"A need is: {', '.join(Need)}."
    )
    return Step(
        id=row["id"],
        kind=row.choice("kind", Kind),
        state=row.filled("state"),
        event=row.filled("event"),
        roles=roles,
        next=row.filled("next"),
        four_eyes=yes(row, "four_eyes"),
        needs=needs,
        label=row.text("label"),
        sentence=row.text("public"),
    )


def yes(row: Row, column: str) -> bool:
    """Return a cell that says yes or no."""
    if row[column] not in ("yes", "no"):
        raise row.bad(column, "This is neither yes nor no.")
    return row[column] == "yes"


def _name(row: Row) -> StateName:
    kind, state = row.choice("kind", Kind), row.filled("state")
    return StateName(kind, state, row.text("name"), yes(row, "final"))


def _holiday(row: Row) -> Holiday:
    valid_from: date = row.day("valid_from")
    try:
        return Holiday(
            id=row["id"],
            rule=row.choice("rule", HolidayRule),
            at=row.filled("at"),
            valid_from=valid_from,
            valid_to=row.day_or_none("valid_to"),
            name=row.text("name"),
            reference=row.filled("reference"),
            article=row.filled("article"),
            status=row.choice("status", Status),
        )
    except ValueError:
        raise row.bad("at", "This is not in the form of its rule.") from None


def _term(row: Row) -> TermRow:
    said = "A length is written as 4 weeks."
    least = row.read("least", length, said) if row["least"] else None
    extension = row.read("extension", length, said) if row["extension"] else None
    status = row.choice("status", Status)
    question = row.text("question")
    kind, runs_in = row.choice("kind", Kind), frozenset(row.filled("states").split("|"))
    if not runs_in <= set(states().states(kind)):
        raise row.bad("states", "There is no such state of this kind in case_state_names.csv.")
    if status is not Status.CONFIRMED and not question:
        raise row.bad("question_nl", "A row that is not confirmed needs the question that a person must answer.")
    return TermRow(
        id=row["id"],
        kind=kind,
        states=runs_in,
        length=row.read("length", length, said),
        least=least,
        extension=extension,
        extended=yes(row, "extended"),
        pause=row.choice("pause", PauseUntil),
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=status,
        text=row.text("text"),
        question=question,
    )
