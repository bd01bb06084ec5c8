"""What the application hands to the command line: settings, clock, and the few things that only it can make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from goedebuur.services.settings import Settings

if TYPE_CHECKING:
    from goedebuur.adapters.base import Client
    from goedebuur.services.published import PublicationView
    from goedebuur.services.record import Record
    from goedebuur.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Site:
    """How the pages are to be served this time.

    Parameters
    ----------
    host, port
        Where to listen.
    workers
        Number of processes that make pages.
    any_port
        Whether the next free port will do when this one is taken.
    browser
        Whether to open the first page in the browser when the site answers.
    """

    host: str
    port: int
    workers: int
    any_port: bool = False
    browser: bool = False


class OpenRecord(Protocol):
    """Opens the record under the settings' home."""

    def __call__(self, settings: Settings, *, read_only: bool) -> Record:
        """Return the record; a writer brings its signer along."""
        ...


class Publish(Protocol):
    """Brings the published log up to date."""

    def __call__(self, settings: Settings, ledger: Ledger, *, whole: bool = False) -> PublicationView:
        """Return what is published then; raises nothing where a witness is missing."""
        ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything from outside that commands use. Tests hand in their own."""

    settings: Callable[[], Settings]
    now: Callable[[], datetime]
    open_record: OpenRecord
    serve: Callable[[Settings, Site, Callable[[str], None]], None]
    manage: Callable[[Settings, Sequence[str]], None]
    http: Callable[[], AbstractContextManager[Client]]
    publish: Publish | None = None
    database: Callable[[Settings], None] | None = None
    """Makes the SQL database ready, with the tables of this version; None where it is ready already."""
