"""Write simulated figures in the layouts of the real suppliers, so that they come in by the same road."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from goedebuur.services.demo.air import Tenths
from goedebuur.services.demo.region import CENTRE, COMPONENTS, NAME, OPERATOR, PLACES, WEATHER_STATION
from goedebuur.services.demo.weather import Weather

_KNMI_COLUMNS: Final = (
    *("DD", "FH", "FF", "FX", "T", "T10N", "TD", "SQ", "Q", "DR", "RH", "P"),
    *("VV", "N", "U", "WW", "IX", "M", "R", "S", "O", "Y"),
)
_ROWS: Final = (
    *("StationsCode", "BeheerderMeetStation", "StationsNaam", "Latitude,Longitude", "StationsGebied"),
    *("StationsType", "Meetprincipe", "Meetopstelling", "Accreditatienummer"),
)
_PRINTED: Final = {
    "DD": "direction",
    "FH": "speed",
    "FF": "speed",
    "FX": "gust",
    "T": "temperature",
    "TD": "dew_point",
    "SQ": "sunshine",
    "Q": "radiation",
    "DR": "rain_duration",
    "RH": "rain",
    "P": "pressure",
    "N": "cloud",
    "U": "humidity",
}
Remarks = Mapping[tuple[str, str], tuple[str, range]]
"""Station and code → words and the hours (counted from the start of the year) to which they belong."""


def station_file(
    air: Tenths, quantity: str, start: datetime, export: str, *, remarks: Remarks | None = None, iso: bool = True
) -> bytes:
    """Return one component of all stations as RIVM's hourly file: latin-1, CRLF, header block, a column a station.

    Parameters
    ----------
    start
        1 January 00:00 CET.
    export
        Name of the export, as the real ones carry.
    remarks
        Where given, the block of remarks comes first and each station has an `OpmCode` column beside it.
    iso
        Times as from 2023 on, else as before.
    """
    places = [place for place in PLACES if (place.code, quantity) in air]
    component, principle = COMPONENTS[quantity]
    hours = len(air[places[0].code, quantity])
    form = "%Y-%m-%dT%H:%M:%S+01:00" if iso else "%Y%m%d %H:%M"
    times = [(start + timedelta(hours=hour)).strftime(form) for hour in range(hours + 1)]
    left = [("Export", f"SIMULATIE {export}"), ("Periode", f"{times[0]} - {times[-1]}"), ("Bron", NAME)]
    left += [("Beschrijving data", "Verzonnen cijfers, niets hiervan is gemeten")] + [("", "")] * 5
    beside = ("OpmCode",) if remarks is not None else ()
    lines = _remark_block(component, remarks) if remarks is not None else []
    for row, (column, (key, value)) in enumerate(zip(_ROWS, left, strict=True)):
        cells = [key, value, "", "", column]
        for place in places:
            degrees = f"({place.latitude},{place.longitude})"
            said = (place.code, OPERATOR, place.name, degrees, place.area, place.kind, principle, "Simulatie", "nvt")
            cells += [said[row], *(beside if row < 2 else [""] * len(beside))]
        lines.append(";".join(cells))
    header = ["Component", "Bep.periode", "Eenheid", " Begindatumtijd", "Einddatumtijd"]
    lines.append(";".join(header + [cell for place in places for cell in (place.code, *beside)]))
    body = [_printed(air[place.code, quantity]) for place in places]
    if remarks is not None:
        noted = [_codes(place.code, remarks, hours) for place in places]
        body = [column for pair in zip(body, noted, strict=True) for column in pair]
    for hour, cells_of_hour in enumerate(zip(*body, strict=True)):
        lines.append(f"{component};uur;µg/m³;{times[hour]};{times[hour + 1]};{';'.join(cells_of_hour)}")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def weather_file(weather: Weather, skip: int) -> bytes:
    """Return the weather as KNMI's hourly file in native text.

    Parameters
    ----------
    skip
        Hours at the start to leave out, so that the first line is hour 1 of a UTC day.
    """
    lines = [
        "BRON: SIMULATIE, geen waarnemingen van het KNMI",
        "Opmerking: verzonnen weer; niets hiervan is gemeten",
        "",
        "# STN         LON(east)   LAT(north)  ALT(m)      NAME",
        f"# {WEATHER_STATION}         {CENTRE[1]:.3f}       {CENTRE[0]:.3f}      1.00        Westerwerf (gesimuleerd)",
        "",
        "# STN,YYYYMMDD,   HH," + ",".join(f"{column:>5}" for column in _KNMI_COLUMNS),
        "",
    ]
    blank = [" " * 5] * weather.hours
    printed = [
        [f"{value:5d}" for value in getattr(weather, _PRINTED[column]).tolist()] if column in _PRINTED else blank
        for column in _KNMI_COLUMNS
    ]
    for hour, cells_of_hour in enumerate(zip(*printed, strict=True)):
        if hour >= skip:
            moment = weather.start + timedelta(hours=hour)
            moment -= moment.utcoffset() or timedelta()
            lines.append(f"  {WEATHER_STATION},{moment:%Y%m%d},{moment.hour + 1:5d},{','.join(cells_of_hour)}")
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _remark_block(component: str, remarks: Remarks) -> list[str]:
    block = ["NB: Bij gerapporteerde meetresultaten zijn specifieke opmerkingen toegevoegd:"]
    block.append("Component;Station;OpmCode;Beschrijving")
    block += [f"{component};{station};{code};{words}" for (station, code), (words, _) in remarks.items()]
    return [*block, ""]


def _codes(station: str, remarks: Remarks, hours: int) -> list[str]:
    codes = [""] * hours
    for (noted, code), (_, when) in remarks.items():
        if noted == station:
            for hour in when:
                codes[hour] = code
    return codes


def _printed(tenths: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
    """Return tenths as decimals, without a trailing `.0`, as the real files have them; empty for no value."""
    return ["" if value != value else f"{value / 10:.1f}".removesuffix(".0") for value in tenths.tolist()]
