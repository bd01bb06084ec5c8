"""The program `goedebuur`: which commands there are, and the one place where an error becomes text and an exit code.

Commands are imported when they are called, so that the program starts at once.
"""

from __future__ import annotations

import difflib
import importlib
import json
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import click

from goedebuur import __version__
from goedebuur.cli.exits import Exit, exit_of
from goedebuur.cli.options import shared_options
from goedebuur.cli.session import Session
from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import GoedeBuurError

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("goedebuur.cli.serving:demo", "Show a simulated region, or a folder with real files."),
    "serve": ("goedebuur.cli.serving:serve", "Serve the pages of the record."),
    "ingest": ("goedebuur.cli.intake:ingest", "Take in files that were published or delivered."),
    "fetch": ("goedebuur.cli.intake:fetch", "Download from a supplier, and take that in."),
    "stations": ("goedebuur.cli.reading:stations", "List the stations, or show one."),
    "series": ("goedebuur.cli.reading:series", "Show the values of a series, or how one of them is known."),
    "average": (
        "goedebuur.cli.averaging:average",
        "Average a series by day, month, year or rolling year.",
    ),
    "export": ("goedebuur.cli.reading:export", "Write series to a CSV or Parquet file."),
    "assess": ("goedebuur.cli.assessing:assess", "Judge a year against the limits and guidelines."),
    "rules": ("goedebuur.cli.ruling:rules", "List the rules: limits and guidelines, with value, dates and status."),
    "rulebook": ("goedebuur.cli.rulebook:rulebook", "List the checks that a delivery meets, or show one of them."),
    "prove": (
        "goedebuur.cli.proving:prove",
        "Write the proof file of a value, of a mean or percentile, or of a verdict.",
    ),
    "verify": ("goedebuur.cli.proving:verify", "Check a proof file, offline: needs no record and no database."),
    "key": ("goedebuur.cli.submitting:key", "Make a key to sign deliveries with."),
    "submit": ("goedebuur.cli.submitting:submit", "Sign a file and deliver it; the receipt shows that the log has it."),
    "receipt": ("goedebuur.cli.submitting:receipt", "Check the receipt of a signed delivery, or ask for a newer one."),
    "submitters": (
        "goedebuur.cli.submitters:submitters",
        "Who may deliver signed: roles, accreditation, scope and keys.",
    ),
    "expectations": (
        "goedebuur.cli.expectations:expectations",
        "Say what suppliers are to deliver by when, and what came late, is missing, and why.",
    ),
    "sites": (
        "goedebuur.cli.siting:sites",
        "Operators, sites, installations, emission points and authorities.",
    ),
    "record": ("goedebuur.cli.keeping:record", "Verify, read back, rebuild and inspect the record itself."),
    "witness": ("goedebuur.cli.witnessing:witness", "Cosign the checkpoints of someone else's log, and refuse a fork."),
    "monitor": ("goedebuur.cli.monitoring:monitor", "Follow a published log, and tell what is new in it."),
    "permits": ("goedebuur.cli.permits:permits", "Permits as data: enter them from a file, show and export them."),
    "stack": (
        "goedebuur.cli.stack:stack",
        "Emission points: their table set, checks of raw values, averages, tests of instruments, and verdicts.",
    ),
    "dispersion": (
        "goedebuur.cli.dispersion:dispersion",
        "Where it goes: the air near the ground hour by hour, and how well a model agrees with measurements.",
    ),
    "cases": ("goedebuur.cli.cases:cases", "Cases: publish what is due, send and take in mail, check their history."),
    "people": (
        "goedebuur.cli.people:people",
        "Who works here: accounts, and roles for an authority or an operator.",
    ),
    "settings": ("goedebuur.cli.household:settings", "Show every setting and its value."),
    "manage": ("goedebuur.cli.household:manage", "Users and database: Django's management commands."),
    "completion": ("goedebuur.cli.household:completion", "Write the completion script for a shell."),
}
"""Name → where it is, and the first sentence of its help, so that `--help` imports none of them."""


class ReaderLeftError(Exception):
    """Whoever read the answer went away before its end, as `head` does."""


@contextmanager
def _to_a_reader() -> Iterator[None]:
    """Raise ReaderLeftError where nobody reads any more: for click that would be an error."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # what is still in the buffer goes nowhere, where it would end in an error when the program does
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ReaderLeftError from None


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments; those that ask for help are answered here."""
        with _to_a_reader():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _to_a_reader():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the first word; for one that is not known, the error names the nearest that are."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, n=2, cutoff=0.6)
            meant = f" Did you mean {' or '.join(near)}?" if near else " `goedebuur --help` lists them."
            ctx.fail(f"There is no command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands for `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="goedebuur")
def cli() -> None:
    """The open record around heavy industry: what was measured, what the rules say of it, and the proof of both.

    Times are UTC. A delivery, a correction or a verdict is a leaf of the log; `--as-of N` reads the record as it
    stood with N leaves.
    """


cli.params.extend(shared_options())


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Return the exit code of one call. Every error ends here."""
    session = Session(wiring)
    try:
        try:
            result = cli.main(args=list(arguments), prog_name="goedebuur", standalone_mode=False, obj=session)
        finally:
            session.finish()
        return int(result) if isinstance(result, int) else Exit.OK
    except GoedeBuurError as error:
        code = exit_of(error.code)
        _report(session, error.as_dict(), error.as_text(), code)
        return code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return Exit.INTERRUPTED
    except click.ClickException as error:
        _report_usage(session, error)
        return Exit.USAGE
    except ReaderLeftError:
        return Exit.READER_LEFT
    except Exception as error:
        traceback.print_exc()
        fields = {"code": "unforeseen", "message": str(error), "place": "", "value": "", "hint": ""}
        text = "The program met something it did not foresee. The lines above are for whoever maintains it."
        _report(session, fields, text, Exit.FAILED)
        return Exit.FAILED


def _report_usage(session: Session, error: click.ClickException) -> None:
    if session.json:
        fields = {"code": "command-usage", "message": error.format_message(), "place": "", "value": "", "hint": ""}
        _report(session, fields, "", Exit.USAGE)
    else:
        error.show()


def _report(session: Session, fields: dict[str, str], text: str, code: Exit) -> None:
    if session.json:
        click.echo(json.dumps({"error": fields, "exit": int(code)}, ensure_ascii=False), err=True)
    else:
        click.echo(text, err=True)
