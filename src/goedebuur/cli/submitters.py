"""Commands of whoever runs the record: who may deliver signed, with which keys. Each change is a leaf of the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from goedebuur.cli.options import MOMENT, PUBLIC_KEY, Group, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import submitters as form
from goedebuur.core.ledger.statements import ED25519
from goedebuur.core.ledger.submitters import Accreditation, Key, Scope, Submitter

PEM = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(cls=Group)
def submitters() -> None:
    """Who may deliver signed: roles, accreditation, scope and keys."""


@submitters.group("key", cls=Group)
def key() -> None:
    """Enter a key of a submitter, or revoke one."""


@submitters.command("list")
@as_of_option
def list_all(state: int | datetime | None) -> None:
    """List who may deliver, with their keys; with --as-of as the record stood then."""
    from goedebuur.services import submitters as registry

    with current().record() as record:
        found = registry.every(record, current().size(record, state))
    columns = ("submitter", "name", "roles", "key", "algorithm", "from", "until", "revoked")
    rows = [
        (one.id, one.name, " ".join(one.roles), k.id, k.algorithm, k.valid_from, k.valid_to, k.revoked_on)
        for one in found
        for k in one.keys or (Key("", "", ""),)
    ]
    current().answer({"submitters": [one.body() for one in found]}, lambda: table(columns, rows))


@submitters.command("add")
@click.argument("name", metavar="SUBMITTER")
@click.option("--title", required=True, help="What the body is called. No names of persons.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(form.ROLES), help="One or more.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="TEXT",
    help="What may be delivered: 'adapters=rivm_lml;quantities=so2,no2;stations=NL10*;methods=NEN-EN*'. One or more.",
)
@click.option("--accreditation", metavar="NUMBER", help="Number of the accreditation, e.g. L123.")
@click.option("--standard", default="EN ISO/IEC 17025:2017", show_default=True, help="Standard of the accreditation.")
@click.option("--accredited-from", metavar="DAY", help="First day of the accreditation.")
@click.option("--accredited-until", metavar="DAY", default="", help="Last day of the accreditation.")
@click.option("--reason", default="", help="Why it is changed, where it was there before.")
def add(
    name: str,
    title: str,
    roles: tuple[str, ...],
    scopes: tuple[str, ...],
    accreditation: str | None,
    standard: str,
    accredited_from: str | None,
    accredited_until: str,
    reason: str,
) -> None:
    """Enter a submitter, or put this in place of what was said of it. Its keys stay."""
    from goedebuur.services import submitters as registry

    if (accreditation is None) != (accredited_from is None):
        raise click.UsageError("--accreditation and --accredited-from go together.")
    accredited = (
        Accreditation(accreditation, standard, str(accredited_from), accredited_until) if accreditation else None
    )
    one = Submitter(name, title, roles, accredited, tuple(map(_scope, scopes)))
    session = current()
    with session.record(write=True) as record:
        leaf = registry.add(record, one, session.wiring.now(), reason)
    _tell(name, leaf)


@key.command("add")
@click.argument("name", metavar="SUBMITTER")
@click.option("--vkey", type=PUBLIC_KEY, help="Public key of `goedebuur key new`.")
@click.option("--root", type=PEM, help="PEM with the root certificate, for keys with certificates.")
@click.option(
    "--subject",
    multiple=True,
    metavar="NAME=VALUE",
    help="What the certificate says of its holder, e.g. serialNumber=OIN. One or more.",
)
@click.option("--id", "key_id", help="Name of the key. Default: the eight digits of its public form.")
@click.option("--from", "first", metavar="DAY", help="First day on which it counts. Default: today.")
@click.option("--until", "last", metavar="DAY", default="", help="Last day on which it counts.")
def add_key(
    name: str,
    vkey: str | None,
    root: Path | None,
    subject: tuple[str, ...],
    key_id: str | None,
    first: str | None,
    last: str,
) -> None:
    """Enter a key of a submitter. Be sure that it is theirs: ask them over another way."""
    from goedebuur.services import submitters as registry
    from goedebuur.services.sending import key_name
    from goedebuur.store import certificates

    session = current()
    now = session.wiring.now()
    first = first or now.date().isoformat()
    if (vkey is None) == (root is None):
        raise click.UsageError("Give --vkey, or --root with --subject: one of the two.")
    if vkey is not None:
        one = Key(key_id or key_name(vkey), ED25519, first, last, vkey=vkey)
    else:
        assert root is not None
        if key_id is None or not subject:
            raise click.UsageError("--root needs --id and --subject.")
        roots = tuple(certificates.fingerprint(found) for found in certificates.read_chain(root))
        said = {item.partition("=")[0]: item.partition("=")[2] for item in subject}
        if not set(said) <= set(certificates.SUBJECT) or not all(said.values()):
            raise click.UsageError(f"--subject wants NAME=VALUE with a name of: {', '.join(certificates.SUBJECT)}.")
        one = Key(key_id, form.X509, first, last, roots=roots, subject=said)
    with session.record(write=True) as record:
        leaf = registry.add_key(record, name, one, now)
    _tell(name, leaf, one.id)


@key.command("revoke")
@click.argument("name", metavar="SUBMITTER")
@click.argument("key_id", metavar="KEY")
@click.option("--reason", required=True, help="Why: lost, stolen, replaced. No names of persons.")
@click.option("--on", type=MOMENT, help="From when on it counts no more. Default: now.")
def revoke(name: str, key_id: str, reason: str, on: datetime | None) -> None:
    """Revoke a key: what it signed before stays, nothing new is taken in."""
    from goedebuur.services import submitters as registry

    session = current()
    now = session.wiring.now().replace(microsecond=0)
    with session.record(write=True) as record:
        leaf = registry.revoke_key(record, name, key_id, on or now, reason, now)
    _tell(name, leaf, key_id, iso(on or now))


def _tell(name: str, leaf: int | None, key_id: str = "", revoked: str = "") -> None:
    said = {"submitter": name, "key": key_id, "revoked_on": revoked, "leaf": leaf}
    rows = [(label, value) for label, value in said.items() if value not in ("", None)]
    if leaf is None:
        rows.append(("unchanged", "the record says so already"))
    current().answer(said, lambda: pairs(rows))


def _scope(text: str) -> Scope:
    parts = dict.fromkeys(form.SCOPE_FIELDS, ())
    said: dict[str, tuple[str, ...]] = {**parts}
    for part in text.split(";"):
        name, found, values = part.strip().partition("=")
        if name not in parts or not found:
            raise form.malformed(f"A scope has {', '.join(form.SCOPE_FIELDS)}.", "--scope", part)
        said[name] = tuple(value.strip() for value in values.split(",") if value.strip())
    if not all(said[name] for name in ("adapters", "quantities", "stations")):
        raise form.malformed("A scope names adapters, quantities and stations; `*` for all.", "--scope", text)
    return Scope(**said)
