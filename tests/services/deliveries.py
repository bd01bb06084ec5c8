"""Small deliveries in the layout of RIVM's station files, with invented stations, and a record to put them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from goedebuur.core.base.periods import CET
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SIGNER = Ed25519Signer("example.org/register", bytes(range(32)))
A, B = "NL90001.so2.1h", "NL90002.so2.1h"
START = datetime(2019, 1, 1, tzinfo=UTC) - timedelta(hours=1)
"""Of the first hour of 2019 in CET, in UTC."""


def open_record(folder: Path) -> Record:
    """The record in a folder, for writing."""
    return Record.open(folder, signer=SIGNER)


def hour(n: int) -> datetime:
    """The start of the n-th hour of 2019 in CET."""
    return START + timedelta(hours=n)


def station_file(
    values: Mapping[str, Sequence[str]], first: str = "20190101", component: str = "SO2", name: str = "Eendorp"
) -> bytes:
    """An RIVM file from station to values of its hours; an empty text is a missing value."""
    codes = list(values)
    hours = len(next(iter(values.values())))
    begin = datetime.strptime(first, "%Y%m%d").replace(tzinfo=CET)
    moments = [(begin + timedelta(hours=h)).strftime("%Y%m%d %H:%M") for h in range(hours + 1)]

    def row(key: str, cell: str, left: str = ";;;") -> str:
        return f"{left};{key};" + ";".join(cell for _ in codes)

    lines = [
        "Export;EXP-2099-01 (20990706 12:03);;;StationsCode;" + ";".join(codes),
        row("BeheerderMeetStation", "GGD Elders", f"Periode;{moments[0]} - {moments[-1]};;"),
        "Bron;https://example.org/data;;;StationsNaam;" + ";".join(f"{name}-{code}" for code in codes),
        row("Latitude,Longitude", "(52.100001,4.500002)"),
        row("StationsGebied", "stad"),
        row("StationsType", "industrie"),
        row("Meetprincipe", "Ultraviolet fluorescentie (UV-F)"),
        row("Meetopstelling", "Monitor A"),
        row("Accreditatienummer", "L999"),
        "Component;Bep.periode;Eenheid; Begindatumtijd;Einddatumtijd;" + ";".join(codes),
    ]
    for h in range(hours):
        cells = ";".join(values[code][h] for code in codes)
        lines.append(f"{component};uur;µg/m³;{moments[h]};{moments[h + 1]};{cells}")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")
