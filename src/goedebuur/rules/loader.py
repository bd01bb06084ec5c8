"""Read the rule tables into typed rows. Strict: a table that is not exactly right is an error with row and column.

Every lookup takes a date. The tables are CSV in UTF-8 beside this module; the record keeps them as deliveries too, so
that an answer as of an earlier tree uses the tables of that tree (:func:`parse` takes their bytes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.compliance import table_rows
from goedebuur.core.compliance.rows import Guideline, GuidelineLevel, Limit, LimitKind, QualityObjective, Rule, RuleBook
from goedebuur.core.compliance.table_rows import TABLES
from goedebuur.rules import reading
from goedebuur.rules.reading import BAD_TABLE, Row

UNKNOWN_RULE: Final = declare("rules-unknown-rule", "There is no rule with this identifier in the rule tables.")

LATER: Final = frozenset({"data_quality"})
"""Tables that records of earlier versions do not have: rules without them are complete."""


def shipped() -> dict[str, bytes]:
    """Return the tables that come with the program, as bytes by name."""
    return {name: reading.shipped(name) for name in TABLES}


@lru_cache(maxsize=1)
def book() -> RuleBook:
    """Return the rules that come with the program."""
    return parse(shipped())


def limits(on: date, *, kind: LimitKind | None = None, sets: tuple[str, ...] | None = None) -> tuple[Limit, ...]:
    """Return the limits in force on a day."""
    return tuple(
        row
        for row in book().limits
        if row.in_force(on) and (kind is None or row.kind is kind) and (sets is None or row.set in sets)
    )


def guidelines(on: date, *, level: GuidelineLevel | None = None) -> tuple[Guideline, ...]:
    """Return the guidelines published by a day."""
    return tuple(row for row in book().guidelines if row.published <= on and (level is None or row.level is level))


def rule(rule_id: str, among: RuleBook | None = None) -> Rule:
    """Return the limit or guideline with this identifier.

    Raises
    ------
    GoedeBuurError
        `rules-unknown-rule`.
    """
    found = (among or book()).rule(rule_id)
    if found is None:
        raise GoedeBuurError(
            UNKNOWN_RULE,
            "There is no rule with this identifier.",
            value=rule_id,
            hint="`goedebuur rules` lists them.",
        )
    return found


def tables_sha256() -> str:
    """Return the digest of the tables that come with the program."""
    return book().sha256


def digest(tables: Mapping[str, bytes]) -> str:
    """Return one digest for a set of tables: SHA-256 over `name sha256(table)` lines in order of name."""
    return table_rows.digest({name: hashlib.sha256(data).hexdigest() for name, data in tables.items()})


def records(name: str, data: bytes) -> list[dict[str, str]]:
    """Return the rows of a table as text by column, for the record's batch of the table."""
    return [{"table": name, **row.cells} for row in _rows(name, data)]


def parse(tables: Mapping[str, bytes]) -> RuleBook:
    """Return the rules in the bytes of the tables.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with table, row and column.
    """
    for name in TABLES:
        if name not in tables and name not in LATER:
            raise GoedeBuurError(BAD_TABLE, "A rule table is missing.", place=name)
    captures = {row["id"]: table_rows.capture(row) for row in _rows("data_capture", tables["data_capture"])}
    limit_rows = [table_rows.limit(row, captures) for row in _rows("air_quality_limits", tables["air_quality_limits"])]
    advice = [
        table_rows.guideline(row, captures) for row in _rows("air_quality_guidelines", tables["air_quality_guidelines"])
    ]
    twice = {row.id for row in limit_rows} & {row.id for row in advice}
    if twice:
        raise GoedeBuurError(BAD_TABLE, "A limit and a guideline have the same identifier.", value=min(twice))
    _refuse_two_numbers([*limit_rows, *advice])
    return RuleBook(
        limits=tuple(limit_rows),
        guidelines=tuple(advice),
        captures=tuple(captures.values()),
        assessment=tuple(table_rows.assessment(row) for row in _rows("assessment_rules", tables["assessment_rules"])),
        sha256=digest({name: tables[name] for name in TABLES if name in tables}),
        objectives=_objectives(tables, {row.id: row for row in limit_rows}),
    )


def _refuse_two_numbers(rows: Sequence[Rule]) -> None:
    """Refuse two rows of one set that say the same thing of the same days: one of their numbers must be wrong."""
    seen: dict[tuple[object, ...], list[Rule]] = {}
    for row in rows:
        kind = row.kind if isinstance(row, Limit) else row.level
        repeated = (row.consecutive, row.years) if isinstance(row, Limit) else ()
        measure = row.measure
        told = (type(row), row.set, kind, measure.quantity, measure.statistic, measure.clock, *repeated)
        for other in seen.setdefault(told, []):
            if _days(row)[0] <= _days(other)[1] and _days(other)[0] <= _days(row)[1]:
                raise GoedeBuurError(
                    BAD_TABLE,
                    f"The rules {other.id} and {row.id} are about the same thing on the same days.",
                    place=f"set {row.set}, {measure.quantity}, {measure.statistic}",
                    value=f"{other.measure.value} and {measure.value}",
                    hint="End the one with valid_to, or correct its number in place.",
                )
        seen[told].append(row)


def _days(row: Rule) -> tuple[date, date]:
    """Return the first and last day on which a row holds; of a guideline all since its publication."""
    if isinstance(row, Limit):
        return row.valid_from, row.valid_to or date.max
    return row.published, date.max


def _objectives(tables: Mapping[str, bytes], limit_rows: Mapping[str, Limit]) -> tuple[QualityObjective, ...]:
    if "data_quality" not in tables:
        return ()
    return tuple(table_rows.objective(row, limit_rows) for row in _rows("data_quality", tables["data_quality"]))


def _rows(name: str, data: bytes) -> list[Row]:
    return reading.rows(name, data, TABLES[name])
