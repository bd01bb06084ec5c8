"""Five years of a gas turbine with measured CO and NOx, as the UCI repository has them: hours without a time.

Each file is a year (`gt_2011.csv`), its rows are hours in order, and hours are missing without a word. The rows get a
calendar here: the first is the first hour of the year in UTC, and each is the hour after the one before it. That is an
assumption and known to be wrong in part, since a year has more hours than the file has rows. So each value carries the
remark that its time is assumed, and nothing that rests on the time of a value can be said of it.

References
----------
Kaya, Tüfekci and Uzun, 2019, Turk. J. Elec. Eng. & Comp. Sci. 27, 4783; UCI Machine Learning Repository, data set 551
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.flags import Flag
from goedebuur.core.emissions.signals import series_id
from goedebuur.core.measurements.records import CatalogueRecord, Parsed, Series

STEP: Final = 3600
POINT: Final = "UCI-GT"
"""Before the series of this emission point."""
ASSUMED: Final = "tijd aangenomen: het bestand heeft geen tijden / time assumed: the file has no times"
FINER: Final = "finer than can be kept"
_NAME: Final = re.compile(r"gt_(20[0-9]{2})\.csv(\.gz)?")


@dataclass(frozen=True, slots=True)
class Signal:
    """One column: its quantity in the table, its unit as described, and whether the turbine has more of that kind."""

    quantity: str
    unit: str
    instrument: str = ""

    @property
    def series(self) -> str:
        """Return the series that holds it."""
        return series_id(POINT, self.quantity, STEP, self.instrument)


SIGNALS: Final = {
    "AT": Signal("stack_process_temperature", "°C", "at"),
    "AP": Signal("stack_process_pressure", "mbar", "ap"),
    "AH": Signal("stack_process_humidity", "%"),
    "AFDP": Signal("stack_process_pressure", "mbar", "afdp"),
    "GTEP": Signal("stack_process_pressure", "mbar", "gtep"),
    "TIT": Signal("stack_process_temperature", "°C", "tit"),
    "TAT": Signal("stack_process_temperature", "°C", "tat"),
    "TEY": Signal("stack_energy", "MWh"),
    "CDP": Signal("stack_signal", "1", "cdp"),
    "CO": Signal("stack_co", "mg/m³"),
    "NOX": Signal("stack_nox", "mg/m³"),
}
"""Column → signal. `CDP` is said to be in mbar, where its values are those of bar; it is kept without a unit."""

_BOOK: Final = rulebook.area(
    "gas-turbine",
    "Gasturbine van UCI",
    "Gas turbine of UCI",
    rulebook.described("UCI Machine Learning Repository, data set 551"),
    "tests/rulebook/test_other_formats.py::test_refused",
)
NAMED: Final = _BOOK.refuse(
    "year",
    errors.BAD_TIME,
    "De naam van het bestand zegt welk jaar het is, als gt_2011.csv.",
    "The name of the file says which year it is, as gt_2011.csv.",
    test="tests/adapters/test_gas_turbine.py::test_a_name_without_a_year_is_refused",
)
HAS_COLUMNS: Final = _BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    "De kolommen zijn de elf van de gegevensset, elk één keer.",
    "The columns are the eleven of the data set, each once.",
    rows=[rulebook.Row(column, one.quantity, "") for column, one in SIGNALS.items()],
)
FITS: Final = _BOOK.refuse(
    "fits-year",
    errors.TRUNCATED_INPUT,
    "Na de kop komt ten minste één uur, en niet meer dan het jaar er heeft.",
    "At least one hour follows the header, and no more than the year has.",
)


class GasTurbine:
    """Adapter of the gas turbine data set."""

    id: Final = "gas_turbine"
    version: Final = 1
    submitter: Final = "uci-gas-turbine"
    title: Final = "Gas turbine CO and NOx emission data set (UCI)"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the first row has the columns of this data set."""
        return set(_columns(head.split(b"\n", 1)[0].decode("latin-1"))) == set(SIGNALS)

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: the data set is given as files."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the hours of one year, each with the remark that its time is assumed."""
        text = payloads.text(payloads.decompress(data, name), name, "utf-8")
        first, _, body = text.partition("\n")
        columns = _columns(first)
        if sorted(columns) != sorted(SIGNALS):
            raise HAS_COLUMNS.error(
                "The columns are not those of the data set.",
                place=f"{name}, line 1",
                value=",".join(columns),
                hint=f"Expected are {', '.join(SIGNALS)}.",
            )
        start = _year(name)
        count = cells.require_fields(body.encode(), ",", len(columns), 2, name)
        hours = int((start.replace(year=start.year + 1) - start).total_seconds()) // STEP
        if not 0 < count <= hours:
            raise FITS.error(
                "The file has no hours, or more than its year.",
                place=name,
                value=str(count),
                hint=f"{start.year} has {hours} hours: is the year in the name right?",
            )
        return _parsed(body, columns, start, name)


def _columns(header: str) -> list[str]:
    """Return the names of the columns; one year has a space behind one of them."""
    return [column.strip() for column in header.split(",")]


def year_of(name: str) -> int | None:
    """Return the year that the name of a file says; None for another name.

    >>> year_of("data/gt_2011.csv.gz"), year_of("2011.csv")
    (2011, None)
    """
    found = _NAME.fullmatch(name.replace("\\", "/").rpartition("/")[2])
    return int(found[1]) if found else None


def _year(name: str) -> datetime:
    year = year_of(name)
    if year is None:
        raise NAMED.error(
            "The name of the file does not say which year it is.",
            place=name,
            value=name,
            hint="Name it as the data set does: gt_2011.csv.",
        )
    return datetime(year, 1, 1, tzinfo=UTC)


def _parsed(body: str, columns: list[str], start: datetime, name: str) -> Parsed:
    frame = pl.read_csv(
        body.encode(), has_header=False, infer_schema=False, quote_char=None, new_columns=columns, eol_char="\n"
    ).with_columns(pl.all().str.strip_chars(" \r").replace("", None))
    frame = frame.with_columns(
        row=pl.int_range(2, 2 + pl.len()), start=start + pl.duration(hours=pl.int_range(0, pl.len()))
    )
    parts, empty, finer = [], 0, 0
    for column, signal in SIGNALS.items():
        long = frame.select("row", "start", pl.col(column).alias("cell"))
        empty += long["cell"].null_count()
        long = long.filter(pl.col("cell").is_not_null())
        fine = long["cell"].str.contains(rf"\.[0-9]{{{cells.MAX_DECIMALS + 1},}}$")
        finer += int(fine.sum())
        long = long.filter(~fine)
        long = cells.with_digits(long, _place_of(long, column, name))
        long = cells.require_magnitude(long, signal.quantity, signal.unit, _place_of(long, column, name))
        parts.append(
            long.with_columns(
                series=pl.lit(signal.series),
                step=pl.lit(STEP),
                unit=pl.lit(signal.unit),
                flags=pl.lit(int(Flag.REMARK)),
                remark=pl.lit(ASSUMED),
            )
        )
    rows = cells.observations(pl.concat([cells.observations(part) for part in parts]))
    skipped = {reason: number for reason, number in (("empty", empty), (FINER, finer)) if number}
    doubts = [f"the file has no times: its {frame.height} rows are taken for the first hours of {start.year} (UTC)"]
    if finer:
        doubts.append(f"{finer} values have more than {cells.MAX_DECIMALS} decimals and are left out: none is rounded")
    return Parsed(rows, _series(start), None, frame.height * len(SIGNALS), skipped, tuple(doubts))


def _place_of(long: pl.DataFrame, column: str, name: str) -> cells.Place:
    return lambda row: f"{name}, line {long['row'][row]}, column {column}"


def _series(first: datetime) -> tuple[CatalogueRecord, ...]:
    records = []
    for signal in SIGNALS.values():
        place = signal.series.split(".")[0]
        series = Series(
            id=signal.series,
            station=place,
            sampling_point=f"{place}.{signal.quantity}",
            quantity=signal.quantity,
            unit=signal.unit,
            step=STEP,
            max_decimals=cells.MAX_DECIMALS,
            clock="assumed: consecutive hours from 1 January 00:00 UTC",
        )
        records.append(CatalogueRecord.of(series, first))
    return tuple(records)
