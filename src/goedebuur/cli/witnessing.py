"""Commands for whoever runs a witness for someone else's log: key, run, status."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command, shared_options
from goedebuur.cli.session import current, table
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso

if TYPE_CHECKING:
    from goedebuur.services.witness import Witness

NO_ADDRESS = declare("witness-address", "A witness cannot listen on the address that its configuration gives.")
CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("witness.toml"),
    show_default=True,
    help="File that says which key, where to listen, and whose logs.",
)


@click.group()
def witness() -> None:
    """Cosign the checkpoints of someone else's log, and refuse a fork.

    Needs no record.
    """


witness.params.extend(shared_options())
witness.command_class = Command


@witness.command("key")
@click.argument("name")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("witness.key"),
    show_default=True,
    help="Where the private key is kept.",
)
def key(name: str, file: Path) -> None:
    """Make a key for a witness called NAME, or show the one that is there.

    NAME is an address of yours without https://, such as getuige.example.org/w1. The answer is the public key: give it
    to whoever runs the log.
    """
    from goedebuur.store.keys import load_or_create

    session = current()
    signer = load_or_create(file, name)
    if signer.name != name:
        session.remark(f"{file} holds the key of {signer.name}; nothing was made")
    session.answer(
        {"name": signer.name, "vkey": signer.cosigner_vkey, "file": str(file)},
        lambda: click.echo(signer.cosigner_vkey),
    )


@witness.command("run")
@CONFIG
def run(config: Path) -> None:
    """Answer the logs of the configuration until stopped (Ctrl-C or SIGTERM)."""
    from goedebuur.cli.witness_server import WitnessServer
    from goedebuur.services.witness import read_config

    session = current()
    told = read_config(config)
    logging.basicConfig(level=session.settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    witness = _open(config)
    try:
        server = WitnessServer(told.address, witness)
    except OSError as error:
        raise GoedeBuurError(
            NO_ADDRESS,
            "This machine cannot listen there.",
            place="listen",
            value=told.listen,
            hint=f"Choose another address or port ({error.strerror}).",
        ) from error
    with server:
        previous = signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        host, port = server.server_address[:2]
        session.remark(f"{witness.vkey}\nlistening on {host!s}:{port} for {len(told.logs)} logs - stop with Ctrl-C")
        try:
            server.serve_forever(poll_interval=0.2)
        finally:
            signal.signal(signal.SIGTERM, previous)


@witness.command("status")
@CONFIG
def status(config: Path) -> None:
    """Show which checkpoint of each log was cosigned last."""
    states = _open(config).states()
    rows = ((one.origin, one.size, one.root[:16], _when(one.cosigned)) for one in states)
    current().answer(states, lambda: table(("log", "leaves", "root hash", "cosigned"), rows, right=("leaves",)))


def _open(config: Path) -> Witness:
    from goedebuur.services.witness import open_witness, read_config
    from goedebuur.store.keys import load

    session = current()
    told = read_config(config)
    return open_witness(told, load(told.key), lambda: int(session.wiring.now().timestamp()))


def _when(seconds: int | None) -> str:
    return "" if seconds is None else iso(datetime.fromtimestamp(seconds, UTC))
