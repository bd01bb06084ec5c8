"""The list of KNMI stations (`knmi_STN_infor.csv`): five rows, a column a station.

The rows are numbers, names, letter codes, latitudes and longitudes. KNMI's hourly files in native text give no
coordinates, so this list is what puts a weather station on the map. It carries no dates: see :data:`SINCE`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Final

import polars as pl

from goedebuur.adapters import payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.exact import parse_decimals
from goedebuur.core.measurements.records import OBSERVATIONS, CatalogueRecord, Parsed, Station

SINCE: Final = datetime(1951, 1, 1, tzinfo=UTC)
"""From when on the list is taken to hold: the first year of KNMI's hourly files."""


_BOOK: Final = rulebook.area(
    "knmi-stations",
    "KNMI: lijst van stations",
    "KNMI: list of stations",
    rulebook.described("KNMI, knmi_STN_infor.csv"),
    "tests/rulebook/test_knmi.py::test_refused",
)
FIVE_ROWS: Final = _BOOK.refuse(
    "rows",
    errors.NOT_THIS_FORMAT,
    "De lijst heeft vijf regels: nummers, namen, codes, breedte- en lengtegraden.",
    "The list has five rows: numbers, names, codes, latitudes and longitudes.",
)
WHOLE_ROWS: Final = _BOOK.refuse(
    "whole",
    errors.TRUNCATED_INPUT,
    "De vijf regels zijn heel en even breed.",
    "The five rows are whole and of equal width.",
)
DEGREES: Final = _BOOK.refuse(
    "degrees",
    errors.BAD_NUMBER,
    "Een station ligt tussen 50 en 56 graden noorderbreedte en 2 en 8 graden oosterlengte.",
    "A station lies between 50 and 56 degrees north and 2 and 8 degrees east.",
    basis=rulebook.own("Nederland en zijn deel van de Noordzee", "the Netherlands and its part of the North Sea"),
)


class KnmiStations:
    """Adapter of the list of KNMI stations."""

    id: Final = "knmi_stations"
    version: Final = 1
    submitter: Final = "knmi"
    title: Final = "KNMI list of stations"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether there are five rows of equal width, the first with station numbers."""
        rows = [row.split(b",") for row in head.split(b"\n") if row.strip()]
        return (
            len(rows) == 5
            and len({len(row) for row in rows}) == 1
            and all(cell.strip().isdigit() and len(cell.strip()) == 3 for cell in rows[0])
        )

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: the list is delivered by hand."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the stations in the list; there are no observations in it."""
        text = payloads.text(payloads.decompress(data, name), name, "utf-8")
        lines = (row for row in io.StringIO(text) if row.strip())
        rows = [[cell.strip() for cell in row.split(",")] for row in islice(lines, 6)]
        if len(rows) != 5 or len({len(row) for row in rows}) != 1 or not text.endswith("\n"):
            broken = FIVE_ROWS if len(rows) > 5 else WHOLE_ROWS
            raise broken.error(
                "The list does not have five whole rows of equal width.",
                place=name,
                hint="Rows are numbers, names, letter codes, latitudes and longitudes, a column a station.",
            )
        numbers, names, _codes, latitudes, longitudes = rows
        for row, bounds in ((3, (50, 56)), (4, (2, 8))):
            _require_degrees(rows[row], bounds, f"{name}, line {row + 1}")
        records = [
            CatalogueRecord.of(Station(f"KNMI{number}", title, north, east, "KNMI", kind="weer"), SINCE)
            for number, title, north, east in zip(numbers, names, latitudes, longitudes, strict=True)
        ]
        return Parsed(pl.DataFrame(schema=OBSERVATIONS), tuple(records), None, 0)


def _require_degrees(row: list[str], bounds: tuple[int, int], place: str) -> None:
    value, decimals, bad = parse_decimals(pl.Series(row))
    low, high = (10**decimals * bound for bound in bounds)

    def elsewhere(column: int) -> GoedeBuurError:
        return DEGREES.error(
            f"A coordinate is not between {bounds[0]} and {bounds[1]} degrees.",
            place=f"{place}, column {column + 1}",
            value=row[column],
            hint="The fourth row holds latitudes and the fifth longitudes, in degrees with a decimal point.",
        )

    DEGREES.refuse_rows(bad | ~value.is_between(low, high).fill_null(False), elsewhere)
