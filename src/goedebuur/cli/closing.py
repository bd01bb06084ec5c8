"""Commands that close a delivery for a time: close, open, postpone, erase, and what is closed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.exits import Exit
from goedebuur.cli.options import Command
from goedebuur.cli.session import current, table
from goedebuur.cli.submitting import told_findings

if TYPE_CHECKING:
    from goedebuur.services.closed import ClosedView


def _day(_: click.Context, parameter: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a day as 2027-01-31", param=parameter) from None


_opens = click.option("--opens", metavar="DATE", required=True, callback=_day, help="Day on which it is to be opened.")


_decided = click.option(
    "--decided",
    is_flag=True,
    help="Who is responsible read the law, and says that a ground which is not sure holds.",
)


@click.command("close", cls=Command)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@_opens
@click.option("--role", required=True, help="Who is responsible for opening it: a role of the table, never a name.")
@click.option("--ground", required=True, help="On which legal ground, of the table.")
@click.option("--adapter", help="Format, where it is not recognised.")
@click.option("--submitter", help="Who delivered, where that is not the supplier of the format.")
@click.option("--reason", default="", help="Of the table, where this corrects what was delivered before.")
@_decided
@click.option("--dry-run", is_flag=True, help="Say all that would be refused, marked or noted; close nothing.")
def close(
    path: Path,
    opens: date,
    role: str,
    ground: str,
    adapter: str | None,
    submitter: str | None,
    reason: str,
    decided: bool,
    dry_run: bool,
) -> int:
    """Log a file as closed: the public sees that it is there, since when, on which ground and until when.

    Nothing of its content or name is public until `record open`. Keep no copy where others can read it. The checks are
    those of an open delivery; what they find is told as the rule, without place or value. --dry-run ends as that of
    `submit` does.
    """
    from goedebuur.services import embargo, examining, preparing

    session = current()
    data = preparing.read_file(path)
    terms: dict[str, Any] = {
        "opens": opens,
        "role": role,
        "ground": ground,
        "now": session.wiring.now(),
        "reason": reason,
    }
    terms |= {"adapter": adapter, "submitter": submitter, "decided": decided}
    with session.record(write=not dry_run) as opened:
        found = embargo.examine(opened, data, path.name, **terms)
        if dry_run:
            return told_findings({"found": examining.as_answer(found)}, "would be closed")
        leaf = embargo.close(opened, data, path.name, **terms)
    for one in found:
        session.remark(f"{one.severity}, {one.number} ×: {one.message} [{one.check}]")
    session.answer(
        {"leaf": leaf, "opens": opens, "found": examining.as_answer(found)},
        lambda: click.echo(f"closed as leaf {leaf}, to be opened on {opens}"),
    )
    return Exit.OK


@click.command("open", cls=Command)
@click.argument("leaf", type=click.IntRange(min=0))
@click.option("--reason", default="", help="Why, of the table, where this is before its day.")
@click.option("--role", default="", help="By whose decision, of the table, where this is before its day.")
def open_(leaf: int, reason: str, role: str) -> None:
    """Make public what a closed leaf stands for, with the proof that it was the same."""
    from goedebuur.services import embargo

    session = current()
    with session.record(write=True) as opened:
        leaves = embargo.open_(opened, leaf, session.wiring.now(), reason=reason, role=role)
    session.answer({"leaf": leaf, "leaves": leaves}, lambda: click.echo(f"leaf {leaf} was opened by leaf {leaves[-1]}"))


@click.command("postpone", cls=Command)
@click.argument("leaf", type=click.IntRange(min=0))
@_opens
@click.option("--reason", required=True, help="Why, of the table.")
@click.option("--role", required=True, help="By whose decision, of the table.")
def postpone(leaf: int, opens: date, reason: str, role: str) -> None:
    """Move the day on which a closed leaf is opened; the day it was stays visible."""
    from goedebuur.services import embargo

    session = current()
    with session.record(write=True) as opened:
        by = embargo.postpone(opened, leaf, opens, session.wiring.now(), reason=reason, role=role)
    session.answer({"leaf": leaf, "by": by, "opens": opens}, lambda: click.echo(f"leaf {leaf} is opened on {opens}"))


@click.command("erase", cls=Command)
@click.argument("leaf", type=click.IntRange(min=0))
@click.option("--ground", required=True, help="On which legal ground, of the table.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@_decided
def erase(leaf: int, ground: str, yes: bool, decided: bool) -> None:
    """Remove for good what a closed leaf stands for; the leaf and every proof stay.

    Files are removed, not overwritten: copies elsewhere, and what a disk keeps of removed files, stay where they are.
    """
    from goedebuur.rules import closing
    from goedebuur.services import embargo

    session = current()
    closing.ground(ground, "erases", decided=decided)
    if not yes:
        click.confirm(f"Erase what leaf {leaf} stands for, for good?", abort=True, err=True)
    with session.record(write=True) as opened:
        by = embargo.erase(opened, leaf, session.wiring.now(), ground=ground, decided=decided)
    session.answer({"leaf": leaf, "by": by}, lambda: click.echo(f"erased; leaf {by} says so"))


@click.command("closed", cls=Command)
def closed() -> None:
    """List what was ever closed: since when, until when, on which ground, and what is overdue."""
    from goedebuur.services import closed as standing

    session = current()
    now: datetime = session.wiring.now()
    with session.record() as opened:
        found = standing.every(opened, today=standing.civil_day(now))
    columns = ("leaf", "state", "since", "until", "ground", "role", "by")
    session.answer({"closed": found}, lambda: table(columns, (_row(view) for view in found), right=("leaf", "by")))


def _row(view: ClosedView) -> tuple[object, ...]:
    state = "overdue" if view.overdue else view.state
    return view.leaf, state, view.since.date(), view.until or "", view.ground, view.role, view.by
