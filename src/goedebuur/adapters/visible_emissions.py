"""Emissions that were seen at places without a stack: a CSV of our own, one line a look.

    site,place,item,start,seconds,observed,emitting,opacity,means,method,observer
    hoogoven-noord,oven_door,battery-1,2026-03-01T09:00:00+01:00,3600,120,7,,inspection,EPA-303,bureau
    hoogoven-noord,raw_push,battery-1,2026-03-01T10:12:00+01:00,95,,,60,camera,VIDEO,automatic

Exactly these columns, in UTF-8. A *round* says how many were looked at and how many emitted; an *event* how many
seconds it emitted. `start` is a moment with its offset from UTC. `place`, `means` and `observer` are words of a list,
`item` and `method` codes: the log keeps them for ever, so no names of people and no words of one's own. A later
delivery of the same site, place, item and start takes the place of the earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from goedebuur.adapters import own_csv
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, plain, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.visible.sightings import ParsedSightings, Sighting, moment

COLUMNS: Final = "site,place,item,start,seconds,observed,emitting,opacity,means,method,observer"
_NAMES: Final = tuple(COLUMNS.split(","))
_COUNTS: Final = ("seconds", "observed", "emitting")
_SILENT: Final = ("item", "method", "observer")
"""Columns of which a refused cell is not repeated: it may be someone's name."""
_BOOK: Final = rulebook.area(
    "visible",
    "Zichtbare emissies",
    "Visible emissions",
    rulebook.described("docs/methods/visible-emissions.md: the file"),
    "tests/rulebook/test_visible.py::test_refused",
)
HAS_COLUMNS: Final = _BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    f"De eerste regel is `{COLUMNS}`.",
    f"The first line is `{COLUMNS}`.",
)
HAS_ROWS: Final = _BOOK.refuse(
    "has-rows", errors.TRUNCATED_INPUT, "Na de kop komen waarnemingen.", "Sightings follow the header."
)
ONCE: Final = _BOOK.refuse(
    "once",
    errors.DUPLICATE_KEY,
    "Een plaats en onderdeel heeft één waarneming op één moment.",
    "A place and item has one sighting at one moment.",
)
MOMENT: Final = _BOOK.refuse(
    "moment",
    errors.BAD_TIME,
    "Het begin is een moment met zijn verschil met UTC, in hele seconden.",
    "The start is a moment with its offset from UTC, in whole seconds.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.4.2"),
)
COUNT: Final = _BOOK.refuse(
    "count",
    errors.BAD_NUMBER,
    "Seconden en aantallen zijn hele getallen.",
    "Seconds and numbers of items are whole numbers.",
)
WORD: Final = _BOOK.refuse(
    "word",
    errors.NOT_THIS_FORMAT,
    "Plaats, middel en waarnemer zijn woorden uit de lijst; locatie, onderdeel en methode zijn codes.",
    "Place, means and observer are words of the list; site, item and method are codes.",
    basis=rulebook.own(
        "het logboek bewaart het voor altijd, en eigen woorden kunnen een mens noemen",
        "the log keeps it for ever, and free text may name a person",
    ),
)
WHOLE: Final = _BOOK.refuse(
    "whole",
    errors.NOT_THIS_FORMAT,
    "Een ronde zegt hoeveel er bekeken zijn en hoeveel er emitteerden; een voorval zegt hoelang het duurde.",
    "A round says how many were looked at and how many emitted; an event says how long it lasted.",
)


class VisibleEmissions:
    """Adapter of visible emissions."""

    id: Final = "visible_emissions"
    version: Final = 1
    submitter: Final = "goedebuur"
    title: Final = "Visible and diffuse emissions, as they were seen"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the first row is the header of this format."""
        return own_csv.headed(head, COLUMNS)

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: sightings are delivered, not downloaded."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> ParsedSightings:
        """Return the sightings of one file."""
        lines = own_csv.lines(
            data,
            name,
            COLUMNS,
            about="visible emissions",
            has_columns=HAS_COLUMNS,
            has_rows=HAS_ROWS,
            hint="Give one line a look.",
        )
        found: dict[str, Sighting] = {}
        for number, line in lines:
            place = f"{name}, line {number}"
            try:
                one = _sighting(line, place)
            except GoedeBuurError as error:
                rulebook.refuse(error)
                continue
            if one.id in found:
                ONCE.refuse(
                    "One place and item has two sightings at one moment.",
                    place=f"{place}, column start",
                    value=f"{one.place}, {one.start}",
                    hint="Give one line for each; two doors of one battery are one round, or two items.",
                )
            found[one.id] = one
        rows = tuple(found[key] for key in sorted(found))
        return ParsedSightings(rows, len(rows))


def _sighting(line: str, place: str) -> Sighting:
    told: dict[str, Any] = dict(zip(_NAMES, (cell.strip() for cell in line.split(",")), strict=True))
    told["start"] = moment(own_csv.moment(told["start"], MOMENT, f"{place}, column start"))
    for column in _COUNTS:
        told[column] = _count(told[column], f"{place}, column {column}")
    faults: list[GoedeBuurError] = []
    found = plain.read(Sighting, told, faults)
    if found is not None:
        return found
    first = faults[0]
    column = first.place.partition(".")[0]
    check = WHOLE if column in _COUNTS else WORD
    raise check.error(
        first.message,
        place=f"{place}, column {column}",
        value="" if column in _SILENT else first.value,
        hint=first.hint or "docs/methods/visible-emissions.md has the columns.",
    )


def _count(text: str, place: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise COUNT.error(
            "This is not a whole number.", place=place, value=text, hint="Write digits, or leave it empty."
        )
    return int(text)
