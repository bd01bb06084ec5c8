"""The command that works out ahead what stands out at each site, for the list on which officers look."""

from __future__ import annotations

import click

from goedebuur.cli.options import Command
from goedebuur.cli.session import current


@click.command(cls=Command)
@click.option("--all", "every_site", is_flag=True, help="Work out every site, also where nothing came in since.")
def attention(every_site: bool) -> None:
    """Work out what stands out at each site about which something came in, for the list of officers.

    Stopped halfway, what was done stays.
    """
    from goedebuur.services import attention_ahead

    session = current()
    done = 0
    with session.record(write=True) as record, session.progress() as progress:
        for step in attention_ahead.refresh(record, session.wiring.now(), every_site=every_site):
            done = step.done
            progress(f"what stands out at {step.site}", step.done, step.total)
    session.answer({"sites": done}, lambda: click.echo(f"{done} sites worked out"))
