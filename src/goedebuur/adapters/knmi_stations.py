"""The list of KNMI stations (`knmi_STN_infor.csv`): five rows, a column a station.

The rows are numbers, names, letter codes, latitudes and longitudes. KNMI's hourly files in native text give no
coordinates, so this list is what puts a weather station on the map. It carries no dates: see :data:`SINCE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import polars as pl

from goedebuur.adapters import payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.exact import parse_decimals
from goedebuur.core.measurements.records import OBSERVATIONS, CatalogueRecord, Parsed, Station

SINCE: Final = datetime(1951, 1, 1, tzinfo=UTC)
"""From when on the list is taken to hold: the first year of KNMI's hourly files."""


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
        rows = [[cell.strip() for cell in row.split(",")] for row in text.splitlines() if row.strip()]
        if len(rows) != 5 or len({len(row) for row in rows}) != 1 or not text.endswith("\n"):
            raise GoedeBuurError(
                errors.NOT_THIS_FORMAT if len(rows) > 5 else errors.TRUNCATED_INPUT,
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
    wrong = bad | ~value.is_between(low, high).fill_null(False)
    if wrong.any():
        column = int(wrong.arg_max() or 0)
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            f"A coordinate is not between {bounds[0]} and {bounds[1]} degrees.",
            place=f"{place}, column {column + 1}",
            value=row[column],
            hint="The fourth row holds latitudes and the fifth longitudes, in degrees with a decimal point.",
        )
