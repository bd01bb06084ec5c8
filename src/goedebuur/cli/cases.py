"""Commands around cases, for whoever runs the installation: what a timer does, mail that comes in, and proof."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from goedebuur.cli.exits import Exit
from goedebuur.cli.options import Group
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.errors import GoedeBuurError


@click.group(cls=Group)
def cases() -> None:
    """Cases: publish what is due, send and take in mail, check their history."""


@cases.command("run")
def run() -> int:
    """Publish the decided findings that are due, and send the mail that waits. For a timer, every few minutes."""
    session = current()
    session.database()
    from goedebuur.adapters.notices import Mail
    from goedebuur.services import case_mail, emission_alerts, publishing_findings
    from goedebuur.store.casework import messages
    from goedebuur.store.casework.messages import Waiting

    settings, now = session.settings, session.wiring.now

    def deliver(one: Waiting, text: str) -> None:
        mail = Mail(settings.smtp, settings.mail_from, one.recipient)
        mail.deliver(mail.plain(one.subject, text, one.message_id))

    held_up: list[publishing_findings.HeldUp] = []
    with session.record(write=True) as record:
        leaves = publishing_findings.settle(record, now(), held_up.append)
        alerts = emission_alerts.settle(record, now())
    sent = failed = 0
    if settings.smtp and settings.mail_from:
        sent, failed = case_mail.send(settings, deliver, now)
    told = {
        "published": leaves,
        "held_up": held_up,
        "alerts": alerts,
        "sent": sent,
        "failed": failed,
        "waiting": messages.queued(),
        "stuck": messages.stuck(),
        "unplaced": messages.unplaced(),
    }

    def write() -> None:
        pairs([*(told | {"held_up": len(held_up)}).items()])
        rows = [(one.case, one.number, one.code, one.place) for one in held_up]
        if rows:
            table(("case", "version", "error", "place"), rows, right=("version",))

    session.answer(told, write)
    return Exit.REFUSED if held_up else Exit.OK


@cases.command("mail-in")
@click.argument("path", type=click.Path(path_type=Path))
def mail_in(path: Path) -> int:
    """Take in mail: one file, a folder of .eml files, or a maildir."""
    session = current()
    session.database()
    from goedebuur.services import case_mail_in
    from goedebuur.store.casework import messages

    taken, refused = [], []
    for one in case_mail_in.waiting(path):
        try:
            taken.append(case_mail_in.take(session.settings.home, one.read_bytes(), one.name, session.wiring.now()))
        except GoedeBuurError as error:
            refused.append({"name": one.name, **error.as_dict()})
        else:
            case_mail_in.done(path, one)
    counted = Counter(one.became for one in taken) | Counter({"refused": len(refused)})
    rows = [(one.name, one.became, one.number, one.files) for one in taken]
    rows += [(one["name"], "refused", "", 0) for one in refused]

    def write() -> None:
        table(("file", "became", "case", "files"), rows, right=("files",))
        click.echo(f"{unplaced} without a case wait for a person")

    unplaced = messages.unplaced()
    session.answer({"mails": taken, "refused": refused, "totals": dict(counted), "unplaced": unplaced}, write)
    return Exit.REFUSED if refused else Exit.OK


@cases.command("verify")
def verify() -> int:
    """Check of every case whether its history is as it was written, and what is public of it as its leaf says."""
    session = current()
    session.database()
    from goedebuur.services import case_check

    wrong = case_check.histories()
    differ: list[case_check.Differs] = []
    if case_check.any_published():
        with session.record() as record:
            differ = case_check.published(record)

    def write() -> None:
        if wrong:
            table(("case", "first event that is not as written"), wrong)
        if differ:
            rows = [(one.case, one.version, one.leaf, ", ".join(one.fields)) for one in differ]
            table(("case", "version", "leaf", "not as under the leaf"), rows, right=("version", "leaf"))
        if not wrong and not differ:
            click.echo("all as written")

    session.answer(
        {"altered": [{"case": number, "event": event} for number, event in wrong], "differ": differ},
        write,
    )
    return Exit.DAMAGED if wrong or differ else Exit.OK


@cases.command("token")
@click.argument("authority")
@click.option("--rsin", default="", help="RSIN of the authority, nine digits: case systems refer by it.")
@click.option("--label", default="zaaksysteem", show_default=True, help="What the token is for. No names of persons.")
@click.option("--end", is_flag=True, help="End the tokens of this label instead.")
def token(authority: str, rsin: str, label: str, end: bool) -> None:
    """Make a token with which a case system may read the cases of an authority. It is shown once."""
    session = current()
    session.database()
    from goedebuur.services import case_tokens

    if end:
        ended = case_tokens.end(authority, label, session.wiring.now())
        session.answer({"ended": ended}, lambda: click.echo(f"{ended} ended"))
        return
    made = case_tokens.make(authority, rsin, label, session.wiring.now())
    session.answer({"token": made}, lambda: click.echo(made))
