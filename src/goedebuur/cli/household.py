"""Commands for whoever runs the installation: settings, users and database, shell completion."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from goedebuur.cli.options import Command
from goedebuur.cli.session import Session, current, table


@click.command(cls=Command)
def settings() -> None:
    """Show every setting and its value.

    Secrets are shown as set or not set. Help for each is in Dutch, as in docs/beheer/instellingen.md.
    """
    values = current().settings
    rows = []
    for item in dataclasses.fields(values):
        value = getattr(values, item.name)
        shown = ("set" if value else "not set") if item.metadata["secret"] else value
        if isinstance(shown, tuple):
            shown = ",".join(map(str, shown))
        rows.append((item.metadata["variable"], "" if shown is None else str(shown), item.metadata["help"]))
    data = [{"variable": variable, "value": value, "help": text} for variable, value, text in rows]
    current().answer(data, lambda: table(("setting", "value", "help"), rows))


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Users and database: Django's management commands.

    For example `goedebuur manage createsuperuser`, `goedebuur manage migrate`. `--home` is taken out; all else goes to
    Django.
    """
    session = current()
    kept = _take_home(session, arguments)
    session.wiring.manage(session.settings, kept or ("help",))


def _take_home(session: Session, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arguments without `--home`, which becomes this call's."""
    kept, rest = [], iter(arguments)
    for one in rest:
        name, given, value = one.partition("=")
        if name != "--home":
            kept.append(one)
            continue
        home = value if given else next(rest, "")
        if not home:
            raise click.UsageError("--home wants a folder.")
        session.home = Path(home)
    return tuple(kept)


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Write the completion script for a shell.

    For bash: `goedebuur completion bash > ~/.local/share/bash-completion/completions/goedebuur`.
    """
    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = click.get_current_context().find_root().command
    script = maker(root, {}, "goedebuur", "_GOEDEBUUR_COMPLETE").source()
    current().answer({"shell": shell, "script": script}, lambda: click.echo(script))
