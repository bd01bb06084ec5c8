"""One search box: everything public, from the record as of a tree size; cases are searched apart, for who may see them.

Dutch words are long: *stofemissie* is to be found by *emissie*. So a word is looked for anywhere in a text, without a
stemmer, over texts that are put together once for each state of the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goedebuur.services import paging, publications, queries, site_views
from goedebuur.services.paging import Page

if TYPE_CHECKING:
    from goedebuur.services.record import Record

AROUND: Final = 80
"""Characters shown on each side of the first word that was found."""
PERMIT: Final = "permit"
CONDITION: Final = "condition"
KINDS: Final = ("finding", "site", PERMIT, "station")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found.

    Parameters
    ----------
    kind
        "site", "permit", "station" or "finding".
    id
        Of its page.
    title
        How it is shown.
    text
        What is searched.
    """

    kind: str
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, and the words around."""

    entry: Entry
    excerpt: str


def public(
    record: Record, text: str, as_of: int | None = None, *, kind: str | None = None, page: int = 1
) -> dict[str, Page[Hit]]:
    """Return what is public and holds all words of the text: a page of each kind; nothing for an empty text.

    Parameters
    ----------
    kind
        One of :data:`KINDS`, to be given alone; all where None.
    page
        Which page, from 1.
    """
    words = folded(text).split()
    if not words:
        return {}
    found: dict[str, list[Entry]] = {}
    for entry, told in _index(record, as_of):
        if (kind is None or entry.kind == kind) and all(word in told for word in words):
            found.setdefault(entry.kind, []).append(entry)
    pages = {name: paging.of(entries, page) for name, entries in found.items()}
    return {
        name: Page(tuple(Hit(one, excerpt(one.text, words)) for one in part.rows), part.number, part.total)
        for name, part in pages.items()
    }


def prepare(record: Record) -> None:
    """Put together what is searched of the present, so that no reader waits for it."""
    _index(record, None)


def folded(text: str) -> str:
    """Return a text as it is compared: without capitals, with one space between words."""
    return " ".join(text.casefold().split())


def excerpt(text: str, words: list[str]) -> str:
    """Return the part of a text around the first of the words; the beginning where none is in it."""
    flat = " ".join(text.split())
    low = flat.casefold()
    at = min((low.find(word) for word in words if word in low), default=0)
    begin, end = max(at - AROUND, 0), at + AROUND
    return ("… " if begin else "") + flat[begin:end].strip() + (" …" if end < len(flat) else "")


def _index(record: Record, as_of: int | None) -> tuple[tuple[Entry, str], ...]:
    """Return everything with its text as it is compared. Permits are most of it, and stay when measurements come in."""

    def read() -> tuple[tuple[Entry, str], ...]:
        permits = record.of_catalogue(
            "searched permits", as_of, lambda size: _told(_permits(record, size)), (PERMIT, CONDITION)
        )
        return (
            *_told(_findings(record, as_of)),
            *_told(_sites(record, as_of)),
            *permits,
            *_told(_stations(record, as_of)),
        )

    return record.remembered(("searching", as_of), read)


def _told(entries: Iterator[Entry]) -> tuple[tuple[Entry, str], ...]:
    return tuple((entry, folded(f"{entry.title} {entry.text}")) for entry in entries)


def _findings(record: Record, as_of: int | None) -> Iterator[Entry]:
    for finding in publications.every(record, as_of):
        told = finding.now.finding
        answer = told.answer.text if told.answer is not None else ""
        if told.readable:
            yield Entry("finding", told.id, told.subject, f"{told.text} {answer} {' '.join(told.operators)}")


def _sites(record: Record, as_of: int | None) -> Iterator[Entry]:
    for site in site_views.every(record, as_of).values():
        names = [one.value for part in (site.names, site.addresses, site.cities) for one in part]
        parties = [f"{one.name} {one.kvk}" for one in site.operators]
        yield Entry("site", site.id, site.name, " ".join([site.id, *names, *parties]))


def _permits(record: Record, as_of: int) -> Iterator[Entry]:
    conditions: dict[str, list[str]] = {}
    for body in record.catalogue.state(CONDITION, as_of).values():
        said = f"{body.get('number', '')} {body.get('text', '')}"
        conditions.setdefault(str(body.get("permit", "")), []).append(said)
    for name, body in record.catalogue.state(PERMIT, as_of).items():
        title = str(body.get("title") or body.get("number") or name)
        yield Entry("permit", str(body.get("site", "")), title, " ".join([name, *conditions.get(name, ())]))


def _stations(record: Record, as_of: int | None) -> Iterator[Entry]:
    for station in queries.stations(record, as_of):
        yield Entry("station", station.id, station.name, f"{station.id} {station.area} {station.municipality}")
