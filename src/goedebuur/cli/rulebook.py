"""The command that lists the checks of a delivery: the rule book."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command
from goedebuur.cli.session import current, pairs, table

if TYPE_CHECKING:
    from goedebuur.core.base.rulebook import Check

SEVERITIES = ("refuse", "flag", "note")


@click.command(cls=Command)
@click.argument("check", required=False)
@click.option("--severity", "severities", type=click.Choice(SEVERITIES), multiple=True, help="Only these.")
@click.option("--area", "areas", multiple=True, help="Only checks of this area, such as rivm; one or more.")
@click.option("--rows", is_flag=True, help="Show the rows of the tables: each bound, unit and word apart.")
def rulebook(check: str | None, severities: tuple[str, ...], areas: tuple[str, ...], rows: bool) -> None:
    """List the checks that a delivery meets, or show one of them.

    What breaks a rule is refused (nothing of the delivery is stored), flagged (the value is kept with a mark), or noted
    (the deliverer is told). A refusal names its check.
    """
    from goedebuur.services import rulebook as book

    if check is not None:
        _show(book.find(check))
        return
    known = [area.id for area, _ in book.by_area()]
    for area in areas:
        if area not in known:
            raise click.BadParameter(f"{area!r} is none of {', '.join(known)}.", param_hint="--area")
    listed = tuple(
        one
        for one in book.every()
        if (not severities or one.severity.value in severities) and (not areas or one.area in areas)
    )
    counted = book.count(listed)
    answer = {"checks": [book.fields(one) for one in listed], "count": counted.checks, "rows": counted.rows}
    told = ", ".join(f"{number} {severity}" for severity, number in counted.checks.items())

    def text() -> None:
        if rows:
            lines = [
                (one.id, row.key, row.held_to, row.reference or one.basis.reference.en)
                for one in listed
                for row in one.rows
            ]
            table(("check", "row", "held to", "basis"), lines)
        else:
            lines = [(one.id, one.severity.value, one.said.en, one.basis.kind.value) for one in listed]
            table(("check", "severity", "rule", "basis"), lines)
        click.echo(f"{counted.total} checks ({told}); their tables have {counted.rows} rows")

    current().answer(answer, text)


def _show(check: Check) -> None:
    from goedebuur.services import rulebook as book

    def text() -> None:
        pairs(
            (
                ("check", check.id),
                ("severity", check.severity.value),
                ("rule", check.said.en),
                ("regel", check.said.nl),
                ("basis", f"{check.basis.kind.value}: {check.basis.reference.en}"),
                ("code or mark", check.code),
                ("applied in", check.module),
                ("seen failing by", check.test),
            )
        )
        if check.rows:
            table(("row", "held to", "reference"), [(row.key, row.held_to, row.reference) for row in check.rows])

    current().answer(book.fields(check), text)
