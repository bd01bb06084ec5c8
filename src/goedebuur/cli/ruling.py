"""The command that lists the rules: which numbers there are, in whose name, since when, and how sure we are of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command
from goedebuur.cli.session import current, table

if TYPE_CHECKING:
    from goedebuur.core.compliance.rows import Rule


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule of the tables, as it is listed."""

    id: str
    set: str
    kind: str
    quantity: str
    statistic: str
    value: str
    unit: str
    allowed: int | None
    valid_from: date
    valid_to: date | None
    status: str
    reference: str
    article: str


@click.command(cls=Command)
@click.option("--set", "sets", multiple=True, help="Only this set of rules; may be given more than once.")
@click.option("--quantity", "quantities", multiple=True, help="Only this quantity; may be given more than once.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Only limits in force and advice published then.")
def rules(sets: tuple[str, ...], quantities: tuple[str, ...], day: datetime | None) -> None:
    """List the rules: limits and guidelines, with value, dates and status.

    They are those of the program; a record keeps the tables it was judged with as leaves. A number whose status is
    neither confirmed nor judgement gives no verdict before a person has answered its question.
    """
    from goedebuur.rules import loader

    every = loader.book().rules
    _require("--set", sets, {one.set for one in every})
    _require("--quantity", quantities, {one.measure.quantity for one in every})
    listed = [
        told
        for told in map(_listed, every)
        if (not sets or told.set in sets)
        and (not quantities or told.quantity in quantities)
        and (day is None or _holds(told, day.date()))
    ]
    columns = ("rule", "set", "kind", "quantity", "statistic", "value", "unit", "times", "from", "to", "status")
    current().answer(listed, lambda: table(columns, map(_row, listed), right=("value", "times")))


def _require(option: str, asked: Sequence[str], known: Iterable[str]) -> None:
    names = sorted(known)
    for name in asked:
        if name not in names:
            raise click.UsageError(f"{option} {name}: there is no such rule. Choose from: {', '.join(names)}.")


def _listed(rule: Rule) -> Listed:
    from goedebuur.core.compliance.rows import Limit

    measure = rule.measure
    return Listed(
        id=rule.id,
        set=rule.set,
        kind=str(rule.kind if isinstance(rule, Limit) else rule.level),
        quantity=measure.quantity,
        statistic=str(measure.statistic),
        value=measure.value,
        unit=measure.unit,
        allowed=rule.allowed if isinstance(rule, Limit) else None,
        valid_from=rule.valid_from if isinstance(rule, Limit) else rule.published,
        valid_to=rule.valid_to if isinstance(rule, Limit) else None,
        status=str(rule.status),
        reference=rule.reference,
        article=rule.article,
    )


def _holds(one: Listed, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)


def _row(one: Listed) -> tuple[object, ...]:
    number = (one.value, one.unit, one.allowed, one.valid_from, one.valid_to, one.status)
    return one.id, one.set, one.kind, one.quantity, one.statistic, *number
