"""Why values are missing, stated by whoever delivers: a small CSV of our own, one line a series and period.

    series,start,end,reason
    NL90001.so2.1h,2026-03-01T00:00:00+01:00,2026-03-03T12:00:00+01:00,instrument-down

Exactly these four columns, in UTF-8. `start` and `end` are moments with an offset from UTC (or `Z`); the end does not
belong to the period. `reason` is a row of `rules/tables/gap_reasons.csv`, never free text; `unknown` takes back what
was stated. It withdraws and fills nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from goedebuur.adapters import own_csv
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.core.expectations import reasons
from goedebuur.core.expectations.reasons import ParsedReasons
from goedebuur.core.measurements.records import step_of

TOO_MANY: Final = declare("input-gap-rows", "A file has more reasons for gaps than one leaf of the log can hold.")
COLUMNS: Final = "series,start,end,reason"
_BOOK: Final = rulebook.area(
    "gap-reasons",
    "Redenen voor gaten",
    "Reasons for gaps",
    rulebook.described("docs/beheer/verwachtingen.md: reasons for gaps"),
    "tests/rulebook/test_other_formats.py::test_refused",
)
HAS_COLUMNS: Final = _BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    f"De eerste regel is `{COLUMNS}`.",
    f"The first line is `{COLUMNS}`.",
)
HAS_ROWS: Final = _BOOK.refuse(
    "has-reasons", errors.TRUNCATED_INPUT, "Na de kop komen redenen.", "Reasons follow the header."
)
ONCE: Final = _BOOK.refuse(
    "once",
    errors.DUPLICATE_KEY,
    "Een reeks en periode heeft één reden.",
    "A series and period has one reason.",
)
FEW: Final = _BOOK.refuse(
    "room",
    TOO_MANY,
    "De redenen passen in één blad van het logboek.",
    "The reasons fit in one leaf of the log.",
    basis=rulebook.standard("C2SP tlog-tiles: an entry of a bundle has at most 65,535 bytes"),
)
SERIES: Final = _BOOK.refuse(
    "series",
    errors.UNKNOWN_QUANTITY,
    "Een reeks heet STATION.GROOTHEID.STAP, met een grootheid en stap die bekend zijn.",
    "A series is called STATION.QUANTITY.STEP, with a known quantity and step.",
)
MOMENT: Final = _BOOK.refuse(
    "moment",
    errors.BAD_TIME,
    "Begin en einde zijn momenten met hun verschil met UTC, in hele seconden.",
    "Start and end are moments with their offset from UTC, in whole seconds.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.4.2"),
)
ORDER: Final = _BOOK.refuse("order", errors.BAD_TIME, "Het einde ligt na het begin.", "The end lies after the start.")
CODE: Final = _BOOK.refuse(
    "code",
    errors.NOT_THIS_FORMAT,
    "Een reden is een code, geen eigen woorden.",
    "A reason is a code, not words of your own.",
    basis=rulebook.own(
        "het logboek bewaart het voor altijd, en eigen woorden kunnen een mens noemen",
        "the log keeps it for ever, and free text may name a person",
    ),
)
_SERIES: Final = re.compile(r"[A-Za-z0-9_:-]{1,60}\.([a-z0-9_]{1,30})\.[a-z0-9]{1,9}")
_CODE: Final = re.compile(r"[a-z]{1,20}(-[a-z]{1,20}){0,4}")


class GapReasons:
    """Adapter of reasons for gaps."""

    id: Final = "gap_reasons"
    version: Final = 1
    submitter: Final = "goedebuur"
    title: Final = "Reasons for gaps, stated by who delivers"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the first row is the header of this format."""
        return own_csv.headed(head, COLUMNS)

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: reasons are delivered, not downloaded."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> ParsedReasons:
        """Return the statements of one file."""
        lines = own_csv.lines(
            data,
            name,
            COLUMNS,
            about="reasons",
            has_columns=HAS_COLUMNS,
            has_rows=HAS_ROWS,
            hint="State a reason, or none.",
        )
        found: dict[tuple[str, str, str], tuple[str, str, str, str]] = {}
        for number, line in lines:
            try:
                one = _statement(line, f"{name}, line {number}")
            except GoedeBuurError as error:
                rulebook.refuse(error)
                continue
            if one[:3] in found:
                ONCE.refuse(
                    "A series and period has two reasons in one file.",
                    place=f"{name}, line {number}, column reason",
                    value=", ".join(one[:3]),
                    hint="Give one reason for each series and period.",
                )
            found[one[0], one[1], one[2]] = one
        rows = tuple(sorted(found.values()))
        if len(reasons.parts(rows)) > 1:
            raise FEW.error(
                "The file has more reasons than one leaf of the log can hold.",
                place=name,
                value=str(len(rows)),
                hint="Deliver it in parts of some hundred lines.",
            )
        return ParsedReasons(rows, len(rows))


def _statement(line: str, place: str) -> tuple[str, str, str, str]:
    series, start, end, code = (cell.strip() for cell in line.split(","))
    named = _SERIES.fullmatch(series)
    if named is None or step_of(series) is None or named[1] not in QUANTITIES:
        raise SERIES.error(
            "This is not the name of a series.",
            place=f"{place}, column series",
            value=series,
            hint="A series is called STATION.QUANTITY.STEP, e.g. NL49553.pm10.1h; `goedebuur series` lists them.",
        )
    moments = [
        own_csv.moment(text, MOMENT, f"{place}, column {column}") for column, text in (("start", start), ("end", end))
    ]
    if moments[1] <= moments[0]:
        raise ORDER.error(
            "The end is not after the start.",
            place=f"{place}, column end",
            value=f"{start},{end}",
            hint="The end has to lie after the start.",
        )
    if not _CODE.fullmatch(code):
        raise CODE.error(
            "A reason is a code, not words.",
            place=f"{place}, column reason",
            hint="Give a code such as instrument-down; the log keeps it for ever, so no words of your own.",
        )
    return reasons.row(series, Period(*moments), code)
