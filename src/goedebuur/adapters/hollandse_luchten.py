"""Hollandse Luchten's extract of official stations (`…_LML.csv`): provisional hourly values around IJmond.

Comma-separated, text in quotes, `NA` for no value, a column a component, a row a station and hour. Dates carry no
offset. They are CET, label = start of the hour: on that clock all 15,761 values that the example of winter 2019/2020
shares with RIVM's validated files are equal, and one hour earlier or later hardly any. `FN` is black carbon: its
1,753 shared values equal RIVM's `BC`.

What the file leaves out says nothing, so it withdraws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import CET
from goedebuur.core.measurements.records import CatalogueRecord, Parsed, Series, series_id

STEP: Final = 3600
UNIT: Final = "µg/m³"
COLUMNS: Final = {
    "SO2": "so2",
    "H2S": "h2s",
    "FN": "bc",
    "NO": "no",
    "CO": "co",
    "pm10": "pm10",
    "pm25": "pm25",
    "NO2": "no2",
    "C7H8": "c7h8",
    "C8H10": "c8h10",
    "C6H6": "c6h6",
}
"""Column → quantity."""


_BOOK: Final = rulebook.area(
    "hollandse-luchten",
    "Hollandse Luchten: uittreksel van officiële stations",
    "Hollandse Luchten: extract of official stations",
    rulebook.described("Hollandse Luchten, extract of official stations, winter 2019/2020"),
    "tests/rulebook/test_other_formats.py::test_refused",
)
HAS_COLUMNS: Final = _BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    "De kolommen zijn station_number, date en componenten van het uittreksel, elk één keer.",
    "The columns are station_number, date and components of the extract, each once.",
    rows=[rulebook.Row(column, quantity, "") for column, quantity in COLUMNS.items()],
)
HAS_ROWS: Final = _BOOK.refuse("has-hours", errors.TRUNCATED_INPUT, "Na de kop komen uren.", "Hours follow the header.")
QUOTES: Final = _BOOK.refuse(
    "quotes",
    errors.NOT_THIS_FORMAT,
    "Elk aanhalingsteken dat opent sluit in dezelfde cel.",
    "Each quote that opens closes in the same cell.",
    basis=rulebook.described("RFC 4180, 2.5"),
)
HOUR: Final = _BOOK.refuse(
    "hour",
    errors.BAD_TIME,
    "Een station is NL met vijf cijfers, en een datum een heel uur als 2019-12-30 00:00:00.",
    "A station is NL with five digits, and a date a whole hour such as 2019-12-30 00:00:00.",
)


class HollandseLuchten:
    """Adapter of the extract of official stations."""

    id: Final = "hollandse_luchten"
    version: Final = 1
    submitter: Final = "hollandse_luchten"
    title: Final = "Hollandse Luchten, extract of official stations (provisional)"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the first row names station, date and components of this extract."""
        columns = [column.strip().strip(b'"') for column in head.split(b"\n", 1)[0].split(b",")]
        return columns[:2] == [b"station_number", b"date"] and any(column.encode() in columns for column in COLUMNS)

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: the extract is delivered by hand."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the values and series of one extract."""
        text = payloads.text(payloads.decompress(data, name), name, "utf-8")
        first, _, body = text.partition("\n")
        columns = [column.strip().strip('"') for column in first.rstrip("\r").split(",")]
        unknown = [column for column in columns[2:] if column not in COLUMNS]
        if columns[:2] != ["station_number", "date"] or unknown or len(set(columns)) < len(columns):
            raise HAS_COLUMNS.error(
                "The columns are not those of the extract.",
                place=f"{name}, line 1",
                value=",".join(unknown or columns[:2]),
                hint=f"Expected are station_number, date, and some of {', '.join(COLUMNS)}.",
            )
        if cells.require_fields(body.encode(), ",", len(columns), 2, name) == 0:
            raise HAS_ROWS.error("The file ends after its header.", place=name, hint="Ask for it again.")
        frame = pl.read_csv(
            body.encode(), has_header=False, infer_schema=False, quote_char=None, new_columns=columns, eol_char="\n"
        ).with_columns(pl.all().str.strip_chars(" \r").str.replace(r'^"([^"]*)"$', "${1}"))
        frame = _with_quotes_in_pairs(frame, name)
        frame = frame.with_columns(pl.exclude("row").str.strip_chars(" \r").replace({"NA": None, "": None}))
        return _parsed(_timed(frame, name), columns[2:], name)


def _with_quotes_in_pairs(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the frame with `row` (line in the file), once each cell was found to close the quotes that it opens."""
    frame = frame.with_columns(pl.int_range(2, 2 + pl.len()).alias("row"))
    odd = frame.select(pl.any_horizontal(pl.all().exclude("row").str.contains('"', literal=True))).to_series()

    def unpaired(row: int) -> GoedeBuurError:
        found = frame.row(row, named=True)
        column = next(key for key, cell in found.items() if isinstance(cell, str) and '"' in cell)
        return QUOTES.error(
            "A quote is opened and not closed, or closed and not opened.",
            place=f"{name}, line {found['row']}, column {column}",
            value=str(found[column]),
            hint="The file was changed after it was made, or cut: ask for it again.",
        )

    QUOTES.refuse_rows(odd, unpaired)
    return frame.filter(~odd.fill_null(False))


def _timed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    moment = pl.col("date").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    frame = cells.with_plausible_years(frame.with_columns(moment.alias("start")))
    station = pl.col("station_number").str.contains(r"^NL[0-9]{5}$").fill_null(False)
    hour = pl.col("start").is_not_null() & (pl.col("start").dt.truncate("1h") == pl.col("start")).fill_null(False)
    sound = frame.select(station=station, hour=hour)

    def unreadable(row: int) -> GoedeBuurError:
        found = frame.row(row, named=True)
        return HOUR.error(
            "A station or an hour cannot be read.",
            place=f"{name}, line {found['row']}, column {'date' if sound['station'][row] else 'station_number'}",
            value=f"{found['station_number']},{found['date']}",
            hint="Expected is for example NL49553 and 2019-12-30 00:00:00: were columns swapped?",
        )

    wrong = ~(sound["station"] & sound["hour"])
    HOUR.refuse_rows(wrong, unreadable)
    frame = frame.filter(~wrong)
    return frame.with_columns(pl.col("start").dt.replace_time_zone("Etc/GMT-1").dt.convert_time_zone("UTC"))


def _parsed(frame: pl.DataFrame, columns: list[str], name: str) -> Parsed:
    parts = []
    for column in columns:
        long = frame.select("station_number", "start", "row", pl.col(column).alias("cell"))
        long = long.filter(pl.col("cell").is_not_null())
        long = cells.with_digits(long, _place_of(long, column, name))
        long = cells.require_magnitude(long, COLUMNS[column], UNIT, _place_of(long, column, name))
        parts.append(
            cells.observations(
                long.with_columns(
                    (pl.col("station_number") + series_id("", COLUMNS[column], STEP)).alias("series"),
                    pl.lit(STEP).alias("step"),
                    pl.lit(UNIT).alias("unit"),
                    pl.lit(int(Flag.PROVISIONAL)).alias("flags"),
                    pl.lit(None, pl.String).alias("remark"),
                )
            )
        )
    observations = cells.observations(pl.concat(parts))
    observations = cells.require_unique(observations, name)
    values_in = frame.height * len(columns)
    empty = values_in - observations.height
    return Parsed(observations, _series(observations), None, values_in, {"empty": empty} if empty else {})


def _place_of(long: pl.DataFrame, column: str, name: str) -> cells.Place:
    return lambda row: f"{name}, line {long['row'][row]}, column {column}"


def _series(observations: pl.DataFrame) -> tuple[CatalogueRecord, ...]:
    records = []
    for series, first in observations.group_by("series").agg(pl.col("start").min()).sort("series").iter_rows():
        station, quantity, _step = series.split(".")
        record = Series(
            id=series,
            station=station,
            sampling_point=f"{station}.{quantity}",
            quantity=quantity,
            unit=UNIT,
            step=STEP,
            max_decimals=cells.MAX_DECIMALS,
            clock=CET.tzname(None),
        )
        records.append(CatalogueRecord.of(record, first))
    return tuple(records)
