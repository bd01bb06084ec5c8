"""KNMI's hourly observations and list of stations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.adapters.samples import knmi, knmi_stations

from goedebuur.adapters.base import Fetched, FetchRequest
from goedebuur.adapters.knmi_stations import KnmiStations
from goedebuur.adapters.knmi_uurgeg import KnmiUurgeg
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.measurements.records import Parsed

VALIDATED = int(Flag.VALIDATED)


def parse(data: bytes) -> Parsed:
    return KnmiUurgeg().parse(data, "uurgeg.txt")


def of(series: str) -> list[tuple[int, int, int, str, str | None]]:
    frame = parse(knmi()).observations
    frame = frame.filter(frame["series"] == series)
    return [(row[0].hour, *row[1:]) for row in frame.select("start", "value", "flags", "unit", "remark").iter_rows()]


def test_hour_hh_ends_at_hh_utc() -> None:
    starts = parse(knmi()).observations["start"].unique().sort().to_list()
    assert starts == [datetime(2019, 12, 31, hour, tzinfo=UTC) for hour in (20, 21, 22)]
    assert parse(knmi()).covers == Period(datetime(2019, 12, 31, 20, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))


def test_wind_speed_is_kept_in_tenths_of_metres_per_second() -> None:
    assert of("KNMI901.wind_speed.1h") == [
        (20, 70, VALIDATED, "0.1 m/s", None),
        (21, 10, VALIDATED, "0.1 m/s", None),
        (22, 20, VALIDATED, "0.1 m/s", None),
    ]
    assert [row[1] for row in of("KNMI901.wind_speed_10min.1h")] == [60, 0, 10]


def test_calm_and_variable_are_kept_as_reported_and_are_no_direction() -> None:
    coded = int(Flag.VALIDATED | Flag.REMARK | Flag.NOT_A_VALUE)
    assert of("KNMI901.wind_direction.1h") == [
        (20, 250, VALIDATED, "°", None),
        (21, 0, coded, "°", "windstil"),
        (22, 990, coded, "°", "veranderlijke windrichting"),
    ]
    assert coded & UNUSABLE


def test_traces_of_rain_and_sun_are_codes_below_detection() -> None:
    coded = int(Flag.VALIDATED | Flag.REMARK | Flag.NOT_A_VALUE | Flag.BELOW_DETECTION)
    assert of("KNMI901.rain.1h")[0] == (20, -1, coded, "0.1 mm", "minder dan 0,05 mm")
    assert of("KNMI901.sunshine.1h")[0] == (21, -1, coded, "0.1 h", "minder dan 0,05 uur")


def test_a_temperature_of_minus_one_tenth_is_no_code() -> None:
    data = knmi().replace(b"  -12,", b"   -1,")
    frame = parse(data).observations
    row = frame.filter(frame["series"] == "KNMI901.temperature.1h").row(0, named=True)
    assert (row["value"], row["flags"]) == (-1, VALIDATED)


def test_a_sky_that_is_not_seen_is_no_cloud_cover() -> None:
    assert of("KNMI901.cloud_cover.1h")[0][3:] == ("octa", "bovenlucht onzichtbaar")


def test_an_empty_cell_is_no_wind_and_is_counted() -> None:
    # 4 hours of 10 columns; two are not kept; of the others the first hour lacks sun, and the last all eight
    parsed = parse(knmi())
    assert parsed.values_in == 40
    assert parsed.skipped == {"not kept: T10N": 4, "not kept: WW": 4, "empty": 9}
    assert parsed.observations.height == 23


def test_a_station_is_described_where_the_legend_gives_its_place() -> None:
    bodies = [record.body for record in parse(knmi()).catalogue if record.kind == "station"]
    assert [(body["id"], body["name"], body["latitude"], body["longitude"]) for body in bodies] == [
        ("KNMI901", "Strandhoek", "52.463", "4.555")
    ]


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("IJMUIDEN", "IJmuiden"),
        ("WIJK AAN ZEE", "Wijk aan Zee"),
        ("HOEK VAN HOLLAND", "Hoek van Holland"),
        ("DE BILT", "De Bilt"),
        ("RIJNMOND", "Rijnmond"),
        ("Strandhoek", "Strandhoek"),
    ],
)
def test_a_name_in_capitals_is_written_as_dutch_does(capitals: str, written: str) -> None:
    (station,) = (r for r in parse(knmi().replace(b"Strandhoek", capitals.encode())).catalogue if r.kind == "station")
    assert station.body["name"] == written


def test_a_day_that_is_not_whole_is_doubtful() -> None:
    lines = knmi().split(b"\r\n")
    doubts = parse(b"\r\n".join([*lines[:-2], b""])).doubts
    assert "The last day is not complete" in doubts[0]


def test_hours_without_a_line_are_told() -> None:
    lines = knmi().split(b"\r\n")
    assert parse(b"\r\n".join(lines[:9] + lines[10:])).doubts == (
        "1 hours between the first and the last have no line. [knmi-hours-missing]",
    )


FAULTS = {
    "hour 25": (b"   24,", b"   25,", "input-time", "line 12"),
    "columns swapped": (b"901,20191231,   21,", b"20191231,901,   21,", "input-time", "line 9"),
    "a direction of 500": (b"  250,", b"  500,", "input-number", "line 9, column DD"),
    "a decimal": (b"   90,", b"  9.0,", "input-decimals", "line 9, column FX"),
    "an unknown column": (b"   FX,", b"   QX,", "input-missing-column", "line 7"),
    "no hour": (b"   HH,", b"   XX,", "input-missing-column", "line 7"),
    "an hour twice": (b"   22,    0", b"   21,    0", "input-duplicate", "line 10"),
    "a field too many": (b"   10\r", b"   10,1\r", "input-missing-column", "line 9"),
    "a simulated file": (b"BRON: KON", b"BRON: SIMULATIE KON", "input-simulated", "uurgeg.txt"),
    "another encoding": (b"Strandhoek", "Strändhoek".encode("latin-1"), "input-encoding", "line 5"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_ends_in_an_error_with_its_place(fault: str) -> None:
    found, instead, code, place = FAULTS[fault]
    assert found in knmi()
    with pytest.raises(GoedeBuurError) as raised:
        parse(knmi().replace(found, instead))
    assert (raised.value.code, place in raised.value.place) == (code, True), raised.value.as_text()


def test_a_download_asks_one_file_a_station_and_decade() -> None:
    class Shop:
        def get(self, url: str, params: object = None, *, name: str) -> Fetched:
            return Fetched(name, b"", url, datetime(2026, 1, 1, tzinfo=UTC))

    period = Period(datetime(2020, 12, 31, tzinfo=UTC), datetime(2021, 1, 2, tzinfo=UTC))
    request = FetchRequest(period, stations=("KNMI225", "240"))
    assert [answer.url.rsplit("/", 1)[1] for answer in KnmiUurgeg().fetch(Shop(), request)] == [
        "uurgeg_225_2011-2020.zip",
        "uurgeg_225_2021-2030.zip",
        "uurgeg_240_2011-2020.zip",
        "uurgeg_240_2021-2030.zip",
    ]


def test_the_list_puts_stations_on_the_map() -> None:
    records = KnmiStations().parse(knmi_stations(), "list.csv").catalogue
    assert [(record.id, record.body["latitude"], record.body["longitude"]) for record in records] == [
        ("KNMI901", "52.463", "4.555"),
        ("KNMI902", "52.5", "4.6001"),
    ]


def test_latitudes_and_longitudes_swapped_in_the_list_are_found() -> None:
    lines = knmi_stations().split(b"\n")
    with pytest.raises(GoedeBuurError) as raised:
        KnmiStations().parse(b"\n".join([*lines[:3], lines[4], lines[3], b""]), "list.csv")
    assert (raised.value.code, raised.value.place) == ("input-number", "list.csv, line 4, column 1")
