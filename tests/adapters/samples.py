"""Small files in each supplier's layout, made up here: invented stations and values, real shape."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

RIVM_HEADER = (
    "Export;EXP-2099-01 (20990706 12:03);;;StationsCode;NL90001;NL90002",
    "Periode;{begin} - {end};;;BeheerderMeetStation;RIVM;GGD Elders",
    "Bron;https://example.org/data;;;StationsNaam;Eendorp-Kerklaan;Tweestad-Kade",
    "Beschrijving data;https://example.org/readme.pdf;;;Latitude,Longitude;(52.100001,4.500002);(52.2,4.6)",
    "Accreditatienummer;https://example.org/rva;;;StationsGebied;regionaal;stad",
    ";;;;StationsType;achtergrond;industrie",
    ";;;;Meetprincipe;Ultraviolet fluorescentie (UV-F);Differentiële optica",
    ";;;;Meetopstelling;Monitor A  ;Monitor B",
    ";;;;Accreditatienummer;L999;nvt",
    "Component;Bep.periode;Eenheid; Begindatumtijd;Einddatumtijd;NL90001;NL90002",
)


def rivm_until_2022() -> bytes:
    """Three hours of sulphur dioxide: a negative value, an empty one, one without decimals."""
    rows = (
        "SO2;uur;µg/m³;20190101 00:00;20190101 01:00;-0.5;1034.3",
        "SO2;uur;µg/m³;20190101 01:00;20190101 02:00;;7",
        "SO2;uur;µg/m³;20190101 02:00;20190101 03:00;16.150;2.25",
    )
    header = "\r\n".join(RIVM_HEADER).format(begin="20190101 00:00", end="20190101 03:00")
    return "\r\n".join((header, *rows, "")).encode("latin-1")


def rivm_from_2023() -> bytes:
    """Two hours across the start of summer time, which the file does not follow."""
    rows = (
        "PM2.5;uur;µg/m³;2023-03-26T01:00:00+01:00;2023-03-26T02:00:00+01:00;1.5;2.5",
        "PM2.5;uur;µg/m³;2023-03-26T02:00:00+01:00;2023-03-26T03:00:00+01:00;3.5;4.5",
    )
    header = "\r\n".join(RIVM_HEADER).format(begin="2023-03-26T01:00:00+01:00", end="2023-03-26T03:00:00+01:00")
    return "\r\n".join((header, *rows, "")).encode("latin-1")


def rivm_with_remarks() -> bytes:
    """Two hours of ammonia with a block of remarks, remark columns, and the odd end of the period."""
    lines = [
        "NB: Bij gerapporteerde meetresultaten zijn specifieke opmerkingen toegevoegd:",
        "Component;Station;OpmCode;Beschrijving",
        "NH3;NL90002;2020-001;Manure nearby; values are technically correct.",
        "",
    ]
    for number, line in enumerate(RIVM_HEADER[:9]):
        cells = line.format(begin="20201231 22:00", end="2021010100:00").split(";")
        mark = "OpmCode" if number < 2 else ""
        lines.append(";".join([*cells[:5], cells[5], mark, cells[6], mark]))
    lines.append("Component;Bep.periode;Eenheid; Begindatumtijd;Einddatumtijd;NL90001;OpmCode;NL90002;OpmCode")
    lines.append("NH3;uur;µg/m³;20201231 22:00;20201231 23:00;4.000001;;99.1;2020-001")
    lines.append("NH3;uur;µg/m³;20201231 23:00;20210101 00:00;4.2;2020-009;;2020-001")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


KNMI_LEGEND = (
    "BRON: KONINKLIJK NEDERLANDS METEOROLOGISCH INSTITUUT (KNMI)\r\n"
    "Opmerking: voorbeeld in de vorm van een uurbestand\r\n\r\n"
    "# STN         LON(east)   LAT(north)  ALT(m)      NAME\r\n"
    "# 901         4.555       52.463      4.40        Strandhoek\r\n\r\n"
    "# STN,YYYYMMDD,   HH,   DD,   FH,   FF,   FX,    T, T10N,   SQ,   RH,    N,   WW\r\n\r\n"
)


def knmi() -> bytes:
    """Four hours: a wind, calm, variable, and an hour without wind; traces of rain and sun; a sky that is not seen."""
    rows = (
        "  901,20191231,   21,  250,   70,   60,   90,  -12,     ,     ,   -1,    9,   10",
        "  901,20191231,   22,    0,   10,    0,   20,    5,     ,   -1,    3,    8,     ",
        "  901,20191231,   23,  990,   20,   10,   30,    0,     ,    0,    0,    0,     ",
        "  901,20191231,   24,     ,     ,     ,     ,     ,   -5,     ,     ,     ,     ",
    )
    return (KNMI_LEGEND + "\r\n".join(rows) + "\r\n").encode("ascii")


def zipped(data: bytes, name: str = "uurgeg.txt") -> bytes:
    """The bytes as the only file of an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def gzipped(data: bytes) -> bytes:
    """The bytes packed, without a time stamp."""
    return gzip.compress(data, mtime=0)


def knmi_stations() -> bytes:
    """Two stations, a column each."""
    return b"901,902\nStrandhoek,Duinkant\nSTH,DNK\n52.463,52.5\n4.555,4.6001\n"


def hollandse_luchten() -> bytes:
    """Three hours at two stations, values and gaps, newest first as in the real one."""
    return (
        b'"station_number","date","SO2","FN","pm10","C6H6"\n'
        b'"NL90002",2020-01-01 00:00:00,88.7,2.76,53.2,NA\n'
        b'"NL90002",2019-12-31 23:00:00,NA,3,84.1,NA\n'
        b'"NL90001",2020-01-01 00:00:00,1.20,NA,-2,0.4\n'
    )


def gas_turbine() -> bytes:
    """Three hours of the turbine: an empty cell, and one value finer than can be kept."""
    return (
        b"AT,AP,AH,AFDP ,GTEP,TIT,TAT,TEY,CDP,CO,NOX\n"
        b"4.59,1018.7,83.7,3.576,23.98,1086.2,549.83,134.67,11.898,0.32663,81.952\n"
        b"4.29,1018.3,84.2,3.571,23.95,1086.1,550.05,134.67,11.892,0.0004478,82.377\n"
        b"3.90,1018.4,84.9,,23.99,1086.5,550.19,135.1,12.042,0.45144,83.776\n"
    )


def measurements(rows: list[tuple[str, str, str, str]], page: int = 1, last: int = 1) -> bytes:
    """A page of the API from (station, formula, value as JSON, time); numbers written as given."""
    listed = ",".join(
        f'{{"station_number":"{station}","value":{value},"timestamp_measured":"{time}","formula":"{formula}"}}'
        for station, formula, value, time in rows
    )
    pages = {"current_page": page, "first_page": 1, "last_page": last, "page_list": list(range(1, last + 1))}
    pages |= {"prev_page": max(page - 1, 1), "next_page": min(page + 1, last)}
    return f'{{"pagination":{json.dumps(pages)},"data":[{listed}]}}'.encode()


def luchtmeetnet() -> bytes:
    """Five values: one without a number, one of a formula that is not kept."""
    return measurements(
        [
            ("NL90001", "NO2", "16.10", "2026-01-31T18:00:00+00:00"),
            ("NL90001", "FN", "0.5", "2026-01-31T18:00:00+00:00"),
            ("NL90002", "NO2", "null", "2026-01-31T18:00:00+00:00"),
            ("NL90002", "BCWB", "1.1", "2026-01-31T18:00:00+00:00"),
            ("NL90001", "NO2", "15", "2026-01-31T20:00:00+01:00"),
        ]
    )


def luchtmeetnet_station() -> bytes:
    """A station's description; its number stands only in the address."""
    return json.dumps(
        {
            "data": {
                "type": "Industrial",
                "components": ["NO2"],
                "geometry": {"type": "point", "coordinates": [4.6001, 52.4]},
                "municipality": "Eendorp",
                "url": "",
                "province": None,
                "organisation": "RIVM",
                "location": "Eendorp-Kerklaan",
                "year_start": "1999",
                "description": {"NL": "Eendorp-Kerklaan"},
            }
        }
    ).encode()


def eprtr() -> bytes:
    """Three releases of two invented works, one to water."""
    columns = (
        "Unnamed: 0\tCountry\tEPRTRSectorCode\teprtrSectorName\tEPRTRAnnexIMainActivityCode\t"
        "EPRTRAnnexIMainActivityLabel\tFacilityInspireID\tfacilityName\tLongitude\tLatitude\tCity\tPollutant\t"
        "Emissions\tYear\tAir\tWater"
    )
    rows = (
        "1|Netherlands|2|Metals|2(b)|Iron|NL.X/1.FACILITY|Een Staal BV|4.5|52.4|Eendorp|Benzene|3690.0|2007|1|0",
        "2|Netherlands|2|Metals|2(b)|Iron|NL.X/1.FACILITY|Een Staal BV|4.6|52.4|Eendorp|Benzene|0.12|2008|1|0",
        "3|Netherlands|4|Chemie|4(a)|Étheen|NL.X/2.FACILITY|Twee NV|5.1|51.4|Tweestad|Benzene|12.5|2008|0|1",
    )
    return ("\n".join((columns, *(row.replace("|", "\t") for row in rows))) + "\n").encode()


def gap_reasons() -> bytes:
    """Two reasons, on either form of a moment."""
    lines = (
        "series,start,end,reason",
        "NL90002.so2.1h,2026-03-01T00:00:00+01:00,2026-03-03T12:00:00+01:00,instrument-down",
        "NL90001.so2.1h,2026-03-01T00:00:00Z,2026-03-01T05:00:00Z,not-measured",
    )
    return ("\n".join(lines) + "\n").encode()


STACK_PREAMBLE = """# goedebuur-stack: 1
# layout: {layout}
# separator: ;
# decimal: ,
# clock: {clock}
# label: {label}
# day: {day}
# status: 0 = valid, 1 = maintenance, 2 = malfunction, 7 = calibrating, 9 = maintenance + invalid
# missing: -9999; ---
# rows: {rows}
"""


def stack_long() -> bytes:
    """Two streams by the minute: a value, a check of the zero, a code for no value, a text for none, an empty cell."""
    rows = (
        "nox;2026-01-31 23:00;183,4;0",
        "nox;2026-01-31 23:01;1,25;7",
        "nox;2026-01-31 23:02;-9999;2",
        "nox;2026-01-31 23:03;---;2",
        "o2;2026-01-31 23:00;10,9;0",
        "o2;2026-01-31 23:01;;1",
        "o2;2026-01-31 23:02;11;9",
    )
    head = STACK_PREAMBLE.format(layout="long", clock="CET", label="start", day="yyyy-mm-dd", rows=len(rows))
    covers = "# covers: 2026-01-31T23:00+01:00/2026-02-01T01:00+01:00"
    streams = ("# stream: nox = K1--a.stack_nox.1min [mg/Nm³]", "# stream: o2 = K1.stack_o2.1min [%]")
    return (head + "\n".join((covers, *streams, "stream;time;value;status", *rows, ""))).encode()


def stack_wide() -> bytes:
    """Half hours of two streams in columns through the night on which summer time ends, labelled by their ends."""
    labels = ("01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30")
    rows = [f"25-10-2026 {label};{n},5;0;{20 + n};0" for n, label in enumerate(labels)]
    head = STACK_PREAMBLE.format(layout="wide", clock="local", label="end", day="dd-mm-yyyy", rows=len(rows))
    streams = ("# stream: CO = K2.stack_co.30min [mg/m³]", "# stream: signaal = K2.stack_signal_ma.30min [mA]")
    header = "time;CO;CO.status;signaal;signaal.status"
    return (head + "\n".join((*streams, header, *rows, ""))).replace("\n", "\r\n").encode("utf-8-sig")


def measurement_json() -> bytes:
    """A control measurement with three partial measurements, and a calibration with two pairs."""
    samples = [
        {
            "start": f"2026-03-03T{hour:02d}:00+01:00",
            "end": f"2026-03-03T{hour:02d}:30+01:00",
            "value": value,
            "u95": "6",
            "load": "31.5",
            "state": "normal",
        }
        for hour, value in ((9, "61.2"), (10, "58.8"), (11, "60"))
    ]
    control = {
        "id": "CM-2026-014",
        "site": "werk",
        "emission_point": "K1",
        "purpose": "control",
        "substance": {"name": "stikstofoxiden (als NO2)", "id": "nox"},
        "bureau": "Meetbureau Voorbeeld",
        "accreditation": "L999",
        "standard": "EN 14792",
        "unit": "mg/Nm³",
        "reference": {"oxygen": "11", "dry": True},
        "load_unit": "MW",
        "samples": samples,
    }
    pairs = [
        {"start": f"2026-03-04T{h:02d}:00Z", "end": f"2026-03-04T{h:02d}:30Z", "raw": x, "reference": y}
        for h, x, y in ((9, "8.1", "40.2"), (10, "9.3", "52"))
    ]
    kept = ("site", "emission_point", "substance", "bureau", "accreditation", "standard")
    qal2 = {name: control[name] for name in kept} | {
        "id": "QAL2-2026-02",
        "purpose": "qal2",
        "unit": "mg/m³",
        "stream": "K1-nox",
        "limit": "100",
        "share": "20",
        "zero": "4",
        "pairs": pairs,
        "found": "passed",
    }
    body = {"format": "goedebuur-measurement/1", "reports": [control, qal2]}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


MEASUREMENT_HEADER = (
    "report,kind,site,emission_point,purpose,substance,substance_id,bureau,accreditation,standard,unit,oxygen,dry,"
    "load_unit,start,end,value,u95,load,state"
)


def measurement_table() -> bytes:
    """The control measurement of the other form, as a table."""
    first = "CM-2026-014,sample,werk,K1,control,stikstofoxiden (als NO2),nox,Meetbureau Voorbeeld,L999,EN 14792,mg/Nm³"
    rows = [
        f"{first},11,true,MW,2026-03-03T{hour:02d}:00+01:00,2026-03-03T{hour:02d}:30+01:00,{value},6,31.5,normal"
        for hour, value in ((9, "61.2"), (10, "58.8"), (11, "60"))
    ]
    return "\n".join((MEASUREMENT_HEADER, *rows, "")).encode()


def visible_emissions() -> bytes:
    """A round along doors and an event, of an invented works."""
    lines = (
        "site,place,item,start,seconds,observed,emitting,opacity,means,method,observer",
        "hoogoven-noord,oven_door,battery-1,2026-03-01T09:00:00+01:00,3600,120,7,,inspection,EPA-303,bureau",
        "hoogoven-noord,raw_push,battery-1,2026-03-01T10:12:00Z,95,,,60,camera,VIDEO,automatic",
    )
    return ("\n".join(lines) + "\n").encode()


SAMPLES: dict[str, tuple[str, str, bytes]] = {
    "rivm until 2022": ("rivm_lml", "2019_SO2.csv", rivm_until_2022()),
    "rivm from 2023": ("rivm_lml", "2023_PM25.csv", rivm_from_2023()),
    "rivm with remarks": ("rivm_lml", "2020_NH3.csv", rivm_with_remarks()),
    "rivm packed": ("rivm_lml", "2019_SO2.csv.gz", gzipped(rivm_until_2022())),
    "knmi": ("knmi_uurgeg", "uurgeg_901.txt", knmi()),
    "knmi packed": ("knmi_uurgeg", "uurgeg_901_2011-2020.zip", zipped(knmi())),
    "knmi stations": ("knmi_stations", "knmi_STN_infor.csv", knmi_stations()),
    "hollandse luchten": ("hollandse_luchten", "Voorbeeld_LML.csv", hollandse_luchten()),
    "gas turbine": ("gas_turbine", "gt_2012.csv", gas_turbine()),
    "luchtmeetnet": ("luchtmeetnet", "luchtmeetnet_measurements_x_p001of001.json", luchtmeetnet()),
    "luchtmeetnet station": ("luchtmeetnet", "luchtmeetnet_station_NL90001.json", luchtmeetnet_station()),
    "eprtr": ("eprtr", "air_data.csv", eprtr()),
    "gap reasons": ("gap_reasons", "reasons.csv", gap_reasons()),
    "measurement json": ("measurement_report", "cm-2026-014.json", measurement_json()),
    "measurement table": ("measurement_report", "cm-2026-014.csv", measurement_table()),
    "visible emissions": ("visible_emissions", "doors.csv", visible_emissions()),
    "stack long": ("stack_csv", "januari.csv", stack_long()),
    "stack wide": ("stack_csv", "oktober.csv", stack_wide()),
    "simulated stack": ("simulated", "januari.csv", stack_long().replace(b"# rows", b"# source: SIMULATIE\n# rows")),
    "simulated rivm": ("simulated", "2025_SO2.csv", rivm_until_2022().replace(b"Export;EXP", b"Export;SIMULATIE EXP")),
    "simulated knmi": ("simulated", "uurgeg.txt", knmi().replace(b"BRON: KONINKLIJK", b"BRON: SIMULATIE, niet")),
}
"""What it is → adapter, name of the file, bytes."""
