"""AERMET's surface and profile files: the weather as AERMOD takes it, hour by hour.

Cells are apart by spaces. Hour 1 of a day is from 00:00 to 01:00, on the standard time of the place; which that is the
files do not say, so times here have no zone. Years of two digits are 1950 to 2049, as AERMOD has them. Each quantity
has its own number for *not there*, which becomes null; nothing is filled in.

References
----------
EPA-454/B-24-005, User's Guide for the AERMOD Meteorological Preprocessor (AERMET), appendix B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError

SURFACE: Final = (
    *("sensible", "friction", "convective", "gradient", "mixed_by_heat", "mixed_by_wind", "obukhov", "roughness"),
    *("bowen", "albedo", "wind", "direction", "wind_height", "temperature", "temperature_height"),
)
"""Columns of the surface file after the hour: W/m², m/s, m/s, K/m, m, m, m, m, –, –, m/s, °, m, K, m."""
FALLING: Final = ("code", "rain", "humidity", "pressure", "cloud")
"""Columns after those, for what comes down: kind of precipitation, mm, %, hPa, tenths; a file may end before them."""
PROFILE: Final = ("height", "top", "direction", "wind", "temperature", "turn", "rise")
"""Columns of the profile after the hour: m, 1 for the highest, °, m/s, °C, σ of the direction [°], σw [m/s]."""
_LOW: Final = -8.99
"""Friction and convective velocity, and gradient: from here down there is none."""
_MISSING: Final[dict[str, pl.Expr]] = {
    "sensible": pl.col("sensible") <= -998.9,
    "friction": pl.col("friction") <= _LOW,
    "convective": pl.col("convective") <= _LOW,
    "gradient": pl.col("gradient") <= _LOW,
    "mixed_by_heat": pl.col("mixed_by_heat") <= -998.9,
    "mixed_by_wind": pl.col("mixed_by_wind") <= -998.9,
    "obukhov": pl.col("obukhov") <= -99_998,
    "wind": (pl.col("wind") >= 998) | (pl.col("wind") < 0),
    "direction": (pl.col("direction") >= 998) | (pl.col("direction") < 0),
    "temperature": (pl.col("temperature") >= 998) | (pl.col("temperature") <= -98.9),
    "code": pl.col("code") >= 9999,
    "rain": pl.col("rain") < 0,
    "humidity": (pl.col("humidity") >= 998.9) | (pl.col("humidity") < 0),
    "pressure": (pl.col("pressure") >= 99_998) | (pl.col("pressure") <= 0),
    "cloud": (pl.col("cloud") >= 98.9) | (pl.col("cloud") < 0),
    "turn": (pl.col("turn") >= 98.9) | (pl.col("turn") < 0),
    "rise": (pl.col("rise") >= 98.9) | (pl.col("rise") < 0),
}
"""Column → where its number says that there is nothing."""
_HEADER: Final = re.compile(r"^\s*(\d+(?:\.\d*)?)([NS])\s+(\d+(?:\.\d*)?)([EW])\s+UA_ID:")
_YEARS: Final = 50


def surface(data: bytes, name: str) -> pl.DataFrame:
    """Return the hours of a surface file: `start`, the columns of :data:`SURFACE` and :data:`FALLING`, null for none.

    An hour without wind is calm: its `wind` is 0 and it has no direction.

    Raises
    ------
    GoedeBuurError
        `input-not-this-format` where the first line is not that of AERMET; those of the lines.
    """
    lines = _lines(data, name)
    if not lines or _HEADER.match(lines[0]) is None:
        raise GoedeBuurError(
            errors.NOT_THIS_FORMAT,
            "The first line is not that of a surface file of AERMET.",
            place=f"{name}, line 1",
            value=lines[0][:40] if lines else "",
            hint="It begins with latitude, longitude and UA_ID.",
        )
    # year, month, day, day of the year, hour
    rows = list(_rows(lines, name, first=2, hour=4, count=len(SURFACE), more=len(FALLING)))
    found = _frame(rows, (*SURFACE, *FALLING), name)
    twice = found.filter(pl.col("start").is_duplicated())
    if twice.height:
        raise GoedeBuurError(
            errors.DUPLICATE_KEY,
            "The hour is there more than once.",
            place=name,
            value=f"{twice['start'][0]:%Y-%m-%d %H:%M}",
            hint="Take one of them out.",
        )
    return found.with_columns(pl.when(pl.col("wind") > 0).then("direction").alias("direction"))


def is_adjusted(data: bytes) -> bool:
    """Return whether friction velocities in a surface file were adjusted for low winds, as its first line says."""
    return b"ADJ_U*" in data.split(b"\n", 1)[0]


def profile(data: bytes, name: str) -> pl.DataFrame:
    """Return the levels of a profile file: `start`, and the columns of :data:`PROFILE`; null for what is not there.

    Raises
    ------
    GoedeBuurError
        Those of the lines.
    """
    return _frame(list(_rows(_lines(data, name), name, first=1, hour=3, count=len(PROFILE))), PROFILE, name)


def _lines(data: bytes, name: str) -> list[str]:
    try:
        return data.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise GoedeBuurError(
            errors.BAD_ENCODING,
            "A file of AERMET has plain ASCII.",
            place=f"{name}, byte {error.start}",
            hint="Deliver the file as AERMET wrote it.",
        ) from None


def _rows(
    lines: Sequence[str], name: str, *, first: int, hour: int, count: int, more: int = 0
) -> Iterator[tuple[object, ...]]:
    """Yield the start of the hour and the numbers of each line with any, from a line number on.

    Parameters
    ----------
    hour
        Which cell the hour is, from 0.
    count, more
        How many numbers come after it, and how many more may, all or none; None for none.
    """
    for number, line in enumerate(lines[first - 1 :], first):
        cells = line.split()
        if not cells:
            continue
        place = f"{name}, line {number}"
        if len(cells) < hour + 1 + count:
            raise GoedeBuurError(
                errors.TRUNCATED_INPUT,
                "The line has fewer cells than one of AERMET.",
                place=place,
                value=f"{len(cells)} of {hour + 1 + count}",
                hint="Deliver the whole file.",
            )
        start = _start([*cells[:3], cells[hour]], place)
        has = more if len(cells) >= hour + 1 + count + more else 0
        told = [_number(cell, place) for cell in cells[hour + 1 : hour + 1 + count + has]]
        yield start, *told, *[None] * (more - has)


def _start(cells: Sequence[str], place: str) -> datetime:
    try:
        year, month, day, hour = (int(cell) for cell in cells)
        whole = year if year >= 100 else year + (1900 if year >= _YEARS else 2000)
        if not 1 <= hour <= 24:
            raise ValueError
        return datetime(whole, month, day) + timedelta(hours=hour - 1)  # noqa: DTZ001 - the file has no zone
    except ValueError:
        raise GoedeBuurError(
            errors.BAD_TIME,
            "That is no hour of a day.",
            place=place,
            value=" ".join(cells),
            hint="Year, month, day and an hour from 1 to 24.",
        ) from None


def _number(cell: str, place: str) -> float:
    try:
        found = float(cell)
    except ValueError:
        found = float("nan")
    if found != found or abs(found) == float("inf"):
        raise GoedeBuurError(errors.BAD_NUMBER, "That is no number.", place=place, value=cell)
    return found


def _frame(rows: list[tuple[object, ...]], columns: Sequence[str], name: str) -> pl.DataFrame:
    if not rows:
        raise GoedeBuurError(errors.EMPTY_INPUT, "There is no hour in the file.", place=name)
    schema = {"start": pl.Datetime("us"), **dict.fromkeys(columns, pl.Float64())}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if "height" in columns:  # of a profile the temperature is in °C
        gone = _MISSING | {"temperature": (pl.col("temperature") >= 98.9) | (pl.col("temperature") <= -98.9)}
    else:
        gone = _MISSING
    return frame.with_columns(pl.when(~gone[column]).then(column).alias(column) for column in columns if column in gone)
