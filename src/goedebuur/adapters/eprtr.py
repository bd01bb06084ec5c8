"""Releases to air of facilities as reported to the European register (E-PRTR), as the EEA gives them out by country.

Tab-separated, UTF-8, one release a line: facility, pollutant, year, kilograms. Only releases above the register's
threshold are there, and a facility's coordinates change between years: they are kept as reported that year.

References
----------
Regulation (EC) 166/2006, Annex II (pollutants and thresholds, kg/year).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.measurements.releases import RELEASE_KEY, RELEASES, ParsedReleases

UNIT: Final = "kg"
COLUMNS: Final = {
    "FacilityInspireID": "facility",
    "facilityName": "name",
    "City": "city",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "EPRTRAnnexIMainActivityCode": "activity",
    "eprtrSectorName": "sector",
    "Pollutant": "pollutant",
    "Emissions": "cell",
    "Year": "year",
    "Air": "air",
    "Water": "water",
}
"""Column of the file → our name."""


_BOOK: Final = rulebook.area(
    "eprtr",
    "E-PRTR: emissies van bedrijven",
    "E-PRTR: releases of facilities",
    rulebook.described("EEA, releases of facilities by country, tab-separated"),
    "tests/rulebook/test_other_formats.py::test_refused",
)
HAS_COLUMNS: Final = _BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    "De kolommen van het register zijn er, elk één keer.",
    "The columns of the register are there, each once.",
    rows=[rulebook.Row(column, known, "") for column, known in COLUMNS.items()],
)
HAS_ROWS: Final = _BOOK.refuse(
    "has-releases", errors.TRUNCATED_INPUT, "Na de kop komen emissies.", "Releases follow the header."
)
IDENTIFIED: Final = _BOOK.refuse(
    "release",
    errors.NOT_THIS_FORMAT,
    "Elke regel zegt welk bedrijf welke stof uitstootte, in welk jaar, en of het naar lucht of naar water was.",
    "Each line says which facility released what, in which year, and whether to air or to water.",
    basis=rulebook.law(
        "Regulation (EC) 166/2006, art. 5(1)(a): releases to air, water and land, by year and pollutant"
    ),
)
ONCE: Final = _BOOK.refuse(
    "release-once",
    errors.DUPLICATE_KEY,
    "Een bedrijf meldt een stof één keer per jaar en per medium.",
    "A facility reports a pollutant once a year and medium.",
    basis=rulebook.law("Regulation (EC) 166/2006, art. 5(1): one total a year and pollutant"),
)


class Eprtr:
    """Adapter of the register's releases."""

    id: Final = "eprtr"
    version: Final = 1
    submitter: Final = "eea"
    title: Final = "E-PRTR releases of facilities"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the first row names facility, pollutant and emissions."""
        columns = head.split(b"\n", 1)[0].rstrip(b"\r").split(b"\t")
        return {b"FacilityInspireID", b"Pollutant", b"Emissions"} <= set(columns)

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: the register is delivered by hand."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> ParsedReleases:
        """Return the releases of one file."""
        text = payloads.text(payloads.decompress(data, name), name, "utf-8")
        payloads.refuse_simulated(text, name)
        first, _, body = text.partition("\n")
        columns = first.rstrip("\r").split("\t")
        missing = [column for column in COLUMNS if columns.count(column) != 1]
        if missing:
            raise HAS_COLUMNS.error(
                "Columns are missing, or there more than once.",
                place=f"{name}, line 1",
                value=", ".join(missing),
                hint="Deliver the tab-separated file of the EEA, not as saved by a spreadsheet.",
            )
        if cells.require_fields(body.encode(), "\t", len(columns), 2, name) == 0:
            raise HAS_ROWS.error("The file ends after its header.", place=name, hint="Download it again.")
        frame = pl.read_csv(
            body.encode(), separator="\t", has_header=False, infer_schema=False, quote_char=None, eol_char="\n"
        )
        frame.columns = [COLUMNS.get(column, f"unused {number}") for number, column in enumerate(columns)]
        frame = frame.select(COLUMNS.values()).with_columns(
            pl.all().str.strip_chars(" \r").replace("", None), pl.int_range(2, 2 + pl.len()).alias("row")
        )
        return _releases(frame, name)


def _releases(frame: pl.DataFrame, name: str) -> ParsedReleases:
    values_in = frame.height
    frame = _plain(frame, name)
    frame = frame.filter(pl.col("cell").is_not_null())

    def place(row: int) -> str:
        return f"{name}, line {frame['row'][row]}, column Emissions"

    digits = cells.with_digits(frame, place)
    releases = digits.with_columns(
        pl.when(pl.col("air") == "1").then(pl.lit("air")).otherwise(pl.lit("water")).alias("medium"),
        pl.lit(UNIT).alias("unit"),
        pl.col("year").cast(pl.Int32),
    )
    releases = _once(releases, name)
    releases = releases.select(pl.col(column).cast(kind) for column, kind in RELEASES.items()).sort(RELEASE_KEY)
    empty = values_in - releases.height
    return ParsedReleases(releases, values_in, {"empty": empty} if empty else {})


def _once(releases: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the releases, once no facility was found to report one pollutant twice in one year to one medium."""
    again = ~releases.select(pl.struct(RELEASE_KEY).is_first_distinct()).to_series()

    def twice(row: int) -> GoedeBuurError:
        found = releases.row(row, named=True)
        return ONCE.error(
            "One facility reports one pollutant twice in one year.",
            place=f"{name}, line {found['row']}, column Pollutant",
            value=", ".join(str(found[key]) for key in RELEASE_KEY),
            hint="Ask the EEA which of the two holds.",
        )

    ONCE.refuse_rows(again, twice)
    return releases.filter(~again)


def _plain(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the frame, once each line was found to say which facility released what, in which year, and whereto."""
    year = pl.col("year").str.contains(r"^(19|20)[0-9]{2}$").fill_null(False)
    medium = ((pl.col("air") == "1") != (pl.col("water") == "1")).fill_null(False)
    columns = {
        "FacilityInspireID": pl.col("facility").is_not_null(),
        "Pollutant": pl.col("pollutant").is_not_null(),
        "Year": year,
        "Air, Water": medium,
    }
    sound = frame.select(**columns)

    def unclear(row: int) -> GoedeBuurError:
        found = frame.row(row, named=True)
        column = next(name for name, good in sound.row(row, named=True).items() if not good)
        return IDENTIFIED.error(
            "A line does not say which facility released what, in which year, to air or to water.",
            place=f"{name}, line {found['row']}, column {column}",
            value=f"{found['facility']}, {found['pollutant']}, {found['year']}",
            hint="Were columns swapped? A year has four digits, and one of Air and Water is 1.",
        )

    wrong = ~sound.select(pl.all_horizontal(pl.all())).to_series()
    IDENTIFIED.refuse_rows(wrong, unclear)
    return frame.filter(~wrong)
