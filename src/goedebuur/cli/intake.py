"""Commands that bring something in: ingest and fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.exits import Exit
from goedebuur.cli.options import Command, period_options
from goedebuur.cli.session import current, table
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from goedebuur.services.delivery import Outcome
    from goedebuur.services.handing import Promised

HALF_A_PERIOD = declare("command-period", "A period was given with only one of its ends, or with its ends swapped.")
COUNTS = ("values_in", "stored", "unchanged", "changed", "filled", "withdrawn")


@click.command(cls=Command)
@click.argument("places", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--reason", default="", help="Why, where this corrects what was delivered before.")
@click.option("--adapter", metavar="NAME", help="Format of the files, where it is not to be recognised.")
@click.option("--submitter", help="Who delivers, where that is not the supplier of the format.")
@click.option("--small", is_flag=True, help="Keep in the journal on a signed promise; `record seal` logs it.")
@click.option("--spool", is_flag=True, help="Hand over through the spool, as many processes at a time may.")
def ingest(
    places: tuple[Path, ...], reason: str, adapter: str | None, submitter: str | None, small: bool, spool: bool
) -> int:
    """Take in files that were published or delivered.

    PATH is a file or a folder; in a folder, what no parser recognises is passed over and counted; an empty file or a
    web page named .csv, .txt, .zip or .gz is refused. With --adapter a file that is named itself is read as that
    format, recognised or not. The same file a second time changes nothing; a changed file
    becomes a correction. A file in error is refused and stops none of the others; the command then ends with exit
    code 3.

    Where another process is writing, the files wait in the spool, and are taken in whatever becomes of this one.
    """
    from goedebuur.services import handing, intake

    if small and (spool or reason):
        raise click.UsageError("--small goes with neither --spool nor --reason: sealing says what it replaces.")
    session = current()
    if adapter is not None:
        intake.require_adapter(adapter)
    found = intake.find_files(places)
    for path in found.unknown:
        session.remark(f"passed over, no parser recognises it: {path}")
    files, now = list(found.files), session.wiring.now()
    if small:
        return _promise(files, found.unknown, adapter, submitter, now)
    with session.record(write=True) as record, session.progress() as progress:
        if spool:
            outcomes = handing.through_spool(
                record, files, now=now, reason=reason, adapter=adapter, submitter=submitter
            )
        else:
            outcomes = handing.take_in(
                record,
                files,
                now=now,
                reason=reason,
                adapter=adapter,
                submitter=submitter,
                progress=progress,
                busy=lambda: session.remark("another process is writing: the files wait in the spool"),
            )
    tally = _tally([outcome.status for outcome in outcomes], len(found.unknown))
    answer = {"outcomes": outcomes, "passed_over": [str(path) for path in found.unknown], "totals": tally}
    session.answer(answer, lambda: write_outcomes(outcomes, len(found.unknown)))
    return Exit.REFUSED if any(outcome.status == "refused" for outcome in outcomes) else Exit.OK


def _promise(
    files: list[Path], unknown: tuple[Path, ...], adapter: str | None, submitter: str | None, now: datetime
) -> int:
    from goedebuur.services import handing

    session = current()
    with session.record(write=True) as record:
        promises = handing.promise_files(record, files, now=now, adapter=adapter, submitter=submitter)
    tally = _tally([one.status for one in promises], len(unknown))
    answer = {"promises": promises, "passed_over": [str(path) for path in unknown], "totals": tally}
    session.answer(answer, lambda: _write_promises(promises, len(unknown)))
    return Exit.REFUSED if any(one.status == "refused" for one in promises) else Exit.OK


def _tally(statuses: list[str], passed_over: int) -> dict[str, int]:
    return dict(Counter(statuses)) | ({"passed_over": passed_over} if passed_over else {})


def _write_promises(promises: list[Promised], passed_over: int) -> None:
    """Write each signed promise as it is to be kept, and every error in full."""
    for one in promises:
        if one.error:
            click.echo(f"{one.name}: {_error_text(one.error)}", err=True)
        else:
            click.echo(f"{one.name}: in the log before {one.seal_by}", err=True)
            click.echo(one.note)
    if passed_over:
        click.echo(f"{passed_over} passed over", err=True)


def write_outcomes(outcomes: list[Outcome], passed_over: int = 0) -> None:
    """Write one row a delivery, then every doubt and every error in full, then the sum."""
    counted = ("values in", "stored", "unchanged", "changed", "filled", "withdrawn", "skipped", "doubtful")
    columns = ("file", "status", *counted)
    table(columns, (_row(outcome) for outcome in outcomes), right=columns[2:])
    for outcome in outcomes:
        for doubt in outcome.doubts:
            click.echo(f"{outcome.name}: doubtful: {doubt}", err=True)
        if outcome.error:
            click.echo(f"{outcome.name}: {_error_text(outcome.error)}", err=True)
    tally = _tally([outcome.status for outcome in outcomes], passed_over)
    click.echo(
        ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in tally.items()) or "nothing to deliver",
        err=True,
    )


def _row(outcome: Outcome) -> list[object]:
    skipped = sum(number for name, number in outcome.counts.items() if name.startswith("skipped"))
    doubtful = sum(number for name, number in outcome.counts.items() if name.startswith("flagged"))
    return [outcome.name, outcome.status, *(outcome.counts.get(name, 0) for name in COUNTS), skipped, doubtful]


def _error_text(error: Mapping[str, str]) -> str:
    lines = [f"{error.get('message', '')} [{error.get('code', '')}]"]
    lines += [
        f"  {label}: {error[name]}"
        for name, label in (("place", "where"), ("value", "value"), ("hint", "what to do"))
        if error.get(name)
    ]
    return "\n".join(lines)


@click.command(cls=Command)
@click.argument("supplier", metavar="ADAPTER")
@period_options("Needs --until too.", "Needs --from too.")
@click.option("--station", "stations", multiple=True, help="Only this station; may be given more than once.")
@click.option("--quantity", "quantities", multiple=True, help="Only this quantity; may be given more than once.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="What the adapter explains itself.")
def fetch(
    supplier: str,
    start: datetime | None,
    end: datetime | None,
    stations: tuple[str, ...],
    quantities: tuple[str, ...],
    settings: tuple[str, ...],
) -> int:
    """Download from a supplier, and take that in.

    The answers are kept as received. An interrupted download goes on where it stopped when the same command is given
    again; docs/beheer/opdrachten.md says what each adapter needs.
    """
    from goedebuur.adapters.base import FetchRequest
    from goedebuur.core.base.periods import Period
    from goedebuur.services import intake

    if (start is None) != (end is None) or (start is not None and end is not None and end <= start):
        raise GoedeBuurError(
            HALF_A_PERIOD, "A period needs both --from and --until, in that order.", value=f"{start} – {end}"
        )
    period = Period(start, end) if start is not None and end is not None else None
    request = FetchRequest(period, stations, quantities, settings=dict(map(_named, settings)))
    session = current()
    with session.record(write=True) as record, session.wiring.http() as client, session.progress() as progress:
        state = session.settings.home / "fetching"
        outcomes = intake.fetch(record, supplier, request, client, state=state, progress=progress)
    session.answer({"outcomes": outcomes}, lambda: write_outcomes(outcomes))
    return Exit.OK


def _named(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise click.UsageError(f"--set wants NAME=VALUE, not {text!r}.")
    return name, value
