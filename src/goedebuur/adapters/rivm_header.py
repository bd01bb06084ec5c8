"""The lines above the first value of an RIVM station file: stations, remarks, period, and which column is what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import CET, Period

FIXED: Final[tuple[str, ...]] = ("Component", "Bep.periode", "Eenheid", "Begindatumtijd", "Einddatumtijd")
REMARK_CODE: Final = "OpmCode"
_METADATA: Final = {
    "StationsCode": "code",
    "BeheerderMeetStation": "operator",
    "StationsNaam": "name",
    "Latitude,Longitude": "coordinates",
    "StationsGebied": "area",
    "StationsType": "kind",
    "Meetprincipe": "principle",
    "Meetopstelling": "instrument",
    "Accreditatienummer": "accreditation",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lines above the first value say."""

    stations: dict[int, dict[str, str]]  # position of the station's column → its metadata
    remark_columns: dict[int, int]  # position of the station's column → that of its remark codes
    fixed: dict[str, int]  # name of a fixed column → position
    remarks: dict[tuple[str, str], str]  # station and code → words
    width: int
    period: tuple[str, str]
    lines: int  # lines above the first value


def read_layout(text: str, name: str) -> Layout:
    """Return what the lines above the first value say, after checking that header block and columns agree.

    Raises
    ------
    GoedeBuurError
        `input-not-this-format`, `input-missing-column` or `input-time`.
    """
    lines: list[str] = []
    header: list[str] = []
    for line in text.split("\n", 200)[:200]:
        lines.append(line.rstrip("\r"))
        header = lines[-1].split(";")
        if len(header) > len(FIXED) and header[0].strip() == FIXED[0] and "Bep.periode" in lines[-1]:
            break
    else:
        raise not_this_format(name, text)
    fixed: dict[str, int] = {
        str(wanted): i for i, found in enumerate(header) for wanted in FIXED if found.strip() == wanted
    }
    for wanted in FIXED:
        if wanted not in fixed:
            raise missing(f"The column {wanted!r} is not there.", f"{name}, line {len(lines)}")
    rows: dict[str, list[str]] = {}
    remarks: dict[tuple[str, str], str] = {}
    left: dict[str, str] = {}
    for line in lines[:-1]:
        fields = line.split(";")
        if len(fields) > 5 and fields[4] in _METADATA:
            rows.setdefault(_METADATA[fields[4]], fields)
            left[fields[0]] = fields[1]
        elif len(fields) >= 4 and fields[2] != REMARK_CODE:
            remarks[fields[1], fields[2]] = ";".join(fields[3:])
    if "code" not in rows or "Periode" not in left:
        raise missing("The header block has no row 'StationsCode' or no 'Periode'.", name)
    first = max(fixed.values()) + 1
    stations, remark_columns = _columns(header, rows, first, f"{name}, line {len(lines)}")
    begin, dash, end = left["Periode"].partition(" - ")
    if not dash:
        raise bad_time("The row 'Periode' does not say from when until when.", name, left["Periode"])
    return Layout(stations, remark_columns, fixed, remarks, len(header), (begin, end), len(lines))


def _columns(
    header: list[str], rows: dict[str, list[str]], first: int, place: str
) -> tuple[dict[int, dict[str, str]], dict[int, int]]:
    stations: dict[int, dict[str, str]] = {}
    remark_columns: dict[int, int] = {}
    for position in range(first, len(header)):
        code = header[position].strip()
        if code == REMARK_CODE:
            if position - 1 not in stations:
                raise missing(f"A column {REMARK_CODE} has no station before it.", f"{place}, column {position + 1}")
            remark_columns[position - 1] = position
            continue
        known = {key: fields[position].strip() if position < len(fields) else "" for key, fields in rows.items()}
        if known["code"] != code:
            raise missing(
                f"The header block names station {known['code']!r} where the column names {code!r}.",
                f"{place}, column {position + 1}",
            )
        stations[position] = known
    codes = [known["code"] for known in stations.values()]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice or not codes or not all(re.fullmatch(r"[A-Z]{2,3}[0-9A-Z]{3,}", code) for code in codes):
        raise missing("The columns do not name one station each.", place)
    return stations, remark_columns


def read_period(layout: Layout, name: str) -> Period:
    """Return the period that the header promises; also the odd `2021010100:00` of the files with remarks."""
    moments = []
    for text in layout.period:
        text = text.strip()
        digits = re.fullmatch(r"(\d{8}) ?(\d{2}:\d{2})", text)
        try:
            if digits:
                moments.append(datetime.strptime(" ".join(digits.groups()), "%Y%m%d %H:%M").replace(tzinfo=CET))
            else:
                moments.append(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z"))
        except ValueError:
            raise bad_time("The period in the header cannot be read.", name, text) from None
    if moments[1] <= moments[0]:
        raise bad_time("The period in the header ends before it starts.", name, " - ".join(layout.period))
    return Period(moments[0], moments[1])


def not_this_format(name: str, text: str) -> GoedeBuurError:
    """Return the error of a file that is no RIVM station file."""
    return GoedeBuurError(
        errors.NOT_THIS_FORMAT,
        "This is not an RIVM station file: no row starts with 'Component;Bep.periode;Eenheid'.",
        place=name,
        value=text[:60],
        hint="Deliver the hourly file as RIVM publishes it, e.g. 2019_PM10.csv.",
    )


def missing(message: str, place: str) -> GoedeBuurError:
    """Return the error of a column or header row that is not there or not where it should be."""
    return GoedeBuurError(
        errors.MISSING_COLUMN,
        message,
        place=place,
        hint="The file was changed after publication, or RIVM has a new layout: compare it with the published file.",
    )


def bad_time(message: str, place: str, value: str) -> GoedeBuurError:
    """Return the error of a time that cannot be read or does not fit."""
    return GoedeBuurError(
        errors.BAD_TIME,
        message,
        place=place,
        value=value,
        hint="Times are `YYYYMMDD HH:MM` or ISO 8601 with an offset, in CET, and hours follow without a gap.",
    )


def truncated(message: str, name: str) -> GoedeBuurError:
    """Return the error of a file that ends too early."""
    return GoedeBuurError(
        errors.TRUNCATED_INPUT,
        message,
        place=name,
        hint="Download it again: the transfer was cut short. Nothing of it was stored.",
    )
