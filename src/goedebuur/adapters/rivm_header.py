"""The lines above the first value of an RIVM station file: stations, remarks, period, and which column is what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.periods import CET, Period

FIXED: Final[tuple[str, ...]] = ("Component", "Bep.periode", "Eenheid", "Begindatumtijd", "Einddatumtijd")
REMARK_CODE: Final = "OpmCode"
_STATION: Final = re.compile(r"[A-Z]{2,3}[0-9A-Z]{3,}")
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
BOOK: Final = rulebook.area(
    "rivm",
    "RIVM: uurbestanden van de meetnetten",
    "RIVM: hourly files of the networks",
    rulebook.described(
        "RIVM, readme of the data set Luchtmeetnet, data.rivm.nl/data/luchtmeetnet; files of 2019 to 2024"
    ),
    "tests/rulebook/test_rivm.py::test_refused",
)
IS_RIVM: Final = BOOK.refuse(
    "column-row",
    errors.NOT_THIS_FORMAT,
    "Er is een regel die begint met `Component;Bep.periode;Eenheid`.",
    "There is a row that starts with `Component;Bep.periode;Eenheid`.",
)
FIXED_COLUMNS: Final = BOOK.refuse(
    "fixed-columns",
    errors.MISSING_COLUMN,
    "De vijf vaste kolommen zijn er.",
    "The five fixed columns are there.",
    rows=[rulebook.Row(column, "", "") for column in FIXED],
)
HEADER_BLOCK: Final = BOOK.refuse(
    "header-block",
    errors.MISSING_COLUMN,
    "De kop noemt `StationsCode` en `Periode`.",
    "The header names `StationsCode` and `Periode`.",
)
PERIOD_SAID: Final = BOOK.refuse(
    "period",
    errors.BAD_TIME,
    "De rij `Periode` zegt van wanneer tot wanneer.",
    "The row `Periode` says from when until when.",
)
PERIOD_READABLE: Final = BOOK.refuse(
    "period-time",
    errors.BAD_TIME,
    "De tijden van de rij `Periode` zijn te lezen.",
    "The times of the row `Periode` can be read.",
)
PERIOD_ORDER: Final = BOOK.refuse(
    "period-order",
    errors.BAD_TIME,
    "De periode eindigt na haar begin.",
    "The period ends after it starts.",
)
REMARK_OF: Final = BOOK.refuse(
    "remark-column",
    errors.MISSING_COLUMN,
    "Een kolom `OpmCode` staat naast een station.",
    "A column `OpmCode` stands beside a station.",
)
SAME_STATION: Final = BOOK.refuse(
    "station-column",
    errors.MISSING_COLUMN,
    "Kop en kolom noemen hetzelfde station.",
    "Header and column name the same station.",
)
ONE_STATION: Final = BOOK.refuse(
    "station-once",
    errors.MISSING_COLUMN,
    "Elke kolom noemt één station, en elk station heeft één kolom.",
    "Each column names one station, and each station has one column.",
)
LAYOUT_HINT: Final = (
    "The file was changed after publication, or RIVM has a new layout: compare it with the published file."
)
TIME_HINT: Final = "Times are `YYYYMMDD HH:MM` or ISO 8601 with an offset, in CET, and hours follow without a gap."


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
        raise IS_RIVM.error(
            "This is not an RIVM station file: no row starts with 'Component;Bep.periode;Eenheid'.",
            place=name,
            value=text[:60],
            hint="Deliver the hourly file as RIVM publishes it, e.g. 2019_PM10.csv.",
        )
    fixed: dict[str, int] = {
        str(wanted): i for i, found in enumerate(header) for wanted in FIXED if found.strip() == wanted
    }
    for wanted in FIXED:
        if wanted not in fixed:
            raise FIXED_COLUMNS.error(
                f"The column {wanted!r} is not there.",
                place=f"{name}, line {len(lines)}",
                value=";".join(cell.strip() for cell in header[: len(FIXED)]),
                hint=LAYOUT_HINT,
            )
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
        raise HEADER_BLOCK.error(
            "The header block has no row 'StationsCode' or no 'Periode'.", place=name, hint=LAYOUT_HINT
        )
    first = max(fixed.values()) + 1
    stations, remark_columns = _columns(header, rows, first, f"{name}, line {len(lines)}")
    begin, dash, end = left["Periode"].partition(" - ")
    if not dash:
        raise PERIOD_SAID.error(
            "The row 'Periode' does not say from when until when.", place=name, value=left["Periode"], hint=TIME_HINT
        )
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
                raise REMARK_OF.error(
                    f"A column {REMARK_CODE} has no station before it.",
                    place=f"{place}, column {position + 1}",
                    hint=LAYOUT_HINT,
                )
            remark_columns[position - 1] = position
            continue
        known = {key: fields[position].strip() if position < len(fields) else "" for key, fields in rows.items()}
        if known["code"] != code:
            raise SAME_STATION.error(
                f"The header block names station {known['code']!r} where the column names {code!r}.",
                place=f"{place}, column {position + 1}",
                value=code,
                hint=LAYOUT_HINT,
            )
        stations[position] = known
    codes = [known["code"] for known in stations.values()]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice or not codes or not all(map(_STATION.fullmatch, codes)):
        wrong = sorted(twice) or [code for code in codes if not _STATION.fullmatch(code)]
        raise ONE_STATION.error(
            "The columns do not name one station each.", place=place, value=", ".join(wrong), hint=LAYOUT_HINT
        )
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
            raise PERIOD_READABLE.error(
                "The period in the header cannot be read.", place=name, value=text, hint=TIME_HINT
            ) from None
    if moments[1] <= moments[0]:
        raise PERIOD_ORDER.error(
            "The period in the header ends before it starts.",
            place=name,
            value=" - ".join(layout.period),
            hint=TIME_HINT,
        )
    return Period(moments[0], moments[1])
