"""The entry of the program: brings settings, clock, keys and clients together, and hands over to the command line.

Everything heavy is imported when a command first needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from goedebuur.cli.main import run
from goedebuur.cli.wiring import Site, Wiring
from goedebuur.services.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from goedebuur.adapters.base import Client
    from goedebuur.services.published import PublicationView
    from goedebuur.services.record import Record
    from goedebuur.store.ledger import Ledger


def open_record(settings: Settings, *, read_only: bool) -> Record:
    """Return the record of this installation; a writer signs with the key of the log, made before there is a log.

    A log whose key is gone gets no other: `key-missing`.
    """
    from goedebuur.services.record import Record

    if read_only:
        return Record.open(settings.record_dir, read_only=True)
    from goedebuur.store import keys

    if not (settings.record_dir / "ledger" / "log.vkey").exists():
        keys.load_or_create(settings.signing_key_path, settings.origin)
    signer = keys.load_changing(settings.signing_key_path)
    within = timedelta(minutes=settings.seal_minutes)
    return Record.open(settings.record_dir, signer=signer, sealed_within=within)


def publish(settings: Settings, ledger: Ledger, *, whole: bool = False) -> PublicationView:
    """Return what is published of the log, after bringing it up to date and asking each witness once."""
    from goedebuur.adapters.tlog import TlogClient
    from goedebuur.services import published, publishing
    from goedebuur.services.cosigning import Plan

    plan = Plan.of(settings)
    with TlogClient() as client:
        publishing.publish(ledger, plan, client.post, lambda: datetime.now(UTC), whole=whole)
    return published.look(ledger.size, plan)


def _serve(settings: Settings, site: Site, say: Callable[[str], None]) -> None:
    from goedebuur.app.serving import serve

    serve(settings, site, say)


def _manage(settings: Settings, arguments: Sequence[str]) -> None:
    from goedebuur.app.manage import main as manage

    os.environ["GOEDEBUUR_HOME"] = str(settings.home)
    manage(list(arguments))


def _database(settings: Settings) -> None:
    os.environ["GOEDEBUUR_HOME"] = str(settings.home)
    from goedebuur.app.prepare import prepare

    prepare(static=False)


@contextmanager
def _http() -> Iterator[Client]:
    from goedebuur.adapters.http import Http

    with Http() as client:
        yield client


def wiring() -> Wiring:
    """Return what commands need of the world outside: this environment, this clock, this machine."""
    return Wiring(
        settings=lambda: Settings.from_environment(os.environ),
        now=lambda: datetime.now(UTC),
        open_record=open_record,
        serve=_serve,
        manage=_manage,
        http=_http,
        publish=publish,
        database=_database,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of one call of `goedebuur`."""
    return run(sys.argv[1:] if arguments is None else arguments, wiring())


if __name__ == "__main__":
    sys.exit(main())
