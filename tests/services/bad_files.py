"""Every kind of file that is taken in, of some length, and a fault planted in its last row and in one in the middle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.adapters.samples import (
    KNMI_LEGEND,
    MEASUREMENT_HEADER,
    SAMPLES,
    measurement_json,
    measurements,
)
from tests.services.deliveries import NOW, station_file
from tests.services.register_files import OLD, register_file
from tests.services.stacks import ALL
from tests.services.test_stack_delivery import HEAD, minutes
from tests.services.test_stack_tables import changed as changed_book
from tests.services.test_stack_tables import put

from goedebuur.adapters import permit_template
from goedebuur.adapters.visible_emissions import COLUMNS as VISIBLE_COLUMNS
from goedebuur.rules.substance_names import names
from goedebuur.services import delivery, gas_turbine, streams
from goedebuur.services.record import Record

LATER = NOW + timedelta(hours=1)
"""When the file comes: what it rests on was entered before."""


@dataclass(frozen=True)
class Planted:
    """A file with one fault, and what the refusal has to name."""

    data: bytes
    place: str
    value: str
    check: str


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    name
        Of the file.
    data
        One without a fault.
    plant
        From "middle" or "last" to the file with a fault in that row.
    before
        What the record has to hold first.
    adapter
        The format, where it is delivered; None for what is entered by a command of its own.
    """

    name: str
    data: bytes
    plant: Callable[[str], Planted]
    before: Callable[[Record], object] = lambda record: None
    adapter: str | None = None


def rows(
    name: str,
    data: bytes,
    adapter: str,
    column: tuple[str, int],
    bad: str,
    check: str,
    *,
    first: int,
    by: str = ";",
    end: int = 0,
    place: str = "line {line}, column {column}",
    encoding: str = "utf-8",
    before: Callable[[Record], object] = lambda record: None,
) -> Kind:
    """A text of which each row is a line.

    Parameters
    ----------
    column, bad
        Name and number of the column in which the fault is planted, and what is written there.
    first
        Line with the first row, counted from 1.
    by
        What parts the cells.
    end
        Lines after the last row.
    """

    def plant(which: str) -> Planted:
        lines = data.decode(encoding).split("\n")
        last = len(lines) - 1 - end  # each line ends with a line break
        line = last if which == "last" else (first + last) // 2
        cells = lines[line - 1].rstrip("\r").split(by)
        cells[column[1]] = bad
        lines[line - 1] = by.join(cells) + ("\r" if lines[line - 1].endswith("\r") else "")
        told = place.format(line=line, column=column[0])
        return Planted("\n".join(lines).encode(encoding), told, bad.strip(), check)

    return Kind(name, data, plant, before, adapter)


def of_json(name: str, data: bytes, adapter: str, lead: Callable[[Any], list[Any]], field: str, place: str) -> Kind:
    """A JSON file with a list of things, of which one field is spoiled."""

    def plant(which: str) -> Planted:
        body = json.loads(data)
        listed = lead(body)
        at = len(listed) - 1 if which == "last" else len(listed) // 2
        listed[at][field] = "veel"
        check = "measurement-report-field" if adapter == "measurement_report" else "luchtmeetnet-number"
        return Planted(json.dumps(body).encode(), place.format(at=at), "veel", check)

    return Kind(name, data, plant, adapter=adapter)


def _stacks(record: Record) -> None:
    streams.put(record, ALL, NOW)


def _knmi() -> bytes:
    lines = [f"  901,2019123{day},{hour:5d},  250,   70" for day in (0, 1) for hour in range(1, 25)]
    legend = KNMI_LEGEND.replace("FH,   FF,   FX,    T, T10N,   SQ,   RH,    N,   WW", "FH")
    return (legend + "\r\n".join(lines) + "\r\n").encode()


def _hollandse_luchten() -> bytes:
    lines = [f'"NL90001",2020-01-01 {hour:02}:00:00,{hour}.5' for hour in range(23, -1, -1)]
    return ("\n".join(('"station_number","date","SO2"', *lines)) + "\n").encode()


def _gas_turbine() -> bytes:
    first, *body = SAMPLES["gas turbine"][2].decode().splitlines()
    return ("\n".join((first, *[body[0]] * 30)) + "\n").encode()


def _luchtmeetnet() -> bytes:
    return measurements([("NL90001", "NO2", f"{hour}.1", f"2026-01-31T{hour:02}:00:00+00:00") for hour in range(24)])


def _reasons() -> bytes:
    day = datetime(2026, 3, 1, tzinfo=NOW.tzinfo)
    told = [day + timedelta(hours=hour) for hour in range(13)]
    lines = [f"NL90001.so2.1h,{a:%Y-%m-%dT%H:%M:%SZ},{b:%Y-%m-%dT%H:%M:%SZ},late" for a, b in pairwise(told)]
    return ("\n".join(("series,start,end,reason", *lines)) + "\n").encode()


def _visible() -> bytes:
    lines = [
        f"hoogoven-noord,push,battery-1,2026-03-01T{hour:02}:00:00Z,95,,,60,camera,VIDEO,automatic"
        for hour in range(12)
    ]
    return ("\n".join((VISIBLE_COLUMNS, *lines)) + "\n").encode()


def _measured() -> bytes:
    head = "CM-2026-014,sample,werk,K1,control,stikstofoxiden (als NO2),nox,Meetbureau Voorbeeld,L999,EN 14792,mg/Nm³"
    lines = [
        f"{head},11,true,MW,2026-03-03T{hour:02d}:00+01:00,2026-03-03T{hour:02d}:30+01:00,{50 + hour}.2,6,31.5,normal"
        for hour in range(8, 18)
    ]
    return "\n".join((MEASUREMENT_HEADER, *lines, "")).encode()


def _register() -> bytes:
    return register_file([(OLD, "Steen BV", "Eendorp", "52.1", "5.1", "3(g)", year) for year in range(2007, 2020)])


STATIONS = station_file({"NL90001": [f"{n}.5" for n in range(24)], "NL90002": ["7"] * 24})
SIGNALS = (HEAD + minutes(2)).encode()
SITES = json.dumps(
    [{"record_kind": "site", "id": f"werk-{n}", "names": [{"value": f"Werk {n}"}]} for n in range(9)]
).encode()
"""A list of sites, entered with a command of its own."""


def _simulated() -> bytes:
    return STATIONS.replace(b"Export;EXP", b"Export;SIMULATIE EXP")


DELIVERED: Mapping[str, Kind] = {
    "station measurements": rows(
        "2019_SO2.csv", STATIONS, "rivm_lml", ("NL90001", 5), "1,5", "cell-number", first=11, encoding="latin-1"
    ),
    "simulated measurements": rows(
        "2019_SO2.csv", _simulated(), "simulated", ("NL90001", 5), "1,5", "cell-number", first=11, encoding="latin-1"
    ),
    "weather": rows("uurgeg_901.txt", _knmi(), "knmi_uurgeg", ("FH", 4), "  7x0", "cell-number", first=9, by=","),
    "weather stations": Kind(
        "knmi_STN_infor.csv",
        SAMPLES["knmi stations"][2],
        lambda which: Planted(
            SAMPLES["knmi stations"][2].replace(b"4.555" if which == "middle" else b"4.6001", b"oost"),
            "line 5, column 2" if which == "last" else "line 5, column 1",
            "oost",
            "knmi-stations-degrees",
        ),
        adapter="knmi_stations",
    ),
    "citizens' measurements": rows(
        "x_LML.csv", _hollandse_luchten(), "hollandse_luchten", ("SO2", 2), "veel", "cell-number", first=2, by=","
    ),
    "measurements from an API": of_json(
        "luchtmeetnet_measurements_x_p001of001.json",
        _luchtmeetnet(),
        "luchtmeetnet",
        lambda body: body["data"],
        "value",
        "data[{at}]",
    ),
    "gas turbine": rows(
        "gt_2012.csv",
        _gas_turbine(),
        "gas_turbine",
        ("CO", 9),
        "veel",
        "cell-number",
        first=2,
        by=",",
        before=lambda record: gas_turbine.enter(record, NOW),
    ),
    "stack minutes": rows(
        "januari.csv",
        SIGNALS,
        "stack_csv",
        ("value", 2),
        "6.5",
        "stack-decimal-sign",
        first=12,
        before=_stacks,
        place="line {line}, stream nox, column {column}",
    ),
    "releases": rows("air.csv", _register(), "eprtr", ("Emissions", 12), "veel", "cell-number", first=2, by="\t"),
    "reasons for gaps": rows(
        "reasons.csv", _reasons(), "gap_reasons", ("end", 2), "gisteren", "gap-reasons-moment", first=2, by=","
    ),
    "visible emissions": rows(
        "doors.csv", _visible(), "visible_emissions", ("seconds", 4), "1.5", "visible-count", first=2, by=","
    ),
    "measurement report as a table": rows(
        "cm.csv",
        _measured(),
        "measurement_report",
        ("value", 16),
        "58;8",
        "measurement-report-field",
        first=2,
        by=",",
        place="line {line}.{column}",
    ),
    "measurement report as JSON": of_json(
        "cm.json",
        measurement_json(),
        "measurement_report",
        lambda body: body["reports"][0]["samples"],
        "value",
        "reports[0].samples[{at}].value",
    ),
}
"""What is delivered: signed or not, small or whole, over the wire or from disk."""


def table_set(data: bytes, which: str) -> Planted:
    """A table set of stacks with a fault in a row of a sheet in the middle, or in the last row of the last sheet."""
    sheet, row, column = ("processing.streams", 2, "least") if which == "last" else ("streams", 3, "unit")
    bad = "veel" if which == "last" else "pond"
    check = "field-written" if which == "last" else "stack-entry-series-unit"
    made = changed_book(data, lambda book: put(book, sheet, row, column, bad))
    return Planted(made, f"sheet {sheet}, row {row}, column {column}", bad, check)


def sites_list(which: str) -> Planted:
    """A list of sites with a fault in one of them."""
    body = json.loads(SITES)
    at = len(body) - 1 if which == "last" else len(body) // 2
    body[at]["places"] = [{"latitude": "91", "longitude": "4.5"}]
    return Planted(json.dumps(body).encode(), f"[{at}].places[0].latitude", "91", "site-number")


def decision(example: bytes, which: str) -> Planted:
    """A decision with a fault in one of its conditions."""
    body = json.loads(example)
    at = len(body["conditions"]) - 1 if which == "last" else len(body["conditions"]) // 2
    body["conditions"][at]["valid_from"] = "1 juli 2019"
    return Planted(json.dumps(body).encode(), f"conditions[{at}].valid_from", "1 juli 2019", "field-day")


TEMPLATE = permit_template.template(names())


def deliver(record: Record, kind: Kind, data: bytes) -> object:
    """Take a file in as it is delivered."""
    return delivery.deliver(record, data, kind.name, adapter=kind.adapter, now=LATER)
