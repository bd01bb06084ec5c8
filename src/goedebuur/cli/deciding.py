"""Commands for published permits: publish a decision from its file, and show and export what holds on a day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.exits import Exit
from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.amsterdam import AMSTERDAM

if TYPE_CHECKING:
    from goedebuur.core.permits.form import Read
    from goedebuur.services.permit_views import LimitsView, PermitView

_file = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


def _day(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a day as 2027-01-31", param=parameter) from None


_on = click.option("--on", metavar="DAY", callback=_day, help="Day of the law that is asked; without it today.")


@click.command("list", cls=Command)
@as_of_option
def list_permits(state: int | datetime | None) -> None:
    """List the sites with decisions, and how many there are."""
    from goedebuur.services import permits

    session = current()
    with session.record() as record:
        found = permits.sites_with_permits(record, session.size(record, state))
    rows = [(site, len(names), ", ".join(names)) for site, names in sorted(found.items())]
    answer = {"sites": {site: list(names) for site, names in sorted(found.items())}}
    session.answer(answer, lambda: table(("site", "decisions", "identifiers"), rows, right=("decisions",)))


@click.command("check", cls=Command)
@_file
def check(file: Path) -> int:
    """Say every fault in the file of a decision. Nothing is entered, and no record is needed."""
    session = current()
    found = _read(file)
    faults = [error.as_dict() for error in found.faults]
    session.answer({"faults": faults}, lambda: _told_faults(found))
    return Exit.REFUSED if found.faults else Exit.OK


@click.command("publish", cls=Command)
@_file
@click.option(
    "--document",
    "documents",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file that the decision names by its digest; as often as needed.",
)
@click.option("--reason", default="", help="Why a published decision is corrected. Public: no names of persons.")
def publish(file: Path, documents: tuple[Path, ...], reason: str) -> None:
    """Publish a decision from its JSON file, or correct one. It is public at once, and for good."""
    from goedebuur.services import permits

    session = current()
    found = _read(file)
    for fault in found.faults[1:]:
        session.remark(fault.as_text())
    permit = found.require()
    with session.record(write=True) as record:
        files = [one.read_bytes() for one in documents]
        done = permits.publish(record, permit, session.wiring.now(), documents=files, reason=reason)
    counts = {"id": permit.id, "site": permit.site, "conditions": len(permit.conditions)}
    told = {**counts, "leaf": done.leaf, "new": done.new}
    session.answer(
        told, lambda: pairs([*counts.items(), ("leaf", done.leaf if done.new else f"{done.leaf}, as before")])
    )


@click.command("show", cls=Command)
@click.argument("site")
@_on
@as_of_option
def show(site: str, on: date | None, state: int | datetime | None) -> None:
    """Show the decisions and conditions of a site on a day, as was known at a state of the record."""
    from goedebuur.core.permits import wording
    from goedebuur.services import permit_views

    session = current()
    with session.record() as record:
        found = permit_views.view(record, site, on or _today(), session.size(record, state))
    in_force = [
        {"id": one.id, "kind": one.kind, "says": wording.sentences(one.form).en if one.form else "", "text": one.text}
        for one in found.found.in_force
    ]
    decisions = [
        {"id": one.id, "kind": one.kind, "valid_from": one.valid_from, "stands": stands.standing}
        for one, stands in found.found.decisions
    ]
    answer = {"site": site, "on": found.found.on, "decisions": decisions, "conditions": in_force}
    session.answer(answer, lambda: _told_permit(found))


@click.command("export", cls=Command)
@click.argument("site")
@_on
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; without it here.")
@as_of_option
def export(site: str, on: date | None, output: Path | None, state: int | datetime | None) -> None:
    """Write the consolidated permit of a site as its documented JSON: the bytes that the page gives."""
    from goedebuur.services import permit_views

    session = current()
    with session.record() as record:
        data = permit_views.export(record, site, on or _today(), session.size(record, state))
    if output is None:
        click.echo(data.decode())
        return
    output.write_bytes(data)
    session.answer({"file": str(output), "bytes": len(data)}, lambda: pairs([("file", output), ("bytes", len(data))]))


@click.command("limits", cls=Command)
@click.argument("site")
@_on
@as_of_option
def limits(site: str, on: date | None, state: int | datetime | None) -> None:
    """Say which limits on emissions bind at a site on a day, and why; or what a person must answer first."""
    from goedebuur.services import permit_views

    session = current()
    with session.record() as record:
        size = session.size(record, state)
        found = permit_views.limits(record, site, on or _today(), size)
        permit_views.view(record, site, found.on, size)
    session.answer(permit_views.limits_record(site, found), lambda: _told_limits(found))


def _read(file: Path) -> Read:
    from goedebuur.core.permits import form

    with file.open("rb") as stream:
        found = form.loads(stream.read(form.MAX_BYTES + 1))
    placed = tuple(one.at(f"{file.name}: {one.place}") for one in found.faults)
    return type(found)(found.permit, placed)


def _today() -> date:
    return current().wiring.now().astimezone(AMSTERDAM).date()


def _told_faults(found: Read) -> None:
    for fault in found.faults:
        click.echo(fault.as_text())
    number = len(found.faults)
    click.echo("No faults." if not number else "1 fault." if number == 1 else f"{number} faults.")


def _told_permit(found: PermitView) -> None:
    from goedebuur.core.permits import wording

    columns = ("decision", "kind", "holds from", "stands")
    table(columns, [(one.id, one.kind, one.valid_from, how.standing) for one, how in found.found.decisions])
    click.echo(f"\nConditions that hold on {found.found.on}:")
    rows = [
        (one.id, one.kind, wording.sentences(one.form).en if one.form else one.text) for one in found.found.in_force
    ]
    table(("condition", "kind", "says"), rows)


def _told_limits(found: LimitsView) -> None:
    rows = []
    for spot in found.spots:
        where = spot.spot.emission_point or spot.spot.installation or "whole site"
        for one in spot.bindings:
            bound = one.binding
            value = "" if bound is None else f"{bound.limit.value} {bound.limit.unit}"
            average = f"{one.key.averaging}{'' if one.key.share == 100 else f' {one.key.share} %'}"
            why = one.question.en or f"{one.article}: {one.text.en}"
            why += f" Enough is this one or {' or '.join(one.instead)}." if one.instead else ""
            rows.append((where, one.key.substance, average, one.outcome, value, bound.source if bound else "", why))
    table(("place", "substance", "average", "outcome", "at most", "from", "why"), rows, right=("at most",))
