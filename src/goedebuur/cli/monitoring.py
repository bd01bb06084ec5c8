"""The command for whoever follows a log: once from a timer, or all the time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.exits import Exit
from goedebuur.cli.options import PUBLIC_KEY, Command
from goedebuur.cli.session import Session, current
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from goedebuur.core.ledger.promises import Promise
    from goedebuur.core.ledger.tile_tree import Read
    from goedebuur.services.monitoring import Channel, Round

NO_MAIL = declare("command-mail", "Mail was asked for, and the settings do not say how to send it.")
NO_PROMISE = declare("command-promise", "A promise was given without the public key of the log that made it.")


@click.command("monitor", cls=Command)
@click.argument("source", metavar="URL|FOLDER")
@click.option(
    "--key",
    "keys",
    type=PUBLIC_KEY,
    multiple=True,
    metavar="VKEY",
    help="Public key of the log, from elsewhere than the log.",
)
@click.option("--witness", "witnesses", multiple=True, metavar="VKEY", help="A witness whose cosignature counts.")
@click.option("--needed", default=0, type=click.IntRange(0), show_default=True, help="How many must have cosigned.")
@click.option("--site", "sites", multiple=True, help="Only this station or facility; may be given more than once.")
@click.option("--series", "series_ids", multiple=True, help="Only this series; may be given more than once.")
@click.option("--submitter", "submitters", multiple=True, help="Only what this one delivered.")
@click.option("--late-after", type=click.IntRange(1), metavar="HOURS", help="Say late of what comes so long after it.")
@click.option("--from", "start", type=click.IntRange(0), metavar="LEAF", help="Begin there. Default: with what is new.")
@click.option(
    "--promise",
    "promise_files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Hold the log to the promise in this file, a promise or a receipt.",
)
@click.option(
    "--expectations/--no-expectations",
    "expecting",
    default=True,
    help="Read the whole log for what is to be delivered, and tell what comes late or not at all.",
)
@click.option("--webhook", "webhooks", multiple=True, metavar="URL", help="Send each notice there as JSON by POST.")
@click.option("--mail", "mails", multiple=True, metavar="ADDRESS", help="Send each notice there by mail.")
@click.option("--unreachable-after", default=24, show_default=True, type=click.IntRange(0), metavar="HOURS")
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), help="Folder to remember what was seen.")
@click.option("--once/--follow", default=True, help="Look once, as from a timer, or again and again.")
@click.option("--every", default=60, show_default=True, type=click.IntRange(1), metavar="SECONDS")
def monitor(
    source: str,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    needed: int,
    sites: tuple[str, ...],
    series_ids: tuple[str, ...],
    submitters: tuple[str, ...],
    late_after: int | None,
    start: int | None,
    promise_files: tuple[Path, ...],
    expecting: bool,
    webhooks: tuple[str, ...],
    mails: tuple[str, ...],
    unreachable_after: int,
    state: Path | None,
    once: bool,
    every: int,
) -> int:
    """Follow a published log, and tell what is new in it.

    Checks signature, cosignatures, consistency with what was seen before, and every new entry. Tells each new
    submission, correction and closed entry as a line of JSON, and to webhooks and by mail; and what, of all that the
    log says is to be delivered, came late or did not come. Ends with exit code 5 when the log has forked or shrunk, is
    not signed or damaged, broke a promise, or stays out of reach.
    """
    from goedebuur.core.ledger.cosignatures import Policy
    from goedebuur.core.ledger.events import Watch
    from goedebuur.services.monitoring import Following, Monitor, follow
    from goedebuur.store.monitor import MonitorStore

    session = current()
    if needed > len(witnesses):
        raise click.BadParameter(f"{needed} of {len(witnesses)} witnesses cannot be asked for", param_hint="--needed")
    folder = state or session.settings.home / "monitor" / sha256(source.encode()).hexdigest()[:16]
    with _reading(source) as read:
        following = Following(
            read,
            keys,
            Policy(needed, witnesses),
            Watch(
                frozenset(sites),
                frozenset(series_ids),
                frozenset(submitters),
                None if late_after is None else timedelta(hours=late_after),
            ),
            start,
            timedelta(hours=unreachable_after),
            tuple(_promise(path, keys) for path in promise_files),
            expecting,
        )
        channels = _channels(session, webhooks, mails)
        store = MonitorStore(folder)
        if not store.read().note:
            _require_there(source)  # of a log that was seen before, it is an alarm that it is gone
        watcher = Monitor(following, store, channels, session.wiring.now)

        def wait() -> bool:
            # a wait that Ctrl-C breaks off at once
            return not once and not threading.Event().wait(every)

        last = follow(watcher, wait, lambda found: _remark(session, found))
    if last.alarms:
        return Exit.DAMAGED
    _require_there(source)
    return Exit.UNREACHABLE if last.undelivered else Exit.OK


@contextmanager
def _reading(source: str) -> Iterator[Read]:
    if "://" not in source:
        from goedebuur.store.ledger.publication import Publication

        yield Publication(Path(source)).read
        return
    from goedebuur.adapters.tlog import TlogClient

    with TlogClient() as client:
        yield client.log(source)


def _require_there(source: str) -> None:
    """Check that a folder that is followed is there, whatever may come of its log in time."""
    if "://" not in source:
        from goedebuur.store.ledger.publication import Publication

        Publication(Path(source)).require_folder()


def _promise(path: Path, keys: tuple[str, ...]) -> Promise:
    from goedebuur.services.promised import read_promise
    from goedebuur.store.keys import Ed25519Verifier

    if not keys:
        raise GoedeBuurError(
            NO_PROMISE,
            "Whose promise it is follows from the key.",
            place="--promise",
            hint="Give the public key of the log with --key.",
        )
    return read_promise(path.read_bytes(), [Ed25519Verifier(key) for key in keys])


def _channels(session: Session, webhooks: tuple[str, ...], mails: tuple[str, ...]) -> list[Channel]:
    from goedebuur.adapters.notices import Lines, Mail, Webhook

    settings = session.settings
    if mails and not (settings.smtp and settings.mail_from):
        raise GoedeBuurError(
            NO_MAIL,
            "There is no mail server, or no sender.",
            place="GOEDEBUUR_SMTP, GOEDEBUUR_MAIL_FROM",
            hint="Set both.",
        )
    channels: list[Channel] = [Lines(click.echo)]
    channels += [Webhook(url) for url in webhooks]
    channels += [Mail(settings.smtp, settings.mail_from, to) for to in mails]
    return channels


def _remark(session: Session, found: Round) -> None:
    for sentence in found.remarks:
        session.remark(sentence)
    for alarm in found.alarms:
        session.remark(f"ALARM: {alarm.text}")
