"""Files in the layout of the release register, with invented facilities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from tests.services.deliveries import NOW

from goedebuur.services import delivery
from goedebuur.services.record import Record

COLUMNS = (
    *("Unnamed: 0", "Country", "EPRTRSectorCode", "eprtrSectorName", "EPRTRAnnexIMainActivityCode"),
    *("EPRTRAnnexIMainActivityLabel", "FacilityInspireID", "facilityName", "Longitude", "Latitude", "City"),
    *("Pollutant", "Emissions", "Year", "Air", "Water"),
)
OLD = "NL.EEA/101.FACILITY"
NEW = "NL.RIVM/000000102.FACILITY"
MOVES = "NL.RIVM/000000103.FACILITY"
FARM = "NL.RIVM/000000104.FACILITY"
Row = tuple[str, str, str, str, str, str, int]
"""Facility, name, city, latitude, longitude, activity, year."""

ROWS: list[Row] = [
    *((OLD, "Steenfabriek Eendorp BV", "Eendorp", "52.10000", "5.10000", "3(g)", y) for y in (2007, 2008)),
    *((NEW, "Steenfabriek Eendorp B.V.", "Eendorp", "52.10001", "5.10000", "3(g)", y) for y in (2009, 2010)),
    *((MOVES, "Chemie Tweedorp", "Tweedorp", "51.50000", "4.20000", "4(a)", y) for y in (2014, 2015, 2017)),
    (MOVES, "Chemie Tweedorp", "Tweedorp", "51.53000", "4.20000", "4(a)", 2016),
    (FARM, "Stal Driedorp", "Driedorp", "53.00000", "6.50000", "7(a)(i)", 2015),
]


def register_file(rows: Iterable[Row] = ROWS, pollutant: str = "Ammonia (NH3)") -> bytes:
    """One release to air a row: a thousand kilograms and the year."""
    lines = ["\t".join(COLUMNS)]
    for number, (facility, name, city, latitude, longitude, activity, year) in enumerate(rows):
        sector = (str(number), "Netherlands", "4", "Chemical industry", activity, "")
        where = (facility, name, longitude, latitude, city)
        lines.append("\t".join((*sector, *where, pollutant, f"1{year}.0", str(year), "1", "0")))
    return ("\n".join(lines) + "\n").encode()


def deliver(record: Record, folder: Path, rows: Iterable[Row] = ROWS, hours: int = 0) -> None:
    """Take the file in."""
    path = folder / f"register{hours}.tsv"
    path.write_bytes(register_file(rows))
    delivery.deliver_files(record, [path], now=NOW + timedelta(hours=hours))
