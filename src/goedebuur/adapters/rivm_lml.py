"""RIVM's hourly station files of the national monitoring networks (`2019_PM10.csv` and its later layouts).

Published by RIVM for its own network and those of GGD Amsterdam and DCMR. One file holds one component, a column a
station, a row an hour. Layouts met, 2019 to 2024:

- latin-1, CRLF, `;`; a header block of nine rows with a column per station; then the row that names the columns;
- times `YYYYMMDD HH:MM` until 2022, ISO 8601 with `+01:00` from 2023: CET all year, a label is the *start* of its hour;
- where values carry remarks, a block of remarks comes first and an `OpmCode` column stands beside each station. Those
  columns share one name, so a station's columns are found by their position under the header;
- an empty cell is a missing value; negative values are reported as such.

References
----------
RIVM, readme of the data set Luchtmeetnet, https://data.rivm.nl/data/luchtmeetnet/readme.pdf
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import polars as pl

from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import INCOMPLETE_REQUEST, Client, Fetched, FetchRequest, get_each
from goedebuur.adapters.rivm_header import BOOK, FIXED, TIME_HINT, Layout, read_layout, read_period
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import CET, Period
from goedebuur.core.base.quantities import ratio
from goedebuur.core.measurements.records import (
    CatalogueRecord,
    Parsed,
    SamplingPoint,
    Series,
    Station,
    series_id,
)

COMPONENTS: Final = {
    "PM10": "pm10",
    "PM2.5": "pm25",
    "NO2": "no2",
    "NO": "no",
    "NOx": "nox",
    "O3": "o3",
    "Ox": "ox",
    "SO2": "so2",
    "H2S": "h2s",
    "NH3": "nh3",
    "CO": "co",
    "BC": "bc",
    "C6H6": "c6h6",
    "C7H8": "c7h8",
    "C8H10": "c8h10",
    "PS": "ps",
}
"""Component as written in the file → quantity."""
FILE_NAMES: Final = {"pm25": "PM25"}
"""Quantity → name in the file name, where it differs from the component."""
YEARLY_FILE: Final = "https://data.rivm.nl/data/luchtmeetnet/Vastgesteld-jaar/{year}/{year}_{component}.csv"
"""Address of a yearly file; the setting `url` of a request takes its place."""
STEP: Final = 3600

LATIN: Final = BOOK.refuse(
    "latin-1",
    errors.BAD_ENCODING,
    "Het bestand is in latin-1, zoals RIVM het geeft.",
    "The file is in latin-1, as RIVM gives it.",
)
HAS_ROWS: Final = BOOK.refuse("has-hours", errors.TRUNCATED_INPUT, "Na de kop komen uren.", "Hours follow the header.")
ONE_COMPONENT: Final = BOOK.refuse(
    "one-component",
    errors.NOT_THIS_FORMAT,
    "Eén bestand heeft één component, in één eenheid en met één lengte van het uur.",
    "One file has one component, in one unit and with one length of step.",
)
HOURLY: Final = BOOK.refuse(
    "hourly", errors.BAD_TIME, "De waarden zijn uurwaarden (`uur`).", "The values are hourly (`uur`)."
)
COMPONENT: Final = BOOK.refuse(
    "component",
    errors.UNKNOWN_QUANTITY,
    "De component staat in de tabel van componenten van RIVM.",
    "The component is in the table of RIVM's components.",
    rows=[rulebook.Row(component, quantity, "") for component, quantity in COMPONENTS.items()],
)
READABLE: Final = BOOK.refuse(
    "time", errors.BAD_TIME, "Begin en einde van elk uur zijn te lezen.", "Start and end of each hour can be read."
)
HOUR_LONG: Final = BOOK.refuse(
    "hour-long", errors.BAD_TIME, "Elk uur eindigt een uur na zijn begin.", "Each hour ends one hour after it starts."
)
HOUR_TWICE: Final = BOOK.refuse(
    "hour-twice", errors.DUPLICATE_KEY, "Elk uur staat er één keer in.", "Each hour is there once."
)
IN_PERIOD: Final = BOOK.refuse(
    "hour-in-period",
    errors.BAD_TIME,
    "Elk uur ligt in de periode die de kop noemt.",
    "Each hour lies in the period that the header names.",
)
COMPLETE: Final = BOOK.refuse(
    "complete",
    errors.TRUNCATED_INPUT,
    "Alle uren die de kop belooft zijn er.",
    "All hours that the header promises are there.",
    basis=rulebook.own(
        "wat een bestand binnen zijn periode weglaat is ingetrokken, dus het moet heel zijn",
        "what a file leaves out within its period is withdrawn, so it has to be whole",
    ),
)
REMARKED: Final = BOOK.flag(
    "remark",
    "REMARK",
    "Een waarde met een opmerking van de leverancier houdt die opmerking.",
    "A value with a remark of the supplier keeps that remark.",
    test="tests/rulebook/test_rivm.py::test_value_with_a_remark_keeps_it_and_its_mark",
)
LOST_REMARK: Final = BOOK.note(
    "remark-without-value",
    "Een opmerking staat bij een waarde, niet bij een lege cel.",
    "A remark stands beside a value, not beside an empty cell.",
    test="tests/rulebook/test_rivm.py::test_remark_beside_an_empty_cell_is_told",
)


class RivmLml:
    """Adapter of the RIVM station files."""

    id: Final = "rivm_lml"
    version: Final = 1
    submitter: Final = "rivm"
    title: Final = "RIVM hourly station files (Luchtmeetnet)"
    downloads: Final = True

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the two rows that only this format has are there."""
        return b";StationsCode;" in head and b"\nComponent;Bep.periode;" in head

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Yield the yearly files of the request's period, one a year and component.

        Parameters
        ----------
        request
            `period` in whole CET years and `quantities` are needed. `settings["url"]`: an address with `{year}` and
            `{component}` in place of :data:`YEARLY_FILE`.
        """
        if request.period is None or not request.quantities:
            raise GoedeBuurError(
                INCOMPLETE_REQUEST,
                "The RIVM files are named by year and component: both must be asked for.",
                hint="Give a period and one or more quantities, e.g. 2019 and pm10.",
            )
        pattern = request.settings.get("url", YEARLY_FILE)
        first = request.period.start.astimezone(CET).year
        last = (request.period.end - timedelta(microseconds=1)).astimezone(CET).year
        by_quantity = {quantity: FILE_NAMES.get(quantity, component) for component, quantity in COMPONENTS.items()}
        names = {}
        for year in range(first, last + 1):
            for quantity in request.quantities:
                if quantity not in by_quantity:
                    raise GoedeBuurError(
                        errors.UNKNOWN_QUANTITY,
                        "RIVM has no station file of this quantity.",
                        value=quantity,
                        hint=f"Known are: {', '.join(by_quantity)}.",
                    )
                component = by_quantity[quantity]
                names[f"{year}_{component}.csv"] = pattern.format(year=year, component=component)
        yield from get_each(client, request, names)

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the observations, stations, sampling points and series of one file."""
        text = payloads.text(payloads.decompress(data, name), name, "latin-1")
        if "Âµ" in text or "Â³" in text:
            raise LATIN.error(
                "The file is in UTF-8, and RIVM publishes in latin-1: another program saved it.",
                place=f"{name}, line {text[: text.index('Â')].count(chr(10)) + 1}",
                hint="Deliver the file as RIVM published it.",
            )
        payloads.refuse_simulated(text, name)
        layout = read_layout(text, name)
        frame = _rows(text, layout, name)
        quantity, unit = _constant(frame, layout, name)
        frame = _timed(frame, layout, name)
        return _parsed(frame, layout, quantity, unit, name)


def _rows(text: str, layout: Layout, name: str) -> pl.DataFrame:
    position = 0
    for _ in range(layout.lines):
        position = text.find("\n", position) + 1
        if position == 0:
            raise _no_hours(name)
    body = text[position:].encode()
    if cells.require_fields(body, ";", layout.width, layout.lines + 1, name) == 0:
        raise _no_hours(name)
    return pl.read_csv(
        body,
        separator=";",
        has_header=False,
        infer_schema=False,
        quote_char=None,
        eol_char="\n",
        new_columns=[f"c{i}" for i in range(layout.width)],
    ).with_columns(pl.col(f"c{layout.width - 1}").str.strip_chars_end("\r").replace("", None))


def _no_hours(name: str) -> GoedeBuurError:
    return HAS_ROWS.error(
        "The file ends after its header.",
        place=name,
        hint="Download it again: the transfer was cut short. Nothing of it was stored.",
    )


def _constant(frame: pl.DataFrame, layout: Layout, name: str) -> tuple[str, str]:
    """Return the quantity and unit, which are the same in every row."""
    found = {}
    for column in FIXED[:3]:
        series = frame[f"c{layout.fixed[column]}"]
        values = series.unique(maintain_order=True)
        if len(values) != 1:
            row = int((series != series[0]).arg_max() or 0)
            raise ONE_COMPONENT.error(
                f"The column {column!r} holds more than one value.",
                place=f"{name}, line {layout.lines + 1 + row}, column {column}",
                value=str(series[row]),
                hint="One file holds one component in one unit: the columns were swapped, or files were joined.",
            )
        found[column] = str(values[0])
    if found["Bep.periode"] != "uur":
        raise HOURLY.error(
            "The values are not hourly.",
            place=f"{name}, column Bep.periode",
            value=found["Bep.periode"],
            hint="Only the hourly files are read.",
        )
    quantity = COMPONENTS.get(found["Component"])
    if quantity is None:
        raise COMPONENT.error(
            "This component is not known.",
            place=f"{name}, column Component",
            value=found["Component"],
            hint="Add it to COMPONENTS in adapters/rivm_lml.py, and its quantity to core/base/quantities.py.",
        )
    try:
        ratio(quantity, found["Eenheid"])
    except GoedeBuurError as error:
        raise error.at(f"{name}, column Eenheid") from None
    return quantity, found["Eenheid"]


def _timed(frame: pl.DataFrame, layout: Layout, name: str) -> pl.DataFrame:
    """Return the rows with their `start`, after checking that the hours are those that the header promises."""
    begin, end = (frame[f"c{layout.fixed[column]}"] for column in FIXED[3:])
    starts, ends = (
        _moments(frame[f"c{layout.fixed[column]}"], layout, f"{name}, line", column) for column in FIXED[3:]
    )

    def at(row: int) -> str:
        return f"{name}, line {layout.lines + 1 + row}"

    wrong = (ends - starts != timedelta(seconds=STEP)).fill_null(False)
    HOUR_LONG.refuse_rows(
        wrong,
        lambda row: HOUR_LONG.error(
            "An hour does not end one hour after it starts.",
            place=f"{at(row)}, column {FIXED[4]}",
            value=f"{begin[row]} - {end[row]}",
            hint=TIME_HINT,
        ),
    )
    twice = ~starts.is_first_distinct() & starts.is_not_null()
    HOUR_TWICE.refuse_rows(
        twice,
        lambda row: HOUR_TWICE.error(
            "One hour is there twice.",
            place=f"{at(row)}, column {FIXED[3]}",
            value=str(begin[row]),
            hint="Download the file again, or ask RIVM which of the two rows holds.",
        ),
    )
    period = read_period(layout, name)
    outside = ((starts < period.start) | (starts >= period.end)).fill_null(False)
    IN_PERIOD.refuse_rows(
        outside,
        lambda row: IN_PERIOD.error(
            "An hour is outside the file's own period.",
            place=f"{at(row)}, column {FIXED[3]}",
            value=str(begin[row]),
            hint=TIME_HINT,
        ),
    )
    expected = period.steps(timedelta(seconds=STEP))
    if len(starts) != expected:
        COMPLETE.refuse(
            f"The header promises {expected} hours, and {len(starts)} are there.",
            place=name,
            hint="Download it again: the transfer was cut short. Nothing of it was stored.",
        )
    frame = frame.with_columns(starts.alias("start"), pl.int_range(pl.len()).alias("row"))
    return frame.filter(~(wrong | twice | outside) & starts.is_not_null()).sort("start")


def _moments(column: pl.Series, layout: Layout, place: str, title: str) -> pl.Series:
    iso = bool(column.str.contains("T", literal=True).any())
    if iso:
        moments = column.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", strict=False)
    else:
        moments = column.str.to_datetime("%Y%m%d %H:%M", time_unit="us", strict=False)
        moments = moments.dt.replace_time_zone("Etc/GMT-1").dt.convert_time_zone("UTC")
    READABLE.refuse_rows(
        moments.is_null(),
        lambda row: READABLE.error(
            "A time cannot be read.",
            place=f"{place} {layout.lines + 1 + row}, column {title}",
            value=str(column[row]),
            hint=TIME_HINT,
        ),
    )
    return moments.dt.convert_time_zone("UTC").dt.cast_time_unit("us")


def _parsed(frame: pl.DataFrame, layout: Layout, quantity: str, unit: str, name: str) -> Parsed:
    by_series = {series_id(known["code"], quantity, STEP): at for at, known in layout.stations.items()}
    order = sorted(by_series)
    index = ["start", "row"]
    kept = [pl.col(column) for column in index]
    wide = frame.select(kept + [pl.col(f"c{by_series[series]}").alias(series) for series in order])
    long = wide.unpivot(index=index, variable_name="series", value_name="cell")
    codes = [
        pl.col(f"c{layout.remark_columns[by_series[series]]}").alias(series)
        if by_series[series] in layout.remark_columns
        else pl.lit(None, pl.String).alias(series)
        for series in order
    ]
    if layout.remark_columns:
        long = long.with_columns(frame.select(kept + codes).unpivot(index=index, value_name="code")["code"])
    else:
        long = long.with_columns(pl.lit(None, pl.String).alias("code"))
    values_in = long.height
    lost = long.filter(pl.col("cell").is_null() & pl.col("code").is_not_null()).height
    long = long.filter(pl.col("cell").is_not_null())

    long = cells.with_digits(long, _place_of(long, layout, name))
    long = cells.require_magnitude(long, quantity, unit, _place_of(long, layout, name))
    observations = cells.observations(
        long.with_columns(
            pl.lit(STEP).alias("step"),
            pl.lit(unit).alias("unit"),
            pl.when(pl.col("code").is_null())
            .then(int(Flag.VALIDATED))
            .otherwise(int(Flag.VALIDATED | Flag[REMARKED.code]))
            .alias("flags"),
            _remarks(long, layout, name),
        )
    )
    doubts = (LOST_REMARK.note(f"{lost} remarks stand beside an empty cell and are left out."),) if lost else ()
    period = read_period(layout, name)
    empty = values_in - observations.height
    skipped = {"empty": empty} if empty else {}
    return Parsed(observations, _catalogue(layout, quantity, unit, period), period, values_in, skipped, doubts)


def _place_of(long: pl.DataFrame, layout: Layout, name: str) -> cells.Place:
    def place(row: int) -> str:
        series = long["series"][row]
        return f"{name}, line {layout.lines + 1 + long['row'][row]}, column {series.split('.')[0]}"

    return place


def _remarks(long: pl.DataFrame, layout: Layout, name: str) -> pl.Series:
    """Return the remark of each row: its code and, where the file explains it, the words."""
    pairs = long.select("series", "code").filter(pl.col("code").is_not_null()).unique()
    if pairs.is_empty():
        return pl.Series("remark", [None], pl.String).new_from_index(0, long.height)
    words = [layout.remarks.get((series.split(".")[0], code), "") for series, code in pairs.iter_rows()]
    told = pairs.with_columns(pl.Series("words", words))
    told = told.with_columns(
        pl.when(pl.col("words") == "").then("code").otherwise(pl.format("{}: {}", "code", "words")).alias("remark")
    )
    return long.join(told, on=["series", "code"], how="left", maintain_order="left")["remark"]


def _catalogue(layout: Layout, quantity: str, unit: str, period: Period) -> tuple[CatalogueRecord, ...]:
    records: list[Station | SamplingPoint | Series] = []
    for known in sorted(layout.stations.values(), key=lambda known: known["code"]):
        code = known["code"]
        latitude, _, longitude = known.get("coordinates", "").strip("()").partition(",")
        records.append(
            Station(
                id=code,
                name=known.get("name", ""),
                latitude=latitude.strip(),
                longitude=longitude.strip(),
                operator=known.get("operator", ""),
                area=known.get("area", ""),
                kind=known.get("kind", ""),
            )
        )
        point = f"{code}.{quantity}"
        records.append(
            SamplingPoint(
                id=point,
                station=code,
                quantity=quantity,
                principle=known.get("principle", ""),
                instrument=known.get("instrument", ""),
                accreditation=known.get("accreditation", ""),
            )
        )
        records.append(
            Series(
                id=series_id(code, quantity, STEP),
                station=code,
                sampling_point=point,
                quantity=quantity,
                unit=unit,
                step=STEP,
                max_decimals=cells.MAX_DECIMALS,
                clock="CET",
            )
        )
    return tuple(CatalogueRecord.of(record, period.start) for record in records)
