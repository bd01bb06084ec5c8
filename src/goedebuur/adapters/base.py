"""What every adapter is: one supplier's format, fetched as bytes and parsed to records.

An adapter knows one supplier. `fetch` yields the bytes as they came, page by page; `parse` is a pure function from
such bytes to records plus a count of what was left out and why. Neither stores anything: that is for the services.
To add a provider see `docs/developers/add-a-provider.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from goedebuur.adapters.payloads import head_of, refuse_wide, web_page
from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.measuring.reports import ParsedReports
from goedebuur.core.emissions.visible.sightings import ParsedSightings
from goedebuur.core.expectations.reasons import ParsedReasons
from goedebuur.core.measurements.records import Parsed
from goedebuur.core.measurements.releases import ParsedReleases

UNKNOWN_FORMAT: Final = declare("input-unknown-format", "No adapter recognises the delivered file.")
UNKNOWN_ADAPTER: Final = declare("adapter-unknown", "There is no adapter of that name.")
NOT_FETCHABLE: Final = declare("adapter-no-download", "This adapter reads delivered files and downloads nothing.")
INCOMPLETE_REQUEST: Final = declare("adapter-request", "A download was asked for without something it needs.")

_BOOK: Final = rulebook.area(
    "format",
    "Het formaat herkennen",
    "Recognising the format",
    rulebook.own(
        "een bestand wordt gelezen als één formaat, nooit op de gok",
        "a file is read by the parser of one format, never by a guess",
    ),
    "tests/rulebook/test_payloads.py::test_refused",
)
RECOGNISED: Final = _BOOK.refuse(
    "recognised",
    UNKNOWN_FORMAT,
    "Het bestand heeft de vorm van een formaat dat hier bekend is.",
    "The file is in a format that is known here.",
)
ADAPTER: Final = _BOOK.refuse(
    "adapter",
    UNKNOWN_ADAPTER,
    "Wie een formaat noemt, noemt er een dat hier bekend is.",
    "Whoever names a format names one that is known here.",
)


Anything = Parsed | ParsedReleases | ParsedReasons | ParsedReports | ParsedSightings
"""What a file can turn out to hold."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer of a supplier: the bytes as received, and where and when they were had.

    Parameters
    ----------
    name
        Name under which the bytes are delivered. The names of one request come in a fixed order, and each says where
        it stands: that is how an interrupted request goes on, see :class:`FetchRequest`.
    data
        The body as received; only a transfer encoding of HTTP is undone.
    url
        Address asked.
    at
        When the answer was complete, aware.
    """

    name: str
    data: bytes
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to download.

    Parameters
    ----------
    period
        Stretch of time wanted; None where the supplier is asked for what holds now (a list of stations).
    stations, quantities
        Identifiers of stations and quantities; empty for all that the supplier has.
    resume_after
        Name of the last answer of the same request that is already stored; what comes before it is not asked again.
    settings
        Other values that the adapter explains in its docstring, such as an address in place of the public one.
    """

    period: Period | None = None
    stations: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    resume_after: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


class Client(Protocol):
    """What `fetch` needs of HTTP; :class:`goedebuur.adapters.http.Http` is one."""

    def get(self, url: str, params: Mapping[str, str] | None = None, *, name: str) -> Fetched:
        """Return the whole answer, or raise :class:`GoedeBuurError` after the retries are used up."""
        ...


class Adapter(Protocol):
    """One supplier's format."""

    @property
    def id(self) -> str:
        """Stable name, as in `rivm_lml`: part of the identity of every delivery."""
        ...

    @property
    def version(self) -> int:
        """Version of the parser: raised when the same bytes give other records."""
        ...

    @property
    def submitter(self) -> str:
        """Who delivers in this format, where nobody else is named."""
        ...

    @property
    def title(self) -> str:
        """What it reads, for people."""
        ...

    @property
    def downloads(self) -> bool:
        """Whether `fetch` has somewhere to ask; else it raises `adapter-no-download`."""
        ...

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the file is of this format, from its name and its first bytes (already unpacked)."""
        ...

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Yield the answers to a request in a fixed order."""
        ...

    def parse(self, data: bytes, name: str) -> Anything:
        """Return the records in bytes as received (packed or not), with a count of what was left out and why.

        Raises
        ------
        GoedeBuurError
            An `input-…` error that names line and column. Nothing is returned of a file with an error.
        """
        ...


def get_each(client: Client, request: FetchRequest, addresses: Mapping[str, str]) -> Iterator[Fetched]:
    """Yield the answers of addresses by name, in order, from the one after `request.resume_after` on.

    A name that is not among them, of another request, starts from the first.
    """
    order = list(addresses)
    start = order.index(request.resume_after) + 1 if request.resume_after in addresses else 0
    for name in order[start:]:
        yield client.get(addresses[name], name=name)


REGISTRY: Final[dict[str, Adapter]] = {}
"""Every adapter by id, filled by :mod:`goedebuur.adapters`; the order is the order of asking who recognises a file."""


def register(adapter: Adapter) -> None:
    """Enter an adapter; two of one id are a mistake in the program."""
    if adapter.id in REGISTRY:
        raise ValueError(f"adapter {adapter.id} is registered twice")
    REGISTRY[adapter.id] = adapter


def named(adapter_id: str) -> Adapter:
    """Return the adapter of that id.

    Raises
    ------
    GoedeBuurError
        `adapter-unknown`.
    """
    if adapter_id not in REGISTRY:
        raise ADAPTER.error(
            "There is no adapter of that name.",
            value=adapter_id,
            hint=f"Known are: {', '.join(REGISTRY)}.",
        )
    return REGISTRY[adapter_id]


def downloading(adapter_id: str) -> Adapter:
    """Return the adapter of that id, to download with; the error names those that can.

    Raises
    ------
    GoedeBuurError
        `adapter-unknown`.
    """
    if adapter_id not in REGISTRY:
        able = ", ".join(name for name, adapter in REGISTRY.items() if adapter.downloads)
        raise GoedeBuurError(
            UNKNOWN_ADAPTER,
            "There is no adapter of that name.",
            value=adapter_id,
            hint=f"These can download: {able}.",
        )
    return REGISTRY[adapter_id]


def recognise(name: str, head: bytes) -> Adapter:
    """Return the adapter that recognises a file by its name and its first bytes, packed or not.

    Parameters
    ----------
    head
        At least the first 64 KiB, or all of a shorter file.

    Raises
    ------
    GoedeBuurError
        `input-empty`, `input-encoding` for UTF-16 and UTF-32, `input-not-this-format` for a web page,
        `input-unknown-format` otherwise.
    """
    plain = head_of(head, name)
    refuse_wide(plain, name)
    for adapter in REGISTRY.values():
        if adapter.recognises(name, plain):
            return adapter
    if plain.lstrip()[:200].lower().startswith((b"<!doctype", b"<html")):
        raise web_page(plain, name)
    raise RECOGNISED.error(
        "No adapter recognises this file.",
        place=name,
        value=plain[:60].decode("latin-1"),
        hint=f"Name the format if you know it, on the command line with --adapter. Known are: {', '.join(REGISTRY)}.",
    )


def no_download(adapter_id: str) -> GoedeBuurError:
    """Return the error of an adapter that only reads delivered files."""
    return GoedeBuurError(
        NOT_FETCHABLE,
        "This adapter reads delivered files and downloads nothing.",
        value=adapter_id,
        hint="Give the file itself to `goedebuur ingest`.",
    )
