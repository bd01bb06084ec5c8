"""Limits on emissions in law, and how limits stand to each other: `tables/emission_limits.csv`, `limit_precedence.csv`.

The limits of the Bal and of the annexes of Directive 2010/75/EU hold for dry gas at 273.15 K and 101.3 kPa; the column
`oxygen` has the content to which the gas is brought, or several of which one holds for a fuel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.permits.limits import (
    Amount,
    Averaging,
    EmissionLimit,
    EmissionRule,
    Level,
    OperatingState,
    ReferenceConditions,
    Statistic,
    Substance,
)
from goedebuur.core.permits.precedence import Effect, PrecedenceRow, Relation, Table
from goedebuur.rules import reading, substance_names
from goedebuur.rules.reading import Row

LIMITS: Final = "emission_limits"
PRECEDENCE: Final = "limit_precedence"
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    LIMITS: (
        *("id", "set", "floor", "level", "activity_nl", "activity_en", "case_nl", "case_en", "substance", "value"),
        *("unit", "averaging", "share", "factor", "over", "oxygen", "during", "alternative", "above", "above_unit"),
        *("ceiling", "ceiling_case_nl", "ceiling_case_en", "valid_from", "valid_to", "reference", "article", "status"),
        *("question_nl", "question_en"),
    ),
    PRECEDENCE: (
        *("id", "relation", "effect", "valid_from", "valid_to", "reference", "article", "status"),
        *("text_nl", "text_en", "question_nl", "question_en"),
    ),
}
"""Name of each table and its columns, in order."""


@dataclass(frozen=True, slots=True)
class EmissionBook:
    """The limits on emissions in law, and the table of precedence."""

    rules: tuple[EmissionRule, ...]
    precedence: Table
    floor_of: Mapping[str, str]
    """Row → the set of the directive that lies under it."""
    sha256: str

    def named(self, name: str) -> tuple[EmissionRule, ...]:
        """Return the row with this identifier, or the rows of this set; none where there is neither."""
        return tuple(one for one in self.rules if name in (one.id, one.set))

    def floors(self, rule: EmissionRule) -> tuple[EmissionRule, ...]:
        """Return the rows of the directive that lie under a row."""
        return self.named(self.floor_of[rule.id]) if rule.id in self.floor_of else ()


def shipped() -> dict[str, bytes]:
    """Return the tables that come with the program, as bytes by name."""
    return {name: reading.shipped(name) for name in TABLES}


@lru_cache(maxsize=1)
def book() -> EmissionBook:
    """Return the limits that come with the program."""
    return parse(shipped())


def parse(tables: Mapping[str, bytes]) -> EmissionBook:
    """Return the limits in the bytes of the tables.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with table, row and column.
    """
    from goedebuur.rules.loader import digest

    found = reading.rows(LIMITS, tables[LIMITS], TABLES[LIMITS])
    rules = tuple(_rule(row) for row in found)
    sets = {one.set for one in rules}
    for row in found:
        if row["floor"] and row["floor"] not in sets:
            raise row.bad("floor", "There is no such set.")
    precedence = [_precedence(row) for row in reading.rows(PRECEDENCE, tables[PRECEDENCE], TABLES[PRECEDENCE])]
    _refuse_two_rows(precedence)
    return EmissionBook(
        rules,
        Table(tuple(precedence)),
        {row["id"]: row["floor"] for row in found if row["floor"]},
        digest({name: tables[name] for name in TABLES}),
    )


def records(name: str, data: bytes) -> list[dict[str, str]]:
    """Return the rows of a table as text by column, for the record's batch of the table."""
    return [{"table": name, **row.cells} for row in reading.rows(name, data, TABLES[name])]


def _rule(row: Row) -> EmissionRule:
    status, question = row.asked()
    oxygen = tuple(row["oxygen"].split("|")) if row["oxygen"] else ()
    valid_from, valid_to = row.day("valid_from"), row.day_or_none("valid_to")
    if valid_to is not None and valid_to < valid_from:
        raise row.bad("valid_to", "The row ends before it begins.")
    try:
        limit = EmissionLimit(
            substance=_substance(row),
            value=row.filled("value"),
            unit=row.filled("unit"),
            averaging=row.choice("averaging", Averaging),
            statistic=Statistic(
                row["share"] or "100", row["factor"] or "100", row.choice("over", Averaging) if row["over"] else None
            ),
            reference=ReferenceConditions(oxygen[0] if len(oxygen) == 1 else "", True, "273.15", "101.3"),
            level=row.choice("level", Level),
            above=Amount(row["above"], row["above_unit"]) if row["above"] else None,
            alternative=row["alternative"],
            during=row.choice("during", OperatingState) if row["during"] else None,
        )
    except GoedeBuurError as error:
        if error.code == reading.BAD_TABLE:
            raise
        column = error.place if error.place in row.cells else "value"
        raise row.bad(column, error.message, error.hint) from None
    return EmissionRule(
        id=row["id"],
        set=row.filled("set"),
        activity=row.text("activity"),
        case=row.text("case"),
        limit=limit,
        oxygen=oxygen if len(oxygen) > 1 else (),
        ceiling=row["ceiling"],
        ceiling_case=row.text("ceiling_case"),
        valid_from=valid_from,
        valid_to=valid_to,
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=status,
        question=question,
    )


def _substance(row: Row) -> Substance:
    found = substance_names.names().of_id(row.filled("substance"))
    if found is None:
        raise row.bad("substance", "This substance is not in substance_names.csv.")
    return Substance(found.nl, found.cas, found.id)


def _precedence(row: Row) -> PrecedenceRow:
    status, question = row.choice("status", Status), row.text("question")
    effect = row.choice("effect", Effect)
    if not question and (effect is Effect.ASK or status is not Status.CONFIRMED):
        raise row.bad("question_nl", "A row that does not decide needs the question that a person must answer.")
    return PrecedenceRow(
        id=row["id"],
        relation=row.choice("relation", Relation),
        effect=effect,
        text=row.text("text"),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=status,
        question=question,
    )


def _refuse_two_rows(rows: list[PrecedenceRow]) -> None:
    """Refuse two rows for one relation on one day: one of them must be wrong."""
    for number, one in enumerate(rows):
        for other in rows[:number]:
            if one.relation is other.relation and (one.in_force(other.valid_from) or other.in_force(one.valid_from)):
                raise GoedeBuurError(
                    reading.BAD_TABLE,
                    f"The rows {other.id} and {one.id} are about the same relation on the same days.",
                    place=PRECEDENCE,
                    hint="End the one with valid_to.",
                )
