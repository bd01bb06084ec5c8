"""Two days of weather at an invented station, works that reported over the year, and a station that measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.adapters.samples import KNMI_LEGEND, eprtr
from tests.services.deliveries import NOW, open_record, station_file

from goedebuur.core.base.periods import Period
from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record

FIRST = datetime(2019, 6, 1, tzinfo=UTC)
PERIOD = Period(FIRST, FIRST + timedelta(hours=48))
LATITUDE, LONGITUDE = 52.100001, 4.500002
"""Of the stations in files of `deliveries`."""
WEST = 0.01460
"""Degrees of longitude in a kilometre there. [°]"""


def knmi(directions: list[int], first: datetime = FIRST) -> bytes:
    """Return hours of wind of 4 m/s, 15 °C and a sky half covered; sunlight as on a fair day."""
    lines = []
    for number, direction in enumerate(directions):
        start = first + timedelta(hours=number)
        sun = max(0, 200 - 40 * abs(12 - start.hour))
        lines.append(f"  901,{start:%Y%m%d},  {start.hour + 1:3d},  {direction:3d},   40,   40,  150,  {sun:3d},    4")
    legend = KNMI_LEGEND.replace("FX,    T, T10N,   SQ,   RH,    N,   WW", "T,    Q,    N")
    return (legend + "\r\n".join(lines) + "\r\n").encode()


def releases(kilometres: float, kilograms: float = 31_536.0, year: int = 2019) -> bytes:
    """Return works that far west of the stations; 31,536 kg in a year is a gram a second."""
    header = eprtr().split(b"\n")[0]
    place = f"{LONGITUDE - WEST * kilometres:.6f}|{LATITUDE}"
    row = f"1|Netherlands|2|Metals|2(b)|Iron|NL.X/1.FACILITY|Een Staal BV|{place}|Eendorp|Sulphur oxides (SOX)"
    return header + f"\n{row}|{kilograms}|{year}|1|0\n".replace("|", "\t").encode()


def made(folder: Path, kilometres: float = 1.0) -> Record:
    """Return the record: a day of wind from the west with 20 µg/m³, then a day from the east with 5."""
    record = open_record(folder)
    deliver(record, knmi([270] * 24 + [90] * 24), "uurgeg_901.txt", now=NOW)
    deliver(record, releases(kilometres), "air_data.csv", now=NOW)
    deliver(record, station_file({"NL90001": ["20"] * 25 + ["5"] * 24}, "20190601"), "2019_SO2.csv", now=NOW)
    return record
