"""KNMI's hourly observations in native text (`uurgeg_240_2011-2020.zip`), and its list of stations.

Columns are named by the row `# STN,YYYYMMDD,   HH,   DD, …`; cells are padded with spaces and empty where nothing was
observed. Hour HH ends at HH UTC, so hour 1 of a day starts at 00:00 UTC. Values are integers in the unit of the
legend, most of them tenths, and are kept as reported with that unit.

Some cells hold a code in place of a value. They are kept as reported, with the reason as remark and the flag
`NOT_A_VALUE`, so that averages and roses leave them out: wind direction 0 (calm) and 990 (variable), cloud cover 9
(sky invisible), and -1 in sunshine and rain (less than 0.05 h or mm, flagged `BELOW_DETECTION` as well).

The codes of present weather, visibility, ground temperature and the five yes/no columns are counted, not kept.

References
----------
KNMI, legend in the files; https://www.knmi.nl/nederland-nu/klimatologie/uurgegevens
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

import polars as pl

from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import INCOMPLETE_REQUEST, Client, Fetched, FetchRequest, get_each
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.measurements.records import OBSERVATIONS, CatalogueRecord, Parsed, Series, Station, series_id

STEP: Final = 3600
KEPT: Final = {
    "DD": ("wind_direction", "°"),
    "FH": ("wind_speed", "0.1 m/s"),
    "FF": ("wind_speed_10min", "0.1 m/s"),
    "FX": ("wind_gust", "0.1 m/s"),
    "T": ("temperature", "0.1 °C"),
    "TD": ("dew_point", "0.1 °C"),
    "SQ": ("sunshine", "0.1 h"),
    "Q": ("radiation", "J/cm²"),
    "DR": ("rain_duration", "0.1 h"),
    "RH": ("rain", "0.1 mm"),
    "P": ("pressure", "0.1 hPa"),
    "N": ("cloud_cover", "octa"),
    "U": ("relative_humidity", "%"),
}
"""Column → quantity and unit of its integers."""
NOT_KEPT: Final = ("T10N", "VV", "WW", "IX", "M", "R", "S", "O", "Y")
CODES: Final = (
    ("DD", 0, Flag.NONE, "windstil"),
    ("DD", 990, Flag.NONE, "veranderlijke windrichting"),
    ("N", 9, Flag.NONE, "bovenlucht onzichtbaar"),
    ("SQ", -1, Flag.BELOW_DETECTION, "minder dan 0,05 uur"),
    ("DR", -1, Flag.BELOW_DETECTION, "minder dan 0,05 uur"),
    ("RH", -1, Flag.BELOW_DETECTION, "minder dan 0,05 mm"),
)
"""Column, value, what else it says, and meaning of a code in place of a value, from the legend in the files."""
DECADE_FILE: Final = (
    "https://cdn.knmi.nl/knmi/map/page/klimatologie/gegevens/uurgegevens/uurgeg_{station}_{first}-{last}.zip"
)
"""Address of a ten-year file; the setting `url` of a request takes its place."""
_HEADER: Final = re.compile(r"^# ?STN,YYYYMMDD,", re.MULTILINE)
_STATION: Final = re.compile(r"^#\s*(\d{3}):?\s+(-?\d+\.\d+)\s+(-?\d+\.\d+)\s+(-?\d+\.\d+)\s+(\S.*?)\s*$", re.MULTILINE)


_BOOK: Final = rulebook.area(
    "knmi",
    "KNMI: uurgegevens",
    "KNMI: hourly observations",
    rulebook.described("KNMI, legend in the hourly files, knmi.nl/nederland-nu/klimatologie/uurgegevens"),
    "tests/rulebook/test_knmi.py::test_refused",
)
HAS_HEADER: Final = _BOOK.refuse(
    "column-row",
    errors.NOT_THIS_FORMAT,
    "Er is een regel die begint met `# STN,YYYYMMDD`.",
    "There is a row that starts with `# STN,YYYYMMDD`.",
)
HAS_COLUMNS: Final = _BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    "De kolommen zijn STN, YYYYMMDD, HH en dan kolommen uit de legenda.",
    "The columns are STN, YYYYMMDD, HH and then columns of the legend.",
    rows=[
        *(rulebook.Row(column, f"{quantity}, {unit}", "") for column, (quantity, unit) in KEPT.items()),
        *(rulebook.Row(column, "counted, not kept", "") for column in NOT_KEPT),
    ],
)
HAS_ROWS: Final = _BOOK.refuse("has-hours", errors.TRUNCATED_INPUT, "Na de kop komen uren.", "Hours follow the header.")
HOUR: Final = _BOOK.refuse(
    "hour",
    errors.BAD_TIME,
    "Een station heeft drie cijfers, een datum is JJJJMMDD en een uur 1 tot en met 24.",
    "A station has three digits, a date is YYYYMMDD and an hour 1 to 24.",
)
HOUR_TWICE: Final = _BOOK.refuse(
    "hour-twice",
    errors.DUPLICATE_KEY,
    "Elk uur van een station staat er één keer in.",
    "Each hour of a station is there once.",
)
DIRECTION: Final = _BOOK.refuse(
    "wind-direction",
    errors.BAD_NUMBER,
    "Een windrichting is 0 tot en met 360 graden, of 990 (veranderlijk).",
    "A wind direction is 0 to 360 degrees, or 990 (variable).",
)
CODE: Final = _BOOK.flag(
    "code",
    "NOT_A_VALUE",
    "Een code in plaats van een waarde telt niet mee in gemiddelden.",
    "A code in place of a value does not count in averages.",
    test="tests/rulebook/test_knmi.py::test_code_in_place_of_a_value_is_marked_with_its_meaning",
    rows=[
        rulebook.Row(f"{column} {value}", words, "KNMI, legend in the hourly files")
        for column, value, _, words in CODES
    ],
)
ALL_HOURS: Final = _BOOK.note(
    "hours-missing",
    "Tussen het eerste en het laatste uur heeft elk uur een regel.",
    "Each hour between the first and the last has a line.",
    test="tests/rulebook/test_knmi.py::test_hour_without_a_line_is_told",
    basis=rulebook.own(
        "een bestand met gaten trekt niets in: wat ontbreekt is misschien niet opgevraagd",
        "a file with holes withdraws nothing: what it leaves out may not have been asked for",
    ),
)
WHOLE_DAY: Final = _BOOK.note(
    "last-day",
    "De laatste dag is heel.",
    "The last day is complete.",
    test="tests/rulebook/test_knmi.py::test_last_day_that_is_not_whole_is_told",
    basis=rulebook.own(
        "alleen zo is te zien dat een bestand aan het eind van een regel is afgebroken",
        "a file cut short at the end of a line shows only so",
    ),
)

LINKING: Final = frozenset({"Aan", "Bij", "De", "Den", "Der", "En", "Het", "In", "Op", "Te", "Ten", "Van"})
"""Words within the name of a place that Dutch writes without a capital."""


class KnmiUurgeg:
    """Adapter of KNMI's hourly observations."""

    id: Final = "knmi_uurgeg"
    version: Final = 2
    submitter: Final = "knmi"
    title: Final = "KNMI hourly observations (uurgegevens)"
    downloads: Final = True

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the row that names the columns is there."""
        return _HEADER.search(head.decode("latin-1")) is not None

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Yield the ten-year files of the request's stations and period.

        Parameters
        ----------
        request
            `period` and `stations` (`KNMI240` or `240`) are needed. `settings["url"]`: an address with `{station}`,
            `{first}` and `{last}` in place of :data:`DECADE_FILE`.
        """
        if request.period is None or not request.stations:
            raise GoedeBuurError(
                INCOMPLETE_REQUEST,
                "The KNMI files are named by station and decade: both must be asked for.",
                hint="Give a period and one or more stations, e.g. KNMI240.",
            )
        pattern = request.settings.get("url", DECADE_FILE)
        first = (request.period.start.year - 1) // 10
        last = ((request.period.end - timedelta(microseconds=1)).year - 1) // 10
        addresses = {}
        for station in request.stations:
            number = station.removeprefix("KNMI")
            for decade in range(first, last + 1):
                years = {"first": decade * 10 + 1, "last": decade * 10 + 10}
                name = f"uurgeg_{number}_{years['first']}-{years['last']}.zip"
                addresses[name] = pattern.format(station=number, **years)
        yield from get_each(client, request, addresses)

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the observations and series of one file, and its stations where the file gives coordinates."""
        text = payloads.text(payloads.decompress(data, name), name, "utf-8")
        payloads.refuse_simulated(text, name)
        header = _HEADER.search(text)
        if header is None:
            raise HAS_HEADER.error(
                "This is not a KNMI file: no row starts with '# STN,YYYYMMDD'.",
                place=name,
                value=text[:60],
                hint="Deliver the hourly file as KNMI publishes it, e.g. uurgeg_240_2011-2020.zip.",
            )
        frame, columns = _rows(text, header.start(), name)
        return _parsed(frame, columns, _coordinates(text[: header.start()]), name)


def _rows(text: str, header_at: int, name: str) -> tuple[pl.DataFrame, list[str]]:
    """Return the cells as text with `row` (line in the file), and the names of the value columns."""
    end = text.find("\n", header_at)
    line = text.count("\n", 0, header_at) + 1
    columns = [column.strip() for column in text[header_at:end].lstrip("# ").strip().split(",")]
    unknown = [column for column in columns[3:] if column not in KEPT and column not in NOT_KEPT]
    if end < 0 or columns[:3] not in (["STN", "YYYYMMDD", "HH"], ["STN", "YYYYMMDD", "H"]) or unknown:
        raise HAS_COLUMNS.error(
            "The columns are not those of the hourly files.",
            place=f"{name}, line {line}",
            value=",".join(unknown or columns[:3]),
            hint="Expected are STN, YYYYMMDD and HH, then columns of KNMI's legend.",
        )
    blank = len(text[end + 1 :]) - len(text[end + 1 :].lstrip("\r\n"))
    first = line + 1 + text.count("\n", end + 1, end + 1 + blank)
    body = text[end + 1 + blank :].encode()
    if cells.require_fields(body, ",", len(columns), first, name) == 0:
        raise HAS_ROWS.error(
            "The file ends after its header.",
            place=name,
            hint="Download it again: the transfer was cut short.",
        )
    frame = pl.read_csv(
        body, has_header=False, infer_schema=False, quote_char=None, eol_char="\n", new_columns=columns
    ).with_columns(pl.all().str.strip_chars(" \r").replace("", None))
    frame = frame.rename({columns[2]: "HH"}).with_columns(pl.int_range(first, first + pl.len()).alias("row"))
    return _timed(frame, name), columns[3:]


def _timed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    hour = pl.col("HH").str.to_integer(strict=False)
    frame = frame.with_columns(
        pl.when(hour.is_between(1, 24) & pl.col("STN").str.contains(r"^[0-9]{3}$"))
        .then(
            pl.col("YYYYMMDD").str.to_date("%Y%m%d", strict=False).cast(pl.Datetime("us", "UTC"))
            + pl.duration(hours=hour - 1)
        )
        .alias("start")
    )
    frame = cells.with_plausible_years(frame)
    unread = frame["start"].is_null()

    def unreadable(row: int) -> GoedeBuurError:
        found = frame.row(row, named=True)
        return HOUR.error(
            "A station, date or hour cannot be read.",
            place=f"{name}, line {found['row']}, column {_odd(found)}",
            value=f"{found['STN']},{found['YYYYMMDD']},{found['HH']}",
            hint="A station has three digits, a date is YYYYMMDD, an hour 1 to 24: were columns swapped?",
        )

    def twice(row: int) -> GoedeBuurError:
        found = frame.row(row, named=True)
        return HOUR_TWICE.error(
            "One hour is there twice.",
            place=f"{name}, line {found['row']}, column HH",
            value=f"{found['STN']},{found['YYYYMMDD']},{found['HH']}",
            hint="Download the file again.",
        )

    HOUR.refuse_rows(unread, unreadable)
    again = ~frame.select(pl.struct("STN", "start").is_first_distinct()).to_series() & ~unread
    HOUR_TWICE.refuse_rows(again, twice)
    return frame.filter(~(unread | again)) if rulebook.going_on() else frame


def _odd(found: Mapping[str, object]) -> str:
    """Return which of the columns that name an hour cannot be read."""
    if not re.fullmatch(r"[0-9]{3}", str(found["STN"])):
        return "STN"
    if re.fullmatch(r"0?[1-9]|1[0-9]|2[0-4]", str(found["HH"])):
        return "YYYYMMDD"
    return "HH"


def _parsed(frame: pl.DataFrame, columns: list[str], coordinates: dict[str, Station], name: str) -> Parsed:
    skipped = {f"not kept: {column}": frame.height for column in columns if column in NOT_KEPT}
    parts = []
    empty = 0
    for column in [column for column in columns if column in KEPT]:
        part = _column(frame, column, name)
        empty += frame.height - part.height
        parts.append(part)
    observations = cells.observations(pl.concat(parts) if parts else pl.DataFrame(schema=OBSERVATIONS))
    if empty:
        skipped["empty"] = empty
    if frame.is_empty():
        return Parsed(observations, (), None, 0)  # where all findings are asked for, and every line has one
    first, last = frame["start"].min(), frame["start"].max()
    period = Period(first, last + timedelta(seconds=STEP))  # type: ignore[arg-type, operator]
    doubts = []
    missing = period.steps(timedelta(seconds=STEP)) * frame["STN"].n_unique() - frame.height
    if missing:
        # such a file is complete for no period: what it leaves out is not withdrawn
        doubts.append(ALL_HOURS.note(f"{missing} hours between the first and the last have no line."))
    if period.end.hour != 0:
        told = "The last day is not complete: the file may have been cut short at the end of a line."
        doubts.append(WHOLE_DAY.note(told))
    return Parsed(
        observations,
        _catalogue(observations, coordinates, period),
        None if missing else period,
        frame.height * len(columns),
        skipped,
        tuple(doubts),
    )


def _column(frame: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    quantity, unit = KEPT[column]
    long = frame.select("STN", "start", "row", pl.col(column).alias("cell")).filter(pl.col("cell").is_not_null())

    long = cells.with_digits(long, _place_of(long, column, name), max_decimals=0)
    long = cells.require_magnitude(long, quantity, unit, _place_of(long, column, name))
    if column == "DD":
        long = _with_directions(long, name)
    flags, remark = pl.lit(int(Flag.VALIDATED)), pl.lit(None, pl.String)
    for coded, value, flag, words in CODES:
        if coded == column:
            here = pl.col("value") == value
            flags = pl.when(here).then(int(Flag.VALIDATED | Flag.REMARK | Flag[CODE.code] | flag)).otherwise(flags)
            remark = pl.when(here).then(pl.lit(words)).otherwise(remark)
    step_name = series_id("", quantity, STEP)
    return cells.observations(
        long.with_columns(
            (pl.lit("KNMI") + pl.col("STN") + pl.lit(step_name)).alias("series"),
            pl.lit(STEP).alias("step"),
            pl.lit(unit).alias("unit"),
            flags.alias("flags"),
            remark.alias("remark"),
        )
    )


def _place_of(long: pl.DataFrame, column: str, name: str) -> cells.Place:
    return lambda row: f"{name}, line {long['row'][row]}, column {column}"


def _with_directions(long: pl.DataFrame, name: str) -> pl.DataFrame:
    none = ~(long["value"].is_between(0, 360) | (long["value"] == 990))
    DIRECTION.refuse_rows(
        none,
        lambda row: DIRECTION.error(
            "A wind direction is neither 0 to 360 degrees nor 990 (variable).",
            place=_place_of(long, "DD", name)(row),
            value=str(long["value"][row]),
            hint="Were columns swapped? Compare the file with KNMI's.",
        ),
    )
    return long.filter(~none)


def _written(name: str) -> str:
    """Return the name of a place as Dutch writes it; a legend may have it in capitals throughout.

    >>> _written("IJMUIDEN"), _written("WIJK AAN ZEE"), _written("DE BILT"), _written("Marknesse")
    ('IJmuiden', 'Wijk aan Zee', 'De Bilt', 'Marknesse')
    """
    if not name.isupper():
        return name
    first, *others = re.sub(r"\bIj", "IJ", name.title()).split(" ")
    return " ".join([first, *(word.lower() if word in LINKING else word for word in others)])


def _coordinates(legend: str) -> dict[str, Station]:
    found = {}
    for number, longitude, latitude, _altitude, name in _STATION.findall(legend):
        found[f"KNMI{number}"] = Station(f"KNMI{number}", _written(name), latitude, longitude, "KNMI", kind="weer")
    return found


def _catalogue(
    observations: pl.DataFrame, coordinates: dict[str, Station], period: Period
) -> tuple[CatalogueRecord, ...]:
    units = dict(KEPT.values())
    records: list[Station | Series] = [coordinates[station] for station in sorted(coordinates)]
    for series in observations["series"].unique().sort():
        station, quantity, _step = series.split(".")
        records.append(
            Series(
                id=series,
                station=station,
                sampling_point=f"{station}.{quantity}",
                quantity=quantity,
                unit=units[quantity],
                step=STEP,
                max_decimals=0,
                clock="UTC",
            )
        )
    return tuple(CatalogueRecord.of(record, period.start) for record in records)
