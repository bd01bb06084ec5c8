"""Commands on the record itself: verify, as-of, rebuild, and what the log holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from goedebuur.cli import closing
from goedebuur.cli.exits import Exit
from goedebuur.cli.options import PUBLIC_KEY, STATE, Command, shared_options
from goedebuur.cli.session import NO_SUCH_SIZE, current, pairs, table
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.services.views import CHANGE_KINDS

if TYPE_CHECKING:
    from goedebuur.cli.session import Progress
    from goedebuur.services.settings import Settings
    from goedebuur.services.verification import Problem
    from goedebuur.services.views import DeliveryView, Difference

NOT_PUBLISHED = declare("settings-not-published", "The log is to be published, and the settings say not to.")
WHAT_TO_DO = (
    "Change nothing in this folder and keep it: it shows what happened. Look the findings up in "
    "docs/methods/record.md, put a copy of the record in another folder, and verify that with --home."
)
REPUBLISH = (
    "Keep a copy of what is published, then `goedebuur record publish --whole` writes it anew from the log. If that "
    "refuses, or if `goedebuur record verify` finds something too, the log itself is in question."
)
REPLACED = (
    "The key that you gave was replaced on {at} by {new}, and signs nothing since; both signed that. Compare this new "
    "key with the one on the page where the keeper of the log tells its keys (docs/beheer/sleutels.md, 'Wat lezers "
    "moeten weten'). Is it the same, then verify with --key and the new key. Is it not, then trust nothing here: ask "
    "the keeper."
)
REBUILD = (
    "`goedebuur record rebuild` makes the projections anew from the evidence; `goedebuur record verify` says whether "
    "it is whole. Find out what changed them: pages and answers since then may have shown it."
)
NEW = "new"


@click.group()
def record() -> None:
    """Verify, read back, rebuild and inspect the record itself."""


record.params.extend(shared_options())
record.command_class = Command
for command in (closing.close, closing.open_, closing.postpone, closing.erase, closing.closed):
    record.add_command(command)


@record.command("status")
def status() -> None:
    """Show the state of the record: size, root hash, and what it holds."""
    from goedebuur.services import queries

    with current().record() as opened:
        view = queries.overview(opened)
    current().answer(
        view,
        lambda: pairs(
            (
                ("leaves", view.tree_size),
                ("root hash", view.root_hash),
                ("in the projections", view.projected),
                ("stations", view.stations),
                ("series", view.series),
                ("observations", view.observations),
                ("first", view.first and iso(view.first)),
                ("last", view.last and iso(view.last)),
                ("simulated", "yes" if view.simulated else "no"),
            )
        ),
    )


@record.command("verify")
@click.option(
    "--key", type=PUBLIC_KEY, metavar="VKEY", help="Public key that must have signed the checkpoint, in its C2SP form."
)
@click.option("--published", is_flag=True, help="Check what is published instead: every tile, bundle and checkpoint.")
@click.option("--projections", is_flag=True, help="Compare the projections with a rebuild elsewhere instead.")
def verify(key: str | None, published: bool, projections: bool) -> int:
    """Check every byte of the evidence against the log.

    Reads payloads, batches, log and checkpoint; needs no database. Ends with exit code 5 when anything is not as the
    log says.
    """
    if published and projections:
        raise click.UsageError("--published and --projections are two checks: ask for one at a time.")
    session = current()
    with session.progress() as progress:
        if projections:
            whole, what_to_do, problems = _derived(session.settings, progress)
        elif published:
            whole, what_to_do, problems = _published(session.settings, progress, key)
        else:
            whole, what_to_do, problems = _evidence(session.settings, progress, key)
    what_to_do = _replaced(session.settings, key) or what_to_do

    def text() -> None:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(problems)} problems" if problems else f"{whole} is whole")
        if problems:
            click.echo(f"what to do: {what_to_do}", err=True)

    told: dict[str, object] = {"whole": not problems, "problems": problems}
    session.answer(told | ({"what_to_do": what_to_do} if problems else {}), text)
    return Exit.DAMAGED if problems else Exit.OK


Checked = tuple[str, str, "list[Problem]"]
"""What is whole without a problem, what to do with one, and the problems."""


def _evidence(settings: Settings, progress: Progress, key: str | None) -> Checked:
    from goedebuur.services.verification import verify as check

    return "the evidence", WHAT_TO_DO, check(settings.record_dir, progress, vkey=key, public=settings.public_path)


def _published(settings: Settings, progress: Progress, key: str | None) -> Checked:
    from goedebuur.services.cosigning import Plan
    from goedebuur.services.publication import check

    policy = Plan.of(settings).policy
    found = check(settings.public_path, lambda done, total: progress("leaves", done, total), vkey=key, policy=policy)
    return "what is published", REPUBLISH, found


def _replaced(settings: Settings, key: str | None) -> str:
    """Return what to do about a key that another came in the place of; empty where none did."""
    from goedebuur.store.ledger import key_changes

    changes = key_changes.replaced(settings.record_dir, key) if key is not None else []
    return REPLACED.format(at=changes[0].at, new=changes[-1].new) if changes else ""


def _derived(settings: Settings, progress: Progress) -> Checked:
    from goedebuur.services.projection_check import verify as check

    return "what is derived", REBUILD, check(settings.record_dir, progress)


@record.command("as-of")
@click.argument("state", metavar="N|TIME", type=STATE)
@click.option("--against", metavar="M|TIME", type=STATE, help="Compare with this state. Default: the present.")
@click.option("--series", "series_ids", multiple=True, help="Only this series; may be given more than once.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(CHANGE_KINDS),
    help="Only changes of this kind; may be given more than once.",
)
@click.option("--new", is_flag=True, help="Also what is new: values after the last one that the series had then.")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(min=1), help="Most changes to show.")
def as_of(
    state: int | datetime,
    against: int | datetime | None,
    series_ids: tuple[str, ...],
    kinds: tuple[str, ...],
    new: bool,
    limit: int,
) -> None:
    """Show what has come to read differently since the log held N leaves, or since a moment.

    New values are counted, and shown with --new or --kind new.
    """
    from goedebuur.services import queries

    wanted = dict.fromkeys((*(kinds or (kind for kind in CHANGE_KINDS if kind != NEW)), *((NEW,) if new else ())))
    with current().record() as opened:
        size = current().size(opened, state) or 0
        now = queries.overview(opened).tree_size if against is None else current().size(opened, against) or 0
        if size > now:
            raise GoedeBuurError(
                NO_SUCH_SIZE,
                f"The log holds {now} leaves.",
                value=str(size),
                hint="`goedebuur record log` lists them.",
            )
        found = queries.counted_difference(
            opened, size, now, list(series_ids) or None, kinds=tuple(wanted), limit=limit
        )
    told = {
        "from": size,
        "to": now,
        "kinds": list(wanted),
        "counts": found.counts,
        "total": found.total,
        "truncated": found.following is not None,
        "changes": found.changes,
    }
    current().answer(told, lambda: _write_changes(found, tuple(wanted)))


def _write_changes(found: Difference, kinds: tuple[str, ...]) -> None:
    rows = (
        (c.series, iso(c.start), c.kind, c.before, c.after, c.unit, c.before_leaf, c.after_leaf) for c in found.changes
    )
    table(("series", "start", "what", "before", "after", "unit", "leaf before", "leaf after"), rows)
    session = current()
    session.remark(f"{found.total:,} changes from {found.first} to {found.last} leaves")
    if found.following is not None:
        session.remark(f"only the first {len(found.changes):,} are shown; --limit shows more")
    if found.counts.get(NEW) and NEW not in kinds:
        session.remark(f"and {found.counts[NEW]:,} new values; --new shows them")


@record.command("log")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1), help="Most leaves to show.")
@click.option("--before", metavar="LEAF", type=click.IntRange(min=0), help="Only leaves before this one.")
@click.option(
    "--kind", help="Only leaves of this kind: observations, correction, catalogue, rules, result, sealed, closed."
)
def log(limit: int, before: int | None, kind: str | None) -> None:
    """List the leaves of the log, newest first."""
    from goedebuur.services import queries

    with current().record() as opened:
        listed = queries.deliveries(opened, limit, before, kind)
    columns = ("leaf", "kind", "received", "submitter", "file", "rows", "series", "supersedes")
    current().answer(listed, lambda: table(columns, (_row(one) for one in listed), right=("leaf", "rows", "series")))


def _row(one: DeliveryView) -> tuple[object, ...]:
    replaced = f"{one.supersedes[0]}-{one.supersedes[-1]}" if len(one.supersedes) > 3 else list(one.supersedes) or ""
    return one.leaf, one.kind, iso(one.received), one.submitter, one.payload_name, one.rows, len(one.series), replaced


@record.command("show")
@click.argument("leaf", type=click.IntRange(min=0))
def show(leaf: int) -> None:
    """Show one leaf: who delivered what, which digests, what it replaced."""
    from goedebuur.services import queries

    with current().record() as opened:
        one = queries.delivery(opened, leaf)
    counts = (("  " + name, number) for name, number in one.counts.items())
    current().answer(
        one,
        lambda: pairs(
            (
                ("leaf", one.leaf),
                ("kind", "closed" if one.closed else one.kind),
                ("received", iso(one.received)),
                ("submitter", one.submitter),
                ("parser", one.adapter),
                ("file", one.payload_name),
                ("sha-256 of the file", one.payload_sha256),
                ("bytes", one.payload_size),
                ("sha-256 of the rows", one.batch_sha256),
                ("rows", one.rows),
                ("from", one.period and iso(one.period[0])),
                ("until", one.period and iso(one.period[1])),
                ("series", " ".join(one.series)),
                ("replaces rows of", " ".join(map(str, one.supersedes))),
                ("reason", one.reason),
                ("counts", ""),
                *counts,
            )
        ),
    )


@record.command("rebuild")
def rebuild() -> None:
    """Throw the projections away and make them anew from the evidence."""
    session = current()
    with session.record(write=True) as opened:
        session.remark("rebuilding the projections from the evidence")
        opened.rebuild()
    session.answer({"rebuilt": True}, lambda: click.echo("rebuilt"))


@record.command("compact")
def compact() -> None:
    """Merge small files of the projections and delete replaced ones older than a day."""
    session = current()
    with session.record(write=True) as opened:
        merged = opened.compact()
    session.answer({"merged": merged}, lambda: click.echo(f"{merged} files merged away"))


@record.command("publish")
@click.option("--whole", is_flag=True, help="Look at every file, and make again what was lost.")
def publish(whole: bool) -> int:
    """Publish the log now, ask the witnesses, and show who is missing.

    Every command that adds to the log does so by itself when it is done, and serve while it runs. Ends with exit code
    5 where a witness saw another log than this.
    """
    from goedebuur.services.published import missing
    from goedebuur.store.ledger import Ledger

    session = current()
    if session.wiring.publish is None or not session.settings.publish:
        raise GoedeBuurError(
            NOT_PUBLISHED,
            "Publishing is switched off.",
            place="GOEDEBUUR_PUBLISH",
            hint="Set it to 1.",
        )
    view = session.wiring.publish(session.settings, Ledger.open(session.settings.record_dir), whole=whole)

    def text() -> None:
        published = "nothing" if view.size is None else f"{view.size} of {view.latest} leaves"
        click.echo(f"published: {published}, cosigned by {view.cosigned} of {len(view.witnesses)} witnesses")
        for sentence in missing(view):
            click.echo(sentence)

    session.answer(view, text)
    return Exit.DAMAGED if view.alarming else Exit.OK


@record.command("rotate-key")
@click.option("--finish", is_flag=True, help="End the time in which both keys sign: the new one signs alone.")
def rotate_key(finish: bool) -> None:
    """Change the key of the log: first both sign, then with --finish the new one alone.

    In the time between, give the new public key to witnesses, monitors and readers. A running serve takes the new key
    over by itself.
    """
    from goedebuur.services import rotation
    from goedebuur.store.ledger import Ledger

    session = current()
    root, key_file = session.settings.record_dir, session.settings.signing_key_path
    rotated = rotation.finish(root, key_file, session.wiring.now()) if finish else rotation.begin(root, key_file)
    session.publish_after(Ledger.open(session.settings.record_dir))

    def text() -> None:
        for vkey in rotated.vkeys:
            click.echo(vkey)
        if rotated.put_aside is not None:
            session.remark(f"the old private key is in {rotated.put_aside}: destroy it")

    session.answer(rotated, text)


@record.command("seal")
def seal() -> None:
    """Put what waits in the spool and the journal into the log, the oldest first.

    Ingest and fetch do so before their own work; serve does not.
    """
    from goedebuur.services import delivery

    session = current()
    now = session.wiring.now()
    with session.record(write=True) as opened:
        taken, leaves = delivery.settle(opened, now)
    session.answer(
        {"drained": taken, "sealed": leaves},
        lambda: click.echo(f"{len(taken)} taken from the spool, {len(leaves)} leaves sealed"),
    )
