"""Commands of whoever delivers signed: make a key, submit a file, look at a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.exits import Exit
from goedebuur.cli.options import PUBLIC_KEY, Command, shared_options
from goedebuur.cli.session import current, pairs
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from datetime import datetime

    from goedebuur.core.ledger.receipts import Receipt
    from goedebuur.core.ledger.statements import Signed, Statement
    from goedebuur.services.sending import Identity

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
_EXITS = (("refuse", Exit.REFUSED), ("flag", Exit.MARKED), ("note", Exit.NOTED))
"""Severity → how a dry run ends, the gravest first."""
KEY_THERE = declare("key-there", "There is a file already where a new key was to be written.")


@click.command(cls=Command)
@click.argument("file", type=FILE)
@click.option("--submitter", help="Who delivers: the name in the record that is delivered to.")
@click.option("--key", "key_file", type=FILE, help="Private key: of `key new`, or PEM.")
@click.option("--key-id", help="Name of the key in the record. Default: the eight digits of its public form.")
@click.option("--certificates", type=FILE, help="PEM: your certificate first, then each issuer up to the root.")
@click.option("--adapter", help="Format. Default: recognised.")
@click.option("--site", "sites", multiple=True, help="Only about this station or facility. One or more.")
@click.option("--method", default="", help="Method of measuring, e.g. 'NEN-EN 14212:2012'.")
@click.option("--reason", default="", help="Why, where this corrects what was delivered before. No names of persons.")
@click.option("--small", is_flag=True, help="Be answered with a signed promise; it is logged with others, later.")
@click.option("--url", help="The site to deliver to, https://HOST. Default: the record on this machine.")
@click.option("--receipt", "target", type=NEW_FILE, help="Where the receipt goes. Default: FILE.receipt.json.")
@click.option("--again", is_flag=True, help="Deliver once more what was taken in before: to go back to it.")
@click.option("--dry-run", is_flag=True, help="Say all that would be refused, marked or noted; deliver nothing.")
def submit(
    file: Path,
    submitter: str | None,
    key_file: Path | None,
    key_id: str | None,
    certificates: Path | None,
    url: str | None,
    target: Path | None,
    small: bool,
    again: bool,
    dry_run: bool,
    **said: Any,
) -> int:
    """Sign a file and deliver it; the receipt shows that the log has it.

    The same command again delivers nothing twice: after a break it goes on where it stopped, and once it was answered
    it asks for the receipt of that delivery as it is by now. --again delivers once more what was taken in before, with
    a receipt of its own; the earlier receipt is kept beside it. --dry-run makes the same checks as the record does
    when it is delivered, goes on after the first where the format allows, and writes nothing. It ends with exit code
    3 where the delivery would be refused, 9 where values would be marked, 10 where there is something to say. Without
    --submitter and --key it looks at the file alone, and needs no record.
    """
    from goedebuur.core.ledger.receipts import SUFFIX
    from goedebuur.services import preparing, sending

    if dry_run and submitter is None and key_file is None and url is None:
        return _examine(file, said["adapter"])
    if submitter is None or key_file is None:
        raise click.UsageError(
            "A signed delivery needs --submitter and --key; --dry-run of the file alone needs neither."
        )
    data, now = preparing.read_file(file), current().wiring.now()
    who = _identity(submitter, key_file, key_id, certificates)
    statement = sending.state(data, file.name, who, now, **said)
    if dry_run:
        return _dry_run(who.sign(statement), data, url, now)
    target = target or file.with_name(file.name + SUFFIX)
    held = None if again else sending.answered(target, statement)
    known = _taken_in(held, url) if held is not None else None
    if known is not None:
        current().remark("this was delivered before; nothing is delivered again, unless with --again")
        target.write_bytes(known.encode())
        _tell(known, target)
        return Exit.OK
    pending = file.with_name(file.name + sending.PENDING)
    signed = sending.resumed(pending, statement)
    if signed is None:
        signed = who.sign(statement)
        sending.remember(pending, signed)
    try:
        receipt = _deliver(signed, data, url, now, small=small)
    except GoedeBuurError as error:
        if error.code != sending.UNREACHABLE:
            pending.unlink(missing_ok=True)
        raise
    aside = sending.keep(target, receipt.encode())
    pending.unlink(missing_ok=True)
    if aside is not None:
        current().remark(f"the receipt of an earlier delivery is now {aside}")
    _tell(receipt, target)
    return Exit.OK


def _taken_in(digest: str, url: str | None) -> Receipt | None:
    """Return the receipt as it is by now; None where the record does not know the delivery: it is another record."""
    from goedebuur.services import submitting

    try:
        return _receipt(digest, url)
    except GoedeBuurError as error:
        if error.code != submitting.UNKNOWN:
            raise
        return None


def _receipt(digest: str, url: str | None) -> Receipt:
    from goedebuur.services import sending, submitting

    if url is None:
        with current().record(write=True) as record:
            return submitting.receipt(record, digest)
    with sending.client() as client:
        return sending.Remote(url, client).receipt(digest)


def _identity(submitter: str, key_file: Path, key_id: str | None, certificates: Path | None) -> Identity:
    from goedebuur.services.sending import Identity, key_name
    from goedebuur.store import certificates as x509
    from goedebuur.store import keys

    if certificates is None:
        return Identity(submitter, key_id or key_name(keys.load(key_file).vkey), key_file)
    if key_id is None:
        raise click.UsageError("--certificates needs --key-id: the name of the key in the record.")
    return Identity(submitter, key_id, key_file, x509.read_chain(certificates))


def _deliver(signed: Signed, data: bytes, url: str | None, now: datetime, *, small: bool) -> Receipt:
    from datetime import timedelta

    from goedebuur.services import sending, submitting

    session = current()
    if url is None:
        tolerance = timedelta(minutes=session.settings.clock_minutes)
        with session.record(write=True) as record:
            return submitting.submit(record, signed, data, now, small=small, tolerance=tolerance)
    with sending.client() as client, session.progress() as progress:
        remote = sending.Remote(url, client)
        return remote.submit(signed, data, small=small, told=lambda there: progress("send", there, len(data)))


def _dry_run(signed: Signed, data: bytes, url: str | None, now: datetime) -> int:
    from datetime import timedelta

    from goedebuur.services import sending, submitting

    session = current()
    if url is None:
        tolerance = timedelta(minutes=session.settings.clock_minutes)
        with session.record() as record:
            checked = submitting.check(record, signed, data, now, tolerance=tolerance, every=True)
            found = submitting.as_answer(checked, record)
    else:
        with sending.client() as client:
            found = sending.Remote(url, client).check(signed, data)
    return told_findings(found, _taken(found))


def _examine(file: Path, adapter: str | None) -> int:
    """Tell all that is found in a file, of whoever it is, without a record."""
    from goedebuur.services import examining, preparing

    looked = examining.read(preparing.read_file(file), file.name, adapter)
    prepared = looked.prepared
    found = examining.findings(looked.refusals, looked.more, prepared)
    answer = {
        "found": examining.as_answer(found),
        "findings": [error.as_dict() for error in looked.refusals],
        "doubts": list(prepared.doubts) if prepared is not None else [],
        "rows": prepared.rows.height if prepared is not None else None,
        "values_in": prepared.values_in if prepared is not None else None,
    }
    return told_findings(answer, _taken(answer))


def _taken(answer: Mapping[str, Any]) -> str:
    return f"would be taken in: {answer['values_in']} values, {answer['rows']} rows"


def told_findings(answer: Mapping[str, Any], otherwise: str) -> int:
    """Tell what a dry run `found`, and what follows where nothing refuses it; return the exit code of the gravest."""
    listed = answer["found"]

    def text() -> None:
        for one in listed:
            times = f" ({one['number']} times)" if one["number"] > 1 else ""
            click.echo(f"{one['severity']}: {one['message']}{times} [{one['check'] or one['code']}]")
            for label, name in (("where", "place"), ("value", "value"), ("what to do", "hint")):
                if one[name]:
                    click.echo(f"  {label}: {one[name]}")
        if "refuse" not in there:
            click.echo(otherwise)

    there = {one["severity"] for one in listed}
    current().answer(answer, text)
    return next((code for name, code in _EXITS if name in there), Exit.OK)


def _tell(receipt: Receipt, target: Path) -> None:
    leaves = [one.index for one in receipt.leaves]
    answer = {"status": receipt.status, "leaves": leaves, "receipt": str(target)}
    rows = (("status", receipt.status), ("leaves", " ".join(map(str, leaves))), ("receipt", target))
    current().answer(answer, lambda: pairs(rows))


@click.group()
def receipt() -> None:
    """Check the receipt of a signed delivery, or ask for a newer one."""


receipt.params.extend(shared_options())
receipt.command_class = Command


@receipt.command("verify")
@click.argument("file", type=FILE)
@click.option("--key", type=PUBLIC_KEY, metavar="VKEY", help="Public key of the log as you know it from elsewhere.")
def verify(file: Path, key: str | None) -> None:
    """Check a receipt, offline: that the log holds the delivery, or promised to.

    Ends with exit code 5 where it does not hold.
    """
    from goedebuur.core.ledger import receipts
    from goedebuur.store import certificates, keys

    shown = receipts.check(
        receipts.parse(file.read_bytes()), vkey=key, verify=keys.verify, verify_certified=certificates.verify
    )
    said = shown.statement
    proven = {
        receipts.LOGGED: "proven: the log holds this delivery, signed by its submitter",
        receipts.PROMISED: "promised: the log signed that it will hold this delivery by the time below",
        receipts.WAITING: "waiting: nothing is proven or promised yet; ask again with `goedebuur receipt fetch`",
    }[shown.status]
    rows = [
        ("result", proven),
        *_rows(said),
        ("leaves", " ".join(map(str, shown.indexes))),
        ("under a checkpoint of", f"{shown.size} leaves" if shown.size else ""),
        ("in the log by", shown.seal_by),
        ("key of the log", "as you gave it" if key else "the one in the receipt: compare it with the one you know"),
    ]
    current().answer({"shown": shown, "result": proven}, lambda: pairs(rows))


def _rows(said: Statement) -> list[tuple[str, object]]:
    return [
        ("submitter", said.submitter),
        ("key", said.key),
        ("file", said.name),
        ("sha-256", said.sha256),
        ("bytes", said.size),
        ("signed on", said.created),
        ("reason", said.reason),
    ]


@receipt.command("fetch")
@click.argument("file", type=FILE)
@click.option("--url", help="The site that was delivered to, https://HOST. Default: the record on this machine.")
def fetch(file: Path, url: str | None) -> None:
    """Ask for the receipt of the same delivery as it is by now, and put it in place of the old one."""
    from goedebuur.core.ledger import receipts
    from goedebuur.services import submitting

    found = _receipt(submitting.digest_of(receipts.parse(file.read_bytes())), url)
    file.write_bytes(found.encode())
    _tell(found, file)


@click.group()
def key() -> None:
    """Make a key to sign deliveries with."""


key.params.extend(shared_options())
key.command_class = Command


@key.command("new")
@click.argument("file", type=NEW_FILE)
@click.option("--name", required=True, help="Name of the key, e.g. bureau.example: no spaces, no names of persons.")
def new(file: Path, name: str) -> None:
    """Write a new Ed25519 key to FILE, which only you can read, and show its public form.

    Keep FILE to yourself. Give the public form to who runs the record, over a way by which they know it is you.
    """
    from goedebuur.services.sending import key_name
    from goedebuur.store import keys

    try:
        signer = keys.create(file, name)
    except FileExistsError:
        raise GoedeBuurError(
            KEY_THERE,
            "There is a file of that name already; a key is never written over.",
            place=str(file),
            hint="Choose another name.",
        ) from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    answer = {"file": str(file), "key": key_name(signer.vkey), "vkey": signer.vkey}
    current().answer(answer, lambda: pairs((("key", key_name(signer.vkey)), ("public", signer.vkey))))
