"""Commands about sites: enter and list them, take them over from the register, and decide what a person must decide.

Each change is a leaf of the log. Names of persons belong in none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.options import Group, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.casework.roles import OF_AUTHORITY, Role
from goedebuur.core.sites import form, history, rules
from goedebuur.core.sites.reported import spans

if TYPE_CHECKING:
    from goedebuur.services.site_decisions import Moved, Pair
    from goedebuur.services.site_views import SiteView

DECIDING = tuple(role.value for role in Role if role in OF_AUTHORITY or role is Role.ADMINISTRATOR)
ENDING = ("site", "installation", "emission_point", "authority")
_reason = click.option("--reason", required=True, help="Why. Public, and stays: no names of persons.")
_role = click.option("--role", required=True, type=click.Choice(DECIDING), help="In which role this is decided.")


def _day(_: click.Context, parameter: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a day as 2027-01-31", param=parameter) from None


@click.group(cls=Group)
def sites() -> None:
    """Operators, sites, installations, emission points and authorities."""


@sites.command("list")
@click.option("--municipality", default="", help="Identifier of the municipality.")
@click.option("--city", default="", help="Place name, as the register has it.")
@click.option("--operator", default="", help="Identifier of the operator.")
@click.option("--activity", default="", metavar="LIST:CODE", help="Such as eprtr:4(a) or ied:2.2, with what is in it.")
@click.option("--substance", default="", help="Name of a substance in the register that was reported.")
@as_of_option
def list_sites(state: int | datetime | None, **wanted: str) -> None:
    """List the sites; those that go on under another are not there."""
    from goedebuur.services import site_views

    session = current()
    with session.record() as record:
        found = site_views.every(record, session.size(record, state))
        chosen = site_views.select(found.values(), site_views.Wanted(**wanted))
    columns = ("site", "name", "city", "activity", "last report", "looked at", "questions")
    session.answer({"sites": chosen}, lambda: table(columns, map(_row, chosen), right=("last report", "questions")))


@sites.command("show")
@click.argument("site")
@as_of_option
def show(site: str, state: int | datetime | None) -> None:
    """Show one site with its history; of one that was merged the site under which it goes on."""
    from goedebuur.services import site_views

    session = current()
    with session.record() as record:
        found = site_views.find(record, site, session.size(record, state))
    session.answer(found, lambda: pairs(_lines(found)))


@sites.command("export")
@click.argument("site")
def export(site: str) -> None:
    """Write a site and all that belongs to it as JSON in the form that `enter` takes: change it and enter it again."""
    from goedebuur.services import site_export

    session = current()
    with session.record() as record:
        found = site_export.belonging(record, site)
    rows = [{"record_kind": form.kind_of(one), **form.body(one)} for one in found]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=None if session.json else 2))


@sites.command("enter")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reason", default="", help="Why, where something in it is in the record already. No names of persons.")
def enter(file: Path, reason: str) -> None:
    """Enter or change what a JSON file has: a list of records, each whole. docs/developers/api.md has the fields."""
    from goedebuur.services import sites as registry

    session = current()
    try:
        rows = json.loads(file.read_bytes().decode())
    except ValueError as error:
        raise history.malformed("This file is not JSON in UTF-8.", file.name, str(error), rules.IS_JSON) from None
    ones, faults = form.read_list(rows)
    for fault in faults[1:]:
        session.remark(fault.as_text())
    if faults:
        raise faults[0].at(f"{file.name}: {faults[0].place}")
    with session.record(write=True) as record:
        leaf = registry.put(record, ones, session.wiring.now(), reason=reason)
    _tell(leaf, {"records": len(ones)})


@sites.command("end")
@click.argument("kind", type=click.Choice(ENDING))
@click.argument("name")
@click.option("--on", required=True, metavar="DAY", callback=_day, help="Its last day.")
@_reason
def end(kind: str, name: str, on: date, reason: str) -> None:
    """Say on which day a site, installation, emission point or authority ended. It stays readable."""
    from goedebuur.services import sites as registry

    session = current()
    made: Any = form.KINDS[kind]
    with session.record(write=True) as record:
        leaf = registry.end(record, made, name, on, session.wiring.now(), reason=reason)
    _tell(leaf, {kind: name, "valid_to": on})


@sites.command("import")
def import_() -> None:
    """Take over the facilities of the release register as sites, each to be looked at by a person."""
    from goedebuur.services import site_import

    session = current()
    with session.record(write=True) as record:
        done = site_import.import_sites(record, session.wiring.now())
    counts = ("facilities", "new", "changed", "unchanged", "left")
    rows = [(name, getattr(done, name)) for name in counts]
    session.answer(done, lambda: pairs([*rows, ("unread", len(done.unread)), ("leaf", done.leaf)]))
    for name, why in done.unread.items():
        session.remark(f"{name}: {why}")


@sites.command("duplicates")
@click.option("--all", "whole", is_flag=True, help="Also those that were decided.")
@as_of_option
def duplicates(whole: bool, state: int | datetime | None) -> None:
    """List facilities that may be one site, with points for and against. Nothing is merged by itself."""
    from goedebuur.services import site_decisions

    session = current()
    with session.record() as record:
        found = [pair for pair in site_decisions.pairs(record, session.size(record, state)) if whole or pair.open]
    columns = ("points", "site", "site ", "name", "distance", "city", "activity", "years", "decided")
    session.answer(
        {"pairs": [_pair(one) for one in found]}, lambda: table(columns, map(_pair_row, found), right=("points",))
    )


@sites.command("merge")
@click.argument("keep", metavar="SITE")
@click.argument("gone", metavar="OTHER")
@_role
@_reason
def merge(keep: str, gone: str, role: str, reason: str) -> None:
    """Decide that two sites are one: OTHER goes on under SITE. `split` takes it back."""
    from goedebuur.services import site_decisions

    _decide(site_decisions.merge, keep, gone, role, reason)


@sites.command("split")
@click.argument("site")
@click.argument("other")
@_role
@_reason
def split(site: str, other: str, role: str, reason: str) -> None:
    """Take back that two sites are one."""
    from goedebuur.services import site_decisions

    _decide(site_decisions.split, site, other, role, reason)


@sites.command("apart")
@click.argument("site")
@click.argument("other")
@_role
@_reason
def apart(site: str, other: str, role: str, reason: str) -> None:
    """Decide that two sites that look alike are two: they are not asked about again."""
    from goedebuur.services import site_decisions

    _decide(site_decisions.apart, site, other, role, reason)


@sites.command("moved")
@click.option("--all", "whole", is_flag=True, help="Also those that were judged.")
@as_of_option
def moved(whole: bool, state: int | datetime | None) -> None:
    """List facilities whose coordinates moved or cannot be right: how far, in which years, and what speaks against."""
    from goedebuur.services import site_decisions

    session = current()
    with session.record() as record:
        found = [one for one in site_decisions.moved(record, session.size(record, state)) if whole or one.open]
    columns = ("site", "metres", "years", "latitude", "longitude", "doubts", "judged")
    rows = [row for one in found for row in _moved_rows(one)]
    session.answer({"moved": found}, lambda: table(columns, rows, right=("metres",)))


@sites.command("judge")
@click.argument("site")
@click.argument("judged", metavar="right|wrong", type=click.Choice(["right", "wrong"]))
@click.option(
    "--year", required=True, type=click.IntRange(1900, 2199), help="A year in which it had these coordinates."
)
@_role
@_reason
def judge(site: str, judged: str, year: int, role: str, reason: str) -> None:
    """Decide whether the coordinates that a site had in a year are right. What was reported stays readable."""
    from goedebuur.services import site_decisions

    session = current()
    with session.record(write=True) as record:
        leaf = site_decisions.judge(record, site, year, judged, role=role, reason=reason, now=session.wiring.now())
    _tell(leaf, {"site": site, "year": year, "judged": judged})


def _decide(decision: Callable[..., int | None], first: str, second: str, role: str, reason: str) -> None:
    session = current()
    with session.record(write=True) as record:
        leaf = decision(record, first, second, role=role, reason=reason, now=session.wiring.now())
    _tell(leaf, {"sites": f"{first}, {second}"})


def _tell(leaf: int | None, said: dict[str, object]) -> None:
    rows = [*said.items(), ("leaf", leaf) if leaf is not None else ("unchanged", "the record says so already")]
    current().answer(said | {"leaf": leaf}, lambda: pairs(rows))


def _row(one: SiteView) -> tuple[object, ...]:
    activity = one.main_activity
    code = f"{activity.list}:{activity.code}" if activity is not None else ""
    return one.id, one.name, one.city, code, one.last_report, "yes" if one.checked else "no", one.open_questions


def _lines(one: SiteView) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [("site", one.id), ("looked at", "yes" if one.checked else "no")]
    rows += [("name", f"{part.value}{_span(part)}") for part in one.names]
    rows += [("city", f"{part.value}{_span(part)}") for part in one.cities]
    for label, parties in (
        ("operator", one.operators),
        ("authority", one.authorities),
        ("agency", one.agencies),
        ("municipality", one.municipalities),
    ):
        rows += [(label, f"{party.name}{_span(party)}") for party in parties] or [(label, "not known")]
    rows += [("activity", f"{part.list}:{part.code}{_span(part)}") for part in one.activities]
    rows += [("place", f"{part.latitude}, {part.longitude} {part.judged}{_span(part)}") for part in one.places]
    rows += [("installation", part.id) for part in one.installations]
    rows += [("emission point", part.id) for part in one.emission_points]
    rows += [("register", part.value) for part in one.facilities]
    return [*rows, ("open questions", one.open_questions), ("leaf", one.leaf)]


def _span(part: Any) -> str:
    if not (part.valid_from or part.valid_to):
        return ""
    return f" ({part.valid_from or '?'} to {part.valid_to or 'no end known'})"


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "points": pair.likeness.points,
        "sites": pair.sites,
        "terms": pair.likeness.terms,
        "decision": pair.decision,
    }


def _pair_row(pair: Pair) -> tuple[object, ...]:
    terms = {term.about: term for term in pair.likeness.terms}
    said = [
        f"{terms[name].points:+d} ({terms[name].measure or '-'})"
        for name in ("name", "distance", "city", "activity", "years")
    ]
    decided = pair.decision.state.value if pair.decision is not None else "merged by way of another" if pair.one else ""
    return pair.likeness.points, *pair.sites, *said, decided


def _moved_rows(one: Moved) -> list[tuple[object, ...]]:
    return [
        (
            one.site,
            round(1000 * one.move.distance),
            spans(position.years),
            position.latitude,
            position.longitude,
            ", ".join(position.doubts),
            judged,
        )
        for position, judged in zip(one.move.positions, one.judged, strict=True)
    ]
