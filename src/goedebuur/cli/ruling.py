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
    from goedebuur.core.permits.limits import EmissionRule


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


@dataclass(frozen=True, slots=True)
class ListedEmission:
    """One limit on an emission in law, as it is listed.

    Parameters
    ----------
    share, factor, over
        Which part of the averages over which time must stay under which part of the value. [%]
    oxygen
        Contents of oxygen to which the gas is brought; of several one holds. [% by volume]
    """

    id: str
    set: str
    level: str
    activity: str
    case: str
    substance: str
    value: str
    unit: str
    averaging: str
    share: str
    factor: str
    over: str
    oxygen: str
    valid_from: date
    valid_to: date | None
    status: str
    reference: str
    article: str


@click.command(cls=Command)
@click.option("--set", "sets", multiple=True, help="Only this set of rules; may be given more than once.")
@click.option("--quantity", "quantities", multiple=True, help="Only this quantity; may be given more than once.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Only limits in force and advice published then.")
@click.option("--emissions", is_flag=True, help="List the limits on emissions in law; a quantity is a substance.")
def rules(sets: tuple[str, ...], quantities: tuple[str, ...], day: datetime | None, emissions: bool) -> None:
    """List the rules: limits and guidelines, with value, dates and status.

    They are those of the program; a record keeps the tables it was judged with as leaves. A number whose status is
    neither confirmed nor judgement gives no verdict before a person has answered its question.
    """
    if emissions:
        _emissions(sets, quantities, day)
        return
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


def _emissions(sets: tuple[str, ...], substances: tuple[str, ...], day: datetime | None) -> None:
    """List the limits on emissions in law, with article, dates and status."""
    from goedebuur.rules import emission

    every = emission.book().rules
    _require("--set", sets, {one.set for one in every})
    _require("--quantity", substances, {one.limit.substance.id for one in every})
    listed = [
        told
        for one, told in zip(every, map(_listed_emission, every), strict=True)
        if (not sets or one.set in sets)
        and (not substances or one.limit.substance.id in substances)
        and (day is None or _holds(told, day.date()))
    ]
    columns = ("rule", "level", "substance", "value", "unit", "averaging", "oxygen", "from", "to", "status", "article")
    current().answer(listed, lambda: table(columns, map(_emission_row, listed), right=("value",)))


def _listed_emission(rule: EmissionRule) -> ListedEmission:
    limit = rule.limit
    reference = limit.reference.oxygen if limit.reference else ""
    return ListedEmission(
        id=rule.id,
        set=rule.set,
        level=str(limit.level),
        activity=rule.activity.en,
        case=rule.case.en,
        substance=limit.substance.id,
        value=limit.value,
        unit=limit.unit,
        averaging=str(limit.averaging),
        share=limit.statistic.share,
        factor=limit.statistic.factor,
        over=str(limit.statistic.over or ""),
        oxygen="|".join(rule.oxygen) or reference,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        status=str(rule.status),
        reference=rule.reference,
        article=rule.article,
    )


def _emission_row(one: ListedEmission) -> tuple[object, ...]:
    number = (one.value, one.unit, one.averaging, one.oxygen)
    return one.id, one.level, one.substance, *number, one.valid_from, one.valid_to, one.status, one.article


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


def _holds(one: Listed | ListedEmission, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)


def _row(one: Listed) -> tuple[object, ...]:
    number = (one.value, one.unit, one.allowed, one.valid_from, one.valid_to, one.status)
    return one.id, one.set, one.kind, one.quantity, one.statistic, *number
