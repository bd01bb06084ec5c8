"""Commands for administrators: accounts, and the roles that people have for an authority or an operator."""

from __future__ import annotations

import click

from goedebuur.cli.options import Group
from goedebuur.cli.session import current, table
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import GIVEN, Role, Seat

_role = click.argument("role", type=click.Choice([role.value for role in GIVEN]))
_authority = click.option("--authority", default="", metavar="ID", help="The authority or agency, as in the record.")
_operator = click.option("--operator", default="", metavar="ID", help="The operator, as in the record.")


@click.group(cls=Group)
def people() -> None:
    """Who works here: accounts, and roles for an authority or an operator."""


@people.command("list")
@click.option("--ended", "also_ended", is_flag=True, help="Roles that ended too.")
def list_all(also_ended: bool) -> None:
    """List the roles that people have."""
    session = current()
    session.database()
    from goedebuur.services import people as service

    found = service.every(None if also_ended else session.wiring.now())
    columns = ("email", "name", "role", "body", "since", "ended")
    rows = [(one.email, one.name, one.seat.role.value, one.seat.body, one.since, one.ended) for one in found]
    session.answer({"people": found}, lambda: table(columns, rows))


@people.command("add")
@click.argument("email")
@click.option("--name", default="", help="As colleagues know the person.")
@click.option("--organisation", default="", help="Where the person works.")
@click.password_option(help="Of at least twelve characters. Asked for where it is not given.")
def add(email: str, name: str, organisation: str, password: str) -> None:
    """Make an account; roles are given with `people give`."""
    session = current()
    session.database()
    from goedebuur.services import people as service

    made = service.add(email, password, name=name, organisation=organisation)
    session.answer({"made": made}, lambda: click.echo("made" if made else "this account is there already"))


@people.command("give")
@click.argument("email")
@_role
@_authority
@_operator
def give(email: str, role: str, authority: str, operator: str) -> None:
    """Give a person a role."""
    session = current()
    seat = Seat(Role(role), authority, operator)
    session.database()
    from goedebuur.services import people as service

    new = service.give(email, seat, session.wiring.now())
    session.answer({"new": new, "seat": seat}, lambda: click.echo("given" if new else "this role is held already"))
    if seat.body and not _is_known(seat):
        kind = "authority or agency" if seat.authority else "operator"
        session.remark(
            f"the record knows no {kind} {seat.body!r} (yet); the role is given all the same. "
            "With a typing error: end this role and give the right one."
        )


def _is_known(seat: Seat) -> bool:
    from goedebuur.core.sites.records import Authority, Operator
    from goedebuur.services import sites
    from goedebuur.store.ledger.log import LEDGER_MISSING

    try:
        with current().record() as record:
            return seat.body in (sites.every(record, Authority) if seat.authority else sites.every(record, Operator))
    except GoedeBuurError as error:
        if error.code != LEDGER_MISSING:
            raise
        return False


@people.command("end")
@click.argument("email")
@_role
@_authority
@_operator
def end(email: str, role: str, authority: str, operator: str) -> None:
    """End a role of a person. That it was held once stays known."""
    session = current()
    seat = Seat(Role(role), authority, operator)
    session.database()
    from goedebuur.services import people as service

    held = service.end(email, seat, session.wiring.now())
    session.answer({"held": held, "seat": seat}, lambda: click.echo("ended" if held else "this role was not held"))
